/* durable_numbers: their names. */
#include "services/relay/deliver/durable_numbers.h"

#include "common/base/memory.h"
#include "common/service/service.h"

#define ROW(field, name, help) METRIC(struct durable_numbers, field, "bellhop_relay_" name, "", help)

static const struct metric durable_metrics[] = {
    ROW(delivered, "delivered_total", "deliveries sent, repeated ones included"),
    ROW(redelivered, "redelivered_total", "deliveries sent again"),
    ROW(confirmed, "confirmed_total", "deliveries confirmed"),
    ROW(refused, "refused_total", "deliveries refused by subscribers"),
    ROW(dead_letters_made, "dead_letters_made_total", "deliveries that became dead letters"),
    ROW(read_decisions, "read_decisions_total",
        "decisions read from the database for streams that are behind"),
    ROW(lost, "streams_lost_total", "streams that another relay took over"),
    ROW(streams, "streams", "durable streams in use"),
    ROW(waiting, "waiting", "deliveries that wait for credit"),
    ROW(held, "held", "deliveries that wait for another of their interaction"),
    ROW(sent, "unconfirmed", "deliveries sent and not yet answered"),
    ROW(resting, "resting", "deliveries that rest before another attempt"),
    ROW(dead_letters, "dead_letters", "dead letters of the streams in use"),
    ROW(most_behind, "most_behind_events", "how far the slowest stream is behind"),
};

void durable_numbers_register(struct durable_numbers *numbers, void (*measure)(void *numbers))
{
    metrics_add_measured(service_metrics(), durable_metrics, COUNT_OF(durable_metrics), numbers, measure);
}
