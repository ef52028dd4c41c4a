/* cell: the cell that tests/demo/run started for the demo. No other one is touched. */
#ifndef BELLHOP_TESTS_DEMO_CELL_H
#define BELLHOP_TESTS_DEMO_CELL_H

#include "common/base/auto.h"
#include "common/base/bytes.h"
#include "services/cli/terminal/command.h"

struct cell {
    struct command_settings settings; /* its endpoints; the texts lie in `env` */
    struct bytes env;
    struct bytes policy; /* that its log began with */
};

/* The cell in `folder`, from its env and its retail.yaml; what the environment says does not count. The cell must be the
 * demo's own, and fresh: its log holds one event, which proposes that very policy; the policy names the folder, so no other
 * log begins with it. Anything else is refused before anything is written. An exit code, after having complained. */
int cell_open(struct cell *cell, const char *folder);
void cell_clear(struct cell *cell);

#endif
