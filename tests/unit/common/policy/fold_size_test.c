/* fold_size: what an entry of the state takes is what stands here, and all of it is given back when its time has passed. */
#include "common/base/embedded.h"
#include "common/base/text.h"
#include "common/policy/decide/decide.h"
#include "common/policy/state/state.h"
#include "tests/support/json_text.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"
#include "tests/support/check.h"
#include "tests/support/holding.h"

#include <stdio.h>
#include <stdlib.h>

/* Bytes that an entry of the state takes, about, with its places in maps. The allocator adds to
 * them, and maps that have just grown: an open interaction that waits, with its customer, takes at most 1,000 in all. */
enum {
    FOLD_BYTES_INTERACTION = 414,
    FOLD_BYTES_WAIT = 130, /* more, while it waits */
    FOLD_BYTES_CUSTOMER = 345,
    FOLD_BYTES_EMPLOYEE = 235, /* on duty, with one topic */
    FOLD_BYTES_STORE = 295,
    FOLD_BYTES_ROSTER = 153, /* of one who was given one role; kept for good */
    FOLD_BYTES_CASE = 585,
    FOLD_BYTES_FOLLOW_UP = 430,
    FOLD_BYTES_LOAN = 161,   /* of one lender, with the borrower's name */
    FOLD_BYTES_REMEDY = 572, /* with what it charges its customer and its giver that day */
    FOLD_BYTES_PROMISE = 457,
    FOLD_BYTES_SALE = 140, /* of a product that later ones ask for; twice that to a customer who is known */
    FOLD_BYTES_WANT = 250, /* the first who waits for a product in a store */
    FOLD_BYTES_APPOINTMENT = 270,
    FOLD_BYTES_RECURRENCE = 250 /* that came up once, in a contact */
};

enum { ENTRIES = 3000, ARENA_SIZE = 4 << 20 };

static const int64_t second_us = 1000000, day_us = 86400 * INT64_C(1000000);

struct telling {
    struct fold *fold;
    struct decisions *decisions;
    struct arena *arena;
    uint64_t seq;
    int64_t now;
};

static void feed(struct telling *telling, const WireEvent *event)
{
    char why[WHY_SIZE];
    WirePosition position = WIRE_POSITION__INIT;
    WireLoggedEvent record = WIRE_LOGGED_EVENT__INIT;
    WIRE_SET(&position, epoch, 1);
    WIRE_SET(&position, seq, ++telling->seq);
    record.position = &position;
    record.has_recorded_at = record.has_occurred_at = record.has_sent_at = true;
    record.recorded_at = record.occurred_at = record.sent_at = telling->now;
    assert_int_equal(decide_event(telling->fold, &record, event, telling->decisions), 0);
    if (fold_apply(telling->fold, &record, event, telling->decisions->items, telling->decisions->count, why))
        fail_msg("%s", why);
}

/* `text` is an event as JSON, with ' for " and # for a number. */
static void tell(struct telling *telling, const char *text, unsigned number)
{
    struct wire_refusal refusal;
    AUTO_CLEAR(bytes) json = {0};
    for (const char *at = text; *at; at++) {
        if (*at == '#')
            bytes_append_format(&json, "%04u", number);
        else
            bytes_append(&json, *at == '\'' ? "\"" : at, 1);
    }
    arena_reset(telling->arena, 0);
    WireEvent *event = json_text_read(&wire_event__descriptor, bytes_slice(&json), telling->arena, &refusal);
    if (!event) {
        fail_msg("%s: %s", bytes_text(&json), refusal.explanation);
        return;
    }
    event->source = "harbour/till-1";
    WIRE_SET(event, occurred_at, telling->now);
    feed(telling, event);
}

static struct telling *telling_of(const char *policy)
{
    struct telling *telling = NEW(telling);
    WirePolicyProposed proposed = WIRE_POLICY_PROPOSED__INIT;
    WireEvent event = WIRE_EVENT__INIT;
    telling->fold = fold_new(NULL, 1);
    telling->decisions = decisions_new();
    telling->arena = arena_new(ARENA_SIZE);
    telling->now = 1772445600 * second_us; /* 2026-03-02T10:00:00Z */
    proposed.name = "retail";
    WIRE_SET(&proposed, document, wire_bytes(slice_of_text(policy)));
    event.source = "bellhop/test";
    WIRE_SET(&event, occurred_at, telling->now);
    event.body_case = WIRE_EVENT__BODY_POLICY_PROPOSED;
    event.policy_proposed = &proposed;
    feed(telling, &event);
    assert_int_equal(fold_policy_version(telling->fold), 1);
    return telling;
}

