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
static void write_text(struct bytes *into, const char *before, const char *text)
{
    if (text && text[0])
        bytes_append_format(into, "%s%s", before, text);
}

static void write_time(struct bytes *into, const char *before, int64_t at)
{
    char text[NARRATE_TIME_SIZE];
    write_text(into, before, narrate_time(at, text));
}

static void write_money(struct bytes *into, const char *before, const WireMoney *money)
{
    if (!money)
        return;
    bytes_append_text(into, before);
    narrate_money(money, into);
}

/* " (F2 hold)" */
static void write_rule(struct bytes *into, const char *rule_id, const char *rule)
{
    if (rule && rule[0])
        bytes_append_format(into, " (%s%s%s)", rule_id ? rule_id : "", rule_id && rule_id[0] ? " " : "",
                            rule);
}

static void write_case_opened(const WireDecision *decision, const char *verb, struct bytes *into)
{
    const WireCase *opened = decision->case_;
    bytes_append_format(into, "case %s %s %s, %s", opened->escalation_id, verb, opened->role,
                        narrate_word(&wire_severity__descriptor, (int)opened->severity).text);
    write_text(into, ", asked for the exception ", opened->exception);
    write_money(into, opened->exception ? ", worth " : ", asked for ", opened->requested);
    write_rule(into, decision->rule_id, decision->rule);
    write_text(into, ": ", opened->sentence);
    if (decision->silenced)
        bytes_append_text(into, " [nobody is paged]");
}

static void write_resolved(const WireCase *resolved, struct bytes *into)
{
    write_text(into, " ", resolved->answer);
    write_money(into, " ", resolved->granted);
    write_text(into, " by ", resolved->resolved_by);
    write_text(into, " for ", resolved->lent_by);
}

