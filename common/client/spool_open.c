/* spool_open: the file, its tables and its statements. */
#include "common/client/spool_state.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
    SPOOL_VERSION = 1,
    SPOOL_APPLICATION = 0x42656c6c, /* "Bell": marks the file as ours */
    PAGE_BYTES = 4096,
    LEAST_PAGES = 16,
    MOVING_FACTOR = 4, /* room for reasons while events move to the refused ones */
};

static const char *const statement_texts[STATEMENT_COUNT] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [LIMIT_TAKING] = NULL, /* carries the quota: made in prepare() */
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

int spool_failed(struct spool *spool, int code, const char *doing)
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

int spool_run(struct spool *spool, enum statement which, const char *doing)
{
    sqlite3_stmt *statement = spool->statements[which];
    int code = sqlite3_step(statement);
    while (code == SQLITE_ROW)
        code = sqlite3_step(statement);
    int rc = code == SQLITE_DONE ? BELLHOP_OK : spool_failed(spool, code, doing);
    sqlite3_reset(statement);
    return rc;
}

static int execute(struct spool *spool, const char *sql, const char *doing)
{
    int code = sqlite3_exec(spool->database, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? BELLHOP_OK : spool_failed(spool, code, doing);
}

int64_t spool_number(struct spool *spool, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int64_t number = 0;
    if (sqlite3_prepare_v2(spool->database, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

/* --- opening --- */

static int check_version(struct spool *spool)
{
    int64_t version = spool_number(spool, "PRAGMA user_version");
    int64_t application = spool_number(spool, "PRAGMA application_id");
    if (version == SPOOL_VERSION && application == SPOOL_APPLICATION)
        return BELLHOP_OK;
    if (version == 0 && application == 0 && spool_number(spool, "SELECT count(*) FROM sqlite_schema") == 0)
        return execute(spool, "PRAGMA user_version = 1; PRAGMA application_id = 1113943148",
                       "mark the spool");
    text_format(spool->why, sizeof spool->why,
                "the file is not a spool of this version: user_version is %" PRId64 ", expected %d", version,
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
            return spool_failed(spool, code, "prepare the spool");
    }
    return spool_run(spool, LIMIT_TAKING, "set the spool's quota");
}

static int start(struct spool *spool, const char *path, int64_t quota_bytes)
{
    int code = sqlite3_open_v2(
        path ? path : ":memory:", &spool->database,
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, NULL);
    if (code != SQLITE_OK)
        return spool_failed(spool, code, "open the spool");
    int rc = set_up(spool);
    if (rc == BELLHOP_OK)
        rc = prepare(spool, quota_bytes);
    spool->entry_count = spool_number(spool, "SELECT count(*) FROM entry");
    spool->refused_count = spool_number(spool, "SELECT count(*) FROM refused");
    return rc;
}

int spool_open(const char *path, int64_t quota_bytes, struct spool **ret_spool, char *why, size_t why_size)
{
    AUTO(spool) *spool = calloc(1, sizeof *spool);
    if (!spool)
        return BELLHOP_NO_MEMORY;
    int rc = start(spool, path, quota_bytes);
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
