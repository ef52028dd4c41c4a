/* explain: a policy as sentences, and what changes from one to another: whatever is told is compared. */
#include "common/base/text.h"
#include "common/policy/explain/difference.h"
#include "common/policy/explain/explain.h"
#include "common/policy/explain/explain_place.h"
#include "common/policy/load/policy_load.h"
#include "common/policy/load/variant.h"
#include "tests/support/check.h"

#include <stdio.h>
#include <stdlib.h>

#define HEAD  "policy: small\n"
#define MONEY "currency: EUR\n"
#define LADDER                                                                                               \
    "ladder:\n- role: counter\n  remedy: 50.00\n- role: lead\n  remedy: 200.00\n  acknowledge_within: 5m\n"  \
    "- role: boss\n  remedy: unlimited\n"
#define FIGURES "figures: { patience: 5m, most: 1250.00 }\n"
#define PLACES                                                                                               \
    "calendar: shop\ncalendars:\n  shop:\n    mon-fri: 09:00-12:30, 13:30-18:00\n    sat: 22:00-04:00\n"     \
    "    holidays: { 12-25: closed, 2026-12-24: 09:00-13:00 }\n"                                             \
    "stores:\n  pier: { region: coast, tags: [mall, large] }\n"
#define GOODS                                                                                                \
    "products:\n  tires: { service_interval: 180d }\n  bed: { check_in_after: 14d, department: home }\n"
#define RULES                                                                                                \
    "rules:\n- id: wait\n  about: Somebody waits.\n  on: wait_reported\n  when: wait.lasted_ms > "           \
    "figures.patience\n  then:\n    escalate: { to: lead, severity: high, says: \"Come.\" }\n"
#define STORM                                                                                                \
    "overrides:\n- name: storm\n  for: { region: coast }\n  from: 2026-11-21 18:00\n  until: 2026-11-23\n"   \
    "  figures: { patience: 10m }\n  ladder: { lead: { remedy: 300.00 } }\n  calendar: always\n"             \
    "  rules: { wait: { to: boss } }\n"
#define WHOLE HEAD MONEY LADDER FIGURES PLACES GOODS RULES STORM

static struct policy *load(const char *text)
{
    struct policy_findings findings;
    struct policy *policy = policy_load(slice_of_text(text), NULL, 0, 1, &findings);
    if (!policy)
        fail_msg("%u: %s", findings.items[0].line, findings.items[0].sentence);
    return policy;
}

static TEST(a_policy_is_told_whole)
{
    AUTO(policy) *policy = load(WHOLE);
    AUTO_CLEAR(bytes) told = {0};
    explain_policy(policy, &told);
    static const char *const sentences[] = {
        "This is the policy \"small\".",
        "The lead may give up to 200.00 EUR at once, 400.00 EUR to one customer in a day, and 2,000.00 EUR "
        "in a "
        "day in all.",
        "A case that comes to the lead is to be taken within 5 min. Otherwise it goes on to the boss.",
        "A case that comes to the counter waits until somebody takes it: no clock runs.",
        "The boss may give any amount.",
        "A store that is not named here goes by the clocks of UTC and is open by the hours \"shop\".",
        "The store pier lies in the region coast, is tagged mall and large, goes by the clocks of UTC and is "
        "open by the hours \"shop\".",
        "The hours \"shop\": Monday to Friday 09:00 to 12:30 and 13:30 to 18:00; Saturday 22:00 to 04:00 the "
        "next morning; Sunday closed; on 24 December 2026 09:00 to 13:00; on 25 December of each year "
        "closed.",
        "tires: not needed again within 180 days.",
        "bed, of the department home: after a sale the customer is asked how they are getting on, 14 days "
        "later.",
        "The figure \"patience\" is 5 min. (Asked for by: wait.)\n",
        "The figure \"most\" is 1,250.00 EUR.\n",
        "\"storm\" holds in stores of the region coast, from 21 November 2026 18:00 by the clocks of each "
        "store, until 24 November 2026 00:00 by the clocks of each store:",
        "A store is open day and night.",
        "The figure \"patience\" is 10 min. (It is otherwise 5 min.)",
        "The lead may give up to 300.00 EUR at once, 600.00 EUR to one customer in a day, and 3,000.00 EUR "
        "in a "
        "day in all.",
        "Cases of the rule wait go to the boss.",
        "  wait: Somebody waits.\n    When   a wait is reported\n    if     the time waited is more than 5 "
        "min "
        "(patience)\n    then   a case is opened for the lead; its severity is high. It stays open when the "
        "contact ends. It says: \"Come.\"\n",
    };
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (!strstr(bytes_text(&told), sentences[i]))
            fail_msg("not told: %s\n%s", sentences[i], bytes_text(&told));
}

