/* sources: gaps, against a naive twin that remembers every number; what is written; bounds. */
#include "tests/support/check.h"

#include "common/store/write/batch.h"
#include "services/persist/sources.h"

static void note(struct sources *sources, const char *source, uint64_t sequence)
{
    const struct source_news news = {.seq = 1000,
                                     .source = slice_of_text(source),
                                     .incarnation = slice_of_text("a"),
                                     .sequence = sequence,
                                     .seen_at = 1000000};
    sources_note(sources, &news);
}

static const char *written(struct sources *sources, struct batch *batch)
{
    batch_reset(batch);
    sources_write(sources, batch, 100, 7);
    return bytes_text(&batch->statements);
}

static TEST(numbers_that_come_in_order_leave_no_gap)
{
    AUTO(sources) *sources = sources_new(10, 1);
    for (uint64_t sequence = 1; sequence <= 100; sequence++)
        note(sources, "17/till-1", sequence);
    assert_int_equal(sources_numbers(sources)->missing, 0);
    assert_int_equal(sources_numbers(sources)->sources, 1);
}

static TEST(a_number_given_twice_is_noticed_and_a_rejected_one_is_no_gap)
{
    AUTO(sources) *sources = sources_new(10, 1);
    struct source_news news = {
        .seq = 1, .source = slice_of_text("17/till-1"), .incarnation = slice_of_text("a"), .sequence = 1};
    assert_true(sources_note(sources, &news));
    assert_false(sources_note(sources, &news));
    assert_int_equal(sources_numbers(sources)->repeated, 1);
    news.sequence = 2;
    sources_note_rejected(sources, &news);
    news.sequence = 4;
    assert_true(sources_note(sources, &news));
    assert_int_equal(sources_numbers(sources)->missing, 1); /* 3 */
    news.sequence = 3;
    assert_true(sources_note(sources, &news));
    assert_int_equal(sources_numbers(sources)->missing, 0);
    news.sequence = 0;
    assert_true(sources_note(sources, &news));
    assert_int_equal(sources_numbers(sources)->repeated, 1);
}

/* 70 gaps: the last ones are lost. */
static struct source_news lose_gaps(struct sources *sources)
{
    for (uint64_t sequence = 2; sequence <= 140; sequence += 2)
        note(sources, "s", sequence);
    assert_true(sources_numbers(sources)->gaps_lost > 0);
    assert_int_equal(sources_numbers(sources)->repeated, 0);
    return (struct source_news){.seq = 2000, .source = slice_of_text("s"), .incarnation = slice_of_text("a")};
}

static TEST(a_number_given_twice_is_noticed_also_where_gaps_were_lost)
{
    AUTO(sources) *sources = sources_new(10, 1);
    struct source_news news = lose_gaps(sources);
    news.sequence = 140; /* the last one, once more */
    assert_false(sources_note(sources, &news));
    news.sequence = 60; /* before anything was lost */
    assert_false(sources_note(sources, &news));
    news.sequence = 139; /* its gap was lost: it comes late */
    assert_true(sources_note(sources, &news));
    assert_false(sources_note(sources, &news)); /* and again */
    news.sequence = 129;
    assert_true(sources_note(sources, &news));
    assert_int_equal(sources_numbers(sources)->repeated, 3);
    news.source = slice_of_text("another"); /* which has lost nothing */
    news.sequence = 1;
    assert_true(sources_note(sources, &news));
    assert_false(sources_note(sources, &news));
    assert_int_equal(sources_numbers(sources)->repeated, 4);
}

static TEST(a_number_given_twice_is_noticed_when_the_log_is_read_again_and_none_is_that_was_written)
{
    AUTO(sources) *sources = sources_new(10, 1);
    const struct source_record known = {
        .source = "s", .incarnation = "a", .highest_sequence = 10, .upto = 50};
    sources_restore(sources, &known);
    struct source_news news = {
        .seq = 50, .source = slice_of_text("s"), .incarnation = slice_of_text("a"), .sequence = 10};
    assert_true(sources_note(sources, &news)); /* it is in what was written */
    news.seq = 51;
    assert_false(sources_note(sources, &news));
    news.seq = 52;
    news.sequence = 11;
    assert_true(sources_note(sources, &news));
    news.seq = 53;
    assert_false(sources_note(sources, &news));
    assert_int_equal(sources_numbers(sources)->repeated, 2);
}

