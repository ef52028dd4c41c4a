/* escalation: a case that is open, acknowledged, or ended a while ago. What it says of itself is kept packed,
 * as the last decision about it said it. */
#ifndef BELLHOP_POLICY_STATE_ESCALATION_H
#define BELLHOP_POLICY_STATE_ESCALATION_H

#include "common/base/arena.h"
#include "common/policy/rules/policy_parts.h"
#include "common/policy/state/deadline.h"
#include "common/policy/state/interaction.h"

struct fold;

enum escalation_state { ESCALATION_OPEN, ESCALATION_ACKNOWLEDGED, ESCALATION_RESOLVED, ESCALATION_OVERTAKEN };

const char *escalation_state_word(enum escalation_state state);
enum escalation_state escalation_state_find(const char *word);

static inline bool escalation_is_live(enum escalation_state state)
{
    return state == ESCALATION_OPEN || state == ESCALATION_ACKNOWLEDGED;
}

struct escalation {
    struct list_node recent;         /* among the live or the ended, longest untouched first */
    struct list_node in_interaction; /* live ones */
    struct list_node in_employee;    /* live ones that last while an employee is busy */
    struct interaction *interaction; /* NULL: none, or forgotten */
    struct deadline deadline;
    struct deadline unattended;  /* nobody is home at its level */
    const struct policy *policy; /* of its opening */
    enum cause_end ends_with;
    enum escalation_state state;
    int severity;
    bool is_silenced;
    const char *role; /* whose it is now, as its policy's ladder names it */
    uint32_t round;
    bool is_drill;
    bool is_muted; /* by a critical case of its interaction */
    uint64_t opened_seq;
    const char *customer; /* NULL: unknown */
    char *page;           /* the id of the case whose page it is on; NULL: it pages nobody */
    int64_t changed_at;
    int64_t touched_at;
    uint8_t *packed; /* WireCase */
    size_t packed_size;
    char *group; /* key among live ones: store, interaction, rule, subject */
    size_t group_size;
    bool is_leader; /* of its group: the next cause is added to it. Another engine may have opened several */
    uint16_t id_size;
    char id[];
};

/* As it is, in `arena`. NULL when the arena is full. */
WireCase *escalation_read(const struct escalation *escalation, struct arena *arena);

/* It pages on the page of that case; NULL: nobody. */
void escalation_set_page(struct fold *fold, struct escalation *escalation, const char *page);
/* It is known now whose its contact is: that is said with its next change. */
void escalation_take_name(struct fold *fold, struct escalation *escalation, const char *customer_id);

/* No further cause is added to it. */
void escalation_leave_group(struct fold *fold, struct escalation *escalation);
/* It ended: kept for a while, so that late acts meet the present state. */
void escalation_end(struct fold *fold, struct escalation *escalation);
/* Forget it. */
void escalation_drop(struct fold *fold, struct escalation *escalation);

#endif
