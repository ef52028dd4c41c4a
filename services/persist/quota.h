/* quota: how many rejected events are kept for one source in an hour. */
#ifndef BELLHOP_PERSIST_QUOTA_H
#define BELLHOP_PERSIST_QUOTA_H

#include "common/base/auto.h"

#include <stdbool.h>
#include <stdint.h>

struct quota;
struct quota *quota_new(uint64_t most_an_hour, uint64_t seed);
void quota_free(struct quota *quota);
AUTO_FREE(quota)

/* One more of `source` (NULL: of nobody in particular) at `now` (UTC): is it within? Counts it when it is. */
bool quota_take(struct quota *quota, const char *source, int64_t now);

/* Those that were not within. */
uint64_t quota_exceeded(const struct quota *quota);

#endif
