/* case_reader: cases and follow-ups as they stand. Rules for all questions: database.h.
 *
 * A row is read as the latest decision about it: a WireDecision whose body is the whole Case (or FollowUp).
 */
#ifndef BELLHOP_STORE_READ_CASE_READER_H
#define BELLHOP_STORE_READ_CASE_READER_H

#include "common/store/read/decision_reader.h"

/* Cases that are open or acknowledged, in order of their opening id, after `after` ("" is from the first).
 * The next page goes after the last escalation_id of this one. `upto` of a page is the cursor it was read at.
 */
void case_read_open(struct database *database, const char *after, uint32_t most, decision_page_read *read,
                    void *owner);

/* One case, whatever its state; count is 0 when there is none. */
void case_read(struct database *database, const char *escalation_id, decision_page_read *read, void *owner);

/* Follow-ups that are open or overdue, likewise. */
void follow_up_read_open(struct database *database, const char *after, uint32_t most,
                         decision_page_read *read, void *owner);

#endif
