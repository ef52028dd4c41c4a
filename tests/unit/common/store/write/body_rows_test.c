/* body_rows: bodies by reflection, and that the migrations have a column for every field. */
#include "tests/support/check.h"
#include "tests/support/sample.h"

#include "common/base/embedded.h"
#include "common/store/write/body_rows.h"
#include "common/wire/set.h"

#include <stdio.h>

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
    WIRE_SET(&body, occurred_at, SAMPLE_AT);
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

RUN_TESTS(cmocka_unit_test(of_one_key_only_the_last_row_of_a_batch_is_stored),
          cmocka_unit_test(rows_that_are_only_added_are_copied_with_their_text_escaped),
          cmocka_unit_test(every_field_of_a_body_has_its_column))
