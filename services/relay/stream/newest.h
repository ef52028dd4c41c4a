/* newest: the newest decisions, bounded, in order, for all streams that keep up. Pure. */
#ifndef BELLHOP_RELAY_STREAM_NEWEST_H
#define BELLHOP_RELAY_STREAM_NEWEST_H

#include "common/base/auto.h"
#include "services/relay/stream/item.h"

struct newest;

/* At most `most_bytes` of items; nothing is known up to and including the seq `after`. */
struct newest *newest_new(size_t most_bytes, uint64_t after);
void newest_free(struct newest *newest);
AUTO_FREE(newest)

/* Takes the item, whose place must lie beyond those before. The oldest go when there is no room. */
void newest_add(struct newest *newest, struct item *item);

/* Every decision of events up to `seq` has been added. */
void newest_pass(struct newest *newest, uint64_t seq);

/* Forget all, and begin anew after `after`. */
void newest_reset(struct newest *newest, uint64_t after);

/* Every decision of events after `after` and up to `upto` is here. */
uint64_t newest_after(const struct newest *newest);
uint64_t newest_upto(const struct newest *newest);

/* The first item of an event after `seq`, or of the place given, and the items that follow it; borrowed.
 * NULL: none. */
struct item *newest_first_after(const struct newest *newest, uint64_t seq, size_t *ret_index);
struct item *newest_at(const struct newest *newest, size_t index);

size_t newest_bytes(const struct newest *newest);
size_t newest_count(const struct newest *newest);

#endif
