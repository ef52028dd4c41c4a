/* fold_scope: a policy that is otherwise in some stores, or for some time. */
#include "tests/support/check.h"
#include "tests/support/shop.h"

#include "common/base/text.h"
#include "common/base/time.h"
#include "common/policy/explain/effective.h"
#include "common/policy/state/state.h"

#define TELL(who, body, expected) assert_text_equal(shop_play(shop, who, body), expected)
#define WAIT(seconds, expected)   assert_text_equal(shop_wait(shop, seconds), expected)

#define LEAVING "'leaving_signalled':{}"
#define HOLD    "'wait_started':{'kind':'HOLD'}"
#define NEED    "'need_recorded':{}"
#define ASK(id, minor)                                                                                       \
    "'remedy_requested':{'remedy_id':'" id "','kind':'REFUND','amount':{'minor':" #minor ",'currency':'EUR'" \
    "}}"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

/* clang-format off */
#define DEFAULTS                                                                                             \
    "policy: scopes\ncurrency: EUR\n"                                                                        \
    "calendars:\n  short: { mon-fri: 10:00-12:00 }\n"                                                        \
    "stores:\n"                                                                                              \
    "  harbour: { region: coast, tags: [small], zone: Europe/Vienna }\n"                                     \
    "  lagoon: { region: coast }\n"                                                                          \
    "  tower: { region: city, tags: [small] }\n"                                                             \
    "ladder:\n"                                                                                              \
    "- { role: associate, remedy: 50.00, exceptions: [split-set] }\n"                                        \
    "- { role: lead, remedy: 200.00, acknowledge_within: 5m, exceptions: [late-return] }\n"                  \
    "- { role: manager, remedy: unlimited, acknowledge_within: 10m }\n"                                      \
    "figures: { limit: 300s, count: 3 }\n"                                                                   \
    "rules:\n"                                                                                               \
    "- { id: granted, row: A1, on: remedy_requested, when: remedy.is_covered, then: { grant: { says: y } } }\n" \
    "- { id: leaving, row: G1, on: leaving_signalled, then: { escalate: { to: lead, severity: high, says: x } } }\n" \
    "- { id: hold, row: F2, on: wait_started(HOLD) + figures.limit, then: { escalate: { to: lead, severity: normal, ends_with: wait, says: 'after {figures.limit}' } } }\n" \
    "- { id: ten, on: need_recorded, then: { advise: '{10 / figures.count}' } }\n"
/* clang-format on */

static const char policy[] =
    DEFAULTS "overrides:\n"
             "- { name: small, for: { tag: small }, figures: { limit: 120s } }\n"
             "- name: coast\n"
             "  for: { region: coast }\n"
             "  figures: { limit: 200s, count: 5 }\n"
             "  ladder: { lead: { remedy: 400.00, acknowledge_within: 7m, exceptions: [] } }\n"
             "- name: lagoon\n"
             "  for: { store: lagoon }\n"
             "  rules: { leaving: { to: manager }, hold: { figures: { limit: 50s } } }\n"
             "- name: sale\n"
             "  from: 2026-03-05\n"
             "  until: 2026-03-05\n"
             "  figures: { limit: 600s }\n"
             "  ladder: { associate: { remedy: 100.00 } }\n"
             "  rules: { ten: off }\n"
             "- name: storm\n"
             "  for: { region: coast }\n"
             "  until: 2026-03-02 13:30\n"
             "  calendar: short\n";

static struct shop *open_at(const char *time)
{
    struct shop *shop = shop_open(policy);
    assert_text_equal(bytes_text(&shop->heard), "- policy_accepted");
    shop->snapshot_every = 1;
    assert_int_equal(time_parse(time, &shop->now), 0);
    return shop;
}

static const char *advice(const struct shop *shop)
{
    return shop->decisions->count ? shop->decisions->items[0]->verdict->advice[0]->sentence : "";
}

