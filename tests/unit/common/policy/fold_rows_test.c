/* fold_rows: every row of the domain that the shipped policy implements, by its name. */
#include "tests/support/check.h"
#include "tests/support/shop.h"

#include <stdio.h>

#define TELL(who, body, expected) assert_text_equal(shop_play(shop, who, body), expected)
#define WAIT(seconds, expected)   assert_text_equal(shop_wait(shop, seconds), expected)

#define ASK(id, minor)                                                                                       \
    "'remedy_requested':{'remedy_id':'" id "','kind':'REFUND','amount':{'minor':" #minor ",'currency':'EUR'" \
    "}}"
#define GIVE(id, minor)                                                                                      \
    "'remedy_granted':{'remedy_id':'" id "','amount':{'minor':" #minor ",'currency':'EUR'}}"
#define OPEN(channel)      "'interaction_opened':{'channel':'" channel "'}"
#define CLOSE(outcome)     "'interaction_closed':{'outcome':'" outcome "'}"
#define WAIT_STARTED(kind) "'wait_started':{'kind':'" kind "'}"
#define WAIT_ENDED(kind)   "'wait_ended':{'kind':'" kind "'}"

static const char *granted(const char *amount, const char *employee)
{
    static char text[160];
    snprintf(text, sizeof text, "A1 remedy_changed reserved %s %s\nA1 verdict_given granted %s", amount,
             employee, amount);
    return text;
}

static const char *escalated(const char *amount, const char *role)
{
    static char text[240];
    snprintf(text, sizeof text,
             "A2 case_opened %s normal open\nA2 remedy_changed requested %s -\nA2 verdict_given escalated %s",
             role, amount, role);
    return text;
}

static TEST(A1_front_line_authority_grants_within_what_remains)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", ASK("r1", 3000), granted("30.00", "anna"));
    TELL("i1 anna c1", ASK("r2", 5000), granted("50.00", "anna"));
    /* 80.00 of the 100.00 for one customer and day are used */
    TELL("i1 anna c1", ASK("r3", 2001), escalated("20.01", "shift_lead"));
    TELL("i2 anna c2", ASK("r4", 2001), granted("20.01", "anna"));
}

static TEST(A1_front_line_authority_grants_a_request_once_however_often_it_is_asked)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", ASK("r1", 5000), granted("50.00", "anna"));
    for (int i = 0; i < 5; i++)
        TELL("i1 anna c1", ASK("r1", 5000), "- verdict_given granted 50.00");
    TELL("i1 anna c1", ASK("r2", 5000), granted("50.00", "anna"));
    TELL("i1 anna c1", ASK("r3", 1), escalated("0.01", "shift_lead"));
}

static TEST(A1_front_line_authority_counts_what_was_confirmed_or_released)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", ASK("r1", 5000), granted("50.00", "anna"));
    TELL("i1 anna c1", GIVE("r1", 5000), "- remedy_changed granted 50.00 anna");
    TELL("i1 anna c1", GIVE("r1", 5000), "");
    TELL("i1 anna c1", ASK("r2", 5000), granted("50.00", "anna"));
    TELL("i1 anna c1", "'remedy_withdrawn':{'remedy_id':'r2'}", "- remedy_changed withdrawn 50.00 -");
    TELL("i1 anna c1", ASK("r3", 4000), granted("40.00", "anna"));
    TELL("i1 anna c1", GIVE("r4", 1000),
         "- remedy_changed granted 10.00 anna\nA9 coaching_made anna shift_lead"); /* without asking */
    TELL("i1 anna c1", ASK("r5", 1), escalated("0.01", "shift_lead"));
}

static TEST(A1_front_line_authority_is_that_of_the_role_on_duty)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("- lea -", "'on_duty':{'role':'shift_lead'}", "");
    TELL("i1 lea c1", ASK("r1", 20000), granted("200.00", "lea"));
    TELL("- lea -", "'off_duty':{}", "");
    TELL("i2 lea c2", ASK("r2", 20000), escalated("200.00", "shift_lead"));
}

