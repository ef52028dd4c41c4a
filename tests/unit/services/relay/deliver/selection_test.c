/* selection: topics and filters of a stream. */
#include "tests/support/check.h"

#include "common/wire/set.h"
#include "common/wire/wire.h"
#include "services/relay/deliver/selection.h"

static struct item *opened(const char *store, const char *role, WireDecisionKind kind)
{
    WirePosition position = position_message((struct position){.epoch = 1, .seq = 1});
    WireCase about = WIRE_CASE__INIT;
    about.role = (char *)role;
    WIRE_SET(&about, severity, WIRE_SEVERITY__HIGH);
    WireDecision decision = WIRE_DECISION__INIT;
    decision.position = &position;
    WIRE_SET(&decision, kind, kind);
    decision.store_id = (char *)store;
    decision.rule_id = (char *)"C3";
    decision.audience = (char *)role;
    decision.body_case = WIRE_DECISION__BODY_CASE;
    decision.case_ = &about;
    AUTO_CLEAR(bytes) packed = {0};
    wire_pack(&decision, &packed);
    return item_new(bytes_slice(&packed));
}

static struct selection *select_by(const char *topic, const char *filter)
{
    bool is_filter;
    char why[WHY_SIZE];
    char *topics[] = {(char *)topic};
    return selection_new(topics, topic ? 1 : 0, filter, &is_filter, why);
}

static bool takes(const char *topic, const char *filter)
{
    AUTO(selection) *selection = select_by(topic, filter);
    AUTO(item) *item = opened("harbour", "shift_lead", WIRE_DECISION_KIND__CASE_OPENED);
    assert_non_null(selection);
    return selection_wants(selection, item);
}

static TEST(takes_what_its_topics_and_its_filter_take)
{
    static const struct {
        const char *topic;
        const char *filter;
        bool is_taken;
    } cases[] = {
        {NULL, NULL, true},
        {"case", NULL, true},
        {"case.opened.harbour", NULL, true},
        {"case.opened.*.shift_lead", NULL, true},
        {"case.opened.harbour.store_manager", NULL, false},
        {"verdict", NULL, false},
        {NULL, "has(decision.rule_id) && decision.rule_id == 'C3'", true},
        {NULL, "has(decision.rule_id) && decision.rule_id == 'A2'", false},
        {NULL, "decision.kind == DecisionKind.CASE_OPENED", true},
        {NULL, "!decision.silenced && !decision.drill && !decision.late", true},
        {NULL, "decision.silenced", false},
        {NULL, "decision.kind == DecisionKind.VERDICT_GIVEN", false},
        {NULL, "has(decision.case) && has(decision.case.severity) && decision.case.severity == Severity.HIGH",
         true},
        {NULL, "has(decision.late) && decision.late", false},
        {"case", "has(decision.rule_id) && decision.rule_id == 'A2'", false},
        {"verdict", "has(decision.rule_id) && decision.rule_id == 'C3'", false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(takes(cases[i].topic, cases[i].filter), cases[i].is_taken);
}

static TEST(takes_the_days_of_reports_only_where_they_are_named)
{
    static const struct {
        const char *topic;
        bool is_taken;
    } cases[] = {
        {NULL, false}, {"*", false}, {"*.served", false}, {"day", true}, {"day.served.harbour", true}};
    WirePosition position = position_message((struct position){.epoch = 1, .seq = 1});
    WireDayServed day = WIRE_DAY_SERVED__INIT;
    WireDecision decision = WIRE_DECISION__INIT;
    AUTO_CLEAR(bytes) packed = {0};
    decision.position = &position;
    WIRE_SET(&decision, kind, WIRE_DECISION_KIND__DAY_SERVED);
    decision.store_id = (char *)"harbour";
    decision.body_case = WIRE_DECISION__BODY_DAY_SERVED;
    decision.day_served = &day;
    wire_pack(&decision, &packed);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO(selection) *selection = select_by(cases[i].topic, NULL);
        AUTO(item) *item = item_new(bytes_slice(&packed));
        assert_int_equal(selection_wants(selection, item), cases[i].is_taken);
    }
}

static TEST(tells_a_bad_topic_from_a_bad_filter)
{
    bool is_filter = true;
    char why[WHY_SIZE];
    char *bad[] = {(char *)"case..opened"};
    assert_null(selection_new(bad, 1, NULL, &is_filter, why));
    assert_false(is_filter);
    assert_null(selection_new(NULL, 0, "decision.rule_id ==", &is_filter, why));
    assert_true(is_filter);
    assert_non_null(strstr(why, "line 1"));
    assert_null(selection_new(NULL, 0, "decision.rule_id == 'C3'", &is_filter, why));
    assert_non_null(strstr(why, "guard it"));
}

static TEST(gives_an_open_case_to_whoever_asks_for_openings)
{
    AUTO(selection) *selection = select_by("case.opened", NULL);
    AUTO(item) *item = opened("harbour", "shift_lead", WIRE_DECISION_KIND__CASE_ACKNOWLEDGED);
    assert_false(selection_wants(selection, item));
    assert_true(selection_wants_open_case(selection, item));
}

static TEST(knows_itself)
{
    AUTO(selection) *selection = select_by("case", "has(decision.late) && decision.late");
    char *same[] = {(char *)"case"};
    char *other[] = {(char *)"verdict"};
    assert_true(selection_is(selection, same, 1, "has(decision.late) && decision.late"));
    assert_false(selection_is(selection, other, 1, "has(decision.late) && decision.late"));
    assert_false(selection_is(selection, same, 1, NULL));
    assert_false(selection_is(selection, NULL, 0, "has(decision.late) && decision.late"));
}

RUN_TESTS(cmocka_unit_test(takes_what_its_topics_and_its_filter_take),
          cmocka_unit_test(takes_the_days_of_reports_only_where_they_are_named),
          cmocka_unit_test(tells_a_bad_topic_from_a_bad_filter),
          cmocka_unit_test(gives_an_open_case_to_whoever_asks_for_openings), cmocka_unit_test(knows_itself))
