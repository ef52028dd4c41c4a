/* durable_numbers: what is counted and measured of all durable streams, for /metrics. */
#ifndef BELLHOP_RELAY_DELIVER_DURABLE_NUMBERS_H
#define BELLHOP_RELAY_DELIVER_DURABLE_NUMBERS_H

#include <stdint.h>

struct durable_numbers {
    uint64_t delivered, redelivered, confirmed, refused, dead_letters_made, read_decisions, lost;
    int64_t streams, waiting, held, sent, resting, dead_letters, most_behind;
};

/* `numbers` stays where it is until metrics_remove(); see metrics_add_measured(). */
void durable_numbers_register(struct durable_numbers *numbers, void (*measure)(void *numbers));

#endif
