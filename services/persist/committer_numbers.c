/* committer_numbers: their names. */
#include "services/persist/committer_numbers.h"

#include "common/base/memory.h"
#include "common/service/service.h"

static const struct metric committer_metrics[] = {
    METRIC(struct committer_numbers, transactions, "bellhop_persist_transactions_total", "",
           "transactions committed"),
    METRIC(struct committer_numbers, events, "bellhop_persist_events_total", "", "events committed"),
    METRIC(struct committer_numbers, decisions, "bellhop_persist_decisions_total", "", "decisions committed"),
    METRIC(struct committer_numbers, duplicates, "bellhop_persist_duplicates_total", "",
           "repeated events, answered as duplicates"),
    METRIC(struct committer_numbers, conflicts, "bellhop_persist_conflicts_total", "",
           "events whose id is in the log with different content"),
    METRIC(struct committer_numbers, not_kept, "bellhop_persist_rejected_not_kept_total", "",
           "rejected events not kept because their source's quota was used up"),
    METRIC(struct committer_numbers, found, "bellhop_persist_found_total", "",
           "repeats that were found only in the database"),
    METRIC(struct committer_numbers, unknown, "bellhop_persist_unknown_total", "",
           "transactions whose outcome had to be looked up"),
    METRIC(struct committer_numbers, abandoned, "bellhop_persist_abandoned_total", "",
           "transactions given up; their senders try again"),
    METRIC(struct committer_numbers, takeovers, "bellhop_persist_takeovers_total", "",
           "times the writer took over"),
    METRIC(struct committer_numbers, head, "bellhop_persist_head", "", "position of the last event"),
    METRIC(struct committer_numbers, cursor, "bellhop_persist_cursor", "",
           "position of the last decided event"),
    METRIC(struct committer_numbers, epoch, "bellhop_persist_epoch", "", "epoch of the writer"),
    METRIC(struct committer_numbers, recent, "bellhop_persist_recent_ids", "", "ids remembered"),
    METRIC(struct committer_numbers, seconds, "bellhop_persist_transaction_seconds", "",
           "from the start of a transaction to its commit"),
};

void committer_numbers_register(const struct committer_numbers *numbers)
{
    metrics_add(service_metrics(), committer_metrics, COUNT_OF(committer_metrics), numbers);
}
