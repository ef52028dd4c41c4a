/* narrate: what people read of decisions and verdicts. */
#include "tests/support/check.h"

#include "common/base/auto.h"
#include "common/wire/set.h"
#include "common/base/text.h"
#include "services/cli/terminal/narrate.h"

static WireMoney money(int64_t minor)
{
    WireMoney made = WIRE_MONEY__INIT;
    WIRE_SET(&made, minor, minor);
    made.currency = (char *)"EUR";
    return made;
}

static TEST(tells_each_kind_of_decision_in_one_sentence)
{
    WireMoney asked = money(30000), granted = money(25050);
    WireCase case_ = WIRE_CASE__INIT;
    case_.escalation_id = (char *)"1-44-0";
    case_.role = (char *)"store_manager";
    case_.severity = WIRE_SEVERITY__HIGH;
    case_.state = (char *)"open";
    case_.requested = &asked;
    case_.granted = &granted;
    case_.answer = (char *)"granted";
    case_.resolved_by = case_.acknowledged_by = (char *)"ines";
    case_.acknowledged_until = INT64_C(1714555800000000);
    case_.climb_reason = (char *)"not acknowledged";
    case_.owner = (char *)"noah";
    case_.sentence = (char *)"300.00 is beyond the counter";
    static const struct {
        WireDecisionKind kind;
        const char *state, *sentence;
    } cases[] = {
        {WIRE_DECISION_KIND__CASE_OPENED, "open",
         "case 1-44-0 opened for store_manager, high, asked for 300.00 EUR (A2 one-hop): 300.00 is beyond "
         "the counter"},
        {WIRE_DECISION_KIND__CASE_RAISED, "open",
         "case 1-44-0 raised, for store_manager, high, asked for 300.00 EUR (A2 one-hop): 300.00 is beyond "
         "the counter"},
        {WIRE_DECISION_KIND__CASE_CLIMBED, "open",
         "case 1-44-0 climbed to store_manager, high, asked for 300.00 EUR (A2 one-hop): 300.00 is beyond "
         "the counter; not acknowledged"},
        {WIRE_DECISION_KIND__CASE_ACKNOWLEDGED, "acknowledged",
         "case 1-44-0 taken by ines until 2024-05-01 09:30:00"},
        {WIRE_DECISION_KIND__CASE_REOPENED, "open",
         "case 1-44-0 is open again, for store_manager: no answer in time from ines"},
        {WIRE_DECISION_KIND__CASE_CAUSE_ADDED, "open",
         "case 1-44-0 has another cause, for store_manager, high, asked for 300.00 EUR (A2 one-hop): 300.00 "
         "is beyond the counter"},
        {WIRE_DECISION_KIND__CASE_NOTIFIED_AGAIN, "open",
         "case 1-44-0 notified again, store_manager, high, asked for 300.00 EUR (A2 one-hop): 300.00 is "
         "beyond the counter"},
        {WIRE_DECISION_KIND__CASE_HANDED_ON, "open",
         "case 1-44-0 has another owner: noah; it is with the store_manager"},
        {WIRE_DECISION_KIND__CASE_MUTED, "open",
         "case 1-44-0 is muted: a critical case of the same contact pages already; it is with store_manager"},
        {WIRE_DECISION_KIND__CASE_RESOLVED, "resolved", "case 1-44-0 answered: granted 250.50 EUR by ines"},
        {WIRE_DECISION_KIND__CASE_OVERTAKEN, "overtaken",
         "case 1-44-0 is overtaken: its cause ended before anybody took it, it was with store_manager"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        WireDecision decision = WIRE_DECISION__INIT;
        decision.kind = cases[i].kind;
        decision.rule = (char *)"one-hop";
        decision.rule_id = (char *)"A2";
        decision.body_case = WIRE_DECISION__BODY_CASE;
        decision.case_ = &case_;
        case_.state = (char *)cases[i].state;
        AUTO_CLEAR(bytes) told = {.size = 0};
        narrate_decision(&decision, &told);
        assert_text_equal(bytes_text(&told), cases[i].sentence);
    }
}

static TEST(marks_what_pages_nobody)
{
    WireExperience experience = WIRE_EXPERIENCE__INIT;
    experience.feeling = WIRE_FEELING__BAD;
    experience.reach = 16;
    experience.outcome = (char *)"ABANDONED";
    WireDecision decision = WIRE_DECISION__INIT;
    decision.kind = WIRE_DECISION_KIND__EXPERIENCE_RECORDED;
    decision.body_case = WIRE_DECISION__BODY_EXPERIENCE;
    decision.experience = &experience;
    decision.drill = decision.late = true;
    AUTO_CLEAR(bytes) told = {.size = 0};
    narrate_decision(&decision, &told);
    assert_text_equal(
        bytes_text(&told),
        "contact ended abandoned, experience bad: about 16 people are likely to hear of it [drill] [late]");
}

static TEST(tells_a_verdict_with_cases_advice_and_answer)
{
    WireMoney amount = money(4000);
    WireVerdict granted = WIRE_VERDICT__INIT;
    granted.outcome = WIRE_VERDICT__OUTCOME__GRANTED;
    granted.amount = &amount;
    WireVerdictCase hop = WIRE_VERDICT_CASE__INIT;
    hop.escalation_id = (char *)"1-9-1";
    hop.role = (char *)"shift_lead";
    hop.severity = WIRE_SEVERITY__NORMAL;
    hop.rule = (char *)"one-hop";
    hop.rule_id = (char *)"A2";
    WireVerdictCase *hops[] = {&hop};
    WireAdvice advice = WIRE_ADVICE__INIT;
    advice.sentence = (char *)"listen first";
    WireAdvice *advices[] = {&advice};
    WireVerdictAnswer answer = WIRE_VERDICT_ANSWER__INIT;
    answer.answer = WIRE_ANSWER__REFUSED;
    answer.answered_by = (char *)"ines";
    answer.text = (char *)"sorry\nto hear it";
    WireVerdict escalated = WIRE_VERDICT__INIT;
    escalated.outcome = WIRE_VERDICT__OUTCOME__ESCALATED;
    escalated.cases = hops;
    escalated.n_cases = 1;
    escalated.advice = advices;
    escalated.n_advice = 1;
    escalated.answer = &answer;
    AUTO_CLEAR(bytes) told = {.size = 0};
    narrate_verdict(&granted, &told);
    assert_text_equal(bytes_text(&told), "granted, 40.00 EUR");
    WireProofLevel level = WIRE_PROOF_LEVEL__INIT;
    WireProofLevel *levels[] = {&level};
    WireProof proof = WIRE_PROOF__INIT;
    level.role = (char *)"associate";
    level.has_limit = true;
    level.limit = WIRE_LIMIT_KIND__PER_REMEDY;
    level.shortfall_minor = 2500;
    proof.requested = &amount;
    proof.levels = levels;
    proof.n_levels = 1;
    granted.proof = &proof;
    bytes_reset(&told);
    narrate_verdict(&granted, &told);
    assert_text_equal(bytes_text(&told),
                      "granted, 40.00 EUR; beyond associate (per remedy: 25.00 EUR too much)");
    proof.has_expected_loss_minor = true;
    proof.expected_loss_minor = 16000;
    bytes_reset(&told);
    narrate_verdict(&granted, &told);
    assert_text_equal(bytes_text(&told),
                      "granted, 40.00 EUR, although 25.00 EUR beyond associate, for a no is "
                      "likely to cost 160.00 EUR");
    bytes_reset(&told);
    narrate_verdict(&escalated, &told);
    assert_text_equal(bytes_text(&told),
                      "escalated to shift_lead, normal, case 1-9-1 (A2 one-hop); advice \"listen first\"; "
                      "answered refused by ines: \"sorry\\nto hear it\"");
}

/* The verdict asked for later has its cases as they stand. */
static TEST(tells_how_the_case_of_a_verdict_stands_now)
{
    static const struct {
        const char *state, *acknowledged_by, *climb_reason, *standing;
        int64_t until_at;
    } cases[] = {
        {"open", NULL, NULL, "", 0},
        {"open", NULL, "not me: busy", ", open: not me: busy", 0},
        {"acknowledged", "ines", NULL, ", acknowledged by ines until 2024-05-01 09:30:00",
         INT64_C(1714555800000000)},
        {"acknowledged", "ines", "not acknowledged", ", acknowledged by ines", 0}, /* by the level below */
        {"resolved", NULL, "nobody home", ", resolved", 0},
        {"overtaken", NULL, NULL, ", overtaken", 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        WireVerdictCase told = WIRE_VERDICT_CASE__INIT;
        WireVerdictCase *list[] = {&told};
        WireVerdict verdict = WIRE_VERDICT__INIT;
        char expected[160];
        AUTO_CLEAR(bytes) line = {.size = 0};
        told.escalation_id = (char *)"1-9-1";
        told.role = (char *)"shift_lead";
        told.severity = WIRE_SEVERITY__NORMAL;
        told.state = (char *)cases[i].state;
        told.acknowledged_by = (char *)cases[i].acknowledged_by;
        told.acknowledged_until = cases[i].until_at;
        told.climb_reason = (char *)cases[i].climb_reason;
        verdict.outcome = WIRE_VERDICT__OUTCOME__ESCALATED;
        verdict.cases = list;
        verdict.n_cases = 1;
        narrate_verdict(&verdict, &line);
        text_format(expected, sizeof expected, "escalated to shift_lead, normal, case 1-9-1%s",
                    cases[i].standing);
        assert_text_equal(bytes_text(&line), expected);
    }
}

static TEST(writes_money_with_the_decimals_of_its_currency)
{
    static const struct {
        int64_t minor;
        const char *text;
    } cases[] = {{0, "0.00 EUR"},
                 {5, "0.05 EUR"},
                 {-5, "-0.05 EUR"},
                 {123456, "1,234.56 EUR"},
                 {-10000, "-100.00 EUR"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        WireMoney made = money(cases[i].minor);
        AUTO_CLEAR(bytes) told = {.size = 0};
        narrate_money(&made, &told);
        assert_text_equal(bytes_text(&told), cases[i].text);
    }
    WireMoney yen = money(2000);
    yen.currency = (char *)"JPY";
    AUTO_CLEAR(bytes) told = {.size = 0};
    narrate_money(&yen, &told);
    assert_text_equal(bytes_text(&told), "2,000 JPY");
}

RUN_TESTS(cmocka_unit_test(tells_each_kind_of_decision_in_one_sentence),
          cmocka_unit_test(marks_what_pages_nobody),
          cmocka_unit_test(tells_a_verdict_with_cases_advice_and_answer),
          cmocka_unit_test(tells_how_the_case_of_a_verdict_stands_now),
          cmocka_unit_test(writes_money_with_the_decimals_of_its_currency))
