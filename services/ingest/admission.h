/* admission: how much work may be under way: requests and bytes, in all and for each peer.
 *
 * Pure: whoever takes work in enters it and leaves with it. What is not admitted is answered BUSY, whole. A
 * peer is known while it has requests under way, so the memory is bounded by the bounds themselves.
 *
 * All that is under way stands before what comes next: a peer's bytes are what the others wait for. A peer that
 * has nothing under way is taken whatever the size of its request, and finds room where others do not. */
#ifndef BELLHOP_INGEST_ADMISSION_H
#define BELLHOP_INGEST_ADMISSION_H

#include "common/base/auto.h"
#include "common/base/bytes.h"

#include <stdbool.h>
#include <stdint.h>

struct admission;

struct admission_limits {
    int64_t requests;
    int64_t peer_requests;
    int64_t bytes;
    int64_t peer_bytes;
};

enum admission_answer {
    ADMITTED,
    BUSY_STOPPING, /* the service is on its way out */
    BUSY_LOG,      /* bellhop-persist is away: nothing can be committed */
    BUSY_PEER,     /* this connection has enough under way */
    BUSY_REQUESTS,
    BUSY_BYTES,
    ADMISSION_ANSWERS
};

struct admission *admission_new(const struct admission_limits *limits, uint64_t seed);
void admission_free(struct admission *admission);
AUTO_FREE(admission)

/* While closed nothing is admitted, and `why` is the answer; ADMITTED opens again. Stopping is for good. */
void admission_close(struct admission *admission, enum admission_answer why);

/* Take in a request of `size_bytes` from the connection `peer` (copied), or say why not. */
enum admission_answer admission_enter(struct admission *admission, struct slice peer, int64_t size_bytes);

/* It is answered. With what it entered with. */
void admission_leave(struct admission *admission, struct slice peer, int64_t size_bytes);

int64_t admission_requests(const struct admission *admission);
int64_t admission_bytes(const struct admission *admission);

/* The word for busy_reason; stable, in the protocol document. */
const char *admission_word(enum admission_answer answer);

#endif