static struct telling *telling_new(void)
{
    return telling_of((const char *)embedded_find("services/escalate/policy/retail.yaml")->data);
}

static void telling_free(struct telling *telling)
{
    if (!telling)
        return;
    fold_free(telling->fold);
    decisions_free(telling->decisions);
    arena_free(telling->arena);
    free(telling);
}
AUTO_FREE(telling)

/* --- what each takes --- */

#define ENTRY(number, text) "{'store_id':'harbour'," number text "}"
#define CONTACT             "'interaction_id':'visit-#',"
#define SERVED              CONTACT "'employee_id':'employee-#',"
#define KNOWN               SERVED "'customer_id':'customer-#',"
#define OPENED              "'interaction_opened':{'channel':'COUNTER'}"

/* Each entry is made of the event `before`, that of what it needs, and the event; `stated` is what fold.h says of it. */
static const struct size {
    const char *noun;
    size_t stated;
    const char *before, *event;
    int64_t days; /* so long after it is gone */
} sizes[] = {
    {"interaction", FOLD_BYTES_INTERACTION, NULL, ENTRY(CONTACT, OPENED), 7},
    {"wait", FOLD_BYTES_WAIT, ENTRY(CONTACT, OPENED), ENTRY(CONTACT, "'wait_started':{'kind':'HOLD'}"), 7},
    {"customer", FOLD_BYTES_CUSTOMER, NULL, ENTRY("'customer_id':'customer-#',", "'need_recorded':{}"), 400},
    {"employee", FOLD_BYTES_EMPLOYEE, ENTRY("'employee_id':'anna',", "'on_duty':{'role':'associate'}"),
     ENTRY("'employee_id':'employee-#',", "'on_duty':{'role':'associate','topics':['warranty']}"), 30},
    {"case", FOLD_BYTES_CASE, ENTRY(SERVED, OPENED), ENTRY(SERVED, "'incident':{'kind':'INJURY'}"), 400},
    {"follow-up and what came up", FOLD_BYTES_FOLLOW_UP + FOLD_BYTES_RECURRENCE, ENTRY(KNOWN, OPENED),
     ENTRY(KNOWN, "'interaction_closed':{'outcome':'DISSATISFIED'}"), 400},
    {"remedy", FOLD_BYTES_REMEDY, ENTRY(KNOWN, OPENED),
     ENTRY(KNOWN,
           "'remedy_requested':{'remedy_id':'r-#','kind':'REFUND','amount':{'minor':1,'currency':'EUR'}}"),
     63},
    {"promise", FOLD_BYTES_PROMISE, ENTRY(KNOWN, OPENED),
     ENTRY(KNOWN, "'promise_made':{'promise_id':'p-#','due_at':'2026-03-04T10:00:00Z'}"), 400},
    {"sale", FOLD_BYTES_SALE, ENTRY(SERVED, OPENED),
     ENTRY(SERVED, "'sale_completed':{'lines':[{'product_id':'oil-change'}]}"), 400},
    {"want", FOLD_BYTES_WANT, ENTRY("'customer_id':'customer-#',", "'need_recorded':{}"),
     ENTRY("'customer_id':'customer-#',", "'product_wanted':{'product_id':'lamp-#'}"), 400},
    {"appointment", FOLD_BYTES_APPOINTMENT, ENTRY("'customer_id':'customer-#',", "'need_recorded':{}"),
     ENTRY("'customer_id':'customer-#',",
           "'appointment_booked':{'appointment_id':'a-#','at':'2026-03-04T10:00:00Z','to_prepare':true}"),
     400},
    {"topic and case", FOLD_BYTES_RECURRENCE + FOLD_BYTES_CASE, NULL,
     ENTRY("", "'question_unanswered':{'topic':'t-#'}"), 400},
    {"roster", FOLD_BYTES_ROSTER, NULL,
     ENTRY("", "'role_granted':{'employee_id':'employee-#','role':'shift_lead'}"), 0},
    {"loan", FOLD_BYTES_LOAN, ENTRY("'employee_id':'rosa',", "'on_duty':{'role':'shift_lead'}"),
     ENTRY("'employee_id':'rosa',",
           "'authority_lent':{'to_employee_id':'employee-#','until_at':'2026-03-04T10:00:00Z'}"),
     9},
    {"store and employee", FOLD_BYTES_STORE + FOLD_BYTES_EMPLOYEE, NULL,
     "{'store_id':'store-#','employee_id':'anna','on_duty':{'role':'associate'}}", 400},
};

