/* fold_attendance: who serves which level, and what becomes of cases where nobody is home. */
#include "tests/support/check.h"
#include "tests/support/shop.h"

#include "common/base/time.h"
#include "common/wire/set.h"

#define TELL(who, body, expected) assert_text_equal(shop_play(shop, who, body), expected)
#define WAIT(seconds, expected)   assert_text_equal(shop_wait(shop, seconds), expected)

#define LEAVING "'leaving_signalled':{}"
#define ANGRY   "'mood_observed':{'mood':'ANGRY'}"
#define OPENED  "G1 case_opened store_manager high open\nG1 verdict_given escalated store_manager"
#define ASKED   "C3 case_opened shift_lead high open\nC3 verdict_given escalated shift_lead"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

static void feed(struct shop *shop, WireEvent *event)
{
    event->source = "bellhop/relay";
    WIRE_SET(event, occurred_at, shop->now);
    bytes_reset(&shop->heard);
    shop_feed(shop, event, false);
    assert_text_equal(bytes_text(&shop->heard), "");
}

static const char *run = "first"; /* of the relay that tells */

static void serve(struct shop *shop, bool is_start, const char *subscriber, const char *store_id,
                  const char *role)
{
    WireServingStarted started = WIRE_SERVING_STARTED__INIT;
    WireServingEnded ended = WIRE_SERVING_ENDED__INIT;
    WireEvent event = WIRE_EVENT__INIT;
    started.subscriber = ended.subscriber = (char *)subscriber;
    started.role = ended.role = (char *)role;
    started.relay = ended.relay = "relay";
    started.run = ended.run = (char *)run;
    event.store_id = (char *)store_id;
    event.body_case = is_start ? WIRE_EVENT__BODY_SERVING_STARTED : WIRE_EVENT__BODY_SERVING_ENDED;
    if (is_start)
        event.serving_started = &started;
    else
        event.serving_ended = &ended;
    feed(shop, &event);
}

/* Of a relay that was killed: whoever its earlier runs announced. */
static void end_earlier_runs(struct shop *shop, const char *relay)
{
    WireServingEnded ended = WIRE_SERVING_ENDED__INIT;
    WireEvent event = WIRE_EVENT__INIT;
    ended.subscriber = ended.relay = (char *)relay;
    ended.role = "any";
    ended.run = (char *)run;
    ended.has_earlier_runs = ended.earlier_runs = true;
    event.body_case = WIRE_EVENT__BODY_SERVING_ENDED;
    event.serving_ended = &ended;
    feed(shop, &event);
}

#define COME(subscriber, store_id, role)  serve(shop, true, subscriber, store_id, role)
#define LEAVE(subscriber, store_id, role) serve(shop, false, subscriber, store_id, role)

static TEST(a_case_climbs_when_nobody_is_home_and_says_why)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop->snapshot_every = 1;
    COME("tablet", "harbour", "store_manager");
    TELL("i1 anna -", LEAVING, OPENED);
    LEAVE("tablet", "harbour", "store_manager");
    WAIT(59, "");
    WAIT(1, "G1 case_climbed district_manager high open\nA3 notice_given anna");
    assert_text_equal(shop->decisions->items[0]->case_->climb_reason, "nobody home");
    WAIT(30 * MINUTE, "G1 case_climbed head_office high open\nA3 notice_given anna");
    assert_text_equal(shop->decisions->items[0]->case_->climb_reason, "not acknowledged");
}

static TEST(a_level_that_was_never_served_is_exempt)
{
    AUTO(shop) *shop = shop_open(NULL);
    COME("tablet", "harbour", "shift_lead");
    LEAVE("tablet", "harbour", "shift_lead");
    COME("other", "station", "store_manager");
    LEAVE("other", "station", "store_manager");
    TELL("i1 anna -", LEAVING, OPENED);
    WAIT(10 * MINUTE - 1, "");
}

static TEST(whoever_comes_back_in_time_finds_the_case_where_it_was)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop->snapshot_every = 1;
    COME("tablet", "harbour", "store_manager");
    TELL("i1 anna -", LEAVING, OPENED);
    LEAVE("tablet", "harbour", "store_manager");
    WAIT(59, "");
    COME("desk", "harbour", "store_manager");
    WAIT(9 * MINUTE - 1 + 1, "");
    LEAVE("desk", "harbour", "store_manager");
    WAIT(1, "G1 case_climbed district_manager high open\nA3 notice_given anna"); /* its own time: 10 min */
    assert_text_equal(shop->decisions->items[0]->case_->climb_reason, "not acknowledged");
}

