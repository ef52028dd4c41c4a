/* event_source: the log's events in their order, each once, from a given position on.
 *
 * While behind it reads the log, page by page; at the head it follows the feed, whose batches are only
 * believed when they join on; whatever is missing is read. It also passes on what the feed says about the log
 * as a whole. The reader may pause it: then a bounded amount of the feed is kept, and what does not fit is
 * read later. */
#ifndef BELLHOP_ESCALATE_EVENT_SOURCE_H
#define BELLHOP_ESCALATE_EVENT_SOURCE_H

#include "common/base/auto.h"
#include "common/link/subscriber.h"
#include "common/store/read/log_reader.h"
#include "proto/bellhop/v1/append.pb-c.h"

struct event_source;

struct event_source_calls {
    /* The next event. False: the reader takes no more for now, this one included; event_source_pump() goes
     * on. */
    bool (*on_event)(void *owner, const WireLoggedEvent *record);

    /* The feed spoke: epoch, head and cursor as of now, and on a pulse the oldest undecided event. */
    void (*on_hint)(void *owner, const WireFeed *hint);

    /* The feed's connection is lost. */
    void (*on_silence)(void *owner);
    void *owner;
};

struct event_source_settings {
    const char *feed;          /* endpoint */
    struct database *database; /* stays where it is */
};

struct event_source *event_source_open(struct link_context *context, struct loop *loop,
                                       const struct event_source_settings *settings,
                                       const struct event_source_calls *calls, char *why, size_t why_size);
void event_source_close(struct event_source *source);

/* Give the events after `after` from now on. */
void event_source_start(struct event_source *source, uint64_t after);

/* Give none; hints continue. */
void event_source_stop(struct event_source *source);

/* The reader takes events again. */
void event_source_pump(struct event_source *source);

/* As the feed or the log said last; 0 until then. */
uint64_t event_source_head(const struct event_source *source);

/* Everything up to the head was given. */
bool event_source_is_at_head(const struct event_source *source);

AUTO_CLOSE(event_source)

#endif
