/* call: which rows of a call log become which events, and what is told of the others. */
#include "tests/support/check.h"

#include "common/base/text.h"
#include "common/base/time.h"
#include "common/base/uuid.h"
#include "services/cli/publish/call.h"

#include <errno.h>

static const char header[] =
    "vru_line,call_id,customer_id,priority,type,date,vru_entry,vru_exit,vru_time,q_start,q_exit,q_time,"
    "outcome,ser_start,ser_exit,ser_time,server\n";

enum { ARENA_SIZE = 16 * 1024 };

/* Reads `rows` (header and one row) and tells the events, a line each, or what was complained of. */
static void describe(const char *head, const char *row_text, const char *zone_name, struct bytes *into)
{
    struct bytes input = {.size = 0};
    bytes_append_text(&input, head);
    bytes_append_text(&input, row_text);
    struct csv csv;
    struct csv_row row;
    struct call_columns columns;
    struct call call = {.outcome = CALL_PHANTOM};
    struct zone zone;
    char why[WHY_SIZE] = "";
    AUTO(arena) *arena = arena_new(ARENA_SIZE);
    csv_init(&csv, bytes_slice(&input));
    assert_int_equal(zone_read(&zone, zone_name, why, sizeof why), 0);
    assert_int_equal(csv_next(&csv, &row, why, sizeof why), 1);
    bytes_reset(into);
    if (call_read_columns(&columns, &row, why, sizeof why) < 0) {
        bytes_append_format(into, "! %s", why);
    } else {
        assert_int_equal(csv_next(&csv, &row, why, sizeof why), 1);
        if (call_read(&call, &columns, &row, why, sizeof why) < 0)
            bytes_append_format(into, "! %s", why);
    }
    WireEvent *events[CALL_MOST_EVENTS];
    int count = into->size > 0 ? 0 : call_make_events(&call, &zone, arena, events);
    for (int i = 0; i < count; i++) {
        char at[TIME_TEXT_SIZE];
        time_format(events[i]->occurred_at, at);
        bytes_append_format(into, "%s %s %s", at, events[i]->foreign_id, events[i]->source);
        if (events[i]->customer_id)
            bytes_append_format(into, " customer %s", events[i]->customer_id);
        if (events[i]->employee_id)
            bytes_append_format(into, " employee %s", events[i]->employee_id);
        if (events[i]->body_case == WIRE_EVENT__BODY_WAIT_REPORTED)
            bytes_append_format(into, " %d %d", (int)events[i]->wait_reported->kind,
                                (int)events[i]->wait_reported->duration_ms);
        if (events[i]->body_case == WIRE_EVENT__BODY_INTERACTION_CLOSED)
            bytes_append_format(into, " outcome %d", (int)events[i]->interaction_closed->outcome);
        bytes_append_text(into, "\n");
    }
    zone_clear(&zone);
    csv_clear(&csv);
    bytes_clear(&input);
}

