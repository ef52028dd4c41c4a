/* item: one decision as relay holds it: decoded once, counted, shared by every stream that delivers it. */
#ifndef BELLHOP_RELAY_STREAM_ITEM_H
#define BELLHOP_RELAY_STREAM_ITEM_H

#include "common/base/auto.h"
#include "common/base/bytes.h"
#include "common/wire/position.h"
#include "common/wire/topic.h"
#include "proto/bellhop/v1/decision.pb-c.h"
#include "services/relay/stream/place.h"

#include <stddef.h>

struct item {
    unsigned holders;
    struct place place;
    struct topic topic;
    char decision_id[DECISION_ID_TEXT_SIZE];
    size_t bytes;                 /* all the memory it takes */
    const WireDecision *decision; /* in the item's own memory */
};

/* The item of an encoded decision, held once; NULL when the bytes are not one. */
struct item *item_new(struct slice packed);

struct item *item_hold(struct item *item);

/* Freed with its last holder. NULL is nothing. */
void item_release(struct item *item);

/* What its deliveries follow others by, appended to `into`; nothing when it has no key. */
void item_hold_key(const struct item *item, struct bytes *into);

/* The case it is about, or NULL. */
const WireCase *item_case(const struct item *item);

static inline void item_free(struct item *item)
{
    item_release(item);
}
AUTO_FREE(item)

#endif
