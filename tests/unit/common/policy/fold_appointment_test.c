/* fold_appointment: what is to be prepared for an appointment: row B7. */
#include "tests/support/check.h"
#include "tests/support/shop.h"

#define TELL(who, body, expected) assert_text_equal(shop_play(shop, who, body), expected)
#define WAIT(seconds, expected)   assert_text_equal(shop_wait(shop, seconds), expected)

#define BOOK(id, at, more)                                                                                   \
    "'appointment_booked':{'appointment_id':'" id "','at':'2026-03-02T" at ":00Z'" more "}"
#define PREPARED(id)  "'appointment_prepared':{'appointment_id':'" id "'}"
#define KEPT(id)      "'appointment_kept':{'appointment_id':'" id "'}"
#define CANCELLED(id) "'appointment_cancelled':{'appointment_id':'" id "'}"

#define TO_PREPARE ",'to_prepare':true"
#define REMINDED   "B7 notice_given anna"
#define OVERDUE    "B7 case_opened shift_lead normal open"
#define OVERTAKEN  "B7 case_overtaken shift_lead normal overtaken"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

static TEST(B7_appointment_prepared_is_reminded_and_escalates_when_it_is_not_ready)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", BOOK("a1", "14:00", TO_PREPARE), "");
    TELL("i1 anna c1", "'interaction_closed':{'outcome':'SERVED'}", "G3 experience_recorded neither 0");
    WAIT(3 * HOUR - 1, "");
    WAIT(1, REMINDED);
    assert_text_equal(shop->decisions->items[0]->notice->subject, "a1");
    WAIT(HOUR - 1, "");
    WAIT(1, OVERDUE);
    const WireCase *opened = shop->decisions->items[0]->case_;
    assert_text_equal(opened->subject, "a1");
    assert_text_equal(opened->owner, "anna");
    assert_text_equal(opened->customer_id, "c1");
    assert_text_equal(opened->interaction_id, "i1");
    TELL("- ben -", PREPARED("a1"), OVERTAKEN "\nA3 notice_given anna");
    WAIT(DAY, "");
}

static TEST(B7_appointment_prepared_has_a_time_of_its_own)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", BOOK("a1", "14:00", ",'prepare_by_at':'2026-03-02T10:40:00Z'"), "");
    WAIT(25 * MINUTE - 1, "");
    WAIT(1, REMINDED);
    WAIT(15 * MINUTE, OVERDUE);
}

static TEST(B7_appointment_prepared_in_time_kept_or_cancelled_is_nothing)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", BOOK("a1", "14:00", TO_PREPARE), "");
    TELL("i1 anna c1", BOOK("a2", "14:00", TO_PREPARE), "");
    TELL("i1 anna c1", BOOK("a3", "14:00", TO_PREPARE), "");
    TELL("i1 anna c1", BOOK("a4", "14:00", ""), "");
    TELL("i1 anna c1", BOOK("a5", "14:00", ",'to_prepare':false,'prepare_by_at':'2026-03-02T10:40:00Z'"), "");
    TELL("- - -", PREPARED("a1"), "");
    TELL("- - -", KEPT("a2"), "");
    TELL("- - -", CANCELLED("a3"), "");
    TELL("- - -", PREPARED("a9"), "");
    WAIT(DAY, "");
}

static TEST(B7_appointment_prepared_moves_with_the_appointment)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", BOOK("a1", "14:00", TO_PREPARE), "");
    WAIT(3 * HOUR, REMINDED);
    TELL("i1 anna c1", BOOK("a1", "17:00", TO_PREPARE), "");
    WAIT(3 * HOUR - 1, "");
    WAIT(1, REMINDED);
    WAIT(HOUR, OVERDUE);
    TELL("i1 anna c1", BOOK("a1", "18:00", TO_PREPARE), OVERTAKEN "\nA3 notice_given anna");
}

static TEST(B7_appointment_prepared_pages_late_if_younger_than_a_day)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop->sent_after_us = 2 * HOUR * INT64_C(1000000);
    TELL("i1 anna c1", BOOK("a1", "09:00", TO_PREPARE), "");
    WAIT(0, OVERDUE " late");
    shop->sent_after_us = DAY * INT64_C(1000000) + 1;
    TELL("i2 anna c1", BOOK("a2", "09:30", TO_PREPARE), "");
    shop_wait(shop, HOUR);
    assert_null(strstr(bytes_text(&shop->heard), "B7 notice"));
    assert_null(strstr(bytes_text(&shop->heard), "B7 case_opened"));
    TELL("i3 anna c1", BOOK("a3", "12:00", TO_PREPARE), ""); /* what is still to come is kept in mind */
    shop_wait(shop, HOUR);
    assert_non_null(strstr(bytes_text(&shop->heard), "B7 notice"));
    assert_non_null(strstr(bytes_text(&shop->heard), "B7 case_opened"));
}

static TEST(B7_appointment_prepared_of_a_drill_is_a_drill)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop->drill = true;
    TELL("i1 anna c1", BOOK("a1", "10:20", TO_PREPARE), "");
    shop->drill = false;
    TELL("i1 anna c1", PREPARED("a1"), ""); /* not this one */
    WAIT(20 * MINUTE, REMINDED "\n" OVERDUE);
    assert_true(shop->decisions->items[0]->drill);
}

#define ROW(name) cmocka_unit_test(name)
RUN_TESTS(ROW(B7_appointment_prepared_is_reminded_and_escalates_when_it_is_not_ready),
          ROW(B7_appointment_prepared_has_a_time_of_its_own),
          ROW(B7_appointment_prepared_in_time_kept_or_cancelled_is_nothing),
          ROW(B7_appointment_prepared_moves_with_the_appointment),
          ROW(B7_appointment_prepared_pages_late_if_younger_than_a_day),
          ROW(B7_appointment_prepared_of_a_drill_is_a_drill))
