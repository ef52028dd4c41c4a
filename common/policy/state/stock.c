/* stock: shelves, and those who wait at them. */
#include "common/policy/state/stock.h"

#include "common/base/text.h"
#include "common/policy/state/entry.h"
#include "common/policy/state/purchase.h"
#include "common/policy/state/snapshot.h"
#include "common/policy/state/state_age.h"

static struct shelf *find_shelf(const struct fold *fold, const char *store_id, const char *product_id)
{
    char key[KEY_PAIR_SIZE];
    return map_find(&fold->shelves, key, key_pair(store_id, product_id, key));
}

const struct shelf *stock_find(const struct fold *fold, const char *store_id, const char *product_id)
{
    return product_id ? find_shelf(fold, store_id, product_id) : NULL;
}

static struct shelf *make_shelf(struct fold *fold, const char *store_id, const char *product_id)
{
    struct shelf *shelf = find_shelf(fold, store_id, product_id);
    if (!shelf) {
        char key[KEY_PAIR_SIZE];
        size_t key_size = key_pair(store_id, product_id, key);
        ENTRY_ADD(fold, &fold->shelves, shelf, key, key_size);
        list_init(&shelf->wants);
    }
    shelf->touched_at = fold->recorded_at;
    return shelf;
}

static void drop_want(struct fold *fold, struct want *want)
{
    list_remove(&want->in_shelf);
    name_set(&fold->names, &want->customer, NULL);
    name_set(&fold->names, &want->interaction, NULL);
    name_set(&fold->names, &want->employee, NULL);
    fold->want_count--;
    entry_free(fold, want, sizeof *want, 0);
}

static void drop_shelf(struct fold *fold, struct shelf *shelf)
{
    for (struct list_node *node; (node = list_first(&shelf->wants));)
        drop_want(fold, CONTAINER_OF(node, struct want, in_shelf));
    ENTRY_REMOVE(fold, &fold->shelves, shelf);
}

/* Among those it belongs to now. */
static void place(struct fold *fold, struct shelf *shelf)
{
    bool is_waited_at = !list_is_empty(&shelf->wants) || shelf->expected_at;
    if (!is_waited_at && !shelf->arrived_at)
        drop_shelf(fold, shelf);
    else
        entry_touch(is_waited_at ? &fold->recent_shelves : &fold->arrived_shelves, &shelf->recent);
}

static struct want *find_want(const struct shelf *shelf, const char *customer_id, bool is_drill)
{
    LIST_EACH(node, &shelf->wants) {
        struct want *want = CONTAINER_OF(node, struct want, in_shelf);
        if (want->is_drill == is_drill && text_equal(want->customer, customer_id))
            return want;
    }
    return NULL;
}

static struct want *add_want(struct fold *fold, struct shelf *shelf, const struct want *like)
{
    struct want *want = entry_new(fold, sizeof *want, 0);
    want->seq = like->seq;
    want->at = like->at;
    want->is_drill = like->is_drill;
    name_set(&fold->names, &want->customer, like->customer);
    name_set(&fold->names, &want->interaction, like->interaction);
    name_set(&fold->names, &want->employee, like->employee);
    list_append(&shelf->wants, &want->in_shelf);
    fold->want_count++;
    return want;
}

static void want(struct fold *fold, const struct occurrence *occurrence, const char *customer_id)
{
    const WireEvent *event = occurrence->event;
    const char *product_id = event->product_wanted->product_id;
    const struct purchase *purchase = purchase_of_customer(fold, customer_id, product_id, false);
    if (!event->drill && (stock_has_arrived(find_shelf(fold, event->store_id, product_id), occurrence->at) ||
                          (purchase && purchase->at > occurrence->at)))
        return; /* it came, or was bought, before this was told */
    struct shelf *shelf = make_shelf(fold, event->store_id, product_id);
    struct want like = {
        .customer = customer_id,
        .interaction = event->interaction_id,
        .employee = event->employee_id,
        .seq = occurrence->seq,
        .at = occurrence->at,
        .is_drill = event->drill,
    };
    if (find_want(shelf, customer_id, event->drill))
        ; /* and keeps the place in the row */
    else if (list_count(&shelf->wants) >= WANTS_OF_SHELF)
        fold->forgotten++;
    else
        add_want(fold, shelf, &like);
    place(fold, shelf);
}

static void sell(struct fold *fold, const struct occurrence *occurrence, const char *customer_id)
{
    const WireSaleCompleted *sale = occurrence->event->sale_completed;
    for (size_t i = 0; customer_id && i < sale->n_lines; i++) {
        struct shelf *shelf = find_shelf(fold, occurrence->event->store_id, sale->lines[i]->product_id);
        struct want *found = shelf ? find_want(shelf, customer_id, occurrence->event->drill) : NULL;
        if (!found || found->at > occurrence->at)
            continue;
        drop_want(fold, found);
        place(fold, shelf);
    }
}

static void arrive(struct fold *fold, const struct occurrence *occurrence)
{
    const WireEvent *event = occurrence->event;
    struct shelf *shelf = event->drill ? find_shelf(fold, event->store_id, event->stock_arrived->product_id)
                                       : make_shelf(fold, event->store_id, event->stock_arrived->product_id);
    if (!shelf)
        return;
    LIST_EACH_SAFE(node, &shelf->wants) {
        struct want *want = CONTAINER_OF(node, struct want, in_shelf);
        if (want->is_drill == event->drill && want->at <= occurrence->at)
            drop_want(fold, want);
    }
    if (!event->drill && shelf->expected_told_at <= occurrence->at)
        shelf->expected_at = 0;
    if (!event->drill && shelf->arrived_at < occurrence->at)
        shelf->arrived_at = occurrence->at;
    place(fold, shelf);
}

