/* case_reader: cases and follow-ups as they stand. Rules for all questions: database.h.
 *
 * A row is returned as the latest decision about it: a WireDecision whose body is the whole Case (or FollowUp). */
#ifndef BELLHOP_STORE_READ_CASE_READER_H
#define BELLHOP_STORE_READ_CASE_READER_H

#include "common/store/read/decision_reader.h"

/* Cases that are open or acknowledged, in order of their opening id, beginning after `after` ("": with the first).
 * The next page begins after the last escalation_id of this one. A page's `upto` is the cursor at which it was read. */
void case_read_open(struct database *database, const char *after, uint32_t most, decision_page_read *read,
                    void *owner);

/* One case in any state; `count` is 0 if there is none. */
void case_read(struct database *database, const char *escalation_id, decision_page_read *read, void *owner);

/* The same for follow-ups that are open or overdue. */
void case_read_open_follow_ups(struct database *database, const char *after, uint32_t most,
                               decision_page_read *read, void *owner);

#endif
