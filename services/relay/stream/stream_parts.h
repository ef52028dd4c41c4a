/* stream_parts: what a stream is given and what it gives: rules, decisions, deliveries, answers, figures. */
#ifndef BELLHOP_RELAY_STREAM_STREAM_PARTS_H
#define BELLHOP_RELAY_STREAM_STREAM_PARTS_H

#include "common/base/backoff.h"
#include "common/base/bytes.h"
#include "services/relay/stream/place.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    STREAM_SESSIONS = 64,        /* that share one stream */
    STREAM_WINDOW = 8000,        /* added and not below the low-water mark */
    STREAM_AHEAD = 2000,         /* added before there is credit for them */
    STREAM_DEAD_LETTERS = 10000, /* once there are as many, unanswered deliveries are tried for ever */
};

struct stream_rules {
    unsigned attempts;   /* after this many a delivery becomes a dead letter */
    int64_t answer_ms;   /* a session that answers nothing for this long loses what it holds */
    struct backoff rest; /* before the next attempt */
    void (*release)(void *item);
};

struct stream_decision {
    struct place place;
    struct slice hold; /* empty: held by nothing; copied */
    bool is_snapshot;  /* an open case that a new stream begins with; its place lies below the stream's */
    void *item;        /* what is delivered; the stream releases it */
};

/* A delivery that was sent and is not settled. */
struct stream_tried {
    struct place place;
    unsigned attempts;
};

struct stream_sending {
    uint64_t session;
    struct place place;
    unsigned attempt; /* from 1 */
    bool is_snapshot;
    bool has_dead_letter; /* an earlier delivery of its hold is one */
    struct place dead_letter;
    void *item; /* borrowed */
};

enum stream_answer {
    STREAM_SETTLED,     /* now */
    STREAM_WAS_SETTLED, /* before: say so again */
    STREAM_WILL_RETURN, /* of a refusal: it rests and comes again */
    STREAM_UNKNOWN,     /* nothing of the kind was delivered */
};

struct stream_figures {
    uint64_t waiting; /* ready, but nobody has credit */
    uint64_t held;    /* behind another of their interaction */
    uint64_t sent;    /* unanswered */
    uint64_t resting;
    uint64_t dead_letters;
    uint64_t redelivered; /* counted */
};

#endif
