/* remedy: one request for something that puts a thing right, from asking to handing over. */
#ifndef BELLHOP_POLICY_STATE_REMEDY_H
#define BELLHOP_POLICY_STATE_REMEDY_H

#include "common/base/list.h"
#include "common/policy/state/charge.h"
#include "common/policy/state/key.h"
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

/* What a remedy is known by. A register may count from 1 in each contact, an exercise knows its own alone. */
struct remedy_name {
    const char *store_id;
    const char *interaction_id; /* it was asked in; NULL: none, then its source */
    const char *source;
    const char *remedy_id;
    bool is_drill;
};

enum { KEY_REMEDY_SIZE = KEY_PAIR_SIZE + 2 * KEY_TEXT_SIZE };

size_t remedy_key(const struct remedy_name *name, char into[static KEY_REMEDY_SIZE]);
/* Of a remedy event. False: it is none. */
bool remedy_name_of(const WireEvent *event, struct remedy_name *ret_name);
/* Of the remedy that a case is about. */
struct remedy_name remedy_name_of_case(const WireCase *body);

struct remedy {
    struct list_node recent;
    struct list_node in_contact; /* until it is known whose it is */
    bool is_unnamed;             /* of a snapshot: it is linked there */
    enum remedy_state state;
    int kind; /* RemedyKind, 0: unknown */
    int64_t minor;
    char currency[4];
    char asked_currency[4];
    int64_t asked;         /* the last amount that was asked for; `kind` or `exception` says whether it was */
    int64_t day;           /* that is charged */
    int64_t charged;       /* 0: nothing */
    int64_t returned;      /* of what was handed over */
    int64_t ungranted;     /* likewise: that nobody had granted */
    const char *exception; /* its kind; NULL: it is none */
    bool is_ungranted;     /* nobody had granted it, or not so much, when it was handed over */
    const char *charged_to;
    const char *lent_to; /* who used it: it was lent to them; NULL: `charged_to` themselves */
    const char *customer;
    char *escalation_id; /* NULL: never escalated */
    int64_t requested_at;
    int64_t asked_at;    /* when it was last asked for, by the time of the asking */
    int64_t settled_at;  /* likewise: handed over, refused or withdrawn; 0: never */
    int64_t returned_at; /* likewise */
    int64_t touched_at;
    uint64_t seq; /* of the last event about it */
    bool is_drill;
    uint16_t key_size;
    char key[]; /* remedy_key() */
};

/* As its key says it. */
struct remedy_name remedy_name(const struct remedy *remedy);

/* The event asks for a remedy, or for an exception. */
bool remedy_is_request(const WireEvent *event);
/* The kind of exception that the event asks for; NULL: for none. */
const char *remedy_exception_of(const WireEvent *event);
/* The case is about a remedy. */
bool remedy_has_case(const WireCase *body);

/* Remember what the event, of that time, asks for, or that it settles it or gives it back. */
void remedy_hear(struct remedy *remedy, const WireEvent *event, int64_t at);
/* Make it what the decision says, and charge or release what follows from it. */
void remedy_become(struct remedy *remedy, const WireRemedy *body, int64_t day, struct names *names,
                   struct charges *charges);

/* It is known now whose it is: what was charged to the contact is the customer's. */
void remedy_take_name(struct remedy *remedy, const char *customer_id, struct names *names,
                      struct charges *charges);

/* Of a remedy event; NULL of others. */
const char *remedy_id_of(const WireEvent *event);
/* Likewise; NULL: none is named. */
const WireMoney *remedy_amount_of(const WireEvent *event);

/* --- as events of today find it; `remedy` may be NULL --- */

/* It is what was asked for before. Not NULL. */
bool remedy_was_asked(const struct remedy *remedy, const WireEvent *event);
/* The request was answered before: it is the same one again, or it was handed over. */
bool remedy_is_answered(const struct remedy *remedy, const WireEvent *event);
/* It was refused or withdrawn before. */
bool remedy_is_over(const struct remedy *remedy);
/* The employee was told that they may grant it. */
bool remedy_is_allowed(const struct remedy *remedy, const char *employee_id);
/* It was handed over: that is final. */
bool remedy_is_final(const struct remedy *remedy);
/* Something that happened later is known already and stands: it was asked for anew, or, of a request, settled. */
bool remedy_is_outrun(const struct remedy *remedy, const WireEvent *event, int64_t at);
/* It was handed over, given back, and is handed over once more. */
bool remedy_is_given_again(const struct remedy *remedy, int64_t at);
/* How much of what is handed over then nobody had granted. */
int64_t remedy_ungranted(const struct remedy *remedy, const WireMoney *handed_over, int64_t at);
/* Nobody had granted it, or not so much. */
bool remedy_lacks_yes(const struct remedy *remedy, const WireMoney *handed_over, int64_t at);
/* Somebody else was told, or has said, that the employee may hand it over. */
bool remedy_is_promised(const struct remedy *remedy, const char *employee_id);
/* Withdrawn before the request arrived: offline registers may report them in this order. Not NULL. */
bool remedy_was_withdrawn_before(const struct remedy *remedy);

#endif
