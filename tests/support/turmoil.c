/* turmoil: fields by their descriptors, values by their names. */
#include "tests/support/turmoil.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/base/uuid.h"
#include "common/wire/event.h"
#include "common/wire/field.h"
#include "common/wire/rules.h"
#include "common/wire/set.h"
#include "common/wire/validate.h"
#include "common/wire/wire.h"
#include "tests/support/check.h"

enum { WORDS = 8, PARTS_MOST = 3 };

static const int64_t second_us = 1000000, minute_us = 60 * INT64_C(1000000),
                     day_us = 86400 * INT64_C(1000000);

int64_t turmoil_any(struct turmoil *turmoil, int64_t below)
{
    return below > 0 ? (int64_t)(check_random(&turmoil->seed) % (uint64_t)below) : 0;
}

static bool one_in(struct turmoil *turmoil, int64_t many)
{
    return turmoil_any(turmoil, many) == 0;
}

/* --- values --- */

static const struct {
    const char *field; /* its name, or how it ends */
    const char *words[WORDS];
} pools[] = {
    {"store_id", {"harbour", "york", "wien"}},
    {"interaction_id", {"i1", "i2", "i3", "i4", "i5", "i6", "i7"}},
    {"employee_id", {"anna", "ben", "cleo", "dora", "emil"}},
    {"customer_id", {"c1", "c2", "c3", "c4", "c5"}},
    {"remedy_id", {"r1", "r2", "r3", "r4", "r5", "r6"}},
    {"promise_id", {"p1", "p2", "p3", "p4", "p5"}},
    {"appointment_id", {"a1", "a2", "a3"}},
    {"proposal_id", {"q1", "q2", "q3"}},
    {"about", {"yes_cap", "one-hop", "A2", "shift_lead", "nothing"}},
    {"product_id", {"tire-rotation", "oil-change", "washing-machine", "mattress", "lamp"}},
    {"topic", {"warranty", "finance", "size"}},
    {"exception",
     {"split-set", "price-match", "exchange-without-receipt", "late-return", "made-to-order-return",
      "moonlight"}},
    {"topics", {"warranty", "finance", "size"}},
    {"department", {"service", "appliances", "bedding"}},
    {"departments", {"service", "appliances", "bedding"}},
    {"role",
     {"associate", "shift_lead", "store_manager", "district_manager", "head_office", "head_office",
      "head_office", "janitor"}},
    {"currency", {"EUR", "EUR", "EUR", "USD", "JPY"}},
    {"subscriber", {"desk", "pager", "board"}},
    {"", {"x", "y", "z"}},
};

static bool ends_with(const char *text, const char *ending)
{
    size_t size = strlen(text), ending_size = strlen(ending);
    return size >= ending_size && text_equal(text + size - ending_size, ending);
}

static char *any_word(struct turmoil *turmoil, const char *field)
{
    size_t at = 0;
    while (!ends_with(field, pools[at].field))
        at++;
    int64_t count = 0;
    while (count < WORDS && pools[at].words[count])
        count++;
    return (char *)pools[at].words[turmoil_any(turmoil, count)];
}

static char *any_text(struct turmoil *turmoil, const ProtobufCFieldDescriptor *field,
                      const struct wire_field_rule *rule)
{
    if (rule->charset == WIRE_FREE_TEXT)
        return ""; /* it travels apart */
    if (text_equal(field->name, "escalation_id"))
        return turmoil->case_count ? turmoil->cases[turmoil->chosen].id : "1-1-1";
    if (text_equal(field->name, "follow_up_id"))
        return turmoil->follow_up_count
                   ? turmoil->follow_ups[turmoil_any(turmoil, (int64_t)turmoil->follow_up_count)]
                   : "1-1-1";
    return any_word(turmoil, field->name);
}

/* Around now: soon, in a while, already over. */
static int64_t any_instant(struct turmoil *turmoil)
{
    static const int64_t reach[] = {1, 90, 60 * 26, 60 * 24 * 40, 60 * 24 * 500};
    int64_t minutes = turmoil_any(turmoil, reach[turmoil_any(turmoil, COUNT_OF(reach))]);
    return turmoil->now + (one_in(turmoil, 8) ? -minutes : minutes) * minute_us;
}

static int64_t any_number(struct turmoil *turmoil, const char *name, const struct wire_field_rule *rule)
{
    static const int64_t amounts[] = {0,     1,     2500,   5000,   5001,   7500,
                                      20000, 20001, 100000, 400000, 500001, INT64_C(1000000000000000)};
    if (ends_with(name, "_at") || text_equal(name, "at"))
        return any_instant(turmoil);
    if (ends_with(name, "_ms"))
        return turmoil_any(turmoil, one_in(turmoil, 3) ? 40 * 86400000LL : 1200000);
    if (text_equal(name, "minor"))
        return amounts[turmoil_any(turmoil, COUNT_OF(amounts) - !one_in(turmoil, 20))];
    if (text_equal(name, "round") && turmoil->case_count)
        return turmoil->cases[turmoil->chosen].round + (one_in(turmoil, 6) ? 1 : 0);
    int64_t span = rule->most - rule->least;
    return rule->least + turmoil_any(turmoil, (span < 6 ? span : 6) + 1);
}