static TEST(each_currency_is_told_by_itself)
{
    AUTO(policy) *policy = load(
        HEAD "currencies: [EUR, USD, JPY]\nladder:\n- { role: counter, remedy: { EUR: 50.00, USD: 60.00 } }\n"
             "- { role: lead, remedy: { EUR: 200.00, USD: 240.00 } }\n- { role: boss, remedy: unlimited "
             "}\n" FIGURES RULES);
    AUTO_CLEAR(bytes) told = {0};
    explain_policy(policy, &told);
    static const char *const sentences[] = {
        "Amounts are in EUR, USD and JPY; one that names no currency is in EUR.",
        "The counter may give up to 50.00 EUR at once, 100.00 EUR to one customer in a day, and 500.00 EUR "
        "in a day in all.",
        "The counter may give up to 60.00 USD at once, 120.00 USD to one customer in a day, and 600.00 USD "
        "in a day in all.",
        "The counter decides nothing in JPY: such a request goes up.",
    };
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (!strstr(bytes_text(&told), sentences[i]))
            fail_msg("not told: %s\n%s", sentences[i], bytes_text(&told));
}

/* --- what changes --- */

static char *replaced(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    assert_non_null(at);
    char *result = malloc(strlen(text) + strlen(to) + 1);
    sprintf(result, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    return result;
}

static const struct {
    const char *from, *to, *told;
} changes[] = {
    {"policy: small", "policy: large",
     "was:        This is the policy \"small\".\nis now:     This is the policy \"large\".\n"},
    {"remedy: 50.00", "remedy: 50.00\n  per_customer_day: 70.00",
     "was:        The counter may give up to 50.00 EUR at once, 100.00 EUR to one customer in a day, and "
     "500.00 EUR in a day in all.\nis now:     The counter may give up to 50.00 EUR at once, 70.00 EUR "
     "to "
     "one customer in a day, and 500.00 EUR in a day in all.\n"},
    {"remedy: 50.00", "remedy: 50.00\n  exceptions: [split-set, late-return]",
     "new:        The counter may make exceptions: split-set and late-return.\n"
     "new:        The boss may make any exception to a rule, also one that no level lists.\n"},
    {"remedy: 300.00", "remedy: 300.00, exceptions: []",
     "new:        with \"storm\": The lead lists no exceptions.\n"},
    {"acknowledge_within: 5m", "acknowledge_within: 7m",
     "was:        A case that comes to the lead is to be taken within 5 min.\nis now:     A case that "
     "comes "
     "to the lead is to be taken within 7 min.\n"},
    {"acknowledge_within: 5m", "acknowledge_within: 5m\n  calendar: always",
     "was:        A case that comes to the lead is to be taken within 5 min.\nis now:     A case that "
     "comes "
     "to the lead is to be taken within 5 min, counted day and night.\n"},
    {"most: 1250.00", "most: 1250.50",
     "was:        The figure \"most\" is 1,250.00 EUR.\nis now:     The figure \"most\" is 1,250.50 "
     "EUR.\n"},
    {", most: 1250.00", "", "no longer:  The figure \"most\" is 1,250.00 EUR.\n"},
    {"tags: [mall, large]", "tags: [mall]",
     "was:        The store pier lies in the region coast, is tagged mall and large, goes by the clocks "
     "of "
     "UTC and is open by the hours \"shop\".\nis now:     The store pier lies in the region coast, is "
     "tagged "
     "mall, goes by the clocks of UTC and is open by the hours \"shop\".\n"},
    {"stores:\n", "stores:\n  york: {}\n",
     "new:        The store york goes by the clocks of UTC and is open by the hours \"shop\".\n"},
    {"    sat: 22:00-04:00\n", "",
     "was:        The hours \"shop\": Monday to Friday 09:00 to 12:30 and 13:30 to 18:00; Saturday 22:00 "
     "to "
     "04:00 the next morning; Sunday closed; on 24 December 2026 09:00 to 13:00; on 25 December of each "
     "year "
     "closed.\nis now:     The hours \"shop\": Monday to Friday 09:00 to 12:30 and 13:30 to 18:00; "
     "Saturday "
     "to Sunday closed; on 24 December 2026 09:00 to 13:00; on 25 December of each year closed.\n"},
    {"2026-12-24: 09:00-13:00", "2026-12-24: closed",
     "was:        The hours \"shop\": Monday to Friday 09:00 to 12:30 and 13:30 to 18:00; Saturday 22:00 "
     "to "
     "04:00 the next morning; Sunday closed; on 24 December 2026 09:00 to 13:00; on 25 December of each "
     "year "
     "closed.\nis now:     The hours \"shop\": Monday to Friday 09:00 to 12:30 and 13:30 to 18:00; "
     "Saturday "
     "22:00 to 04:00 the next morning; Sunday closed; on 24 December 2026 closed; on 25 December of each "
     "year closed.\n"},
    {"service_interval: 180d", "service_interval: 90d",
     "was:        tires: not needed again within 180 days.\nis now:     tires: not needed again within "
     "90 "
     "days.\n"},
    {"policy: small", "policy: small\nlate_after: 10m",
     "was:        What is reported more than 5 min after it happened is late: what ends with a contact, "
     "such as a wait or a mood, then pages nobody.\n"
     "is now:     What is reported more than 10 min after it happened is late: what ends with a contact, "
     "such as a wait or a mood, then pages nobody.\n"},
    {"until: 2026-11-23", "until: 2026-11-24",
     "was:        \"storm\" holds in stores of the region coast, from 21 November 2026 18:00 by the "
     "clocks "
     "of each store, until 24 November 2026 00:00 by the clocks of each store:\nis now:     \"storm\" "
     "holds "
     "in stores of the region coast, from 21 November 2026 18:00 by the clocks of each store, until 25 "
     "November 2026 00:00 by the clocks of each store:\n"},
    {"patience: 10m", "patience: 11m",
     "was:        with \"storm\": The figure \"patience\" is 10 min.\nis now:     with \"storm\": The "
     "figure "
     "\"patience\" is 11 min.\n"},
    {"wait: { to: boss }", "wait: off",
     "no longer:  with \"storm\": Cases of the rule wait go to the boss.\nnew:        with \"storm\": "
     "The "
     "rule wait is switched off.\n"},
    {"wait.lasted_ms > ", "wait.lasted_ms >= ",
     "the rule wait is another:\n    held if             the time waited is more than 5 min (patience)\n"
     "    holds now if        the time waited is at least 5 min (patience)\n"},
    {"on: wait_reported", "on: wait_reported(HOLD)",
     "the rule wait is another:\n    was looked at when  a wait is reported\n    is now when         a "
     "wait "
     "is reported (hold)\n"},
    {"severity: high", "severity: low",
     "the rule wait is another:\n    did:                a case is opened for the lead; its severity is "
     "high. It stays open when the contact ends. It says: \"Come.\"\n    does now:           a case is "
     "opened "
     "for "
     "the lead; its severity is low. It stays open when the contact ends. It says: \"Come.\"\n"},
};

static TEST(each_kind_of_change_is_told_with_its_old_and_new_value)
{
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        char *text = replaced(WHOLE, changes[i].from, changes[i].to);
        AUTO(policy) *before = load(WHOLE);
        AUTO(policy) *after = load(text);
        AUTO_CLEAR(bytes) told = {0};
        free(text);
        assert_true(difference_write(before, after, &told) > 0);
        assert_text_equal(bytes_text(&told), changes[i].told);
    }
}

