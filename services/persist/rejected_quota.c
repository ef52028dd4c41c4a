/* rejected_quota: counts of the present hour; they are all forgotten when it ends. */
#include "services/persist/rejected_quota.h"

#include "common/base/map.h"
#include "common/base/memory.h"

#include <stdlib.h>

enum { SOURCES_MOST = 10000 };
#define HOUR_US INT64_C(3600000000)

struct rejected_count {
    uint64_t count;
    char *source;
};

struct rejected_quota {
    struct map by_source;
    uint64_t most;
    uint64_t seed;
    uint64_t exceeded;
    int64_t hour;
};

struct rejected_quota *rejected_quota_new(uint64_t most_an_hour, uint64_t seed)
{
    struct rejected_quota *quota = NEW(rejected_quota);
    quota->most = most_an_hour;
    quota->seed = seed;
    map_init(&quota->by_source, seed);
    return quota;
}

static void forget(struct rejected_quota *quota)
{
    struct rejected_count *count;
    MAP_EACH(count, &quota->by_source) {
        free(count->source);
        free(count);
    }
    map_clear(&quota->by_source);
}

void rejected_quota_free(struct rejected_quota *quota)
{
    if (!quota)
        return;
    forget(quota);
    free(quota);
}

/* Sources beyond the limit share one count: made-up names do not get around it. */
static struct rejected_count *count_of(struct rejected_quota *quota, const char *source)
{
    const char *name = source ? source : "";
    struct rejected_count *count = map_find_text(&quota->by_source, name);
    if (!count && quota->by_source.count >= SOURCES_MOST)
        count = map_find_text(&quota->by_source, name = "");
    if (count)
        return count;
    count = NEW(rejected_count);
    count->source = memory_copy_text(name);
    map_put_text(&quota->by_source, count->source, count);
    return count;
}

bool rejected_quota_allow(struct rejected_quota *quota, const char *source, int64_t now)
{
    if (now / HOUR_US != quota->hour) {
        forget(quota);
        map_init(&quota->by_source, quota->seed);
        quota->hour = now / HOUR_US;
    }
    struct rejected_count *count = count_of(quota, source);
    if (count->count >= quota->most) {
        quota->exceeded++;
        return false;
    }
    count->count++;
    return true;
}

uint64_t rejected_quota_exceeded(const struct rejected_quota *quota)
{
    return quota->exceeded;
}
