/* action: what a rule does, and what each action takes. */
#ifndef BELLHOP_POLICY_RULES_ACTION_H
#define BELLHOP_POLICY_RULES_ACTION_H

#include "common/policy/rules/fact.h"

enum action_kind {
    ACTION_RECORD,
    ACTION_GRANT,
    ACTION_ESCALATE,
    ACTION_FOLLOW_UP,
    ACTION_RECOGNISE,
    ACTION_COACH,
    ACTION_FINDING,
    ACTION_NOTIFY,
    ACTION_DIGEST,
    ACTION_EXPERIENCE,
    ACTION_ADVISE,
    ACTION_KINDS,
};

/* With what the cause of a case ends; nothing: the case outlives its interaction. */
enum cause_end {
    ENDS_WITH_NOTHING,
    ENDS_WITH_INTERACTION,
    ENDS_WITH_WAIT,
    ENDS_WITH_MOOD, /* when the customer is calm again, or delighted */
};

struct action {
    bool is_given;
    struct expression to;       /* a role, or an employee's id */
    struct expression severity; /* 1 low to 4 critical */
    struct expression subject;
    struct expression call_back;
    struct expression legal;
    struct expression asks;    /* for a word about its subject */
    struct expression goes_on; /* the cause, of a busy employee */
    struct expression value;
    struct expression due_in;
    struct expression same_day; /* it is due when business is over that day, if that is sooner */
    struct expression waits;    /* until its owner is on duty, so long at most */
    struct expression within;   /* what came up again and again: one group */
    struct expression feeling;  /* 1 good, 2 neither, 3 bad */
    struct expression reach;
    struct expression employee;
    struct expression hearer, cap; /* of a yes that is cheaper than a no: smallest units */
    struct sentence says;
    int ends_with;   /* enum cause_end */
    int follow_up;   /* enum of proto: FollowUpKind */
    int recognition; /* likewise: RecognitionKind; 0: none */
};

enum parameter_type {
    PARAMETER_ROLE,     /* a role, or an expression that gives one */
    PARAMETER_SEVERITY, /* low, normal, high, critical, or an expression over these */
    PARAMETER_FEELING,
    PARAMETER_TEXT, /* an expression that gives an id */
    PARAMETER_TRUTH,
    PARAMETER_NUMBER,
    PARAMETER_DURATION,
    PARAMETER_SENTENCE,
    PARAMETER_ENDS,
    PARAMETER_FOLLOW_UP,
    PARAMETER_RECOGNITION,
};

struct parameter {
    const char *name;
    enum parameter_type type;
    size_t offset; /* in struct action */
    bool is_required;
};

enum { PARAMETERS = 10 };

/* An action as rules write it; its parameters end with one that has no name. */
struct action_form {
    const char *name;
    struct parameter parameters[PARAMETERS];
};
extern const struct action_form action_forms[ACTION_KINDS];

/* What the action has for it; NULL: it takes no expression. */
const struct expression *action_expression(const struct action *action, const struct parameter *parameter);

#endif
