/* deadline_report: numbers that ended, descriptions of those that were armed. */
#include "services/escalate/deadline_report.h"

#include "common/base/random.h"
#include "common/wire/rules.h"
#include "common/wire/set.h"

void deadline_report_init(struct deadline_report *report)
{
    *report = (struct deadline_report){.run = random_u64() >> 1 | 1};
}

static void write_ended(struct fold *fold, struct arena *arena, WireDecisionBatch *message)
{
    uint32_t number;
    message->ended = arena_allocate(arena, DEADLINE_REPORT_MOST * sizeof *message->ended);
    while (message->ended && message->n_ended < DEADLINE_REPORT_MOST && fold_deadline_ended(fold, &number))
        message->ended[message->n_ended++] = number;
}

static WireArmedDeadline *armed_new(struct arena *arena, uint32_t number,
                                    const struct fold_deadline *deadline)
{
    WireArmedDeadline *armed = arena_allocate(arena, sizeof *armed);
    wire_armed_deadline__init(armed);
    WIRE_SET(armed, number, number);
    WIRE_SET(armed, kind, deadline->body.kind);
    int64_t due_at = deadline->body.due_at; /* what is added to the last instant there is goes beyond it */
    WIRE_SET(armed, due_at, due_at < WIRE_LATEST_AT ? due_at : WIRE_LATEST_AT);
    armed->subject = arena_text(arena, slice_of_text(deadline->subject));
    armed->store_id = (char *)deadline->store_id;
    armed->interaction_id = (char *)deadline->interaction_id;
    return armed;
}

void deadline_report_write(struct deadline_report *report, struct fold *fold, struct arena *arena,
                           WireDecisionBatch *message)
{
    uint32_t number;
    struct fold_deadline deadline;
    write_ended(fold, arena, message);
    message->armed = arena_allocate(arena, DEADLINE_REPORT_MOST * sizeof(WireArmedDeadline *));
    while (message->armed && message->n_armed < DEADLINE_REPORT_MOST &&
           fold_deadline_armed(fold, &number, &deadline))
        message->armed[message->n_armed++] = armed_new(arena, number, &deadline);
    WIRE_SET(message, run, report->run);
    if (!report->has_told_all && message->armed && message->n_armed < DEADLINE_REPORT_MOST)
        WIRE_SET(message, all_armed, report->has_told_all = true);
}
