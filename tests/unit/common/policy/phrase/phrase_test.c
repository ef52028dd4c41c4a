/* phrase: conditions as people read them, with the values they had. */
#include "common/base/text.h"
#include "common/policy/explain/why.h"
#include "common/policy/load/policy_load.h"
#include "common/policy/phrase/phrase.h"
#include "common/policy/state/fold.h"
#include "tests/support/check.h"
#include "tests/support/shop.h"

#include <stdio.h>

#define POLICY                                                                                               \
    "policy: small\ncurrency: EUR\nladder:\n- role: counter\n  remedy: 50.00\n- role: lead\n  remedy: "      \
    "unlimited\n"                                                                                            \
    "figures: { patience: 5m, most: 12.50, few: 3 }\nrules:\n- id: rule\n  on: %s\n  when: \"%s\"\n  then: " \
    "{ advise: \"x\" }\n"

static struct policy *load(const char *on, const char *when)
{
    char text[2048];
    struct policy_findings findings;
    snprintf(text, sizeof text, POLICY, on, when);
    struct policy *policy = policy_load(slice_of_text(text), NULL, 0, 1, &findings);
    if (!policy)
        fail_msg("%s: %s", when, findings.items[0].sentence);
    return policy;
}

#define ADVICE                                                                                               \
    "policy: small\ncurrency: EUR\nladder:\n- role: counter\n  remedy: 50.00\n- role: lead\n  remedy: "      \
    "unlimited\nrules:\n- id: rule\n  on: %s\n  then: { advise: \"%s\" }\n"

static TEST(a_sentence_is_told_with_what_is_filled_in)
{
    static const struct {
        const char *on, *says, *said;
    } cases[] = {
        {"offer_made", "It is {has(customer.owner) ? customer.owner + ', ' + customer.owner : 'nobody'}'s.",
         "It is [[the employee who knows this customer], [the employee who knows this customer], if known, "
         "otherwise nobody]'s."},
        {"offer_made", "Ask{has(customer.owner) ? ' ' + customer.owner : ''}.",
         "Ask[ [the employee who knows this customer], if known]."},
        {"offer_made", "Go{interaction.needs == 0 ? ' away' : ''}.",
         "Go[ away if there are no needs recorded in this contact]."},
        {"offer_made", "Go.{interaction.needs == 0 ? '' : ' Run.'}",
         "Go.['Run.' if there is at least one need recorded in this contact]"},
        {"offer_made", "Go.{has(customer.owner) ? '' : ' Note who.'}",
         "Go.['Note who.' if the employee who knows this customer is not known]"},
        {"remedy_requested",
         "{remedy.has_figures ? money_in(remedy.amount, remedy.currency) : money(remedy.amount)}",
         "[the amount]"},
        {"on_duty", "You are a {employee.role} there.", "You are a [employee's role] there."},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[2048];
        struct policy_findings findings;
        AUTO_CLEAR(bytes) said = {0};
        snprintf(text, sizeof text, ADVICE, cases[i].on, cases[i].says);
        AUTO(policy) *policy = policy_load(slice_of_text(text), NULL, 0, 1, &findings);
        if (!policy) {
            fail_msg("%s: %s", cases[i].says, findings.items[0].sentence);
            return;
        }
        phrase_template(policy, policy->rules[0].actions[ACTION_ADVISE].says.template, &said);
        assert_text_equal(bytes_text(&said), cases[i].said);
    }
}

