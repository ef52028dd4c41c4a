/* check (bellhop policy check): everything that is wrong or questionable in a policy file. */
#include "common/base/memory.h"
#include "common/policy/trial/review.h"
#include "services/cli/policy/policy.h"
#include "services/cli/policy/policy_file.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

struct arguments {
    const char *path;
    bool as_json;
};

static void print_text(const char *path, const struct review *review)
{
    for (size_t i = 0; i < review->count; i++) {
        const struct review_finding *finding = &review->items[i];
        printf("%s:%u:%u: %s: %s\n    %s\n", path, finding->line, finding->column,
               finding->is_error ? "error" : "warning", finding->sentence, finding->advice);
    }
    if (review->omitted)
        printf("%s: and %zu more\n", path, review->omitted);
    if (!review->count)
        printf("%s: nothing to complain of\n", path);
}

static void print_json(const char *path, const struct review *review)
{
    json_t *all = json_array();
    for (size_t i = 0; i < review->count; i++) {
        const struct review_finding *finding = &review->items[i];
        json_array_append_new(all, json_pack("{s:s, s:i, s:i, s:s, s:s, s:s}", "file", path, "line",
                                             (int)finding->line, "column", (int)finding->column, "severity",
                                             finding->is_error ? "error" : "warning", "sentence",
                                             finding->sentence, "advice", finding->advice));
    }
    json_dumpf(all, stdout, JSON_INDENT(1));
    putchar('\n');
    json_decref(all);
}

static int run(const struct command_call *call)
{
    const struct arguments *arguments = call->arguments;
    AUTO(policy_file) *file = policy_file_read(arguments->path);
    if (!file)
        return EXIT_USAGE;
    struct review *review = memory_zeroed(sizeof *review);
    policy_free(review_document(bytes_slice(&file->document), file->zones.items, file->zones.count, review));
    if (arguments->as_json)
        print_json(arguments->path, review);
    else
        print_text(arguments->path, review);
    int rc = review->count ? EXIT_NEGATIVE : EXIT_DONE;
    free(review);
    return rc;
}

static const struct option_row options[] = {
    {"json", 'j', NULL, "print the findings as a JSON array", option_read_switch,
     offsetof(struct arguments, as_json)},
    {0},
};

const struct command policy_check_command = {
    .name = "check",
    .summary = "find what is wrong or questionable in a policy",
    .usage = "FILE",
    .help = "Find everything that is wrong or questionable in a policy: mistakes, rules that can never act "
            "or that repeat another, levels that nobody reaches, gaps in the ladder, figures that are not "
            "used. Each finding comes with its line and column, and with what to do about it.\v"
            "Exit codes: 0 nothing to complain about, 1 there are findings, 2 wrong usage.",
    .options = options,
    .words = POLICY_FILE_WORD(struct arguments),
    COMMAND_ARGUMENTS(struct arguments, .path = NULL),
    .run = run,
};
