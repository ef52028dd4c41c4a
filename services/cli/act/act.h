/* act: what people do with cases and follow-ups: it is published like any event, and what came of it is printed. */
#ifndef BELLHOP_CLI_ACT_ACT_H
#define BELLHOP_CLI_ACT_ACT_H

#include "common/client/bellhop.h"
#include "services/cli/terminal/command.h"

extern const struct command acknowledge_command, answer_command, decline_command, done_command;

/* What an act needs to know of the case or follow-up it is about. */
struct act_subject {
    char store_id[65];
    char interaction_id[65]; /* "": none */
    char currency[4];        /* of the remedy asked for; "": none */
    uint32_t round;          /* of a case: the present one */
};

/* Of all acts; each uses those that its options name. */
struct act_arguments {
    const char *id;       /* of the case or follow-up */
    const char *employee; /* --as, required */
    const char *role;     /* --role */
    const char *store;    /* --store, with --round: no look-up */
    const char *text;
    const char *reason; /* why not */
    int64_t round;      /* -1: not given */
    int64_t timeout_ms;
    bool as_json;
    int64_t until_ms;    /* -1: the level's own time */
    const char *answer;  /* GRANTED, REFUSED, DONE */
    const char *outcome; /* WELL, NOT_WELL, NOT_REACHED; NULL: not told */
    const char *currency;
    int64_t amount_minor; /* -1: none */
};

/* What differs between acts. */
struct act {
    const char *type;     /* of the event */
    const char *id_field; /* of its body: what it is about */

    /* Finds how things stand: from the arguments if they say everything, else from the database. An exit code. */
    int (*find)(const struct command_settings *settings, const struct act_arguments *arguments,
                struct act_subject *ret_subject);

    /* Sets the body beyond id, round, role and text. False after having complained. NULL: there is no more. */
    bool (*fill)(struct bellhop_event *event, const struct act_arguments *arguments,
                 const struct act_subject *subject);
};

int act_find_case(const struct command_settings *settings, const struct act_arguments *arguments,
                  struct act_subject *ret_subject);
int act_find_follow_up(const struct command_settings *settings, const struct act_arguments *arguments,
                       struct act_subject *ret_subject);

/* Of a row: what all acts have in common. */
extern const struct option_row act_options[];
#define ACT_FIELD(field) offsetof(struct act_arguments, field)
#define ACT_ARGUMENTS                                                                                        \
    COMMAND_ARGUMENTS(struct act_arguments, .round = -1, .until_ms = -1, .amount_minor = -1,                 \
                      .timeout_ms = 10000)

/* A row's `check`: it must be said who acts. */
void act_check(void *arguments, const struct argp_state *state);

/* Of a command about one case: what it shares with the others. */
#define ACT_ONE_CASE                                                                                         \
    .usage = "CASE", .options = options, .shared_options = act_options, .run = run,                          \
    .words = {.count = 1,                                                                                    \
              .at = {ACT_FIELD(id)},                                                                         \
              .missing = "which CASE? `bellhop open` lists them",                                            \
              .only = "one CASE at a time"},                                                                 \
    ACT_ARGUMENTS

/* Finds how things stand, publishes, waits for the verdict and prints it. An exit code. */
int act_run(const struct command_call *call, const struct act *act);

#endif
