/* fold_policy: which version of the policy judges what, and what happens when the state is full. */
#include "tests/support/check.h"
#include "tests/support/shop.h"

#include "common/base/embedded.h"
#include "common/base/memory.h"
#include "common/policy/state/fold_deadline.h"
#include "common/wire/wire.h"

#include <stdio.h>

#define TELL(who, body, expected) assert_text_equal(shop_play(shop, who, body), expected)
#define WAIT(seconds, expected)   assert_text_equal(shop_wait(shop, seconds), expected)

#define ANGRY        "'mood_observed':{'mood':'ANGRY'}"
#define LEAVING      "'leaving_signalled':{}"
#define WAIT_STARTED "'wait_started':{'kind':'HOLD'}"
#define ACCEPTED     "- policy_accepted"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

static const int64_t second_us = 1000000;

/* One rule of each kind, with the lead's patience and the limit of a hold chosen. */
static const char *policy_of(const char *patience, const char *hold, const char *role)
{
    static char text[1200];
    snprintf(
        text, sizeof text,
        "policy: chosen\ncurrency: EUR\nladder:\n"
        "- { role: associate, remedy: 50.00 }\n"
        "- { role: lead, remedy: 200.00, acknowledge_within: %s }\n"
        "- { role: manager, remedy: unlimited, acknowledge_within: 10m }\n"
        "rules:\n"
        "- { id: leaving, row: G1, on: leaving_signalled, then: { escalate: { to: %s, severity: high, says: "
        "x } } }\n"
        "- { id: hold, row: F2, on: wait_started(HOLD) + %s, then: { escalate: { to: %s, severity: normal, "
        "ends_with: wait, says: x } } }\n",
        patience, role, hold, role);
    return text;
}

static TEST(an_event_is_judged_by_the_policy_at_its_position)
{
    AUTO(shop) *shop = shop_open(policy_of("5m", "300s", "lead"));
    TELL("i1 anna -", LEAVING, "G1 case_opened lead high open\nG1 verdict_given escalated lead");
    assert_int_equal(shop->decisions->items[0]->policy_version, 1);
    assert_text_equal(shop_propose(shop, policy_of("5m", "300s", "manager"), 0), ACCEPTED);
    TELL("i2 anna -", LEAVING, "G1 case_opened manager high open\nG1 verdict_given escalated manager");
    assert_int_equal(shop->decisions->items[0]->policy_version, 3);
    assert_int_equal(fold_policy_version(shop->fold), 3);
}

static TEST(a_late_event_is_judged_by_the_policy_of_its_time_else_by_the_first)
{
    AUTO(shop) *shop = shop_open(policy_of("5m", "300s", "lead"));
    shop_sleep(shop, 2 * HOUR);
    assert_text_equal(shop_propose(shop, policy_of("5m", "300s", "manager"), 0), ACCEPTED);
    shop_sleep(shop, HOUR);
    shop->sent_after_us = HOUR * second_us - 1;
    TELL("i1 anna -", LEAVING, "G1 case_opened manager high open late\nG1 verdict_given escalated manager");
    shop->sent_after_us = HOUR * second_us + 1;
    TELL("i2 anna -", LEAVING, "G1 case_opened lead high open late\nG1 verdict_given escalated lead");
    shop->sent_after_us = 5 * HOUR * second_us;
    TELL("i3 anna -", LEAVING, "G1 case_opened lead high open late\nG1 verdict_given escalated lead");
}

static TEST(a_policy_may_wait_for_its_time)
{
    AUTO(shop) *shop = shop_open(policy_of("5m", "300s", "lead"));
    assert_text_equal(shop_propose(shop, policy_of("5m", "300s", "manager"), shop->now + HOUR * second_us),
                      ACCEPTED);
    TELL("i1 anna -", LEAVING, "G1 case_opened lead high open\nG1 verdict_given escalated lead");
    shop_sleep(shop, HOUR - 1);
    TELL("i2 anna -", LEAVING, "G1 case_opened lead high open\nG1 verdict_given escalated lead");
    shop_sleep(shop, 1);
    TELL("i3 anna -", LEAVING, "G1 case_opened manager high open\nG1 verdict_given escalated manager");
}

