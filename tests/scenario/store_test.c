/* The store against a real PostgreSQL of its own: what the writer stores is what is read; what it must refuse
 * it refuses. */
#include "tests/support/fixture.h"

#include "common/base/clock.h"
#include "common/wire/wire.h"

static TEST(the_log_is_read_in_pages)
{
    struct fixture *fixture = *state;
    struct told told = {{0}};
    log_read_events(fixture->database, 0, 10, told_events, &told);
    fixture_expect(fixture, &told, "");
    assert_int_equal(told.at.head, 0);
    assert_int_equal(told.at.recorded_at, 0);
    fixture_store_events(fixture, 1, 10);
    fixture_store_events(fixture, 11, 20);
    log_read_events(fixture->database, 0, 5, told_events, &told);
    fixture_expect(fixture, &told, "1 2 3 4 5");
    assert_int_equal(told.at.head, 20);
    assert_int_equal(told.at.recorded_at, SAMPLE_AT);
    log_read_events(fixture->database, 18, 100, told_events, &told);
    fixture_expect(fixture, &told, "19 20");
    log_read_events(fixture->database, 20, 100, told_events, &told);
    fixture_expect(fixture, &told, "");
}

static void check_event(void *owner, const struct log_page *page)
{
    *(bool *)owner = true;
    assert_null(page->fault);
    const WireLoggedEvent *event = page->events[0];
    assert_int_equal(event->recorded_at, SAMPLE_AT);
    assert_int_equal(event->occurred_at, SAMPLE_AT + 5);
    assert_int_equal(event->sent_at, SAMPLE_AT + 6);
    assert_int_equal(event->skew_ms, 3);
    WireEvent *unpacked = wire_event__unpack(NULL, event->event.len, event->event.data);
    assert_text_equal(unpacked->source, "harbour/till-1");
    wire_event__free_unpacked(unpacked, NULL);
}

static void tell_text(void *owner, const struct text_page *page)
{
    struct told *told = owner;
    told->is_fault = page->fault;
    bytes_append_format(&told->text, "%llu %s %s", (unsigned long long)page->seq,
                        page->field ? page->field : "-", page->text ? page->text : "-");
}

static TEST(an_event_is_read_as_it_was_stored_and_its_text_apart)
{
    struct fixture *fixture = *state;
    fixture_add_event(fixture, 3, "\"complaint\":{\"about\":\"PRICE\",\"text\":\"\"}", "it's\ttoo much");
    fixture_add_event(fixture, 4, "", NULL);
    assert_int_equal(fixture_store(fixture), WRITER_STORED);
    bool is_checked = false;
    log_read_events(fixture->database, 0, 1, check_event, &is_checked);
    struct told told = {{0}};
    log_read_text(fixture->database, fixture_id(3).bytes, tell_text, &told);
    fixture_expect(fixture, &told, "1 complaint.text it's\ttoo much");
    assert_true(is_checked);
    log_read_text(fixture->database, fixture_id(4).bytes, tell_text, &told);
    fixture_expect(fixture, &told, "2 - -");
}

/* --- the writer --- */

static void on_found(void *owner, const struct writer_found *found, size_t count, const char *fault)
{
    struct told *told = owner;
    told->is_fault = fault;
    for (size_t i = 0; i < count; i++)
        bytes_append_format(&told->text, "%zu=%llu ", found[i].row, (unsigned long long)found[i].seq);
    told->upto = 1;
}

static TEST(a_repeated_id_stores_nothing_and_is_found)
{
    struct fixture *fixture = *state;
    fixture_store_events(fixture, 1, 3);
    batch_reset(fixture->batch);
    fixture_add_event(fixture, 7, "", NULL);
    fixture_add_event(fixture, 2, "", NULL);
    assert_int_equal(fixture_store(fixture), WRITER_REPEATED);
    struct told told = {{0}};
    writer_find(fixture->writer, fixture->batch, on_found, &told);
    while (!told.upto)
        loop_turn(fixture->loop, 1000);
    assert_false(told.is_fault);
    assert_text_equal(bytes_text(&told.text), "1=2 ");
    bytes_reset(&told.text);
    event_rows_drop(&fixture->batch->events, 1);
    assert_int_equal(fixture_store(fixture), WRITER_STORED);
    log_read_events(fixture->database, 0, 100, told_events, &told);
    fixture_expect(fixture, &told, "1 2 3 4");
}

