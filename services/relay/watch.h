/* watch: what the operator sees of relay. */
#ifndef BELLHOP_RELAY_WATCH_H
#define BELLHOP_RELAY_WATCH_H

#include <stdint.h>

/* Measured before each writing. */
struct relay_numbers {
    uint64_t delivered, redelivered, confirmed, refused, dead_letters_made, read_decisions, streams_lost;
    uint64_t from_feed, from_store, gaps, unreadable;
    uint64_t requests, requests_refused, subscribers_gone;
    uint64_t tail_messages;
    int64_t subscribers, streams, waiting, held, sent, resting, dead_letters, most_behind;
    int64_t recent_decisions, recent_bytes, open_cases, levels_served;
};

void relay_watch_open(const struct relay_numbers *numbers, void (*refresh)(void *owner), void *owner);

#endif
