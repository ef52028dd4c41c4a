/* narrate: one branch for each kind of decision. */
#include "services/cli/terminal/narrate.h"

#include "common/base/civil.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/phrase/phrase.h"
#include "common/wire/position.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>

struct narrate_word narrate_word(const ProtobufCEnumDescriptor *descriptor, int value)
{
    const ProtobufCEnumValue *found = protobuf_c_enum_descriptor_get_value(descriptor, value);
    struct narrate_word word = {""};
    text_copy(word.text, sizeof word.text, found ? found->name : "");
    for (char *at = word.text; *at; at++)
        *at = (char)tolower((unsigned char)*at);
    return word;
}

const char *narrate_time(int64_t at, char into[static NARRATE_TIME_SIZE])
{
    into[0] = 0;
    if (at == 0)
        return into;
    struct civil civil = civil_from_utc_us(at);
    text_format(into, NARRATE_TIME_SIZE, "%04d-%02d-%02d %02d:%02d:%02d", civil.year, civil.month, civil.day,
                civil.hour, civil.minute, civil.second);
    return into;
}

void narrate_money(const WireMoney *money, struct bytes *into)
{
    if (!money)
        return;
    phrase_money(money->minor, money->currency ? money->currency : "", into);
}

/* `before` and the text, unless there is none. */
static void tell(struct bytes *into, const char *before, const char *text)
{
    if (text && text[0])
        bytes_append_format(into, "%s%s", before, text);
}

static void tell_time(struct bytes *into, const char *before, int64_t at)
{
    char text[NARRATE_TIME_SIZE];
    tell(into, before, narrate_time(at, text));
}

static void tell_money(struct bytes *into, const char *before, const WireMoney *money)
{
    if (!money)
        return;
    bytes_append_text(into, before);
    narrate_money(money, into);
}

/* " (F2 hold)" */
static void tell_rule(struct bytes *into, const char *rule_id, const char *rule)
{
    if (rule && rule[0])
        bytes_append_format(into, " (%s%s%s)", rule_id ? rule_id : "", rule_id && rule_id[0] ? " " : "",
                            rule);
}

static void tell_case_opened(const WireDecision *decision, const char *verb, struct bytes *into)
{
    const WireCase *opened = decision->case_;
    bytes_append_format(into, "case %s %s %s, %s", opened->escalation_id, verb, opened->role,
                        narrate_word(&wire_severity__descriptor, (int)opened->severity).text);
    tell_money(into, ", asked for ", opened->requested);
    tell_rule(into, decision->rule_id, decision->rule);
    tell(into, ": ", opened->sentence);
    if (decision->silenced)
        bytes_append_text(into, " [nobody is paged]");
}

static void tell_resolved(const WireCase *resolved, struct bytes *into)
{
    tell(into, " ", resolved->answer);
    tell_money(into, " ", resolved->granted);
    tell(into, " by ", resolved->resolved_by);
}

/* How a case stands: "case 1-44-0 is resolved: granted 40.00 EUR by ines" */
static void narrate_case_state(const WireCase *case_, struct bytes *into)
{
    bytes_append_format(into, "case %s is %s", case_->escalation_id, case_->state);
    if (text_equal(case_->state, "resolved")) {
        bytes_append_text(into, ":");
        tell_resolved(case_, into);
    } else if (text_equal(case_->state, "overtaken")) {
        tell(into, ": its cause ended before anybody took it, it was with ", case_->role);
    } else {
        tell(into, " with ", case_->role);
    }
    if (text_equal(case_->state, "acknowledged")) {
        tell(into, ", taken by ", case_->acknowledged_by);
        tell_time(into, " until ", case_->acknowledged_until);
    }
}

