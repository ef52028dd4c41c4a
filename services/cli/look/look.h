/* look: the commands that read: what is decided, why, and how the cell fares. */
#ifndef BELLHOP_CLI_LOOK_LOOK_H
#define BELLHOP_CLI_LOOK_LOOK_H

#include "services/cli/terminal/command.h"

extern const struct command watch_command, open_command, why_command, why_not_command, verify_command,
    report_command, status_command;

#endif
