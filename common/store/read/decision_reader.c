/* decision_reader: the statements that read decisions, and the cases and follow-ups as their latest
 * decisions. */
#include "common/store/read/decision_reader.h"

#include "common/base/memory.h"
#include "common/store/read/case_reader.h"
#include "common/store/read/head_columns.h"
#include "common/store/read/question.h"
#include "common/store/session/result.h"

enum { SEQ = HEAD_COLUMN_COUNT, ORDINAL, DECISION };

/* At most `most` rows of `d` in order, and about 16 MiB; with the head in each row, and alone when there are
 * none.
 */
#define SELECT_DECISIONS(from, order, most)                                                                  \
    "SELECT " HEAD_COLUMNS ", d.seq, d.ordinal, d.decision FROM bellhop_log.head h LEFT JOIN LATERAL ("      \
    "SELECT x.*, sum(length(x.decision)) OVER w - length(x.decision) AS bytes_before, row_number() OVER w"   \
    " AS place FROM (SELECT d.* FROM " from " ORDER BY " order " LIMIT " most ") x"                          \
    " WINDOW w AS (ORDER BY " order ")) d ON d.bytes_before < 16777216 ORDER BY d.place"

/* question->number: how many were asked for. */
static void answer_decision_page(struct question *question, const PGresult *result, const char *fault)
{
    struct decision_page page = {.fault = fault};
    if (!result || PQntuples(result) == 0) {
        page.fault = fault ? fault : "the log has no head";
        ((decision_page_read *)question->read)(question->owner, &page);
        return;
    }
    page.at = head_of(result);
    page.count = result_is_null(result, 0, SEQ) ? 0 : (size_t)PQntuples(result);
    struct stored_decision *decisions = allocate(page.count * sizeof *decisions);
    uint64_t bytes = 0;
    for (size_t i = 0; i < page.count; i++) {
        decisions[i] = (struct stored_decision){
            .place = {.seq = (uint64_t)result_number(result, (int)i, SEQ),
                      .ordinal = (uint32_t)result_number(result, (int)i, ORDINAL)},
            .packed = result_bytes(result, (int)i, DECISION),
        };
        bytes += decisions[i].packed.size;
    }
    bool is_cut = page.count > 0 && (page.count >= question->number || bytes >= 16777216);
    page.decisions = decisions;
    page.upto = is_cut ? decisions[page.count - 1].place.seq - 1 : page.at.cursor;
    ((decision_page_read *)question->read)(question->owner, &page);
    free(decisions);
}

static struct question *new_decision_question(const char *sql, uint32_t most, decision_page_read *read,
                                              void *owner)
{
    struct question *question = question_new(answer_decision_page, (question_read *)read, owner);
    question->sql = sql;
    question->number = most;
    return question;
}

void decision_read(struct database *database, struct decision_place after, uint32_t most,
                   decision_page_read *read, void *owner)
{
    struct question *question = new_decision_question(
        SELECT_DECISIONS("bellhop_log.decision d WHERE (d.seq, d.ordinal) > ($1, $2)", "seq, ordinal", "$3"),
        most, read, owner);
    question->values[question->value_count++] = BIGINT_VALUE(after.seq);
    question->values[question->value_count++] = BIGINT_VALUE(after.ordinal);
    question->values[question->value_count++] = BIGINT_VALUE(most);
    database_ask(database, question);
}

void decision_read_event(struct database *database, uint64_t seq, decision_page_read *read, void *owner)
{
    struct question *question = new_decision_question(
        SELECT_DECISIONS("bellhop_log.decision d WHERE d.seq = $1", "seq, ordinal", "100000"), UINT32_MAX,
        read, owner);
    question->values[question->value_count++] = BIGINT_VALUE(seq);
    database_ask(database, question);
}

void decision_read_case(struct database *database, const char *escalation_id, uint32_t most,
                        decision_page_read *read, void *owner)
{
    struct question *question = new_decision_question(
        SELECT_DECISIONS("bellhop_log.decision d WHERE d.subject_id = $1 AND d.kind BETWEEN 10 AND 18",
                         "seq, ordinal", "$2"),
        most, read, owner);
    question->values[question->value_count++] = question_name(question, escalation_id);
    question->values[question->value_count++] = BIGINT_VALUE(most);
    database_ask(database, question);
}

void decision_read_interaction(struct database *database, const char *interaction_id, uint32_t most,
                               decision_page_read *read, void *owner)
{
    struct question *question = new_decision_question(
        SELECT_DECISIONS("bellhop_log.decision d WHERE d.interaction_id = $1", "seq, ordinal", "$2"), most,
        read, owner);
    question->values[question->value_count++] = question_name(question, interaction_id);
    question->values[question->value_count++] = BIGINT_VALUE(most);
    database_ask(database, question);
}

/* --- cases and follow-ups --- */

void case_read_open(struct database *database, const char *after, uint32_t most, decision_page_read *read,
                    void *owner)
{
    struct question *question = new_decision_question(
        SELECT_DECISIONS("(SELECT c.escalation_id, c.seq, c.ordinal, x.decision FROM bellhop_log.case_state c"
                         " JOIN bellhop_log.decision x USING (seq, ordinal)"
                         " WHERE c.state IN ('open', 'acknowledged') AND c.escalation_id > $1) d",
                         "escalation_id", "$2"),
        most, read, owner);
    question->values[question->value_count++] = question_name(question, after);
    question->values[question->value_count++] = BIGINT_VALUE(most);
    database_ask(database, question);
}

void case_read(struct database *database, const char *escalation_id, decision_page_read *read, void *owner)
{
    struct question *question = new_decision_question(
        SELECT_DECISIONS("(SELECT c.escalation_id, c.seq, c.ordinal, x.decision FROM bellhop_log.case_state c"
                         " JOIN bellhop_log.decision x USING (seq, ordinal) WHERE c.escalation_id = $1) d",
                         "escalation_id", "1"),
        UINT32_MAX, read, owner);
    question->values[question->value_count++] = question_name(question, escalation_id);
    database_ask(database, question);
}

void follow_up_read_open(struct database *database, const char *after, uint32_t most,
                         decision_page_read *read, void *owner)
{
    struct question *question = new_decision_question(
        SELECT_DECISIONS("(SELECT f.follow_up_id, f.seq, f.ordinal, x.decision FROM bellhop_log.follow_up f"
                         " JOIN bellhop_log.decision x USING (seq, ordinal)"
                         " WHERE f.state IN ('open', 'overdue') AND f.follow_up_id > $1) d",
                         "follow_up_id", "$2"),
        most, read, owner);
    question->values[question->value_count++] = question_name(question, after);
    question->values[question->value_count++] = BIGINT_VALUE(most);
    database_ask(database, question);
}
