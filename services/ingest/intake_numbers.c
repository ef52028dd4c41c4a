/* intake_numbers: what the intake counts, for /metrics. */
#include "services/ingest/intake_numbers.h"

#include "common/base/memory.h"
#include "common/base/text.h"

#include "proto/bellhop/v1/publish.pb-c.h"

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
    NUMBER(rejected_unkept, "rejected_unkept_total",
           "rejected events beyond the quota, counted but not kept"),
    NUMBER(busy_by_log, "busy_by_log_total", "requests answered busy because bellhop-persist was busy"),
    NUMBER(skewed, "skewed_requests_total", "requests from registers whose clock is wrong"),
    NUMBER(pending, "verdicts_pending_total", "verdicts not decided within the wait"),
    NUMBER(queries, "verdict_queries_total", "verdict queries"),
    NUMBER(updates_sent, "updates_sent_total", "answers to cases sent to registers"),
    NUMBER(updates_unheard, "updates_unheard_total", "answers to cases that no connection here wanted"),
    NUMBER(replies_lost, "replies_lost_total", "replies to connections that were gone or too slow"),
    NUMBER(requests_in_flight, "requests_in_flight", "requests in flight"),
    NUMBER(bytes_in_flight, "bytes_in_flight", "bytes in flight"),
    NUMBER(update_sources, "update_sources", "sources whose updates a connection here wants"),
    NUMBER(receipt, "receipt_seconds", "from a request to its receipts"),
    NUMBER(verdict, "verdict_seconds", "from a request to its verdicts"),
};

/* Each of these becomes one row for each word of its label. */
#define BY_REASON(field, name, help)                                                                         \
    METRIC(struct intake_numbers, field[0], "bellhop_ingest_" name, "reason", help)

static const struct metric rejected = BY_REASON(rejected, "rejected_total", "events rejected, by reason");
static const struct metric refused = BY_REASON(refused, "refused_total", "requests refused, by reason");
static const struct metric busy = BY_REASON(busy, "busy_total", "requests answered busy here, by reason");

enum { LABEL_SIZE = 48 };

/* The row for the word at `place` of the array, its label in memory behind the table. */
static void add_row(struct metric **row, char **label, const struct metric *each, unsigned place,
                    const char *word)
{
    text_format(*label, LABEL_SIZE, "%s=\"%s\"", each->labels, word);
    **row = *each;
    (*row)->labels = *label;
    (*row)->offset += place * sizeof(uint64_t);
    *row += 1;
    *label += LABEL_SIZE;
}

struct metric *intake_numbers_table(size_t *ret_count)
{
    size_t more = 2 * (WIRE_REASONS - 1) + (ADMISSION_ANSWERS - 1);
    size_t count = COUNT_OF(fixed) + more;
    struct metric *table = memory_zeroed(count * sizeof *table + more * LABEL_SIZE);
    memcpy(table, fixed, sizeof fixed);
    struct metric *row = table + COUNT_OF(fixed);
    char *label = (char *)(table + count);
    for (enum wire_reason reason = WIRE_FINE + 1; reason < WIRE_REASONS; reason++)
        add_row(&row, &label, &rejected, reason, wire_reason_word(reason));
    for (enum wire_reason reason = WIRE_FINE + 1; reason < WIRE_REASONS; reason++)
        add_row(&row, &label, &refused, reason, wire_reason_word(reason));
    for (enum admission_answer answer = ADMITTED + 1; answer < ADMISSION_ANSWERS; answer++)
        add_row(&row, &label, &busy, answer, admission_word(answer));
    *ret_count = count;
    return table;
}
