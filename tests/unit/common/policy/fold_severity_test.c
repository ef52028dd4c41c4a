/* fold_severity: causes that join a case, raise it, or are muted by a critical one. */
#include "tests/support/check.h"
#include "tests/support/shop.h"

#include "common/base/text.h"

#define TELL(who, body, expected) assert_text_equal(shop_play(shop, who, body), expected)
#define WAIT(seconds, expected)   assert_text_equal(shop_wait(shop, seconds), expected)

#define LEAVING        "'leaving_signalled':{}"
#define ANGRY          "'mood_observed':{'mood':'ANGRY'}"
#define SPILL          "'incident':{'kind':'SPILL'}"
#define INJURY         "'incident':{'kind':'INJURY'}"
#define HELD(ms)       "'wait_reported':{'kind':'HOLD','duration_ms':" #ms "}"
#define CLOSE(outcome) "'interaction_closed':{'outcome':'" outcome "'}"
#define AS(role)       "'case_acknowledged':{'escalation_id':'$case','round':$round,'role':'" role "'}"
#define HAVE(id, round)                                                                                      \
    "'case_acknowledged':{'escalation_id':'" id "','round':" #round ",'role':'head_office'}"
#define DONE(id, round)                                                                                      \
    "'case_answered':{'escalation_id':'" id "','round':" #round ",'role':'head_office','answer':'DONE'}"

#define G1_OPENED "G1 case_opened store_manager high open\nG1 verdict_given escalated store_manager"
#define H1_OPENED "H1 case_opened store_manager critical open\nH1 verdict_given escalated store_manager"
#define F2_OPENED "F2 case_opened shift_lead normal open\nF2 verdict_given escalated shift_lead"
#define H1_MUTES_G1                                                                                          \
    "H1 case_opened store_manager critical open\nG1 case_muted store_manager high open silenced\n"           \
    "H1 verdict_given escalated store_manager"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

/* So that whatever is tested here also survives a restart from a snapshot at any place. */
static struct shop *shop_between_restarts(const char *policy)
{
    struct shop *shop = shop_open(policy);
    shop->snapshot_every = 1;
    return shop;
}

static const WireCase *heard_case(const struct shop *shop, size_t at)
{
    return shop->decisions->items[at]->case_;
}

/* --- grouping --- */

static TEST(a_cause_of_the_same_severity_joins_and_its_clock_runs_on)
{
    AUTO(shop) *shop = shop_between_restarts(NULL);
    TELL("i1 - c1", LEAVING, G1_OPENED);
    WAIT(9 * MINUTE, "");
    TELL("i1 - c1", LEAVING,
         "G1 case_cause_added store_manager high open\nG1 verdict_given escalated store_manager");
    assert_int_equal(heard_case(shop, 0)->causes, 2);
    assert_int_equal(heard_case(shop, 0)->round, 1);
    WAIT(MINUTE, "G1 case_climbed district_manager high open");
}

static TEST(a_lesser_cause_joins_and_lowers_nothing)
{
    AUTO(shop) *shop = shop_between_restarts(NULL);
    TELL("i1 - c1", HELD(900000),
         "F2 case_opened store_manager high open\nF2 verdict_given escalated store_manager");
    TELL("i1 - c1", HELD(300000),
         "F2 case_cause_added store_manager high open\nF2 verdict_given escalated store_manager");
    assert_true(heard_case(shop, 0)->call_back);
}

static TEST(cases_of_two_interactions_stores_or_drills_are_apart)
{
    AUTO(shop) *shop = shop_between_restarts(NULL);
    TELL("i1 - c1", LEAVING, G1_OPENED);
    TELL("i2 - c1", LEAVING, G1_OPENED);
    shop->store_id = "york";
    TELL("i1 - c1", LEAVING, G1_OPENED);
    shop->drill = true;
    TELL("i1 - c1", LEAVING, G1_OPENED);
}

static TEST(without_an_interaction_or_a_customer_each_cause_is_a_case)
{
    AUTO(shop) *shop = shop_between_restarts(NULL);
    TELL("- anna -", SPILL, H1_OPENED);
    TELL("- bert -", SPILL, H1_OPENED);
    TELL("i1 - -", SPILL,
         "H1 case_opened store_manager critical open\nH2 coaching_made - store_manager\n"
         "H1 verdict_given escalated store_manager"); /* the third in the store */
    shop->store_id = "york";
    TELL("- anna -", SPILL, H1_OPENED);
}

static TEST(an_injury_marks_the_open_case_of_a_spill_for_legal)
{
    AUTO(shop) *shop = shop_between_restarts(NULL);
    shop_trust(shop, "head_office");
    TELL("i1 - c1", SPILL, H1_OPENED);
    assert_false(heard_case(shop, 0)->legal);
    TELL("- mia -", AS("store_manager"), "H1 case_acknowledged store_manager critical acknowledged");
    TELL("i1 - c1", INJURY,
         "H1 case_cause_added store_manager critical acknowledged\nH1 verdict_given escalated store_manager");
    assert_true(heard_case(shop, 0)->legal);
    TELL("i1 - c1", SPILL,
         "H1 case_cause_added store_manager critical acknowledged\nH1 verdict_given escalated store_manager");
    assert_true(heard_case(shop, 0)->legal); /* for good */
}

