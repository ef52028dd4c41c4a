/* act: what people do with cases and follow-ups: publish it like everybody, then say what became of it. */
#ifndef BELLHOP_CLI_ACT_H
#define BELLHOP_CLI_ACT_H

#include "common/client/bellhop.h"
#include "services/cli/command.h"
#include "services/cli/reader.h"

/* What an act needs to know of the case or follow-up it is about. */
struct act_subject {
    char store_id[65];
    char interaction_id[65]; /* "": none */
    char currency[4];        /* of the remedy asked for; "": none */
    uint32_t round;          /* of a case: the present one */
};

/* The options that all acts have. */
struct act_options {
    const char *employee; /* --as, required */
    const char *role;     /* --role */
    const char *store;    /* --store, with --round: no look-up */
    const char *text;
    int64_t round; /* -1: not given */
    int64_t timeout_ms;
    bool as_json;
};

/* For the argp of a command: its children[] and options. `input` is a struct act_options. */
extern const struct argp act_argp;
void act_options_init(struct act_options *options);

/* How things stand: from the options when they say it all, else from the database. An exit code. */
int act_find_case(const struct command_settings *settings, const struct act_options *options,
                  const char *escalation_id, struct act_subject *ret_subject);
int act_find_follow_up(const struct command_settings *settings, const struct act_options *options,
                       const char *follow_up_id, struct act_subject *ret_subject);

/* A new event of `type` with its envelope and "<type>.<id_field>" set. NULL after having complained. */
struct bellhop_event *act_event_new(const char *type, const char *id_field, const char *id,
                                    const struct act_options *options, const struct act_subject *subject);

/* Publishes `event`, waits for what is decided, tells it. An exit code. */
int act_publish(const struct command_settings *settings, const struct act_options *options,
                const struct bellhop_event *event);

#endif