static TEST(a_case_keeps_the_version_that_opened_it)
{
    AUTO(shop) *shop = shop_open(policy_of("5m", "300s", "lead"));
    TELL("i1 anna -", LEAVING, "G1 case_opened lead high open\nG1 verdict_given escalated lead");
    assert_text_equal(shop_propose(shop, policy_of("1m", "300s", "lead"), 0), ACCEPTED);
    TELL("i1 anna -", LEAVING, "G1 case_cause_added lead high open\nG1 verdict_given escalated lead");
    assert_int_equal(shop->decisions->items[0]->policy_version, 1);
    WAIT(5 * MINUTE - 1, "");
    WAIT(1, "G1 case_climbed manager high open");
    assert_int_equal(shop->decisions->items[0]->policy_version, 1);
    TELL("i2 anna -", LEAVING, "G1 case_opened lead high open\nG1 verdict_given escalated lead");
    WAIT(MINUTE, "G1 case_climbed manager high open");
}

static TEST(a_wait_keeps_the_limits_of_its_beginning)
{
    AUTO(shop) *shop = shop_open(policy_of("5m", "300s", "lead"));
    TELL("i1 - -", WAIT_STARTED, "");
    assert_text_equal(shop_propose(shop, policy_of("5m", "60s", "manager"), 0), ACCEPTED);
    TELL("i2 - -", WAIT_STARTED, "");
    WAIT(60, "F2 case_opened manager normal open");
    WAIT(239, "");
    WAIT(1, "F2 case_opened lead normal open");
}

static TEST(a_refused_policy_changes_nothing_and_says_why)
{
    AUTO(shop) *shop = shop_open(policy_of("5m", "300s", "lead"));
    assert_text_equal(shop_propose(shop, policy_of("5m", "300s", "boss"), 0),
                      "- policy_refused line 8, column 74: \"boss\" is not known here "
                      "line 9, column 79: \"boss\" is not known here");
    TELL("i1 anna -", LEAVING, "G1 case_opened lead high open\nG1 verdict_given escalated lead");
    assert_int_equal(fold_policy_version(shop->fold), 1);
}

static TEST(what_does_not_fit_is_forgotten_counted_and_told)
{
    struct fold_limits limits = fold_limits_default;
    limits.interactions = 10;
    AUTO(shop) *shop = shop_open_bounded(NULL, &limits);
    char who[32];
    struct fold_counts counts;
    for (int i = 0; i < 10; i++) {
        snprintf(who, sizeof who, "i%d anna -", i);
        TELL(who, "'need_recorded':{}", "");
    }
    TELL("i10 anna -", "'need_recorded':{}", "");
    fold_count(shop->fold, &counts);
    assert_int_equal(counts.interactions, 10);
    assert_int_equal(counts.forgotten, 1);
    TELL("i10 anna -", "'need_recorded':{}", "- finding_made state/forgotten 1");
    TELL("i10 anna -", "'need_recorded':{}", ""); /* once, and again when there are twice as many */
    TELL("i11 anna -", "'need_recorded':{}", "");
    TELL("i11 anna -", "'need_recorded':{}", "- finding_made state/forgotten 2");
}

