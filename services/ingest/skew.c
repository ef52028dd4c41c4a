/* skew: is the register's clock wrong, and what was the time really? */
#include "services/ingest/skew.h"

struct skew skew_of(int64_t sent_at, int64_t now, int64_t limit_ms)
{
    int64_t difference_us = now - sent_at;
    int64_t limit_us = limit_ms * 1000;
    if (difference_us >= -limit_us && difference_us <= limit_us)
        return (struct skew){.is_wrong = false};
    return (struct skew){.is_wrong = true, .correction_us = difference_us};
}

int64_t skew_correct(struct skew skew, int64_t at)
{
    int64_t corrected = at + skew.correction_us;
    return corrected < 0 ? 0 : corrected;
}

int64_t skew_ms(struct skew skew)
{
    return skew.correction_us / 1000;
}
