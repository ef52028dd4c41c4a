/* case_reader: the statements that read cases and follow-ups as their latest decisions. */
#include "common/store/read/case_reader.h"

#include "common/store/read/decision_question.h"

/* Rows of `table` as decisions; `key` tells them apart. */
#define LATEST(table, key, which)                                                                            \
    SELECT_DECISIONS("(SELECT r." key ", r.seq, r.ordinal, x.decision FROM bellhop_log." table " r"          \
                     " JOIN bellhop_log.decision x USING (seq, ordinal) WHERE " which ") d",                 \
                     key, "$2")

void case_read_open(struct database *database, const char *after, uint32_t most, decision_page_read *read,
                    void *owner)
{
    static const char sql[] =
        LATEST("case_state", "escalation_id", "r.state IN ('open', 'acknowledged') AND r.escalation_id > $1");
    database_ask(database, decision_question_of(sql, after, most, read, owner));
}

void case_read(struct database *database, const char *escalation_id, decision_page_read *read, void *owner)
{
    static const char sql[] = LATEST("case_state", "escalation_id", "r.escalation_id = $1");
    database_ask(database, decision_question_of(sql, escalation_id, UINT32_MAX, read, owner));
}

void case_read_open_follow_ups(struct database *database, const char *after, uint32_t most,
                               decision_page_read *read, void *owner)
{
    static const char sql[] =
        LATEST("follow_up", "follow_up_id", "r.state IN ('open', 'overdue') AND r.follow_up_id > $1");
    database_ask(database, decision_question_of(sql, after, most, read, owner));
}
