/* interaction: how each event changes what is known of its contact. */
#include "common/policy/state/interaction.h"

#include "common/base/text.h"

static void count(uint16_t *counter, int64_t more)
{
    int64_t sum = *counter + (more > 0 ? more : 0);
    *counter = sum > UINT16_MAX ? UINT16_MAX : (uint16_t)sum;
}

static bool is_queueing(int kind)
{
    return kind == WIRE_WAIT_KIND__HOLD || kind == WIRE_WAIT_KIND__QUEUE;
}

static void add_wait(struct interaction_known *known, int kind, int64_t from, int64_t until)
{
    int64_t lasted_us = until > from ? until - from : 0;
    known->held_us += kind == WIRE_WAIT_KIND__HOLD ? lasted_us : 0;
    known->queued_us += kind == WIRE_WAIT_KIND__QUEUE ? lasted_us : 0;
}

static void wait_end(struct interaction_known *known, int64_t at)
{
    add_wait(known, known->wait_kind, known->wait_started_at, at);
    known->wait_kind = 0;
}

static unsigned place_of(int kind)
{
    return kind > 0 && kind <= WAIT_KINDS ? (unsigned)kind - 1 : 0;
}

static const int64_t *wait_end_of(const struct interaction_known *known, int kind)
{
    return &known->wait_ended_at[place_of(kind)];
}

/* A wait that runs, or the last one that ended, told again. */
static bool is_repeated_wait(const struct interaction_known *known, const struct occurrence *occurrence)
{
    int kind = (int)occurrence->event->wait_started->kind;
    bool has_ended_so = !known->wait_kind && known->wait_started_at == occurrence->at &&
                        known->ends_taken & 1U << kind && *wait_end_of(known, kind) > occurrence->at;
    return has_ended_so || (known->wait_kind == kind && known->wait_started_at <= occurrence->at);
}

int64_t interaction_wait_over_at(const struct interaction_known *before, const struct occurrence *occurrence)
{
    if (!before || is_repeated_wait(before, occurrence))
        return 0;
    int kind = (int)occurrence->event->wait_started->kind;
    int64_t ended_at = *wait_end_of(before, kind);
    if (ended_at && ended_at >= occurrence->at + (before->ends_taken >> kind & 1))
        return ended_at;
    if (before->wait_started_at > occurrence->at)
        return before->wait_started_at;
    return before->closed_at >= occurrence->at ? before->closed_at : 0;
}

int interaction_interruptions(const struct interaction_known *before, int kind, int64_t ended_at)
{
    return *wait_end_of(before, kind) == ended_at ? before->end_interruptions[place_of(kind)] : 0;
}

int64_t interaction_wait_us(const struct interaction_known *before, const struct occurrence *occurrence)
{
    int kind = (int)occurrence->event->wait_ended->kind;
    bool is_of_it = before && before->waited_kind == kind && before->wait_started_at < occurrence->at;
    bool has_end =
        is_of_it && before->wait_kind != kind && *wait_end_of(before, kind) > before->wait_started_at;
    return is_of_it && !has_end ? occurrence->at - before->wait_started_at : 0;
}

/* The end of a wait that began before the one that runs ends nothing. */
static void end_told(struct interaction_known *known, int kind, int64_t at, int64_t interruptions)
{
    bool is_of_running = known->wait_kind == kind && known->wait_started_at <= at;
    if (known->wait_ended_at[place_of(kind)] < at) {
        known->wait_ended_at[place_of(kind)] = at;
        known->end_interruptions[place_of(kind)] = 0;
        count(&known->end_interruptions[place_of(kind)], interruptions);
        known->ends_taken &= (uint8_t) ~(1U << kind);
        known->ends_taken |= (uint8_t)((unsigned)is_of_running << kind);
    }
    if (is_of_running)
        wait_end(known, at);
}

static void wait_start(struct interaction_known *known, const struct occurrence *occurrence)
{
    int kind = (int)occurrence->event->wait_started->kind;
    int64_t over_at = interaction_wait_over_at(known, occurrence);
    if (is_repeated_wait(known, occurrence))
        return;
    known->has_waited |= is_queueing(kind);
    count(&known->menus, kind == WIRE_WAIT_KIND__MENU);
    if (known->wait_kind && known->wait_started_at <= occurrence->at)
        wait_end(known, occurrence->at);
    if (over_at) {
        add_wait(known, kind, occurrence->at, over_at);
        known->ends_taken |= (uint8_t)((*wait_end_of(known, kind) == over_at) << kind);
        if (!known->wait_kind && known->wait_started_at < occurrence->at)
            known->wait_started_at = occurrence->at;
        return;
    }
    known->wait_kind = known->waited_kind = (uint8_t)kind;
    known->wait_started_at = occurrence->at;
    known->wait_seq = occurrence->seq;
}

static int64_t reported_from(const struct occurrence *occurrence)
{
    return occurrence->at - occurrence->event->wait_reported->duration_ms * 1000;
}

