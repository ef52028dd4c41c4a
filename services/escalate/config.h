/* config: the settings of bellhop-escalate. */
#ifndef BELLHOP_ESCALATE_CONFIG_H
#define BELLHOP_ESCALATE_CONFIG_H

#include "common/service/service.h"

struct escalate_config {
    const char *database_url;
    const char *append; /* persist's doors */
    const char *feed;
    const char *policy;          /* a file; "": the shipped one */
    const char *state_directory; /* "": nothing is kept */
    struct duration grace;
    struct duration snapshot_interval;
    struct duration stop_grace;
};

extern const struct service escalate_service;

#endif
