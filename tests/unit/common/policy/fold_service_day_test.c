/* fold_service_day: what A7 counts of each day: who served with what authority, and what nearly stayed at the counter. */
#include "common/base/embedded.h"
#include "common/base/memory.h"
#include "tests/support/check.h"
#include "tests/support/shop.h"

#include <string.h>

#define OPEN  "'interaction_opened':{'channel':'COUNTER'}"
#define CLOSE "'interaction_closed':{'outcome':'SERVED'}"
#define ASK(id, minor)                                                                                       \
    "'remedy_requested':{'remedy_id':'" id "','kind':'REFUND','amount':{'minor':" #minor ",'currency':'EUR'" \
    "}}"

/* NULL: the last event said nothing of the day. */
static const WireDayServed *day_of(const struct shop *shop)
{
    for (size_t i = 0; i < shop->decisions->count; i++)
        if (shop->decisions->items[i]->body_case == WIRE_DECISION__BODY_DAY_SERVED)
            return shop->decisions->items[i]->day_served;
    return NULL;
}

static TEST(A7_empowerment_report_gets_what_who_served_could_have_granted_that_day)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_play(shop, "i1 anna c1", OPEN);
    const WireDayServed *day = day_of(shop);
    assert_non_null(day);
    assert_text_equal(day->employee_id, "anna");
    assert_text_equal(day->day, "2026-03-02");
    assert_int_equal(day->from_at, INT64_C(1772409600000000));
    assert_int_equal(day->until_at - day->from_at, INT64_C(86400000000));
    assert_text_equal(day->role, "associate");
    assert_int_equal(day->authority->minor, 50000); /* ten times 50.00 */
    assert_text_equal(day->authority->currency, "EUR");
    shop_play(shop, "- cora -", "'on_duty':{'role':'head_office'}");
    assert_null(day_of(shop)); /* nobody is served yet */
    shop_play(shop, "i2 cora c2", CLOSE);
    assert_null(day_of(shop)->authority); /* without limit */
    shop_play(shop, "i3 - c3", CLOSE);
    assert_null(day_of(shop)); /* nobody is named, and the day is known */
}

static TEST(A7_empowerment_report_counts_whoever_opened_was_handed_asked_granted_or_closed)
{
    static const struct {
        const char *told, *server;
    } events[] = {
        {OPEN, "anna"},
        {"'handed_over':{'to_employee_id':'ben'}", "ben"},
        {ASK("r1", 1), "anna"},
        {"'remedy_granted':{'remedy_id':'r1','amount':{'minor':1,'currency':'EUR'}}", "anna"},
        {CLOSE, "anna"},
        {"'mood_observed':{'mood':'CALM'}", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(events); i++) {
        AUTO(shop) *shop = shop_open(NULL);
        shop_play(shop, "i1 anna c1", events[i].told);
        assert_non_null(day_of(shop));
        if (events[i].server)
            assert_text_equal(day_of(shop)->employee_id, events[i].server);
        else
            assert_null(day_of(shop)->employee_id);
        shop_play(shop, "i1 anna c1", events[i].told);
        assert_null(day_of(shop)); /* once a day */
    }
}

static TEST(A7_empowerment_report_takes_the_highest_role_of_each_day)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_play(shop, "i1 anna c1", OPEN);
    shop_play(shop, "- anna -", "'on_duty':{'role':'shift_lead'}");
    shop_play(shop, "i2 anna c2", OPEN);
    assert_int_equal(day_of(shop)->authority->minor, 200000);
    shop_play(shop, "- anna -", "'off_duty':{}");
    shop_play(shop, "i3 anna c3", OPEN);
    assert_null(day_of(shop));
    shop_wait(shop, 24 * 3600);
    shop_play(shop, "i4 anna c4", OPEN);
    assert_text_equal(day_of(shop)->day, "2026-03-03");
    assert_int_equal(day_of(shop)->authority->minor, 50000);
}

static TEST(A7_empowerment_report_knows_nothing_of_exercises)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop->drill = true;
    shop_play(shop, "i1 anna c1", OPEN);
    assert_null(day_of(shop));
}

/* --- nearly at the counter --- */

/* Which limit, of the case that the last event opened; 0: none. */
static int near_of(const struct shop *shop)
{
    const WireDecision *opened = shop->decisions->items[0];
    assert_int_equal(opened->kind, WIRE_DECISION_KIND__CASE_OPENED);
    return opened->case_->proof->has_near ? (int)opened->case_->proof->near : 0;
}

