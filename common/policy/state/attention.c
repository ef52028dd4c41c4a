/* attention: counts contacts where they are served, and ends the cases that were about too many of them. */
#include "common/policy/state/attention.h"

#include "common/policy/state/snapshot.h"

#include <string.h>

/* Whom an interaction keeps busy. */
struct attention {
    const char *employee_id; /* NULL: nobody */
    bool is_unsure;
};

static struct attention attention_of(const struct interaction_known *known)
{
    if (!known->is_open || !known->served_by)
        return (struct attention){0};
    return (struct attention){
        .employee_id = known->served_by,
        .is_unsure = known->mood == WIRE_MOOD__UNSURE || (!known->mood && known->first_purchase),
    };
}

static const char *employee_id_of(const struct employee *employee)
{
    return employee->key + strlen(employee->key) + 1;
}

static bool is_same(const struct interaction *interaction, struct attention attention)
{
    const struct employee *server = interaction->server;
    if (!server || !attention.employee_id)
        return !server && !attention.employee_id;
    return !strcmp(employee_id_of(server), attention.employee_id) &&
           interaction->is_server_unsure == attention.is_unsure;
}

/* ---- deciding */

void attention_fill(const struct deciding *deciding, WireInteractionFacts *facts)
{
    struct attention now = attention_of(&deciding->after);
    const char *employee_id = deciding->server ? deciding->server : now.employee_id;
    const struct employee *employee = state_employee(deciding->fold, deciding->store_id, employee_id);
    const struct interaction *interaction = deciding->interaction;
    bool is_drill = deciding->is_drill, is_before = interaction && interaction->server == employee;
    if (!employee_id)
        return;
    if (employee) {
        facts->server_contacts = employee->contacts[is_drill];
        facts->server_unsure = employee->unsure[is_drill];
    }
    if (employee && is_before && interaction->known.is_drill == is_drill) {
        facts->server_contacts--;
        facts->server_unsure -= interaction->is_server_unsure;
    }
    if (now.employee_id && !strcmp(now.employee_id, employee_id)) {
        facts->server_contacts++;
        facts->server_unsure += now.is_unsure;
    }
    facts->is_taken =
        now.employee_id && !(employee && is_before && interaction->is_server_unsure >= now.is_unsure);
}

bool attention_goes_on(struct deciding *deciding, const struct escalation *escalation,
                       const char *employee_id)
{
    struct facts *facts = &deciding->out->workspace->facts;
    const struct policy *policy = deciding->policy;
    WireCase *body = escalation_read(escalation, &deciding->out->arena);
    const struct rule *rule = body ? policy_escalating_rule(escalation->policy, body->rule) : NULL;
    deciding->is_full |= !body;
    if (!rule)
        return true;
    deciding->policy = escalation->policy;
    deciding->server = employee_id;
    facts->filled &= ~(1U << FACT_INTERACTION);
    bool is_true = evaluate_truth(deciding, &rule->actions[ACTION_ESCALATE].goes_on);
    facts->filled &= ~(1U << FACT_INTERACTION);
    deciding->server = NULL;
    deciding->policy = policy;
    return is_true;
}

void attention_overtake(struct deciding *deciding)
{
    const struct interaction *interaction = deciding->interaction;
    const struct employee *relieved = interaction ? interaction->server : NULL;
    if (!relieved || list_is_empty(&relieved->backups) ||
        is_same(interaction, attention_of(&deciding->after)))
        return;
    LIST_EACH(node, &relieved->backups) {
        const struct escalation *escalation = CONTAINER_OF(node, struct escalation, in_employee);
        bool ends_anyway = escalation->interaction == interaction && deciding->after.closed_at;
        if (!ends_anyway && escalation->state == ESCALATION_OPEN &&
            escalation->is_drill == deciding->is_drill &&
            !attention_goes_on(deciding, escalation, employee_id_of(relieved)))
            case_overtake(deciding, escalation);
    }
}

/* ---- applying */

void attention_leave(struct interaction *interaction)
{
    struct employee *server = interaction->server;
    if (!server)
        return;
    bool is_drill = interaction->known.is_drill;
    server->contacts[is_drill]--;
    server->unsure[is_drill] -= interaction->is_server_unsure;
    list_remove(&interaction->in_server);
    interaction->server = NULL;
}

static void join(struct interaction *interaction, struct employee *server, bool is_unsure)
{
    bool is_drill = interaction->known.is_drill;
    interaction->server = server;
    interaction->is_server_unsure = is_unsure;
    list_append(&server->served, &interaction->in_server);
    server->contacts[is_drill]++;
    server->unsure[is_drill] += is_unsure;
}

void attention_follow(struct fold *fold, struct interaction *interaction)
{
    struct attention attention = attention_of(&interaction->known);
    if (is_same(interaction, attention))
        return;
    attention_leave(interaction);
    if (attention.employee_id)
        join(interaction, state_make_employee(fold, interaction->key, attention.employee_id),
             attention.is_unsure);
}

void attention_join_case(struct fold *fold, struct escalation *escalation, const WireCase *body)
{
    struct employee *employee =
        list_is_linked(&escalation->in_employee) ? NULL : state_employee(fold, body->store_id, body->subject);
    if (employee)
        list_append(&employee->backups, &escalation->in_employee);
}

void attention_forget(struct employee *employee)
{
    LIST_EACH_SAFE(node, &employee->served)
        attention_leave(CONTAINER_OF(node, struct interaction, in_server));
    LIST_EACH_SAFE(node, &employee->backups)
        list_remove(node);
}

/* ---- snapshots */

void attention_write(const struct fold *fold, struct bytes *into)
{
    LIST_EACH(node, &fold->recent_employees) {
        const struct employee *employee = CONTAINER_OF(node, struct employee, recent);
        bytes_append_u32(into, (uint32_t)list_count(&employee->served));
        LIST_EACH(member, &employee->served) {
            const struct interaction *interaction = CONTAINER_OF(member, struct interaction, in_server);
            put_slice(into, interaction->key, interaction->key_size);
            bytes_append_u8(into, interaction->is_server_unsure);
        }
        bytes_append_u32(into, (uint32_t)list_count(&employee->backups));
        LIST_EACH(member, &employee->backups)
            put_text(into, CONTAINER_OF(member, struct escalation, in_employee)->id);
    }
}

static void read_served(struct reading *reading, struct employee *employee)
{
    for (uint32_t count = get_u32(reading); count && !reading->failed; count--) {
        struct slice key = get_slice(reading);
        struct interaction *interaction =
            reading->failed ? NULL : map_find(&reading->fold->interactions, key.data, key.size);
        bool is_unsure = get_u8(reading);
        reading->failed |= !interaction || interaction->server;
        if (!reading->failed)
            join(interaction, employee, is_unsure);
    }
}

static void read_backups(struct reading *reading, struct employee *employee)
{
    for (uint32_t count = get_u32(reading); count && !reading->failed; count--) {
        arena_reset(&reading->arena, 0);
        struct escalation *escalation = state_escalation(reading->fold, get_word(reading));
        reading->failed |= !escalation;
        if (reading->failed)
            return;
        list_remove(&escalation->in_employee); /* its place among the others is what was written */
        list_append(&employee->backups, &escalation->in_employee);
    }
}

void attention_read(struct reading *reading)
{
    LIST_EACH(node, &reading->fold->live_escalations)
        list_remove(&CONTAINER_OF(node, struct escalation, recent)->in_employee);
    LIST_EACH(node, &reading->fold->recent_employees) {
        struct employee *employee = CONTAINER_OF(node, struct employee, recent);
        read_served(reading, employee);
        read_backups(reading, employee);
    }
}
