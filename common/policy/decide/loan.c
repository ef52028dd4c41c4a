/* loan: authority that is lent, taken back, and used. */
#include "common/policy/decide/loan.h"

#include "common/base/text.h"
#include "common/policy/phrase/phrase.h"
#include "common/wire/set.h"

/* --- used --- */

/* How far it reaches now: the level that was lent, if the lender still has it. */
static unsigned level_of(const struct deciding *deciding, const struct policy *policy, const char *store_id,
                         const struct loan *loan)
{
    unsigned lent = ladder_place(&policy->ladder, loan->role);
    int most = roster_level(deciding->fold, &policy->ladder, store_id, loan->lender, deciding->occurrence.at);
    if (most == ROSTER_NOT_GIVEN && deciding_is_on_duty(deciding, store_id, loan->lender))
        most = (int)deciding_level_of(deciding, policy, store_id, loan->lender);
    return most != ROSTER_NOT_GIVEN && (unsigned)most < lent ? (unsigned)most : lent;
}

static bool is_usable(const struct deciding *deciding, const struct loan *loan, const char *except)
{
    return loan_holds(loan, deciding->occurrence.at, deciding->is_drill) &&
           !(except && text_equal(loan->lender, except));
}

bool loan_reaches(const struct deciding *deciding, const struct policy *policy, const char *store_id,
                  const char *employee_id, unsigned from, const char *except, struct loan_use *ret_use)
{
    const struct loans *loans = loans_of(deciding->fold, store_id, employee_id);
    struct loan_use lowest = {.lender = NULL};
    for (unsigned i = 0; loans && i < loans->count; i++) {
        if (!is_usable(deciding, &loans->items[i], except))
            continue;
        unsigned level = level_of(deciding, policy, store_id, &loans->items[i]);
        if (level && level >= from && (!lowest.lender || level < lowest.level))
            lowest = (struct loan_use){.lender = loans->items[i].lender, .level = level};
    }
    *ret_use = lowest;
    return lowest.lender != NULL;
}

/* Of one loan; its line is added to the proof. */
static bool covers(struct deciding *deciding, const struct policy *policy,
                   const struct authority_request *request, const char *employee_id,
                   const struct loan_use *use, WireProof *proof)
{
    WireProofLevel *entry = deciding_allocate(deciding, sizeof *entry);
    if (!entry)
        return false;
    bool is_enough = authority_covers(deciding, policy, use->level, request, use->lender, entry);
    entry->employee_id = (char *)employee_id;
    entry->lent_by = deciding_keep(deciding, use->lender);
    if (proof)
        proof->levels[proof->n_levels++] = entry;
    return is_enough;
}

bool loan_covers(struct deciding *deciding, const struct policy *policy,
                 const struct authority_request *request, const char *employee_id, unsigned from,
                 const char *except, WireProof *proof, struct loan_use *ret_use)
{
    const struct loans *loans = loans_of(deciding->fold, request->store_id, employee_id);
    *ret_use = (struct loan_use){.lender = NULL};
    for (unsigned level = from ? from : 1; loans && level < policy->ladder.count; level++)
        for (unsigned i = 0; i < loans->count; i++) {
            struct loan_use use = {.lender = loans->items[i].lender, .level = level};
            if (!is_usable(deciding, &loans->items[i], except) ||
                level_of(deciding, policy, request->store_id, &loans->items[i]) != level)
                continue;
            if (covers(deciding, policy, request, employee_id, &use, proof)) {
                *ret_use = use;
                return true;
            }
        }
    return false;
}

/* --- lent and taken back --- */

/* What whoever lends or takes back is told; `reason` NULL: it is done. */
static void tell(struct deciding *deciding, const char *reason, const char *sentence)
{
    WireActResult *result = deciding_allocate(deciding, sizeof *result);
    if (!result)
        return;
    *result = (WireActResult)WIRE_ACT_RESULT__INIT;
    result->reason = (char *)reason;
    result->sentence = (char *)sentence;
    deciding->telling.act = result;
}

static void refuse(struct deciding *deciding, const char *reason, const char *sentence)
{
    WireActRefused *body = deciding_allocate(deciding, sizeof *body);
    WireDecision *decision = body ? deciding_add(deciding, WIRE_DECISION_KIND__ACT_REFUSED, NULL) : NULL;
    if (!decision)
        return;
    *body = (WireActRefused)WIRE_ACT_REFUSED__INIT;
    body->reason = (char *)reason;
    body->sentence = (char *)sentence;
    decision->body_case = WIRE_DECISION__BODY_ACT_REFUSED;
    decision->act_refused = body;
    decision->audience = deciding->occurrence.event->employee_id;
    tell(deciding, reason, sentence);
}

static void change(struct deciding *deciding, const char *state, const char *borrower, const struct loan *now)
{
    WireLoan *body = deciding_allocate(deciding, sizeof *body);
    WireDecision *decision =
        body ? deciding_add(deciding, WIRE_DECISION_KIND__AUTHORITY_CHANGED, NULL) : NULL;
    if (!decision)
        return;
    *body = (WireLoan)WIRE_LOAN__INIT;
    body->lender = (char *)now->lender;
    body->borrower = (char *)borrower;
    body->store_id = (char *)deciding->store_id;
    body->state = (char *)state;
    body->role = deciding_keep(deciding, now->role);
    if (now->from_at)
        WIRE_SET(body, from_at, now->from_at);
    WIRE_SET(body, until_at, now->until_at);
    WIRE_SET(body, changed_at, now->changed_at);
    WIRE_SET(body, drill, deciding->is_drill);
    WIRE_SET(body, late, deciding->is_late);
    body->day = deciding_day(deciding, deciding->store_id, deciding->occurrence.at);
    decision->body_case = WIRE_DECISION__BODY_LOAN;
    decision->loan = body;
    decision->subject_id = body->borrower;
    decision->audience = body->borrower;
    deciding->loan = body;
}

