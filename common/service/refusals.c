/* refusals: a line a minute. */
#include "common/service/refusals.h"

#include "common/service/log.h"

enum { QUIET_MS = 60 * 1000 };

bool refusals_add(struct refusals *refusals, int64_t now_ms, const char *sender,
                  const struct wire_refusal *refusal)
{
    refusals->unlogged++;
    if (now_ms < refusals->next_ms)
        return false;
    log_warning(refusals->id, refusals->sentence, FIELD("sender", sender),
                FIELD("reason", wire_reason_word(refusal->reason)), FIELD("field", refusal->field),
                FIELD("explanation", refusal->explanation), FIELD("count", refusals->unlogged));
    refusals->next_ms = now_ms + QUIET_MS;
    refusals->unlogged = 0;
    return true;
}
