/* bellhop: the command line. Finds the command in its table, reads the settings, runs it.
 *
 *   publish, import, acknowledge, answer, done ──▶ bellhop-ingest
 *   watch                                      ◀── bellhop-relay
 *   open, why, why-not, verify, report, status, and
 *   what became of an act                      ◀── PostgreSQL, read only */
#include "services/cli/terminal/command.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/service/setting.h"
#include "services/cli/terminal/terminal.h"

#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct command *const commands[] = {
    &publish_command, &import_command, &watch_command,  &open_command,    &acknowledge_command,
    &answer_command,  &done_command,   &why_command,    &why_not_command, &verify_command,
    &policy_command,  &report_command, &status_command,
};

static const struct setting settings_table[] = {
    SETTING(struct command_settings, publish, "BELLHOP_PUBLISH", "tcp://127.0.0.1:7401",
            "where bellhop-ingest takes events"),
    SETTING(struct command_settings, append, "BELLHOP_APPEND", "tcp://127.0.0.1:7402",
            "where bellhop-persist is (status)"),
    SETTING(struct command_settings, subscribe, "BELLHOP_SUBSCRIBE", "tcp://127.0.0.1:7404",
            "where bellhop-relay serves durable streams"),
    SETTING(struct command_settings, tail, "BELLHOP_TAIL", "tcp://127.0.0.1:7405",
            "bellhop-relay's live tail"),
    SETTING(struct command_settings, database_url, "BELLHOP_DATABASE_URL", "",
            "the PostgreSQL that open, acts, why, verify, policy, report and status read from"),
    SETTING(struct command_settings, source, "BELLHOP_SOURCE", "",
            "the source of what is published here; cli/<user> when empty"),
    SETTING(struct command_settings, ingest_http, "BELLHOP_INGEST_HTTP", "",
            "the HTTP door of bellhop-ingest (status)"),
    SETTING(struct command_settings, persist_http, "BELLHOP_PERSIST_HTTP", "",
            "the HTTP door of bellhop-persist (status)"),
    SETTING(struct command_settings, escalate_http, "BELLHOP_ESCALATE_HTTP", "",
            "the HTTP door of bellhop-escalate (status)"),
    SETTING(struct command_settings, relay_http, "BELLHOP_RELAY_HTTP", "",
            "the HTTP door of bellhop-relay (status)"),
};

static void help_print(FILE *out)
{
    fputs("Usage: bellhop COMMAND [ARGUMENT...]\n"
          "Carries what happens at the counter to the person who can say yes.\n\n",
          out);
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        fprintf(out, "  %-12s %s\n", commands[i]->name, commands[i]->purpose);
    fputs(
        "\n`bellhop COMMAND --help` tells more. Exit codes: 0 done, 1 the answer is no, 2 cannot be used as\n"
        "given, 3 cannot be reached, 4 no answer yet.\n\nSettings, from the environment (`make run` writes "
        "them to .run/env):\n\n",
        out);
    settings_print(settings_table, COUNT_OF(settings_table), out);
}

enum { SOURCE_SIZE = sizeof "cli/" + 64 };

/* "cli/<user>", the user's name made a word. */
static void own_source(char into[static SOURCE_SIZE])
{
    static const char word[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    const struct passwd *user = getpwuid(geteuid());
    text_format(into, SOURCE_SIZE, "cli/%s", user && user->pw_name[0] ? user->pw_name : "somebody");
    for (char *at = into + strlen("cli/"); *at; at++)
        if (!strchr(word, *at))
            *at = '-';
}

static const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        if (text_equal(commands[i]->name, name))
            return commands[i];
    return NULL;
}

static int command_run(const struct command *command, int argc, char **argv)
{
    struct command_settings settings;
    char why[WHY_SIZE], title[64], source[SOURCE_SIZE];
    if (settings_read(settings_table, COUNT_OF(settings_table), &settings, why, sizeof why) < 0) {
        complain("%s", why);
        return EXIT_USAGE;
    }
    own_source(source);
    if (!settings.source[0])
        settings.source = source;
    text_format(title, sizeof title, "bellhop %s", command->name);
    argv[0] = title;
    return command->run(&settings, argc, argv);
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    terminal_guard();
    const char *name = argc > 1 ? argv[1] : "--help";
    if (text_equal(name, "--help") || text_equal(name, "-h") || text_equal(name, "help")) {
        help_print(argc > 1 ? stdout : stderr);
        return argc > 1 ? EXIT_DONE : EXIT_USAGE;
    }
    if (text_equal(name, "--version")) {
        printf("bellhop %s\n", BELLHOP_VERSION);
        return EXIT_DONE;
    }
    const struct command *command = command_find(name);
    if (!command) {
        complain("there is no command \"%s\"; see `bellhop --help`", name);
        return EXIT_USAGE;
    }
    int rc = command_run(command, argc - 1, argv + 1);
    if (fflush(stdout) == EOF && rc == EXIT_DONE) {
        complain("could not write the output");
        rc = EXIT_NO_ANSWER;
    }
    return rc;
}
