/* trigger: when a rule is looked at. */
#ifndef BELLHOP_POLICY_RULES_TRIGGER_H
#define BELLHOP_POLICY_RULES_TRIGGER_H

#include "proto/bellhop/v1/decision.pb-c.h"

#include <stdbool.h>

/* In place of an event: the one with which a contact has both begun and a customer who is known. Above all bodies' numbers. */
enum { TRIGGER_CUSTOMER_KNOWN = 95 };
#define TRIGGER_CUSTOMER_KNOWN_NAME "customer.known"

struct trigger {
    WireEvent__BodyCase event; /* NOT_SET: `change` is meant */
    WireDecisionKind change;   /* of a case */
    bool is_narrowed;          /* to events whose kind is `kind` */
    int kind;
    bool is_delayed; /* `after_us` after the event, if what it began still goes on */
    int64_t after_us;
    const char *after; /* the same as it is written, "figures.hold_lead"; of the policy */
    uint32_t step;     /* among the delayed triggers of rules of this name */
};

/* By which events of one type are told apart: the value of the body's first enum; 0 when it has none. */
int trigger_kind_of(const WireEvent *event);
/* That enum; NULL: it has none. */
const ProtobufCFieldDescriptor *trigger_kind_field(const ProtobufCMessageDescriptor *body);

/* The change of a case that rules write as case.NAME; 0: none is called so. */
WireDecisionKind trigger_change_find(const char *name);
/* "climbed"; "" of what is no such change. */
const char *trigger_change_name(WireDecisionKind kind);

/* What the fold itself waits for: triggers of DEADLINE_PASSED, narrowed to its kind. */
struct moment {
    const char *name;  /* as rules write it */
    const char *words; /* for people */
    WireDeadlineKind kind;
};

/* NULL: none of this kind. */
const struct moment *trigger_moment(int kind);

const struct moment *trigger_moment_find(const char *name);

static inline bool trigger_is_closing(const struct trigger *trigger)
{
    return trigger->event == WIRE_EVENT__BODY_DEADLINE_PASSED &&
           trigger->kind == WIRE_DEADLINE_KIND__DIGEST_DUE;
}

#endif
