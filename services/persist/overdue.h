/* overdue: asks the database which deadlines nobody has noticed, and says so in a metric and in health. escalate says the
 * same of what it holds; this says it also while escalate is away. */
#ifndef BELLHOP_PERSIST_OVERDUE_H
#define BELLHOP_PERSIST_OVERDUE_H

#include "common/base/auto.h"
#include "common/loop/loop.h"
#include "services/persist/config.h"

struct overdue;
struct overdue *overdue_open(struct loop *loop, const struct persist_config *config);
void overdue_free(struct overdue *overdue);
AUTO_FREE(overdue)

#endif
