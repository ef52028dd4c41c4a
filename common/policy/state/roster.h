/* roster: who may be what, in which stores, until when.
 *
 * An employee somebody has given a role is bound by the roster from then on, also when what they were given has ended:
 * whatever duty announces, they are no more than it says. Whoever was never given one is what duty announces.
 * Rosters are kept for good, up to the cap of employees. */
#ifndef BELLHOP_POLICY_STATE_ROSTER_H
#define BELLHOP_POLICY_STATE_ROSTER_H

#include "common/base/bytes.h"
#include "common/base/list.h"

#include <stdbool.h>
#include <stdint.h>

struct fold;
struct ladder;
struct occurrence;
struct reading;

enum { ROSTER_GRANTS = 64, ROSTER_NOT_GIVEN = -1 };

/* One role in one store, or in all of them ("*"). Given and ended count by when they happened, whichever is told first. */
struct roster_grant {
    const char *store, *role; /* names of the state */
    int64_t given_at;         /* the last time; 0: its end alone is known */
    int64_t until_at;         /* 0: until it is ended */
    int64_t ended_at;         /* 0: never */
};

struct roster {
    struct list_node recent;
    struct roster_grant *grants;
    unsigned count;
    int64_t ended_at; /* all they were given until then; 0: never */
    int64_t touched_at;
    uint16_t key_size;
    char key[]; /* the employee */
};

/* A role is given or ended; of an exercise nothing is. */
void roster_observe(struct fold *fold, const struct occurrence *occurrence);

/* The highest level of the ladder they may have there at that time, the lowest if none; ROSTER_NOT_GIVEN. */
int roster_level(const struct fold *fold, const struct ladder *ladder, const char *store_id,
                 const char *employee_id, int64_t at);

/* They have a role in this store by its name, and not in all of them alone. */
bool roster_names_store(const struct roster *roster, const char *store_id, int64_t at);

/* Give a role, as an event does that happened at `given_at`. */
void roster_grant(struct fold *fold, const char *employee_id, const char *store_id, const char *role,
                  int64_t given_at, int64_t until_at);

/* Forget those beyond the cap, and, at the end, all. */
void roster_age(struct fold *fold);
void roster_clear(struct fold *fold);

/* Of a snapshot. */
void roster_write(const struct fold *fold, struct bytes *into);
void roster_read(struct reading *reading);

#endif
