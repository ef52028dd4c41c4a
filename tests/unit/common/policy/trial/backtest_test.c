/* backtest: the recorded past judged again, by the same policy and by others. */
#include "common/policy/trial/backtest.h"
#include "common/wire/wire.h"
#include "tests/support/check.h"
#include "tests/support/past.h"

#include <stdio.h>

#define HOLD   "'wait_started':{'kind':'HOLD'}"
#define UNHOLD "'wait_ended':{'kind':'HOLD'}"
#define ASK(id, minor)                                                                                       \
    "'remedy_requested':{'remedy_id':'" id "','kind':'REFUND','amount':{'minor':" #minor ",'currency':'EUR'" \
    "}}"

/* A day with every kind of clock and act in it. */
static struct past *live(void)
{
    AUTO(shop) *shop = shop_open(NULL);
    struct past *past = past_new(shop);
    shop_play(shop, "- ines -", "'on_duty':{'role':'store_manager'}");
    shop_play(shop, "i1 - c1", HOLD);
    shop_wait(shop, 270);
    shop_play(shop, "i1 - c1", UNHOLD); /* 4 min 30 s */
    shop_play(shop, "i2 - c2", HOLD);
    shop_wait(shop, 400);               /* a case at 5 min */
    shop_play(shop, "i2 - c2", UNHOLD); /* overtaken */
    shop_play(shop, "i3 anna c3", ASK("r3", 24000));
    shop_play(shop, "i3 ines c3", "'case_acknowledged':{'escalation_id':'$case','round':$round}");
    shop_wait(shop, 60);
    shop_play(shop, "i3 ines c3",
              "'case_answered':{'escalation_id':'$case','round':$round,'answer':'GRANTED','amount':{'minor':"
              "20000,'currency':'EUR'}}");
    shop_play(shop, "i4 anna c4", "'leaving_signalled':{}");
    shop_wait(shop, 3600); /* climbs, and is told again at the top */
    shop_play(shop, "i5 anna c5", "'interaction_closed':{'outcome':'DISSATISFIED'}");
    shop_wait(shop, 3 * 86400); /* overdue, and the lead hears */
    shop_play(shop, "i6 anna c6", ASK("r6", 4000));
    shop_play(shop, "i6 anna c6", "'compliment':{}"); /* in the digest at midnight */
    shop_play(shop, "i6 anna c6", "'promise_made':{'promise_id':'p6','due_at':'2026-03-07T12:00:00Z'}");
    shop_wait(shop, 3 * 86400); /* broken */
    return past;
}

static struct backtest *judge(const struct past *past, struct slice document, bool is_same)
{
    char why[WHY_SIZE] = "";
    struct backtest_options options = {.document = document};
    struct backtest *backtest = backtest_new(&options, why);
    assert_text_equal(why, "");
    for (size_t i = 0; i < past->count; i++)
        backtest_logged(backtest, past->events[i].event);
    for (size_t i = 0; i < past->count; i++) {
        assert_int_equal(backtest_event(backtest, &past->events[i].record, past->events[i].event,
                                        past->events[i].decisions, past->events[i].count, why),
                         0);
        const struct decisions *decisions = backtest_decisions(backtest);
        for (size_t index = 0; is_same && index < past->events[i].count; index++) {
            AUTO_CLEAR(bytes) packed = {0};
            assert_int_equal(decisions->count, past->events[i].count);
            wire_pack(decisions->items[index], &packed);
            assert_true(slice_equal(bytes_slice(&packed), past->events[i].packed[index]));
        }
    }
    return backtest;
}

/* The shipped policy with something else in one place. */
static struct slice changed(const char *old, const char *new)
{
    static char text[256 * 1024];
    struct slice document = past_shipped();
    const char *at = memmem(document.data, document.size, old, strlen(old));
    assert_non_null(at);
    size_t before = (size_t)(at - (const char *)document.data);
    int size = snprintf(text, sizeof text, "%.*s%s%.*s", (int)before, (const char *)document.data, new,
                        (int)(document.size - before - strlen(old)), at + strlen(old));
    return slice_of(text, (size_t)size);
}

static TEST(the_same_policy_decides_the_same_byte_for_byte)
{
    AUTO(past) *past = live();
    AUTO(backtest) *backtest = judge(past, past_shipped(), true);
    assert_true(tally_is_even(backtest_tally(backtest)));
}

static const char *told(const struct past *past, struct slice document)
{
    static char text[4096];
    AUTO(backtest) *backtest = judge(past, document, false);
    AUTO_CLEAR(bytes) into = {0};
    tally_write(backtest_tally(backtest), 5, &into);
    snprintf(text, sizeof text, "%s", bytes_text(&into));
    return text;
}

