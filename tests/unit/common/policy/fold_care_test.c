/* fold_care: the rows about what customers are worth to us: A5, G4, J5, K1. */
#include "tests/support/check.h"
#include "tests/support/shop.h"

#include <stdio.h>

#define TELL(who, body, expected) assert_text_equal(shop_play(shop, who, body), expected)
#define WAIT(seconds, expected)   assert_text_equal(shop_wait(shop, seconds), expected)

#define ASK(id, minor)                                                                                       \
    "'remedy_requested':{'remedy_id':'" id "','kind':'REFUND','amount':{'minor':" #minor ",'currency':'EUR'" \
    "}}"
#define OPEN(channel)   "'interaction_opened':{'channel':'" channel "'}"
#define CLOSE(outcome)  "'interaction_closed':{'outcome':'" outcome "'}"
#define SALE            "'sale_completed':{'lines':[{'product_id':'drill'}]}"
#define QUEUE           "'wait_started':{'kind':'QUEUE'}"
#define COMPLAIN_PUBLIC "'complaint':{'about':'PRICE','in_public':true}"

enum { DAY_S = 86400 };

static TEST(A5_cost_of_a_yes_that_is_cheaper_than_the_expected_loss_is_granted)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", ASK("r1", 7999),
         "A5 remedy_changed reserved 79.99 anna\nA5 verdict_given granted 79.99");
    const WireProof *proof = shop->decisions->items[1]->verdict->proof;
    assert_int_equal(proof->reach, 16);
    assert_int_equal(proof->hearer_minor, 500);
    assert_int_equal(proof->expected_loss_minor, 8000);
    assert_int_equal(proof->cap_minor, 15000);
    assert_int_equal(proof->levels[0]->shortfall_minor, 2999);
    TELL("i1 anna c1", ASK("r1", 7999), "- verdict_given granted 79.99");
    TELL("i2 anna c2", ASK("r2", 8000),
         "A2 case_opened shift_lead normal open\nA2 remedy_changed requested 80.00 -\n"
         "A2 verdict_given escalated shift_lead");
}

static TEST(A5_cost_of_a_yes_counts_who_hears_in_public_up_to_the_cap)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_play(shop, "i1 anna c1", COMPLAIN_PUBLIC);
    TELL("i1 anna c1", ASK("r1", 15000),
         "A5 remedy_changed reserved 150.00 anna\nA5 verdict_given granted 150.00");
    assert_int_equal(shop->decisions->items[1]->verdict->proof->expected_loss_minor, 500000);
    shop_play(shop, "i2 anna c2", COMPLAIN_PUBLIC);
    TELL("i2 anna c2", ASK("r2", 15001),
         "A2 case_opened shift_lead normal open\nA2 remedy_changed requested 150.01 -\n"
         "A2 verdict_given escalated shift_lead");
}

static TEST(A5_cost_of_a_yes_gives_one_customer_no_more_than_the_cap_in_a_day)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", ASK("r1", 7500),
         "A5 remedy_changed reserved 75.00 anna\nA5 verdict_given granted 75.00");
    TELL("i2 ben c1", ASK("r2", 7500),
         "A5 remedy_changed reserved 75.00 ben\nA5 verdict_given granted 75.00");
    TELL("i3 cem c1", ASK("r3", 5001),
         "A2 case_opened shift_lead normal open\nA2 remedy_changed requested 50.01 -\n"
         "A2 verdict_given escalated shift_lead");
}

static TEST(A5_cost_of_a_yes_is_charged_and_ends_with_the_employees_day)
{
    AUTO(shop) *shop = shop_open(NULL);
    char who[32], ask[160], expected[120];
    for (int i = 0; i < 6; i++) {
        snprintf(who, sizeof who, "i%d anna c%d", i, i);
        snprintf(
            ask, sizeof ask,
            "'remedy_requested':{'remedy_id':'r%d','kind':'REFUND','amount':{'minor':7000,'currency':'EUR'}}",
            i);
        snprintf(expected, sizeof expected,
                 "A5 remedy_changed reserved 70.00 anna\nA5 verdict_given granted 70.00");
        TELL(who, ask, expected);
    }
    TELL("i7 anna c7", ASK("r7", 7999),
         "A5 remedy_changed reserved 79.99 anna\nA5 verdict_given granted 79.99"); /* 499.99 of 500.00 */
    TELL("i8 anna c8", ASK("r8", 5001),
         "A2 case_opened shift_lead normal open\nA2 remedy_changed requested 50.01 -\n"
         "A2 verdict_given escalated shift_lead");
}

static TEST(G3_word_of_mouth_of_a_bad_end_in_public_is_larger)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_play(shop, "i1 anna -", COMPLAIN_PUBLIC);
    TELL("i1 anna -", CLOSE("DISSATISFIED"),
         "G2 follow_up_opened recovery anna\nG3 experience_recorded bad 1000");
    shop_play(shop, "i2 anna -", COMPLAIN_PUBLIC);
    TELL("i2 anna -", CLOSE("SATISFIED"), "G3 experience_recorded good 9");
}

static TEST(G4_returning_customers_are_credited_to_who_earned_it)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", OPEN("COUNTER"), "");
    TELL("i1 ben c1", CLOSE("SATISFIED"), "G3 experience_recorded good 9");
    TELL("i2 anna c1", OPEN("COUNTER"), "G4 recognition_made ben shift_lead");
    TELL("i2 anna c1", CLOSE("NEUTRAL"), "G3 experience_recorded neither 0");
    TELL("i3 anna c1", OPEN("COUNTER"), "");
    TELL("i3 anna c1", "'interaction_closed':{'outcome':'SERVED','rating':4}",
         "G3 experience_recorded good 9");
    TELL("i4 anna c1", OPEN("COUNTER"), "G4 recognition_made anna shift_lead");
    TELL("i5 anna c5", OPEN("COUNTER"), "");
}