/* Of the decisions that say whose a case is now. */
static const char *const case_verbs[] = {
    [WIRE_DECISION_KIND__CASE_OPENED] = "opened for",
    [WIRE_DECISION_KIND__CASE_CAUSE_ADDED] = "has another cause, for",
    [WIRE_DECISION_KIND__CASE_RAISED] = "raised, for",
    [WIRE_DECISION_KIND__CASE_CLIMBED] = "climbed to",
    [WIRE_DECISION_KIND__CASE_NOTIFIED_AGAIN] = "notified again,",
};

static void tell_case(const WireDecision *decision, struct bytes *into)
{
    const WireCase *about = decision->case_;
    size_t kind = (size_t)decision->kind;
    if (kind < COUNT_OF(case_verbs) && case_verbs[kind]) {
        tell_case_opened(decision, case_verbs[kind], into);
        if (decision->kind == WIRE_DECISION_KIND__CASE_CLIMBED)
            tell(into, "; ", about->climb_reason);
    } else if (decision->kind == WIRE_DECISION_KIND__CASE_ACKNOWLEDGED) {
        bytes_append_format(into, "case %s taken", about->escalation_id);
        tell(into, " by ", about->acknowledged_by);
        tell_time(into, " until ", about->acknowledged_until);
    } else if (decision->kind == WIRE_DECISION_KIND__CASE_REOPENED) {
        bytes_append_format(into, "case %s is open again", about->escalation_id);
        tell(into, ", for ", about->role);
        tell(into, ": no answer in time from ", about->acknowledged_by);
    } else if (decision->kind == WIRE_DECISION_KIND__CASE_RESOLVED) {
        bytes_append_format(into, "case %s answered:", about->escalation_id);
        tell_resolved(about, into);
    } else {
        narrate_case_state(about, into);
    }
}

static void tell_follow_up(const WireDecision *decision, struct bytes *into)
{
    const WireFollowUp *task = decision->follow_up;
    bytes_append_format(into, "follow-up %s (%s) %s", task->follow_up_id,
                        narrate_word(&wire_follow_up_kind__descriptor, (int)task->kind).text, task->state);
    tell(into, ", owner ", task->owner);
    tell(into, ", customer ", task->customer_id);
    if (decision->kind == WIRE_DECISION_KIND__FOLLOW_UP_OPENED)
        tell_time(into, ", due ", task->due_at);
    tell(into, ", by ", task->ended_by);
    tell_rule(into, decision->rule_id, decision->rule);
    tell(into, ": ", task->sentence);
}

static void tell_coaching(const WireDecision *decision, struct bytes *into)
{
    bytes_append_text(into, "coaching");
    tell(into, " for ", decision->coaching->employee_id);
    tell_rule(into, decision->rule_id, decision->rule);
    tell(into, ": ", decision->coaching->sentence);
}

static void tell_finding(const WireDecision *decision, struct bytes *into)
{
    bytes_append_text(into, "finding");
    tell(into, " about ", decision->finding->subject);
    if (decision->finding->has_value)
        bytes_append_format(into, ", %" PRId64, decision->finding->value);
    tell_rule(into, decision->rule_id, decision->rule);
    tell(into, ": ", decision->finding->sentence);
}

static void tell_experience(const WireExperience *experience, struct bytes *into)
{
    AUTO_CLEAR(bytes) outcome = {0};
    for (const char *at = experience->outcome ? experience->outcome : ""; *at; at++) {
        char letter = (char)tolower((unsigned char)*at);
        bytes_append(&outcome, &letter, 1);
    }
    bytes_append_text(into, "contact ended");
    tell(into, " ", bytes_text(&outcome));
    bytes_append_format(into, ", experience %s",
                        narrate_word(&wire_feeling__descriptor, (int)experience->feeling).text);
    if (experience->reach)
        bytes_append_format(into, ": about %d people are likely to hear of it", (int)experience->reach);
}

static void tell_recognition(const WireDecision *decision, struct bytes *into)
{
    bytes_append_text(into, "recognition");
    tell(into, " for ", decision->recognition->employee_id);
    tell(into, ", told to ", decision->recognition->manager_role);
    tell_rule(into, decision->rule_id, decision->rule);
    tell(into, ": ", decision->recognition->sentence);
}

