/* recurrence: times at which the same came up, and the groups of them that were told of. */
#include "common/policy/state/recurrence.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/state/entry.h"
#include "common/policy/state/snapshot.h"
#include "common/policy/state/state_age.h"

static const int64_t day_us = 86400 * INT64_C(1000000);

/* --- what it is called --- */

enum kind { TOPIC = 't', INCIDENT = 'i', COMPLAINT = 'c', FAILURE = 'f' };

static const char *enum_name(const ProtobufCEnumDescriptor *descriptor, int value)
{
    const ProtobufCEnumValue *known = protobuf_c_enum_descriptor_get_value(descriptor, value);
    return known ? known->name : NULL;
}

static size_t put(char *into, const char *text)
{
    enum { WORD_SIZE = 64 + 1 };
    text_copy(into, WORD_SIZE, text_or_empty(text));
    return strlen(into) + 1;
}

/* A trouble told twice in one contact is one trouble; each question that nobody could answer is one of its own. A contact of an
 * employee counts once. */
static bool name_it(struct recurrence_name *name, const WireEvent *event, enum kind kind, const char *subject,
                    const char *employee_id)
{
    if (!subject)
        return false;
    name->subject = subject;
    name->employee_id = employee_id;
    name->once_within = kind == TOPIC ? -1 : kind == FAILURE ? INT64_MAX : day_us;
    size_t size = put(name->key, event->store_id);
    name->key[size++] = (char)kind;
    size += put(name->key + size, subject);
    size += put(name->key + size, employee_id);
    if (event->drill)
        name->key[size++] = 'd';
    name->key_size = size;
    return true;
}

bool recurrence_in_store(const WireEvent *event, struct recurrence_name *ret_name)
{
    switch ((int)event->body_case) {
    case WIRE_EVENT__BODY_QUESTION_UNANSWERED:
        return name_it(ret_name, event, TOPIC, event->question_unanswered->topic, NULL);
    case WIRE_EVENT__BODY_INCIDENT:
        return name_it(ret_name, event, INCIDENT,
                       enum_name(&wire_incident_kind__descriptor, (int)event->incident->kind), NULL);
    case WIRE_EVENT__BODY_COMPLAINT:
        return name_it(ret_name, event, COMPLAINT,
                       enum_name(&wire_complaint_about__descriptor, (int)event->complaint->about), NULL);
    }
    return false;
}

/* What went wrong; NULL: nothing that is counted. The worse ratings are those that G2 calls bad as shipped. */
static const char *failure_of(const WireEvent *event)
{
    enum { WORSE_RATING = 2 };
    if (event->body_case == WIRE_EVENT__BODY_COMPLAINT)
        return enum_name(&wire_complaint_about__descriptor, (int)event->complaint->about);
    if (event->body_case != WIRE_EVENT__BODY_INTERACTION_CLOSED)
        return NULL;
    const WireInteractionClosed *closed = event->interaction_closed;
    bool is_bad = closed->outcome == WIRE_OUTCOME__DISSATISFIED ||
                  (closed->has_rating && closed->rating <= WORSE_RATING);
    return is_bad ? enum_name(&wire_outcome__descriptor, WIRE_OUTCOME__DISSATISFIED) : NULL;
}

/* Whoever takes a complaint is not who it is about, as long as somebody served before. */
bool recurrence_of_employee(const WireEvent *event, const struct interaction_known *before,
                            const struct interaction_known *after, struct recurrence_name *ret_name)
{
    const char *failure = event->interaction_id ? failure_of(event) : NULL;
    const char *employee_id = event->body_case == WIRE_EVENT__BODY_COMPLAINT && before && before->served_by
                                  ? before->served_by
                                  : after->served_by;
    return failure && employee_id && !interaction_is_repeated(before, event) &&
           name_it(ret_name, event, FAILURE, failure, employee_id);
}

/* --- counting --- */

static struct recurrence *find(const struct fold *fold, const char *key, size_t key_size)
{
    return map_find(&fold->recurrences, key, key_size);
}

const struct recurrence *recurrence_find(const struct fold *fold, const struct recurrence_name *name)
{
    return find(fold, name->key, name->key_size);
}

static bool is_told(const struct recurrence *recurrence, int64_t at)
{
    for (uint32_t i = 0; i < recurrence->group_count; i++)
        if (at >= recurrence->groups[i].from && at <= recurrence->groups[i].until)
            return true;
    return false;
}

static bool is_same(const struct occasion *occasion, const struct recurrence_name *name,
                    const struct occurrence *occurrence)
{
    const char *contact = occurrence->event->interaction_id;
    int64_t apart =
        occasion->at > occurrence->at ? occasion->at - occurrence->at : occurrence->at - occasion->at;
    return contact && occasion->contact && apart <= name->once_within &&
           text_equal(contact, occasion->contact);
}

bool recurrence_is_counted(const struct recurrence *recurrence, const struct recurrence_name *name,
                           const struct occurrence *occurrence)
{
    if (!recurrence)
        return false;
    for (uint32_t i = 0; i < recurrence->count; i++)
        if (is_same(&recurrence->occasions[i], name, occurrence))
            return true;
    return is_told(recurrence, occurrence->at);
}

