/* stored_check: are the decisions that are stored for a batch those that were sent?
 *
 * A connection may end between the commit and its answer. The batch is then sent again and refused, for the
 * cursor has passed it; only the stored bytes show whether they are this batch's or another instance's. */
#ifndef BELLHOP_ESCALATE_STORED_CHECK_H
#define BELLHOP_ESCALATE_STORED_CHECK_H

#include "common/base/auto.h"
#include "common/store/read/database.h"
#include "services/escalate/decider.h"

struct stored_check;

/* `is_known` is false when the database could not be asked. */
typedef void stored_checked(void *owner, bool is_known, bool is_same);

struct stored_check *stored_check_new(struct database *database, stored_checked *checked, void *owner);
void stored_check_free(struct stored_check *check);
AUTO_FREE(stored_check)

/* One at a time; false when one is on its way. */
bool stored_check_start(struct stored_check *check, const struct decided_batch *batch);
void stored_check_stop(struct stored_check *check);

#endif
