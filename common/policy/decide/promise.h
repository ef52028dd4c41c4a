/* promise: what events and time conclude about promises. What is written down is decided by the rules: see `record`. */
#ifndef BELLHOP_POLICY_DECIDE_PROMISE_H
#define BELLHOP_POLICY_DECIDE_PROMISE_H

#include "common/policy/decide/deciding.h"

/* What a promise event is about, before any rule looks at it. */
void promise_conclude(struct deciding *deciding);
/* Somebody need no longer come because of it. */
void promise_overtake(struct deciding *deciding);
/* The event may endanger promises: rules that ask for one look at each that it does. */
bool promise_is_endangered_by(const WireEvent *event);
typedef void promise_look(struct deciding *deciding, const struct rule *rule, const struct trigger *trigger);
void promise_each_in_danger(struct deciding *deciding, const struct rule *rule, const struct trigger *trigger,
                            promise_look *look);
/* A time of a promise has passed: it is reminded of, or broken. False: of a round that is over. */
bool promise_come_due(struct deciding *deciding, const WireDeadlinePassed *passed);
/* Write the promise down as it is now, if it has changed. */
void promise_record(struct deciding *deciding, const struct rule *rule);
/* The lowest level that can deliver it, above the counter, and, where it has a worth, the proof. */
unsigned promise_level(struct deciding *deciding, WireProof **ret_proof);

#endif
