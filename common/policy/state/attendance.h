/* attendance: who serves which level of which store, and the open cases of levels that nobody serves any more.
 *
 * A level that was served, by somebody for that store or for every store ("*"), and now is not, has nobody
 * home. Its open cases wait for the policy's nobody_home_after, in the level's hours, and climb; at the top they
 * stay. A level that nobody ever served is exempt; one that was left for as long as the state remembers
 * employees is so again.
 * Internal to common/policy. */
#ifndef BELLHOP_POLICY_STATE_ATTENDANCE_H
#define BELLHOP_POLICY_STATE_ATTENDANCE_H

#include "common/policy/state/state.h"

enum { POST_SUBSCRIBERS = 64, POSTS_MOST = 20000 };

/* Who serves, and by whose word; names of the state. */
struct attendant {
    const char *subscriber;
    const char *relay, *run; /* NULL: unknown */
};

/* A level that was served. */
struct post {
    struct list_node recent; /* among the attended or the vacant ones */
    struct attendant attendants[POST_SUBSCRIBERS];
    unsigned count;
    int64_t vacant_at; /* when the last one left */
    int64_t touched_at;
    uint16_t key_size;
    char key[]; /* store, or "*", NUL, role */
};

/* Somebody begins or ceases to serve. */
void attendance_change(struct fold *fold, const struct occurrence *occurrence);

/* Arm, move or stop the clock of a live case, as its level is attended now. */
void attendance_watch(struct fold *fold, struct escalation *escalation);

/* Open cases at the top of their ladder where nobody is home. */
size_t attendance_count(const struct fold *fold);

/* Forget the levels that were left long ago, and, at the end, all. */
void attendance_age(struct fold *fold);
void attendance_clear(struct fold *fold);

/* Of a snapshot. */
struct reading;
void attendance_write(const struct fold *fold, struct bytes *into);
void attendance_read(struct reading *reading);

#endif