static TEST(the_narrower_override_wins_over_the_wider)
{
    AUTO(shop) *shop = open_at("2026-03-04T10:00:00Z");
    shop->store_id = "tower"; /* small */
    TELL("i1 - -", HOLD, "");
    WAIT(120, "F2 case_opened lead normal open");
    shop->store_id = "harbour"; /* on the coast, and small */
    TELL("i1 - -", HOLD, "");
    WAIT(120, "F2 case_opened lead normal open");
    assert_int_equal(shop->decisions->items[0]->n_overrides, 2);
    assert_text_equal(shop->decisions->items[0]->overrides[1], "small");
    AUTO(shop) *other = open_at("2026-03-04T10:00:00Z");
    other->store_id = "elsewhere"; /* in no section */
    assert_text_equal(shop_play(other, "i1 - -", HOLD), "");
    assert_text_equal(shop_wait(other, 299), "");
    assert_text_equal(shop_wait(other, 1), "F2 case_opened lead normal open");
    assert_int_equal(other->decisions->items[0]->n_overrides, 0);
}

static TEST(a_rule_may_have_a_figure_of_its_own_and_go_to_somebody_else)
{
    AUTO(shop) *shop = open_at("2026-03-04T10:00:00Z");
    shop->store_id = "lagoon";
    TELL("i1 - -", HOLD, "");
    WAIT(50, "F2 case_opened lead normal open");
    assert_text_equal(shop->decisions->items[0]->case_->sentence, "after 50 s");
    TELL("i2 - -", LEAVING, "G1 case_opened manager high open\nG1 verdict_given escalated manager");
    shop_play(shop, "i3 - -", NEED);
    assert_text_equal(advice(shop), "2"); /* the coast's five */
    shop->store_id = "harbour";
    TELL("i2 - -", LEAVING, "G1 case_opened lead high open\nG1 verdict_given escalated lead");
}

static TEST(B3_an_overdue_promise_goes_where_the_override_of_its_store_says)
{
    AUTO(shop) *shop = shop_open(
        "policy: promises\ncurrency: EUR\nstores: { york: { region: west } }\nladder:\n"
        "- { role: associate, remedy: 50.00 }\n- { role: lead, remedy: 200.00, acknowledge_within: 5m }\n"
        "- { role: manager, remedy: 900.00, acknowledge_within: 5m }\nfigures: { most: 1 }\nrules:\n"
        "- { id: ledger, row: B1, on: [promise_made, promise.overdue], then: { record: {} } }\n"
        "- { id: overdue, row: B3, on: promise.overdue, then: { escalate: { to: covering, severity: high, "
        "says: "
        "'{figures.most}' } } }\n"
        "overrides:\n- name: west\n  for: { region: west }\n  figures: { most: 7 }\n"
        "  ladder: { lead: { remedy: 60.00 } }\n");
    static const char made[] = "'promise_made':{'promise_id':'p1','due_at':'2026-03-02T10:10:00Z','worth':{'"
                               "minor':10000,'currency':'EUR'}}";
    assert_text_equal(bytes_text(&shop->heard), "- policy_accepted");
    shop->snapshot_every = 1;
    TELL("i1 anna c1", made, "B1 promise_changed open anna");
    shop->store_id = "york";
    TELL("i1 anna c1", made, "B1 promise_changed open anna");
    WAIT(600, "B1 promise_changed broken anna\nB3 case_opened lead high open\n"
              "B1 promise_changed broken anna\nB3 case_opened manager high open");
    assert_text_equal(shop->decisions->items[1]->case_->sentence, "7");
    assert_int_equal(shop->decisions->items[1]->n_overrides, 1);
}

