/* replay: one log, run in every way that a log is run: all must decide the same, byte for byte, and end in the same
 * state. What the first, live, run decides is what is stored; the others are held against it. */
#ifndef BELLHOP_TESTS_SUPPORT_REPLAY_H
#define BELLHOP_TESTS_SUPPORT_REPLAY_H

#include "tests/support/chronicle.h"

enum replay_way {
    REPLAY_SECOND,    /* another instance, fed the same log */
    REPLAY_RESTART,   /* state made of stored decisions, from each position on */
    REPLAY_RESUME,    /* from each snapshot on, and one that is resumed at every snapshot */
    REPLAY_TAKEOVER,  /* a standby goes on in the middle of another's batch; the other begins anew */
    REPLAY_BACKTEST,  /* the policy that was in force, over the recorded log */
    REPLAY_REHEARSAL, /* stories' clock */
    REPLAY_WAYS
};

struct replay {
    struct chronicle *log;
    size_t snapshot_every; /* entries */
    size_t restart_every;
    unsigned ways; /* bits of 1 << enum replay_way */
    /* how they part, if they do */
    enum replay_way way;
    size_t from, at;        /* where the run began to decide; the entry at which it decides otherwise */
    struct bytes complaint; /* empty: they do not */
    /* of the live run */
    struct bytes *states; /* after each `snapshot_every` entries */
    size_t state_count;
    struct bytes end; /* its state, deadlines and counts */
};

/* The ways that make sense for this log. */
unsigned replay_ways_of(const struct chronicle_options *options);

/* True: all agree. Decisions that are stored are made anew, but for those that are given. */
bool replay_agrees(struct replay *replay);
void replay_clear(struct replay *replay);

/* Make the log of a replay that does not agree as short as can be; it still does not. */
void replay_shrink(struct replay *replay);

/* What happened, and how they part, for whoever reads the failure. */
void replay_write(struct replay *replay, struct bytes *into);

#endif
