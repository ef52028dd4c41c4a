/* writer: the one session that writes, and what it must be before it may.
 *
 * It holds an advisory lock on the session it writes through: of several writers of one database one is
 * ready, the others stand by. When the lock is there it looks whether the server keeps what it commits,
 * brings the schema up to date and raises the epoch. A lost session begins all of this anew; what it was
 * storing may have been stored or not, and only the events' ids tell (writer_find).
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
    WRITER_UNSAFE,  /* ours is the lock, but the server may lose what it commits; looked at again and again */
    WRITER_REFUSED, /* the schema is not ours to write; for good */
    WRITER_READY,
};

/* As the writer found the log when it took over. */
struct writer_place {
    uint32_t epoch; /* its own */
    uint64_t head;
    uint64_t cursor;
    uint64_t sources_seq; /* table source tells of events up to here */
    int64_t recorded_at;  /* of the last event */
};

struct writer_calls {
    /* `place` when it is ready, else the reason. Also called while it stays in a state, for another reason.
     */
    void (*on_state)(void *owner, enum writer_state state, const struct writer_place *place, const char *why);
    /* For the operator: the schema is up to date, by so many migrations; roles may be missing. May be NULL. */
    void (*on_schema)(void *owner, const struct schema_result *result);
    void *owner;
};

struct writer;
struct writer *writer_open(struct loop *loop, const char *url, const struct writer_calls *calls);
void writer_close(struct writer *writer);

enum writer_state writer_state_of(const struct writer *writer);

/* Ready, and without an operation. */
bool writer_is_idle(const struct writer *writer);

enum writer_result {
    WRITER_STORED,
    WRITER_REPEATED, /* nothing is stored: an id of an event is in the log already */
    WRITER_MOVED,    /* nothing is stored: the cursor is elsewhere */
    WRITER_FAILED,   /* nothing is stored, for a reason of the server's */
    WRITER_LOST,     /* stored or not; the writer is not ready any more */
};
typedef void writer_stored(void *owner, enum writer_result result, const char *why);

/* The batch stays as it is until `stored` is called. */
void writer_store(struct writer *writer, struct batch *batch, const struct batch_place *place,
                  writer_stored *stored, void *owner);

struct writer_found {
    size_t row; /* of the batch's events */
    uint64_t seq;
    uint32_t epoch;
    struct slice canonical; /* the log's */
};
/* `fault` NULL: these rows are in the log, all others are not. */
typedef void writer_found_rows(void *owner, const struct writer_found *found, size_t count,
                               const char *fault);

/* Which of the batch's events are in the log? */
void writer_find(struct writer *writer, const struct batch *batch, writer_found_rows *found, void *owner);

static inline void writer_free(struct writer *writer)
{
    if (writer)
        writer_close(writer);
}
AUTO_FREE(writer)

#endif