static const struct {
    const char *row, *zone, *events;
} made[] = {
    /* served after a hold, the caller known */
    {"AA0101,7,4711,2,PS,2010-08-01,9:05:00,9:05:10,10,9:05:10,9:06:00,50,AGENT,9:06:00,9:08:00,120,"
     "VICKY",
     "UTC",
     "2010-08-01T09:05:00Z 2010-08-01-AA0101-7-9:05:00/opened bank/AA0101 customer 4711\n"
     "2010-08-01T09:05:10Z 2010-08-01-AA0101-7-9:05:00/menu bank/AA0101 customer 4711 1 10000\n"
     "2010-08-01T09:06:00Z 2010-08-01-AA0101-7-9:05:00/hold bank/AA0101 customer 4711 2 50000\n"
     "2010-08-01T09:08:00Z 2010-08-01-AA0101-7-9:05:00/closed bank/AA0101 customer 4711 employee VICKY "
     "outcome 1\n"},
    /* the same in another zone: two hours, or in winter one, before */
    {"AA0101,7,0,2,PS,2010-08-01,9:05:00,9:05:10,10,0:00:00,0:00:00,0,AGENT,9:06:00,9:08:00,120,NO_"
     "SERVER",
     "Europe/Vienna",
     "2010-08-01T07:05:00Z 2010-08-01-AA0101-7-9:05:00/opened bank/AA0101\n"
     "2010-08-01T07:05:10Z 2010-08-01-AA0101-7-9:05:00/menu bank/AA0101 1 10000\n"
     "2010-08-01T07:08:00Z 2010-08-01-AA0101-7-9:05:00/closed bank/AA0101 outcome 1\n"},
    {"AA0101,7,0,2,PS,2010-12-01,9:05:00,9:05:10,10,0:00:00,0:00:00,0,HANG,0:00:00,0:00:00,0,NO_SERVER",
     "Europe/Vienna",
     "2010-12-01T08:05:00Z 2010-12-01-AA0101-7-9:05:00/opened bank/AA0101\n"
     "2010-12-01T08:05:10Z 2010-12-01-AA0101-7-9:05:00/menu bank/AA0101 1 10000\n"
     "2010-12-01T08:05:10Z 2010-12-01-AA0101-7-9:05:00/closed bank/AA0101 outcome 5\n"},
    /* hung up on hold: closed when the hold ended */
    {"AA0101,7,0,0,PS,2010-08-01,10:05:00,10:05:10,0,10:05:10,10:07:00,110,HANG,0:00:00,0:00:00,0,NO_"
     "SERVER",
     "UTC",
     "2010-08-01T10:05:00Z 2010-08-01-AA0101-7-10:05:00/opened bank/AA0101\n"
     "2010-08-01T10:05:10Z 2010-08-01-AA0101-7-10:05:00/menu bank/AA0101 1 0\n"
     "2010-08-01T10:07:00Z 2010-08-01-AA0101-7-10:05:00/hold bank/AA0101 2 110000\n"
     "2010-08-01T10:07:00Z 2010-08-01-AA0101-7-10:05:00/closed bank/AA0101 outcome 5\n"},
    /* a negative menu time: no menu is reported; what passes midnight ends the next day */
    {"AA0101,7,0,0,PS,2010-08-01,23:59:23,23:58:10,-73,23:58:10,0:01:00,2,AGENT,0:01:00,0:01:15,15,AVI",
     "UTC",
     "2010-08-01T23:59:23Z 2010-08-01-AA0101-7-23:59:23/opened bank/AA0101\n"
     "2010-08-02T00:01:00Z 2010-08-01-AA0101-7-23:59:23/hold bank/AA0101 2 2000\n"
     "2010-08-02T00:01:15Z 2010-08-01-AA0101-7-23:59:23/closed bank/AA0101 employee AVI outcome 1\n"},
    /* served until midnight itself */
    {"AA0101,7,0,0,PS,2010-08-31,23:59:00,23:59:10,10,0:00:00,0:00:00,0,AGENT,23:59:10,0:00:00,50,AVI", "UTC",
     "2010-08-31T23:59:00Z 2010-08-31-AA0101-7-23:59:00/opened bank/AA0101\n"
     "2010-08-31T23:59:10Z 2010-08-31-AA0101-7-23:59:00/menu bank/AA0101 1 10000\n"
     "2010-09-01T00:00:00Z 2010-08-31-AA0101-7-23:59:00/closed bank/AA0101 employee AVI outcome 1\n"},
    /* no service time: closed when the hold ended, and where there was none, the menu */
    {"AA0101,7,0,0,PS,2010-08-01,8:48:53,8:49:02,9,8:49:02,8:53:47,285,AGENT,0:00:00,0:00:00,0,NO_SERVER",
     "UTC",
     "2010-08-01T08:48:53Z 2010-08-01-AA0101-7-8:48:53/opened bank/AA0101\n"
     "2010-08-01T08:49:02Z 2010-08-01-AA0101-7-8:48:53/menu bank/AA0101 1 9000\n"
     "2010-08-01T08:53:47Z 2010-08-01-AA0101-7-8:48:53/hold bank/AA0101 2 285000\n"
     "2010-08-01T08:53:47Z 2010-08-01-AA0101-7-8:48:53/closed bank/AA0101 outcome 1\n"},
    {"AA0101,7,0,0,PS,2010-08-03,10:42:49,10:42:53,4,0:00:00,0:00:00,0,AGENT,0:00:00,0:00:00,0,NO_SERVER",
     "UTC",
     "2010-08-03T10:42:49Z 2010-08-03-AA0101-7-10:42:49/opened bank/AA0101\n"
     "2010-08-03T10:42:53Z 2010-08-03-AA0101-7-10:42:49/menu bank/AA0101 1 4000\n"
     "2010-08-03T10:42:53Z 2010-08-03-AA0101-7-10:42:49/closed bank/AA0101 outcome 1\n"},
    {"AA0101,7,0,0,PS,2010-08-01,24:00:01,24:00:02,1,0:00:00,0:00:00,0,HANG,0:00:00,0:00:00,0,NO_SERVER",
     "UTC",
     "2010-08-02T00:00:01Z 2010-08-01-AA0101-7-24:00:01/opened bank/AA0101\n"
     "2010-08-02T00:00:02Z 2010-08-01-AA0101-7-24:00:01/menu bank/AA0101 1 1000\n"
     "2010-08-02T00:00:02Z 2010-08-01-AA0101-7-24:00:01/closed bank/AA0101 outcome 5\n"},
    {"AA0101,7,4711,2,PS,2010-08-01,9:05:00,9:05:10,10,9:05:10,9:06:00,50,PHANTOM,9:06:00,9:08:00,120,"
     "VICKY",
     "UTC", ""},
};

