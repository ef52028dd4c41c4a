/* metrics: a module's numbers, written out for Prometheus.
 *
 * A module keeps plain numbers in a struct of its own and counts with ++; a table says what they are called:
 *
 *   struct intake_numbers { uint64_t received; int64_t in_flight; struct histogram ack; };
 *   static const struct metric intake_metrics[] = {
 *       METRIC(struct intake_numbers, received, "bellhop_ingest_events_total", "", "events received"),
 *       METRIC(struct intake_numbers, in_flight, "bellhop_ingest_in_flight", "", "events not yet committed"),
 *       METRIC(struct intake_numbers, ack, "bellhop_ingest_ack_seconds", "", "from request to receipt"),
 *   };
 *   metrics_add(service_metrics(), intake_metrics, COUNT_OF(intake_metrics), &intake->numbers);
 *
 * The field's type decides: uint64_t is a counter, int64_t a gauge, struct histogram a histogram of seconds.
 * Rows that share a name and differ in labels stand next to each other. */
#ifndef BELLHOP_SERVICE_METRICS_H
#define BELLHOP_SERVICE_METRICS_H

#include "common/base/auto.h"
#include "common/base/bytes.h"
#include "common/service/histogram.h"

#include <stddef.h>
#include <stdint.h>

enum metric_kind { METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM };

struct metric {
    const char *name;
    const char *labels; /* "" or ready-made pairs such as reason=\"too_old\" */
    const char *help;
    size_t offset;
    enum metric_kind kind;
};

/* clang-format off */
#define METRIC(numbers, field, name_, labels_, help_)                                                        \
    {                                                                                                        \
        .name = name_, .labels = labels_, .help = help_, .offset = offsetof(numbers, field),                 \
        .kind = _Generic(((numbers){}).field, uint64_t: METRIC_COUNTER, int64_t: METRIC_GAUGE,               \
                         struct histogram: METRIC_HISTOGRAM),                                                \
    }
/* clang-format on */

struct metrics;
struct metrics *metrics_new(void);
void metrics_free(struct metrics *metrics);
AUTO_FREE(metrics)

/* `table` and `numbers` stay where they are until metrics_remove() or metrics_free(). */
void metrics_add(struct metrics *metrics, const struct metric *table, size_t count, const void *numbers);

/* The same for numbers that are measured and not counted: by `measure`, before each writing. */
void metrics_add_measured(struct metrics *metrics, const struct metric *table, size_t count, void *numbers,
                          void (*measure)(void *numbers));

void metrics_remove(struct metrics *metrics, const void *numbers);

/* In the text format of base/exposition. */
void metrics_write(const struct metrics *metrics, struct bytes *into);

#endif
