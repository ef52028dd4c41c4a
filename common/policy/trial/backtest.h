/* backtest: another policy over the recorded log, by its recorded clock, beside what was decided.
 *
 * Open deadlines pass when the recorded clock passes them, except those that were logged later, which pass where they
 * were logged; logged ones that are not open are ignored. What people did is done to the case of the same interaction,
 * rule and subject. A case or follow-up that no human ever saw, because it was not opened then, counts, and its clocks
 * do not run. With the policy that was in force, every decision is the recorded one. */
#ifndef BELLHOP_POLICY_TRIAL_BACKTEST_H
#define BELLHOP_POLICY_TRIAL_BACKTEST_H

#include "common/policy/decide/decide.h"
#include "common/policy/trial/tally.h"

struct backtest;

/* An event was judged, and this is concluded; the fold is as it was before. Gone when the call returns. */
typedef void backtest_heard(void *owner, const WireEvent *event, const struct decisions *decisions);

struct backtest_options {
    struct slice document; /* the policy; borrowed */
    WireZoneTable *const *zones;
    size_t zone_count;
    int64_t since;        /* from here on it is in force; 0: from the first policy on */
    const char *store_id; /* only what is of this store counts; NULL: everything */
    int64_t
        patience_us; /* above 0: what will be logged is not known yet, a deadline waits so long for its place */
    const struct backtest *like; /* whose logged deadlines it shares; NULL: it is told its own */
    backtest_heard *heard;       /* instead of its own tally; NULL: nobody else counts */
    rule_looked *looked;         /* NULL: nobody asks */
    void *owner;                 /* of both */
};

/* NULL and why: it cannot be loaded. */
struct backtest *backtest_new(const struct backtest_options *options, char why[static WHY_SIZE]);
void backtest_free(struct backtest *backtest);
AUTO_FREE(backtest)

/* Before the walk: a deadline that is in the log. */
void backtest_logged(struct backtest *backtest, const WireEvent *event);

/* The next event of the log, and what was decided. 0, or -EINVAL and why. */
int backtest_event(struct backtest *backtest, const WireLoggedEvent *record, const WireEvent *event,
                   WireDecision *const *decisions, size_t count, char why[static WHY_SIZE]);

/* What was concluded from the event just given, where the policy is in force. */
const struct decisions *backtest_decisions(const struct backtest *backtest);

const struct tally *backtest_tally(const struct backtest *backtest);
const struct fold *backtest_fold(const struct backtest *backtest);
/* Events judged. */
uint64_t backtest_judged(const struct backtest *backtest);

#endif
