/* decider: batches of decisions, a restart in the middle, a snapshot, quarantine; and the policy it begins
 * with. */
#include "tests/support/check.h"

#include "common/base/text.h"
#include "common/service/metrics.h"
#include "common/wire/event.h"
#include "common/wire/position.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"
#include "services/escalate/decider.h"
#include "services/escalate/proposal.h"
#include "services/escalate/snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { EVENTS = 60 };

#define MONDAY INT64_C(1735552800000000) /* 2024-12-30T10:00:00Z */

/* A log in memory: its first event proposes the shipped policy, the others ask for remedies. */
struct small_log {
    struct bytes packed[EVENTS + 1];
    WirePosition positions[EVENTS + 1];
    WireLoggedEvent records[EVENTS + 1]; /* by seq, from 1 */
};

static void ask_for_remedy(uint64_t seq, struct bytes *into)
{
    uint8_t id[16] = {0x01, 0x94, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, (uint8_t)seq};
    char remedy[16];
    char interaction[16];
    text_format(remedy, sizeof remedy, "r-%d", (int)seq);
    text_format(interaction, sizeof interaction, "i-%d", (int)seq % 5);
    WireMoney amount = WIRE_MONEY__INIT;
    WIRE_SET(&amount, minor, 1000 * (int64_t)seq);
    amount.currency = (char *)"EUR";
    WireRemedyRequested body = WIRE_REMEDY_REQUESTED__INIT;
    body.remedy_id = remedy;
    WIRE_SET(&body, kind, WIRE_REMEDY_KIND__REFUND);
    body.amount = &amount;
    WireEvent event = WIRE_EVENT__INIT;
    WIRE_SET(&event, id, wire_bytes(slice_of(id, sizeof id)));
    event.source = (char *)"harbour/till-1";
    WIRE_SET(&event, occurred_at, MONDAY + (int64_t)seq * 1000000);
    event.store_id = (char *)"harbour";
    event.interaction_id = interaction;
    event.employee_id = (char *)"mira";
    event.body_case = WIRE_EVENT__BODY_REMEDY_REQUESTED;
    event.remedy_requested = &body;
    wire_event_write(&event, into);
}

static void propose(const struct proposal *proposal, struct bytes *into)
{
    struct uuid id;
    const WireEvent event = proposal_event(proposal, MONDAY, &id);
    wire_event_write(&event, into);
}

static struct small_log *small_log_new(void)
{
    struct small_log *log = NEW(small_log);
    AUTO(proposal) *proposal = proposal_load("");
    assert_non_null(proposal);
    for (uint64_t seq = 1; seq <= EVENTS; seq++) {
        if (seq == 1)
            propose(proposal, &log->packed[seq]);
        else
            ask_for_remedy(seq, &log->packed[seq]);
        log->positions[seq] = position_message((struct position){.epoch = 1, .seq = seq});
        WireLoggedEvent *record = &log->records[seq];
        wire_logged_event__init(record);
        record->position = &log->positions[seq];
        record->has_recorded_at = record->has_occurred_at = record->has_event = true;
        record->recorded_at = record->occurred_at = MONDAY + (int64_t)seq * 1000000;
        record->event = wire_bytes(bytes_slice(&log->packed[seq]));
    }
    return log;
}

static void small_log_free(struct small_log *log)
{
    for (uint64_t seq = 1; seq <= EVENTS; seq++)
        bytes_clear(&log->packed[seq]);
    free(log);
}
AUTO_FREE(small_log)

static struct marker *memory_marker(void)
{
    char why[WHY_SIZE];
    struct marker *marker = marker_open("", why, sizeof why);
    assert_non_null(marker);
    return marker;
}

static void decide(struct decider *decider, const struct small_log *log, uint64_t from, uint64_t upto)
{
    char why[WHY_SIZE];
    for (uint64_t seq = from; seq <= upto; seq++)
        assert_int_equal(decider_decide(decider, &log->records[seq], why), 0);
}

