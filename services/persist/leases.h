/* leases: who may decide, and who serves which durable stream. Pure.
 *
 * They are kept in memory: after a restart the first to ask gets the lease. It ends unless it is renewed in time. */
#ifndef BELLHOP_PERSIST_LEASES_H
#define BELLHOP_PERSIST_LEASES_H

#include "common/base/auto.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LEASE_MS = 5000 };

struct leases;
struct leases *leases_new(size_t most, uint64_t seed);
void leases_free(struct leases *leases);
AUTO_FREE(leases)

struct lease {
    bool is_granted;
    const char *holder; /* borrowed until the next call; NULL: nobody, there are too many leases */
    int64_t expires_ms; /* from now */
};

/* Ask for `name` ("" is the right to decide), or renew it. */
struct lease leases_ask(struct leases *leases, const char *name, const char *instance, int64_t now_ms);

/* Give it back; does nothing if `instance` does not hold it. */
void leases_release(struct leases *leases, const char *name, const char *instance);

/* May `instance` act? It may if nobody else holds the lease, and then it holds it. */
bool leases_allow(struct leases *leases, const char *name, const char *instance, int64_t now_ms);

#endif