static char *lent_sentence(struct deciding *deciding, const char *borrower, const struct loan *lent)
{
    AUTO_CLEAR(bytes) sentence = {0};
    bytes_append_format(&sentence, "%s may decide what you may as ", borrower);
    phrase_name(lent->role, &sentence);
    bytes_append_text(&sentence, " until ");
    phrase_time(deciding->policy, deciding->store_id, lent->until_at, &sentence);
    bytes_append_text(&sentence, ".");
    return deciding_keep(deciding, bytes_text(&sentence));
}

/* The level that is lent: the lender's own, or a lower one that they name. -1: refused. */
static int level_lent(struct deciding *deciding, const WireAuthorityLent *lent)
{
    const struct policy *policy = deciding->policy;
    const char *lender = deciding->occurrence.event->employee_id;
    unsigned own = deciding_highest_of(deciding, policy, deciding->store_id, lender);
    int level = lent->role ? ladder_find(&policy->ladder, lent->role) : (int)own;
    if (level < 0 || level > (int)own) {
        refuse(deciding, "beyond_role", "Whoever lends names a role that is higher than the one they have.");
        return -1;
    }
    if (!level) {
        refuse(deciding, "nothing_to_lend",
               "There is nothing to lend: neither a roster nor duty gives whoever lends a level above the "
               "lowest here, and "
               "what is borrowed is not lent on.");
        return -1;
    }
    return level;
}

static void lend(struct deciding *deciding, const WireAuthorityLent *lent)
{
    const char *lender = deciding->occurrence.event->employee_id;
    const struct loans *loans = loans_of(deciding->fold, deciding->store_id, lent->to_employee_id);
    const struct loan *before = loan_find(loans, lender, deciding->is_drill);
    int64_t at = deciding->occurrence.at;
    struct loan now = {.lender = lender,
                       .from_at = lent->has_from_at && lent->from_at > at ? lent->from_at : at,
                       .until_at = lent->until_at,
                       .changed_at = at};
    if (text_equal(lender, lent->to_employee_id)) {
        refuse(deciding, "to_oneself", "Nobody lends to themselves.");
        return;
    }
    int level = level_lent(deciding, lent);
    if (level < 0)
        return;
    now.role = deciding->policy->ladder.levels[level].role;
    if (now.until_at <= now.from_at) {
        refuse(deciding, "ended", "It would be over before it begins.");
    } else if (before && before->changed_at > at) {
        refuse(deciding, "ended", "Meanwhile it was lent anew, or taken back.");
    } else if (!before && loans_are_full(loans, deciding->occurrence.recorded_at)) {
        refuse(deciding, "too_many",
               "More is lent to them than one can keep apart: take something back first.");
    } else {
        bool is_same = before && before->role && text_equal(before->role, now.role) &&
                       before->until_at == now.until_at &&
                       (lent->has_from_at ? before->from_at == now.from_at : loan_holds(before, at, true));
        if (!is_same)
            change(deciding, "lent", lent->to_employee_id, &now);
        tell(deciding, NULL, lent_sentence(deciding, lent->to_employee_id, &now));
    }
}

/* Also of what was never lent: its lending may be told after it. */
static void reclaim(struct deciding *deciding, const WireAuthorityReclaimed *reclaimed)
{
    const char *lender = deciding->occurrence.event->employee_id;
    const struct loans *loans = loans_of(deciding->fold, deciding->store_id, reclaimed->to_employee_id);
    const struct loan *before = loan_find(loans, lender, deciding->is_drill);
    int64_t at = deciding->occurrence.at;
    bool is_known = before && before->role && before->changed_at <= at;
    if (before && (before->changed_at > at || before->until_at <= at)) {
        tell(deciding, NULL, "It had ended already, or was lent anew since.");
        return;
    }
    if (!before && loans_are_full(loans, deciding->occurrence.recorded_at)) {
        tell(deciding, NULL, "Nothing is lent to them.");
        return;
    }
    struct loan now = {.lender = lender,
                       .role = is_known ? before->role : NULL,
                       .from_at = is_known ? before->from_at : 0,
                       .until_at = at,
                       .changed_at = at};
    change(deciding, "reclaimed", reclaimed->to_employee_id, &now);
    tell(deciding, NULL, is_known ? "It is taken back." : "Nothing was lent to them.");
}

void loan_conclude(struct deciding *deciding)
{
    const WireEvent *event = deciding->occurrence.event;
    if (event->body_case == WIRE_EVENT__BODY_AUTHORITY_LENT)
        lend(deciding, event->authority_lent);
    if (event->body_case == WIRE_EVENT__BODY_AUTHORITY_RECLAIMED)
        reclaim(deciding, event->authority_reclaimed);
}
