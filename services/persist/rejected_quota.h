/* rejected_quota: how many rejected events are kept for one source in an hour. Pure. */
#ifndef BELLHOP_PERSIST_REJECTED_QUOTA_H
#define BELLHOP_PERSIST_REJECTED_QUOTA_H

#include "common/base/auto.h"

#include <stdbool.h>
#include <stdint.h>

struct rejected_quota;
struct rejected_quota *rejected_quota_new(uint64_t most_an_hour, uint64_t seed);
void rejected_quota_free(struct rejected_quota *quota);
AUTO_FREE(rejected_quota)

/* May one more of `source` (NULL: unknown) be kept at `now` (UTC)? Counts it if it may. */
bool rejected_quota_allow(struct rejected_quota *quota, const char *source, int64_t now);

/* How many were not kept. */
uint64_t rejected_quota_exceeded(const struct rejected_quota *quota);

#endif
