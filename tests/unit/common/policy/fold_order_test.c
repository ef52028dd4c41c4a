/* fold_order: what is told out of order. However the events of a contact reach the log, the same is left open in the end,
 * and nothing that has ended pages. */
#include "tests/support/check.h"
#include "tests/support/shop.h"

#include "common/base/text.h"
#include "common/policy/state/state.h"

enum { DAY = 86400, EVENTS = 6, ROOM = 16 * 1024 };

struct said {
    int64_t ago; /* seconds before everything is told */
    const char *who, *body;
};

struct contact {
    const char *name;
    struct said said[EVENTS]; /* in the order they happened */
    bool pages;               /* something goes on: somebody is paged about it in the end */
};

#define WAIT_STARTS(kind) "'wait_started':{'kind':'" kind "'}"
#define WAIT_ENDS(kind)   "'wait_ended':{'kind':'" kind "'}"
#define MOOD(mood)        "'mood_observed':{'mood':'" mood "'}"
#define OPEN(channel)     "'interaction_opened':{'channel':'" channel "'}"
#define CLOSE(outcome)    "'interaction_closed':{'outcome':'" outcome "'}"
#define MADE(due)         "'promise_made':{'promise_id':'p','due_at':'2026-03-02T" due "Z'}"
#define MOVED(due)        "'promise_renegotiated':{'promise_id':'p','due_at':'2026-03-02T" due "Z'}"
#define KEPT              "'promise_kept':{'promise_id':'p'}"
#define WITHDRAWN         "'promise_withdrawn':{'promise_id':'p'}"
#define BOOKED            "'appointment_booked':{'appointment_id':'a','at':'2026-03-02T11:00:00Z','to_prepare':true}"
#define PREPARED          "'appointment_prepared':{'appointment_id':'a'}"
#define CANCELLED         "'appointment_cancelled':{'appointment_id':'a'}"
#define WANTED            "'product_wanted':{'product_id':'lamp'}"
#define ARRIVED           "'stock_arrived':{'product_id':'lamp'}"
#define NEED              "'need_recorded':{}"
#define COMPLAINT         "'complaint':{'about':'PRODUCT'}"
#define GIVEN(to)         "'handed_over':{'to_employee_id':'" to "','takes_ownership':true}"
#define LENT(to)          "'handed_over':{'to_employee_id':'" to "'}"
#define LEAVING           "'leaving_signalled':{}"
#define ON                "'on_duty':{'role':'shift_lead'}"
#define OFF               "'off_duty':{}"
#define ASKED             "'employee_asked_for':{'for_employee_id':'bert'}"
#define LENDS             "'authority_lent':{'to_employee_id':'bert','until_at':'2026-03-09T12:00:00Z'}"
#define RECLAIMED         "'authority_reclaimed':{'to_employee_id':'bert'}"

