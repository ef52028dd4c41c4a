/* coverage: counts looks by rule, and outcomes by term. */
#include "common/policy/trial/coverage.h"

#include "common/base/memory.h"
#include "common/policy/cel/syntax.h"

#include <stdlib.h>

enum { SEEN_NO = 1, SEEN_YES = 2 };

struct covered {
    bool is_subject, has_acted, was_looked_at;
    unsigned char *terms; /* by node of the condition: SEEN_… */
    unsigned term_count;
};

struct coverage {
    struct covered rules[POLICY_RULES];
};

struct coverage *coverage_new(void)
{
    return NEW(coverage);
}

void coverage_free(struct coverage *coverage)
{
    if (!coverage)
        return;
    for (size_t i = 0; i < POLICY_RULES; i++)
        free(coverage->rules[i].terms);
    free(coverage);
}

static void observe(void *owner, const struct cel_report *report)
{
    struct covered *covered = owner;
    if (report->outcome == CEL_HAS_VALUE && report->type->kind == CEL_BOOL &&
        report->node < covered->term_count)
        covered->terms[report->node] |= report->value.as.truth ? SEEN_YES : SEEN_NO;
}

void coverage_add_subject(struct coverage *coverage, const struct policy *policy, const struct rule *rule)
{
    coverage->rules[rule - policy->rules].is_subject = true;
}

void coverage_add(struct coverage *coverage, const struct rule_look *look)
{
    struct covered *covered = &coverage->rules[look->rule - look->policy->rules];
    const struct cel_program *when = look->rule->when.program;
    struct cel_value value;
    covered->was_looked_at = true;
    covered->has_acted |= look->holds;
    if (!when)
        return;
    if (!covered->terms) {
        covered->term_count = cel_program_nodes(when);
        covered->terms = memory_zeroed(covered->term_count + 1);
    }
    cel_explain(when, look->activation, observe, covered, &value, NULL);
}

struct writing_terms {
    const struct rule *rule;
    const struct covered *covered;
    struct bytes *into;
    size_t count, both;
};

/* A term: what && and || are made of. */
static void write_terms(struct writing_terms *writing, const struct syntax *syntax)
{
    if (syntax->kind == SYNTAX_AND || syntax->kind == SYNTAX_OR) {
        for (size_t i = 0; i < syntax->count; i++)
            write_terms(writing, syntax->items[i]);
        return;
    }
    unsigned seen = writing->covered->terms ? writing->covered->terms[syntax->number] : 0;
    writing->count++;
    writing->both += seen == (SEEN_NO | SEEN_YES);
    if (seen == (SEEN_NO | SEEN_YES))
        return;
    bytes_append_format(writing->into, "  %s: \"%.*s\" was %s\n", writing->rule->name,
                        (int)syntax->place.size,
                        program_text(writing->rule->when.program) + syntax->place.offset,
                        seen == SEEN_YES  ? "never false"
                        : seen == SEEN_NO ? "never true"
                                          : "never looked at");
}

/* The rules that no story is about. */
static size_t write_others(const struct coverage *coverage, const struct policy *policy, struct bytes *into)
{
    size_t count = 0;
    for (unsigned i = 0; i < policy->rule_count; i++)
        count += !coverage->rules[i].is_subject;
    if (2 * count >= policy->rule_count) {
        bytes_append_format(into, "  %zu more rules: no story here is about them\n", count);
        return count;
    }
    for (unsigned i = 0; i < policy->rule_count; i++)
        if (!coverage->rules[i].is_subject)
            bytes_append_format(into, "  %s in line %u: no story is about it\n", policy->rules[i].name,
                                policy->rules[i].line);
    return count;
}

bool coverage_write(const struct coverage *coverage, const struct policy *policy, struct bytes *into)
{
    AUTO_CLEAR(bytes) missing = {0};
    struct writing_terms writing = {.into = &missing};
    size_t acted = 0, others = write_others(coverage, policy, &missing);
    for (unsigned i = 0; i < policy->rule_count; i++) {
        writing.rule = &policy->rules[i];
        writing.covered = &coverage->rules[i];
        if (!writing.covered->is_subject)
            continue;
        acted += writing.covered->has_acted;
        if (!writing.covered->has_acted)
            bytes_append_format(&missing, "  %s in line %u %s\n", writing.rule->name, writing.rule->line,
                                writing.covered->was_looked_at ? "never held" : "was never looked at");
        if (writing.rule->when.program)
            write_terms(&writing, program_syntax(writing.rule->when.program));
    }
    bytes_append_format(into, "rules: %zu of %zu acted; conditions: %zu of %zu terms came out both ways\n",
                        acted, policy->rule_count - others, writing.both, writing.count);
    bytes_append_slice(into, bytes_slice(&missing));
    return missing.size == 0;
}
