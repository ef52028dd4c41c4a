/* fold_promise: promises from making to their end: rows B1 to B4. */
#include "tests/support/check.h"
#include "tests/support/shop.h"

#define TELL(who, body, expected) assert_text_equal(shop_play(shop, who, body), expected)
#define WAIT(seconds, expected)   assert_text_equal(shop_wait(shop, seconds), expected)

#define PROMISE(id, due) "'promise_made':{'promise_id':'" id "','due_at':'2026-03-02T" due "Z'}"
#define WORTH(id, due, eur)                                                                                  \
    "'promise_made':{'promise_id':'" id "','due_at':'2026-03-02T" due "Z','worth':{'minor':" #eur            \
    "00,'currency':'EUR'}}"
#define KEEP(id)      "'promise_kept':{'promise_id':'" id "'}"
#define WITHDRAW(id)  "'promise_withdrawn':{'promise_id':'" id "'}"
#define MOVE(id, due) "'promise_renegotiated':{'promise_id':'" id "','due_at':'2026-03-02T" due "Z'}"

#define MADE   "B1 promise_changed open anna"
#define DIGEST "J3 digest_made 2026-03-02 compliments 0 kept 1 returned 0 gains 0"
#define BROKEN "B1 promise_changed broken anna\nB3 case_opened shift_lead high open"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

static const WirePromise *promise(const struct shop *shop)
{
    return shop->decisions->items[0]->promise;
}

static TEST(B1_promise_ledger_is_a_record_until_the_promise_is_kept)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1",
         "'promise_made':{'promise_id':'p1','due_at':'2026-03-02T12:00:00Z','product_id':'bike','evidence':'"
         "o-7',"
         "'worth':{'minor':3000,'currency':'EUR'}}",
         MADE);
    const WirePromise *made = promise(shop);
    assert_text_equal(made->store_id, "harbour");
    assert_text_equal(made->interaction_id, "i1");
    assert_text_equal(made->customer_id, "c1");
    assert_text_equal(made->product_id, "bike");
    assert_text_equal(made->evidence, "o-7");
    assert_int_equal(made->worth->minor, 3000);
    assert_int_equal(made->due_at - made->made_at, 2 * HOUR * INT64_C(1000000));
    assert_false(made->has_ended_at);
    WAIT(HOUR, "");
    TELL("i2 ben c1", "'promise_kept':{'promise_id':'p1','evidence':'slip-3'}",
         "B1 promise_changed kept anna");
    assert_int_equal(promise(shop)->ended_at, shop->now);
    assert_text_equal(promise(shop)->evidence, "slip-3");
    assert_text_equal(promise(shop)->product_id, "bike");
    WAIT(DAY, DIGEST);
}

static TEST(B1_promise_ledger_records_each_change_once)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", PROMISE("p1", "12:00:00"), MADE);
    TELL("i1 anna c1", PROMISE("p1", "13:00:00"), "");
    TELL("i1 anna c1", MOVE("p1", "14:00:00"), "B1 promise_changed renegotiated anna");
    TELL("i1 anna c1", MOVE("p1", "14:00:00"), "");
    TELL("i1 anna c1", WITHDRAW("p1"), "B1 promise_changed withdrawn anna");
    TELL("i1 anna c1", WITHDRAW("p1"), "");
    TELL("i1 anna c1", KEEP("p1"), "");
    TELL("i1 anna c1", MOVE("p1", "15:00:00"), "");
    TELL("i1 anna c1", KEEP("p9"), "- finding_made p9 0");
    WAIT(DAY, "");
}

static TEST(B1_promise_ledger_keeps_the_promises_of_stores_apart)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", PROMISE("p1", "12:00:00"), MADE);
    shop->store_id = "station";
    TELL("i1 ben c2", PROMISE("p1", "12:00:00"), "B1 promise_changed open ben");
    TELL("i1 ben c2", KEEP("p1"), "B1 promise_changed kept ben");
    WAIT(2 * HOUR, "B2 notice_given anna\n" BROKEN);
}

static TEST(B1_promise_ledger_knows_an_end_that_was_told_before_the_making)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop->snapshot_every = 1;
    TELL("i1 ben c1", KEEP("p1"), "- finding_made p1 0");
    TELL("i1 anna c1", PROMISE("p1", "10:20:00"), "B1 promise_changed kept anna");
    TELL("i1 anna c1", PROMISE("p1", "10:20:00"), "");
    WAIT(DAY, "");
}

