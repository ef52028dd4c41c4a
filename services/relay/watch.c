/* watch: the metrics' table. */
#include "services/relay/watch.h"

#include "common/base/memory.h"
#include "common/service/service.h"

#define COUNTED(field, name, help) METRIC(struct relay_numbers, field, "bellhop_relay_" name, "", help)

static const struct metric relay_metrics[] = {
    COUNTED(delivered, "delivered_total", "deliveries sent, repeated ones included"),
    COUNTED(redelivered, "redelivered_total", "deliveries sent again"),
    COUNTED(confirmed, "confirmed_total", "deliveries confirmed"),
    COUNTED(refused, "refused_total", "deliveries refused by subscribers"),
    COUNTED(dead_letters_made, "dead_letters_made_total", "deliveries that became dead letters"),
    COUNTED(read_decisions, "read_decisions_total",
            "decisions read from the database for streams that are behind"),
    COUNTED(streams_lost, "streams_lost_total", "streams that another relay took over"),
    COUNTED(from_feed, "from_feed_total", "decisions taken from the feed"),
    COUNTED(from_store, "from_store_total", "decisions the feed lacked"),
    COUNTED(gaps, "feed_gaps_total", "times the feed did not join on"),
    COUNTED(unreadable, "unreadable_total", "messages and decisions that could not be decoded"),
    COUNTED(requests, "requests_total", "requests of subscribers"),
    COUNTED(requests_refused, "requests_refused_total", "requests refused"),
    COUNTED(subscribers_gone, "subscribers_gone_total", "subscribers that left, fell silent or were cut off"),
    COUNTED(tail_messages, "tail_messages_total", "decisions told on the live tail"),
    COUNTED(subscribers, "subscribers", "connections"),
    COUNTED(streams, "streams", "durable streams in use"),
    COUNTED(waiting, "waiting", "deliveries that wait for credit"),
    COUNTED(held, "held", "deliveries behind another of their interaction"),
    COUNTED(sent, "unconfirmed", "deliveries sent and not answered"),
    COUNTED(resting, "resting", "deliveries that rest before another attempt"),
    COUNTED(dead_letters, "dead_letters", "dead letters of the streams in use"),
    COUNTED(most_behind, "most_behind_events", "how far the slowest stream is behind"),
    COUNTED(recent_decisions, "recent_decisions", "decisions in memory"),
    COUNTED(recent_bytes, "recent_bytes", "memory they take"),
    COUNTED(open_cases, "open_cases", "cases that are open or acknowledged"),
    COUNTED(levels_served, "levels_served", "levels that subscribers take pages for"),
};

void relay_watch_open(const struct relay_numbers *numbers, void (*refresh)(void *owner), void *owner)
{
    metrics_add(service_metrics(), relay_metrics, COUNT_OF(relay_metrics), numbers);
    metrics_before_writing(service_metrics(), refresh, owner);
}
