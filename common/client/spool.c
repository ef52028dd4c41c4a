/* spool: what was taken in and has no receipt yet, in order, in a SQLite file that survives kill -9. */
#include "common/client/spool_state.h"

#include "common/base/text.h"

/* --- taking in --- */

int spool_begin(struct spool *spool)
{
    spool->added = 0;
    int rc = spool_run(spool, LIMIT_TAKING, "set the spool's quota");
    return rc == BELLHOP_OK ? spool_run(spool, BEGIN, "write to the spool") : rc;
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
    int rc = code == SQLITE_DONE ? BELLHOP_OK : spool_failed(spool, code, "number the event");
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
    int rc = spool_run(spool, ADD, "take the event into the spool");
    spool->added += rc == BELLHOP_OK;
    return rc;
}

int spool_commit(struct spool *spool)
{
    int rc = spool_run(spool, COMMIT, "write to the spool");
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

/* --- emptying --- */

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
    int rc =
        code == SQLITE_DONE || code == SQLITE_ROW ? BELLHOP_OK : spool_failed(spool, code, "read the spool");
    sqlite3_reset(statement);
    return rc;
}

/* The end of a transaction that moves or removes: commits when all went well, else undoes it. */
static int finish(struct spool *spool, int rc)
{
    if (rc == BELLHOP_OK)
        rc = spool_run(spool, COMMIT, "write to the spool");
    if (rc != BELLHOP_OK)
        spool_rollback(spool);
    return rc;
}

static int begin_moving(struct spool *spool)
{
    int rc = spool_run(spool, LIMIT_MOVING, "set the spool's quota");
    return rc == BELLHOP_OK ? spool_run(spool, BEGIN, "write to the spool") : rc;
}

int spool_remove(struct spool *spool, const int64_t *numbers, size_t count)
{
    int rc = begin_moving(spool);
    int64_t removed = 0;
    for (size_t i = 0; i < count && rc == BELLHOP_OK; i++) {
        sqlite3_bind_int64(spool->statements[REMOVE], 1, numbers[i]);
        rc = spool_run(spool, REMOVE, "remove answered events from the spool");
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
    rc = spool_run(spool, REFUSE, "move an event to the refused ones");
    int moved = sqlite3_changes(spool->database);
    sqlite3_bind_int64(spool->statements[REMOVE], 1, number);
    if (rc == BELLHOP_OK)
        rc = spool_run(spool, REMOVE, "move an event to the refused ones");
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
    return text_or_empty((const char *)sqlite3_column_text(statement, column));
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
        return spool_failed(spool, code, "read the refused events");
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
    rc = spool_run(spool, FORGET, "forget a refused event");
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

/* --- short texts --- */

int spool_keep_text(struct spool *spool, const char *name, const char *text, char *into, size_t into_size)
{
    sqlite3_bind_text(spool->statements[KEEP_TEXT], 1, name, -1, SQLITE_STATIC);
    sqlite3_bind_text(spool->statements[KEEP_TEXT], 2, text, -1, SQLITE_STATIC);
    int rc = spool_run(spool, KEEP_TEXT, "write to the spool");
    if (rc != BELLHOP_OK)
        return rc;
    sqlite3_stmt *statement = spool->statements[READ_TEXT];
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        text_copy(into, into_size, column_text(statement, 0));
    else
        rc = spool_failed(spool, code, "read the spool");
    sqlite3_reset(statement);
    return rc;
}
