/* proposal: the policy that is proposed to a log without one: the shipped policy, or a file.
 *
 * It is loaded on trial first, so that a mistake is found at the start, with its place. */
#ifndef BELLHOP_ESCALATE_PROPOSAL_H
#define BELLHOP_ESCALATE_PROPOSAL_H

#include "common/base/auto.h"
#include "common/base/uuid.h"
#include "common/service/persist_link.h"

struct proposal;

/* From the file at `path`, or with "" the shipped one. NULL when it has mistakes: each is logged with line and
 * column. */
struct proposal *proposal_load(const char *path);
void proposal_free(struct proposal *proposal);
AUTO_FREE(proposal)

/* The event that proposes it, with a new id; it borrows from both. */
WireEvent proposal_event(const struct proposal *proposal, int64_t now_us, struct uuid *ret_id);

/* Propose it, the first time this is called. */
void proposal_send(struct proposal *proposal, struct persist_link *persist);

/* Persist's answer to an append; ignored when it was another one. */
void proposal_appended(struct proposal *proposal, const WireAppendResult *result);

#endif
