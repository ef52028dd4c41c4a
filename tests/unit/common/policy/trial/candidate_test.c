/* candidate: which changes are tried, what each would have been worth, and which are told. */
#include "common/policy/trial/comparison.h"
#include "common/policy/load/policy_load.h"
#include "tests/support/check.h"
#include "tests/support/past.h"

#include <stdlib.h>

#define HOLD          "'wait_started':{'kind':'HOLD'}"
#define UNHOLD        "'wait_ended':{'kind':'HOLD'}"
#define HELD(seconds) "'wait_reported':{'kind':'HOLD','duration_ms':" #seconds "000}"
#define ASK(id, minor)                                                                                       \
    "'remedy_requested':{'remedy_id':'" id "','kind':'REFUND','amount':{'minor':" #minor ",'currency':'EUR'" \
    "}}"
#define ANSWER(answer) "'case_answered':{'escalation_id':'$case','round':$round,'answer':'" answer "'"

static struct policy *shipped_policy(void)
{
    struct policy_findings *findings = memory_zeroed(sizeof *findings);
    struct policy *policy = policy_load(past_shipped(), NULL, 0, 1, findings);
    free(findings);
    return policy;
}

static struct comparison *begin(const char *const *changes, size_t count)
{
    char why[WHY_SIZE] = "";
    const struct backtest_options options = {.document = past_shipped()};
    struct comparison *comparison = comparison_new(&options, why);
    assert_text_equal(why, "");
    for (size_t i = 0; i < count; i++) {
        struct setting_change change;
        assert_true(setting_parse(changes[i], &change, why));
        assert_true(comparison_add(comparison, &change, 1, why));
    }
    return comparison;
}

static void walk(struct comparison *comparison, const struct past *past)
{
    char why[WHY_SIZE] = "";
    for (size_t i = 0; i < past->count; i++)
        comparison_logged(comparison, past->events[i].event);
    for (size_t i = 0; i < past->count; i++)
        assert_int_equal(comparison_event(comparison, &past->events[i].record, past->events[i].event,
                                          past->events[i].decisions, past->events[i].count, why),
                         0);
}

/* What one change would have been worth. */
static struct worth_sum worth_of(const struct past *past, const char *change)
{
    AUTO(comparison) *comparison = begin(&change, 1);
    walk(comparison, past);
    return comparison_worth(comparison, 0);
}

static size_t choose(const struct past *past, struct candidate candidates[static CANDIDATES_MOST])
{
    AUTO(policy) *policy = shipped_policy();
    AUTO(candidates) *noted = candidates_new(policy);
    AUTO(comparison) *comparison = begin(NULL, 0);
    comparison_watch(comparison, noted);
    walk(comparison, past);
    return candidates_choose(noted, candidates);
}

static bool is_among(const struct candidate *candidates, size_t count, const char *name, const char *value)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(candidates[i].change.name, name) && text_equal(candidates[i].change.value, value))
            return true;
    return false;
}

/* --- worth --- */

enum { DAY = 86400 };

/* A request of 90.00 that is answered ten minutes later, and what comes of it so many seconds after. */
static struct past *asked(const char *answer, const char *afterwards, int64_t seconds)
{
    AUTO(shop) *shop = shop_open(NULL);
    struct past *past = past_new(shop);
    shop_play(shop, "- ines -", "'on_duty':{'role':'store_manager'}");
    shop_play(shop, "i1 anna c1", "'interaction_opened':{'channel':'COUNTER'}");
    shop_play(shop, "i1 anna c1", ASK("r1", 9000));
    shop_play(shop, "i1 ines c1", "'case_acknowledged':{'escalation_id':'$case','round':$round}");
    shop_wait(shop, 600);
    shop_play(shop, "i1 ines c1", answer);
    shop_wait(shop, seconds);
    shop_play(shop, "i2 anna c1", afterwards);
    return past;
}

