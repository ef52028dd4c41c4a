/* commit: what happens to repeats: recent ones, those the database finds, those of a transaction that was
 * lost; and to decisions that are not well formed. */
#include "tests/support/check.h"
#include "tests/support/sample.h"

#include "common/base/time.h"
#include "common/store/write/batch.h"
#include "common/wire/event.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"
#include "services/persist/commit.h"

#include <stdio.h>

enum { ARENA_BYTES = 1 << 20, EVENTS_MOST = 8 };

static const struct link_peer peer = {.size = 2, .frame_count = 1, .data = {1, 7}};

/* A desk's worth of things, and the next request. */
struct fixture {
    struct arena *arena;
    struct arena *scratch;
    struct rejected_quota *quota;
    struct recent *recent;
    struct commit *commit;
    WireAppendBatch batch;
    WireAppendEvent events[EVENTS_MOST], *list[EVENTS_MOST];
};

static void fixture_init(struct fixture *fixture)
{
    *fixture = (struct fixture){
        .arena = arena_new(ARENA_BYTES),
        .scratch = arena_new(ARENA_BYTES),
        .quota = rejected_quota_new(100, 1),
        .recent = recent_new(64, 1),
    };
    fixture->commit = commit_new(fixture->quota);
    wire_append_batch__init(&fixture->batch);
    fixture->batch.events = fixture->list;
}

static void fixture_clear(struct fixture *fixture)
{
    commit_free(fixture->commit);
    recent_free(fixture->recent);
    rejected_quota_free(fixture->quota);
    arena_free(fixture->scratch);
    arena_free(fixture->arena);
}

/* Event `number` in its version `version`: other versions have other content. */
static struct slice event_bytes(struct fixture *fixture, int number, int version)
{
    char changes[160];
    snprintf(changes, sizeof changes, "{\"id\":\"018f3e53-5600-7abc-8def-%012d\",\"interaction_id\":\"v%d\"}",
             number, version);
    struct bytes canonical = {0};
    wire_event_write(sample_event(fixture->arena, changes), &canonical);
    void *copy = arena_copy(fixture->arena, canonical.data, canonical.size);
    struct slice bytes = slice_of(copy, canonical.size);
    bytes_clear(&canonical);
    return bytes;
}

static void ask(struct fixture *fixture, int number, int version)
{
    WireAppendEvent *event = &fixture->events[fixture->batch.n_events];
    wire_append_event__init(event);
    event->event = wire_bytes(event_bytes(fixture, number, version));
    event->occurred_at = SAMPLE_AT;
    fixture->list[fixture->batch.n_events++] = event;
}

static void append(struct fixture *fixture)
{
    commit_add_append(fixture->commit, fixture->recent, &peer, &fixture->batch, fixture->scratch);
    fixture->batch.n_events = 0;
}

static void settle(struct fixture *fixture, uint64_t first_seq)
{
    event_rows_position(&fixture->commit->batch->events, 1, first_seq, SAMPLE_AT);
    commit_settle(fixture->commit, fixture->recent, 1);
}

/* "C4 D4 X4" : COMMITTED, DUPLICATE, CONFLICT at 4; R is REJECTED. */
static void assert_receipts(const struct fixture *fixture, size_t append_index, const char *expected)
{
    static const char letters[] = {[WIRE_RECEIPT__RESULT__COMMITTED] = 'C',
                                   [WIRE_RECEIPT__RESULT__DUPLICATE] = 'D',
                                   [WIRE_RECEIPT__RESULT__CONFLICT] = 'X',
                                   [WIRE_RECEIPT__RESULT__REJECTED] = 'R'};
    struct commit_receipts room = {0};
    WireAppendResult result;
    commit_receipts(fixture->commit, &fixture->commit->appends[append_index], 1, &room, &result);
    AUTO_CLEAR(bytes) told = {0};
    for (size_t i = 0; i < result.n_receipts; i++) {
        const WireReceipt *receipt = result.receipts[i];
        bytes_append_format(&told, "%s%c", i ? " " : "", letters[receipt->result]);
        if (receipt->position)
            bytes_append_format(&told, "%llu", (unsigned long long)receipt->position->seq);
    }
    commit_receipts_clear(&room);
    assert_text_equal(bytes_text(&told), expected);
}

static struct commit_found found(size_t row, uint64_t seq, struct slice canonical, bool is_ours)
{
    return (struct commit_found){
        .row = row, .seq = seq, .epoch = 1, .canonical = canonical, .is_ours = is_ours};
}

