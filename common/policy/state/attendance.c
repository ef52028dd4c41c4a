/* attendance: posts by store and role, and the clocks of cases that depend on them. */
#include "common/policy/state/attendance.h"

#include "common/base/text.h"
#include "common/policy/rules/calendar.h"
#include "common/policy/state/entry.h"
#include "common/policy/state/snapshot.h"

static const char every_store[] = "*";

static struct post *post_find(const struct fold *fold, const char *store_id, const char *role)
{
    char key[KEY_PAIR_SIZE];
    return map_find(&fold->posts, key, key_pair(store_id, role, key));
}

static struct post *post_make(struct fold *fold, const char *store_id, const char *role)
{
    char key[KEY_PAIR_SIZE];
    size_t key_size = key_pair(store_id, role, key);
    struct post *post = map_find(&fold->posts, key, key_size);
    if (post)
        return post;
    if (fold->posts.count == POSTS_MOST) {
        fold->forgotten++;
        return NULL;
    }
    ENTRY_ADD(fold, &fold->posts, post, key, key_size);
    list_append(&fold->vacant_posts, &post->recent);
    return post;
}

static void post_file(struct fold *fold, struct post *post)
{
    entry_touch(post->count ? &fold->attended_posts : &fold->vacant_posts, &post->recent);
}

static void attendant_announce(struct fold *fold, struct attendant *attendant, const char *relay,
                               const char *run)
{
    name_set(&fold->names, &attendant->relay, relay);
    name_set(&fold->names, &attendant->run, run);
}

static void post_drop(struct fold *fold, struct post *post)
{
    for (unsigned i = 0; i < post->count; i++) {
        name_set(&fold->names, &post->attendants[i].subscriber, NULL);
        attendant_announce(fold, &post->attendants[i], NULL, NULL);
    }
    ENTRY_REMOVE(fold, &fold->posts, post);
}

static unsigned subscriber_find(const struct post *post, const char *subscriber)
{
    unsigned at = 0;
    while (at < post->count && !text_equal(post->attendants[at].subscriber, subscriber))
        at++;
    return at;
}

/* Whoever is there already is announced anew. */
static void post_enter(struct fold *fold, struct post *post, const char *subscriber, const char *relay,
                       const char *run)
{
    unsigned at = subscriber_find(post, subscriber);
    if (at == POST_SUBSCRIBERS) { /* that it is attended is known all the same */
        fold->forgotten++;
        return;
    }
    if (at == post->count) {
        post->attendants[post->count++] = (struct attendant){0};
        name_set(&fold->names, &post->attendants[at].subscriber, subscriber);
    }
    attendant_announce(fold, &post->attendants[at], relay, run);
}

static void post_leave(struct fold *fold, struct post *post, unsigned at)
{
    name_set(&fold->names, &post->attendants[at].subscriber, NULL);
    attendant_announce(fold, &post->attendants[at], NULL, NULL);
    memmove(post->attendants + at, post->attendants + at + 1,
            (post->count - at - 1) * sizeof *post->attendants);
    if (!--post->count)
        post->vacant_at = fold->recorded_at;
}

/* When the last of those who served the level left. False: somebody is there, or nobody ever was. */
static bool vacant_since(const struct fold *fold, const char *store_id, const char *role, int64_t *ret_at)
{
    const struct post *here = post_find(fold, store_id, role),
                      *everywhere = post_find(fold, every_store, role);
    if ((!here && !everywhere) || (here && here->count) || (everywhere && everywhere->count))
        return false;
    *ret_at = here && (!everywhere || here->vacant_at > everywhere->vacant_at) ? here->vacant_at
                                                                               : everywhere->vacant_at;
    return *ret_at + fold->limits.employee_age_ms * 1000 >= fold->recorded_at;
}

/* The hours in which somebody ought to be there are those of the level: who has gone home at closing time is
 * not missed before the next morning. */
static int64_t missed_at(const struct escalation *escalation, int64_t vacant_since)
{
    const struct policy *policy = escalation->policy;
    const struct level *level = &policy->ladder.levels[ladder_find(&policy->ladder, escalation->role)];
    const char *store_id = escalation->group;
    if (escalation->severity == WIRE_SEVERITY__CRITICAL) { /* knows no hours */
        int64_t missed = vacant_since + policy->nobody_home_after_us;
        return missed > escalation->changed_at ? missed : escalation->changed_at;
    }
    int64_t at = calendar_clock(policy, store_id, level, vacant_since, policy->nobody_home_after_us);
    return at > escalation->changed_at ? at
                                       : calendar_clock(policy, store_id, level, escalation->changed_at, 0);
}

/* Nobody is home at the level of the live case. */
static bool is_nobody_home(const struct fold *fold, const struct escalation *escalation)
{
    int64_t since;
    return escalation->state == ESCALATION_OPEN && !escalation->is_silenced && escalation->group &&
           vacant_since(fold, escalation->group, escalation->role, &since) &&
           missed_at(escalation, since) <= fold->recorded_at;
}

void attendance_watch(struct fold *fold, struct escalation *escalation)
{
    const struct ladder *ladder = &escalation->policy->ladder;
    int64_t since;
    bool is_at_top = ladder_find(ladder, escalation->role) + 1 >= (int)ladder->count;
    if (escalation->state != ESCALATION_OPEN || escalation->is_silenced || is_at_top ||
        !vacant_since(fold, escalation->group, escalation->role, &since)) {
        deadline_stop(&fold->deadlines, &escalation->unattended);
        return;
    }
    deadline_set(&fold->deadlines, &escalation->unattended, missed_at(escalation, since));
}