static TEST(a_yes_at_the_counter_comes_sooner_and_costs_what_it_is_more)
{
    AUTO(past) *past =
        asked(ANSWER("GRANTED") ",'amount':{'minor':4000,'currency':'EUR'}}", "'leaving_signalled':{}", DAY);
    struct worth_sum worth = worth_of(past, "ladder.associate.remedy=90.00");
    assert_int_equal(worth.contacts_before, 2); /* the one who leaves is a case in any event */
    assert_int_equal(worth.kept, 1);
    assert_int_equal(worth.sent, 0);
    assert_int_equal(worth.answers, 1);
    assert_int_equal(worth.answers_us, 600 * INT64_C(1000000));
    assert_int_equal(worth.currencies, 1);
    assert_int_equal(worth.money[0].more, 5000);
    assert_int_equal(worth.money[0].given_before, 4000);
    assert_int_equal(worth.noes_turned, 0);
}

static TEST(a_no_that_would_have_been_a_yes_is_regretted_when_the_customer_leaves_or_complains)
{
    AUTO(past) *left = asked(ANSWER("REFUSED") "}", "'leaving_signalled':{}", DAY);
    struct worth_sum worth = worth_of(left, "ladder.associate.remedy=90.00");
    assert_int_equal(worth.noes_before, 1);
    assert_int_equal(worth.noes_turned, 1);
    assert_int_equal(worth.noes_regretted, 1);
    assert_int_equal(worth.money[0].more, 9000);
    AUTO(past) *complained = asked(ANSWER("REFUSED") "}", "'complaint':{'about':'PRODUCT'}", 60 * DAY);
    assert_int_equal(worth_of(complained, "ladder.associate.remedy=90.00").noes_regretted, 1);
    AUTO(past) *stayed = asked(ANSWER("REFUSED") "}", "'sale_completed':{'lines':[]}", DAY);
    worth = worth_of(stayed, "ladder.associate.remedy=90.00");
    assert_int_equal(worth.noes_turned, 1);
    assert_int_equal(worth.noes_regretted, 0);
    AUTO(past) *later = asked(ANSWER("REFUSED") "}", "'leaving_signalled':{}", 60 * DAY + 1);
    assert_int_equal(worth_of(later, "ladder.associate.remedy=90.00").noes_regretted, 0);
}

static TEST(less_authority_sends_a_contact_up_and_gives_less)
{
    AUTO(shop) *shop = shop_open(NULL);
    AUTO(past) *past = past_new(shop);
    shop_play(shop, "i1 anna c1", ASK("r1", 4000));
    struct worth_sum worth = worth_of(past, "ladder.associate.remedy=30.00");
    assert_int_equal(worth.kept, 0);
    assert_int_equal(worth.sent, 0); /* a yes is the cheaper answer, by A5 */
    assert_int_equal(worth.money[0].given_before, 4000);
    worth = worth_of(past, "figures.yes_cap=30.00");
    assert_false(worth_is_any(&worth));
    assert_true(worth_gain(&worth) == 0);
}

static TEST(time_with_nobody_called_is_counted_from_each_limit_to_the_end_of_the_wait)
{
    AUTO(shop) *shop = shop_open(NULL);
    AUTO(past) *past = past_new(shop);
    shop_play(shop, "i1 - c1", HOLD);
    shop_wait(shop, 400);
    shop_play(shop, "i1 - c1", UNHOLD); /* called at 300 */
    shop_play(shop, "i2 - c2", HOLD);
    shop_wait(shop, 270);
    shop_play(shop, "i2 - c2", "'interaction_closed':{'outcome':'ABANDONED'}");
    shop_play(shop, "i3 - c3", HELD(330));
    struct worth_sum worth = worth_of(past, "figures.hold_lead=240s");
    assert_int_equal(worth.contacts_before, 2);
    assert_int_equal(worth.sent, 1);
    assert_int_equal(worth.sent_bad, 1);
    assert_int_equal(worth.waits_us, (60 + 30 + 60) * INT64_C(1000000));
    assert_int_equal(worth.waits_before_us, (100 + 30) * INT64_C(1000000));
    worth = worth_of(past, "figures.hold_lead=350s");
    assert_int_equal(worth.kept, 1);
    assert_int_equal(worth.waits_us, -(50 + 30) * INT64_C(1000000));
}