static TEST(a_case_that_nobody_saw_counts_and_never_climbs)
{
    AUTO(past) *past = live();
    const char *text = told(past, changed("hold_lead: 300s", "hold_lead: 240s"));
    assert_non_null(strstr(text, "+1 to the shift lead\n"));
    assert_non_null(
        strstr(text, "F2   hold                   cases for the shift lead: 1, would have been 2 (+1)\n"));
    assert_non_null(strstr(text, "harbour  i1\n"));
    assert_null(strstr(text, "climbed"));
}

static TEST(what_people_did_is_done_to_the_case_at_its_new_level)
{
    AUTO(past) *past = live();
    const char *text =
        told(past, changed("- role: shift_lead\n  remedy: 200.00", "- role: shift_lead\n  remedy: 250.00"));
    assert_non_null(strstr(text, "+1 to the shift lead, -1 to the store manager\n"));
    assert_null(strstr(text, "climbed")); /* the store manager took it, and may */
}

static TEST(a_longer_limit_makes_less_of_it)
{
    AUTO(past) *past = live();
    const char *text = told(past, changed("hold_lead: 300s", "hold_lead: 500s"));
    assert_non_null(strstr(text, "cases for the shift lead: 1, would have been 0 (-1)"));
}

static TEST(a_broken_promise_with_a_word_in_time_would_have_been_saved)
{
    AUTO(past) *past = live();
    const char *text = told(past, changed("promises_at_once: 5", "promises_at_once: 0"));
    assert_non_null(strstr(text, "1 promise that would have been saved\n"));
    assert_non_null(strstr(text, "broken promises with one more word in time: 0, would have been 1 (+1)\n"));
    assert_non_null(strstr(text, "harbour  i6  p6\n"));
    text = told(
        past, changed("remind_percent: 25, remind_at_least: 15m", "remind_percent: 1, remind_at_least: 1m"));
    assert_null(strstr(text, "saved")); /* it is reminded of all the same, only later */
}

static TEST(a_digest_is_told_when_the_other_policy_closes_the_store)
{
    AUTO(past) *past = live();
    const char *text = told(past, changed("      kind: compliment\n", ""));
    assert_non_null(strstr(text, "digests: 1, would have been 0 (-1)\n"));
    text =
        told(past, changed("currency: EUR\n", "currency: EUR\ncalendar: shop\ncalendars: { shop: { mon-sun: "
                                              "08:00-20:00 } }\n"));
    assert_null(strstr(text, "digests")); /* earlier, and the same */
}

static void add_grant(struct tally *tally, enum tally_side side, int64_t minor, const char *currency)
{
    WireEvent event = WIRE_EVENT__INIT;
    WireMoney money = WIRE_MONEY__INIT;
    WireRemedy remedy = WIRE_REMEDY__INIT;
    WireDecision decision = WIRE_DECISION__INIT, *decisions[] = {&decision};
    event.body_case = WIRE_EVENT__BODY_REMEDY_REQUESTED;
    money.minor = minor;
    money.currency = (char *)currency;
    remedy.state = (char *)"reserved";
    remedy.remedy_id = (char *)currency;
    remedy.amount = &money;
    decision.rule = (char *)"granted";
    decision.body_case = WIRE_DECISION__BODY_REMEDY;
    decision.remedy = &remedy;
    tally_add(tally, side, &event, decisions, 1);
}

static TEST(each_currency_is_a_sum_of_its_own)
{
    AUTO(tally) *tally = tally_new();
    AUTO_CLEAR(bytes) text = {0};
    add_grant(tally, TALLY_AFTER, 123000, "EUR");
    add_grant(tally, TALLY_BEFORE, 700, "JPY");
    tally_write(tally, 0, &text);
    assert_non_null(strstr(bytes_text(&text), "1,230.00 EUR more decided at the counter"));
    assert_non_null(strstr(bytes_text(&text), "700 JPY less decided at the counter"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_policy_decides_the_same_byte_for_byte),
        cmocka_unit_test(a_case_that_nobody_saw_counts_and_never_climbs),
        cmocka_unit_test(what_people_did_is_done_to_the_case_at_its_new_level),
        cmocka_unit_test(a_longer_limit_makes_less_of_it),
        cmocka_unit_test(a_broken_promise_with_a_word_in_time_would_have_been_saved),
        cmocka_unit_test(a_digest_is_told_when_the_other_policy_closes_the_store),
        cmocka_unit_test(each_currency_is_a_sum_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
