/* policy_reader: the last accepted policy whose time has come. */
#include "common/store/read/policy_reader.h"

#include "common/base/memory.h"
#include "common/store/read/question.h"
#include "common/store/session/result.h"

#include <stdlib.h>

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

static void answer_roles(struct question *question, const PGresult *result, const char *fault)
{
    size_t count = result ? (size_t)PQntuples(result) : 0;
    const char **roles = memory_allocate((count + 1) * sizeof *roles);
    for (size_t i = 0; i < count; i++)
        roles[i] = result_text(result, (int)i, 0);
    const struct roles_page page = {.fault = fault, .roles = roles, .count = count};
    ((roles_page_read *)question->read)(question->owner, &page);
    free(roles);
}

void policy_read_roles(struct database *database, roles_page_read *read, void *owner)
{
    static const char sql[] =
        "SELECT r.role FROM bellhop_log.policy_result p, unnest(p.roles) WITH ORDINALITY AS r (role, place)"
        " GROUP BY r.role ORDER BY max(p.policy_version) DESC, min(r.place)";
    database_ask(database, question_new(sql, answer_roles, (question_read *)read, owner));
}
