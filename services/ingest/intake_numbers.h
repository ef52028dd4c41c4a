/* intake_numbers: what the intake counts, for /metrics. */
#ifndef BELLHOP_INGEST_INTAKE_NUMBERS_H
#define BELLHOP_INGEST_INTAKE_NUMBERS_H

#include "common/service/metrics.h"
#include "common/wire/refusal.h"
#include "services/ingest/admission.h"

struct intake_numbers {
    uint64_t events;
    uint64_t results[5]; /* by WireReceipt__Result */
    uint64_t rejected[WIRE_REASONS];
    uint64_t rejected_unkept;
    uint64_t refused[WIRE_REASONS]; /* whole requests */
    uint64_t busy[ADMISSION_ANSWERS];
    uint64_t busy_by_log;
    uint64_t skewed;
    uint64_t pending;
    uint64_t queries;
    uint64_t updates_sent;
    uint64_t updates_unheard;
    uint64_t replies_lost;
    int64_t requests_in_flight;
    int64_t bytes_in_flight;
    int64_t update_sources;
    struct histogram receipt;
    struct histogram verdict;
};

/* Their names: `numbers` stays where it is. The table is the caller's to free() after metrics_remove(). */
struct metric *intake_numbers_table(size_t *ret_count);

#endif