static TEST(a_level_may_decide_more_in_a_region_and_its_days_follow)
{
    AUTO(shop) *shop = open_at("2026-03-04T10:00:00Z");
    TELL("- lea -", "'on_duty':{'role':'lead'}", "");
    TELL("i1 lea c1", ASK("r1", 40000),
         "A1 remedy_changed reserved 400.00 lea\nA1 verdict_given granted 400.00");
    TELL("i1 lea c1", ASK("r2", 40000),
         "A1 remedy_changed reserved 400.00 lea\nA1 verdict_given granted 400.00");
    TELL("i1 lea c1", ASK("r3", 1), "");
    shop->store_id = "tower";
    TELL("- lea -", "'on_duty':{'role':'lead'}", "");
    TELL("i1 lea c2", ASK("r1", 40000), "");
}

static TEST(a_sale_day_begins_and_ends_by_the_clocks_of_each_store)
{
    AUTO(shop) *shop = open_at("2026-03-04T22:59:59Z");
    TELL("i1 anna c1", ASK("r1", 6000), "");
    shop_sleep(shop, 1); /* midnight in Vienna */
    TELL("i1 anna c1", ASK("r2", 6000),
         "A1 remedy_changed reserved 60.00 anna\nA1 verdict_given granted 60.00");
    TELL("i1 anna c1", NEED, "");
    shop->store_id = "tower"; /* in UTC, an hour later */
    TELL("i1 anna c2", ASK("r1", 6000), "");
    shop_sleep(shop, HOUR);
    TELL("i1 anna c2", ASK("r2", 6000),
         "A1 remedy_changed reserved 60.00 anna\nA1 verdict_given granted 60.00");
    shop_sleep(shop, DAY - 1);
    TELL("i1 anna c3", ASK("r3", 6000),
         "A1 remedy_changed reserved 60.00 anna\nA1 verdict_given granted 60.00");
    shop_sleep(shop, 1);
    TELL("i1 anna c4", ASK("r4", 6000), "");
}

static TEST(what_is_for_a_time_wins_and_what_began_under_it_keeps_it)
{
    AUTO(shop) *shop = open_at("2026-03-05T22:50:00Z"); /* ten minutes before the sale ends there */
    TELL("i1 - -", HOLD, "");
    WAIT(599, "");
    WAIT(1, "F2 case_opened lead normal open"); /* 600 s, although it has just ended */
    assert_text_equal(shop->decisions->items[0]->overrides[2], "sale");
    TELL("i2 - -", HOLD, "");
    WAIT(120, "F2 case_opened lead normal open");
}

static TEST(an_override_may_give_other_hours_and_a_case_keeps_those_of_its_opening)
{
    AUTO(shop) *shop = open_at("2026-03-02T10:55:00Z"); /* 11:55 in Vienna; the storm ends at 13:30 there */
    TELL("i1 anna c1", LEAVING, "G1 case_opened lead high open\nG1 verdict_given escalated lead");
    int64_t expected;
    assert_int_equal(time_parse("2026-03-03T09:02:00Z", &expected), 0); /* 5 + 2 of 7 minutes */
    assert_int_equal(shop->decisions->items[0]->case_->due_at, expected);
    shop_sleep(shop, 2 * HOUR);
    TELL("i2 anna c1", LEAVING, "G1 case_opened lead high open\nG1 verdict_given escalated lead");
    assert_int_equal(shop->decisions->items[0]->case_->due_at, shop->now + 7 * MINUTE * INT64_C(1000000));
}

static TEST(late_events_are_judged_by_the_overrides_of_their_time)
{
    AUTO(shop) *shop = open_at("2026-03-06T08:00:00Z");
    TELL("i1 anna c1", ASK("r1", 6000), "");
    shop->sent_after_us = 10 * HOUR * INT64_C(1000000);
    TELL(
        "i1 anna c1", ASK("r2", 6000),
        "- remedy_changed requested 60.00 -"); /* within the authority of that time: late, it is on record only */
}

/* --- what is told of it --- */

static void note(void *owner, const struct effective_setting *setting)
{
    bytes_append_format(owner, "%s %s%s%s = %s (line %u%s", setting->section,
                        setting->name ? setting->name : "-", setting->part ? ", " : "",
                        setting->part ? setting->part : "", setting->value, setting->line,
                        setting->is_own ? ", its own" : "");
    if (setting->override)
        bytes_append_format(owner, ", %s %s; otherwise %s", setting->override, setting->why,
                            setting->otherwise);
    bytes_append_text(owner, ")\n");
}

