/* policy_load: what a policy may say, and the message each broken one gets (tests/data/policy). */
#include "tests/support/check.h"

#include "common/base/embedded.h"
#include "common/base/text.h"
#include "common/policy/load/policy_load.h"
#include "common/policy/rules/policy.h"
#include "common/policy/rules/policy_parts.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#define FOLDER "tests/data/policy"

static struct policy *load(struct slice document, struct policy_findings *findings)
{
    return policy_load(document, NULL, 0, 7, findings);
}

static struct policy *load_text(const char *text, struct policy_findings *findings)
{
    return load(slice_of_text(text), findings);
}

/* The lines of the expectation that begin with "NAME ". */
static void expect_lines(const char *expected, const char *name, struct bytes *into)
{
    size_t size = strlen(name);
    for (const char *line = expected; *line;) {
        size_t length = strcspn(line, "\n");
        if (!strncmp(line, name, size) && line[size] == ' ')
            bytes_append(into, line, length + 1);
        line += length + 1;
    }
}

static TEST(each_broken_policy_gets_its_message)
{
    struct policy_findings *findings = memory_allocate(sizeof *findings);
    AUTO_CLEAR(bytes) expected = check_read_file(FOLDER "/findings");
    DIR *folder = opendir(FOLDER);
    int count = 0;
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[512], name[300];
        const char *dot = strrchr(entry->d_name, '.');
        if (!dot || !text_equal(dot, ".yaml"))
            continue;
        text_format(name, sizeof name, "%.*s", (int)(dot - entry->d_name), entry->d_name);
        text_format(path, sizeof path, FOLDER "/%s", entry->d_name);
        AUTO_CLEAR(bytes) document = check_read_file(path);
        AUTO_CLEAR(bytes) said = {0};
        AUTO_CLEAR(bytes) wanted = {0};
        assert_null(load(bytes_slice(&document), findings));
        for (size_t i = 0; i < findings->count; i++)
            bytes_append_format(&said, "%s %u:%u %s\n", name, findings->items[i].line,
                                findings->items[i].column, findings->items[i].sentence);
        expect_lines(bytes_text(&expected), name, &wanted);
        assert_text_equal(bytes_text(&said), bytes_text(&wanted));
        count++;
    }
    closedir(folder);
    free(findings);
    assert_true(count >= 80);
}

static TEST(the_shipped_policy_loads_and_has_a_rule_for_each_row_it_names)
{
    static const char *const rows[][2] = {
        {"front-line-authority", "A1"},
        {"one-hop", "A2"},
        {"owner-stays", "A3"},
        {"second-hand-over", "A4"},
        {"hurried", "C1"},
        {"angry", "C3"},
        {"menus", "F1"},
        {"hold", "F2"},
        {"abandoned", "F3"},
        {"leaving", "G1"},
        {"dissatisfied-close", "G2"},
        {"word-of-mouth", "G3"},
        {"safety-incident", "H1"},
        {"compliment", "J1"},
    };
    struct policy_findings *findings = memory_allocate(sizeof *findings);
    const struct embedded_file *file = embedded_find("services/escalate/policy/retail.yaml");
    AUTO(policy) *policy = load(slice_of(file->data, *file->size), findings);
    for (size_t i = 0; i < findings->count; i++)
        print_error("%u:%u %s\n", findings->items[i].line, findings->items[i].column,
                    findings->items[i].sentence);
    free(findings);
    assert_non_null(policy);
    assert_text_equal(policy_name(policy), "retail");
    assert_int_equal(policy_version(policy), 7);
    for (size_t row = 0; row < COUNT_OF(rows); row++) {
        bool is_there = false;
        for (unsigned i = 0; i < policy->rule_count; i++)
            is_there |= text_equal(policy->rules[i].name, rows[row][0]) &&
                        text_equal(policy->rules[i].row, rows[row][1]);
        if (!is_there)
            fail_msg("no rule %s for row %s", rows[row][0], rows[row][1]);
    }
}