bool interaction_is_wait_known(const struct interaction_known *before, const struct occurrence *occurrence)
{
    int kind = (int)occurrence->event->wait_reported->kind;
    if (!before)
        return false;
    if (before->wait_kind == kind && before->wait_started_at <= occurrence->at)
        return true;
    return before->ends_taken & 1U << kind &&
           before->wait_started_at<occurrence->at && * wait_end_of(before, kind)> reported_from(occurrence);
}

/* The report of a wait that runs is its end, too. */
static void wait_report(struct interaction_known *known, const struct occurrence *occurrence)
{
    const WireWaitReported *wait = occurrence->event->wait_reported;
    int kind = (int)wait->kind;
    bool is_known = interaction_is_wait_known(known, occurrence);
    known->has_waited |= is_queueing(kind) && wait->duration_ms > 0;
    if (!is_known)
        add_wait(known, kind, reported_from(occurrence), occurrence->at);
    if (kind == WIRE_WAIT_KIND__MENU)
        count(&known->menus, (wait->has_menus ? wait->menus : 1) - (int64_t)is_known);
    count(&known->announcements, wait->interruptions);
    if (is_known && known->wait_kind == kind)
        end_told(known, kind, occurrence->at, wait->interruptions);
}

static void contact_open(struct interaction_known *known, const struct occurrence *occurrence,
                         struct names *names)
{
    const WireInteractionOpened *opened = occurrence->event->interaction_opened;
    if (interaction_is_repeated(known, occurrence->event))
        return;
    known->is_open = !known->closed_at; /* some close before they open: log order counts */
    known->opened_at = occurrence->at;
    known->channel = (uint8_t)opened->channel;
    known->purpose = opened->has_purpose ? (uint8_t)opened->purpose : 0;
    known->first_purchase = opened->first_purchase;
    name_set(names, &known->department, opened->department);
    known->has_trouble |=
        known->purpose == WIRE_PURPOSE__COMPLAINING || known->purpose == WIRE_PURPOSE__RETURN;
    for (size_t i = 0; i < occurrence->event->n_labels; i++)
        if (text_equal(occurrence->event->labels[i]->name, "how"))
            name_set(names, &known->how, occurrence->event->labels[i]->value);
}

/* Whoever records a need is credited with it, once a contact. */
static void credit_need(struct interaction_known *known, const char *employee_id, struct names *names)
{
    for (size_t i = 0; employee_id && i < NEEDS_BY; i++) {
        if (!known->needs_by[i])
            name_set(names, &known->needs_by[i], employee_id);
        if (text_equal(known->needs_by[i], employee_id))
            return;
    }
}

/* Something went wrong, or was to be put right. */
static bool is_trouble(const WireEvent *event)
{
    switch ((int)event->body_case) {
    case WIRE_EVENT__BODY_COMPLAINT:
    case WIRE_EVENT__BODY_RETURN_MADE:
    case WIRE_EVENT__BODY_INCIDENT:
    case WIRE_EVENT__BODY_LEAVING_SIGNALLED:
    case WIRE_EVENT__BODY_REMEDY_REQUESTED:
    case WIRE_EVENT__BODY_EXCEPTION_REQUESTED:
    case WIRE_EVENT__BODY_REMEDY_GRANTED:
    case WIRE_EVENT__BODY_REMEDY_REFUSED:
        return true;
    }
    return false;
}

static void contact_close(struct interaction_known *known, const struct occurrence *occurrence)
{
    const WireInteractionClosed *closed = occurrence->event->interaction_closed;
    if (interaction_is_repeated(known, occurrence->event))
        return;
    wait_end(known, occurrence->at);
    known->is_open = false;
    known->closed_at = occurrence->at ? occurrence->at : 1;
    known->outcome = (uint8_t)closed->outcome;
    known->rating = closed->has_rating ? (uint8_t)closed->rating : 0;
}

/* Whoever served last, by the time they did. */
static void serve(struct interaction_known *known, const char *employee_id, int64_t at, struct names *names)
{
    if (known->served_by && at < known->served_at)
        return;
    name_set(names, &known->served_by, employee_id);
    known->served_at = at;
}

static void hand_over(struct interaction_known *known, const struct occurrence *occurrence,
                      struct names *names)
{
    const WireHandedOver *handed_over = occurrence->event->handed_over;
    count(&known->hand_overs, 1);
    known->hand_over_seq = occurrence->seq;
    serve(known, handed_over->to_employee_id, occurrence->at, names);
    if (!handed_over->takes_ownership ||
        !owner_is_given_last(known->owner_at, known->is_owner_given, occurrence->at))
        return;
    name_set(names, &known->owner, handed_over->to_employee_id);
    known->owner_at = occurrence->at;
    known->is_owner_given = true;
}