static TEST(B2_promise_reminder_comes_when_a_quarter_of_the_time_is_left)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", PROMISE("p1", "14:00:00"), MADE);
    WAIT(3 * HOUR - 1, "");
    WAIT(1, "B2 notice_given anna");
    assert_text_equal(shop->decisions->items[0]->notice->subject, "p1");
    TELL("i1 anna c1", KEEP("p1"), "B1 promise_changed kept anna");
    WAIT(DAY, DIGEST);
}

static TEST(B2_promise_reminder_comes_at_least_fifteen_minutes_before)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", PROMISE("p1", "10:40:00"), MADE);
    WAIT(25 * MINUTE - 1, "");
    WAIT(1, "B2 notice_given anna");
    TELL("i2 anna c1", PROMISE("p2", "10:37:00"), MADE); /* in twelve minutes: a quarter is all there is */
    WAIT(9 * MINUTE - 1, "");
    WAIT(1, "B2 notice_given anna");
}

static TEST(B2_promise_reminder_moves_with_the_due_time)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", PROMISE("p1", "14:00:00"), MADE);
    WAIT(3 * HOUR, "B2 notice_given anna");
    TELL("i1 anna c1", MOVE("p1", "17:00:00"), "B1 promise_changed renegotiated anna");
    WAIT(3 * HOUR - 1, "");
    WAIT(1, "B2 notice_given anna");
    WAIT(HOUR, BROKEN);
}

static TEST(B3_promise_overdue_is_broken_and_goes_to_the_lead)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", PROMISE("p1", "12:00:00"), MADE);
    TELL("i1 anna c1", "'interaction_closed':{'outcome':'SATISFIED'}", "G3 experience_recorded good 9");
    WAIT(2 * HOUR - 1, "B2 notice_given anna");
    WAIT(1, BROKEN);
    assert_text_equal(promise(shop)->state, "broken");
    assert_int_equal(promise(shop)->ended_at, shop->now);
    const WireCase *opened = shop->decisions->items[1]->case_;
    assert_text_equal(opened->subject, "p1");
    assert_text_equal(opened->owner, "anna");
    assert_text_equal(opened->customer_id, "c1");
    assert_text_equal(opened->interaction_id, "i1");
    assert_true(opened->outlives);
    WAIT(5 * MINUTE, "B3 case_climbed store_manager high open\nA3 notice_given anna");
}

static TEST(B3_promise_overdue_goes_to_the_lowest_level_that_can_deliver_it)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", WORTH("p1", "10:01:00", 50), MADE);
    WAIT(MINUTE, "B2 notice_given anna\n" BROKEN);
    TELL("i2 anna c2", WORTH("p2", "10:02:00", 200),
         MADE "\nB4 coaching_made anna shift_lead\nB4 verdict_given advice B4");
    WAIT(MINUTE, "B2 notice_given anna\n" BROKEN);
    TELL("i3 anna c3", WORTH("p3", "10:03:00", 201),
         MADE "\nB4 coaching_made anna shift_lead\nB4 verdict_given advice B4");
    WAIT(MINUTE,
         "B2 notice_given anna\nB1 promise_changed broken anna\nB3 case_opened store_manager high open");
    const WireProof *proof = shop->decisions->items[1]->case_->proof;
    assert_int_equal(proof->n_levels, 2);
    assert_text_equal(proof->levels[0]->role, "shift_lead");
    assert_int_equal(proof->levels[0]->shortfall_minor, 100);
}

static TEST(B3_promise_overdue_is_overtaken_when_the_promise_is_kept_after_all)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", PROMISE("p1", "10:20:00"), MADE);
    WAIT(20 * MINUTE, "B2 notice_given anna\n" BROKEN);
    shop_sleep(shop, 1);
    TELL("i1 anna c1", KEEP("p1"),
         "B3 case_overtaken shift_lead high overtaken\nA3 notice_given anna"); /* too late: it stays broken */
    WAIT(DAY, "");
}

