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
            "where that door is bound, when not where it is connected to"),
    SETTING(struct relay_config, tail, "BELLHOP_TAIL", "tcp://127.0.0.1:7405", "the live tail"),
    SETTING(struct relay_config, tail_bind, "BELLHOP_TAIL_BIND", "",
            "where the tail is bound, when not where it is connected to"),
    SETTING_BETWEEN(struct relay_config, attempts, "BELLHOP_RELAY_ATTEMPTS", "10",
                    "how often a delivery is tried before it is a dead letter", 1, 1000),
    SETTING(struct relay_config, answer_time, "BELLHOP_RELAY_ANSWER_TIME", "60s",
            "a subscriber that answers nothing for so long loses what it holds"),
    SETTING(struct relay_config, rest_first, "BELLHOP_RELAY_REST_FIRST", "500ms",
            "how long a delivery rests after its first attempt; doubled with each"),
    SETTING(struct relay_config, rest_most, "BELLHOP_RELAY_REST_MOST", "5min", "how long it rests at most"),
    SETTING(struct relay_config, recent_size, "BELLHOP_RELAY_RECENT_SIZE", "16MiB",
            "memory for the newest decisions; who is further behind is served from the database"),
    SETTING_BETWEEN(struct relay_config, most_streams, "BELLHOP_RELAY_MOST_STREAMS", "1000",
                    "durable streams in use at one time", 1, 100000),
    SETTING_BETWEEN(struct relay_config, most_subscribers, "BELLHOP_RELAY_MOST_SUBSCRIBERS", "1000",
                    "subscribers at one time", 1, 100000),
    SETTING(struct relay_config, serving_lease, "BELLHOP_RELAY_SERVING_LEASE", "30s",
            "how long a level counts as served after its last subscriber fell silent, or relay was killed"),
    SETTING(struct relay_config, name, "BELLHOP_RELAY_NAME", "",
            "what it is called whenever it is started, by the machine and its door when left out; relays "
            "that share "
            "both need a name each"),
    SETTING(struct relay_config, stop_grace, "BELLHOP_RELAY_STOP_GRACE", "10s",
            "how long a stop waits until what was confirmed is stored"),
};

const struct service relay_service = {
    .name = "relay",
    .purpose = "hands decisions to subscribers: durable streams, and a live tail",
    .settings = relay_settings,
    .setting_count = COUNT_OF(relay_settings),
};
