/* customer: how each event changes what is remembered of its customer. */
#include "common/policy/state/customer.h"

static void count(uint16_t *counter, unsigned more)
{
    *counter = (uint16_t)(*counter + more > UINT16_MAX ? UINT16_MAX : *counter + more);
}

static bool is_new_visit(const struct interaction_known *before, const WireEvent *event)
{
    if (!event->interaction_id)
        return false;
    return !before || !before->customer;
}

/* In person, and with this event both begun and known whose it is. */
static bool is_shop_visit(const struct interaction_known *before, const WireEvent *event)
{
    bool opens = event->body_case == WIRE_EVENT__BODY_INTERACTION_OPENED && !(before && before->opened_at);
    bool is_named = before && before->opened_at && !before->customer;
    int channel = opens ? (int)event->interaction_opened->channel : is_named ? before->channel : 0;
    return channel == WIRE_CHANNEL__COUNTER || channel == WIRE_CHANNEL__SERVICE_DESK;
}

static void owner_become(struct customer_known *known, const char *owner, int64_t at, bool is_given,
                         struct names *names)
{
    bool is_owner =
        is_given ? owner_is_given_last(known->owner_at, known->is_owner_given, at)
                 : owner && owner_is_served_first(known->owner, known->owner_at, known->is_owner_given, at);
    if (!is_owner)
        return;
    name_set(names, &known->owner, owner);
    known->owner_at = at;
    known->is_owner_given = is_given;
}

/* A name told half way takes what went before along. */
static void observe_owner(struct customer_known *known, const struct interaction_known *before,
                          const struct occurrence *occurrence, struct names *names)
{
    const WireEvent *event = occurrence->event;
    if (before && !before->customer)
        owner_become(known, before->owner, before->owner_at, before->is_owner_given, names);
    owner_become(known, event->employee_id, occurrence->at, false, names);
    if (event->body_case == WIRE_EVENT__BODY_HANDED_OVER && event->handed_over->takes_ownership)
        owner_become(known, event->handed_over->to_employee_id, occurrence->at, true, names);
}

static void close_become(struct customer_close *close, const struct customer_close *like, struct names *names)
{
    /* Member by member: what lies between them goes into snapshots, and must not become what lay on the stack. */
    name_set(names, &close->served_by, like->served_by);
    close->at = like->at;
    close->contact = like->contact;
    close->outcome = like->outcome;
    close->rating = like->rating;
}

/* Of those that are told in another order the last two count. */
static void remember_close(struct customer_known *known, const struct customer_close *close,
                           struct names *names)
{
    if (close->at >= known->last.at) {
        close_become(&known->before_last, &known->last, names);
        close_become(&known->last, close, names);
    } else if (close->at >= known->before_last.at) {
        close_become(&known->before_last, close, names);
    }
}

const struct customer_close *customer_last_close(const struct customer_known *known, uint64_t contact,
                                                 int64_t at)
{
    const struct customer_close *const closes[] = {&known->last, &known->before_last};
    for (size_t i = 0; i < sizeof closes / sizeof *closes; i++)
        if (closes[i]->at && closes[i]->at <= at && closes[i]->contact != contact)
            return closes[i];
    return NULL;
}

/* Whoever serves when it closes earns what follows from it. */
static void observe_close(struct customer_known *known, const struct interaction_known *before,
                          const struct occurrence *occurrence, struct names *names)
{
    const WireEvent *event = occurrence->event;
    const WireInteractionClosed *closed = event->interaction_closed;
    if (closed->outcome != WIRE_OUTCOME__ABANDONED && known->served_at < occurrence->at)
        known->served_at = occurrence->at;
    const struct customer_close close = {
        .at = occurrence->at ? occurrence->at : 1,
        .contact = before ? before->first_seq : occurrence->seq,
        .served_by = event->employee_id ? event->employee_id
                     : before           ? before->served_by
                                        : NULL,
        .outcome = (uint8_t)closed->outcome,
        .rating = closed->has_rating ? (uint8_t)closed->rating : 0,
    };
    remember_close(known, &close, names);
}

