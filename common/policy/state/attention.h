/* attention: which contacts an employee serves at once, and how many of them with unsure customers. An exercise is
 * counted apart.
 *
 * An open interaction is served by whoever its last event named. Cases that last only while their employee is
 * busy (`while`, with the employee as subject) are overtaken when that is over. */
#ifndef BELLHOP_POLICY_STATE_ATTENTION_H
#define BELLHOP_POLICY_STATE_ATTENTION_H

#include "common/policy/state/state.h"

/* Whom an interaction keeps busy. */
struct attention {
    const char *employee_id; /* NULL: nobody */
    bool is_unsure;
};

/* How many contacts an employee serves, and of these with unsure customers. One that nobody has said anything of for two hours
 * keeps nobody busy; nor does one of somebody who went off duty. */
struct attention_load {
    int32_t contacts, unsure;
};

/* At `now`, without the interaction `but` (NULL: all of them). */
struct attention_load attention_load(const struct employee *employee, const struct interaction *but,
                                     bool is_drill, int64_t now);

struct attention attention_of(const struct interaction_known *known);
/* The interaction still keeps the same employee busy, with a customer as unsure as before. */
bool attention_is_same(const struct interaction *interaction, struct attention attention);

/* --- applying --- */

/* The interaction is served by the employee it names now. */
void attention_follow(struct fold *fold, struct interaction *interaction);
/* Nobody serves it any more. */
void attention_leave(struct interaction *interaction);
/* Of a live case that lasts while the employee it is about is busy. */
void attention_join_case(struct fold *fold, struct escalation *escalation, const WireCase *body);
/* The employee went off duty: whom they served is served by nobody. */
void attention_end(struct employee *employee);
/* The employee is forgotten. */
void attention_forget(struct employee *employee);

/* Which cases wait for which employees. */
void attention_write(const struct fold *fold, struct bytes *into);
void attention_read(struct reading *reading);

#endif
