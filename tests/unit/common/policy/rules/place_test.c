/* place: days and hours at places, across holidays, split shifts, nights, and both changes of the clocks. */
#include "tests/support/check.h"

#include "common/base/time.h"
#include "common/policy/rules/place.h"

#define SHIFT(from, to)                                                                                      \
    {                                                                                                        \
        (from) * 60, (to)*60                                                                                 \
    }

enum { MINUTE = 60, HOUR = 3600 };

static const int64_t second_us = 1000000;

static const struct special_day special[] = {
    {.year = 2026, .month = 12, .day = 24, .opening = {.shifts = {SHIFT(9, 13)}, .count = 1}},
    {.month = 12, .day = 25}, /* each year */
};

/* Weekdays 9 to 12 and 14 to 18, Saturdays 9 to 17, Sundays closed. */
static const struct calendar shop =
    {
        .week =
            {
                [1] = {.shifts = {SHIFT(9, 12), SHIFT(14, 18)}, .count = 2},
                [2] = {.shifts = {SHIFT(9, 12), SHIFT(14, 18)}, .count = 2},
                [3] = {.shifts = {SHIFT(9, 12), SHIFT(14, 18)}, .count = 2},
                [4] = {.shifts = {SHIFT(9, 12), SHIFT(14, 18)}, .count = 2},
                [5] = {.shifts = {SHIFT(9, 12), SHIFT(14, 18)}, .count = 2},
                [6] = {.shifts = {SHIFT(9, 17)}, .count = 1},
            },
        .special = special,
        .special_count = 2,
};

/* Every night from 22 to 4, so that a change of the clocks lies in it. */
#define NIGHT                                                                                                \
    {                                                                                                        \
        .shifts = {SHIFT(22, 28)}, .count = 1                                                                \
    }
static const struct calendar bar = {.week = {NIGHT, NIGHT, NIGHT, NIGHT, NIGHT, NIGHT, NIGHT}};

static int64_t at(const char *text)
{
    int64_t us;
    if (time_parse(text, &us))
        fail_msg("no time: %s", text);
    return us;
}

static struct zone read_zone(const char *name)
{
    struct zone zone = {0};
    char why[200] = "";
    if (zone_read(&zone, name, why, sizeof why))
        fail_msg("%s", why);
    return zone;
}

#define assert_time(us, text)                                                                                \
    do {                                                                                                     \
        char is[TIME_TEXT_SIZE];                                                                             \
        time_format(us, is);                                                                                 \
        assert_string_equal(is, text);                                                                       \
    } while (0)

static TEST(without_a_calendar_it_is_always_open_and_days_are_utc)
{
    struct place place = {0};
    int64_t ignored;
    assert_true(place_is_open(&place, at("2026-12-25T03:00:00Z")));
    assert_false(place_closes_at(&place, 0, &ignored));
    assert_false(place_opens_at(&place, 0, &ignored));
    assert_int_equal(place_day(&place, at("1970-01-02T23:59:59.999999Z")), 1);
    assert_int_equal(place_day(&place, at("1969-12-31T23:59:59.999999Z")), -1);
    assert_time(place_after(&place, at("2026-03-01T23:00:00Z"), 2 * HOUR * second_us),
                "2026-03-02T01:00:00Z");
    assert_time(place_closing(&place, 0), "1970-01-02T00:00:00Z");
}

static TEST(days_are_those_of_the_clocks_there)
{
    struct zone vienna = read_zone("Europe/Vienna"), auckland = read_zone("Pacific/Auckland");
    struct place place = {.zone = &vienna}, far = {.zone = &auckland};
    assert_time(place_midnight(&place, place_day(&place, at("2026-07-01T22:30:00Z"))),
                "2026-07-01T22:00:00Z");
    assert_time(place_midnight(&place, place_day(&place, at("2026-01-01T22:30:00Z"))),
                "2025-12-31T23:00:00Z");
    assert_int_equal(place_day(&far, at("2026-07-01T22:30:00Z")),
                     place_day(&place, at("2026-07-01T22:30:00Z")));
    assert_int_equal(place_day(&far, at("2026-07-01T13:30:00Z")),
                     place_day(&place, at("2026-07-01T13:30:00Z")) + 1);
    zone_clear(&vienna);
    zone_clear(&auckland);
}