static TEST(A1_front_line_authority_is_fresh_the_next_day)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", ASK("r1", 5000), granted("50.00", "anna"));
    TELL("i1 anna c1", ASK("r2", 5000), granted("50.00", "anna"));
    WAIT(14 * 3600 - 1, "");
    TELL("i1 anna c1", ASK("r3", 5000), escalated("50.00", "shift_lead"));
    shop_sleep(shop, 1);
    TELL("i1 anna c1", ASK("r4", 5000), granted("50.00", "anna"));
}

static TEST(A1_front_line_authority_of_an_employee_and_day_ends)
{
    AUTO(shop) *shop = shop_open(NULL);
    char who[32], ask[160];
    for (int i = 0; i < 10; i++) {
        snprintf(who, sizeof who, "i%d anna c%d", i, i);
        snprintf(
            ask, sizeof ask,
            "'remedy_requested':{'remedy_id':'r%d','kind':'REFUND','amount':{'minor':5000,'currency':'EUR'}}",
            i);
        TELL(who, ask, granted("50.00", "anna"));
    }
    TELL("i11 anna c11", ASK("r11", 1), escalated("0.01", "shift_lead"));
    TELL("i12 ben c12", ASK("r12", 5000), granted("50.00", "ben"));
}

static TEST(A2_one_hop_exactly_on_the_limit_is_within_it)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", ASK("r1", 5000), granted("50.00", "anna"));
    TELL("i2 anna c2", ASK("r2", 8000), escalated("80.00", "shift_lead")); /* below that it is A5 */
    TELL("i3 anna c3", ASK("r3", 20000), escalated("200.00", "shift_lead"));
    TELL("i4 anna c4", ASK("r4", 20001), escalated("200.01", "store_manager"));
    TELL("i5 anna c5", ASK("r5", 100000), escalated("1000.00", "store_manager"));
    TELL("i6 anna c6", ASK("r6", 100001), escalated("1000.01", "district_manager"));
    TELL("i7 anna c7", ASK("r7", 500000), escalated("5000.00", "district_manager"));
    TELL("i8 anna c8", ASK("r8", 500001), escalated("5000.01", "head_office"));
    TELL("i9 anna c9", ASK("r9", 99999999), escalated("999999.99", "head_office"));
}

static void assert_level(const WireProofLevel *level, const char *role, bool enough, WireLimitKind limit,
                         int64_t of, int64_t used, int64_t shortfall)
{
    assert_text_equal(level->role, role);
    assert_int_equal(level->enough, enough);
    if (enough)
        return;
    assert_int_equal(level->limit, limit);
    assert_int_equal(level->limit_minor, of);
    assert_int_equal(level->used_minor, used);
    assert_int_equal(level->shortfall_minor, shortfall);
}

static TEST(A2_one_hop_carries_the_proof)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", ASK("r1", 5000), granted("50.00", "anna"));
    TELL("i1 anna c1", ASK("r2", 4000), granted("40.00", "anna"));
    TELL("i1 anna c1", ASK("r3", 31100), escalated("311.00", "store_manager"));
    const WireProof *proof = shop->decisions->items[0]->case_->proof;
    assert_int_equal(proof->requested->minor, 31100);
    assert_int_equal(proof->n_levels, 3);
    assert_level(proof->levels[0], "associate", false, WIRE_LIMIT_KIND__PER_REMEDY, 5000, 0, 26100);
    assert_text_equal(proof->levels[0]->employee_id, "anna");
    assert_level(proof->levels[1], "shift_lead", false, WIRE_LIMIT_KIND__PER_REMEDY, 20000, 0, 11100);
    assert_null(proof->levels[1]->employee_id);
    assert_level(proof->levels[2], "store_manager", true, 0, 0, 0, 0);

    TELL("i1 anna c1", ASK("r4", 1100), escalated("11.00", "shift_lead"));
    proof = shop->decisions->items[0]->case_->proof;
    assert_level(proof->levels[0], "associate", false, WIRE_LIMIT_KIND__PER_CUSTOMER_DAY, 10000, 9000, 100);
}

