/* uuid: version 7 minted, version 8 derived, text both ways. */
#include "common/base/uuid.h"

#include "common/base/digest.h"
#include "common/base/random.h"
#include "common/base/text.h"

#include <errno.h>

static const uint64_t RANDOM_A_MOST = (1ULL << 12) - 1;
static const uint64_t RANDOM_B_MOST = (1ULL << 62) - 1;

static void put_ms(struct uuid *uuid, int64_t ms)
{
    uint8_t wide[8];
    bytes_put_u64(wide, (uint64_t)ms);
    memcpy(uuid->bytes, wide + 2, 6);
}

static void put_version(struct uuid *uuid, uint8_t version)
{
    uuid->bytes[6] = (uint8_t)((uuid->bytes[6] & 0x0f) | version << 4);
    uuid->bytes[8] = (uint8_t)((uuid->bytes[8] & 0x3f) | 0x80);
}

static void minter_begin(struct uuid_minter *minter, int64_t ms)
{
    uint64_t random[2];
    random_bytes(random, sizeof random);
    minter->last_ms = ms;
    minter->random_a = random[0] & (RANDOM_A_MOST >> 1); /* the upper half is room to count up */
    minter->random_b = random[1] & RANDOM_B_MOST;
}

static void minter_step(struct uuid_minter *minter)
{
    if (minter->steps_left == 0) {
        random_bytes(minter->steps, sizeof minter->steps);
        minter->steps_left = sizeof minter->steps / sizeof minter->steps[0];
    }
    minter->random_b += 1 + (uint64_t)minter->steps[--minter->steps_left];
    if (minter->random_b <= RANDOM_B_MOST)
        return;
    minter->random_b &= RANDOM_B_MOST;
    if (++minter->random_a > RANDOM_A_MOST)
        minter_begin(minter, minter->last_ms + 1);
}

struct uuid uuid_mint(struct uuid_minter *minter, int64_t now_us)
{
    int64_t now_ms = now_us / 1000;
    if (now_ms > minter->last_ms)
        minter_begin(minter, now_ms);
    else
        minter_step(minter);
    struct uuid uuid;
    put_ms(&uuid, minter->last_ms);
    bytes_put_u16(uuid.bytes + 6, (uint16_t)minter->random_a);
    bytes_put_u64(uuid.bytes + 8, minter->random_b);
    put_version(&uuid, 7);
    return uuid;
}

struct uuid uuid_derive(int64_t id_time_us, struct slice source, struct slice foreign_id)
{
    static const uint8_t zero[1] = {0};
    const struct slice parts[] = {source, slice_of(zero, sizeof zero), foreign_id};
    uint8_t hash[SHA256_SIZE];
    digest_sha256(parts, sizeof parts / sizeof parts[0], hash);
    int64_t ms = id_time_us / 1000 - (id_time_us % 1000 < 0);
    struct uuid uuid;
    put_ms(&uuid, ms);
    memcpy(uuid.bytes + 6, hash, 10);
    put_version(&uuid, 8);
    return uuid;
}

int64_t uuid_ms(const struct uuid *uuid)
{
    return (int64_t)(bytes_get_u64(uuid->bytes) >> 16);
}

int uuid_version(const struct uuid *uuid)
{
    return (uuid->bytes[8] & 0xc0) == 0x80 ? uuid->bytes[6] >> 4 : 0;
}

bool uuid_equal(const struct uuid *left, const struct uuid *right)
{
    return memcmp(left->bytes, right->bytes, UUID_SIZE) == 0;
}

void uuid_format(const struct uuid *uuid, char into[static UUID_TEXT_SIZE])
{
    char digits[2 * UUID_SIZE + 1];
    text_format_hex(uuid->bytes, UUID_SIZE, digits);
    text_format(into, UUID_TEXT_SIZE, "%.8s-%.4s-%.4s-%.4s-%.12s", digits, digits + 8, digits + 12,
                digits + 16, digits + 20);
}

int uuid_parse(const char *text, struct uuid *ret_uuid)
{
    char digits[2 * UUID_SIZE + 1];
    size_t count = 0;
    if (strlen(text) != UUID_TEXT_SIZE - 1)
        return -EINVAL;
    for (size_t i = 0; i < UUID_TEXT_SIZE - 1; i++) {
        bool is_hyphen_place = i == 8 || i == 13 || i == 18 || i == 23;
        if (is_hyphen_place != (text[i] == '-'))
            return -EINVAL;
        if (!is_hyphen_place)
            digits[count++] = text[i];
    }
    digits[count] = 0;
    return text_parse_hex(digits, ret_uuid->bytes, UUID_SIZE);
}