static TEST(a_case_that_nobody_takes_goes_on_sooner)
{
    AUTO(shop) *shop = shop_open(NULL);
    AUTO(past) *past = past_new(shop);
    shop_play(shop, "i1 anna c1", ASK("r1", 15000));
    shop_play(shop, "i1 anna c1", ASK("r2", 17000)); /* beyond A5's cap */
    shop_wait(shop, 320);
    struct worth_sum worth = worth_of(past, "ladder.shift_lead.acknowledge_within=2m");
    assert_int_equal(worth.climbs_us % (180 * INT64_C(1000000)), 0);
    assert_true(worth.climbs_us > 0);
    worth = worth_of(past, "ladder.shift_lead.acknowledge_within=10m");
    assert_true(worth.climbs_spared > 0);
    assert_int_equal(worth.climbs, 0);
}

static TEST(an_exercise_is_worth_nothing)
{
    AUTO(shop) *shop = shop_open(NULL);
    AUTO(past) *past = past_new(shop);
    struct candidate candidates[CANDIDATES_MOST];
    shop->drill = true;
    shop_play(shop, "i1 anna c1", ASK("r1", 6000));
    shop_play(shop, "i2 - c2", HELD(280));
    struct worth_sum worth = worth_of(past, "figures.hold_lead=240s");
    assert_int_equal(worth.contacts_before, 0);
    assert_int_equal(worth.sent + worth.kept, 0);
    assert_int_equal(worth.waits_us, 0);
    assert_int_equal(choose(past, candidates), 0);
}

/* --- which are tried --- */

static TEST(figures_near_which_the_log_lies_are_tried_on_either_side)
{
    AUTO(shop) *shop = shop_open(NULL);
    AUTO(past) *past = past_new(shop);
    struct candidate candidates[CANDIDATES_MOST];
    shop_play(shop, "i1 - c1", HELD(280));
    shop_play(shop, "i2 - c2", HELD(310));
    shop_play(shop, "i3 - c3", HELD(299));
    shop_play(shop, "i4 - c4", HELD(20)); /* far from any limit */
    shop_play(shop, "i5 - c5", HOLD);
    shop_wait(shop, 200);
    shop_play(shop, "i5 - c5", UNHOLD);
    shop_play(shop, "i6 anna c6", ASK("r6", 9000)); /* a no would lose us 80.00 */
    size_t count = choose(past, candidates);
    assert_true(is_among(candidates, count, "figures.hold_lead", "270s")); /* down, to take in 280 */
    assert_true(is_among(candidates, count, "figures.hold_lead", "330s")); /* up, past 310 */
    assert_true(is_among(candidates, count, "figures.hearer_worth", "6.00"));
    assert_true(is_among(candidates, count, "figures.bad_reach", "18"));
    assert_true(is_among(candidates, count, "ladder.associate.remedy", "90.00"));
    assert_false(is_among(candidates, count, "ladder.shift_lead.remedy", "210.00"));
    for (size_t i = 0; i < count; i++)
        assert_true(candidates[i].value != candidates[i].was);
}

static TEST(a_log_that_lies_near_nothing_has_no_candidates)
{
    AUTO(shop) *shop = shop_open(NULL);
    AUTO(past) *past = past_new(shop);
    struct candidate candidates[CANDIDATES_MOST];
    shop_play(shop, "i1 anna c1", "'compliment':{}");
    assert_int_equal(choose(past, candidates), 0);
}

static TEST(there_are_never_more_runs_than_the_bound)
{
    AUTO(policy) *policy = shipped_policy();
    AUTO(candidates) *noted = candidates_new(policy);
    struct candidate candidates[CANDIDATES_MOST];
    for (int figure = 0; figure < 600; figure++)
        for (int i = 1; i < 6000; i += figure < 3 ? 1 : 600) {
            char name[40];
            text_format(name, sizeof name, "figures.f%d", figure);
            candidates_note(noted, name, CANDIDATE_NUMBER, 5000, 4000 + i);
        }
    assert_int_equal(candidates_choose(noted, candidates), CANDIDATES_MOST);
    assert_text_equal(candidates[0].change.name, "figures.f0"); /* most of it lies near that one */
}

