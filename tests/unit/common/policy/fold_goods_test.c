/* fold_goods: what is sold, offered again, returned, waited for and asked after: rows B4 to B6, E1 and E3. */
#include "tests/support/check.h"
#include "tests/support/shop.h"

#define TELL(who, body, expected) assert_text_equal(shop_play(shop, who, body), expected)
#define WAIT(seconds, expected)   assert_text_equal(shop_wait(shop, seconds), expected)

#define NEED                    "'need_recorded':{}"
#define SELL(product)           "'sale_completed':{'lines':[{'product_id':'" product "'}]}"
#define OFFER(product)          "'offer_made':{'product_id':'" product "'}"
#define RETURN(product, reason) "'return_made':{'product_id':'" product "','reason':'" reason "'}"
#define WANT(product)           "'product_wanted':{'product_id':'" product "'}"
#define ARRIVE(product)         "'stock_arrived':{'product_id':'" product "'}"
#define EXPECT(product, at)     "'stock_expected':{'product_id':'" product "','expected_at':'" at "Z'}"
#define CLOSE                   "'interaction_closed':{'outcome':'SERVED'}"

#define CHECK_IN "B5 follow_up_opened check_in anna"
#define CALL     "B6 follow_up_opened goods_arrived anna"
#define NEEDLESS "E1 follow_up_opened customer_care anna\nE1 coaching_made anna shift_lead"

enum { HOUR = 3600, DAY = 86400 };

static const WireFollowUp *follow_up(const struct shop *shop, size_t at)
{
    return shop->decisions->items[at]->follow_up;
}

static TEST(B4_promise_beyond_means_is_due_before_the_stock_can_arrive)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("- - -", EXPECT("bike", "2026-03-02T15:00:00"), "");
    TELL("i1 anna c1",
         "'promise_made':{'promise_id':'p1','due_at':'2026-03-02T14:59:59Z','product_id':'bike'}",
         "B1 promise_changed open anna\nB4 coaching_made anna shift_lead\nB4 verdict_given advice B4");
    TELL("i1 anna c1", "'promise_renegotiated':{'promise_id':'p1','due_at':'2026-03-02T15:00:00Z'}",
         "B1 promise_changed renegotiated anna");
    TELL("i1 anna c1",
         "'promise_made':{'promise_id':'p2','due_at':'2026-03-02T14:00:00Z','product_id':'tent'}",
         "B1 promise_changed open anna");
    TELL("- - -", ARRIVE("bike"), "");
    TELL("i1 anna c1",
         "'promise_made':{'promise_id':'p3','due_at':'2026-03-02T11:00:00Z','product_id':'bike'}",
         "B1 promise_changed open anna");
}

static TEST(B5_after_sale_check_in_is_scheduled_with_the_owner)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", NEED, "");
    TELL("i1 ben c1", SELL("mattress"), CHECK_IN);
    assert_text_equal(follow_up(shop, 0)->subject, "mattress");
    assert_text_equal(follow_up(shop, 0)->customer_id, "c1");
    assert_int_equal(follow_up(shop, 0)->due_at - shop->now, 14 * DAY * INT64_C(1000000));
    TELL("i1 anna c1", SELL("pillow"), "");
    TELL("i2 anna -", SELL("mattress"), ""); /* nobody to ask */
    WAIT(14 * DAY, "B5 follow_up_overdue check_in anna\nB5 notice_given anna");
}

static TEST(B5_after_sale_check_in_is_about_each_product_of_a_sale)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("- - -", "'product_described':{'product_id':'sofa','check_in_after_ms':3600000}", "");
    TELL("- - -", "'product_described':{'product_id':'mattress','check_in':false}", "");
    TELL("- - -", "'product_described':{'product_id':'lamp','check_in':true}", "");
    TELL("i1 anna c1",
         "'sale_completed':{'lines':[{'product_id':'lamp'},{'product_id':'mattress'},{'product_id':'sofa'},"
         "{'product_id':'lamp'},{'product_id':'nail'}]}",
         CHECK_IN "\n" CHECK_IN);
    assert_text_equal(follow_up(shop, 0)->subject, "lamp");
    assert_int_equal(follow_up(shop, 0)->due_at - shop->now, 14 * DAY * INT64_C(1000000));
    assert_text_equal(follow_up(shop, 1)->subject, "sofa");
    assert_int_equal(follow_up(shop, 1)->due_at - shop->now, HOUR * INT64_C(1000000));
    assert_text_equal(follow_up(shop, 1)->sentence, "Ask the customer how they are getting on with sofa.");
}

