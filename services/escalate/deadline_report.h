/* deadline_report: what persist is told of the open deadlines with each batch of decisions, so that the database knows them
 * while no escalate is there to notice them. Pure. */
#ifndef BELLHOP_ESCALATE_DEADLINE_REPORT_H
#define BELLHOP_ESCALATE_DEADLINE_REPORT_H

#include "common/policy/state/fold_deadline.h"

#include "proto/bellhop/v1/append.pb-c.h"

enum { DEADLINE_REPORT_MOST = 10000 }; /* in one batch; further ones go with the next */

struct deadline_report {
    uint64_t run; /* of the fold's numbers: random, from 1 */
    bool has_told_all;
};

void deadline_report_init(struct deadline_report *report);

/* Fill the message with what has changed in the fold. It borrows from the fold, until that is changed, and from the arena,
 * where this takes DEADLINE_REPORT_MOST descriptions at most. */
void deadline_report_write(struct deadline_report *report, struct fold *fold, struct arena *arena,
                           WireDecisionBatch *message);

#endif
