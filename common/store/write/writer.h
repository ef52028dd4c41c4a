/* writer: the one session that writes, and what must hold before it may.
 *
 * It takes an advisory lock on the session it writes through: of several writers of one database one is ready, the
 * others stand by. With the lock it checks that the server keeps what it commits, brings the schema up to date and
 * raises the epoch. When the session is lost, all of this begins again; what was being stored may or may not have been
 * committed, and only the events' ids show which (writer_find).
 *
 * One operation at a time; its result comes by one call on the loop's thread, never before the function has
 * returned. */
#ifndef BELLHOP_STORE_WRITE_WRITER_H
#define BELLHOP_STORE_WRITE_WRITER_H

#include "common/base/auto.h"
#include "common/loop/loop.h"
#include "common/store/schema/schema.h"
#include "common/store/write/batch.h"

#include <stdbool.h>

enum writer_state {
    WRITER_AWAY,    /* no database */
    WRITER_STANDBY, /* another writer holds the lock */
    WRITER_UNSAFE,  /* it has the lock, but the server may lose what it commits; checked again and again */
    WRITER_REFUSED, /* this program may not write to the schema; final */
    WRITER_READY,
};

/* The log as the writer found it when it took over. */
struct writer_place {
    uint32_t epoch; /* its own */
    uint64_t head;
    uint64_t cursor;
    uint64_t sources_seq; /* table source covers events up to here */
    int64_t recorded_at;  /* of the last event */
};

struct writer_calls {
    /* `place` if it is ready, else `why`. Also called when it stays in a state for another reason. */
    void (*on_state)(void *owner, enum writer_state state, const struct writer_place *place, const char *why);
    /* For the operator: the schema is up to date. May be NULL. */
    void (*on_schema)(void *owner, const struct schema_result *result);
    void *owner;
};

struct writer;
struct writer *writer_open(struct loop *loop, const char *url, const struct writer_calls *calls);
void writer_close(struct writer *writer);

enum writer_state writer_state_of(const struct writer *writer);

/* Ready, and no operation is under way. */
bool writer_is_idle(const struct writer *writer);

enum writer_result {
    WRITER_STORED,
    WRITER_REPEATED, /* nothing is stored: some event's id is already in the log */
    WRITER_MOVED,    /* nothing is stored: the cursor is elsewhere */
    WRITER_FAILED,   /* nothing is stored: the server refused */
    WRITER_LOST,     /* stored or not; the writer is no longer ready */
};
typedef void writer_stored(void *owner, enum writer_result result, const char *why);

/* Leave the batch as it is until `stored` is called. */
void writer_store(struct writer *writer, struct batch *batch, const struct batch_place *place,
                  writer_stored *stored, void *owner);

struct writer_found {
    size_t row; /* its number among the batch's events */
    uint64_t seq;
    uint32_t epoch;
    int64_t recorded_at;
    struct slice canonical; /* as it is in the log */
};
/* `fault` NULL: these rows are in the log, all others are not. */
typedef void writer_found_rows(void *owner, const struct writer_found *found, size_t count,
                               const char *fault);

/* Which of the batch's events are in the log? */
void writer_find(struct writer *writer, const struct batch *batch, writer_found_rows *found, void *owner);

AUTO_CLOSE(writer)

#endif