static void tell_notice(const WireDecision *decision, struct bytes *into)
{
    bytes_append_text(into, "notice");
    tell(into, " to ", decision->notice->to_employee_id);
    tell_rule(into, decision->rule_id, decision->rule);
    tell(into, ": ", decision->notice->sentence);
}

/* "1 compliment", "2 compliments" */
static void tell_count(struct bytes *into, const char **separator, int32_t count, const char *one,
                       const char *many)
{
    if (count <= 0)
        return;
    bytes_append_format(into, "%s%" PRId32 " %s", *separator, count, count == 1 ? one : many);
    *separator = ", ";
}

static void tell_earned(const WireDigestLine *line, struct bytes *into)
{
    const char *separator = "";
    tell_count(into, &separator, line->compliments, "compliment", "compliments");
    tell_count(into, &separator, line->kept_promises, "promise kept", "promises kept");
    tell_count(into, &separator, line->returning_customers, "customer who came back",
               "customers who came back");
    tell_count(into, &separator, line->sales_gains, "sales gain", "sales gains");
}

static void tell_digest(const WireDecision *decision, struct bytes *into)
{
    const WireDigest *digest = decision->digest;
    bytes_append_text(into, "digest");
    tell(into, " of ", digest->day);
    tell(into, ", told to ", digest->manager_role);
    tell_rule(into, decision->rule_id, decision->rule);
    tell(into, ": ", digest->sentence);
    for (size_t i = 0; digest->detail && i < digest->detail->n_lines; i++) {
        bytes_append_format(into, "%s%s: ", i ? "; " : " Earned by ",
                            digest->detail->lines[i]->employee_id);
        tell_earned(digest->detail->lines[i], into);
    }
}

static void tell_remedy(const WireRemedy *remedy, struct bytes *into)
{
    bytes_append_format(into, "remedy %s %s", remedy->remedy_id, remedy->state);
    tell_money(into, " ", remedy->amount);
    tell(into, ", charged to ", remedy->charged_to);
}

static void tell_promise(const WirePromise *promise, struct bytes *into)
{
    bytes_append_format(into, "promise %s %s", promise->promise_id, promise->state);
    tell(into, ", owner ", promise->owner);
    tell_time(into, ", due ", promise->due_at);
}

static void tell_policy(const WireDecision *decision, struct bytes *into)
{
    bytes_append_text(into, "policy");
    tell(into, " ", decision->policy->name);
    bytes_append_text(into, decision->kind == WIRE_DECISION_KIND__POLICY_ACCEPTED ? " accepted" : " refused");
    if (decision->policy->n_findings > 0)
        tell(into, ": ", decision->policy->findings[0]);
}

static void tell_act_refused(const WireActRefused *refused, struct bytes *into)
{
    bytes_append_text(into, "refused");
    tell(into, " (", refused->reason);
    tell(into, "): ", refused->sentence);
    if (refused->present) {
        bytes_append_text(into, " Now: ");
        narrate_case_state(refused->present, into);
    }
}

