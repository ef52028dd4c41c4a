/* shop: a fold, its twin, and a notebook. */
#include "tests/support/shop.h"

#include "common/base/embedded.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/base/uuid.h"
#include "common/policy/explain/question.h"
#include "common/policy/phrase/phrase.h"
#include "common/policy/state/state.h"
#include "tests/support/json_text.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"
#include "common/wire/zone_table.h"
#include "tests/support/check.h"
#include "tests/support/holding.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

enum { BODY_SIZE = 4096, ARENA_SIZE = 4 * 1024 * 1024 };

static const int64_t second_us = 1000000;

static const char *lower(const ProtobufCEnumDescriptor *descriptor, int value, char into[static 64])
{
    const ProtobufCEnumValue *known = protobuf_c_enum_descriptor_get_value(descriptor, value);
    snprintf(into, 64, "%s", known ? known->name : "?");
    for (char *at = into; *at; at++)
        *at = (char)tolower((unsigned char)*at);
    return into;
}

static const char *word(const char *text)
{
    return text ? text : "-";
}

static void hear_money(struct bytes *heard, const WireMoney *money)
{
    if (money)
        bytes_append_format(heard, " %lld.%02lld", (long long)(money->minor / 100),
                            (long long)(money->minor % 100));
}

static void hear_verdict(struct bytes *heard, const WireVerdict *verdict)
{
    static const char *const outcomes[] = {"",        "nothing",   "granted",  "escalated",  "advice",
                                           "pending", "undecided", "act_done", "act_refused"};
    bytes_append_format(heard, " %s", outcomes[verdict->outcome]);
    hear_money(heard, verdict->amount);
    for (size_t i = 0; i < verdict->n_cases; i++)
        bytes_append_format(heard, " %s", word(verdict->cases[i]->role));
    for (size_t i = 0; i < verdict->n_advice; i++)
        bytes_append_format(heard, " %s", word(verdict->advice[i]->rule_id));
}

static void hear_case(struct shop *shop, const WireCase *body)
{
    char severity[64];
    bytes_append_format(&shop->heard, " %s %s %s", word(body->role),
                        lower(&wire_severity__descriptor, (int)body->severity, severity), word(body->state));
    if (body->silenced)
        bytes_append_text(&shop->heard, " silenced");
    if (body->late)
        bytes_append_text(&shop->heard, " late");
    text_copy(shop->case_id, sizeof shop->case_id, body->escalation_id);
    shop->round = body->round;
}

static void hear_digest(struct bytes *heard, const WireDigest *body)
{
    bytes_append_format(heard, " %s compliments %d kept %d returned %d gains %d", word(body->day),
                        body->compliments, body->kept_promises, body->returning_customers, body->sales_gains);
}

static void hear_follow_up(struct shop *shop, const WireFollowUp *body)
{
    char kind[64];
    bytes_append_format(&shop->heard, " %s %s",
                        lower(&wire_follow_up_kind__descriptor, (int)body->kind, kind), word(body->owner));
    text_copy(shop->follow_up_id, sizeof shop->follow_up_id, body->follow_up_id);
}

static void hear_remedy(struct bytes *heard, const WireRemedy *body)
{
    bytes_append_format(heard, " %s", word(body->state));
    hear_money(heard, body->amount);
    bytes_append_format(heard, " %s", word(body->charged_to));
}

