/* rules: THE table. Each message's fields stand in the order of their numbers, as its descriptor has them. */
#include "common/wire/rules.h"

#include "common/base/memory.h"
#include "common/base/uuid.h"
#include "common/wire/field.h"

#include "proto/bellhop/v1/subscribe.pb-c.h"

#define MOST_MS             INT64_C(3155760000000)    /* a hundred years */
#define MOST_MINOR          INT64_C(1000000000000000) /* sums of a day stay far from the end of int64 */
#define MOST_NUMBER         1000000
#define PROPOSAL_MOST_BYTES 55 /* "proposal/" before it is still an id */

#define REQUIRED       .is_required = true
#define AT_MOST(count) .most_count = (count)

/* A field of each kind; what is particular to it follows. */
#define TEXT(field, set, size, ...)                                                                          \
    {                                                                                                        \
        .name = #field, .charset = (set), .least_size = 1, .most_size = (size), ##__VA_ARGS__                \
    }
#define WORD(field, ...)            TEXT(field, WIRE_WORD, WIRE_ID_MOST_BYTES, ##__VA_ARGS__)
#define ID(field, ...)              TEXT(field, WIRE_ID, WIRE_ID_MOST_BYTES, ##__VA_ARGS__)
#define PRINTABLE(field, size, ...) TEXT(field, WIRE_PRINTABLE, size, ##__VA_ARGS__)
#define FREE_TEXT(field)                                                                                     \
    {                                                                                                        \
        .name = #field, .charset = WIRE_FREE_TEXT, .most_size = WIRE_TEXT_MOST_BYTES                         \
    }
#define UUID(field, ...)                                                                                     \
    {                                                                                                        \
        .name = #field, .least_size = UUID_SIZE, .most_size = UUID_SIZE, ##__VA_ARGS__                       \
    }
#define BYTES(field, size, ...)                                                                              \
    {                                                                                                        \
        .name = #field, .most_size = (size), ##__VA_ARGS__                                                   \
    }
#define NUMBER(field, from, to, ...)                                                                         \
    {                                                                                                        \
        .name = #field, .least = (from), .most = (to), ##__VA_ARGS__                                         \
    }
#define ENUM(field, ...)                                                                                     \
    {                                                                                                        \
        .name = #field, ##__VA_ARGS__                                                                        \
    }
#define FLAG(field, ...)                                                                                     \
    {                                                                                                        \
        .name = #field, ##__VA_ARGS__                                                                        \
    }
#define INSTANT(field, ...) NUMBER(field, WIRE_EARLIEST_AT, WIRE_LATEST_AT, ##__VA_ARGS__)
#define LENGTH(field, ...)  NUMBER(field, 0, MOST_MS, ##__VA_ARGS__)
#define PART(field, rules, ...)                                                                              \
    {                                                                                                        \
        .name = #field, .message = &(rules), ##__VA_ARGS__                                                   \
    }
#define MONEY(field, ...) PART(field, money, ##__VA_ARGS__)