static TEST(the_shipped_ladder_is_that_of_the_domain)
{
    struct policy_findings *findings = memory_allocate(sizeof *findings);
    const struct embedded_file *file = embedded_find("services/escalate/policy/retail.yaml");
    AUTO(policy) *policy = load(slice_of(file->data, *file->size), findings);
    free(findings);
    assert_non_null(policy);
    static const struct level levels[] = {
        {.role = "associate",
         .remedy = 5000,
         .customer_day = 10000,
         .employee_day = 50000,
         .acknowledge_us = 300000000}, /* of what is put to them as who can answer */
        {.role = "shift_lead",
         .remedy = 20000,
         .customer_day = 40000,
         .employee_day = 200000,
         .acknowledge_us = 300000000},
        {.role = "store_manager",
         .remedy = 100000,
         .customer_day = 200000,
         .employee_day = 1000000,
         .acknowledge_us = 600000000},
        {.role = "district_manager",
         .remedy = 500000,
         .customer_day = 1000000,
         .employee_day = 5000000,
         .acknowledge_us = 1800000000},
        {.role = "head_office",
         .remedy = UNLIMITED,
         .customer_day = UNLIMITED,
         .employee_day = UNLIMITED,
         .acknowledge_us = 3600000000},
    };
    assert_int_equal(policy->ladder.count, COUNT_OF(levels));
    for (size_t i = 0; i < COUNT_OF(levels); i++) {
        const struct level *level = &policy->ladder.levels[i];
        assert_text_equal(level->role, levels[i].role);
        assert_int_equal(level->remedy, levels[i].remedy);
        assert_int_equal(level->customer_day, levels[i].customer_day);
        assert_int_equal(level->employee_day, levels[i].employee_day);
        assert_int_equal(level->acknowledge_us, levels[i].acknowledge_us);
    }
}

static TEST(a_level_may_have_limits_of_its_own)
{
    struct policy_findings *findings = memory_allocate(sizeof *findings);
    AUTO(policy) *policy =
        load_text("policy: own\ncurrency: EUR\nauthority: { per_customer_day: 3, per_employee_day: 7 }\n"
                  "ladder:\n- { role: a, remedy: 10.00 }\n"
                  "- { role: b, remedy: 20.00, per_customer_day: 25.00, per_employee_day: unlimited }\n"
                  "rules: []\n",
                  findings);
    free(findings);
    assert_non_null(policy);
    assert_int_equal(policy->ladder.levels[0].customer_day, 3000);
    assert_int_equal(policy->ladder.levels[0].employee_day, 7000);
    assert_int_equal(policy->ladder.levels[1].customer_day, 2500);
    assert_true(policy->ladder.levels[1].employee_day == UNLIMITED);
}

static TEST(findings_are_bounded_and_the_rest_is_counted)
{
    struct policy_findings *findings = memory_allocate(sizeof *findings);
    AUTO_CLEAR(bytes) text = {0};
    bytes_append_text(&text, "policy: many\ncurrency: EUR\nladder:\n- {role: a, remedy: 1.00}\nrules:\n");
    for (int i = 0; i < POLICY_FINDINGS + 10; i++)
        bytes_append_format(&text, "- {id: r%d, on: moon, then: {advise: x}}\n", i);
    assert_null(load(bytes_slice(&text), findings));
    assert_int_equal(findings->count, POLICY_FINDINGS);
    assert_int_equal(findings->omitted, 10);
    assert_int_equal(findings->items[POLICY_FINDINGS - 1].line, 5 + POLICY_FINDINGS);
    free(findings);
}

static TEST(a_document_that_is_too_large_is_refused)
{
    struct policy_findings *findings = memory_allocate(sizeof *findings);
    AUTO_CLEAR(bytes) text = {0};
    bytes_append_text(&text, "policy: large\n#");
    while (text.size <= POLICY_DOCUMENT_BYTES)
        bytes_append_text(
            &text, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
    assert_null(load(bytes_slice(&text), findings));
    assert_non_null(strstr(findings->items[0].sentence, "at most 1048576"));
    free(findings);
}

static TEST(figures_are_known_by_their_values)
{
    struct policy_findings *findings = memory_allocate(sizeof *findings);
    AUTO(policy) *policy =
        load_text("policy: f\ncurrency: EUR\nladder:\n- {role: a, remedy: 1.00}\n"
                  "figures: {count: 16, time: 1h30m, short: 250ms, money: 12.50}\nrules: []\n",
                  findings);
    free(findings);
    assert_non_null(policy);
    assert_int_equal(figure_find(policy, "count")->value.as.integer, 16);
    assert_true(figure_find(policy, "time")->value.as.nanoseconds == INT64_C(5400000000000));
    assert_int_equal(figure_find(policy, "short")->value.as.nanoseconds, 250000000);
    assert_int_equal(figure_find(policy, "money")->value.as.integer, 1250);
    assert_true(figure_find(policy, "money")->is_money);
    assert_null(figure_find(policy, "none"));
}

RUN_TESTS(cmocka_unit_test(each_broken_policy_gets_its_message),
          cmocka_unit_test(the_shipped_policy_loads_and_has_a_rule_for_each_row_it_names),
          cmocka_unit_test(the_shipped_ladder_is_that_of_the_domain),
          cmocka_unit_test(a_level_may_have_limits_of_its_own),
          cmocka_unit_test(findings_are_bounded_and_the_rest_is_counted),
          cmocka_unit_test(a_document_that_is_too_large_is_refused),
          cmocka_unit_test(figures_are_known_by_their_values))
