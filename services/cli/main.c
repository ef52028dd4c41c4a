/* bellhop: the command line. Finds the command in its table, reads the settings, runs it.
 *
 *   publish, import, acknowledge, answer, done ──▶ bellhop-ingest
 *   watch                                      ◀── bellhop-relay
 *   open, why, why-not, verify, report, status, and
 *   what became of an act                      ◀── PostgreSQL, read only */
#include "services/cli/act/act.h"
#include "services/cli/log/reader.h"
#include "services/cli/look/look.h"
#include "services/cli/policy/policy.h"
#include "services/cli/publish/publish.h"
#include "services/cli/terminal/command.h"
#include "services/cli/terminal/terminal.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/service/setting.h"

#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct command policy_command = {
    .name = "policy",
    .summary = "check, test, explain and change the policy",
    .help = "Change the policy without fear.",
    .commands = (const struct command *const[]){&policy_check_command, &policy_test_command,
                                                &policy_explain_command, &policy_diff_command,
                                                &policy_backtest_command, &policy_suggest_command,
                                                &policy_shadow_command, &policy_activate_command,
                                                &policy_rollback_command, &policy_history_command, NULL},
};

static const struct command bellhop = {
    .name = "bellhop",
    .help = "Carries what happens at the counter to the person who can say yes.",
    .commands =
        (const struct command *const[]){&publish_command, &import_command, &watch_command, &open_command,
                                        &acknowledge_command, &answer_command, &decline_command,
                                        &done_command, &why_command, &why_not_command, &verify_command,
                                        &policy_command, &report_command, &status_command, NULL},
};

static const struct setting settings_table[] = {
    SETTING(struct command_settings, publish, "BELLHOP_PUBLISH", "tcp://127.0.0.1:7401",
            "where bellhop-ingest takes events"),
    SETTING(struct command_settings, append, "BELLHOP_APPEND", "tcp://127.0.0.1:7402",
            "where bellhop-persist is (policy, status)"),
    SETTING(struct command_settings, subscribe, "BELLHOP_SUBSCRIBE", "tcp://127.0.0.1:7404",
            "where bellhop-relay serves durable streams"),
    SETTING(struct command_settings, tail, "BELLHOP_TAIL", "tcp://127.0.0.1:7405",
            "bellhop-relay's live tail"),
    SETTING(struct command_settings, database_url, "BELLHOP_DATABASE_URL", "",
            "the PostgreSQL that open, acknowledge, answer, done, why, why-not, verify, policy, report and "
            "status read"),
    SETTING(struct command_settings, source, "BELLHOP_SOURCE", "",
            "the source of events published here; defaults to cli/<user>"),
    SETTING(struct command_settings, ingest_http, "BELLHOP_INGEST_HTTP", "",
            "the HTTP door of bellhop-ingest (status)"),
    SETTING(struct command_settings, persist_http, "BELLHOP_PERSIST_HTTP", "",
            "the HTTP door of bellhop-persist (status)"),
    SETTING(struct command_settings, escalate_http, "BELLHOP_ESCALATE_HTTP", "",
            "the HTTP door of bellhop-escalate (status)"),
    SETTING(struct command_settings, relay_http, "BELLHOP_RELAY_HTTP", "",
            "the HTTP door of bellhop-relay (status)"),
};

static void help_print(const struct command *group, const char *title, FILE *out)
{
    fprintf(out, "Usage: %s COMMAND [ARGUMENT...]\n%s\n\n", title, group->help);
    for (const struct command *const *command = group->commands; *command; command++)
        fprintf(out, "  %-12s %s\n", (*command)->name, (*command)->summary);
    fprintf(out,
            "\n`%s COMMAND --help` shows the options of a command. Exit codes: 0 done, 1 the answer is no,\n"
            "2 wrong usage, 3 cannot be reached, 4 no answer yet.\n",
            title);
    if (group != &bellhop)
        return;
    fputs("\nSettings, from the environment (`make run` writes them to .run/env):\n\n", out);
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

/* Parses, opens, runs. */
static int command_run(const struct command *command, const struct command_settings *settings, int argc,
                       char **argv)
{
    struct command_call call = {.settings = settings, .arguments = command_parse(command, argc, argv)};
    AUTO(reader) *reader = command->reads_log ? reader_open(settings) : NULL;
    call.reader = reader;
    int rc = command->reads_log && !reader ? EXIT_USAGE : command->run(&call);
    free(call.arguments);
    return rc;
}

static int settings_run(const struct command *command, int argc, char **argv)
{
    struct command_settings settings;
    char why[WHY_SIZE], source[SOURCE_SIZE];
    if (settings_read(settings_table, COUNT_OF(settings_table), &settings, why, sizeof why) < 0) {
        command_complain("%s", why);
        return EXIT_USAGE;
    }
    own_source(source);
    if (!settings.source[0])
        settings.source = source;
    return command_run(command, &settings, argc, argv);
}

static const struct command *command_find(const struct command *group, const char *name)
{
    for (const struct command *const *command = group->commands; *command; command++)
        if (text_equal((*command)->name, name))
            return *command;
    return NULL;
}

/* argv[0] is the group's title, "bellhop policy"; argv[1], if there is one, names the command. */
static int group_run(const struct command *group, int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "--help";
    if (text_equal(name, "--help") || text_equal(name, "-h") || text_equal(name, "help")) {
        help_print(group, argv[0], argc > 1 ? stdout : stderr);
        return argc > 1 ? EXIT_DONE : EXIT_USAGE;
    }
    if (text_equal(name, "--version") && group == &bellhop) {
        printf("bellhop %s\n", BELLHOP_VERSION);
        return EXIT_DONE;
    }
    char title[64];
    const struct command *command = command_find(group, name);
    text_format(title, sizeof title, "%s %s", argv[0], name);
    if (!command) {
        command_complain("there is no command \"%s\"; see `%s --help`", strchr(title, ' ') + 1, argv[0]);
        return EXIT_USAGE;
    }
    argv[1] = title;
    return command->commands ? group_run(command, argc - 1, argv + 1)
                             : settings_run(command, argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    terminal_guard();
    argv[0] = (char *)bellhop.name;
    int rc = group_run(&bellhop, argc, argv);
    if (fflush(stdout) == EOF && rc == EXIT_DONE) {
        command_complain("could not write the output");
        rc = EXIT_NO_ANSWER;
    }
    return rc;
}
