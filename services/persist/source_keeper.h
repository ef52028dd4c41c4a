/* source_keeper: keeps sources in step with the database: restores them when the writer takes over, and writes them
 * lazily. */
#ifndef BELLHOP_PERSIST_SOURCE_KEEPER_H
#define BELLHOP_PERSIST_SOURCE_KEEPER_H

#include "common/loop/loop.h"
#include "common/store/write/batch.h"
#include "services/persist/config.h"

struct source_keeper;
struct source_keeper *source_keeper_open(struct loop *loop, const struct persist_config *config);
void source_keeper_close(struct source_keeper *keeper);

/* The writer has taken over: read what was written, which covers events up to `sources_seq`, then the events after it
 * up to `head`. Nothing may be committed meanwhile. */
void source_keeper_begin(struct source_keeper *keeper, uint64_t sources_seq, uint64_t head);
bool source_keeper_is_ready(const struct source_keeper *keeper);

/* The batch's events are committed. */
void source_keeper_note(struct source_keeper *keeper, const struct batch *batch);

/* An event was rejected at a door: its number is no gap. */
void source_keeper_note_rejected(struct source_keeper *keeper, const WireRejectedEvent *rejected,
                                 int64_t now);

/* Before a batch is stored: add what has changed, at most once a second. Events up to `head` have been noted. */
void source_keeper_write(struct source_keeper *keeper, struct batch *batch, uint64_t head);

/* A batch was not stored: write its sources again. */
void source_keeper_write_all(struct source_keeper *keeper);

#endif
