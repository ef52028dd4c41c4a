/* zone_rule: the footer of a zone file, a POSIX TZ text such as "CET-1CEST,M3.5.0,M10.5.0/3"
 * (RFC 9636 section 3.3). */
#ifndef BELLHOP_BASE_ZONE_RULE_H
#define BELLHOP_BASE_ZONE_RULE_H

#include "common/base/zone.h"

#include <stdbool.h>

struct zone_rule_day {
    enum { ZONE_RULE_MONTH_WEEK_DAY, ZONE_RULE_JULIAN, ZONE_RULE_DAY_OF_YEAR } kind;
    int month; /* 1 to 12 */
    int week;  /* 1 to 5, 5 is the last */
    int day;   /* 0 Sunday to 6; of a Julian day 1 to 365, never counting 29 February; else 0 to 365 */
    int32_t time_s;
};

struct zone_rule {
    char standard[ZONE_ABBREVIATION_SIZE];
    char summer[ZONE_ABBREVIATION_SIZE];
    int32_t standard_offset_s; /* east of UTC */
    int32_t summer_offset_s;
    bool has_summer;
    struct zone_rule_day starts; /* summer time, by the standard clock */
    struct zone_rule_day ends;   /* by the summer clock */
};

/* 0 or -EINVAL; the whole text must be a rule. */
int zone_rule_parse(struct zone_rule *rule, const char *text);

/* When summer time starts and ends in `year`, UTC seconds. Only of a rule that has_summer. */
int64_t zone_rule_starts_s(const struct zone_rule *rule, int year);
int64_t zone_rule_ends_s(const struct zone_rule *rule, int year);

#endif
