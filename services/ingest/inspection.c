/* inspection: validates the event, or keeps what can be read of it. */
#include "services/ingest/inspection.h"

#include "common/base/digest.h"
#include "common/base/text.h"
#include "common/base/uuid.h"
#include "common/wire/event.h"
#include "common/wire/set.h"
#include "common/wire/validate.h"
#include "common/wire/wire.h"

bool inspection_accept(struct slice bytes, const struct arrival *arrival, struct arena *arena,
                       struct bytes *canonical, struct accepted *ret_accepted, struct wire_refusal *refusal)
{
    const struct wire_event_check check = {.sent_at = arrival->sent_at, .now = arrival->now};
    WireEvent *event = wire_validate_event_bytes(bytes, &check, arena, refusal);
    if (!event)
        return false;
    struct accepted *accepted = ret_accepted;
    wire_append_event__init(&accepted->append);
    accepted->source = event->source;
    memcpy(accepted->id, event->id.data, sizeof accepted->id);
    accepted->text = wire_event_take_text(event, arena);
    if (accepted->text) {
        accepted->append.texts = &accepted->text;
        accepted->append.n_texts = 1;
    }
    bytes_reset(canonical);
    wire_event_write(event, canonical);
    WIRE_SET(&accepted->append, event, wire_bytes(bytes_slice(canonical)));
    WIRE_SET(&accepted->append, sent_at, arrival->sent_at);
    WIRE_SET(&accepted->append, occurred_at, skew_correct(arrival->skew, event->occurred_at));
    accepted->append.has_skew_ms = arrival->skew.is_wrong;
    accepted->append.skew_ms = skew_ms(arrival->skew);
    accepted->append.has_want_verdict = arrival->want_verdict;
    accepted->append.want_verdict = arrival->want_verdict;
    return true;
}

/* What can be said of an event that decodes, whatever is wrong with it. */
static struct slice readable_content(struct slice bytes, struct arena *arena, struct bytes *canonical,
                                     struct rejected *rejected)
{
    WireEvent *event = wire_unpack(&wire_event__descriptor, bytes, arena, NULL);
    if (!event)
        return bytes;
    if (event->has_id && event->id.len == sizeof(struct uuid))
        rejected->id = wire_slice(event->id);
    if (event->source && text_is_printable(event->source, strlen(event->source)) &&
        strlen(event->source) <= WIRE_ID_MOST_BYTES * 2 + 1)
        rejected->kept.source = event->source;
    wire_event_take_text(event, arena);
    bytes_reset(canonical);
    wire_event_write(event, canonical);
    return bytes_slice(canonical);
}

void inspection_reject(struct slice bytes, const struct arrival *arrival, const struct wire_refusal *refusal,
                       struct arena *arena, struct bytes *canonical, struct rejected *ret_rejected)
{
    struct rejected *rejected = ret_rejected;
    *rejected = (struct rejected){.id = {NULL, 0}};
    WireRejectedEvent *kept = &rejected->kept;
    wire_rejected_event__init(kept);
    digest_content(&bytes, 1, rejected->hash);
    struct slice content = readable_content(bytes, arena, canonical, rejected);
    if (content.size > REJECTED_CONTENT_MOST)
        content.size = REJECTED_CONTENT_MOST;
    struct slice hash = slice_of(rejected->hash, sizeof rejected->hash);
    WIRE_SET(kept, hash, wire_bytes(hash));
    WIRE_SET(kept, key, wire_bytes(rejected->id.size ? rejected->id : hash));
    WIRE_SET(kept, content, wire_bytes(content));
    WIRE_SET(kept, received_at, arrival->now);
    kept->reason = (char *)wire_reason_word(refusal->reason);
    kept->field = (char *)(refusal->field[0] ? refusal->field : NULL);
    kept->explanation = (char *)refusal->explanation;
}