static size_t held(const struct fold *fold)
{
    struct fold_counts counts;
    fold_count(fold, &counts);
    return counts.bytes;
}

static size_t measure(struct telling *telling, const struct size *size)
{
    for (unsigned number = 0; size->before && number < ENTRIES; number++)
        tell(telling, size->before, number);
    size_t before = held(telling->fold);
    for (unsigned number = 0; number < ENTRIES; number++)
        tell(telling, size->event, number);
    return (held(telling->fold) - before) / ENTRIES;
}

static TEST(an_entry_takes_about_as_much_as_is_stated)
{
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        AUTO(telling) *telling = telling_new();
        size_t bytes = measure(telling, &sizes[i]);
        print_message("# %-27s %4zu bytes\n", sizes[i].noun, bytes);
        if (bytes > sizes[i].stated * 11 / 10 || bytes < sizes[i].stated * 9 / 10)
            fail_msg("a %s takes %zu bytes, not about %zu", sizes[i].noun, bytes, sizes[i].stated);
    }
}

/* --- and gives back --- */

/* Without the places in maps, which shrink when they are next used up. */
static size_t held_by_entries(const struct fold *fold)
{
    return fold->bytes + fold->names.bytes + fold->charges.bytes;
}

static void heartbeat(struct telling *telling)
{
    tell(telling, "{'store_id':'harbour','source_heartbeat':{}}", 0);
}

static void assert_empty(const struct fold *fold)
{
    struct fold_counts counts;
    fold_count(fold, &counts);
    assert_int_equal(counts.interactions + counts.customers + counts.employees + counts.stores, 0);
    assert_int_equal(counts.cases + counts.follow_ups + counts.remedies + counts.promises, 0);
    assert_int_equal(counts.purchases + counts.wants + counts.appointments + counts.deadlines, 0);
    assert_int_equal(counts.forgotten, 0);
}

static TEST(the_state_has_its_size_again_when_all_windows_have_passed)
{
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        if (!sizes[i].days)
            continue; /* kept for good */
        AUTO(telling) *telling = telling_new();
        AUTO_CLEAR(bytes) fresh = {0};
        AUTO_CLEAR(bytes) aged = {0};
        heartbeat(telling);
        size_t before = held_by_entries(telling->fold);
        holding_write(telling->fold, &fresh);
        for (unsigned number = 0; number < ENTRIES / 10; number++) {
            if (sizes[i].before)
                tell(telling, sizes[i].before, number);
            tell(telling, sizes[i].event, number);
        }
        assert_true(held_by_entries(telling->fold) > before);
        telling->now += 401 * day_us;
        heartbeat(telling);
        assert_empty(telling->fold);
        assert_int_equal(held_by_entries(telling->fold), before);
        holding_write(telling->fold, &aged);
        assert_int_equal(aged.size, fresh.size);
    }
}

static void take_piece(void *owner, struct slice piece)
{
    struct bytes *pieces = owner;
    assert_true(piece.size < 2 * 1024 * 1024);
    bytes_append_slice(pieces, piece);
}

static TEST(a_snapshot_in_pieces_is_the_same_as_whole)
{
    AUTO(telling) *telling = telling_new();
    AUTO_CLEAR(bytes) whole = {0};
    AUTO_CLEAR(bytes) pieces = {0};
    for (unsigned number = 0; number < 3 * ENTRIES; number++)
        tell(telling, sizes[0].event, number);
    holding_write(telling->fold, &whole);
    assert_true(whole.size > 1024 * 1024);
    fold_snapshot_stream(telling->fold, take_piece, &pieces);
    assert_int_equal(whole.size, pieces.size);
    assert_memory_equal(whole.data, pieces.data, whole.size);
}