/* How a case stands: "case 1-44-0 is resolved: granted 40.00 EUR by ines" */
static void write_case_state(const WireCase *case_, struct bytes *into)
{
    bytes_append_format(into, "case %s is %s", case_->escalation_id, case_->state);
    if (text_equal(case_->state, "resolved")) {
        bytes_append_text(into, ":");
        write_resolved(case_, into);
    } else if (text_equal(case_->state, "overtaken")) {
        write_text(into, ": its cause ended before anybody took it, it was with ", case_->role);
    } else {
        write_text(into, " with ", case_->role);
    }
    if (text_equal(case_->state, "acknowledged")) {
        write_text(into, ", taken by ", case_->acknowledged_by);
        write_time(into, " until ", case_->acknowledged_until);
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

static void write_case(const WireDecision *decision, struct bytes *into)
{
    const WireCase *about = decision->case_;
    size_t kind = (size_t)decision->kind;
    if (kind < COUNT_OF(case_verbs) && case_verbs[kind]) {
        write_case_opened(decision, case_verbs[kind], into);
        write_text(into, "; called: ", about->called);
        if (decision->kind == WIRE_DECISION_KIND__CASE_CLIMBED || about->called)
            write_text(into, "; ", about->climb_reason);
    } else if (decision->kind == WIRE_DECISION_KIND__CASE_ACKNOWLEDGED) {
        bytes_append_format(into, "case %s taken", about->escalation_id);
        write_text(into, " by ", about->acknowledged_by);
        write_time(into, " until ", about->acknowledged_until);
    } else if (decision->kind == WIRE_DECISION_KIND__CASE_REOPENED) {
        bytes_append_format(into, "case %s is open again", about->escalation_id);
        write_text(into, ", for ", about->role);
        write_text(into, ": no answer in time from ", about->acknowledged_by);
    } else if (decision->kind == WIRE_DECISION_KIND__CASE_HANDED_ON) {
        bytes_append_format(into, "case %s has another owner:", about->escalation_id);
        write_text(into, " ", about->owner);
        write_text(into, "; it is with the ", about->role);
    } else if (decision->kind == WIRE_DECISION_KIND__CASE_MUTED) {
        bytes_append_format(into, "case %s is muted: a critical case of the same contact pages already",
                            about->escalation_id);
        write_text(into, "; it is with ", about->role);
    } else if (decision->kind == WIRE_DECISION_KIND__CASE_RESOLVED) {
        bytes_append_format(into, "case %s answered:", about->escalation_id);
        write_resolved(about, into);
    } else {
        write_case_state(about, into);
    }
}

static void write_follow_up(const WireDecision *decision, struct bytes *into)
{
    const WireFollowUp *task = decision->follow_up;
    bytes_append_format(into, "follow-up %s (%s) %s", task->follow_up_id,
                        narrate_word(&wire_follow_up_kind__descriptor, (int)task->kind).text, task->state);
    write_text(into, ", owner ", task->owner);
    if (task->waits)
        bytes_append_text(into, ", who is away");
    else if (decision->kind == WIRE_DECISION_KIND__FOLLOW_UP_WOKEN)
        bytes_append_text(into, ", who is back");
    write_text(into, ", customer ", task->customer_id);
    if (decision->kind == WIRE_DECISION_KIND__FOLLOW_UP_OPENED ||
        decision->kind == WIRE_DECISION_KIND__FOLLOW_UP_HANDED_ON ||
        decision->kind == WIRE_DECISION_KIND__FOLLOW_UP_WOKEN)
        write_time(into, ", due ", task->due_at);
    if (task->has_outcome)
        write_text(into, ": ", narrate_word(&wire_follow_up_outcome__descriptor, (int)task->outcome).text);
    write_text(into, ", by ", task->ended_by);
    write_rule(into, decision->rule_id, decision->rule);
    write_text(into, ": ", task->sentence);
}

static void write_coaching(const WireDecision *decision, struct bytes *into)
{
    bytes_append_text(into, "coaching");
    write_text(into, " for ", decision->coaching->employee_id);
    write_rule(into, decision->rule_id, decision->rule);
    write_text(into, ": ", decision->coaching->sentence);
    for (size_t i = 0; i < decision->coaching->n_examples; i++)
        write_text(into, i ? ", " : " Contacts: ", decision->coaching->examples[i]);
}

static void write_finding(const WireDecision *decision, struct bytes *into)
{
    bytes_append_text(into, "finding");
    write_text(into, " about ", decision->finding->subject);
    if (decision->finding->has_value)
        bytes_append_format(into, ", %" PRId64, decision->finding->value);
    write_rule(into, decision->rule_id, decision->rule);
    write_text(into, ": ", decision->finding->sentence);
}

static void write_experience(const WireExperience *experience, struct bytes *into)
{
    AUTO_CLEAR(bytes) outcome = {0};
    for (const char *at = experience->outcome ? experience->outcome : ""; *at; at++) {
        char letter = (char)tolower((unsigned char)*at);
        bytes_append(&outcome, &letter, 1);
    }
    bytes_append_text(into, "contact ended");
    write_text(into, " ", bytes_text(&outcome));
    bytes_append_format(into, ", experience %s",
                        narrate_word(&wire_feeling__descriptor, (int)experience->feeling).text);
    if (experience->reach)
        bytes_append_format(into, ": about %d people are likely to hear of it", (int)experience->reach);
}

static void write_recognition(const WireDecision *decision, struct bytes *into)
{
    bytes_append_text(into, "recognition");
    write_text(into, " for ", decision->recognition->employee_id);
    write_text(into, ", told to ", decision->recognition->manager_role);
    write_rule(into, decision->rule_id, decision->rule);
    write_text(into, ": ", decision->recognition->sentence);
}

static void write_notice(const WireDecision *decision, struct bytes *into)
{
    bytes_append_text(into, "notice");
    write_text(into, " to ", decision->notice->to_employee_id);
    write_rule(into, decision->rule_id, decision->rule);
    write_text(into, ": ", decision->notice->sentence);
}

/* "1 compliment", "2 compliments" */
static void write_count(struct bytes *into, const char **separator, int32_t count, const char *one,
                        const char *many)
{
    if (count <= 0)
        return;
    bytes_append_format(into, "%s%" PRId32 " %s", *separator, count, count == 1 ? one : many);
    *separator = ", ";
}

static void write_earned(const WireDigestLine *line, struct bytes *into)
{
    const char *separator = "";
    write_count(into, &separator, line->compliments, "compliment", "compliments");
    write_count(into, &separator, line->kept_promises, "promise kept", "promises kept");
    write_count(into, &separator, line->returning_customers, "customer who came back",
                "customers who came back");
    write_count(into, &separator, line->sales_gains, "sales gain", "sales gains");
}

static void write_digest(const WireDecision *decision, struct bytes *into)
{
    const WireDigest *digest = decision->digest;
    bytes_append_text(into, "digest");
    write_text(into, " of ", digest->day);
    write_text(into, ", told to ", digest->manager_role);
    write_rule(into, decision->rule_id, decision->rule);
    write_text(into, ": ", digest->sentence);
    for (size_t i = 0; digest->detail && i < digest->detail->n_lines; i++) {
        bytes_append_format(into, "%s%s: ", i ? "; " : " Earned by ", digest->detail->lines[i]->employee_id);
        write_earned(digest->detail->lines[i], into);
    }
}

static void write_day_served(const WireDayServed *served, struct bytes *into)
{
    bytes_append_format(into, "%s serves on %s", served->employee_id ? served->employee_id : "somebody",
                        served->day ? served->day : "this day");
    write_text(into, " as ", served->role);
    write_money(into, ", who may grant ", served->authority);
}

static void write_remedy(const WireRemedy *remedy, struct bytes *into)
{
    bytes_append_format(into, "remedy %s %s", remedy->remedy_id, remedy->state);
    write_text(into, ", exception ", remedy->exception);
    write_money(into, " ", remedy->amount);
    write_text(into, ", charged to ", remedy->charged_to);
    write_text(into, ", who lent it to ", remedy->lent_to);
}

static void write_loan(const WireLoan *loan, struct bytes *into)
{
    bool is_lent = text_equal(text_or_empty(loan->state), "lent");
    bytes_append_format(into, "authority of %s", loan->lender);
    write_text(into, " (", loan->role);
    bytes_append_text(into, loan->role ? ")" : "");
    bytes_append_format(into, is_lent ? " lent to %s" : " taken back from %s", loan->borrower);
    if (is_lent)
        write_time(into, " until ", loan->until_at);
}

static void write_promise(const WirePromise *promise, struct bytes *into)
{
    bytes_append_format(into, "promise %s %s", promise->promise_id, promise->state);
    write_text(into, " about ", promise->about);
    write_text(into, ", for ", promise->to_employee_id);
    write_text(into, ", owed by ", promise->owed_by_role);
    write_text(into, ", answer ", promise->answer);
    write_text(into, ", owner ", promise->owner);
    write_time(into, ", due ", promise->due_at);
}

static void write_policy(const WireDecision *decision, struct bytes *into)
{
    bytes_append_text(into, "policy");
    write_text(into, " ", decision->policy->name);
    bytes_append_text(into, decision->kind == WIRE_DECISION_KIND__POLICY_ACCEPTED ? " accepted" : " refused");
    if (decision->policy->n_findings > 0)
        write_text(into, ": ", decision->policy->findings[0]);
}

static void write_act_refused(const WireActRefused *refused, struct bytes *into)
{
    bytes_append_text(into, "refused");
    write_text(into, " (", refused->reason);
    write_text(into, "): ", refused->sentence);
    if (refused->present) {
        bytes_append_text(into, " Now: ");
        write_case_state(refused->present, into);
    }
}

static void write_word(const WireDecision *decision, struct bytes *into)
{
    bytes_append_format(into, "staff's word: somebody was %sable to help with a hard case",
                        decision->word->able ? "" : "not ");
}

static void write_body(const WireDecision *decision, struct bytes *into)
{
    switch (decision->body_case) {
    case WIRE_DECISION__BODY_VERDICT:
        bytes_append_text(into, "verdict: ");
        narrate_verdict(decision->verdict, into);
        break;
    case WIRE_DECISION__BODY_CASE:
        write_case(decision, into);
        break;
    case WIRE_DECISION__BODY_FOLLOW_UP:
        write_follow_up(decision, into);
        break;
    case WIRE_DECISION__BODY_EXPERIENCE:
        write_experience(decision->experience, into);
        break;
    case WIRE_DECISION__BODY_RECOGNITION:
        write_recognition(decision, into);
        break;
    case WIRE_DECISION__BODY_COACHING:
        write_coaching(decision, into);
        break;
    case WIRE_DECISION__BODY_FINDING:
        write_finding(decision, into);
        break;
    case WIRE_DECISION__BODY_NOTICE:
        write_notice(decision, into);
        break;
    case WIRE_DECISION__BODY_REMEDY:
        write_remedy(decision->remedy, into);
        break;
    case WIRE_DECISION__BODY_LOAN:
        write_loan(decision->loan, into);
        break;
    case WIRE_DECISION__BODY_PROMISE:
        write_promise(decision->promise, into);
        break;
    case WIRE_DECISION__BODY_POLICY:
        write_policy(decision, into);
        break;
    case WIRE_DECISION__BODY_ACT_REFUSED:
        write_act_refused(decision->act_refused, into);
        break;
    case WIRE_DECISION__BODY_DIGEST:
        write_digest(decision, into);
        break;
    case WIRE_DECISION__BODY_WORD:
        write_word(decision, into);
        break;
    case WIRE_DECISION__BODY_DAY_SERVED:
        write_day_served(decision->day_served, into);
        break;
    case WIRE_DECISION__BODY__NOT_SET:
    case _WIRE_DECISION__BODY__CASE_IS_INT_SIZE:
        bytes_append_text(into, narrate_word(&wire_decision_kind__descriptor, (int)decision->kind).text);
        break;
    }
}

void narrate_decision(const WireDecision *decision, struct bytes *into)
{
    write_body(decision, into);
    if (decision->drill)
        bytes_append_text(into, " [drill]");
    if (decision->late)
        bytes_append_text(into, " [late]");
}

static void write_beyond(const WireProof *proof, const WireProofLevel *level, const char *limit,
                         struct bytes *into)
{
    const char *currency = proof->requested && proof->requested->currency ? proof->requested->currency : "";
    if (proof->has_expected_loss_minor) {
        phrase_money(level->shortfall_minor, currency, into);
        bytes_append_format(into, " beyond %s, for a no is likely to cost ", level->role);
        phrase_money(proof->expected_loss_minor, currency, into);
        return;
    }
    if (level->lent_by)
        bytes_append_format(into, "what %s lent: ", level->lent_by);
    if (level->limit == WIRE_LIMIT_KIND__UNLISTED) {
        bytes_append_format(into, "%s (%s)", level->role, limit);
        return;
    }
    bytes_append_format(into, "%s (%s: ", level->role, limit);
    phrase_money(level->shortfall_minor, currency, into);
    bytes_append_text(into, " too much)");
}

/* "; beyond associate (per remedy: 250.00 EUR too much), shift_lead (…)", or of a yes that is cheaper than a no
 * ", although 25.00 EUR beyond associate, for a no is likely to cost 160.00 EUR" */
static void write_proof(const WireProof *proof, struct bytes *into)
{
    static const char *const limits[] = {[WIRE_LIMIT_KIND__PER_REMEDY] = "per remedy",
                                         [WIRE_LIMIT_KIND__PER_CUSTOMER_DAY] = "per customer and day",
                                         [WIRE_LIMIT_KIND__PER_EMPLOYEE_DAY] = "per employee and day",
                                         [WIRE_LIMIT_KIND__UNLISTED] = "does not list it"};
    const char *before = proof->has_expected_loss_minor ? ", although " : "; beyond ";
    for (size_t i = 0; i < proof->n_levels; i++) {
        const WireProofLevel *level = proof->levels[i];
        if (level->enough || !level->has_limit || (size_t)level->limit >= COUNT_OF(limits) ||
            !limits[level->limit])
            continue;
        bytes_append_text(into, before);
        write_beyond(proof, level, limits[level->limit], into);
        before = ", ";
    }
}

/* As the decisions that the act led to are told. */
void narrate_act(const WireActResult *act, struct bytes *into)
{
    WireDecision decision = WIRE_DECISION__INIT;
    WireActRefused refused = WIRE_ACT_REFUSED__INIT;
    if (act->reason) {
        refused.reason = act->reason;
        refused.sentence = act->sentence;
        refused.present = act->present;
        write_act_refused(&refused, into);
    } else if (act->follow_up) {
        decision.kind = WIRE_DECISION_KIND__FOLLOW_UP_DONE;
        decision.rule = act->follow_up->rule;
        decision.rule_id = act->follow_up->rule_id;
        decision.follow_up = act->follow_up;
        write_follow_up(&decision, into);
    } else if (act->present) {
        decision.kind = text_equal(text_or_empty(act->present->state), "resolved")
                            ? WIRE_DECISION_KIND__CASE_RESOLVED
                        : text_equal(text_or_empty(act->present->state), "acknowledged")
                            ? WIRE_DECISION_KIND__CASE_ACKNOWLEDGED
                        : act->present->called ? WIRE_DECISION_KIND__CASE_NOTIFIED_AGAIN
                                               : WIRE_DECISION_KIND__CASE_CLIMBED;
        decision.rule = act->present->rule;
        decision.rule_id = act->present->rule_id;
        decision.case_ = act->present;
        write_case(&decision, into);
    }
}

/* What has become of a case since it was opened. */
static void write_standing(const WireVerdictCase *told, struct bytes *into)
{
    if (!told->state || (text_equal(told->state, "open") && !told->climb_reason))
        return;
    bytes_append_format(into, ", %s", told->state);
    write_text(into, " by ", told->acknowledged_by);
    write_time(into, " until ", told->acknowledged_until);
    if (text_equal(told->state, "open")) /* why it climbed; whoever has it now need not know */
        write_text(into, ": ", told->climb_reason);
}

void narrate_verdict(const WireVerdict *verdict, struct bytes *into)
{
    if (verdict->act)
        narrate_act(verdict->act, into);
    else
        bytes_append_text(into, narrate_word(&wire_verdict__outcome__descriptor, (int)verdict->outcome).text);
    write_money(into, ", ", verdict->amount);
    for (size_t i = 0; i < verdict->n_cases; i++) {
        const WireVerdictCase *told = verdict->cases[i];
        bytes_append_format(into, "%s to %s, %s, case %s", i ? " and" : "", told->role,
                            narrate_word(&wire_severity__descriptor, (int)told->severity).text,
                            told->escalation_id);
        write_rule(into, told->rule_id, told->rule);
        write_standing(told, into);
    }
    for (size_t i = 0; i < verdict->n_advice; i++) {
        bytes_append_format(into, "%s \"%s\"",
                            i || verdict->outcome != WIRE_VERDICT__OUTCOME__ADVICE ? "; advice" : ":",
                            verdict->advice[i]->sentence ? verdict->advice[i]->sentence : "");
        write_rule(into, verdict->advice[i]->rule_id, verdict->advice[i]->rule);
    }
    if (verdict->proof)
        write_proof(verdict->proof, into);
    if (verdict->answer) {
        bytes_append_format(into, "; answered %s",
                            narrate_word(&wire_answer__descriptor, (int)verdict->answer->answer).text);
        write_money(into, " ", verdict->answer->amount);
        write_text(into, " by ", verdict->answer->answered_by);
        write_text(into, " for ", verdict->answer->lent_by);
        if (verdict->answer->text && verdict->answer->text[0]) {
            bytes_append_text(into, ": ");
            text_append_quoted(into, verdict->answer->text);
        }
    }
}
