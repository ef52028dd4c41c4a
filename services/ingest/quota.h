/* quota: so many at once, then so many a minute (a token bucket). Pure: `now_ms` is passed in. */
#ifndef BELLHOP_INGEST_QUOTA_H
#define BELLHOP_INGEST_QUOTA_H

#include <stdbool.h>
#include <stdint.h>

struct quota {
    int64_t a_minute; /* also the most at once */
    int64_t left;     /* in 1/60000 of one, so that a millisecond brings a_minute of these */
    int64_t filled_ms;
};

/* Full. */
void quota_init(struct quota *quota, int64_t a_minute, int64_t now_ms);

/* Use one. False: none is left. */
bool quota_use(struct quota *quota, int64_t now_ms);

#endif
