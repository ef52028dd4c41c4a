/* review: what is questionable in a policy is found, at its place, with what to do. */
#include "common/base/embedded.h"
#include "common/base/memory.h"
#include "common/policy/trial/review.h"
#include "tests/support/check.h"

#include <stdio.h>
#include <stdlib.h>

#define HEAD "policy: small\ncurrency: EUR\n"
#define LADDER                                                                                               \
    "ladder:\n- role: counter\n  remedy: 50.00\n- role: lead\n  remedy: unlimited\n  acknowledge_within: "   \
    "5m\n"
#define RULES "rules:\n"
#define CALL                                                                                                 \
    "- id: call\n  about: Somebody comes.\n  on: mood_observed(ANGRY)\n  then:\n    escalate: { to: lead, "  \
    "severity: high, says: \"x\" }\n"
#define ADVISE(name, on, when)                                                                               \
    "- id: " name "\n  about: Advice.\n  on: " on "\n  when: \"" when "\"\n  then: { advise: \"" name "\" "  \
    "}\n"

/* "LINE:COLUMN sentence" of each finding, one a line. */
static const char *findings_of(const char *document)
{
    static char text[4096];
    static struct review review;
    size_t size = 0;
    AUTO(policy) *policy = review_document(slice_of_text(document), NULL, 0, &review);
    text[0] = 0;
    for (size_t i = 0; i < review.count; i++) {
        assert_true(*review.items[i].advice);
        size += (size_t)snprintf(text + size, sizeof text - size, "%s%u:%u %s%s", i ? "\n" : "",
                                 review.items[i].line, review.items[i].column,
                                 review.items[i].is_error ? "error " : "", review.items[i].sentence);
    }
    return text;
}

static TEST(the_shipped_policy_has_nothing_to_complain_of)
{
    const struct embedded_file *file = embedded_find("services/escalate/policy/retail.yaml");
    AUTO_CLEAR(bytes) text = {0};
    bytes_append(&text, file->data, *file->size);
    assert_text_equal(findings_of(bytes_text(&text)), "");
}

static const struct {
    const char *document, *found;
} questionable[] = {
    {HEAD LADDER RULES CALL, ""},
    {HEAD LADDER RULES CALL ADVISE("never", "offer_made", "1 > 2"),
     "18:9 the rule never can never act: it is always false"},
    {HEAD LADDER RULES CALL ADVISE("always", "offer_made", "2 > 1"),
     "18:9 the condition of always is always true"},
    {HEAD LADDER RULES CALL ADVISE("never", "offer_made", "interaction.needs > 5 && interaction.needs < 3"),
     "18:9 the rule never can never act: its terms exclude each other"},
    {HEAD LADDER RULES CALL ADVISE("never", "offer_made", "interaction.needs < 0"),
     "18:9 the rule never can never act: its terms exclude each other"},
    {HEAD LADDER RULES CALL ADVISE("never", "wait_reported",
                                   "wait.kind == WaitKind.HOLD && wait.kind == WaitKind.MENU"),
     "18:9 the rule never can never act: its terms exclude each other"},
    {HEAD LADDER RULES CALL ADVISE("never", "offer_made",
                                   "interaction.is_hurried && !interaction.is_hurried"),
     "18:9 the rule never can never act: its terms exclude each other"},
    {HEAD LADDER RULES CALL ADVISE("edge", "offer_made", "interaction.needs >= 3 && interaction.needs <= 3"),
     ""},
    {HEAD LADDER RULES CALL ADVISE("either", "offer_made", "interaction.needs > 5 || interaction.needs < 3"),
     ""},
    {HEAD LADDER RULES CALL "- id: call-again\n  about: Again.\n  on: mood_observed(ANGRY)\n  then:\n    "
                            "escalate: { to: lead, severity: high, says: \"x\" }\n",
     "15:3 the rule call-again says again what call in line 10 says already: it is shadowed by it"},
    {HEAD LADDER RULES CALL "- id: twice\n  about: Twice.\n  on: [mood_observed, mood_observed(CALM)]\n  "
                            "then: { advise: \"x\" }\n",
     "17:23 the rule twice looks at this twice: another trigger of it covers this one"},
    {HEAD LADDER "figures: { spare: 5m }\n" RULES CALL, "9:12 the figure spare is not used"},
    {HEAD LADDER RULES "- id: call\n  row: Z9\n  about: x\n  on: mood_observed(ANGRY)\n  then:\n    "
                       "escalate: { to: lead, severity: high, says: \"x\" }\n",
     "11:8 there is no row Z9 in the domain"},
    {HEAD LADDER RULES "- id: call\n  on: mood_observed(ANGRY)\n  then:\n    escalate: { to: lead, "
                       "severity: high, says: \"x\" }\n",
     "10:7 the rule call does not say what it is about"},
    {HEAD "ladder:\n- role: counter\n  remedy: 50.00\n  exceptions: [split-set]\n- role: lead\n  remedy: "
          "unlimited\n  "
          "acknowledge_within: 5m\n  exceptions: [split-set]\n" RULES CALL,
     "6:15 the counter may make exceptions, and no rule looks at what is asked for\n"
     "10:15 the exception split-set of the lead is listed by the counter below: whoever is above may grant "
     "it\n"
     "10:15 the lead may make exceptions, and no rule looks at what is asked for"},
    {HEAD "ladder:\n- role: counter\n  remedy: 50.00\n- role: lead\n  remedy: 200.00\n  "
          "acknowledge_within: 5m\n" RULES CALL,
     "7:11 beyond the lead nobody may decide: there is a gap at the top of the ladder"},
    {HEAD "ladder:\n- role: counter\n  remedy: 50.00\n- role: lead\n  remedy: 200.00\n- role: head\n  "
          "remedy: unlimited\n  acknowledge_within: 5m\n" RULES CALL,
     "6:9 a case at the lead waits for ever: it has no acknowledge_within\n"
     "8:9 no case ever gets to the head: no rule names it, and no clock below lets a case climb to it"},
    {HEAD "ladder:\n- role: counter\n  remedy: 50.00\n  per_customer_day: 20.00\n- role: lead\n  remedy: "
          "unlimited\n  acknowledge_within: 5m\n" RULES CALL,
     "6:21 the counter may give a customer less in a day than one remedy may cost"},
    {HEAD LADDER RULES CALL "- id: spill\n  about: x\n  on: incident\n  then:\n    escalate: { to: "
                            "counter, severity: critical, says: \"x\" }\n",
     "19:21 a critical case of spill goes to the counter, where no clock runs"},
    {HEAD LADDER RULES CALL "- id: noted\n  about: x\n  on: promise_made\n  then: { advise: \"x\" }\n",
     "17:7 promises are made here, and no rule has a deadline for them: one that is forgotten stays "
     "unnoticed"},
    {HEAD LADDER "late_after: 2d\n" RULES CALL, "9:13 late_after is unusually long"},
    {HEAD LADDER RULES CALL ADVISE("wrong", "no_such_event", "true"),
     "17:7 error there is no event \"no_such_event\""},
};

static TEST(each_finding_has_its_place_and_its_sentence)
{
    for (size_t i = 0; i < COUNT_OF(questionable); i++)
        assert_text_equal(findings_of(questionable[i].document), questionable[i].found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_policy_has_nothing_to_complain_of),
        cmocka_unit_test(each_finding_has_its_place_and_its_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
