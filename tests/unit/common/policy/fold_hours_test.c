/* fold_hours: clocks, days and due times that are the store's, and what rules may ask of them. */
#include "tests/support/check.h"
#include "tests/support/shop.h"

#include "common/base/time.h"

#define TELL(who, body, expected) assert_text_equal(shop_play(shop, who, body), expected)
#define WAIT(seconds, expected)   assert_text_equal(shop_wait(shop, seconds), expected)

#define LEAVING "'leaving_signalled':{}"
#define OPENED  "G1 case_opened lead high open\nG1 verdict_given escalated lead"
#define ASK(id, minor)                                                                                       \
    "'remedy_requested':{'remedy_id':'" id "','kind':'REFUND','amount':{'minor':" #minor ",'currency':'EUR'" \
    "}}"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

static const char policy[] =
    "policy: hours\ncurrency: EUR\nzone: Europe/Vienna\ncalendar: shop\n"
    "calendars:\n"
    "  shop:\n"
    "    mon-fri: 09:00-12:00, 14:00-18:00\n"
    "    sat: 09:00-13:00\n"
    "    holidays: { 2026-03-03: closed, 12-24: 09:00-12:00 }\n"
    "  office: { mon-thu: 08:00-16:00 }\n"
    "  night: { mon-sun: 22:00-04:00 }\n"
    "stores:\n"
    "  york: { zone: America/New_York, region: west, tags: [mall, large] }\n"
    "  bar: { calendar: night }\n"
    "ladder:\n"
    "- { role: associate, remedy: 50.00 }\n"
    "- { role: lead, remedy: 200.00, acknowledge_within: 10m }\n"
    "- { role: office, remedy: 1000.00, acknowledge_within: 30m, calendar: office }\n"
    "- { role: board, remedy: unlimited, acknowledge_within: 1h, calendar: always }\n"
    "figures: { day: 1d, half: 4h }\n"
    "rules:\n"
    "- { id: leaving, row: G1, on: leaving_signalled, then: { escalate: { to: lead, severity: high, says: x "
    "} } }\n"
    "- { id: incident, row: H1, on: incident, then: { escalate: { to: lead, severity: critical, says: x } } "
    "}\n"
    "- { id: granted, row: A1, on: remedy_requested, when: remedy.is_covered, then: { grant: { says: y } } "
    "}\n"
    "- { id: closed, row: G2, on: interaction_closed(DISSATISFIED), then: { follow_up: { kind: recovery, "
    "due_in: "
    "figures.day, says: x } } }\n"
    "- { id: late, row: F3, on: interaction_closed(ABANDONED), then: { follow_up: { kind: call_back, due_in: "
    "figures.half, says: x } } }\n"
    "- { id: clock, on: need_recorded, then: { advise: '{store.date} {store.time} {store.weekday} "
    "{store.zone} "
    "{store.is_open}' } }\n"
    "- { id: soon, on: need_recorded, when: has(store.closes_at) && store.closes_at - event.occurred_at <= "
    "duration('30m'), then: { advise: 'closing' } }\n"
    "- { id: again, on: need_recorded, when: has(store.opens_at), then: { advise: 'opens {store.opens_at}' } "
    "}\n"
    "- { id: west, on: need_recorded, when: has(store.region) && store.region == 'west' && 'mall' in "
    "store.tags, "
    "then: { advise: 'west' } }\n";

static struct shop *shop_at(const char *store_id, const char *time)
{
    struct shop *shop = shop_open(policy);
    assert_text_equal(bytes_text(&shop->heard), "- policy_accepted");
    shop->store_id = store_id;
    assert_int_equal(time_parse(time, &shop->now), 0);
    return shop;
}

/* Reports count the day after it. */
static const WireVerdict *verdict_of(const struct shop *shop)
{
    size_t last = shop->decisions->count - 1;
    last -= shop->decisions->items[last]->body_case == WIRE_DECISION__BODY_DAY_SERVED;
    assert_int_equal(shop->decisions->items[last]->body_case, WIRE_DECISION__BODY_VERDICT);
    return shop->decisions->items[last]->verdict;
}

static const char *advice(const struct shop *shop, size_t at)
{
    const WireVerdict *verdict = verdict_of(shop);
    return at < verdict->n_advice ? verdict->advice[at]->sentence : "";
}

