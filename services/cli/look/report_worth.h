/* report_worth: the part of a report that tells how contacts began and went on, and what answers were worth (G6, G8, K2, L). */
#ifndef BELLHOP_CLI_LOOK_REPORT_WORTH_H
#define BELLHOP_CLI_LOOK_REPORT_WORTH_H

#include <jansson.h>

/* `report` as report_page.json, on standard output. */
void report_worth_tell(const json_t *report);

#endif