/* --- raising --- */

static TEST(a_graver_cause_raises_the_case_to_its_level_with_that_levels_time)
{
    AUTO(shop) *shop = shop_between_restarts(NULL);
    TELL("i1 - c1", HELD(300000), F2_OPENED);
    WAIT(4 * MINUTE, "");
    TELL("i1 - c1", HELD(900000),
         "F2 case_raised store_manager high open\nF2 verdict_given escalated store_manager");
    assert_int_equal(heard_case(shop, 0)->round, 2);
    assert_int_equal(heard_case(shop, 0)->causes, 2);
    assert_int_equal(heard_case(shop, 0)->climbs, 0);
    assert_text_equal(heard_case(shop, 0)->opened_role, "shift_lead");
    WAIT(10 * MINUTE - 1, "");
    WAIT(1, "F2 case_climbed district_manager high open");
}

static TEST(what_the_lower_level_had_acknowledged_is_open_again_when_it_is_raised)
{
    AUTO(shop) *shop = shop_between_restarts(NULL);
    shop_trust(shop, "head_office");
    TELL("i1 - c1", HELD(300000), F2_OPENED);
    TELL("- lea -", AS("shift_lead"), "F2 case_acknowledged shift_lead normal acknowledged");
    TELL("i1 - c1", HELD(900000),
         "F2 case_raised store_manager high open\nF2 verdict_given escalated store_manager");
    assert_null(heard_case(shop, 0)->acknowledged_by);
    TELL("- lea -", AS("shift_lead"), "F2 act_refused too_low");
}

static TEST(a_case_that_climbed_higher_is_raised_where_it_is)
{
    AUTO(shop) *shop = shop_between_restarts(NULL);
    TELL("i1 - c1", HELD(300000), F2_OPENED);
    WAIT(15 * MINUTE,
         "F2 case_climbed store_manager normal open\nF2 case_climbed district_manager normal open");
    TELL("i1 - c1", HELD(900000),
         "F2 case_raised district_manager high open\nF2 verdict_given escalated district_manager");
    assert_int_equal(heard_case(shop, 0)->round, 3); /* whoever is called goes on being called */
}

/* --- muting --- */

static TEST(a_critical_case_mutes_the_lesser_ones_of_its_interaction_alone)
{
    AUTO(shop) *shop = shop_between_restarts(NULL);
    shop_trust(shop, "head_office");
    TELL("i1 - c1", LEAVING, G1_OPENED);
    TELL("i2 - c2", LEAVING, G1_OPENED);
    TELL("i1 - c1", SPILL, H1_MUTES_G1);
    TELL("i1 - c1", ANGRY,
         "C3 case_opened shift_lead high open silenced\nC3 case_muted shift_lead high open silenced\n"
         "C3 verdict_given escalated shift_lead");
    TELL("- mia -", HAVE("1-4-0", 1), "H1 case_acknowledged store_manager critical acknowledged");
    WAIT(10 * MINUTE, "G1 case_climbed district_manager high open\n" /* of the other interaction */
                      "H1 case_reopened store_manager critical open");
}

static TEST(what_somebody_has_acknowledged_is_not_muted_before_it_is_open_again)
{
    AUTO(shop) *shop = shop_between_restarts(NULL);
    shop_trust(shop, "head_office");
    TELL("i1 - c1", LEAVING, G1_OPENED);
    TELL("- mia -", AS("store_manager"), "G1 case_acknowledged store_manager high acknowledged");
    TELL("i1 - c1", SPILL, H1_OPENED);
    TELL("- mia -",
         "'case_acknowledged':{'escalation_id':'1-4-0','round':1,'role':'head_office','until_at':"
         "1772448000000000}",
         "H1 case_acknowledged store_manager critical acknowledged");
    WAIT(10 * MINUTE,
         "G1 case_reopened store_manager high open\nG1 case_muted store_manager high open silenced");
    WAIT(29 * MINUTE, "");
    TELL("- mia -", DONE("1-4-0", 2),
         "H1 case_resolved store_manager critical resolved\nG1 case_notified_again store_manager high open\n"
         "J6 notice_given staff\nJ10 notice_given mia");
    WAIT(10 * MINUTE, "G1 case_climbed district_manager high open");
}

static TEST(what_is_muted_ends_with_its_interaction_all_the_same)
{
    AUTO(shop) *shop = shop_between_restarts(NULL);
    shop_trust(shop, "head_office");
    shop_play(shop, "i1 - c1", ANGRY);
    shop_play(shop, "i1 - c1", SPILL);
    TELL("i1 - c1", CLOSE("NEUTRAL"),
         "C3 case_overtaken shift_lead high overtaken silenced\nG3 experience_recorded neither 0");
    TELL("- mia -", DONE("1-3-0", 1),
         "H1 case_resolved store_manager critical resolved\nJ6 notice_given staff\nJ10 notice_given mia");
}