static TEST(A2_one_hop_of_another_currency_goes_to_who_has_no_limit)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1",
         "'remedy_requested':{'remedy_id':'r1','kind':'REFUND','amount':{'minor':1,'currency':'USD'}}",
         escalated("0.01", "head_office"));
}

static TEST(A2_one_hop_the_answer_comes_back_and_is_charged_to_who_answers)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("- lea -", "'on_duty':{'role':'shift_lead'}", "");
    TELL("i1 anna c1", ASK("r1", 9000), escalated("90.00", "shift_lead"));
    TELL("- lea -",
         "'case_answered':{'escalation_id':'$case','round':$round,'answer':'GRANTED','amount':{'minor':8500,'"
         "currency':'EUR'}}",
         "A2 case_resolved shift_lead normal resolved\nA2 remedy_changed reserved 85.00 lea\nA3 notice_given "
         "anna");
    TELL("i1 anna c1", GIVE("r1", 8500), "- remedy_changed granted 85.00 lea");
    TELL("i1 anna c1", ASK("r2", 1600), escalated("16.00", "shift_lead"));
    TELL("i1 anna c1", ASK("r3", 1500), granted("15.00", "anna"));
}

static TEST(A2_one_hop_an_answer_needs_the_authority_for_it)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("- lea -", "'on_duty':{'role':'shift_lead'}", "");
    TELL("i1 anna c1", ASK("r1", 9000), escalated("90.00", "shift_lead"));
    TELL("- lea -",
         "'case_answered':{'escalation_id':'$case','round':$round,'answer':'GRANTED','amount':{'minor':20001,"
         "'currency':'EUR'}}",
         "A2 act_refused beyond_authority");
    TELL("- lea -", "'case_answered':{'escalation_id':'$case','round':$round,'answer':'GRANTED'}",
         "A2 act_refused no_amount");
    TELL("- anna -", "'case_answered':{'escalation_id':'$case','round':$round,'answer':'REFUSED'}",
         "A2 act_refused too_low");
    TELL("- lea -", "'case_answered':{'escalation_id':'$case','round':$round,'answer':'REFUSED'}",
         "A2 case_resolved shift_lead normal resolved\nA2 remedy_changed refused 90.00 -\nA3 notice_given "
         "anna");
    TELL("i1 anna c1", ASK("r1", 9000), "- verdict_given escalated");
}

static TEST(A3_owner_stays_and_hears_every_change)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_trust(shop, "head_office");
    TELL("i1 anna c1", OPEN("COUNTER"), "");
    TELL("i1 ben c1", "'leaving_signalled':{}",
         "G1 case_opened store_manager high open\nG1 verdict_given escalated store_manager");
    assert_text_equal(shop->decisions->items[0]->case_->owner, "anna");
    TELL("- mia -", "'case_acknowledged':{'escalation_id':'$case','round':$round,'role':'store_manager'}",
         "G1 case_acknowledged store_manager high acknowledged\nA3 notice_given anna");
    TELL("- mia -",
         "'case_answered':{'escalation_id':'$case','round':$round,'role':'store_manager','answer':'DONE'}",
         "G1 case_resolved store_manager high resolved\nA3 notice_given anna\nJ6 notice_given staff\nJ10 "
         "notice_given mia");
}