static TEST(a_condition_is_a_sentence)
{
    static const struct {
        const char *on, *when, *said;
    } cases[] = {
        {"wait_reported", "wait.lasted_ms >= figures.patience",
         "the time waited is at least 5 min (patience)"},
        {"wait_reported", "figures.patience < wait.lasted_ms",
         "the time waited is more than 5 min (patience)"},
        {"wait_reported", "!(wait.lasted_ms >= figures.patience)",
         "the time waited is less than 5 min (patience)"},
        {"wait_reported", "wait.kind == WaitKind.HOLD && wait.menus > 2",
         "the kind of wait is hold and there are more than 2 menus gone through in this wait"},
        {"offer_made", "has(customer.owner) && customer.owner == 'anna'",
         "the employee who knows this customer is anna"},
        {"offer_made", "!has(customer.owner)", "the employee who knows this customer is not known"},
        {"offer_made", "interaction.needs == 0 || (interaction.is_hurried && interaction.offers > 1)",
         "there are no needs recorded in this contact or (the customer is hurried and there is more than 1 "
         "offer "
         "made in this contact)"},
        {"remedy_requested", "remedy.amount > figures.most", "the amount is more than 12.50 EUR (most)"},
        {"remedy_requested", "!remedy.is_covered", "it is beyond the employee's remaining authority"},
        {"offer_made", "!(has(customer.owner) && interaction.needs >= 2)",
         "the employee who knows this customer is not known or there are fewer than 2 needs recorded in this "
         "contact"},
        {"offer_made",
         "has(customer.last_bought_at) && event.occurred_at - customer.last_bought_at < figures.patience",
         "the time since the customer's last purchase is less than 5 min (patience)"},
        {"offer_made", "has(customer.last_bought_at) && customer.last_bought_at < event.occurred_at",
         "the customer's last purchase is before the time it happened"},
        {"offer_made", "'mall' in store.tags", "the store's tags include mall"},
        {"offer_made", "store.tags.exists(tag, tag.startsWith('m'))",
         "of at least one of the store's tags it is so that it begins with m"},
        {"offer_made", "size(store.tags) == figures.few", "the number of the store's tags is 3 (few)"},
        {"offer_made", "interaction.needs + interaction.offers > interaction.sales",
         "the needs recorded so far plus the offers made so far are more than the sales made so far"},
        {"complaint", "event.complaint.about in [ComplaintAbout.PRICE, ComplaintAbout.RUDENESS]",
         "what the complaint is about is one of: price, rudeness"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO(policy) *policy = load(cases[i].on, cases[i].when);
        AUTO_CLEAR(bytes) said = {0};
        phrase_expression(policy, policy->rules[0].when.program, &said);
        assert_text_equal(bytes_text(&said), cases[i].said);
    }
}

static TEST(a_duration_is_said_in_its_largest_units)
{
    static const struct {
        int64_t us;
        const char *said;
    } cases[] = {{0, "0 s"},
                 {432000000, "7 min 12 s"},
                 {-1500000, "minus 1 s 500 ms"},
                 {93784000000, "1 day 2 h 3 min"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_CLEAR(bytes) said = {0};
        phrase_duration(cases[i].us, &said);
        assert_text_equal(bytes_text(&said), cases[i].said);
    }
}

/* --- terms with their values, as why-not has them --- */

static void listen(void *owner, const struct rule_look *look)
{
    if (text_equal(look->rule->name, "rule"))
        why_look(look, "", owner);
}

static void check_look(const char *on, const char *when, const char *told, const char *expected)
{
    char text[2048];
    snprintf(text, sizeof text, POLICY, on, when);
    AUTO(shop) *shop = shop_open(text);
    AUTO_CLEAR(bytes) said = {0};
    shop->decisions->looked = listen;
    shop->decisions->owner = &said;
    shop_play(shop, "i1 anna c1", told);
    assert_text_equal(bytes_text(&said), expected);
}

static TEST(a_term_that_fails_tells_by_how_much)
{
    check_look(
        "wait_reported", "wait.kind == WaitKind.HOLD && wait.lasted_ms >= figures.patience",
        "'wait_reported':{'kind':'HOLD','duration_ms':132000}",
        "looked at: a wait is reported; it did not hold\n"
        "yes  the kind of wait: hold; asked for: hold\n"
        "no   the time waited: 2 min 12 s; asked for: at least 5 min (patience); 2 min 48 s too little\n");
    check_look(
        "remedy_requested", "remedy.amount <= figures.most",
        "'remedy_requested':{'remedy_id':'r1','kind':'REFUND','amount':{'minor':2000,'currency':'EUR'}}",
        "looked at: a remedy is asked for; it did not hold\n"
        "no   the amount: 20.00 EUR; asked for: at most 12.50 EUR (most); 7.50 EUR too much\n");
    check_look(
        "remedy_requested", "remedy.amount <= 1500",
        "'remedy_requested':{'remedy_id':'r1','kind':'REFUND','amount':{'minor':2000,'currency':'JPY'}}",
        "looked at: a remedy is asked for; it did not hold\n"
        "no   the amount: 2,000 JPY; asked for: at most 1,500 JPY; 500 JPY too much\n");
    check_look(
        "remedy_requested", "remedy.amount <= figures.most(remedy.currency)",
        "'remedy_requested':{'remedy_id':'r1','kind':'REFUND','amount':{'minor':2000,'currency':'USD'}}",
        "looked at: a remedy is asked for; it did not hold\n"
        "?    the amount: 20.00 USD; asked for: at most 12.50 EUR (most) (there is no such figure in this "
        "currency)\n");
}

static TEST(what_was_not_looked_at_says_so)
{
    check_look("offer_made", "interaction.needs > 1 && interaction.offers > 1",
               "'offer_made':{'product_id':'p1'}",
               "looked at: an offer is made; it did not hold\n"
               "no   the needs recorded so far: 0; asked for: more than 1; 1 too little\n"
               "-    the offers made so far: not looked at; asked for: more than 1\n");
}

static TEST(alternatives_are_told_one_below_the_other)
{
    check_look("offer_made", "interaction.needs == 0 || interaction.is_hurried",
               "'offer_made':{'product_id':'p1'}",
               "looked at: an offer is made; it held\n"
               "yes  at least one of these:\n"
               "     yes  the needs recorded so far: 0; asked for: 0\n"
               "     -    the customer is hurried\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sentence_is_told_with_what_is_filled_in),
        cmocka_unit_test(a_condition_is_a_sentence),
        cmocka_unit_test(a_duration_is_said_in_its_largest_units),
        cmocka_unit_test(a_term_that_fails_tells_by_how_much),
        cmocka_unit_test(what_was_not_looked_at_says_so),
        cmocka_unit_test(alternatives_are_told_one_below_the_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
