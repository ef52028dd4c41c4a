/* older_engine: takes decisions away and changes what cases, follow-ups, remedies and promises say. */
#include "tests/support/older_engine.h"

#include <string.h>

static const int64_t minute_us = 60 * INT64_C(1000000);

static bool one_in(struct turmoil *chance, int64_t many)
{
    return turmoil_any(chance, many) == 0;
}

static void change_case(WireDecisionKind kind, WireCase *body, struct turmoil *chance)
{
    static const char *const roles[] = {"associate",        "shift_lead",  "store_manager",
                                        "district_manager", "head_office", "regional_director"};
    if (one_in(chance, 3))
        body->role = (char *)roles[turmoil_any(chance, 6)];
    if (one_in(chance, 4))
        body->severity = (WireSeverity)(1 + turmoil_any(chance, 4));
    if (body->has_due_at && one_in(chance, 3))
        body->due_at += turmoil_any(chance, 90) * minute_us;
    else if (one_in(chance, 6))
        body->has_due_at = false;
    if (kind == WIRE_DECISION_KIND__CASE_OPENED && one_in(chance, 5))
        body->rule = "retired-rule";
}

static void change_follow_up(WireFollowUp *body, struct turmoil *chance)
{
    if (one_in(chance, 3))
        body->owner = one_in(chance, 2) ? "emil" : NULL;
    if (body->has_due_at && one_in(chance, 3))
        body->due_at += turmoil_any(chance, 600) * minute_us;
}

static void change_remedy(WireRemedy *body, struct turmoil *chance)
{
    static const char *const states[] = {"requested", "reserved", "granted", "refused", "withdrawn"};
    if (one_in(chance, 3))
        body->state = (char *)states[turmoil_any(chance, 5)];
    if (one_in(chance, 3))
        body->charged_to = one_in(chance, 2) ? "dora" : NULL;
    if (body->amount && one_in(chance, 3))
        body->amount->minor /= 2;
}

static void change_promise(WirePromise *body, struct turmoil *chance)
{
    if (one_in(chance, 3))
        body->owner = one_in(chance, 2) ? "ben" : NULL;
    if (one_in(chance, 3))
        body->due_at += (turmoil_any(chance, 600) - 200) * minute_us;
}

static void change(WireDecision *decision, struct turmoil *chance)
{
    decision->engine_version = OLDER_ENGINE_VERSION;
    if (decision->body_case == WIRE_DECISION__BODY_CASE)
        change_case(decision->kind, decision->case_, chance);
    else if (decision->body_case == WIRE_DECISION__BODY_FOLLOW_UP)
        change_follow_up(decision->follow_up, chance);
    else if (decision->body_case == WIRE_DECISION__BODY_REMEDY)
        change_remedy(decision->remedy, chance);
    else if (decision->body_case == WIRE_DECISION__BODY_PROMISE)
        change_promise(decision->promise, chance);
}

void older_engine_decides(struct decisions *decisions, struct turmoil *chance)
{
    size_t kept = 0;
    for (size_t i = 0; i < decisions->count; i++) {
        WireDecision *decision = decisions->items[i];
        bool is_of_policy = decision->body_case == WIRE_DECISION__BODY_POLICY;
        change(decision, chance);
        if (is_of_policy || !one_in(chance, 6))
            decisions->items[kept++] = decision;
    }
    decisions->count = kept;
}
