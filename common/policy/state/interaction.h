/* interaction: what is known of one contact, and for how long. */
#ifndef BELLHOP_POLICY_STATE_INTERACTION_H
#define BELLHOP_POLICY_STATE_INTERACTION_H

#include "common/base/list.h"
#include "common/policy/state/key.h"
#include "common/policy/state/name.h"
#include "common/policy/state/occurrence.h"

#include <string.h>

struct countdown;
struct employee;

enum { WAIT_KINDS = 3, NEEDS_BY = 4 /* of more the needs count, and nobody is credited */ };

/* Values only, so that deciding can look at a copy in which the event has happened already. */
struct interaction_known {
    int64_t opened_at, closed_at; /* 0: not yet */
    int64_t wait_started_at;
    int64_t wait_ended_at
        [WAIT_KINDS]; /* the last end told of a wait of each kind, also before its start; 0: none */
    int64_t mood_at;
    int64_t held_us, queued_us;
    uint64_t first_seq, wait_seq, mood_seq, hand_over_seq; /* what decisions rest on */
    int64_t owner_at, served_at; /* since when the owner, when whoever serves was last seen to */
    const char *owner;           /* first who served here, or was given the relationship */
    const char *served_by;
    const char *customer;
    const char *department;
    const char *how;                /* the customer came, as a label says */
    const char *needs_by[NEEDS_BY]; /* who recorded some, first who did first */
    uint16_t sales_of_needs;        /* after a need was recorded */
    uint16_t needs, offers, sales, hand_overs, complaints, incidents, promises, remedies, returns, menus,
        announcements;
    uint8_t channel, purpose, outcome, rating, mood; /* 0: unknown */
    uint8_t wait_kind;                               /* that runs; 0: none */
    uint8_t waited_kind;                             /* that began at wait_started_at; 0: none */
    uint16_t end_interruptions[WAIT_KINDS];          /* of the wait that ended at wait_ended_at */
    uint8_t
        ends_taken; /* a bit a kind: the wait that ended then is known, another may begin at the same time */
    bool is_open, first_purchase, has_waited, is_leaving, is_public, was_angry, is_drill;
    bool is_owner_given; /* handed over on purpose */
    bool is_first;       /* of its customer */
    bool has_trouble;    /* a complaint, a return, an incident, a remedy asked for, a sign of leaving */
    uint8_t moods;       /* a bit for each that was observed */
    bool has_unnamed;    /* promises or follow-ups came of it, and nobody knows yet for whom */
};

struct interaction {
    struct list_node recent;      /* among the open or the closed ones, longest untouched first */
    struct list escalations;      /* open and acknowledged, through in_interaction */
    struct list unnamed;          /* remedies, until it is known whose the contact is, through in_contact */
    struct countdown *countdowns; /* running, singly linked */
    struct employee *server;      /* whom it keeps busy; NULL: nobody */
    struct list_node in_server;   /* among what they serve */
    bool is_server_unsure;        /* as it is counted there */
    struct interaction_known known;
    int64_t touched_at;
    bool is_filed; /* among the closed ones */
    uint16_t key_size;
    char key[]; /* store, NUL, interaction; of an exercise NUL and a mark */
};

/* Whose a customer or a contact is. By the time it happened, whenever it is told: the first who served, or the last to
 * whom it was handed over on purpose. */
static inline bool owner_is_served_first(const char *owner, int64_t owner_at, bool is_given, int64_t at)
{
    return !owner || (!is_given && at < owner_at);
}
static inline bool owner_is_given_last(int64_t owner_at, bool is_given, int64_t at)
{
    return !is_given || at >= owner_at;
}

/* Let the event happen. With `names` NULL the copy borrows from the event. */
void interaction_observe(struct interaction_known *known, const struct occurrence *occurrence,
                         struct names *names);

/* What upset the customer has passed. */
static inline bool interaction_is_calm(const struct interaction_known *known)
{
    return known->mood == WIRE_MOOD__CALM || known->mood == WIRE_MOOD__DELIGHTED;
}

/* A contact opens and closes once: this one has done so `before` (NULL: unknown). Repeats change neither, and no
 * rule sees them. */
bool interaction_is_repeated(const struct interaction_known *before, const WireEvent *event);

/* When the wait that begins with this event had ended, by what was told before it: its end, the wait after it, or the
 * close of its contact. 0: it goes on. `before` may be NULL. */
int64_t interaction_wait_over_at(const struct interaction_known *before, const struct occurrence *occurrence);
/* How often the wait of the kind that ended then was interrupted, as its end said. */
int interaction_interruptions(const struct interaction_known *before, int kind, int64_t ended_at);
/* How long the wait lasted whose end is told; 0: its beginning is not known, or it was told to have ended before. */
int64_t interaction_wait_us(const struct interaction_known *before, const struct occurrence *occurrence);

/* The wait that is reported is one whose start was told: its limits were judged by that. `before` may be NULL. */
bool interaction_is_wait_known(const struct interaction_known *before, const struct occurrence *occurrence);

/* Give back the names it holds. */
void interaction_known_clear(struct interaction_known *known, struct names *names);

/* A promise made in it was broken, or was not after all. NULL: it is forgotten. */
void interaction_promise_turned(struct interaction *interaction, bool is_broken);

#endif
