/* demo_hours: the opening hours of the demo's shop, so that its day ends while somebody watches. */
#ifndef BELLHOP_CLI_DEMO_HOURS_H
#define BELLHOP_CLI_DEMO_HOURS_H

#include "services/cli/terminal/command.h"

/* Propose the policy that is in force, with hours: the shop closes at six by clocks of its own, which show that in
 * `closes_in_s`. EXIT_DONE, or another code after having complained. */
int demo_hours_propose(const struct command_settings *settings, int closes_in_s);

#endif