static TEST(a_critical_case_that_pages_nobody_mutes_nobody)
{
    AUTO(shop) *shop = shop_between_restarts(NULL);
    shop->sent_after_us = 25 * HOUR * INT64_C(1000000);
    TELL("i1 - c1", SPILL, "H1 case_opened store_manager critical open silenced late");
    shop->sent_after_us = 0;
    TELL("i1 - c1", LEAVING, G1_OPENED);
    WAIT(10 * MINUTE, "G1 case_climbed district_manager high open");
}

static TEST(an_exercise_mutes_exercises_alone)
{
    AUTO(shop) *shop = shop_between_restarts(NULL);
    TELL("i1 - c1", LEAVING, G1_OPENED);
    shop->drill = true;
    TELL("i1 - c1", SPILL, H1_OPENED);
    shop->drill = false;
    WAIT(10 * MINUTE, "G1 case_climbed district_manager high open\nH1 case_climbed district_manager critical "
                      "open\n- finding_made 1-3-0 600");
}

static const char rush[] =
    "policy: rush\ncurrency: EUR\n"
    "ladder:\n"
    "- { role: associate, remedy: 50.00 }\n"
    "- { role: lead, remedy: unlimited, acknowledge_within: 10m }\n"
    "rules:\n"
    "- { id: alarm, row: H1, on: wait_started(HOLD) + 5m, then: { escalate: { to: lead, severity: critical, "
    "ends_with: wait, says: x } } }\n"
    "- { id: angry, row: C3, on: mood_observed(ANGRY), then: { escalate: { to: lead, severity: high, "
    "ends_with: interaction, says: y } } }\n"
    "- { id: leaving, row: G1, on: leaving_signalled, then: { escalate: { to: lead, severity: high, says: z "
    "} "
    "} }\n";

static TEST(what_was_muted_pages_again_when_the_critical_case_is_overtaken)
{
    AUTO(shop) *shop = shop_between_restarts(rush);
    shop_play(shop, "i1 - c1", "'wait_started':{'kind':'HOLD'}");
    WAIT(5 * MINUTE, "H1 case_opened lead critical open");
    shop_play(shop, "i1 - c1", LEAVING);
    shop_play(shop, "i1 - c1", ANGRY);
    TELL("i1 - c1", "'wait_ended':{'kind':'HOLD'}",
         "H1 case_overtaken lead critical overtaken\nG1 case_notified_again lead high open\n"
         "C3 case_notified_again lead high open");
    WAIT(10 * MINUTE, "G1 case_notified_again lead high open\nC3 case_notified_again lead high open");
}

static TEST(closing_wakes_only_what_outlives_it)
{
    AUTO(shop) *shop = shop_between_restarts(rush);
    shop_play(shop, "i1 - c1", "'wait_started':{'kind':'HOLD'}");
    shop_wait(shop, 5 * MINUTE);
    shop_play(shop, "i1 - c1", LEAVING);
    shop_play(shop, "i1 - c1", ANGRY);
    TELL("i1 - c1", CLOSE("NEUTRAL"),
         "H1 case_overtaken lead critical overtaken\nC3 case_overtaken lead high overtaken silenced\n"
         "G1 case_notified_again lead high open");
}

RUN_TESTS(cmocka_unit_test(a_cause_of_the_same_severity_joins_and_its_clock_runs_on),
          cmocka_unit_test(a_lesser_cause_joins_and_lowers_nothing),
          cmocka_unit_test(cases_of_two_interactions_stores_or_drills_are_apart),
          cmocka_unit_test(without_an_interaction_or_a_customer_each_cause_is_a_case),
          cmocka_unit_test(an_injury_marks_the_open_case_of_a_spill_for_legal),
          cmocka_unit_test(a_graver_cause_raises_the_case_to_its_level_with_that_levels_time),
          cmocka_unit_test(what_the_lower_level_had_acknowledged_is_open_again_when_it_is_raised),
          cmocka_unit_test(a_case_that_climbed_higher_is_raised_where_it_is),
          cmocka_unit_test(a_critical_case_mutes_the_lesser_ones_of_its_interaction_alone),
          cmocka_unit_test(what_somebody_has_acknowledged_is_not_muted_before_it_is_open_again),
          cmocka_unit_test(what_is_muted_ends_with_its_interaction_all_the_same),
          cmocka_unit_test(a_critical_case_that_pages_nobody_mutes_nobody),
          cmocka_unit_test(an_exercise_mutes_exercises_alone),
          cmocka_unit_test(what_was_muted_pages_again_when_the_critical_case_is_overtaken),
          cmocka_unit_test(closing_wakes_only_what_outlives_it))
