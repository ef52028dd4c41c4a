/* chronicle: a log in memory, made of turmoil: events as bytes, and beside each the decisions that are stored for it.
 *
 * The first event proposes the shipped policy, with stores in two time zones, calendars and overrides. */
#ifndef BELLHOP_TESTS_SUPPORT_CHRONICLE_H
#define BELLHOP_TESTS_SUPPORT_CHRONICLE_H

#include "common/base/auto.h"
#include "common/policy/state/fold_deadline.h"
#include "proto/bellhop/v1/append.pb-c.h"

enum chronicle_deadlines {
    DEADLINES_PUNCTUAL, /* before whatever comes after them; ids are a rehearsal's */
    DEADLINES_DELAYED,  /* after some of what came meanwhile, or seconds early, but all of them */
    DEADLINES_WILD,     /* early, late, twice, never */
};

struct chronicle_options {
    uint64_t seed;
    size_t events;
    enum chronicle_deadlines deadlines;
    bool has_policies;   /* others are proposed, good ones and bad ones */
    bool has_quarantine; /* at some events deciding has failed */
    size_t older;        /* so many of the first were decided by an older engine, otherwise than by ours */
    const struct fold_limits *limits; /* NULL: the defaults */
};

struct chronicle_entry {
    WirePosition position;
    WireLoggedEvent record;
    struct slice *decisions;
    size_t decision_count;
    bool is_given; /* its decisions are somebody else's: never to be decided again */
};

struct chronicle {
    struct chronicle_options options;
    struct chronicle_entry *entries; /* of seq 1, 2, 3 … */
    size_t count;                    /* what is looked at */
    size_t written, capacity;
    struct arena *events, *stored; /* bytes of each */
};

struct chronicle *chronicle_new(const struct chronicle_options *options);
void chronicle_free(struct chronicle *chronicle);
AUTO_FREE(chronicle)

/* The policy that its first event proposes, and the zones it names. */
struct slice chronicle_policy(void);

/* Begin to store decisions anew; those that are given stay. */
void chronicle_forget(struct chronicle *chronicle);
/* Store the next decisions of an entry. */
void chronicle_store(struct chronicle *chronicle, size_t at, struct slice packed);

/* In its place nothing happens; what was decided after it is to be decided anew. */
void chronicle_blank(struct chronicle *chronicle, size_t at);

/* Nothing happens there. */
bool chronicle_is_blank(const struct chronicle *chronicle, size_t at);

/* "seq time JSON" in one line. */
void chronicle_write(const struct chronicle *chronicle, size_t at, struct bytes *into);

#endif
