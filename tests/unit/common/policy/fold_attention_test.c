/* fold_attention: one at a time (D1), and the unhurried time of the unsure (C2). */
#include "tests/support/check.h"
#include "tests/support/shop.h"

#define TELL(who, body, expected) assert_text_equal(shop_play(shop, who, body), expected)
#define OPEN                      "'interaction_opened':{'channel':'COUNTER'}"
#define CLOSE                     "'interaction_closed':{'outcome':'SERVED'}"
#define CLOSED                    "G3 experience_recorded neither 0"
#define HAND_TO(whom)             "'handed_over':{'to_employee_id':'" whom "'}"
#define MOOD(mood)                "'mood_observed':{'mood':'" mood "'}"
#define D1_OPENED                 "D1 case_opened shift_lead normal open\nD1 verdict_given escalated shift_lead"
#define D1_ADDED                  "D1 case_cause_added shift_lead normal open\nD1 verdict_given escalated shift_lead"
#define D1_ENDED                  "D1 case_overtaken shift_lead normal overtaken"
#define D1_ADVISED                "D1 case_opened shift_lead normal open\nD1 verdict_given escalated shift_lead C2"

static TEST(D1_one_at_a_time_more_than_two_open_interactions_get_backup)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna -", OPEN, "");
    TELL("i2 anna -", OPEN, "");
    TELL("i3 ben -", OPEN, "");
    TELL("i4 anna -", OPEN, D1_OPENED);
    assert_text_equal(shop->decisions->items[0]->case_->subject, "anna");
    TELL("i4 anna -", "'need_recorded':{}", ""); /* the same three */
    TELL("i1 anna -", CLOSE, D1_ENDED "\n" CLOSED "\nA3 notice_given anna");
    TELL("i5 anna -", OPEN, D1_OPENED);
    TELL("i5 anna -", CLOSE, D1_ENDED "\n" CLOSED "\nA3 notice_given anna");
}

static TEST(D1_one_at_a_time_stays_when_somebody_has_it)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_trust(shop, "head_office");
    TELL("i1 anna -", OPEN, "");
    TELL("i2 anna -", OPEN, "");
    TELL("i3 anna -", OPEN, D1_OPENED);
    TELL("- lea -", "'case_acknowledged':{'escalation_id':'$case','round':$round,'role':'shift_lead'}",
         "D1 case_acknowledged shift_lead normal acknowledged\nA3 notice_given anna");
    TELL("i1 anna -", CLOSE, CLOSED);
    TELL("- lea -",
         "'case_answered':{'escalation_id':'$case','round':$round,'role':'shift_lead','answer':'DONE'}",
         "D1 case_resolved shift_lead normal resolved\nA3 notice_given anna");
}

static TEST(D1_one_at_a_time_counts_who_serves_now)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna -", OPEN, "");
    TELL("i2 anna -", OPEN, "");
    TELL("i3 - -", OPEN, "");
    TELL("i3 ben -", HAND_TO("anna"), D1_OPENED); /* the third */
    TELL("i4 ben -", OPEN, "");
    TELL("i4 ben -", HAND_TO("anna"), D1_ADDED);                         /* the fourth: she is one case */
    TELL("i1 anna -", HAND_TO("cem"), "");                               /* three are left */
    TELL("i2 anna -", HAND_TO("cem"), D1_ENDED "\nA3 notice_given ben"); /* two are left */
}

static TEST(D1_one_at_a_time_is_one_case_however_the_contacts_come_and_go)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna -", OPEN, "");
    TELL("i2 anna -", OPEN, "");
    TELL("i3 anna -", OPEN, D1_OPENED);
    TELL("i4 anna -", OPEN, D1_ADDED);
    TELL("i3 anna -", CLOSE, CLOSED); /* three are left, and the case with them */
    TELL("i4 anna -", CLOSE, D1_ENDED "\n" CLOSED "\nA3 notice_given anna");
}

