/* fold_life: the life of cases and follow-ups, with a chosen clock. */
#include "common/wire/wire.h"
#include "tests/support/check.h"
#include "tests/support/holding.h"
#include "tests/support/shop.h"

#include <stdio.h>

#define TELL(who, body, expected) assert_text_equal(shop_play(shop, who, body), expected)
#define WAIT(seconds, expected)   assert_text_equal(shop_wait(shop, seconds), expected)

#define LEAVING        "'leaving_signalled':{}"
#define ANGRY          "'mood_observed':{'mood':'ANGRY'}"
#define CLOSE(outcome) "'interaction_closed':{'outcome':'" outcome "'}"
#define ASK(id, minor)                                                                                       \
    "'remedy_requested':{'remedy_id':'" id "','kind':'REFUND','amount':{'minor':" #minor ",'currency':'EUR'" \
    "}}"
#define ACKNOWLEDGE "'case_acknowledged':{'escalation_id':'$case','round':$round,'role':'head_office'}"
#define DONE        "'case_answered':{'escalation_id':'$case','round':$round,'role':'head_office','answer':'DONE'}"

#define G1_OPENED     "G1 case_opened store_manager high open\nG1 verdict_given escalated store_manager"
#define C3_OPENED     "C3 case_opened shift_lead high open\nC3 verdict_given escalated shift_lead"
#define F2_REPORT(ms) "'wait_reported':{'kind':'HOLD','duration_ms':" #ms "}"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

static TEST(a_case_nobody_acknowledges_climbs_and_notifies_again_at_the_top)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", ANGRY, C3_OPENED);
    WAIT(5 * MINUTE - 1, "");
    WAIT(1, "C3 case_climbed store_manager high open\nA3 notice_given anna");
    WAIT(10 * MINUTE, "C3 case_climbed district_manager high open\nA3 notice_given anna");
    WAIT(30 * MINUTE, "C3 case_climbed head_office high open\nA3 notice_given anna");
    WAIT(60 * MINUTE, "C3 case_notified_again head_office high open");
    WAIT(60 * MINUTE, "C3 case_notified_again head_office high open");
    assert_int_equal(shop->decisions->items[0]->case_->climbs, 3);
    assert_text_equal(shop->decisions->items[0]->case_->opened_role, "shift_lead");
    TELL("i1 anna c1", CLOSE("SERVED"),
         "C3 case_overtaken head_office high overtaken\n"
         "G3 experience_recorded neither 0\n"
         "A3 notice_given anna");
    WAIT(DAY, "");
}

static TEST(a_remedy_climbs_to_the_next_level_that_covers_it)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_play(shop, "i1 anna c1", ASK("r1", 9000));
    WAIT(5 * MINUTE, "A2 case_climbed store_manager normal open\nA3 notice_given anna");
    WAIT(10 * MINUTE, "A2 case_climbed district_manager normal open\nA3 notice_given anna");
}

static TEST(an_acknowledged_case_is_open_again_when_its_time_has_passed)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_trust(shop, "head_office");
    TELL("i1 anna c1", LEAVING, G1_OPENED);
    WAIT(9 * MINUTE, "");
    TELL("- mia -", "'case_acknowledged':{'escalation_id':'$case','round':$round,'role':'store_manager'}",
         "G1 case_acknowledged store_manager high acknowledged\nA3 notice_given anna");
    WAIT(10 * MINUTE - 1, "");
    WAIT(1, "G1 case_reopened store_manager high open\n"
            "A3 notice_given anna");
    WAIT(10 * MINUTE, "G1 case_climbed district_manager high open\nA3 notice_given anna");
    TELL("- tom -", ACKNOWLEDGE,
         "G1 case_acknowledged district_manager high acknowledged\nA3 notice_given anna");
    TELL("- tom -", DONE,
         "G1 case_resolved district_manager high resolved\nA3 notice_given anna\nJ6 notice_given staff\nJ10 "
         "notice_given tom");
    WAIT(DAY, "");
}

static TEST(an_acknowledgement_may_say_until_when)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_trust(shop, "head_office");
    TELL("i1 anna c1", LEAVING, G1_OPENED);
    TELL("- mia -",
         "'case_acknowledged':{'escalation_id':'$case','round':$round,'role':'store_manager','until_at':'"
         "2026-03-02T10:30:00Z'}",
         "G1 case_acknowledged store_manager high acknowledged\nA3 notice_given anna");
    WAIT(30 * MINUTE - 1, "");
    WAIT(1, "G1 case_reopened store_manager high open\n"
            "A3 notice_given anna");
}

