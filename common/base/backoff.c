/* backoff: doubled, capped, jittered. */
#include "common/base/backoff.h"

int64_t backoff_delay_ms(const struct backoff *backoff, unsigned failures, uint64_t random)
{
    if (failures == 0)
        return 0;
    int64_t delay_ms = backoff->first_ms > 0 ? backoff->first_ms : 1;
    while (--failures > 0 && delay_ms < backoff->most_ms)
        delay_ms = delay_ms > INT64_MAX / 2 ? INT64_MAX : 2 * delay_ms;
    if (delay_ms > backoff->most_ms)
        delay_ms = backoff->most_ms;
    uint64_t half = (uint64_t)delay_ms / 2;
    return delay_ms - (int64_t)(random % (half + 1));
}