static struct recurrence *make(struct fold *fold, const char *key, size_t key_size)
{
    struct recurrence *recurrence = find(fold, key, key_size);
    if (!recurrence)
        ENTRY_ADD(fold, &fold->recurrences, recurrence, key, key_size);
    recurrence->touched_at = fold->recorded_at;
    entry_touch(&fold->recent_recurrences, &recurrence->recent);
    return recurrence;
}

static void take(struct fold *fold, struct recurrence *recurrence, uint32_t place)
{
    name_own(&fold->names, &recurrence->occasions[place].contact, NULL);
    memmove(recurrence->occasions + place, recurrence->occasions + place + 1,
            (--recurrence->count - place) * sizeof *recurrence->occasions);
    fold->bytes -= sizeof *recurrence->occasions;
}

static void add(struct fold *fold, struct recurrence *recurrence, const struct occasion *occasion)
{
    if (recurrence->count == RECURRENCE_TIMES - 1)
        take(fold, recurrence, 0);
    uint32_t place = recurrence->count;
    while (place && recurrence->occasions[place - 1].at > occasion->at)
        place--;
    recurrence->occasions =
        memory_resize_array(recurrence->occasions, recurrence->count + 1, sizeof *recurrence->occasions);
    memmove(recurrence->occasions + place + 1, recurrence->occasions + place,
            (recurrence->count++ - place) * sizeof *recurrence->occasions);
    recurrence->occasions[place] = (struct occasion){.at = occasion->at, .seq = occasion->seq};
    name_own(&fold->names, &recurrence->occasions[place].contact, occasion->contact);
    fold->bytes += sizeof *recurrence->occasions;
}

void recurrence_observe(struct fold *fold, const struct recurrence_name *name,
                        const struct occurrence *occurrence)
{
    const struct occasion occasion = {
        .at = occurrence->at, .seq = occurrence->seq, .contact = occurrence->event->interaction_id};
    struct recurrence *recurrence = make(fold, name->key, name->key_size);
    if (!recurrence_is_counted(recurrence, name, occurrence))
        add(fold, recurrence, &occasion);
}

void recurrence_tell(struct fold *fold, const struct recurrence_name *name, struct told_group group)
{
    struct recurrence *recurrence = make(fold, name->key, name->key_size);
    if (recurrence->group_count == RECURRENCE_GROUPS)
        memmove(recurrence->groups, recurrence->groups + 1,
                --recurrence->group_count * sizeof *recurrence->groups);
    recurrence->groups[recurrence->group_count++] = group;
    for (uint32_t place = recurrence->count; place-- > 0;)
        if (is_told(recurrence, recurrence->occasions[place].at))
            take(fold, recurrence, place);
}

/* --- forgetting --- */

static void drop(struct fold *fold, struct recurrence *recurrence)
{
    while (recurrence->count)
        take(fold, recurrence, recurrence->count - 1);
    free(recurrence->occasions);
    ENTRY_REMOVE(fold, &fold->recurrences, recurrence);
}

void recurrences_age(struct fold *fold)
{
    ENTRIES_AGE(recurrence, &fold->recent_recurrences, state_age_us(fold, fold->limits.recurrence_age_ms),
                fold->recurrences.count > fold->limits.recurrences, drop)
}

void recurrences_clear(struct fold *fold)
{
    ENTRIES_CLEAR(recurrence, &fold->recent_recurrences, drop)
    map_clear(&fold->recurrences);
}

/* --- snapshots --- */

void recurrences_write(const struct fold *fold, struct bytes *into)
{
    bytes_append_u64(into, list_count(&fold->recent_recurrences));
    LIST_EACH(node, &fold->recent_recurrences) {
        const struct recurrence *recurrence = CONTAINER_OF(node, struct recurrence, recent);
        put_slice(into, recurrence->key, recurrence->key_size);
        bytes_append_u64(into, (uint64_t)recurrence->touched_at);
        put_slice(into, recurrence->groups, sizeof recurrence->groups);
        bytes_append_u32(into, recurrence->group_count);
        bytes_append_u32(into, recurrence->count);
        for (uint32_t i = 0; i < recurrence->count; i++) {
            bytes_append_u64(into, (uint64_t)recurrence->occasions[i].at);
            bytes_append_u64(into, recurrence->occasions[i].seq);
            put_text(into, recurrence->occasions[i].contact);
        }
    }
}

static void read_occasion(struct reading *reading, struct recurrence *recurrence)
{
    struct occasion occasion = {.at = (int64_t)get_u64(reading)};
    occasion.seq = get_u64(reading);
    occasion.contact = get_text(reading);
    add(reading->fold, recurrence, &occasion);
}

void recurrences_read(struct reading *reading)
{
    for (uint64_t count = get_count(reading); count && !reading->failed; count--) {
        arena_reset(&reading->arena, 0);
        struct slice key = get_slice(reading);
        if (reading->failed || key.size > KEY_RECURRENCE_SIZE)
            break;
        struct recurrence *recurrence = make(reading->fold, (const char *)key.data, key.size);
        recurrence->touched_at = (int64_t)get_u64(reading);
        get_values(reading, recurrence->groups, sizeof recurrence->groups);
        recurrence->group_count = get_u32(reading);
        uint32_t occasions = get_u32(reading);
        reading->failed |= recurrence->group_count > RECURRENCE_GROUPS || occasions >= RECURRENCE_TIMES;
        for (; occasions && !reading->failed; occasions--)
            read_occasion(reading, recurrence);
    }
}
