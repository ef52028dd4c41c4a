/* moment: timestamps, durations and time zones: arithmetic with ranges, text, and the fields of a calendar.
 */
#ifndef BELLHOP_POLICY_CEL_MOMENT_H
#define BELLHOP_POLICY_CEL_MOMENT_H

#include "common/base/civil.h"
#include "common/policy/cel/conversion.h"
#include "common/policy/cel/environment.h"

#define MOMENT_FIRST_S (-62135596800) /* 0001-01-01T00:00:00Z */
#define MOMENT_LAST_S  253402300799   /* 9999-12-31T23:59:59Z */

enum { NANOS_PER_SECOND = 1000000000, SECONDS_PER_DAY = 86400 };

/* Each is false when the result lies outside its type's range, or the text is none of its kind. */
bool moment_from_seconds(int64_t seconds, struct cel_moment *ret_moment);
bool moment_from_micros(int64_t micros, struct cel_moment *ret_moment);
bool moment_add(struct cel_moment moment, int64_t nanoseconds, struct cel_moment *ret_moment);
bool moment_subtract(struct cel_moment a, struct cel_moment b, int64_t *ret_nanoseconds);
/* RFC 3339, with "Z" or an offset. */
bool moment_parse(struct cel_text text, struct cel_moment *ret_moment);
/* A number with a unit or several, "1h30m", "-1.5s": h, m, s, ms, us, ns. */
bool moment_duration_parse(struct cel_text text, int64_t *ret_nanoseconds);

/* Below zero, zero, above. */
int moment_compare(struct cel_moment a, struct cel_moment b);

/* RFC 3339 in UTC, with as many decimals as needed. Returns the length. */
size_t moment_print(struct cel_moment moment, char buffer[static CONVERSION_BYTES]);
/* In seconds, "90s", "-0.5s". */
size_t moment_duration_print(int64_t nanoseconds, char buffer[static CONVERSION_BYTES]);

/* The calendar (proleptic Gregorian) and clock at a moment, `offset_s` east of UTC. */
struct civil moment_civil(struct cel_moment moment, int32_t offset_s);

/* "+02:00", "-09:30", "02:00"; false for other texts. */
bool moment_fixed_offset(struct cel_text name, int32_t *ret_offset_s);
int32_t moment_zone_offset(const struct cel_zone *zone, int64_t at_s);

#endif