static bool is_concerned(const struct escalation *escalation, const char *store_id, const char *role)
{
    return escalation->group && text_equal(escalation->role, role) &&
           (text_equal(store_id, every_store) || text_equal(escalation->group, store_id));
}

static void watch_level(struct fold *fold, const char *store_id, const char *role)
{
    LIST_EACH(node, &fold->live_escalations) {
        struct escalation *escalation = CONTAINER_OF(node, struct escalation, recent);
        if (is_concerned(escalation, store_id, role))
            attendance_watch(fold, escalation);
    }
}

static void start(struct fold *fold, const char *store_id, const WireServingStarted *started)
{
    struct post *post = post_make(fold, store_id, started->role);
    if (!post)
        return;
    post_enter(fold, post, started->subscriber, started->relay, started->run);
    post->touched_at = fold->recorded_at;
    post_file(fold, post);
    watch_level(fold, store_id, started->role);
}

static void end(struct fold *fold, const char *store_id, const WireServingEnded *ended)
{
    struct post *post = post_find(fold, store_id, ended->role);
    unsigned at = post ? subscriber_find(post, ended->subscriber) : 0;
    if (!post)
        return;
    if (at < post->count)
        post_leave(fold, post, at);
    post->touched_at = fold->recorded_at;
    post_file(fold, post);
    watch_level(fold, store_id, ended->role);
}

/* The relay's word, but of another run than this. */
static bool is_of_earlier_run(const struct attendant *attendant, const WireServingEnded *ended)
{
    return attendant->relay && attendant->run && text_equal(attendant->relay, ended->relay) &&
           !text_equal(attendant->run, ended->run);
}

static void end_earlier_runs(struct fold *fold, const WireServingEnded *ended)
{
    LIST_EACH_SAFE(node, &fold->attended_posts) {
        struct post *post = CONTAINER_OF(node, struct post, recent);
        unsigned before = post->count;
        for (unsigned at = 0; at < post->count;) {
            if (is_of_earlier_run(&post->attendants[at], ended))
                post_leave(fold, post, at);
            else
                at++;
        }
        if (post->count == before)
            continue;
        post->touched_at = fold->recorded_at;
        post_file(fold, post);
        watch_level(fold, post->key, key_second(post->key));
    }
}

void attendance_change(struct fold *fold, const struct occurrence *occurrence)
{
    const WireEvent *event = occurrence->event;
    const char *store_id = event->store_id ? event->store_id : every_store;
    if (event->body_case == WIRE_EVENT__BODY_SERVING_STARTED)
        start(fold, store_id, event->serving_started);
    else if (!event->serving_ended->earlier_runs)
        end(fold, store_id, event->serving_ended);
    else if (event->serving_ended->relay && event->serving_ended->run)
        end_earlier_runs(fold, event->serving_ended);
}

size_t attendance_count(const struct fold *fold)
{
    size_t count = 0;
    LIST_EACH(node, &fold->live_escalations) {
        const struct escalation *escalation = CONTAINER_OF(node, struct escalation, recent);
        const struct ladder *ladder = &escalation->policy->ladder;
        count += ladder_find(ladder, escalation->role) + 1 >= (int)ladder->count &&
                 is_nobody_home(fold, escalation);
    }
    return count;
}

void attendance_age(struct fold *fold)
{
    ENTRIES_AGE(post, &fold->vacant_posts, fold->limits.employee_age_ms * 1000, false, post_drop)
}

void attendance_clear(struct fold *fold)
{
    ENTRIES_CLEAR(post, &fold->attended_posts, post_drop)
    ENTRIES_CLEAR(post, &fold->vacant_posts, post_drop)
    map_clear(&fold->posts);
}

/* --- snapshots --- */

static void put_attendant(const struct attendant *attendant, struct bytes *into)
{
    put_text(into, attendant->subscriber);
    put_text(into, attendant->relay);
    put_text(into, attendant->run);
}

static void put_posts(const struct list *list, struct bytes *into)
{
    bytes_append_u64(into, list_count(list));
    LIST_EACH(node, list) {
        const struct post *post = CONTAINER_OF(node, struct post, recent);
        put_pair(into, post->key);
        bytes_append_u64(into, (uint64_t)post->touched_at);
        bytes_append_u64(into, (uint64_t)post->vacant_at);
        bytes_append_u32(into, post->count);
        for (unsigned i = 0; i < post->count; i++)
            put_attendant(&post->attendants[i], into);
    }
}

void attendance_write(const struct fold *fold, struct bytes *into)
{
    put_posts(&fold->vacant_posts, into);
    put_posts(&fold->attended_posts, into);
}

static void get_posts(struct reading *reading)
{
    struct fold *fold = reading->fold;
    for (uint64_t count = get_count(reading); count && !reading->failed; count--) {
        arena_reset(&reading->arena, 0);
        const char *store_id = get_word(reading), *role = get_word(reading);
        if (reading->failed)
            return;
        struct post *post = post_make(fold, store_id, role);
        if (!post) {
            reading->failed = true;
            return;
        }
        post->touched_at = (int64_t)get_u64(reading);
        post->vacant_at = (int64_t)get_u64(reading);
        for (uint32_t left = get_u32(reading); left && !reading->failed; left--) {
            const char *subscriber = get_word(reading), *relay = get_text(reading), *run = get_text(reading);
            post_enter(fold, post, subscriber, relay, run);
        }
        post_file(fold, post);
    }
}

void attendance_read(struct reading *reading)
{
    get_posts(reading);
    get_posts(reading);
}
