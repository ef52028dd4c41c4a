/* durable: one durable stream at work: its lease, its row, what it takes from the newest decisions or from
 * the store, what it delivers and to whom, and what is written down of it.
 *
 *   leasing ──> reading ──> beginning (a new one) ──> open
 *
 * A stream that another relay holds is asked for until that lease must have ended, then refused. A session is
 * the id of a subscriber's connection. Any of these functions may call back. */
#ifndef BELLHOP_RELAY_DELIVER_DURABLE_H
#define BELLHOP_RELAY_DELIVER_DURABLE_H

#include "common/service/persist_link.h"
#include "common/store/read/database.h"
#include "common/wire/refusal.h"
#include "proto/bellhop/v1/subscribe.pb-c.h"
#include "services/relay/deliver/decision_source.h"
#include "services/relay/deliver/durable_numbers.h"
#include "services/relay/stream/room.h"
#include "services/relay/stream/stream.h"

struct durable;

/* One delivery on its way: all borrowed. */
struct durable_delivery {
    const char *stream;
    const struct item *item;
    uint64_t session;
    unsigned attempt;
    bool is_replayed;
    bool is_still_open;
    bool is_snapshot;
    const char *dead_letter; /* a decision id, or NULL */
};

struct durable_done {
    const char *stream;
    const char *request;
    const char *decision_id; /* that of the request, or NULL */
    size_t count;            /* of dead letters that are sent again */
};

struct durable_calls {
    void (*on_subscribed)(void *owner, uint64_t session, const char *stream, uint64_t position, bool is_new);
    void (*on_refused)(void *owner, uint64_t session, const char *stream, enum wire_reason reason,
                       const char *explanation);
    /* False: the session is not there any more. */
    bool (*on_delivery)(void *owner, const struct durable_delivery *delivery);
    /* Recorded: these will not come again. */
    void (*on_confirmed)(void *owner, uint64_t session, const char *stream, char **decision_ids,
                         size_t count);
    /* A request is done: "refuse", "credit", "resend", "unsubscribe". The id may be NULL. */
    void (*on_done)(void *owner, uint64_t session, const struct durable_done *done);
    void *owner;
};

/* What all streams work with. */
struct durable_parts {
    struct loop *loop;
    struct database *database;
    struct decision_source *source;
    struct persist_link *persist;
    const char *instance;
    struct stream_rules rules;
    struct durable_calls calls;
    struct durable_numbers *numbers;
    struct room *room;
};

struct durable *durable_new(const struct durable_parts *parts, const char *name);
void durable_free(struct durable *durable);

const char *durable_name(const struct durable *durable);

/* The session wants deliveries: on_subscribed or on_refused answers, now or later. */
void durable_subscribe(struct durable *durable, uint64_t session, const WireSubscribe *request);

/* The session is gone, or wants no more. */
void durable_leave(struct durable *durable, uint64_t session);

/* Each of these is answered: on_confirmed, on_done or on_refused, now or once it is stored. */
void durable_confirm(struct durable *durable, uint64_t session, char **decision_ids, size_t count);
void durable_refuse(struct durable *durable, uint64_t session, const WireRefuse *request);
void durable_credit(struct durable *durable, uint64_t session, unsigned credit);
void durable_resend(struct durable *durable, uint64_t session, const char *decision_id);

/* Remove it for good: its sessions leave, and nothing is kept. Those of others are refused. */
void durable_forget(struct durable *durable, uint64_t session);

/* What persist answered. False: the result belongs to another stream. */
void durable_leased(struct durable *durable, bool is_granted, int64_t expires_ms);
bool durable_written(struct durable *durable, const WireStreamResult *result);

/* The log was restored to an earlier time: nothing beyond `cursor` exists any more. */
void durable_other_log(struct durable *durable, uint64_t cursor);

/* Take, deliver, write: at the end of each turn. */
void durable_turn(struct durable *durable);

/* Nobody needs it, and all there is to keep is stored: it may be freed. */
bool durable_is_done(const struct durable *durable);

/* A write is on its way, or there is one to do. */
bool durable_is_writing(const struct durable *durable);

/* Add what it holds to `numbers`. */
void durable_measure(const struct durable *durable, struct durable_numbers *numbers);

#endif
