/* week: the calls as events. */
#include "tests/support/week.h"

#include "common/base/civil.h"
#include "common/base/text.h"
#include "common/wire/set.h"
#include "tests/support/check.h"

#include <stdlib.h>

static const int64_t second_us = 1000000;

struct call {
    char line[16], call_id[16], customer[16], date[16], entry[16], menu_exit[16], hold_exit[16], outcome[16],
        served[16], server[16];
    int menu_s, hold_s;
};

struct telling {
    struct shop *shop;
    struct week_counts counts;
};

static int64_t instant(const char *date, const char *time)
{
    struct civil civil = {0};
    int64_t at = 0;
    assert_int_equal(sscanf(date, "%d-%d-%d", &civil.year, &civil.month, &civil.day), 3);
    assert_int_equal(sscanf(time, "%d:%d:%d", &civil.hour, &civil.minute, &civil.second), 3);
    assert_int_equal(civil_to_utc_us(&civil, &at), 0);
    return at;
}

/* A call may pass midnight: what ends before it came in ends the next day. A negative time in the menu is the log's own fault. */
static int64_t exit_of(const struct call *call, const char *time)
{
    int64_t at = instant(call->date, time);
    bool is_next_day = call->menu_s >= 0 && at < instant(call->date, call->entry);
    return at + (is_next_day ? 86400 * second_us : 0);
}

/* The log does not know when a service ended that has no time: with the wait. */
static int64_t end_of(const struct call *call)
{
    bool is_served = text_equal(call->outcome, "AGENT") && !text_equal(call->served, "0:00:00");
    return exit_of(call, is_served ? call->served : call->hold_s > 0 ? call->hold_exit : call->menu_exit);
}

static bool read_call(char *line, struct call *call)
{
    char *fields[17], *rest = line;
    for (int i = 0; i < 17; i++)
        if (!(fields[i] = strsep(&rest, ",\r\n")))
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

static void tell(struct telling *telling, WireEvent *event, int64_t at)
{
    event->occurred_at = at;
    telling->shop->sent_after_us = telling->shop->now - at;
    shop_feed(telling->shop, event, true);
    bytes_reset(&telling->shop->heard);
}

static void tell_call(struct telling *telling, struct call *call)
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
    WIRE_SET(&opened, channel, WIRE_CHANNEL__PHONE);
    event.body_case = WIRE_EVENT__BODY_INTERACTION_OPENED;
    event.interaction_opened = &opened;
    tell(telling, &event, instant(call->date, call->entry));
    telling->counts.opened++;

    WireWaitReported wait = WIRE_WAIT_REPORTED__INIT;
    wait.has_kind = wait.has_duration_ms = true;
    event.body_case = WIRE_EVENT__BODY_WAIT_REPORTED;
    event.wait_reported = &wait;
    if (call->menu_s >= 0) {
        wait.kind = WIRE_WAIT_KIND__MENU;
        wait.duration_ms = call->menu_s * 1000;
        tell(telling, &event, exit_of(call, call->menu_exit));
        telling->counts.menus++;
    }
    if (call->hold_s > 0) {
        wait.kind = WIRE_WAIT_KIND__HOLD;
        wait.duration_ms = call->hold_s * 1000;
        tell(telling, &event, exit_of(call, call->hold_exit));
        telling->counts.holds++;
    }

    bool is_served = text_equal(call->outcome, "AGENT");
    WireInteractionClosed closed = WIRE_INTERACTION_CLOSED__INIT;
    WIRE_SET(&closed, outcome, is_served ? WIRE_OUTCOME__SERVED : WIRE_OUTCOME__ABANDONED);
    event.body_case = WIRE_EVENT__BODY_INTERACTION_CLOSED;
    event.interaction_closed = &closed;
    if (is_served && !text_equal(call->server, "NO_SERVER"))
        event.employee_id = call->server;
    tell(telling, &event, end_of(call));
    telling->counts.closed++;
}

struct week_counts week_play(struct shop *shop, FILE *calls)
{
    struct telling telling = {.shop = shop};
    struct call call;
    char line[512];
    assert_non_null(fgets(line, sizeof line, calls));
    while (fgets(line, sizeof line, calls)) {
        if (!read_call(line, &call))
            continue;
        shop->now += second_us;
        if (text_equal(call.outcome, "PHANTOM"))
            telling.counts.phantoms++;
        else
            tell_call(&telling, &call);
    }
    return telling.counts;
}
