/* session: one PostgreSQL session on the loop: connecting, asking and copying never block it.
 *
 * For the store floor's own use. A session takes one job at a time; its answer comes by exactly one call,
 * never before the function that gave the job has returned. A session that is lost answers the job it had
 * (its outcome is then unknown), says so, and connects again after a back-off. Neither call may close the
 * session. */
#ifndef BELLHOP_STORE_SESSION_SESSION_H
#define BELLHOP_STORE_SESSION_SESSION_H

#include "common/base/auto.h"
#include "common/base/bytes.h"
#include "common/loop/loop.h"

#include <libpq-fe.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct session;

struct session_options {
    const char *url;          /* a connection string; what it says of time-outs and keep-alives holds */
    const char *name;         /* in pg_stat_activity */
    const char *setup;        /* statements that begin every session */
    int64_t answer_within_ms; /* a job that takes longer ends the session; 0: never */
};

struct session_calls {
    void (*on_open)(void *owner);                  /* connected and set up */
    void (*on_lost)(void *owner, const char *why); /* or could not connect; trying again */
    void *owner;
};

/* The options' texts are copied. */
struct session *session_open(struct loop *loop, const struct session_options *options,
                             const struct session_calls *calls);
void session_close(struct session *session);

/* Connected, and without a job. */
bool session_is_idle(const struct session *session);

/* End the session on purpose and connect anew: what it held (locks) is released. */
void session_restart(struct session *session, const char *why);

struct session_answer {
    const char *fault;        /* NULL: done */
    const char *sqlstate;     /* five characters of a fault the server told, else "" */
    bool is_lost;             /* the session ended first: it may have been done, or not */
    PGresult *const *results; /* those that carry rows, in their order */
    size_t result_count;
};
typedef void session_answered(void *owner, const struct session_answer *answer);

/* A parameter. Text goes as text, bytes and numbers in binary form. */
struct session_value {
    enum { VALUE_TEXT, VALUE_BYTES, VALUE_BIGINT, VALUE_INTEGER } kind;
    union {
        const char *text; /* NULL is SQL's NULL */
        struct slice bytes;
        int64_t number;
    };
};

#define TEXT_VALUE(value_)                                                                                   \
    (struct session_value)                                                                                   \
    {                                                                                                        \
        .kind = VALUE_TEXT, .text = (value_)                                                                 \
    }
#define BYTES_VALUE(value_)                                                                                  \
    (struct session_value)                                                                                   \
    {                                                                                                        \
        .kind = VALUE_BYTES, .bytes = (value_)                                                               \
    }
#define BIGINT_VALUE(value_)                                                                                 \
    (struct session_value)                                                                                   \
    {                                                                                                        \
        .kind = VALUE_BIGINT, .number = (int64_t)(value_)                                                    \
    }
#define INTEGER_VALUE(value_)                                                                                \
    (struct session_value)                                                                                   \
    {                                                                                                        \
        .kind = VALUE_INTEGER, .number = (int64_t)(value_)                                                   \
    }

enum { SESSION_VALUES_MOST = 8 };

/* One statement with parameters $1, $2 …; its rows come in binary form (result.h reads them). */
void session_query(struct session *session, const char *sql, const struct session_value *values, size_t count,
                   session_answered *answered, void *owner);

/* Any number of statements in one transaction, rows as text. Each COPY … FROM STDIN among them takes the next
 * of `copies`, which stay where they are until the answer. */
void session_script(struct session *session, const char *sql, const struct slice *copies, size_t copy_count,
                    session_answered *answered, void *owner);

static inline void session_free(struct session *session)
{
    if (session)
        session_close(session);
}
AUTO_FREE(session)

#endif
