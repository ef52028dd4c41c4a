/* program: the stages of a compile one after the other, and evaluation. */

#include "common/policy/cel/program.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/cel/checker.h"
#include "common/policy/cel/compiler.h"
#include "common/policy/cel/cost.h"
#include "common/policy/cel/type.h"

#include <stdlib.h>
#include <string.h>

static void number_nodes(struct syntax *syntax, unsigned parent, unsigned *next)
{
    syntax->number = (*next)++;
    syntax->parent = parent;
    for (size_t i = 0; syntax->kind != SYNTAX_HAS && i < syntax->count; i++)
        number_nodes(syntax->items[i], syntax->number, next);
}

static void reads_add(struct cel_program *program, const char *fact, size_t *capacity)
{
    if (program->read_count == *capacity) {
        *capacity = *capacity ? *capacity * 2 : 8;
        const char **larger = POOL_ARRAY(program->pool, const char *, *capacity);
        if (program->read_count)
            memcpy(larger, program->reads, program->read_count * sizeof *larger);
        program->reads = larger;
    }
    program->reads[program->read_count++] = fact;
}

/* List the longest paths; `is_within` one that is listed already, a shorter one is not. */
static void collect_reads(struct cel_program *program, const struct syntax *syntax, bool is_within,
                          size_t *capacity)
{
    if (syntax->fact && !is_within && syntax->kind != SYNTAX_ITEM)
        reads_add(program, syntax->fact, capacity);
    for (size_t i = 0; i < syntax->count; i++)
        collect_reads(program, syntax->items[i], i == 0 && syntax->fact, capacity);
}