static TEST(repeats_within_a_request_have_the_first_ones_place)
{
    struct fixture fixture;
    fixture_init(&fixture);
    ask(&fixture, 1, 1);
    ask(&fixture, 1, 1);
    ask(&fixture, 1, 2);
    ask(&fixture, 2, 1);
    append(&fixture);
    assert_int_equal(event_rows_count(&fixture.commit->batch->events), 2);
    settle(&fixture, 10);
    assert_receipts(&fixture, 0, "C10 D10 X10 C11");
    fixture_clear(&fixture);
}

static TEST(repeats_of_the_transaction_before_need_no_row)
{
    struct fixture fixture;
    fixture_init(&fixture);
    ask(&fixture, 1, 1);
    append(&fixture);
    struct commit *first = fixture.commit;
    fixture.commit = commit_new(fixture.quota);
    ask(&fixture, 1, 1);
    ask(&fixture, 1, 2);
    append(&fixture); /* while the first one is under way */
    assert_true(batch_is_empty(fixture.commit->batch));
    event_rows_position(&first->batch->events, 1, 5, SAMPLE_AT);
    commit_settle(first, fixture.recent, 1);
    settle(&fixture, 6);
    assert_receipts(&fixture, 0, "D5 X5");
    commit_free(first);
    fixture_clear(&fixture);
}

static TEST(what_the_database_finds_is_told_apart_and_the_rest_is_stored)
{
    struct fixture fixture;
    fixture_init(&fixture);
    for (int number = 1; number <= 4; number++)
        ask(&fixture, number, 1);
    ask(&fixture, 2, 1);
    append(&fixture);
    const struct commit_found rows[] = {
        found(1, 3, event_bytes(&fixture, 2, 1), false),
        found(3, 4, event_bytes(&fixture, 4, 9), false),
    };
    commit_drop_found(fixture.commit, fixture.recent, rows, COUNT_OF(rows));
    assert_int_equal(event_rows_count(&fixture.commit->batch->events), 2);
    settle(&fixture, 10);
    assert_receipts(&fixture, 0, "C10 D3 C11 X4 D3");
    assert_non_null(strstr(bytes_text(&fixture.commit->batch->statements), "content_differs"));
    fixture_clear(&fixture);
}

static TEST(a_lost_transaction_that_was_stored_is_committed_not_repeated)
{
    struct fixture fixture;
    fixture_init(&fixture);
    ask(&fixture, 1, 1);
    ask(&fixture, 2, 1);
    append(&fixture);
    const struct commit_found rows[] = {
        found(0, 7, event_bytes(&fixture, 1, 1), true),
        found(1, 8, event_bytes(&fixture, 2, 1), true),
    };
    commit_drop_found(fixture.commit, fixture.recent, rows, COUNT_OF(rows));
    assert_true(batch_is_empty(fixture.commit->batch));
    settle(&fixture, 9);
    assert_receipts(&fixture, 0, "C7 C8");
    fixture_clear(&fixture);
}

static TEST(a_conflict_with_what_is_itself_a_conflict_is_judged_by_the_log)
{
    struct fixture fixture;
    fixture_init(&fixture);
    ask(&fixture, 1, 2); /* the log has version 1 */
    ask(&fixture, 1, 1);
    ask(&fixture, 1, 3);
    append(&fixture);
    const struct commit_found rows[] = {found(0, 3, event_bytes(&fixture, 1, 1), false)};
    commit_drop_found(fixture.commit, fixture.recent, rows, COUNT_OF(rows));
    settle(&fixture, 10);
    assert_receipts(&fixture, 0, "X3 D3 X3");
    AUTO(commit) *next = commit_new(fixture.quota);
    commit_keep_conflicts(fixture.commit, next);
    const char *kept = strstr(bytes_text(&next->batch->statements), "content_differs");
    assert_non_null(kept); /* version 3 */
    assert_null(strstr(kept + 1, "content_differs"));
    fixture_clear(&fixture);
}

static void assert_conflict(const struct fixture *fixture, size_t place, const char *explanation)
{
    struct commit_receipts room = {0};
    WireAppendResult result;
    commit_receipts(fixture->commit, &fixture->commit->appends[0], 1, &room, &result);
    const WireReceipt *receipt = result.receipts[place];
    assert_int_equal(receipt->result, WIRE_RECEIPT__RESULT__CONFLICT);
    assert_text_equal(receipt->field, "interaction_id");
    assert_text_equal(receipt->explanation, explanation);
    assert_int_equal(receipt->recorded_at, SAMPLE_AT);
    commit_receipts_clear(&room);
}

