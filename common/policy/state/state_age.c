/* state_age: forgetting, by age and by caps. Ages are by the record's clock, so every run forgets the same.
 */
#include "common/policy/state/state_age.h"

#include "common/base/memory.h"
#include "common/policy/state/asked.h"
#include "common/policy/state/attendance.h"
#include "common/policy/state/attention.h"
#include "common/policy/state/entry.h"
#include "common/policy/state/recurrence.h"

#include <stdlib.h>

enum { CHARGE_DAYS = 62 };

static const int64_t day_us = 86400 * INT64_C(1000000);

static void interaction_drop(struct fold *fold, struct interaction *interaction)
{
    while (interaction->countdowns)
        countdown_drop(fold, interaction->countdowns);
    LIST_EACH_SAFE(node, &interaction->escalations) {
        struct escalation *escalation = CONTAINER_OF(node, struct escalation, in_interaction);
        list_remove(node);
        escalation->interaction = NULL;
    }
    LIST_EACH_SAFE(node, &interaction->unnamed)
        list_remove(node);
    attention_leave(interaction);
    fold->open_count -= !interaction->is_filed;
    interaction_known_clear(&interaction->known, &fold->names);
    ENTRY_REMOVE(fold, &fold->interactions, interaction);
}

static void customer_drop(struct fold *fold, struct customer *customer)
{
    LIST_EACH_SAFE(node, &customer->follow_ups) {
        struct follow_up *follow_up = CONTAINER_OF(node, struct follow_up, in_customer);
        list_remove(node);
        follow_up->customer = NULL;
    }
    customer_known_clear(&customer->known, &fold->names);
    ENTRY_REMOVE(fold, &fold->customers, customer);
}

static void employee_drop(struct fold *fold, struct employee *employee)
{
    struct store *store = state_store(fold, employee->key);
    if (store && employee->is_on_duty && store->on_duty)
        store->on_duty--;
    attention_forget(employee);
    staff_leave(fold, employee);
    name_set(&fold->names, &employee->role, NULL);
    name_set(&fold->names, &employee->drilled_role, NULL);
    ENTRY_REMOVE(fold, &fold->employees, employee);
}

static void store_drop(struct fold *fold, struct store *store)
{
    staff_forget(fold, store);
    deadline_stop(&fold->deadlines, &store->policy_begins);
    deadline_stop(&fold->deadlines, &store->care.deadline);
    ENTRY_REMOVE(fold, &fold->stores, store);
}

static void remedy_drop(struct fold *fold, struct remedy *remedy)
{
    name_set(&fold->names, &remedy->exception, NULL);
    name_set(&fold->names, &remedy->charged_to, NULL);
    name_set(&fold->names, &remedy->lent_to, NULL);
    name_set(&fold->names, &remedy->customer, NULL);
    free(remedy->escalation_id);
    list_remove(&remedy->in_contact);
    ENTRY_REMOVE(fold, &fold->remedies, remedy);
}

/* A closed interaction is no loss, unless a case of it lives: then it stays, and its cases know of each
 * other. */
static void forget_closed(struct fold *fold)
{
    size_t closed = fold->interactions.count - fold->open_count;
    for (struct list_node *node; (node = list_first(&fold->closed_interactions));) {
        struct interaction *oldest = CONTAINER_OF(node, struct interaction, recent);
        bool is_old = oldest->touched_at + fold->limits.closed_age_ms * 1000 < fold->recorded_at;
        bool has_cases = !list_is_empty(&oldest->escalations);
        if (!is_old && closed <= fold->limits.closed_interactions)
            break;
        if (has_cases && closed <= fold->limits.closed_interactions) {
            oldest->touched_at = fold->recorded_at;
            list_remove(node);
            list_append(&fold->closed_interactions, node);
            continue;
        }
        fold->forgotten += has_cases;
        closed--;
        interaction_drop(fold, oldest);
    }
}

void state_age(struct fold *fold)
{
    const struct fold_limits *limits = &fold->limits;
    int64_t customer_us = state_age_us(fold, limits->customer_age_ms);
    forget_closed(fold);
    ENTRIES_AGE(interaction, &fold->open_interactions, limits->interaction_age_ms * 1000,
                fold->interactions.count > limits->interactions, interaction_drop)
    ENTRIES_AGE(customer, &fold->recent_customers, customer_us, fold->customers.count > limits->customers,
                customer_drop)
    ENTRIES_AGE(employee, &fold->recent_employees, limits->employee_age_ms * 1000,
                fold->employees.count > limits->employees, employee_drop)
    ENTRIES_AGE(store, &fold->recent_stores, customer_us, fold->stores.count > limits->stores, store_drop)
    ENTRIES_AGE(remedy, &fold->recent_remedies, limits->remedy_age_ms * 1000,
                fold->remedies.count > limits->remedies, remedy_drop)
    ENTRIES_AGE(escalation, &fold->ended_escalations, limits->ended_age_ms * 1000,
                fold->escalations.count > limits->cases, escalation_drop)
    ENTRIES_AGE(escalation, &fold->live_escalations, customer_us, fold->escalations.count > limits->cases,
                escalation_drop)
    ENTRIES_AGE(follow_up, &fold->recent_follow_ups, customer_us, fold->follow_ups.count > limits->follow_ups,
                follow_up_drop)
    promises_age(fold);
    products_age(fold);
    purchases_age(fold);
    stock_age(fold);
    appointments_age(fold);
    attendance_age(fold);
    roster_age(fold);
    loans_age(fold);
    recurrences_age(fold);
    asked_age(fold);
    good_news_age(fold);
    fold->forgotten +=
        charges_forget(&fold->charges, fold->recorded_at / day_us - CHARGE_DAYS, limits->charges);
}

void state_clear(struct fold *fold)
{
    ENTRIES_CLEAR(interaction, &fold->closed_interactions, interaction_drop)
    ENTRIES_CLEAR(interaction, &fold->open_interactions, interaction_drop)
    ENTRIES_CLEAR(customer, &fold->recent_customers, customer_drop)
    ENTRIES_CLEAR(employee, &fold->recent_employees, employee_drop)
    ENTRIES_CLEAR(store, &fold->recent_stores, store_drop)
    ENTRIES_CLEAR(remedy, &fold->recent_remedies, remedy_drop)
    ENTRIES_CLEAR(escalation, &fold->live_escalations, escalation_drop)
    ENTRIES_CLEAR(escalation, &fold->ended_escalations, escalation_drop)
    ENTRIES_CLEAR(follow_up, &fold->recent_follow_ups, follow_up_drop)
    for (size_t i = 0; i < fold->policy_count; i++) {
        policy_free(fold->policies[i].policy);
        free(fold->policies[i].proposal);
        free(fold->policies[i].reason);
        free(fold->policies[i].proposed_by);
    }
    free(fold->policies);
    promises_clear(fold);
    products_clear(fold);
    purchases_clear(fold);
    stock_clear(fold);
    appointments_clear(fold);
    attendance_clear(fold);
    roster_clear(fold);
    loans_clear(fold);
    recurrences_clear(fold);
    asked_clear(fold);
    good_news_clear(fold);
    charges_clear(&fold->charges);
    deadlines_clear(&fold->deadlines);
    struct map *const maps[] = {&fold->interactions, &fold->customers, &fold->employees,  &fold->stores,
                                &fold->escalations,  &fold->groups,    &fold->follow_ups, &fold->remedies};
    for (size_t i = 0; i < COUNT_OF(maps); i++)
        map_clear(maps[i]);
    names_clear(&fold->names);
}