static TEST(makes_events_of_calls)
{
    struct bytes seen = {.size = 0};
    for (size_t i = 0; i < COUNT_OF(made); i++) {
        describe(header, made[i].row, made[i].zone, &seen);
        assert_text_equal(bytes_text(&seen), made[i].events);
    }
    bytes_clear(&seen);
}

static TEST(names_line_column_and_value_of_a_bad_row)
{
    static const struct {
        const char *row, *why;
    } cases[] = {
        {"AA 1,7,0,0,PS,2010-08-01,9:05:00,9:05:10,0,0:00:00,0:00:00,0,HANG,0:00:00,0:00:00,0,NO_SERVER",
         "! line 2, vru_line \"AA 1\": expected a line's name of letters and digits"},
        {"AA1,,0,0,PS,2010-08-01,9:05:00,9:05:10,0,0:00:00,0:00:00,0,HANG,0:00:00,0:00:00,0,NO_SERVER",
         "! line 2, call_id \"\": expected the call's number"},
        {"AA1,7,x y,0,PS,2010-08-01,9:05:00,9:05:10,0,0:00:00,0:00:00,0,HANG,0:00:00,0:00:00,0,NO_SERVER",
         "! line 2, customer_id \"x y\": expected a customer's number, or 0"},
        {"AA1,7,0,0,PS,01.08.2010,9:05:00,9:05:10,0,0:00:00,0:00:00,0,HANG,0:00:00,0:00:00,0,NO_SERVER",
         "! line 2, date \"01.08.2010\": expected a date such as 1999-08-01"},
        {"AA1,7,0,0,PS,2010-02-30,9:05:00,9:05:10,0,0:00:00,0:00:00,0,HANG,0:00:00,0:00:00,0,NO_SERVER",
         "! line 2, date \"2010-02-30\": expected a date such as 1999-08-01"},
        {"AA1,7,0,0,PS,2010-08-01,9:60:00,9:05:10,0,0:00:00,0:00:00,0,HANG,0:00:00,0:00:00,0,NO_SERVER",
         "! line 2, vru_entry \"9:60:00\": expected a time such as 9:05:59"},
        {"AA1,7,0,0,PS,2010-08-01,9:05:00,9:5:1,0,0:00:00,0:00:00,0,HANG,0:00:00,0:00:00,0,NO_SERVER",
         "! line 2, vru_exit \"9:5:1\": expected a time such as 9:05:59"},
        {"AA1,7,0,0,PS,2010-08-01,9:05:00,9:05:10,0.5,0:00:00,0:00:00,0,HANG,0:00:00,0:00:00,0,NO_SERVER",
         "! line 2, vru_time \"0.5\": expected a number of seconds"},
        {"AA1,7,0,0,PS,2010-08-01,9:05:00,9:05:10,0,0:00:00,99:00:00,0,HANG,0:00:00,0:00:00,0,NO_SERVER",
         "! line 2, q_exit \"99:00:00\": expected a time such as 9:05:59"},
        {"AA1,7,0,0,PS,2010-08-01,9:05:00,9:05:10,0,0:00:00,0:00:00,,HANG,0:00:00,0:00:00,0,NO_SERVER",
         "! line 2, q_time \"\": expected a number of seconds"},
        {"AA1,7,0,0,PS,2010-08-01,9:05:00,9:05:10,0,0:00:00,0:00:00,0,GONE,0:00:00,0:00:00,0,NO_SERVER",
         "! line 2, outcome \"GONE\": expected AGENT, HANG or PHANTOM"},
        {"AA1,7,0,0,PS,2010-08-01,9:05:00,9:05:10,0,0:00:00,0:00:00,0,AGENT,0:00:00,0:00:00,0,A.B",
         "! line 2, server \"A.B\": expected a name of letters and digits, or NO_SERVER"},
        {"AA1,7,0,0,PS", "! line 2: the row ends after 5 fields, before date"},
    };
    struct bytes seen = {.size = 0};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        describe(header, cases[i].row, "UTC", &seen);
        assert_text_equal(bytes_text(&seen), cases[i].why);
    }
    bytes_clear(&seen);
}

