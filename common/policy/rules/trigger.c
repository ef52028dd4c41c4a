/* trigger: the times that the fold itself waits for, the changes of cases, and the kinds of events. */
#include "common/policy/rules/trigger.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/wire/event.h"

/* THE table of what the fold itself waits for, and looks at when its deadline has passed. */
static const struct moment moments[] = {
    {"promise.due_soon", "a promise is due soon", WIRE_DEADLINE_KIND__PROMISE_REMINDER_DUE},
    {"promise.overdue", "a promise is overdue", WIRE_DEADLINE_KIND__PROMISE_DUE},
    {"preparation.due_soon", "something is to be prepared soon",
     WIRE_DEADLINE_KIND__PREPARATION_REMINDER_DUE},
    {"preparation.overdue", "something was not prepared in time", WIRE_DEADLINE_KIND__PREPARATION_DUE},
    {"store.closing", "a store closes and there is good news of its day", WIRE_DEADLINE_KIND__DIGEST_DUE},
    {"policy.begins", "another policy comes into force", WIRE_DEADLINE_KIND__POLICY_BEGINS},
    {"store.week_closing", "a store's week ends in which both desks had contacts",
     WIRE_DEADLINE_KIND__WEEK_DUE},
};

/* THE table of a case's changes. */
static const struct {
    const char *name;
    WireDecisionKind kind;
} changes[] = {
    {"opened", WIRE_DECISION_KIND__CASE_OPENED},
    {"cause_added", WIRE_DECISION_KIND__CASE_CAUSE_ADDED},
    {"raised", WIRE_DECISION_KIND__CASE_RAISED},
    {"acknowledged", WIRE_DECISION_KIND__CASE_ACKNOWLEDGED},
    {"reopened", WIRE_DECISION_KIND__CASE_REOPENED},
    {"climbed", WIRE_DECISION_KIND__CASE_CLIMBED},
    {"notified_again", WIRE_DECISION_KIND__CASE_NOTIFIED_AGAIN},
    {"handed_on", WIRE_DECISION_KIND__CASE_HANDED_ON},
    {"resolved", WIRE_DECISION_KIND__CASE_RESOLVED},
    {"overtaken", WIRE_DECISION_KIND__CASE_OVERTAKEN},
};

WireDecisionKind trigger_change_find(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(changes); i++)
        if (text_equal(changes[i].name, name))
            return changes[i].kind;
    return (WireDecisionKind)0;
}

const char *trigger_change_name(WireDecisionKind kind)
{
    for (size_t i = 0; i < COUNT_OF(changes); i++)
        if (changes[i].kind == kind)
            return changes[i].name;
    return "";
}

const struct moment *trigger_moment(int kind)
{
    for (size_t i = 0; i < COUNT_OF(moments); i++)
        if ((int)moments[i].kind == kind)
            return &moments[i];
    return NULL;
}

const struct moment *trigger_moment_find(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(moments); i++)
        if (text_equal(moments[i].name, name))
            return &moments[i];
    return NULL;
}

const ProtobufCFieldDescriptor *trigger_kind_field(const ProtobufCMessageDescriptor *body)
{
    for (unsigned i = 0; i < body->n_fields; i++)
        if (body->fields[i].type == PROTOBUF_C_TYPE_ENUM)
            return &body->fields[i];
    return NULL;
}

int trigger_kind_of(const WireEvent *event)
{
    const ProtobufCMessage *body = wire_event_body(event);
    const ProtobufCFieldDescriptor *field = trigger_kind_field(body->descriptor);
    bool is_told = field && *(const protobuf_c_boolean *)((const char *)body + field->quantifier_offset);
    return is_told ? *(const int *)((const char *)body + field->offset) : 0;
}
