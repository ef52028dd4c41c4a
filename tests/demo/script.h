/* script: the small shop day that the demo plays, as tables: what happens, who answers what, and
 * what must have been concluded by the evening. */
#ifndef BELLHOP_TESTS_DEMO_SCRIPT_H
#define BELLHOP_TESTS_DEMO_SCRIPT_H

#include "proto/bellhop/v1/decision.pb-c.h"

#include <stdbool.h>
#include <stddef.h>

/* One thing that happens. */
struct script_step {
    const char *shop_time;   /* "09:05": the day is played in half a minute */
    const char *story;       /* what a bystander sees */
    const char *employee;    /* who serves or acts; NULL: nobody */
    const char *interaction; /* NULL: none */
    const char *customer;    /* NULL: not known */
    const char *type;        /* of the event */
    const char
        *fields; /* of its body: "remedy_id=r1 amount.minor=4000"; of a policy what is otherwise in it */
    const char *store; /* NULL: harbour */
    int ago_s;         /* how long before now it happened */
    const char *await; /* then wait for this row of the domain to be concluded, "F2"; NULL: go on */
    WireDecisionKind await_kind;
};
extern const struct script_step script_steps[];
extern const size_t script_step_count;

/* What a person does when a case of this row reaches them. */
struct script_reaction {
    const char *rule_id;
    const char *role;     /* of the level that is paged */
    const char *employee; /* who takes it */
    int until_s;          /* what they promise when they take it; 0: they answer at once */
    const char *answer;   /* GRANTED, REFUSED, DONE; NULL: they only take it */
    int granted_minor;
    const char *text;     /* the sentence the customer may hear */
    const char *declines; /* why they cannot come, at once; NULL: they come */
    bool twice;           /* and once more, too late: the present state is the answer */
};
extern const struct script_reaction script_reactions[];
extern const size_t script_reaction_count;

/* What must have happened, at least once. */
struct script_expectation {
    const char *rule_id; /* of the domain; NULL: of no rule */
    WireDecisionKind kind;
    const char *what; /* for people */
};
extern const struct script_expectation script_expectations[];
extern const size_t script_expectation_count;

#endif
