/* command: what a command of `bellhop` is: a row of its arguments, its help and the function that does it.
 *
 * main.c does for every row what all have in common: it parses the arguments, reads the settings, opens the log. Results go
 * to standard output, everything about them (complaints, progress, summaries of long work) to standard error. */
#ifndef BELLHOP_CLI_TERMINAL_COMMAND_H
#define BELLHOP_CLI_TERMINAL_COMMAND_H

#include "services/cli/terminal/option.h"

#include <stdbool.h>

enum exit_code {
    EXIT_DONE = 0,        /* done; the answer is yes, or good */
    EXIT_NEGATIVE = 1,    /* done; the answer is no: refused, rejected, too late, not healthy */
    EXIT_USAGE = 2,       /* an option, a value or a file cannot be used; nothing was done */
    EXIT_UNREACHABLE = 3, /* a service or the database does not answer at all */
    EXIT_NO_ANSWER = 4,   /* published or asked, but nobody knows the outcome yet */
};

/* Of the environment; the same names as the services'. */
struct command_settings {
    const char *publish, *append, *subscribe, *tail; /* endpoints */
    const char *database_url;
    const char *source; /* of what people publish here: "cli/<user>" */
    const char *ingest_http, *persist_http, *escalate_http, *relay_http;
};

/* What a command is run with. */
struct command_call {
    const struct command_settings *settings;
    struct reader *reader; /* NULL unless the row `reads_log` */
    void *arguments;       /* the command's own, as parsed */
};

/* The arguments that are no options: each becomes a const char * in the command's arguments. All are required. */
struct command_words {
    size_t count;
    size_t at[2];        /* of each in the arguments */
    const char *missing; /* the complaint when one is missing: "which file?" */
    const char *only;    /* the complaint about one too many: "one file at a time"; NULL: just names it */
};

struct command {
    const char *name;
    const char *summary; /* one line for the list of commands */
    const char *usage;   /* what follows the options, in lines of alternatives; NULL: nothing */
    const char *help;    /* what it does, and behind \v its exit codes */

    const struct option_row *options;        /* NULL: none; ends with {0} */
    const struct option_row *shared_options; /* the same, of several commands */
    struct command_words words;
    /* Instead of `words`: takes one word; state->arg_num counts them from 0. */
    void (*word)(void *arguments, const char *word, const struct argp_state *state);
    /* After the last argument: argp_error() of what does not go together. NULL: everything does. */
    void (*check)(void *arguments, const struct argp_state *state);
    const void *defaults; /* of the arguments; COMMAND_ARGUMENTS */
    size_t arguments_size;

    bool reads_log;                              /* wants a reader */
    int (*run)(const struct command_call *call); /* an exit code */

    const struct command *const *commands; /* instead of all this: the commands below it; ends with NULL */
};

/* Of a row: the type of its arguments, and what they are when nothing is said. */
#define COMMAND_ARGUMENTS(type, ...) .defaults = &(const type){__VA_ARGS__}, .arguments_size = sizeof(type)

/* The command's arguments on the heap, from its defaults and the command line. -?, --help and --usage answer and exit 0,
 * a mistake exits 2 after a hint. argv[0] is what usage calls the command. */
void *command_parse(const struct command *command, int argc, char **argv);

/* "could not …" as one line on standard error, with the program's name before it. */
void command_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
