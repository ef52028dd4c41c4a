/* numbers: what the intake counts, for /metrics. */
#include "services/ingest/numbers.h"

#include "common/base/memory.h"
#include "common/base/text.h"

#include "proto/publish.pb-c.h"

#include <stddef.h>

#define NUMBER(field, name, help) METRIC(struct intake_numbers, field, "bellhop_ingest_" name, "", help)
#define RESULT(result, labels)                                                                               \
    METRIC(struct intake_numbers, results[WIRE_RECEIPT__RESULT__##result], "bellhop_ingest_receipts_total",  \
           labels, "receipts given, by result")

static const struct metric fixed[] = {
    NUMBER(events, "events_total", "events received"),
    RESULT(COMMITTED, "result=\"committed\""),
    RESULT(DUPLICATE, "result=\"duplicate\""),
    RESULT(CONFLICT, "result=\"conflict\""),
    RESULT(REJECTED, "result=\"rejected\""),
    NUMBER(rejected_unkept, "rejected_unkept_total", "rejected events beyond the quota: counted, not kept"),
    NUMBER(busy_by_log, "busy_by_log_total",
           "requests answered busy because bellhop-persist could not take them"),
    NUMBER(skewed, "skewed_requests_total", "requests of registers whose clock is wrong"),
    NUMBER(pending, "verdicts_pending_total", "verdicts that had not come when the wait was over"),
    NUMBER(queries, "verdict_queries_total", "verdicts asked for again"),
    NUMBER(updates_sent, "updates_sent_total", "answers of cases told to registers"),
    NUMBER(updates_unheard, "updates_unheard_total", "answers of cases that no connection here wanted"),
    NUMBER(replies_lost, "replies_lost_total", "replies to connections that were gone or did not keep up"),
    NUMBER(requests_in_flight, "requests_in_flight", "requests under way"),
    NUMBER(bytes_in_flight, "bytes_in_flight", "bytes of requests under way"),
    NUMBER(update_sources, "update_sources", "sources whose updates somebody here wants"),
    NUMBER(receipt, "receipt_seconds", "from a request to its receipts"),
    NUMBER(verdict, "verdict_seconds", "from a request to its verdicts"),
};

enum { LABEL_SIZE = 48 };

/* One row for each reason, the label in memory behind the table. */
static void add_reasons(struct metric **row, char **label, size_t offset, const char *name, const char *help)
{
    for (enum wire_reason reason = WIRE_FINE + 1; reason < WIRE_REASONS; reason++) {
        text_format(*label, LABEL_SIZE, "reason=\"%s\"", wire_reason_word(reason));
        *(*row)++ = (struct metric){.name = name,
                                    .labels = *label,
                                    .help = help,
                                    .offset = offset + reason * sizeof(uint64_t),
                                    .kind = METRIC_COUNTER};
        *label += LABEL_SIZE;
    }
}

static void add_busy(struct metric **row, char **label)
{
    for (enum admission_answer answer = ADMITTED + 1; answer < ADMISSION_ANSWERS; answer++) {
        text_format(*label, LABEL_SIZE, "reason=\"%s\"", admission_word(answer));
        *(*row)++ =
            (struct metric){.name = "bellhop_ingest_busy_total",
                            .labels = *label,
                            .help = "requests answered busy here, by reason",
                            .offset = offsetof(struct intake_numbers, busy) + answer * sizeof(uint64_t),
                            .kind = METRIC_COUNTER};
        *label += LABEL_SIZE;
    }
}

struct metric *intake_numbers_table(size_t *ret_count)
{
    size_t more = 2 * (WIRE_REASONS - 1) + (ADMISSION_ANSWERS - 1);
    size_t count = COUNT_OF(fixed) + more;
    struct metric *table = allocate_zeroed(count * sizeof *table + more * LABEL_SIZE);
    memcpy(table, fixed, sizeof fixed);
    struct metric *row = table + COUNT_OF(fixed);
    char *label = (char *)(table + count);
    add_reasons(&row, &label, offsetof(struct intake_numbers, rejected), "bellhop_ingest_rejected_total",
                "events rejected, by reason");
    add_reasons(&row, &label, offsetof(struct intake_numbers, refused), "bellhop_ingest_refused_total",
                "requests refused, by reason");
    add_busy(&row, &label);
    *ret_count = count;
    return table;
}