static TEST(A3_owner_stays_and_is_offered_first_when_the_customer_returns)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("- anna -", "'on_duty':{'role':'associate'}", "");
    TELL("- ben -", "'on_duty':{'role':'associate'}", "");
    TELL("i1 anna c1", OPEN("COUNTER"), "");
    TELL("i1 anna c1", CLOSE("SATISFIED"), "G3 experience_recorded good 9");
    WAIT(3600, "");
    TELL("i2 ben c1", OPEN("COUNTER"), "G4 recognition_made anna shift_lead\nA3 verdict_given advice A3");
    TELL("i2 ben c1", CLOSE("NEUTRAL"), "G3 experience_recorded neither 0");
    TELL("i3 anna c1", OPEN("COUNTER"), "");
    TELL("i3 anna c1", "'handed_over':{'to_employee_id':'ben','takes_ownership':true}", "");
    TELL("i4 ben c1", OPEN("COUNTER"), "");
    TELL("i5 anna c1", OPEN("COUNTER"), "A3 verdict_given advice A3");
}

static TEST(A4_second_hand_over_goes_to_someone_who_can_finish_it)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", "'handed_over':{'to_employee_id':'ben'}", "");
    TELL("i1 ben c1", "'handed_over':{'to_employee_id':'cem'}",
         "A4 case_opened shift_lead normal open\nA4 verdict_given escalated shift_lead");
    TELL("i1 cem c1", "'handed_over':{'to_employee_id':'dan'}",
         "A4 case_cause_added shift_lead normal open\nA4 verdict_given escalated shift_lead");
}

static TEST(A6_public_complaint_escalates_at_high_severity)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", "'complaint':{'about':'PRODUCT'}", "");
    TELL("i1 anna c1", "'complaint':{'about':'PRODUCT','in_public':false}", "");
    TELL("i1 anna c1", "'complaint':{'about':'PRODUCT','public_threatened':true}",
         "A6 case_opened store_manager high open\nA6 verdict_given escalated store_manager");
}

static TEST(A8_no_within_authority_becomes_coaching)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", "'remedy_refused':{'remedy_id':'r1','amount':{'minor':5000,'currency':'EUR'}}",
         "- remedy_changed refused 50.00 -\nA8 coaching_made anna shift_lead");
    TELL("i1 anna c1", "'remedy_refused':{'remedy_id':'r2','amount':{'minor':7999,'currency':'EUR'}}",
         "- remedy_changed refused 79.99 -\nA8 coaching_made anna shift_lead"); /* a yes is cheaper */
    TELL("i1 anna c1", "'remedy_refused':{'remedy_id':'r3','amount':{'minor':8000,'currency':'EUR'}}",
         "- remedy_changed refused 80.00 -");
}

static TEST(C1_hurried_waits_as_long_as_the_limit)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 - -", OPEN("COUNTER"), "");
    TELL("i1 - -", WAIT_STARTED("QUEUE"), "");
    WAIT(359, "");
    WAIT(1, "C1 case_opened shift_lead normal open");
    TELL("i1 anna -", WAIT_ENDED("QUEUE"),
         "C1 case_overtaken shift_lead normal overtaken\n"
         "A3 notice_given anna");
}

static TEST(C1_hurried_customers_wait_a_third)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 - -", WAIT_STARTED("QUEUE"), "");
    TELL("i1 - -", "'mood_observed':{'mood':'HURRIED'}", "");
    WAIT(119, "");
    WAIT(1, "C1 case_opened shift_lead normal open");
    TELL("i2 - -", WAIT_STARTED("QUEUE"), "");
    WAIT(200, "");
    TELL("i2 - -", "'mood_observed':{'mood':'HURRIED'}",
         "C1 case_opened shift_lead normal open\nC1 verdict_given escalated shift_lead");
}

static TEST(C1_hurried_is_not_about_the_phone)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 - -", OPEN("PHONE"), "");
    TELL("i1 - -", WAIT_STARTED("QUEUE"), "");
    WAIT(4000, "");
}

static TEST(C2_unsure_customers_get_unhurried_time)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna -", "'mood_observed':{'mood':'UNSURE'}", "C2 verdict_given advice C2");
    TELL("i2 anna -", "'interaction_opened':{'channel':'COUNTER','first_purchase':true}",
         "C2 verdict_given advice C2");
}

