/* phrase_terms: a condition as a line for each term, with the value it had. */
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/phrase/phrasing.h"
#include "proto/bellhop/v1/facts.pb-c.h"

#include <stdlib.h>

static void remember(void *owner, const struct cel_report *report)
{
    ((struct cel_report *)owner)[report->node] = *report;
}

static void write_term(struct phrasing *phrasing, const struct syntax *syntax);

static void write_answer(const struct phrasing *phrasing, const struct syntax *syntax)
{
    struct cel_value value;
    const struct cel_report *report = &phrasing->reports[syntax->number];
    bytes_append_text(phrasing->into, phrasing->indent);
    if (!phrasing_value(phrasing, syntax, &value))
        bytes_append_text(phrasing->into, report->outcome == CEL_HAS_FAILED ? "?    " : "-    ");
    else
        bytes_append_text(phrasing->into, value.type->kind != CEL_BOOL ? "     "
                                          : value.as.truth             ? "yes  "
                                                                       : "no   ");
}

static bool number_of(const struct phrasing *phrasing, const struct syntax *syntax, int64_t *ret_number)
{
    struct cel_value value;
    if (!phrasing_value(phrasing, syntax, &value) ||
        (value.type->kind != CEL_INT && value.type->kind != CEL_DURATION))
        return false;
    *ret_number = value.type->kind == CEL_INT ? value.as.integer : value.as.nanoseconds;
    return true;
}

/* "; 2 min 48 s too little": of a comparison of numbers that does not hold. */
static void write_lack(const struct phrasing *phrasing, const struct syntax *syntax,
                       const struct comparison *comparison)
{
    int64_t left, right;
    struct cel_value holds;
    if (!phrasing_value(phrasing, syntax, &holds) || holds.as.truth || phrasing_relation(syntax) < 2 ||
        !number_of(phrasing, comparison->left, &left) || !number_of(phrasing, comparison->right, &right) ||
        left == right)
        return;
    uint64_t lack = left < right ? (uint64_t)right - (uint64_t)left : (uint64_t)left - (uint64_t)right;
    if (lack > INT64_MAX)
        return;
    struct cel_value value = cel_int((int64_t)lack);
    if (comparison->left->type->kind == CEL_DURATION)
        value = (struct cel_value){&cel_type_duration, {.nanoseconds = (int64_t)lack}};
    bytes_append_text(phrasing->into, "; ");
    phrasing_write_value(phrasing, &value, phrasing_is_money(comparison->left));
    bytes_append_text(phrasing->into, left < right ? " too little" : " too much");
}

static void write_comparison(const struct phrasing *phrasing, const struct syntax *syntax, int relation)
{
    struct comparison comparison = phrasing_comparison(syntax, relation);
    struct cel_value value;
    phrasing_operand(phrasing, comparison.left);
    bytes_append_text(phrasing->into, ": ");
    if (phrasing_value(phrasing, comparison.left, &value))
        phrasing_write_value(phrasing, &value, phrasing_is_money(comparison.left));
    else
        bytes_append_text(phrasing->into, phrasing->reports[syntax->number].outcome == CEL_HAS_FAILED
                                              ? "cannot be told"
                                              : "not looked at");
    bytes_append_text(phrasing->into, "; asked for: ");
    phrasing_demand(phrasing, &comparison);
    write_lack(phrasing, syntax, &comparison);
}

static void write_terms(struct phrasing *phrasing, const struct syntax *syntax, const char *heading)
{
    const char *indent = phrasing->indent;
    char deeper[64];
    if (heading) {
        write_answer(phrasing, syntax);
        bytes_append_format(phrasing->into, "%s\n", heading);
        text_format(deeper, sizeof deeper, "%s     ", indent);
        phrasing->indent = deeper;
    }
    for (size_t i = 0; i < syntax->count; i++)
        write_term(phrasing, syntax->items[i]);
    phrasing->indent = indent;
}

static void write_term(struct phrasing *phrasing, const struct syntax *syntax)
{
    int relation = phrasing_relation(syntax);
    if (syntax->kind == SYNTAX_AND || syntax->kind == SYNTAX_OR) {
        write_terms(phrasing, syntax,
                    syntax->kind == SYNTAX_AND ? "all of these:" : "at least one of these:");
        return;
    }
    if (phrasing_is_not(syntax) && !syntax->items[0]->fact) {
        write_terms(phrasing, syntax, "not:");
        return;
    }
    write_answer(phrasing, syntax);
    if (relation >= 0)
        write_comparison(phrasing, syntax, relation);
    else
        phrasing_statement(phrasing, syntax, true);
    if (phrasing->reports[syntax->number].outcome == CEL_HAS_FAILED)
        bytes_append_format(phrasing->into, " (%s)", phrasing->reports[syntax->number].message);
    bytes_append_text(phrasing->into, "\n");
}

/* Of the remedy or the promise that the program asks about. */
static const char *currency_of(const struct cel_program *program, const struct cel_activation *activation)
{
    const char *const *paths, *currency = NULL;
    size_t count = cel_program_reads(program, &paths);
    for (size_t i = 0; i < count && !currency; i++) {
        bool is_remedy = text_starts_with(paths[i], "remedy."),
             is_promise = text_starts_with(paths[i], "promise.");
        enum fact fact = is_remedy ? FACT_REMEDY : FACT_PROMISE;
        const ProtobufCMessage *message =
            is_remedy || is_promise ? activation->bindings[fact].as.message : NULL;
        if (message)
            currency = is_remedy ? ((const WireRemedyFacts *)message)->currency
                                 : ((const WirePromiseFacts *)message)->currency;
    }
    return currency && *currency ? currency : NULL;
}

void phrase_terms(const struct policy *policy, const struct cel_program *program,
                  const struct cel_activation *activation, const char *indent, struct bytes *into)
{
    struct phrasing phrasing = {.policy = policy,
                                .program = program,
                                .into = into,
                                .indent = indent,
                                .currency = currency_of(program, activation)};
    struct cel_value value;
    phrasing.reports = memory_zeroed(cel_program_nodes(program) * sizeof *phrasing.reports);
    for (unsigned i = 0; i < cel_program_nodes(program); i++)
        phrasing.reports[i].outcome = CEL_NOT_EVALUATED;
    cel_explain(program, activation, remember, phrasing.reports, &value, NULL);
    if (program_syntax(program)->kind == SYNTAX_AND)
        write_terms(&phrasing, program_syntax(program), NULL);
    else
        write_term(&phrasing, program_syntax(program));
    free(phrasing.reports);
}
