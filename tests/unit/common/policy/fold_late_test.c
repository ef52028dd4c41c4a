/* fold_late: waits that are told late, what is told twice, and what is told as an exercise. */
#include "tests/support/check.h"
#include "tests/support/shop.h"

#include "common/base/text.h"

#define TELL(who, body, expected) assert_text_equal(shop_play(shop, who, body), expected)
#define WAIT(seconds, expected)   assert_text_equal(shop_wait(shop, seconds), expected)

#define OPEN(channel)  "'interaction_opened':{'channel':'" channel "'}"
#define CLOSE(outcome) "'interaction_closed':{'outcome':'" outcome "'}"
#define HOLD           "'wait_started':{'kind':'HOLD'}"
#define HOLD_ENDS      "'wait_ended':{'kind':'HOLD'}"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

static struct shop *shop_between_restarts(void)
{
    struct shop *shop = shop_open(NULL);
    shop->snapshot_every = 1;
    return shop;
}

static void lag(struct shop *shop, int64_t seconds)
{
    shop->sent_after_us = seconds * 1000000;
}

/* --- late waits --- */

static TEST(a_wait_told_late_is_judged_by_its_end_and_not_before)
{
    AUTO(shop) *shop = shop_between_restarts();
    lag(shop, 2 * HOUR);
    TELL("i1 - -", HOLD, "");
    WAIT(1, "");
    lag(shop, 2 * HOUR - 8 * MINUTE + 1);
    TELL("i1 - -", HOLD_ENDS,
         "F2 case_opened shift_lead normal open silenced late\n"
         "F2 case_overtaken shift_lead normal overtaken silenced late");
    WAIT(DAY, "");
}

static TEST(a_wait_told_late_that_ended_in_time_is_nothing)
{
    AUTO(shop) *shop = shop_between_restarts();
    lag(shop, 2 * HOUR);
    TELL("i1 - -", HOLD, "");
    lag(shop, 2 * HOUR - 5 * MINUTE + 1);
    TELL("i1 - -", HOLD_ENDS, "");
    WAIT(DAY, "");
}

static TEST(a_wait_told_late_that_goes_on_reaches_the_limits_to_come)
{
    AUTO(shop) *shop = shop_between_restarts();
    lag(shop, 7 * MINUTE);
    TELL("i1 - -", HOLD, ""); /* five minutes have passed, fifteen have not */
    lag(shop, 0);
    WAIT(8 * MINUTE - 1, "");
    WAIT(1, "F2 case_opened store_manager high open");
    TELL("i1 - -", HOLD_ENDS, "F2 case_overtaken store_manager high overtaken");
}

static TEST(a_wait_told_late_that_ends_before_the_limits_to_come_is_judged_by_those_that_passed)
{
    AUTO(shop) *shop = shop_between_restarts();
    lag(shop, 7 * MINUTE);
    TELL("i1 - -", HOLD, "");
    lag(shop, 0);
    WAIT(5 * MINUTE, "");
    TELL("i1 - -", HOLD_ENDS,
         "F2 case_opened shift_lead normal open silenced\nF2 case_overtaken shift_lead normal overtaken "
         "silenced");
}

static TEST(a_wait_that_is_not_late_yet_is_told_at_once_when_its_limit_has_passed)
{
    AUTO(shop) *shop = shop_between_restarts();
    lag(shop, 5 * MINUTE);
    TELL("i1 - -", HOLD, "");
    WAIT(0, "F2 case_opened shift_lead normal open");
}

/* --- what is told twice --- */

static TEST(a_contact_closes_once)
{
    AUTO(shop) *shop = shop_between_restarts();
    shop_play(shop, "i1 anna c1", OPEN("COUNTER"));
    TELL("i1 anna -", CLOSE("DISSATISFIED"),
         "G2 follow_up_opened recovery anna\nG3 experience_recorded bad 16");
    TELL("i1 anna -", CLOSE("DISSATISFIED"), "");
    TELL("i1 anna -", CLOSE("SATISFIED"), "");
    TELL("i2 bert c1", OPEN("COUNTER"), ""); /* no credit for the second word (G4) */
}

static TEST(a_contact_opens_once)
{
    AUTO(shop) *shop = shop_between_restarts();
    shop_play(shop, "i1 anna c1", OPEN("COUNTER"));
    shop_play(shop, "i1 anna -", CLOSE("SATISFIED"));
    TELL("i2 bert c1", OPEN("COUNTER"), "G4 recognition_made anna shift_lead");
    TELL("i2 bert c1", OPEN("COUNTER"), "");
    shop_play(shop, "i2 bert c1", OPEN("SERVICE_DESK"));
    shop_play(shop, "i2 bert c1", "'wait_started':{'kind':'QUEUE'}");
    WAIT(6 * MINUTE, "C1 case_opened shift_lead normal open"); /* where it was opened first */
}

/* --- exercises --- */

static TEST(an_exercise_and_the_contact_in_earnest_know_nothing_of_each_other)
{
    AUTO(shop) *shop = shop_between_restarts();
    shop->drill = true;
    shop_play(shop, "i1 anna c1", OPEN("PHONE"));
    shop_play(shop, "i1 anna c1", HOLD);
    shop->drill = false;
    WAIT(2 * MINUTE, "");
    TELL("i1 bert c2", OPEN("PHONE"), "");
    TELL("i1 bert c2", HOLD, "");
    WAIT(3 * MINUTE, "F2 case_opened shift_lead normal open");
    assert_true(shop->decisions->items[0]->drill);
    assert_text_equal(shop->decisions->items[0]->case_->owner, "anna");
    WAIT(2 * MINUTE, "F2 case_opened shift_lead normal open");
    assert_false(shop->decisions->items[0]->drill);
    assert_text_equal(shop->decisions->items[0]->case_->owner, "bert");
    TELL("i1 bert c2", HOLD_ENDS,
         "F2 case_overtaken shift_lead normal overtaken\n"
         "A3 notice_given bert");
    shop->drill = true;
    TELL("i1 anna c1", HOLD_ENDS,
         "F2 case_overtaken shift_lead normal overtaken\n"
         "A3 notice_given anna");
}

RUN_TESTS(
    cmocka_unit_test(a_wait_told_late_is_judged_by_its_end_and_not_before),
    cmocka_unit_test(a_wait_told_late_that_ended_in_time_is_nothing),
    cmocka_unit_test(a_wait_told_late_that_goes_on_reaches_the_limits_to_come),
    cmocka_unit_test(a_wait_told_late_that_ends_before_the_limits_to_come_is_judged_by_those_that_passed),
    cmocka_unit_test(a_wait_that_is_not_late_yet_is_told_at_once_when_its_limit_has_passed),
    cmocka_unit_test(a_contact_closes_once), cmocka_unit_test(a_contact_opens_once),
    cmocka_unit_test(an_exercise_and_the_contact_in_earnest_know_nothing_of_each_other))