static TEST(the_days_on_which_clocks_change_are_shorter_and_longer)
{
    struct zone vienna = read_zone("Europe/Vienna");
    struct place place = {.zone = &vienna};
    int64_t spring = place_day(&place, at("2026-03-29T12:00:00Z")),
            autumn = place_day(&place, at("2026-10-25T12:00:00Z"));
    assert_int_equal(place_midnight(&place, spring + 1) - place_midnight(&place, spring),
                     23 * HOUR * second_us);
    assert_int_equal(place_midnight(&place, autumn + 1) - place_midnight(&place, autumn),
                     25 * HOUR * second_us);
    zone_clear(&vienna);
}

static TEST(shifts_are_split_and_hours_count_only_while_it_is_open)
{
    struct zone vienna = read_zone("Europe/Vienna");
    struct place place = {.zone = &vienna, .calendar = &shop};
    assert_false(place_is_open(&place, at("2026-06-01T06:59:59Z"))); /* a Monday, 8:59:59 there */
    assert_true(place_is_open(&place, at("2026-06-01T07:00:00Z")));
    assert_false(place_is_open(&place, at("2026-06-01T10:00:00Z")));
    assert_true(place_is_open(&place, at("2026-06-01T12:00:00Z")));
    assert_time(place_after(&place, at("2026-06-01T07:00:00Z"), 10 * MINUTE * second_us),
                "2026-06-01T07:10:00Z");
    assert_time(place_after(&place, at("2026-06-01T09:55:00Z"), 10 * MINUTE * second_us),
                "2026-06-01T12:05:00Z");
    assert_time(place_after(&place, at("2026-06-01T09:55:00Z"), 5 * MINUTE * second_us),
                "2026-06-01T10:00:00Z");
    assert_time(place_after(&place, at("2026-06-01T20:00:00Z"), 10 * MINUTE * second_us),
                "2026-06-02T07:10:00Z");
    /* from Saturday's last minutes to Monday */
    assert_time(place_after(&place, at("2026-06-06T14:58:00Z"), 10 * MINUTE * second_us),
                "2026-06-08T07:08:00Z");
    zone_clear(&vienna);
}

static TEST(holidays_have_hours_of_their_own_or_none)
{
    struct place place = {.calendar = &shop};
    int64_t when;
    assert_true(place_is_open(&place, at("2026-12-24T12:59:59Z")));
    assert_false(place_is_open(&place, at("2026-12-24T15:00:00Z")));
    assert_true(place_is_open(&place, at("2025-12-24T15:00:00Z"))); /* of 2026 alone */
    assert_false(place_is_open(&place, at("2026-12-25T10:00:00Z")));
    assert_false(place_is_open(&place, at("2025-12-25T10:00:00Z")));
    assert_true(place_opens_at(&place, at("2026-12-24T13:00:00Z"), &when));
    assert_time(when, "2026-12-26T09:00:00Z");
    assert_time(place_closing(&place, place_day(&place, at("2026-12-24T10:00:00Z"))), "2026-12-24T13:00:00Z");
    assert_time(place_closing(&place, place_day(&place, at("2026-12-25T10:00:00Z"))), "2026-12-26T00:00:00Z");
    assert_true(place_closes_at(&place, at("2026-12-24T10:00:00Z"), &when));
    assert_time(when, "2026-12-24T13:00:00Z");
    assert_false(place_closes_at(&place, at("2026-12-25T10:00:00Z"), &when));
}

