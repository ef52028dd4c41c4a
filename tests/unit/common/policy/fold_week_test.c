/* fold_week: one real week of telephone service, folded in-process; the counts are those found independently.
 */
#include "tests/support/check.h"
#include "tests/support/week.h"

#include "common/base/text.h"

#include <stdio.h>
#include <stdlib.h>

struct counts {
    int events;
    int cases[2], second, follow_ups, recoveries, overtaken, bad, verdicts, pages;
};

static void count(void *recorder, const WireLoggedEvent *record __attribute__((unused)),
                  const WireEvent *event __attribute__((unused)), WireDecision *const *decisions,
                  size_t decision_count)
{
    struct counts *counts = recorder;
    for (size_t i = 0; i < decision_count; i++) {
        const WireDecision *decision = decisions[i];
        bool is_second = text_equal(decision->rule_id ? decision->rule_id : "", "G7");
        counts->second += is_second;
        if (decision->kind == WIRE_DECISION_KIND__CASE_OPENED && !is_second)
            counts->cases[text_equal(decision->case_->role, "store_manager")]++;
        bool is_opened = decision->kind == WIRE_DECISION_KIND__FOLLOW_UP_OPENED;
        counts->follow_ups += is_opened && text_equal(decision->rule_id, "F3");
        counts->recoveries += is_opened && text_equal(decision->rule_id, "G5");
        counts->overtaken += decision->kind == WIRE_DECISION_KIND__FOLLOW_UP_OVERTAKEN;
        counts->bad +=
            decision->kind == WIRE_DECISION_KIND__EXPERIENCE_RECORDED && decision->experience->reach == 16;
        counts->verdicts += decision->kind == WIRE_DECISION_KIND__VERDICT_GIVEN;
        counts->pages += decision->body_case == WIRE_DECISION__BODY_CASE && !decision->silenced;
    }
    counts->events++;
}

static TEST(the_week_of_the_bank_gives_the_counts_found_independently)
{
    const char *folder = check_shared_data("calls-week1.csv");
    if (!folder)
        skip();
    char path[4096];
    snprintf(path, sizeof path, "%s/calls-week1.csv", folder);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    AUTO(shop) *shop = shop_open(NULL);
    shop->snapshot_every = 9973;
    struct counts counts = {0};
    shop->recorded = count;
    shop->recorder = &counts;
    struct week_counts told = week_play(shop, file);
    fclose(file);
    assert_int_equal(told.phantoms, 100);
    assert_int_equal(counts.events, 44069);
    assert_int_equal(told.opened, 11615);
    assert_int_equal(told.menus, 11608);
    assert_int_equal(told.holds, 9231);
    assert_int_equal(told.closed, 11615);
    assert_int_equal(counts.cases[0], 930);
    assert_int_equal(counts.cases[1], 7);
    assert_int_equal(counts.follow_ups, 1814);
    assert_int_equal(counts.overtaken, 1343); /* served since, or owed anew */
    assert_int_equal(counts.recoveries, 568);
    assert_int_equal(counts.second, 203); /* of them: the second of one customer */
    assert_int_equal(counts.bad, 3043);
    assert_int_equal(counts.verdicts, 0);
    assert_int_equal(counts.pages, 0);
    struct fold_counts held;
    int64_t due_at;
    fold_count(shop->fold, &held);
    assert_int_equal(held.follow_ups, 1814 - 1343 + 568);
    assert_int_equal(held.cases, 203); /* silenced: written down */
    assert_int_equal(held.deadlines, 0);
    assert_false(fold_next_deadline(shop->fold, &due_at));
}

RUN_TESTS(cmocka_unit_test(the_week_of_the_bank_gives_the_counts_found_independently))
