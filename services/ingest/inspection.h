/* inspection: one event of a publish: accepted, in the form that is stored, or rejected with a reason.
 *
 * Pure: bytes and times in, messages in an arena out. */
#ifndef BELLHOP_INGEST_INSPECTION_H
#define BELLHOP_INGEST_INSPECTION_H

#include "common/base/arena.h"
#include "common/base/bytes.h"
#include "common/wire/refusal.h"
#include "services/ingest/skew.h"

#include "proto/bellhop/v1/append.pb-c.h"

#include <stdbool.h>
#include <stdint.h>

/* What is the same for all events of a request. */
struct arrival {
    int64_t sent_at; /* by the register's clock */
    int64_t now;     /* when it arrived, by ours */
    struct skew skew;
    bool want_verdict;
};

enum { REJECTED_CONTENT_MOST = 4096 };

/* Of an accepted event: what is appended; `source` is its own, for its updates. It points into `arena` and
 * `canonical`, which is overwritten. False: rejected, for what `refusal` says. */
struct accepted {
    WireAppendEvent append;
    WireEventText *text; /* append.texts points here */
    uint8_t id[16];
    const char *source;
};
bool inspection_accept(struct slice bytes, const struct arrival *arrival, struct arena *arena,
                       struct bytes *canonical, struct accepted *ret_accepted, struct wire_refusal *refusal);

/* Of a rejected one: what is kept for people to look at. Free text is taken out where the event can be read
 * at all. `refusal` is borrowed as long as the result. */
struct rejected {
    WireRejectedEvent kept;
    uint8_t hash[16];
    struct slice id; /* as sent; empty when it could not be read or is not 16 bytes */
};
void inspection_reject(struct slice bytes, const struct arrival *arrival, const struct wire_refusal *refusal,
                       struct arena *arena, struct bytes *canonical, struct rejected *ret_rejected);

#endif