static TEST(what_holds_in_a_store_and_why_can_be_told)
{
    AUTO(shop) *shop = open_at("2026-03-02T10:00:00Z");
    AUTO_CLEAR(bytes) told = {0};
    effective_each(state_policy(shop->fold, 1), "harbour", shop->now, note, &told);
    assert_text_equal(
        bytes_text(&told),
        "zone - = Europe/Vienna (line 6, its own)\n"
        "calendar - = is open by the hours \"short\": Monday to Friday 10:00 to 12:00; "
        "Saturday to Sunday closed (line 37, storm in stores of the region coast, until 2 "
        "March 2026 13:30 by the clocks of each store; otherwise is open day and night)\n"
        "ladder associate, at once = 50.00 EUR (line 10)\n"
        "ladder associate, to one customer in a day = 100.00 EUR (line 10)\n"
        "ladder associate, in a day in all = 500.00 EUR (line 10)\n"
        "ladder associate, time to take a case = no clock runs (line 10)\n"
        "ladder associate, exceptions it lists = split-set (line 10)\n"
        "ladder lead, at once = 400.00 EUR (line 24, coast in stores of the region coast; "
        "otherwise 200.00 EUR)\n"
        "ladder lead, to one customer in a day = 800.00 EUR (line 24, coast in stores of the "
        "region coast; otherwise 400.00 EUR)\n"
        "ladder lead, in a day in all = 4,000.00 EUR (line 24, coast in stores of the region "
        "coast; otherwise 2,000.00 EUR)\n"
        "ladder lead, time to take a case = 7 min (line 24, coast in stores of the region "
        "coast; otherwise 5 min)\n"
        "ladder lead, exceptions it lists = none (line 24, coast in stores of the region coast; "
        "otherwise late-return)\n"
        "ladder manager, at once = any amount (line 12)\n"
        "ladder manager, to one customer in a day = any amount (line 12)\n"
        "ladder manager, in a day in all = any amount (line 12)\n"
        "ladder manager, time to take a case = 10 min (line 12)\n"
        "figures limit = 2 min (line 20, small in stores tagged small; otherwise 5 min)\n"
        "figures count = 5 (line 23, coast in stores of the region coast; otherwise 3)\n"
        "later sale = will hold in all stores, from 5 March 2026 00:00 by the clocks of each "
        "store, until 6 March 2026 00:00 by the clocks of each store (line 28)\n");
    bytes_reset(&told);
    effective_each(state_policy(shop->fold, 1), "lagoon", shop->now, note, &told);
    assert_non_null(strstr(
        bytes_text(&told),
        "rules leaving = its cases go to the manager (line 27, lagoon in the store lagoon; otherwise to the "
        "lead)\n"
        "rules hold = its limit is 50 s (line 27, lagoon in the store lagoon; otherwise 3 min 20 s)\n"));
}

RUN_TESTS(cmocka_unit_test(the_narrower_override_wins_over_the_wider),
          cmocka_unit_test(a_rule_may_have_a_figure_of_its_own_and_go_to_somebody_else),
          cmocka_unit_test(B3_an_overdue_promise_goes_where_the_override_of_its_store_says),
          cmocka_unit_test(a_level_may_decide_more_in_a_region_and_its_days_follow),
          cmocka_unit_test(a_sale_day_begins_and_ends_by_the_clocks_of_each_store),
          cmocka_unit_test(what_is_for_a_time_wins_and_what_began_under_it_keeps_it),
          cmocka_unit_test(an_override_may_give_other_hours_and_a_case_keeps_those_of_its_opening),
          cmocka_unit_test(late_events_are_judged_by_the_overrides_of_their_time),
          cmocka_unit_test(what_holds_in_a_store_and_why_can_be_told))
