/* test (bellhop policy test): stories told to a policy, and what it must conclude. */
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/load/policy_load.h"
#include "common/policy/trial/trial.h"
#include "services/cli/policy/policy.h"
#include "services/cli/policy/policy_file.h"

#include <stdio.h>
#include <stdlib.h>

enum { FILES_MOST = 256, PATH_SIZE = 1024 };

struct arguments {
    const char *paths[FILES_MOST];
    size_t count;
    bool is_verbose, without_coverage;
};

/* A policy that stories name: loaded once, its coverage counted over all files. */
struct tried {
    char path[PATH_SIZE];
    struct policy_file *file;
    struct policy *policy; /* NULL: it cannot be loaded, and every story says why */
    struct coverage *coverage;
};

struct testing {
    const struct arguments *arguments;
    struct tried policies[FILES_MOST];
    size_t policy_count;
    size_t passed, failed;
};

/* Relative to the folder of the file that names it. */
static void path_beside(const char *file, const char *name, char into[static PATH_SIZE])
{
    const char *slash = strrchr(file, '/');
    if (name[0] == '/' || !slash)
        text_copy(into, PATH_SIZE, name);
    else
        text_format(into, PATH_SIZE, "%.*s/%s", (int)(slash - file), file, name);
}

static const struct tried *policy_of(struct testing *testing, const char *path)
{
    for (size_t i = 0; i < testing->policy_count; i++)
        if (text_equal(testing->policies[i].path, path))
            return &testing->policies[i];
    struct policy_file *file = policy_file_read(path);
    if (!file)
        return NULL;
    struct tried *tried = &testing->policies[testing->policy_count++];
    struct policy_findings *findings = memory_zeroed(sizeof *findings);
    *tried = (struct tried){.file = file, .coverage = coverage_new()};
    tried->policy =
        policy_load(bytes_slice(&file->document), file->zones.items, file->zones.count, 0, findings);
    free(findings);
    text_copy(tried->path, sizeof tried->path, path);
    return tried;
}

static void run_stories(struct testing *testing, const char *path, struct trial *trial,
                        const struct tried *tried)
{
    const struct trial_policy policy = {
        .document = bytes_slice(&tried->file->document),
        .zones = tried->file->zones.items,
        .zone_count = tried->file->zones.count,
    };
    for (size_t i = 0; i < trial_count(trial); i++) {
        AUTO_CLEAR(bytes) told = {.size = 0};
        bool is_good = trial_run(trial, i, &policy, tried->coverage, &told);
        *(is_good ? &testing->passed : &testing->failed) += 1;
        if (is_good && testing->arguments->is_verbose)
            printf("ok    %s\n", trial_name(trial, i));
        if (!is_good)
            printf("FAIL  %s  (%s:%u)\n%s", trial_name(trial, i), path, trial_line(trial, i),
                   bytes_text(&told));
    }
}

static int test_file(struct testing *testing, const char *path)
{
    AUTO_CLEAR(bytes) document = {.size = 0};
    char policy_path[PATH_SIZE];
    if (!policy_file_read_document(path, &document))
        return EXIT_USAGE;
    struct policy_findings *findings = memory_zeroed(sizeof *findings);
    AUTO(trial) *trial = trial_new(bytes_slice(&document), findings);
    policy_file_complain(path, findings);
    free(findings);
    if (!trial)
        return EXIT_USAGE;
    path_beside(path, trial_policy(trial), policy_path);
    const struct tried *tried = policy_of(testing, policy_path);
    if (!tried)
        return EXIT_USAGE;
    if (tried->policy)
        trial_add_subjects(trial, tried->policy, tried->coverage);
    run_stories(testing, path, trial, tried);
    return EXIT_DONE;
}

static void tell_coverage(const struct tried *tried)
{
    AUTO_CLEAR(bytes) told = {.size = 0};
    if (!tried->policy)
        return;
    coverage_write(tried->coverage, tried->policy, &told);
    printf("%s\n%s", tried->path, bytes_text(&told));
}

static int test(struct testing *testing)
{
    int rc = EXIT_DONE;
    for (size_t i = 0; i < testing->arguments->count && rc == EXIT_DONE; i++)
        rc = test_file(testing, testing->arguments->paths[i]);
    for (size_t i = 0; i < testing->policy_count; i++) {
        if (rc == EXIT_DONE && !testing->arguments->without_coverage)
            tell_coverage(&testing->policies[i]);
        policy_free(testing->policies[i].policy);
        policy_file_free(testing->policies[i].file);
        coverage_free(testing->policies[i].coverage);
    }
    if (rc == EXIT_DONE)
        printf("%zu stories passed, %zu failed\n", testing->passed, testing->failed);
    return rc != EXIT_DONE ? rc : testing->failed ? EXIT_NEGATIVE : EXIT_DONE;
}

static int run(const struct command_call *call)
{
    struct testing *testing = NEW(testing);
    testing->arguments = call->arguments;
    int rc = test(testing);
    free(testing);
    return rc;
}

static void path_add(void *owner, const char *path, const struct argp_state *state)
{
    struct arguments *arguments = owner;
    if (arguments->count == FILES_MOST)
        argp_error(state, "%d files at most", FILES_MOST);
    arguments->paths[arguments->count++] = path;
}

static void check(void *owner, const struct argp_state *state)
{
    const struct arguments *arguments = owner;
    if (!arguments->count)
        argp_error(state, "which files?");
}

static const struct option_row options[] = {
    {"verbose", 'v', NULL, "name the stories that pass, too", option_read_switch,
     offsetof(struct arguments, is_verbose)},
    {"no-coverage", 'c', NULL, "say nothing about rules and terms", option_read_switch,
     offsetof(struct arguments, without_coverage)},
    {0},
};

const struct command policy_test_command = {
    .name = "test",
    .summary = "play stories to a policy and compare what it concludes",
    .usage = "FILE...",
    .help = "Play the stories in the files to the policy that they name, and compare what it concludes with "
            "what they expect. Then say which of the rules that the stories are about never acted, and which "
            "terms of their conditions came out one way only. services/escalate/policy/tests shows how "
            "stories are written.\v"
            "Exit codes: 0 all stories pass, 1 some fail, 2 wrong usage, or a file cannot be read.",
    .options = options,
    .word = path_add,
    .check = check,
    COMMAND_ARGUMENTS(struct arguments, .count = 0),
    .run = run,
};