static void hear_body(struct shop *shop, const WireDecision *decision)
{
    struct bytes *heard = &shop->heard;
    char text[64];
    switch ((int)decision->body_case) {
    case WIRE_DECISION__BODY_VERDICT:
        hear_verdict(heard, decision->verdict);
        break;
    case WIRE_DECISION__BODY_CASE:
        hear_case(shop, decision->case_);
        break;
    case WIRE_DECISION__BODY_FOLLOW_UP:
        hear_follow_up(shop, decision->follow_up);
        break;
    case WIRE_DECISION__BODY_EXPERIENCE:
        bytes_append_format(heard, " %s %d",
                            lower(&wire_feeling__descriptor, (int)decision->experience->feeling, text),
                            decision->experience->reach);
        break;
    case WIRE_DECISION__BODY_RECOGNITION:
        bytes_append_format(heard, " %s %s", word(decision->recognition->employee_id),
                            word(decision->recognition->manager_role));
        break;
    case WIRE_DECISION__BODY_COACHING:
        bytes_append_format(heard, " %s %s", word(decision->coaching->employee_id),
                            word(decision->coaching->lead_role));
        break;
    case WIRE_DECISION__BODY_FINDING:
        bytes_append_format(heard, " %s %lld", word(decision->finding->subject),
                            (long long)decision->finding->value);
        break;
    case WIRE_DECISION__BODY_NOTICE:
        bytes_append_format(heard, " %s", word(decision->audience));
        break;
    case WIRE_DECISION__BODY_REMEDY:
        hear_remedy(heard, decision->remedy);
        break;
    case WIRE_DECISION__BODY_PROMISE:
        bytes_append_format(heard, " %s %s", word(decision->promise->state), word(decision->promise->owner));
        break;
    case WIRE_DECISION__BODY_DIGEST:
        hear_digest(heard, decision->digest);
        break;
    case WIRE_DECISION__BODY_WORD:
        bytes_append_format(heard, " %s %s", word(decision->word->week), decision->word->able ? "yes" : "no");
        break;
    case WIRE_DECISION__BODY_ACT_REFUSED:
        bytes_append_format(heard, " %s", word(decision->act_refused->reason));
        break;
    case WIRE_DECISION__BODY_POLICY:
        for (size_t i = 0; i < decision->policy->n_findings; i++)
            bytes_append_format(heard, " %s", decision->policy->findings[i]);
        break;
    }
}

static void hear(struct shop *shop, const WireDecision *decision)
{
    char kind[64];
    const WireCase *about = decision->body_case == WIRE_DECISION__BODY_CASE ? decision->case_ : NULL;
    assert_true(decision->has_late && decision->has_drill && decision->has_silenced);
    assert_true(!about || (decision->drill == about->drill && decision->silenced == about->silenced &&
                           decision->late >= about->late));
    shop->decided++;
    if (decision->body_case == WIRE_DECISION__BODY_VERDICT && decision->verdict->act)
        return; /* it says what the act's other decisions say */
    if (decision->body_case == WIRE_DECISION__BODY_DAY_SERVED)
        return; /* for reports alone: fold_service_day_test asks for it */
    if (shop->heard.size)
        bytes_append_text(&shop->heard, "\n");
    bytes_append_format(&shop->heard, "%s %s", word(decision->rule_id),
                        lower(&wire_decision_kind__descriptor, (int)decision->kind, kind));
    hear_body(shop, decision);
}

/* A snapshot of either is the same bytes, and what is read from it goes on as if nothing had happened. */
static void resume_twin(struct shop *shop)
{
    AUTO_CLEAR(bytes) ours = {0};
    AUTO_CLEAR(bytes) theirs = {0};
    holding_write(shop->fold, &ours);
    holding_write(shop->twin, &theirs);
    assert_slice_equal(bytes_slice(&theirs), bytes_slice(&ours));
    fold_free(shop->twin);
    shop->twin = fold_snapshot_read(shop->limits, shop->seq, bytes_slice(&ours));
    assert_non_null(shop->twin);
    bytes_reset(&theirs);
    holding_write(shop->twin, &theirs);
    assert_slice_equal(bytes_slice(&theirs), bytes_slice(&ours));
    assert_null(fold_snapshot_read(NULL, 1, slice_of(ours.data, ours.size - 1)));
}

