/* explain_rule: when a rule is looked at, what it asks and what it does, as sentences. */
#include "common/policy/explain/explain_rule.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/phrase/phrase.h"
#include "common/wire/event.h"

/* --- when --- */

/* THE table of what events are called; one that is not in it is called by its own name. */
static const struct {
    WireEvent__BodyCase event;
    const char *words;
} events[] = {
    {WIRE_EVENT__BODY_INTERACTION_OPENED, "a contact begins"},
    {WIRE_EVENT__BODY_INTERACTION_CLOSED, "a contact ends"},
    {WIRE_EVENT__BODY_MOOD_OBSERVED, "a customer's mood is noticed"},
    {WIRE_EVENT__BODY_WAIT_STARTED, "a customer begins to wait"},
    {WIRE_EVENT__BODY_WAIT_ENDED, "a wait ends"},
    {WIRE_EVENT__BODY_WAIT_REPORTED, "a wait is reported"},
    {WIRE_EVENT__BODY_NEED_RECORDED, "a need is recorded"},
    {WIRE_EVENT__BODY_QUESTION_UNANSWERED, "a question stays unanswered"},
    {WIRE_EVENT__BODY_OFFER_MADE, "an offer is made"},
    {WIRE_EVENT__BODY_SALE_COMPLETED, "a sale is made"},
    {WIRE_EVENT__BODY_RETURN_MADE, "something is brought back"},
    {WIRE_EVENT__BODY_REMEDY_REQUESTED, "a remedy is asked for"},
    {WIRE_EVENT__BODY_EXCEPTION_REQUESTED, "an exception to a rule is asked for"},
    {WIRE_EVENT__BODY_REMEDY_GRANTED, "a remedy is handed over"},
    {WIRE_EVENT__BODY_REMEDY_REFUSED, "a remedy is refused"},
    {WIRE_EVENT__BODY_REMEDY_WITHDRAWN, "a request for a remedy is withdrawn"},
    {WIRE_EVENT__BODY_REMEDY_RETURNED, "a remedy comes back"},
    {WIRE_EVENT__BODY_PROMISE_MADE, "a promise is made"},
    {WIRE_EVENT__BODY_PROMISE_KEPT, "a promise is kept"},
    {WIRE_EVENT__BODY_PROMISE_RENEGOTIATED, "a promise gets another time"},
    {WIRE_EVENT__BODY_PROMISE_WITHDRAWN, "a promise is withdrawn"},
    {WIRE_EVENT__BODY_PRODUCT_DESCRIBED, "a product is described"},
    {WIRE_EVENT__BODY_PRODUCT_WANTED, "a customer waits for goods"},
    {WIRE_EVENT__BODY_STOCK_EXPECTED, "goods are expected"},
    {WIRE_EVENT__BODY_STOCK_ARRIVED, "goods arrive"},
    {WIRE_EVENT__BODY_APPOINTMENT_BOOKED, "an appointment is booked"},
    {WIRE_EVENT__BODY_APPOINTMENT_PREPARED, "an appointment is prepared"},
    {WIRE_EVENT__BODY_APPOINTMENT_KEPT, "an appointment is kept"},
    {WIRE_EVENT__BODY_APPOINTMENT_CANCELLED, "an appointment is cancelled"},
    {WIRE_EVENT__BODY_INCIDENT, "there is an incident"},
    {WIRE_EVENT__BODY_COMPLAINT, "a customer complains"},
    {WIRE_EVENT__BODY_COMPLIMENT, "a customer pays a compliment"},
    {WIRE_EVENT__BODY_HANDED_OVER, "a contact is handed over"},
    {WIRE_EVENT__BODY_EMPLOYEE_ASKED_FOR, "a customer asks for an employee"},
    {WIRE_EVENT__BODY_LEAVING_SIGNALLED, "a customer is about to leave us"},
    {WIRE_EVENT__BODY_LESSON_SHARED, "an employee shares a lesson"},
    {WIRE_EVENT__BODY_ACHIEVEMENT, "an employee did something out of the ordinary"},
    {WIRE_EVENT__BODY_ON_DUTY, "an employee comes on duty"},
    {WIRE_EVENT__BODY_OFF_DUTY, "an employee goes off duty"},
    {WIRE_EVENT__BODY_ROLE_GRANTED, "an employee is given a role"},
    {WIRE_EVENT__BODY_ROLE_ENDED, "a role of an employee ends"},
    {WIRE_EVENT__BODY_AUTHORITY_LENT, "an employee lends their authority"},
    {WIRE_EVENT__BODY_AUTHORITY_RECLAIMED, "an employee takes back the authority they lent"},
    {WIRE_EVENT__BODY_CASE_ACKNOWLEDGED, "somebody says that they take a case"},
    {WIRE_EVENT__BODY_CASE_ANSWERED, "somebody answers a case"},
    {WIRE_EVENT__BODY_CASE_DECLINED, "somebody says that they cannot help with a case"},
    {WIRE_EVENT__BODY_FOLLOW_UP_DONE, "a follow-up is done"},
    {WIRE_EVENT__BODY_CHANGE_PROPOSED, "an employee proposes another limit or rule"},
    {WIRE_EVENT__BODY_CHANGE_ANSWERED, "a proposal is answered"},
    {WIRE_EVENT__BODY_STAFF_WORD, "an employee says whether they were able to help"},
    {WIRE_EVENT__BODY_SOURCE_HEARTBEAT, "a register says that it works"},
};

