/* question: finds the rule of a decision and evaluates it again. */
#include "common/policy/explain/question.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/load/variant.h"
#include "common/policy/rules/fact.h"

#include <string.h>

int question_bind(struct question *question)
{
    question->policy =
        variant_with(question->policy, question->decision->overrides, question->decision->n_overrides);
    return facts_bind(question->decision, question->event, question->arena, question->bindings);
}

struct cel_activation question_activation(struct question *question)
{
    cel_scratch_reset(question->scratch);
    return (struct cel_activation){
        .bindings = question->bindings, .scratch = question->scratch, .host = question->arena};
}

/* Which change it was: a decision of an older engine does not say so and is asked by the condition alone. */
static bool change_is_met(const struct trigger *trigger, const WireDecision *decision)
{
    for (size_t i = 0; i < decision->n_facts; i++)
        if (text_equal(decision->facts[i]->path, FACT_CHANGE))
            return text_equal(decision->facts[i]->text, trigger_change_name(trigger->change));
    return true;
}

static bool trigger_is_met(const struct trigger *trigger, const struct question *question, int kind)
{
    const WireEvent *event = question->event;
    if (trigger->event == WIRE_EVENT__BODY__NOT_SET)
        return change_is_met(trigger, question->decision);
    if (event->body_case == WIRE_EVENT__BODY_DEADLINE_PASSED && kind == WIRE_DEADLINE_KIND__RULE_DUE)
        return trigger->is_delayed && event->deadline_passed->has_step &&
               trigger->step == event->deadline_passed->step;
    bool ends_a_wait = event->body_case == WIRE_EVENT__BODY_WAIT_ENDED ||
                       event->body_case == WIRE_EVENT__BODY_WAIT_STARTED ||
                       event->body_case == WIRE_EVENT__BODY_INTERACTION_CLOSED;
    if (trigger->is_delayed) /* a limit that had passed when its wait ended */
        return trigger->event == WIRE_EVENT__BODY_WAIT_STARTED && ends_a_wait;
    if (trigger->event == (WireEvent__BodyCase)TRIGGER_CUSTOMER_KNOWN)
        return event->interaction_id != NULL;
    return trigger->event == event->body_case && (!trigger->is_narrowed || trigger->kind == kind);
}

bool question_is_looked_at(const struct question *question, const struct rule *rule)
{
    int kind = question->event->body_case ? trigger_kind_of(question->event) : 0;
    for (unsigned i = 0; i < rule->trigger_count; i++)
        if (trigger_is_met(&rule->triggers[i], question, kind))
            return true;
    return false;
}

/* A rule that looks at changes of cases says so by what it does: a verdict is never told of one. */
static enum action_kind action_of(const WireDecision *decision)
{
    switch ((int)decision->body_case) {
    case WIRE_DECISION__BODY_CASE:
        return ACTION_ESCALATE;
    case WIRE_DECISION__BODY_FOLLOW_UP:
        return ACTION_FOLLOW_UP;
    case WIRE_DECISION__BODY_RECOGNITION:
        return ACTION_RECOGNISE;
    case WIRE_DECISION__BODY_COACHING:
        return ACTION_COACH;
    case WIRE_DECISION__BODY_PROMISE:
        return ACTION_RECORD;
    case WIRE_DECISION__BODY_FINDING:
        return ACTION_FINDING;
    case WIRE_DECISION__BODY_NOTICE:
        return ACTION_NOTIFY;
    case WIRE_DECISION__BODY_EXPERIENCE:
        return ACTION_EXPERIENCE;
    case WIRE_DECISION__BODY_DIGEST:
        return ACTION_DIGEST;
    }
    return ACTION_KINDS;
}

static bool keeps(const WireDecision *decision, const char *path, size_t size)
{
    for (size_t i = 0; i < decision->n_facts; i++)
        if (!strncmp(decision->facts[i]->path, path, size))
            return true;
    return false;
}

/* Of rules of one name: what is always known of something that the decision knew, and the rule reads, is
 * kept. */
static bool may_have_read(const WireDecision *decision, const struct rule *rule)
{
    for (unsigned i = 0; i < rule->read_count; i++) {
        const struct fact_path *path = &rule->reads[i];
        if (path->hop_count == 1 && path->hops[0]->label == PROTOBUF_C_LABEL_REQUIRED &&
            keeps(decision, path->path, strcspn(path->path, ".") + 1) &&
            !keeps(decision, path->path, strlen(path->path) + 1))
            return false;
    }
    return true;
}

const struct rule *question_rule(struct question *question)
{
    const struct policy *policy = question->policy;
    enum action_kind action = action_of(question->decision);
    for (unsigned i = 0; question->decision->rule && i < policy->rule_count; i++) {
        const struct rule *rule = &policy->rules[i];
        if (!text_equal(rule->name, question->decision->rule) || !question_is_looked_at(question, rule) ||
            (action != ACTION_KINDS && !rule->actions[action].is_given) ||
            !may_have_read(question->decision, rule))
            continue;
        struct cel_activation activation = question_activation(question);
        if (!rule->when.program || cel_holds(rule->when.program, &activation))
            return rule;
    }
    return NULL;
}