void customer_observe(struct customer_known *known, const struct interaction_known *before,
                      const struct occurrence *occurrence, struct names *names)
{
    const WireEvent *event = occurrence->event;
    bool is_named = before && !before->customer;
    if (!known->first_seen_at || occurrence->at < known->first_seen_at)
        known->first_seen_at = occurrence->at;
    if (is_new_visit(before, event)) {
        known->visits++;
        known->last_seen_at = known->seen_at;
        known->last_seen_seq = known->seen_seq;
    }
    if (known->seen_at <= occurrence->at) {
        known->seen_at = occurrence->at;
        known->seen_seq = occurrence->seq;
    }
    observe_owner(known, before, occurrence, names);
    count(&known->complaints,
          (event->body_case == WIRE_EVENT__BODY_COMPLAINT) + (is_named ? before->complaints : 0));
    known->shop_visits += is_shop_visit(before, event);
    bool has_bought = event->body_case == WIRE_EVENT__BODY_SALE_COMPLETED || (is_named && before->sales);
    if (has_bought && known->last_bought_at < occurrence->at)
        known->last_bought_at = occurrence->at;
    if (event->body_case == WIRE_EVENT__BODY_INTERACTION_CLOSED && !interaction_is_repeated(before, event))
        observe_close(known, before, occurrence, names);
}

void customer_made_good(struct customer_known *known, int64_t at)
{
    known->well_at = at;
    known->longest_hold_us = 0;
    known->most_menus = known->open_complaints = 0;
}

void customer_suffer(struct customer_known *known, const struct interaction_known *before,
                     const struct interaction_known *after, const struct occurrence *occurrence)
{
    bool closes = occurrence->event->body_case == WIRE_EVENT__BODY_INTERACTION_CLOSED;
    if (after->closed_at && !closes)
        return;
    if (closes && (after->remedies || after->promises)) {
        customer_made_good(known, occurrence->at);
        return;
    }
    if (known->longest_hold_us < after->held_us)
        known->longest_hold_us = after->held_us;
    if (known->most_menus < after->menus)
        known->most_menus = after->menus;
    bool is_named = before && !before->customer;
    count(&known->open_complaints,
          is_named ? after->complaints : occurrence->event->body_case == WIRE_EVENT__BODY_COMPLAINT);
}

void customer_fail(struct customer_known *known, int64_t at)
{
    for (int i = 0; i < FAILURES; i++) {
        int64_t later = known->failed_at[i];
        if (at <= later)
            continue;
        known->failed_at[i] = at; /* and those before it move on */
        at = later;
    }
}

void customer_unfail(struct customer_known *known, int64_t at)
{
    int i = 0;
    while (i < FAILURES && known->failed_at[i] != at)
        i++;
    for (; i + 1 < FAILURES; i++)
        known->failed_at[i] = known->failed_at[i + 1];
    if (i < FAILURES)
        known->failed_at[i] = 0;
}

int64_t customer_from_failure_us(const struct customer_known *known, int64_t at)
{
    int64_t nearest = -1;
    for (int i = 0; i < FAILURES && known->failed_at[i]; i++) {
        int64_t away = known->failed_at[i] > at ? known->failed_at[i] - at : at - known->failed_at[i];
        nearest = nearest < 0 || away < nearest ? away : nearest;
    }
    return nearest;
}

enum { TROUBLE_S = 60 * 86400 };

void customer_trouble(struct customer_known *known, const struct interaction_known *before,
                      const struct interaction_known *after, const struct occurrence *occurrence)
{
    if (occurrence->event->body_case != WIRE_EVENT__BODY_INTERACTION_CLOSED ||
        interaction_is_repeated(before, occurrence->event))
        return;
    if (known->is_trouble_solved || occurrence->at - known->trouble_at > TROUBLE_S * INT64_C(1000000)) {
        known->trouble_us = known->trouble_at = known->trouble_contacts = known->trouble_hand_overs = 0;
        known->is_trouble_solved = false;
    }
    if (!after->has_trouble && !known->trouble_contacts)
        return;
    count(&known->trouble_contacts, 1);
    count(&known->trouble_hand_overs, after->hand_overs);
    if (after->opened_at && occurrence->at > after->opened_at)
        known->trouble_us += occurrence->at - after->opened_at;
    known->trouble_at = occurrence->at;
}

void customer_known_clear(struct customer_known *known, struct names *names)
{
    name_set(names, &known->owner, NULL);
    name_set(names, &known->last.served_by, NULL);
    name_set(names, &known->before_last.served_by, NULL);
}

void customer_promise_turned(struct customer_known *known, const struct occurrence *occurrence,
                             bool is_broken)
{
    if (is_broken && known->broken_promises < UINT16_MAX) {
        known->broken_promises++;
        known->promise_broken_at = occurrence->at;
        known->promise_broken_seq = occurrence->seq;
    } else if (!is_broken && known->broken_promises) {
        known->broken_promises--;
    }
}
