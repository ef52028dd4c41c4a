/* fold: its beginning and end, and what it counts. */
#include "common/policy/state/fold.h"

#include "common/base/memory.h"
#include "common/policy/state/attendance.h"
#include "common/policy/state/state.h"
#include "common/policy/state/state_age.h"

#include <stdlib.h>

const struct fold_limits fold_limits_default = {
    .interactions = 250000,
    .closed_interactions = 20000,
    .customers = 100000,
    .employees = 20000,
    .stores = 5000,
    .cases = 20000,
    .follow_ups = 60000,
    .remedies = 30000,
    .promises = 30000,
    .products = 20000,
    .purchases = 100000,
    .shelves = 20000,
    .wants = 50000,
    .appointments = 20000,
    .recurrences = 40000,
    .asked = 20000,
    .good_news = 10000,
    .charges = 60000,
    .interaction_age_ms = 7 * INT64_C(86400000),
    .closed_age_ms = 3600000,
    .ended_age_ms = 86400000,
    .customer_age_ms = 400 * INT64_C(86400000),
    .employee_age_ms = 30 * INT64_C(86400000),
    .recurrence_age_ms = 62 * INT64_C(86400000),
    .asked_age_ms = 14 * INT64_C(86400000),
    .remedy_age_ms = 62 * INT64_C(86400000),
};

struct fold *fold_new(const struct fold_limits *limits, uint64_t seed)
{
    struct fold *fold = NEW(fold);
    struct map *const maps[] = {&fold->interactions, &fold->customers,    &fold->employees,  &fold->stores,
                                &fold->escalations,  &fold->groups,       &fold->follow_ups, &fold->remedies,
                                &fold->promises,     &fold->bearers,      &fold->products,   &fold->purchases,
                                &fold->shelves,      &fold->appointments, &fold->posts,      &fold->rosters};
    struct list *const lists[] = {
        &fold->open_interactions, &fold->closed_interactions, &fold->recent_customers,
        &fold->recent_employees,  &fold->recent_stores,       &fold->live_escalations,
        &fold->ended_escalations, &fold->recent_follow_ups,   &fold->recent_remedies,
        &fold->live_promises,     &fold->ended_promises,      &fold->recent_products,
        &fold->recent_purchases,  &fold->recent_shelves,      &fold->arrived_shelves,
        &fold->recent_rosters,    &fold->recent_appointments, &fold->attended_posts,
        &fold->vacant_posts};
    fold->limits = limits ? *limits : fold_limits_default;
    fold->seed = seed;
    for (size_t i = 0; i < COUNT_OF(maps); i++)
        map_init(maps[i], seed);
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        list_init(lists[i]);
    list_init(&fold->waiting_follow_ups);
    map_init(&fold->loans, seed);
    list_init(&fold->recent_loans);
    map_init(&fold->asked, seed);
    list_init(&fold->recent_asked);
    map_init(&fold->recurrences, seed);
    list_init(&fold->recent_recurrences);
    map_init(&fold->good_news, seed);
    list_init(&fold->recent_good_news);
    names_init(&fold->names, seed);
    charges_init(&fold->charges, seed);
    deadlines_init(&fold->deadlines);
    return fold;
}

void fold_free(struct fold *fold)
{
    if (!fold)
        return;
    state_clear(fold);
    free(fold);
}

uint32_t fold_epoch(const struct fold *fold)
{
    return fold->epoch;
}

uint64_t fold_seq(const struct fold *fold)
{
    return fold->seq;
}

uint64_t fold_policy_version(const struct fold *fold)
{
    const struct policy *policy = state_policy_at(fold, fold->recorded_at, false);
    return policy ? policy->version : 0;
}

void fold_count(const struct fold *fold, struct fold_counts *ret_counts)
{
    const struct map *const maps[] = {
        &fold->interactions, &fold->customers,  &fold->employees, &fold->stores,       &fold->escalations,
        &fold->groups,       &fold->follow_ups, &fold->remedies,  &fold->promises,     &fold->bearers,
        &fold->products,     &fold->purchases,  &fold->shelves,   &fold->appointments, &fold->good_news,
        &fold->posts,        &fold->rosters,    &fold->loans,     &fold->asked,        &fold->recurrences,
        &fold->names.map,    &fold->charges.map};
    *ret_counts = (struct fold_counts){
        .seq = (int64_t)fold->seq,
        .interactions = fold->interactions.count,
        .open_interactions = fold->open_count,
        .customers = fold->customers.count,
        .employees = fold->employees.count,
        .stores = fold->stores.count,
        .cases = list_count(&fold->live_escalations),
        .follow_ups = fold->follow_ups.count,
        .remedies = fold->remedies.count,
        .promises = fold->promises.count,
        .products = fold->products.count,
        .purchases = fold->purchases.count,
        .wants = fold->want_count,
        .appointments = fold->appointments.count,
        .posts = fold->posts.count,
        .unattended = attendance_count(fold),
        .deadlines = fold->deadlines.count,
        .policies = fold->policy_count,
        .bytes = fold->bytes + fold->names.bytes + fold->charges.bytes,
        .forgotten = fold->forgotten,
    };
    for (size_t i = 0; i < COUNT_OF(maps); i++)
        ret_counts->bytes += maps[i]->slot_count * sizeof(struct map_slot) +
                             maps[i]->entry_capacity * sizeof(struct map_entry);
}
