/* authority: limits against what was used. */
#include "common/policy/decide/authority.h"

#include "common/base/text.h"
#include "common/policy/decide/loan.h"
#include "common/wire/set.h"

bool authority_request_of(const struct deciding *deciding, struct authority_request *ret_request)
{
    const WireEvent *event = deciding->occurrence.event;
    const WireMoney *amount = remedy_amount_of(event);
    struct remedy_name name;
    const struct remedy *remedy = remedy_name_of(event, &name) ? state_remedy(deciding->fold, &name) : NULL;
    bool is_request = remedy_is_request(event);
    const char *exception = is_request ? remedy_exception_of(event) : remedy ? remedy->exception : NULL;
    if (!amount && !remedy && !exception)
        return false;
    bool is_known = remedy && !is_request && *remedy->currency;
    *ret_request = (struct authority_request){
        .minor = amount     ? amount->minor
                 : is_known ? remedy->minor
                            : 0,
        .currency = amount && amount->currency ? amount->currency
                    : is_known                 ? remedy->currency
                    : exception                ? deciding->policy->currency
                                               : "",
        .exception = exception,
        .store_id = deciding->store_id,
        .customer_id = remedy && remedy->customer ? remedy->customer : deciding->customer_id,
        .contact_id = name.interaction_id,
        .day = calendar_day(deciding->policy, deciding->store_id, deciding->occurrence.at),
        .own = remedy,
    };
    return true;
}

