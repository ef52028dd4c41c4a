/* fold_currency: authority in several currencies, and what becomes of an amount in one without figures. */
#include "tests/support/check.h"
#include "tests/support/shop.h"

#include "common/policy/rules/currency.h"

#define TELL(who, body, expected) assert_text_equal(shop_play(shop, who, body), expected)
#define ASK(id, minor, currency)                                                                             \
    "'remedy_requested':{'remedy_id':'" id "','kind':'REFUND','amount':{'minor':" #minor                     \
    ",'currency':'" currency "'}}"

static const char policy[] =
    "policy: money\ncurrencies: [EUR, USD, JPY]\nladder:\n"
    "- { role: associate, remedy: { EUR: 50.00, USD: 60.00, JPY: 8000 } }\n"
    "- { role: lead, remedy: { EUR: 200.00, USD: 240.00 }, acknowledge_within: 5m }\n"
    "- { role: manager, remedy: 1000.00, acknowledge_within: 5m }\n"
    "- { role: board, remedy: unlimited, acknowledge_within: 5m }\n"
    "rules:\n"
    "- { id: granted, row: A1, on: remedy_requested, when: remedy.is_covered, then: { grant: { says: y } } "
    "}\n"
    "- id: one-hop\n  row: A2\n  on: remedy_requested\n  when: '!remedy.is_covered'\n"
    "  then: { escalate: { to: covering, severity: normal, subject: remedy.remedy_id, says: "
    "'{money_in(remedy.amount, "
    "remedy.currency)}' } }\n";

static struct shop *open_shop(void)
{
    struct shop *shop = shop_open(policy);
    assert_text_equal(bytes_text(&shop->heard), "- policy_accepted");
    shop->snapshot_every = 1;
    return shop;
}

static const WireCase *opened(const struct shop *shop)
{
    return shop->decisions->items[0]->case_;
}

static TEST(each_currency_has_limits_of_its_own)
{
    AUTO(shop) *shop = open_shop();
    TELL("i1 anna c1", ASK("r1", 6000, "USD"),
         "A1 remedy_changed reserved 60.00 anna\nA1 verdict_given granted 60.00");
    TELL("i1 anna c2", ASK("r2", 8000, "JPY"),
         "A1 remedy_changed reserved 80.00 anna\nA1 verdict_given granted 80.00");
    shop_play(shop, "i1 anna c3", ASK("r3", 6001, "USD"));
    assert_text_equal(opened(shop)->role, "lead");
    assert_int_equal(opened(shop)->proof->levels[0]->limit_minor, 6000);
    assert_text_equal(opened(shop)->sentence, "60.01 USD");
}

static TEST(authority_used_in_one_currency_is_not_used_in_another)
{
    AUTO(shop) *shop = open_shop();
    shop_play(shop, "i1 anna c1", ASK("r1", 5000, "EUR"));
    shop_play(shop, "i1 anna c1", ASK("r2", 5000, "EUR"));
    TELL("i1 anna c1", ASK("r3", 6000, "USD"),
         "A1 remedy_changed reserved 60.00 anna\nA1 verdict_given granted 60.00");
    shop_play(shop, "i1 anna c1", ASK("r4", 1, "EUR"));
    assert_text_equal(opened(shop)->role, "lead");
    assert_int_equal(opened(shop)->proof->levels[0]->limit, WIRE_LIMIT_KIND__PER_CUSTOMER_DAY);
}

static TEST(a_currency_without_figures_goes_to_whoever_has_no_limit_and_the_proof_says_so)
{
    AUTO(shop) *shop = open_shop();
    shop_play(shop, "i1 anna c1", ASK("r1", 100, "CHF"));
    assert_text_equal(opened(shop)->role, "board");
    assert_int_equal(opened(shop)->proof->n_levels, 4);
    assert_false(opened(shop)->proof->levels[0]->enough);
    assert_false(opened(shop)->proof->levels[0]->has_limit);
    assert_true(opened(shop)->proof->levels[3]->enough);
    shop_play(shop, "i1 anna c2", ASK("r2", 9000, "JPY")); /* lead and manager have no figures in yen */
    assert_text_equal(opened(shop)->role, "board");
    assert_true(opened(shop)->proof->levels[0]->has_limit);
    assert_false(opened(shop)->proof->levels[1]->has_limit);
    assert_text_equal(opened(shop)->sentence, "9000 JPY");
}

static const char yes_policy[] =
    "policy: money\ncurrencies: [EUR, USD, JPY]\nladder:\n"
    "- { role: associate, remedy: { EUR: 50.00, USD: 60.00, JPY: 8000 } }\n"
    "- { role: board, remedy: unlimited, acknowledge_within: 5m }\n"
    "figures: { worth: { EUR: 5.00, USD: 6.00 }, cap: { EUR: 150.00, USD: 90.00 } }\n"
    "stores: { york: { region: west } }\n"
    "rules:\n"
    "- id: yes\n  row: A5\n  on: remedy_requested\n"
    "  when: remedy.amount < 16 * figures.worth(remedy.currency) && remedy.amount <= "
    "figures.cap(remedy.currency)\n"
    "  then: { grant: { reach: '16', hearer: figures.worth(remedy.currency), cap: "
    "figures.cap(remedy.currency) "
    "} }\n"
    "- id: one-hop\n  row: A2\n  on: remedy_requested\n  when: '!remedy.is_granted'\n"
    "  then: { escalate: { to: covering, severity: normal, subject: remedy.remedy_id, says: "
    "'{remedy.has_figures}' } }\n"
    "overrides:\n"
    "- { name: west, for: { region: west }, figures: { worth: { USD: 5.00 } }, "
    "ladder: { associate: { remedy: { USD: 90.00 } } } }\n"
    "- { name: rule, for: { store: york }, rules: { yes: { figures: { cap: { USD: 70.00 } } } } }\n";