/* --- which are told --- */

static TEST(the_best_of_each_figure_and_direction_is_told_the_best_first)
{
    static const struct candidate candidates[] = {
        {.change = {"figures.a", "2"}, .was = 5, .value = 2},
        {.change = {"figures.a", "3"}, .was = 5, .value = 3},
        {.change = {"figures.a", "9"}, .was = 5, .value = 9},
        {.change = {"figures.b", "9"}, .was = 5, .value = 9},
        {.change = {"figures.c", "9"}, .was = 5, .value = 9},
        {.change = {"figures.d", "9"}, .was = 5, .value = 9},
        {.change = {"figures.e", "9"}, .was = 5, .value = 9},
        {.change = {"figures.f", "9"}, .was = 5, .value = 9},
    };
    static const int kept[] = {10, 40, 5, 0, 20, 30, 60, 50};
    struct worth_sum worths[COUNT_OF(candidates)] = {{0}};
    size_t places[SUGGESTIONS_MOST];
    for (size_t i = 0; i < COUNT_OF(candidates); i++)
        worths[i] = (struct worth_sum){.contacts_before = 100, .kept = kept[i]};
    assert_int_equal(candidates_suggest(candidates, worths, COUNT_OF(candidates), places), 5);
    static const size_t expected[] = {6, 7, 1, 5, 4};
    assert_memory_equal(places, expected, sizeof expected);
    worths[6].sent = 60; /* nothing gets better */
    assert_int_equal(candidates_suggest(candidates, worths, COUNT_OF(candidates), places), 5);
    assert_int_equal(places[0], 7);
    assert_int_equal(places[4], 2);
}

static TEST(it_is_said_in_the_words_of_a_shop)
{
    static const struct {
        struct candidate candidate;
        const char *says;
    } cases[] = {
        {{.change = {"figures.hold_lead", "6m"},
          .unit = CANDIDATE_DURATION,
          .was = 300000000,
          .value = 360000000},
         "The figure \"hold lead\" would be 6 min instead of 5 min."},
        {{.change = {"ladder.shift_lead.remedy", "250.00"},
          .unit = CANDIDATE_MONEY,
          .was = 20000,
          .value = 25000},
         "What the shift lead may give at once would be 250.00 EUR instead of 200.00 EUR."},
        {{.change = {"authority.per_customer_day", "3"}, .unit = CANDIDATE_NUMBER, .was = 2, .value = 3},
         "What every level may give one customer in a day, as a multiple of what it may give at once, would "
         "be 3 "
         "instead of 2."},
        {{.change = {"ladder.shift_lead.acknowledge_within", "4m"},
          .unit = CANDIDATE_DURATION,
          .was = 300000000,
          .value = 240000000},
         "The time that the shift lead has to take a case would be 4 min instead of 5 min."},
    };
    AUTO(policy) *policy = shipped_policy();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        AUTO_CLEAR(bytes) says = {0};
        candidate_write(&cases[i].candidate, policy, &says);
        assert_text_equal(bytes_text(&says), cases[i].says);
    }
}

RUN_TESTS(
    cmocka_unit_test(a_yes_at_the_counter_comes_sooner_and_costs_what_it_is_more),
    cmocka_unit_test(a_no_that_would_have_been_a_yes_is_regretted_when_the_customer_leaves_or_complains),
    cmocka_unit_test(less_authority_sends_a_contact_up_and_gives_less),
    cmocka_unit_test(time_with_nobody_called_is_counted_from_each_limit_to_the_end_of_the_wait),
    cmocka_unit_test(a_case_that_nobody_takes_goes_on_sooner), cmocka_unit_test(an_exercise_is_worth_nothing),
    cmocka_unit_test(figures_near_which_the_log_lies_are_tried_on_either_side),
    cmocka_unit_test(a_log_that_lies_near_nothing_has_no_candidates),
    cmocka_unit_test(there_are_never_more_runs_than_the_bound),
    cmocka_unit_test(the_best_of_each_figure_and_direction_is_told_the_best_first),
    cmocka_unit_test(it_is_said_in_the_words_of_a_shop))
