/* publish: the commands that bring events in. */
#ifndef BELLHOP_CLI_PUBLISH_PUBLISH_H
#define BELLHOP_CLI_PUBLISH_PUBLISH_H

#include "services/cli/terminal/command.h"

extern const struct command publish_command, import_command;

#endif
