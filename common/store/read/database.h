/* database: a session for reading, on the loop: it never blocks, and comes back by itself when it is lost.
 *
 * Readers (the headers *_reader.h) ask through it. Questions are answered in their order, each by exactly one call on the loop's thread, never
 * before the asking function has returned. What an answer points to lives until the call returns. A question
 * that the session's end or a time-out left without an answer is answered with its `fault` set; whoever asked
 * decides whether to ask again. Sessions are read-only and end statements that take longer than 30 s. */
#ifndef BELLHOP_STORE_READ_DATABASE_H
#define BELLHOP_STORE_READ_DATABASE_H

#include "common/base/auto.h"
#include "common/loop/loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct database;

/* How the session fares; `why` is the reason of a fault, or "". Told once for each change. */
typedef void database_changed(void *owner, bool is_open, const char *why);

/* Begin to connect to `url` (a PostgreSQL connection string; may name several hosts), as `name` in
 * pg_stat_activity. `changed` may be NULL. Questions may be asked at once: they wait for the session. */
struct database *database_open(struct loop *loop, const char *url, const char *name,
                               database_changed *changed, void *owner);

/* Questions without an answer are forgotten; their calls never come. */
void database_close(struct database *database);

/* Forget the questions of `owner`: their calls never come. */
void database_forget(struct database *database, const void *owner);

/* For programs that wait, such as the command line: turn the loop until every question is answered. False
 * after `timeout_ms`; then those left are answered with a fault. */
bool database_finish(struct database *database, int64_t timeout_ms);

static inline void database_free(struct database *database)
{
    if (database)
        database_close(database);
}
AUTO_FREE(database)

#endif
