/* turmoil: random events of every type that registers and our services send, valid by the wire's own rules.
 *
 * Bodies are made by their descriptors and the table of rules: a type or field that is added joins by itself. There are
 * few ids of each kind, so that events meet the same contacts, people, promises and cases again and again. */
#ifndef BELLHOP_TESTS_SUPPORT_TURMOIL_H
#define BELLHOP_TESTS_SUPPORT_TURMOIL_H

#include "common/base/arena.h"
#include "proto/bellhop/v1/decision.pb-c.h"

enum { TURMOIL_REMEMBERED = 12, TURMOIL_ID_SIZE = 65 };

struct turmoil {
    uint64_t seed; /* the same gives the same events */
    int64_t now;   /* the clock of the log; goes on with each event */
    uint64_t made;
    /* what acts may be about, as the last decisions said it */
    struct {
        char id[TURMOIL_ID_SIZE];
        uint32_t round;
    } cases[TURMOIL_REMEMBERED];
    char follow_ups[TURMOIL_REMEMBERED][TURMOIL_ID_SIZE];
    size_t case_count, follow_up_count;
    size_t last;   /* case that was decided about */
    size_t chosen; /* of the event that is being made */
};

/* 0 … below - 1. */
int64_t turmoil_any(struct turmoil *turmoil, int64_t below);

/* Time goes on: mostly seconds, sometimes hours, seldom weeks. */
void turmoil_wait(struct turmoil *turmoil);

/* The next event, of now, in the arena. Neither a deadline nor a policy. */
WireEvent *turmoil_event(struct turmoil *turmoil, struct arena *arena);

/* When the source sent `event`, by its own clock: late, in time, or as it happened. */
int64_t turmoil_sent_at(struct turmoil *turmoil, const WireEvent *event);

/* What was decided. */
void turmoil_hear(struct turmoil *turmoil, const WireDecision *decision);

#endif
