/* older_engine: decisions as another version of the fold would have made them: some missing, some otherwise.
 *
 * Each is still one that a fold could make of the event; what it says differs from what ours says. */
#ifndef BELLHOP_TESTS_SUPPORT_OLDER_ENGINE_H
#define BELLHOP_TESTS_SUPPORT_OLDER_ENGINE_H

#include "common/policy/decide/decide.h"
#include "common/policy/state/fold.h"
#include "tests/support/turmoil.h"

enum { OLDER_ENGINE_VERSION = ENGINE_VERSION - 1 };

/* Change them in place. */
void older_engine_decides(struct decisions *decisions, struct turmoil *chance);

#endif
