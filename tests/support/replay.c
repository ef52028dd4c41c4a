/* replay: deciders on the same log, and a backtest and a rehearsal of it. */
#include "tests/support/replay.h"

#include "common/base/memory.h"
#include "common/policy/decide/decide.h"
#include "common/policy/trial/backtest.h"
#include "common/policy/trial/rehearsal.h"
#include "common/policy/state/state.h"
#include "common/policy/state/fold_deadline.h"
#include "common/wire/json.h"
#include "common/wire/wire.h"
#include "common/wire/zone_table.h"
#include "services/escalate/decider.h"
#include "tests/support/check.h"
#include "tests/support/holding.h"

#include <ctype.h>
#include <stdlib.h>

enum { SCRATCH_SIZE = 32 << 20 };

/* --- the log --- */

static const WireEvent *event_of(const struct replay *replay, size_t at, struct arena *arena)
{
    const WireEvent *event =
        wire_unpack(&wire_event__descriptor, wire_slice(replay->log->entries[at].record.event), arena, NULL);
    assert_non_null(event);
    return event;
}

static WireDecision **stored_of(const struct replay *replay, size_t at, struct arena *arena)
{
    const struct chronicle_entry *entry = &replay->log->entries[at];
    WireDecision **stored = arena_allocate(arena, (entry->decision_count + 1) * sizeof *stored);
    for (size_t i = 0; i < entry->decision_count; i++)
        stored[i] = wire_unpack(&wire_decision__descriptor, entry->decisions[i], arena, NULL);
    return stored;
}

/* --- complaints --- */

static void write_decision(struct bytes *into, const char *who, struct slice packed)
{
    struct arena *arena = arena_new(SCRATCH_SIZE);
    const WireDecision *decision =
        packed.size ? wire_unpack(&wire_decision__descriptor, packed, arena, NULL) : NULL;
    bytes_append_format(into, "  %s: ", who);
    if (decision)
        wire_json_write(decision, into);
    else
        bytes_append_text(into, "nothing");
    bytes_append_text(into, "\n");
    arena_free(arena);
}

static bool complain(struct replay *replay, size_t at, const char *what)
{
    replay->at = at;
    bytes_append_format(&replay->complaint, "at %zu: %s\n", at + 1, what);
    return false;
}

static bool complain_of_decisions(struct replay *replay, size_t at, struct slice stored, struct slice decided)
{
    complain(replay, at, "it decides otherwise");
    write_decision(&replay->complaint, "stored", stored);
    write_decision(&replay->complaint, "decided", decided);
    return false;
}

/* One run's decisions about one entry against the stored ones. */
static bool is_decided(struct replay *replay, size_t at, WireDecision *const *decisions, size_t count)
{
    const struct chronicle_entry *entry = &replay->log->entries[at];
    AUTO_CLEAR(bytes) packed = {0};
    for (size_t i = 0; i < count || i < entry->decision_count; i++) {
        bytes_reset(&packed);
        if (i < count)
            wire_pack(decisions[i], &packed);
        struct slice stored = i < entry->decision_count ? entry->decisions[i] : slice_of(NULL, 0);
        if (!slice_equal(stored, bytes_slice(&packed)))
            return complain_of_decisions(replay, at, stored, bytes_slice(&packed));
    }
    return true;
}

/* --- states --- */

static void write_counts(const struct fold *fold, struct bytes *into)
{
    struct fold_counts counts;
    fold_count(fold, &counts);
    bytes_append_format(into, "bytes %zu names %zu charges %zu unattended %jd wants %jd deadlines %jd\n",
                        fold->bytes, fold->names.bytes, fold->charges.bytes, (intmax_t)counts.unattended,
                        (intmax_t)counts.wants, (intmax_t)counts.deadlines);
}

