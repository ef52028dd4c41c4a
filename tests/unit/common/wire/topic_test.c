/* topic: words of each kind of decision, and patterns. */
#include "tests/support/check.h"

#include "common/base/text.h"
#include "common/wire/topic.h"
#include "common/wire/set.h"

#include <errno.h>

static char *words(const char *text)
{
    return (char *)(uintptr_t)text;
}

static WireDecision decision_of(WireDecisionKind kind, const char *store_id)
{
    WireDecision decision = WIRE_DECISION__INIT;
    decision.has_kind = 1;
    decision.kind = kind;
    decision.store_id = words(store_id);
    return decision;
}

static void check_topic(const WireDecision *decision, const char *expected)
{
    struct topic topic = topic_of(decision);
    assert_text_equal(topic.text, expected);
    assert_true(topic_pattern_is_valid(topic.text));
}

static TEST(a_case_is_told_to_its_role)
{
    WireCase a_case = WIRE_CASE__INIT;
    a_case.role = words("shift_lead");
    WireDecision decision = decision_of(WIRE_DECISION_KIND__CASE_OPENED, "harbour");
    decision.body_case = WIRE_DECISION__BODY_CASE;
    decision.case_ = &a_case;
    check_topic(&decision, "case.opened.harbour.shift_lead");
    decision.kind = WIRE_DECISION_KIND__CASE_CLIMBED;
    check_topic(&decision, "case.climbed.harbour.shift_lead");
}

static TEST(a_follow_up_without_an_owner_is_nobodys)
{
    WireFollowUp follow_up = WIRE_FOLLOW_UP__INIT;
    WireDecision decision = decision_of(WIRE_DECISION_KIND__FOLLOW_UP_OPENED, "bank");
    decision.body_case = WIRE_DECISION__BODY_FOLLOW_UP;
    decision.follow_up = &follow_up;
    check_topic(&decision, "follow_up.opened.bank.nobody");
    follow_up.owner = words("ann");
    check_topic(&decision, "follow_up.opened.bank.ann");
}

static TEST(outcomes_are_told_in_lower_case)
{
    WireExperience experience = WIRE_EXPERIENCE__INIT;
    experience.outcome = words("ABANDONED");
    WireDecision decision = decision_of(WIRE_DECISION_KIND__EXPERIENCE_RECORDED, "bank");
    decision.body_case = WIRE_DECISION__BODY_EXPERIENCE;
    decision.experience = &experience;
    check_topic(&decision, "experience.recorded.bank.abandoned");
    WireVerdict verdict = WIRE_VERDICT__INIT;
    verdict.has_outcome = 1;
    verdict.outcome = WIRE_VERDICT__OUTCOME__GRANTED;
    decision = decision_of(WIRE_DECISION_KIND__VERDICT_GIVEN, "harbour");
    decision.body_case = WIRE_DECISION__BODY_VERDICT;
    decision.verdict = &verdict;
    check_topic(&decision, "verdict.given.harbour.granted");
}

static TEST(a_finding_is_told_by_its_rule_and_the_rest_to_its_audience)
{
    WireFinding finding = WIRE_FINDING__INIT;
    WireDecision decision = decision_of(WIRE_DECISION_KIND__FINDING_MADE, "bank");
    decision.rule = words("menus");
    decision.body_case = WIRE_DECISION__BODY_FINDING;
    decision.finding = &finding;
    check_topic(&decision, "finding.made.bank.menus");
    decision = decision_of(WIRE_DECISION_KIND__DIGEST_MADE, "bank");
    decision.audience = words("ann");
    check_topic(&decision, "digest.made.bank.ann");
}

static TEST(coaching_for_the_lead_alone_does_not_name_the_employee)
{
    WireCoaching coaching = WIRE_COACHING__INIT;
    WireDecision decision = decision_of(WIRE_DECISION_KIND__COACHING_MADE, "bank");
    coaching.employee_id = words("ann");
    coaching.lead_role = words("shift_lead");
    decision.body_case = WIRE_DECISION__BODY_COACHING;
    decision.coaching = &coaching;
    check_topic(&decision, "coaching.made.bank.ann");
    WIRE_SET(&coaching, lead_alone, true);
    check_topic(&decision, "coaching.made.bank.shift_lead");
}

