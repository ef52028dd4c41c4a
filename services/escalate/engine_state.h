/* engine_state: the inside of the engine, for its own files. */
#ifndef BELLHOP_ESCALATE_ENGINE_STATE_H
#define BELLHOP_ESCALATE_ENGINE_STATE_H

#include "services/escalate/catch_up.h"
#include "services/escalate/deadline_clock.h"
#include "services/escalate/engine.h"
#include "services/escalate/event_source.h"
#include "services/escalate/in_flight.h"
#include "services/escalate/lease.h"
#include "services/escalate/stored_check.h"

enum engine_phase { ENGINE_CHECKING, ENGINE_CATCHING_UP, ENGINE_STANDING_BY, ENGINE_DECIDING };

struct engine_numbers {
    uint64_t started_anew;
    int64_t in_flight;
    int64_t is_deciding;
};

struct engine {
    struct engine_parts parts;
    struct loop *loop;
    char instance[32];
    struct persist_link *persist;
    struct event_source *source;
    struct catch_up *catch_up;
    struct stored_check *check;
    struct deadline_clock *clock;
    struct lease *lease;
    struct decider *decider;
    enum engine_phase phase;
    struct in_flight in_flight;
    uint32_t epoch;       /* of the writer, as it last said */
    uint32_t asked_epoch; /* of the event whose identity is being checked: the state moves on meanwhile */
    bool has_looked;      /* the cursor was read since the lease was given: nobody else has moved it since */
    bool has_begun_at_zero; /* the state was made from the log alone */
    bool is_head_known;
    bool is_stopping;
    bool is_ready;
    bool wants_snapshot; /* no more events until what was decided is stored */
    bool must_begin_anew;
    bool is_awaited; /* somebody waits for the batch, even when there is nothing in it */
    uint64_t snapshot_seq;
    int64_t snapshot_ms;
    struct loop_timer tick;
    struct loop_timer linger; /* until a batch without decisions is sent */
    struct loop_timer again;  /* begin anew, or ask the database again */
    struct engine_numbers numbers;
};

/* --- engine_state.c --- */

/* The state is no longer usable: rebuild it, in the next turn. */
void engine_begin_anew(struct engine *engine, const char *reason);

/* Nothing can be done about it here: stop, so that somebody sees it. */
void engine_give_up(struct engine *engine, const char *why);

/* --- engine_decide.c --- */

/* Send what was decided to persist; there must be room in flight. */
void engine_send(struct engine *engine);

/* At the end of each turn: send what was decided, unless it can wait. */
void engine_send_in_time(struct engine *engine);

/* What others call: the event source, persist, the check of what is stored. */
bool engine_on_event(void *owner, const WireLoggedEvent *record);
void engine_on_decided(void *owner, const WireDecisionResult *result);
void engine_on_checked(void *owner, bool is_known, bool is_same);

/* --- engine_snapshot.c --- */

/* Begin from the snapshot, or from nothing when there is none of use. */
void engine_use_snapshot(struct engine *engine);
void engine_use_nothing(struct engine *engine);

void engine_write_snapshot(struct engine *engine);

/* At each tick: when one is due it is written, or no more events are taken until it can be. */
void engine_consider_snapshot(struct engine *engine);

/* It must not be read again. */
void engine_drop_snapshot(struct engine *engine);

#endif
