/* attendance: posts by store and role, and the clocks of cases that depend on them. */
#include "common/policy/attendance.h"

#include "common/policy/calendar.h"
#include "common/policy/entry.h"
#include "common/policy/snapshot.h"

static const char every_store[] = "*";

static struct post *post_find(const struct fold *fold, const char *store_id, const char *role)
{
    char key[PAIR_KEY_SIZE];
    return map_find(&fold->posts, key, pair_key(store_id, role, key));
}

static struct post *post_make(struct fold *fold, const char *store_id, const char *role)
{
    char key[PAIR_KEY_SIZE];
    size_t key_size = pair_key(store_id, role, key);
    struct post *post = map_find(&fold->posts, key, key_size);
    if (post)
        return post;
    if (fold->posts.count == POSTS_MOST) {
        fold->forgotten++;
        return NULL;
    }
    post = entry_new(fold, sizeof *post, key_size);
    post->key_size = (uint16_t)key_size;
    memcpy(post->key, key, key_size);
    map_put(&fold->posts, post->key, key_size, post);
    list_append(&fold->vacant_posts, &post->recent);
    return post;
}

static void post_file(struct fold *fold, struct post *post)
{
    touch(post->count ? &fold->attended_posts : &fold->vacant_posts, &post->recent);
}

static void post_drop(struct fold *fold, struct post *post)
{
    for (unsigned at = 0; at < post->count; at++)
        name_set(&fold->names, &post->subscribers[at], NULL);
    list_remove(&post->recent);
    map_take(&fold->posts, post->key, post->key_size);
    entry_free(fold, post, sizeof *post, post->key_size);
}

static unsigned subscriber_find(const struct post *post, const char *subscriber)
{
    unsigned at = 0;
    while (at < post->count && strcmp(post->subscribers[at], subscriber) != 0)
        at++;
    return at;
}

static void post_enter(struct fold *fold, struct post *post, const char *subscriber)
{
    if (subscriber_find(post, subscriber) < post->count)
        return;
    if (post->count == POST_SUBSCRIBERS) { /* that it is attended is known all the same */
        fold->forgotten++;
        return;
    }
    post->subscribers[post->count] = NULL;
    name_set(&fold->names, &post->subscribers[post->count++], subscriber);
}

static void post_leave(struct fold *fold, struct post *post, const char *subscriber)
{
    unsigned at = subscriber_find(post, subscriber);
    if (at == post->count)
        return;
    name_set(&fold->names, &post->subscribers[at], NULL);
    memmove(post->subscribers + at, post->subscribers + at + 1,
            (post->count - at - 1) * sizeof *post->subscribers);
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
    int64_t at = calendar_clock(policy, store_id, level, vacant_since, policy->nobody_home_after_us);
    return at > escalation->changed_at ? at
                                       : calendar_clock(policy, store_id, level, escalation->changed_at, 0);
}

bool attendance_lacks(const struct fold *fold, const struct escalation *escalation)
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
    return escalation->group && !strcmp(escalation->role, role) &&
           (!strcmp(store_id, every_store) || !strcmp(escalation->group, store_id));
}

void attendance_change(struct fold *fold, const struct occurrence *occurrence)
{
    const WireEvent *event = occurrence->event;
    bool is_start = event->body_case == WIRE_EVENT__BODY_SERVING_STARTED;
    const char *role = is_start ? event->serving_started->role : event->serving_ended->role;
    const char *store_id = event->store_id ? event->store_id : every_store;
    struct post *post = is_start ? post_make(fold, store_id, role) : post_find(fold, store_id, role);
    if (!post)
        return;
    if (is_start)
        post_enter(fold, post, event->serving_started->subscriber);
    else
        post_leave(fold, post, event->serving_ended->subscriber);
    post->touched_at = fold->recorded_at;
    post_file(fold, post);
    LIST_EACH(node, &fold->live_escalations) {
        struct escalation *escalation = CONTAINER_OF(node, struct escalation, recent);
        if (is_concerned(escalation, store_id, role))
            attendance_watch(fold, escalation);
    }
}

size_t attendance_count(const struct fold *fold)
{
    size_t count = 0;
    LIST_EACH(node, &fold->live_escalations) {
        const struct escalation *escalation = CONTAINER_OF(node, struct escalation, recent);
        const struct ladder *ladder = &escalation->policy->ladder;
        count += ladder_find(ladder, escalation->role) + 1 >= (int)ladder->count &&
                 attendance_lacks(fold, escalation);
    }
    return count;
}

void attendance_age(struct fold *fold)
{
    for (struct list_node *node; (node = list_first(&fold->vacant_posts));) {
        struct post *oldest = CONTAINER_OF(node, struct post, recent);
        if (oldest->touched_at + fold->limits.employee_age_ms * 1000 >= fold->recorded_at)
            return;
        post_drop(fold, oldest);
    }
}

void attendance_clear(struct fold *fold)
{
    for (struct list_node *node; (node = list_first(&fold->attended_posts));)
        post_drop(fold, CONTAINER_OF(node, struct post, recent));
    for (struct list_node *node; (node = list_first(&fold->vacant_posts));)
        post_drop(fold, CONTAINER_OF(node, struct post, recent));
    map_clear(&fold->posts);
}

/* ---- snapshots */

static void put_posts(const struct list *list, struct bytes *into)
{
    bytes_append_u64(into, list_count(list));
    LIST_EACH(node, list) {
        const struct post *post = CONTAINER_OF(node, struct post, recent);
        put_pair(into, post->key);
        bytes_append_u64(into, (uint64_t)post->touched_at);
        bytes_append_u64(into, (uint64_t)post->vacant_at);
        bytes_append_u32(into, post->count);
        for (unsigned at = 0; at < post->count; at++)
            put_text(into, post->subscribers[at]);
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
        for (uint32_t left = get_u32(reading); left && !reading->failed; left--)
            post_enter(fold, post, get_word(reading));
        post_file(fold, post);
    }
}

void attendance_read(struct reading *reading)
{
    get_posts(reading);
    get_posts(reading);
}
