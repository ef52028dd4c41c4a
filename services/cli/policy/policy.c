/* policy (bellhop policy): finds the command below it. */
#include "services/cli/policy/policy.h"

#include "common/base/memory.h"
#include "common/base/text.h"

#include <stdio.h>

static const struct command *const commands[] = {
    &policy_check_command,    &policy_test_command,     &policy_explain_command,
    &policy_diff_command,     &policy_backtest_command, &policy_shadow_command,
    &policy_activate_command, &policy_rollback_command, &policy_history_command,
};

static void help_print(FILE *out)
{
    fputs("Usage: bellhop policy COMMAND [ARGUMENT...]\nChange the policy without fear.\n\n", out);
    for (size_t at = 0; at < COUNT_OF(commands); at++)
        fprintf(out, "  %-10s %s\n", commands[at]->name, commands[at]->purpose);
    fputs("\n`bellhop policy COMMAND --help` tells more. Exit codes: 0 done, 1 the answer is no, 2 cannot be "
          "used as\n"
          "given, 3 cannot be reached, 4 no answer yet.\n",
          out);
}

static int run(const struct command_settings *settings, int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "--help";
    if (text_equal(name, "--help") || text_equal(name, "-h") || text_equal(name, "help")) {
        help_print(argc > 1 ? stdout : stderr);
        return argc > 1 ? EXIT_DONE : EXIT_USAGE;
    }
    for (size_t at = 0; at < COUNT_OF(commands); at++) {
        if (!text_equal(commands[at]->name, name))
            continue;
        char title[64];
        text_format(title, sizeof title, "bellhop policy %s", name);
        argv[1] = title;
        return commands[at]->run(settings, argc - 1, argv + 1);
    }
    complain("there is no command \"policy %s\"; see `bellhop policy --help`", name);
    return EXIT_USAGE;
}

const struct command policy_command = {
    .name = "policy",
    .purpose = "check, test, explain and change the policy",
    .run = run,
};
