/* durable_sessions: who has joined a stream. Internal to the durable streams. */
#ifndef BELLHOP_RELAY_DELIVER_DURABLE_SESSIONS_H
#define BELLHOP_RELAY_DELIVER_DURABLE_SESSIONS_H

#include "common/wire/refusal.h"

#include <stdint.h>

struct durable;

struct durable_session {
    uint64_t id;
    unsigned credit;
    uint64_t joined_seq; /* what was decided up to here is replayed */
};

/* Borrowed; NULL is none. */
struct durable_session *durable_session_find(struct durable *durable, uint64_t session);

/* What the session asked for will not be; it stays. */
void durable_session_refuse(struct durable *durable, uint64_t session, enum wire_reason reason,
                            const char *explanation);

/* What the session asked for is done; `decision_id` may be NULL. */
void durable_session_done(struct durable *durable, uint64_t session, const char *request,
                          const char *decision_id, size_t count);

/* The stream is open: all sessions begin. */
void durable_sessions_welcome(struct durable *durable);

/* The name is not to be had, or not any more: all sessions are refused, and the stream is gone. */
void durable_sessions_refuse(struct durable *durable, enum wire_reason reason, const char *explanation);

#endif
