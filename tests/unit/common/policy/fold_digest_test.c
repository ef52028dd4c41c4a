/* fold_digest: the good news of a store's day, told when it closes: row J3. */
#include "tests/support/check.h"
#include "tests/support/shop.h"

#include "common/base/time.h"

#include <stdio.h>

#define TELL(who, body, expected) assert_text_equal(shop_play(shop, who, body), expected)
#define WAIT(seconds, expected)   assert_text_equal(shop_wait(shop, seconds), expected)

#define PRAISE            "'compliment':{}"
#define PRAISED           "J1 recognition_made anna store_manager"
#define PRAISED_IN_RETAIL "J1 recognition_made anna shift_lead"
#define PROMISED          "'promise_made':{'promise_id':'p1','due_at':'2026-03-02T20:00:00Z'}"
#define KEPT              "'promise_kept':{'promise_id':'p1'}"
#define GAIN(minor, currency)                                                                                \
    "'achievement':{'kind':'SALES_GAIN','amount':{'minor':" #minor ",'currency':'" currency "'}}"
#define DIGEST(day, compliments, kept, returned, gains)                                                      \
    "J3 digest_made " day " compliments " #compliments " kept " #kept " returned " #returned " gains"        \
    " " #gains

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

/* What closes in Vienna at 18:00 and, at night, at 2:30; never on Sunday the 8th of March, nor on the holiday. */
static const char policy[] =
    "policy: digest\ncurrency: EUR\nzone: Europe/Vienna\ncalendar: shop\n"
    "calendars:\n"
    "  shop:\n"
    "    mon-sat: 09:00-12:00, 14:00-18:00\n"
    "    holidays: { 2026-03-03: closed, 2026-03-04: 09:00-13:00 }\n"
    "  night: { mon-sun: 20:00-02:30 }\n"
    "stores:\n"
    "  bar: { calendar: night }\n"
    "  always: { calendar: always }\n"
    "  york: { zone: America/New_York }\n"
    "ladder:\n"
    "- { role: associate, remedy: 50.00 }\n"
    "- { role: store_manager, remedy: unlimited }\n"
    "rules:\n"
    "- { id: compliment, row: J1, on: compliment, then: { recognise: { employee: \"has(event.employee_id) ? "
    "event.employee_id : ''\", manager: store_manager, kind: compliment, says: x } } }\n"
    "- { id: digest, row: J3, on: store.closing, then: { digest: { says: '{digest.compliments} at "
    "{store.time}' } } }\n";

static const WireDigest *digest(const struct shop *shop)
{
    return shop->decisions->items[0]->digest;
}

static struct shop *shop_at(const char *store_id, const char *time)
{
    struct shop *shop = shop_open(policy);
    assert_text_equal(bytes_text(&shop->heard), "- policy_accepted");
    shop->store_id = store_id;
    shop->snapshot_every = 1;
    assert_int_equal(time_parse(time, &shop->now), 0);
    return shop;
}

/* The first digest comes at this very time, and not before. */
static void assert_closes(struct shop *shop, const char *time, const char *expected)
{
    int64_t closing;
    assert_int_equal(time_parse(time, &closing), 0);
    assert_text_equal(shop_wait(shop, (closing - shop->now) / 1000000 - 1), "");
    assert_text_equal(shop_wait(shop, 1), expected);
    assert_int_equal(digest(shop)->until_at, closing);
    assert_text_equal(shop_wait(shop, 40 * DAY), "");
}

