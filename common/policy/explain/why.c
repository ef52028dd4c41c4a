/* why: tells of a decision what its rule knew. */
#include "common/policy/explain/why.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/explain/explain_rule.h"
#include "common/policy/phrase/phrase.h"
#include "common/wire/event.h"
#include "common/wire/field.h"

#include <string.h>

static const char *limit_words(WireLimitKind kind)
{
    static const char *const limits[] = {
        [WIRE_LIMIT_KIND__PER_REMEDY] = "limit for one remedy",
        [WIRE_LIMIT_KIND__PER_CUSTOMER_DAY] = "limit for one customer and day",
        [WIRE_LIMIT_KIND__PER_EMPLOYEE_DAY] = "limit for one employee and day",
        [WIRE_LIMIT_KIND__EXPECTED_LOSS] = "sum that a no would cost",
        [WIRE_LIMIT_KIND__CUSTOMER_CAP] = "cap for a yes that is cheaper than a no",
    };
    return (size_t)kind < COUNT_OF(limits) && limits[kind] ? limits[kind] : "limit";
}

static void write_limit(const WireProofLevel *level, const char *currency, struct bytes *into)
{
    bytes_append_format(into, ": its %s is ", limit_words(level->limit));
    phrase_money(level->limit_minor, currency, into);
    if (level->used_minor) {
        bytes_append_text(into, ", of which ");
        phrase_money(level->used_minor, currency, into);
        bytes_append_text(into, " are used today");
    }
    bytes_append_text(into, ": ");
    phrase_money(level->shortfall_minor, currency, into);
    bytes_append_text(into, " too little");
}

static const char *currency_of(const WireProof *proof)
{
    return proof->requested && proof->requested->currency ? proof->requested->currency : "";
}

static void write_level(const WireProof *proof, const WireProofLevel *level, const char *indent,
                        struct bytes *into)
{
    const char *currency = currency_of(proof), *exception = proof->exception ? proof->exception : "it";
    bytes_append_text(into, indent);
    phrase_name(level->role ? level->role : "somebody", into);
    if (level->employee_id)
        bytes_append_format(into, level->lent_by ? " (%s, lent by %s)" : " (%s)", level->employee_id,
                            level->lent_by);
    bytes_append_text(into, level->enough ? " may decide it" : " may not decide it");
    bool is_unlisted = level->has_limit && level->limit == WIRE_LIMIT_KIND__UNLISTED;
    if (!level->enough && level->has_limit && !is_unlisted)
        write_limit(level, currency, into);
    else if (!level->enough && is_unlisted)
        bytes_append_format(into, ": it does not list %s", exception);
    else if (!level->enough)
        bytes_append_text(into, ": it has no figures for this currency");
    bytes_append_text(into, "\n");
}

/* "associate cannot decide it: the limit for one remedy is 50.00 EUR, 200.00 EUR too little", a line a level.
 */
static void write_proof(const WireProof *proof, const char *indent, struct bytes *into)
{
    const char *currency = currency_of(proof);
    if (proof->exception)
        bytes_append_format(into, "%sasked for: the exception %s\n", indent, proof->exception);
    if (proof->requested) {
        bytes_append_format(into, proof->exception ? "%sworth: " : "%sasked for: ", indent);
        phrase_money(proof->requested->minor, currency, into);
        bytes_append_text(into, "\n");
    }
    for (size_t i = 0; i < proof->n_levels; i++)
        write_level(proof, proof->levels[i], indent, into);
    if (proof->has_near)
        bytes_append_format(into, "%swith a %s a fifth larger it would have stayed at the counter\n", indent,
                            limit_words(proof->near));
    if (!proof->has_expected_loss_minor)
        return;
    bytes_append_format(into, "%sa no would cost ", indent);
    phrase_money(proof->expected_loss_minor, currency, into);
    bytes_append_format(into, ": %d people would hear of it, ", (int)proof->reach);
    phrase_money(proof->hearer_minor, currency, into);
    bytes_append_text(into, " each; the counter may go up to ");
    phrase_money(proof->cap_minor, currency, into);
    bytes_append_text(into, "\n");
}

static const WireProof *proof_of(const WireDecision *decision)
{
    if (decision->body_case == WIRE_DECISION__BODY_CASE && decision->kind == WIRE_DECISION_KIND__CASE_OPENED)
        return decision->case_->proof;
    return decision->body_case == WIRE_DECISION__BODY_VERDICT ? decision->verdict->proof : NULL;
}