#define GRANTED_IN(amount) "A5 remedy_changed reserved " amount " anna\nA5 verdict_given granted " amount

static TEST(A5_cost_of_a_yes_is_counted_in_the_currency_that_is_asked_for)
{
    AUTO(shop) *shop = shop_open(yes_policy);
    assert_text_equal(bytes_text(&shop->heard), "- policy_accepted");
    TELL("i1 anna c1", ASK("r1", 7999, "EUR"), GRANTED_IN("79.99"));
    const WireProof *proof = shop->decisions->items[1]->verdict->proof;
    assert_int_equal(proof->hearer_minor, 500);
    TELL("i1 anna c2", ASK("r2", 9000, "USD"), GRANTED_IN("90.00"));
    proof = shop->decisions->items[1]->verdict->proof;
    assert_int_equal(proof->hearer_minor, 600);
    assert_int_equal(proof->cap_minor, 9000);
    assert_int_equal(proof->expected_loss_minor, 9600);
    shop_play(shop, "i1 anna c3", ASK("r3", 9001, "USD"));
    assert_text_equal(opened(shop)->role, "board");
}

static TEST(A5_cost_of_a_yes_in_a_currency_without_figures_goes_up_and_says_so)
{
    AUTO(shop) *shop = shop_open(yes_policy);
    shop_play(shop, "i1 anna c1", ASK("r1", 100, "CHF"));
    assert_text_equal(opened(shop)->role, "board");
    assert_text_equal(opened(shop)->sentence, "no");
    shop_play(shop, "i1 anna c2",
              ASK("r2", 8001, "JPY")); /* authority, but nothing of what a hearer is worth */
    assert_text_equal(opened(shop)->role, "board");
    assert_text_equal(opened(shop)->sentence, "yes");
}

static TEST(an_override_changes_one_currency_and_leaves_the_others)
{
    AUTO(shop) *shop = shop_open(yes_policy);
    shop->store_id = "york";
    TELL("i1 anna c1", ASK("r1", 7999, "EUR"), GRANTED_IN("79.99"));
    TELL("i1 anna c2", ASK("r2", 7000, "USD"), GRANTED_IN("70.00")); /* a cap of the rule's own */
    assert_int_equal(shop->decisions->items[1]->verdict->proof->hearer_minor, 500);
    shop_play(shop, "i1 anna c3", ASK("r3", 7001, "USD"));
    assert_text_equal(opened(shop)->role, "associate"); /* 90.00 there */
}

static TEST(B4_what_is_promised_is_covered_in_its_own_currency)
{
    AUTO(shop) *shop = shop_open(
        "policy: money\ncurrencies: [EUR, USD]\nladder:\n- { role: associate, remedy: { EUR: 50.00, USD: "
        "60.00 "
        "} }\n- { role: board, remedy: unlimited }\nrules:\n"
        "- { id: beyond, row: B4, on: promise_made, when: '!promise.is_covered', then: { advise: ask } }\n");
#define WORTH(id, minor, currency)                                                                           \
    "'promise_made':{'promise_id':'" id "','due_at':'2026-03-02T12:00:00Z','worth':{'minor':" #minor         \
    ",'currency':'" currency "'}}"
    TELL("i1 anna c1", WORTH("p1", 6000, "USD"), "");
    TELL("i1 anna c1", WORTH("p2", 6001, "USD"), "B4 verdict_given advice B4");
    TELL("i1 anna c1", WORTH("p3", 5001, "EUR"), "B4 verdict_given advice B4");
    TELL("i1 anna c1", WORTH("p4", 1, "CHF"), "B4 verdict_given advice B4");
}

static TEST(amounts_have_the_decimals_of_their_currency)
{
    int64_t minor;
    char text[CURRENCY_TEXT_SIZE];
    assert_true(currency_parse("12.5", "EUR", &minor) && minor == 1250);
    assert_true(currency_parse("12", "EUR", &minor) && minor == 1200);
    assert_true(currency_parse("12.345", "KWD", &minor) && minor == 12345);
    assert_true(currency_parse("12", "JPY", &minor) && minor == 12);
    assert_false(currency_parse("12.0", "JPY", &minor));
    assert_false(currency_parse("12.345", "EUR", &minor));
    assert_false(currency_parse("12.", "EUR", &minor));
    assert_false(currency_parse("", "EUR", &minor));
    assert_false(currency_parse("99999999999999999999", "EUR", &minor));
    currency_format(-1205, "EUR", text);
    assert_text_equal(text, "-12.05 EUR");
    currency_format(1205, "KWD", text);
    assert_text_equal(text, "1.205 KWD");
    currency_format(1205, "JPY", text);
    assert_text_equal(text, "1205 JPY");
}

RUN_TESTS(cmocka_unit_test(each_currency_has_limits_of_its_own),
          cmocka_unit_test(authority_used_in_one_currency_is_not_used_in_another),
          cmocka_unit_test(a_currency_without_figures_goes_to_whoever_has_no_limit_and_the_proof_says_so),
          cmocka_unit_test(A5_cost_of_a_yes_is_counted_in_the_currency_that_is_asked_for),
          cmocka_unit_test(A5_cost_of_a_yes_in_a_currency_without_figures_goes_up_and_says_so),
          cmocka_unit_test(an_override_changes_one_currency_and_leaves_the_others),
          cmocka_unit_test(B4_what_is_promised_is_covered_in_its_own_currency),
          cmocka_unit_test(amounts_have_the_decimals_of_their_currency))