static int compare_lines(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* All deadlines that are open, one a line. */
static void write_deadlines(struct fold *fold, struct bytes *into)
{
    struct fold_deadline deadline;
    char **lines = NULL;
    size_t count = 0;
    holding_due_again(fold);
    while (fold_due(fold, INT64_MAX, &deadline)) {
        AUTO_CLEAR(bytes) line = {0};
        bytes_append_format(&line, "%lld %s", (long long)deadline.body.due_at, deadline.foreign_id);
        lines = memory_resize_array(lines, count + 1, sizeof *lines);
        lines[count++] = memory_copy_text(bytes_text(&line));
    }
    holding_due_again(fold);
    if (count)
        qsort(lines, count, sizeof *lines, compare_lines);
    for (size_t i = 0; i < count; i++) {
        bytes_append_format(into, "due %s\n", lines[i]);
        free(lines[i]);
    }
    free(lines);
}

static void write_end(struct fold *fold, struct bytes *into)
{
    write_counts(fold, into);
    write_deadlines(fold, into);
}

/* What can be read around the place names the entry. */
static bool complain_of_state(struct replay *replay, size_t at, struct slice expected, struct slice state)
{
    enum { AROUND = 160 };
    size_t byte = 0;
    while (byte < state.size && byte < expected.size && state.data[byte] == expected.data[byte])
        byte++;
    complain(replay, at, "its state differs");
    bytes_append_format(&replay->complaint, "  %zu bytes, not %zu, from byte %zu on:\n  it:   ", state.size,
                        expected.size, byte);
    struct slice both[] = {state, expected};
    for (int i = 0; i < 2; i++) {
        size_t end = byte + AROUND < both[i].size ? byte + AROUND : both[i].size;
        for (size_t place = byte < AROUND ? 0 : byte - AROUND; place < end; place++)
            bytes_append_format(&replay->complaint, "%c",
                                isgraph(both[i].data[place]) ? both[i].data[place] : '.');
        bytes_append_text(&replay->complaint, i ? "\n" : "\n  live: ");
    }
    return false;
}

static bool is_state(struct replay *replay, const struct fold *fold, size_t count)
{
    AUTO_CLEAR(bytes) state = {0};
    if (!count || count % replay->snapshot_every)
        return true;
    holding_write(fold, &state);
    const struct bytes *expected = &replay->states[count / replay->snapshot_every - 1];
    if (slice_equal(bytes_slice(&state), bytes_slice(expected)))
        return true;
    return complain_of_state(replay, count - 1, bytes_slice(expected), bytes_slice(&state));
}

static bool is_end(struct replay *replay, struct fold *fold)
{
    AUTO_CLEAR(bytes) end = {0};
    write_end(fold, &end);
    if (slice_equal(bytes_slice(&end), bytes_slice(&replay->end)))
        return true;
    complain(replay, replay->log->count - 1, "it ends otherwise");
    bytes_append_format(&replay->complaint, "  live:\n%s  it:\n%s", bytes_text(&replay->end),
                        bytes_text(&end));
    return false;
}

/* --- deciders --- */

static struct decider *begin(const struct replay *replay, struct marker *marker, uint64_t seed)
{
    return decider_new(fold_new(replay->log->options.limits, seed), marker);
}

static struct decider *resume(struct replay *replay, struct marker *marker, size_t place)
{
    struct fold *fold =
        fold_snapshot_read(replay->log->options.limits, place + 77, bytes_slice(&replay->states[place]));
    if (!fold)
        complain(replay, (place + 1) * replay->snapshot_every - 1, "its snapshot cannot be read");
    return fold ? decider_new(fold, marker) : NULL;
}

/* What was decided since is what is stored. */
static bool hand_in(struct replay *replay, struct decider *decider,
                    uint8_t ret_hash[static CONTENT_HASH_SIZE])
{
    WireDecisionBatch message = WIRE_DECISION_BATCH__INIT;
    struct decided_batch batch = decider_take_batch(decider, 1, &message);
    size_t next = 0;
    memcpy(ret_hash, batch.hash, CONTENT_HASH_SIZE);
    for (uint64_t at = batch.after; at < batch.upto; at++) {
        const struct chronicle_entry *entry = &replay->log->entries[at];
        for (size_t i = 0; i < entry->decision_count; i++, next++) {
            struct slice decided =
                next < message.n_decisions ? wire_slice(message.decisions[next]) : slice_of(NULL, 0);
            if (!slice_equal(decided, entry->decisions[i]))
                return complain_of_decisions(replay, at, entry->decisions[i], decided);
        }
    }
    if (next < message.n_decisions)
        return complain_of_decisions(replay, batch.upto - 1, slice_of(NULL, 0),
                                     wire_slice(message.decisions[next]));
    return true;
}

static bool catch_up(struct replay *replay, struct decider *decider, size_t upto)
{
    char why[WHY_SIZE];
    for (size_t i = decider_seq(decider); i < upto; i++) {
        const struct chronicle_entry *entry = &replay->log->entries[i];
        if (decider_apply(decider, &entry->record, entry->decisions, entry->decision_count, why))
            return complain(replay, i, why);
    }
    return true;
}

/* Decide up to there, in batches of so many events. */
static bool go_on(struct replay *replay, struct decider *decider, size_t upto, size_t batch_events)
{
    char why[WHY_SIZE];
    uint8_t hash[CONTENT_HASH_SIZE];
    for (size_t i = decider_seq(decider); i < upto; i++) {
        const struct chronicle_entry *entry = &replay->log->entries[i];
        if (entry->is_given) {
            if (!hand_in(replay, decider, hash) || !catch_up(replay, decider, i + 1))
                return false;
        } else {
            if (decider_decide(decider, &entry->record, why))
                return complain(replay, i, why);
            if (decider_batch_events(decider) >= batch_events && !hand_in(replay, decider, hash))
                return false;
        }
        if (decider_batch_events(decider) == 0 && !is_state(replay, decider_fold(decider), i + 1))
            return false;
    }
    return hand_in(replay, decider, hash);
}

static bool go_on_to_end(struct replay *replay, struct decider *decider, size_t batch_events)
{
    replay->from = decider_seq(decider);
    return go_on(replay, decider, replay->log->count, batch_events) && is_end(replay, decider_fold(decider));
}

/* --- the live run --- */

static void keep_state(struct replay *replay, const struct fold *fold, size_t count)
{
    if (count % replay->snapshot_every)
        return;
    replay->states = memory_resize_array(replay->states, replay->state_count + 1, sizeof *replay->states);
    replay->states[replay->state_count] = (struct bytes){0};
    holding_write(fold, &replay->states[replay->state_count++]);
}

static bool live(struct replay *replay, struct marker *marker)
{
    AUTO(decider) *decider = begin(replay, marker, 1);
    char why[WHY_SIZE];
    chronicle_forget(replay->log);
    for (size_t i = 0; i < replay->log->count; i++) {
        struct chronicle_entry *entry = &replay->log->entries[i];
        WireDecisionBatch message = WIRE_DECISION_BATCH__INIT;
        if (entry->is_given) {
            if (!catch_up(replay, decider, i + 1))
                return false;
        } else {
            if (decider_decide(decider, &entry->record, why))
                return complain(replay, i, why);
            decider_take_batch(decider, 1, &message);
        }
        for (size_t index = 0; index < message.n_decisions; index++)
            chronicle_store(replay->log, i, wire_slice(message.decisions[index]));
        keep_state(replay, decider_fold(decider), i + 1);
    }
    bytes_reset(&replay->end);
    write_end(decider_fold(decider), &replay->end);
    return true;
}

/* --- the ways --- */

static bool second(struct replay *replay, struct marker *marker)
{
    AUTO(decider) *decider = begin(replay, marker, 2);
    return go_on_to_end(replay, decider, 7);
}

/* One that only ever applies what is stored, as after a restart at each position: it would decide the same there. */
static bool stand_by(struct replay *replay)
{
    AUTO(fold) *fold = fold_new(replay->log->options.limits, 9);
    AUTO(decisions) *decisions = decisions_new();
    struct arena *arena = arena_new(SCRATCH_SIZE);
    char why[WHY_SIZE];
    bool agrees = true;
    for (size_t i = 0; agrees && i < replay->log->count; i++) {
        const struct chronicle_entry *entry = &replay->log->entries[i];
        const WireEvent *event = event_of(replay, i, arena);
        replay->from = i;
        if (!entry->is_given && decide_event(fold, &entry->record, event, decisions))
            decisions_quarantine(fold, &entry->record, event, decisions);
        agrees = entry->is_given || is_decided(replay, i, decisions->items, decisions->count);
        WireDecision **stored = stored_of(replay, i, arena);
        if (agrees && fold_apply(fold, &entry->record, event, stored, entry->decision_count, why))
            agrees = complain(replay, i, why);
        agrees = agrees && is_state(replay, fold, i + 1);
        arena_reset(arena, 0);
    }
    arena_free(arena);
    return agrees && is_end(replay, fold);
}

static bool restart(struct replay *replay, struct marker *marker)
{
    if (!stand_by(replay))
        return false;
    for (size_t i = replay->restart_every; i < replay->log->count; i += replay->restart_every) {
        AUTO(decider) *decider = begin(replay, marker, i + 3);
        if (!catch_up(replay, decider, i) || !go_on_to_end(replay, decider, 1 + i % 9))
            return false;
    }
    return true;
}

static bool resume_each(struct replay *replay, struct marker *marker)
{
    for (size_t i = 0; i < replay->state_count; i++) {
        AUTO(decider) *decider = resume(replay, marker, i);
        if (!decider || !is_state(replay, decider_fold(decider), (i + 1) * replay->snapshot_every) ||
            !go_on_to_end(replay, decider, 1 + i % 5))
            return false;
    }
    return true;
}

/* As one that is upgraded, or crashes, again and again. */
static bool resume_chain(struct replay *replay, struct marker *marker)
{
    struct decider *decider = begin(replay, marker, 4);
    bool agrees = true;
    for (size_t i = 0; agrees && i < replay->state_count; i++) {
        replay->from = decider_seq(decider);
        agrees = go_on(replay, decider, (i + 1) * replay->snapshot_every, 3);
        AUTO_CLEAR(bytes) state = {0};
        holding_write(decider_fold(decider), &state);
        struct fold *fold = fold_snapshot_read(replay->log->options.limits, i, bytes_slice(&state));
        if (agrees && !fold)
            agrees = complain(replay, decider_seq(decider) - 1, "its snapshot cannot be read");
        decider_free(decider);
        decider = fold ? decider_new(fold, marker) : NULL;
    }
    agrees = agrees && go_on_to_end(replay, decider, 3);
    decider_free(decider);
    return agrees;
}

/* One has decided further than is stored, and is silent; the other stood by, warm from a snapshot, and goes on from what
 * is stored. What the first sends afterwards is refused, or is found to be the very same; it begins anew. */
static bool take_over(struct replay *replay, struct marker *marker, size_t stored, size_t ahead)
{
    uint8_t first_hash[CONTENT_HASH_SIZE], other_hash[CONTENT_HASH_SIZE];
    size_t place = stored / replay->snapshot_every;
    AUTO(decider) *first = begin(replay, marker, stored + 5);
    AUTO(decider) *other = place ? resume(replay, marker, place - 1) : begin(replay, marker, stored + 6);
    if (!other || !catch_up(replay, first, stored) || !catch_up(replay, other, stored))
        return false;
    for (size_t i = stored; i < ahead; i++)
        if (replay->log->entries[i].is_given)
            return true; /* nobody decides here */
    char why[WHY_SIZE];
    replay->from = stored;
    for (size_t i = stored; i < ahead; i++)
        if (decider_decide(first, &replay->log->entries[i].record, why) ||
            decider_decide(other, &replay->log->entries[i].record, why))
            return complain(replay, i, why);
    if (!hand_in(replay, first, first_hash) || !hand_in(replay, other, other_hash))
        return false;
    if (memcmp(first_hash, other_hash, CONTENT_HASH_SIZE) != 0)
        return complain(replay, ahead - 1, "batches of the same have other hashes");
    if (!go_on_to_end(replay, other, 4))
        return false;
    AUTO(decider) *anew = begin(replay, marker, stored + 8);
    return catch_up(replay, anew, ahead) && go_on_to_end(replay, anew, 11);
}

static bool takeover(struct replay *replay, struct marker *marker)
{
    uint64_t seed = replay->log->options.seed;
    for (int times = 0; times < 2; times++) {
        size_t stored = check_random(&seed) % replay->log->count;
        size_t ahead = stored + 1 + check_random(&seed) % (replay->log->count - stored);
        if (!take_over(replay, marker, stored, ahead))
            return false;
    }
    return true;
}

/* --- another's clock --- */

static bool backtest_entry(struct replay *replay, struct backtest *backtest, size_t at, struct arena *arena)
{
    const struct chronicle_entry *entry = &replay->log->entries[at];
    char why[WHY_SIZE];
    if (backtest_event(backtest, &entry->record, event_of(replay, at, arena), stored_of(replay, at, arena),
                       entry->decision_count, why))
        return complain(replay, at, why);
    const struct decisions *decisions = backtest_decisions(backtest);
    return entry->is_given || is_decided(replay, at, decisions->items, decisions->count);
}

static bool backtest_log(struct replay *replay, struct arena *arena)
{
    char why[WHY_SIZE] = "";
    struct zone_tables zones = {.count = 0};
    assert_int_equal(zone_tables_of(chronicle_policy(), arena, &zones), 0);
    struct backtest_options options = {
        .document = chronicle_policy(), .zones = zones.items, .zone_count = zones.count};
    AUTO(backtest) *backtest = backtest_new(&options, why);
    assert_text_equal(why, "");
    size_t used = arena->used;
    for (size_t i = 0; i < replay->log->written; i++) {
        arena_reset(arena, used);
        backtest_logged(backtest, event_of(replay, i, arena));
    }
    for (size_t i = 0; i < replay->log->count; i++) {
        arena_reset(arena, used);
        if (!backtest_entry(replay, backtest, i, arena))
            return false;
    }
    return true;
}

/* Each decision must be the next that is stored. */
struct rehearsed {
    struct replay *replay;
    size_t at, index;
    bool agrees;
};

static void hear(void *owner, int64_t now, const WireEvent *event, const WireDecision *decision)
{
    struct rehearsed *rehearsed = owner;
    struct replay *replay = rehearsed->replay;
    const struct chronicle *log = replay->log;
    AUTO_CLEAR(bytes) packed = {0};
    (void)now;
    if (!rehearsed->agrees || event->body_case == WIRE_EVENT__BODY_POLICY_PROPOSED)
        return;
    while (rehearsed->at < log->count && rehearsed->index == log->entries[rehearsed->at].decision_count) {
        rehearsed->at++;
        rehearsed->index = 0;
    }
    if (rehearsed->at == log->count)
        return; /* the log ends before */
    struct slice stored = log->entries[rehearsed->at].decisions[rehearsed->index++];
    wire_pack(decision, &packed);
    if (!slice_equal(stored, bytes_slice(&packed)))
        rehearsed->agrees = complain_of_decisions(replay, rehearsed->at, stored, bytes_slice(&packed));
}

static bool rehearse(struct replay *replay, struct arena *arena)
{
    char why[WHY_SIZE] = "";
    struct zone_tables zones = {.count = 0};
    struct rehearsed rehearsed = {.replay = replay, .at = 1, .agrees = true};
    assert_int_equal(zone_tables_of(chronicle_policy(), arena, &zones), 0);
    struct rehearsal_options options = {
        .document = chronicle_policy(),
        .zones = zones.items,
        .zone_count = zones.count,
        .begins_at = replay->log->entries[0].record.recorded_at,
        .heard = hear,
        .owner = &rehearsed,
    };
    AUTO(rehearsal) *rehearsal = rehearsal_new(&options, why);
    assert_text_equal(why, "");
    size_t used = arena->used;
    for (size_t i = 1; rehearsed.agrees && i < replay->log->count; i++) {
        const WireLoggedEvent *record = &replay->log->entries[i].record;
        arena_reset(arena, used);
        WireEvent *event = (WireEvent *)event_of(replay, i, arena);
        if (event->body_case == WIRE_EVENT__BODY_DEADLINE_PASSED)
            continue; /* it passes by itself */
        rehearsal_wait(rehearsal, record->recorded_at);
        if (rehearsed.agrees && !rehearsal_play(rehearsal, event, record->sent_at, why))
            return complain(replay, i, why);
    }
    return rehearsed.agrees;
}

/* --- all of it --- */

unsigned replay_ways_of(const struct chronicle_options *options)
{
    bool is_one_policy = !options->has_policies && !options->older && !options->limits;
    unsigned ways = 1 << REPLAY_SECOND | 1 << REPLAY_RESTART | 1 << REPLAY_RESUME | 1 << REPLAY_TAKEOVER;
    if (is_one_policy && options->deadlines != DEADLINES_WILD)
        ways |= 1 << REPLAY_BACKTEST;
    if (is_one_policy && options->deadlines == DEADLINES_PUNCTUAL && !options->has_quarantine)
        ways |= 1 << REPLAY_REHEARSAL;
    return ways;
}

static bool run_way(struct replay *replay, enum replay_way way, struct marker *marker, struct arena *arena)
{
    switch (way) {
    case REPLAY_SECOND:
        return second(replay, marker);
    case REPLAY_RESTART:
        return restart(replay, marker);
    case REPLAY_RESUME:
        return resume_each(replay, marker) && resume_chain(replay, marker);
    case REPLAY_TAKEOVER:
        return takeover(replay, marker);
    case REPLAY_BACKTEST:
        return backtest_log(replay, arena);
    case REPLAY_REHEARSAL:
        return rehearse(replay, arena);
    case REPLAY_WAYS:
        break;
    }
    return true;
}

void replay_clear(struct replay *replay)
{
    for (size_t i = 0; i < replay->state_count; i++)
        bytes_clear(&replay->states[i]);
    free(replay->states);
    replay->states = NULL;
    replay->state_count = 0;
    bytes_clear(&replay->end);
    bytes_clear(&replay->complaint);
}

bool replay_agrees(struct replay *replay)
{
    char why[WHY_SIZE];
    struct marker *marker = marker_open("", why, sizeof why);
    struct arena *arena = arena_new(SCRATCH_SIZE);
    assert_non_null(marker);
    replay_clear(replay);
    bool agrees = live(replay, marker);
    for (enum replay_way way = 0; agrees && way < REPLAY_WAYS; way++) {
        replay->way = way;
        replay->from = 0;
        arena_reset(arena, 0);
        agrees = !(replay->ways & 1U << way) || run_way(replay, way, marker, arena);
    }
    arena_free(arena);
    marker_close(marker);
    return agrees;
}
