/* state: making and finding the entries of the fold. */
#include "common/base/memory.h"
#include "common/policy/load/variant.h"
#include "common/policy/state/group.h"
#include "common/policy/state/entry.h"
#include "common/policy/state/policy_begin.h"
#include "common/wire/position.h"

struct interaction *state_interaction(const struct fold *fold, const char *store_id,
                                      const char *interaction_id, bool is_drill)
{
    char key[KEY_CONTACT_SIZE];
    return interaction_id
               ? map_find(&fold->interactions, key, key_contact(store_id, interaction_id, is_drill, key))
               : NULL;
}

struct customer *state_customer(const struct fold *fold, const char *customer_id)
{
    return customer_id ? map_find_text(&fold->customers, customer_id) : NULL;
}

struct employee *state_employee(const struct fold *fold, const char *store_id, const char *employee_id)
{
    char key[KEY_PAIR_SIZE];
    return employee_id ? map_find(&fold->employees, key, key_pair(store_id, employee_id, key)) : NULL;
}

struct store *state_store(const struct fold *fold, const char *store_id)
{
    return store_id ? map_find_text(&fold->stores, store_id) : NULL;
}

struct remedy *state_remedy(const struct fold *fold, const struct remedy_name *name)
{
    char key[KEY_REMEDY_SIZE];
    return map_find(&fold->remedies, key, remedy_key(name, key));
}

struct escalation *state_escalation(const struct fold *fold, const char *escalation_id)
{
    return escalation_id ? map_find_text(&fold->escalations, escalation_id) : NULL;
}

struct follow_up *state_follow_up(const struct fold *fold, const char *follow_up_id)
{
    return follow_up_id ? map_find_text(&fold->follow_ups, follow_up_id) : NULL;
}

const struct policy *state_policy(const struct fold *fold, uint64_t version)
{
    for (size_t i = 0; i < fold->policy_count; i++)
        if (fold->policies[i].policy->version == version)
            return fold->policies[i].policy;
    return fold->policy_count ? fold->policies[0].policy : NULL;
}

const struct policy *state_policy_of(const struct fold *fold, uint64_t version, const char *store_id,
                                     int64_t at)
{
    return variant_for(state_policy(fold, version), store_id, at);
}

const struct policy *state_policy_at(const struct fold *fold, int64_t at, bool is_late)
{
    for (size_t place = fold->policy_count; place > 0; place--)
        if (fold->policies[place - 1].active_at <= at)
            return fold->policies[place - 1].policy;
    return is_late && fold->policy_count ? fold->policies[0].policy : NULL;
}

struct interaction *state_make_interaction(struct fold *fold, const char *store_id,
                                           const char *interaction_id, bool is_drill)
{
    char key[KEY_CONTACT_SIZE];
    size_t key_size = key_contact(store_id, interaction_id, is_drill, key);
    struct interaction *interaction = map_find(&fold->interactions, key, key_size);
    if (!interaction) {
        ENTRY_ADD(fold, &fold->interactions, interaction, key, key_size);
        list_init(&interaction->escalations);
        list_init(&interaction->unnamed);
        fold->open_count++;
    }
    interaction->touched_at = fold->recorded_at;
    entry_touch(interaction->is_filed ? &fold->closed_interactions : &fold->open_interactions,
                &interaction->recent);
    return interaction;
}

void state_file_interaction(struct fold *fold, struct interaction *interaction)
{
    if (interaction->is_filed)
        return;
    interaction->is_filed = true;
    fold->open_count--;
    entry_touch(&fold->closed_interactions, &interaction->recent);
}

struct customer *state_make_customer(struct fold *fold, const char *customer_id)
{
    struct customer *customer = state_customer(fold, customer_id);
    if (!customer) {
        size_t key_size = strlen(customer_id);
        ENTRY_ADD(fold, &fold->customers, customer, customer_id, key_size);
        list_init(&customer->follow_ups);
    }
    customer->touched_at = fold->recorded_at;
    entry_touch(&fold->recent_customers, &customer->recent);
    return customer;
}

struct employee *state_make_employee(struct fold *fold, const char *store_id, const char *employee_id)
{
    struct employee *employee = state_employee(fold, store_id, employee_id);
    if (!employee) {
        char key[KEY_PAIR_SIZE];
        size_t key_size = key_pair(store_id, employee_id, key);
        ENTRY_ADD(fold, &fold->employees, employee, key, key_size);
        list_init(&employee->served);
        list_init(&employee->backups);
    }
    employee->touched_at = fold->recorded_at;
    entry_touch(&fold->recent_employees, &employee->recent);
    return employee;
}

struct store *state_make_store(struct fold *fold, const char *store_id)
{
    struct store *store = state_store(fold, store_id);
    if (!store) {
        size_t key_size = strlen(store_id);
        ENTRY_ADD(fold, &fold->stores, store, store_id, key_size);
        list_init(&store->staff);
        policy_begin_meet(fold, store);
        store->care.deadline.owner = DEADLINE_OF_CARE;
    }
    store->touched_at = fold->recorded_at;
    entry_touch(&fold->recent_stores, &store->recent);
    return store;
}

