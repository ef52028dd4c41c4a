/* story: from YAML to events by their descriptors, and from expectations to comparisons. */
#include "common/policy/trial/story.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/base/time.h"
#include "common/policy/load/finding.h"
#include "common/policy/load/setting.h"
#include "common/wire/event.h"
#include "common/wire/json.h"
#include "common/wire/json_name.h"
#include "common/wire/rules.h"

#include <stdio.h>
#include <strings.h>

/* --- times --- */

static const int64_t second_us = 1000000, day_us = INT64_C(86400000000);

/* "10:05" or "10:05:30": of the day the story begins. */
static bool parse_clock(const char *text, int64_t begins_at, int64_t *ret_at)
{
    int hour, minute, second = 0, used = 0, more = 0;
    if (sscanf(text, "%2d:%2d%n", &hour, &minute, &used) != 2)
        return false;
    if (text[used] == ':' && sscanf(text + used, ":%2d%n", &second, &more) == 1)
        used += more;
    if (text[used] || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
        return false;
    *ret_at = begins_at / day_us * day_us + ((hour * 60 + minute) * INT64_C(60) + second) * second_us;
    return true;
}

static bool parse_time(const char *text, const struct story_moment *moment, int64_t *ret_at)
{
    int64_t ms;
    if (text[0] == '+' && !text_parse_duration_ms(text + 1, &ms)) {
        *ret_at = moment->before + ms * 1000;
        return true;
    }
    return parse_clock(text, moment->begins_at, ret_at) || !time_parse(text, ret_at);
}

bool story_time(const struct node *node, const struct story_moment *moment, struct policy_findings *findings,
                int64_t *ret_at)
{
    if (node->kind == NODE_TEXT && parse_time(node->text, moment, ret_at))
        return true;
    finding_at(findings, node, "expected a time here, such as 10:05, +5min or 2026-03-02T10:05:00Z");
    return false;
}

/* --- values --- */

/* "300.00 EUR" */
static json_t *money_of(const char *text)
{
    char amount[32], currency[8];
    int64_t minor;
    if (sscanf(text, "%31s %7s", amount, currency) != 2 || text_parse_amount_minor(amount, &minor))
        return NULL;
    return json_pack("{s:I, s:s}", "minor", (json_int_t)minor, "currency", currency);
}

static const char *stand_in(const char *text, const struct story_moment *moment, char round[static 16])
{
    if (text_equal(text, "$case"))
        return text_or_empty(moment->escalation_id);
    if (text_equal(text, "$follow_up"))
        return text_or_empty(moment->follow_up_id);
    if (!text_equal(text, "$round"))
        return text;
    text_format(round, 16, "%u", moment->round);
    return round;
}

static json_t *message_of(const struct node *node, const ProtobufCMessageDescriptor *descriptor,
                          const struct story_moment *moment);

static json_t *scalar_of(const struct node *node, const ProtobufCFieldDescriptor *field,
                         const struct story_moment *moment)
{
    char round[16];
    const char *text = stand_in(node->text, moment, round);
    int64_t number;
    bool truth;
    if (field->type == PROTOBUF_C_TYPE_STRING || field->type == PROTOBUF_C_TYPE_ENUM ||
        field->type == PROTOBUF_C_TYPE_BYTES)
        return json_string(text);
    if (field->type == PROTOBUF_C_TYPE_MESSAGE)
        return money_of(text);
    if (field->type == PROTOBUF_C_TYPE_BOOL)
        return text_parse_bool(text, &truth) ? NULL : json_boolean(truth);
    if (json_name_is_instant(field) && parse_time(text, moment, &number))
        return json_integer(number);
    if (!text_parse_int64(text, INT64_MIN, INT64_MAX, &number))
        return json_integer(number);
    return json_string(text);
}

static json_t *value_of(const struct node *node, const ProtobufCFieldDescriptor *field,
                        const struct story_moment *moment)
{
    if (node->kind == NODE_LIST) {
        json_t *list = json_array();
        for (const struct node *item = node->first; item; item = item->next)
            json_array_append_new(list, value_of(item, field, moment));
        return list;
    }
    if (node->kind == NODE_MAPPING)
        return field->type == PROTOBUF_C_TYPE_MESSAGE ? message_of(node, field->descriptor, moment)
                                                      : json_object();
    return scalar_of(node, field, moment);
}

static json_t *message_of(const struct node *node, const ProtobufCMessageDescriptor *descriptor,
                          const struct story_moment *moment)
{
    json_t *object = json_object();
    for (const struct node *value = node->first; value; value = value->next) {
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field_by_name(descriptor, value->key->text);
        json_t *json = field ? value_of(value, field, moment) : json_string("");
        json_object_set_new(object, value->key->text,
                            json ? json : json_string(value->text ? value->text : ""));
    }
    return object;
}

/* --- events --- */

static bool is_own_key(const char *key)
{
    return text_equal(key, "at") || text_equal(key, "happened") || text_equal(key, "sent");
}

static const struct node *default_of(const struct story_defaults *defaults, const char *name)
{
    const struct node *node = node_find(defaults->own, name);
    return !node && defaults->file ? node_find(defaults->file, name) : node;
}

static void fill_in(json_t *event, const struct story_defaults *defaults, const char *name,
                    const char *otherwise)
{
    const struct node *node = default_of(defaults, name);
    if (json_object_get(event, name))
        return;
    if (node && node->kind == NODE_TEXT)
        json_object_set_new(event, name, json_string(node->text));
    else if (otherwise)
        json_object_set_new(event, name, json_string(otherwise));
}

/* What the type needs of the envelope, or the case says. */
static void fill_defaults(json_t *event, const struct story_defaults *defaults, const char *type)
{
    const struct wire_field_rule *body = type ? wire_rule_of(&wire_event__descriptor, type) : NULL;
    unsigned needs = body ? body->needs : 0;
    char source[WHY_SIZE];
    fill_in(event, defaults, "store_id", "harbour");
    fill_in(event, defaults, "interaction_id", needs & WIRE_NEEDS_INTERACTION ? "i1" : NULL);
    fill_in(event, defaults, "employee_id", needs & WIRE_NEEDS_EMPLOYEE ? "anna" : NULL);
    fill_in(event, defaults, "customer_id", NULL);
    text_format(source, sizeof source, "%s/till", json_string_value(json_object_get(event, "store_id")));
    fill_in(event, defaults, "source", source);
    const struct node *drill = default_of(defaults, "drill");
    bool is_drill;
    if (drill && drill->kind == NODE_TEXT && !text_parse_bool(drill->text, &is_drill) &&
        !json_object_get(event, "drill"))
        json_object_set_new(event, "drill", json_boolean(is_drill));
}

static const char *type_of(const struct node *entry)
{
    for (const struct node *value = entry->first; value; value = value->next)
        if (wire_event_type_find(value->key->text) != WIRE_EVENT__BODY__NOT_SET)
            return value->key->text;
    return NULL;
}

/* A body without fields may be written as nothing: `compliment:`. */
static json_t *envelope_of(const struct node *entry, const struct story_moment *moment)
{
    json_t *object = message_of(entry, &wire_event__descriptor, moment);
    for (const struct node *value = entry->first; value; value = value->next) {
        bool is_body = wire_event_type_find(value->key->text) != WIRE_EVENT__BODY__NOT_SET;
        if (is_own_key(value->key->text))
            json_object_del(object, value->key->text);
        else if (is_body && value->kind == NODE_TEXT && !value->size)
            json_object_set_new(object, value->key->text, json_object());
    }
    return object;
}

/* The policy under test with the changes of `set`, as it would be proposed. False with a finding. */
static bool propose(const struct node *body, const struct story_moment *moment, struct arena *arena,
                    WirePolicyProposed *proposed, struct policy_findings *findings)
{
    AUTO_CLEAR(bytes) document = {0};
    struct node *set = body->kind == NODE_MAPPING ? node_find((struct node *)body, "set") : NULL;
    bytes_append_slice(&document, moment->policy->document);
    for (const struct node *item = set ? set->first : NULL; item; item = item->next) {
        struct setting_change change;
        AUTO_CLEAR(bytes) changed = {0};
        char why[WHY_SIZE] = "expected NAME=VALUE here";
        if (item->kind != NODE_TEXT || !setting_parse(item->text, &change, why) ||
            !setting_apply(bytes_slice(&document), &change, &changed, why)) {
            finding_at(findings, item, "%s", why);
            return false;
        }
        bytes_reset(&document);
        bytes_append_slice(&document, bytes_slice(&changed));
    }
    proposed->has_document = true;
    proposed->document.len = document.size;
    proposed->document.data = arena_copy(arena, document.data, document.size);
    proposed->zones = (WireZoneTable **)moment->policy->zones;
    proposed->n_zones = moment->policy->zone_count;
    return proposed->document.data != NULL;
}

static const struct node *body_node(const struct node *entry, const char *type)
{
    const struct node *value = entry->first;
    while (!text_equal(value->key->text, type))
        value = value->next;
    return value;
}

WireEvent *story_event(struct node *entry, const struct story_defaults *defaults,
                       const struct story_moment *moment, struct arena *arena,
                       struct policy_findings *findings)
{
    const char *type = entry->kind == NODE_MAPPING ? type_of(entry) : NULL;
    if (!type) {
        finding_at(findings, entry,
                   "expected an event here: at, and a body such as wait_started: { kind: HOLD }");
        return NULL;
    }
    struct wire_refusal refusal;
    json_t *json = envelope_of(entry, moment);
    fill_defaults(json, defaults, type);
    json_object_del(json_object_get(json, "policy_proposed"), "set");
    WireEvent *event = wire_json_message(&wire_event__descriptor, json, arena, &refusal);
    json_decref(json);
    if (!event)
        finding_at(findings, entry, "%s", refusal.explanation);
    else if (event->body_case == WIRE_EVENT__BODY_POLICY_PROPOSED &&
             !propose(body_node(entry, type), moment, arena, event->policy_proposed, findings))
        return NULL;
    return event;
}

/* --- expectations --- */

static bool scalar_matches(const struct node *expected, const json_t *value,
                           const struct story_moment *moment)
{
    char round[16], number[32];
    const char *wanted = stand_in(expected->text, moment, round);
    int64_t at, is_at;
    if (json_is_string(value)) {
        const char *text = json_string_value(value);
        if (!strcasecmp(wanted, text))
            return true;
        return parse_time(wanted, moment, &at) && !time_parse(text, &is_at) && at == is_at;
    }
    if (json_is_boolean(value))
        return text_equal(wanted, json_is_true(value) ? "true" : "false");
    if (json_is_integer(value)) {
        text_format(number, sizeof number, "%lld", (long long)json_integer_value(value));
        return text_equal(wanted, number);
    }
    json_t *money = json_is_object(value) ? money_of(wanted) : NULL;
    bool is_same = money && json_equal(money, value);
    json_decref(money);
    return is_same;
}

static bool value_matches(const struct node *expected, const json_t *value,
                          const struct story_moment *moment);

/* Each item that is expected is one of the list's, in their order. */
static bool list_matches(const struct node *expected, const json_t *list, const struct story_moment *moment)
{
    size_t at = 0;
    for (const struct node *item = expected->first; item; item = item->next) {
        while (at < json_array_size(list) && !value_matches(item, json_array_get(list, at), moment))
            at++;
        if (at++ >= json_array_size(list))
            return false;
    }
    return true;
}

static bool value_matches(const struct node *expected, const json_t *value, const struct story_moment *moment)
{
    if (!value)
        return expected->kind == NODE_TEXT && text_equal(expected->text, "nothing");
    if (expected->kind == NODE_TEXT)
        return scalar_matches(expected, value, moment);
    if (expected->kind == NODE_LIST)
        return json_is_array(value) && list_matches(expected, value, moment);
    for (const struct node *part = expected->first; part; part = part->next)
        if (!value_matches(part, json_object_get(value, part->key->text), moment))
            return false;
    return true;
}

static const char *const bodies[] = {"verdict",  "case",        "follow_up", "experience", "recognition",
                                     "coaching", "finding",     "notice",    "remedy",     "promise",
                                     "policy",   "act_refused", "digest",    "loan",       "word"};

static const json_t *body_of(const json_t *decision)
{
    for (size_t i = 0; i < COUNT_OF(bodies); i++)
        if (json_object_get(decision, bodies[i]))
            return json_object_get(decision, bodies[i]);
    return NULL;
}

/* Short names for what stories say most. */
static const char *full_name(const char *name)
{
    return text_equal(name, "row") ? "rule_id" : text_equal(name, "says") ? "sentence" : name;
}

/* `kind` is the decision's or, of a follow-up or remedy, the body's. */
static bool part_matches(const struct node *part, const json_t *decision, const struct story_moment *moment)
{
    const char *name = full_name(part->key->text);
    const json_t *own = json_object_get(decision, name), *body = body_of(decision);
    const json_t *inner = body ? json_object_get(body, name) : NULL;
    if (own && value_matches(part, own, moment))
        return true;
    return value_matches(part, inner ? inner : own, moment);
}

bool story_matches(const struct node *expected, const json_t *decision, int64_t at,
                   const struct story_moment *moment)
{
    for (const struct node *part = expected->first; part; part = part->next) {
        int64_t wanted;
        bool is_time = text_equal(part->key->text, "at");
        if (is_time && (part->kind != NODE_TEXT || !parse_time(part->text, moment, &wanted) || wanted != at))
            return false;
        if (!is_time && !part_matches(part, decision, moment))
            return false;
    }
    return true;
}