static TEST(J3_digest_tells_what_went_well_to_everybody_in_the_store)
{
    AUTO(shop) *shop = shop_open(NULL); /* Monday the 2nd, at ten */
    int64_t since = shop->now;
    TELL("i1 anna c1", PRAISE, PRAISED_IN_RETAIL);
    TELL("i1 anna c1", PROMISED, "B1 promise_changed open anna");
    TELL("i1 anna c1", KEPT, "B1 promise_changed kept anna");
    TELL("i1 anna c1", "'interaction_closed':{'outcome':'SATISFIED'}", "G3 experience_recorded good 9");
    TELL("i2 ben c1", "'interaction_opened':{'channel':'COUNTER'}", "G4 recognition_made anna shift_lead");
    TELL("- ben -", GAIN(12000, "EUR"), "");
    TELL("- ben -", GAIN(500, "EUR"), "");
    TELL("- ben -", GAIN(700, "USD"), "");
    TELL("- ben -", "'achievement':{'kind':'SALES_GAIN'}", "");
    WAIT(14 * HOUR - 1, "");
    WAIT(1, DIGEST("2026-03-02", 1, 1, 1, 4));
    const WireDecision *decision = shop->decisions->items[0];
    assert_text_equal(decision->audience, "staff");
    assert_text_equal(decision->rule, "digest");
    assert_int_equal(decision->n_rests_on, 7);
    assert_text_equal(digest(shop)->store_id, "harbour");
    assert_text_equal(digest(shop)->manager_role, "store_manager");
    assert_text_equal(
        digest(shop)->sentence,
        "Good news of 2026-03-02: compliments 1, promises kept 1, customers who came back 1, sales gains 4.");
    assert_int_equal(digest(shop)->since_at, since);
    const WireDigestDetail *detail = digest(shop)->detail;
    assert_int_equal(detail->n_lines, 2);
    assert_text_equal(detail->lines[0]->employee_id, "anna");
    assert_int_equal(detail->lines[0]->compliments + detail->lines[0]->kept_promises +
                         detail->lines[0]->returning_customers,
                     3);
    assert_text_equal(detail->lines[1]->employee_id, "ben");
    assert_int_equal(detail->lines[1]->sales_gains, 4);
    assert_int_equal(detail->n_gained, 2);
    assert_int_equal(detail->gained[0]->minor, 12500);
    assert_text_equal(detail->gained[0]->currency, "EUR");
    assert_int_equal(detail->gained[1]->minor, 700);
}

static TEST(J3_digest_is_made_once_a_day_and_never_of_a_day_without_good_news)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", PRAISE, PRAISED_IN_RETAIL);
    WAIT(DAY, DIGEST("2026-03-02", 1, 0, 0, 0));
    TELL("- anna -", "'achievement':{'kind':'HELPED_OTHER_DEPARTMENT'}",
         "J2 recognition_made anna shift_lead");
    WAIT(3 * DAY, "");
    TELL("i1 anna c1", PRAISE, PRAISED_IN_RETAIL);
    TELL("i1 ben c1", PRAISE, "J1 recognition_made ben shift_lead");
    WAIT(DAY, DIGEST("2026-03-06", 2, 0, 0, 0));
}

static TEST(J3_digest_counts_neither_exercises_nor_what_is_told_twice_nor_what_is_old)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop->drill = true;
    shop_play(shop, "i1 anna c1", PRAISE);
    shop_play(shop, "- anna -", GAIN(100, "EUR"));
    shop->drill = false;
    shop_play(shop, "i2 anna c1", PROMISED);
    shop_play(shop, "i2 anna c1", KEPT);
    shop_play(shop, "i2 anna c1", KEPT);
    shop->sent_after_us = 2 * DAY * INT64_C(1000000);
    shop_play(shop, "i3 anna c1", PRAISE);
    shop->sent_after_us = 0;
    WAIT(DAY, DIGEST("2026-03-02", 0, 1, 0, 0));
}

static TEST(J3_digest_of_each_store_is_its_own)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_play(shop, "i1 anna c1", PRAISE);
    shop->store_id = "station";
    shop_play(shop, "i1 ben c1", PRAISE);
    shop_play(shop, "i1 ben c1", PRAISE);
    WAIT(DAY, DIGEST("2026-03-02", 1, 0, 0, 0) "\n" DIGEST("2026-03-02", 2, 0, 0, 0));
}