/* Of a promise no deadline, and no event about itself, tells. */
static bool is_handed_on(const WireDecision *decision, const WireEvent *event)
{
    bool is_promise = decision->body_case == WIRE_DECISION__BODY_PROMISE &&
                      event->body_case != WIRE_EVENT__BODY_DEADLINE_PASSED;
    const char *told_of =
        event->body_case == WIRE_EVENT__BODY_PROMISE_MADE           ? event->promise_made->promise_id
        : event->body_case == WIRE_EVENT__BODY_PROMISE_KEPT         ? event->promise_kept->promise_id
        : event->body_case == WIRE_EVENT__BODY_PROMISE_RENEGOTIATED ? event->promise_renegotiated->promise_id
        : event->body_case == WIRE_EVENT__BODY_PROMISE_WITHDRAWN    ? event->promise_withdrawn->promise_id
                                                                    : NULL;
    return decision->kind == WIRE_DECISION_KIND__CASE_HANDED_ON ||
           decision->kind == WIRE_DECISION_KIND__FOLLOW_UP_HANDED_ON ||
           decision->kind == WIRE_DECISION_KIND__FOLLOW_UP_WOKEN ||
           (is_promise && (!told_of || !text_equal(told_of, decision->promise->promise_id)));
}

static const char *cause_of(const WireDecision *decision, const WireEvent *event)
{
    switch ((int)event->body_case) {
    case WIRE_EVENT__BODY_CASE_ACKNOWLEDGED:
        return "somebody took the case";
    case WIRE_EVENT__BODY_CASE_ANSWERED:
        return "somebody answered the case";
    case WIRE_EVENT__BODY_CASE_DECLINED:
        return "whoever was called cannot help";
    case WIRE_EVENT__BODY_FOLLOW_UP_DONE:
        return "somebody did what was to be done";
    case WIRE_EVENT__BODY_CHANGE_ANSWERED:
        return "a proposal was answered";
    case WIRE_EVENT__BODY_STAFF_WORD:
        return "whoever had a hard case said whether they were able to help";
    case WIRE_EVENT__BODY_DEADLINE_PASSED:
        return event->deadline_passed->kind == WIRE_DEADLINE_KIND__ACKNOWLEDGE_DUE
                   ? "nobody took the case in time"
               : event->deadline_passed->kind == WIRE_DEADLINE_KIND__ANSWER_DUE
                   ? "no answer came by the time that was promised"
                   : "its time had come";
    case WIRE_EVENT__BODY_POLICY_PROPOSED:
        return "a policy was proposed";
    }
    if (decision->kind == WIRE_DECISION_KIND__CASE_OVERTAKEN)
        return "its cause ended before anybody took it";
    if (decision->kind == WIRE_DECISION_KIND__CASE_MUTED)
        return "a critical case of the same contact pages already";
    if (is_handed_on(decision, event))
        return "the customer was handed over on purpose, or it became known whose the contact is";
    if (decision->kind == WIRE_DECISION_KIND__FOLLOW_UP_OVERTAKEN)
        return "the customer was served since";
    if (decision->body_case == WIRE_DECISION__BODY_REMEDY)
        return "the request went on";
    if (decision->body_case == WIRE_DECISION__BODY_DAY_SERVED)
        return "it is the first of its kind on this day of the store: reports go by it";
    return "of the event itself";
}

static void write_fact(const WireFact *fact, struct bytes *into)
{
    size_t size = strlen(fact->path);
    bytes_append_format(into, "    knew: %s: ", phrase_fact(fact->path).text);
    if (fact->value_case == WIRE_FACT__VALUE_TRUTH)
        bytes_append_text(into, fact->truth ? "yes" : "no");
    else if (fact->value_case == WIRE_FACT__VALUE_TEXT)
        bytes_append_text(into, fact->text);
    else if (size > 3 && text_equal(fact->path + size - 3, "_ms"))
        phrase_duration(fact->number * 1000, into);
    else
        bytes_append_format(into, "%lld", (long long)fact->number);
    bytes_append_text(into, "\n");
}

static void write_rule(struct question *question, const struct rule *rule, struct bytes *into)
{
    bytes_append_format(into, "  The rule %s%s%s%s%s%s\n", rule->name, *rule->row ? " (" : "", rule->row,
                        *rule->row ? ")" : "", *rule->about ? ": " : "", rule->about);
    if (!rule->when.program) {
        bytes_append_text(into, "    It has no condition.\n");
        for (size_t i = 0; i < question->decision->n_facts; i++)
            write_fact(question->decision->facts[i], into);
        return;
    }
    struct cel_activation activation = question_activation(question);
    phrase_terms(question->policy, rule->when.program, &activation, "    ", into);
}

/* The rules that told something in a verdict. */
static bool advised(const WireDecision *decision, const struct rule *rule)
{
    for (size_t i = 0; i < decision->verdict->n_advice; i++)
        if (decision->verdict->advice[i]->rule && text_equal(decision->verdict->advice[i]->rule, rule->name))
            return true;
    for (size_t i = 0; i < decision->verdict->n_cases; i++)
        if (decision->verdict->cases[i]->rule && text_equal(decision->verdict->cases[i]->rule, rule->name))
            return true;
    return decision->rule && text_equal(decision->rule, rule->name);
}

