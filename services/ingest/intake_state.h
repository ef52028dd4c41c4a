/* intake_state: the inside of the registers' door, for its own files: intake.c and intake_reply.c. */
#ifndef BELLHOP_INGEST_INTAKE_STATE_H
#define BELLHOP_INGEST_INTAKE_STATE_H

#include "common/base/arena.h"
#include "common/service/refusals.h"
#include "common/service/updates.h"
#include "services/ingest/intake.h"
#include "services/ingest/intake_numbers.h"
#include "services/ingest/queries.h"
#include "services/ingest/quota.h"
#include "services/ingest/reply.h"
#include "services/ingest/request.h"

struct intake {
    struct loop *loop;
    const struct ingest_config *config;
    struct admission *admission;
    struct outlet *outlet;
    struct link_router *router;
    struct updates *updates;
    int64_t connected_at; /* to bellhop-persist, which sends updates */
    struct awaiting awaiting;
    struct queries *queries;
    struct quota rejected_quota;
    struct list requests; /* under way */
    struct arena arena;   /* of one request, or one reply */
    struct bytes canonical;
    struct bytes reply;
    struct refusals refusals;   /* of requests */
    struct refusals rejections; /* of events */
    struct metric *metrics;
    struct intake_numbers numbers;
};

/* Sends what was written into `reply`. When that fails the reply is counted and dropped: the register asks or
 * publishes again. */
void intake_send_reply(struct intake *intake, const struct link_peer *peer);

void intake_refuse(struct intake *intake, const struct link_peer *peer, uint64_t request_id,
                   const struct wire_refusal *refusal);

/* It leaves, and is freed. */
void intake_finish_request(struct intake *intake, struct request *request);

/* What the outlet calls. */
void intake_on_receipts(void *owner, struct outlet_ticket *ticket, WireReceipt *const *receipts);
void intake_on_busy(void *owner, struct outlet_ticket *ticket, int64_t retry_after_ms, const char *reason);
void intake_on_verdict(void *owner, const WireVerdictResult *result);
void intake_on_update(void *owner, const WireVerdictUpdate *update);
void intake_on_connection(void *owner, bool is_connected);

#endif
