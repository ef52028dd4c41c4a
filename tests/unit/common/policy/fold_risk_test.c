/* fold_risk: customers who may leave without a word (G5). */
#include "tests/support/check.h"
#include "tests/support/shop.h"

#define TELL(who, body, expected) assert_text_equal(shop_play(shop, who, body), expected)
#define OPEN                      "'interaction_opened':{'channel':'PHONE'}"
#define CLOSE(outcome)            "'interaction_closed':{'outcome':'" outcome "'}"
#define HELD(ms)                  "'wait_reported':{'kind':'HOLD','duration_ms':" #ms "}"
#define NEITHER                   "G3 experience_recorded neither 0"
#define FAILED_AGAIN              "G7 case_opened store_manager high open\nG7 verdict_given escalated store_manager"
#define RECOVER                   NEITHER "\nG5 follow_up_opened recovery anna"
#define ADVISED                   "G5 verdict_given advice G5"
#define COMPLAINT                 "'complaint':{'about':'PRICE'}"

static void hold_long(struct shop *shop, const char *who)
{
    shop_play(shop, who, OPEN);
    shop_play(shop, who, HELD(300000));
}

static TEST(G5_unspoken_leaving_after_a_long_hold_is_won_back_and_cared_for)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", OPEN, "");
    TELL("i1 anna c1", HELD(299999), "");
    TELL("i1 anna c1", CLOSE("SERVED"), NEITHER);
    hold_long(shop, "i2 anna c1");
    assert_non_null(strstr(shop_play(shop, "i2 anna c1", CLOSE("SERVED")), RECOVER));
    TELL("i3 anna c1", OPEN, ADVISED);
    TELL("i3 anna c1", "'interaction_closed':{'outcome':'SERVED','rating':4}",
         "G3 experience_recorded good 9"); /* that is well again */
    shop_play(shop, "i4 anna c1", OPEN);
    assert_null(strstr(bytes_text(&shop->heard), "G5"));
    TELL("i4 anna c1", CLOSE("SERVED"), NEITHER);
}

static TEST(G5_unspoken_leaving_needs_no_recovery_where_a_remedy_or_promise_was_given)
{
    AUTO(shop) *shop = shop_open(NULL);
    hold_long(shop, "i1 anna c1");
    shop_play(shop, "i1 anna c1",
              "'remedy_granted':{'remedy_id':'r1','amount':{'minor':500,'currency':'EUR'}}");
    assert_null(strstr(shop_play(shop, "i1 anna c1", CLOSE("SERVED")), "G5"));
    TELL("i2 anna c1", OPEN, "");
    hold_long(shop, "i3 anna c3");
    shop_play(shop, "i3 anna c3", "'promise_made':{'promise_id':'p1','due_at':1772456400000000}");
    assert_null(strstr(shop_play(shop, "i3 anna c3", CLOSE("SERVED")), "G5"));
}

static TEST(G5_unspoken_leaving_after_many_menus_and_a_second_complaint)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_play(shop, "i1 anna c1", "'wait_reported':{'kind':'MENU','duration_ms':1000,'menus':4}");
    TELL("i1 anna c1", CLOSE("NEUTRAL"), RECOVER);
    TELL("i2 anna c2", COMPLAINT, "");
    TELL("i2 anna c2", CLOSE("NEUTRAL"), NEITHER);
    TELL("i3 anna c2", OPEN, "");
    TELL("i3 anna c2", COMPLAINT, "");
    TELL("i3 anna c2", CLOSE("NEUTRAL"), RECOVER);
}

static TEST(G5_unspoken_leaving_after_a_broken_promise)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_play(shop, "i1 anna c1", "'promise_made':{'promise_id':'p1','due_at':1772449200000000}");
    shop_play(shop, "i1 anna c1", CLOSE("SERVED"));
    shop_wait(shop, 2 * 3600);
    TELL("i2 anna c1", OPEN, ADVISED);
    TELL("i2 anna c1", CLOSE("SERVED"), RECOVER "\n" FAILED_AGAIN);
}

static TEST(G5_unspoken_leaving_opens_no_second_task_beside_those_of_F3_and_G2)
{
    AUTO(shop) *shop = shop_open(NULL);
    hold_long(shop, "i1 anna c1");
    assert_null(strstr(shop_play(shop, "i1 anna c1", CLOSE("ABANDONED")), "G5"));
    hold_long(shop, "i2 anna c2");
    assert_null(strstr(shop_play(shop, "i2 anna c2", CLOSE("DISSATISFIED")), "G5"));
    hold_long(shop, "i3 anna -"); /* nobody knows whom to win back */
    assert_null(strstr(shop_play(shop, "i3 anna -", CLOSE("SERVED")), "G5"));
}

RUN_TESTS(cmocka_unit_test(G5_unspoken_leaving_after_a_long_hold_is_won_back_and_cared_for),
          cmocka_unit_test(G5_unspoken_leaving_needs_no_recovery_where_a_remedy_or_promise_was_given),
          cmocka_unit_test(G5_unspoken_leaving_after_many_menus_and_a_second_complaint),
          cmocka_unit_test(G5_unspoken_leaving_after_a_broken_promise),
          cmocka_unit_test(G5_unspoken_leaving_opens_no_second_task_beside_those_of_F3_and_G2))
