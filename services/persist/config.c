/* config: the table of settings. */
#include "services/persist/config.h"

#include "common/base/memory.h"

static const struct setting persist_settings[] = {
    SETTING(struct persist_config, database_url, "BELLHOP_DATABASE_URL", NULL,
            "the PostgreSQL connection string; several hosts need synchronous standbys"),
    SETTING(struct persist_config, append, "BELLHOP_APPEND", "tcp://127.0.0.1:7402",
            "where the services append to the log"),
    SETTING(struct persist_config, append_bind, "BELLHOP_APPEND_BIND", "",
            "where to bind it; defaults to BELLHOP_APPEND"),
    SETTING(struct persist_config, feed, "BELLHOP_FEED", "tcp://127.0.0.1:7403",
            "the feed, which announces what was committed"),
    SETTING(struct persist_config, feed_bind, "BELLHOP_FEED_BIND", "",
            "where to bind it; defaults to BELLHOP_FEED"),
    SETTING_BETWEEN(struct persist_config, batch_events, "BELLHOP_PERSIST_BATCH", "4000",
                    "the most events in one transaction; a request is never split", 1, 100000),
    SETTING_BETWEEN(
        struct persist_config, recent_events, "BELLHOP_PERSIST_RECENT", "131072",
        "event ids kept in memory, so that repeats are answered without the database; about 100 bytes each",
        65536, 16777216),
    SETTING_BETWEEN(struct persist_config, most_sources, "BELLHOP_PERSIST_SOURCES", "20000",
                    "the most sources whose sequence numbers are followed", 1, 1000000),
    SETTING(struct persist_config, rejected_quota, "BELLHOP_PERSIST_REJECTED_QUOTA", "1000",
            "the most rejected events kept for one source in an hour"),
    SETTING(struct persist_config, grace, "BELLHOP_PERSIST_GRACE", "5s",
            "how long to wait for accepted work when stopping"),
};

const struct service persist_service = {
    .name = "persist",
    .purpose = "the only writer of the log: appends events, stores decisions, announces what is committed",
    .settings = persist_settings,
    .setting_count = COUNT_OF(persist_settings),
};

const char *config_append_bind(const struct persist_config *config)
{
    return config->append_bind[0] ? config->append_bind : config->append;
}

const char *config_feed_bind(const struct persist_config *config)
{
    return config->feed_bind[0] ? config->feed_bind : config->feed;
}
