/* policy: the commands below `bellhop policy`. */
#ifndef BELLHOP_CLI_POLICY_POLICY_H
#define BELLHOP_CLI_POLICY_POLICY_H

#include "services/cli/terminal/command.h"

extern const struct command policy_check_command, policy_test_command, policy_explain_command,
    policy_diff_command, policy_backtest_command, policy_shadow_command, policy_activate_command,
    policy_rollback_command, policy_history_command, policy_suggest_command;

#endif
