/* worth: contacts, waits, requests and climbs that differ, kept until both sides have said all there is to say. */
#include "common/policy/trial/worth.h"

#include "common/base/hash_set.h"
#include "common/base/map.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/state/interaction.h"
#include "common/policy/state/key.h"
#include "proto/bellhop/v1/facts.pb-c.h"

#include <stdlib.h>

enum { SEED = 7, ENTRIES_MOST = 200000 };

static const int64_t regret_us = 60 * 86400 * INT64_C(1000000), never = INT64_MAX;

/* A request that one side alone grants at the counter. */
struct request {
    uint64_t key;
    uint64_t customer;  /* hash; 0: unknown */
    int64_t refused_at; /* 0: not refused */
    int64_t minor, given_before;
    char currency[POLICY_CURRENCY_SIZE];
    bool is_kept; /* the second side grants it */
    bool is_answered, is_withdrawn, is_regretted;
};

/* A wait that somebody heard of. */
struct waiting {
    uint64_t key;
    int64_t heard_at[2]; /* never: nobody on this side */
};

/* A case that has climbed to a level, on one side so far. */
struct climb {
    uint64_t key;
    enum tally_side side;
    int64_t at;
};

struct worth {
    struct hash_set contacts[2]; /* with a case */
    struct hash_set noes;        /* requests that were refused on the first side */
    struct map requests, waits, climbs;
    struct request **refused;
    size_t refused_count;
    struct worth_sum sum;
    /* of the event that is judged */
    bool is_granted[2];        /* the request, at the counter */
    int64_t heard_us[2];       /* the wait that is reported, after so long; never: nobody */
    const WireExperience *bad; /* of the contact that ends */
};

static void forget_event(struct worth *worth)
{
    worth->is_granted[TALLY_BEFORE] = worth->is_granted[TALLY_AFTER] = false;
    worth->heard_us[TALLY_BEFORE] = worth->heard_us[TALLY_AFTER] = never;
    worth->bad = NULL;
}

struct worth *worth_new(void)
{
    struct worth *worth = NEW(worth);
    map_init(&worth->requests, 1);
    map_init(&worth->waits, 1);
    map_init(&worth->climbs, 1);
    forget_event(worth);
    return worth;
}

static void clear(struct map *map)
{
    void *each;
    MAP_EACH(each, map)
        free(each);
    map_clear(map);
}

void worth_free(struct worth *worth)
{
    if (!worth)
        return;
    clear(&worth->requests);
    clear(&worth->waits);
    clear(&worth->climbs);
    hash_set_clear(&worth->contacts[TALLY_BEFORE]);
    hash_set_clear(&worth->contacts[TALLY_AFTER]);
    hash_set_clear(&worth->noes);
    free(worth->refused);
    free(worth);
}

/* A new entry of a map, under the key it begins with; NULL: there are too many. */
static void *entry_new(struct worth *worth, struct map *map, uint64_t key, size_t size)
{
    if (map->count == ENTRIES_MOST) {
        worth->sum.omitted++;
        return NULL;
    }
    uint64_t *entry = memory_zeroed(size);
    *entry = key;
    map_put(map, entry, sizeof key, entry);
    return entry;
}

/* --- what they are known by --- */

static uint64_t contact_of(const char *store_id, const char *interaction_id)
{
    char key[KEY_PAIR_SIZE];
    return map_hash(SEED, key, key_pair(store_id, interaction_id, key));
}

static uint64_t wait_of(const WireEvent *event, int kind)
{
    return contact_of(event->store_id, event->interaction_id) + (uint64_t)kind;
}

/* Without a contact a remedy is its source's. */
static uint64_t request_of(const char *store_id, const char *interaction_id, const char *source,
                           const char *remedy_id)
{
    char key[KEY_GROUP_SIZE];
    return map_hash(
        SEED, key,
        key_group(store_id, interaction_id, interaction_id ? NULL : source, remedy_id, false, key));
}

static uint64_t customer_of(const char *customer_id)
{
    return customer_id ? map_hash(SEED, customer_id, strlen(customer_id)) | 1 : 0;
}

/* --- money --- */

static struct worth_money *money_of(struct worth_sum *sum, const char *currency)
{
    for (size_t i = 0; i < sum->currencies; i++)
        if (text_equal(sum->money[i].currency, currency))
            return &sum->money[i];
    if (sum->currencies == POLICY_CURRENCIES)
        return NULL;
    struct worth_money *money = &sum->money[sum->currencies++];
    *money = (struct worth_money){.currency = ""};
    text_copy(money->currency, sizeof money->currency, currency);
    return money;
}

static void give_before(struct worth *worth, const WireMoney *amount)
{
    struct worth_money *money = amount && amount->currency ? money_of(&worth->sum, amount->currency) : NULL;
    if (money)
        money->given_before += amount->minor;
}