static bool write_verdict(struct question *question, struct bytes *into)
{
    bool is_told = false;
    for (unsigned i = 0; i < question->policy->rule_count; i++) {
        const struct rule *rule = &question->policy->rules[i];
        if (!advised(question->decision, rule) || !question_is_looked_at(question, rule))
            continue;
        struct cel_activation activation = question_activation(question);
        if (rule->when.program && !cel_holds(rule->when.program, &activation))
            continue;
        write_rule(question, rule, into);
        is_told = true;
    }
    return is_told;
}

/* Made by a rule, not by what became of it later. */
static bool is_of_rule(const WireDecision *decision, const WireEvent *event)
{
    bool is_act = event->body_case == WIRE_EVENT__BODY_CASE_ACKNOWLEDGED ||
                  event->body_case == WIRE_EVENT__BODY_CASE_ANSWERED ||
                  event->body_case == WIRE_EVENT__BODY_CASE_DECLINED ||
                  event->body_case == WIRE_EVENT__BODY_FOLLOW_UP_DONE ||
                  event->body_case == WIRE_EVENT__BODY_STAFF_WORD ||
                  (event->body_case == WIRE_EVENT__BODY_DEADLINE_PASSED &&
                   event->deadline_passed->kind != WIRE_DEADLINE_KIND__RULE_DUE);
    bool is_consequence = decision->kind == WIRE_DECISION_KIND__CASE_OVERTAKEN ||
                          decision->kind == WIRE_DECISION_KIND__CASE_MUTED || is_handed_on(decision, event) ||
                          decision->kind == WIRE_DECISION_KIND__FOLLOW_UP_OVERTAKEN;
    return decision->rule && (decision->n_facts || (!is_act && !is_consequence));
}

void why_decision(struct question *question, struct bytes *into)
{
    const WireDecision *decision = question->decision;
    const WireProof *proof = proof_of(decision);
    const struct rule *rule = NULL;
    bool is_told = false;
    if (!is_of_rule(decision, question->event)) {
        bytes_append_format(into, "  Because %s.\n", cause_of(decision, question->event));
    } else if (!question->policy) {
        bytes_append_text(into, "  Its policy cannot be read.\n");
    } else if (question_bind(question)) {
        bytes_append_text(into,
                          "  It was made by another version of the program: its facts cannot be read.\n");
    } else {
        if (decision->body_case == WIRE_DECISION__BODY_VERDICT)
            is_told = write_verdict(question, into);
        else if ((rule = question_rule(question)))
            write_rule(question, rule, into);
        if (!rule && !is_told)
            bytes_append_format(into, "  The rule %s, which no longer holds on the facts it kept.\n",
                                decision->rule);
    }
    if (!proof)
        return;
    bytes_append_text(into, "  Who may decide it:\n");
    write_proof(proof, "    ", into);
}

void why_limits(WireDecision *const *decisions, size_t count, const struct rule_look *look,
                const char *indent, struct bytes *into)
{
    const WireProof *proof = NULL;
    for (size_t i = 0; !proof && i < count; i++)
        proof = proof_of(decisions[i]);
    proof = proof ? proof : look->proof;
    if (proof)
        write_proof(proof, indent, into);
}

void why_subject(const WireEvent *event, struct bytes *into)
{
    const ProtobufCMessage *body = wire_event_body(event);
    for (unsigned i = 0; body && i < body->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &body->descriptor->fields[i];
        if (field->type != PROTOBUF_C_TYPE_STRING || !text_ends_with(field->name, "_id") ||
            text_ends_with(field->name, "employee_id") || !wire_field_count(field, body))
            continue;
        bytes_append_format(into, ", %.*s %s", (int)(strlen(field->name) - strlen("_id")), field->name,
                            *(char *const *)wire_field_value(field, body, 0));
        return;
    }
}

bool why_is_about(const struct rule *rule, const char *name_or_row)
{
    return text_equal(rule->name, name_or_row) || text_equal(rule->row, name_or_row);
}

void why_look(const struct rule_look *look, const char *indent, struct bytes *into)
{
    bytes_append_format(into, "%slooked at: ", indent);
    explain_trigger(look->trigger, into);
    bytes_append_text(into, look->holds ? "; it held\n" : "; it did not hold\n");
    if (look->rule->when.program)
        phrase_terms(look->policy, look->rule->when.program, look->activation, indent, into);
}

bool why_triggers(const struct policy *policy, const char *name_or_row, struct bytes *into)
{
    bool is_any = false;
    for (unsigned i = 0; i < policy->rule_count; i++) {
        const struct rule *rule = &policy->rules[i];
        if (!why_is_about(rule, name_or_row))
            continue;
        is_any = true;
        for (unsigned trigger = 0; trigger < rule->trigger_count; trigger++) {
            bytes_append_text(into, "    ");
            explain_trigger(&rule->triggers[trigger], into);
            bytes_append_text(into, "\n");
        }
    }
    return is_any;
}