static TEST(B6_stock_arrived_calls_everyone_who_waits)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", WANT("bike"), "");
    TELL("i2 ben c2", WANT("bike"), "");
    TELL("i3 ben c1", WANT("bike"), "");
    TELL("i4 ben c3", WANT("tent"), "");
    TELL("i5 ben -", WANT("bike"), "");
    TELL("- - -", ARRIVE("bike"), CALL "\nB6 follow_up_opened goods_arrived ben");
    assert_text_equal(follow_up(shop, 0)->customer_id, "c1");
    assert_text_equal(follow_up(shop, 0)->interaction_id, "i1");
    assert_text_equal(follow_up(shop, 0)->subject, "bike");
    assert_text_equal(follow_up(shop, 1)->customer_id, "c2");
    assert_int_equal(follow_up(shop, 1)->due_at - shop->now, DAY * INT64_C(1000000));
    TELL("- - -", ARRIVE("bike"), "");
}

static TEST(B6_stock_arrived_in_one_store_is_not_in_another)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", WANT("bike"), "");
    shop->store_id = "station";
    TELL("- - -", ARRIVE("bike"), "");
    shop->store_id = "harbour";
    TELL("- - -", ARRIVE("bike"), CALL);
}

static TEST(B6_stock_arrived_is_nothing_to_who_has_it)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", NEED, "");
    TELL("i1 anna c1", WANT("bike"), "");
    TELL("i1 anna c1", SELL("bike"), "");
    TELL("- - -", ARRIVE("bike"), "");
    TELL("i1 anna c1", WANT("bike"), "");
    TELL("- - -", ARRIVE("bike"), CALL);
    TELL("i1 anna c1", SELL("nail"), "");
    TELL("i1 anna c1", SELL("bike"), "B6 follow_up_overtaken goods_arrived anna");
    WAIT(3 * DAY, "");
}

static TEST(E1_needless_offer_gets_advice_before_the_sale)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", NEED, "");
    TELL("i1 anna c1", OFFER("oil-change"), "");
    TELL("i1 anna c1", SELL("oil-change"), "");
    TELL("i1 anna c1", OFFER("tire-rotation"), "");
    WAIT(14 * DAY, "");
    TELL("i2 anna c1", NEED, "");
    TELL("i2 anna c1", OFFER("oil-change"), "E1 verdict_given advice E1");
    assert_text_equal(shop->decisions->items[0]->verdict->advice[0]->sentence,
                      "Last done on 2026-03-02 10:00: not needed yet.");
    TELL("i3 anna c2", NEED, "");
    TELL("i3 anna c2", OFFER("oil-change"), "");
    WAIT(166 * DAY - 1, "");
    TELL("i4 anna c1", NEED, "");
    TELL("i4 anna c1", OFFER("oil-change"), "E1 verdict_given advice E1");
    shop_sleep(shop, 1); /* exactly the interval */
    TELL("i4 anna c1", OFFER("oil-change"), "");
}

static TEST(E1_needless_offer_sold_all_the_same_is_coached_and_followed_up)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("- - -", "'product_described':{'product_id':'filter','service_interval_ms':86400000}", "");
    TELL("i1 anna c1", NEED, "");
    TELL("i1 anna c1", SELL("filter"), "");
    shop_sleep(shop, HOUR);
    TELL("i2 anna c1", NEED, "");
    TELL("i2 anna c1", "'sale_completed':{'lines':[{'product_id':'nail'},{'product_id':'filter'}]}",
         NEEDLESS);
    assert_text_equal(follow_up(shop, 0)->subject, "filter");
    assert_text_equal(shop->decisions->items[1]->coaching->subject, "filter");
    TELL("- - -", "'product_described':{'product_id':'filter','service_interval_ms':60000}", "");
    shop_sleep(shop, 60);
    TELL("i2 anna c1", SELL("filter"), "");
}