static ProtobufCMessage *any_message(struct turmoil *turmoil, struct arena *arena,
                                     const struct wire_message_rules *rules);

static void any_value(struct turmoil *turmoil, struct arena *arena, const ProtobufCFieldDescriptor *field,
                      const struct wire_field_rule *rule, void *into)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        *(char **)into = any_text(turmoil, field, rule);
        return;
    case PROTOBUF_C_TYPE_MESSAGE:
        *(ProtobufCMessage **)into = any_message(turmoil, arena, rule->message);
        return;
    case PROTOBUF_C_TYPE_BOOL:
        *(protobuf_c_boolean *)into = turmoil_any(turmoil, 2);
        return;
    case PROTOBUF_C_TYPE_ENUM: {
        const ProtobufCEnumDescriptor *values = field->descriptor;
        *(int *)into = values->values[turmoil_any(turmoil, values->n_values)].value;
        return;
    }
    case PROTOBUF_C_TYPE_INT64:
        *(int64_t *)into = any_number(turmoil, field->name, rule);
        return;
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_UINT32:
        *(int32_t *)into = (int32_t)any_number(turmoil, field->name, rule);
        return;
    default:
        fail_msg("turmoil has no value for %s", field->name);
    }
}

static void any_field(struct turmoil *turmoil, struct arena *arena, const ProtobufCFieldDescriptor *field,
                      const struct wire_field_rule *rule, void *message)
{
    size_t count = 1;
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        count = (size_t)turmoil_any(turmoil, PARTS_MOST) + rule->is_required;
        void *array = arena_allocate(arena, (count + 1) * wire_field_size(field));
        assert_non_null(array);
        wire_field_array(field, message, array, 0);
    } else if (!rule->is_required && turmoil_any(turmoil, 5) < 2) {
        return;
    }
    for (size_t i = 0; i < count; i++)
        any_value(turmoil, arena, field, rule, wire_field_set(field, message, i));
}

static ProtobufCMessage *any_message(struct turmoil *turmoil, struct arena *arena,
                                     const struct wire_message_rules *rules)
{
    ProtobufCMessage *message = arena_allocate(arena, rules->descriptor->sizeof_message);
    assert_non_null(message);
    protobuf_c_message_init(rules->descriptor, message);
    for (unsigned i = 0; i < rules->field_count; i++)
        any_field(turmoil, arena, &rules->descriptor->fields[i], &rules->fields[i], message);
    return message;
}

/* --- events --- */

/* How often, where it is not twice. */
static const struct {
    const char *type;
    unsigned weight;
} weights[] = {
    {"interaction_opened", 6},
    {"interaction_closed", 5},
    {"mood_observed", 4},
    {"wait_started", 6},
    {"wait_ended", 3},
    {"remedy_requested", 8},
    {"exception_requested", 4},
    {"authority_lent", 4},
    {"employee_asked_for", 4},
    {"off_duty", 4},
    {"role_granted", 4},
    {"promise_made", 4},
    {"on_duty", 4},
    {"case_acknowledged", 8},
    {"case_answered", 7},
    {"follow_up_done", 3},
    {"serving_started", 3},
    {"serving_ended", 3},
    {"source_heartbeat", 1},
    {"product_described", 1},
    {"lesson_shared", 1},
    {"deadline_passed", 0},
    {"policy_proposed", 0},
};

static unsigned weight_of(unsigned body)
{
    const struct wire_field_rule *rule = &wire_event_rules.fields[body];
    if (!rule->needs && !rule->is_system)
        return 0; /* of the envelope */
    for (size_t i = 0; i < COUNT_OF(weights); i++)
        if (text_equal(weights[i].type, rule->name))
            return weights[i].weight;
    return 2;
}

static unsigned any_type(struct turmoil *turmoil)
{
    unsigned sum = 0, at = 0;
    for (unsigned body = 0; body < wire_event_rules.field_count; body++)
        sum += weight_of(body);
    unsigned place = (unsigned)turmoil_any(turmoil, sum);
    while (place >= weight_of(at))
        place -= weight_of(at++);
    return at;
}

