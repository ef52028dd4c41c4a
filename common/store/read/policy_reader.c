/* policy_reader: the last accepted policy whose time has come. */
#include "common/store/read/policy_reader.h"

#include "common/store/read/question.h"
#include "common/store/session/result.h"

static void answer(struct question *question, const PGresult *result, const char *fault)
{
    struct policy_page page = {.fault = fault};
    if (result && PQntuples(result) == 1)
        page.version = (uint64_t)result_number(result, 0, 0);
    ((policy_page_read *)question->read)(question->owner, &page);
}

void policy_read_in_force(struct database *database, policy_page_read *read, void *owner)
{
    static const char sql[] = "SELECT coalesce(max(p.policy_version), 0) FROM bellhop.policy p"
                              " WHERE p.accepted AND coalesce(p.active_at, p.decided_at) <= now()";
    database_ask(database, question_new(sql, answer, (question_read *)read, owner));
}
