/* state_set: entries that are what a stored message says. */
#include "common/policy/state/state_set.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/load/policy_load.h"
#include "common/policy/state/attendance.h"
#include "common/policy/state/attention.h"
#include "common/policy/state/entry.h"
#include "common/policy/state/policy_begin.h"
#include "common/wire/wire.h"

#include <errno.h>

void state_set_escalation(struct fold *fold, const WireCase *body, bool is_muted)
{
    struct escalation *escalation = state_make_escalation(fold, body);
    const struct rule *rule = rule_find_escalating(escalation->policy, body->rule);
    entry_repack(fold, &body->base, &escalation->packed, &escalation->packed_size);
    escalation->ends_with =
        rule ? (enum cause_end)rule->actions[ACTION_ESCALATE].ends_with : ENDS_WITH_NOTHING;
    escalation->state = escalation_state_find(body->state);
    escalation->severity = (int)body->severity;
    escalation->round = body->round;
    escalation->is_silenced = body->silenced;
    int level = body->role ? ladder_find(&escalation->policy->ladder, body->role) : -1;
    escalation->role = level < 0 ? "" : escalation->policy->ladder.levels[level].role;
    escalation->is_drill = body->drill;
    escalation->is_muted = is_muted;
    if (rule && rule->actions[ACTION_ESCALATE].goes_on.program && escalation_is_live(escalation->state))
        attention_join_case(fold, escalation, body);
    escalation->changed_at = body->changed_at;
    name_own(&fold->names, &escalation->customer, body->customer_id);
    if (!escalation_is_live(escalation->state)) {
        escalation_end(fold, escalation);
        return;
    }
    if (body->has_due_at)
        deadline_set(&fold->deadlines, &escalation->deadline, body->due_at);
    else
        deadline_stop(&fold->deadlines, &escalation->deadline);
    attendance_watch(fold, escalation);
}

void state_set_follow_up(struct fold *fold, const WireFollowUp *body)
{
    struct follow_up *follow_up = state_follow_up(fold, body->follow_up_id);
    bool is_open = text_equal(body->state, "open");
    if (!is_open && !text_equal(body->state, "overdue")) {
        if (follow_up)
            follow_up_drop(fold, follow_up);
        return;
    }
    follow_up = state_make_follow_up(fold, body);
    entry_repack(fold, &body->base, &follow_up->packed, &follow_up->packed_size);
    follow_up->kind = (int)body->kind;
    follow_up->is_drill = body->drill;
    name_own(&fold->names, &follow_up->interaction, body->customer_id ? NULL : body->interaction_id);
    follow_up->is_overdue = !is_open;
    name_set(&fold->names, &follow_up->waits_for, body->waits ? body->owner : NULL);
    list_remove(&follow_up->in_waiting);
    if (follow_up->waits_for)
        list_append(&fold->waiting_follow_ups, &follow_up->in_waiting);
    if (!body->has_due_at)
        deadline_stop(&fold->deadlines, &follow_up->deadline);
    else
        deadline_set(&fold->deadlines, &follow_up->deadline,
                     body->due_at + (is_open ? 0 : follow_up->policy->overdue_lead_after_us));
}

int state_add_policy(struct fold *fold, const WirePolicyProposed *proposed, uint64_t version,
                     int64_t active_at, char why[static WHY_SIZE])
{
    AUTO_TEXT char *memory = memory_allocate(sizeof(struct policy_findings));
    struct policy_findings *findings = (struct policy_findings *)(void *)memory;
    struct policy *policy = policy_load(slice_of(proposed->document.data, proposed->document.len),
                                        proposed->zones, proposed->n_zones, version, findings);
    if (!policy) {
        text_format(why, WHY_SIZE, "the accepted policy at %llu cannot be loaded: line %u, column %u: %s",
                    (unsigned long long)version, findings->items[0].line, findings->items[0].column,
                    findings->items[0].sentence);
        return -EINVAL;
    }
    fold->policies = memory_resize_array(fold->policies, fold->policy_count + 1, sizeof *fold->policies);
    struct accepted_policy *accepted = &fold->policies[fold->policy_count++];
    *accepted = (struct accepted_policy){.policy = policy, .active_at = active_at};
    if (fold->longest_us < policy->longest_us)
        fold->longest_us = policy->longest_us;
    entry_repack(fold, &proposed->base, &accepted->proposal, &accepted->proposal_size);
    accepted->reason = memory_copy_text(proposed->reason);
    accepted->proposed_by = memory_copy_text(proposed->proposed_by);
    policy_begins_arm(fold);
    return 0;
}
