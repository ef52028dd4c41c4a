/* holding: what tests do with all that a fold holds, and no program does. */
#ifndef BELLHOP_TESTS_SUPPORT_HOLDING_H
#define BELLHOP_TESTS_SUPPORT_HOLDING_H

#include "common/policy/state/fold.h"

/* A snapshot, appended in one piece. */
void holding_write(const struct fold *fold, struct bytes *into);

/* Deadlines that were given out and whose event was not applied will be given out again. */
void holding_due_again(struct fold *fold);

#endif
