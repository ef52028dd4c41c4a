/* topic: finds who can answer, and remembers what nobody could. */
#include "common/policy/state/topic.h"

#include "common/base/memory.h"
#include "common/policy/state/entry.h"
#include "common/policy/state/snapshot.h"

#include <stdlib.h>

/* ---- who can answer */

bool staff_knows(const struct employee *employee, enum knowledge kind, const char *word)
{
    const char *end = employee->knows + employee->knows_size;
    for (const char *at = employee->knows; word && at < end; at += strlen(at) + 1)
        if (*at == (char)kind && !strcmp(at + 1, word))
            return true;
    return false;
}

struct topic *state_topic(const struct fold *fold, const char *store_id, const char *topic)
{
    char key[PAIR_KEY_SIZE];
    return map_find(&fold->topics, key, pair_key(store_id, topic, key));
}

static struct topic *make(struct fold *fold, const char *store_id, const char *name)
{
    struct topic *topic = state_topic(fold, store_id, name);
    if (!topic) {
        char key[PAIR_KEY_SIZE];
        size_t key_size = pair_key(store_id, name, key);
        topic = entry_new(fold, sizeof *topic, key_size);
        topic->key_size = (uint16_t)key_size;
        memcpy(topic->key, key, key_size);
        map_put(&fold->topics, topic->key, key_size, topic);
    }
    topic->touched_at = fold->recorded_at;
    touch(&fold->recent_topics, &topic->recent);
    return topic;
}

void topic_observe(struct fold *fold, const struct occurrence *occurrence)
{
    const WireEvent *event = occurrence->event;
    if (event->body_case != WIRE_EVENT__BODY_QUESTION_UNANSWERED || event->drill)
        return;
    struct topic *topic = make(fold, event->store_id, event->question_unanswered->topic);
    if (topic->asked == COUNT_OF(topic->asked_at))
        memmove(topic->asked_at, topic->asked_at + 1, --topic->asked * sizeof *topic->asked_at);
    topic->asked_at[topic->asked++] = occurrence->at;
}

static void learn(struct employee *employee, enum knowledge kind, char *const *words, size_t count)
{
    for (size_t at = 0; at < count; at++) {
        size_t size = strlen(words[at]) + 1;
        employee->knows = reallocate_array(employee->knows, employee->knows_size + size + 1, 1);
        employee->knows[employee->knows_size] = (char)kind;
        memcpy(employee->knows + employee->knows_size + 1, words[at], size);
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

/* ---- forgetting */

static void drop(struct fold *fold, struct topic *topic)
{
    list_remove(&topic->recent);
    map_take(&fold->topics, topic->key, topic->key_size);
    entry_free(fold, topic, sizeof *topic, topic->key_size);
}

void topics_age(struct fold *fold)
{
    for (struct list_node *node; (node = list_first(&fold->recent_topics));) {
        struct topic *oldest = CONTAINER_OF(node, struct topic, recent);
        bool is_old = oldest->touched_at + state_age_us(fold, fold->limits.topic_age_ms) < fold->recorded_at;
        if (!is_old && fold->topics.count <= fold->limits.topics)
            return;
        fold->forgotten += !is_old;
        drop(fold, oldest);
    }
}

void topics_clear(struct fold *fold)
{
    for (struct list_node *node; (node = list_first(&fold->recent_topics));)
        drop(fold, CONTAINER_OF(node, struct topic, recent));
    map_clear(&fold->topics);
}

/* ---- snapshots */

void topics_write(const struct fold *fold, struct bytes *into)
{
    bytes_append_u64(into, list_count(&fold->recent_topics));
    LIST_EACH(node, &fold->recent_topics) {
        const struct topic *topic = CONTAINER_OF(node, struct topic, recent);
        put_pair(into, topic->key);
        bytes_append_u64(into, (uint64_t)topic->touched_at);
        bytes_append_u32(into, topic->asked);
        for (uint32_t at = 0; at < topic->asked; at++)
            bytes_append_u64(into, (uint64_t)topic->asked_at[at]);
    }
}

void topics_read(struct reading *reading)
{
    for (uint64_t count = get_count(reading); count && !reading->failed; count--) {
        arena_reset(&reading->arena, 0);
        const char *store_id = get_word(reading), *name = get_word(reading);
        struct topic *topic = make(reading->fold, store_id, name);
        topic->touched_at = (int64_t)get_u64(reading);
        topic->asked = get_u32(reading);
        reading->failed |= topic->asked > COUNT_OF(topic->asked_at);
        for (uint32_t at = 0; !reading->failed && at < topic->asked; at++)
            topic->asked_at[at] = (int64_t)get_u64(reading);
    }
}

void staff_write(const struct fold *fold, struct bytes *into)
{
    LIST_EACH(node, &fold->recent_stores) {
        const struct store *store = CONTAINER_OF(node, struct store, recent);
        bytes_append_u32(into, (uint32_t)list_count(&store->staff));
        LIST_EACH(member, &store->staff) {
            const struct employee *employee = CONTAINER_OF(member, struct employee, in_store);
            put_text(into, employee_id(employee));
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
            employee->knows = known.size ? (char *)duplicate_bytes(known.data, known.size) : NULL;
            employee->knows_size = (uint32_t)known.size;
            reading->fold->bytes += known.size;
        }
    }
}