/* The sentence that was stored, and the action that says it. */
static const char *stored_sentence(const WireDecision *decision, enum action_kind *ret_kind)
{
    switch ((int)decision->body_case) {
    case WIRE_DECISION__BODY_CASE:
        *ret_kind = ACTION_ESCALATE;
        return decision->case_->sentence;
    case WIRE_DECISION__BODY_FOLLOW_UP:
        *ret_kind = ACTION_FOLLOW_UP;
        return decision->follow_up->sentence;
    case WIRE_DECISION__BODY_RECOGNITION:
        *ret_kind = ACTION_RECOGNISE;
        return decision->recognition->sentence;
    case WIRE_DECISION__BODY_COACHING:
        *ret_kind = ACTION_COACH;
        return decision->coaching->sentence;
    case WIRE_DECISION__BODY_FINDING:
        *ret_kind = ACTION_FINDING;
        return decision->finding->sentence;
    case WIRE_DECISION__BODY_NOTICE:
        *ret_kind = ACTION_NOTIFY;
        return decision->notice->sentence;
    case WIRE_DECISION__BODY_DIGEST:
        *ret_kind = ACTION_DIGEST;
        return decision->digest->sentence;
    }
    return NULL;
}

/* What the rule says now is what it said. A cause that is added, or another case that takes its place, leaves the
 * sentence of a case as it is. */
static void ask_sentence(struct question *question, const struct rule *rule)
{
    enum action_kind kind = ACTION_KINDS;
    const char *stored = stored_sentence(question->decision, &kind);
    if (kind == ACTION_KINDS || question->decision->kind == WIRE_DECISION_KIND__CASE_CAUSE_ADDED ||
        question->decision->kind == WIRE_DECISION_KIND__CASE_OVERTAKEN || !rule->actions[kind].says.template)
        return;
    char text[513];
    struct cel_activation activation = question_activation(question);
    activation.teller = phrase_teller(question->policy, question->decision->store_id);
    cel_template_render(rule->actions[kind].says.template, &activation, text, sizeof text, NULL);
    assert_text_equal(text, stored);
}

/* Asked again from its bytes, its event and its policy, a decision that kept facts has the same reason and
 * says the same. */
static void question(struct shop *shop, const WireEvent *event, const WireDecision *stored)
{
    static struct cel_scratch scratch;
    struct question question = {
        .policy = state_policy(shop->fold, stored->policy_version),
        .decision = stored,
        .event = event,
        .arena = &shop->arena,
        .scratch = &scratch,
    };
    if (!stored->n_facts || stored->body_case == WIRE_DECISION__BODY_VERDICT)
        return;
    assert_int_equal(question_bind(&question), 0);
    const struct rule *rule = question_rule(&question);
    assert_non_null(rule);
    ask_sentence(&question, rule);
    shop->questioned++;
}

/* The twin decides too, and must decide the same; then it is told what was stored, from bytes. */
static void tell_twin(struct shop *shop, const WireLoggedEvent *record, const WireEvent *event)
{
    char why[WHY_SIZE];
    assert_int_equal(decide_event(shop->twin, record, event, shop->twin_decisions), 0);
    assert_int_equal(shop->twin_decisions->count, shop->decisions->count);
    WireDecision **stored = arena_allocate(&shop->arena, (shop->decisions->count + 1) * sizeof *stored);
    for (size_t i = 0; i < shop->decisions->count; i++) {
        AUTO_CLEAR(bytes) ours = {0};
        AUTO_CLEAR(bytes) theirs = {0};
        wire_pack(shop->decisions->items[i], &ours);
        wire_pack(shop->twin_decisions->items[i], &theirs);
        assert_int_equal(ours.size, theirs.size);
        assert_memory_equal(ours.data, theirs.data, ours.size);
        stored[i] = wire_unpack(&wire_decision__descriptor, bytes_slice(&ours), &shop->arena, NULL);
        assert_non_null(stored[i]);
        question(shop, event, stored[i]);
    }
    if (fold_apply(shop->twin, record, event, stored, shop->decisions->count, why))
        fail_msg("%s", why);
}

