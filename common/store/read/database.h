/* database: a session for reading, on the loop. It never blocks, and reconnects by itself.
 *
 * Readers (the headers *_reader.h) ask through it. Questions are answered in order, each by exactly one call on the
 * loop's thread, never before the asking function has returned. What an answer points to lives until the call returns.
 * If the session ends or a question times out, the answer has its `fault` set; the asker decides whether to ask again.
 * Sessions are read-only and cancel statements that take longer than 30 s. */
#ifndef BELLHOP_STORE_READ_DATABASE_H
#define BELLHOP_STORE_READ_DATABASE_H

#include "common/base/auto.h"
#include "common/loop/loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct database;

/* The session was opened or lost; `why` is the reason for a loss, else "". Called once for each change. */
typedef void database_changed(void *owner, bool is_open, const char *why);

/* Begin to connect to `url`, a PostgreSQL connection string that may name several hosts; `name` appears in
 * pg_stat_activity. `changed` may be NULL. You may ask at once: questions wait for the session. */
struct database *database_open(struct loop *loop, const char *url, const char *name,
                               database_changed *changed, void *owner);

/* Drops unanswered questions; their calls never come. */
void database_close(struct database *database);

/* Drop the questions of `owner`; their calls never come. */
void database_forget(struct database *database, const void *owner);

/* For programs that wait, such as the command line: turn the loop until every question is answered. After
 * `timeout_ms` the remaining ones are answered with a fault, and it returns false. */
bool database_finish(struct database *database, int64_t timeout_ms);

AUTO_CLOSE(database)

#endif
