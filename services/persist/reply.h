/* reply: what goes back to whoever asked at the append door. Pure. */
#ifndef BELLHOP_PERSIST_REPLY_H
#define BELLHOP_PERSIST_REPLY_H

#include "common/link/peer.h"

#include "proto/bellhop/v1/append.pb-c.h"

/* False when there is no such peer any more. */
typedef bool reply_send(void *owner, const struct link_peer *peer, const WireAppendReply *reply);

/* A reply that carries `body`: REPLY(WELCOME, welcome, &welcome). */
#define REPLY(kind, field, body)                                                                             \
    (&(WireAppendReply){.base = PROTOBUF_C_MESSAGE_INIT(&wire_append_reply__descriptor),                     \
                        .reply_case = WIRE_APPEND_REPLY__REPLY_##kind,                                       \
                        .field = (body)})

#endif