static TEST(C3_angry_customers_meet_somebody_at_once)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", "'mood_observed':{'mood':'CALM'}", "");
    TELL("i1 anna c1", "'mood_observed':{'mood':'ANGRY'}",
         "C3 case_opened shift_lead high open\nC3 verdict_given escalated shift_lead");
    TELL("i1 anna c1", CLOSE("NEUTRAL"),
         "C3 case_overtaken shift_lead high overtaken\n"
         "G3 experience_recorded neither 0\n"
         "A3 notice_given anna");
}

static TEST(C4_delighted_becomes_recognition)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", "'mood_observed':{'mood':'DELIGHTED'}", "C4 recognition_made anna shift_lead");
}

static TEST(D2_listen_first_before_an_offer)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", "'offer_made':{'product_id':'tyre'}", "D2 verdict_given advice D2");
    TELL("i1 anna c1", "'need_recorded':{}", "");
    TELL("i1 anna c1", "'offer_made':{'product_id':'tyre'}", "");
}

static TEST(D3_not_heard_becomes_coaching)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", "'complaint':{'about':'NOT_HEARD'}", "D3 coaching_made anna shift_lead");
}

static TEST(E2_told_untrue_goes_to_the_store_manager)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", "'complaint':{'about':'TOLD_UNTRUE'}",
         "E2 case_opened store_manager high open\nE2 verdict_given escalated store_manager");
}

static TEST(F1_menus_more_than_three_are_a_finding)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 - -", "'wait_reported':{'kind':'MENU','duration_ms':20000,'menus':3}", "");
    TELL("i1 - -", "'wait_reported':{'kind':'MENU','duration_ms':20000,'menus':1}",
         "F1 finding_made harbour/till 4");
    TELL("i1 - -", "'wait_reported':{'kind':'MENU','duration_ms':20000,'menus':1}", "");
    TELL("i2 - -", "'wait_reported':{'kind':'MENU','duration_ms':20000,'menus':4}",
         "F1 finding_made harbour/till 4");
}

static TEST(F2_hold_of_five_minutes_goes_to_the_lead_and_of_fifteen_to_the_manager)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_trust(shop, "head_office");
    TELL("i1 - c1", OPEN("PHONE"), "");
    TELL("i1 - c1", WAIT_STARTED("HOLD"), "");
    WAIT(299, "");
    WAIT(1, "F2 case_opened shift_lead normal open");
    TELL("- lea -",
         "'case_acknowledged':{'escalation_id':'$case','round':$round,'role':'shift_lead','until_at':"
         "1772449200000000}",
         "F2 case_acknowledged shift_lead normal acknowledged");
    WAIT(599, "");
    WAIT(1, "F2 case_raised store_manager high open");
    assert_true(shop->decisions->items[0]->case_->call_back);
    TELL("i1 anna c1", WAIT_ENDED("HOLD"),
         "F2 case_overtaken store_manager high overtaken\n"
         "A3 notice_given anna");
}

static TEST(F2_hold_that_ended_in_time_is_nothing)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 - c1", OPEN("PHONE"), "");
    TELL("i1 - c1", WAIT_STARTED("HOLD"), "");
    WAIT(299, "");
    TELL("i1 - c1", WAIT_ENDED("HOLD"), "");
    WAIT(5000, "");
    TELL("i1 - c1", WAIT_STARTED("HOLD"), "");
    WAIT(10, "");
    TELL("i1 - c1", WAIT_STARTED("QUEUE"), "");
    WAIT(5000, "");
}

