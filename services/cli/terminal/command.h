/* command: what every command of `bellhop` shares: settings, arguments, exit codes.
 *
 * A command is one file with one row of main.c's table. Results go to standard output, everything about them
 * (complaints, progress, summaries of long work) to standard error. */
#ifndef BELLHOP_CLI_TERMINAL_COMMAND_H
#define BELLHOP_CLI_TERMINAL_COMMAND_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

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

struct command {
    const char *name;
    const char *purpose; /* one line for the list of commands */
    int (*run)(const struct command_settings *settings, int argc, char **argv); /* an exit code */
};

extern const struct command publish_command, import_command, watch_command, acknowledge_command,
    answer_command, done_command, open_command, status_command, why_command, why_not_command, verify_command,
    policy_command, report_command;

/* Parses a command's arguments; -h, --help and --usage answer and exit 0, a mistake exits 2 after a hint.
 * `argp` is the usual table of argp(3); its parser sees `input` as state->input. */
void command_parse(const struct argp *argp, int argc, char **argv, void *input);

/* Inside a parser: the value of an option, or exit 2 with what is wrong with it. */
int64_t command_duration_ms(const struct argp_state *state, const char *option, const char *value);

/* "could not …" as one line on standard error, with the program's name before it. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
