/* diff (bellhop policy diff): what changes from one policy to another, in words. */
#include "common/policy/explain/difference.h"

#include "services/cli/policy/policy.h"
#include "services/cli/policy/policy_file.h"

#include <stdio.h>

struct arguments {
    const char *before, *after;
};

static int run(const struct command_call *call)
{
    const struct arguments *arguments = call->arguments;
    AUTO(policy) *before = policy_file_load(arguments->before);
    AUTO(policy) *after = before ? policy_file_load(arguments->after) : NULL;
    if (!after)
        return EXIT_USAGE;
    AUTO_CLEAR(bytes) told = {.size = 0};
    size_t count = difference_write(before, after, &told);
    fputs(bytes_text(&told), stdout);
    if (!count)
        printf("nothing changes\n");
    return count ? EXIT_NEGATIVE : EXIT_DONE;
}

const struct command policy_diff_command = {
    .name = "diff",
    .summary = "show what changes from one policy to another",
    .usage = "BEFORE AFTER",
    .help = "Show what changes from one policy to another, in words.\v"
            "Exit codes: 0 they say the same, 1 they differ, 2 wrong usage, or a file is no policy.",
    .words = {.count = 2,
              .at = {offsetof(struct arguments, before), offsetof(struct arguments, after)},
              .missing = "which two files?"},
    COMMAND_ARGUMENTS(struct arguments, .before = NULL),
    .run = run,
};
