/* bellhop done: a follow-up has been done. */
#include "services/cli/act.h"

struct arguments {
    struct act_options act;
    const char *follow_up_id;
};

enum { KEY_TEXT = 't' };

static error_t argument_parse(int key, char *value, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    switch (key) {
    case KEY_TEXT:
        arguments->act.text = value;
        return 0;
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &arguments->act;
        return 0;
    case ARGP_KEY_ARG:
        if (arguments->follow_up_id)
            argp_error(state, "one FOLLOW-UP at a time: what is \"%s\"?", value);
        arguments->follow_up_id = value;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which FOLLOW-UP? `bellhop open --follow-ups` lists them");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int run(const struct command_settings *settings, int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"text", KEY_TEXT, "SENTENCE", 0, "how it went", 0},
        {0},
    };
    static const struct argp_child children[] = {{&act_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        .options = options,
        .parser = argument_parse,
        .children = children,
        .args_doc = "FOLLOW-UP",
        .doc = "Say that a follow-up (a call-back, a recovery …) has been done.\v"
               "Exit codes: 0 noted, 1 refused (it has ended already), 2 usage, 3 a service cannot be "
               "reached, 4 no "
               "decision yet.",
    };
    struct arguments arguments = {.follow_up_id = NULL};
    act_options_init(&arguments.act);
    command_parse(&argp, argc, argv, &arguments);
    struct act_subject subject;
    int rc = act_find_follow_up(settings, &arguments.act, arguments.follow_up_id, &subject);
    if (rc != EXIT_DONE)
        return rc;
    struct bellhop_event *event =
        act_event_new("follow_up_done", "follow_up_id", arguments.follow_up_id, &arguments.act, &subject);
    if (event && arguments.act.text &&
        bellhop_event_set_text(event, "follow_up_done.text", arguments.act.text) != BELLHOP_OK) {
        complain("%s", bellhop_why(NULL));
        bellhop_event_free(event);
        event = NULL;
    }
    if (!event)
        return EXIT_USAGE;
    rc = act_publish(settings, &arguments.act, event);
    bellhop_event_free(event);
    return rc;
}

const struct command done_command = {
    .name = "done",
    .purpose = "a follow-up has been done",
    .run = run,
};
