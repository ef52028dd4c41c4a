/* proposing: puts a policy into the log, and waits for what is decided about it. */
#ifndef BELLHOP_CLI_LOG_PROPOSING_H
#define BELLHOP_CLI_LOG_PROPOSING_H

#include "services/cli/log/reader.h"

/* Proposes, waits for the commit and the decision, and prints it. EXIT_DONE when it was accepted, EXIT_NEGATIVE when it
 * was refused, EXIT_UNREACHABLE, or EXIT_NO_ANSWER when nobody has decided yet. */
int proposing_run(const struct command_settings *settings, struct reader *reader,
                  WirePolicyProposed *proposed);

#endif
