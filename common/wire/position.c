/* position: numbers with hyphens between. */
#include "common/wire/position.h"

#include "common/base/text.h"

#include <errno.h>
#include <inttypes.h>

/* Read decimal digits, without leading zeros, and advance; false when there are none or they do not fit. */
static bool read_number(const char **text, uint64_t most, uint64_t *ret_number)
{
    const char *at = *text;
    uint64_t number = 0;
    if (at[0] == '0' && at[1] >= '0' && at[1] <= '9')
        return false;
    for (; *at >= '0' && *at <= '9'; at++) {
        unsigned digit = (unsigned)(*at - '0');
        if (number > (most - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    bool is_there = at > *text;
    *text = at;
    *ret_number = number;
    return is_there;
}

static bool read_hyphen(const char **text)
{
    return *(*text)++ == '-';
}

static bool read_position(const char **text, struct position *ret_position)
{
    uint64_t epoch, seq;
    if (!read_number(text, UINT32_MAX, &epoch) || !read_hyphen(text) || !read_number(text, UINT64_MAX, &seq))
        return false;
    *ret_position = (struct position){.epoch = (uint32_t)epoch, .seq = seq};
    return true;
}

void position_format(struct position position, char into[static POSITION_TEXT_SIZE])
{
    text_format(into, POSITION_TEXT_SIZE, "%" PRIu32 "-%" PRIu64, position.epoch, position.seq);
}

void decision_id_format(struct decision_id id, char into[static DECISION_ID_TEXT_SIZE])
{
    text_format(into, DECISION_ID_TEXT_SIZE, "%" PRIu32 "-%" PRIu64 "-%" PRIu32, id.position.epoch,
                id.position.seq, id.ordinal);
}

int position_parse(const char *text, struct position *ret_position)
{
    struct position position;
    if (!read_position(&text, &position) || *text)
        return -EINVAL;
    *ret_position = position;
    return 0;
}

int decision_id_parse(const char *text, struct decision_id *ret_id)
{
    struct position position;
    uint64_t ordinal;
    if (!read_position(&text, &position) || !read_hyphen(&text) ||
        !read_number(&text, UINT32_MAX, &ordinal) || *text)
        return -EINVAL;
    *ret_id = (struct decision_id){.position = position, .ordinal = (uint32_t)ordinal};
    return 0;
}

struct position position_of(const WirePosition *message)
{
    return message ? (struct position){.epoch = message->epoch, .seq = message->seq} : (struct position){0};
}

struct decision_id decision_id_of(const WireDecision *decision)
{
    return (struct decision_id){.position = position_of(decision->position), .ordinal = decision->ordinal};
}

WirePosition position_message(struct position position)
{
    WirePosition message = WIRE_POSITION__INIT;
    message.has_epoch = message.has_seq = 1;
    message.epoch = position.epoch;
    message.seq = position.seq;
    return message;
}