/* The mood is the last one by the time it was seen, whenever it is told. */
static void observe_mood(struct interaction_known *known, const struct occurrence *occurrence)
{
    int mood = occurrence->event->mood_observed->mood;
    known->was_angry |= mood == WIRE_MOOD__ANGRY;
    known->moods |= (uint8_t)(1U << mood);
    if (known->mood && occurrence->at < known->mood_at)
        return;
    known->mood = (uint8_t)mood;
    known->mood_at = occurrence->at;
    known->mood_seq = occurrence->seq;
}

/* How many there were of the event, in this contact; NULL: they are not counted. */
static uint16_t *counter_of(struct interaction_known *known, const WireEvent *event)
{
    switch ((int)event->body_case) {
    case WIRE_EVENT__BODY_NEED_RECORDED:
        return &known->needs;
    case WIRE_EVENT__BODY_OFFER_MADE:
        return &known->offers;
    case WIRE_EVENT__BODY_SALE_COMPLETED:
        return &known->sales;
    case WIRE_EVENT__BODY_RETURN_MADE:
        return &known->returns;
    case WIRE_EVENT__BODY_INCIDENT:
        return &known->incidents;
    case WIRE_EVENT__BODY_PROMISE_MADE:
        return &known->promises;
    case WIRE_EVENT__BODY_REMEDY_GRANTED:
        return &known->remedies;
    case WIRE_EVENT__BODY_COMPLAINT:
        return &known->complaints;
    }
    return NULL;
}

static void observe_body(struct interaction_known *known, const struct occurrence *occurrence,
                         struct names *names)
{
    const WireEvent *event = occurrence->event;
    uint16_t *counter = counter_of(known, event);
    if (counter)
        count(counter, 1);
    known->has_trouble |= is_trouble(event);
    switch ((int)event->body_case) {
    case WIRE_EVENT__BODY_INTERACTION_OPENED:
        contact_open(known, occurrence, names);
        break;
    case WIRE_EVENT__BODY_INTERACTION_CLOSED:
        contact_close(known, occurrence);
        break;
    case WIRE_EVENT__BODY_MOOD_OBSERVED:
        observe_mood(known, occurrence);
        break;
    case WIRE_EVENT__BODY_WAIT_STARTED:
        wait_start(known, occurrence);
        break;
    case WIRE_EVENT__BODY_WAIT_ENDED:
        end_told(known, (int)event->wait_ended->kind, occurrence->at, event->wait_ended->interruptions);
        count(&known->announcements, event->wait_ended->interruptions);
        break;
    case WIRE_EVENT__BODY_WAIT_REPORTED:
        wait_report(known, occurrence);
        break;
    case WIRE_EVENT__BODY_HANDED_OVER:
        hand_over(known, occurrence, names);
        break;
    case WIRE_EVENT__BODY_COMPLAINT:
        known->is_public |= event->complaint->in_public || event->complaint->public_threatened;
        break;
    case WIRE_EVENT__BODY_LEAVING_SIGNALLED:
        known->is_leaving = true;
        break;
    case WIRE_EVENT__BODY_NEED_RECORDED:
        credit_need(known, known->served_by, names);
        break;
    case WIRE_EVENT__BODY_SALE_COMPLETED:
        count(&known->sales_of_needs, known->needs > 0);
        break;
    }
}

bool interaction_is_repeated(const struct interaction_known *before, const WireEvent *event)
{
    if (!before)
        return false;
    return (event->body_case == WIRE_EVENT__BODY_INTERACTION_OPENED && before->opened_at) ||
           (event->body_case == WIRE_EVENT__BODY_INTERACTION_CLOSED && before->closed_at);
}

void interaction_observe(struct interaction_known *known, const struct occurrence *occurrence,
                         struct names *names)
{
    const WireEvent *event = occurrence->event;
    if (!known->first_seq) {
        known->first_seq = occurrence->seq;
        known->is_drill = event->drill;
    }
    if (event->customer_id)
        name_own(names, &known->customer, event->customer_id);
    if (event->employee_id) {
        if (owner_is_served_first(known->owner, known->owner_at, known->is_owner_given, occurrence->at)) {
            name_set(names, &known->owner, event->employee_id);
            known->owner_at = occurrence->at;
        }
        serve(known, event->employee_id, occurrence->at, names);
    }
    observe_body(known, occurrence, names);
}

void interaction_known_clear(struct interaction_known *known, struct names *names)
{
    name_set(names, &known->owner, NULL);
    name_set(names, &known->served_by, NULL);
    name_own(names, &known->customer, NULL);
    name_set(names, &known->department, NULL);
    name_set(names, &known->how, NULL);
    for (size_t i = 0; i < NEEDS_BY; i++)
        name_set(names, &known->needs_by[i], NULL);
}

void interaction_promise_turned(struct interaction *interaction, bool is_broken)
{
    if (!interaction)
        return;
    if (is_broken && interaction->known.promises)
        interaction->known.promises--;
    else if (!is_broken && interaction->known.promises < UINT16_MAX)
        interaction->known.promises++;
}
