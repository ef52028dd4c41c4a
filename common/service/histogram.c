/* histogram: one count for each bound. */
#include "common/service/histogram.h"

#include "common/base/exposition.h"

static const int64_t bounds_us[HISTOGRAM_BOUNDS] = {100,     200,     500,     1000,    2000,   5000,
                                                    10000,   20000,   50000,   100000,  200000, 500000,
                                                    1000000, 2000000, 5000000, 10000000};

void histogram_observe_us(struct histogram *histogram, int64_t value_us)
{
    size_t i = 0;
    while (i < HISTOGRAM_BOUNDS && value_us > bounds_us[i])
        i++;
    histogram->counts[i]++;
    histogram->sum_us += value_us > 0 ? (uint64_t)value_us : 0;
}

void histogram_write(const struct histogram *histogram, const char *name, const char *labels,
                     struct bytes *into)
{
    double bounds[HISTOGRAM_BOUNDS];
    for (size_t i = 0; i < HISTOGRAM_BOUNDS; i++)
        bounds[i] = (double)bounds_us[i] / 1e6;
    exposition_histogram(into, name, labels, bounds, histogram->counts, HISTOGRAM_BOUNDS,
                         (double)histogram->sum_us / 1e6);
}
