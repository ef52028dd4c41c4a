/* act: what people do with cases and follow-ups: publish it like everybody, then say what became of it. */
#ifndef BELLHOP_CLI_ACT_ACT_H
#define BELLHOP_CLI_ACT_ACT_H

#include "common/client/bellhop.h"
#include "services/cli/terminal/command.h"
#include "services/cli/log/reader.h"

/* What an act needs to know of the case or follow-up it is about. */
struct act_subject {
    char store_id[65];
    char interaction_id[65]; /* "": none */
    char currency[4];        /* of the remedy asked for; "": none */
    uint32_t round;          /* of a case: the present one */
};

/* What all acts are told. */
struct act_options {
    const struct act *act;
    const char *id;       /* of the case or follow-up, the first argument */
    const char *employee; /* --as, required */
    const char *role;     /* --role */
    const char *store;    /* --store, with --round: no look-up */
    char *text;
    int64_t round; /* -1: not given */
    int64_t timeout_ms;
    bool as_json;
};

/* What an act is, once for each command. */
struct act {
    const char *type;      /* of the event */
    const char *id_field;  /* of its body: what it is about */
    const char *noun;      /* of that, "CASE" */
    const char *listed_by; /* the command that lists them */

    /* How things stand: from the options when they say it all, else from the database. An exit code. */
    int (*find)(const struct command_settings *settings, const struct act_options *options,
                struct act_subject *ret_subject);

    /* The body beyond id, role and text. False after having complained. NULL: there is no more. */
    bool (*fill)(struct bellhop_event *event, const struct act_options *options,
                 const struct act_subject *subject);
};

int act_find_case(const struct command_settings *settings, const struct act_options *options,
                  struct act_subject *ret_subject);
int act_find_follow_up(const struct command_settings *settings, const struct act_options *options,
                       struct act_subject *ret_subject);

/* For the argp of a command: its children[], for options and the id, unless the command takes arguments itself.
 * `input` is a struct act_options. */
extern const struct argp act_argp;
void act_options_init(struct act_options *options, const struct act *act);

/* Looks up, publishes, waits for what is decided, tells it. An exit code. */
int act_run(const struct command_settings *settings, const struct act_options *options);

#endif
