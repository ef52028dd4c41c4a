/* connection: a connection to the database, with what we ask of every one of them. For the store floor's own use. */
#ifndef BELLHOP_STORE_SESSION_CONNECTION_H
#define BELLHOP_STORE_SESSION_CONNECTION_H

#include <libpq-fe.h>

/* Begin to connect to `url` as `name`; PQconnectPoll() carries on. What the URL says itself comes later and so
 * overrides ours. NULL, or CONNECTION_BAD, as libpq has it. */
PGconn *connection_begin(const char *url, const char *name);

/* The same, and wait until it is connected: at most 5 s. */
PGconn *connection_open(const char *url, const char *name);

#endif