static TEST(finds_columns_by_their_names)
{
    struct bytes seen = {.size = 0};
    describe("server,ser_exit,outcome,q_time,q_exit,vru_time,vru_exit,vru_entry,date,customer_id,call_id,vru_"
             "line,extra\n",
             "AVI,9:08:00,AGENT,0,0:00:00,10,9:05:10,9:05:00,2010-08-01,0,7,AA0101,x", "UTC", &seen);
    assert_text_equal(
        bytes_text(&seen),
        "2010-08-01T09:05:00Z 2010-08-01-AA0101-7-9:05:00/opened bank/AA0101\n"
        "2010-08-01T09:05:10Z 2010-08-01-AA0101-7-9:05:00/menu bank/AA0101 1 10000\n"
        "2010-08-01T09:08:00Z 2010-08-01-AA0101-7-9:05:00/closed bank/AA0101 employee AVI outcome 1\n");
    describe("a,b,c\n", "1,2,3", "UTC", &seen);
    assert_text_equal(bytes_text(&seen),
                      "! line 1: there is no column \"vru_line\"; is this a log of calls?");
    describe("vru_line,call_id,vru_line\n", "1,2,3", "UTC", &seen);
    assert_text_equal(bytes_text(&seen), "! line 1: the column \"vru_line\" is there twice");
    bytes_clear(&seen);
}

static TEST(derives_the_same_ids_each_time_and_another_for_each_event)
{
    struct call call = {.source = "bank/AA0101",
                        .interaction = "2010-08-01-AA0101-7-9:05:00",
                        .outcome = CALL_SERVED,
                        .vru_entry = 1000000,
                        .vru_exit = 1000000,
                        .q_exit = 1000000,
                        .ser_exit = 1000000,
                        .q_seconds = 5};
    struct zone_transition utc = {.from_at = INT64_MIN};
    struct zone zone = {.transitions = &utc, .count = 1};
    AUTO(arena) *arena = arena_new(ARENA_SIZE);
    WireEvent *first[CALL_MOST_EVENTS], *second[CALL_MOST_EVENTS];
    assert_int_equal(call_make_events(&call, &zone, arena, first), 4);
    assert_int_equal(call_make_events(&call, &zone, arena, second), 4);
    for (int i = 0; i < 4; i++) {
        assert_memory_equal(first[i]->id.data, second[i]->id.data, UUID_SIZE);
        struct uuid id;
        memcpy(id.bytes, first[i]->id.data, UUID_SIZE);
        assert_int_equal(uuid_version(&id), 8);
        assert_int_equal(uuid_ms(&id), 1000);
        assert_int_equal(first[i]->id_time, first[i]->occurred_at);
        for (int other = 0; other < i; other++)
            assert_memory_not_equal(first[i]->id.data, first[other]->id.data, UUID_SIZE);
    }
}

static TEST(says_that_the_arena_is_full)
{
    struct call call = {.source = "bank/AA0101", .interaction = "i", .outcome = CALL_HUNG_UP};
    struct zone_transition utc = {.from_at = INT64_MIN};
    struct zone zone = {.transitions = &utc, .count = 1};
    AUTO(arena) *arena = arena_new(64);
    WireEvent *events[CALL_MOST_EVENTS];
    assert_int_equal(call_make_events(&call, &zone, arena, events), -ENOBUFS);
}

RUN_TESTS(cmocka_unit_test(makes_events_of_calls), cmocka_unit_test(names_line_column_and_value_of_a_bad_row),
          cmocka_unit_test(finds_columns_by_their_names),
          cmocka_unit_test(derives_the_same_ids_each_time_and_another_for_each_event),
          cmocka_unit_test(says_that_the_arena_is_full))
