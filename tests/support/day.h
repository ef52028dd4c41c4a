/* day: what the registers of some shops publish, without end, made from a seed.
 *
 * Visits overlap; each is a small story of about a dozen events, from opening to closing, at a counter or on
 * the phone. About one event in ten leads to a decision. The same options and instants give the same events,
 * ids included (UUIDv7 whose random bits come from the seed). The bench plays it. */
#ifndef BELLHOP_TESTS_SUPPORT_DAY_H
#define BELLHOP_TESTS_SUPPORT_DAY_H

#include "common/base/auto.h"

#include "proto/bellhop/v1/event.pb-c.h"

#include <stdint.h>

struct day_options {
    uint64_t seed;
    uint32_t stores;      /* at least 1, at most 9999 */
    uint32_t first_store; /* they are numbered on from here; at most 9999 in all */
    uint32_t registers;   /* of each store, each with its employee; likewise */
    uint32_t visits;      /* open at the same time, over all stores; at least 1 */
};

struct day;
struct day *day_new(const struct day_options *options);
void day_free(struct day *day);
AUTO_FREE(day)

/* The event that happens at `at`, which must not go back; valid until the next call. */
const WireEvent *day_next(struct day *day, int64_t at);

#endif