static TEST(a_day_of_thanks_is_the_day_there)
{
    static const struct special_day days[] = {{.month = 4, .day = 18}, {.year = 2026, .month = 3, .day = 29}};
    static const struct thanks_days thanks = {days, 2};
    struct zone vienna = read_zone("Europe/Vienna");
    struct place place = {.zone = &vienna};
    assert_false(place_is_thanks(&place, &thanks, at("2026-04-17T21:59:59Z")));
    assert_true(place_is_thanks(&place, &thanks, at("2026-04-17T22:00:00Z")));
    assert_true(place_is_thanks(&place, &thanks, at("2027-04-18T21:59:59Z")));
    assert_false(place_is_thanks(&place, &thanks, at("2027-04-18T22:00:00Z")));
    assert_true(
        place_is_thanks(&place, &thanks, at("2026-03-28T23:00:00Z"))); /* the night the clocks go forward */
    assert_true(place_is_thanks(&place, &thanks, at("2026-03-29T21:59:59Z")));
    assert_false(place_is_thanks(&place, &thanks, at("2026-03-29T22:00:00Z")));
    assert_false(place_is_thanks(&place, &thanks, at("2027-03-29T10:00:00Z")));
    zone_clear(&vienna);
}

static TEST(a_night_shift_is_an_hour_shorter_in_spring_and_longer_in_autumn)
{
    struct zone vienna = read_zone("Europe/Vienna");
    struct place place = {.zone = &vienna, .calendar = &bar};
    int64_t when;
    assert_true(place_is_open(&place, at("2026-03-29T01:30:00Z"))); /* 3:30 there, an hour after 1:59 */
    assert_true(place_closes_at(&place, at("2026-03-28T22:00:00Z"), &when));
    assert_time(when, "2026-03-29T02:00:00Z"); /* 22:00 to 4:00, five hours */
    assert_true(place_closes_at(&place, at("2026-10-24T22:00:00Z"), &when));
    assert_time(when, "2026-10-25T03:00:00Z"); /* seven hours */
    /* six hours of business beginning at 22:00: they end after the next opening, or before the closing */
    assert_time(place_after(&place, at("2026-03-28T21:00:00Z"), 6 * HOUR * second_us),
                "2026-03-29T21:00:00Z");
    assert_time(place_after(&place, at("2026-10-24T20:00:00Z"), 6 * HOUR * second_us),
                "2026-10-25T02:00:00Z");
    zone_clear(&vienna);
}

static TEST(a_shift_that_begins_in_a_skipped_hour_begins_an_hour_later)
{
    static const struct calendar early = {.week = {[0] = {.shifts = {{150, 300}}, .count = 1}}};
    struct zone vienna = read_zone("Europe/Vienna");
    struct place place = {.zone = &vienna, .calendar = &early};
    assert_false(place_is_open(&place, at("2026-03-29T01:29:59Z")));
    assert_true(place_is_open(&place, at("2026-03-29T01:30:00Z"))); /* 3:30 by the wall */
    assert_true(place_is_open(&place, at("2026-10-25T00:30:00Z"))); /* the first 2:30 */
    assert_false(place_is_open(&place, at("2026-10-25T00:29:59Z")));
    zone_clear(&vienna);
}

static TEST(hours_around_the_clock_have_no_seam)
{
    struct calendar always = {.special = special, .special_count = 2};
    struct place place = {.calendar = &always};
    int64_t when;
    for (int day = 0; day < 7; day++)
        always.week[day] = (struct opening){.shifts = {SHIFT(0, 24)}, .count = 1};
    assert_true(place_is_open(&place, at("2026-06-01T00:00:00Z")));
    assert_true(place_closes_at(&place, at("2026-12-20T10:00:00Z"), &when));
    assert_time(when, "2026-12-24T00:00:00Z");
    always.special_count = 0;
    assert_false(place_closes_at(&place, at("2026-12-20T10:00:00Z"), &when));
    assert_time(place_after(&place, at("2026-06-01T23:00:00Z"), 25 * HOUR * second_us),
                "2026-06-03T00:00:00Z");
}

