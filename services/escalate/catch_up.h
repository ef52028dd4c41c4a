/* catch_up: applies what is stored, events and their decisions, until the fold stands at the stored cursor.
 *
 * Nothing is decided here: what was decided before, by whatever version, stays as it is. */
#ifndef BELLHOP_ESCALATE_CATCH_UP_H
#define BELLHOP_ESCALATE_CATCH_UP_H

#include "common/base/auto.h"
#include "common/store/read/database.h"
#include "services/escalate/decider.h"

struct catch_up;

struct catch_up_calls {
    void (*on_done)(void *owner);                    /* the fold stands at the cursor */
    void (*on_broken)(void *owner, const char *why); /* what is stored does not continue from the fold */
    void *owner;
};

struct catch_up *catch_up_new(struct loop *loop, struct database *database,
                              const struct catch_up_calls *calls);
void catch_up_free(struct catch_up *catch_up);
AUTO_FREE(catch_up)

/* Begin with `decider`, which stays where it is until the end or catch_up_stop(). */
void catch_up_start(struct catch_up *catch_up, struct decider *decider);
void catch_up_stop(struct catch_up *catch_up);

#endif