static const struct {
    WireDecisionKind change;
    const char *words;
} changes[] = {
    {WIRE_DECISION_KIND__CASE_OPENED, "a case is opened"},
    {WIRE_DECISION_KIND__CASE_CAUSE_ADDED, "the cause of an open case comes up again"},
    {WIRE_DECISION_KIND__CASE_RAISED, "an open case becomes more severe"},
    {WIRE_DECISION_KIND__CASE_ACKNOWLEDGED, "a case is taken"},
    {WIRE_DECISION_KIND__CASE_REOPENED, "a case that was taken is open again, without an answer in time"},
    {WIRE_DECISION_KIND__CASE_CLIMBED, "a case goes on to a higher level"},
    {WIRE_DECISION_KIND__CASE_NOTIFIED_AGAIN, "a level is called for a case once more"},
    {WIRE_DECISION_KIND__CASE_HANDED_ON, "the customer of a case is handed over to another owner"},
    {WIRE_DECISION_KIND__CASE_RESOLVED, "a case is answered"},
    {WIRE_DECISION_KIND__CASE_OVERTAKEN, "a case is over because its cause ended"},
};

static const ProtobufCEnumDescriptor *kinds_of(WireEvent__BodyCase event)
{
    const ProtobufCFieldDescriptor *body =
        protobuf_c_message_descriptor_get_field_by_name(&wire_event__descriptor, wire_event_type_name(event));
    const ProtobufCMessageDescriptor *message = body->descriptor;
    for (unsigned i = 0; i < message->n_fields; i++)
        if (message->fields[i].type == PROTOBUF_C_TYPE_ENUM)
            return message->fields[i].descriptor;
    return NULL;
}

static void write_change(WireDecisionKind change, struct bytes *into)
{
    for (size_t i = 0; i < COUNT_OF(changes); i++)
        if (changes[i].change == change) {
            bytes_append_text(into, changes[i].words);
            return;
        }
    phrase_enum(&wire_decision_kind__descriptor, (int)change, into);
}

void explain_event(WireEvent__BodyCase event, struct bytes *into)
{
    for (size_t i = 0; i < COUNT_OF(events); i++)
        if (events[i].event == event) {
            bytes_append_text(into, events[i].words);
            return;
        }
    const char *name = wire_event_type_name(event);
    phrase_name(name ? name : "something unknown", into);
}

void explain_trigger(const struct trigger *trigger, struct bytes *into)
{
    if (trigger->event == WIRE_EVENT__BODY__NOT_SET) {
        write_change(trigger->change, into);
        return;
    }
    if (trigger->event == (WireEvent__BodyCase)TRIGGER_CUSTOMER_KNOWN) {
        bytes_append_text(into, "a contact has begun and it is known whose it is");
        return;
    }
    if (trigger->event == WIRE_EVENT__BODY_DEADLINE_PASSED) {
        bytes_append_text(into, trigger_moment(trigger->kind)->words);
        return;
    }
    explain_event(trigger->event, into);
    if (trigger->is_narrowed && kinds_of(trigger->event)) {
        bytes_append_text(into, " (");
        phrase_enum(kinds_of(trigger->event), trigger->kind, into);
        bytes_append_text(into, ")");
    }
    if (trigger->is_delayed) {
        bytes_append_text(into, ", and it still goes on ");
        phrase_duration(trigger->after_us, into);
        bytes_append_text(into, " later");
    }
}

/* --- what it does --- */

static void write_part(const struct policy *policy, const char *before, const struct expression *expression,
                       const char *after, struct bytes *into)
{
    if (!expression->program)
        return;
    bytes_append_text(into, before);
    phrase_expression(policy, expression->program, into);
    bytes_append_text(into, after);
}

/* Of what is only so if a condition holds. */
static void write_provided(const struct policy *policy, const char *before,
                           const struct expression *expression, struct bytes *into)
{
    AUTO_CLEAR(bytes) condition = {0};
    if (!expression->program)
        return;
    phrase_expression(policy, expression->program, &condition);
    if (text_equal(bytes_text(&condition), "never"))
        return;
    bytes_append_text(into, before);
    if (!text_equal(bytes_text(&condition), "always"))
        bytes_append_format(into, " if %s", bytes_text(&condition));
    bytes_append_text(into, ".");
}

