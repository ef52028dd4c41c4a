/* text_fuzz: the small parsers of base on any text: they take it whole or leave the result alone, and what
 * they write they read again. */
#include "common/base/auto.h"
#include "common/base/time.h"
#include "common/base/uuid.h"
#include "tests/fuzz/fuzzing.h"

static void try_numbers(const char *text)
{
    static const int64_t untouched = 0x5555555555555555;
    int (*const parsers[])(const char *, int64_t *) = {text_parse_duration_ms, text_parse_size_bytes,
                                                       text_parse_amount_minor};
    for (size_t i = 0; i < sizeof parsers / sizeof parsers[0]; i++) {
        int64_t value = untouched;
        if (parsers[i](text, &value))
            require(value == untouched);
    }
    int64_t value = untouched;
    require((text_parse_int64(text, -5, 5, &value) == 0) == (value != untouched));
}

static void try_time(const char *text)
{
    int64_t utc_us, again;
    char written[TIME_TEXT_SIZE];
    if (time_parse(text, &utc_us))
        return;
    time_format(utc_us, written);
    bool is_in_range =
        utc_us >= -62135596800000000 && utc_us <= 253402300799999999; /* an offset may lead out */
    require(!is_in_range || (time_parse(written, &again) == 0 && again == utc_us));
}

static void try_uuid(const char *text)
{
    struct uuid uuid, again;
    char written[UUID_TEXT_SIZE];
    if (uuid_parse(text, &uuid))
        return;
    uuid_format(&uuid, written);
    require(uuid_parse(written, &again) == 0 && uuid_equal(&uuid, &again));
}

static void try_quoting_and_cutting(const char *text, size_t size)
{
    AUTO_CLEAR(bytes) quoted = {0};
    char cut[16];
    text_append_quoted(&quoted, text);
    require(text_is_printable(quoted.data, quoted.size) || text_is_utf8(quoted.data, quoted.size));
    text_copy(cut, sizeof cut, text);
    require(!text_is_utf8(text, size) || text_is_utf8(cut, strlen(cut)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_TEXT char *text = malloc(size + 1);
    if (size)
        memcpy(text, data, size);
    text[size] = 0;
    try_numbers(text);
    try_time(text);
    try_uuid(text);
    try_quoting_and_cutting(text, strlen(text));
    return 0;
}
