/* committer_numbers: what the committer counts, for /metrics. */
#ifndef BELLHOP_PERSIST_COMMITTER_NUMBERS_H
#define BELLHOP_PERSIST_COMMITTER_NUMBERS_H

#include "common/service/metrics.h"

#include <stdint.h>

struct committer_numbers {
    uint64_t transactions;
    uint64_t events;
    uint64_t decisions;
    uint64_t duplicates;
    uint64_t conflicts;
    uint64_t not_kept;
    uint64_t found;
    uint64_t unknown;
    uint64_t abandoned;
    uint64_t takeovers;
    int64_t head;
    int64_t cursor;
    int64_t epoch;
    int64_t recent;
    struct histogram seconds;
};

/* `numbers` stays where it is until metrics_remove(). */
void committer_numbers_register(const struct committer_numbers *numbers);

#endif