/* Give the decisions of `batch` to another decider, as those that are stored. */
static void apply(struct decider *decider, const struct small_log *log, const WireDecisionBatch *batch)
{
    char why[WHY_SIZE];
    size_t next = 0;
    for (uint64_t seq = batch->after->seq + 1; seq <= batch->upto->seq; seq++) {
        struct slice stored[64];
        size_t count = 0;
        while (next < batch->n_decisions) {
            WireDecision *decision =
                wire_decision__unpack(NULL, batch->decisions[next].len, batch->decisions[next].data);
            bool is_of_event = decision->position->seq == seq;
            wire_decision__free_unpacked(decision, NULL);
            if (!is_of_event)
                break;
            stored[count++] = wire_slice(batch->decisions[next++]);
        }
        assert_int_equal(decider_apply(decider, &log->records[seq], stored, count, why), 0);
    }
    assert_int_equal(next, batch->n_decisions);
}

static TEST(joins_batch_to_batch)
{
    AUTO(small_log) *log = small_log_new();
    AUTO(marker) *marker = memory_marker();
    AUTO(decider) *decider = decider_new(fold_new(NULL, 1), marker);
    WireDecisionBatch message = WIRE_DECISION_BATCH__INIT;
    decide(decider, log, 1, 10);
    assert_int_equal(decider_batch_events(decider), 10);
    struct decided_batch first = decider_take_batch(decider, 1, &message);
    assert_int_equal(first.after, 0);
    assert_int_equal(first.upto, 10);
    assert_int_equal(message.n_decisions, first.decisions);
    assert_true(first.decisions >= 10);
    assert_int_equal(decider_batch_events(decider), 0);
    decide(decider, log, 11, 12);
    struct decided_batch second = decider_take_batch(decider, 1, &message);
    assert_int_equal(second.after, 10);
    assert_int_equal(second.upto, 12);
    uint8_t hash[CONTENT_HASH_SIZE];
    decider_hash(message.decisions, message.n_decisions, hash);
    assert_memory_equal(hash, second.hash, sizeof hash);
}

static TEST(counts_what_was_decided_evaluated_and_held)
{
    AUTO(small_log) *log = small_log_new();
    AUTO(marker) *marker = memory_marker();
    AUTO(metrics) *metrics = metrics_new();
    AUTO(decider) *decider = decider_new(fold_new(NULL, 1), marker);
    AUTO_CLEAR(bytes) page = {0};
    decider_register(decider, metrics);
    decide(decider, log, 1, 10);
    metrics_write(metrics, &page);
    assert_non_null(strstr(bytes_text(&page), "\nbellhop_escalate_events_decided_total 10\n"));
    assert_non_null(strstr(bytes_text(&page), "\nbellhop_escalate_seq 10\n"));
    assert_null(strstr(bytes_text(&page), "\nbellhop_escalate_evaluations_total 0\n"));
    decider_free(TAKE(decider));
    bytes_reset(&page);
    metrics_write(metrics, &page);
    assert_int_equal(page.size, 0);
}

static TEST(goes_on_after_a_restart_as_if_it_had_never_stopped)
{
    AUTO(small_log) *log = small_log_new();
    AUTO(marker) *marker = memory_marker();
    for (uint64_t stop = 1; stop < EVENTS; stop += 7) {
        AUTO(decider) *first = decider_new(fold_new(NULL, 2), marker);
        AUTO(decider) *restarted = decider_new(fold_new(NULL, 3), marker);
        WireDecisionBatch before = WIRE_DECISION_BATCH__INIT;
        WireDecisionBatch after = WIRE_DECISION_BATCH__INIT;
        decide(first, log, 1, stop);
        decider_take_batch(first, 1, &before);
        apply(restarted, log, &before);
        decide(first, log, stop + 1, EVENTS);
        decide(restarted, log, stop + 1, EVENTS);
        struct decided_batch expected = decider_take_batch(first, 1, &after);
        struct decided_batch got = decider_take_batch(restarted, 1, &after);
        assert_int_equal(got.decisions, expected.decisions);
        assert_memory_equal(got.hash, expected.hash, sizeof got.hash);
    }
}