void shop_feed(struct shop *shop, WireEvent *event, bool has_sent_at)
{
    char why[WHY_SIZE];
    WirePosition position = WIRE_POSITION__INIT;
    WireLoggedEvent record = WIRE_LOGGED_EVENT__INIT;
    WIRE_SET(&position, epoch, 1);
    WIRE_SET(&position, seq, ++shop->seq);
    record.position = &position;
    WIRE_SET(&record, recorded_at, shop->now);
    WIRE_SET(&record, occurred_at, event->occurred_at);
    record.has_sent_at = has_sent_at;
    record.sent_at = event->occurred_at + shop->sent_after_us;
    assert_int_equal(decide_event(shop->fold, &record, event, shop->decisions), 0);
    for (size_t i = 0; i < shop->decisions->count; i++)
        hear(shop, shop->decisions->items[i]);
    if (shop->recorded)
        shop->recorded(shop->recorder, &record, event, shop->decisions->items, shop->decisions->count);
    tell_twin(shop, &record, event);
    if (fold_apply(shop->fold, &record, event, shop->decisions->items, shop->decisions->count, why))
        fail_msg("%s", why);
    arena_reset(&shop->arena, 0);
    if (shop->snapshot_every && shop->seq % shop->snapshot_every == 0)
        resume_twin(shop);
    int64_t due_at = 0, twin_due_at = 0;
    assert_int_equal(fold_oldest_deadline(shop->fold, &due_at),
                     fold_oldest_deadline(shop->twin, &twin_due_at));
    assert_int_equal(due_at, twin_due_at);
}

const char *shop_propose(struct shop *shop, const char *policy, int64_t active_at)
{
    WirePolicyProposed proposed = WIRE_POLICY_PROPOSED__INIT;
    WireEvent event = WIRE_EVENT__INIT;
    struct slice document = slice_of_text(policy);
    if (!policy) {
        const struct embedded_file *file = embedded_find("services/escalate/policy/retail.yaml");
        document = slice_of(file->data, *file->size);
    }
    struct zone_tables zones = {.count = 0};
    struct arena arena;
    arena_init(&arena, 1024 * 1024);
    assert_int_equal(zone_tables_of(document, &arena, &zones), 0);
    proposed.n_zones = zones.count;
    proposed.zones = zones.items;
    proposed.name = "retail";
    WIRE_SET(&proposed, document, wire_bytes(document));
    proposed.has_active_at = active_at != 0;
    proposed.active_at = active_at;
    event.source = "bellhop/test";
    WIRE_SET(&event, occurred_at, shop->now);
    event.body_case = WIRE_EVENT__BODY_POLICY_PROPOSED;
    event.policy_proposed = &proposed;
    bytes_reset(&shop->heard);
    shop_feed(shop, &event, false);
    arena_clear(&arena);
    return bytes_text(&shop->heard);
}

static struct shop *open_at(int64_t now, const char *policy, const struct fold_limits *limits)
{
    struct shop *shop = NEW(shop);
    shop->limits = limits;
    shop->fold = fold_new(limits, 1);
    shop->twin = fold_new(limits, 2);
    shop->decisions = decisions_new();
    shop->twin_decisions = decisions_new();
    arena_init(&shop->arena, ARENA_SIZE);
    shop->now = now;
    shop->store_id = "harbour";
    shop->snapshot_every = 3;
    shop_propose(shop, policy, 0);
    if (!policy)
        assert_text_equal(bytes_text(&shop->heard), "- policy_accepted");
    return shop;
}

struct shop *shop_open_bounded(const char *policy, const struct fold_limits *limits)
{
    return open_at(1772445600 * second_us, policy, limits); /* 2026-03-02T10:00:00Z */
}

struct shop *shop_open(const char *policy)
{
    return shop_open_bounded(policy, NULL);
}

struct shop *shop_open_at(int64_t now)
{
    return open_at(now, NULL, NULL);
}