/* Everything is told at ten, Monday 2 March 2026. */
static const struct contact contacts[] = {
    {"a wait", {{200, "i1 - -", WAIT_STARTS("HOLD")}, {50, "i1 - -", WAIT_ENDS("HOLD")}}},
    {"a long wait", {{900, "i1 - -", WAIT_STARTS("QUEUE")}, {50, "i1 - -", WAIT_ENDS("QUEUE")}}},
    {"two waits",
     {{280, "i1 - -", WAIT_STARTS("QUEUE")},
      {220, "i1 - -", WAIT_ENDS("QUEUE")},
      {220, "i1 - -", WAIT_STARTS("HOLD")},
      {90, "i1 - -", WAIT_ENDS("HOLD")}}},
    {"a wait that ends with the next",
     {{280, "i1 - -", WAIT_STARTS("QUEUE")},
      {220, "i1 - -", WAIT_STARTS("HOLD")},
      {90, "i1 - -", WAIT_ENDS("HOLD")}}},
    {"a call",
     {{280, "i1 - -", OPEN("PHONE")},
      {270, "i1 - -", WAIT_STARTS("HOLD")},
      {120, "i1 anna -", WAIT_ENDS("HOLD")},
      {30, "i1 anna -", CLOSE("SERVED")}}},
    {"a call that ends while it waits",
     {{280, "i1 - -", OPEN("PHONE")}, {270, "i1 - -", WAIT_STARTS("HOLD")}, {30, "i1 - -", CLOSE("SERVED")}}},
    {"a mood", {{200, "i1 - -", MOOD("ANGRY")}, {100, "i1 - -", MOOD("CALM")}}},
    {"a mood in a wait",
     {{250, "i1 - -", WAIT_STARTS("QUEUE")},
      {200, "i1 - -", MOOD("ANGRY")},
      {120, "i1 - -", WAIT_ENDS("QUEUE")},
      {100, "i1 - -", MOOD("DELIGHTED")}}},
    {"a duty", {{200, "- bert -", ON}, {100, "- bert -", OFF}}},
    {"a duty that begins again", {{200, "- bert -", OFF}, {100, "- bert -", ON}}},
    {"authority lent and taken back", {{200, "- rosa -", LENDS}, {100, "- rosa -", RECLAIMED}}},
    {"authority taken back and lent again", {{200, "- rosa -", RECLAIMED}, {100, "- rosa -", LENDS}}},
    {"somebody asked for who is back", {{200, "i1 - c1", ASKED}, {100, "- bert -", ON}}},
    {"a wish", {{200, "i1 anna c1", WANTED}, {100, "- - -", ARRIVED}}},
    {"a wish after the goods came", {{200, "- - -", ARRIVED}, {100, "i1 anna c1", WANTED}}},
    {"an appointment", {{200, "i1 anna c1", BOOKED}, {100, "i1 anna c1", PREPARED}}},
    {"an appointment that is off", {{200, "i1 anna c1", BOOKED}, {100, "- - -", CANCELLED}}},
    {"a promise kept", {{200, "i1 anna c1", MADE("12:00:00")}, {100, "i1 anna c1", KEPT}}},
    {"a promise called off", {{200, "i1 anna c1", MADE("12:00:00")}, {100, "i1 anna c1", WITHDRAWN}}},
    {"a promise put off",
     {{200, "i1 anna c1", MADE("12:00:00")}, {100, "i1 anna c1", MOVED("14:00:00")}},
     true},
    {"a promise put off twice",
     {{200, "i1 anna c1", MADE("12:00:00")},
      {100, "i1 anna c1", MOVED("14:00:00")},
      {50, "i1 anna c1", MOVED("13:00:00")}},
     true},
    {"a promise put off and kept",
     {{200, "i1 anna c1", MADE("12:00:00")},
      {100, "i1 anna c1", MOVED("14:00:00")},
      {50, "i1 anna c1", KEPT}}},
    {"a promise kept, and called off after that",
     {{200, "i1 anna c1", MADE("12:00:00")}, {100, "i1 anna c1", KEPT}, {50, "i1 anna c1", WITHDRAWN}}},
    {"a promise put off in time",
     {{280, "i1 anna c1", MADE("09:57:30")},
      {200, "i1 anna c1", MOVED("14:00:00")},
      {50, "i1 anna c1", KEPT}}},
    {"a hand-over on purpose",
     {{200, "i1 anna c1", MADE("12:00:00")}, {100, "i1 anna c1", GIVEN("ben")}},
     true},
    {"a promise made after the hand-over",
     {{200, "i1 anna c1", GIVEN("ben")}, {100, "i1 anna c1", MADE("12:00:00")}},
     true},
    {"two hand-overs on purpose",
     {{250, "i1 anna c1", MADE("12:00:00")},
      {200, "i1 anna c1", GIVEN("ben")},
      {150, "i2 anna c1", GIVEN("carl")},
      {100, "i1 ben c1", LENT("dora")}},
     true},
    {"a hand-over for once", {{200, "i1 anna c1", MADE("12:00:00")}, {100, "i1 anna c1", LENT("ben")}}, true},
    {"the hand-over of a customer whom nobody knows",
     {{200, "i1 anna -", MADE("12:00:00")}, {150, "i1 anna -", GIVEN("ben")}, {100, "i1 ben -", LEAVING}},
     true},
    {"a name told half way",
     {{250, "i1 anna -", MADE("12:00:00")}, {200, "i1 ben -", LEAVING}, {100, "i1 ben c1", NEED}},
     true},
    {"a name told after the hand-over",
     {{250, "i1 anna -", MADE("12:00:00")},
      {200, "i1 anna -", GIVEN("ben")},
      {150, "i1 carl c1", NEED},
      {100, "i2 dora c1", NEED}},
     true},
    {"the hand-over of a customer who closed dissatisfied",
     {{250, "i1 anna c1", OPEN("COUNTER")},
      {200, "i1 anna c1", GIVEN("ben")},
      {100, "i1 anna c1", CLOSE("DISSATISFIED")}}},
    {"the hand-over of a contact that closed dissatisfied",
     {{250, "i1 anna -", OPEN("COUNTER")},
      {200, "i1 anna -", GIVEN("ben")},
      {100, "i1 anna -", CLOSE("DISSATISFIED")}}},
    {"two contacts that closed",
     {{250, "i1 anna c1", OPEN("COUNTER")},
      {200, "i1 anna c1", CLOSE("SATISFIED")},
      {150, "i2 ben c1", CLOSE("NEUTRAL")}}},
    {"a card shown half way",
     {{250, "i1 anna -", OPEN("COUNTER")},
      {200, "i1 anna -", COMPLAINT},
      {150, "i1 anna c1", NEED},
      {100, "i1 anna -", COMPLAINT}}},
    {"the hand-over of an appointment",
     {{250, "i1 anna c1", BOOKED}, {200, "i1 anna c1", GIVEN("ben")}, {100, "i2 carl c1", NEED}},
     true},
    {"the hand-over of an appointment of nobody knows whom",
     {{250, "i1 anna -", BOOKED}, {200, "i1 anna -", GIVEN("ben")}, {100, "i1 carl c1", NEED}},
     true},
};