static TEST(J5_appreciation_of_the_tenth_visit)
{
    AUTO(shop) *shop = shop_open(NULL);
    char who[32];
    for (int i = 1; i < 10; i++) {
        snprintf(who, sizeof who, "i%d anna c1", i);
        TELL(who, OPEN("COUNTER"), "");
        shop_play(shop, who, CLOSE("NEUTRAL"));
    }
    TELL("i10 anna c1", OPEN("COUNTER"), "J5 follow_up_opened thank_you anna\nJ5 verdict_given advice J5");
    shop_play(shop, "i10 anna c1", CLOSE("NEUTRAL"));
    TELL("i11 anna c1", OPEN("COUNTER"), "");
}

static TEST(J5_appreciation_of_the_first_visit_a_year_after_the_first)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", OPEN("COUNTER"), "");
    shop_play(shop, "i1 anna c1", CLOSE("NEUTRAL"));
    WAIT(365 * DAY_S - 1, "");
    TELL("i2 anna c1", OPEN("COUNTER"), "");
    shop_play(shop, "i2 anna c1", CLOSE("NEUTRAL"));
    WAIT(1, "");
    TELL("i3 anna c1", OPEN("COUNTER"), "J5 follow_up_opened thank_you anna\nJ5 verdict_given advice J5");
    shop_play(shop, "i3 anna c1", CLOSE("NEUTRAL"));
    TELL("i4 anna c1", OPEN("COUNTER"), "");
}

static TEST(K1_after_sale_parity_at_the_service_desk)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", SALE, "");
    WAIT(364 * DAY_S, "");
    TELL("i2 - c1", OPEN("SERVICE_DESK"), "");
    TELL("i2 - c1", QUEUE, "");
    WAIT(359, "");
    WAIT(1, "K1 case_opened shift_lead normal open");
    TELL("i2 anna c1", "'wait_ended':{'kind':'QUEUE'}",
         "K1 case_overtaken shift_lead normal overtaken\n"
         "A3 notice_given anna");
}

static TEST(K1_after_sale_parity_is_over_after_a_year_and_the_counter_has_its_own)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", SALE, "");
    TELL("i2 - c1", OPEN("COUNTER"), "");
    TELL("i2 - c1", QUEUE, "");
    WAIT(360, "C1 case_opened shift_lead normal open");
    TELL("i2 - c1", "'wait_ended':{'kind':'QUEUE'}",
         "C1 case_overtaken shift_lead normal overtaken\n"
         "A3 notice_given anna");
    WAIT(366 * DAY_S, "");
    shop_play(shop, "i3 - c1", OPEN("SERVICE_DESK"));
    shop_play(shop, "i3 - c1", QUEUE);
    WAIT(360, "");
}

static TEST(K1_after_sale_parity_of_hurried_customers_too)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", SALE, "");
    shop_play(shop, "i2 - c1", OPEN("SERVICE_DESK"));
    shop_play(shop, "i2 - c1", "'mood_observed':{'mood':'HURRIED'}");
    shop_play(shop, "i2 - c1", QUEUE);
    WAIT(120, "K1 case_opened shift_lead normal open");
}

static TEST(A8_no_within_authority_says_where_and_on_which_day_it_was)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_play(shop, "i1 anna c1",
              "'remedy_refused':{'remedy_id':'r1','amount':{'minor':2000,'currency':'EUR'}}");
    size_t at = 0;
    while (at < shop->decisions->count &&
           shop->decisions->items[at]->body_case != WIRE_DECISION__BODY_COACHING)
        at++;
    assert_true(at < shop->decisions->count);
    const WireCoaching *coaching = shop->decisions->items[at]->coaching;
    assert_text_equal(coaching->rule_id, "A8");
    assert_text_equal(coaching->store_id, "harbour");
    assert_text_equal(coaching->interaction_id, "i1");
    assert_text_equal(coaching->subject, "r1");
    assert_text_equal(coaching->day, "2026-03-02");
}

RUN_TESTS(cmocka_unit_test(A5_cost_of_a_yes_that_is_cheaper_than_the_expected_loss_is_granted),
          cmocka_unit_test(A5_cost_of_a_yes_counts_who_hears_in_public_up_to_the_cap),
          cmocka_unit_test(A5_cost_of_a_yes_gives_one_customer_no_more_than_the_cap_in_a_day),
          cmocka_unit_test(A5_cost_of_a_yes_is_charged_and_ends_with_the_employees_day),
          cmocka_unit_test(G3_word_of_mouth_of_a_bad_end_in_public_is_larger),
          cmocka_unit_test(G4_returning_customers_are_credited_to_who_earned_it),
          cmocka_unit_test(A8_no_within_authority_says_where_and_on_which_day_it_was),
          cmocka_unit_test(J5_appreciation_of_the_tenth_visit),
          cmocka_unit_test(J5_appreciation_of_the_first_visit_a_year_after_the_first),
          cmocka_unit_test(K1_after_sale_parity_at_the_service_desk),
          cmocka_unit_test(K1_after_sale_parity_is_over_after_a_year_and_the_counter_has_its_own),
          cmocka_unit_test(K1_after_sale_parity_of_hurried_customers_too))
