/* overdue: one question every few seconds, on a session of its own. */
#include "services/persist/overdue.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/service/service.h"
#include "common/store/read/status_reader.h"

#include <inttypes.h>

enum { ASK_EACH_MS = 5000 };

struct overdue_numbers {
    int64_t count;
    int64_t oldest_ms;
};

struct overdue {
    struct loop *loop;
    struct database *database;
    struct loop_timer timer;
    struct overdue_numbers numbers;
};

static const struct metric overdue_metrics[] = {
    METRIC(struct overdue_numbers, count, "bellhop_persist_overdue_deadlines", "",
           "deadlines and undecided events that nobody noticed in time: bellhop.overdue_deadline"),
    METRIC(struct overdue_numbers, oldest_ms, "bellhop_persist_oldest_overdue_milliseconds", "",
           "how long the oldest of them has been overdue"),
};

/* Yellow, not red: persist does its job, and whoever restarts what is red must not restart the one that still works.
 * `bellhop status` is red. A fault is the database's, which health says elsewhere: what was known last stays. */
static void has_overdue(void *owner, const struct overdue_page *page)
{
    struct overdue *overdue = owner;
    char reason[128];
    loop_timer_set(overdue->loop, &overdue->timer, ASK_EACH_MS);
    if (page->fault)
        return;
    overdue->numbers = (struct overdue_numbers){(int64_t)page->count, page->overdue_ms};
    text_format(reason, sizeof reason, "%" PRIu64 " overdue, the oldest is %s %s", page->count,
                text_or_empty(page->what), text_or_empty(page->id));
    service_health_set("deadlines", page->count ? HEALTH_YELLOW : HEALTH_GREEN, page->count ? reason : "");
}

static void ask(void *owner)
{
    struct overdue *overdue = owner;
    status_read_overdue(overdue->database, has_overdue, overdue);
}

struct overdue *overdue_open(struct loop *loop, const struct persist_config *config)
{
    struct overdue *overdue = NEW(overdue);
    overdue->loop = loop;
    overdue->database = database_open(loop, config->database_url, "bellhop-persist overdue", NULL, NULL);
    loop_timer_init(&overdue->timer, ask, overdue);
    loop_timer_set(loop, &overdue->timer, ASK_EACH_MS);
    metrics_add(service_metrics(), overdue_metrics, COUNT_OF(overdue_metrics), &overdue->numbers);
    return overdue;
}

void overdue_free(struct overdue *overdue)
{
    if (!overdue)
        return;
    metrics_remove(service_metrics(), &overdue->numbers);
    loop_timer_clear(overdue->loop, &overdue->timer);
    database_close(overdue->database);
    free(overdue);
}
