/* evaluate: values of a policy's expressions over the facts of the moment. */
#include "common/policy/decide/evaluate.h"

#include "common/base/text.h"
#include "common/policy/decide/authority.h"
#include "common/policy/decide/loan.h"
#include "common/policy/phrase/phrase.h"
#include "common/policy/rules/look.h"
#include "common/wire/rules.h"

enum { SENTENCE_MOST = 2048 };

static struct cel_activation activation_of(struct deciding *deciding, unsigned facts)
{
    struct decisions_workspace *workspace = deciding->out->workspace;
    facts_fill(deciding, facts);
    cel_scratch_reset(&workspace->scratch);
    deciding->out->evaluations++;
    return (struct cel_activation){
        .bindings = workspace->facts.bindings,
        .scratch = &workspace->scratch,
        .host = &deciding->out->arena,
    };
}

static bool evaluate(struct deciding *deciding, const struct expression *expression,
                     struct cel_value *ret_value)
{
    if (!expression->program)
        return false;
    struct cel_activation activation = activation_of(deciding, expression->facts);
    return cel_evaluate(expression->program, &activation, ret_value, NULL);
}

bool evaluate_truth(struct deciding *deciding, const struct expression *expression)
{
    struct cel_value value;
    return evaluate(deciding, expression, &value) && value.as.truth;
}

/* Who may decide the remedy that is looked at, for whoever watches. */
static const WireProof *proof_of(struct deciding *deciding, const struct rule *rule)
{
    struct authority_request request;
    WireProof *proof = NULL;
    if (!(rule->facts & 1U << FACT_REMEDY) || !authority_request_of(deciding, &request))
        return NULL;
    const char *asker = deciding->occurrence.event->employee_id;
    unsigned from = deciding_level_of(deciding, deciding->policy, deciding->store_id, asker);
    authority_lowest(deciding, deciding->policy, from, &request, asker, &proof);
    return proof;
}

bool evaluate_rule(struct deciding *deciding, const struct rule *rule, const struct trigger *trigger)
{
    bool holds = !rule->when.program || evaluate_truth(deciding, &rule->when);
    if (!deciding->out->looked)
        return holds;
    struct cel_activation activation = activation_of(deciding, rule->when.facts);
    struct rule_look look = {.policy = deciding->policy,
                             .rule = rule,
                             .event = deciding->occurrence.event,
                             .trigger = trigger,
                             .activation = &activation,
                             .holds = holds,
                             .proof = proof_of(deciding, rule)};
    deciding->out->looked(deciding->out->owner, &look);
    return holds;
}

int64_t evaluate_number(struct deciding *deciding, const struct expression *expression, int64_t otherwise)
{
    struct cel_value value;
    return evaluate(deciding, expression, &value) ? value.as.integer : otherwise;
}

int64_t evaluate_duration_us(struct deciding *deciding, const struct expression *expression)
{
    struct cel_value value;
    return evaluate(deciding, expression, &value) ? value.as.nanoseconds / 1000 : 0;
}

char *evaluate_text(struct deciding *deciding, const struct expression *expression, size_t most)
{
    struct cel_value value;
    if (!evaluate(deciding, expression, &value) || !value.as.text.size || value.as.text.size > most ||
        !wire_charset_allows(WIRE_ID, value.as.text.bytes, value.as.text.size))
        return NULL;
    return arena_text(&deciding->out->arena, slice_of(value.as.text.bytes, value.as.text.size));
}

char *evaluate_sentence(struct deciding *deciding, const struct sentence *sentence)
{
    if (!sentence->template)
        return NULL;
    char text[SENTENCE_MOST + 1];
    struct cel_activation activation = activation_of(deciding, sentence->facts);
    activation.teller = phrase_teller(deciding->policy, deciding->store_id);
    cel_template_render(sentence->template, &activation, text, sizeof text, NULL);
    return deciding_keep(deciding, text);
}

/* Whom a decision is about, as far as their lead is asked for. */
static const char *employee_concerned(const struct deciding *deciding)
{
    if (deciding->owner)
        return deciding->owner;
    return deciding->after.served_by ? deciding->after.served_by : deciding->occurrence.event->employee_id;
}

/* The lowest level from `from` on of which somebody is on duty there; `from` where nobody is. */
static unsigned level_present(const struct deciding *deciding, unsigned from)
{
    const struct store *store = state_store(deciding->fold, deciding->store_id);
    unsigned lowest = POLICY_LEVELS;
    if (!store)
        return from;
    LIST_EACH(node, &store->staff) {
        const struct employee *employee = CONTAINER_OF(node, struct employee, in_store);
        unsigned level =
            deciding_level_of(deciding, deciding->policy, deciding->store_id, staff_id(employee));
        struct loan_use lent;
        if (level < from && loan_reaches(deciding, deciding->policy, deciding->store_id, staff_id(employee),
                                         from, NULL, &lent))
            level = lent.level;
        lowest = level >= from && level < lowest ? level : lowest;
    }
    return lowest == POLICY_LEVELS ? from : lowest;
}

int evaluate_level(struct deciding *deciding, const struct expression *expression, const char *employee_id)
{
    char *role = evaluate_text(deciding, expression, 64);
    if (!role)
        return -2;
    if (text_equal(role, "covering"))
        return -1;
    bool is_present = text_equal(role, "present");
    if (is_present || text_equal(role, "above")) {
        unsigned above = deciding_level_above(deciding, deciding->policy, deciding->store_id,
                                              employee_id ? employee_id : employee_concerned(deciding));
        return (int)(is_present ? level_present(deciding, above) : above);
    }
    int level = ladder_find(&deciding->policy->ladder, role);
    return level < 0 ? -2 : level;
}
