/* digest: SHA-256, and short hashes that tell contents apart (BLAKE2b).
 *
 * The hash is over the parts put one after the other, nothing between them. */
#ifndef BELLHOP_BASE_DIGEST_H
#define BELLHOP_BASE_DIGEST_H

#include "common/base/bytes.h"

enum { SHA256_SIZE = 32, CONTENT_HASH_SIZE = 16 };

void digest_sha256(const struct slice *parts, size_t count, uint8_t ret_hash[static SHA256_SIZE]);

/* BLAKE2b with a 16-byte result: collisions do not happen by chance, and are not worth anybody's effort. */
void digest_content(const struct slice *parts, size_t count, uint8_t ret_hash[static CONTENT_HASH_SIZE]);

/* digest_content() of what comes piece by piece. */
struct digester;
struct digester *digester_new(void);
void digester_add(struct digester *hasher, struct slice piece);
/* Ends it; NULL: the hash is not wanted after all. */
void digester_end(struct digester *hasher, uint8_t *ret_hash);

/* The first half of digest_content(), read big-endian. */
uint64_t digest_content_u64(struct slice content);

#endif
