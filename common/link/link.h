/* link: ZeroMQ sockets that carry wire messages, one struct a kind, in files of their own:
 *
 *   router      serves many peers: requests in, replies out         (ingest, persist, relay)
 *   dealer      talks to one router, and says when it is connected   (every service, the client)
 *   publisher   sends to everybody who listens, and hears who does   (persist's feed, relay's tail)
 *   subscriber  listens to a publisher
 *
 * Rules for all. A message is one frame; a router's peers may put a return envelope before it, which is
 * echoed. We queue nothing: sending never blocks, it either hands the message to ZeroMQ's bounded queue or
 * says why not. Callbacks run on the loop's thread, a bounded number of them a turn; their arguments are
 * gone when they return. A callback must not close the socket it is called for. Opening returns NULL, with
 * the reason in `why`, when it fails. Every socket is closed before its context is freed, and the context
 * before the process forks. */
#ifndef BELLHOP_LINK_LINK_H
#define BELLHOP_LINK_LINK_H

#include "common/base/auto.h"
#include "common/base/bytes.h"
#include "common/loop/loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The process's ZeroMQ context: its I/O thread and its limit of sockets. */
struct link_context;
struct link_context *link_context_new(void);

/* Waits for what closed sockets still linger over. */
void link_context_free(struct link_context *context);
AUTO_FREE(link_context)

/* CURVE keys in Z85; all NULL: the socket is plain. */
struct link_keys {
    const char *public_key;
    const char *secret_key;
    const char *server_key; /* of the peer that is connected to; NULL on the side that binds */
};

/* Zero means our default for each. */
struct link_options {
    int64_t most_message_bytes; /* of one frame: 4 MiB and a little. Larger ones cut the connection */
    int high_water_mark;        /* messages a peer, each way: 1000 */
    int unread_most;     /* messages of a peer that wait here, the others wait at the peer: high_water_mark */
    int most_frames;     /* of a router's message, envelope included: 4 */
    int messages_a_turn; /* 256 */
    int linger_ms;       /* how long closing may still send: 0. A router that stops in good order sets it */
    int reconnect_most_ms; /* 2000: the first try comes after 100, each later one after about twice as long */
    struct link_keys keys;
};

enum link_sent {
    LINK_SENT,        /* ZeroMQ has it; only an answer proves that it arrived */
    LINK_FULL,        /* the peer does not keep up: its queue is full */
    LINK_UNREACHABLE, /* there is no such peer any more, or no connection yet */
};

/* Counted by the socket. */
struct link_numbers {
    uint64_t full;              /* times LINK_FULL was returned */
    uint64_t refused_frames;    /* more frames or a longer envelope than allowed: dropped unread */
    uint64_t refused_handshake; /* keys that did not fit */
    uint64_t disconnected;
    int64_t connections; /* now */
};

enum { LINK_ENDPOINT_SIZE = 256, LINK_WHY_SIZE = 256 };

#endif
