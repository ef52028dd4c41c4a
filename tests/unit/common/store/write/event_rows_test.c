/* event_rows: events as binary rows. */
#include "tests/support/check.h"
#include "tests/support/sample.h"

#include "common/store/write/event_rows.h"
#include "common/wire/event.h"
#include "common/wire/wire.h"

struct rows_fixture {
    struct event_rows rows;
    struct arena *arena;
};

static void add(struct rows_fixture *fixture, const char *changes, const char *text)
{
    WireEvent *event = sample_event(fixture->arena, changes);
    AUTO_CLEAR(bytes) canonical = {0};
    wire_event_write(event, &canonical);
    WireEventText event_text = WIRE_EVENT_TEXT__INIT, *texts[] = {&event_text};
    event_text.field = (char *)"complaint.text";
    event_text.text = (char *)text;
    WireAppendEvent append = WIRE_APPEND_EVENT__INIT;
    append.event = wire_bytes(bytes_slice(&canonical));
    append.occurred_at = event->occurred_at;
    append.n_texts = text ? 1 : 0;
    append.texts = texts;
    event_rows_add(&fixture->rows, &append, event);
}

static int64_t seq_in_copy(const struct event_rows *rows, size_t index)
{
    return (int64_t)bytes_get_u64(rows->copy.data + rows->rows[index].offset + 2 + 4 + 16 + 4);
}

static TEST(positions_are_given_in_order_and_again_after_rows_were_dropped)
{
    struct rows_fixture fixture = {.arena = arena_new(1 << 20)};
    struct event_rows *rows = &fixture.rows;
    for (int i = 0; i < 5; i++)
        add(&fixture, "{}", i == 1 || i == 2 ? "words" : NULL);
    event_rows_position(rows, 3, 100, SAMPLE_AT);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(seq_in_copy(rows, i), 100 + i);
    size_t texts = rows->text_copy.size;
    event_rows_drop(rows, 0);
    event_rows_drop(rows, 2);
    event_rows_drop(rows, 2);
    assert_int_equal(event_rows_count(rows), 3);
    event_rows_position(rows, 4, 200, SAMPLE_AT + 1);
    assert_int_equal(seq_in_copy(rows, 1), 200);
    assert_int_equal(seq_in_copy(rows, 3), 201);
    assert_int_equal(rows->rows[4].seq, 202);
    assert_true(rows->text_copy.size < texts);
    assert_int_equal(rows->copy.size, rows->rows[4].offset + rows->rows[4].size + 2);
    WireEvent *event = sample_event(fixture.arena, "{}");
    AUTO_CLEAR(bytes) canonical = {0};
    wire_event_write(event, &canonical);
    assert_slice_equal(event_rows_canonical(rows, 4), bytes_slice(&canonical));
    event_rows_clear(rows);
    arena_free(fixture.arena);
}

static TEST(the_months_of_a_batch_are_those_of_its_ids)
{
    struct rows_fixture fixture = {.arena = arena_new(1 << 20)};
    add(&fixture, "{\"id\":\"018f3e53-5600-7abc-8def-0123456789ab\"}", NULL); /* 2024-05 */
    add(&fixture, "{\"id\":\"018f3253-55ff-7abc-8def-0123456789ab\"}", NULL); /* 2024-04 or 05 */
    add(&fixture, "{\"id\":\"00bfffff-0000-7abc-8def-0123456789ab\"}", NULL);
    add(&fixture, "{\"id\":\"018f3e53-5600-7abc-8def-0123456789ac\"}", NULL);
    event_rows_position(&fixture.rows, 1, 10, SAMPLE_AT);
    const struct event_months *months = fixture.rows.months;
    assert_in_range(fixture.rows.month_count, 2, 3);
    assert_int_equal(months[0].month, 2024 * 12 + 4);
    assert_int_equal(months[0].lowest_seq, 10);
    assert_int_equal(months[0].highest_seq, 13);
    event_rows_clear(&fixture.rows);
    arena_free(fixture.arena);
}

RUN_TESTS(cmocka_unit_test(positions_are_given_in_order_and_again_after_rows_were_dropped),
          cmocka_unit_test(the_months_of_a_batch_are_those_of_its_ids))
