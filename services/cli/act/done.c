/* bellhop done: a follow-up has been done. */
#include "services/cli/act/act.h"

enum { KEY_TEXT = 't' };

static const struct act act = {
    .type = "follow_up_done",
    .id_field = "follow_up_id",
    .noun = "FOLLOW-UP",
    .listed_by = "bellhop open --follow-ups",
    .find = act_find_follow_up,
};

static error_t argument_parse(int key, char *value, struct argp_state *state)
{
    struct act_options *options = state->input;
    switch (key) {
    case KEY_TEXT:
        options->text = value;
        return 0;
    case ARGP_KEY_INIT:
        state->child_inputs[0] = options;
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
    struct act_options arguments;
    act_options_init(&arguments, &act);
    command_parse(&argp, argc, argv, &arguments);
    return act_run(settings, &arguments);
}

const struct command done_command = {
    .name = "done",
    .purpose = "a follow-up has been done",
    .run = run,
};