#define RULES(rules, of, ...)                                                                                \
    static const struct wire_field_rule rules##_fields[] = {__VA_ARGS__};                                    \
    const struct wire_message_rules rules = {.descriptor = &wire_##of##__descriptor,                         \
                                             .fields = rules##_fields,                                       \
                                             .field_count = COUNT_OF(rules##_fields)}
#define MESSAGE(of, ...)                                                                                     \
    static const struct wire_field_rule of##_fields[] = {__VA_ARGS__};                                       \
    static const struct wire_message_rules of = {                                                            \
        .descriptor = &wire_##of##__descriptor, .fields = of##_fields, .field_count = COUNT_OF(of##_fields)}
#define EMPTY(of) static const struct wire_message_rules of = {.descriptor = &wire_##of##__descriptor}

/* --- parts --- */

MESSAGE(label, ID(name, REQUIRED), {.name = "value", .charset = WIRE_PRINTABLE, .most_size = 256, REQUIRED});
MESSAGE(money, NUMBER(minor, 0, MOST_MINOR, REQUIRED), TEXT(currency, WIRE_CURRENCY, 3, REQUIRED));
MESSAGE(sale_line, ID(product_id, REQUIRED), NUMBER(quantity, 1, MOST_NUMBER), MONEY(price));
MESSAGE(zone_transition, NUMBER(from_at, INT64_MIN, WIRE_LATEST_AT), NUMBER(offset_seconds, -86400, 86400),
        PRINTABLE(abbreviation, 16));
MESSAGE(zone_table, PRINTABLE(name, 64, REQUIRED), PART(transitions, zone_transition, AT_MOST(4096)));

/* --- bodies --- */

MESSAGE(interaction_opened, ENUM(channel, REQUIRED), ENUM(purpose), ID(department), FLAG(first_purchase));
MESSAGE(interaction_closed, ENUM(outcome, REQUIRED), NUMBER(rating, 1, 5));
MESSAGE(mood_observed, ENUM(mood, REQUIRED));
MESSAGE(wait_started, ENUM(kind, REQUIRED));
MESSAGE(wait_ended, ENUM(kind, REQUIRED), NUMBER(interruptions, 0, MOST_NUMBER));
MESSAGE(wait_reported, ENUM(kind, REQUIRED), LENGTH(duration_ms, REQUIRED), NUMBER(menus, 0, MOST_NUMBER),
        NUMBER(interruptions, 0, MOST_NUMBER));
MESSAGE(need_recorded, ID(topic), FREE_TEXT(text));
MESSAGE(question_unanswered, ID(topic, REQUIRED), ID(product_id), FREE_TEXT(text));
MESSAGE(offer_made, ID(product_id, REQUIRED), MONEY(price));
MESSAGE(sale_completed, PART(lines, sale_line, REQUIRED, AT_MOST(256)), MONEY(total));
MESSAGE(return_made, ID(product_id, REQUIRED), ENUM(reason, REQUIRED), ID(sale_interaction_id));
MESSAGE(remedy_requested, ID(remedy_id, REQUIRED), ENUM(kind, REQUIRED), MONEY(amount, REQUIRED),
        ID(product_id));
MESSAGE(exception_requested, ID(remedy_id, REQUIRED), ID(exception, REQUIRED), MONEY(worth), ID(product_id));
MESSAGE(remedy_granted, ID(remedy_id, REQUIRED), MONEY(amount, REQUIRED), ID(remedy_interaction_id));
MESSAGE(remedy_refused, ID(remedy_id, REQUIRED), MONEY(amount), ID(remedy_interaction_id));
MESSAGE(remedy_withdrawn, ID(remedy_id, REQUIRED), ID(remedy_interaction_id));
MESSAGE(remedy_returned, ID(remedy_id, REQUIRED), MONEY(amount, REQUIRED), ID(remedy_interaction_id));
MESSAGE(promise_made, ID(promise_id, REQUIRED), ID(to_customer_id), INSTANT(due_at, REQUIRED), ID(product_id),
        MONEY(worth), ID(evidence), FREE_TEXT(text));
MESSAGE(promise_kept, ID(promise_id, REQUIRED), ID(evidence));
MESSAGE(promise_renegotiated, ID(promise_id, REQUIRED), INSTANT(due_at, REQUIRED), FREE_TEXT(text));
MESSAGE(promise_withdrawn, ID(promise_id, REQUIRED), FREE_TEXT(text));
MESSAGE(product_described, ID(product_id, REQUIRED), LENGTH(service_interval_ms), FLAG(check_in),
        LENGTH(check_in_after_ms), ID(department));
MESSAGE(product_wanted, ID(product_id, REQUIRED));
MESSAGE(stock_expected, ID(product_id, REQUIRED), INSTANT(expected_at, REQUIRED));
MESSAGE(stock_arrived, ID(product_id, REQUIRED));
MESSAGE(appointment_booked, ID(appointment_id, REQUIRED), INSTANT(at, REQUIRED), FLAG(to_prepare),
        INSTANT(prepare_by_at), FREE_TEXT(text));
MESSAGE(appointment_prepared, ID(appointment_id, REQUIRED));
MESSAGE(appointment_kept, ID(appointment_id, REQUIRED));
MESSAGE(appointment_cancelled, ID(appointment_id, REQUIRED));
MESSAGE(incident, ENUM(kind, REQUIRED), FREE_TEXT(text));
MESSAGE(complaint, ENUM(about, REQUIRED), FLAG(in_public), FLAG(public_threatened), FREE_TEXT(text));
MESSAGE(compliment, WORD(for_employee_id), FREE_TEXT(text));
MESSAGE(handed_over, WORD(to_employee_id, REQUIRED), FLAG(takes_ownership), FREE_TEXT(text));
MESSAGE(leaving_signalled, ID(topic), FREE_TEXT(text));
MESSAGE(lesson_shared, ID(topic, REQUIRED), FREE_TEXT(text));
MESSAGE(achievement, ENUM(kind, REQUIRED), ID(department), MONEY(amount), FREE_TEXT(text));
MESSAGE(on_duty, WORD(role, REQUIRED), ID(departments, AT_MOST(16)), ID(topics, AT_MOST(64)));
MESSAGE(off_duty, INSTANT(back_at));
MESSAGE(employee_asked_for, WORD(for_employee_id));
#define STORES TEXT(store_ids, WIRE_WORD_OR_ANY, WIRE_ID_MOST_BYTES, AT_MOST(256))
MESSAGE(role_granted, WORD(employee_id, REQUIRED), WORD(role, REQUIRED), STORES, INSTANT(until_at));
MESSAGE(role_ended, WORD(employee_id, REQUIRED), WORD(role), STORES);
MESSAGE(authority_lent, WORD(to_employee_id, REQUIRED), INSTANT(until_at, REQUIRED), INSTANT(from_at),
        WORD(role));
MESSAGE(authority_reclaimed, WORD(to_employee_id, REQUIRED));
MESSAGE(case_acknowledged, ID(escalation_id, REQUIRED), NUMBER(round, 0, UINT32_MAX, REQUIRED), WORD(role),
        INSTANT(until_at));
MESSAGE(case_answered, ID(escalation_id, REQUIRED), NUMBER(round, 0, UINT32_MAX, REQUIRED), WORD(role),
        ENUM(answer, REQUIRED), MONEY(amount), FREE_TEXT(text));
MESSAGE(case_declined, ID(escalation_id, REQUIRED), NUMBER(round, 0, UINT32_MAX, REQUIRED), WORD(role),
        ID(reason, REQUIRED), FREE_TEXT(text));
MESSAGE(change_proposed, TEXT(proposal_id, WIRE_ID, PROPOSAL_MOST_BYTES, REQUIRED), ID(about, REQUIRED),
        INSTANT(due_at), ID(escalation_ids, AT_MOST(16)), FREE_TEXT(text));
MESSAGE(change_answered, TEXT(proposal_id, WIRE_ID, PROPOSAL_MOST_BYTES, REQUIRED), ENUM(answer, REQUIRED),
        FREE_TEXT(text));
MESSAGE(staff_word, ID(escalation_id, REQUIRED), FLAG(able, REQUIRED), FREE_TEXT(text));
MESSAGE(follow_up_done, ID(follow_up_id, REQUIRED), ENUM(outcome), FREE_TEXT(text));
EMPTY(source_heartbeat);

MESSAGE(deadline_passed, ENUM(kind, REQUIRED), PRINTABLE(subject, 512, REQUIRED),
        NUMBER(round, 0, UINT32_MAX, REQUIRED), WORD(rule), INSTANT(due_at, REQUIRED),
        NUMBER(step, 0, UINT32_MAX));
MESSAGE(policy_proposed, PRINTABLE(name, 128, REQUIRED),
        BYTES(document, 1024 * 1024, REQUIRED, .least_size = 1), PART(zones, zone_table, AT_MOST(64)),
        INSTANT(active_at), PRINTABLE(proposed_by, 128), PRINTABLE(reason, 500));
MESSAGE(serving_started, ID(subscriber, REQUIRED), WORD(role, REQUIRED), ID(relay), ID(run));
MESSAGE(serving_ended, ID(subscriber, REQUIRED), WORD(role, REQUIRED), ID(reason), ID(relay), ID(run),
        FLAG(earlier_runs));

/* --- the event --- */

#define OF_A_STORE        .needs = WIRE_NEEDS_STORE
#define OF_AN_INTERACTION .needs = WIRE_NEEDS_STORE | WIRE_NEEDS_INTERACTION
#define OF_AN_EMPLOYEE    .needs = WIRE_NEEDS_STORE | WIRE_NEEDS_EMPLOYEE
#define BODY(of, whose)   PART(of, of, whose)
#define SYSTEM_BODY(of)   PART(of, of, .is_system = true)

RULES(wire_event_rules, event, UUID(id, REQUIRED),
      TEXT(source, WIRE_SOURCE, 2 * WIRE_ID_MOST_BYTES + 1, REQUIRED), ID(incarnation),
      NUMBER(sequence, 1, INT64_MAX), ID(foreign_id), INSTANT(id_time), INSTANT(occurred_at, REQUIRED),
      WORD(store_id), ID(interaction_id), WORD(employee_id), ID(customer_id),
      PART(labels, label, AT_MOST(WIRE_LABELS_MOST)), FLAG(drill),
      BODY(interaction_opened, OF_AN_INTERACTION), BODY(interaction_closed, OF_AN_INTERACTION),
      BODY(mood_observed, OF_A_STORE), BODY(wait_started, OF_AN_INTERACTION),
      BODY(wait_ended, OF_AN_INTERACTION), BODY(wait_reported, OF_A_STORE), BODY(need_recorded, OF_A_STORE),
      BODY(question_unanswered, OF_A_STORE), BODY(offer_made, OF_A_STORE), BODY(sale_completed, OF_A_STORE),
      BODY(return_made, OF_A_STORE), BODY(remedy_requested, OF_A_STORE), BODY(remedy_granted, OF_A_STORE),
      BODY(remedy_refused, OF_A_STORE), BODY(remedy_withdrawn, OF_A_STORE), BODY(promise_made, OF_A_STORE),
      BODY(promise_kept, OF_A_STORE), BODY(promise_renegotiated, OF_A_STORE),
      BODY(promise_withdrawn, OF_A_STORE), BODY(product_described, OF_A_STORE),
      BODY(product_wanted, OF_A_STORE), BODY(stock_expected, OF_A_STORE), BODY(stock_arrived, OF_A_STORE),
      BODY(appointment_booked, OF_A_STORE), BODY(appointment_prepared, OF_A_STORE),
      BODY(appointment_kept, OF_A_STORE), BODY(appointment_cancelled, OF_A_STORE), BODY(incident, OF_A_STORE),
      BODY(complaint, OF_A_STORE), BODY(compliment, OF_A_STORE), BODY(handed_over, OF_A_STORE),
      BODY(leaving_signalled, OF_A_STORE), BODY(lesson_shared, OF_A_STORE), BODY(achievement, OF_A_STORE),
      BODY(on_duty, OF_AN_EMPLOYEE), BODY(off_duty, OF_AN_EMPLOYEE), BODY(case_acknowledged, OF_AN_EMPLOYEE),
      BODY(case_answered, OF_AN_EMPLOYEE), BODY(follow_up_done, OF_A_STORE),
      BODY(source_heartbeat, OF_A_STORE), BODY(remedy_returned, OF_A_STORE),
      BODY(exception_requested, OF_A_STORE), BODY(case_declined, OF_AN_EMPLOYEE),
      BODY(authority_lent, OF_AN_EMPLOYEE), BODY(authority_reclaimed, OF_AN_EMPLOYEE),
      BODY(employee_asked_for, OF_A_STORE), BODY(staff_word, OF_AN_EMPLOYEE),
      BODY(change_proposed, OF_AN_EMPLOYEE), BODY(change_answered, OF_AN_EMPLOYEE),
      BODY(role_granted, OF_A_STORE), BODY(role_ended, OF_A_STORE), SYSTEM_BODY(deadline_passed),
      SYSTEM_BODY(policy_proposed), SYSTEM_BODY(serving_started), SYSTEM_BODY(serving_ended));

/* --- the register's door --- */

#define NUMBER_OF_REQUEST NUMBER(request_id, 0, INT64_MAX, REQUIRED)

MESSAGE(publish, NUMBER_OF_REQUEST, INSTANT(sent_at, REQUIRED),
        PART(events, wire_event_rules, REQUIRED, AT_MOST(WIRE_REQUEST_MOST_EVENTS)), FLAG(await_verdict),
        FLAG(want_updates));
MESSAGE(publish_bytes, NUMBER_OF_REQUEST, INSTANT(sent_at, REQUIRED),
        BYTES(events, WIRE_REQUEST_MOST_BYTES, REQUIRED, AT_MOST(WIRE_REQUEST_MOST_EVENTS)),
        FLAG(await_verdict), FLAG(want_updates));
MESSAGE(verdict_query, NUMBER_OF_REQUEST, UUID(event_id, REQUIRED), NUMBER(wait_ms, 0, 60000));
MESSAGE(register_request, PART(publish, publish), PART(verdict_query, verdict_query));
RULES(wire_register_request_rules, register_request_bytes, PART(publish, publish_bytes),
      PART(verdict_query, verdict_query));

/* --- the subscriber's door --- */

#define DECISION_ID(field, ...) TEXT(field, WIRE_ID, 42, ##__VA_ARGS__)

MESSAGE(position, NUMBER(epoch, 0, UINT32_MAX), NUMBER(seq, 0, INT64_MAX));
MESSAGE(from, FLAG(now), FLAG(beginning), PART(after, position), INSTANT(since_at));
MESSAGE(serves, TEXT(store_id, WIRE_WORD_OR_ANY, WIRE_ID_MOST_BYTES, REQUIRED), WORD(role, REQUIRED));
MESSAGE(subscribe, WORD(stream, REQUIRED), PRINTABLE(topics, 199, AT_MOST(64)),
        {.name = "filter", .charset = WIRE_FREE_TEXT, .most_size = 4096}, PART(from, from),
        NUMBER(credit, 1, 10000), PART(serves, serves, AT_MOST(64)));
MESSAGE(confirm, WORD(stream, REQUIRED), DECISION_ID(decision_ids, REQUIRED, AT_MOST(10000)));
MESSAGE(refuse, WORD(stream, REQUIRED), DECISION_ID(decision_id, REQUIRED), PRINTABLE(reason, 256, REQUIRED),
        FLAG(for_good));
MESSAGE(credit, WORD(stream, REQUIRED), NUMBER(credit, 0, 10000, REQUIRED));
MESSAGE(unsubscribe, WORD(stream, REQUIRED), FLAG(forget));
EMPTY(ping);
MESSAGE(resend, WORD(stream, REQUIRED), DECISION_ID(decision_id));
RULES(wire_subscriber_request_rules, subscriber_request, PART(subscribe, subscribe), PART(confirm, confirm),
      PART(refuse, refuse), PART(credit, credit), PART(unsubscribe, unsubscribe), PART(ping, ping),
      PART(resend, resend));

/* --- looking up --- */

static const struct wire_message_rules *const requests[] = {
    &wire_register_request_rules,
    &wire_subscriber_request_rules,
    &register_request,
    &publish,
    &publish_bytes,
    &verdict_query,
    &subscribe,
    &confirm,
    &refuse,
    &credit,
    &unsubscribe,
    &ping,
    &resend,
    &from,
    &position,
    &serves,
    &wire_event_rules,
    &label,
    &money,
    &sale_line,
    &zone_table,
    &zone_transition,
};

const struct wire_message_rules *wire_rules_next(unsigned *at)
{
    unsigned place = (*at)++;
    if (place < COUNT_OF(requests))
        return requests[place];
    place -= COUNT_OF(requests);
    unsigned body = 0;
    while (body < wire_event_rules.field_count && !wire_event_rules.fields[body].needs &&
           !wire_event_rules.fields[body].is_system)
        body++;
    return place + body < wire_event_rules.field_count ? wire_event_rules.fields[place + body].message : NULL;
}

static const struct wire_message_rules *rules_of(const ProtobufCMessageDescriptor *descriptor)
{
    unsigned at = 0;
    const struct wire_message_rules *rules;
    while ((rules = wire_rules_next(&at)))
        if (rules->descriptor == descriptor)
            return rules;
    return NULL;
}

const struct wire_field_rule *wire_rule_of(const ProtobufCMessageDescriptor *descriptor, const char *field)
{
    const struct wire_message_rules *rules = rules_of(descriptor);
    const ProtobufCFieldDescriptor *found = rules ? wire_field_find(descriptor, field) : NULL;
    return found ? &rules->fields[found - descriptor->fields] : NULL;
}

bool wire_rules_require(const ProtobufCMessageDescriptor *descriptor, const char *field)
{
    const struct wire_field_rule *rule = wire_rule_of(descriptor, field);
    return rule && rule->is_required;
}