struct remedy *state_make_remedy(struct fold *fold, const struct remedy_name *name)
{
    struct remedy *remedy = state_remedy(fold, name);
    if (!remedy) {
        char key[KEY_REMEDY_SIZE];
        size_t key_size = remedy_key(name, key);
        ENTRY_ADD(fold, &fold->remedies, remedy, key, key_size);
        remedy->is_drill = name->is_drill;
    }
    remedy->touched_at = fold->recorded_at;
    entry_touch(&fold->recent_remedies, &remedy->recent);
    return remedy;
}

void state_join_contact(struct fold *fold, struct remedy *remedy)
{
    const struct remedy_name name = remedy_name(remedy);
    struct interaction *interaction =
        remedy->customer || !name.interaction_id
            ? NULL
            : state_interaction(fold, name.store_id, name.interaction_id, name.is_drill);
    list_remove(&remedy->in_contact);
    if (interaction)
        list_append(&interaction->unnamed, &remedy->in_contact);
}

static uint64_t opening_seq(const char *id)
{
    struct decision_id opening = {0};
    return decision_id_parse(id, &opening) ? 0 : opening.position.seq;
}

/* The group is that of the case's latest decision, as a snapshot has it: an older engine may have said another before. */
static void link_group(struct fold *fold, struct escalation *escalation, const WireCase *body)
{
    char key[KEY_GROUP_SIZE];
    size_t size = group_key(rule_find_escalating(escalation->policy, body->rule), body, key);
    struct slice group = slice_of(escalation->group, escalation->group_size);
    if (escalation->group && slice_equal(group, slice_of(key, size)))
        return;
    escalation_leave_group(fold, escalation);
    escalation->group = memory_copy(key, size);
    escalation->group_size = size;
    struct escalation *before = map_put(&fold->groups, escalation->group, escalation->group_size, escalation);
    if (before)
        before->is_leader = false;
    escalation->is_leader = true;
}

void state_join_interaction(struct interaction *interaction, struct escalation *escalation)
{
    if (!interaction || !escalation || escalation->interaction)
        return;
    escalation->interaction = interaction;
    list_append(&interaction->escalations, &escalation->in_interaction);
}

void state_join_customer(struct customer *customer, struct follow_up *follow_up)
{
    if (!customer || !follow_up || follow_up->customer)
        return;
    follow_up->customer = customer;
    list_append(&customer->follow_ups, &follow_up->in_customer);
}

struct escalation *state_make_escalation(struct fold *fold, const WireCase *body)
{
    struct escalation *escalation = state_escalation(fold, body->escalation_id);
    if (!escalation) {
        size_t id_size = strlen(body->escalation_id);
        escalation = entry_new(fold, sizeof *escalation, id_size);
        escalation->id_size = (uint16_t)id_size;
        escalation->deadline.owner = DEADLINE_OF_ESCALATION;
        escalation->unattended.owner = DEADLINE_OF_ATTENDANCE;
        memcpy(escalation->id, body->escalation_id, id_size);
        escalation->opened_seq = opening_seq(body->escalation_id);
        escalation->policy = state_policy_of(fold, body->policy_version, body->store_id, body->opened_at);
        map_put(&fold->escalations, escalation->id, id_size, escalation);
        link_group(fold, escalation, body);
        state_join_interaction(state_interaction(fold, body->store_id, body->interaction_id, body->drill),
                               escalation);
    } else if (escalation->group) {
        link_group(fold, escalation, body);
    }
    escalation->touched_at = fold->recorded_at;
    entry_touch(&fold->live_escalations, &escalation->recent);
    return escalation;
}

struct follow_up *state_make_follow_up(struct fold *fold, const WireFollowUp *body)
{
    struct follow_up *follow_up = state_follow_up(fold, body->follow_up_id);
    if (!follow_up) {
        size_t id_size = strlen(body->follow_up_id);
        follow_up = entry_new(fold, sizeof *follow_up, id_size);
        follow_up->id_size = (uint16_t)id_size;
        follow_up->deadline.owner = DEADLINE_OF_FOLLOW_UP;
        memcpy(follow_up->id, body->follow_up_id, id_size);
        follow_up->opened_seq = opening_seq(body->follow_up_id);
        follow_up->policy = state_policy_of(fold, body->policy_version, body->store_id, body->opened_at);
        map_put(&fold->follow_ups, follow_up->id, id_size, follow_up);
    }
    state_join_customer(state_customer(fold, body->customer_id), follow_up);
    follow_up->touched_at = fold->recorded_at;
    entry_touch(&fold->recent_follow_ups, &follow_up->recent);
    return follow_up;
}
