/* clock: the kernel's two clocks. */
#include "common/base/clock.h"

#include <time.h>

enum { US_PER_SECOND = 1000000 };

static int64_t read_us(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * US_PER_SECOND + now.tv_nsec / 1000;
}

int64_t clock_monotonic_ms(void)
{
    return read_us(CLOCK_MONOTONIC) / 1000;
}

int64_t clock_monotonic_us(void)
{
    return read_us(CLOCK_MONOTONIC);
}

int64_t clock_utc_us(void)
{
    return read_us(CLOCK_REALTIME);
}
