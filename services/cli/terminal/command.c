/* command: arguments and complaints, the same for every command. */
#include "services/cli/terminal/command.h"

#include "common/base/auto.h"
#include "common/base/bytes.h"
#include "common/base/text.h"
#include "services/cli/terminal/terminal.h"

#include <stdarg.h>
#include <stdio.h>

void command_parse(const struct argp *argp, int argc, char **argv, void *input)
{
    argp_err_exit_status = EXIT_USAGE;
    argp_parse(argp, argc, argv, 0, NULL, input);
}

int64_t command_duration_ms(const struct argp_state *state, const char *option, const char *value)
{
    int64_t ms = 0;
    if (text_parse_duration_ms(value, &ms) < 0)
        argp_error(state, "--%s \"%s\": expected a duration such as 20min, 1h30min or 2s", option, value);
    return ms;
}

void complain(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    AUTO_CLEAR(bytes) said = {.size = 0};
    AUTO_CLEAR(bytes) harmless = {.size = 0};
    bytes_append_format_list(&said, format, values);
    va_end(values);
    terminal_escape(bytes_slice(&said), false, &harmless);
    fprintf(stderr, "bellhop: %s\n", bytes_text(&harmless));
}
