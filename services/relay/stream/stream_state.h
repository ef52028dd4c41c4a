/* stream_state: the inside of a stream, for its own files: stream_settle.c stands on stream.c, that on hold.c
 * and delivery.c. */
#ifndef BELLHOP_RELAY_STREAM_STREAM_STATE_H
#define BELLHOP_RELAY_STREAM_STREAM_STATE_H

#include "common/base/heap.h"
#include "common/base/list.h"
#include "common/base/map.h"
#include "services/relay/stream/stream.h"

enum delivery_state { DELIVERY_HELD, DELIVERY_READY, DELIVERY_SENT, DELIVERY_RESTING };

struct hold {
    struct list deliveries; /* the first may be sent, the others wait for it */
    size_t key_size;
    uint8_t key[];
};

struct delivery {
    struct place place;
    struct place_key key;
    enum delivery_state state;
    unsigned attempts;
    bool is_snapshot;
    bool is_resent;   /* is a dead letter meanwhile */
    uint64_t session; /* of SENT */
    int64_t sent_ms;
    struct hold *hold; /* NULL: held by nothing */
    struct list_node in_hold;
    struct heap_node turn;      /* in ready or due, by its state */
    struct heap_node unsettled; /* of those in order */
    void *item;
};

struct session {
    uint64_t id;
    unsigned credit;
    unsigned sent;
    int64_t answered_ms; /* when it last confirmed or refused something, or joined */
};

struct stream {
    const struct stream_rules *rules;
    uint64_t passed;
    struct places settled; /* beyond the position */
    struct places snapshot_settled;
    bool snapshot_is_pending;
    bool snapshot_is_complete; /* all of it was added */
    size_t snapshot_open;
    struct map deliveries;
    struct map holds;
    struct heap ready;
    struct heap due;
    struct heap unsettled;
    struct dead_letters dead;
    struct map tried; /* of an earlier run, not added yet */
    struct places new_dead;
    struct places revived;
    struct session sessions[STREAM_SESSIONS];
    size_t session_count;
    struct stream_figures figures;
};

/* --- delivery --- */

void delivery_leave_state(struct stream *stream, struct delivery *delivery);
void delivery_make_held(struct stream *stream, struct delivery *delivery);
void delivery_make_ready(struct stream *stream, struct delivery *delivery);
void delivery_make_sent(struct stream *stream, struct delivery *delivery, uint64_t session, int64_t now_ms);
void delivery_make_resting(struct stream *stream, struct delivery *delivery, int64_t now_ms);

static inline struct delivery *delivery_of_turn(struct heap_node *node)
{
    return CONTAINER_OF(node, struct delivery, turn);
}

/* --- hold --- */

/* Stands in line behind the others of its hold; true when it has to wait for them. */
bool hold_join(struct stream *stream, struct delivery *delivery, struct slice key);

/* The delivery is done with its hold: the next one may be sent. */
void hold_release(struct stream *stream, struct delivery *delivery);

/* Empty when nothing holds it. */
struct slice hold_key(const struct delivery *delivery);

/* --- stream --- */

/* Borrowed; NULL is none. */
struct delivery *stream_find_delivery(const struct stream *stream, struct place place);
struct session *stream_find_session(struct stream *stream, uint64_t id);

/* Once all of a snapshot is taken in and settled it is over. */
void stream_check_snapshot(struct stream *stream);

#endif