static TEST(D1_one_at_a_time_ends_with_the_duty)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("- anna -", "'on_duty':{'role':'associate'}", "");
    TELL("i1 anna -", OPEN, "");
    TELL("i2 anna -", OPEN, "");
    TELL("i3 anna -", OPEN, D1_OPENED);
    TELL("- anna -", "'off_duty':{}", D1_ENDED "\nA3 notice_given anna");
    TELL("i1 - -", "'need_recorded':{}", ""); /* and keeps nobody busy after that */
    TELL("- anna -", "'on_duty':{'role':'associate'}", "");
    TELL("i4 anna -", OPEN, "");
    TELL("i5 anna -", OPEN, "");
}

static TEST(D1_one_at_a_time_forgets_contacts_that_nobody_has_said_anything_of)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna -", OPEN, "");
    TELL("i2 anna -", OPEN, "");
    shop_sleep(shop, 2 * 3600 - 1);
    TELL("i3 anna -", OPEN, D1_OPENED);
    assert_text_equal(shop_wait(shop, 300),
                      D1_ENDED "\nA3 notice_given anna"); /* nobody needs to come any more */
    TELL("i4 anna -", OPEN, "");
    TELL("i5 anna -", OPEN, D1_OPENED);
}

static TEST(D1_one_at_a_time_counts_every_store_and_exercise_apart)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna -", OPEN, "");
    TELL("i2 anna -", OPEN, "");
    shop->drill = true;
    TELL("i3 anna -", OPEN, "");
    shop->drill = false;
    shop->store_id = "hill";
    TELL("i1 anna -", OPEN, "");
    shop->store_id = "harbour";
    TELL("i4 anna -", OPEN, D1_OPENED);
}

static TEST(D1_one_at_a_time_of_a_late_report_pages_nobody)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna -", OPEN, "");
    TELL("i2 anna -", OPEN, "");
    shop->sent_after_us = 600 * INT64_C(1000000);
    shop->now += 600 * INT64_C(1000000);
    TELL("i3 anna -", OPEN, "D1 case_opened shift_lead normal open silenced late");
}

static TEST(C2_unsure_customers_keep_their_employee_busy)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna -", OPEN, "");
    TELL("i1 anna -", MOOD("UNSURE"), "C2 verdict_given advice C2");
    TELL("i2 anna -", OPEN, D1_OPENED);
    TELL("i1 anna -", MOOD("CALM"), D1_ENDED "\nA3 notice_given anna");
    TELL("i2 anna -", MOOD("UNSURE"), D1_ADVISED);
    TELL("i1 anna -", CLOSE, D1_ENDED "\n" CLOSED "\nA3 notice_given anna");
}

static TEST(C2_unsure_is_a_first_purchase_until_another_mood_is_seen)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna -", "'interaction_opened':{'channel':'COUNTER','first_purchase':true}",
         "C2 verdict_given advice C2");
    TELL("i1 anna -", MOOD("DELIGHTED"), "C4 recognition_made anna shift_lead");
    TELL("i2 anna -", OPEN, "");
}

RUN_TESTS(cmocka_unit_test(D1_one_at_a_time_more_than_two_open_interactions_get_backup),
          cmocka_unit_test(D1_one_at_a_time_stays_when_somebody_has_it),
          cmocka_unit_test(D1_one_at_a_time_counts_who_serves_now),
          cmocka_unit_test(D1_one_at_a_time_counts_every_store_and_exercise_apart),
          cmocka_unit_test(D1_one_at_a_time_is_one_case_however_the_contacts_come_and_go),
          cmocka_unit_test(D1_one_at_a_time_ends_with_the_duty),
          cmocka_unit_test(D1_one_at_a_time_forgets_contacts_that_nobody_has_said_anything_of),
          cmocka_unit_test(D1_one_at_a_time_of_a_late_report_pages_nobody),
          cmocka_unit_test(C2_unsure_customers_keep_their_employee_busy),
          cmocka_unit_test(C2_unsure_is_a_first_purchase_until_another_mood_is_seen))
