/* connection: what a peer that is gone, and a server that chats, are not to cost us. */
#include "common/store/session/connection.h"

static void ignore_notice(void *owner, const PGresult *result)
{
    (void)owner;
    (void)result;
}

typedef PGconn *way(const char *const *names, const char *const *values, int expands_dbname);

static PGconn *connect_in(way *way, const char *url, const char *name)
{
    static const char *const names[] = {"application_name",
                                        "client_encoding",
                                        "connect_timeout",
                                        "keepalives_idle",
                                        "keepalives_interval",
                                        "keepalives_count",
                                        "tcp_user_timeout",
                                        "dbname",
                                        NULL};
    const char *const values[] = {name, "UTF8", "5", "5", "2", "3", "10000", url, NULL};
    PGconn *connection = way(names, values, 1);
    if (connection)
        PQsetNoticeReceiver(connection, ignore_notice, NULL);
    return connection;
}

PGconn *connection_begin(const char *url, const char *name)
{
    return connect_in(PQconnectStartParams, url, name);
}

PGconn *connection_open(const char *url, const char *name)
{
    return connect_in(PQconnectdbParams, url, name);
}
