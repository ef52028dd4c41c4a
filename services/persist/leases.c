/* leases: a map from name to holder. */
#include "services/persist/leases.h"

#include "common/base/map.h"
#include "common/base/memory.h"
#include "common/base/text.h"

#include <stdlib.h>

struct lease_record {
    char *name;
    char *holder;
    int64_t until_ms;
};

struct leases {
    struct map by_name;
    size_t most;
};

struct leases *leases_new(size_t most, uint64_t seed)
{
    struct leases *leases = NEW(leases);
    leases->most = most;
    map_init(&leases->by_name, seed);
    return leases;
}

static void record_free(struct lease_record *record)
{
    free(record->name);
    free(record->holder);
    free(record);
}

void leases_free(struct leases *leases)
{
    if (!leases)
        return;
    struct lease_record *record;
    MAP_EACH(record, &leases->by_name)
        record_free(record);
    map_clear(&leases->by_name);
    free(leases);
}

static void forget_ended(struct leases *leases, int64_t now_ms)
{
    struct lease_record *record;
    MAP_EACH(record, &leases->by_name)
        if (record->until_ms <= now_ms) {
            map_take_text(&leases->by_name, record->name);
            record_free(record);
        }
}

static struct lease_record *find(struct leases *leases, const char *name, int64_t now_ms)
{
    struct lease_record *record = map_find_text(&leases->by_name, name);
    if (record)
        return record;
    if (leases->by_name.count >= leases->most)
        forget_ended(leases, now_ms);
    if (leases->by_name.count >= leases->most)
        return NULL;
    record = NEW(lease_record);
    record->name = memory_copy_text(name);
    map_put_text(&leases->by_name, record->name, record);
    return record;
}

struct lease leases_ask(struct leases *leases, const char *name, const char *instance, int64_t now_ms)
{
    struct lease_record *record = find(leases, name, now_ms);
    if (!record)
        return (struct lease){0};
    bool is_ours = record->holder && text_equal(record->holder, instance);
    if (!is_ours && (!record->holder || record->until_ms <= now_ms)) {
        free(record->holder);
        record->holder = memory_copy_text(instance);
        is_ours = true;
    }
    if (is_ours)
        record->until_ms = now_ms + LEASE_MS;
    return (struct lease){
        .is_granted = is_ours, .holder = record->holder, .expires_ms = record->until_ms - now_ms};
}

void leases_release(struct leases *leases, const char *name, const char *instance)
{
    struct lease_record *record = map_find_text(&leases->by_name, name);
    if (!record || !record->holder || !text_equal(record->holder, instance))
        return;
    map_take_text(&leases->by_name, name);
    record_free(record);
}

bool leases_allow(struct leases *leases, const char *name, const char *instance, int64_t now_ms)
{
    return leases_ask(leases, name, instance, now_ms).is_granted;
}
