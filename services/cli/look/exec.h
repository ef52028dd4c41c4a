/* exec: runs a command of the user's with something on its standard input. */
#ifndef BELLHOP_CLI_LOOK_EXEC_H
#define BELLHOP_CLI_LOOK_EXEC_H

#include "common/base/bytes.h"

/* Runs `command` by /bin/sh with `input` on its standard input, and waits for its end. 0: it exited 0; else
 * -errno, with the reason in `why`. A command that does not read all of its input is judged by its exit
 * status alone. */
int exec_feed(const char *command, struct slice input, char *why, size_t why_size);

#endif
