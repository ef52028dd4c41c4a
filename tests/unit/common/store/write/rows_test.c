/* rows: SQL literals, events as binary rows, bodies by reflection, and that the migrations have a
 * column for every field. */
#include "tests/support/check.h"
#include "tests/support/sample.h"

#include "common/base/embedded.h"
#include "common/store/write/batch.h"
#include "common/store/write/copy_rows.h"
#include "common/store/schema/shapes.h"
#include "common/store/session/literal.h"
#include "common/wire/canonical.h"
#include "common/wire/wire.h"

#include <stdio.h>

static TEST(literals_are_quoted)
{
    static const struct {
        const char *text;
        const char *expected;
    } cases[] = {{"a\xff'\xc3\xa4\xe2\x82", "'a?''\xc3\xa4?"
                                            "?'"},
                 {"", "''"},
                 {"a", "'a'"},
                 {"it's", "'it''s'"},
                 {"''", "''''''"},
                 {"\\'\n", "'\\''\n'"},
                 {NULL, "NULL"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        AUTO_CLEAR(bytes) sql = {0};
        literal_write_text(&sql, cases[i].text);
        assert_text_equal(bytes_text(&sql), cases[i].expected);
    }
}

/* --- events --- */

struct rows_fixture {
    struct event_rows rows;
    struct arena *arena;
};

static void add(struct rows_fixture *fixture, const char *changes, const char *text)
{
    WireEvent *event = sample_event(fixture->arena, changes);
    AUTO_CLEAR(bytes) canonical = {0};
    wire_event_canonical(event, &canonical);
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
    return (int64_t)be64_get(rows->copy.data + rows->rows[index].offset + 2 + 4 + 16 + 4);
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
    wire_event_canonical(event, &canonical);
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

/* --- bodies --- */

static WireDecision decision_of(WirePosition *position, WireDecision__BodyCase body)
{
    wire_position__init(position);
    position->epoch = 1;
    position->seq = 7;
    WireDecision decision = WIRE_DECISION__INIT;
    decision.position = position;
    decision.body_case = body;
    return decision;
}

static const char *statements(struct body_rows *rows, struct bytes *sql, struct slice *ret_copy)
{
    struct slice copies[BODY_TABLE_COUNT] = {{0}};
    bytes_reset(sql);
    body_rows_write(rows, sql, copies);
    *ret_copy = copies[0];
    return bytes_text(sql);
}

static TEST(of_one_key_only_the_last_row_of_a_batch_is_stored)
{
    struct body_rows rows;
    body_rows_init(&rows);
    AUTO_CLEAR(bytes) sql = {0};
    static const char *const states[] = {"open", "acknowledged", "resolved"};
    for (size_t i = 0; i < COUNT_OF(states); i++) {
        WirePosition position;
        WireDecision decision = decision_of(&position, WIRE_DECISION__BODY_CASE);
        WireCase body = WIRE_CASE__INIT;
        body.escalation_id = (char *)"1-7-0";
        body.state = (char *)states[i];
        decision.case_ = &body;
        body_rows_add(&rows, &decision);
    }
    struct slice copy;
    const char *text = statements(&rows, &sql, &copy);
    assert_non_null(strstr(text, "INSERT INTO bellhop_log.case_state"));
    assert_non_null(strstr(text, "'resolved'"));
    assert_null(strstr(text, "'acknowledged'"));
    assert_non_null(strstr(text, "ON CONFLICT (escalation_id) DO UPDATE SET seq = EXCLUDED.seq"));
    body_rows_reset(&rows);
    assert_text_equal(statements(&rows, &sql, &copy), "");
    body_rows_clear(&rows);
}

static TEST(rows_that_are_only_added_are_copied_with_their_text_escaped)
{
    struct body_rows rows;
    body_rows_init(&rows);
    AUTO_CLEAR(bytes) sql = {0};
    WirePosition position;
    WireDecision decision = decision_of(&position, WIRE_DECISION__BODY_RECOGNITION);
    WireRecognition body = WIRE_RECOGNITION__INIT;
    body.sentence = (char *)"a\tb\\c\nd";
    body.has_occurred_at = true;
    body.occurred_at = SAMPLE_AT;
    decision.recognition = &body;
    body_rows_add(&rows, &decision);
    struct slice copy;
    assert_non_null(strstr(statements(&rows, &sql, &copy), "COPY bellhop_log.recognition"));
    assert_slice_equal(
        copy,
        slice_of_text(
            "7\t0\t1\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\ta\\tb\\\\c\\nd\t2024-05-03T12:00:00Z\tf\tf\t\\N\t\\N\n"));
    body_rows_clear(&rows);
}

/* The text between CREATE TABLE bellhop_log.NAME ( and its end. */
static struct slice table_in_migrations(const char *name)
{
    char start[96];
    snprintf(start, sizeof start, "CREATE TABLE bellhop_log.%s (", name);
    size_t at = 0;
    for (const struct embedded_file *file; (file = embedded_next("common/store/schema/migrations/", &at));) {
        const char *table = strstr((const char *)file->data, start);
        if (table)
            return slice_of(table, (size_t)(strstr(table, "\n)") - table));
    }
    fail_msg("no migration makes table %s", name);
    return slice_of(NULL, 0);
}

/* A later migration adds it. */
static bool is_added(const char *table, const char *column)
{
    char start[96], line[96];
    snprintf(start, sizeof start, "ALTER TABLE bellhop_log.%s\n", table);
    snprintf(line, sizeof line, "\n    ADD COLUMN %s ", column);
    size_t at = 0;
    for (const struct embedded_file *file; (file = embedded_next("common/store/schema/migrations/", &at));) {
        const char *change = strstr((const char *)file->data, start);
        const char *end = change ? strchr(change, ';') : NULL;
        const char *place = change ? strstr(change, line) : NULL;
        if (place && place < end)
            return true;
    }
    return false;
}

static TEST(every_field_of_a_body_has_its_column)
{
    for (size_t i = 0; i < BODY_TABLE_COUNT; i++) {
        struct slice table = table_in_migrations(body_tables[i].name);
        AUTO_CLEAR(bytes) text = {0}, columns = {0};
        bytes_append_slice(&text, table);
        body_table_write_columns(&body_tables[i], &columns);
        char *rest = NULL;
        for (char *column = strtok_r((char *)bytes_text(&columns), ", ", &rest); column;
             column = strtok_r(NULL, ", ", &rest)) {
            char line[96];
            snprintf(line, sizeof line, "\n    %s ", column);
            if (!strstr(bytes_text(&text), line) && !is_added(body_tables[i].name, column))
                fail_msg("table %s has no column %s", body_tables[i].name, column);
        }
    }
}

static TEST(every_shape_is_one_that_sql_can_decode)
{
    AUTO_CLEAR(bytes) sql = {0};
    shapes_write(&sql);
    assert_null(strstr(bytes_text(&sql), "unsupported"));
    assert_non_null(strstr(bytes_text(&sql), "('Verdict', 1, 'outcome', 'enum', 'Verdict.Outcome', false)"));
    assert_non_null(strstr(bytes_text(&sql), "('Event', 7, 'occurred_at', 'instant', NULL, false)"));
}

static TEST(migrations_are_numbered_without_gaps)
{
    size_t at = 0;
    int number = 0;
    for (const struct embedded_file *file; (file = embedded_next("common/store/schema/migrations/", &at));)
        assert_int_equal(atoi(strrchr(file->path, '/') + 1), ++number);
    assert_true(number >= 4);
}

RUN_TESTS(cmocka_unit_test(literals_are_quoted),
          cmocka_unit_test(positions_are_given_in_order_and_again_after_rows_were_dropped),
          cmocka_unit_test(the_months_of_a_batch_are_those_of_its_ids),
          cmocka_unit_test(of_one_key_only_the_last_row_of_a_batch_is_stored),
          cmocka_unit_test(rows_that_are_only_added_are_copied_with_their_text_escaped),
          cmocka_unit_test(every_field_of_a_body_has_its_column),
          cmocka_unit_test(every_shape_is_one_that_sql_can_decode),
          cmocka_unit_test(migrations_are_numbered_without_gaps))
