/* clock: the two clocks: `_ms` is monotonic inside a process and never written down, `_us` and `_at` are UTC
 * microseconds since 1970. */
#ifndef BELLHOP_BASE_CLOCK_H
#define BELLHOP_BASE_CLOCK_H

#include <stdint.h>

int64_t clock_monotonic_ms(void);
int64_t clock_monotonic_us(void);
int64_t clock_utc_us(void);

#endif
