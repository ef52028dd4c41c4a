/* config: the settings' table. */
#include "services/escalate/config.h"

#include "common/base/memory.h"

static const struct setting escalate_settings[] = {
    SETTING(struct escalate_config, database_url, "BELLHOP_DATABASE_URL", NULL,
            "the database that holds the log, as a PostgreSQL connection string"),
    SETTING(struct escalate_config, append, "BELLHOP_APPEND", "tcp://127.0.0.1:7402",
            "persist's append door"),
    SETTING(struct escalate_config, feed, "BELLHOP_FEED", "tcp://127.0.0.1:7403", "persist's feed"),
    SETTING(struct escalate_config, policy, "BELLHOP_POLICY", "",
            "the policy file to propose to a log that has none; defaults to the shipped policy"),
    SETTING(struct escalate_config, state_directory, "BELLHOP_STATE_DIR", "",
            "where to keep the snapshot and the crash marker; without it nothing is kept"),
    SETTING(
        struct escalate_config, grace, "BELLHOP_ESCALATE_GRACE", "2s",
        "how long deadlines wait after a start or an outage, once the fold has reached the head of the log"),
    SETTING(struct escalate_config, snapshot_interval, "BELLHOP_ESCALATE_SNAPSHOT_INTERVAL", "5min",
            "the longest time between two snapshots of the state"),
    SETTING(struct escalate_config, stop_grace, "BELLHOP_ESCALATE_STOP_GRACE", "10s",
            "how long a stop waits for decisions to be stored"),
};

const struct service escalate_service = {
    .name = "escalate",
    .purpose = "applies the policy to the log: verdicts, cases, follow-ups and their deadlines",
    .settings = escalate_settings,
    .setting_count = COUNT_OF(escalate_settings),
};