static TEST(F2_hold_whose_limit_passed_untold_is_recorded_when_it_ends)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 - c1", WAIT_STARTED("HOLD"), "");
    shop_sleep(shop, 299);
    TELL("i1 anna c1", WAIT_ENDED("HOLD"), "");
    TELL("i1 - c1", WAIT_STARTED("HOLD"), "");
    shop_sleep(shop, 300); /* nobody looked at the clock */
    TELL("i1 anna c1", WAIT_ENDED("HOLD"),
         "F2 case_opened shift_lead normal open silenced\nF2 case_overtaken shift_lead normal overtaken "
         "silenced");
    TELL("i2 - c1", WAIT_STARTED("HOLD"), "");
    shop_sleep(shop, 1000);
    TELL("i2 - c1", CLOSE("ABANDONED"),
         "F2 case_opened store_manager high open silenced\nF2 case_overtaken store_manager high overtaken "
         "silenced\n"
         "F3 follow_up_opened call_back anna\nG3 experience_recorded bad 16");
    TELL("i3 - c1", WAIT_STARTED("HOLD"), "");
    WAIT(400, "F2 case_opened shift_lead normal open");
    TELL("i3 anna c1", WAIT_ENDED("HOLD"),
         "F2 case_overtaken shift_lead normal overtaken\n"
         "A3 notice_given anna");
}

static TEST(F2_hold_of_a_register_that_was_offline_is_recorded_and_pages_nobody)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop->sent_after_us = 2 * 86400 * INT64_C(1000000);
    TELL("i1 - c1", WAIT_STARTED("HOLD"), "");
    WAIT(3600, ""); /* the clock of something so old does not run */
    TELL("i1 anna c1", WAIT_ENDED("HOLD"),
         "F2 case_opened store_manager high open silenced late\n"
         "F2 case_overtaken store_manager high overtaken silenced late");
}

static TEST(F2_hold_is_judged_on_arrival_of_a_report)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 - -", "'wait_reported':{'kind':'HOLD','duration_ms':299999}", "");
    TELL("i1 - -", "'wait_reported':{'kind':'HOLD','duration_ms':300000}",
         "F2 case_opened shift_lead normal open\nF2 verdict_given escalated shift_lead");
    TELL("i2 - -", "'wait_reported':{'kind':'HOLD','duration_ms':899999}",
         "F2 case_opened shift_lead normal open\nF2 verdict_given escalated shift_lead");
    TELL("i3 - -", "'wait_reported':{'kind':'HOLD','duration_ms':900000}",
         "F2 case_opened store_manager high open\nF2 verdict_given escalated store_manager");
    TELL("i3 anna -", CLOSE("SERVED"),
         "F2 case_overtaken store_manager high overtaken\n"
         "G3 experience_recorded neither 0\n"
         "A3 notice_given anna");
}

static TEST(F3_abandoned_waits_get_a_call_back_if_known)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 - c1", "'wait_reported':{'kind':'HOLD','duration_ms':1000}", "");
    TELL("i1 - c1", CLOSE("ABANDONED"), "F3 follow_up_opened call_back -\nG3 experience_recorded bad 16");
    TELL("i2 - -", "'wait_reported':{'kind':'QUEUE','duration_ms':1000}", "");
    TELL("i2 - -", CLOSE("ABANDONED"), "G3 experience_recorded bad 16");
    TELL("i3 - c3", "'wait_reported':{'kind':'MENU','duration_ms':1000}", "");
    TELL("i3 - c3", CLOSE("ABANDONED"), "G3 experience_recorded neither 0");
    TELL("i4 - c4", WAIT_STARTED("HOLD"), "");
    TELL("i4 - c4", CLOSE("ABANDONED"), "F3 follow_up_opened call_back -\nG3 experience_recorded bad 16");
    TELL("i5 anna c1", CLOSE("SERVED"),
         "F3 follow_up_overtaken call_back -\nG3 experience_recorded neither 0");
}

static TEST(G1_leaving_escalates_whoever_is_at_the_counter)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", "'leaving_signalled':{}",
         "G1 case_opened store_manager high open\nG1 verdict_given escalated store_manager");
    TELL("i1 anna c1", CLOSE("NEUTRAL"),
         "G3 experience_recorded neither 0"); /* it outlives the interaction */
}

