/* fact: decisions keep the facts of their rule, and can be asked again. */
#include "common/policy/explain/question.h"
#include "common/policy/rules/fact.h"
#include "common/policy/state/state.h"
#include "common/wire/set.h"
#include "tests/support/check.h"
#include "tests/support/shop.h"

#include <stdio.h>

/* The facts of decision `ordinal`, one "path=value" a fact. */
static const char *facts_of(const struct shop *shop, size_t ordinal)
{
    static char text[1024];
    size_t size = 0;
    assert_true(ordinal < shop->decisions->count);
    const WireDecision *decision = shop->decisions->items[ordinal];
    text[0] = 0;
    for (size_t i = 0; i < decision->n_facts; i++) {
        const WireFact *fact = decision->facts[i];
        size += (size_t)snprintf(text + size, sizeof text - size, "%s%s=", i ? " " : "", fact->path);
        if (fact->value_case == WIRE_FACT__VALUE_TEXT)
            size += (size_t)snprintf(text + size, sizeof text - size, "%s", fact->text);
        else
            size += (size_t)snprintf(text + size, sizeof text - size, "%lld",
                                     fact->value_case == WIRE_FACT__VALUE_TRUTH ? (long long)fact->truth
                                                                                : (long long)fact->number);
    }
    return text;
}

static TEST(a_decision_keeps_what_its_rule_read_and_nothing_else)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_play(shop, "i1 - c1", "'interaction_opened':{'channel':'PHONE'}");
    shop_play(shop, "i1 - c1", "'wait_reported':{'kind':'HOLD','duration_ms':432000,'interruptions':3}");
    assert_text_equal(facts_of(shop, 0),
                      "interaction.announcements=3 wait.is_repeated=0 wait.kind=HOLD wait.lasted_ms=432000");
}

static TEST(a_rule_that_read_nothing_keeps_nothing)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_play(shop, "i1 - c1", "'mood_observed':{'mood':'ANGRY'}");
    assert_text_equal(facts_of(shop, 0), "");
}

static TEST(a_verdict_keeps_what_all_that_told_something_read)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_play(shop, "- anna -", "'on_duty':{'role':'associate'}");
    shop_play(shop, "i1 anna c1", "'interaction_opened':{'channel':'COUNTER'}");
    shop_play(shop, "i1 anna c1", "'interaction_closed':{'outcome':'SERVED'}");
    shop_play(shop, "i2 ben c1", "'interaction_opened':{'channel':'COUNTER','first_purchase':true}");
    assert_text_equal(bytes_text(&shop->heard), "A3 verdict_given advice A3 C2");
    assert_text_equal(
        facts_of(shop, 0),
        "customer.is_owner_here=1 customer.owner=anna customer.visits=2 interaction.first_purchase=1");
}

static TEST(what_was_not_known_is_not_kept)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_play(shop, "i1 anna -", "'interaction_closed':{'outcome':'SERVED'}");
    assert_text_equal(facts_of(shop, 0), "interaction.has_waited=0 interaction.is_public=0");
}

static TEST(decisions_of_deadlines_and_acts_follow_no_condition_and_keep_no_facts)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_play(shop, "i1 - c1", "'leaving_signalled':{}");
    shop_wait(shop, 600);
    assert_text_equal(bytes_text(&shop->heard), "G1 case_climbed district_manager high open");
    assert_text_equal(facts_of(shop, 0), "");
}

static TEST(every_fact_is_one_that_can_be_kept)
{
    for (int fact = FACT_INTERACTION; fact < FACT_CASE; fact++) {
        const ProtobufCMessageDescriptor *message = fact_type((enum fact)fact)->descriptor;
        for (unsigned i = 0; i < message->n_fields; i++) {
            ProtobufCType type = message->fields[i].type;
            if (type == PROTOBUF_C_TYPE_MESSAGE || type == PROTOBUF_C_TYPE_DOUBLE ||
                type == PROTOBUF_C_TYPE_BYTES)
                fail_msg("%s.%s: of a type that decisions do not keep", fact_name((enum fact)fact),
                         message->fields[i].name);
        }
    }
}

static TEST(another_condition_is_seen_to_disagree)
{
    AUTO(shop) *shop = shop_open(NULL);
    static struct cel_scratch scratch;
    shop_play(shop, "i1 - c1", "'wait_reported':{'kind':'HOLD','duration_ms':432000}");
    WireFact *kept = shop->decisions->items[0]->facts[shop->decisions->items[0]->n_facts - 1];
    assert_text_equal(kept->path, "wait.lasted_ms");
    kept->number = 299999;
    WireWaitReported body = WIRE_WAIT_REPORTED__INIT;
    WireEvent event = WIRE_EVENT__INIT;
    event.body_case = WIRE_EVENT__BODY_WAIT_REPORTED;
    event.wait_reported = &body;
    WIRE_SET(&body, kind, WIRE_WAIT_KIND__HOLD);
    struct question question = {.policy = state_policy(shop->fold, 1),
                                .decision = shop->decisions->items[0],
                                .event = &event,
                                .arena = &shop->arena,
                                .scratch = &scratch};
    assert_int_equal(question_bind(&question), 0);
    assert_null(question_rule(&question));
    kept->number = 300000;
    assert_int_equal(question_bind(&question), 0);
    assert_non_null(question_rule(&question));
    kept->path = "wait.colour";
    assert_int_equal(question_bind(&question), -22);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_decision_keeps_what_its_rule_read_and_nothing_else),
        cmocka_unit_test(a_rule_that_read_nothing_keeps_nothing),
        cmocka_unit_test(a_verdict_keeps_what_all_that_told_something_read),
        cmocka_unit_test(what_was_not_known_is_not_kept),
        cmocka_unit_test(decisions_of_deadlines_and_acts_follow_no_condition_and_keep_no_facts),
        cmocka_unit_test(every_fact_is_one_that_can_be_kept),
        cmocka_unit_test(another_condition_is_seen_to_disagree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
