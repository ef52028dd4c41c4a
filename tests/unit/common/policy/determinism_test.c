/* determinism: random logs, run in every way that a log is run, decide the same byte for byte.
 *
 * DETERMINISM_SEED chooses other logs than the usual ones, DETERMINISM_LOGS how many of each kind. A failure names the
 * seed and tells the shortest log that still fails. */
#include "tests/support/check.h"
#include "tests/support/older_engine.h"
#include "tests/support/replay.h"
#include "tests/support/holding.h"

#include "common/base/map.h"
#include "common/base/text.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"

#include <stdio.h>
#include <stdlib.h>

enum { USUAL_SEED = 20260307 };

static uint64_t setting(const char *name, uint64_t usual)
{
    const char *text = getenv(name);
    return text && *text ? strtoull(text, NULL, 10) : usual;
}

static void run(const struct chronicle_options *options)
{
    AUTO(chronicle) *log = chronicle_new(options);
    struct replay replay = {
        .log = log, .snapshot_every = 97, .restart_every = 131, .ways = replay_ways_of(options)};
    if (!replay_agrees(&replay)) {
        AUTO_CLEAR(bytes) told = {0};
        replay_shrink(&replay);
        replay_write(&replay, &told);
        fputs(bytes_text(&told), stderr); /* cmocka would cut it */
        fail_msg("the log of seed %llu is decided differently", (unsigned long long)options->seed);
    }
    replay_clear(&replay);
}

/* So many logs of a kind, each of a seed of its own that follows from the first. */
static void run_logs(struct chronicle_options options, uint64_t logs)
{
    uint64_t seed = setting("DETERMINISM_SEED", USUAL_SEED);
    logs = setting("DETERMINISM_LOGS", logs);
    print_message("# DETERMINISM_SEED=%llu DETERMINISM_LOGS=%llu\n", (unsigned long long)seed,
                  (unsigned long long)logs);
    for (uint64_t i = 0; i < logs; i++) {
        options.seed = seed + i;
        run(&options);
    }
}

static TEST(a_log_decides_the_same_wherever_it_is_taken_up)
{
    run_logs((struct chronicle_options){.events = 300, .deadlines = DEADLINES_PUNCTUAL}, 3);
    run_logs(
        (struct chronicle_options){.events = 300, .deadlines = DEADLINES_DELAYED, .has_quarantine = true}, 3);
    run_logs((struct chronicle_options){.events = 300, .deadlines = DEADLINES_WILD, .has_policies = true}, 3);
}

static TEST(what_is_forgotten_because_of_caps_is_forgotten_by_all)
{
    struct fold_limits limits = fold_limits_default;
    limits.interactions = limits.closed_interactions = limits.customers = limits.employees = limits.cases = 3;
    limits.follow_ups = limits.remedies = limits.promises = limits.purchases = limits.charges = 3;
    limits.stores = limits.recurrences = limits.products = limits.shelves = limits.wants =
        limits.appointments = 2;
    run_logs((struct chronicle_options){.events = 300, .deadlines = DEADLINES_WILD, .limits = &limits}, 2);
}

/* --- what an older engine decided stands --- */

/* What never changes in a case. */
static struct slice lasting_of(const WireCase *body, struct bytes *into)
{
    WireCase lasting = WIRE_CASE__INIT;
    lasting.escalation_id = body->escalation_id;
    lasting.store_id = body->store_id;
    lasting.interaction_id = body->interaction_id;
    lasting.rule = body->rule;
    lasting.rule_id = body->rule_id;
    lasting.subject = body->subject;
    lasting.opened_role = body->opened_role;
    WIRE_SET(&lasting, opened_at, body->opened_at);
    WIRE_SET(&lasting, policy_version, body->policy_version);
    lasting.source = body->source;
    lasting.has_event_id = body->has_event_id;
    lasting.event_id = body->event_id;
    wire_pack(&lasting, into);
    return bytes_slice(into);
}

