/* spool: what was taken in and has no receipt yet, in order, in a SQLite file that survives kill -9.
 *
 * WAL and synchronous=FULL: what spool_commit() returned 0 for is on disk. The file belongs to one spool at a
 * time (an exclusive lock; a second opening is refused). Its quota counts pages of the file; refused events
 * count too until they are forgotten. Only moving an event to the refused ones may exceed it, by what the
 * reasons take, so that nothing is lost for being refused.
 *
 * All int results are bellhop.h's codes, with the sentence in spool_why(). Nothing aborts. */
#ifndef BELLHOP_CLIENT_SPOOL_H
#define BELLHOP_CLIENT_SPOOL_H

#include "common/base/auto.h"
#include "common/base/bytes.h"
#include "common/base/text.h"
#include "common/client/bellhop.h"

#include <stdint.h>

struct spool;

struct spool_entry {
    int64_t number; /* the order of taking in; never used twice in one file */
    const uint8_t *event_id;
    unsigned flags;
    struct slice event;
};

/* `path` NULL keeps it in memory. On failure the sentence is in `why`. */
int spool_open(const char *path, int64_t quota_bytes, struct spool **ret_spool, char *why, size_t why_size);
void spool_free(struct spool *spool);
AUTO_FREE(spool)

/* After fork: release the memory, touch neither the file nor its lock (SQLite's own memory stays). */
void spool_forget(struct spool *spool);

const char *spool_why(const struct spool *spool);

/* --- taking in: begin, (number, add)…, commit or roll back --- */

int spool_begin(struct spool *spool);

/* The next number in the count called `name`, from 1; part of the transaction. */
int spool_count_up(struct spool *spool, const char *name, uint64_t *ret_number);

/* BELLHOP_SPOOL_FULL: roll back. */
int spool_add(struct spool *spool, const uint8_t event_id[BELLHOP_ID_SIZE], unsigned flags,
              struct slice event);

/* After anything but 0 nothing of the transaction has happened. */
int spool_commit(struct spool *spool);
void spool_rollback(struct spool *spool);

/* --- emptying --- */

/* Shows entries after `number`, in order, until `visit` returns false; they are valid during the visit, which
 * must not use the spool. */
typedef bool spool_visit(void *owner, const struct spool_entry *entry);
int spool_walk(struct spool *spool, int64_t number, spool_visit *visit, void *owner);

/* One transaction: these are answered, they go. */
int spool_remove(struct spool *spool, const int64_t *numbers, size_t count);

/* Move one to the refused events. */
int spool_refuse(struct spool *spool, int64_t number, const struct bellhop_receipt *receipt,
                 int64_t refused_at);

/* The first refused one after `number`, valid until the next call; BELLHOP_NOT_OPEN when there is none. */
int spool_refused_after(struct spool *spool, int64_t number, struct bellhop_refused *ret_refused);
int spool_refused_forget(struct spool *spool, int64_t number);

int64_t spool_entry_count(const struct spool *spool);
int64_t spool_refused_count(const struct spool *spool);

/* --- what else is kept: short texts by name --- */

/* The text kept under `name`; when there is none yet, `text` is put there. Copied into `into`. */
int spool_keep_text(struct spool *spool, const char *name, const char *text, char *into, size_t into_size);

#endif
