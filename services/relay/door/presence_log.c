/* presence_log: an event for each change. */
#include "services/relay/door/presence_log.h"

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/service/log.h"
#include "common/service/service.h"
#include "common/wire/event.h"

struct presence_log_numbers {
    int64_t levels;
};

static const struct metric presence_log_metrics[] = {
    METRIC(struct presence_log_numbers, levels, "bellhop_relay_levels_served", "",
           "levels that subscribers take pages for"),
};

struct presence_log {
    struct presence_log_parts parts;
    struct loop_timer restarted; /* armed once */
    struct presence_log_numbers numbers;
};

static void append(struct presence_log *log, const struct presence_change *change)
{
    const struct presence_level *level = &change->level;
    struct uuid id;
    WireServingStarted started = WIRE_SERVING_STARTED__INIT;
    WireServingEnded ended = WIRE_SERVING_ENDED__INIT;
    WireEvent event = wire_event_mint("bellhop/relay", clock_utc_us(), &id);
    event.store_id = text_equal(level->store_id, "*") ? NULL : (char *)level->store_id;
    started.subscriber = ended.subscriber = (char *)level->stream;
    started.role = ended.role = (char *)level->role;
    started.relay = ended.relay = (char *)log->parts.name;
    started.run = ended.run = (char *)log->parts.instance;
    ended.has_earlier_runs = ended.earlier_runs = change->is_of_earlier_runs;
    ended.reason = (char *)change->reason;
    event.body_case = change->is_started ? WIRE_EVENT__BODY_SERVING_STARTED : WIRE_EVENT__BODY_SERVING_ENDED;
    if (change->is_started)
        event.serving_started = &started;
    else
        event.serving_ended = &ended;
    persist_link_append_event(log->parts.persist, &event);
}

/* Whatever was served before relay was killed, and nobody has come back for. */
static void end_earlier_runs(void *owner)
{
    struct presence_log *log = owner;
    struct presence_change change = {.is_of_earlier_runs = true, .reason = "restarted"};
    text_copy(change.level.stream, sizeof change.level.stream, log->parts.name);
    text_copy(change.level.store_id, sizeof change.level.store_id, "*");
    text_copy(change.level.role, sizeof change.level.role, "any");
    append(log, &change);
}

struct presence_log *presence_log_new(const struct presence_log_parts *parts)
{
    struct presence_log *log = NEW(presence_log);
    log->parts = *parts;
    loop_timer_init(&log->restarted, end_earlier_runs, log);
    metrics_add(service_metrics(), presence_log_metrics, COUNT_OF(presence_log_metrics), &log->numbers);
    return log;
}

void presence_log_free(struct presence_log *log)
{
    if (!log)
        return;
    metrics_remove(service_metrics(), &log->numbers);
    loop_timer_clear(log->parts.loop, &log->restarted);
    free(log);
}

void presence_log_begin(struct presence_log *log)
{
    loop_timer_set(log->parts.loop, &log->restarted, log->parts.lease_ms);
}

void presence_log_turn(struct presence_log *log)
{
    struct presence_change change;
    while (presence_next(log->parts.presence, loop_now_ms(log->parts.loop), &change))
        append(log, &change);
    log->numbers.levels = (int64_t)presence_count(log->parts.presence);
}

void presence_log_appended(const WireAppendResult *result)
{
    for (size_t i = 0; i < result->n_receipts; i++)
        if (result->receipts[i]->result == WIRE_RECEIPT__RESULT__REJECTED)
            log_error("presence-refused", "persist refused to record who serves a level",
                      FIELD("reason", result->receipts[i]->reason),
                      FIELD("field", result->receipts[i]->field));
}