static TEST(a_case_may_be_answered_while_it_is_open)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_trust(shop, "head_office");
    TELL("i1 anna c1", LEAVING, G1_OPENED);
    TELL("- mia -", DONE,
         "G1 case_resolved store_manager high resolved\nA3 notice_given anna\nJ6 notice_given staff\nJ10 "
         "notice_given mia");
}

static TEST(an_act_of_an_older_round_gets_the_present_state)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_trust(shop, "head_office");
    TELL("i1 anna c1", LEAVING, G1_OPENED);
    TELL("- mia -", ACKNOWLEDGE,
         "G1 case_acknowledged store_manager high acknowledged\nA3 notice_given anna");
    shop->round--;
    TELL("- tom -", ACKNOWLEDGE, "G1 act_refused stale_round");
    const WireCase *present = shop->decisions->items[0]->act_refused->present;
    assert_text_equal(present->state, "acknowledged");
    assert_text_equal(present->acknowledged_by, "mia");
    assert_int_equal(present->round, 2);
}

static TEST(an_act_on_what_has_ended_gets_the_present_state)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_trust(shop, "head_office");
    TELL("i1 anna c1", LEAVING, G1_OPENED);
    TELL("- mia -", DONE,
         "G1 case_resolved store_manager high resolved\nA3 notice_given anna\nJ6 notice_given staff\nJ10 "
         "notice_given mia");
    TELL("- mia -", DONE, "G1 act_refused ended");
    TELL("- mia -", "'case_answered':{'escalation_id':'1-99-0','round':1,'answer':'DONE'}",
         "- act_refused unknown_case");
}

static TEST(an_act_needs_the_level_of_the_case_or_a_higher_one)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("- lea -", "'on_duty':{'role':'shift_lead'}", "");
    TELL("- mia -", "'on_duty':{'role':'store_manager'}", "");
    TELL("i1 anna c1", LEAVING, G1_OPENED);
    TELL("- lea -", "'case_acknowledged':{'escalation_id':'$case','round':$round}", "G1 act_refused too_low");
    TELL("- anna -", "'case_acknowledged':{'escalation_id':'$case','round':$round}",
         "G1 act_refused too_low");
    TELL("- mia -", "'case_acknowledged':{'escalation_id':'$case','round':$round}",
         "G1 case_acknowledged store_manager high acknowledged\nA3 notice_given anna");
}

static TEST(the_act_comes_first_and_the_deadline_of_its_round_is_void)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_trust(shop, "head_office");
    struct fold_deadline deadline;
    TELL("i1 anna c1", LEAVING, G1_OPENED);
    shop_sleep(shop, 10 * MINUTE);
    assert_true(fold_due(shop->fold, shop->now, &deadline)); /* on its way to the log */
    TELL("- mia -", ACKNOWLEDGE,
         "G1 case_acknowledged store_manager high acknowledged\nA3 notice_given anna");
    WireEvent event = fold_deadline_event(&deadline);
    bytes_reset(&shop->heard);
    shop_feed(shop, &event, false);
    assert_text_equal(bytes_text(&shop->heard), "");
    WAIT(10 * MINUTE, "G1 case_reopened store_manager high open\n"
                      "A3 notice_given anna");
}

static TEST(the_deadline_comes_first_and_the_act_of_its_round_is_stale)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_trust(shop, "head_office");
    TELL("i1 anna c1", LEAVING, G1_OPENED);
    unsigned round = shop->round;
    WAIT(10 * MINUTE, "G1 case_climbed district_manager high open\nA3 notice_given anna");
    shop->round = round;
    TELL("- mia -", ACKNOWLEDGE, "G1 act_refused stale_round");
    shop->round = round + 1;
    TELL("- mia -", ACKNOWLEDGE,
         "G1 case_acknowledged district_manager high acknowledged\nA3 notice_given anna");
}

static TEST(a_deadline_is_given_out_once_and_again_when_it_was_lost)
{
    AUTO(shop) *shop = shop_open(NULL);
    struct fold_deadline first, second;
    int64_t due_at;
    TELL("i1 anna c1", LEAVING, G1_OPENED);
    shop_sleep(shop, 10 * MINUTE - 1);
    assert_false(fold_due(shop->fold, shop->now, &first));
    shop_sleep(shop, 1);
    assert_true(fold_due(shop->fold, shop->now, &first));
    assert_text_equal(first.foreign_id, "2/1-2-0/1//0");
    assert_text_equal(first.store_id, "harbour");
    assert_text_equal(first.interaction_id, "i1");
    assert_false(fold_due(shop->fold, shop->now, &second));
    assert_false(fold_next_deadline(shop->fold, &due_at));
    assert_true(fold_oldest_deadline(shop->fold, &due_at));
    assert_int_equal(due_at, shop->now);
    holding_due_again(shop->fold);
    assert_true(fold_due(shop->fold, shop->now, &second));
    assert_text_equal(second.foreign_id, first.foreign_id);
    WireEvent one = fold_deadline_event(&first), other = fold_deadline_event(&second);
    assert_text_equal(one.source, "bellhop/escalate");
    assert_int_equal(one.occurred_at, shop->now);
    assert_slice_equal(wire_slice(one.id), wire_slice(other.id));
    text_copy(second.foreign_id, sizeof second.foreign_id, "2/1-2-0/2//0");
    other = fold_deadline_event(&second);
    assert_false(slice_equal(wire_slice(one.id), wire_slice(other.id)));
}

