/* call: reads rows of the call log, and says what happened in events. */
#include "services/cli/publish/call.h"

#include "common/base/civil.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/base/uuid.h"
#include "common/wire/set.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum column {
    VRU_LINE,
    CALL_ID,
    CUSTOMER_ID,
    PRIORITY,
    TYPE,
    DATE,
    VRU_ENTRY,
    VRU_EXIT,
    VRU_TIME,
    Q_START,
    Q_EXIT,
    Q_TIME,
    OUTCOME,
    SER_START,
    SER_EXIT,
    SER_TIME,
    SERVER
};

static const struct {
    const char *name;
    bool is_needed; /* the others may be missing */
} column_table[CALL_COLUMNS] = {
    [VRU_LINE] = {"vru_line", true},
    [CALL_ID] = {"call_id", true},
    [CUSTOMER_ID] = {"customer_id", true},
    [PRIORITY] = {"priority", false},
    [TYPE] = {"type", false},
    [DATE] = {"date", true},
    [VRU_ENTRY] = {"vru_entry", true},
    [VRU_EXIT] = {"vru_exit", true},
    [VRU_TIME] = {"vru_time", true},
    [Q_START] = {"q_start", false},
    [Q_EXIT] = {"q_exit", true},
    [Q_TIME] = {"q_time", true},
    [OUTCOME] = {"outcome", true},
    [SER_START] = {"ser_start", false},
    [SER_EXIT] = {"ser_exit", true},
    [SER_TIME] = {"ser_time", false},
    [SERVER] = {"server", true},
};

static const char *const outcome_names[] = {
    [CALL_SERVED] = "AGENT", [CALL_HUNG_UP] = "HANG", [CALL_PHANTOM] = "PHANTOM"};

int call_read_columns(struct call_columns *columns, const struct csv_row *header, char *why, size_t why_size)
{
    for (size_t column = 0; column < CALL_COLUMNS; column++) {
        columns->places[column] = SIZE_MAX;
        for (size_t i = 0; i < header->count; i++) {
            if (!text_equal(header->fields[i], column_table[column].name))
                continue;
            if (columns->places[column] != SIZE_MAX) {
                text_format(why, why_size, "line %zu: the column \"%s\" is there twice", header->line,
                            column_table[column].name);
                return -EINVAL;
            }
            columns->places[column] = i;
        }
        if (columns->places[column] == SIZE_MAX && column_table[column].is_needed) {
            text_format(why, why_size, "line %zu: there is no column \"%s\"; is this a log of calls?",
                        header->line, column_table[column].name);
            return -EINVAL;
        }
    }
    return 0;
}

/* What is being read, for parsers that may have to complain. */
struct reading {
    const struct call_columns *columns;
    const struct csv_row *row;
    char *why;
    size_t why_size;
};

static const char *value_of(const struct reading *reading, enum column column)
{
    return reading->row->fields[reading->columns->places[column]];
}

static int command_complain(const struct reading *reading, enum column column, const char *wanted)
{
    text_format(reading->why, reading->why_size, "line %zu, %s \"%s\": %s", reading->row->line,
                column_table[column].name, value_of(reading, column), wanted);
    return -EINVAL;
}

static int seconds_read(const struct reading *reading, enum column column, int64_t *ret_seconds)
{
    static const int64_t most = INT64_C(7) * 86400;
    return text_parse_int64(value_of(reading, column), -most, most, ret_seconds) == 0
               ? 0
               : command_complain(reading, column, "expected a number of seconds");
}

static int date_read(const struct reading *reading, int64_t *ret_local_us)
{
    const char *text = value_of(reading, DATE);
    struct civil date;
    if (civil_parse_date(text, &date) || civil_to_utc_us(&date, ret_local_us))
        return command_complain(reading, DATE, "expected a date such as 1999-08-01");
    return 0;
}

/* H:MM:SS or HH:MM:SS; hours from 24 on belong to the day after. */
static int time_read(const struct reading *reading, enum column column, int64_t day, int64_t *ret_local_us)
{
    const char *text = value_of(reading, column);
    int hours = 0, minutes = 0, seconds = 0, end = 0;
    bool is_time = strspn(text, "0123456789:") == strlen(text) &&
                   sscanf(text, "%2d:%2d:%2d%n", &hours, &minutes, &seconds, &end) == 3 &&
                   (size_t)end == strlen(text) && end >= 7 && hours < 48 && minutes < 60 && seconds < 60;
    if (!is_time)
        return command_complain(reading, column, "expected a time such as 9:05:59");
    *ret_local_us = day + (INT64_C(3600) * hours + 60 * minutes + seconds) * 1000000;
    return 0;
}

