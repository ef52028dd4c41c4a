/* explain: a policy as sentences, section by section. */
#include "common/policy/explain.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/phrase.h"
#include "common/policy/scope.h"
#include "common/wire/event.h"

/* ---- who may decide what */

static void amount_tell(const struct policy *policy, int64_t minor, const char *what, struct bytes *into)
{
    if (minor == UNLIMITED) {
        bytes_append_format(into, "any amount %s", what);
        return;
    }
    bytes_append_text(into, "up to ");
    phrase_money(minor, policy->currency, into);
    bytes_append_format(into, " %s", what);
}

void explain_level(const struct policy *policy, unsigned at, struct bytes *into)
{
    const struct level *level = &policy->ladder.levels[at];
    bytes_append_text(into, "  ");
    phrase_name(level->role, into);
    bytes_append_text(into, ": ");
    amount_tell(policy, level->remedy, "for one remedy", into);
    bytes_append_text(into, ", ");
    amount_tell(policy, level->customer_day, "for one customer and day", into);
    bytes_append_text(into, ", ");
    amount_tell(policy, level->employee_day, "for one employee and day", into);
    bytes_append_text(into, ".\n");
    if (!level->acknowledge_us) {
        bytes_append_text(into, "    A case here waits until somebody takes it: no clock runs.\n");
        return;
    }
    bytes_append_text(into, "    Has ");
    phrase_duration(level->acknowledge_us, into);
    bytes_append_text(into, " to say \"I have it\"; then the case goes ");
    if (at + 1 < policy->ladder.count) {
        bytes_append_text(into, "to the ");
        phrase_name(policy->ladder.levels[at + 1].role, into);
        bytes_append_text(into, ".\n");
    } else {
        bytes_append_text(into, "no higher: it is told again.\n");
    }
}

/* ---- when a rule is looked at */

static const ProtobufCEnumDescriptor *kinds_of(WireEvent__BodyCase event)
{
    const ProtobufCFieldDescriptor *body =
        protobuf_c_message_descriptor_get_field_by_name(&wire_event__descriptor, wire_event_type_name(event));
    const ProtobufCMessageDescriptor *message = body->descriptor;
    for (unsigned at = 0; at < message->n_fields; at++)
        if (message->fields[at].type == PROTOBUF_C_TYPE_ENUM)
            return message->fields[at].descriptor;
    return NULL;
}

void explain_trigger(const struct trigger *trigger, struct bytes *into)
{
    if (trigger->event == WIRE_EVENT__BODY__NOT_SET) {
        phrase_enum(&wire_decision_kind__descriptor, (int)trigger->change, into);
        return;
    }
    if (trigger->event == WIRE_EVENT__BODY_DEADLINE_PASSED) {
        bytes_append_text(into, trigger_moment(trigger->kind)->words);
        return;
    }
    phrase_name(wire_event_type_name(trigger->event), into);
    if (trigger->is_narrowed && kinds_of(trigger->event)) {
        bytes_append_text(into, " (");
        phrase_enum(kinds_of(trigger->event), trigger->kind, into);
        bytes_append_text(into, ")");
    }
    if (trigger->is_delayed) {
        bytes_append_text(into, ", ");
        phrase_duration(trigger->after_us, into);
        bytes_append_text(into, " later if it still goes on");
    }
}

/* ---- what it does */

static const char *const beginnings[] = {
    [ACTION_RECORD] = "write it down in the ledger",
    [ACTION_GRANT] = "grant it at once",
    [ACTION_ESCALATE] = "open a case",
    [ACTION_FOLLOW_UP] = "give the owner a follow-up",
    [ACTION_RECOGNISE] = "recognise",
    [ACTION_COACH] = "coach, in private",
    [ACTION_FINDING] = "note a finding",
    [ACTION_NOTIFY] = "tell",
    [ACTION_DIGEST] = "tell everybody in the store what went well that day",
    [ACTION_EXPERIENCE] = "record how the customer felt",
    [ACTION_ADVISE] = "advise the employee",
};

static void part_tell(const struct policy *policy, const char *before, const struct expression *expression,
                      struct bytes *into)
{
    if (!expression->program)
        return;
    bytes_append_text(into, before);
    phrase_expression(policy, expression->program, into);
}

static void ends_tell(const struct action *action, struct bytes *into)
{
    switch ((enum cause_end)action->ends_with) {
    case ENDS_WITH_NOTHING:
        bytes_append_text(into, ", which stays until it is answered");
        break;
    case ENDS_WITH_INTERACTION:
        bytes_append_text(into, ", which is over when the contact ends before anybody took it");
        break;
    case ENDS_WITH_WAIT:
        bytes_append_text(into, ", which is over when the wait ends before anybody took it");
        break;
    case ENDS_WITH_MOOD:
        bytes_append_text(into, ", which is over when the customer is calm again before anybody took it");
        break;
    }
}

