/* time: instants as text: UTC microseconds since 1970, in RFC 3339. */
#ifndef BELLHOP_BASE_TIME_H
#define BELLHOP_BASE_TIME_H

#include <stdint.h>

enum { TIME_TEXT_SIZE = sizeof "9999-12-31T23:59:59.999999Z" };

/* RFC 3339 in UTC: "2024-02-29T12:00:00Z", with ".5" or ".000001" when there is a fraction, zeros at its end
 * left out. */
void time_format(int64_t utc_us, char into[static TIME_TEXT_SIZE]);

/* RFC 3339 with `Z` or an offset, `T` or a blank between, up to nine decimals (cut to microseconds). A second
 * of 60 is refused. 0 or -EINVAL. */
int time_parse(const char *text, int64_t *ret_utc_us);

#endif
