/* staff: who is on duty, in what order, and knows what. */
#include "common/policy/state/staff.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/state/snapshot.h"

#include <stdlib.h>

bool staff_knows(const struct employee *employee, enum knowledge kind, const char *word)
{
    const char *end = employee->knows + employee->knows_size;
    for (const char *at = employee->knows; word && at < end; at += strlen(at) + 1)
        if (*at == (char)kind && text_equal(at + 1, word))
            return true;
    return false;
}

static void learn(struct employee *employee, enum knowledge kind, char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(words[i]) + 1;
        employee->knows = memory_resize_array(employee->knows, employee->knows_size + size + 1, 1);
        employee->knows[employee->knows_size] = (char)kind;
        memcpy(employee->knows + employee->knows_size + 1, words[i], size);
        employee->knows_size += (uint32_t)size + 1;
    }
}

void staff_leave(struct fold *fold, struct employee *employee)
{
    fold->bytes -= employee->knows_size;
    list_remove(&employee->in_store);
    free(employee->knows);
    employee->knows = NULL;
    employee->knows_size = 0;
}

void staff_join(struct fold *fold, struct store *store, struct employee *employee, const WireOnDuty *duty)
{
    staff_leave(fold, employee);
    list_append(&store->staff, &employee->in_store);
    learn(employee, KNOWS_TOPIC, duty->topics, duty->n_topics);
    learn(employee, KNOWS_DEPARTMENT, duty->departments, duty->n_departments);
    fold->bytes += employee->knows_size;
}

void staff_forget(struct fold *fold, struct store *store)
{
    LIST_EACH_SAFE(node, &store->staff)
        staff_leave(fold, CONTAINER_OF(node, struct employee, in_store));
}

void staff_write(const struct fold *fold, struct bytes *into)
{
    LIST_EACH(node, &fold->recent_stores) {
        const struct store *store = CONTAINER_OF(node, struct store, recent);
        bytes_append_u32(into, (uint32_t)list_count(&store->staff));
        LIST_EACH(member, &store->staff) {
            const struct employee *employee = CONTAINER_OF(member, struct employee, in_store);
            put_text(into, staff_id(employee));
            put_slice(into, employee->knows, employee->knows_size);
        }
    }
}

void staff_read(struct reading *reading)
{
    LIST_EACH(node, &reading->fold->recent_stores) {
        struct store *store = CONTAINER_OF(node, struct store, recent);
        for (uint32_t count = get_u32(reading); count && !reading->failed; count--) {
            arena_reset(&reading->arena, 0);
            struct employee *employee = state_employee(reading->fold, store->key, get_word(reading));
            struct slice known = get_slice(reading);
            reading->failed |= !employee || list_is_linked(&employee->in_store) ||
                               (known.size && known.data[known.size - 1]);
            if (reading->failed)
                return;
            list_append(&store->staff, &employee->in_store);
            employee->knows = known.size ? (char *)memory_copy(known.data, known.size) : NULL;
            employee->knows_size = (uint32_t)known.size;
            reading->fold->bytes += known.size;
        }
    }
}