static TEST(a_pattern_of_words_that_no_topic_has_is_answered_with_those_there_are)
{
    char words[TOPIC_WORDS_SIZE];
    static const char *const known[] = {"",         "*",           "case",        "case.opened",
                                        "*.opened", "*.*.harbour", "follow_up.*", "digest"};
    for (size_t i = 0; i < COUNT_OF(known); i++)
        assert_true(topic_pattern_is_known(known[i], words));
    assert_false(topic_pattern_is_known("cases.opened.harbour", words));
    assert_text_equal(words,
                      "verdict, case, act, follow_up, experience, recognition, coaching, finding, notice, "
                      "digest, staff_word, day, remedy, promise, authority, policy, event");
    assert_false(topic_pattern_is_known("follow_up.open", words));
    assert_text_equal(words, "opened, done, overtaken, overdue, handed_on, woken");
    assert_false(topic_pattern_is_known("*.open", words));
}

static TEST(what_there_is_no_word_for_is_a_hyphen)
{
    WireDecision decision = decision_of(WIRE_DECISION_KIND__POLICY_ACCEPTED, NULL);
    check_topic(&decision, "policy.accepted.-.-");
    decision.store_id = words("two.words");
    decision.audience = words("");
    check_topic(&decision, "policy.accepted.-.-");
}

static TEST(every_kind_has_a_topic_of_its_own)
{
    const ProtobufCEnumDescriptor *kinds = &wire_decision_kind__descriptor;
    for (unsigned i = 0; i < kinds->n_values; i++) {
        const char *topic = topic_of_kind((WireDecisionKind)kinds->values[i].value);
        assert_true(topic_pattern_is_valid(topic));
        assert_string_not_equal(topic, "unknown.unknown");
        for (unsigned other = 0; other < i; other++)
            assert_string_not_equal(topic, topic_of_kind((WireDecisionKind)kinds->values[other].value));
    }
}

static TEST(the_longest_words_fit)
{
    static const char longest[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    WireDecision decision = decision_of(WIRE_DECISION_KIND__EXPERIENCE_RECORDED, longest);
    decision.audience = words(longest);
    struct topic topic = topic_of(&decision);
    assert_int_equal(strlen(topic.text), strlen("experience.recorded..") + 2 * 64);
}

static TEST(patterns_take_whole_words_from_the_front)
{
    static const struct {
        const char *pattern;
        bool matches;
    } cases[] = {
        {"", true},
        {"case", true},
        {"case.opened", true},
        {"case.opened.harbour", true},
        {"case.opened.harbour.shift_lead", true},
        {"*", true},
        {"*.opened", true},
        {"case.*.harbour", true},
        {"case.*.*.shift_lead", true},
        {"*.*.*.*", true},
        {"cas", false},
        {"case.open", false},
        {"case.opened.har", false},
        {"case.opened.harbour.shift_lead.more", false},
        {"case.*.quay", false},
        {"*.closed", false},
        {"Case", false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (topic_matches(cases[i].pattern, "case.opened.harbour.shift_lead") != cases[i].matches)
            fail_msg("\"%s\"", cases[i].pattern);
}

static TEST(patterns_that_could_never_match_are_not_valid)
{
    static const char *const bad[] = {".",         "case.",       ".opened", "case..opened", "case.op*",
                                      "a.b.c.d.e", "case opened", "**",      "case.ö"};
    static const char *const good[] = {"", "*", "case", "case.*.x", "-.-.-.-", "follow_up.opened"};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        if (topic_pattern_is_valid(bad[i]))
            fail_msg("\"%s\"", bad[i]);
    for (size_t i = 0; i < COUNT_OF(good); i++)
        if (!topic_pattern_is_valid(good[i]))
            fail_msg("\"%s\"", good[i]);
    char long_one[TOPIC_SIZE + 1];
    memset(long_one, 'a', TOPIC_SIZE);
    long_one[TOPIC_SIZE] = 0;
    assert_false(topic_pattern_is_valid(long_one));
}

RUN_TESTS(cmocka_unit_test(a_case_is_told_to_its_role),
          cmocka_unit_test(a_follow_up_without_an_owner_is_nobodys),
          cmocka_unit_test(outcomes_are_told_in_lower_case),
          cmocka_unit_test(a_finding_is_told_by_its_rule_and_the_rest_to_its_audience),
          cmocka_unit_test(coaching_for_the_lead_alone_does_not_name_the_employee),
          cmocka_unit_test(what_there_is_no_word_for_is_a_hyphen),
          cmocka_unit_test(a_pattern_of_words_that_no_topic_has_is_answered_with_those_there_are),
          cmocka_unit_test(every_kind_has_a_topic_of_its_own), cmocka_unit_test(the_longest_words_fit),
          cmocka_unit_test(patterns_take_whole_words_from_the_front),
          cmocka_unit_test(patterns_that_could_never_match_are_not_valid))