static void write_ends(const struct policy *policy, const struct action *action, struct bytes *into)
{
    switch ((enum cause_end)action->ends_with) {
    case ENDS_WITH_NOTHING:
        bytes_append_text(into, " It stays open when the contact ends.");
        break;
    case ENDS_WITH_INTERACTION:
        bytes_append_text(into, " It is over when the contact ends before anybody took it.");
        break;
    case ENDS_WITH_WAIT:
        bytes_append_text(into, " It is over when the wait ends before anybody took it.");
        break;
    case ENDS_WITH_MOOD:
        bytes_append_text(
            into,
            " It is over when the customer is calm again, or the contact ends, before anybody took it.");
        break;
    }
    write_part(policy, " It goes on only while ", &action->goes_on, ".", into);
}

static void write_says(const struct policy *policy, const char *before, const struct action *action,
                       struct bytes *into)
{
    if (!action->says.template) {
        bytes_append_text(into, ".");
        return;
    }
    bytes_append_format(into, "%s\"", before);
    phrase_template(policy, action->says.template, into);
    bytes_append_text(into, "\"");
}

static void write_grant(const struct policy *policy, const struct action *action, struct bytes *into)
{
    bytes_append_text(into, "it is granted at once");
    write_says(policy, ": ", action, into);
    write_part(policy, " People who would hear of a no: ", &action->reach, ".", into);
    write_part(policy, " What one of them is worth to us: ", &action->hearer, ".", into);
    write_part(policy, " The most that may be given: ", &action->cap, ".", into);
}

static void write_escalate(const struct policy *policy, const struct action *action, struct bytes *into)
{
    bytes_append_text(into, "a case is opened ");
    if (action->to.program)
        phrase_choice(policy, action->to.program, "for the ", into);
    if (action->severity.program) {
        bytes_append_text(into, "; its severity is ");
        phrase_choice(policy, action->severity.program, "", into);
    }
    bytes_append_text(into, ".");
    if (action->subject.program) {
        bytes_append_text(into, " There is one for each ");
        phrase_kind(policy, action->subject.program, into);
        bytes_append_text(into, ".");
    }
    write_ends(policy, action, into);
    write_provided(policy, " The customer is called back", &action->call_back, into);
    write_provided(policy, " It is marked for legal", &action->legal, into);
    write_says(policy, " It says: ", action, into);
}

static void write_follow_up(const struct policy *policy, const struct action *action, struct bytes *into)
{
    if (action->employee.program)
        phrase_expression(policy, action->employee.program, into);
    else
        bytes_append_text(into, "the employee who knows the customer");
    bytes_append_text(into, " gets a follow-up (");
    phrase_enum(&wire_follow_up_kind__descriptor, action->follow_up, into);
    bytes_append_text(into, ")");
    write_part(policy, ", to be done within ", &action->due_in, "", into);
    write_part(policy, " once they are on duty there, or back when they said, or else within ",
               &action->waits, "", into);
    write_says(policy, ": ", action, into);
    write_provided(policy, " It is due the same day", &action->same_day, into);
}

/* "the employee who promised, if known, is coached in private, and the shift lead hears of it". */
static void write_person(const struct policy *policy, const struct action *action, const char *what,
                         struct bytes *into)
{
    AUTO_CLEAR(bytes) employee = {0};
    if (action->employee.program)
        phrase_expression(policy, action->employee.program, &employee);
    bool is_conditional = strstr(bytes_text(&employee), ", if known") != NULL;
    bytes_append_format(into, "%s%s %s", employee.size ? bytes_text(&employee) : "the store as a whole",
                        is_conditional ? "," : "", what);
    if (action->to.program) {
        bytes_append_text(into, ", and ");
        phrase_choice(policy, action->to.program, "the ", into);
        bytes_append_text(into, " hears of it");
    }
    write_part(policy, "; what comes up within ", &action->within, " of the first is one group", into);
    if (action->recognition) {
        bytes_append_text(into, "; in the news of the day it counts as a ");
        phrase_enum(&wire_recognition_kind__descriptor, action->recognition, into);
    }
    write_says(policy, ": ", action, into);
}

/* Of a pattern nobody but the lead hears. */
static void write_pattern(const struct policy *policy, const struct action *action, struct bytes *into)
{
    phrase_choice(policy, action->to.program, "the ", into);
    bytes_append_text(into, " alone hears");
    write_part(policy, " of ", &action->employee, "", into);
    write_part(policy, "; what comes up within ", &action->within, " of the first is one group", into);
    write_says(policy, ": ", action, into);
}