/* Of the levels that all ladders here have; one that only some have may be anywhere. */
static bool is_lower(const char *role, const char *other)
{
    static const char *const roles[] = {"associate", "shift_lead", "store_manager", "district_manager"};
    int at = 0, other_at = 0;
    while (at < 4 && !text_equal(roles[at], role))
        at++;
    while (other_at < 4 && !text_equal(roles[other_at], other))
        other_at++;
    return at < other_at && other_at < 4;
}

static void assert_continues(const WireCase *before, const WireCase *after)
{
    AUTO_CLEAR(bytes) was = {0};
    AUTO_CLEAR(bytes) is = {0};
    assert_slice_equal(lasting_of(after, &is), lasting_of(before, &was));
    assert_true(text_equal(before->state, "open") || text_equal(before->state, "acknowledged"));
    assert_true(after->round >= before->round && after->climbs >= before->climbs);
    assert_true(after->causes >= before->causes && !is_lower(after->role, before->role));
}

/* Each decision of ours about a case goes on from what was stored of it last, whoever decided that. */
static void follow_cases(const struct chronicle *log)
{
    AUTO_CLEAR(map) last_map;
    struct map *last = &last_map;
    map_init(last, 1);
    struct arena *arena = arena_new(64 << 20);
    size_t continued = 0;
    for (size_t i = 0; i < log->count; i++) {
        for (size_t index = 0; index < log->entries[i].decision_count; index++) {
            WireDecision *decision =
                wire_unpack(&wire_decision__descriptor, log->entries[i].decisions[index], arena, NULL);
            if (decision->body_case != WIRE_DECISION__BODY_CASE)
                continue;
            const WireCase *before = map_put_text(last, decision->case_->escalation_id, decision->case_);
            if (decision->engine_version == OLDER_ENGINE_VERSION)
                continue;
            assert_int_equal(before == NULL, decision->kind == WIRE_DECISION_KIND__CASE_OPENED);
            if (before)
                assert_continues(before, decision->case_);
            continued += before && i >= log->options.older;
        }
    }
    assert_true(continued > 5);
    arena_free(arena);
}

static const struct chronicle_options with_history = {
    .events = 300, .deadlines = DEADLINES_WILD, .has_policies = true, .older = 150};

static TEST(the_history_of_an_older_engine_is_continued_the_same_by_all)
{
    run_logs(with_history, 2);
    struct chronicle_options renamed = with_history; /* a case's rule is called otherwise after its opening */
    renamed.seed = 9;
    run(&renamed);
}

static TEST(what_an_older_engine_decided_is_never_contradicted)
{
    struct chronicle_options options = with_history;
    for (uint64_t i = 0; i < 3; i++) {
        options.seed = setting("DETERMINISM_SEED", USUAL_SEED) + 1000 + i;
        AUTO(chronicle) *log = chronicle_new(&options);
        follow_cases(log);
    }
}

static TEST(a_snapshot_of_another_engine_is_not_used)
{
    enum { ENGINE_VERSION_AT = 8 }; /* after magic and the snapshot's own version */
    AUTO(fold) *fold = fold_new(NULL, 1);
    AUTO_CLEAR(bytes) packed = {0};
    holding_write(fold, &packed);
    assert_int_equal(bytes_get_u32(packed.data + ENGINE_VERSION_AT), ENGINE_VERSION);
    AUTO(fold) *same = fold_snapshot_read(NULL, 1, bytes_slice(&packed));
    assert_non_null(same);
    bytes_put_u32(packed.data + ENGINE_VERSION_AT, OLDER_ENGINE_VERSION);
    assert_null(fold_snapshot_read(NULL, 1, bytes_slice(&packed)));
}

RUN_TESTS(cmocka_unit_test(a_log_decides_the_same_wherever_it_is_taken_up),
          cmocka_unit_test(what_is_forgotten_because_of_caps_is_forgotten_by_all),
          cmocka_unit_test(the_history_of_an_older_engine_is_continued_the_same_by_all),
          cmocka_unit_test(what_an_older_engine_decided_is_never_contradicted),
          cmocka_unit_test(a_snapshot_of_another_engine_is_not_used))
