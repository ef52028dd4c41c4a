/* report_tell: a store's report in words and tables, for its manager. */
#ifndef BELLHOP_CLI_LOOK_REPORT_TELL_H
#define BELLHOP_CLI_LOOK_REPORT_TELL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct report_period {
    const char *store_id;
    int64_t first_day, last_day; /* from 1970-01-01 */
    bool goes_on;                /* it is not over yet */
};

/* `report` as report_page.json, on standard output. */
void report_tell(const struct report_period *period, const json_t *report);

#endif
