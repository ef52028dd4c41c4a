/* attention: counts contacts where they are served, and ends the cases that were about too many of them. */
#include "common/policy/state/attention.h"

#include "common/base/text.h"
#include "common/policy/state/snapshot.h"

struct attention attention_of(const struct interaction_known *known)
{
    if (!known->is_open || !known->served_by)
        return (struct attention){0};
    return (struct attention){
        .employee_id = known->served_by,
        .is_unsure = known->mood == WIRE_MOOD__UNSURE || (!known->mood && known->first_purchase),
    };
}

enum { SILENT_S = 2 * 3600 };

struct attention_load attention_load(const struct employee *employee, const struct interaction *but,
                                     bool is_drill, int64_t now)
{
    struct attention_load load = {0};
    LIST_EACH(node, &employee->served) {
        const struct interaction *interaction = CONTAINER_OF(node, struct interaction, in_server);
        if (interaction == but || interaction->known.is_drill != is_drill ||
            now - interaction->touched_at >= SILENT_S * INT64_C(1000000))
            continue;
        load.contacts++;
        load.unsure += interaction->is_server_unsure;
    }
    return load;
}

bool attention_is_same(const struct interaction *interaction, struct attention attention)
{
    const struct employee *server = interaction->server;
    if (!server || !attention.employee_id)
        return !server && !attention.employee_id;
    return text_equal(staff_id(server), attention.employee_id) &&
           interaction->is_server_unsure == attention.is_unsure;
}

/* --- applying --- */

void attention_leave(struct interaction *interaction)
{
    struct employee *server = interaction->server;
    if (!server)
        return;
    list_remove(&interaction->in_server);
    interaction->server = NULL;
}

static void join(struct interaction *interaction, struct employee *server, bool is_unsure)
{
    interaction->server = server;
    interaction->is_server_unsure = is_unsure;
    list_append(&server->served, &interaction->in_server);
}

void attention_follow(struct fold *fold, struct interaction *interaction)
{
    struct attention attention = attention_of(&interaction->known);
    if (attention_is_same(interaction, attention))
        return;
    attention_leave(interaction);
    struct employee *employee =
        attention.employee_id ? state_make_employee(fold, interaction->key, attention.employee_id) : NULL;
    if (employee && !staff_is_off(employee))
        join(interaction, employee, attention.is_unsure);
}

void attention_join_case(struct fold *fold, struct escalation *escalation, const WireCase *body)
{
    struct employee *employee =
        list_is_linked(&escalation->in_employee) ? NULL : state_employee(fold, body->store_id, body->subject);
    if (employee)
        list_append(&employee->backups, &escalation->in_employee);
}

void attention_end(struct employee *employee)
{
    LIST_EACH_SAFE(node, &employee->served)
        attention_leave(CONTAINER_OF(node, struct interaction, in_server));
}

void attention_forget(struct employee *employee)
{
    attention_end(employee);
    LIST_EACH_SAFE(node, &employee->backups)
        list_remove(node);
}

/* --- snapshots --- */

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
