/* undecided: a ring of transactions beyond the cursor. */
#include "services/persist/undecided.h"

void undecided_add(struct undecided *undecided, uint64_t last_seq, int64_t recorded_at)
{
    size_t last = (undecided->first + undecided->count) % UNDECIDED_MOST;
    if (undecided->count == UNDECIDED_MOST) {
        last = (last + UNDECIDED_MOST - 1) % UNDECIDED_MOST;
        undecided->commits[last].last_seq = last_seq;
        return;
    }
    undecided->commits[last].last_seq = last_seq;
    undecided->commits[last].recorded_at = recorded_at;
    undecided->count++;
}

void undecided_drop(struct undecided *undecided, uint64_t cursor)
{
    while (undecided->count && undecided->commits[undecided->first].last_seq <= cursor) {
        undecided->first = (undecided->first + 1) % UNDECIDED_MOST;
        undecided->count--;
    }
}

int64_t undecided_oldest_at(const struct undecided *undecided)
{
    return undecided->count ? undecided->commits[undecided->first].recorded_at : 0;
}
