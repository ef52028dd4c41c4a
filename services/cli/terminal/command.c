/* command: turns a row into an argp, and complains, the same for every command. */
#include "services/cli/terminal/command.h"

#include "common/base/auto.h"
#include "common/base/bytes.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "services/cli/terminal/terminal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { KEY_FIRST = 1000 }; /* of options without a letter; each has its place in the table behind it */

struct parsing {
    const struct command *command;
    struct option_row *rows;
    size_t row_count;
    char *arguments;
};

/* Options and shared options as one table. */
static void rows_append(struct parsing *parsing, const struct option_row *options)
{
    for (; options && (options->name || options->help); options++) {
        parsing->rows = memory_resize_array(parsing->rows, parsing->row_count + 1, sizeof *parsing->rows);
        parsing->rows[parsing->row_count++] = *options;
    }
}

static int key_of(const struct parsing *parsing, size_t index)
{
    const struct option_row *row = &parsing->rows[index];
    return row->letter ? row->letter : KEY_FIRST + (int)index;
}

static const struct option_row *option_find(const struct parsing *parsing, int key)
{
    for (size_t i = 0; i < parsing->row_count; i++)
        if (key_of(parsing, i) == key)
            return &parsing->rows[i];
    return NULL;
}

static void word_read(const struct parsing *parsing, char *word, const struct argp_state *state)
{
    const struct command_words *words = &parsing->command->words;
    if (parsing->command->word)
        parsing->command->word(parsing->arguments, word, state);
    else if (state->arg_num < words->count)
        *(const char **)(void *)(parsing->arguments + words->at[state->arg_num]) = word;
    else
        argp_error(state, "%s%swhat is \"%s\"?", words->only ? words->only : "", words->only ? ": " : "",
                   word);
}

static void check(const struct parsing *parsing, const struct argp_state *state)
{
    const struct command *command = parsing->command;
    if (!command->word && state->arg_num < command->words.count)
        argp_error(state, "%s", command->words.missing);
    if (command->check)
        command->check(parsing->arguments, state);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    const struct parsing *parsing = state->input;
    const struct option_row *option = option_find(parsing, key);
    if (key == ARGP_KEY_ARG)
        word_read(parsing, value, state);
    else if (key == ARGP_KEY_END)
        check(parsing, state);
    else if (option)
        option->read(option, value, parsing->arguments + option->at, state);
    else
        return ARGP_ERR_UNKNOWN;
    return 0;
}

/* The caller's. */
static struct argp_option *options_of(const struct parsing *parsing)
{
    struct argp_option *options = memory_zeroed((parsing->row_count + 1) * sizeof *options);
    for (size_t i = 0; i < parsing->row_count; i++) {
        const struct option_row *row = &parsing->rows[i];
        options[i] = (struct argp_option){.name = row->name,
                                          .key = row->name ? key_of(parsing, i) : 0,
                                          .arg = row->value,
                                          .doc = row->help,
                                          .group = row->group};
    }
    return options;
}

void *command_parse(const struct command *command, int argc, char **argv)
{
    struct parsing parsing = {.command = command,
                              .arguments = memory_copy(command->defaults, command->arguments_size)};
    rows_append(&parsing, command->options);
    rows_append(&parsing, command->shared_options);
    struct argp_option *options = options_of(&parsing);
    const struct argp argp = {
        .options = options, .parser = parse, .args_doc = command->usage, .doc = command->help};
    argp_err_exit_status = EXIT_USAGE;
    argp_parse(&argp, argc, argv, 0, NULL, &parsing);
    free(options);
    free(parsing.rows);
    return parsing.arguments;
}

void command_complain(const char *format, ...)
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
