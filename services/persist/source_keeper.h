/* source_keeper: sources, kept in step with the database: restored when the writer takes over, written
 * lazily. */
#ifndef BELLHOP_PERSIST_SOURCE_KEEPER_H
#define BELLHOP_PERSIST_SOURCE_KEEPER_H

#include "common/loop/loop.h"
#include "common/store/write/batch.h"
#include "services/persist/config.h"

struct source_keeper;
struct source_keeper *source_keeper_open(struct loop *loop, const struct persist_config *config);
void source_keeper_close(struct source_keeper *keeper);

/* The writer has taken over: read what was written, which tells of events up to `sources_seq`, then those
 * after it up to `head`. Nothing may be committed meanwhile. */
void source_keeper_begin(struct source_keeper *keeper, uint64_t sources_seq, uint64_t head);
bool source_keeper_is_ready(const struct source_keeper *keeper);

/* The batch's events are committed. */
void source_keeper_note(struct source_keeper *keeper, const struct batch *batch);

/* Before a batch is stored: what has changed goes with it, at most once a second. `head` is what was noted.
 */
void source_keeper_write(struct source_keeper *keeper, struct batch *batch, uint64_t head);

/* A batch was not stored: what went with it is to be written again. */
void source_keeper_write_all(struct source_keeper *keeper);

#endif