static TEST(more_may_be_missing_than_a_number_holds)
{
    AUTO(sources) *sources = sources_new(10, 1);
    const char *const names[] = {"a", "b", "c"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        note(sources, names[i], INT64_MAX);
    assert_int_equal(sources_numbers(sources)->missing, INT64_MAX);
    note(sources, "a", 1);
    assert_int_equal(sources_numbers(sources)->missing, INT64_MAX);
}

static TEST(what_is_missing_is_written_and_what_comes_late_fills_it)
{
    AUTO(sources) *sources = sources_new(10, 1);
    AUTO(batch) *batch = batch_new();
    note(sources, "it's", 5);
    assert_non_null(strstr(written(sources, batch), "'1970-01-01T00:00:01Z', 1, 4)"));
    assert_non_null(strstr(bytes_text(&batch->statements), "'it''s'"));
    note(sources, "it's", 2);
    const char *sql = written(sources, batch);
    assert_non_null(strstr(sql, ", 1, 1)"));
    assert_non_null(strstr(sql, ", 3, 4)"));
    assert_text_equal(written(sources, batch), "");
}

static TEST(a_source_that_does_not_number_is_only_seen)
{
    AUTO(sources) *sources = sources_new(10, 1);
    AUTO(batch) *batch = batch_new();
    const struct source_news news = {
        .seq = 1, .source = slice_of_text("17/till-1"), .seen_at = 5, .skew_ms = -70000};
    sources_note(sources, &news);
    assert_non_null(strstr(written(sources, batch), "NULL, -70000, 7)"));
    assert_int_equal(sources_numbers(sources)->worst_skew_ms, 70000);
}

static TEST(sources_beyond_the_bound_are_counted_and_not_followed)
{
    AUTO(sources) *sources = sources_new(2, 1);
    note(sources, "a", 1);
    note(sources, "b", 1);
    note(sources, "c", 9);
    note(sources, "c", 10);
    assert_int_equal(sources_numbers(sources)->sources, 2);
    assert_int_equal(sources_numbers(sources)->unfollowed, 2);
    assert_int_equal(sources_numbers(sources)->missing, 0);
}

static TEST(what_was_restored_goes_on_where_it_was)
{
    AUTO(sources) *sources = sources_new(10, 1);
    AUTO(batch) *batch = batch_new();
    const struct source_gap gaps[] = {{.first = 3, .last = 4, .noticed_at = 0},
                                      {.first = 8, .last = 8, .noticed_at = 0}};
    const struct source_record known = {
        .source = "s", .incarnation = "a", .highest_sequence = 10, .gaps = gaps, .gap_count = COUNT_OF(gaps)};
    sources_restore(sources, &known);
    assert_int_equal(sources_numbers(sources)->missing, 3);
    assert_text_equal(written(sources, batch), "");
    note(sources, "s", 8);
    note(sources, "s", 11);
    assert_int_equal(sources_numbers(sources)->missing, 2);
    sources_write_all(sources);
    assert_non_null(strstr(written(sources, batch), ", 3, 4)"));
}

/* The twin: an array of what has come. */
static TEST(gaps_agree_with_a_naive_twin)
{
    enum { NUMBERS = 200 };
    for (uint64_t seed = 1; seed <= 50; seed++) {
        uint64_t random = seed;
        AUTO(sources) *sources = sources_new(10, seed);
        bool has_come[NUMBERS + 1] = {false};
        uint64_t highest = 0;
        for (int i = 0; i < 150; i++) {
            uint64_t sequence = check_random(&random) % NUMBERS + 1;
            note(sources, "s", sequence);
            has_come[sequence] = true;
            highest = sequence > highest ? sequence : highest;
            int64_t missing = 0;
            for (uint64_t number = 1; number <= highest; number++)
                missing += !has_come[number];
            if (sources_numbers(sources)->gaps_lost == 0)
                assert_int_equal(sources_numbers(sources)->missing, missing);
        }
    }
}

RUN_TESTS(
    cmocka_unit_test(numbers_that_come_in_order_leave_no_gap),
    cmocka_unit_test(a_number_given_twice_is_noticed_and_a_rejected_one_is_no_gap),
    cmocka_unit_test(a_number_given_twice_is_noticed_also_where_gaps_were_lost),
    cmocka_unit_test(a_number_given_twice_is_noticed_when_the_log_is_read_again_and_none_is_that_was_written),
    cmocka_unit_test(more_may_be_missing_than_a_number_holds),
    cmocka_unit_test(what_is_missing_is_written_and_what_comes_late_fills_it),
    cmocka_unit_test(a_source_that_does_not_number_is_only_seen),
    cmocka_unit_test(sources_beyond_the_bound_are_counted_and_not_followed),
    cmocka_unit_test(what_was_restored_goes_on_where_it_was), cmocka_unit_test(gaps_agree_with_a_naive_twin))