static TEST(a_level_is_served_as_long_as_one_of_its_subscribers_is_there)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop->snapshot_every = 1;
    COME("tablet", "harbour", "store_manager");
    COME("tablet", "harbour", "store_manager"); /* told again: one all the same */
    COME("desk", "*", "store_manager");
    TELL("i1 anna -", LEAVING, OPENED);
    LEAVE("tablet", "harbour", "store_manager");
    WAIT(2 * MINUTE, "");
    LEAVE("desk", "*", "store_manager"); /* served every store */
    WAIT(59, "");
    WAIT(1, "G1 case_climbed district_manager high open\nA3 notice_given anna");
}

static TEST(a_case_that_opens_where_nobody_has_been_home_climbs_at_once)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop->snapshot_every = 1;
    COME("tablet", "harbour", "shift_lead");
    COME("desk", "harbour", "store_manager");
    LEAVE("tablet", "harbour", "shift_lead");
    LEAVE("desk", "harbour", "store_manager");
    shop_wait(shop, HOUR);
    TELL("i1 anna -", ANGRY, ASKED);
    WAIT(0, "C3 case_climbed store_manager high open\nA3 notice_given anna\n"
            "C3 case_climbed district_manager high open\nA3 notice_given anna");
}

static TEST(what_is_acknowledged_stays_with_whoever_has_it)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_trust(shop, "head_office");
    COME("tablet", "harbour", "store_manager");
    TELL("i1 anna -", LEAVING, OPENED);
    TELL("- mia -", "'case_acknowledged':{'escalation_id':'$case','round':$round,'role':'store_manager'}",
         "G1 case_acknowledged store_manager high acknowledged\nA3 notice_given anna");
    LEAVE("tablet", "harbour", "store_manager");
    WAIT(10 * MINUTE, "G1 case_reopened store_manager high open\n"
                      "A3 notice_given anna\n"
                      "G1 case_climbed district_manager high open\n"
                      "A3 notice_given anna");
}

static TEST(at_the_top_a_case_stays_and_is_counted)
{
    AUTO(shop) *shop = shop_open(NULL);
    struct fold_counts counts;
    COME("desk", "*", "head_office");
    TELL("i1 anna -", LEAVING, OPENED);
    shop_wait(shop, 40 * MINUTE);
    fold_count(shop->fold, &counts);
    assert_int_equal(counts.unattended, 0);
    LEAVE("desk", "*", "head_office");
    WAIT(59 * MINUTE, "");
    COME("tablet", "station", "shift_lead"); /* the record's clock goes on */
    fold_count(shop->fold, &counts);
    assert_int_equal(counts.unattended, 1);
    COME("desk", "*", "head_office");
    fold_count(shop->fold, &counts);
    assert_int_equal(counts.unattended, 0);
}

static TEST(a_level_left_long_ago_counts_as_never_served)
{
    AUTO(shop) *shop = shop_open(NULL);
    struct fold_counts counts;
    COME("tablet", "harbour", "store_manager");
    LEAVE("tablet", "harbour", "store_manager");
    shop_sleep(shop, 31 * DAY);
    TELL("i1 anna -", LEAVING, OPENED);
    TELL("i1 anna -", "'need_recorded':{}", "");
    fold_count(shop->fold, &counts);
    assert_int_equal(counts.posts, 0);
}

static TEST(who_does_not_come_back_to_a_relay_that_was_killed_has_left)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop->snapshot_every = 1;
    run = "first";
    COME("tablet", "harbour", "store_manager");
    COME("tablet", "york", "store_manager");
    TELL("i1 anna -", LEAVING, OPENED);
    run = "second"; /* relay was killed; the tablet in york comes back to it */
    COME("tablet", "york", "store_manager");
    end_earlier_runs(shop, "another"); /* a relay ends what it announced itself, nothing else */
    WAIT(MINUTE, "");
    end_earlier_runs(shop, "relay");
    WAIT(MINUTE - 1, "");
    WAIT(1, "G1 case_climbed district_manager high open\nA3 notice_given anna");
    assert_text_equal(shop->decisions->items[0]->case_->climb_reason, "nobody home");
    shop->store_id = "york";
    TELL("i1 anna -", LEAVING, OPENED);
    WAIT(9 * MINUTE, "");
    run = "first";
}

