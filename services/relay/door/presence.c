/* presence: few levels, each with the sessions that serve it. */
#include "services/relay/door/presence.h"

#include "common/base/map.h"
#include "common/base/memory.h"
#include "common/base/text.h"

struct served {
    struct presence_level level; /* is the key; the rest of each word is zero */
    uint64_t *sessions;
    size_t count;
    size_t capacity;
    bool has_begun;
    bool was_left;    /* the last session said so */
    int64_t until_ms; /* of one without sessions */
};

struct presence {
    struct map levels;
    int64_t lease_ms;
};

struct presence *presence_new(uint64_t seed, int64_t lease_ms)
{
    struct presence *presence = NEW(presence);
    map_init(&presence->levels, seed);
    presence->lease_ms = lease_ms;
    return presence;
}

static void served_free(struct served *served)
{
    free(served->sessions);
    free(served);
}

void presence_free(struct presence *presence)
{
    if (!presence)
        return;
    struct served *served;
    MAP_EACH(served, &presence->levels)
        served_free(served);
    map_clear(&presence->levels);
    free(presence);
}

static struct served *find_or_add(struct presence *presence, const struct presence_level *level)
{
    struct presence_level key = {0};
    text_copy(key.stream, sizeof key.stream, level->stream);
    text_copy(key.store_id, sizeof key.store_id, level->store_id);
    text_copy(key.role, sizeof key.role, level->role);
    struct served *served = map_find(&presence->levels, &key, sizeof key);
    if (served || presence->levels.count >= PRESENCE_MOST)
        return served;
    served = NEW(served);
    served->level = key;
    map_put(&presence->levels, &served->level, sizeof served->level, served);
    return served;
}

static bool served_has(const struct served *served, uint64_t session, size_t *ret_index)
{
    for (size_t i = 0; i < served->count; i++)
        if (served->sessions[i] == session) {
            *ret_index = i;
            return true;
        }
    return false;
}

bool presence_serve(struct presence *presence, const struct presence_level *level, uint64_t session)
{
    size_t index;
    struct served *served = find_or_add(presence, level);
    if (!served)
        return false;
    if (served_has(served, session, &index))
        return true;
    MAKE_ROOM(served->sessions, served->count, served->capacity);
    served->sessions[served->count++] = session;
    served->was_left = false;
    return true;
}

static void served_drop(struct served *served, uint64_t session, bool is_left, int64_t until_ms)
{
    size_t index;
    if (!served_has(served, session, &index))
        return;
    served->sessions[index] = served->sessions[--served->count];
    served->was_left = is_left;
    served->until_ms = until_ms;
}

void presence_leave(struct presence *presence, uint64_t session, const char *stream)
{
    struct served *served;
    MAP_EACH(served, &presence->levels)
        if (!stream || text_equal(served->level.stream, stream))
            served_drop(served, session, true, 0);
}

void presence_lose(struct presence *presence, uint64_t session, int64_t now_ms)
{
    struct served *served;
    MAP_EACH(served, &presence->levels)
        served_drop(served, session, false, now_ms + presence->lease_ms);
}

void presence_leave_all(struct presence *presence)
{
    struct served *served;
    MAP_EACH(served, &presence->levels) {
        served->count = 0;
        served->was_left = true;
    }
}

bool presence_next(struct presence *presence, int64_t now_ms, struct presence_change *ret_change)
{
    struct served *served;
    MAP_EACH(served, &presence->levels) {
        bool has_ended = served->count == 0 && (served->was_left || now_ms >= served->until_ms);
        bool is_news = served->count > 0 ? !served->has_begun : has_ended && served->has_begun;
        if (is_news)
            *ret_change = (struct presence_change){.level = served->level,
                                                   .is_started = served->count > 0,
                                                   .reason = served->was_left ? "left" : "silent"};
        served->has_begun = is_news ? served->count > 0 : served->has_begun;
        if (has_ended) {
            map_take(&presence->levels, &served->level, sizeof served->level);
            served_free(served);
        }
        if (is_news)
            return true;
    }
    return false;
}

size_t presence_count(const struct presence *presence)
{
    return presence->levels.count;
}
