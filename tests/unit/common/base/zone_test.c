/* zone: offsets from zone files, both changes of a year, and files that are none. */
#include "tests/support/check.h"

#include "common/base/civil.h"
#include "common/base/time.h"
#include "common/base/text.h"
#include "common/base/zone.h"
#include "common/base/zone_rule.h"

#include <errno.h>

static int64_t at(const char *text)
{
    int64_t at = 0;
    assert_int_equal(time_parse(text, &at), 0);
    return at;
}

static struct zone zone_named(const char *name)
{
    struct zone zone = {.count = 0};
    char why[WHY_SIZE] = "";
    if (zone_read(&zone, name, why, sizeof why) < 0)
        fail_msg("%s", why);
    return zone;
}

static TEST(finds_the_instant_of_a_local_time)
{
    static const struct {
        const char *zone, *local, *utc;
    } cases[] = {
        {"UTC", "2010-08-01T00:10:10Z", "2010-08-01T00:10:10Z"},
        {"Asia/Jerusalem", "1999-08-01T09:00:00Z", "1999-08-01T06:00:00Z"},
        {"Asia/Jerusalem", "1999-12-01T09:00:00Z", "1999-12-01T07:00:00Z"},
        {"Europe/Vienna", "2024-01-15T12:00:00Z", "2024-01-15T11:00:00Z"},
        {"Europe/Vienna", "2024-07-15T12:00:00Z", "2024-07-15T10:00:00Z"},
        {"America/New_York", "2024-07-04T12:00:00Z", "2024-07-04T16:00:00Z"},
        {"Asia/Kolkata", "2024-07-04T12:00:00Z", "2024-07-04T06:30:00Z"},
        {"Australia/Sydney", "2024-01-15T12:00:00Z", "2024-01-15T01:00:00Z"},
        {"Australia/Lord_Howe", "2024-07-15T12:00:00Z", "2024-07-15T01:30:00Z"},
        /* set forward on 31 March 2024 at 2: what is skipped is counted on */
        {"Europe/Vienna", "2024-03-31T01:59:59Z", "2024-03-31T00:59:59Z"},
        {"Europe/Vienna", "2024-03-31T02:30:00Z", "2024-03-31T01:30:00Z"},
        {"Europe/Vienna", "2024-03-31T03:00:00Z", "2024-03-31T01:00:00Z"},
        /* set back on 27 October 2024 at 3: what is there twice is the first */
        {"Europe/Vienna", "2024-10-27T01:59:59Z", "2024-10-26T23:59:59Z"},
        {"Europe/Vienna", "2024-10-27T02:30:00Z", "2024-10-27T00:30:00Z"},
        {"Europe/Vienna", "2024-10-27T03:00:00Z", "2024-10-27T02:00:00Z"},
        {"Australia/Sydney", "2024-04-07T02:30:00Z", "2024-04-06T15:30:00Z"},
        {"Australia/Sydney", "2024-10-06T02:30:00Z", "2024-10-05T16:30:00Z"},
        /* beyond what the file lists: by its footer */
        {"Europe/Vienna", "2090-07-15T12:00:00Z", "2090-07-15T10:00:00Z"},
        {"Europe/Vienna", "2090-12-15T12:00:00Z", "2090-12-15T11:00:00Z"},
        {"Europe/Dublin", "2090-07-15T12:00:00Z", "2090-07-15T11:00:00Z"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct zone zone = zone_named(cases[i].zone);
        char found[TIME_TEXT_SIZE];
        time_format(zone_utc_from_local(&zone, at(cases[i].local)), found);
        if (!text_equal(found, cases[i].utc))
            fail_msg("%s in %s is %s, not %s", cases[i].local, cases[i].zone, cases[i].utc, found);
        zone_clear(&zone);
    }
}

static TEST(tells_offset_and_name_at_an_instant)
{
    struct zone zone = zone_named("Europe/Vienna");
    assert_int_equal(zone_at(&zone, at("2024-03-31T00:59:59Z"))->offset_seconds, 3600);
    assert_text_equal(zone_at(&zone, at("2024-03-31T00:59:59Z"))->abbreviation, "CET");
    assert_int_equal(zone_at(&zone, at("2024-03-31T01:00:00Z"))->offset_seconds, 7200);
    assert_text_equal(zone_at(&zone, at("2024-03-31T01:00:00Z"))->abbreviation, "CEST");
    assert_int_equal(zone_at(&zone, INT64_MIN)->offset_seconds, zone.transitions[0].offset_seconds);
    assert_text_equal(zone_at(&zone, at("2100-12-31T00:00:00Z"))->abbreviation, "CET");
    zone_clear(&zone);
}

static TEST(lists_transitions_in_ascending_order_from_the_beginning_of_time)
{
    struct zone zone = zone_named("America/New_York");
    assert_true(zone.transitions[0].from_at == INT64_MIN);
    for (size_t i = 1; i < zone.count; i++)
        assert_true(zone.transitions[i - 1].from_at < zone.transitions[i].from_at);
    assert_int_equal(civil_from_utc_us(zone.transitions[zone.count - 1].from_at).year, ZONE_LAST_YEAR);
    zone_clear(&zone);
}

static TEST(refuses_what_is_no_zone)
{
    static const char *const names[] = {
        "", "Europe/Atlantis", "../../etc/passwd", "/etc/passwd", "Europe", "zone.tab", "a b"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct zone zone = {.count = 0};
        char why[WHY_SIZE] = "";
        if (zone_read(&zone, names[i], why, sizeof why) == 0)
            fail_msg("\"%s\" was taken for a zone", names[i]);
        assert_true(why[0] != 0);
    }
}

static TEST(refuses_a_file_cut_anywhere)
{
    struct bytes file = check_read_file("/usr/share/zoneinfo/Europe/Vienna");
    struct zone zone = {.count = 0};
    for (size_t size = 0; size < file.size; size++)
        assert_int_equal(zone_parse(&zone, slice_of(file.data, size)), -EINVAL);
    assert_int_equal(zone_parse(&zone, bytes_slice(&file)), 0);
    zone_clear(&zone);
    bytes_clear(&file);
}

static TEST(reads_rules_of_every_kind)
{
    static const struct {
        const char *text;
        int32_t standard, summer;
        const char *starts, *ends; /* in 2024; NULL: no summer time */
    } cases[] = {
        {"UTC0", 0, 0, NULL, NULL},
        {"<+0530>-5:30", 19800, 0, NULL, NULL},
        {"CET-1CEST,M3.5.0,M10.5.0/3", 3600, 7200, "2024-03-31T01:00:00Z", "2024-10-27T01:00:00Z"},
        {"EST5EDT,M3.2.0,M11.1.0", -18000, -14400, "2024-03-10T07:00:00Z", "2024-11-03T06:00:00Z"},
        {"IST-1GMT0,M10.5.0,M3.5.0/1", 3600, 0, "2024-10-27T01:00:00Z", "2024-03-31T01:00:00Z"},
        {"<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", -10800, -7200, "2024-03-31T01:00:00Z", "2024-10-27T01:00:00Z"},
        {"AAA0BBB,J60/0,J365", 0, 3600, "2024-03-01T00:00:00Z", "2024-12-31T01:00:00Z"},
        {"AAA0BBB,59/0,365", 0, 3600, "2024-02-29T00:00:00Z", "2024-12-31T01:00:00Z"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct zone_rule rule;
        assert_int_equal(zone_rule_parse(&rule, cases[i].text), 0);
        assert_int_equal(rule.standard_offset_s, cases[i].standard);
        assert_int_equal(rule.has_summer, cases[i].starts != NULL);
        if (!cases[i].starts)
            continue;
        assert_int_equal(rule.summer_offset_s, cases[i].summer);
        assert_int_equal(zone_rule_starts_s(&rule, 2024), at(cases[i].starts) / 1000000);
        assert_int_equal(zone_rule_ends_s(&rule, 2024), at(cases[i].ends) / 1000000);
    }
}

static TEST(refuses_texts_that_are_no_rule)
{
    static const char *const texts[] = {"",
                                        "CET",
                                        "CE-1",
                                        "CET-1CEST",
                                        "CET-1CEST,M3.5.0",
                                        "CET-168",
                                        "CET-1 ",
                                        "<CET-1",
                                        "CET-1CEST,M13.5.0,M10.5.0",
                                        "CET-1CEST,M3.0.0,M10.5.0",
                                        "CET-1CEST,J0,J365",
                                        "CET-1CEST,J1,366",
                                        "CET-1CEST,M3.5.0,M10.5.0/3x"};
    struct zone_rule rule;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (zone_rule_parse(&rule, texts[i]) == 0)
            fail_msg("\"%s\" was taken for a rule", texts[i]);
}

RUN_TESTS(cmocka_unit_test(finds_the_instant_of_a_local_time),
          cmocka_unit_test(tells_offset_and_name_at_an_instant),
          cmocka_unit_test(lists_transitions_in_ascending_order_from_the_beginning_of_time),
          cmocka_unit_test(refuses_what_is_no_zone), cmocka_unit_test(refuses_a_file_cut_anywhere),
          cmocka_unit_test(reads_rules_of_every_kind), cmocka_unit_test(refuses_texts_that_are_no_rule))