static TEST(what_is_held_of_a_kind_is_gone_after_its_own_window)
{
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        if (!sizes[i].days)
            continue;
        AUTO(telling) *telling = telling_new();
        tell(telling, ENTRY("", "'need_recorded':{}"), 0); /* the store is known for longer */
        for (unsigned number = 0; sizes[i].before && number < ENTRIES / 10; number++)
            tell(telling, sizes[i].before, number);
        size_t before = held_by_entries(telling->fold);
        for (unsigned number = 0; number < ENTRIES / 10; number++)
            tell(telling, sizes[i].event, number);
        telling->now += (sizes[i].days - 1) * day_us;
        heartbeat(telling);
        size_t kept = held_by_entries(telling->fold);
        telling->now += 2 * day_us;
        heartbeat(telling);
        if (held_by_entries(telling->fold) >= kept || held_by_entries(telling->fold) > before)
            fail_msg("a %s is still there after %lld days", sizes[i].noun, (long long)sizes[i].days + 1);
    }
}

/* "Not needed again within three years" needs three years of memory. */
static TEST(what_a_policy_looks_back_at_is_remembered_so_long)
{
    const struct embedded_file *file = embedded_find("services/escalate/policy/retail.yaml");
    AUTO_TEXT char *policy = memory_copy_text((const char *)file->data);
    char *interval = strstr(policy, "service_interval: 180d");
    assert_non_null(interval);
    memset(interval + strlen("service_interval: "), '9', 3);
    for (int is_long = 0; is_long < 2; is_long++) {
        AUTO(telling) *telling = telling_of(is_long ? policy : (const char *)file->data);
        tell(telling, ENTRY(KNOWN, "'sale_completed':{'lines':[{'product_id':'tire-rotation'}]}"), 1);
        telling->now += 998 * day_us;
        heartbeat(telling);
        tell(telling, ENTRY(CONTACT, "'need_recorded':{}"), 3);
        tell(telling,
             ENTRY(CONTACT "'customer_id':'customer-0001',", "'offer_made':{'product_id':'tire-rotation'}"),
             3);
        bool is_told = false;
        for (size_t i = 0; i < telling->decisions->count; i++)
            is_told |= telling->decisions->items[i]->rule_id &&
                       text_equal(telling->decisions->items[i]->rule_id, "E1");
        assert_int_equal(is_told, is_long);
    }
}

static TEST(a_promise_that_is_due_in_years_is_not_forgotten_before)
{
    AUTO(telling) *telling = telling_new();
    struct fold_counts counts;
    tell(telling, ENTRY(SERVED, "'promise_made':{'promise_id':'p-#','due_at':'2028-03-04T10:00:00Z'}"), 1);
    telling->now += 500 * day_us;
    heartbeat(telling);
    fold_count(telling->fold, &counts);
    assert_int_equal(counts.promises, 1);
    telling->now += 700 * day_us;
    heartbeat(telling);
    fold_count(telling->fold, &counts);
    assert_int_equal(counts.promises, 0);
}

static TEST(maps_shrink_when_their_room_is_used_up)
{
    AUTO(telling) *telling = telling_new();
    measure(telling, &sizes[0]);
    size_t most = telling->fold->interactions.slot_count;
    telling->now += 8 * day_us;
    for (unsigned number = 0; number < ENTRIES; number++) { /* one visit at a time */
        tell(telling, ENTRY(SERVED, OPENED), number);
        tell(telling, ENTRY(SERVED, "'interaction_closed':{'outcome':'SERVED'}"), number);
        telling->now += 2 * 3600 * second_us;
    }
    assert_true(telling->fold->interactions.slot_count < most / 8);
}

RUN_TESTS(cmocka_unit_test(an_entry_takes_about_as_much_as_is_stated),
          cmocka_unit_test(the_state_has_its_size_again_when_all_windows_have_passed),
          cmocka_unit_test(a_snapshot_in_pieces_is_the_same_as_whole),
          cmocka_unit_test(what_is_held_of_a_kind_is_gone_after_its_own_window),
          cmocka_unit_test(what_a_policy_looks_back_at_is_remembered_so_long),
          cmocka_unit_test(a_promise_that_is_due_in_years_is_not_forgotten_before),
          cmocka_unit_test(maps_shrink_when_their_room_is_used_up))