static TEST(G2_dissatisfied_close_gets_a_recovery_within_a_day)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", CLOSE("DISSATISFIED"),
         "G2 follow_up_opened recovery anna\nG3 experience_recorded bad 16");
    WAIT(86399, "");
    WAIT(1, "G2 follow_up_overdue recovery anna\nG2 notice_given anna");
    WAIT(86400, "G2 notice_given shift_lead");
    WAIT(864000, "");
}

static TEST(G3_word_of_mouth_is_recorded_for_every_closed_interaction)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 - -", CLOSE("SATISFIED"), "G3 experience_recorded good 9");
    TELL("i2 - -", "'interaction_closed':{'outcome':'SERVED','rating':4}", "G3 experience_recorded good 9");
    TELL("i3 - -", "'interaction_closed':{'outcome':'SERVED','rating':3}",
         "G3 experience_recorded neither 0");
    TELL("i4 - -", "'interaction_closed':{'outcome':'SERVED','rating':2}",
         "G2 follow_up_opened recovery -\nG3 experience_recorded bad 16");
    TELL("i5 - -", CLOSE("ABANDONED"), "G3 experience_recorded neither 0");
    TELL("i6 - -", CLOSE("NEUTRAL"), "G3 experience_recorded neither 0");
}

static TEST(H1_safety_incident_goes_to_the_store_manager_and_mutes_the_rest)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", "'mood_observed':{'mood':'ANGRY'}",
         "C3 case_opened shift_lead high open\nC3 verdict_given escalated shift_lead");
    TELL("i1 anna c1", "'incident':{'kind':'INJURY'}",
         "H1 case_opened store_manager critical open\nC3 case_muted shift_lead high open silenced\n"
         "H1 verdict_given escalated store_manager");
    assert_true(shop->decisions->items[0]->case_->legal);
    TELL("i1 anna c1", "'leaving_signalled':{}",
         "G1 case_opened store_manager high open silenced\nG1 case_muted store_manager high open silenced\n"
         "G1 verdict_given escalated store_manager");
    TELL("i2 anna -", "'incident':{'kind':'DAMAGE'}", "");
    TELL("i2 anna -", "'incident':{'kind':'SPILL'}",
         "H1 case_opened store_manager critical open\nH1 verdict_given escalated store_manager");
    assert_false(shop->decisions->items[0]->case_->legal);
}

static TEST(J1_compliment_reaches_the_employee_and_their_manager)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", "'compliment':{}", "J1 recognition_made anna shift_lead");
    TELL("i1 anna c1", "'compliment':{'for_employee_id':'ben'}", "J1 recognition_made ben shift_lead");
    TELL("- - -", "'compliment':{}", "J1 recognition_made - shift_lead");
}

static TEST(J2_extra_mile_is_recognised)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("- anna -", "'achievement':{'kind':'HELPED_OTHER_DEPARTMENT'}",
         "J2 recognition_made anna shift_lead");
    TELL("- anna -", "'achievement':{'kind':'SALES_GAIN'}", "");
}

static TEST(J2_extra_mile_a_top_rating_after_trouble)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", "'interaction_closed':{'outcome':'SATISFIED','rating':5}",
         "G3 experience_recorded good 9");
    TELL("i2 anna c1", "'complaint':{'about':'PRODUCT'}", "");
    TELL("i2 anna c1", "'interaction_closed':{'outcome':'SATISFIED','rating':5}",
         "G3 experience_recorded good 9\nJ2 recognition_made anna shift_lead");
}

static TEST(J4_lesson_reaches_the_staff)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("- anna -", "'lesson_shared':{'topic':'tyres'}", "J4 notice_given staff");
}