static TEST(B3_promise_overdue_that_somebody_has_does_not_open_again_once_it_is_kept)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_trust(shop, "head_office");
    shop->snapshot_every = 1;
    TELL("i1 anna c1", PROMISE("p1", "10:20:00"), MADE);
    WAIT(20 * MINUTE, "B2 notice_given anna\n" BROKEN);
    TELL("- tom -", "'case_acknowledged':{'escalation_id':'$case','round':$round,'role':'shift_lead'}",
         "B3 case_acknowledged shift_lead high acknowledged\nA3 notice_given anna");
    shop_sleep(shop, 1);
    TELL("i1 anna c1", KEEP("p1"), ""); /* too late: it stays broken */
    WAIT(5 * MINUTE - 2, "");
    WAIT(1, "B3 case_overtaken shift_lead high overtaken\n"
            "A3 notice_given anna");
}

static TEST(B3_promise_overdue_is_none_when_it_was_kept_in_time_and_told_late)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", PROMISE("p1", "10:20:00"), MADE);
    WAIT(20 * MINUTE, "B2 notice_given anna\n" BROKEN);
    shop_sleep(shop, 2 * MINUTE);
    shop->sent_after_us = 3 * MINUTE * INT64_C(1000000);
    TELL("i1 anna c1", KEEP("p1"),
         "B1 promise_changed kept anna\n"
         "B3 case_overtaken shift_lead high overtaken\n"
         "A3 notice_given anna");
}

static TEST(B3_promise_overdue_ends_with_another_agreement)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", PROMISE("p1", "10:20:00"), MADE);
    WAIT(20 * MINUTE, "B2 notice_given anna\n" BROKEN);
    TELL("i1 anna c1", MOVE("p1", "10:40:00"),
         "B1 promise_changed renegotiated anna\n"
         "B3 case_overtaken shift_lead high overtaken\n"
         "A3 notice_given anna");
    assert_false(promise(shop)->has_ended_at);
    WAIT(20 * MINUTE, "B2 notice_given anna\n" BROKEN);
}

static TEST(B3_promise_overdue_pages_late_if_younger_than_a_day)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop->sent_after_us = 6 * MINUTE * INT64_C(1000000);
    TELL("i1 anna c1", PROMISE("p1", "09:59:00"), MADE);
    WAIT(0, "B1 promise_changed broken anna\nB3 case_opened shift_lead high open late");
    shop->sent_after_us = DAY * INT64_C(1000000) + 1;
    TELL("i2 anna c1", PROMISE("p2", "09:59:30"),
         "B1 promise_changed broken anna\n"
         "G7 case_opened store_manager high open silenced late"); /* and no clock runs */
    assert_true(shop->decisions->items[0]->silenced);
    shop_wait(shop, DAY); /* the case of the first climbs */
    assert_null(strstr(bytes_text(&shop->heard), "B2"));
    assert_null(strstr(bytes_text(&shop->heard), "promise_changed"));
}

static TEST(B3_promise_overdue_keeps_in_mind_what_is_to_come_however_late_it_is_told)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop->sent_after_us = 2 * DAY * INT64_C(1000000);
    TELL("i2 anna c1", PROMISE("p2", "10:20:00"), MADE);
    assert_false(shop->decisions->items[0]->silenced);
    WAIT(20 * MINUTE,
         "B2 notice_given anna\nB1 promise_changed broken anna\nB3 case_opened shift_lead high open late");
}

static TEST(B3_promise_overdue_of_a_drill_is_a_drill)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop->drill = true;
    TELL("i1 anna c1", PROMISE("p1", "10:20:00"), MADE);
    shop->drill = false;
    TELL("i1 anna c1", KEEP("p1"), "- finding_made p1 0"); /* not this one */
    WAIT(20 * MINUTE, "B2 notice_given anna\n" BROKEN);
    assert_true(shop->decisions->items[0]->drill);
    assert_true(shop->decisions->items[1]->case_->drill);
}

static TEST(B4_promise_beyond_means_is_more_than_the_employee_may_give)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", WORTH("p1", "12:00:00", 50), MADE);
    TELL("i1 anna c1", WORTH("p2", "12:00:00", 51),
         MADE "\nB4 coaching_made anna shift_lead\nB4 verdict_given advice B4");
    TELL("- lea -", "'on_duty':{'role':'shift_lead'}", "");
    TELL("i2 lea c1", WORTH("p3", "12:00:00", 200), "B1 promise_changed open lea");
    TELL("i2 lea c1",
         "'promise_made':{'promise_id':'p4','due_at':'2026-03-02T12:00:00Z','worth':{'minor':1,'currency':'"
         "USD'}}",
         "B1 promise_changed open lea\nB4 coaching_made lea store_manager\nB4 verdict_given advice B4");
}

