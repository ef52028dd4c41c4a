/* topic: remembers what nobody could answer. */
#include "common/policy/state/topic.h"

#include "common/base/memory.h"
#include "common/policy/state/entry.h"
#include "common/policy/state/snapshot.h"

struct topic *topic_find(const struct fold *fold, const char *store_id, const char *topic)
{
    char key[KEY_PAIR_SIZE];
    return map_find(&fold->topics, key, key_pair(store_id, topic, key));
}

static struct topic *make(struct fold *fold, const char *store_id, const char *name)
{
    struct topic *topic = topic_find(fold, store_id, name);
    if (!topic) {
        char key[KEY_PAIR_SIZE];
        size_t key_size = key_pair(store_id, name, key);
        ENTRY_ADD(fold, &fold->topics, topic, key, key_size);
    }
    topic->touched_at = fold->recorded_at;
    entry_touch(&fold->recent_topics, &topic->recent);
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

/* --- forgetting --- */

static void drop(struct fold *fold, struct topic *topic)
{
    ENTRY_REMOVE(fold, &fold->topics, topic);
}

void topics_age(struct fold *fold)
{
    ENTRIES_AGE(topic, &fold->recent_topics, state_age_us(fold, fold->limits.topic_age_ms),
                fold->topics.count > fold->limits.topics, drop)
}

void topics_clear(struct fold *fold)
{
    ENTRIES_CLEAR(topic, &fold->recent_topics, drop)
    map_clear(&fold->topics);
}

/* --- snapshots --- */

void topics_write(const struct fold *fold, struct bytes *into)
{
    bytes_append_u64(into, list_count(&fold->recent_topics));
    LIST_EACH(node, &fold->recent_topics) {
        const struct topic *topic = CONTAINER_OF(node, struct topic, recent);
        put_pair(into, topic->key);
        bytes_append_u64(into, (uint64_t)topic->touched_at);
        bytes_append_u32(into, topic->asked);
        for (uint32_t i = 0; i < topic->asked; i++)
            bytes_append_u64(into, (uint64_t)topic->asked_at[i]);
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
        for (uint32_t i = 0; !reading->failed && i < topic->asked; i++)
            topic->asked_at[i] = (int64_t)get_u64(reading);
    }
}
