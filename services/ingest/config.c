/* config: bellhop-ingest's settings. */
#include "services/ingest/config.h"

#include "common/base/memory.h"

static const struct setting settings[] = {
    SETTING(struct ingest_config, publish_endpoint, "BELLHOP_PUBLISH", "tcp://127.0.0.1:7401",
            "where registers connect to"),
    SETTING(struct ingest_config, publish_bind, "BELLHOP_PUBLISH_BIND", "",
            "where to listen for registers; defaults to BELLHOP_PUBLISH"),
    SETTING(struct ingest_config, append_endpoint, "BELLHOP_APPEND", "tcp://127.0.0.1:7402",
            "where bellhop-persist takes events"),
    SETTING(struct ingest_config, instance, "BELLHOP_INSTANCE", "ingest",
            "the name of this instance, for people"),
    SETTING(struct ingest_config, skew_limit, "BELLHOP_SKEW_LIMIT", "30s",
            "a register's clock that is off by more is corrected and reported"),
    SETTING(struct ingest_config, verdict_wait, "BELLHOP_VERDICT_WAIT", "2s",
            "how long a reply may wait for verdicts"),
    SETTING(struct ingest_config, grace, "BELLHOP_INGEST_GRACE", "5s",
            "how long a stop waits for answers to accepted requests"),
    SETTING(struct ingest_config, update_age, "BELLHOP_UPDATE_AGE", "24h",
            "how long a quiet connection is kept for updates"),
    SETTING_BETWEEN(struct ingest_config, update_sources_most, "BELLHOP_UPDATE_SOURCES", "20000",
                    "sources whose connection is kept for updates", 1, 1000000),
    SETTING_BETWEEN(struct ingest_config, requests_most, "BELLHOP_INGEST_REQUESTS", "20000",
                    "the most requests in flight", 1, 1000000),
    SETTING_BETWEEN(struct ingest_config, peer_requests_most, "BELLHOP_INGEST_PEER_REQUESTS", "2000",
                    "the most requests in flight for one connection", 1, 1000000),
    SETTING(struct ingest_config, bytes_most, "BELLHOP_INGEST_BYTES", "24MiB", "the most bytes in flight"),
    SETTING(struct ingest_config, peer_bytes_most, "BELLHOP_INGEST_PEER_BYTES", "1MiB",
            "the most bytes in flight for one connection (its first request is always admitted)"),
    SETTING_BETWEEN(struct ingest_config, rejected_a_minute, "BELLHOP_INGEST_REJECTED", "600",
                    "rejected events kept per minute for people to look at", 0, 1000000),
    SETTING_BETWEEN(struct ingest_config, batch_events, "BELLHOP_INGEST_BATCH", "1000",
                    "events after which a batch is sent to bellhop-persist", 1, 10000),
    SETTING_BETWEEN(struct ingest_config, batches_in_flight, "BELLHOP_INGEST_BATCHES", "3",
                    "the most batches in flight to bellhop-persist; later events wait for the next", 1, 64),
};

const struct service ingest_service = {
    .name = "ingest",
    .purpose = "takes events from registers, checks them, answers when they are committed",
    .settings = settings,
    .setting_count = COUNT_OF(settings),
};
