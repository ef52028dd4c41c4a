/* owed: follow-ups that are open, of one customer or contact. */
#include "common/policy/decide/owed.h"

#include "common/base/text.h"

static bool is_owed(struct deciding *deciding, const struct follow_up *follow_up, WireFollowUpKind kind,
                    const char *owner)
{
    if (follow_up->kind != (int)kind || follow_up->is_drill != deciding->is_drill)
        return false;
    const WireFollowUp *body = deciding_read_follow_up(deciding, follow_up);
    return body && body->owner && text_equal(body->owner, owner) &&
           text_equal(body->store_id, deciding->store_id);
}

bool owed_has(struct deciding *deciding, WireFollowUpKind kind, const char *owner)
{
    if (deciding->customer)
        LIST_EACH(node, &deciding->customer->follow_ups)
            if (is_owed(deciding, CONTAINER_OF(node, struct follow_up, in_customer), kind, owner))
                return true;
    if (deciding->customer || !deciding->interaction_id)
        return false;
    LIST_EACH(node, &deciding->fold->recent_follow_ups) {
        const struct follow_up *follow_up = CONTAINER_OF(node, struct follow_up, recent);
        if (follow_up->interaction && text_equal(follow_up->interaction, deciding->interaction_id) &&
            is_owed(deciding, follow_up, kind, owner))
            return true;
    }
    return false;
}
