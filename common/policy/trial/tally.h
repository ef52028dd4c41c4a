/* tally: decisions counted twice, as they were and as they would have been, and the list behind each difference.
 *
 * A promise that was broken counts as one that would have been saved when somebody would have heard one word more
 * about it in time: advice as it was made, a reminder, a case. */
#ifndef BELLHOP_POLICY_TRIAL_TALLY_H
#define BELLHOP_POLICY_TRIAL_TALLY_H

#include "common/base/auto.h"
#include "common/base/bytes.h"
#include "proto/bellhop/v1/decision.pb-c.h"

#include <jansson.h>

enum tally_side { TALLY_BEFORE, TALLY_AFTER };

struct tally;

struct tally *tally_new(void);
void tally_free(struct tally *tally);
AUTO_FREE(tally)

/* Decisions about one event. What is of no interest to a shop (verdicts without advice, notices) is left out. */
void tally_add(struct tally *tally, enum tally_side side, const WireEvent *event,
               WireDecision *const *decisions, size_t count);

/* "+14 to the store manager, -9 to the district manager; 1,230.00 EUR more decided at the counter; 3 promises that would have
 * been saved": then a line for each
 * rule, and, with `most` above 0, at most so many items behind each. */
void tally_write(const struct tally *tally, size_t most, struct bytes *into);
/* The same as {"headline": …, "groups": [{"rule_id", "rule", "what", "before", "after", "list": […]}]}. */
json_t *tally_json(const struct tally *tally);

/* Nothing differs. */
bool tally_is_even(const struct tally *tally);

#endif
