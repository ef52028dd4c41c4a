/* day: visits that walk through a table of steps, each step with its chance. */
#include "tests/support/day.h"

#include "common/base/arena.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/base/uuid.h"
#include "common/wire/set.h"

#include <assert.h>
#include <inttypes.h>
#include <stdbool.h>

enum { EVENT_ARENA_SIZE = 4096, PRODUCTS = 500, CUSTOMERS = 20000, KNOWN_OF_1000 = 300, PHONE_OF_1000 = 200 };

struct visit {
    uint32_t number; /* of all visits, 0 before its first */
    uint32_t store;  /* from 1 */
    uint32_t register_number;
    uint32_t customer; /* 0: not known */
    bool is_phone;
    bool is_step_open; /* its first half has happened */
    bool has_trouble;  /* asked for a remedy, complained, or is angry */
    size_t step;       /* the next one */
    int64_t amount;    /* of the remedy that was asked for */
};

struct day {
    struct day_options options;
    uint64_t random;
    uint32_t visits_begun;
    struct visit *visits;
    struct arena arena; /* the event of the last call */
};

/* splitmix64 (Steele, Lea, Flood 2014) */
static uint64_t random_next(struct day *day)
{
    uint64_t mixed = day->random += 0x9E3779B97F4A7C15u;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
    return mixed ^ (mixed >> 31);
}

static uint32_t random_below(struct day *day, uint32_t limit)
{
    return (uint32_t)(((random_next(day) >> 32) * limit) >> 32);
}

static bool happens(struct day *day, uint32_t of_1000)
{
    return random_below(day, 1000) < of_1000;
}

static void *room_in(struct day *day, size_t size)
{
    void *memory = arena_allocate(&day->arena, size);
    assert(memory); /* one event is far smaller */
    return memory;
}

static char *text_in(struct day *day, const char *format, uint32_t first, uint32_t second)
    __attribute__((format(printf, 2, 0)));
static char *text_in(struct day *day, const char *format, uint32_t first, uint32_t second)
{
    enum { SIZE = 40 };
    char *text = room_in(day, SIZE);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    text_format(text, SIZE, format, first, second);
#pragma GCC diagnostic pop
    return text;
}

static char *product_of(struct day *day)
{
    return text_in(day, "product-%" PRIu32, 1 + random_below(day, PRODUCTS), 0);
}

static WireMoney *money_of(struct day *day, int64_t minor)
{
    WireMoney *money = room_in(day, sizeof *money);
    wire_money__init(money);
    WIRE_SET(money, minor, minor);
    money->currency = (char *)"EUR";
    return money;
}

/* --- the steps --- */

/* Makes an event's body: BODY(day, event, OFFER_MADE, offer_made) is the new message, in its place. */
#define BODY(day, event, CASE, member)                                                                       \
    ({                                                                                                       \
        __typeof__((event)->member) made_ = room_in((day), sizeof *made_);                                   \
        wire_##member##__init(made_);                                                                        \
        (event)->body_case = WIRE_EVENT__BODY_##CASE;                                                        \
        (event)->member = made_;                                                                             \
    })

/* The value of a proto2 optional field, with its has_. The message is evaluated once. */
#define SET(message, field, value)                                                                           \
    ({                                                                                                       \
        __typeof__(message) set_ = (message);                                                                \
        set_->has_##field = true;                                                                            \
        set_->field = (value);                                                                               \
    })

static void opened_make(struct day *day, struct visit *visit, WireEvent *event)
{
    WireInteractionOpened *opened = BODY(day, event, INTERACTION_OPENED, interaction_opened);
    SET(opened, channel, visit->is_phone ? WIRE_CHANNEL__PHONE : WIRE_CHANNEL__COUNTER);
    SET(opened, purpose, happens(day, 800) ? WIRE_PURPOSE__PURCHASE : WIRE_PURPOSE__SERVICE);
    opened->department = (char *)(happens(day, 500) ? "kitchen" : "garden");
}

static void queue_make(struct day *day, struct visit *visit, WireEvent *event)
{
    if (visit->is_step_open)
        SET(BODY(day, event, WAIT_ENDED, wait_ended), kind, WIRE_WAIT_KIND__QUEUE);
    else
        SET(BODY(day, event, WAIT_STARTED, wait_started), kind, WIRE_WAIT_KIND__QUEUE);
}

