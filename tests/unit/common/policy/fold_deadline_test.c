/* fold_deadline: whoever keeps a list of the open deadlines by what changes has the same as whoever is told all of them. */
#include "tests/support/check.h"
#include "tests/support/chronicle.h"
#include "tests/support/holding.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/decide/decide.h"
#include "common/policy/state/deadline.h"
#include "common/wire/wire.h"

#include <stdlib.h>

enum { EVENTS = 400, COMPARE_EVERY = 7, ARENA_BYTES = 1 << 20, LINES_MOST = 4096 };

/* Lines by number. */
struct keeper {
    char *lines[LINES_MOST];
    size_t most; /* numbers given */
    size_t ended, armed;
};

static void keep(struct keeper *keeper, struct fold *fold)
{
    uint32_t number;
    struct fold_deadline deadline;
    while (fold_deadline_ended(fold, &number)) {
        assert_non_null(keeper->lines[number]);
        free(TAKE(keeper->lines[number]));
        keeper->ended++;
    }
    while (fold_deadline_armed(fold, &number, &deadline)) {
        AUTO_CLEAR(bytes) line = {0};
        assert_true(number < LINES_MOST && !keeper->lines[number]);
        bytes_append_format(&line, "%lld %d %s %s %s", (long long)deadline.body.due_at,
                            (int)deadline.body.kind, deadline.subject, text_or_empty(deadline.store_id),
                            text_or_empty(deadline.interaction_id));
        keeper->lines[number] = memory_copy_text(bytes_text(&line));
        keeper->most = number > keeper->most ? number : keeper->most;
        keeper->armed++;
    }
}

static int compare_lines(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static void write_lines(const struct keeper *keeper, struct bytes *into)
{
    char *sorted[LINES_MOST];
    size_t count = 0;
    for (size_t i = 0; i <= keeper->most; i++)
        if (keeper->lines[i])
            sorted[count++] = keeper->lines[i];
    if (count)
        qsort(sorted, count, sizeof *sorted, compare_lines);
    for (size_t i = 0; i < count; i++)
        bytes_append_format(into, "%s\n", sorted[i]);
}

static void keeper_clear(struct keeper *keeper)
{
    for (size_t i = 0; i <= keeper->most; i++)
        free(keeper->lines[i]);
}

/* One that knows nothing yet is told all that is open. */
static void compare(const struct keeper *keeper, const struct fold *fold, const struct fold_limits *limits)
{
    AUTO_CLEAR(bytes) snapshot = {0};
    AUTO_CLEAR(bytes) kept = {0};
    AUTO_CLEAR(bytes) told = {0};
    struct keeper other = {0};
    holding_write(fold, &snapshot);
    AUTO(fold) *read = fold_snapshot_read(limits, 2, bytes_slice(&snapshot));
    keep(&other, read);
    write_lines(keeper, &kept);
    write_lines(&other, &told);
    assert_text_equal(bytes_text(&kept), bytes_text(&told));
    keeper_clear(&other);
}

static void run(const struct chronicle_options *options)
{
    AUTO(chronicle) *log = chronicle_new(options);
    AUTO(fold) *fold = fold_new(options->limits, 1);
    AUTO(arena) *arena = arena_new(ARENA_BYTES);
    struct decisions *decisions = decisions_new();
    struct keeper keeper = {0};
    char why[WHY_SIZE];
    for (size_t i = 0; i < log->count; i++) {
        const WireLoggedEvent *record = &log->entries[i].record;
        arena_reset(arena, 0);
        const WireEvent *event = wire_unpack(&wire_event__descriptor, wire_slice(record->event), arena, NULL);
        assert_int_equal(decide_event(fold, record, event, decisions), 0);
        assert_int_equal(fold_apply(fold, record, event, decisions->items, decisions->count, why), 0);
        if (i % COMPARE_EVERY == 0) {
            keep(&keeper, fold);
            compare(&keeper, fold, options->limits);
        }
    }
    assert_true(keeper.ended > 0 && keeper.armed >= keeper.ended);
    keeper_clear(&keeper);
    decisions_free(decisions);
}

static TEST(what_changes_makes_the_list_of_all)
{
    run(&(struct chronicle_options){.seed = 11, .events = EVENTS, .deadlines = DEADLINES_PUNCTUAL});
    run(&(struct chronicle_options){.seed = 12, .events = EVENTS, .deadlines = DEADLINES_WILD});
}

static TEST(what_is_forgotten_has_ended)
{
    struct fold_limits limits = fold_limits_default;
    limits.interactions = limits.customers = limits.cases = limits.follow_ups = limits.promises = 3;
    limits.appointments = limits.good_news = 2;
    run(&(struct chronicle_options){
        .seed = 14, .events = EVENTS, .deadlines = DEADLINES_WILD, .limits = &limits});
}

static TEST(numbers_begin_again_before_they_could_be_taken_for_a_place)
{
    struct deadline one = {.owner = DEADLINE_OF_COUNTDOWN};
    struct deadlines deadlines;
    deadlines_init(&deadlines);
    deadlines.last_number = DEADLINE_UNREPORTED - 2;
    for (uint32_t expected = DEADLINE_UNREPORTED - 1; expected != 2; expected = expected == 1 ? 2 : 1) {
        deadline_set(&deadlines, &one, expected);
        assert_ptr_equal(deadline_take_unreported(&deadlines), &one);
        assert_int_equal(deadline_report(&deadlines, &one), expected);
    }
    assert_int_equal(deadlines.ended_count, 1);
    deadline_stop(&deadlines, &one);
    assert_int_equal(deadlines.ended_count, 2);
    deadlines_clear(&deadlines);
}

RUN_TESTS(cmocka_unit_test(what_changes_makes_the_list_of_all), cmocka_unit_test(what_is_forgotten_has_ended),
          cmocka_unit_test(numbers_begin_again_before_they_could_be_taken_for_a_place))
