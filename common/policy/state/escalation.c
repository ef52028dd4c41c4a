/* escalation: words of its states, its key, its body, and its end. */
#include "common/policy/state/escalation.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/state/entry.h"
#include "common/wire/wire.h"

#include <stdlib.h>

enum { TAKING_BYTES = 64 * 1024 }; /* to unpack a case, beside its own size */

static const char *const words[] = {"open", "acknowledged", "resolved", "overtaken"};

const char *escalation_state_word(enum escalation_state state)
{
    return words[state];
}

enum escalation_state escalation_state_find(const char *word)
{
    for (size_t i = 0; word && i < COUNT_OF(words); i++)
        if (text_equal(words[i], word))
            return (enum escalation_state)i;
    return ESCALATION_OVERTAKEN;
}

WireCase *escalation_read(const struct escalation *escalation, struct arena *arena)
{
    return wire_unpack(&wire_case__descriptor, slice_of(escalation->packed, escalation->packed_size), arena,
                       NULL);
}

void escalation_set_page(struct fold *fold, struct escalation *escalation, const char *page)
{
    fold->bytes -= escalation->page ? strlen(escalation->page) + 1 : 0;
    free(escalation->page);
    escalation->page = memory_copy_text(page);
    fold->bytes += page ? strlen(page) + 1 : 0;
}

void escalation_take_name(struct fold *fold, struct escalation *escalation, const char *customer_id)
{
    AUTO(arena) *arena = arena_new(TAKING_BYTES + 16 * escalation->packed_size);
    WireCase *body = escalation->customer ? NULL : escalation_read(escalation, arena);
    if (!body)
        return;
    body->customer_id = (char *)customer_id;
    entry_repack(fold, &body->base, &escalation->packed, &escalation->packed_size);
    name_own(&fold->names, &escalation->customer, customer_id);
}

void escalation_leave_group(struct fold *fold, struct escalation *escalation)
{
    if (escalation->is_leader)
        map_take(&fold->groups, escalation->group, escalation->group_size);
    free(escalation->group);
    escalation->group = NULL;
    escalation->is_leader = false;
}

static void unlink_live(struct fold *fold, struct escalation *escalation)
{
    list_remove(&escalation->in_interaction);
    list_remove(&escalation->in_employee);
    escalation->interaction = NULL;
    deadline_stop(&fold->deadlines, &escalation->deadline);
    deadline_stop(&fold->deadlines, &escalation->unattended);
    escalation_leave_group(fold, escalation);
}

void escalation_end(struct fold *fold, struct escalation *escalation)
{
    unlink_live(fold, escalation);
    list_remove(&escalation->recent);
    list_append(&fold->ended_escalations, &escalation->recent);
}

void escalation_drop(struct fold *fold, struct escalation *escalation)
{
    unlink_live(fold, escalation);
    list_remove(&escalation->recent);
    map_take(&fold->escalations, escalation->id, escalation->id_size);
    fold->bytes -= escalation->packed_size;
    name_own(&fold->names, &escalation->customer, NULL);
    escalation_set_page(fold, escalation, NULL);
    free(escalation->packed);
    entry_free(fold, escalation, sizeof *escalation, escalation->id_size);
}
