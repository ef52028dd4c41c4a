/* loan: a few loans for each borrower. */
#include "common/policy/state/loan.h"

#include "common/base/text.h"
#include "common/policy/state/entry.h"
#include "common/policy/state/snapshot.h"

/* So long after its end a loan is kept. */
static const int64_t kept_us = 7 * 86400 * INT64_C(1000000);

const struct loans *loans_of(const struct fold *fold, const char *store_id, const char *borrower)
{
    char key[KEY_PAIR_SIZE];
    return store_id && borrower ? map_find(&fold->loans, key, key_pair(store_id, borrower, key)) : NULL;
}

const struct loan *loan_find(const struct loans *loans, const char *lender, bool is_drill)
{
    for (unsigned i = 0; loans && i < loans->count; i++)
        if (text_equal(loans->items[i].lender, lender) && loans->items[i].is_drill == is_drill)
            return &loans->items[i];
    return NULL;
}

bool loan_holds(const struct loan *loan, int64_t at, bool is_drill)
{
    return loan->role && loan->from_at <= at && at < loan->until_at && (!loan->is_drill || is_drill);
}

static bool is_kept(const struct loan *loan, int64_t now)
{
    return now - loan->until_at < kept_us;
}

bool loans_are_full(const struct loans *loans, int64_t now)
{
    unsigned count = 0;
    for (unsigned i = 0; loans && i < loans->count; i++)
        count += is_kept(&loans->items[i], now);
    return count == LOANS_OF_BORROWER;
}

static struct loans *loans_make(struct fold *fold, const char *store_id, const char *borrower)
{
    char key[KEY_PAIR_SIZE];
    size_t size = key_pair(store_id, borrower, key);
    struct loans *loans = map_find(&fold->loans, key, size);
    if (!loans)
        ENTRY_ADD(fold, &fold->loans, loans, key, size);
    loans->touched_at = fold->recorded_at;
    entry_touch(&fold->recent_loans, &loans->recent);
    return loans;
}

static void loan_drop(struct fold *fold, struct loans *loans, unsigned at)
{
    name_set(&fold->names, &loans->items[at].lender, NULL);
    name_set(&fold->names, &loans->items[at].role, NULL);
    memmove(loans->items + at, loans->items + at + 1, (--loans->count - at) * sizeof *loans->items);
    fold->bytes -= sizeof *loans->items;
}

static struct loan *loan_add(struct fold *fold, struct loans *loans)
{
    loans->items = memory_resize_array(loans->items, loans->count + 1, sizeof *loans->items);
    fold->bytes += sizeof *loans->items;
    struct loan *loan = &loans->items[loans->count++];
    *loan = (struct loan){0};
    return loan;
}

static void loans_drop(struct fold *fold, struct loans *loans)
{
    while (loans->count)
        loan_drop(fold, loans, loans->count - 1);
    free(loans->items);
    ENTRY_REMOVE(fold, &fold->loans, loans);
}

void loan_become(struct fold *fold, const WireLoan *body)
{
    if (!body->store_id || !body->borrower || !body->lender)
        return;
    struct loans *loans = loans_make(fold, body->store_id, body->borrower);
    for (unsigned at = loans->count; at > 0; at--)
        if (!is_kept(&loans->items[at - 1], fold->recorded_at))
            loan_drop(fold, loans, at - 1);
    struct loan *loan = (struct loan *)loan_find(loans, body->lender, body->drill);
    if (!loan && loans->count == LOANS_OF_BORROWER) {
        fold->forgotten++;
        return;
    }
    if (!loan) {
        loan = loan_add(fold, loans);
        loan->is_drill = body->drill;
        name_set(&fold->names, &loan->lender, body->lender);
    }
    name_set(&fold->names, &loan->role, body->role);
    loan->from_at = body->from_at;
    loan->until_at = body->until_at;
    loan->changed_at = body->changed_at;
}

static int64_t ends_at(const struct loans *loans)
{
    int64_t last = 0;
    for (unsigned i = 0; i < loans->count; i++)
        last = loans->items[i].until_at > last ? loans->items[i].until_at : last;
    return last;
}

void loans_age(struct fold *fold)
{
    ENTRIES_AGE(loans, &fold->recent_loans, ends_at(oldest) - oldest->touched_at + kept_us,
                fold->loans.count > fold->limits.employees, loans_drop)
}

void loans_clear(struct fold *fold)
{
    ENTRIES_CLEAR(loans, &fold->recent_loans, loans_drop)
    map_clear(&fold->loans);
}

void loans_write(const struct fold *fold, struct bytes *into)
{
    bytes_append_u64(into, list_count(&fold->recent_loans));
    LIST_EACH(node, &fold->recent_loans) {
        const struct loans *loans = CONTAINER_OF(node, struct loans, recent);
        put_pair(into, loans->key);
        bytes_append_u64(into, (uint64_t)loans->touched_at);
        bytes_append_u32(into, loans->count);
        for (unsigned i = 0; i < loans->count; i++) {
            const struct loan *loan = &loans->items[i];
            put_text(into, loan->lender);
            put_text(into, loan->role);
            bytes_append_u64(into, (uint64_t)loan->from_at);
            bytes_append_u64(into, (uint64_t)loan->until_at);
            bytes_append_u64(into, (uint64_t)loan->changed_at);
            bytes_append_u8(into, loan->is_drill);
        }
    }
}

void loans_read(struct reading *reading)
{
    for (uint64_t count = get_count(reading); count && !reading->failed; count--) {
        arena_reset(&reading->arena, 0);
        const char *store_id = get_word(reading), *borrower = get_word(reading);
        struct loans *loans = loans_make(reading->fold, store_id, borrower);
        loans->touched_at = (int64_t)get_u64(reading);
        uint32_t items = get_u32(reading);
        reading->failed |= items > LOANS_OF_BORROWER || loans->count;
        for (; items && !reading->failed; items--) {
            struct loan *loan = loan_add(reading->fold, loans);
            get_name(reading, &loan->lender);
            get_name(reading, &loan->role);
            loan->from_at = (int64_t)get_u64(reading);
            loan->until_at = (int64_t)get_u64(reading);
            loan->changed_at = (int64_t)get_u64(reading);
            loan->is_drill = get_u8(reading);
            reading->failed |= !loan->lender;
        }
    }
}
