/* recent: the newest decisions, bounded, in order, for all streams that keep up. Pure. */
#ifndef BELLHOP_RELAY_RECENT_H
#define BELLHOP_RELAY_RECENT_H

#include "common/base/auto.h"
#include "services/relay/item.h"

struct recent;

/* At most `most_bytes` of items; nothing is known up to and including the seq `after`. */
struct recent *recent_new(size_t most_bytes, uint64_t after);
void recent_free(struct recent *recent);
AUTO_FREE(recent)

/* Takes the item, whose place must lie beyond those before. The oldest go when there is no room. */
void recent_add(struct recent *recent, struct item *item);

/* Every decision of events up to `seq` has been added. */
void recent_pass(struct recent *recent, uint64_t seq);

/* Forget all, and begin anew after `after`. */
void recent_reset(struct recent *recent, uint64_t after);

/* Every decision of events after `after` and up to `upto` is here. */
uint64_t recent_after(const struct recent *recent);
uint64_t recent_upto(const struct recent *recent);

/* The first item of an event after `seq`, or of the place given, and the items that follow it; borrowed. NULL: none. */
struct item *recent_first_after(const struct recent *recent, uint64_t seq, size_t *ret_index);
struct item *recent_at(const struct recent *recent, size_t index);

size_t recent_bytes(const struct recent *recent);
size_t recent_count(const struct recent *recent);

#endif
