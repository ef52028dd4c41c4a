/* durable_state: the inside of a durable stream, for its own files. From the top: durable.c, durable_lease.c,
 * durable_open.c, durable_row.c and durable_intake.c, durable_answers.c, durable_sessions.c. */
#ifndef BELLHOP_RELAY_DELIVER_DURABLE_STATE_H
#define BELLHOP_RELAY_DELIVER_DURABLE_STATE_H

#include "services/relay/deliver/durable.h"
#include "services/relay/deliver/durable_answers.h"
#include "services/relay/deliver/durable_sessions.h"
#include "services/relay/deliver/selection.h"

enum {
    DURABLE_NAME_SIZE = 65,
    DURABLE_AGAIN_MS = 500, /* after a question to the store has failed */
};

enum durable_phase {
    DURABLE_LEASING,
    DURABLE_READING,      /* its row */
    DURABLE_READING_DEAD, /* its dead letters */
    DURABLE_SEEKING,      /* where a new one begins */
    DURABLE_BEGINNING,    /* a new one's first row is being written */
    DURABLE_OPEN,
    DURABLE_GONE, /* forgotten, refused or lost: to be freed */
};

/* Where a new stream begins, as its first subscriber said. */
struct durable_start {
    WireFrom__FromCase from;
    struct position after;
    int64_t since_at;
    uint64_t low, high; /* of the search for since_at */
};

struct durable {
    const struct durable_parts *parts;
    char name[DURABLE_NAME_SIZE];
    enum durable_phase phase;
    bool is_new;
    bool is_removed; /* its row goes with it */
    struct selection *selection;
    struct stream *stream; /* from READING on */
    int64_t created_at;
    struct durable_session sessions[STREAM_SESSIONS]; /* those that wait for the opening included */
    size_t session_count;
    struct durable_start start;

    bool has_lease;
    int64_t lease_asked_ms;
    int64_t lease_length_ms;
    int64_t opened_ms; /* began to ask for the lease */

    bool is_taking_snapshot;
    char last_case[DECISION_ID_TEXT_SIZE];
    bool is_reading;    /* a question to the store is open */
    size_t wanted;      /* deliveries that it may bring */
    size_t counted;     /* of ours in the room */
    bool is_small_page; /* the last page did not hold all decisions of one event */
    struct loop_timer again;

    bool is_dirty;
    bool has_tried;    /* attempts were made that are not stored */
    uint64_t write_id; /* on its way; 0: none */
    uint64_t written_position;
    int64_t written_ms;
    struct durable_answers waiting;
    struct durable_answers asked;

    struct loop_timer due;
    int64_t idle_since_ms;
    struct bytes key;

    uint64_t removed_by;     /* the session that is told once it is removed */
    struct places resending; /* dead letters that are being read, one event at a time */
    bool is_reading_letter;
    unsigned letter_tries;
};

static inline int64_t durable_now_ms(const struct durable *durable)
{
    return loop_now_ms(durable->parts->loop);
}

/* Every decision of events up to here can be had. */
static inline uint64_t durable_upto(const struct durable *durable)
{
    return newest_upto(decision_source_newest(durable->parts->source));
}

/* --- intake --- */

/* Take in what there is room for. */
void durable_intake_fill(struct durable *durable);

/* Let the room know what is held, and what is on its way. */
void durable_intake_measure(struct durable *durable);

/* --- row --- */

void durable_row_write(struct durable *durable);
void durable_row_remove(struct durable *durable);

/* --- open --- */

/* Ask the store, again, for what the phase needs. */
void durable_open_continue(void *durable);

/* Everything that it begins with is stored. */
void durable_open_finish(struct durable *durable);

/* --- lease --- */

/* Asked for until it is had, and in time before it ends. */
void durable_lease_keep(struct durable *durable);
void durable_lease_release(struct durable *durable);

#endif
