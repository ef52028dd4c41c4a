/* group: which causes are one case. */
#include "common/policy/state/group.h"

#include "common/base/text.h"
#include "common/policy/rules/rule.h"
#include "common/policy/state/remedy.h"

enum { EVENT_ID_SIZE = 16 };

static bool is_the_stores(const struct rule *rule)
{
    const struct action *action = rule ? &rule->actions[ACTION_ESCALATE] : NULL;
    return action && (action->ends_with == ENDS_WITH_WAIT || action->goes_on.program);
}

/* A promise, an appointment: the store knows one of that name. */
static bool has_own_name(const struct rule *rule, const WireCase *body)
{
    return rule && body->subject && rule->triggers[0].event == WIRE_EVENT__BODY_DEADLINE_PASSED;
}

/* The first word says which kind of name follows, so that no name that somebody chose reads like another kind. */
static void subject_outside(const struct rule *rule, const WireCase *body, char into[static KEY_SUBJECT_SIZE])
{
    const char *subject = body->subject ? body->subject : "";
    char event[2 * EVENT_ID_SIZE + 1] = "";
    if (body->event_id.len <= EVENT_ID_SIZE)
        text_format_hex(body->event_id.data, body->event_id.len, event);
    if (remedy_has_case(body))
        text_format(into, KEY_SUBJECT_SIZE, "source %s %s", body->source ? body->source : "", subject);
    else if (is_the_stores(rule) || has_own_name(rule, body))
        text_format(into, KEY_SUBJECT_SIZE, "store %s", subject);
    else if (body->customer_id)
        text_format(into, KEY_SUBJECT_SIZE, "customer %s %s", body->customer_id, subject);
    else
        text_format(into, KEY_SUBJECT_SIZE, "event %s %s %s", body->source ? body->source : "", event,
                    subject);
}

size_t group_key(const struct rule *rule, const WireCase *body, char into[static KEY_GROUP_SIZE])
{
    char outside[KEY_SUBJECT_SIZE];
    const char *subject = body->subject;
    if (!body->interaction_id) {
        subject_outside(rule, body, outside);
        subject = outside;
    }
    return key_group(body->store_id, body->interaction_id, body->rule, subject, body->drill, into);
}
