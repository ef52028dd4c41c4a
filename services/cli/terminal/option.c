/* option: one reader for each type of value. */
#include "services/cli/terminal/option.h"

#include "common/base/text.h"
#include "common/base/time.h"

#include <stdbool.h>

void option_read_switch(const struct option_row *option, const char *value, void *field,
                        const struct argp_state *state)
{
    (void)option;
    (void)value;
    (void)state;
    *(bool *)field = true;
}

void option_read_text(const struct option_row *option, const char *value, void *field,
                      const struct argp_state *state)
{
    (void)option;
    (void)state;
    *(const char **)field = value;
}

void option_read_duration_ms(const struct option_row *option, const char *value, void *field,
                             const struct argp_state *state)
{
    if (text_parse_duration_ms(value, field) < 0)
        argp_error(state, "--%s \"%s\": expected a duration such as 20min, 1h30min or 2s", option->name,
                   value);
}

void option_read_time(const struct option_row *option, const char *value, void *field,
                      const struct argp_state *state)
{
    if (time_parse(value, field) < 0)
        argp_error(state, "--%s \"%s\": expected a time such as 2026-03-02T10:00:00Z", option->name, value);
}

void option_read_count(const struct option_row *option, const char *value, void *field,
                       const struct argp_state *state)
{
    if (text_parse_int64(value, 1, UINT32_MAX, field) < 0)
        argp_error(state, "--%s \"%s\": expected a number from 1", option->name, value);
}
