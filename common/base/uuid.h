/* uuid: the 16-byte ids of RFC 9562.
 *
 * Version 7 is minted here: 48 bits of Unix milliseconds, then random bits. Version 8 is derived where a
 * foreign system has ids of its own: the same millisecond prefix, then a hash. Both sort by time as bytes. */
#ifndef BELLHOP_BASE_UUID_H
#define BELLHOP_BASE_UUID_H

#include "common/base/bytes.h"

#include <stdbool.h>
#include <stdint.h>

enum { UUID_SIZE = 16, UUID_TEXT_SIZE = sizeof "01234567-89ab-7cde-8fff-0123456789ab" };

struct uuid {
    uint8_t bytes[UUID_SIZE];
};

/* One minter per process or connection; all zero is a new one. */
struct uuid_minter {
    int64_t last_ms;
    uint64_t random_a; /* 12 bits, then 62: the random part of the id minted last */
    uint64_t random_b;
    uint32_t steps[64]; /* random bits in stock */
    unsigned steps_left;
};

/* The next version 7 id; every id is greater than the one before, also when `now_us` stands still or goes
 * back (RFC 9562 section 6.2, method 2: the random part is counted up by a random step). */
struct uuid uuid_mint(struct uuid_minter *minter, int64_t now_us);

/* The version 8 id of `foreign_id` at `source`: bytes 0 to 5 are id_time_us in whole milliseconds,
 * big-endian; bytes 6 to 15 are the first ten of SHA-256(source, one zero byte, foreign_id); then the version
 * and variant bits are set. */
struct uuid uuid_derive(int64_t id_time_us, struct slice source, struct slice foreign_id);

/* The millisecond prefix. */
int64_t uuid_ms(const struct uuid *uuid);

/* The version digit, 1 to 8; 0 when the variant is not RFC 9562's. */
int uuid_version(const struct uuid *uuid);

bool uuid_equal(const struct uuid *left, const struct uuid *right);

/* Lower case, with hyphens. */
void uuid_format(const struct uuid *uuid, char into[static UUID_TEXT_SIZE]);

/* Either case, hyphens required. 0 or -EINVAL. */
int uuid_parse(const char *text, struct uuid *ret_uuid);

#endif
