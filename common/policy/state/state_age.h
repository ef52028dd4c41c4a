/* state_age: forgetting, by age and by caps. Ages are by the record's clock, so every run forgets the same. */
#ifndef BELLHOP_POLICY_STATE_STATE_AGE_H
#define BELLHOP_POLICY_STATE_STATE_AGE_H

#include "common/policy/state/state.h"

/* An age of what rules look back at, with the longest time they may. */
static inline int64_t state_age_us(const struct fold *fold, int64_t age_ms)
{
    int64_t longest_us = fold->longest_us + 86400 * INT64_C(1000000); /* to its edge */
    return age_ms * 1000 > longest_us ? age_ms * 1000 : longest_us;
}

/* Forget what is too old by the record's clock, and what is beyond a cap. */
void state_age(struct fold *fold);
/* Free everything. */
void state_clear(struct fold *fold);

#endif
