/* asked: one question a case, kept until it is answered or two weeks have passed. */
#include "common/policy/state/asked.h"

#include "common/policy/state/entry.h"
#include "common/policy/state/snapshot.h"

static struct asked *find(const struct fold *fold, const char *escalation_id)
{
    return escalation_id ? map_find_text(&fold->asked, escalation_id) : NULL;
}

const struct asked *asked_find(const struct fold *fold, const char *escalation_id)
{
    return find(fold, escalation_id);
}

static struct asked *make(struct fold *fold, const char *escalation_id)
{
    struct asked *asked = find(fold, escalation_id);
    if (!asked)
        ENTRY_ADD(fold, &fold->asked, asked, escalation_id, strlen(escalation_id));
    asked->touched_at = fold->recorded_at;
    entry_touch(&fold->recent_asked, &asked->recent);
    return asked;
}

void asked_note(struct fold *fold, const WireDecision *decision)
{
    const WireNotice *notice = decision->notice;
    if (!notice->asks || !notice->subject || !notice->to_employee_id || !decision->store_id)
        return;
    struct asked *asked = make(fold, notice->subject);
    name_set(&fold->names, &asked->employee, notice->to_employee_id);
    name_set(&fold->names, &asked->store, decision->store_id);
    asked->is_drill = decision->drill;
}

static void drop(struct fold *fold, struct asked *asked)
{
    name_set(&fold->names, &asked->employee, NULL);
    name_set(&fold->names, &asked->store, NULL);
    ENTRY_REMOVE(fold, &fold->asked, asked);
}

void asked_answer(struct fold *fold, const char *escalation_id)
{
    struct asked *asked = find(fold, escalation_id);
    if (asked)
        drop(fold, asked);
}

void asked_age(struct fold *fold)
{
    ENTRIES_AGE(asked, &fold->recent_asked, fold->limits.asked_age_ms * 1000,
                fold->asked.count > fold->limits.asked, drop)
}

void asked_clear(struct fold *fold)
{
    ENTRIES_CLEAR(asked, &fold->recent_asked, drop)
    map_clear(&fold->asked);
}

void asked_write(const struct fold *fold, struct bytes *into)
{
    bytes_append_u64(into, list_count(&fold->recent_asked));
    LIST_EACH(node, &fold->recent_asked) {
        const struct asked *asked = CONTAINER_OF(node, struct asked, recent);
        put_text(into, asked->key);
        bytes_append_u64(into, (uint64_t)asked->touched_at);
        put_text(into, asked->employee);
        put_text(into, asked->store);
        bytes_append_u8(into, asked->is_drill);
    }
}

void asked_read(struct reading *reading)
{
    for (uint64_t count = get_count(reading); count && !reading->failed; count--) {
        arena_reset(&reading->arena, 0);
        struct asked *asked = make(reading->fold, get_word(reading));
        asked->touched_at = (int64_t)get_u64(reading);
        get_name(reading, &asked->employee);
        get_name(reading, &asked->store);
        asked->is_drill = get_u8(reading);
        reading->failed |= !asked->employee || !asked->store;
    }
}
