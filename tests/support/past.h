/* past: a log as it would be read, recorded from a shop: everything from bytes. */
#ifndef BELLHOP_TESTS_SUPPORT_PAST_H
#define BELLHOP_TESTS_SUPPORT_PAST_H

#include "tests/support/shop.h"

enum { PAST_EVENTS = 400, PAST_DECISIONS = 40 };

struct past {
    struct arena *arena;
    struct {
        WireLoggedEvent record;
        WirePosition position;
        WireEvent *event;
        WireDecision *decisions[PAST_DECISIONS];
        struct slice packed[PAST_DECISIONS];
        size_t count;
    } events[PAST_EVENTS];
    size_t count;
};

/* What the shop decides from now on is the past; it begins with the policy that ships. */
struct past *past_new(struct shop *shop);
void past_free(struct past *past);
AUTO_FREE(past)

/* The policy that ships. */
struct slice past_shipped(void);

#endif
