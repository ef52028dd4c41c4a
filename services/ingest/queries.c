/* queries: one timer for each query. */
#include "services/ingest/queries.h"

#include "common/base/map.h"
#include "common/base/memory.h"
#include "common/base/random.h"

enum { MARGIN_MS = 1000 }; /* beyond the wait, for the way there and back */

struct asked {
    uint64_t read_id;
    struct loop_timer timer;
    struct queries *queries;
    struct query query;
};

struct queries {
    struct loop *loop;
    struct outlet *outlet;
    query_answered *on_answer;
    void *owner;
    struct map by_read;
    uint64_t next_read;
};

struct queries *queries_new(struct loop *loop, struct outlet *outlet, query_answered *on_answer, void *owner)
{
    struct queries *queries = NEW(queries);
    queries->loop = loop;
    queries->outlet = outlet;
    queries->on_answer = on_answer;
    queries->owner = owner;
    map_init(&queries->by_read, random_u64());
    return queries;
}

void queries_free(struct queries *queries)
{
    if (!queries)
        return;
    struct asked *asked;
    MAP_EACH(asked, &queries->by_read) {
        loop_timer_clear(queries->loop, &asked->timer);
        free(asked);
    }
    map_clear(&queries->by_read);
    free(queries);
}

static void finish(struct asked *asked, const WireVerdictResult *result)
{
    struct queries *queries = asked->queries;
    map_take(&queries->by_read, &asked->read_id, sizeof asked->read_id);
    loop_timer_clear(queries->loop, &asked->timer);
    queries->on_answer(queries->owner, &asked->query, result);
    free(asked);
}

static void on_wait_over(void *owner)
{
    finish(owner, NULL);
}

void queries_ask(struct queries *queries, const struct query *query)
{
    struct asked *asked = NEW(asked);
    asked->query = *query;
    asked->queries = queries;
    asked->read_id = ++queries->next_read;
    loop_timer_init(&asked->timer, on_wait_over, asked);
    map_put(&queries->by_read, &asked->read_id, sizeof asked->read_id, asked);
    if (outlet_ask(queries->outlet, asked->read_id, query->event_id, query->wait_ms))
        loop_timer_set(queries->loop, &asked->timer, query->wait_ms + MARGIN_MS);
    else
        finish(asked, NULL);
}

void queries_answer(struct queries *queries, const WireVerdictResult *result)
{
    struct asked *asked = map_find(&queries->by_read, &result->read_id, sizeof result->read_id);
    if (asked)
        finish(asked, result);
}