static TEST(what_is_old_is_forgotten_without_a_word)
{
    AUTO(shop) *shop = shop_open(NULL);
    struct fold_counts counts;
    TELL("i1 anna c1", "'need_recorded':{}", "");
    TELL("i2 anna c2", "'interaction_closed':{'outcome':'SERVED'}", "G3 experience_recorded neither 0");
    shop_sleep(shop, 2 * HOUR);
    TELL("- anna -", "'on_duty':{'role':'associate'}", "");
    fold_count(shop->fold, &counts);
    assert_int_equal(counts.interactions, 1);
    shop_sleep(shop, 8 * DAY);
    TELL("- anna -", "'on_duty':{'role':'associate'}", "");
    fold_count(shop->fold, &counts);
    assert_int_equal(counts.interactions, 0);
    assert_int_equal(counts.customers, 2);
    shop_sleep(shop, 400 * DAY);
    TELL("- anna -", "'on_duty':{'role':'associate'}", "");
    fold_count(shop->fold, &counts);
    assert_int_equal(counts.customers, 0);
    assert_int_equal(counts.forgotten, 0);
}

static TEST(one_interaction_cannot_flood_with_cases)
{
    AUTO(shop) *shop = shop_open(NULL);
    char ask[160];
    shop->snapshot_every = 50;
    for (int i = 0; i < 70; i++) {
        snprintf(
            ask, sizeof ask,
            "'remedy_requested':{'remedy_id':'r%d','kind':'REFUND','amount':{'minor':9000,'currency':'EUR'}}",
            i);
        shop_play(shop, "i1 anna c1", ask);
    }
    struct fold_counts counts;
    fold_count(shop->fold, &counts);
    assert_int_equal(counts.cases, 64);
    assert_text_equal(bytes_text(&shop->heard), "- finding_made i1 64");
}

#define CASE(name) cmocka_unit_test(name)
/* The one that is due next, appended by a clock that is ahead of the log's. */
static void pass_next_early(struct shop *shop, int64_t ahead_us)
{
    int64_t due_at;
    struct fold_deadline deadline;
    AUTO_CLEAR(bytes) packed = {0};
    assert_true(fold_next_deadline(shop->fold, &due_at));
    assert_true(fold_due(shop->fold, due_at, &deadline));
    shop->now = due_at - ahead_us;
    WireEvent event = fold_deadline_event(&deadline);
    wire_pack(&event, &packed);
    bytes_reset(&shop->heard);
    shop_feed(shop, wire_unpack(&wire_event__descriptor, bytes_slice(&packed), &shop->arena, NULL), false);
}

static TEST(what_begins_has_begun_also_by_a_clock_that_is_ahead_of_the_logs)
{
    const struct embedded_file *file = embedded_find("services/escalate/policy/retail.yaml");
    AUTO_TEXT char *policy = memory_copy_text((const char *)file->data);
    AUTO(shop) *shop = shop_open(NULL);
    char *hold = strstr(policy, "hold_lead: 300s");
    assert_non_null(hold);
    hold[strlen("hold_lead: ")] = '2';
    TELL("- lena -", "'on_duty':{'role':'shift_lead'}", "");
    assert_text_equal(shop_propose(shop, policy, shop->now + HOUR * second_us), ACCEPTED);
    pass_next_early(shop, 5000);
    assert_non_null(strstr(bytes_text(&shop->heard), "J7 notice_given staff"));
    int64_t due_at;
    assert_false(fold_next_deadline(shop->fold, &due_at) && due_at <= shop->now + HOUR * second_us);
}

RUN_TESTS(cmocka_unit_test(what_begins_has_begun_also_by_a_clock_that_is_ahead_of_the_logs),
          CASE(an_event_is_judged_by_the_policy_at_its_position),
          CASE(a_late_event_is_judged_by_the_policy_of_its_time_else_by_the_first),
          CASE(a_policy_may_wait_for_its_time), CASE(a_case_keeps_the_version_that_opened_it),
          CASE(a_wait_keeps_the_limits_of_its_beginning), CASE(a_refused_policy_changes_nothing_and_says_why),
          CASE(what_does_not_fit_is_forgotten_counted_and_told),
          CASE(what_is_old_is_forgotten_without_a_word), CASE(one_interaction_cannot_flood_with_cases))
