/* policy_begin: compares the policy that begins with the one before, for one store. */
#include "common/policy/decide/policy_begin.h"

#include "common/policy/explain/difference.h"
#include "common/policy/load/variant.h"

/* The levels that somebody of the store has, from the lowest on; where nobody is known, all. */
static unsigned levels_there(const struct deciding *deciding, const struct ladder *ladder)
{
    const struct fold *fold = deciding->fold;
    const struct store *store = state_store(fold, deciding->store_id);
    int highest = -1;
    LIST_EACH(node, &fold->recent_rosters) {
        const struct roster *roster = CONTAINER_OF(node, struct roster, recent);
        bool is_there = roster_names_store(roster, deciding->store_id, deciding->occurrence.at);
        int level = is_there
                        ? roster_level(fold, ladder, deciding->store_id, roster->key, deciding->occurrence.at)
                        : -1;
        highest = level > highest ? level : highest;
    }
    if (store)
        LIST_EACH(node, &store->staff) {
            const char *employee_id = staff_id(CONTAINER_OF(node, struct employee, in_store));
            int level = (int)deciding_level_of(deciding, deciding->policy, deciding->store_id, employee_id);
            highest = level > highest ? level : highest;
        }
    return highest < 0 ? ladder->count : (unsigned)highest + 1;
}

/* So much of what is otherwise is told in one sentence. */
enum { CHANGES_BYTES = 1200 };

bool policy_begin_fill(struct deciding *deciding, WirePolicyFacts *facts)
{
    const struct policy_begin *begin = deciding->begin;
    if (!begin)
        return false;
    int64_t at = deciding->occurrence.at;
    const struct policy *after = variant_for(begin->after, deciding->store_id, at);
    const struct difference_place place = {.store_id = deciding->store_id,
                                           .levels = levels_there(deciding, &after->ladder)};
    AUTO_CLEAR(bytes) changes = {0};
    *facts = (WirePolicyFacts)WIRE_POLICY_FACTS__INIT;
    facts->name = (char *)after->name;
    facts->change_count = (int32_t)difference_write_place(variant_for(begin->before, deciding->store_id, at),
                                                          after, &place, CHANGES_BYTES, &changes);
    facts->changes = deciding_keep(deciding, bytes_text(&changes));
    facts->reason = deciding_keep(deciding, begin->reason);
    facts->proposed_by = deciding_keep(deciding, begin->proposed_by);
    return facts->changes != NULL;
}
