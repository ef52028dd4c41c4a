/* peer: whom a message came from, as a value.
 *
 * The routing id ZeroMQ gave its connection, and the return envelope the message came with. It may be kept,
 * compared and used as a key; it is of no use once that connection is gone (LINK_UNREACHABLE). Pure. */
#ifndef BELLHOP_LINK_PEER_H
#define BELLHOP_LINK_PEER_H

#include "common/base/bytes.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { LINK_PEER_SIZE = 94 };

struct link_peer {
    uint8_t size;
    uint8_t frame_count;          /* the routing id's included */
    uint8_t data[LINK_PEER_SIZE]; /* each frame after its length in one byte */
};

static inline bool link_peer_equal(const struct link_peer *left, const struct link_peer *right)
{
    return left->size == right->size && memcmp(left->data, right->data, left->size) == 0;
}

/* The connection, whatever the envelope: for what belongs to a connection and for logs. */
static inline struct slice link_peer_connection(const struct link_peer *peer)
{
    return peer->size ? slice_of(peer->data + 1, peer->data[0]) : slice_of(NULL, 0);
}

/* An empty frame stands right before the message: the peer is a REQ socket, or speaks as one. */
static inline bool link_peer_is_req(const struct link_peer *peer)
{
    size_t at = 0;
    while (at + 1 + peer->data[at] < peer->size)
        at += 1 + (size_t)peer->data[at];
    return peer->frame_count > 1 && peer->data[at] == 0;
}

#endif
