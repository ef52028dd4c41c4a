/* stored_check: one page of stored decisions, hashed as the batch was. */
#include "services/escalate/stored_check.h"

#include "common/base/memory.h"
#include "common/store/read/decision_reader.h"
#include "common/wire/wire.h"

struct stored_check {
    struct database *database;
    stored_checked *checked;
    void *owner;
    struct decided_batch batch;
    bool is_asking;
};

static bool is_same(const struct decided_batch *batch, const struct decision_page *page)
{
    ProtobufCBinaryData *stored = memory_allocate((page->count + 1) * sizeof *stored);
    size_t count = 0;
    for (size_t i = 0; i < page->count && page->decisions[i].place.seq <= batch->upto; i++)
        stored[count++] = wire_bytes(page->decisions[i].packed);
    uint8_t hash[CONTENT_HASH_SIZE];
    decider_hash(stored, count, hash);
    free(stored);
    return count == batch->decisions && memcmp(hash, batch->hash, sizeof hash) == 0;
}

static void on_page(void *owner, const struct decision_page *page)
{
    struct stored_check *check = owner;
    check->is_asking = false;
    check->checked(check->owner, !page->fault, !page->fault && is_same(&check->batch, page));
}

bool stored_check_start(struct stored_check *check, const struct decided_batch *batch)
{
    if (check->is_asking)
        return false;
    check->is_asking = true;
    check->batch = *batch;
    struct decision_place after = {.seq = batch->after, .ordinal = UINT32_MAX};
    decision_read(check->database, after, (uint32_t)batch->decisions + 1, on_page, check);
    return true;
}

void stored_check_stop(struct stored_check *check)
{
    database_forget(check->database, check);
    check->is_asking = false;
}

struct stored_check *stored_check_new(struct database *database, stored_checked *checked, void *owner)
{
    struct stored_check *check = NEW(stored_check);
    check->database = database;
    check->checked = checked;
    check->owner = owner;
    return check;
}

void stored_check_free(struct stored_check *check)
{
    if (!check)
        return;
    stored_check_stop(check);
    free(check);
}
