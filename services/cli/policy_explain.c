/* policy_explain (bellhop policy explain): a policy as sentences. */
#include "common/policy/explain.h"

#include "services/cli/policy.h"
#include "services/cli/policy_file.h"

#include <stdio.h>

struct arguments {
    const char *path;
};

static error_t argument_parse(int key, char *value, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        if (arguments->path)
            argp_error(state, "one file at a time");
        arguments->path = value;
        return 0;
    case ARGP_KEY_END:
        if (!arguments->path)
            argp_error(state, "which file?");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int run(const struct command_settings *settings, int argc, char **argv)
{
    static const struct argp argp = {
        .parser = argument_parse,
        .args_doc = "FILE",
        .doc = "Tell the whole policy in sentences: who may decide what, the figures, and when each rule "
               "does what.\v"
               "Exit codes: 0 told, 2 usage, or the file is no policy.",
    };
    (void)settings;
    struct arguments arguments = {.path = NULL};
    command_parse(&argp, argc, argv, &arguments);
    AUTO(policy) *policy = policy_file_load(arguments.path);
    if (!policy)
        return EXIT_USAGE;
    AUTO_CLEAR(bytes) told = {.size = 0};
    explain_policy(policy, &told);
    fwrite(told.data, 1, told.size, stdout);
    return EXIT_DONE;
}

const struct command policy_explain_command = {
    .name = "explain",
    .purpose = "tell the whole policy in sentences",
    .run = run,
};