static TEST(A7_empowerment_report_sees_which_limit_a_fifth_larger_would_have_kept_it_at_the_counter)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_play(shop, "i1 anna c1", ASK("r1", 8000)); /* a no costs 80.00, a yes must cost less */
    assert_int_equal(near_of(shop), WIRE_LIMIT_KIND__EXPECTED_LOSS);
    shop_play(shop, "i2 anna c2", ASK("r2", 9599));
    assert_int_equal(near_of(shop), WIRE_LIMIT_KIND__EXPECTED_LOSS);
    shop_play(shop, "i3 anna c3", ASK("r3", 9600));
    assert_int_equal(near_of(shop), 0);
    shop_play(shop, "i4 anna c4", ASK("r4", 5000));
    shop_play(shop, "i4 anna c4", ASK("r5", 5000)); /* all that one customer may get in a day */
    shop_play(shop, "i4 anna c4", ASK("r6", 2001));
    assert_int_equal(near_of(shop), 0);
    shop_play(shop, "i4 anna c4", ASK("r7", 2000));
    assert_int_equal(near_of(shop), WIRE_LIMIT_KIND__PER_CUSTOMER_DAY);
}

static TEST(A7_empowerment_report_takes_the_cap_for_a_limit)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_play(shop, "i1 anna c1", "'complaint':{'about':'PRICE','in_public':true}");
    shop_play(shop, "i1 anna c1", ASK("r1", 10000));
    shop_play(shop, "i1 anna c1", ASK("r2", 8001)); /* the cap is 150.00, a fifth more 180.00 */
    assert_int_equal(near_of(shop), 0);
    shop_play(shop, "i1 anna c1", ASK("r3", 8000));
    assert_int_equal(near_of(shop), WIRE_LIMIT_KIND__CUSTOMER_CAP);
}

static TEST(A7_empowerment_report_takes_the_employees_day_for_a_limit)
{
    AUTO(shop) *shop = shop_open(NULL);
    static const char *const who[] = {"i1 anna c1", "i2 anna c2", "i3 anna c3", "i4 anna c4", "i5 anna c5",
                                      "i6 anna c6", "i7 anna c7", "i8 anna c8", "i9 anna c9", "i0 anna c0"};
    for (size_t i = 0; i < COUNT_OF(who); i++)
        shop_play(shop, who[i], ASK("r1", 5000)); /* all that she may grant in a day */
    shop_play(shop, "j1 anna d1", ASK("r1", 1));
    assert_int_equal(near_of(shop), WIRE_LIMIT_KIND__PER_EMPLOYEE_DAY);
    shop_play(shop, "j2 anna d2", ASK("r1", 7900)); /* cheaper than a no, but for her day */
    assert_int_equal(near_of(shop), WIRE_LIMIT_KIND__PER_EMPLOYEE_DAY);
    shop->sent_after_us = INT64_C(6) * 60 * 1000000;
    shop_play(shop, "j3 anna d3", ASK("r1", 1)); /* late: it would not have been granted anyway */
    assert_int_equal(near_of(shop), 0);
}

static TEST(A7_empowerment_report_takes_the_remedys_limit_where_no_sum_lets_it_pass)
{
    const struct embedded_file *file = embedded_find("services/escalate/policy/retail.yaml");
    AUTO_TEXT char *policy = memory_copy_text((const char *)file->data);
    char *reach = strstr(policy, "bad_reach: 16");
    assert_non_null(reach);
    reach[strlen("bad_reach: ")] = '0'; /* and 6 */
    AUTO(shop) *shop = shop_open(policy);
    shop_play(shop, "i1 anna c1", ASK("r1", 6000));
    assert_int_equal(near_of(shop), WIRE_LIMIT_KIND__PER_REMEDY);
    shop_play(shop, "i2 anna c2", ASK("r2", 6001));
    assert_int_equal(near_of(shop), 0);
}

RUN_TESTS(
    cmocka_unit_test(A7_empowerment_report_gets_what_who_served_could_have_granted_that_day),
    cmocka_unit_test(A7_empowerment_report_counts_whoever_opened_was_handed_asked_granted_or_closed),
    cmocka_unit_test(A7_empowerment_report_takes_the_highest_role_of_each_day),
    cmocka_unit_test(A7_empowerment_report_knows_nothing_of_exercises),
    cmocka_unit_test(A7_empowerment_report_sees_which_limit_a_fifth_larger_would_have_kept_it_at_the_counter),
    cmocka_unit_test(A7_empowerment_report_takes_the_cap_for_a_limit),
    cmocka_unit_test(A7_empowerment_report_takes_the_employees_day_for_a_limit),
    cmocka_unit_test(A7_empowerment_report_takes_the_remedys_limit_where_no_sum_lets_it_pass))
