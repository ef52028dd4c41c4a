/* client: what every part of the library stands on: who may call, connecting, sending a message. */
#include "common/client/client.h"

#include "common/client/why.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

int client_may(struct bellhop_client *client, bool drives)
{
    if (!client)
        return BELLHOP_INVALID;
    if (client->process != getpid())
        return BELLHOP_FORKED;
    if (drives && client->is_in_callback)
        return why_set(client->why, BELLHOP_IN_CALLBACK, "called inside a callback");
    return BELLHOP_OK;
}

int client_spool_result(struct bellhop_client *client, int rc)
{
    return rc == BELLHOP_OK ? rc : why_set(client->why, rc, "%s", spool_why(client->spool));
}

int client_pack(struct bellhop_client *client, const void *message, struct slice *ret_bytes)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    if (size > client->packed_capacity || !client->packed) {
        uint8_t *larger = realloc(client->packed, size + size / 2 + 1024);
        if (!larger)
            return why_set(client->why, BELLHOP_NO_MEMORY, "no memory for a message of %zu bytes", size);
        client->packed = larger;
        client->packed_capacity = size + size / 2 + 1024;
    }
    *ret_bytes = slice_of(client->packed, protobuf_c_message_pack(message, client->packed));
    return BELLHOP_OK;
}

int client_send(struct bellhop_client *client, struct plug *plug, const void *message, bool *ret_sent)
{
    struct slice bytes = {0};
    int rc = client_pack(client, message, &bytes);
    *ret_sent = rc == BELLHOP_OK && plug_send(plug, bytes) == LINK_SENT;
    return rc;
}

int client_connect(struct bellhop_client *client, const char *endpoint, struct plug **ret_plug)
{
    int rc = plug_open(endpoint, NULL, ret_plug);
    if (rc == 0)
        rc = plug_watch(*ret_plug, client->epoll);
    if (rc == -ENOMEM)
        return why_set(client->why, BELLHOP_NO_MEMORY, "no memory for a connection");
    return rc == 0 ? BELLHOP_OK
                   : why_set(client->why, BELLHOP_NETWORK, "could not connect to \"%.80s\": %s", endpoint,
                             strerror(-rc));
}

const char *bellhop_why(const struct bellhop_client *client)
{
    return client ? client->why : why_of_thread();
}
