/* histogram: how long things took, from 100 µs to 10 s in steps of about 1-2-5. */
#ifndef BELLHOP_SERVICE_HISTOGRAM_H
#define BELLHOP_SERVICE_HISTOGRAM_H

#include "common/base/bytes.h"

#include <stdint.h>

enum { HISTOGRAM_BOUNDS = 16 };

/* All zero is empty. */
struct histogram {
    uint64_t counts[HISTOGRAM_BOUNDS + 1]; /* the last: beyond every bound */
    uint64_t sum_us;
};

void histogram_observe_us(struct histogram *histogram, int64_t value_us);

/* In the text format of base/exposition, in seconds. */
void histogram_write(const struct histogram *histogram, const char *name, const char *labels,
                     struct bytes *into);

#endif
