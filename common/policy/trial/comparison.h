/* comparison: a policy, and others made from it, over the same recorded past: what each change alone would have made
 * different. Several are judged in one walk. */
#ifndef BELLHOP_POLICY_TRIAL_COMPARISON_H
#define BELLHOP_POLICY_TRIAL_COMPARISON_H

#include "common/policy/load/setting.h"
#include "common/policy/trial/backtest.h"
#include "common/policy/trial/candidate.h"
#include "common/policy/trial/worth.h"

struct comparison;

/* The policy as it stands. `heard`, `looked` and `owner` of the options are the comparison's own. NULL and why: it cannot be
 * loaded. */
struct comparison *comparison_new(const struct backtest_options *options, char why[static WHY_SIZE]);
void comparison_free(struct comparison *comparison);
AUTO_FREE(comparison)

/* Before the walk: the policy with these changes. False and why: it cannot be changed so. */
bool comparison_add(struct comparison *comparison, const struct setting_change *changes, size_t count,
                    char why[static WHY_SIZE]);
size_t comparison_count(const struct comparison *comparison);

/* Before the walk: whatever lies near a figure or limit of the policy as it stands is noted; `candidates` is borrowed. */
void comparison_watch(struct comparison *comparison, struct candidates *candidates);

/* Before the walk: a deadline that is in the log. */
void comparison_logged(struct comparison *comparison, const WireEvent *event);
/* The next event of the log, and what was decided. 0, or -EINVAL and why. */
int comparison_event(struct comparison *comparison, const WireLoggedEvent *record, const WireEvent *event,
                     WireDecision *const *decisions, size_t count, char why[static WHY_SIZE]);

/* Of the change that was added at `index`, beside the policy as it stands. */
const struct tally *comparison_tally(const struct comparison *comparison, size_t index);
struct worth_sum comparison_worth(const struct comparison *comparison, size_t index);
/* Events judged; of them, those that happened in a store that counts. */
uint64_t comparison_judged(const struct comparison *comparison);
uint64_t comparison_told(const struct comparison *comparison);

#endif
