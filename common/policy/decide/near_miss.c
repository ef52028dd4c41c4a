/* near_miss: each limit in turn a fifth larger, the others as they are. */
#include "common/policy/decide/near_miss.h"

#include "common/policy/decide/evaluate.h"
#include "common/wire/set.h"

/* Of integers: what is at most six fifths of a limit is at most this. */
static int64_t a_fifth_larger(int64_t limit)
{
    int64_t larger;
    return limit == UNLIMITED || __builtin_add_overflow(limit, limit / 5, &larger) ? UNLIMITED : larger;
}

static int near_limit(const struct deciding *deciding, const struct limits *limits,
                      const struct authority_request *request, const char *asker)
{
    struct limits larger[] = {
        [WIRE_LIMIT_KIND__PER_REMEDY] = *limits,
        [WIRE_LIMIT_KIND__PER_CUSTOMER_DAY] = *limits,
        [WIRE_LIMIT_KIND__PER_EMPLOYEE_DAY] = *limits,
    };
    larger[WIRE_LIMIT_KIND__PER_REMEDY].remedy = a_fifth_larger(limits->remedy);
    larger[WIRE_LIMIT_KIND__PER_CUSTOMER_DAY].customer_day = a_fifth_larger(limits->customer_day);
    larger[WIRE_LIMIT_KIND__PER_EMPLOYEE_DAY].employee_day = a_fifth_larger(limits->employee_day);
    for (int kind = WIRE_LIMIT_KIND__PER_REMEDY; kind <= WIRE_LIMIT_KIND__PER_EMPLOYEE_DAY; kind++) {
        WireProofLevel unused = WIRE_PROOF_LEVEL__INIT;
        if (authority_fits(deciding, &larger[kind], request, asker, &unused))
            return kind;
    }
    return 0;
}

/* The rule by which a yes that is cheaper than a no is given; NULL: the policy has none. */
static const struct rule *rule_of_sum(const struct policy *policy)
{
    const struct rule_list *list = &policy->by_event[WIRE_EVENT__BODY_REMEDY_REQUESTED];
    for (unsigned i = 0; i < list->count; i++)
        if (list->rules[i]->actions[ACTION_GRANT].hearer.program)
            return list->rules[i];
    return NULL;
}

/* A yes must cost less than the sum, and the customer's day no more than the cap; the employee's day must cover it. */
static int near_sum(struct deciding *deciding, const struct limits *limits,
                    const struct authority_request *request, const char *asker)
{
    const struct rule *rule = rule_of_sum(deciding->policy);
    if (!rule || request->minor <= limits->remedy)
        return 0;
    const struct action *action = &rule->actions[ACTION_GRANT];
    int64_t reach = evaluate_number(deciding, &action->reach, 0),
            hearer = evaluate_number(deciding, &action->hearer, 0),
            cap = evaluate_number(deciding, &action->cap, action->cap.program ? 0 : UNLIMITED),
            given = authority_used_of_customer(deciding, request) + request->minor,
            used = authority_used_of_employee(deciding, request, asker) + request->minor, loss;
    if (__builtin_mul_overflow(reach, hearer, &loss))
        loss = UNLIMITED;
    bool is_cheaper = request->minor < loss, is_capped = given <= cap,
         is_within_day = used <= limits->employee_day;
    bool is_nearly_cheaper = request->minor <= a_fifth_larger(loss) - (loss % 5 == 0); /* it must be less */
    if (!is_cheaper && is_nearly_cheaper && is_capped && is_within_day)
        return WIRE_LIMIT_KIND__EXPECTED_LOSS;
    if (is_cheaper && is_within_day && given <= a_fifth_larger(cap))
        return WIRE_LIMIT_KIND__CUSTOMER_CAP;
    if (is_cheaper && is_capped && used <= a_fifth_larger(limits->employee_day))
        return WIRE_LIMIT_KIND__PER_EMPLOYEE_DAY;
    return 0;
}

void near_miss_show(struct deciding *deciding, unsigned level, const struct authority_request *request,
                    WireProof *proof)
{
    const char *asker = deciding->occurrence.event->employee_id;
    const struct ladder *ladder = &deciding->policy->ladder;
    const struct limits *limits = ladder_limits(deciding->policy, &ladder->levels[level], request->currency);
    bool is_listed = !request->exception || ladder_excepts(ladder, level, request->exception);
    if (!limits || !is_listed || deciding->is_late)
        return;
    int kind = near_limit(deciding, limits, request, asker);
    if (!kind && !request->exception)
        kind = near_sum(deciding, limits, request, asker);
    if (kind)
        WIRE_SET(proof, near, (WireLimitKind)kind);
}