struct authority_request authority_request_of_case(const struct deciding *deciding,
                                                   const struct policy *policy, const WireCase *body,
                                                   const WireMoney *amount)
{
    const struct remedy_name name = remedy_name_of_case(body);
    const struct remedy *remedy = body->subject ? state_remedy(deciding->fold, &name) : NULL;
    return (struct authority_request){
        .minor = amount ? amount->minor : 0,
        .currency = amount ? amount->currency : policy->currency,
        .exception = body->exception,
        .store_id = body->store_id,
        .customer_id = remedy && remedy->customer ? remedy->customer : body->customer_id,
        .contact_id = body->interaction_id,
        .day = calendar_day(policy, body->store_id, deciding->occurrence.at),
        .own = remedy,
    };
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

/* What the request itself has been charged already, which does not count. */
static int64_t own_charge(const struct authority_request *request)
{
    const struct remedy *own = request->own;
    bool counts = own && own->day == request->day && text_equal(own->currency, request->currency);
    return counts && !own->is_drill ? own->charged : 0;
}

int64_t authority_used_of_customer(const struct deciding *deciding, const struct authority_request *request)
{
    const struct charges *charges = &deciding->fold->charges;
    const struct remedy *own = request->own;
    struct charge_account account = {.store_id = request->store_id,
                                     .id = request->customer_id,
                                     .currency = request->currency,
                                     .day = request->day};
    bool is_own =
        own && (!own->customer || (request->customer_id && text_equal(own->customer, request->customer_id)));
    int64_t used = charge_used(charges, CHARGE_CUSTOMER, &account);
    account.id = request->contact_id;
    /* what the contact got before it had a name goes along */
    return used + charge_used(charges, CHARGE_CONTACT, &account) - (is_own ? own_charge(request) : 0);
}

int64_t authority_used_of_employee(const struct deciding *deciding, const struct authority_request *request,
                                   const char *employee_id)
{
    const struct remedy *own = request->own;
    struct charge_account account = {
        .store_id = request->store_id, .id = employee_id, .currency = request->currency, .day = request->day};
    bool is_own = own && own->charged_to && employee_id && text_equal(own->charged_to, employee_id);
    return charge_used(&deciding->fold->charges, CHARGE_EMPLOYEE, &account) -
           (is_own ? own_charge(request) : 0);
}

bool authority_fits(const struct deciding *deciding, const struct limits *limits,
                    const struct authority_request *request, const char *employee_id,
                    WireProofLevel *ret_level)
{
    int64_t customer_used = authority_used_of_customer(deciding, request);
    int64_t employee_used = authority_used_of_employee(deciding, request, employee_id);
    bool has_customer = request->customer_id || request->contact_id;
    return !exceeds(ret_level, WIRE_LIMIT_KIND__PER_REMEDY, limits->remedy, 0, request->minor) &&
           !(has_customer && exceeds(ret_level, WIRE_LIMIT_KIND__PER_CUSTOMER_DAY, limits->customer_day,
                                     customer_used + request->beside, request->minor)) &&
           !(employee_id && exceeds(ret_level, WIRE_LIMIT_KIND__PER_EMPLOYEE_DAY, limits->employee_day,
                                    employee_used, request->minor));
}

bool authority_covers(const struct deciding *deciding, const struct policy *policy, unsigned level,
                      const struct authority_request *request, const char *employee_id,
                      WireProofLevel *ret_level)
{
    const struct level *of_level = &policy->ladder.levels[level];
    const struct limits *limits = ladder_limits(policy, of_level, request->currency);
    *ret_level = (WireProofLevel)WIRE_PROOF_LEVEL__INIT;
    ret_level->role = (char *)of_level->role;
    ret_level->employee_id = (char *)employee_id;
    ret_level->has_enough = true;
    if (request->exception && !ladder_excepts(&policy->ladder, level, request->exception)) {
        WIRE_SET(ret_level, limit, WIRE_LIMIT_KIND__UNLISTED);
        return false;
    }
    if (request->exception && !request->minor) { /* it uses nobody's limits */
        ret_level->enough = true;
        return true;
    }
    /* no figures in this currency: whoever has no limit at all */
    ret_level->enough = limits ? authority_fits(deciding, limits, request, employee_id, ret_level)
                               : of_level->limits[0].remedy == UNLIMITED;
    return ret_level->enough;
}

unsigned authority_lowest(struct deciding *deciding, const struct policy *policy, unsigned from,
                          const struct authority_request *request, const char *asker, WireProof **ret_proof)
{
    unsigned count = policy->ladder.count;
    WireProof *proof = deciding_allocate(deciding, sizeof *proof);
    WireProofLevel **levels = deciding_allocate(deciding, (count + LOANS_OF_BORROWER) * sizeof *levels);
    *ret_proof = NULL;
    if (!proof || !levels)
        return count - 1;
    *proof = (WireProof)WIRE_PROOF__INIT;
    if (!request->exception || request->minor)
        proof->requested = deciding_money(deciding, request->minor, request->currency);
    proof->exception = deciding_keep(deciding, request->exception);
    proof->levels = levels;
    unsigned level = from;
    for (;; level++) {
        WireProofLevel *entry = deciding_allocate(deciding, sizeof *entry);
        if (!entry)
            return count - 1;
        levels[proof->n_levels++] = entry;
        if (authority_covers(deciding, policy, level, request, level == from ? asker : NULL, entry))
            break;
        struct loan_use use;
        if (level == from && loan_covers(deciding, policy, request, asker, 0, NULL, proof, &use)) {
            level = use.level;
            break;
        }
        if (level + 1 >= count)
            break;
    }
    *ret_proof = proof;
    return level;
}

/* Open requests of the contact. */
struct requests {
    const WireCase *cases[64];
    unsigned count;
};

static void collect(struct deciding *deciding, struct requests *into)
{
    into->count = 0;
    LIST_EACH(node, &deciding->interaction->escalations) {
        const struct escalation *escalation = CONTAINER_OF(node, struct escalation, in_interaction);
        const WireCase *body = deciding_read_case(deciding, escalation);
        if (body && remedy_has_case(body) && into->count < sizeof into->cases / sizeof *into->cases)
            into->cases[into->count++] = body;
    }
}

static int64_t asked_beside(const struct requests *requests, const WireCase *own)
{
    int64_t beside = 0;
    for (unsigned i = 0; own->requested && i < requests->count; i++) {
        const WireMoney *other = requests->cases[i]->requested;
        if (requests->cases[i] != own && other && text_equal(other->currency, own->requested->currency))
            beside += other->minor;
    }
    return beside;
}

unsigned authority_lowest_for_all(struct deciding *deciding, unsigned from, WireProof **ret_proof)
{
    struct requests requests;
    unsigned highest = from;
    *ret_proof = NULL;
    if (!deciding->interaction)
        return from;
    collect(deciding, &requests);
    for (unsigned i = 0; i < requests.count; i++) {
        const WireCase *body = requests.cases[i];
        struct authority_request request =
            authority_request_of_case(deciding, deciding->policy, body, body->requested);
        request.beside = asked_beside(&requests, body);
        WireProof *proof;
        unsigned level = authority_lowest(deciding, deciding->policy, from, &request, NULL, &proof);
        if (level > highest || !*ret_proof)
            *ret_proof = proof;
        highest = level > highest ? level : highest;
    }
    return highest;
}
