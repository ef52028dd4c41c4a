/* conformance: runs the cases of the CEL conformance suite that lie in *.jsonl files.
 *
 * usage: conformance [--verbose] FILE|FOLDER…
 * A line per file, `FILE right N refused N wrong N`; wrong cases are listed, and so are refused ones that
 * need nothing the language leaves out. Exit status 1 when any case is wrong. */
#include "common/base/text.h"
#include "tests/cel/cases.h"
#include "tests/cel/zones.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum verdict { RIGHT, REFUSED, WRONG };

struct tally {
    unsigned counts[3];
    unsigned core[3]; /* of them, the cases that need nothing but the language's core, time and macros */
};

struct outcome {
    enum verdict verdict;
    char why[512];
};

static bool is_verbose;

static bool is_core(const json_t *test)
{
    size_t i;
    json_t *use;
    json_array_foreach(json_object_get(test, "uses"), i, use)
    {
        const char *name = json_string_value(use);
        if (!text_equal(name, "time") && !text_equal(name, "macro"))
            return false;
    }
    return true;
}

static void judge(struct outcome *outcome, const json_t *want, const struct cel_value *value,
                  const char *message)
{
    char text[256];
    bool wants_error = json_is_true(json_object_get(want, "error"));
    outcome->verdict =
        value ? (!wants_error && value_is(value, want) ? RIGHT : WRONG) : (wants_error ? RIGHT : WRONG);
    if (value)
        cel_value_print(value, text, sizeof text);
    snprintf(outcome->why, sizeof outcome->why, "%s %s", value ? "value" : "error:", value ? text : message);
}

static void evaluate(const struct cel_environment *environment, const json_t *test,
                     const struct cel_value *bindings, struct outcome *outcome)
{
    static struct cel_scratch scratch;
    const json_t *expression = json_object_get(test, "expr");
    struct cel_source source = {.text = json_string_value(expression),
                                .size = json_string_length(expression)};
    struct cel_error error;
    struct cel_program *program = cel_compile(environment, &source, &error);
    if (!program) {
        *outcome = (struct outcome){.verdict = REFUSED};
        snprintf(outcome->why, sizeof outcome->why, "%u:%u: %s", error.line, error.column, error.message);
        return;
    }
    cel_scratch_reset(&scratch);
    struct cel_value value;
    struct cel_failure failure;
    bool is_good =
        cel_evaluate(program, &(struct cel_activation){bindings, &scratch, NULL}, &value, &failure);
    judge(outcome, json_object_get(test, "want"), is_good ? &value : NULL, is_good ? NULL : failure.message);
    cel_program_free(program);
}

static void run_case(const json_t *test, struct outcome *outcome)
{
    enum { MOST = 64 };
    struct cel_value bindings[MOST];
    unsigned count = 0;
    struct cel_environment *environment = cel_environment_new("");
    cel_environment_lenient(environment);
    cel_environment_zones(environment, zones_find, NULL);
    *outcome = (struct outcome){.verdict = RIGHT};
    const char *name;
    json_t *binding;
    json_object_foreach(json_object_get(test, "bindings"), name, binding)
    {
        /* a variable of a type outside the language is not there; an expression that needs it is refused */
        if (count == MOST || !value_from_json(binding, &bindings[count], outcome->why))
            continue;
        cel_environment_variable(environment, name, count, bindings[count].type);
        count++;
    }
    evaluate(environment, test, bindings, outcome);
    cel_environment_free(environment);
}

static void run_line(const char *line, size_t size, struct tally *tally)
{
    static const char *const words[] = {"right", "refused", "wrong"};
    json_error_t error;
    json_t *test = json_loadb(line, size, JSON_ALLOW_NUL, &error);
    struct outcome outcome = {.verdict = WRONG};
    if (test)
        run_case(test, &outcome);
    else
        snprintf(outcome.why, sizeof outcome.why, "no JSON: %s", error.text);
    bool is_in_core = test && is_core(test);
    tally->counts[outcome.verdict]++;
    tally->core[outcome.verdict] += is_in_core;
    if (is_verbose || outcome.verdict == WRONG || (outcome.verdict == REFUSED && is_in_core))
        printf("  %-7s %s: %s\n", words[outcome.verdict],
               test ? json_string_value(json_object_get(test, "name")) : "?", outcome.why);
    json_decref(test);
}

static bool ends_with(const char *text, const char *end)
{
    size_t size = strlen(text), end_size = strlen(end);
    return size >= end_size && text_equal(text + size - end_size, end);
}

static void run_file(const char *path, struct tally *total)
{
    FILE *file = fopen(path, "r");
    if (!file) {
        perror(path);
        total->counts[WRONG]++;
        return;
    }
    struct tally tally = {0};
    char *line = NULL;
    size_t capacity = 0;
    for (ssize_t size; (size = getline(&line, &capacity, file)) > 0;)
        run_line(line, (size_t)size, &tally);
    free(line);
    fclose(file);
    const char *name = strrchr(path, '/');
    printf("%s right %u refused %u wrong %u\n", name ? name + 1 : path, tally.counts[RIGHT],
           tally.counts[REFUSED], tally.counts[WRONG]);
    for (int i = 0; i < 3; i++) {
        total->counts[i] += tally.counts[i];
        total->core[i] += tally.core[i];
    }
}

static int is_case_file(const struct dirent *entry)
{
    return ends_with(entry->d_name, ".jsonl");
}

static void run_folder(const char *path, struct tally *total)
{
    struct dirent **entries;
    int count = scandir(path, &entries, is_case_file, alphasort);
    for (int i = 0; i < count; i++) {
        char file[4096];
        snprintf(file, sizeof file, "%s/%s", path, entries[i]->d_name);
        run_file(file, total);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

static void run_path(const char *path, struct tally *total)
{
    struct stat about;
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode))
        run_folder(path, total);
    else if (ends_with(path, ".jsonl"))
        run_file(path, total);
}

int main(int argc, char **argv)
{
    struct tally total = {0};
    for (int i = 1; i < argc; i++) {
        if (text_equal(argv[i], "--verbose"))
            is_verbose = true;
        else
            run_path(argv[i], &total);
    }
    unsigned cases = total.counts[RIGHT] + total.counts[REFUSED] + total.counts[WRONG];
    if (cases == 0) {
        printf("SKIP no conformance cases here\n");
        return 0;
    }
    printf("total right %u refused %u wrong %u; without what the language leaves out: right %u refused %u "
           "wrong %u\n",
           total.counts[RIGHT], total.counts[REFUSED], total.counts[WRONG], total.core[RIGHT],
           total.core[REFUSED], total.core[WRONG]);
    return total.counts[WRONG] ? 1 : 0;
}
