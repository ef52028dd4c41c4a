/* candidate: single changes that are worth trying: figures and limits near which much of the log lies.
 *
 * What a figure would have had to be, for a condition to come out otherwise, is noted while the log is judged by the policy
 * as it stands: for figures from the comparisons of the rules' conditions, and from waits that ended before a limit or after
 * it; for the ladder from the proofs of what went to a level above, and from how long cases waited to be taken. Of what
 * lies within half and twice the figure, the nearest quarter and the nearest half are tried, on either side. */
#ifndef BELLHOP_POLICY_TRIAL_CANDIDATE_H
#define BELLHOP_POLICY_TRIAL_CANDIDATE_H

#include "common/policy/decide/decide.h"
#include "common/policy/load/setting.h"
#include "common/policy/rules/look.h"
#include "common/policy/trial/worth.h"

enum { CANDIDATES_MOST = 24 };

enum candidate_unit { CANDIDATE_DURATION, CANDIDATE_NUMBER, CANDIDATE_MONEY };

struct candidate {
    struct setting_change change;
    enum candidate_unit unit;
    int64_t was, value; /* microseconds, whole numbers or minor units of the policy's first currency */
};

struct candidates;

/* `policy` is the one that stands; borrowed. */
struct candidates *candidates_new(const struct policy *policy);
void candidates_free(struct candidates *candidates);
AUTO_FREE(candidates)

void candidates_look(struct candidates *candidates, const struct rule_look *look);
/* What was concluded from an event; the fold is as it was before it. */
void candidates_hear(struct candidates *candidates, const struct fold *fold, const WireEvent *event,
                     const struct decisions *decisions);

/* One figure or limit near which something lay: what it is, and what it would have had to be. */
void candidates_note(struct candidates *candidates, const char *name, enum candidate_unit unit, int64_t was,
                     int64_t needed);

/* The most promising first; how many there are. */
size_t candidates_choose(const struct candidates *candidates,
                         struct candidate ret_candidates[static CANDIDATES_MOST]);

/* --- suggestions: of what was tried, what is worth talking about --- */

enum { SUGGESTIONS_MOST = 5 };

/* The places of those that make something better, the best of each figure and direction, by what they would be worth. */
size_t candidates_suggest(const struct candidate *candidates, const struct worth_sum *worths, size_t count,
                          size_t ret_places[static SUGGESTIONS_MOST]);

/* "The figure \"hold lead\" would be 6 min instead of 5 min." */
void candidate_write(const struct candidate *candidate, const struct policy *policy, struct bytes *into);

#endif
