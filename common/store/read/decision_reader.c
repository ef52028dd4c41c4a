/* decision_reader: the statements that read decisions. */
#include "common/store/read/decision_reader.h"

#include "common/base/memory.h"
#include "common/store/read/decision_question.h"
#include "common/store/session/result.h"

enum { SEQ = HEAD_COLUMN_COUNT, ORDINAL, DECISION };

/* question->number: how many were asked for. */
static void answer_decision_page(struct question *question, const PGresult *result, const char *fault)
{
    struct decision_page page = {.fault = fault};
    if (!result || PQntuples(result) == 0) {
        page.fault = fault ? fault : "the log has no head";
        ((decision_page_read *)question->read)(question->owner, &page);
        return;
    }
    page.at = head_columns_read(result);
    page.count = result_is_null(result, 0, SEQ) ? 0 : (size_t)PQntuples(result);
    struct stored_decision *decisions = memory_allocate(page.count * sizeof *decisions);
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

static struct question *page_question_new(const char *sql, uint32_t most, decision_page_read *read,
                                          void *owner)
{
    struct question *question = question_new(sql, answer_decision_page, (question_read *)read, owner);
    question->number = most;
    return question;
}

struct question *decision_question_of(const char *sql, const char *name, uint32_t most,
                                      decision_page_read *read, void *owner)
{
    struct question *question = page_question_new(sql, most, read, owner);
    question_add_name(question, name);
    question_add(question, BIGINT_VALUE(most));
    return question;
}

void decision_read(struct database *database, struct decision_place after, uint32_t most,
                   decision_page_read *read, void *owner)
{
    static const char sql[] =
        SELECT_DECISIONS("bellhop_log.decision d WHERE (d.seq, d.ordinal) > ($1, $2)", "seq, ordinal", "$3");
    struct question *question = page_question_new(sql, most, read, owner);
    question_add(question, BIGINT_VALUE(after.seq));
    question_add(question, BIGINT_VALUE(after.ordinal));
    question_add(question, BIGINT_VALUE(most));
    database_ask(database, question);
}

void decision_read_event(struct database *database, uint64_t seq, decision_page_read *read, void *owner)
{
    static const char sql[] =
        SELECT_DECISIONS("bellhop_log.decision d WHERE d.seq = $1", "seq, ordinal", "100000");
    struct question *question = page_question_new(sql, UINT32_MAX, read, owner);
    question_add(question, BIGINT_VALUE(seq));
    database_ask(database, question);
}

void decision_read_case(struct database *database, const char *escalation_id, uint32_t most,
                        decision_page_read *read, void *owner)
{
    static const char sql[] = SELECT_DECISIONS(
        "bellhop_log.decision d WHERE d.subject_id = $1 AND d.kind BETWEEN 10 AND 18", "seq, ordinal", "$2");
    database_ask(database, decision_question_of(sql, escalation_id, most, read, owner));
}

void decision_read_interaction(struct database *database, const char *interaction_id, uint32_t most,
                               decision_page_read *read, void *owner)
{
    static const char sql[] =
        SELECT_DECISIONS("bellhop_log.decision d WHERE d.interaction_id = $1", "seq, ordinal", "$2");
    database_ask(database, decision_question_of(sql, interaction_id, most, read, owner));
}
