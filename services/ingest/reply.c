/* reply: one message each. */
#include "services/ingest/reply.h"

#include "common/wire/set.h"
#include "common/wire/wire.h"

void reply_write_busy(uint64_t request_id, int64_t server_time, int64_t retry_after_ms, const char *reason,
                      struct bytes *into)
{
    WirePublishReply publish = WIRE_PUBLISH_REPLY__INIT;
    WIRE_SET(&publish, request_id, request_id);
    WIRE_SET(&publish, server_time, server_time);
    WIRE_SET(&publish, retry_after_ms, retry_after_ms);
    publish.busy_reason = (char *)reason;
    wire_pack(REPLY(PUBLISH, publish, &publish), into);
}

void reply_write_refused(uint64_t request_id, const struct wire_refusal *refusal, struct bytes *into)
{
    WireRequestRefused refused = WIRE_REQUEST_REFUSED__INIT;
    refused.has_request_id = request_id != 0;
    refused.request_id = request_id;
    refused.reason = (char *)wire_reason_word(refusal->reason);
    refused.explanation = (char *)refusal->explanation;
    refused.field = (char *)(refusal->field[0] ? refusal->field : NULL);
    wire_pack(REPLY(REFUSED, refused, &refused), into);
}

void reply_write_verdict(uint64_t request_id, const WireVerdictResult *result, struct bytes *into)
{
    WireVerdictReply verdict = WIRE_VERDICT_REPLY__INIT;
    WIRE_SET(&verdict, request_id, request_id);
    verdict.has_retry_after_ms = result->has_retry_after_ms;
    verdict.retry_after_ms = result->retry_after_ms;
    verdict.has_known = !result->has_retry_after_ms;
    verdict.known = result->known;
    verdict.verdict = result->verdict;
    wire_pack(REPLY(VERDICT, verdict, &verdict), into);
}

void reply_write_verdict_busy(uint64_t request_id, int64_t retry_after_ms, struct bytes *into)
{
    WireVerdictReply verdict = WIRE_VERDICT_REPLY__INIT;
    WIRE_SET(&verdict, request_id, request_id);
    WIRE_SET(&verdict, retry_after_ms, retry_after_ms);
    wire_pack(REPLY(VERDICT, verdict, &verdict), into);
}
