/* spool: what was taken in and has no receipt yet, in order, in a SQLite file that survives kill -9. */
#include "common/client/spool.h"

#include <errno.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdlib.h>

enum {
    SPOOL_VERSION = 1,
    SPOOL_APPLICATION = 0x42656c6c, /* "Bell": tells the file from other SQLite files */
    PAGE_BYTES = 4096,
    LEAST_PAGES = 16,
    MOVING_FACTOR = 4, /* room for reasons while events move to the refused ones */
};

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

static const char *const statement_texts[STATEMENT_COUNT] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [LIMIT_TAKING] = NULL, /* carries the quota: made in prepare_limits() */
    [LIMIT_MOVING] = NULL,
    [ADD] = "INSERT INTO entry (event_id, flags, event) VALUES (?1, ?2, ?3)",
    [COUNT_UP] = "INSERT INTO count (name, number) VALUES (?1, 1) ON CONFLICT (name) DO UPDATE SET number = "
                 "number + 1 "
                 "RETURNING number",
    [WALK] = "SELECT number, event_id, flags, event FROM entry WHERE number > ?1 ORDER BY number",
    [REMOVE] = "DELETE FROM entry WHERE number = ?1",
    [REFUSE] = "INSERT OR IGNORE INTO refused SELECT number, event_id, ?2, ?3, ?4, ?5, event FROM entry "
               "WHERE number = ?1",
    [FORGET] = "DELETE FROM refused WHERE number = ?1",
    [REFUSED_AFTER] = "SELECT number, event_id, reason, field, explanation, refused_at, event FROM refused "
                      "WHERE number > ?1 ORDER BY number LIMIT 1",
    [KEEP_TEXT] = "INSERT OR IGNORE INTO kept (name, text) VALUES (?1, ?2)",
    [READ_TEXT] = "SELECT text FROM kept WHERE name = ?1",
};

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS entry (number INTEGER PRIMARY KEY AUTOINCREMENT, event_id BLOB NOT NULL,"
    " flags INTEGER NOT NULL, event BLOB NOT NULL);"
    "CREATE TABLE IF NOT EXISTS refused (number INTEGER PRIMARY KEY, event_id BLOB NOT NULL, reason TEXT, "
    "field TEXT,"
    " explanation TEXT, refused_at INTEGER NOT NULL, event BLOB NOT NULL);"
    "CREATE TABLE IF NOT EXISTS count (name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;";

struct spool {
    sqlite3 *database;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    int64_t entry_count;
    int64_t refused_count;
    int64_t added; /* in the transaction that is open */
    char why[WHY_SIZE];
};

/* What a SQLite code means to us; keeps SQLite's sentence. */
static int failed(struct spool *spool, int code, const char *doing)
{
    text_format(spool->why, sizeof spool->why, "could not %s: %s", doing, sqlite3_errmsg(spool->database));
    switch (code & 0xff) {
    case SQLITE_FULL:
        return BELLHOP_SPOOL_FULL;
    case SQLITE_NOMEM:
        return BELLHOP_NO_MEMORY;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return BELLHOP_SPOOL_IN_USE;
    default:
        return BELLHOP_SPOOL_FAILED;
    }
}

/* Run a statement that has no result rows of interest, with its parameters bound. */
static int run(struct spool *spool, enum statement which, const char *doing)
{
    sqlite3_stmt *statement = spool->statements[which];
    int code = sqlite3_step(statement);
    while (code == SQLITE_ROW)
        code = sqlite3_step(statement);
    int rc = code == SQLITE_DONE ? BELLHOP_OK : failed(spool, code, doing);
    sqlite3_reset(statement);
    return rc;
}

static int execute(struct spool *spool, const char *sql, const char *doing)
{
    int code = sqlite3_exec(spool->database, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? BELLHOP_OK : failed(spool, code, doing);
}

/* The only value of a query such as PRAGMA user_version; 0 when there is none. */
static int64_t query_number(struct spool *spool, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int64_t number = 0;
    if (sqlite3_prepare_v2(spool->database, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

/* ---------------------------------------------------------------- opening */

static int check_version(struct spool *spool)
{
    int64_t version = query_number(spool, "PRAGMA user_version");
    int64_t application = query_number(spool, "PRAGMA application_id");
    if (version == SPOOL_VERSION && application == SPOOL_APPLICATION)
        return BELLHOP_OK;
    if (version == 0 && application == 0 && query_number(spool, "SELECT count(*) FROM sqlite_schema") == 0)
        return execute(spool, "PRAGMA user_version = 1; PRAGMA application_id = 1113943148",
                       "mark the spool");
    text_format(spool->why, sizeof spool->why,
                "the file is no spool of this version: user_version %" PRId64 ", expected %d", version,
                SPOOL_VERSION);
    return BELLHOP_SPOOL_FAILED;
}
_Static_assert(SPOOL_VERSION == 1 && SPOOL_APPLICATION == 1113943148, "as written in check_version()");

/* The lock is taken by the first transaction and kept. */
static int set_up(struct spool *spool)
{
    int rc = execute(spool,
                     "PRAGMA page_size = 4096; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;"
                     "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 4194304; BEGIN IMMEDIATE",
                     "open the spool");
    if (rc == BELLHOP_OK)
        rc = check_version(spool);
    if (rc == BELLHOP_OK)
        rc = execute(spool, schema, "make the spool's tables");
    if (rc == BELLHOP_OK)
        rc = execute(spool, "COMMIT", "make the spool's tables");
    return rc;
}

static int prepare(struct spool *spool, int64_t quota_bytes)
{
    int64_t pages = quota_bytes / PAGE_BYTES < LEAST_PAGES ? LEAST_PAGES : quota_bytes / PAGE_BYTES;
    for (enum statement which = 0; which < STATEMENT_COUNT; which++) {
        char limit[64];
        text_format(limit, sizeof limit, "PRAGMA max_page_count = %" PRId64,
                    which == LIMIT_MOVING ? pages * MOVING_FACTOR : pages);
        const char *text = statement_texts[which] ? statement_texts[which] : limit;
        int code = sqlite3_prepare_v3(spool->database, text, -1, SQLITE_PREPARE_PERSISTENT,
                                      &spool->statements[which], NULL);
        if (code != SQLITE_OK)
            return failed(spool, code, "prepare the spool");
    }
    return run(spool, LIMIT_TAKING, "set the spool's quota");
}

static int spool_start(struct spool *spool, const char *path, int64_t quota_bytes)
{
    int code = sqlite3_open_v2(
        path ? path : ":memory:", &spool->database,
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, NULL);
    if (code != SQLITE_OK)
        return failed(spool, code, "open the spool");
    int rc = set_up(spool);
    if (rc == BELLHOP_OK)
        rc = prepare(spool, quota_bytes);
    spool->entry_count = query_number(spool, "SELECT count(*) FROM entry");
    spool->refused_count = query_number(spool, "SELECT count(*) FROM refused");
    return rc;
}

int spool_open(const char *path, int64_t quota_bytes, struct spool **ret_spool, char *why, size_t why_size)
{
    AUTO(spool) *spool = calloc(1, sizeof *spool);
    if (!spool)
        return BELLHOP_NO_MEMORY;
    int rc = spool_start(spool, path, quota_bytes);
    if (rc != BELLHOP_OK) {
        text_copy(why, why_size, spool->why);
        return rc;
    }
    *ret_spool = TAKE(spool);
    return BELLHOP_OK;
}

void spool_free(struct spool *spool)
{
    if (!spool)
        return;
    for (enum statement which = 0; which < STATEMENT_COUNT; which++)
        sqlite3_finalize(spool->statements[which]);
    sqlite3_close(spool->database);
    free(spool);
}

void spool_forget(struct spool *spool)
{
    free(spool);
}

const char *spool_why(const struct spool *spool)
{
    return spool->why;
}

/* ---------------------------------------------------------------- taking in */

int spool_begin(struct spool *spool)
{
    spool->added = 0;
    int rc = run(spool, LIMIT_TAKING, "set the spool's quota");
    return rc == BELLHOP_OK ? run(spool, BEGIN, "write to the spool") : rc;
}

int spool_count_up(struct spool *spool, const char *name, uint64_t *ret_number)
{
    sqlite3_stmt *statement = spool->statements[COUNT_UP];
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    int code = sqlite3_step(statement);
    uint64_t number = 0;
    if (code == SQLITE_ROW) {
        number = (uint64_t)sqlite3_column_int64(statement, 0);
        code = sqlite3_step(statement);
    }
    int rc = code == SQLITE_DONE ? BELLHOP_OK : failed(spool, code, "number the event");
    sqlite3_reset(statement);
    if (rc == BELLHOP_OK)
        *ret_number = number;
    return rc;
}

int spool_add(struct spool *spool, const uint8_t event_id[BELLHOP_ID_SIZE], unsigned flags,
              struct slice event)
{
    sqlite3_stmt *statement = spool->statements[ADD];
    sqlite3_bind_blob(statement, 1, event_id, BELLHOP_ID_SIZE, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, flags);
    sqlite3_bind_blob64(statement, 3, event.data, event.size, SQLITE_STATIC);
    int rc = run(spool, ADD, "take the event into the spool");
    spool->added += rc == BELLHOP_OK;
    return rc;
}

int spool_commit(struct spool *spool)
{
    int rc = run(spool, COMMIT, "write to the spool");
    if (rc == BELLHOP_OK)
        spool->entry_count += spool->added;
    else
        spool_rollback(spool);
    return rc;
}

/* SQLite rolls back by itself after some failures. */
void spool_rollback(struct spool *spool)
{
    if (!sqlite3_get_autocommit(spool->database))
        sqlite3_step(spool->statements[ROLLBACK]);
    sqlite3_reset(spool->statements[ROLLBACK]);
}

/* ---------------------------------------------------------------- emptying */

int spool_walk(struct spool *spool, int64_t number, spool_visit *visit, void *owner)
{
    sqlite3_stmt *statement = spool->statements[WALK];
    sqlite3_bind_int64(statement, 1, number);
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        struct spool_entry entry = {
            .number = sqlite3_column_int64(statement, 0),
            .event_id = sqlite3_column_blob(statement, 1),
            .flags = (unsigned)sqlite3_column_int64(statement, 2),
            .event = slice_of(sqlite3_column_blob(statement, 3), (size_t)sqlite3_column_bytes(statement, 3)),
        };
        if (sqlite3_column_bytes(statement, 1) == BELLHOP_ID_SIZE && !visit(owner, &entry))
            break;
    }
    int rc = code == SQLITE_DONE || code == SQLITE_ROW ? BELLHOP_OK : failed(spool, code, "read the spool");
    sqlite3_reset(statement);
    return rc;
}

/* The end of a transaction that moves or removes: commits when all went well, else undoes it. */
static int finish(struct spool *spool, int rc)
{
    if (rc == BELLHOP_OK)
        rc = run(spool, COMMIT, "write to the spool");
    if (rc != BELLHOP_OK)
        spool_rollback(spool);
    return rc;
}

static int begin_moving(struct spool *spool)
{
    int rc = run(spool, LIMIT_MOVING, "set the spool's quota");
    return rc == BELLHOP_OK ? run(spool, BEGIN, "write to the spool") : rc;
}

int spool_remove(struct spool *spool, const int64_t *numbers, size_t count)
{
    int rc = begin_moving(spool);
    int64_t removed = 0;
    for (size_t i = 0; i < count && rc == BELLHOP_OK; i++) {
        sqlite3_bind_int64(spool->statements[REMOVE], 1, numbers[i]);
        rc = run(spool, REMOVE, "remove answered events from the spool");
        removed += sqlite3_changes(spool->database);
    }
    rc = finish(spool, rc);
    if (rc == BELLHOP_OK)
        spool->entry_count -= removed;
    return rc;
}

int spool_refuse(struct spool *spool, int64_t number, const struct bellhop_receipt *receipt,
                 int64_t refused_at)
{
    int rc = begin_moving(spool);
    if (rc != BELLHOP_OK)
        return rc;
    sqlite3_stmt *statement = spool->statements[REFUSE];
    sqlite3_bind_int64(statement, 1, number);
    sqlite3_bind_text(statement, 2, receipt->reason, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 3, receipt->field, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 4, receipt->explanation, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 5, refused_at);
    rc = run(spool, REFUSE, "move an event to the refused ones");
    int moved = sqlite3_changes(spool->database);
    sqlite3_bind_int64(spool->statements[REMOVE], 1, number);
    if (rc == BELLHOP_OK)
        rc = run(spool, REMOVE, "move an event to the refused ones");
    int removed = sqlite3_changes(spool->database);
    rc = finish(spool, rc);
    if (rc == BELLHOP_OK) {
        spool->refused_count += moved;
        spool->entry_count -= removed;
    }
    return rc;
}

static const char *column_text(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return text ? text : "";
}

int spool_refused_after(struct spool *spool, int64_t number, struct bellhop_refused *ret_refused)
{
    sqlite3_stmt *statement = spool->statements[REFUSED_AFTER];
    sqlite3_reset(statement);
    sqlite3_bind_int64(statement, 1, number);
    int code = sqlite3_step(statement);
    if (code == SQLITE_DONE)
        return BELLHOP_NOT_OPEN;
    if (code != SQLITE_ROW)
        return failed(spool, code, "read the refused events");
    struct bellhop_refused refused = {
        .number = sqlite3_column_int64(statement, 0),
        .reason = column_text(statement, 2),
        .field = column_text(statement, 3),
        .explanation = column_text(statement, 4),
        .refused_at = sqlite3_column_int64(statement, 5),
        .message = sqlite3_column_blob(statement, 6),
        .message_size = (size_t)sqlite3_column_bytes(statement, 6),
    };
    if (sqlite3_column_bytes(statement, 1) == BELLHOP_ID_SIZE)
        memcpy(refused.event_id, sqlite3_column_blob(statement, 1), BELLHOP_ID_SIZE);
    *ret_refused = refused;
    return BELLHOP_OK;
}

int spool_refused_forget(struct spool *spool, int64_t number)
{
    sqlite3_reset(spool->statements[REFUSED_AFTER]);
    int rc = begin_moving(spool);
    if (rc != BELLHOP_OK)
        return rc;
    sqlite3_bind_int64(spool->statements[FORGET], 1, number);
    rc = run(spool, FORGET, "forget a refused event");
    int forgotten = sqlite3_changes(spool->database);
    rc = finish(spool, rc);
    if (rc == BELLHOP_OK)
        spool->refused_count -= forgotten;
    return rc;
}

int64_t spool_entry_count(const struct spool *spool)
{
    return spool->entry_count;
}

int64_t spool_refused_count(const struct spool *spool)
{
    return spool->refused_count;
}

/* ---------------------------------------------------------------- short texts */

int spool_keep_text(struct spool *spool, const char *name, const char *text, char *into, size_t into_size)
{
    sqlite3_bind_text(spool->statements[KEEP_TEXT], 1, name, -1, SQLITE_STATIC);
    sqlite3_bind_text(spool->statements[KEEP_TEXT], 2, text, -1, SQLITE_STATIC);
    int rc = run(spool, KEEP_TEXT, "write to the spool");
    if (rc != BELLHOP_OK)
        return rc;
    sqlite3_stmt *statement = spool->statements[READ_TEXT];
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        text_copy(into, into_size, column_text(statement, 0));
    else
        rc = failed(spool, code, "read the spool");
    sqlite3_reset(statement);
    return rc;
}

int64_t spool_setting(struct spool *spool, const char *name)
{
    char sql[64];
    text_format(sql, sizeof sql, "PRAGMA %s", name);
    return query_number(spool, sql);
}