static TEST(J6_hard_case_is_offered_as_a_lesson_without_names)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_trust(shop, "head_office");
    TELL("i1 anna c1", "'handed_over':{'to_employee_id':'ben'}", "");
    shop_play(shop, "i1 anna c1", "'handed_over':{'to_employee_id':'ben'}");
    TELL("- lea -",
         "'case_answered':{'escalation_id':'$case','round':$round,'role':'shift_lead','answer':'DONE'}",
         "A4 case_resolved shift_lead normal resolved\nA3 notice_given anna");
    shop_play(shop, "i1 anna c1", "'mood_observed':{'mood':'ANGRY'}");
    TELL("- lea -",
         "'case_answered':{'escalation_id':'$case','round':$round,'role':'shift_lead','answer':'DONE'}",
         "C3 case_resolved shift_lead high resolved\nA3 notice_given anna\nJ6 notice_given staff\nJ10 "
         "notice_given lea");
    const WireDecision *notice = shop->decisions->items[shop->decisions->count - 2]; /* before the verdict */
    assert_null(strstr(notice->notice->sentence, "anna"));
    assert_null(strstr(notice->notice->sentence, "lea"));
}

#define ROW(name) cmocka_unit_test(name)
RUN_TESTS(ROW(A1_front_line_authority_grants_within_what_remains),
          ROW(A1_front_line_authority_grants_a_request_once_however_often_it_is_asked),
          ROW(A1_front_line_authority_counts_what_was_confirmed_or_released),
          ROW(A1_front_line_authority_is_that_of_the_role_on_duty),
          ROW(A1_front_line_authority_is_fresh_the_next_day),
          ROW(A1_front_line_authority_of_an_employee_and_day_ends),
          ROW(A2_one_hop_exactly_on_the_limit_is_within_it), ROW(A2_one_hop_carries_the_proof),
          ROW(A2_one_hop_of_another_currency_goes_to_who_has_no_limit),
          ROW(A2_one_hop_the_answer_comes_back_and_is_charged_to_who_answers),
          ROW(A2_one_hop_an_answer_needs_the_authority_for_it), ROW(A3_owner_stays_and_hears_every_change),
          ROW(A3_owner_stays_and_is_offered_first_when_the_customer_returns),
          ROW(A4_second_hand_over_goes_to_someone_who_can_finish_it),
          ROW(A6_public_complaint_escalates_at_high_severity), ROW(A8_no_within_authority_becomes_coaching),
          ROW(C1_hurried_waits_as_long_as_the_limit), ROW(C1_hurried_customers_wait_a_third),
          ROW(C1_hurried_is_not_about_the_phone), ROW(C2_unsure_customers_get_unhurried_time),
          ROW(C3_angry_customers_meet_somebody_at_once), ROW(C4_delighted_becomes_recognition),
          ROW(D2_listen_first_before_an_offer), ROW(D3_not_heard_becomes_coaching),
          ROW(E2_told_untrue_goes_to_the_store_manager), ROW(F1_menus_more_than_three_are_a_finding),
          ROW(F2_hold_of_five_minutes_goes_to_the_lead_and_of_fifteen_to_the_manager),
          ROW(F2_hold_that_ended_in_time_is_nothing),
          ROW(F2_hold_whose_limit_passed_untold_is_recorded_when_it_ends),
          ROW(F2_hold_of_a_register_that_was_offline_is_recorded_and_pages_nobody),
          ROW(F2_hold_is_judged_on_arrival_of_a_report), ROW(F3_abandoned_waits_get_a_call_back_if_known),
          ROW(G1_leaving_escalates_whoever_is_at_the_counter),
          ROW(G2_dissatisfied_close_gets_a_recovery_within_a_day),
          ROW(G3_word_of_mouth_is_recorded_for_every_closed_interaction),
          ROW(H1_safety_incident_goes_to_the_store_manager_and_mutes_the_rest),
          ROW(J1_compliment_reaches_the_employee_and_their_manager), ROW(J2_extra_mile_is_recognised),
          ROW(J2_extra_mile_a_top_rating_after_trouble), ROW(J4_lesson_reaches_the_staff),
          ROW(J6_hard_case_is_offered_as_a_lesson_without_names))