static void write_finding(const struct policy *policy, const struct action *action, struct bytes *into)
{
    bytes_append_text(into, "a line is written for the reports");
    write_part(policy, ", about ", &action->subject, "", into);
    write_part(policy, ", with the number: ", &action->value, "", into);
    write_says(policy, ": ", action, into);
}

static void write_notice(const struct policy *policy, const struct action *action, struct bytes *into)
{
    if (action->employee.program)
        phrase_expression(policy, action->employee.program, into);
    else if (action->to.program)
        phrase_choice(policy, action->to.program, "the ", into);
    else
        bytes_append_text(into, "everybody in the store");
    bytes_append_text(into, action->employee.program && into->size > 8 &&
                                    !memcmp(into->data + into->size - 8, "if known", 8)
                                ? ", is told"
                                : " is told");
    if (action->asks.program)
        bytes_append_text(into, ", and asked for a word about it");
    write_says(policy, ": ", action, into);
}

static void write_digest(const struct policy *policy, const struct action *action, struct bytes *into)
{
    bytes_append_text(into, "everybody in the store");
    if (action->to.program)
        phrase_choice(policy, action->to.program, " and the ", into);
    bytes_append_text(into, " hear what went well that day");
    write_says(policy, ": ", action, into);
}

static void write_experience(const struct policy *policy, const struct action *action, unsigned indent,
                             struct bytes *into)
{
    bytes_append_text(into, "how the customer felt is recorded:\n");
    if (action->feeling.program)
        phrase_cases(policy, action->feeling.program, "", indent + 2, into);
    bytes_append_format(into, "%*sand how many people are likely to hear of it:\n", (int)indent, "");
    if (action->reach.program)
        phrase_cases(policy, action->reach.program, "", indent + 2, into);
}

static void write_action(const struct policy *policy, enum action_kind kind, const struct action *action,
                         unsigned indent, struct bytes *into)
{
    switch (kind) {
    case ACTION_RECORD:
        bytes_append_text(into, "it is written down in the ledger of promises.");
        break;
    case ACTION_GRANT:
        write_grant(policy, action, into);
        break;
    case ACTION_ESCALATE:
        write_escalate(policy, action, into);
        break;
    case ACTION_FOLLOW_UP:
        write_follow_up(policy, action, into);
        break;
    case ACTION_RECOGNISE:
        write_person(policy, action, "is praised", into);
        break;
    case ACTION_COACH:
        if (action->says.facts & 1U << FACT_PATTERN)
            write_pattern(policy, action, into);
        else
            write_person(policy, action, "is coached in private", into);
        break;
    case ACTION_FINDING:
        write_finding(policy, action, into);
        break;
    case ACTION_NOTIFY:
        write_notice(policy, action, into);
        break;
    case ACTION_DIGEST:
        write_digest(policy, action, into);
        break;
    case ACTION_EXPERIENCE:
        write_experience(policy, action, indent, into);
        return;
    case ACTION_ADVISE:
        bytes_append_text(into, "the employee is advised");
        write_says(policy, ": ", action, into);
        break;
    case ACTION_KINDS:
        break;
    }
    bytes_append_text(into, "\n");
}

void explain_actions(const struct policy *policy, const struct rule *rule, const char *before,
                     struct bytes *into)
{
    for (int i = 0; i < ACTION_KINDS; i++) {
        if (!rule->actions[i].is_given)
            continue;
        bytes_append_text(into, before);
        write_action(policy, (enum action_kind)i, &rule->actions[i], (unsigned)strlen(before), into);
    }
}

void explain_condition(const struct policy *policy, const struct rule *rule, const char *before,
                       struct bytes *into)
{
    bytes_append_text(into, before);
    if (rule->when.program)
        phrase_condition(policy, rule->when.program, (unsigned)strlen(before), into);
    else
        bytes_append_text(into, "always\n");
}

void explain_triggers(const struct rule *rule, const char *before, struct bytes *into)
{
    for (unsigned i = 0; i < rule->trigger_count; i++) {
        if (i)
            bytes_append_format(into, "%*sor ", (int)strlen(before), "");
        else
            bytes_append_text(into, before);
        explain_trigger(&rule->triggers[i], into);
        bytes_append_text(into, "\n");
    }
}

void explain_rule(const struct policy *policy, const struct rule *rule, struct bytes *into)
{
    bytes_append_format(into, "  %s%s%s%s%s\n", rule->row, *rule->row ? " " : "", rule->name,
                        *rule->about ? ": " : "", rule->about);
    explain_triggers(rule, "    When   ", into);
    if (rule->when.program)
        explain_condition(policy, rule, "    if     ", into);
    explain_actions(policy, rule, "    then   ", into);
}