static TEST(a_critical_case_knows_no_hours)
{
    AUTO(shop) *shop =
        shop_at("harbour", "2026-03-02T21:00:00Z"); /* Monday, 22:00 in Vienna, and a holiday to come */
    TELL("i1 anna c1", "'incident':{'kind':'INJURY'}",
         "H1 case_opened lead critical open\nH1 verdict_given escalated lead");
    WAIT(10 * MINUTE - 1, "");
    WAIT(1, "H1 case_climbed office critical open");
    shop_play(shop, "- olga -", "'on_duty':{'role':'office'}");
    TELL("- olga -", "'case_acknowledged':{'escalation_id':'$case','round':$round,'role':'office'}",
         "H1 case_acknowledged office critical acknowledged");
    WAIT(30 * MINUTE - 1, "");
    WAIT(1, "H1 case_reopened office critical open");
}

static TEST(a_clock_runs_in_the_hours_of_the_store)
{
    AUTO(shop) *shop = shop_at("harbour", "2026-03-02T10:55:00Z"); /* Monday, 11:55 in Vienna */
    TELL("i1 anna c1", LEAVING, OPENED);
    WAIT(2 * HOUR + 10 * MINUTE - 1, "");
    WAIT(1, "G1 case_climbed office high open");
}

static TEST(a_clock_of_a_level_with_hours_of_its_own_runs_in_those)
{
    AUTO(shop) *shop = shop_at("harbour", "2026-03-02T16:45:00Z"); /* 17:45 */
    TELL("i1 anna c1", LEAVING, OPENED);
    WAIT(10 * MINUTE, "G1 case_climbed office high open"); /* the office is gone; it opens on the 3rd at 8 */
    int64_t expected;
    assert_int_equal(time_parse("2026-03-03T07:30:00Z", &expected), 0);
    assert_int_equal(shop->decisions->items[0]->case_->due_at, expected);
    WAIT(14 * HOUR + 35 * MINUTE, "G1 case_climbed board high open"); /* day and night */
    WAIT(HOUR, "G1 case_notified_again board high open");
}

static TEST(what_is_acknowledged_is_answered_in_the_hours_of_the_level)
{
    AUTO(shop) *shop = shop_at("harbour", "2026-03-02T16:55:00Z"); /* 17:55; the 3rd is a holiday */
    int64_t expected;
    shop_trust(shop, "lead");
    TELL("i1 anna c1", LEAVING, OPENED);
    TELL("- lea -", "'case_acknowledged':{'escalation_id':'$case','round':$round,'role':'lead'}",
         "G1 case_acknowledged lead high acknowledged");
    assert_int_equal(time_parse("2026-03-04T08:05:00Z", &expected), 0);
    assert_int_equal(shop->decisions->items[0]->case_->acknowledged_until, expected);
}

static TEST(a_night_in_which_the_clocks_go_forward_is_an_hour_shorter)
{
    AUTO(shop) *shop = shop_at("bar", "2026-03-29T00:55:00Z"); /* 1:55, five minutes before 3:00 */
    TELL("i1 anna c1", LEAVING, OPENED);
    WAIT(10 * MINUTE, "G1 case_climbed office high open");
    AUTO(shop) *late = shop_at("bar", "2026-03-29T01:55:00Z"); /* 3:55, five minutes before closing */
    assert_text_equal(shop_play(late, "i1 anna c1", LEAVING), OPENED);
    int64_t expected;
    assert_int_equal(time_parse("2026-03-29T20:05:00Z", &expected), 0);
    assert_int_equal(late->decisions->items[0]->case_->due_at, expected);
}

static TEST(a_night_in_which_the_clocks_go_back_is_an_hour_longer)
{
    AUTO(shop) *shop = shop_at("bar", "2026-10-25T02:55:00Z"); /* 3:55 in winter time */
    int64_t expected;
    TELL("i1 anna c1", LEAVING, OPENED);
    assert_int_equal(time_parse("2026-10-25T21:05:00Z", &expected), 0);
    assert_int_equal(shop->decisions->items[0]->case_->due_at, expected);
}

static TEST(days_of_authority_are_the_days_of_the_store)
{
    AUTO(shop) *shop = shop_at("york", "2026-03-03T03:00:00Z"); /* the evening of the 2nd there */
    shop_play(shop, "i1 anna c1", ASK("r1", 5000));
    shop_play(shop, "i1 anna c1", ASK("r2", 5000));
    TELL("i1 anna c1", ASK("r3", 1), ""); /* twice the remedy's, for one customer and day */
    shop_wait(shop, HOUR);                /* midnight in UTC was long ago, there it comes at five */
    TELL("i1 anna c1", ASK("r4", 1), "");
    shop_wait(shop, HOUR);
    shop_play(shop, "i1 anna c1", ASK("r5", 5000));
    assert_int_equal(verdict_of(shop)->outcome, WIRE_VERDICT__OUTCOME__GRANTED);
}