static TEST(J3_digest_comes_when_the_store_closes_by_its_own_clocks)
{
    AUTO(shop) *shop = shop_at("harbour", "2026-03-02T10:00:00Z");
    TELL("i1 anna c1", PRAISE, PRAISED);
    assert_closes(shop, "2026-03-02T17:00:00Z", DIGEST("2026-03-02", 1, 0, 0, 0));
    assert_text_equal(digest(shop)->sentence ? "told" : "", "told");
    AUTO(shop) *york = shop_at("york", "2026-03-02T10:00:00Z");
    assert_text_equal(shop_play(york, "i1 anna c1", PRAISE), PRAISED);
    assert_closes(york, "2026-03-02T23:00:00Z", DIGEST("2026-03-02", 1, 0, 0, 0));
}

static TEST(J3_digest_of_news_from_after_closing_and_from_closed_days_comes_at_the_next_closing)
{
    AUTO(shop) *shop =
        shop_at("harbour", "2026-03-02T17:00:01Z"); /* the 3rd is a holiday, the 4th is short */
    TELL("i1 anna c1", PRAISE, PRAISED);
    shop_wait(shop, DAY);
    TELL("i2 anna c1", PRAISE, PRAISED);
    assert_closes(shop, "2026-03-04T12:00:00Z", DIGEST("2026-03-04", 2, 0, 0, 0));
    AUTO(shop) *sunday = shop_at("harbour", "2026-03-08T10:00:00Z");
    assert_text_equal(shop_play(sunday, "i1 anna c1", PRAISE), PRAISED);
    assert_closes(sunday, "2026-03-09T17:00:00Z", DIGEST("2026-03-09", 1, 0, 0, 0));
}

static TEST(J3_digest_of_a_store_without_a_calendar_comes_when_its_day_ends)
{
    AUTO(shop) *shop = shop_at("always", "2026-03-02T10:00:00Z");
    TELL("i1 anna c1", PRAISE, PRAISED);
    assert_closes(shop, "2026-03-02T23:00:00Z", DIGEST("2026-03-02", 1, 0, 0, 0));
}

static TEST(J3_digest_comes_once_on_both_nights_on_which_the_clocks_change)
{
    AUTO(shop) *spring =
        shop_at("bar", "2026-03-28T22:00:00Z"); /* 2:30 is skipped: 3:30, which is 1:30 UTC */
    assert_text_equal(shop_play(spring, "i1 anna c1", PRAISE), PRAISED);
    assert_closes(spring, "2026-03-29T01:30:00Z", DIGEST("2026-03-28", 1, 0, 0, 0));
    AUTO(shop) *autumn = shop_at("bar", "2026-10-24T22:00:00Z"); /* 2:30 comes twice: the first, 0:30 UTC */
    assert_text_equal(shop_play(autumn, "i1 anna c1", PRAISE), PRAISED);
    assert_closes(autumn, "2026-10-25T00:30:00Z", DIGEST("2026-10-24", 1, 0, 0, 0));
    AUTO(shop) *between = shop_at("bar", "2026-10-25T01:00:00Z"); /* the second 2:00: it has closed */
    assert_text_equal(shop_play(between, "i1 anna c1", PRAISE), PRAISED);
    assert_closes(between, "2026-10-26T01:30:00Z", DIGEST("2026-10-25", 1, 0, 0, 0));
}

static TEST(J3_digest_takes_what_a_slow_register_tells_before_it_is_made_and_keeps_the_rest_for_the_next)
{
    AUTO(shop) *shop = shop_at("harbour", "2026-03-05T16:59:00Z");
    TELL("i1 anna c1", PRAISE, PRAISED);
    shop_sleep(shop, 2 * MINUTE); /* 17:01, and nobody has looked at the clock */
    shop->sent_after_us = 90 * INT64_C(1000000);
    TELL("i2 anna c1", PRAISE, PRAISED);
    assert_text_equal(shop_wake(shop), DIGEST("2026-03-05", 2, 0, 0, 0));
    TELL("i3 anna c1", PRAISE, PRAISED); /* it happened before closing too */
    WAIT(DAY, DIGEST("2026-03-06", 1, 0, 0, 0));
}

