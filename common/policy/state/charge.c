/* charge: one entry for each customer, or employee of a store, and day. */
#include "common/policy/state/charge.h"

#include "common/base/bytes.h"
#include "common/base/memory.h"
#include "common/policy/state/key.h"

#include <errno.h>
#include <stdlib.h>

struct charge {
    struct list_node by_day;
    int64_t day;
    int64_t used;
    size_t key_size;
    uint8_t key[];
};

enum { CURRENCY_SIZE = 3, CHARGE_KEY_SIZE = 1 + 8 + CURRENCY_SIZE + KEY_PAIR_SIZE };

static size_t charge_key(enum charge_kind kind, const struct charge_account *account,
                         uint8_t into[static CHARGE_KEY_SIZE])
{
    into[0] = (uint8_t)kind;
    bytes_put_u64(into + 1, (uint64_t)account->day);
    memset(into + 9, 0, CURRENCY_SIZE);
    memcpy(into + 9, account->currency, strnlen(account->currency, CURRENCY_SIZE));
    const char *store_id =
        kind == CHARGE_CUSTOMER ? NULL : account->store_id; /* one and the same in all stores */
    return 9 + CURRENCY_SIZE + key_pair(store_id, account->id, (char *)into + 9 + CURRENCY_SIZE);
}

void charges_init(struct charges *charges, uint64_t seed)
{
    map_init(&charges->map, seed);
    list_init(&charges->by_day);
    charges->bytes = 0;
}

void charges_clear(struct charges *charges)
{
    struct charge *charge;
    MAP_EACH(charge, &charges->map)
        free(charge);
    map_clear(&charges->map);
}

int64_t charge_used(const struct charges *charges, enum charge_kind kind,
                    const struct charge_account *account)
{
    uint8_t key[CHARGE_KEY_SIZE];
    if (!account->id)
        return 0;
    const struct charge *charge = map_find(&charges->map, key, charge_key(kind, account, key));
    return charge ? charge->used : 0;
}

static void link_by_day(struct charges *charges, struct charge *charge)
{
    struct list_node *before = charges->by_day.head.previous;
    while (before != &charges->by_day.head && CONTAINER_OF(before, struct charge, by_day)->day > charge->day)
        before = before->previous;
    list_insert_before(before->next, &charge->by_day);
}

static struct charge *charge_make(struct charges *charges, const uint8_t *key, size_t key_size)
{
    struct charge *charge = map_find(&charges->map, key, key_size);
    if (charge)
        return charge;
    charge = memory_zeroed(sizeof *charge + key_size);
    charge->day = (int64_t)bytes_get_u64(key + 1);
    charge->key_size = key_size;
    memcpy(charge->key, key, key_size);
    map_put(&charges->map, charge->key, key_size, charge);
    link_by_day(charges, charge);
    charges->bytes += sizeof *charge + key_size;
    return charge;
}

void charge_add(struct charges *charges, enum charge_kind kind, const struct charge_account *account,
                int64_t more)
{
    uint8_t key[CHARGE_KEY_SIZE];
    if (!account->id)
        return;
    struct charge *charge = charge_make(charges, key, charge_key(kind, account, key));
    if (__builtin_add_overflow(charge->used, more, &charge->used))
        charge->used = more > 0 ? INT64_MAX : 0;
}

static void forget(struct charges *charges, struct charge *charge)
{
    list_remove(&charge->by_day);
    map_take(&charges->map, charge->key, charge->key_size);
    charges->bytes -= sizeof *charge + charge->key_size;
    free(charge);
}

size_t charges_forget(struct charges *charges, int64_t day, size_t most)
{
    size_t lost = 0;
    for (struct list_node *first; (first = list_first(&charges->by_day));) {
        struct charge *oldest = CONTAINER_OF(first, struct charge, by_day);
        if (oldest->day >= day && charges->map.count <= most)
            break;
        lost += oldest->day >= day;
        forget(charges, oldest);
    }
    return lost;
}

void charges_write(const struct charges *charges, struct bytes *into)
{
    bytes_append_u64(into, charges->map.count);
    LIST_EACH(node, &charges->by_day) {
        const struct charge *charge = CONTAINER_OF(node, struct charge, by_day);
        bytes_append_u64(into, (uint64_t)charge->used);
        bytes_append_u16(into, (uint16_t)charge->key_size);
        bytes_append(into, charge->key, charge->key_size);
    }
}

static bool has(struct slice *from, size_t size)
{
    return from->size >= size;
}

static void skip(struct slice *from, size_t size)
{
    *from = slice_of(from->data + size, from->size - size);
}

int charges_read(struct charges *charges, struct slice *from)
{
    if (!has(from, 8))
        return -EINVAL;
    uint64_t count = bytes_get_u64(from->data);
    skip(from, 8);
    for (; count; count--) {
        if (!has(from, 10))
            return -EINVAL;
        int64_t used = (int64_t)bytes_get_u64(from->data);
        size_t key_size = bytes_get_u16(from->data + 8);
        skip(from, 10);
        if (!has(from, key_size) || key_size < 9 + CURRENCY_SIZE || key_size > CHARGE_KEY_SIZE)
            return -EINVAL;
        charge_make(charges, from->data, key_size)->used = used;
        skip(from, key_size);
    }
    return 0;
}
