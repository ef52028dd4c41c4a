/* fold_week: one real week of telephone service, folded in-process; the counts are those found independently.
 */
#include "tests/support/check.h"
#include "tests/support/shop.h"

#include "common/base/clock.h"

#include <stdio.h>
#include <stdlib.h>

struct call {
    char line[16], call_id[16], customer[16], date[16], entry[16], menu_exit[16], hold_exit[16], outcome[16],
        served[16], server[16];
    int menu_s, hold_s;
};

struct counts {
    int events, opened, menus, holds, closed, phantoms;
    int cases[2], follow_ups, recoveries, overtaken, bad, verdicts, pages;
};

static const int64_t second_us = 1000000;

static int64_t instant(const char *date, const char *time)
{
    struct civil civil = {0};
    int64_t at = 0;
    assert_int_equal(sscanf(date, "%d-%d-%d", &civil.year, &civil.month, &civil.day), 3);
    assert_int_equal(sscanf(time, "%d:%d:%d", &civil.hour, &civil.minute, &civil.second), 3);
    assert_int_equal(utc_us_from_civil(&civil, &at), 0);
    return at;
}

static bool read_call(char *line, struct call *call)
{
    char *fields[17], *rest = line;
    for (int at = 0; at < 17; at++)
        if (!(fields[at] = strsep(&rest, ",\r\n")))
            return false;
    *call = (struct call){.menu_s = atoi(fields[8]), .hold_s = atoi(fields[11])};
    snprintf(call->line, sizeof call->line, "%s", fields[0]);
    snprintf(call->call_id, sizeof call->call_id, "%s", fields[1]);
    snprintf(call->customer, sizeof call->customer, "%s", fields[2]);
    snprintf(call->date, sizeof call->date, "%s", fields[5]);
    snprintf(call->entry, sizeof call->entry, "%s", fields[6]);
    snprintf(call->menu_exit, sizeof call->menu_exit, "%s", fields[7]);
    snprintf(call->hold_exit, sizeof call->hold_exit, "%s", fields[10]);
    snprintf(call->outcome, sizeof call->outcome, "%s", fields[12]);
    snprintf(call->served, sizeof call->served, "%s", fields[14]);
    snprintf(call->server, sizeof call->server, "%s", fields[16]);
    return true;
}

static void count(struct shop *shop, struct counts *counts)
{
    for (size_t at = 0; at < shop->decisions->count; at++) {
        const WireDecision *decision = shop->decisions->items[at];
        if (decision->kind == WIRE_DECISION_KIND__CASE_OPENED)
            counts->cases[!strcmp(decision->case_->role, "store_manager")]++;
        bool is_opened = decision->kind == WIRE_DECISION_KIND__FOLLOW_UP_OPENED;
        counts->follow_ups += is_opened && !strcmp(decision->rule_id, "F3");
        counts->recoveries += is_opened && !strcmp(decision->rule_id, "G5");
        counts->overtaken += decision->kind == WIRE_DECISION_KIND__FOLLOW_UP_OVERTAKEN;
        counts->bad +=
            decision->kind == WIRE_DECISION_KIND__EXPERIENCE_RECORDED && decision->experience->reach == 16;
        counts->verdicts += decision->kind == WIRE_DECISION_KIND__VERDICT_GIVEN;
        counts->pages += decision->body_case == WIRE_DECISION__BODY_CASE && !decision->silenced;
    }
    bytes_reset(&shop->heard);
    counts->events++;
}

static void tell(struct shop *shop, struct counts *counts, WireEvent *event, int64_t at)
{
    event->occurred_at = at;
    shop->sent_after_us = shop->now - at;
    shop_feed(shop, event, true);
    count(shop, counts);
}

static void tell_call(struct shop *shop, struct counts *counts, struct call *call)
{
    char source[64], interaction[96];
    snprintf(source, sizeof source, "bank/%s", call->line);
    snprintf(interaction, sizeof interaction, "%s-%s-%s-%s", call->date, call->line, call->call_id,
             call->entry);
    WireEvent event = WIRE_EVENT__INIT;
    event.source = source;
    event.store_id = "bank";
    event.interaction_id = interaction;
    event.customer_id = strcmp(call->customer, "0") ? call->customer : NULL;
    event.has_occurred_at = true;

    WireInteractionOpened opened = WIRE_INTERACTION_OPENED__INIT;
    opened.has_channel = true;
    opened.channel = WIRE_CHANNEL__PHONE;
    event.body_case = WIRE_EVENT__BODY_INTERACTION_OPENED;
    event.interaction_opened = &opened;
    tell(shop, counts, &event, instant(call->date, call->entry));
    counts->opened++;

    WireWaitReported wait = WIRE_WAIT_REPORTED__INIT;
    wait.has_kind = wait.has_duration_ms = true;
    event.body_case = WIRE_EVENT__BODY_WAIT_REPORTED;
    event.wait_reported = &wait;
    if (call->menu_s >= 0) {
        wait.kind = WIRE_WAIT_KIND__MENU;
        wait.duration_ms = call->menu_s * 1000;
        tell(shop, counts, &event, instant(call->date, call->menu_exit));
        counts->menus++;
    }
    if (call->hold_s > 0) {
        wait.kind = WIRE_WAIT_KIND__HOLD;
        wait.duration_ms = call->hold_s * 1000;
        tell(shop, counts, &event, instant(call->date, call->hold_exit));
        counts->holds++;
    }

    bool is_served = !strcmp(call->outcome, "AGENT");
    WireInteractionClosed closed = WIRE_INTERACTION_CLOSED__INIT;
    closed.has_outcome = true;
    closed.outcome = is_served ? WIRE_OUTCOME__SERVED : WIRE_OUTCOME__ABANDONED;
    event.body_case = WIRE_EVENT__BODY_INTERACTION_CLOSED;
    event.interaction_closed = &closed;
    if (is_served && strcmp(call->server, "NO_SERVER") != 0)
        event.employee_id = call->server;
    tell(shop, counts, &event,
         instant(call->date, is_served          ? call->served
                             : call->hold_s > 0 ? call->hold_exit
                                                : call->menu_exit));
    counts->closed++;
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
    struct call call;
    char line[512];
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file)) {
        if (!read_call(line, &call))
            continue;
        shop->now += second_us;
        if (!strcmp(call.outcome, "PHANTOM"))
            counts.phantoms++;
        else
            tell_call(shop, &counts, &call);
    }
    fclose(file);
    assert_int_equal(counts.phantoms, 100);
    assert_int_equal(counts.events, 44069);
    assert_int_equal(counts.opened, 11615);
    assert_int_equal(counts.menus, 11608);
    assert_int_equal(counts.holds, 9231);
    assert_int_equal(counts.closed, 11615);
    assert_int_equal(counts.cases[0], 930);
    assert_int_equal(counts.cases[1], 7);
    assert_int_equal(counts.follow_ups, 1814);
    assert_int_equal(counts.overtaken, 1174);
    assert_int_equal(counts.recoveries, 568);
    assert_int_equal(counts.bad, 3043);
    assert_int_equal(counts.verdicts, 0);
    assert_int_equal(counts.pages, 0);
    struct fold_counts held;
    int64_t due_at;
    fold_count(shop->fold, &held);
    assert_int_equal(held.follow_ups, 1814 - 1174 + 568);
    assert_int_equal(held.cases, 0);
    assert_int_equal(held.deadlines, 0);
    assert_false(fold_next_deadline(shop->fold, &due_at));
}

RUN_TESTS(cmocka_unit_test(the_week_of_the_bank_gives_the_counts_found_independently))