/* --- waits --- */

/* At which of its limits the rule would have heard of the wait that is reported, had its start been; never: at none. */
static int64_t limit_heard(const struct rule_look *look, int64_t lasted_us)
{
    const ProtobufCMessage *message = look->activation->bindings[FACT_WAIT].as.message;
    int64_t least = never;
    if (!message)
        return lasted_us;
    for (unsigned i = 0; i < look->rule->trigger_count; i++) {
        const struct trigger *trigger = &look->rule->triggers[i];
        WireWaitFacts facts = *(const WireWaitFacts *)(const void *)message;
        struct cel_value bindings[FACT_COUNT];
        struct cel_activation activation = *look->activation;
        bool is_limit = trigger->is_delayed && trigger->event == WIRE_EVENT__BODY_WAIT_STARTED &&
                        (!trigger->is_narrowed || trigger->kind == (int)facts.kind);
        if (!is_limit || trigger->after_us > lasted_us || trigger->after_us >= least)
            continue;
        facts.lasted_ms = trigger->after_us / 1000;
        memcpy(bindings, look->activation->bindings, sizeof bindings);
        bindings[FACT_WAIT] = cel_message(&facts.base);
        activation.bindings = bindings;
        cel_scratch_reset(activation.scratch);
        if (!look->rule->when.program || cel_holds(look->rule->when.program, &activation))
            least = trigger->after_us;
    }
    return least;
}

static bool has_limit_of_waits(const struct rule *rule)
{
    for (unsigned i = 0; i < rule->trigger_count; i++)
        if (rule->triggers[i].is_delayed && rule->triggers[i].event == WIRE_EVENT__BODY_WAIT_STARTED)
            return true;
    return false;
}

static void hear(struct worth *worth, enum tally_side side, uint64_t key, int64_t at)
{
    struct waiting *waiting = map_find(&worth->waits, &key, sizeof key);
    if (!waiting && (waiting = entry_new(worth, &worth->waits, key, sizeof *waiting)))
        waiting->heard_at[TALLY_BEFORE] = waiting->heard_at[TALLY_AFTER] = never;
    if (waiting && at < waiting->heard_at[side])
        waiting->heard_at[side] = at;
}

void worth_look(struct worth *worth, enum tally_side side, const struct rule_look *look)
{
    const WireEvent *event = look->event;
    if (!look->holds || event->drill || !look->rule->actions[ACTION_ESCALATE].is_given ||
        !has_limit_of_waits(look->rule))
        return;
    const ProtobufCMessage *message = look->activation->bindings[FACT_WAIT].as.message;
    if (event->body_case == WIRE_EVENT__BODY_WAIT_REPORTED) {
        int64_t heard_us = limit_heard(look, event->wait_reported->duration_ms * 1000);
        if (heard_us < worth->heard_us[side])
            worth->heard_us[side] = heard_us;
    } else if (message)
        hear(worth, side, wait_of(event, (int)((const WireWaitFacts *)(const void *)message)->kind),
             event->occurred_at);
}

static void end_wait(struct worth *worth, uint64_t key, int64_t at)
{
    struct waiting *waiting = map_take(&worth->waits, &key, sizeof key);
    if (!waiting)
        return;
    int64_t known_us[2];
    for (int side = TALLY_BEFORE; side <= TALLY_AFTER; side++)
        known_us[side] = waiting->heard_at[side] < at ? at - waiting->heard_at[side] : 0;
    worth->sum.waits_before_us += known_us[TALLY_BEFORE];
    worth->sum.waits_us += known_us[TALLY_AFTER] - known_us[TALLY_BEFORE];
    free(waiting);
}

static void pass_waits(struct worth *worth, const WireEvent *event)
{
    if (event->body_case == WIRE_EVENT__BODY_WAIT_ENDED)
        end_wait(worth, wait_of(event, (int)event->wait_ended->kind), event->occurred_at);
    for (int kind = 1; event->body_case == WIRE_EVENT__BODY_INTERACTION_CLOSED && kind <= WAIT_KINDS; kind++)
        end_wait(worth, wait_of(event, kind), event->occurred_at);
    if (event->body_case != WIRE_EVENT__BODY_WAIT_REPORTED)
        return;
    int64_t lasted_us = event->wait_reported->duration_ms * 1000, known_us[2];
    for (int side = TALLY_BEFORE; side <= TALLY_AFTER; side++)
        known_us[side] = worth->heard_us[side] < lasted_us ? lasted_us - worth->heard_us[side] : 0;
    worth->sum.waits_before_us += known_us[TALLY_BEFORE];
    worth->sum.waits_us += known_us[TALLY_AFTER] - known_us[TALLY_BEFORE];
}

/* --- requests --- */