static void action_tell(const struct policy *policy, enum action_kind kind, const struct action *action,
                        struct bytes *into)
{
    bytes_append_text(into,
                      (size_t)kind < COUNT_OF(beginnings) && beginnings[kind] ? beginnings[kind] : "act");
    if (kind == ACTION_FOLLOW_UP) {
        bytes_append_text(into, " (");
        phrase_enum(&wire_follow_up_kind__descriptor, action->follow_up, into);
        bytes_append_text(into, ")");
    }
    if (kind == ACTION_RECOGNISE && action->recognition) {
        bytes_append_text(into, " (");
        phrase_enum(&wire_recognition_kind__descriptor, action->recognition, into);
        bytes_append_text(into, ")");
    }
    part_tell(policy, " ", &action->employee, into);
    part_tell(policy, kind == ACTION_ESCALATE ? " for the " : "; told to the ", &action->to, into);
    part_tell(policy, ", severity ", &action->severity, into);
    part_tell(policy,
              ", one for each: ", kind == ACTION_ESCALATE ? &action->subject : &(struct expression){0}, into);
    part_tell(policy, " about ", kind == ACTION_FINDING ? &action->subject : &(struct expression){0}, into);
    part_tell(policy, ", with the figure: ", &action->value, into);
    part_tell(policy, ", due within ", &action->due_in, into);
    part_tell(policy, ": ", &action->feeling, into);
    part_tell(policy, "; people who will hear of it: ", &action->reach, into);
    if (kind == ACTION_ESCALATE)
        ends_tell(action, into);
    part_tell(policy, "; the customer is called back if ", &action->call_back, into);
    part_tell(policy, "; marked for legal if ", &action->legal, into);
    if (action->says.template) {
        bytes_append_text(into, ": \"");
        phrase_template(policy, action->says.template, into);
        bytes_append_text(into, "\"");
    }
}

void explain_actions(const struct policy *policy, const struct rule *rule, const char *indent,
                     struct bytes *into)
{
    for (int kind = 0; kind < ACTION_KINDS; kind++) {
        if (!rule->actions[kind].is_given)
            continue;
        bytes_append_text(into, indent);
        action_tell(policy, (enum action_kind)kind, &rule->actions[kind], into);
        bytes_append_text(into, "\n");
    }
}

void explain_rule(const struct policy *policy, const struct rule *rule, struct bytes *into)
{
    bytes_append_format(into, "  %s%s%s%s%s\n", rule->row, *rule->row ? " " : "", rule->name,
                        *rule->about ? ": " : "", rule->about);
    for (unsigned at = 0; at < rule->trigger_count; at++) {
        bytes_append_text(into, at ? "    or:    " : "    when:  ");
        explain_trigger(&rule->triggers[at], into);
        bytes_append_text(into, "\n");
    }
    if (rule->when.program) {
        bytes_append_text(into, "    and:   ");
        phrase_expression(policy, rule->when.program, into);
        bytes_append_text(into, "\n");
    }
    explain_actions(policy, rule, "    then:  ", into);
}

static void setting_tell(const char *before, int64_t us, const char *after, struct bytes *into)
{
    bytes_append_text(into, before);
    phrase_duration(us, into);
    bytes_append_text(into, after);
}

void explain_policy(const struct policy *policy, struct bytes *into)
{
    bytes_append_format(into, "The policy \"%s\", in %s.\n\nWho may decide what, lowest first\n\n",
                        policy->name, policy->currency);
    for (unsigned at = 0; at < policy->ladder.count; at++)
        explain_level(policy, at, into);
    bytes_append_text(into, "\nTimes\n\n");
    setting_tell("  An event that was sent more than ", policy->late_after_us,
                 " after it happened is late.\n", into);
    setting_tell("  What is older than ", policy->old_after_us, " runs no clock any more.\n", into);
    setting_tell("  The lead hears of a follow-up ", policy->overdue_lead_after_us, " after it was due.\n",
                 into);
    setting_tell("  A level that nobody has served for ", policy->nobody_home_after_us,
                 " has nobody home: its cases climb.\n", into);
    bytes_append_format(
        into, "  The owner of a promise is reminded when %lld %% of the time is left, and at least ",
        (long long)policy->reminding.percent);
    setting_tell("", policy->reminding.at_least_us, " before it is due.\n", into);
    if (policy->scopes && policy->scopes->override_count)
        bytes_append_format(into,
                            "  %u overrides hold in some stores or at some times: --store tells where.\n",
                            policy->scopes->override_count);
    if (policy->figure_count)
        bytes_append_text(into, "\nFigures\n\n");
    for (unsigned at = 0; at < policy->figure_count; at++) {
        bytes_append_text(into, "  ");
        phrase_name(policy->figures[at].name, into);
        bytes_append_text(into, ": ");
        phrase_figure(policy, &policy->figures[at], into);
        bytes_append_text(into, "\n");
    }
    bytes_append_text(into, "\nRules, looked at in this order\n");
    for (unsigned at = 0; at < policy->rule_count; at++) {
        bytes_append_text(into, "\n");
        explain_rule(policy, &policy->rules[at], into);
    }
}