void shop_trust(struct shop *shop, const char *role)
{
    static const char *const people[] = {"mia", "lea", "tom"};
    for (size_t i = 0; i < COUNT_OF(people); i++) {
        roster_grant(shop->fold, people[i], "*", role, 1, 0);
        roster_grant(shop->twin, people[i], "*", role, 1, 0);
    }
}

void shop_free(struct shop *shop)
{
    if (!shop)
        return;
    fold_free(shop->fold);
    fold_free(shop->twin);
    decisions_free(shop->decisions);
    decisions_free(shop->twin_decisions);
    arena_clear(&shop->arena);
    bytes_clear(&shop->heard);
    free(shop);
}

static void append_body(struct shop *shop, const char *body, struct bytes *json)
{
    for (const char *at = body; *at; at++) {
        if (text_starts_with(at, "$case")) {
            bytes_append_text(json, shop->case_id);
            at += strlen("$case") - 1;
        } else if (text_starts_with(at, "$follow_up")) {
            bytes_append_text(json, shop->follow_up_id);
            at += strlen("$follow_up") - 1;
        } else if (text_starts_with(at, "$round")) {
            bytes_append_format(json, "%u", shop->round);
            at += strlen("$round") - 1;
        } else {
            bytes_append(json, *at == '\'' ? "\"" : at, 1);
        }
    }
}

const char *shop_play(struct shop *shop, const char *who, const char *body)
{
    char names[3][72] = {"-", "-", "-"};
    static const char *const fields[] = {"interaction_id", "employee_id", "customer_id"};
    struct wire_refusal refusal;
    AUTO_CLEAR(bytes) json = {0};
    bytes_reset(&shop->heard);
    sscanf(who, "%71s %71s %71s", names[0], names[1], names[2]);
    bytes_append_format(&json, "{\"source\":\"%s/till\",\"store_id\":\"%s\",\"drill\":%s,", shop->store_id,
                        shop->store_id, shop->drill ? "true" : "false");
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        if (!text_equal(names[i], "-"))
            bytes_append_format(&json, "\"%s\":\"%s\",", fields[i], names[i]);
    append_body(shop, body, &json);
    bytes_append_text(&json, "}");
    WireEvent *event = json_text_read(&wire_event__descriptor, bytes_slice(&json), &shop->arena, &refusal);
    if (!event) {
        fail_msg("%s: %s", bytes_text(&json), refusal.explanation);
        return "";
    }
    struct uuid id = uuid_derive(shop->now, slice_of_text("test"), slice_of(&shop->seq, sizeof shop->seq));
    WIRE_SET(event, id, wire_bytes(slice_of(id.bytes, sizeof id.bytes)));
    WIRE_SET(event, occurred_at, shop->now - shop->sent_after_us);
    shop_feed(shop, event, true);
    return bytes_text(&shop->heard);
}

/* Append what has passed by now, as escalate does. */
static void tell_deadlines(struct shop *shop, int64_t until)
{
    int64_t due_at;
    struct fold_deadline deadline;
    while (fold_next_deadline(shop->fold, &due_at) && due_at <= until) {
        shop->now = due_at > shop->now ? due_at : shop->now;
        assert_true(fold_due(shop->fold, shop->now, &deadline));
        WireEvent event = fold_deadline_event(&deadline);
        AUTO_CLEAR(bytes) packed = {0};
        wire_pack(&event, &packed);
        shop_feed(shop, wire_unpack(&wire_event__descriptor, bytes_slice(&packed), &shop->arena, NULL),
                  false);
    }
}

const char *shop_wait(struct shop *shop, int64_t seconds)
{
    int64_t until = shop->now + seconds * second_us;
    bytes_reset(&shop->heard);
    tell_deadlines(shop, until);
    shop->now = until;
    return bytes_text(&shop->heard);
}

void shop_sleep(struct shop *shop, int64_t seconds)
{
    shop->now += seconds * second_us;
}

const char *shop_wake(struct shop *shop)
{
    bytes_reset(&shop->heard);
    tell_deadlines(shop, shop->now);
    return bytes_text(&shop->heard);
}
