/* story: events and expectations as they are written in a test of a policy.
 *
 *   policy: ../retail.yaml
 *   defaults: { store_id: harbour, employee_id: anna }  # for every event that, and whose case, does not say otherwise
 *   cases:
 *   - name: F2 hold, five minutes go to the shift lead
 *     begin: 2026-03-02T10:00:00Z          # the clock at the beginning; this is the default
 *     interaction_id: i1                   # likewise of one case: store_id, interaction_id, employee_id, customer_id,
 *                                          # source, drill
 *     events:
 *     - at: 10:00                          # of the day it begins, or 2026-03-03T10:00:00Z, or +5m after the one before
 *       wait_started: { kind: HOLD }       # the body by its name, its fields as in proto/bellhop/v1/event.proto
 *     - at: 11:00
 *       happened: 10:20                    # late: it was sent when it was recorded
 *       remedy_requested: { remedy_id: r1, kind: REFUND, amount: 40.00 EUR }
 *     - at: 11:30                          # another policy: the one under test with single changes
 *       policy_proposed: { name: more, set: [figures.hold_lead=240s], reason: "Too many hung up." }
 *     until: 12:00                         # the clock goes on to here
 *     expect:
 *     - { at: 10:05, rule: hold, kind: CASE_OPENED, role: shift_lead, severity: HIGH }
 *     nothing_else: true
 *
 * $case, $round and $follow_up stand for the case and the follow-up that were heard of last. */
#ifndef BELLHOP_POLICY_TRIAL_STORY_H
#define BELLHOP_POLICY_TRIAL_STORY_H

#include "common/policy/load/document.h"
#include "common/policy/trial/trial_policy.h"
#include "proto/bellhop/v1/event.pb-c.h"

#include <jansson.h>

/* The clock of a story, and what it was last told of. */
struct story_moment {
    int64_t begins_at, before; /* midnight of the day it begins is what 10:05 is counted from */
    const char *escalation_id, *follow_up_id;
    unsigned round;
    const struct trial_policy *policy; /* it is told to */
};

/* False with a finding. */
bool story_time(const struct node *node, const struct story_moment *moment, struct policy_findings *findings,
                int64_t *ret_at);

/* What an event leaves out is taken from its case, then from its file; `file` may be NULL. */
struct story_defaults {
    struct node *own, *file;
};

/* The event of an entry. NULL with a finding. */
WireEvent *story_event(struct node *entry, const struct story_defaults *defaults,
                       const struct story_moment *moment, struct arena *arena,
                       struct policy_findings *findings);

/* Whether what is expected is in what is there: each value that is named, the rest does not count. Names that are none
 * of the decision's own are looked for in its body. `at` is the decision's moment. */
bool story_matches(const struct node *expected, const json_t *decision, int64_t at,
                   const struct story_moment *moment);

#endif