static TEST(a_second_cause_joins_the_open_case_and_a_resolved_one_is_followed_by_another)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_trust(shop, "head_office");
    TELL("i1 anna c1", LEAVING, G1_OPENED);
    TELL("i1 anna c1", LEAVING,
         "G1 case_cause_added store_manager high open\nG1 verdict_given escalated store_manager");
    assert_int_equal(shop->decisions->items[0]->case_->causes, 2);
    TELL("i2 anna c1", LEAVING, G1_OPENED);
    TELL("- mia -", DONE,
         "G1 case_resolved store_manager high resolved\nA3 notice_given anna\nJ6 notice_given staff\nJ10 "
         "notice_given mia");
    TELL("i2 anna c1", LEAVING, G1_OPENED);
}

static TEST(each_remedy_request_is_a_case_of_its_own)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_play(shop, "i1 anna c1", ASK("r1", 9000));
    shop_play(shop, "i1 anna c1", ASK("r2", 9000));
    struct fold_counts counts;
    fold_count(shop->fold, &counts);
    assert_int_equal(counts.cases, 2);
    TELL("i1 anna c1", ASK("r2", 9000),
         "A2 case_cause_added shift_lead normal open\nA2 verdict_given escalated shift_lead");
    TELL("i1 anna c1", "'remedy_withdrawn':{'remedy_id':'r2'}",
         "- remedy_changed withdrawn 90.00 -\n"
         "A2 case_overtaken shift_lead normal overtaken\n"
         "A3 notice_given anna");
}

static TEST(what_ends_with_the_interaction_is_overtaken_unless_somebody_has_it)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_trust(shop, "head_office");
    TELL("i1 anna c1", ANGRY, C3_OPENED);
    TELL("- lea -", ACKNOWLEDGE, "C3 case_acknowledged shift_lead high acknowledged\nA3 notice_given anna");
    TELL("i1 anna c1", CLOSE("NEUTRAL"), "G3 experience_recorded neither 0");
    WAIT(
        60 * MINUTE,
        "C3 case_overtaken shift_lead high overtaken\nA3 notice_given anna"); /* not open again: nobody is there any more */
}

static TEST(what_the_critical_case_muted_pages_again_when_that_is_resolved)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_trust(shop, "head_office");
    TELL("i1 anna c1", LEAVING, G1_OPENED);
    TELL("i1 anna c1", "'incident':{'kind':'SPILL'}",
         "H1 case_opened store_manager critical open\nG1 case_muted store_manager high open silenced\n"
         "H1 verdict_given escalated store_manager");
    shop_play(shop, "i1 anna c1", "'incident':{'kind':'SPILL'}");
    TELL("- mia -", DONE,
         "H1 case_resolved store_manager critical resolved\nG1 case_notified_again store_manager high open\n"
         "A3 notice_given anna\nJ6 notice_given staff\nJ10 notice_given mia");
    WAIT(10 * MINUTE, "G1 case_climbed district_manager high open\nA3 notice_given anna");
}

/* It was on its way to the log when its clock was stopped. */
static TEST(the_deadline_of_a_case_that_was_muted_meanwhile_does_nothing)
{
    AUTO(shop) *shop = shop_open(NULL);
    AUTO_CLEAR(bytes) passed = {0};
    struct fold_deadline deadline;
    TELL("i1 anna c1", LEAVING, G1_OPENED);
    shop_sleep(shop, 10 * MINUTE);
    assert_true(fold_due(shop->fold, shop->now, &deadline));
    const WireEvent said = fold_deadline_event(&deadline);
    wire_pack(&said, &passed);
    shop_play(shop, "i1 anna c1", "'incident':{'kind':'SPILL'}");
    WireEvent *event = wire_event__unpack(NULL, passed.size, passed.data);
    bytes_reset(&shop->heard);
    shop_feed(shop, event, false);
    assert_int_equal(shop->heard.size, 0);
    wire_event__free_unpacked(event, NULL);
}