/* It had come, or something else was expected, after this was said. */
static bool stock_is_overtaken(const struct shelf *shelf, const struct occurrence *occurrence)
{
    return shelf && (occurrence->at < shelf->expected_told_at || occurrence->at < shelf->arrived_at);
}

static void expect(struct fold *fold, const struct occurrence *occurrence)
{
    const WireStockExpected *expected = occurrence->event->stock_expected;
    if (occurrence->event->drill)
        return;
    struct shelf *shelf = make_shelf(fold, occurrence->event->store_id, expected->product_id);
    if (!stock_is_overtaken(shelf, occurrence)) {
        shelf->expected_at = expected->expected_at ? expected->expected_at : 1;
        shelf->expected_told_at = occurrence->at;
        shelf->expected_seq = occurrence->seq;
    }
    place(fold, shelf);
}

void stock_observe(struct fold *fold, const struct occurrence *occurrence, const char *customer_id)
{
    switch ((int)occurrence->event->body_case) {
    case WIRE_EVENT__BODY_PRODUCT_WANTED:
        if (customer_id)
            want(fold, occurrence, customer_id);
        break;
    case WIRE_EVENT__BODY_SALE_COMPLETED:
        sell(fold, occurrence, customer_id);
        break;
    case WIRE_EVENT__BODY_STOCK_EXPECTED:
        expect(fold, occurrence);
        break;
    case WIRE_EVENT__BODY_STOCK_ARRIVED:
        arrive(fold, occurrence);
        break;
    }
}

void stock_age(struct fold *fold)
{
    ENTRIES_AGE(shelf, &fold->arrived_shelves, fold->limits.recurrence_age_ms * 1000, false, drop_shelf)
    for (struct list_node *node;
         fold->shelves.count > fold->limits.shelves && (node = list_first(&fold->arrived_shelves));)
        drop_shelf(fold, CONTAINER_OF(node, struct shelf, recent)); /* no loss: nobody waits there */
    ENTRIES_AGE(shelf, &fold->recent_shelves, state_age_us(fold, fold->limits.customer_age_ms),
                fold->shelves.count > fold->limits.shelves || fold->want_count > fold->limits.wants,
                drop_shelf)
}

void stock_clear(struct fold *fold)
{
    ENTRIES_CLEAR(shelf, &fold->recent_shelves, drop_shelf)
    ENTRIES_CLEAR(shelf, &fold->arrived_shelves, drop_shelf)
    map_clear(&fold->shelves);
}

/* --- snapshots --- */

static void put_shelves(const struct list *list, struct bytes *into)
{
    bytes_append_u64(into, list_count(list));
    LIST_EACH(node, list) {
        const struct shelf *shelf = CONTAINER_OF(node, struct shelf, recent);
        put_pair(into, shelf->key);
        bytes_append_u64(into, (uint64_t)shelf->expected_at);
        bytes_append_u64(into, (uint64_t)shelf->expected_told_at);
        bytes_append_u64(into, (uint64_t)shelf->arrived_at);
        bytes_append_u64(into, shelf->expected_seq);
        bytes_append_u64(into, (uint64_t)shelf->touched_at);
        bytes_append_u32(into, (uint32_t)list_count(&shelf->wants));
        LIST_EACH(member, &shelf->wants) {
            const struct want *want = CONTAINER_OF(member, struct want, in_shelf);
            put_text(into, want->customer);
            put_text(into, want->interaction);
            put_text(into, want->employee);
            bytes_append_u64(into, want->seq);
            bytes_append_u64(into, (uint64_t)want->at);
            bytes_append_u8(into, want->is_drill);
        }
    }
}

void stock_write(const struct fold *fold, struct bytes *into)
{
    put_shelves(&fold->arrived_shelves, into);
    put_shelves(&fold->recent_shelves, into);
}

static void read_want(struct reading *reading, struct shelf *shelf)
{
    struct want like = {.customer = get_word(reading)};
    like.interaction = get_text(reading);
    like.employee = get_text(reading);
    like.seq = get_u64(reading);
    like.at = (int64_t)get_u64(reading);
    like.is_drill = get_u8(reading);
    if (!reading->failed)
        add_want(reading->fold, shelf, &like);
}

static void get_shelves(struct reading *reading)
{
    for (uint64_t count = get_count(reading); count && !reading->failed; count--) {
        arena_reset(&reading->arena, 0);
        const char *store_id = get_word(reading), *product_id = get_word(reading);
        struct shelf *shelf = make_shelf(reading->fold, store_id, product_id);
        shelf->expected_at = (int64_t)get_u64(reading);
        shelf->expected_told_at = (int64_t)get_u64(reading);
        shelf->arrived_at = (int64_t)get_u64(reading);
        shelf->expected_seq = get_u64(reading);
        shelf->touched_at = (int64_t)get_u64(reading);
        for (uint32_t wants = get_u32(reading); wants && !reading->failed; wants--)
            read_want(reading, shelf);
        place(reading->fold, shelf);
    }
}

void stock_read(struct reading *reading)
{
    for (int list = 0; list < 2; list++)
        get_shelves(reading);
}