/* 22 November 2026: within the storm. */
static const int64_t storm_at = INT64_C(1795305600000000), calm_at = INT64_C(1795910400000000);

/* What is otherwise for the lowest `levels` of a store at a time, and how many changes that are. */
static size_t place_told(const char *from, const char *to, const struct difference_place *place, int64_t at,
                         struct bytes *into)
{
    char *text = replaced(WHOLE, from, to);
    AUTO(policy) *before = load(WHOLE);
    AUTO(policy) *after = load(text);
    size_t count = difference_write_place(variant_for(before, place->store_id, at),
                                          variant_for(after, place->store_id, at), place, 1200, into);
    free(text);
    return count;
}

static TEST(a_store_hears_what_is_otherwise_there_for_its_people)
{
    static const struct {
        const char *from, *to, *store_id;
        unsigned levels;
        int64_t at;
        const char *told;
    } cases[] = {
        {"remedy: 200.00", "remedy: 250.00", "quay", 2, calm_at,
         "The lead may give up to 250.00 EUR at once, 500.00 EUR to one customer in a day, and 2,500.00 EUR "
         "in a day "
         "in all (until now 200.00 EUR at once, 400.00 EUR to one customer in a day, and 2,000.00 EUR in a "
         "day in "
         "all)."},
        {"remedy: 200.00", "remedy: 250.00", "quay", 1, calm_at, ""}, /* nobody there is a lead */
        {"remedy: 200.00", "remedy: 250.00", "pier", 2, storm_at,
         ""}, /* the storm says 300.00 in any event */
        {"acknowledge_within: 5m", "acknowledge_within: 4m", "quay", 3, calm_at,
         "A case that comes to the lead is to be taken within 4 min (until now 5 min)."},
        {"patience: 10m", "patience: 11m", "quay", 3, storm_at, ""},
        {"patience: 10m", "patience: 11m", "pier", 3, storm_at,
         "The figure \"patience\" is 11 min (until now 10 min)."},
        {"figures: { patience: 5m,", "figures: { patience: 5m, more: 3,", "quay", 3, calm_at,
         "The figure \"more\" is 3."},
        {"tires: { service_interval: 180d }", "tires: { service_interval: 90d }", "quay", 3, calm_at,
         "tires: not needed again within 90 days (until now 180 days)."},
        {"sat: 22:00-04:00", "sat: 22:00-03:00", "quay", 3, calm_at,
         "This store goes by the clocks of UTC and is open by the hours \"shop\": Monday to Friday 09:00 to "
         "12:30 and "
         "13:30 to 18:00; Saturday 22:00 to 03:00 the next morning; Sunday closed; on 24 December 2026 09:00 "
         "to 13:00; "
         "on 25 December of each year closed (until now 04:00 the next morning; Sunday closed; on 24 "
         "December 2026 "
         "09:00 to 13:00; on 25 December of each year closed)."},
        {"tags: [mall, large]", "tags: [mall]", "quay", 3, calm_at, ""}, /* of the pier */
        {"wait.lasted_ms > ", "wait.lasted_ms >= ", "quay", 3, calm_at,
         "The rule wait is another: held if the time waited is more than 5 min (patience); holds now if the "
         "time "
         "waited is at least 5 min (patience)."},
        {"rules:\n",
         "rules:\n- id: longer\n  about: Much too long.\n  on: wait_reported\n  then:\n    advise: Go.\n",
         "quay", 3, calm_at, "A new rule, longer: Much too long."},
        {"wait: { to: boss }", "wait: off", "pier", 3, storm_at, "No longer a rule, wait: Somebody waits."},
        {"policy: small", "policy: other", "quay", 3, calm_at, ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct difference_place place = {.store_id = cases[i].store_id, .levels = cases[i].levels};
        AUTO_CLEAR(bytes) told = {0};
        size_t count = place_told(cases[i].from, cases[i].to, &place, cases[i].at, &told);
        assert_text_equal(bytes_text(&told), cases[i].told);
        assert_int_equal(count > 0, *cases[i].told != 0);
    }
}

static TEST(what_is_too_much_to_tell_is_counted)
{
    const struct difference_place place = {.store_id = "quay", .levels = 3};
    AUTO(policy) *before = load(WHOLE);
    AUTO(policy) *after =
        load(HEAD MONEY LADDER "figures: { patience: 6m, most: 1260.00 }\n" PLACES GOODS RULES STORM);
    AUTO_CLEAR(bytes) told = {0};
    assert_int_equal(difference_write_place(before, after, &place, 60, &told), 2);
    assert_text_equal(bytes_text(&told),
                      "The figure \"patience\" is 6 min (until now 5 min). And 1 more change.");
    bytes_reset(&told);
    assert_int_equal(difference_write_place(before, after, &place, 5, &told), 2);
    assert_text_equal(bytes_text(&told), "2 changes.");
}

static TEST(equal_policies_and_other_blanks_make_no_difference)
{
    AUTO(policy) *before = load(WHOLE);
    char *text = replaced(WHOLE, "wait.lasted_ms > figures", "wait.lasted_ms  >  figures");
    AUTO(policy) *after = load(text);
    AUTO_CLEAR(bytes) told = {0};
    free(text);
    assert_int_equal(difference_write(before, before, &told), 0);
    assert_int_equal(difference_write(before, after, &told), 0);
    assert_int_equal(told.size, 0);
}

static TEST(a_rule_and_a_level_that_come_or_go_are_told_whole)
{
    const char *small = HEAD MONEY LADDER FIGURES RULES;
    char *text = replaced(small, "id: wait", "id: patience");
    AUTO(policy) *before = load(small);
    AUTO(policy) *after = load(text);
    AUTO_CLEAR(bytes) told = {0};
    free(text);
    assert_int_equal(difference_write(before, after, &told), 2);
    assert_non_null(
        strstr(bytes_text(&told), "no longer a rule:\n  wait: Somebody waits.\n    When   a wait"));
    assert_non_null(strstr(bytes_text(&told), "a new rule:\n  patience: Somebody waits.\n    When   a wait"));
    text = replaced(small, "- role: boss", "- role: chief\n  remedy: 500.00\n- role: boss");
    AUTO(policy) *higher = load(text);
    free(text);
    bytes_reset(&told);
    assert_int_equal(difference_write(before, higher, &told), 2);
    assert_non_null(strstr(bytes_text(&told), "new:        The chief may give up to 500.00 EUR at once"));
}

/* The figure of an override is compared, not the one it replaces. */
static TEST(a_changed_figure_is_told_once_although_an_override_replaces_it)
{
    AUTO(policy) *before = load(WHOLE);
    char *text = replaced(WHOLE, "patience: 5m", "patience: 6m");
    AUTO(policy) *after = load(text);
    AUTO_CLEAR(bytes) told = {0};
    free(text);
    assert_int_equal(difference_write(before, after, &told), 1);
}

static TEST(days_of_thanks_and_who_keeps_the_policy_are_told)
{
    AUTO(policy) *policy =
        load(HEAD MONEY LADDER
             "proposals: { keeper: lead, answer_within: 7d }\nthanks: [ 04-18 ]\n"
             "calendars: { fete: { mon-sun: 09:00-18:00, thanks: [ 2026-06-05 ] } }\n" FIGURES RULES);
    AUTO_CLEAR(bytes) told = {0};
    explain_policy(policy, &told);
    static const char *const sentences[] = {
        "The lead keeps the policy, and answers what is proposed about it within 7 days.",
        "Days on which customers are thanked, where the hours of a store name none of their own: 18 April of "
        "each year.",
        "The hours \"fete\": Monday to Sunday 09:00 to 18:00; days of thanks: 5 June 2026.",
    };
    for (size_t i = 0; i < COUNT_OF(sentences); i++)
        if (!strstr(bytes_text(&told), sentences[i]))
            fail_msg("it does not say \"%s\":\n%s", sentences[i], bytes_text(&told));
}

static TEST(where_a_store_is_can_be_told)
{
    AUTO(policy) *policy = load(WHOLE);
    AUTO_CLEAR(bytes) told = {0};
    explain_where(policy, "pier", &told);
    explain_where(policy, "york", &told);
    assert_text_equal(bytes_text(&told),
                      "The policy names it in line 19, in the region coast, tagged mall, large.\n"
                      "The policy does not name this store: what is said of all stores holds.\n");
}

RUN_TESTS(cmocka_unit_test(a_policy_is_told_whole),
          cmocka_unit_test(each_kind_of_change_is_told_with_its_old_and_new_value),
          cmocka_unit_test(each_currency_is_told_by_itself),
          cmocka_unit_test(a_store_hears_what_is_otherwise_there_for_its_people),
          cmocka_unit_test(what_is_too_much_to_tell_is_counted),
          cmocka_unit_test(equal_policies_and_other_blanks_make_no_difference),
          cmocka_unit_test(a_rule_and_a_level_that_come_or_go_are_told_whole),
          cmocka_unit_test(a_changed_figure_is_told_once_although_an_override_replaces_it),
          cmocka_unit_test(days_of_thanks_and_who_keeps_the_policy_are_told),
          cmocka_unit_test(where_a_store_is_can_be_told))
