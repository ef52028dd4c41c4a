/* setting: one value of a policy's text is another, and everything else stays. */
#include "common/policy/load/setting.h"
#include "common/base/embedded.h"
#include "common/policy/load/policy_load.h"
#include "tests/support/check.h"

#include <stdlib.h>

static const char *const document = "# Grüße: ÄÖÜ before it\n"
                                    "policy: small\n"
                                    "currencies: [EUR, USD]\n"
                                    "late_after: 5m # minutes\n"
                                    "ladder:\n"
                                    "- { role: associate, remedy: { EUR: 50.00, USD: 60.00 } }\n"
                                    "- { role: lead, remedy: unlimited, acknowledge_within: 5m }\n"
                                    "authority: { per_customer_day: 2 }\n"
                                    "figures:\n"
                                    "  hold_lead: 300s  # on hold\n"
                                    "  quoted: \"7\"\n"
                                    "rules:\n"
                                    "- id: hold\n";

static TEST(a_change_is_a_name_and_one_plain_value)
{
    static const char *const wrong[] = {
        "",
        "figures.hold_lead",
        "figures.hold_lead=",
        "=240s",
        "figures.hold_lead=240s # x",
        "figures.hold_lead=1\nrules: []",
        "figures.hold_lead={}",
        "figures.hold_lead=0123456789012345678901234567890123456789012345678"};
    struct setting_change change;
    char why[WHY_SIZE];
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        assert_false(setting_parse(wrong[i], &change, why));
        assert_non_null(strstr(why, "write NAME=VALUE"));
    }
    assert_true(setting_parse("figures.hold_lead=240s", &change, why));
    assert_text_equal(change.name, "figures.hold_lead");
    assert_text_equal(change.value, "240s");
}

static TEST(the_value_is_replaced_and_nothing_else)
{
    static const struct {
        const char *change, *old, *new;
    } cases[] = {
        {"figures.hold_lead=240s", "300s", "240s"},
        {"ladder.associate.remedy.USD=70.00", "60.00", "70.00"},
        {"ladder.lead.acknowledge_within=90s", "within: 5m", "within: 90s"},
        {"authority.per_customer_day=3", "day: 2", "day: 3"},
        {"late_after=1h30m", "5m #", "1h30m #"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct setting_change change;
        char why[WHY_SIZE] = "";
        AUTO_CLEAR(bytes) changed = {0};
        AUTO_CLEAR(bytes) expected = {0};
        const char *at = strstr(document, cases[i].old);
        assert_true(setting_parse(cases[i].change, &change, why));
        assert_true(setting_apply(slice_of_text(document), &change, &changed, why));
        bytes_append(&expected, document, (size_t)(at - document));
        bytes_append_format(&expected, "%s%s", cases[i].new, at + strlen(cases[i].old));
        assert_text_equal(bytes_text(&changed), bytes_text(&expected));
    }
}

static TEST(what_is_no_single_figure_or_limit_is_refused)
{
    static const char *const wrong[] = {"figures.hold_leads=1m",
                                        "figures=1",
                                        "ladder.associate.remedy=60.00",
                                        "ladder.nobody.remedy=60.00",
                                        "policy=other",
                                        "rules.hold=1",
                                        "figures.quoted=8",
                                        "figures.hold_lead.x=1",
                                        "currencies=EUR"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct setting_change change;
        char why[WHY_SIZE] = "";
        AUTO_CLEAR(bytes) changed = {0};
        assert_true(setting_parse(wrong[i], &change, why));
        assert_false(setting_apply(slice_of_text(document), &change, &changed, why));
        assert_true(strlen(why) > 0 && !changed.size);
    }
}

static TEST(the_shipped_policy_is_loaded_with_another_figure)
{
    const struct embedded_file *file = embedded_find("services/escalate/policy/retail.yaml");
    struct policy_findings *findings = memory_zeroed(sizeof *findings);
    struct setting_change change;
    char why[WHY_SIZE] = "";
    AUTO_CLEAR(bytes) changed = {0};
    assert_true(setting_parse("ladder.shift_lead.remedy=250.00", &change, why));
    assert_true(setting_apply(slice_of(file->data, *file->size), &change, &changed, why));
    AUTO(policy) *policy = policy_load(bytes_slice(&changed), NULL, 0, 1, findings);
    assert_non_null(policy);
    free(findings);
}

RUN_TESTS(cmocka_unit_test(a_change_is_a_name_and_one_plain_value),
          cmocka_unit_test(the_value_is_replaced_and_nothing_else),
          cmocka_unit_test(what_is_no_single_figure_or_limit_is_refused),
          cmocka_unit_test(the_shipped_policy_is_loaded_with_another_figure))