/* A day has one date, and a call may pass midnight: what ends before the call came in ends the next day. */
static int exit_read(const struct reading *reading, enum column column, int64_t day, int64_t entry,
                     int64_t *ret_local_us)
{
    static const int64_t day_us = INT64_C(86400) * 1000000;
    int rc = time_read(reading, column, day, ret_local_us);
    if (rc == 0 && *ret_local_us < entry)
        *ret_local_us += day_us;
    return rc;
}

static bool is_zero(const struct reading *reading, enum column column)
{
    return reading->columns->places[column] == SIZE_MAX ||
           strspn(value_of(reading, column), "0:") == strlen(value_of(reading, column));
}

/* "0:00:00" with no time served: the log does not know when the service ended. */
static bool is_without_service(const struct reading *reading)
{
    return is_zero(reading, SER_EXIT) && is_zero(reading, SER_START) && is_zero(reading, SER_TIME);
}

static bool is_id(const char *text, bool is_word)
{
    size_t length =
        strspn(text, is_word ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
                             : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:/@-");
    return length > 0 && text[length] == 0 && length < CALL_ID_SIZE;
}

static int names_read(const struct reading *reading, struct call *call)
{
    const char *line = value_of(reading, VRU_LINE), *number = value_of(reading, CALL_ID);
    const char *customer = value_of(reading, CUSTOMER_ID), *server = value_of(reading, SERVER);
    if (!is_id(line, true))
        return command_complain(reading, VRU_LINE, "expected a line's name of letters and digits");
    if (!is_id(number, false))
        return command_complain(reading, CALL_ID, "expected the call's number");
    if (!text_equal(customer, "0") && !text_equal(customer, "")) {
        if (!is_id(customer, false))
            return command_complain(reading, CUSTOMER_ID, "expected a customer's number, or 0");
        text_copy(call->customer, sizeof call->customer, customer);
    }
    if (!text_equal(server, "NO_SERVER") && !text_equal(server, "")) {
        if (!is_id(server, true))
            return command_complain(reading, SERVER, "expected a name of letters and digits, or NO_SERVER");
        text_copy(call->server, sizeof call->server, server);
    }
    /* The longest foreign id appends "/opened" to the interaction. */
    bool fits = text_format(call->source, sizeof call->source, "bank/%s", line) &&
                text_format(call->interaction, sizeof call->interaction - strlen("/opened"), "%s-%s-%s-%s",
                            value_of(reading, DATE), line, number, value_of(reading, VRU_ENTRY));
    return fits ? 0 : command_complain(reading, CALL_ID, "this makes the interaction's name too long");
}

static int outcome_read(const struct reading *reading, enum call_outcome *ret_outcome)
{
    for (size_t i = 0; i < COUNT_OF(outcome_names); i++) {
        if (text_equal(value_of(reading, OUTCOME), outcome_names[i])) {
            *ret_outcome = (enum call_outcome)i;
            return 0;
        }
    }
    return command_complain(reading, OUTCOME, "expected AGENT, HANG or PHANTOM");
}

int call_read(struct call *call, const struct call_columns *columns, const struct csv_row *row, char *why,
              size_t why_size)
{
    struct reading reading = {.columns = columns, .row = row, .why = why, .why_size = why_size};
    for (size_t i = 0; i < CALL_COLUMNS; i++) {
        if (columns->places[i] != SIZE_MAX && columns->places[i] >= row->count) {
            text_format(why, why_size, "line %zu: the row ends after %zu fields, before %s", row->line,
                        row->count, column_table[i].name);
            return -EINVAL;
        }
    }
    struct call read = {.outcome = CALL_PHANTOM};
    int64_t day = 0;
    int rc = outcome_read(&reading, &read.outcome);
    if (rc == 0)
        rc = date_read(&reading, &day);
    if (rc == 0)
        rc = time_read(&reading, VRU_ENTRY, day, &read.vru_entry);
    if (rc == 0)
        rc = exit_read(&reading, VRU_EXIT, day, read.vru_entry, &read.vru_exit);
    if (rc == 0)
        rc = exit_read(&reading, Q_EXIT, day, read.vru_entry, &read.q_exit);
    if (rc == 0)
        rc = exit_read(&reading, SER_EXIT, day, read.vru_entry, &read.ser_exit);
    if (rc == 0)
        rc = seconds_read(&reading, VRU_TIME, &read.vru_seconds);
    if (rc == 0)
        rc = seconds_read(&reading, Q_TIME, &read.q_seconds);
    if (rc == 0)
        rc = names_read(&reading, &read);
    if (is_without_service(&reading))
        read.ser_exit = read.q_seconds > 0 ? read.q_exit : read.vru_exit;
    if (rc == 0)
        *call = read;
    return rc;
}

/* --- events --- */

/* The bodies of one call's events, beside each other in the arena. */
struct call_bodies {
    WireEvent event;
    union {
        WireInteractionOpened opened;
        WireWaitReported wait;
        WireInteractionClosed closed;
    };
    char foreign_id[CALL_ID_SIZE];
    struct uuid id;
};

/* The envelope; `step` says which of the call's events it is. */
static struct call_bodies *event_new(const struct call *call, struct arena *arena, const char *step,
                                     int64_t occurred_at)
{
    struct call_bodies *made = arena_allocate(arena, sizeof *made);
    if (!made)
        return NULL;
    text_format(made->foreign_id, sizeof made->foreign_id, "%s/%s", call->interaction, step);
    made->id = uuid_derive(occurred_at, slice_of_text(call->source), slice_of_text(made->foreign_id));
    wire_event__init(&made->event);
    made->event.id = (ProtobufCBinaryData){.len = UUID_SIZE, .data = made->id.bytes};
    made->event.has_id = true;
    made->event.source = (char *)call->source;
    made->event.foreign_id = made->foreign_id;
    made->event.has_id_time = made->event.has_occurred_at = true;
    made->event.id_time = made->event.occurred_at = occurred_at;
    made->event.store_id = (char *)"bank";
    made->event.interaction_id = (char *)call->interaction;
    made->event.customer_id = call->customer[0] ? (char *)call->customer : NULL;
    return made;
}

static WireEvent *opened_new(const struct call *call, const struct zone *zone, struct arena *arena)
{
    struct call_bodies *made = event_new(call, arena, "opened", zone_utc_from_local(zone, call->vru_entry));
    if (!made)
        return NULL;
    wire_interaction_opened__init(&made->opened);
    WIRE_SET(&made->opened, channel, WIRE_CHANNEL__PHONE);
    made->event.body_case = WIRE_EVENT__BODY_INTERACTION_OPENED;
    made->event.interaction_opened = &made->opened;
    return &made->event;
}

static WireEvent *wait_new(const struct call *call, const struct zone *zone, struct arena *arena,
                           WireWaitKind kind)
{
    bool is_menu = kind == WIRE_WAIT_KIND__MENU;
    struct call_bodies *made = event_new(call, arena, is_menu ? "menu" : "hold",
                                         zone_utc_from_local(zone, is_menu ? call->vru_exit : call->q_exit));
    if (!made)
        return NULL;
    wire_wait_reported__init(&made->wait);
    WIRE_SET(&made->wait, kind, kind);
    WIRE_SET(&made->wait, duration_ms, 1000 * (is_menu ? call->vru_seconds : call->q_seconds));
    made->event.body_case = WIRE_EVENT__BODY_WAIT_REPORTED;
    made->event.wait_reported = &made->wait;
    return &made->event;
}

static WireEvent *closed_new(const struct call *call, const struct zone *zone, struct arena *arena)
{
    bool is_served = call->outcome == CALL_SERVED;
    int64_t left = call->q_seconds > 0 ? call->q_exit : call->vru_exit;
    struct call_bodies *made =
        event_new(call, arena, "closed", zone_utc_from_local(zone, is_served ? call->ser_exit : left));
    if (!made)
        return NULL;
    wire_interaction_closed__init(&made->closed);
    WIRE_SET(&made->closed, outcome, is_served ? WIRE_OUTCOME__SERVED : WIRE_OUTCOME__ABANDONED);
    made->event.employee_id = is_served && call->server[0] ? (char *)call->server : NULL;
    made->event.body_case = WIRE_EVENT__BODY_INTERACTION_CLOSED;
    made->event.interaction_closed = &made->closed;
    return &made->event;
}

int call_make_events(const struct call *call, const struct zone *zone, struct arena *arena,
                     WireEvent *ret_events[CALL_MOST_EVENTS])
{
    if (call->outcome == CALL_PHANTOM)
        return 0;
    WireEvent *made[CALL_MOST_EVENTS];
    int count = 0;
    made[count++] = opened_new(call, zone, arena);
    if (call->vru_seconds >= 0)
        made[count++] = wait_new(call, zone, arena, WIRE_WAIT_KIND__MENU);
    if (call->q_seconds > 0)
        made[count++] = wait_new(call, zone, arena, WIRE_WAIT_KIND__HOLD);
    made[count++] = closed_new(call, zone, arena);
    for (int i = 0; i < count; i++) {
        if (!made[i])
            return -ENOBUFS;
        ret_events[i] = made[i];
    }
    return count;
}
