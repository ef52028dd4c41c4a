/* config: the settings' table. */
#include "services/relay/config.h"

#include "common/base/memory.h"

static const struct setting relay_settings[] = {
    SETTING(struct relay_config, database_url, "BELLHOP_DATABASE_URL", NULL,
            "the database that holds the decisions, as a PostgreSQL connection string"),
    SETTING(struct relay_config, append, "BELLHOP_APPEND", "tcp://127.0.0.1:7402", "persist's append door"),
    SETTING(struct relay_config, feed, "BELLHOP_FEED", "tcp://127.0.0.1:7403", "persist's feed"),
    SETTING(struct relay_config, subscribe, "BELLHOP_SUBSCRIBE", "tcp://127.0.0.1:7404",
            "the subscribers' door: durable streams"),
    SETTING(struct relay_config, subscribe_bind, "BELLHOP_SUBSCRIBE_BIND", "",
            "where to bind that door; defaults to BELLHOP_SUBSCRIBE"),
    SETTING(struct relay_config, tail, "BELLHOP_TAIL", "tcp://127.0.0.1:7405", "the live tail"),
    SETTING(struct relay_config, tail_bind, "BELLHOP_TAIL_BIND", "",
            "where to bind the tail; defaults to BELLHOP_TAIL"),
    SETTING_BETWEEN(struct relay_config, attempts, "BELLHOP_RELAY_ATTEMPTS", "10",
                    "how often a delivery is tried before it becomes a dead letter", 1, 1000),
    SETTING(struct relay_config, answer_time, "BELLHOP_RELAY_ANSWER_TIME", "60s",
            "a subscriber that answers nothing for this long loses what it holds"),
    SETTING(struct relay_config, rest_first, "BELLHOP_RELAY_REST_FIRST", "500ms",
            "how long a delivery rests after its first attempt; doubles with each further one"),
    SETTING(struct relay_config, rest_most, "BELLHOP_RELAY_REST_MOST", "5min",
            "how long a delivery rests at most"),
    SETTING(struct relay_config, recent_size, "BELLHOP_RELAY_RECENT_SIZE", "16MiB",
            "memory for the newest decisions; a stream further behind reads from the database"),
    SETTING_BETWEEN(struct relay_config, most_streams, "BELLHOP_RELAY_MOST_STREAMS", "1000",
                    "durable streams in use at one time", 1, 100000),
    SETTING_BETWEEN(struct relay_config, most_subscribers, "BELLHOP_RELAY_MOST_SUBSCRIBERS", "1000",
                    "subscribers at one time", 1, 100000),
    SETTING(struct relay_config, serving_lease, "BELLHOP_RELAY_SERVING_LEASE", "30s",
            "how long a level counts as served after its last subscriber falls silent or relay is killed"),
    SETTING(struct relay_config, name, "BELLHOP_RELAY_NAME", "",
            "a name that survives restarts; by default made from the host name and the endpoint. Relays that "
            "share both need different names"),
    SETTING(struct relay_config, stop_grace, "BELLHOP_RELAY_STOP_GRACE", "10s",
            "how long a stop waits for confirmations to be stored"),
};

const struct service relay_service = {
    .name = "relay",
    .purpose = "hands decisions to subscribers: durable streams, and a live tail",
    .settings = relay_settings,
    .setting_count = COUNT_OF(relay_settings),
};
