/* stock: what is expected to arrive in a store, and who waits for it. */
#ifndef BELLHOP_POLICY_STATE_STOCK_H
#define BELLHOP_POLICY_STATE_STOCK_H

#include "common/base/bytes.h"
#include "common/base/list.h"
#include "common/policy/state/interaction.h"

struct fold;
struct reading;

enum { WANTS_OF_SHELF = 1000 };

/* Where a product stands in a store, or will. It is there as long as somebody waits for it or for its
 * arrival, and for a while after that: a wish may be told later. */
struct shelf {
    struct list_node recent;  /* among those waited at, or those where goods have arrived and nobody waits */
    struct list wants;        /* first who asked first, through in_shelf */
    int64_t expected_at;      /* 0: not known */
    int64_t expected_told_at; /* when that was said */
    int64_t arrived_at;       /* the last time; 0: never, that is known */
    uint64_t expected_seq;
    int64_t touched_at;
    uint16_t key_size;
    char key[]; /* store, NUL, product */
};

/* A customer who waits for a product. */
struct want {
    struct list_node in_shelf;
    const char *customer;
    const char *interaction; /* in which they asked; NULL: none */
    const char *employee;    /* whom they asked; NULL: unknown */
    uint64_t seq;
    int64_t at;
    bool is_drill;
};

/* What a customer asked for at `at` has arrived since. `shelf` may be NULL. */
static inline bool stock_has_arrived(const struct shelf *shelf, int64_t at)
{
    return shelf && shelf->arrived_at > at;
}

const struct shelf *stock_find(const struct fold *fold, const char *store_id, const char *product_id);

/* Let what is wanted, expected, has arrived or is sold to `customer_id` (NULL: unknown) happen. */
void stock_observe(struct fold *fold, const struct occurrence *occurrence, const char *customer_id);

void stock_age(struct fold *fold);
void stock_clear(struct fold *fold);
void stock_write(const struct fold *fold, struct bytes *into);
void stock_read(struct reading *reading);

#endif