static TEST(a_conflict_says_what_differs_and_since_when)
{
    struct fixture fixture;
    fixture_init(&fixture);
    ask(&fixture, 1, 1);
    append(&fixture);
    settle(&fixture, 5);
    commit_reset(fixture.commit);
    ask(&fixture, 1, 2); /* the log is asked, though its hash is known */
    ask(&fixture, 2, 1);
    ask(&fixture, 2, 4);
    append(&fixture);
    assert_true(fixture.commit->has_conflict);
    struct commit_found row = found(0, 5, event_bytes(&fixture, 1, 1), false);
    row.recorded_at = SAMPLE_AT;
    commit_drop_found(fixture.commit, fixture.recent, &row, 1);
    fixture.commit->batch->recorded_at = SAMPLE_AT;
    settle(&fixture, 6);
    assert_receipts(&fixture, 0, "X5 C6 X6");
    char since[TIME_TEXT_SIZE], explanation[160];
    time_format(SAMPLE_AT, since);
    snprintf(explanation, sizeof explanation, "is \"v1\" in the log since %s, and \"v2\" here", since);
    assert_conflict(&fixture, 0, explanation);
    snprintf(explanation, sizeof explanation, "is \"v1\" in the log since %s, and \"v4\" here", since);
    assert_conflict(&fixture, 2, explanation);
    assert_non_null(strstr(bytes_text(&fixture.commit->batch->statements), "'interaction_id'"));
    fixture_clear(&fixture);
}

static TEST(what_was_given_up_is_forgotten_and_taken_again)
{
    struct fixture fixture;
    fixture_init(&fixture);
    ask(&fixture, 1, 1);
    append(&fixture);
    commit_abandon(fixture.commit, fixture.recent);
    commit_reset(fixture.commit);
    assert_true(commit_is_empty(fixture.commit));
    assert_int_equal(recent_count(fixture.recent), 0);
    ask(&fixture, 1, 1);
    append(&fixture);
    settle(&fixture, 3);
    assert_receipts(&fixture, 0, "C3");
    fixture_clear(&fixture);
}

static TEST(what_cannot_be_decoded_is_rejected_and_spoils_nothing)
{
    struct fixture fixture;
    fixture_init(&fixture);
    ask(&fixture, 1, 1);
    ask(&fixture, 2, 1);
    fixture.events[0].event = wire_bytes(slice_of_text("\xff\xff"));
    append(&fixture);
    settle(&fixture, 3);
    assert_receipts(&fixture, 0, "R C3");
    fixture_clear(&fixture);
}

/* --- decisions --- */

struct place {
    uint64_t seq;
    uint32_t ordinal;
};

static bool add_decisions(struct fixture *fixture, uint64_t after, uint64_t upto, const struct place *places,
                          size_t count)
{
    WirePosition from = WIRE_POSITION__INIT, to = WIRE_POSITION__INIT;
    from.seq = after;
    to.seq = upto;
    WireDecisionBatch batch = WIRE_DECISION_BATCH__INIT;
    ProtobufCBinaryData packed[EVENTS_MOST];
    for (size_t i = 0; i < count; i++) {
        WirePosition position = WIRE_POSITION__INIT;
        WIRE_SET(&position, epoch, 1);
        WIRE_SET(&position, seq, places[i].seq);
        WireDecision decision = WIRE_DECISION__INIT;
        decision.position = &position;
        WIRE_SET(&decision, kind, WIRE_DECISION_KIND__VERDICT_GIVEN);
        WIRE_SET(&decision, ordinal, places[i].ordinal);
        struct bytes bytes = {0};
        wire_pack(&decision, &bytes);
        packed[i] = wire_bytes(slice_of(arena_copy(fixture->arena, bytes.data, bytes.size), bytes.size));
        bytes_clear(&bytes);
    }
    batch.after = &from;
    batch.upto = &to;
    batch.decisions = packed;
    batch.n_decisions = count;
    return commit_add_decisions(fixture->commit, &peer, &batch, fixture->scratch);
}

static WireDecisionBatch deadline_batch(WirePosition *from, WirePosition *to, WireArmedDeadline **armed)
{
    WireDecisionBatch batch = WIRE_DECISION_BATCH__INIT;
    from->seq = 5;
    to->seq = 6;
    batch.after = from;
    batch.upto = to;
    batch.armed = armed;
    batch.n_armed = 1;
    WIRE_SET(&batch, run, 77);
    return batch;
}