static TEST(E3_wrong_thing_was_sold_without_any_need)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", SELL("coat"), "");
    TELL("i2 ben c2", NEED, "");
    TELL("i2 ben c2", SELL("coat"), "");
    TELL("i1 anna c1", CLOSE, "G3 experience_recorded neither 0");
    shop_sleep(shop, 20 * DAY);
    TELL("i3 ben c1", RETURN("coat", "DEFECTIVE"), "");
    TELL("i3 ben c1", RETURN("coat", "DOES_NOT_SUIT"), "E3 coaching_made anna shift_lead");
    assert_text_equal(shop->decisions->items[0]->coaching->subject, "coat");
    TELL("i4 ben c2", RETURN("coat", "DOES_NOT_SUIT"), "");
    TELL("i4 ben c2", RETURN("hat", "DOES_NOT_SUIT"), "");
}

static TEST(E3_wrong_thing_is_found_by_where_it_was_sold)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna -", SELL("coat"), "");
    shop_sleep(shop, 20 * DAY);
    TELL("i2 ben -",
         "'return_made':{'product_id':'coat','reason':'DOES_NOT_SUIT','sale_interaction_id':'i9'}", "");
    TELL("i2 ben -",
         "'return_made':{'product_id':'coat','reason':'DOES_NOT_SUIT','sale_interaction_id':'i1'}",
         "E3 coaching_made anna shift_lead");
}

static TEST(a_drill_sells_nothing)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop->drill = true;
    TELL("i1 anna c1", WANT("bike"), "");
    TELL("i1 anna c1", SELL("oil-change"), "");
    shop->drill = false;
    TELL("- - -", ARRIVE("bike"), "");
    TELL("i2 anna c1", NEED, "");
    TELL("i2 anna c1", OFFER("oil-change"), "");
}

static TEST(who_waits_beyond_the_cap_is_forgotten_and_told)
{
    struct fold_limits limits = fold_limits_default;
    limits.wants = 2;
    limits.purchases = 1;
    AUTO(shop) *shop = shop_open_bounded(NULL, &limits);
    TELL("i1 anna c1", WANT("bike"), "");
    TELL("i2 anna c2", WANT("tent"), "");
    TELL("i3 anna c3", WANT("sled"), "");
    TELL("i3 anna c3", NEED, "- finding_made state/forgotten 1");
    TELL("- - -", ARRIVE("bike"), "");
    TELL("- - -", ARRIVE("tent"), CALL);
    TELL("i3 anna c3", SELL("oil-change"), "");
    TELL("i3 anna c3", SELL("tire-rotation"), "");
    TELL("i3 anna c3", OFFER("oil-change"), "- finding_made state/forgotten 2");
}

#define ROW(name) cmocka_unit_test(name)
RUN_TESTS(ROW(B4_promise_beyond_means_is_due_before_the_stock_can_arrive),
          ROW(B5_after_sale_check_in_is_scheduled_with_the_owner),
          ROW(B5_after_sale_check_in_is_about_each_product_of_a_sale),
          ROW(B6_stock_arrived_calls_everyone_who_waits),
          ROW(B6_stock_arrived_in_one_store_is_not_in_another),
          ROW(B6_stock_arrived_is_nothing_to_who_has_it), ROW(E1_needless_offer_gets_advice_before_the_sale),
          ROW(E1_needless_offer_sold_all_the_same_is_coached_and_followed_up),
          ROW(E3_wrong_thing_was_sold_without_any_need), ROW(E3_wrong_thing_is_found_by_where_it_was_sold),
          ROW(a_drill_sells_nothing), ROW(who_waits_beyond_the_cap_is_forgotten_and_told))
