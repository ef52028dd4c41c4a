/* authority: limits against what was used. */
#include "common/policy/decide/authority.h"

#include "common/base/text.h"
#include "common/wire/set.h"

bool authority_request_of(const struct deciding *deciding, struct authority_request *ret_request)
{
    const WireEvent *event = deciding->occurrence.event;
    const WireMoney *amount = remedy_amount_of(event);
    struct remedy_name name;
    const struct remedy *remedy = remedy_name_of(event, &name) ? state_remedy(deciding->fold, &name) : NULL;
    if (!amount && !remedy)
        return false;
    *ret_request = (struct authority_request){
        .minor = amount ? amount->minor : remedy->minor,
        .currency = amount && amount->currency ? amount->currency
                    : remedy                   ? remedy->currency
                                               : "",
        .store_id = deciding->store_id,
        .customer_id = deciding->customer_id,
        .day = calendar_day(deciding->policy, deciding->store_id, deciding->occurrence.at),
        .own = remedy,
    };
    return true;
}

/* True when the request exceeds the limit, and the proof says by how much. */
static bool exceeds(WireProofLevel *proof, WireLimitKind kind, int64_t limit, int64_t used, int64_t requested)
{
    if (limit == UNLIMITED || requested <= limit - used)
        return false;
    WIRE_SET(proof, limit, kind);
    WIRE_SET(proof, limit_minor, limit);
    WIRE_SET(proof, used_minor, used);
    WIRE_SET(proof, shortfall_minor, used + requested - limit);
    return true;
}

/* Of what was used, without what the request itself has been charged already. */
static int64_t used_by_others(const struct authority_request *request, const char *charged, const char *id,
                              int64_t used)
{
    const struct remedy *own = request->own;
    bool is_own = own && own->charged && own->day == request->day && charged && id &&
                  text_equal(charged, id) && text_equal(own->currency, request->currency) && !own->is_drill;
    return is_own ? used - own->charged : used;
}

bool authority_covers(const struct deciding *deciding, const struct policy *policy, unsigned level,
                      const struct authority_request *request, const char *employee_id,
                      WireProofLevel *ret_level)
{
    const struct level *of_level = &policy->ladder.levels[level];
    const struct limits *limits = ladder_limits(policy, of_level, request->currency);
    const struct charges *charges = &deciding->fold->charges;
    *ret_level = (WireProofLevel)WIRE_PROOF_LEVEL__INIT;
    ret_level->role = (char *)of_level->role;
    ret_level->employee_id = (char *)employee_id;
    ret_level->has_enough = true;
    if (!limits) { /* no figures in this currency: whoever has no limit at all */
        ret_level->enough = of_level->limits[0].remedy == UNLIMITED;
        return ret_level->enough;
    }
    struct charge_account account = {.store_id = request->store_id,
                                     .id = request->customer_id,
                                     .currency = request->currency,
                                     .day = request->day};
    int64_t customer_used = charge_used(charges, CHARGE_CUSTOMER, &account);
    account.id = employee_id;
    int64_t employee_used = charge_used(charges, CHARGE_EMPLOYEE, &account);
    if (request->own) {
        customer_used = used_by_others(request, request->own->customer, request->customer_id, customer_used);
        employee_used = used_by_others(request, request->own->charged_to, employee_id, employee_used);
    }
    bool fails = exceeds(ret_level, WIRE_LIMIT_KIND__PER_REMEDY, limits->remedy, 0, request->minor) ||
                 (request->customer_id && exceeds(ret_level, WIRE_LIMIT_KIND__PER_CUSTOMER_DAY,
                                                  limits->customer_day, customer_used, request->minor)) ||
                 (employee_id && exceeds(ret_level, WIRE_LIMIT_KIND__PER_EMPLOYEE_DAY, limits->employee_day,
                                         employee_used, request->minor));
    ret_level->enough = !fails;
    return !fails;
}

unsigned authority_lowest(struct deciding *deciding, const struct policy *policy, unsigned from,
                          const struct authority_request *request, const char *asker, WireProof **ret_proof)
{
    unsigned count = policy->ladder.count;
    WireProof *proof = deciding_allocate(deciding, sizeof *proof);
    WireProofLevel **levels = deciding_allocate(deciding, count * sizeof *levels);
    *ret_proof = NULL;
    if (!proof || !levels)
        return count - 1;
    *proof = (WireProof)WIRE_PROOF__INIT;
    proof->requested = deciding_money(deciding, request->minor, request->currency);
    proof->levels = levels;
    unsigned level = from;
    for (;; level++) {
        WireProofLevel *entry = deciding_allocate(deciding, sizeof *entry);
        if (!entry)
            return count - 1;
        levels[proof->n_levels++] = entry;
        if (authority_covers(deciding, policy, level, request, level == from ? asker : NULL, entry) ||
            level + 1 >= count)
            break;
    }
    *ret_proof = proof;
    return level;
}
