/* trigger_load: when a rule is looked at. Written as
 *   mood_observed                             each such event
 *   mood_observed(ANGRY)                      those of one kind: the first field of the body that is an enum
 *   wait_started(HOLD) + figures.hold_lead    so long after the event, if what it began still goes on
 *   … + figures.waiting_limit / 3             a part of a figure
 *   case.climbed                              a change of a case, by whatever event
 *   customer.known                            a contact has begun, and it is known now whose it is
 *   promise.overdue                           a time that has passed: see `moments` of rules/trigger.c */
#include "common/policy/load/trigger_load.h"

#include "common/base/text.h"
#include "common/policy/load/finding.h"
#include "common/policy/load/scalar.h"
#include "common/policy/rules/trigger.h"
#include "common/wire/event.h"

static bool read_change(struct loading *loading, const struct node *node, struct trigger *trigger)
{
    const char *name = node->text + strlen("case.");
    trigger->event = WIRE_EVENT__BODY__NOT_SET;
    trigger->change = trigger_change_find(name);
    if (trigger->change)
        return true;
    finding_at(
        loading->findings, node,
        "a case has no change \"%.40s\": opened, cause_added, raised, acknowledged, reopened, climbed, "
        "notified_again, handed_on, resolved or overtaken",
        name);
    return false;
}

static bool read_moment(const struct node *node, struct trigger *trigger)
{
    const struct moment *moment = trigger_moment_find(node->text);
    if (!moment)
        return false;
    trigger->event = WIRE_EVENT__BODY_DEADLINE_PASSED;
    trigger->is_narrowed = true;
    trigger->kind = moment->kind;
    return true;
}

static bool read_known(const struct node *node, struct trigger *trigger)
{
    trigger->event = (WireEvent__BodyCase)TRIGGER_CUSTOMER_KNOWN;
    return text_equal(node->text, TRIGGER_CUSTOMER_KNOWN_NAME);
}

static bool read_kind(struct loading *loading, const struct node *node, struct slice name,
                      struct trigger *trigger)
{
    const ProtobufCFieldDescriptor *member = protobuf_c_message_descriptor_get_field_by_name(
        &wire_event__descriptor, wire_event_type_name(trigger->event));
    const ProtobufCFieldDescriptor *field = trigger_kind_field(member->descriptor);
    char text[POLICY_NAME_SIZE];
    text_format(text, sizeof text, "%.*s", (int)name.size, (const char *)name.data);
    if (!field) {
        finding_at(loading->findings, node, "%s has no kinds: write it without (%s)",
                   wire_event_type_name(trigger->event), text);
        return false;
    }
    const ProtobufCEnumDescriptor *kinds = field->descriptor;
    const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value_by_name(kinds, text);
    if (!value) {
        finding_at(loading->findings, node, "\"%s\" is no %s", text, kinds->short_name);
        return false;
    }
    trigger->is_narrowed = true;
    trigger->kind = value->value;
    return true;
}

/* "waiting_limit", or a part of it, "waiting_limit / 3", which is over when the millisecond that holds its end is. */
static bool read_part(struct loading *loading, const struct node *node, const char *text,
                      char name[static POLICY_NAME_SIZE], int64_t *ret_parts)
{
    size_t length = strcspn(text, " /");
    const char *rest = text + length + strspn(text + length, " ");
    text_format(name, POLICY_NAME_SIZE, "%.*s", (int)(length < 64 ? length : 64), text);
    if (!*rest)
        return true;
    if (*rest == '/' && text_parse_int64(rest + 1 + strspn(rest + 1, " "), 1, 1000, ret_parts) == 0)
        return true;
    finding_at(loading->findings, node,
               "expected / and a number from 1 to 1000 after the figure, not \"%.40s\"", rest);
    return false;
}

static bool read_delay(struct loading *loading, const struct node *node, const char *text,
                       struct trigger *trigger)
{
    static const char prefix[] = "figures.";
    trigger->is_delayed = true;
    trigger->after = arena_text(&loading->policy->arena, slice_of_text(text));
    if (!text_starts_with(text, prefix)) {
        struct node duration = *node;
        duration.text = text;
        return scalar_read_duration(loading, &duration, &trigger->after_us);
    }
    char name[POLICY_NAME_SIZE];
    int64_t parts = 1;
    if (!read_part(loading, node, text + strlen(prefix), name, &parts))
        return false;
    const struct figure *figure = figure_find(loading->policy, name);
    if (!figure) {
        finding_at(loading->findings, node, "there is no figure \"%.40s\"", name);
        return false;
    }
    if (figure->value.type->kind != CEL_DURATION) {
        finding_at(loading->findings, node, "the figure %s is no duration", figure->name);
        return false;
    }
    int64_t part_ms_ns = parts * 1000000;
    trigger->after_us = parts == 1 ? figure->value.as.nanoseconds / 1000
                                   : (figure->value.as.nanoseconds + part_ms_ns - 1) / part_ms_ns * 1000;
    return true;
}

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " ");
}

static bool read_event(struct loading *loading, const struct node *node, struct trigger *trigger)
{
    size_t length = strcspn(node->text, "( +");
    char name[POLICY_NAME_SIZE];
    text_format(name, sizeof name, "%.*s", (int)(length < 64 ? length : 64), node->text);
    trigger->event = wire_event_type_find(name);
    if (trigger->event == WIRE_EVENT__BODY__NOT_SET || wire_event_is_system(trigger->event)) {
        finding_at(loading->findings, node, "there is no event \"%s\"", name);
        return false;
    }
    const char *rest = skip_blanks(node->text + length);
    if (*rest == '(') {
        const char *end = strchr(rest, ')');
        if (!end) {
            finding_at(loading->findings, node, "the ( after %s has no )", name);
            return false;
        }
        if (!read_kind(loading, node, slice_of(rest + 1, (size_t)(end - rest - 1)), trigger))
            return false;
        rest = skip_blanks(end + 1);
    }
    if (*rest == '+')
        return read_delay(loading, node, skip_blanks(rest + 1), trigger);
    if (*rest)
        finding_at(loading->findings, node, "expected + and a duration after the event, not \"%.40s\"", rest);
    return !*rest;
}

/* What begins with the event and ends with another. */
static bool is_endable(const struct trigger *trigger)
{
    return trigger->event != WIRE_EVENT__BODY_WAIT_ENDED &&
           trigger->event != WIRE_EVENT__BODY_WAIT_REPORTED &&
           trigger->event != WIRE_EVENT__BODY_INTERACTION_CLOSED;
}

bool trigger_load(struct loading *loading, const struct node *node, struct rule *rule)
{
    struct trigger trigger = {0};
    if (!finding_expect(loading->findings, node, NODE_TEXT, "an event here, such as wait_started + 5m"))
        return false;
    if (rule->trigger_count == RULE_TRIGGERS) {
        finding_at(loading->findings, node, "a rule looks at %d things at most", RULE_TRIGGERS);
        return false;
    }
    bool is_read = read_moment(node, &trigger) || read_known(node, &trigger) ||
                   (text_starts_with(node->text, "case.") ? read_change(loading, node, &trigger)
                                                          : read_event(loading, node, &trigger));
    if (!is_read)
        return false;
    if (trigger.is_delayed && !is_endable(&trigger)) {
        finding_at(loading->findings, node, "nothing goes on after %s that a time could run on",
                   wire_event_type_name(trigger.event));
        return false;
    }
    rule->triggers[rule->trigger_count++] = trigger;
    return true;
}