static void assert_next_closing(const struct place *place, const char *from, const char *closing,
                                const char *day)
{
    int64_t of_day;
    assert_time(place_next_closing(place, at(from), &of_day), closing);
    assert_int_equal(of_day, place_day(&(struct place){0}, at(day)));
}

static TEST(the_next_closing_is_that_of_a_day_on_which_it_opens)
{
    struct place place = {.calendar = &shop}, none = {0};
    assert_next_closing(&place, "2026-06-01T10:00:00Z", "2026-06-01T18:00:00Z", "2026-06-01T00:00:00Z");
    assert_next_closing(&place, "2026-06-01T17:59:59Z", "2026-06-01T18:00:00Z", "2026-06-01T00:00:00Z");
    assert_next_closing(&place, "2026-06-01T18:00:00Z", "2026-06-02T18:00:00Z", "2026-06-02T00:00:00Z");
    assert_next_closing(&place, "2026-06-06T17:00:00Z", "2026-06-08T18:00:00Z", "2026-06-08T00:00:00Z");
    assert_next_closing(&place, "2026-12-24T09:00:00Z", "2026-12-24T13:00:00Z", "2026-12-24T00:00:00Z");
    assert_next_closing(&place, "2026-12-25T09:00:00Z", "2026-12-26T17:00:00Z", "2026-12-26T00:00:00Z");
    assert_next_closing(&none, "2026-12-25T09:00:00Z", "2026-12-26T00:00:00Z", "2026-12-25T00:00:00Z");
}

static TEST(a_place_that_stays_closed_has_days_that_end)
{
    static const struct calendar never = {.name = "never"};
    struct place place = {.calendar = &never};
    assert_next_closing(&place, "2026-06-01T10:00:00Z", "2026-06-02T00:00:00Z", "2026-06-01T00:00:00Z");
}

static TEST(a_night_closes_once_when_the_clocks_change_and_belongs_to_the_day_it_began_on)
{
    struct zone vienna = read_zone("Europe/Vienna");
    struct place place = {.zone = &vienna, .calendar = &bar};
    assert_next_closing(&place, "2026-03-28T22:00:00Z", "2026-03-29T02:00:00Z", "2026-03-28T00:00:00Z");
    assert_next_closing(&place, "2026-03-29T02:00:00Z", "2026-03-30T02:00:00Z", "2026-03-29T00:00:00Z");
    assert_next_closing(&place, "2026-10-24T22:00:00Z", "2026-10-25T03:00:00Z", "2026-10-24T00:00:00Z");
    assert_next_closing(&place, "2026-10-25T03:00:00Z", "2026-10-26T03:00:00Z", "2026-10-25T00:00:00Z");
    zone_clear(&vienna);
}

RUN_TESTS(cmocka_unit_test(without_a_calendar_it_is_always_open_and_days_are_utc),
          cmocka_unit_test(days_are_those_of_the_clocks_there),
          cmocka_unit_test(the_days_on_which_clocks_change_are_shorter_and_longer),
          cmocka_unit_test(shifts_are_split_and_hours_count_only_while_it_is_open),
          cmocka_unit_test(holidays_have_hours_of_their_own_or_none),
          cmocka_unit_test(a_day_of_thanks_is_the_day_there),
          cmocka_unit_test(a_night_shift_is_an_hour_shorter_in_spring_and_longer_in_autumn),
          cmocka_unit_test(a_shift_that_begins_in_a_skipped_hour_begins_an_hour_later),
          cmocka_unit_test(hours_around_the_clock_have_no_seam),
          cmocka_unit_test(the_next_closing_is_that_of_a_day_on_which_it_opens),
          cmocka_unit_test(a_place_that_stays_closed_has_days_that_end),
          cmocka_unit_test(a_night_closes_once_when_the_clocks_change_and_belongs_to_the_day_it_began_on))
