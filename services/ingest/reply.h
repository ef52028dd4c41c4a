/* reply: writes the replies that carry no receipts: BUSY, a refusal, a queried verdict. When they are sent: intake_reply.c.
 *
 * Each appends an encoded RegisterReply. */
#ifndef BELLHOP_INGEST_REPLY_H
#define BELLHOP_INGEST_REPLY_H

#include "common/base/bytes.h"
#include "common/wire/refusal.h"

#include "proto/bellhop/v1/append.pb-c.h"
#include "proto/bellhop/v1/publish.pb-c.h"

/* A reply that carries `body`: REPLY(UPDATE, update, update). */
#define REPLY(kind, field, body)                                                                             \
    (&(WireRegisterReply){.base = PROTOBUF_C_MESSAGE_INIT(&wire_register_reply__descriptor),                 \
                          .reply_case = WIRE_REGISTER_REPLY__REPLY_##kind,                                   \
                          .field = (body)})

void reply_write_busy(uint64_t request_id, int64_t server_time, int64_t retry_after_ms, const char *reason,
                      struct bytes *into);
void reply_write_refused(uint64_t request_id, const struct wire_refusal *refusal, struct bytes *into);
void reply_write_verdict(uint64_t request_id, const WireVerdictResult *result, struct bytes *into);
void reply_write_verdict_busy(uint64_t request_id, int64_t retry_after_ms, struct bytes *into);

#endif