static struct request *request_find(const struct worth *worth, uint64_t key)
{
    return map_find(&worth->requests, &key, sizeof key);
}

static void refuse(struct worth *worth, struct request *request, int64_t at)
{
    if (!request || !request->is_kept || request->refused_at)
        return;
    request->refused_at = at;
    worth->sum.noes_turned++;
    worth->refused = memory_resize_array(worth->refused, worth->refused_count + 1, sizeof *worth->refused);
    worth->refused[worth->refused_count++] = request;
}

/* What became of a request on the first side. */
static void follow_case(struct worth *worth, const WireCase *body)
{
    uint64_t key = request_of(body->store_id, body->interaction_id, body->source, body->subject);
    struct request *request = request_find(worth, key);
    bool is_refused = body->answer && text_equal(body->answer, "refused");
    int64_t at = body->resolved_at ? body->resolved_at : body->changed_at;
    if (is_refused)
        hash_set_add(&worth->noes, key);
    worth->sum.answers_before_us += at - body->opened_at;
    give_before(worth, body->granted);
    if (!request)
        return;
    if (!request->is_answered && request->is_kept) {
        worth->sum.answers++;
        worth->sum.answers_us += at - body->opened_at;
    }
    request->is_answered = true;
    request->given_before = body->granted ? body->granted->minor : 0;
    if (body->customer_id)
        request->customer = customer_of(body->customer_id);
    if (is_refused)
        refuse(worth, request, at);
}

static void follow_remedy(struct worth *worth, const WireRemedy *body)
{
    uint64_t key = request_of(body->store_id, body->interaction_id, body->source, body->remedy_id);
    struct request *request = request_find(worth, key);
    bool is_refused = body->state && text_equal(body->state, "refused");
    if (is_refused)
        hash_set_add(&worth->noes, key);
    if (!request)
        return;
    if (body->customer_id)
        request->customer = customer_of(body->customer_id);
    if (is_refused)
        refuse(worth, request, body->changed_at);
    else if (body->state && text_equal(body->state, "withdrawn"))
        request->is_withdrawn = true;
    else if (request->is_kept && body->state && text_equal(body->state, "granted") && body->amount)
        request->given_before = body->amount->minor;
}

static void ask(struct worth *worth, const WireEvent *event, const char *customer_id)
{
    const WireRemedyRequested *body = event->remedy_requested;
    bool is_kept = worth->is_granted[TALLY_AFTER];
    uint64_t key = request_of(event->store_id, event->interaction_id, event->source, body->remedy_id);
    if (is_kept == worth->is_granted[TALLY_BEFORE] || !body->amount || request_find(worth, key))
        return;
    struct request *request = entry_new(worth, &worth->requests, key, sizeof *request);
    if (!request)
        return;
    request->customer = customer_of(customer_id);
    request->minor = body->amount->minor;
    request->is_kept = is_kept;
    text_copy(request->currency, sizeof request->currency, text_or_empty(body->amount->currency));
}

/* Whoever was told no leaves, or complains. */
static void lose(struct worth *worth, const char *customer_id, int64_t at)
{
    uint64_t customer = customer_of(customer_id);
    for (size_t i = 0; customer && i < worth->refused_count; i++) {
        struct request *request = worth->refused[i];
        if (request->customer != customer || request->is_regretted || at < request->refused_at ||
            at - request->refused_at > regret_us)
            continue;
        request->is_regretted = true;
        worth->sum.noes_regretted++;
    }
}

/* --- climbs --- */

static void climb(struct worth *worth, enum tally_side side, const WireCase *body)
{
    char text[KEY_GROUP_SIZE];
    uint64_t key =
        map_hash(SEED, text,
                 key_group(body->store_id, body->interaction_id, body->rule, body->subject, false, text)) ^
        map_hash(SEED + 1, text_or_empty(body->role), strlen(text_or_empty(body->role)));
    struct climb *other = map_find(&worth->climbs, &key, sizeof key);
    if (side == TALLY_BEFORE)
        worth->sum.climbs_before_us += body->changed_at - body->opened_at;
    if (other && other->side != side) {
        int64_t sooner = side == TALLY_AFTER ? other->at - body->changed_at : body->changed_at - other->at;
        worth->sum.climbs_us += sooner;
        free(map_take(&worth->climbs, &key, sizeof key));
    } else if (!other && (other = entry_new(worth, &worth->climbs, key, sizeof *other))) {
        other->side = side;
        other->at = body->changed_at;
    }
}

/* --- one event --- */

