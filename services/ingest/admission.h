/* admission: how much work may be in flight: requests and bytes, in all and for each peer.
 *
 * Pure. Each request enters, and leaves when it is answered. What is not admitted is answered BUSY, as a whole.
 * A peer is known only while it has requests in flight, so the limits also bound the memory.
 *
 * Whatever is in flight goes first: others wait for a peer's bytes. A peer with nothing in flight is admitted
 * whatever the size of its request, as long as there is any room; others must leave the last quarter free. */
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

/* While it is closed nothing is admitted, and `why` is the answer; ADMITTED opens it again, unless it stopped. */
void admission_close(struct admission *admission, enum admission_answer why);

/* Admit a request of `size_bytes` from the connection `peer` (copied), or say why not. */
enum admission_answer admission_enter(struct admission *admission, struct slice peer, int64_t size_bytes);

/* The request was answered; pass the size it entered with. */
void admission_leave(struct admission *admission, struct slice peer, int64_t size_bytes);

int64_t admission_requests(const struct admission *admission);
int64_t admission_bytes(const struct admission *admission);

/* The word for busy_reason; stable, in the protocol document. */
const char *admission_word(enum admission_answer answer);

#endif