static TEST(late_silences_what_has_ended_and_pages_what_has_not)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop->sent_after_us = 6 * MINUTE * INT64_C(1000000);
    TELL("i1 anna c1", ANGRY, "C3 case_opened shift_lead high open silenced late");
    TELL("i2 anna c1", F2_REPORT(400000), "F2 case_opened shift_lead normal open silenced late");
    TELL("i3 anna c1", LEAVING,
         "G1 case_opened store_manager high open late\nG1 verdict_given escalated store_manager");
    WAIT(10 * MINUTE, "G1 case_climbed district_manager high open late\nA3 notice_given anna");
    shop->sent_after_us = DAY * INT64_C(1000000) + 1;
    TELL("i4 anna c1", LEAVING, "G1 case_opened store_manager high open silenced late");
    TELL("i5 anna c5", CLOSE("DISSATISFIED"),
         "G2 follow_up_opened recovery anna\nG3 experience_recorded bad 16");
    assert_false(shop->decisions->items[0]->follow_up->has_due_at);
    shop->sent_after_us = 5 * MINUTE * INT64_C(1000000);
    TELL("i6 anna c1", ANGRY, C3_OPENED); /* exactly late_after is not late */
}

static TEST(a_limit_that_had_passed_when_its_late_start_was_told_pages_nobody_and_a_later_one_does)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop->snapshot_every = 1;
    shop->sent_after_us = 6 * MINUTE * INT64_C(1000000);
    TELL("i1 anna c1", "'wait_started':{'kind':'HOLD'}", ""); /* five minutes have passed, fifteen have not */
    WAIT(9 * MINUTE - 1, "");
    WAIT(1, "F2 case_opened store_manager high open");
}

static TEST(late_limits_are_charged_to_the_day_it_happened)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop->sent_after_us = 12 * HOUR * INT64_C(1000000); /* yesterday */
    shop_play(shop, "i1 anna c1",
              "'remedy_granted':{'remedy_id':'r1','amount':{'minor':5000,'currency':'EUR'}}");
    shop_play(shop, "i1 anna c1",
              "'remedy_granted':{'remedy_id':'r2','amount':{'minor':5000,'currency':'EUR'}}");
    TELL("i1 anna c1", ASK("r3", 5000),
         "A2 case_opened shift_lead normal open late\nA2 remedy_changed requested 50.00 -\n"
         "A2 verdict_given escalated shift_lead");
    shop->sent_after_us = 0;
    TELL("i1 anna c1", ASK("r4", 5000),
         "A1 remedy_changed reserved 50.00 anna\nA1 verdict_given granted 50.00");
}

static TEST(a_late_wait_that_closed_already_is_counted_and_overtaken)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", CLOSE("SERVED"), "G3 experience_recorded neither 0");
    TELL("i1 anna c1", F2_REPORT(400000),
         "F2 case_opened shift_lead normal open silenced\nF2 case_overtaken shift_lead normal overtaken "
         "silenced");
}

static TEST(a_follow_up_is_done_once)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", CLOSE("DISSATISFIED"),
         "G2 follow_up_opened recovery anna\nG3 experience_recorded bad 16");
    TELL("- anna -", "'follow_up_done':{'follow_up_id':'$follow_up'}", "G2 follow_up_done recovery anna");
    TELL("- anna -", "'follow_up_done':{'follow_up_id':'$follow_up'}", "- act_refused unknown_follow_up");
    WAIT(3 * DAY, "");
}

static TEST(an_overdue_call_back_is_overtaken_when_the_customer_is_served)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", F2_REPORT(1000), "");
    TELL("i1 anna c1", CLOSE("ABANDONED"),
         "F3 follow_up_opened call_back anna\nG3 experience_recorded bad 16");
    WAIT(4 * HOUR, "F3 follow_up_overdue call_back anna\nF3 notice_given anna");
    TELL("i2 ben c2", CLOSE("SERVED"), "G3 experience_recorded neither 0");
    TELL("i3 ben c1", CLOSE("ABANDONED"), "G3 experience_recorded neither 0");
    TELL("i4 ben c1", CLOSE("SERVED"),
         "F3 follow_up_overtaken call_back anna\nG3 experience_recorded neither 0");
    WAIT(3 * DAY, "");
}