static void menu_make(struct day *day, struct visit *visit, WireEvent *event)
{
    (void)visit;
    WireWaitReported *wait = BODY(day, event, WAIT_REPORTED, wait_reported);
    SET(wait, kind, WIRE_WAIT_KIND__MENU);
    SET(wait, duration_ms, 1000 * (int64_t)(5 + random_below(day, 40)));
    SET(wait, menus, happens(day, 20) ? 4 : 1 + (int32_t)random_below(day, 3));
}

static void hold_make(struct day *day, struct visit *visit, WireEvent *event)
{
    (void)visit;
    bool is_long = happens(day, 20);
    WireWaitReported *wait = BODY(day, event, WAIT_REPORTED, wait_reported);
    SET(wait, kind, WIRE_WAIT_KIND__HOLD);
    SET(wait, duration_ms,
        1000 * (int64_t)(is_long ? 300 + random_below(day, 400) : 5 + random_below(day, 200)));
}

static void mood_make(struct day *day, struct visit *visit, WireEvent *event)
{
    visit->has_trouble = visit->has_trouble || happens(day, 4);
    SET(BODY(day, event, MOOD_OBSERVED, mood_observed), mood,
        visit->has_trouble ? WIRE_MOOD__ANGRY : WIRE_MOOD__CALM);
}

static void need_make(struct day *day, struct visit *visit, WireEvent *event)
{
    (void)visit;
    BODY(day, event, NEED_RECORDED, need_recorded)->topic =
        text_in(day, "need-%" PRIu32, random_below(day, 40), 0);
}

static void offer_make(struct day *day, struct visit *visit, WireEvent *event)
{
    (void)visit;
    WireOfferMade *offer = BODY(day, event, OFFER_MADE, offer_made);
    offer->product_id = product_of(day);
    offer->price = money_of(day, 500 + random_below(day, 20000));
}

static void wanted_make(struct day *day, struct visit *visit, WireEvent *event)
{
    (void)visit;
    BODY(day, event, PRODUCT_WANTED, product_wanted)->product_id = product_of(day);
}

static void sale_make(struct day *day, struct visit *visit, WireEvent *event)
{
    (void)visit;
    enum { MOST_LINES = 3 };
    WireSaleCompleted *sale = BODY(day, event, SALE_COMPLETED, sale_completed);
    int64_t total = 0;
    sale->n_lines = 1 + random_below(day, MOST_LINES);
    sale->lines = room_in(day, sale->n_lines * sizeof *sale->lines);
    for (size_t i = 0; i < sale->n_lines; i++) {
        WireSaleLine *line = sale->lines[i] = room_in(day, sizeof *line);
        int64_t price = 500 + random_below(day, 20000);
        wire_sale_line__init(line);
        line->product_id = product_of(day);
        line->price = money_of(day, price);
        total += price;
    }
    sale->total = money_of(day, total);
}

static char *remedy_of(struct day *day, const struct visit *visit)
{
    return text_in(day, "remedy-%" PRIu32, visit->number, 0);
}

static void remedy_make(struct day *day, struct visit *visit, WireEvent *event)
{
    visit->amount = happens(day, 800) ? 200 + random_below(day, 4800) : 5001 + random_below(day, 30000);
    visit->has_trouble = true;
    WireRemedyRequested *remedy = BODY(day, event, REMEDY_REQUESTED, remedy_requested);
    remedy->remedy_id = remedy_of(day, visit);
    SET(remedy, kind, WIRE_REMEDY_KIND__REFUND);
    remedy->amount = money_of(day, visit->amount);
}

static void compliment_make(struct day *day, struct visit *visit, WireEvent *event)
{
    (void)visit;
    BODY(day, event, COMPLIMENT, compliment);
}

static void closed_make(struct day *day, struct visit *visit, WireEvent *event)
{
    WireInteractionClosed *closed = BODY(day, event, INTERACTION_CLOSED, interaction_closed);
    WireOutcome outcome = happens(day, 700) ? WIRE_OUTCOME__SERVED : WIRE_OUTCOME__SATISFIED;
    if (visit->has_trouble && happens(day, 300))
        outcome = WIRE_OUTCOME__DISSATISFIED;
    else if (visit->is_phone && happens(day, 50))
        outcome = WIRE_OUTCOME__ABANDONED;
    SET(closed, outcome, outcome);
}

enum where { AT_COUNTER = 1, ON_PHONE = 2, EVERYWHERE = 3 };