void narrate_decision(const WireDecision *decision, struct bytes *into)
{
    switch (decision->body_case) {
    case WIRE_DECISION__BODY_VERDICT:
        bytes_append_text(into, "verdict: ");
        narrate_verdict(decision->verdict, into);
        break;
    case WIRE_DECISION__BODY_CASE:
        tell_case(decision, into);
        break;
    case WIRE_DECISION__BODY_FOLLOW_UP:
        tell_follow_up(decision, into);
        break;
    case WIRE_DECISION__BODY_EXPERIENCE:
        tell_experience(decision->experience, into);
        break;
    case WIRE_DECISION__BODY_RECOGNITION:
        tell_recognition(decision, into);
        break;
    case WIRE_DECISION__BODY_COACHING:
        tell_coaching(decision, into);
        break;
    case WIRE_DECISION__BODY_FINDING:
        tell_finding(decision, into);
        break;
    case WIRE_DECISION__BODY_NOTICE:
        tell_notice(decision, into);
        break;
    case WIRE_DECISION__BODY_REMEDY:
        tell_remedy(decision->remedy, into);
        break;
    case WIRE_DECISION__BODY_PROMISE:
        tell_promise(decision->promise, into);
        break;
    case WIRE_DECISION__BODY_POLICY:
        tell_policy(decision, into);
        break;
    case WIRE_DECISION__BODY_ACT_REFUSED:
        tell_act_refused(decision->act_refused, into);
        break;
    case WIRE_DECISION__BODY_DIGEST:
        tell_digest(decision, into);
        break;
    case WIRE_DECISION__BODY__NOT_SET:
    case _WIRE_DECISION__BODY__CASE_IS_INT_SIZE:
        bytes_append_text(into, narrate_word(&wire_decision_kind__descriptor, (int)decision->kind).text);
        break;
    }
    if (decision->drill)
        bytes_append_text(into, " [drill]");
    if (decision->late)
        bytes_append_text(into, " [late]");
}

/* "; beyond associate (per remedy: 250.00 EUR too much), shift_lead (…)" */
static void tell_proof(const WireProof *proof, struct bytes *into)
{
    static const char *const limits[] = {[WIRE_LIMIT_KIND__PER_REMEDY] = "per remedy",
                                         [WIRE_LIMIT_KIND__PER_CUSTOMER_DAY] = "per customer and day",
                                         [WIRE_LIMIT_KIND__PER_EMPLOYEE_DAY] = "per employee and day"};
    size_t told = 0;
    for (size_t i = 0; i < proof->n_levels; i++) {
        const WireProofLevel *level = proof->levels[i];
        if (level->enough || !level->has_limit || (size_t)level->limit >= COUNT_OF(limits) ||
            !limits[level->limit])
            continue;
        bytes_append_format(into, "%s %s (%s: ", told++ ? "," : "; beyond", level->role,
                            limits[level->limit]);
        phrase_money(level->shortfall_minor,
                     proof->requested && proof->requested->currency ? proof->requested->currency : "", into);
        bytes_append_text(into, " too much)");
    }
}

void narrate_verdict(const WireVerdict *verdict, struct bytes *into)
{
    bytes_append_text(into, narrate_word(&wire_verdict__outcome__descriptor, (int)verdict->outcome).text);
    tell_money(into, ", ", verdict->amount);
    for (size_t i = 0; i < verdict->n_cases; i++) {
        const WireVerdictCase *told = verdict->cases[i];
        bytes_append_format(into, "%s to %s, %s, case %s", i ? " and" : "", told->role,
                            narrate_word(&wire_severity__descriptor, (int)told->severity).text,
                            told->escalation_id);
        tell_rule(into, told->rule_id, told->rule);
    }
    for (size_t i = 0; i < verdict->n_advice; i++) {
        bytes_append_format(into, "%s \"%s\"",
                            i || verdict->outcome != WIRE_VERDICT__OUTCOME__ADVICE ? "; advice" : ":",
                            verdict->advice[i]->sentence ? verdict->advice[i]->sentence : "");
        tell_rule(into, verdict->advice[i]->rule_id, verdict->advice[i]->rule);
    }
    if (verdict->proof)
        tell_proof(verdict->proof, into);
    if (verdict->answer) {
        bytes_append_format(into, "; answered %s",
                            narrate_word(&wire_answer__descriptor, (int)verdict->answer->answer).text);
        tell_money(into, " ", verdict->answer->amount);
        tell(into, " by ", verdict->answer->answered_by);
        if (verdict->answer->text && verdict->answer->text[0]) {
            bytes_append_text(into, ": ");
            text_append_quoted(into, verdict->answer->text);
        }
    }
}
