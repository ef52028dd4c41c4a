/* digest: libsodium's hashes over parts. */
#include "common/base/digest.h"

#include <sodium.h>
#include <stdlib.h>

_Static_assert(SHA256_SIZE == crypto_hash_sha256_BYTES, "a SHA-256 is 32 bytes");
_Static_assert(CONTENT_HASH_SIZE >= crypto_generichash_BYTES_MIN, "BLAKE2b goes as short as 16 bytes");

void digest_sha256(const struct slice *parts, size_t count, uint8_t ret_hash[static SHA256_SIZE])
{
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    for (size_t i = 0; i < count; i++)
        if (parts[i].size)
            crypto_hash_sha256_update(&state, parts[i].data, parts[i].size);
    crypto_hash_sha256_final(&state, ret_hash);
}

void digest_content(const struct slice *parts, size_t count, uint8_t ret_hash[static CONTENT_HASH_SIZE])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, CONTENT_HASH_SIZE);
    for (size_t i = 0; i < count; i++)
        if (parts[i].size)
            crypto_generichash_update(&state, parts[i].data, parts[i].size);
    crypto_generichash_final(&state, ret_hash, CONTENT_HASH_SIZE);
}

struct digester {
    crypto_generichash_state state;
};

struct digester *digester_new(void)
{
    struct digester *hasher = aligned_alloc(_Alignof(struct digester), sizeof *hasher);
    if (!hasher)
        abort();
    crypto_generichash_init(&hasher->state, NULL, 0, CONTENT_HASH_SIZE);
    return hasher;
}

void digester_add(struct digester *hasher, struct slice piece)
{
    if (piece.size)
        crypto_generichash_update(&hasher->state, piece.data, piece.size);
}

void digester_end(struct digester *hasher, uint8_t *ret_hash)
{
    if (ret_hash)
        crypto_generichash_final(&hasher->state, ret_hash, CONTENT_HASH_SIZE);
    free(hasher);
}

uint64_t digest_content_u64(struct slice content)
{
    uint8_t hash[CONTENT_HASH_SIZE];
    digest_content(&content, 1, hash);
    return bytes_get_u64(hash);
}
