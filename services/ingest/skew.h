/* skew: is the register's clock wrong, and what was the time really?
 *
 * recorded − sent_at is the way through the network when both clocks are right, and never large. Beyond the
 * limit, in either direction, the register's clock is taken to be wrong by just that, and what it says about
 * the time of its events is corrected. Late events are not affected: they are old by their own clock too. */
#ifndef BELLHOP_INGEST_SKEW_H
#define BELLHOP_INGEST_SKEW_H

#include <stdbool.h>
#include <stdint.h>

struct skew {
    bool is_wrong;
    int64_t correction_us; /* to be added to the register's times; 0 when it is not wrong */
};

/* `sent_at` is what the register says, `now` when it arrived, both UTC microseconds. */
struct skew skew_of(int64_t sent_at, int64_t now, int64_t limit_ms);

/* A register's time as it really was; never before 1970. */
int64_t skew_correct(struct skew skew, int64_t at);

/* As reported: how far the register's clock is behind ours (negative: ahead), in whole milliseconds. */
int64_t skew_ms(struct skew skew);

#endif
