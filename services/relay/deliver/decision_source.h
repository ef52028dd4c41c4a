/* decision_source: the decisions as they are stored, in order, each once, into the newest ones.
 *
 * The feed is a hint: its decisions are used when they follow on from those here; otherwise the stored ones
 * are read. The source begins at the cursor it finds, with the cases that are open at that moment. */
#ifndef BELLHOP_RELAY_DELIVER_DECISION_SOURCE_H
#define BELLHOP_RELAY_DELIVER_DECISION_SOURCE_H

#include "common/base/auto.h"
#include "common/link/subscriber.h"
#include "common/store/read/database.h"
#include "services/relay/stream/open_cases.h"
#include "services/relay/stream/newest.h"

struct decision_source;

struct decision_source_calls {
    void (*on_ready)(void *owner);                   /* the first time it stands at the cursor */
    void (*on_item)(void *owner, struct item *item); /* a new one, borrowed */

    /* What was known lies beyond the log, which ends at `cursor`: it was restored. */
    void (*on_other_log)(void *owner, uint64_t cursor);

    void *owner;
};

struct decision_source_settings {
    const char *feed; /* endpoint */
    struct database *database;
    size_t recent_bytes;
};

struct decision_source *decision_source_open(struct link_context *context, struct loop *loop,
                                             const struct decision_source_settings *settings,
                                             const struct decision_source_calls *calls, char *why,
                                             size_t why_size);
void decision_source_close(struct decision_source *source);

/* Borrowed. */
const struct newest *decision_source_newest(const struct decision_source *source);
const struct open_cases *decision_source_open_cases(const struct decision_source *source);

/* As the feed or the store last said. */
uint32_t decision_source_epoch(const struct decision_source *source);
uint64_t decision_source_head(const struct decision_source *source);
bool decision_source_is_ready(const struct decision_source *source);

AUTO_CLOSE(decision_source)

#endif