/* --- what is left --- */

static const char *or_nobody(const char *who)
{
    return who ? who : "nobody";
}

/* Whose they are is heard when they climb. */
static void write_cases(const struct fold *fold, struct bytes *into)
{
    LIST_EACH(node, &fold->live_escalations) {
        const struct escalation *escalation = CONTAINER_OF(node, struct escalation, recent);
        bytes_append_format(into, "case %s %s %d\n", escalation->role,
                            escalation->interaction ? "contact" : "-", (int)escalation->is_silenced);
    }
}

static void write_follow_ups(const struct fold *fold, struct bytes *into)
{
    LIST_EACH(node, &fold->recent_follow_ups) {
        const struct follow_up *follow_up = CONTAINER_OF(node, struct follow_up, recent);
        AUTO(arena) *arena = arena_new(ROOM);
        const WireFollowUp *body = follow_up_read(follow_up, arena);
        bytes_append_format(into, "follow-up %d %d of %s for %s\n", follow_up->kind, follow_up->is_overdue,
                            or_nobody(body->owner), or_nobody(body->customer_id));
    }
}

static void write_promises(const struct list *list, struct bytes *into)
{
    LIST_EACH(node, list) {
        const struct promise *promise = CONTAINER_OF(node, struct promise, recent);
        AUTO(arena) *arena = arena_new(ROOM);
        const WirePromise *body = promise_read(promise, arena);
        bytes_append_format(into, "promise %s %lld of %s for %s\n", promise_state_word(promise->state),
                            promise_is_live(promise->state) ? (long long)promise->due_at : 0,
                            or_nobody(body->owner), or_nobody(body->customer_id));
    }
}

