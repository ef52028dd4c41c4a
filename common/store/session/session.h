/* session: one PostgreSQL session on the loop; connecting, asking and copying never block it. For the store floor's
 * own use.
 *
 * A session does one job at a time and answers it by exactly one call, never before the function that gave the job
 * has returned. When it is lost, it answers the job under way (whose outcome is then unknown), calls on_lost, and
 * connects again after a back-off. Neither call may close the session. */
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
    const char *url;          /* a connection string; its own time-outs and keep-alives win */
    const char *name;         /* in pg_stat_activity */
    const char *setup;        /* statements at the beginning of every session */
    int64_t answer_within_ms; /* a job that takes longer ends the session; 0: never */
};

struct session_calls {
    void (*on_open)(void *owner);                  /* connected and set up */
    void (*on_lost)(void *owner, const char *why); /* or could not be connected; it tries again */
    void *owner;
};

/* The options' texts are copied. */
struct session *session_open(struct loop *loop, const struct session_options *options,
                             const struct session_calls *calls);
void session_close(struct session *session);

/* Connected, and without a job. */
bool session_is_idle(const struct session *session);

/* End the session and connect again, which releases its locks. */
void session_restart(struct session *session, const char *why);

struct session_answer {
    const char *fault;        /* NULL: done */
    const char *sqlstate;     /* the five characters of the server's fault, else "" */
    bool is_lost;             /* the session ended first: done or not */
    PGresult *const *results; /* the results with rows, in order */
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

/* One statement with parameters $1, $2 …; its rows are binary (read them with result.h). */
void session_query(struct session *session, const char *sql, const struct session_value *values, size_t count,
                   session_answered *answered, void *owner);

/* Any number of statements in one transaction; rows are text. Each COPY … FROM STDIN is fed the next of `copies`, which
 * must stay where they are until the answer. */
void session_script(struct session *session, const char *sql, const struct slice *copies, size_t copy_count,
                    session_answered *answered, void *owner);

AUTO_CLOSE(session)

#endif
