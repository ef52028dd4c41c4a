/* deadline_clock: when a deadline of the fold has passed, appends the event that says so.
 *
 * It runs only while this instance decides and has reached the head of the log: an event it has not read yet
 * may make a deadline void. After an outage it waits a grace longer, so that those who were cut off can come
 * back. The events' ids are derived from what they say: appending one twice is harmless. */
#ifndef BELLHOP_ESCALATE_DEADLINE_CLOCK_H
#define BELLHOP_ESCALATE_DEADLINE_CLOCK_H

#include "common/base/auto.h"
#include "common/policy/state/fold_deadline.h"
#include "common/service/persist_link.h"

struct deadline_clock;

struct deadline_clock *deadline_clock_new(struct loop *loop, struct persist_link *persist, int64_t grace_ms);
void deadline_clock_free(struct deadline_clock *clock);
AUTO_FREE(deadline_clock)

/* Run over the deadlines of `fold`, which stays where it is; NULL: stop. Call it after each change of the fold,
 * and whenever it reaches the head of the log or falls behind (`is_at_head`). */
void deadline_clock_set(struct deadline_clock *clock, struct fold *fold, bool is_at_head);

/* There was an outage: the grace begins when the head is next reached. */
void deadline_clock_outage(struct deadline_clock *clock);

/* An answer to an append. False: it was not this clock's. */
bool deadline_clock_appended(struct deadline_clock *clock, const WireAppendResult *result);

/* Set the health of the deadlines, every second or so: one may have passed unnoticed. */
void deadline_clock_check(struct deadline_clock *clock);

#endif
