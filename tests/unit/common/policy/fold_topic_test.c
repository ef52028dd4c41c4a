/* fold_topic: questions nobody at the counter can answer (I1), and gaps in what a store knows (I2). */
#include "tests/support/check.h"
#include "tests/support/shop.h"

#include <stdio.h>

#define TELL(who, body, expected) assert_text_equal(shop_play(shop, who, body), expected)
#define WAIT(seconds, expected)   assert_text_equal(shop_wait(shop, seconds), expected)
#define ASKED(topic)              "'question_unanswered':{'topic':'" topic "'}"
#define I1(role)                  "I1 case_opened " role " normal open\n"
#define TOLD(role)                "I1 verdict_given escalated " role
#define COACHED                   "I2 coaching_made - shift_lead\n"

enum { DAY_S = 86400 };

static TEST(I1_unanswered_question_goes_to_who_knows_the_topic_in_one_hop)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("- lea -", "'on_duty':{'role':'shift_lead','topics':['tyres','oil']}", "");
    TELL("- ben -", "'on_duty':{'role':'associate','topics':['paint']}", "");
    TELL("- mia -", "'on_duty':{'role':'store_manager','topics':['paint','tyres']}", "");
    TELL("i1 anna -", ASKED("tyres"), I1("shift_lead") "I1 notice_given lea\n" TOLD("shift_lead"));
    assert_text_equal(shop->decisions->items[0]->case_->subject, "tyres");
    TELL("i2 anna -", ASKED("paint"), I1("associate") "I1 notice_given ben\n" TOLD("associate"));
    TELL("i2 anna -", "'interaction_closed':{'outcome':'SERVED'}",
         "I1 case_overtaken associate normal overtaken\n"
         "G3 experience_recorded neither 0\n"
         "A3 notice_given anna");
}

static TEST(I1_unanswered_question_goes_to_the_department_where_nobody_knows_the_topic)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("- lea -", "'on_duty':{'role':'shift_lead','departments':['garden']}", "");
    TELL("- ben -", "'on_duty':{'role':'associate','departments':['garden']}", "");
    TELL("i1 anna -", "'interaction_opened':{'channel':'COUNTER','department':'garden'}", "");
    TELL("i1 anna -", ASKED("hoses"), I1("associate") "I1 notice_given ben\n" TOLD("associate"));
    TELL("- ben -", "'off_duty':{}", "");
    TELL("- anna -", "'on_duty':{'role':'associate','departments':['garden'],'topics':['roses']}", "");
    TELL("i1 anna -", ASKED("roses"), I1("shift_lead") "I1 notice_given lea\n" TOLD("shift_lead"));
}

static TEST(I1_unanswered_question_goes_one_level_up_where_nobody_is_known_to_know)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna -", ASKED("tyres"), I1("shift_lead") TOLD("shift_lead"));
    TELL("- lea -", "'on_duty':{'role':'shift_lead'}", "");
    TELL("i2 lea -", ASKED("oil"), I1("store_manager") TOLD("store_manager"));
    TELL("i2 lea -", ASKED("oil"), "I1 case_cause_added store_manager normal open\n" TOLD("store_manager"));
}

static TEST(I1_unanswered_question_climbs_when_nobody_takes_it)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("- ben -", "'on_duty':{'role':'associate','topics':['paint']}", "");
    TELL("i1 anna -", ASKED("paint"), I1("associate") "I1 notice_given ben\n" TOLD("associate"));
    WAIT(299, "");
    WAIT(1, "I1 case_climbed shift_lead normal open\nA3 notice_given anna");
}

static TEST(I2_knowledge_gap_is_the_same_topic_three_times_within_seven_days)
{
    AUTO(shop) *shop = shop_open(NULL);
    const char *up = I1("shift_lead") TOLD("shift_lead");
    TELL("i1 anna -", ASKED("tyres"), up);
    TELL("i2 anna -", ASKED("oil"), up);
    shop_sleep(shop, 6 * DAY_S);
    TELL("i3 ben -", ASKED("tyres"), up);
    shop->store_id = "hill";
    TELL("i3 ben -", ASKED("tyres"), up); /* another store */
    shop->store_id = "harbour";
    shop->drill = true;
    shop_play(shop, "i4 ben -", ASKED("tyres")); /* an exercise */
    shop->drill = false;
    shop_sleep(shop, DAY_S);
    TELL("i5 anna -", ASKED("tyres"), I1("shift_lead") COACHED TOLD("shift_lead"));
    assert_text_equal(shop->decisions->items[1]->coaching->subject, "tyres");
    TELL("i6 anna -", ASKED("tyres"), up); /* it was told */
}

static TEST(I2_knowledge_gap_is_none_where_the_first_was_longer_ago)
{
    AUTO(shop) *shop = shop_open(NULL);
    const char *up = I1("shift_lead") TOLD("shift_lead");
    TELL("i1 anna -", ASKED("tyres"), up);
    shop_sleep(shop, DAY_S);
    TELL("i2 anna -", ASKED("tyres"), up);
    shop_sleep(shop, 6 * DAY_S + 1);
    TELL("i3 anna -", ASKED("tyres"), up);
    TELL("i4 anna -", ASKED("tyres"), I1("shift_lead") COACHED TOLD("shift_lead"));
}

/* More comes up than is kept: what was told of as a group is left out, however much of it there is. */
static TEST(H2_repeated_incident_is_told_once_a_window_however_often_it_comes_up)
{
    AUTO(shop) *shop = shop_open(NULL);
    AUTO_CLEAR(bytes) told = {0};
    shop->snapshot_every = 7;
    for (int day = 0; day < 70; day++) {
        char who[32];
        snprintf(who, sizeof who, "i%d ben -", day);
        if (*shop_play(shop, who, "'incident':{'kind':'DAMAGE'}"))
            bytes_append_format(&told, "%d ", day);
        shop_sleep(shop, DAY_S);
    }
    assert_text_equal(bytes_text(&told), "2 33 64 ");
}

RUN_TESTS(cmocka_unit_test(I1_unanswered_question_goes_to_who_knows_the_topic_in_one_hop),
          cmocka_unit_test(I1_unanswered_question_goes_to_the_department_where_nobody_knows_the_topic),
          cmocka_unit_test(I1_unanswered_question_goes_one_level_up_where_nobody_is_known_to_know),
          cmocka_unit_test(I1_unanswered_question_climbs_when_nobody_takes_it),
          cmocka_unit_test(I2_knowledge_gap_is_the_same_topic_three_times_within_seven_days),
          cmocka_unit_test(I2_knowledge_gap_is_none_where_the_first_was_longer_ago),
          cmocka_unit_test(H2_repeated_incident_is_told_once_a_window_however_often_it_comes_up))
