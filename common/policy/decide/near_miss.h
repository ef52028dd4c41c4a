/* near_miss: a request that a limit of the counter's would have kept there, had it been a fifth larger. */
#ifndef BELLHOP_POLICY_DECIDE_NEAR_MISS_H
#define BELLHOP_POLICY_DECIDE_NEAR_MISS_H

#include "common/policy/decide/authority.h"

/* `level` is the counter's, which could not decide the request: the proof names the limit, if there is one. Of a yes that
 * is cheaper than a no the sum and the cap are limits too. What comes late would not have been granted there. */
void near_miss_show(struct deciding *deciding, unsigned level, const struct authority_request *request,
                    WireProof *proof);

#endif