/* Each visit walks down. The last row always happens. */
static const struct step {
    void (*make)(struct day *day, struct visit *visit, WireEvent *event);
    enum where where;
    uint32_t of_1000;
    bool has_two_halves;
} steps[] = {
    {opened_make, EVERYWHERE, 1000, false}, {menu_make, ON_PHONE, 1000, false},
    {hold_make, ON_PHONE, 800, false},      {queue_make, AT_COUNTER, 700, true},
    {mood_make, EVERYWHERE, 500, false},    {need_make, EVERYWHERE, 1000, false},
    {need_make, EVERYWHERE, 900, false},    {need_make, EVERYWHERE, 700, false},
    {need_make, EVERYWHERE, 400, false},    {offer_make, EVERYWHERE, 1000, false},
    {offer_make, EVERYWHERE, 900, false},   {wanted_make, EVERYWHERE, 400, false},
    {offer_make, EVERYWHERE, 700, false},   {offer_make, EVERYWHERE, 400, false},
    {mood_make, EVERYWHERE, 300, false},    {sale_make, EVERYWHERE, 700, false},
    {remedy_make, EVERYWHERE, 60, false},   {compliment_make, AT_COUNTER, 20, false},
    {closed_make, EVERYWHERE, 1000, false},
};

/* --- visits --- */

static void visit_begin(struct day *day, struct visit *visit)
{
    uint32_t place = (uint32_t)(visit - day->visits);
    uint32_t register_of_all = place % (day->options.stores * day->options.registers);
    *visit = (struct visit){
        .number = ++day->visits_begun,
        .store = day->options.first_store + 1 + register_of_all / day->options.registers,
        .register_number = 1 + register_of_all % day->options.registers,
        .customer = happens(day, KNOWN_OF_1000) ? 1 + random_below(day, CUSTOMERS) : 0,
        .is_phone = happens(day, PHONE_OF_1000),
    };
}

/* Moves on to the next step that happens; an open one is finished first. */
static const struct step *step_choose(struct day *day, struct visit *visit)
{
    for (;; visit->step++) {
        const struct step *step = &steps[visit->step];
        if (visit->is_step_open)
            return step;
        if ((step->where & (visit->is_phone ? ON_PHONE : AT_COUNTER)) && happens(day, step->of_1000))
            return step;
    }
}

static uint8_t *id_mint(struct day *day, int64_t at)
{
    uint8_t *id = room_in(day, UUID_SIZE);
    bytes_put_u64(id, (uint64_t)(at / 1000) << 16 | 0x7000 | (random_next(day) & 0x0FFF));
    bytes_put_u64(id + 8, UINT64_C(1) << 63 | (random_next(day) >> 2));
    return id;
}

static WireEvent *event_begin(struct day *day, const struct visit *visit, int64_t at)
{
    WireEvent *event = room_in(day, sizeof *event);
    wire_event__init(event);
    event->has_id = true;
    event->id = (ProtobufCBinaryData){.len = UUID_SIZE, .data = id_mint(day, at)};
    event->source = text_in(day, "store-%04" PRIu32 "/till-%" PRIu32, visit->store, visit->register_number);
    WIRE_SET(event, occurred_at, at);
    event->store_id = text_in(day, "store-%04" PRIu32, visit->store, 0);
    event->interaction_id = text_in(day, "visit-%" PRIu32, visit->number, 0);
    event->employee_id = text_in(day, "employee-%" PRIu32 "-%" PRIu32, visit->store, visit->register_number);
    if (visit->customer)
        event->customer_id = text_in(day, "customer-%" PRIu32, visit->customer, 0);
    return event;
}

struct day *day_new(const struct day_options *options)
{
    assert(options->stores >= 1 && options->stores <= 9999 &&
           options->first_store <= 9999 - options->stores && options->registers >= 1 &&
           options->registers <= 9999 && options->visits >= 1);
    struct day *day = NEW(day);
    day->options = *options;
    day->random = options->seed;
    day->visits = memory_resize_array(NULL, options->visits, sizeof *day->visits);
    arena_init(&day->arena, EVENT_ARENA_SIZE);
    for (uint32_t i = 0; i < options->visits; i++)
        visit_begin(day, &day->visits[i]);
    return day;
}

void day_free(struct day *day)
{
    if (!day)
        return;
    free(day->visits);
    arena_clear(&day->arena);
    free(day);
}

const WireEvent *day_next(struct day *day, int64_t at)
{
    arena_reset(&day->arena, 0);
    struct visit *visit = &day->visits[random_below(day, day->options.visits)];
    const struct step *step = step_choose(day, visit);
    WireEvent *event = event_begin(day, visit, at);
    step->make(day, visit, event);
    visit->is_step_open = step->has_two_halves && !visit->is_step_open;
    if (!visit->is_step_open)
        visit->step++;
    if (visit->step == COUNT_OF(steps))
        visit_begin(day, visit);
    return event;
}