static void write_rest(const struct fold *fold, struct bytes *into)
{
    const struct employee *bert = state_employee(fold, "harbour", "bert");
    const struct appointment *appointment = appointment_find(fold, "harbour", "a", false);
    const struct loan *loan = loan_find(loans_of(fold, "harbour", "bert"), "rosa", false);
    bytes_append_format(into, "bert %d, appointment %d, wants %zu, lent %d\n", bert && bert->is_on_duty,
                        appointment && !appointment->has_ended, fold->want_count,
                        loan && loan_holds(loan, fold->recorded_at, false));
    if (appointment && !appointment->has_ended)
        bytes_append_format(into, "appointment of %s for %s\n", or_nobody(appointment->owner),
                            or_nobody(appointment->customer));
    const struct interaction *contact = state_interaction(fold, "harbour", "i1", false);
    const struct customer *customer = state_customer(fold, "c1");
    if (contact)
        bytes_append_format(into, "contact of %s, served by %s\n", or_nobody(contact->known.owner),
                            or_nobody(contact->known.served_by));
    if (customer)
        bytes_append_format(into, "customer of %s, in person %u, complaints %u, last %d by %s\n",
                            or_nobody(customer->known.owner), customer->known.shop_visits,
                            customer->known.open_complaints, customer->known.last.outcome,
                            or_nobody(customer->known.last.served_by));
}

static void write_open(const struct fold *fold, struct bytes *into)
{
    write_cases(fold, into);
    write_follow_ups(fold, into);
    write_promises(&fold->live_promises, into);
    write_promises(&fold->ended_promises, into);
    write_rest(fold, into);
}

static void say(struct shop *shop, const struct said *said)
{
    shop->sent_after_us = said->ago * 1000000;
    shop_play(shop, said->who, said->body);
}

/* What is open when all is told, and when a day has passed; told in `order`. */
static void play(const struct contact *contact, const unsigned *order, unsigned count, struct bytes *into)
{
    AUTO(shop) *shop = shop_open(NULL);
    shop->snapshot_every = 3;
    shop_play(shop, "- ines -", "'role_granted':{'employee_id':'rosa','role':'store_manager'}");
    for (unsigned i = 0; i < count; i++)
        say(shop, &contact->said[order[i]]);
    shop->sent_after_us = 0;
    shop_wait(shop, 1);
    write_open(shop->fold, into);
    const char *heard = shop_wait(shop, 2 * DAY);
    if (strstr(heard, "case_climbed") || strstr(heard, "notified_again"))
        bytes_append_text(into, heard);
    write_open(shop->fold, into);
}

static unsigned count_of(const struct contact *contact)
{
    unsigned count = 0;
    while (count < EVENTS && contact->said[count].body)
        count++;
    return count;
}

static void assert_same(const struct contact *contact, const unsigned *order, unsigned count,
                        const char *expected)
{
    AUTO_CLEAR(bytes) open = {0};
    AUTO_CLEAR(bytes) told = {0};
    play(contact, order, count, &open);
    for (unsigned i = 0; i < count; i++)
        bytes_append_format(&told, " %u", order[i]);
    if (!text_equal(bytes_text(&open), expected))
        fail_msg("%s, told%s:\n%snot\n%s", contact->name, bytes_text(&told), bytes_text(&open), expected);
}

/* Each order of the rest, after the first `fixed`. */
static void try_orders(const struct contact *contact, unsigned *order, unsigned fixed, unsigned count,
                       const char *expected)
{
    if (fixed == count)
        assert_same(contact, order, count, expected);
    for (unsigned i = fixed; i < count; i++) {
        unsigned first = order[fixed];
        order[fixed] = order[i];
        order[i] = first;
        try_orders(contact, order, fixed + 1, count, expected);
        order[i] = order[fixed];
        order[fixed] = first;
    }
}

static TEST(whatever_the_order_of_telling_the_same_is_open_in_the_end)
{
    for (size_t i = 0; i < COUNT_OF(contacts); i++) {
        unsigned order[EVENTS] = {0, 1, 2, 3, 4, 5};
        AUTO_CLEAR(bytes) expected = {0};
        play(&contacts[i], order, count_of(&contacts[i]), &expected);
        if (!strstr(bytes_text(&expected), "climbed") == contacts[i].pages)
            fail_msg("%s: %s", contacts[i].name, bytes_text(&expected));
        try_orders(&contacts[i], order, 0, count_of(&contacts[i]), bytes_text(&expected));
    }
}

RUN_TESTS(cmocka_unit_test(whatever_the_order_of_telling_the_same_is_open_in_the_end))
