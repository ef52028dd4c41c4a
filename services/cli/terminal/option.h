/* option: one row of a command's options, and how values are read.
 *
 * A reader puts `value` into `field`, which lies in the command's arguments; a value that cannot be used ends the program
 * with EXIT_USAGE, after what is wrong with it. */
#ifndef BELLHOP_CLI_TERMINAL_OPTION_H
#define BELLHOP_CLI_TERMINAL_OPTION_H

#include <argp.h>
#include <stddef.h>
#include <stdint.h>

struct option_row {
    const char *name;  /* "store" of --store; NULL: no option, `help` is a heading of its group */
    char letter;       /* 's' of -s; 0: none */
    const char *value; /* what the help calls it; NULL: it takes none */
    const char *help;
    void (*read)(const struct option_row *option, const char *value, void *field,
                 const struct argp_state *state);
    size_t at; /* of the field in the arguments */
    int group; /* of the help; 0: the first */
};

typedef void option_read(const struct option_row *option, const char *value, void *field,
                         const struct argp_state *state);

/* Into a bool, which becomes true; a const char *; and into an int64_t: a duration, an instant, a number from 1 to UINT32_MAX. */
option_read option_read_switch, option_read_text, option_read_duration_ms, option_read_time,
    option_read_count;

#endif
