/* remedy: one request for something that puts a thing right, from asking to handing over. */
#ifndef BELLHOP_POLICY_STATE_REMEDY_H
#define BELLHOP_POLICY_STATE_REMEDY_H

#include "common/base/list.h"
#include "common/policy/state/charge.h"
#include "common/policy/state/name.h"
#include "proto/bellhop/v1/decision.pb-c.h"

enum remedy_state {
    REMEDY_UNKNOWN,
    REMEDY_REQUESTED,
    REMEDY_RESERVED,
    REMEDY_GRANTED,
    REMEDY_REFUSED,
    REMEDY_WITHDRAWN
};

const char *remedy_state_word(enum remedy_state state);

/* Its authority is used. */
static inline bool remedy_is_charged(enum remedy_state state)
{
    return state == REMEDY_RESERVED || state == REMEDY_GRANTED;
}

struct remedy {
    struct list_node recent;
    enum remedy_state state;
    int kind; /* RemedyKind, 0: unknown */
    int64_t minor;
    char currency[4];
    int64_t day;     /* that is charged */
    int64_t charged; /* 0: nothing */
    const char *charged_to;
    const char *customer;
    const char *interaction;
    char *escalation_id; /* NULL: never escalated */
    int64_t requested_at;
    int64_t touched_at;
    uint64_t seq; /* of the last event about it */
    bool is_drill;
    uint16_t store_size;
    uint16_t key_size;
    char key[]; /* store, NUL, remedy */
};

/* Make it what the decision says, and charge or release what follows from it. */
void remedy_become(struct remedy *remedy, const WireRemedy *body, int64_t day, struct names *names,
                   struct charges *charges);

/* Of a remedy event; NULL of others. */
const char *remedy_id_of(const WireEvent *event);
/* Likewise; NULL: none is named. */
const WireMoney *remedy_amount_of(const WireEvent *event);

/* --- as events of today find it; `remedy` may be NULL --- */

/* It was granted or refused before. */
bool remedy_is_answered(const struct remedy *remedy, bool is_drill);
/* It was refused or withdrawn before. */
bool remedy_is_over(const struct remedy *remedy, bool is_drill);
/* The employee was told that they may grant it. */
bool remedy_is_allowed(const struct remedy *remedy, const char *employee_id, bool is_drill);
/* Before it was asked for: registers that were offline tell of the request last. Not NULL. */
bool remedy_was_withdrawn_before(const struct remedy *remedy);

#endif