static TEST(what_reports_count_is_of_the_day_of_the_store)
{
    AUTO(shop) *shop = shop_at("york", "2026-03-03T03:00:00Z"); /* the evening of the 2nd there */
    TELL("i1 anna c1", LEAVING, OPENED);
    assert_text_equal(shop->decisions->items[0]->case_->day, "2026-03-02");
    shop_play(shop, "i1 anna c1", ASK("r1", 5000));
    assert_text_equal(shop->decisions->items[0]->remedy->day, "2026-03-02");
    shop_wait(shop, 3 * HOUR); /* past midnight: the request stays of its day */
    shop_play(shop, "i1 anna c1",
              "'remedy_granted':{'remedy_id':'r1','amount':{'minor':5000,'currency':'EUR'}}");
    assert_text_equal(shop->decisions->items[0]->remedy->day, "2026-03-02");
    shop_play(shop, "i1 anna c1", ASK("r2", 5000));
    assert_text_equal(shop->decisions->items[0]->remedy->day, "2026-03-03");
}

static TEST(what_is_due_in_hours_counts_the_hours_of_the_store)
{
    AUTO(shop) *shop = shop_at("harbour", "2026-03-02T16:00:00Z"); /* 17:00; the 3rd is a holiday */
    int64_t expected;
    shop_play(shop, "i1 anna c1", "'interaction_closed':{'outcome':'ABANDONED'}");
    assert_int_equal(time_parse("2026-03-04T11:00:00Z", &expected), 0); /* 1 h + 3 h */
    assert_int_equal(shop->decisions->items[0]->follow_up->due_at, expected);
}

static TEST(what_is_due_in_days_while_it_is_closed_is_due_at_the_next_closing)
{
    AUTO(shop) *shop = shop_at("harbour", "2026-03-02T16:00:00Z");
    int64_t expected;
    shop_play(shop, "i1 anna c1", "'interaction_closed':{'outcome':'DISSATISFIED'}");
    assert_int_equal(time_parse("2026-03-04T17:00:00Z", &expected), 0);
    assert_int_equal(shop->decisions->items[0]->follow_up->due_at, expected);
}

static TEST(rules_may_ask_what_time_it_is_in_the_store)
{
    AUTO(shop) *shop = shop_at("york", "2026-03-02T14:40:00Z"); /* 9:40 there */
    shop_play(shop, "i1 anna c1", "'need_recorded':{}");
    assert_text_equal(advice(shop, 0), "2026-03-02 09:40 1 America/New_York yes");
    assert_text_equal(advice(shop, 1), "west");
    shop_wait(shop, 2 * HOUR); /* 11:40 */
    shop_play(shop, "i1 anna c1", "'need_recorded':{}");
    assert_text_equal(advice(shop, 1), "closing");
    shop->store_id = "harbour"; /* 17:40 in Vienna */
    shop_wait(shop, 30 * MINUTE);
    shop_play(shop, "i1 anna c1", "'need_recorded':{}");
    assert_text_equal(advice(shop, 0), "2026-03-02 18:10 1 Europe/Vienna no");
    assert_text_equal(advice(shop, 1), "opens 2026-03-04 09:00");
}

RUN_TESTS(cmocka_unit_test(a_clock_runs_in_the_hours_of_the_store),
          cmocka_unit_test(a_clock_of_a_level_with_hours_of_its_own_runs_in_those),
          cmocka_unit_test(what_is_acknowledged_is_answered_in_the_hours_of_the_level),
          cmocka_unit_test(a_night_in_which_the_clocks_go_forward_is_an_hour_shorter),
          cmocka_unit_test(a_night_in_which_the_clocks_go_back_is_an_hour_longer),
          cmocka_unit_test(a_critical_case_knows_no_hours),
          cmocka_unit_test(days_of_authority_are_the_days_of_the_store),
          cmocka_unit_test(what_reports_count_is_of_the_day_of_the_store),
          cmocka_unit_test(what_is_due_in_hours_counts_the_hours_of_the_store),
          cmocka_unit_test(what_is_due_in_days_while_it_is_closed_is_due_at_the_next_closing),
          cmocka_unit_test(rules_may_ask_what_time_it_is_in_the_store))
