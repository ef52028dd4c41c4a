/* charge: authority used, per customer (of an unnamed one: contact) and day and per employee and day. Days are those of the
 * store's clock; a customer is the same in all stores. */
#ifndef BELLHOP_POLICY_STATE_CHARGE_H
#define BELLHOP_POLICY_STATE_CHARGE_H

#include "common/base/bytes.h"
#include "common/base/list.h"
#include "common/base/map.h"

#include <stdint.h>

/* A contact's, as long as nobody knows whose it is. */
enum charge_kind { CHARGE_CUSTOMER = 'c', CHARGE_EMPLOYEE = 'e', CHARGE_CONTACT = 'i' };

/* Oldest days first. */
struct charges {
    struct map map;
    struct list by_day;
    size_t bytes;
};

void charges_init(struct charges *charges, uint64_t seed);
void charges_clear(struct charges *charges);

/* Whose authority, in which currency, on which day. */
struct charge_account {
    const char *store_id;
    const char *id; /* NULL: nobody's */
    const char *currency;
    int64_t day;
};

/* In smallest units; 0 for nobody. */
int64_t charge_used(const struct charges *charges, enum charge_kind kind,
                    const struct charge_account *account);

/* `more` may be negative: released. */
void charge_add(struct charges *charges, enum charge_kind kind, const struct charge_account *account,
                int64_t more);

/* Forget the days before `day`, then the oldest beyond `most`. Returns how many of the latter there were. */
size_t charges_forget(struct charges *charges, int64_t day, size_t most);

/* For snapshots. 0, or -EINVAL; `from` goes on behind them. */
void charges_write(const struct charges *charges, struct bytes *into);
int charges_read(struct charges *charges, struct slice *from);

#endif