static TEST(B4_promise_beyond_means_is_said_once)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", WORTH("p1", "12:00:00", 51),
         MADE "\nB4 coaching_made anna shift_lead\nB4 verdict_given advice B4");
    TELL("i1 anna c1", WORTH("p1", "12:00:00", 51), "");
    TELL("i1 anna c1", KEEP("p1"), "B1 promise_changed kept anna");
    TELL("i1 anna c1", MOVE("p1", "13:00:00"), "");
}

static TEST(B4_promise_beyond_means_is_too_many_at_once)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", PROMISE("p1", "11:00:00"), MADE);
    TELL("i1 anna c1", PROMISE("p2", "12:00:00"), MADE);
    TELL("i1 anna c1", PROMISE("p3", "12:00:00"), MADE);
    TELL("i1 anna c1", PROMISE("p4", "12:30:00"), MADE);
    TELL("i1 anna c1", PROMISE("p5", "13:00:00"), MADE);
    TELL("i1 anna c1", PROMISE("p6", "13:00:01"), MADE); /* p2 to p5 are within the hour */
    TELL("i1 ben c1", PROMISE("q1", "12:00:00"), "B1 promise_changed open ben");
    TELL("i1 anna c1", PROMISE("p7", "12:00:00"),
         MADE "\nB4 coaching_made anna shift_lead\nB4 verdict_given advice B4");
    TELL("i1 anna c1", KEEP("p1"), "B1 promise_changed kept anna");
    TELL("i1 anna c1", PROMISE("p8", "11:59:59"), MADE);
}

static TEST(promises_beyond_the_cap_are_forgotten_and_told)
{
    struct fold_limits limits = fold_limits_default;
    limits.promises = 2;
    AUTO(shop) *shop = shop_open_bounded(NULL, &limits);
    TELL("i1 anna c1", PROMISE("p1", "12:00:00"), MADE);
    TELL("i1 anna c1", PROMISE("p2", "12:00:00"), MADE);
    TELL("i1 anna c1", PROMISE("p3", "12:00:00"), MADE);
    TELL("i1 anna c1", KEEP("p1"), "- finding_made p1 0\n- finding_made state/forgotten 1");
    struct fold_counts counts;
    fold_count(shop->fold, &counts);
    assert_int_equal(counts.promises, 2);
}

#define ROW(name) cmocka_unit_test(name)
RUN_TESTS(ROW(B1_promise_ledger_is_a_record_until_the_promise_is_kept),
          ROW(B1_promise_ledger_records_each_change_once),
          ROW(B1_promise_ledger_keeps_the_promises_of_stores_apart),
          ROW(B1_promise_ledger_knows_an_end_that_was_told_before_the_making),
          ROW(B2_promise_reminder_comes_when_a_quarter_of_the_time_is_left),
          ROW(B2_promise_reminder_comes_at_least_fifteen_minutes_before),
          ROW(B2_promise_reminder_moves_with_the_due_time),
          ROW(B3_promise_overdue_is_broken_and_goes_to_the_lead),
          ROW(B3_promise_overdue_goes_to_the_lowest_level_that_can_deliver_it),
          ROW(B3_promise_overdue_is_overtaken_when_the_promise_is_kept_after_all),
          ROW(B3_promise_overdue_that_somebody_has_does_not_open_again_once_it_is_kept),
          ROW(B3_promise_overdue_is_none_when_it_was_kept_in_time_and_told_late),
          ROW(B3_promise_overdue_ends_with_another_agreement),
          ROW(B3_promise_overdue_pages_late_if_younger_than_a_day),
          ROW(B3_promise_overdue_keeps_in_mind_what_is_to_come_however_late_it_is_told),
          ROW(B3_promise_overdue_of_a_drill_is_a_drill),
          ROW(B4_promise_beyond_means_is_more_than_the_employee_may_give),
          ROW(B4_promise_beyond_means_is_said_once), ROW(B4_promise_beyond_means_is_too_many_at_once),
          ROW(promises_beyond_the_cap_are_forgotten_and_told))
