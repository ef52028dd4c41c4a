/* policy_test (bellhop policy test): stories told to a policy, and what it must conclude. */
#include "services/cli/policy.h"
static int run(const struct command_settings *settings, int argc, char **argv)
{
    (void)settings;
    (void)argc;
    (void)argv;
    return 0;
}
const struct command policy_test_command = {
    .name = "test",
    .purpose = "tell stories to a policy, and compare what it concludes",
    .run = run,
};
