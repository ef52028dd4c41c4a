/* open_cases: a set of ids. */
#include "services/relay/stream/open_cases.h"

#include "common/base/map.h"
#include "common/base/memory.h"
#include "common/base/text.h"

struct open_cases {
    struct map ids; /* each its own copy */
};

struct open_cases *open_cases_new(uint64_t seed)
{
    struct open_cases *cases = NEW(open_cases);
    map_init(&cases->ids, seed);
    return cases;
}

void open_cases_reset(struct open_cases *cases)
{
    char *id;
    MAP_EACH(id, &cases->ids) {
        map_take_text(&cases->ids, id);
        free(id);
    }
}

void open_cases_free(struct open_cases *cases)
{
    if (!cases)
        return;
    open_cases_reset(cases);
    map_clear(&cases->ids);
    free(cases);
}

void open_cases_note(struct open_cases *cases, const WireCase *state)
{
    if (!state->escalation_id || !state->state)
        return;
    bool is_open = text_equal(state->state, "open") || text_equal(state->state, "acknowledged");
    bool is_there = open_cases_has(cases, state->escalation_id);
    if (is_open && !is_there) {
        char *id = memory_copy_text(state->escalation_id);
        map_put_text(&cases->ids, id, id);
    } else if (!is_open && is_there) {
        free(map_take_text(&cases->ids, state->escalation_id));
    }
}

bool open_cases_has(const struct open_cases *cases, const char *escalation_id)
{
    return map_find_text(&cases->ids, escalation_id) != NULL;
}

size_t open_cases_count(const struct open_cases *cases)
{
    return cases->ids.count;
}