static TEST(deadlines_are_stored_with_the_cursor_and_refused_where_the_database_would)
{
    static const struct {
        const char *subject, *store_id;
        int64_t due_at;
        uint64_t run;
        WireDeadlineKind kind;
        bool is_taken;
    } cases[] = {
        {"1-4", "harbour", SAMPLE_AT, 77, WIRE_DEADLINE_KIND__RULE_DUE, true},
        {"it's", NULL, SAMPLE_AT, 77, WIRE_DEADLINE_KIND__DIGEST_DUE, true},
        {NULL, "harbour", SAMPLE_AT, 77, WIRE_DEADLINE_KIND__RULE_DUE, false},
        {"1-\xff", "harbour", SAMPLE_AT, 77, WIRE_DEADLINE_KIND__RULE_DUE, false},
        {"1-4", "\xc3", SAMPLE_AT, 77, WIRE_DEADLINE_KIND__RULE_DUE, false},
        {"1-4", "harbour", -1, 77, WIRE_DEADLINE_KIND__RULE_DUE, false},
        {"1-4", "harbour", INT64_MAX, 77, WIRE_DEADLINE_KIND__RULE_DUE, false},
        {"1-4", "harbour", SAMPLE_AT, 77, (WireDeadlineKind)99, false},
        {"1-4", "harbour", SAMPLE_AT, UINT64_MAX, WIRE_DEADLINE_KIND__RULE_DUE, false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture;
        WirePosition from = WIRE_POSITION__INIT, to = WIRE_POSITION__INIT;
        WireArmedDeadline one = WIRE_ARMED_DEADLINE__INIT, *armed[] = {&one};
        WireDecisionBatch batch = deadline_batch(&from, &to, armed);
        uint32_t ended[] = {3, 9};
        fixture_init(&fixture);
        one.subject = (char *)cases[i].subject;
        one.store_id = (char *)cases[i].store_id;
        WIRE_SET(&one, number, 12);
        WIRE_SET(&one, due_at, cases[i].due_at);
        WIRE_SET(&one, kind, cases[i].kind);
        WIRE_SET(&batch, all_armed, true);
        batch.run = cases[i].run;
        batch.ended = ended;
        batch.n_ended = COUNT_OF(ended);
        assert_int_equal(commit_add_decisions(fixture.commit, &peer, &batch, fixture.scratch),
                         cases[i].is_taken);
        const char *sql = bytes_text(&fixture.commit->batch->statements);
        if (cases[i].is_taken) {
            assert_non_null(strstr(sql, "WHERE number IN (3, 9) AND run = 77"));
            assert_non_null(strstr(sql, "(77, 12, lower('"));
            assert_non_null(strstr(sql, "WHERE run <> 77"));
        } else {
            assert_text_equal(sql, "");
        }
        fixture_clear(&fixture);
    }
}

static TEST(decisions_must_be_in_order_and_within_their_batch)
{
    static const struct {
        struct place places[3];
        size_t count;
        bool is_taken;
    } cases[] = {
        {{{0}}, 0, true},
        {{{6, 0}, {6, 1}, {9, 0}}, 3, true},
        {{{6, 3}, {9, 2}, {10, 0}}, 3, true},
        {{{5, 0}}, 1, false},
        {{{11, 0}}, 1, false},
        {{{7, 0}, {6, 0}}, 2, false},
        {{{7, 1}, {7, 1}}, 2, false},
        {{{7, 1}, {7, 0}}, 2, false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture fixture;
        fixture_init(&fixture);
        bool is_taken = add_decisions(&fixture, 5, 10, cases[i].places, cases[i].count);
        assert_int_equal(is_taken, cases[i].is_taken);
        assert_int_equal(fixture.commit->decision_count, is_taken ? cases[i].count : 0);
        assert_int_equal(fixture.commit->decider_count, is_taken);
        fixture_clear(&fixture);
    }
}

static TEST(batches_of_decisions_that_follow_one_another_share_a_transaction)
{
    struct fixture fixture;
    fixture_init(&fixture);
    const struct place first[] = {{6, 0}}, second[] = {{12, 0}};
    assert_true(add_decisions(&fixture, 5, 10, first, 1));
    assert_true(add_decisions(&fixture, 10, 15, second, 1));
    assert_int_equal(fixture.commit->batch->after, 5);
    assert_int_equal(fixture.commit->batch->upto, 15);
    assert_int_equal(fixture.commit->decider_count, 2);
    fixture_clear(&fixture);
}

RUN_TESTS(cmocka_unit_test(repeats_within_a_request_have_the_first_ones_place),
          cmocka_unit_test(repeats_of_the_transaction_before_need_no_row),
          cmocka_unit_test(what_the_database_finds_is_told_apart_and_the_rest_is_stored),
          cmocka_unit_test(a_lost_transaction_that_was_stored_is_committed_not_repeated),
          cmocka_unit_test(a_conflict_with_what_is_itself_a_conflict_is_judged_by_the_log),
          cmocka_unit_test(a_conflict_says_what_differs_and_since_when),
          cmocka_unit_test(what_was_given_up_is_forgotten_and_taken_again),
          cmocka_unit_test(what_cannot_be_decoded_is_rejected_and_spoils_nothing),
          cmocka_unit_test(deadlines_are_stored_with_the_cursor_and_refused_where_the_database_would),
          cmocka_unit_test(decisions_must_be_in_order_and_within_their_batch),
          cmocka_unit_test(batches_of_decisions_that_follow_one_another_share_a_transaction))
