/* setting: each value by the parser of its kind, each complaint with what would have been right. */
#include "common/service/setting.h"

#include "common/base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int parse_value(const struct setting *setting, const char *text, void *field)
{
    switch (setting->kind) {
    case SETTING_TEXT:
        memcpy(field, &text, sizeof text);
        return 0;
    case SETTING_BOOL:
        return text_parse_bool(text, field);
    case SETTING_INTEGER:
        return text_parse_int64(text, setting->least, setting->most, field);
    case SETTING_DURATION:
        return text_parse_duration_ms(text, &((struct duration *)field)->ms);
    case SETTING_SIZE:
        return text_parse_size_bytes(text, &((struct byte_size *)field)->bytes);
    }
    return -EINVAL;
}

static void expected_of(const struct setting *setting, char *into, size_t size)
{
    switch (setting->kind) {
    case SETTING_TEXT:
        text_copy(into, size, "a text");
        break;
    case SETTING_BOOL:
        text_copy(into, size, "yes or no");
        break;
    case SETTING_INTEGER:
        if (setting->most == INT64_MAX)
            text_format(into, size, "a whole number of at least %" PRId64, setting->least);
        else
            text_format(into, size, "a whole number from %" PRId64 " to %" PRId64, setting->least,
                        setting->most);
        break;
    case SETTING_DURATION:
        text_copy(into, size, "a duration with its unit (ms, s, min, h, d, w), such as 5s or 1h30min");
        break;
    case SETTING_SIZE:
        text_copy(into, size, "a size with its unit (B, kB, MB, GB, KiB, MiB, GiB), such as 64KiB");
        break;
    }
}

int settings_read(const struct setting *settings, size_t count, void *config, char *why, size_t why_size)
{
    for (size_t i = 0; i < count; i++) {
        const struct setting *setting = &settings[i];
        const char *text = getenv(setting->name);
        if (!text || !*text)
            text = setting->fallback;
        char expected[128];
        expected_of(setting, expected, sizeof expected);
        if (!text) {
            text_format(why, why_size, "%s is not set: expected %s (%s)", setting->name, expected,
                        setting->help);
            return -EINVAL;
        }
        if (parse_value(setting, text, (char *)config + setting->offset)) {
            text_format(why, why_size, "%s is \"%s\": expected %s", setting->name, text, expected);
            return -EINVAL;
        }
    }
    return 0;
}

void settings_print(const struct setting *settings, size_t count, FILE *out)
{
    for (size_t i = 0; i < count; i++) {
        const struct setting *setting = &settings[i];
        if (!setting->fallback)
            fprintf(out, "  %s (required)\n      %s\n", setting->name, setting->help);
        else if (!*setting->fallback)
            fprintf(out, "  %s (not set)\n      %s\n", setting->name, setting->help);
        else
            fprintf(out, "  %s (%s)\n      %s\n", setting->name, setting->fallback, setting->help);
    }
}
