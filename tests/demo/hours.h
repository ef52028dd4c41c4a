/* hours: the opening hours of the demo's shop, so that its day ends while somebody watches. */
#ifndef BELLHOP_TESTS_DEMO_HOURS_H
#define BELLHOP_TESTS_DEMO_HOURS_H

#include "tests/demo/cell.h"

/* Propose the cell's policy again, with hours: the shop closes at six by clocks of its own, which show that at
 * `closes_at`; with one figure or limit otherwise, "figures.hold_lead=240s", and why, or neither (NULL). EXIT_DONE, or
 * another code after having complained. */
int hours_propose(const struct cell *cell, int64_t closes_at, const char *change, const char *reason);

#endif
