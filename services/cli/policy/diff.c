/* policy_diff (bellhop policy diff): what changes from one policy to another, in words. */
#include "common/policy/explain/difference.h"

#include "services/cli/policy/policy.h"
#include "services/cli/policy/policy_file.h"

#include <stdio.h>

struct arguments {
    const char *paths[2];
};

static error_t argument_parse(int key, char *value, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        if (state->arg_num > 1)
            argp_error(state, "what is \"%s\"?", value);
        arguments->paths[state->arg_num] = value;
        return 0;
    case ARGP_KEY_END:
        if (!arguments->paths[1])
            argp_error(state, "which two files?");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int run(const struct command_settings *settings, int argc, char **argv)
{
    static const struct argp argp = {
        .parser = argument_parse,
        .args_doc = "BEFORE AFTER",
        .doc = "Tell what changes from one policy to the other, in words.\v"
               "Exit codes: 0 they say the same, 1 they differ, 2 usage, or a file is no policy.",
    };
    (void)settings;
    struct arguments arguments = {.paths = {NULL}};
    command_parse(&argp, argc, argv, &arguments);
    AUTO(policy) *before = policy_file_load(arguments.paths[0]);
    AUTO(policy) *after = before ? policy_file_load(arguments.paths[1]) : NULL;
    if (!after)
        return EXIT_USAGE;
    AUTO_CLEAR(bytes) told = {.size = 0};
    size_t count = difference_tell(before, after, &told);
    fputs(bytes_text(&told), stdout);
    if (!count)
        printf("nothing changes\n");
    return count ? EXIT_NEGATIVE : EXIT_DONE;
}

const struct command policy_diff_command = {
    .name = "diff",
    .purpose = "tell what changes from one policy to another",
    .run = run,
};