static TEST(goes_on_from_a_snapshot_and_knows_a_damaged_one)
{
    char folder[] = "/tmp/bellhop-snapshot-XXXXXX";
    char path[128];
    char why[WHY_SIZE];
    assert_non_null(mkdtemp(folder));
    text_format(path, sizeof path, "%s/escalate.snapshot", folder);
    assert_null(snapshot_read(folder, 1, why, sizeof why));
    assert_text_equal(why, "");
    AUTO(small_log) *log = small_log_new();
    AUTO(marker) *marker = memory_marker();
    AUTO(decider) *decider = decider_new(fold_new(NULL, 1), marker);
    WireDecisionBatch message = WIRE_DECISION_BATCH__INIT;
    decide(decider, log, 1, 30);
    decider_take_batch(decider, 1, &message);
    assert_int_equal(snapshot_write(folder, decider_fold(decider)), 0);
    struct fold *fold = snapshot_read(folder, 9, why, sizeof why);
    assert_non_null(fold);
    AUTO(decider) *resumed = decider_new(fold, marker);
    assert_int_equal(decider_seq(resumed), 30);
    decide(decider, log, 31, EVENTS);
    decide(resumed, log, 31, EVENTS);
    struct decided_batch expected = decider_take_batch(decider, 1, &message);
    struct decided_batch got = decider_take_batch(resumed, 1, &message);
    assert_memory_equal(got.hash, expected.hash, sizeof got.hash);

    FILE *file = fopen(path, "r+");
    fseek(file, 100, SEEK_SET);
    int byte = fgetc(file);
    fseek(file, 100, SEEK_SET);
    fputc(byte ^ 1, file);
    fclose(file);
    assert_null(snapshot_read(folder, 9, why, sizeof why));
    assert_text_equal(why, "it is damaged");
    assert_int_equal(truncate(path, 10), 0);
    assert_null(snapshot_read(folder, 9, why, sizeof why));
    snapshot_remove(folder);
    assert_int_equal(rmdir(folder), 0);
}

static TEST(quarantines_an_event_that_was_fatal_too_often_and_decides_the_next)
{
    char folder[] = "/tmp/bellhop-decider-XXXXXX";
    char path[128];
    char why[WHY_SIZE];
    assert_non_null(mkdtemp(folder));
    text_format(path, sizeof path, "%s/escalate.marker", folder);
    for (int death = 0; death < MARKER_CRASHES; death++) {
        struct marker *dying = marker_open(folder, why, sizeof why);
        marker_enter(dying, 1, 5);
        marker_close(dying);
    }
    AUTO(small_log) *log = small_log_new();
    struct marker *marker = marker_open(folder, why, sizeof why);
    struct decider *decider = decider_new(fold_new(NULL, 1), marker);
    decide(decider, log, 1, 6);
    assert_int_equal(decider_numbers(decider)->quarantined, 1);
    assert_int_equal(decider_numbers(decider)->quarantine_seq, 5);
    WireDecisionBatch message = WIRE_DECISION_BATCH__INIT;
    decider_take_batch(decider, 1, &message);
    unsigned quarantined = 0;
    for (size_t i = 0; i < message.n_decisions; i++) {
        WireDecision *decision =
            wire_decision__unpack(NULL, message.decisions[i].len, message.decisions[i].data);
        quarantined += decision->kind == WIRE_DECISION_KIND__QUARANTINED && decision->position->seq == 5;
        wire_decision__free_unpacked(decision, NULL);
    }
    assert_int_equal(quarantined, 1);
    decider_free(decider);
    marker_close(marker);
    unlink(path);
    assert_int_equal(rmdir(folder), 0);
}

RUN_TESTS(cmocka_unit_test(joins_batch_to_batch),
          cmocka_unit_test(counts_what_was_decided_evaluated_and_held),
          cmocka_unit_test(goes_on_after_a_restart_as_if_it_had_never_stopped),
          cmocka_unit_test(goes_on_from_a_snapshot_and_knows_a_damaged_one),
          cmocka_unit_test(quarantines_an_event_that_was_fatal_too_often_and_decides_the_next))