static TEST(a_cursor_that_is_elsewhere_stores_nothing)
{
    struct fixture *fixture = *state;
    fixture_store_events(fixture, 1, 3);
    batch_reset(fixture->batch);
    fixture_add_case(fixture, 2, 0, "1-2-0", "open");
    fixture->batch->after = 1;
    fixture->batch->upto = 2;
    assert_int_equal(fixture_store(fixture), WRITER_MOVED);
    struct told told = {{0}};
    decision_read(fixture->database, (struct decision_place){0}, 10, told_decisions, &told);
    fixture_expect(fixture, &told, "");
    assert_int_equal(fixture->state, WRITER_READY);
}

static TEST(a_writer_with_an_old_epoch_cannot_store_and_takes_over_anew)
{
    struct fixture *fixture = *state;
    fixture_store_events(fixture, 1, 3);
    uint32_t epoch = fixture->place.epoch;
    fixture->place.epoch--;
    batch_reset(fixture->batch);
    fixture_add_event(fixture, 4, "", NULL);
    assert_int_equal(fixture_store(fixture), WRITER_FAILED);
    assert_int_equal(fixture->state, WRITER_AWAY);
    fixture_await_state(fixture, WRITER_READY);
    assert_int_equal(fixture->place.epoch, epoch + 1);
    assert_int_equal(fixture->place.head, 3);
}

static TEST(a_second_writer_stands_by_until_the_first_is_gone)
{
    struct fixture *fixture = *state;
    struct fixture second = {.loop = fixture->loop};
    memcpy(second.url, fixture->url, sizeof second.url);
    fixture_open_writer(&second);
    fixture_await_state(&second, WRITER_STANDBY);
    writer_close(fixture->writer);
    fixture_await_state(&second, WRITER_READY);
    assert_int_equal(second.place.epoch, fixture->place.epoch + 1);
    fixture->writer = second.writer;
}

/* --- the reading session --- */

static TEST(a_question_that_the_end_of_the_server_left_open_is_answered_with_a_fault)
{
    struct fixture *fixture = *state;
    struct told told = {{0}};
    log_read_head(fixture->database, told_events, &told);
    fixture_expect(fixture, &told, "");
    fixture_server("kill");
    log_read_head(fixture->database, told_events, &told);
    assert_true(database_finish(fixture->database, FIXTURE_PATIENCE_MS));
    assert_true(told.is_fault);
    fixture_server("start");
    int64_t until_ms = clock_monotonic_ms() + FIXTURE_PATIENCE_MS;
    do {
        log_read_head(fixture->database, told_events, &told);
        assert_true(database_finish(fixture->database, FIXTURE_PATIENCE_MS));
    } while (told.is_fault && clock_monotonic_ms() < until_ms);
    assert_false(told.is_fault);
}

static void never(void *owner, const struct log_page *page)
{
    (void)page;
    *(bool *)owner = true;
}

static TEST(a_forgotten_question_is_never_answered)
{
    struct fixture *fixture = *state;
    bool is_called = false;
    struct told told = {{0}};
    log_read_head(fixture->database, never, &is_called);
    log_read_head(fixture->database, told_events, &told);
    log_read_head(fixture->database, never, &is_called);
    database_forget(fixture->database, &is_called);
    fixture_expect(fixture, &told, "");
    log_read_head(fixture->database, never, &is_called);
    loop_turn(fixture->loop, 0); /* now it is being asked */
    database_forget(fixture->database, &is_called);
    assert_true(database_finish(fixture->database, FIXTURE_PATIENCE_MS));
    assert_false(is_called);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(the_log_is_read_in_pages),
        FIXTURE_TEST(an_event_is_read_as_it_was_stored_and_its_text_apart),
        FIXTURE_TEST(a_repeated_id_stores_nothing_and_is_found),
        FIXTURE_TEST(a_cursor_that_is_elsewhere_stores_nothing),
        FIXTURE_TEST(a_writer_with_an_old_epoch_cannot_store_and_takes_over_anew),
        FIXTURE_TEST(a_second_writer_stands_by_until_the_first_is_gone),
        FIXTURE_TEST(a_question_that_the_end_of_the_server_left_open_is_answered_with_a_fault),
        FIXTURE_TEST(a_forgotten_question_is_never_answered),
    };
    return cmocka_run_group_tests(tests, fixture_start_server, fixture_remove_server);
}
