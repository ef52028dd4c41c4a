/* spool_state: the inside of the spool, for its own files: spool.c and spool_open.c. */
#ifndef BELLHOP_CLIENT_SPOOL_STATE_H
#define BELLHOP_CLIENT_SPOOL_STATE_H

#include "common/client/spool.h"

#include <sqlite3.h>

enum statement {
    BEGIN,
    COMMIT,
    ROLLBACK,
    LIMIT_TAKING,
    LIMIT_MOVING,
    ADD,
    COUNT_UP,
    WALK,
    REMOVE,
    REFUSE,
    FORGET,
    REFUSED_AFTER,
    KEEP_TEXT,
    READ_TEXT,
    STATEMENT_COUNT
};

struct spool {
    sqlite3 *database;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    int64_t entry_count;
    int64_t refused_count;
    int64_t added; /* in the transaction that is open */
    char why[WHY_SIZE];
};

/* What a SQLite code means to us; keeps SQLite's sentence. */
int spool_failed(struct spool *spool, int code, const char *doing);

/* Run a statement that has no result rows of interest, with its parameters bound. */
int spool_run(struct spool *spool, enum statement which, const char *doing);

/* The only value of a query such as PRAGMA user_version; 0 when there is none. */
int64_t spool_number(struct spool *spool, const char *sql);

#endif