static int64_t any_occurrence(struct turmoil *turmoil)
{
    static const int64_t ago[] = {0, 0, 0, 0, 0, 0, 20, 7 * 60, 5 * 3600, 3 * 86400, 50 * 86400};
    int64_t most = ago[turmoil_any(turmoil, COUNT_OF(ago))];
    return turmoil->now - (most ? turmoil_any(turmoil, most * second_us) : 0) +
           (one_in(turmoil, 40) ? minute_us : 0);
}

static void fill_envelope(struct turmoil *turmoil, WireEvent *event, const struct wire_field_rule *body)
{
    uint64_t number = ++turmoil->made;
    bool is_system = body->is_system;
    struct uuid id = uuid_derive(turmoil->now, slice_of_text("turmoil"), slice_of(&number, sizeof number));
    event->source = is_system ? "bellhop/relay" : "harbour/till-1";
    WIRE_SET(event, occurred_at, is_system ? turmoil->now : any_occurrence(turmoil));
    event->store_id = is_system && one_in(turmoil, 3) ? NULL : any_word(turmoil, "store_id");
    if (!is_system && ((body->needs & WIRE_NEEDS_INTERACTION) || !one_in(turmoil, 5)))
        event->interaction_id = any_word(turmoil, "interaction_id");
    if (!is_system && ((body->needs & WIRE_NEEDS_EMPLOYEE) || !one_in(turmoil, 4)))
        event->employee_id = any_word(turmoil, "employee_id");
    if (!is_system && !one_in(turmoil, 3))
        event->customer_id = any_word(turmoil, "customer_id");
    event->has_drill = event->drill = !is_system && one_in(turmoil, 16);
    event->has_id = true;
    event->id.len = sizeof id.bytes;
    memcpy(event->id.data, id.bytes, sizeof id.bytes);
}

WireEvent *turmoil_event(struct turmoil *turmoil, struct arena *arena)
{
    unsigned type = any_type(turmoil);
    const struct wire_field_rule *rule = &wire_event_rules.fields[type];
    WireEvent *event = arena_allocate(arena, sizeof *event);
    assert_non_null(event);
    wire_event__init(event);
    event->id.data = arena_allocate(arena, UUID_SIZE);
    turmoil->chosen = turmoil->case_count && one_in(turmoil, 3)
                          ? (size_t)turmoil_any(turmoil, (int64_t)turmoil->case_count)
                          : turmoil->last;
    fill_envelope(turmoil, event, rule);
    any_value(turmoil, arena, &wire_event__descriptor.fields[type], rule,
              wire_field_set(&wire_event__descriptor.fields[type], event, 0));
    struct wire_refusal refusal;
    if (!wire_validate_message(&wire_event_rules, event, slice_of(NULL, 0), &refusal))
        fail_msg("turmoil made a %s that is refused: %s %s", rule->name, refusal.field, refusal.explanation);
    return event;
}

int64_t turmoil_sent_at(struct turmoil *turmoil, const WireEvent *event)
{
    return one_in(turmoil, 4) ? event->occurred_at : turmoil->now;
}

void turmoil_wait(struct turmoil *turmoil)
{
    static const int64_t reach[] = {2, 2, 30, 30, 30, 300, 300, 900, 7200, 30000};
    int64_t most = one_in(turmoil, 50)    ? 2 * day_us
                   : one_in(turmoil, 250) ? 70 * day_us
                                          : reach[turmoil_any(turmoil, COUNT_OF(reach))] * second_us;
    turmoil->now += turmoil_any(turmoil, most);
}

/* --- what was decided --- */

static void remember_case(struct turmoil *turmoil, const WireCase *body)
{
    size_t at = 0;
    while (at < turmoil->case_count && !text_equal(turmoil->cases[at].id, body->escalation_id))
        at++;
    if (at == TURMOIL_REMEMBERED)
        at = (size_t)turmoil_any(turmoil, TURMOIL_REMEMBERED);
    text_copy(turmoil->cases[at].id, TURMOIL_ID_SIZE, body->escalation_id);
    turmoil->cases[at].round = body->round;
    turmoil->case_count += at == turmoil->case_count;
    turmoil->last = at;
}

static void remember_follow_up(struct turmoil *turmoil, const char *id)
{
    size_t at = turmoil->follow_up_count < TURMOIL_REMEMBERED
                    ? turmoil->follow_up_count++
                    : (size_t)turmoil_any(turmoil, TURMOIL_REMEMBERED);
    text_copy(turmoil->follow_ups[at], TURMOIL_ID_SIZE, id);
}

void turmoil_hear(struct turmoil *turmoil, const WireDecision *decision)
{
    if (decision->body_case == WIRE_DECISION__BODY_CASE)
        remember_case(turmoil, decision->case_);
    else if (decision->kind == WIRE_DECISION_KIND__FOLLOW_UP_OPENED)
        remember_follow_up(turmoil, decision->follow_up->follow_up_id);
}
