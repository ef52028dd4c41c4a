/* busy: cases that last while an employee is so busy. */
#include "common/policy/decide/busy.h"

#include "common/policy/decide/case.h"
#include "common/policy/decide/evaluate.h"
#include "common/policy/state/attention.h"

bool busy_goes_on(struct deciding *deciding, const struct escalation *escalation, const char *employee_id)
{
    struct facts *facts = &deciding->out->workspace->facts;
    const struct policy *policy = deciding->policy;
    WireCase *body = deciding_read_case(deciding, escalation);
    const struct rule *rule = body ? rule_find_escalating(escalation->policy, body->rule) : NULL;
    if (!rule)
        return true;
    deciding->policy = escalation->policy;
    deciding->server = employee_id;
    facts->filled &= ~(1U << FACT_INTERACTION);
    bool is_true = evaluate_truth(deciding, &rule->actions[ACTION_ESCALATE].goes_on);
    facts->filled &= ~(1U << FACT_INTERACTION);
    deciding->server = NULL;
    deciding->policy = policy;
    return is_true;
}

void busy_overtake(struct deciding *deciding)
{
    const struct interaction *interaction = deciding->interaction;
    const struct employee *relieved = interaction ? interaction->server : NULL;
    if (!relieved || list_is_empty(&relieved->backups) ||
        attention_is_same(interaction, attention_of(&deciding->after)))
        return;
    LIST_EACH(node, &relieved->backups) {
        const struct escalation *escalation = CONTAINER_OF(node, struct escalation, in_employee);
        bool ends_anyway = escalation->interaction == interaction && deciding->after.closed_at;
        if (!ends_anyway && escalation->state == ESCALATION_OPEN &&
            escalation->is_drill == deciding->is_drill &&
            !busy_goes_on(deciding, escalation, staff_id(relieved)))
            case_overtake(deciding, escalation);
    }
}
