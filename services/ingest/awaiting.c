/* awaiting: who waits for the verdict of which event. */
#include "services/ingest/awaiting.h"

void awaiting_init(struct awaiting *awaiting, uint64_t seed)
{
    map_init(&awaiting->by_event, seed);
}

void awaiting_clear(struct awaiting *awaiting)
{
    map_clear(&awaiting->by_event);
}

static void put_first(struct awaiting *awaiting, struct awaited *first)
{
    map_put(&awaiting->by_event, first->event_id, sizeof first->event_id, first);
}

void awaiting_add(struct awaiting *awaiting, struct awaited *awaited)
{
    awaited->next = map_find(&awaiting->by_event, awaited->event_id, sizeof awaited->event_id);
    awaited->is_waiting = true;
    put_first(awaiting, awaited);
}

struct awaited *awaiting_take(struct awaiting *awaiting, const uint8_t event_id[16])
{
    struct awaited *first = map_take(&awaiting->by_event, event_id, 16);
    for (struct awaited *awaited = first; awaited; awaited = awaited->next)
        awaited->is_waiting = false;
    return first;
}

void awaiting_remove(struct awaiting *awaiting, struct awaited *awaited)
{
    if (!awaited->is_waiting)
        return;
    awaited->is_waiting = false;
    struct awaited *first = map_find(&awaiting->by_event, awaited->event_id, sizeof awaited->event_id);
    if (first != awaited) {
        while (first->next != awaited)
            first = first->next;
        first->next = awaited->next;
    } else if (awaited->next) {
        put_first(awaiting, awaited->next);
    } else {
        map_take(&awaiting->by_event, awaited->event_id, sizeof awaited->event_id);
    }
}