static TEST(J3_digest_of_each_day_is_made_when_nobody_looked_at_the_clock_for_days)
{
    AUTO(shop) *shop = shop_at("harbour", "2026-03-05T10:00:00Z");
    TELL("i1 anna c1", PRAISE, PRAISED);
    shop_sleep(shop, DAY);
    TELL("i2 anna c1", PRAISE, PRAISED);
    TELL("i3 anna c1", PRAISE, PRAISED);
    shop_sleep(shop, DAY);
    assert_text_equal(shop_wake(shop),
                      DIGEST("2026-03-05", 1, 0, 0, 0) "\n" DIGEST("2026-03-06", 2, 0, 0, 0));
}

static TEST(J3_digest_is_off_where_an_override_says_so)
{
    static char text[4096];
    snprintf(text, sizeof text,
             "%soverrides:\n- { name: quiet, for: { store: york }, rules: { digest: off } }\n", policy);
    AUTO(shop) *shop = shop_open(text);
    shop->store_id = "york";
    TELL("i1 anna c1", PRAISE, PRAISED);
    shop->store_id = "harbour";
    TELL("i1 anna c1", PRAISE, PRAISED);
    WAIT(3 * DAY, DIGEST("2026-03-02", 1, 0, 0, 0));
}

static TEST(J3_digest_is_not_made_under_a_policy_that_says_nothing_of_it)
{
    AUTO(shop) *shop =
        shop_open("policy: none\ncurrency: EUR\nladder:\n- { role: associate, remedy: 50.00 }\n"
                  "rules:\n- { id: x, row: J1, on: compliment, then: { recognise: { employee: "
                  "event.source, manager: associate, kind: compliment, says: x } } }\n");
    struct fold_counts counts;
    shop_play(shop, "i1 anna c1", PRAISE);
    shop_play(shop, "- anna -", GAIN(100, "EUR"));
    fold_count(shop->fold, &counts);
    assert_int_equal(counts.deadlines, 0);
    WAIT(3 * DAY, "");
}

static TEST(J3_digest_names_two_hundred_employees_and_counts_the_rest)
{
    AUTO(shop) *shop = shop_open(NULL);
    for (int i = 0; i < 205; i++) {
        char who[32];
        text_format(who, sizeof who, "- e%d -", i);
        shop_play(shop, who, GAIN(1, "EUR"));
    }
    WAIT(DAY, DIGEST("2026-03-02", 0, 0, 0, 205));
    assert_int_equal(digest(shop)->detail->n_lines, 200);
    assert_int_equal(digest(shop)->detail->gained[0]->minor, 205);
    struct fold_counts counts;
    fold_count(shop->fold, &counts);
    assert_int_equal(counts.deadlines, 0);
}

RUN_TESTS(
    cmocka_unit_test(J3_digest_tells_what_went_well_to_everybody_in_the_store),
    cmocka_unit_test(J3_digest_is_made_once_a_day_and_never_of_a_day_without_good_news),
    cmocka_unit_test(J3_digest_counts_neither_exercises_nor_what_is_told_twice_nor_what_is_old),
    cmocka_unit_test(J3_digest_of_each_store_is_its_own),
    cmocka_unit_test(J3_digest_comes_when_the_store_closes_by_its_own_clocks),
    cmocka_unit_test(J3_digest_of_news_from_after_closing_and_from_closed_days_comes_at_the_next_closing),
    cmocka_unit_test(J3_digest_of_a_store_without_a_calendar_comes_when_its_day_ends),
    cmocka_unit_test(J3_digest_comes_once_on_both_nights_on_which_the_clocks_change),
    cmocka_unit_test(
        J3_digest_takes_what_a_slow_register_tells_before_it_is_made_and_keeps_the_rest_for_the_next),
    cmocka_unit_test(J3_digest_of_each_day_is_made_when_nobody_looked_at_the_clock_for_days),
    cmocka_unit_test(J3_digest_is_off_where_an_override_says_so),
    cmocka_unit_test(J3_digest_is_not_made_under_a_policy_that_says_nothing_of_it),
    cmocka_unit_test(J3_digest_names_two_hundred_employees_and_counts_the_rest))
