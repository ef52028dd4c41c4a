/* state_age: forgetting, by age and by caps. Ages are by the record's clock, so every run forgets the same. */
#ifndef BELLHOP_POLICY_STATE_STATE_AGE_H
#define BELLHOP_POLICY_STATE_STATE_AGE_H

#include "common/policy/state/state.h"

/* Forget what is too old by the record's clock, and what is beyond a cap. */
void state_age(struct fold *fold);
/* Free everything. */
void state_clear(struct fold *fold);

#endif
