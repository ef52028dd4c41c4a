/* fold_follow_through: random days of promises, goods and appointments, on time, late and as exercises. The shop's twin,
 * read from a snapshot now and then, must decide the same and wait for the same deadline; what is true of
 * every log is checked on the way. */
#include "tests/support/check.h"
#include "tests/support/shop.h"

#include "common/base/text.h"

#include <stdio.h>
#include <stdlib.h>

enum { EVENTS = 600, PROMISES = 12 };

static const int64_t second_us = 1000000;

struct days {
    struct shop *shop;
    uint64_t seed;
    char state[2][PROMISES][16]; /* as last heard, by drill */
};

static int any(struct days *days, int below)
{
    return (int)(check_random(&days->seed) % (uint64_t)below);
}

/* What may happen on such a day. */
struct chance {
    const char *product;
    int which; /* promise or appointment */
    long long due_at;
    char body[240];
};

enum { PROMISE_KINDS = 5, GOODS_KINDS = 5, OTHER_KINDS = 4 };

static void promise_happens(struct days *days, int kind, struct chance *chance)
{
    char *body = chance->body;
    size_t size = sizeof chance->body;
    switch (kind) {
    case 0:
    case 1:
        snprintf(body, size,
                 "'promise_made':{'promise_id':'p%d','due_at':%lld000000,'product_id':'%s','worth':{'minor':"
                 "%d,'currency':'EUR'}}",
                 chance->which, chance->due_at, chance->product, any(days, 40000));
        break;
    case 2:
        snprintf(body, size, "'promise_kept':{'promise_id':'p%d'}", chance->which);
        break;
    case 3:
        snprintf(body, size, "'promise_renegotiated':{'promise_id':'p%d','due_at':%lld000000}", chance->which,
                 chance->due_at);
        break;
    default:
        snprintf(body, size, "'promise_withdrawn':{'promise_id':'p%d'}", chance->which);
        break;
    }
}

static void goods_happen(int kind, struct chance *chance)
{
    char *body = chance->body;
    size_t size = sizeof chance->body;
    switch (kind) {
    case 0:
        snprintf(body, size, "'product_wanted':{'product_id':'%s'}", chance->product);
        break;
    case 1:
        snprintf(body, size, "'stock_arrived':{'product_id':'%s'}", chance->product);
        break;
    case 2:
        snprintf(body, size, "'stock_expected':{'product_id':'%s','expected_at':%lld000000}", chance->product,
                 chance->due_at);
        break;
    case 3:
        snprintf(body, size, "'sale_completed':{'lines':[{'product_id':'%s'},{'product_id':'bike'}]}",
                 chance->product);
        break;
    default:
        snprintf(body, size, "'return_made':{'product_id':'%s','reason':'DOES_NOT_SUIT'}", chance->product);
        break;
    }
}

static void other_happens(int kind, struct chance *chance)
{
    char *body = chance->body;
    size_t size = sizeof chance->body;
    switch (kind) {
    case 0:
        snprintf(body, size,
                 "'appointment_booked':{'appointment_id':'a%d','at':%lld000000,'to_prepare':true}",
                 chance->which, chance->due_at);
        break;
    case 1:
        snprintf(body, size, "'appointment_prepared':{'appointment_id':'a%d'}", chance->which);
        break;
    case 2:
        snprintf(body, size, "'need_recorded':{}");
        break;
    default:
        snprintf(body, size, "'interaction_closed':{'outcome':'SERVED'}");
        break;
    }
}

static void happen(struct days *days)
{
    static const char *const products[] = {"oil-change", "mattress", "bike"};
    char who[48];
    struct chance chance = {.product = products[any(days, 3)], .which = any(days, PROMISES)};
    chance.due_at = days->shop->now / second_us + any(days, 4000) - 200;
    snprintf(who, sizeof who, "i%d e%d %s", any(days, 6), any(days, 3), any(days, 4) ? "c1" : "c2");
    int kind = any(days, PROMISE_KINDS + GOODS_KINDS + OTHER_KINDS);
    if (kind < PROMISE_KINDS)
        promise_happens(days, kind, &chance);
    else if (kind < PROMISE_KINDS + GOODS_KINDS)
        goods_happen(kind - PROMISE_KINDS, &chance);
    else
        other_happens(kind - PROMISE_KINDS - GOODS_KINDS, &chance);
    days->shop->drill = any(days, 6) == 0;
    days->shop->sent_after_us = any(days, 5) ? 0 : any(days, 3 * 3600) * second_us;
    shop_play(days->shop, who, chance.body);
}

static bool is_live(const char *state)
{
    return text_equal(state, "open") || text_equal(state, "renegotiated");
}

/* What was kept or withdrawn never changes again, but where the other end came first and is told last. */
static void check_ledger(struct days *days)
{
    for (size_t i = 0; i < days->shop->decisions->count; i++) {
        const WireDecision *decision = days->shop->decisions->items[i];
        if (decision->kind != WIRE_DECISION_KIND__PROMISE_CHANGED)
            continue;
        const WirePromise *promise = decision->promise;
        char *known = days->state[promise->drill][atoi(promise->promise_id + 1)];
        bool was_over = text_equal(known, "kept") || text_equal(known, "withdrawn");
        if (was_over && (is_live(promise->state) || text_equal(promise->state, known)))
            fail_msg("%s was %s and is %s", promise->promise_id, known, promise->state);
        assert_int_equal(promise->has_ended_at, !is_live(promise->state));
        snprintf(known, sizeof days->state[0][0], "%s", promise->state);
    }
}

static void live_through(const struct fold_limits *limits, uint64_t seed)
{
    AUTO(shop) *shop = shop_open_bounded(NULL, limits);
    struct days days = {.shop = shop, .seed = seed};
    int64_t due_at;
    shop->snapshot_every = 7;
    for (int i = 0; i < EVENTS; i++) {
        happen(&days);
        if (!limits) /* where all is remembered */
            check_ledger(&days);
        shop_wait(shop, any(&days, 600));
    }
    assert_true(shop->decided > EVENTS / 4);
    assert_false(fold_next_deadline(shop->fold, &due_at) && due_at <= shop->now);
}

static TEST(random_days_are_the_same_for_a_twin_from_a_snapshot)
{
    live_through(NULL, 11);
}

static TEST(random_days_are_the_same_where_little_is_held)
{
    struct fold_limits limits = fold_limits_default;
    limits.promises = 4;
    limits.appointments = 3;
    limits.purchases = 4;
    limits.wants = 2;
    limits.shelves = 2;
    limits.follow_ups = 5;
    live_through(&limits, 12);
}

RUN_TESTS(cmocka_unit_test(random_days_are_the_same_for_a_twin_from_a_snapshot),
          cmocka_unit_test(random_days_are_the_same_where_little_is_held))
