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

const struct escalation *busy_case(struct deciding *deciding, const struct rule *rule,
                                   const char *employee_id)
{
    const struct employee *employee =
        employee_id ? state_employee(deciding->fold, deciding->store_id, employee_id) : NULL;
    if (!employee || !rule->actions[ACTION_ESCALATE].goes_on.program)
        return NULL;
    LIST_EACH(node, &employee->backups) {
        const struct escalation *escalation = CONTAINER_OF(node, struct escalation, in_employee);
        const WireCase *body =
            escalation->is_drill == deciding->is_drill ? deciding_read_case(deciding, escalation) : NULL;
        if (body && text_equal(body->rule, rule->name))
            return escalation;
    }
    return NULL;
}

static void overtake_of_duty(struct deciding *deciding)
{
    const struct employee *employee =
        state_employee(deciding->fold, deciding->store_id, deciding->occurrence.event->employee_id);
    if (!employee || deciding->is_drill || deciding->occurrence.at < employee->duty_at)
        return;
    LIST_EACH(node, &employee->backups)
        case_overtake(deciding, CONTAINER_OF(node, struct escalation, in_employee));
}

void busy_overtake(struct deciding *deciding)
{
    if (deciding->occurrence.event->body_case == WIRE_EVENT__BODY_OFF_DUTY)
        overtake_of_duty(deciding);
    const struct interaction *interaction = deciding->interaction;
    const struct employee *relieved = interaction ? interaction->server : NULL;
    if (!relieved || list_is_empty(&relieved->backups) ||
        attention_is_same(interaction, attention_of(&deciding->after)))
        return;
    LIST_EACH(node, &relieved->backups) {
        const struct escalation *escalation = CONTAINER_OF(node, struct escalation, in_employee);
        if (escalation->state == ESCALATION_OPEN && escalation->is_drill == deciding->is_drill &&
            !busy_goes_on(deciding, escalation, staff_id(relieved)))
            case_overtake(deciding, escalation);
    }
}