static TEST(a_drill_runs_the_whole_path_and_consumes_nothing)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop_trust(shop, "head_office");
    shop->drill = true;
    shop_play(shop, "i1 anna c1", ASK("r1", 5000));
    shop_play(shop, "i1 anna c1", ASK("r2", 5000));
    shop_play(shop, "i1 anna c1", ASK("r3", 5000));
    assert_true(shop->decisions->items[0]->drill);
    TELL("i1 anna c1", LEAVING, G1_OPENED);
    WAIT(60, "");
    TELL("- mia -", ACKNOWLEDGE,
         "G1 case_acknowledged store_manager high acknowledged\nA3 notice_given anna\n- finding_made 1-5-0 "
         "60");
    assert_true(shop->decisions->items[0]->drill);
    shop->drill = false;
    TELL("i1 anna c1", LEAVING, G1_OPENED); /* a real one is not mixed with the exercise */
    TELL("i1 anna c1", ASK("r4", 5000),
         "A1 remedy_changed reserved 50.00 anna\nA1 verdict_given granted 50.00");
    TELL("i1 anna c1", ASK("r5", 5000),
         "A1 remedy_changed reserved 50.00 anna\nA1 verdict_given granted 50.00");
}

static TEST(nothing_is_decided_before_there_is_a_policy_and_a_refused_one_changes_nothing)
{
    AUTO(shop) *shop = shop_open("policy: empty\n");
    assert_non_null(strstr(bytes_text(&shop->heard), "- policy_refused line 1, column 1: "));
    TELL("i1 anna c1", LEAVING, "");
    assert_int_equal(fold_policy_version(shop->fold), 0);
}

static TEST(cases_of_one_interaction_at_one_level_are_one_page)
{
    AUTO(shop) *shop = shop_open(NULL);
    TELL("i1 anna c1", ANGRY, C3_OPENED);
    const char *page = shop->decisions->items[0]->page_id;
    assert_text_equal(page, "1-2-0");
    shop_play(shop, "i1 anna c1", ASK("r1", 9000));
    assert_text_equal(shop->decisions->items[0]->page_id, "1-2-0");
    shop_play(shop, "i1 anna c1", LEAVING); /* another level */
    assert_text_equal(shop->decisions->items[0]->page_id, "1-4-0");
    shop_play(shop, "i2 anna c1", ANGRY); /* another interaction */
    assert_text_equal(shop->decisions->items[0]->page_id, "1-5-0");
    shop_wait(shop, 5 * MINUTE);
    assert_text_equal(shop->decisions->items[0]->page_id, "1-5-0");
    shop_play(shop, "i1 anna c1", LEAVING);
    assert_text_equal(shop->decisions->items[0]->page_id,
                      "1-4-0"); /* what has climbed to this level is on its page */
}

#define LIFE(name) cmocka_unit_test(name)
RUN_TESTS(LIFE(a_case_nobody_acknowledges_climbs_and_notifies_again_at_the_top),
          LIFE(a_remedy_climbs_to_the_next_level_that_covers_it),
          LIFE(an_acknowledged_case_is_open_again_when_its_time_has_passed),
          LIFE(an_acknowledgement_may_say_until_when), LIFE(a_case_may_be_answered_while_it_is_open),
          LIFE(an_act_of_an_older_round_gets_the_present_state),
          LIFE(an_act_on_what_has_ended_gets_the_present_state),
          LIFE(an_act_needs_the_level_of_the_case_or_a_higher_one),
          LIFE(the_act_comes_first_and_the_deadline_of_its_round_is_void),
          LIFE(the_deadline_comes_first_and_the_act_of_its_round_is_stale),
          LIFE(a_deadline_is_given_out_once_and_again_when_it_was_lost),
          LIFE(a_second_cause_joins_the_open_case_and_a_resolved_one_is_followed_by_another),
          LIFE(each_remedy_request_is_a_case_of_its_own),
          LIFE(what_ends_with_the_interaction_is_overtaken_unless_somebody_has_it),
          LIFE(what_the_critical_case_muted_pages_again_when_that_is_resolved),
          LIFE(the_deadline_of_a_case_that_was_muted_meanwhile_does_nothing),
          LIFE(late_silences_what_has_ended_and_pages_what_has_not),
          LIFE(a_limit_that_had_passed_when_its_late_start_was_told_pages_nobody_and_a_later_one_does),
          LIFE(late_limits_are_charged_to_the_day_it_happened),
          LIFE(a_late_wait_that_closed_already_is_counted_and_overtaken), LIFE(a_follow_up_is_done_once),
          LIFE(an_overdue_call_back_is_overtaken_when_the_customer_is_served),
          LIFE(a_drill_runs_the_whole_path_and_consumes_nothing),
          LIFE(cases_of_one_interaction_at_one_level_are_one_page),
          LIFE(nothing_is_decided_before_there_is_a_policy_and_a_refused_one_changes_nothing))
