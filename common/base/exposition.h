/* exposition: writes the Prometheus text format, version 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/). */
#ifndef BELLHOP_BASE_EXPOSITION_H
#define BELLHOP_BASE_EXPOSITION_H

#include "common/base/bytes.h"

#include <stdint.h>

enum exposition_type { EXPOSITION_COUNTER, EXPOSITION_GAUGE, EXPOSITION_HISTOGRAM };

/* The HELP and TYPE lines; once per family, before its samples. */
void exposition_family(struct bytes *into, const char *name, enum exposition_type type, const char *help);

/* One line. `labels` is "" or ready-made pairs: reason="too_old",store="17". */
void exposition_sample(struct bytes *into, const char *name, const char *labels, double value);

/* The lines of one histogram: `counts[i]` observations at most `bounds[i]`, not cumulated; counts has one
 * more, those beyond the last bound. */
void exposition_histogram(struct bytes *into, const char *name, const char *labels, const double *bounds,
                          const uint64_t *counts, size_t bound_count, double sum);

#endif
