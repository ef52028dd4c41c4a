/* undecided: since when the oldest event has been waiting to be decided. Positions come in order; bounded. Pure. */
#ifndef BELLHOP_PERSIST_UNDECIDED_H
#define BELLHOP_PERSIST_UNDECIDED_H

#include <stddef.h>
#include <stdint.h>

enum { UNDECIDED_MOST = 4096 };

/* A queue of transactions. When it is full, the newest two become one with the older time. All zero is empty. */
struct undecided {
    struct {
        uint64_t last_seq;
        int64_t recorded_at;
    } commits[UNDECIDED_MOST];
    size_t first;
    size_t count;
};

/* Events up to `last_seq` were recorded. */
void undecided_add(struct undecided *undecided, uint64_t last_seq, int64_t recorded_at);

/* Everything up to `cursor` is decided. */
void undecided_drop(struct undecided *undecided, uint64_t cursor);

/* 0 when all is decided. */
int64_t undecided_oldest_at(const struct undecided *undecided);

#endif
