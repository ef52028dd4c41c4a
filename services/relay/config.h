/* config: the settings of bellhop-relay. */
#ifndef BELLHOP_RELAY_CONFIG_H
#define BELLHOP_RELAY_CONFIG_H

#include "common/service/service.h"

struct relay_config {
    const char *database_url;
    const char *append; /* persist's doors */
    const char *feed;
    const char *subscribe;
    const char *subscribe_bind; /* "": as subscribe */
    const char *tail;
    const char *tail_bind; /* "": as tail */
    int64_t attempts;
    struct duration answer_time;
    struct duration rest_first;
    struct duration rest_most;
    struct byte_size recent_size;
    int64_t most_streams;
    int64_t most_subscribers;
    struct duration stop_grace;
    struct duration serving_lease;
    const char *name; /* "": made from the host name and the endpoint */
};

extern const struct service relay_service;

#endif
