/* config: bellhop-persist's settings. */
#ifndef BELLHOP_PERSIST_CONFIG_H
#define BELLHOP_PERSIST_CONFIG_H

#include "common/service/service.h"

struct persist_config {
    const char *database_url;
    const char *append;      /* where peers connect to */
    const char *append_bind; /* where it binds, if that differs */
    const char *feed;
    const char *feed_bind;
    int64_t batch_events;
    int64_t recent_events;
    int64_t most_sources;
    int64_t rejected_quota;
    struct duration grace;
};

extern const struct service persist_service;

/* The endpoints to bind. */
const char *config_append_bind(const struct persist_config *config);
const char *config_feed_bind(const struct persist_config *config);

#endif
