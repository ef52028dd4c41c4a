/* config: bellhop-ingest's settings; config.c has the table. */
#ifndef BELLHOP_INGEST_CONFIG_H
#define BELLHOP_INGEST_CONFIG_H

#include "common/service/service.h"

struct ingest_config {
    const char *publish_endpoint; /* where registers connect to */
    const char *publish_bind;     /* where it is bound; "": as above */
    const char *append_endpoint;
    const char *instance;
    struct duration skew_limit;
    struct duration verdict_wait;
    struct duration grace;
    struct duration update_age;
    int64_t update_sources_most;
    int64_t requests_most;
    int64_t peer_requests_most;
    struct byte_size bytes_most;
    struct byte_size peer_bytes_most;
    int64_t rejected_a_minute;
    int64_t batch_events;
    int64_t batches_in_flight;
};

extern const struct service ingest_service;

#endif