static void add(struct worth *worth, enum tally_side side, const WireEvent *event,
                const WireDecision *decision)
{
    if (decision->kind == WIRE_DECISION_KIND__CASE_OPENED && decision->case_->interaction_id)
        hash_set_add(&worth->contacts[side],
                     contact_of(decision->case_->store_id, decision->case_->interaction_id));
    else if (decision->kind == WIRE_DECISION_KIND__CASE_CLIMBED)
        climb(worth, side, decision->case_);
    else if (decision->kind == WIRE_DECISION_KIND__CASE_RESOLVED && decision->case_->requested &&
             side == TALLY_BEFORE)
        follow_case(worth, decision->case_);
    else if (decision->body_case == WIRE_DECISION__BODY_REMEDY) {
        bool is_granted = event->body_case == WIRE_EVENT__BODY_REMEDY_REQUESTED && decision->remedy->state &&
                          text_equal(decision->remedy->state, "reserved");
        worth->is_granted[side] |= is_granted;
        if (side == TALLY_BEFORE && is_granted)
            give_before(worth, decision->remedy->amount);
        else if (side == TALLY_BEFORE)
            follow_remedy(worth, decision->remedy);
    } else if (decision->body_case == WIRE_DECISION__BODY_EXPERIENCE && side == TALLY_BEFORE &&
               decision->experience->feeling == WIRE_FEELING__BAD)
        worth->bad = decision->experience;
}

void worth_add(struct worth *worth, enum tally_side side, const WireEvent *event,
               WireDecision *const *decisions, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!decisions[i]->drill)
            add(worth, side, event, decisions[i]);
}

static void pass_bad(struct worth *worth)
{
    uint64_t contact = contact_of(worth->bad->store_id, worth->bad->interaction_id);
    bool is_before = hash_set_has(&worth->contacts[TALLY_BEFORE], contact);
    bool is_after = hash_set_has(&worth->contacts[TALLY_AFTER], contact);
    worth->sum.kept_bad += is_before && !is_after;
    worth->sum.sent_bad += is_after && !is_before;
}

void worth_pass(struct worth *worth, const WireEvent *event, const char *customer_id)
{
    if (!event->drill) {
        if (event->body_case == WIRE_EVENT__BODY_REMEDY_REQUESTED)
            ask(worth, event, customer_id);
        if (event->body_case == WIRE_EVENT__BODY_LEAVING_SIGNALLED ||
            event->body_case == WIRE_EVENT__BODY_COMPLAINT)
            lose(worth, customer_id, event->occurred_at);
        pass_waits(worth, event);
        if (worth->bad)
            pass_bad(worth);
    }
    forget_event(worth);
}

/* --- the sum --- */

static int64_t without(const struct hash_set *these, const struct hash_set *those)
{
    int64_t total = 0;
    for (size_t i = 0; i < these->slot_count; i++)
        total += these->slots[i] && !hash_set_has(those, these->slots[i]);
    return total;
}

struct worth_sum worth_sum(const struct worth *worth)
{
    struct worth_sum sum = worth->sum;
    const struct request *request;
    const struct climb *climb;
    sum.contacts_before = (int64_t)worth->contacts[TALLY_BEFORE].count;
    sum.noes_before = (int64_t)worth->noes.count;
    sum.kept = without(&worth->contacts[TALLY_BEFORE], &worth->contacts[TALLY_AFTER]);
    sum.sent = without(&worth->contacts[TALLY_AFTER], &worth->contacts[TALLY_BEFORE]);
    MAP_EACH(request, &worth->requests) {
        struct worth_money *money = request->is_withdrawn ? NULL : money_of(&sum, request->currency);
        if (money)
            money->more += request->is_kept ? request->minor - request->given_before : -request->minor;
    }
    MAP_EACH(climb, &worth->climbs) {
        sum.climbs += climb->side == TALLY_AFTER;
        sum.climbs_spared += climb->side == TALLY_BEFORE;
    }
    return sum;
}

static double share(int64_t part, int64_t whole)
{
    return whole > 0 ? (double)part / (double)whole : part > 0 ? 1 : part < 0 ? -1 : 0;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

double worth_gain(const struct worth_sum *sum)
{
    double gain = share(sum->kept - sum->sent,
                        larger(sum->contacts_before, sum->contacts_before - sum->kept + sum->sent)) +
                  share(sum->answers_us, sum->answers_before_us) +
                  share(sum->waits_us, larger(sum->waits_before_us, sum->waits_before_us + sum->waits_us)) +
                  share(sum->climbs_us, sum->climbs_before_us) + share(sum->noes_regretted, sum->noes_before);
    for (size_t i = 0; i < sum->currencies; i++)
        gain -= share(sum->money[i].more,
                      larger(sum->money[i].given_before, sum->money[i].given_before + sum->money[i].more));
    return gain;
}

bool worth_is_any(const struct worth_sum *sum)
{
    return sum->kept > sum->sent || sum->answers_us > 0 || sum->waits_us > 0 || sum->climbs_us > 0 ||
           sum->noes_regretted > 0;
}
