/* model: a naive model of authority and cases under the shipped policy, for random stories. It keeps two
 * lists and adds everything up again each time; what it says is what the fold must say, line by line. */
#ifndef BELLHOP_TESTS_SUPPORT_MODEL_H
#define BELLHOP_TESTS_SUPPORT_MODEL_H

#include "tests/support/shop.h"

enum {
    REMEDIES = 6, /* tries to find one of the same contact */
    CONTACTS = 4,
    EMPLOYEES = 5,
    CUSTOMERS = 3,
    CASES = 4000,
    NOTICES = 64, /* of one event */
    REMEDIES_MOST = 4000,
    TOP = 4
};
enum remedy_is { NONE, REQUESTED, RESERVED, GRANTED, REFUSED, WITHDRAWN };
enum case_is { OPEN, ACKNOWLEDGED, RESOLVED, OVERTAKEN };

struct model_remedy {
    int contact, customer, charged_to; /* -1: nobody */
    int64_t minor, day;
    int64_t beside; /* asked for at the same time in its contact, as far as that counts */
    enum remedy_is state;
    bool is_asked, is_ungranted;
    int escalated; /* its last case; -1: none */
};

struct model_case {
    const char *row;
    char id[48];
    int contact, subject, level, severity, customer, asked_by; /* asked_by -1: nobody asked for anything */
    int taken_by;                                              /* while it is acknowledged */
    enum case_is state;
    unsigned round;
    bool muted, outlives;
    int64_t due_at, minor; /* 0: no clock */
    int64_t ended_at;
    uint64_t armed, touched;
};

struct model {
    struct shop *shop;
    uint64_t seed, armed, touched;
    struct model_remedy remedies[REMEDIES_MOST];
    struct model_case cases[CASES];
    int case_count, remedy_count;
    int level[EMPLOYEES];
    bool on_duty[EMPLOYEES];
    int owner[CUSTOMERS], hand_overs[10000];
    bool is_calm[10000];
    int contact[CONTACTS], next_contact;
    bool is_passing[CUSTOMERS];          /* handed over on purpose: what is open of theirs goes along */
    int noticed[NOTICES], noticed_count; /* owners who hear at the end of the event */
    const char *also;                    /* what else is said before the verdict; NULL: nothing */
    int64_t spilt_at[CASES];             /* each that was counted, none after `told_until` */
    int spilt_in[CASES], spills;
    int64_t told_until;
    struct bytes said;
};

extern const char *const model_roles[];

/* A line of what is to be heard. */
void model_say(struct model *model, const char *format, ...) __attribute__((format(printf, 2, 3)));
void model_say_case(struct model *model, struct model_case *it, const char *kind);
void model_say_remedy(struct model *model, const struct model_remedy *it, const char *row);
/* The clock of its level begins. */
void model_arm(struct model *model, struct model_case *it);
/* By the remedy, the customer and day, and, unless -1, the employee and day. */
bool model_covers(const struct model *model, int level, const struct model_remedy *it, int employee);
/* The lowest level from `from` on that covers it. */
/* A no would lose more (A5). */
bool model_is_worth_it(const struct model *model, int level, const struct model_remedy *it, int employee);
int model_lowest(const struct model *model, int from, const struct model_remedy *it);
/* The state it is in now, and whose authority is used. */
void model_charge(struct model *model, struct model_remedy *it, enum remedy_is state, int charged_to);
bool model_is_live(const struct model_case *it);
/* A live critical case of the contact. */
bool model_critical_in(const struct model *model, int contact);
/* The open cases of the customer go along, longest untouched first, but for one (NULL: none) that knows it already. */
void model_pass(struct model *model, int customer, const struct model_case *but);
/* If it is open. */
void model_overtake(struct model *model, struct model_case *it);
/* The level above that of the employee; the lowest from there on of which somebody is on duty. */
int model_above(const struct model *model, int employee);
int model_present(const struct model *model, int employee);
/* To whoever knows the customer. */
void model_notice(struct model *model, const struct model_case *it);
void model_say_notices(struct model *model);
/* A cause: of an open case, or of a new one. Says all that follows, the verdict last. */
void model_escalate(struct model *model, const char *row, int contact, int subject, int level, int severity,
                    bool outlives);

#endif