static int compare_reads(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort_reads(struct cel_program *program)
{
    if (program->read_count == 0)
        return;
    qsort(program->reads, program->read_count, sizeof *program->reads, compare_reads);
    size_t kept = 1;
    for (size_t i = 1; i < program->read_count; i++)
        if (!text_equal(program->reads[i], program->reads[kept - 1]))
            program->reads[kept++] = program->reads[i];
    program->read_count = kept;
}

static bool check_expected(struct compilation *compilation, const struct syntax *syntax,
                           const struct cel_type *expected)
{
    enum { NAME_BYTES = 64 };
    char is[NAME_BYTES], wanted[NAME_BYTES];
    if (!expected || type_fits(syntax->type, expected))
        return true;
    cel_type_name(syntax->type, is, sizeof is);
    cel_type_name(expected, wanted, sizeof wanted);
    return compilation_refuse(compilation, syntax->place, "%s is wanted here, and this is %s", wanted, is);
}

static bool check_cost(struct compilation *compilation, struct cel_program *program,
                       const struct syntax *syntax)
{
    uint64_t cost = cost_of(syntax, &names_limits).steps;
    program->steps = names_limits.cost;
    if (cost <= names_limits.cost)
        return true;
    return compilation_refuse(
        compilation, syntax->place,
        "may take %llu steps where %llu are allowed; nest fewer macros or shorten lists",
        (unsigned long long)cost, (unsigned long long)names_limits.cost);
}

static bool build(struct compilation *compilation, const struct cel_source *source,
                  struct cel_program *program)
{
    struct syntax *syntax = syntax_parse(compilation);
    const struct guards *given = source->given ? &source->given->syntax->when[true] : NULL;
    if (!syntax || !checker_check(compilation, syntax, given) ||
        !check_expected(compilation, syntax, source->expected) || !check_cost(compilation, program, syntax))
        return false;
    number_nodes(syntax, 0, &program->node_count);
    size_t capacity = 0;
    collect_reads(program, syntax, false, &capacity);
    sort_reads(program);
    program->syntax = syntax;
    program->type = syntax->type;
    program->zones = names_zones(compilation->environment);
    program->fast = compile_fast(compilation, syntax);
    program->observed = program->fast ? compile_observed(compilation, syntax) : NULL;
    return program->observed;
}

struct cel_program *program_compile(const struct cel_environment *environment,
                                    const struct cel_source *source, size_t begin, size_t end,
                                    struct cel_error *ret_error)
{
    struct pool *pool = pool_new();
    struct cel_program *program = POOL_NEW(pool, struct cel_program);
    program->pool = pool;
    program->text = pool_text(pool, source->text, source->size);
    struct compilation compilation = {.environment = environment,
                                      .pool = pool,
                                      .text = source->text,
                                      .begin = begin,
                                      .end = end,
                                      .error = ret_error};
    if (build(&compilation, source, program))
        return program;
    pool_free(pool);
    return NULL;
}

struct cel_program *cel_compile(const struct cel_environment *environment, const struct cel_source *source,
                                struct cel_error *ret_error)
{
    return program_compile(environment, source, 0, source->size, ret_error);
}

void cel_program_free(struct cel_program *program)
{
    if (program)
        pool_free(program->pool);
}

const struct cel_type *cel_program_type(const struct cel_program *program)
{
    return program->type;
}

const struct syntax *program_syntax(const struct cel_program *program)
{
    return program->syntax;
}

const char *program_text(const struct cel_program *program)
{
    return program->text;
}

size_t cel_program_reads(const struct cel_program *program, const char *const **ret_paths)
{
    *ret_paths = program->reads;
    return program->read_count;
}

unsigned cel_program_nodes(const struct cel_program *program)
{
    return program->node_count;
}

static void machine_start(struct machine *machine, const struct cel_program *program,
                          const struct cel_activation *activation)
{
    machine->bindings = activation->bindings;
    machine->scratch = activation->scratch;
    machine->host = activation->host;
    machine->zones = program->zones;
    machine->steps = program->steps;
    machine->is_exhausted = false;
}

static void failure_fill(const struct machine *machine, struct cel_failure *ret_failure)
{
    if (ret_failure)
        *ret_failure = (struct cel_failure){machine->message, machine->failed->place.offset,
                                            machine->failed->place.size};
}

bool cel_evaluate(const struct cel_program *program, const struct cel_activation *activation,
                  struct cel_value *ret_value, struct cel_failure *ret_failure)
{
    struct machine machine;
    machine_start(&machine, program, activation);
    union cel_datum datum;
    if (!node_run(program->fast, &machine, &datum)) {
        failure_fill(&machine, ret_failure);
        return false;
    }
    *ret_value = (struct cel_value){program->type, datum};
    return true;
}

bool cel_holds(const struct cel_program *program, const struct cel_activation *activation)
{
    struct machine machine;
    machine_start(&machine, program, activation);
    return node_ask(program->fast, &machine) == TRUTH_YES;
}

static void report_rest(const struct machine *machine, const struct syntax *syntax)
{
    if (!machine->is_reported[syntax->number]) {
        struct cel_report report = {
            .node = syntax->number,
            .parent = syntax->parent,
            .offset = syntax->place.offset,
            .size = syntax->place.size,
            .type = syntax->type,
            .outcome = CEL_NOT_EVALUATED,
        };
        machine->observe(machine->observer, &report);
    }
    for (size_t i = 0; syntax->kind != SYNTAX_HAS && i < syntax->count; i++)
        report_rest(machine, syntax->items[i]);
}

bool cel_explain(const struct cel_program *program, const struct cel_activation *activation,
                 cel_observe *observe, void *owner, struct cel_value *ret_value,
                 struct cel_failure *ret_failure)
{
    struct machine machine;
    machine_start(&machine, program, activation);
    machine.observe = observe;
    machine.observer = owner;
    machine.is_reported = memory_zeroed(program->node_count * sizeof *machine.is_reported);
    union cel_datum datum;
    bool is_good = node_run(program->observed, &machine, &datum);
    report_rest(&machine, program->syntax);
    free(machine.is_reported);
    if (is_good)
        *ret_value = (struct cel_value){program->type, datum};
    else
        failure_fill(&machine, ret_failure);
    return is_good;
}