static TEST(somebody_else_who_came_back_is_enough)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop->snapshot_every = 1;
    run = "first";
    COME("tablet", "harbour", "store_manager");
    COME("desk", "harbour", "store_manager");
    TELL("i1 anna -", LEAVING, OPENED);
    run = "second";
    COME("desk", "harbour", "store_manager");
    end_earlier_runs(shop, "relay");
    WAIT(2 * MINUTE, "");
    LEAVE("desk", "harbour", "store_manager");
    WAIT(MINUTE, "G1 case_climbed district_manager high open\nA3 notice_given anna");
    run = "first";
}

static const char hours[] =
    "policy: hours\ncurrency: EUR\nzone: Europe/Vienna\ncalendar: shop\n"
    "calendars:\n"
    "  shop:\n"
    "    mon-fri: 09:00-12:00, 13:30-18:00\n"
    "ladder:\n"
    "- { role: associate, remedy: 50.00 }\n"
    "- { role: lead, remedy: 200.00, acknowledge_within: 10m }\n"
    "- { role: board, remedy: unlimited, acknowledge_within: 1h }\n"
    "rules:\n"
    "- { id: leaving, row: G1, on: leaving_signalled, then: { escalate: { to: lead, severity: high, says: x "
    "} } }\n";

static struct shop *shop_at(const char *time)
{
    struct shop *shop = shop_open(hours);
    assert_text_equal(bytes_text(&shop->heard), "- policy_accepted");
    shop->snapshot_every = 1;
    assert_int_equal(time_parse(time, &shop->now), 0);
    return shop;
}

static TEST(whoever_went_home_at_closing_time_is_not_missed_before_the_morning)
{
    AUTO(shop) *shop = shop_at("2026-03-03T08:30:00Z");
    COME("tablet", "harbour", "lead");
    assert_int_equal(time_parse("2026-03-03T17:00:00Z", &shop->now), 0); /* 18:00 there */
    LEAVE("tablet", "harbour", "lead");
    WAIT(2 * HOUR, "");
    TELL("i1 anna -", LEAVING, "G1 case_opened lead high open\nG1 verdict_given escalated lead");
    WAIT(13 * HOUR, ""); /* 9:00 */
    WAIT(MINUTE - 1, "");
    WAIT(1, "G1 case_climbed board high open");
    assert_text_equal(shop->decisions->items[0]->case_->climb_reason, "nobody home");
}

static TEST(whoever_left_before_closing_time_is_missed_when_the_store_opens)
{
    AUTO(shop) *shop = shop_at("2026-03-03T08:30:00Z");
    COME("tablet", "harbour", "lead");
    LEAVE("tablet", "harbour", "lead");
    WAIT(10 * HOUR, ""); /* 19:30 there */
    TELL("i1 anna -", LEAVING, "G1 case_opened lead high open\nG1 verdict_given escalated lead");
    WAIT(13 * HOUR + 30 * MINUTE - 1, "");
    WAIT(1, "G1 case_climbed board high open");
}

static TEST(a_break_at_noon_is_no_reason_to_climb)
{
    AUTO(shop) *shop = shop_at("2026-03-03T10:00:00Z");
    COME("tablet", "harbour", "lead");
    WAIT(59 * MINUTE + 30, ""); /* 11:59:30 there */
    LEAVE("tablet", "harbour", "lead");
    TELL("i1 anna -", LEAVING, "G1 case_opened lead high open\nG1 verdict_given escalated lead");
    WAIT(90 * MINUTE + 59, "");
    WAIT(1, "G1 case_climbed board high open"); /* 13:30:30 */
}

RUN_TESTS(cmocka_unit_test(a_case_climbs_when_nobody_is_home_and_says_why),
          cmocka_unit_test(a_level_that_was_never_served_is_exempt),
          cmocka_unit_test(whoever_comes_back_in_time_finds_the_case_where_it_was),
          cmocka_unit_test(a_level_is_served_as_long_as_one_of_its_subscribers_is_there),
          cmocka_unit_test(a_case_that_opens_where_nobody_has_been_home_climbs_at_once),
          cmocka_unit_test(what_is_acknowledged_stays_with_whoever_has_it),
          cmocka_unit_test(at_the_top_a_case_stays_and_is_counted),
          cmocka_unit_test(a_level_left_long_ago_counts_as_never_served),
          cmocka_unit_test(who_does_not_come_back_to_a_relay_that_was_killed_has_left),
          cmocka_unit_test(somebody_else_who_came_back_is_enough),
          cmocka_unit_test(whoever_went_home_at_closing_time_is_not_missed_before_the_morning),
          cmocka_unit_test(whoever_left_before_closing_time_is_missed_when_the_store_opens),
          cmocka_unit_test(a_break_at_noon_is_no_reason_to_climb))
