/* expression: conditions, values and sentences of a policy, compiled where they stand. */
#include "common/policy/load/expression.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/load/finding.h"
#include "common/policy/load/scalar.h"
#include "common/policy/load/vocabulary.h"
#include "common/policy/rules/fact.h"

/* At its place in the document: exact for text on one line. */
static void refuse(const struct compiling *compiling, const struct node *node, const struct cel_error *error)
{
    unsigned column = node->column;
    if (node->is_one_line && error->line == 1)
        column += node->quote + error->column - 1;
    finding_add(compiling->loading->findings, node->line, column, "%s", error->message);
}

static unsigned facts_of(const struct cel_program *program)
{
    const char *const *paths;
    size_t count = cel_program_reads(program, &paths);
    unsigned facts = 0;
    for (size_t i = 0; i < count; i++)
        for (unsigned fact = 0; fact < FACT_COUNT; fact++) {
            const char *name = fact_name((enum fact)fact);
            size_t length = strlen(name);
            if (!strncmp(paths[i], name, length) && (paths[i][length] == '.' || !paths[i][length]))
                facts |= 1U << fact;
        }
    return facts;
}

/* A value that reads no facts is known now: a role among them must be one of the ladder. */
static bool is_known_role(const struct compiling *compiling, const struct node *node,
                          const struct cel_program *program)
{
    struct cel_scratch *scratch = memory_allocate(sizeof *scratch);
    scratch->used = 0;
    struct cel_value bindings[FACT_COUNT] = {0};
    struct cel_activation activation = {.bindings = bindings, .scratch = scratch};
    struct cel_value value;
    bool is_known = true;
    char name[POLICY_NAME_SIZE] = "";
    const char *const *paths;
    if (!cel_program_reads(program, &paths) && cel_evaluate(program, &activation, &value, NULL)) {
        text_format(name, sizeof name, "%.*s", (int)value.as.text.size, value.as.text.bytes);
        is_known = vocabulary_is_role(name) || ladder_find(&compiling->loading->policy->ladder, name) >= 0;
    }
    free(scratch);
    if (!is_known)
        finding_at(compiling->loading->findings, node, "\"%s\" is no role of the ladder", name);
    return is_known;
}

bool expression_compile(const struct compiling *compiling, const struct node *node,
                        const struct cel_type *expected, enum words words, struct expression *ret_expression)
{
    if (!scalar_is_text(compiling->loading, node, "an expression"))
        return false;
    struct cel_environment *environment = vocabulary_with(compiling->environment, words);
    struct cel_source source = {
        .text = node->text, .size = node->size, .given = compiling->given, .expected = expected};
    struct cel_error error;
    struct cel_program *program = cel_compile(environment, &source, &error);
    cel_environment_free(environment);
    if (!program) {
        refuse(compiling, node, &error);
        return false;
    }
    *ret_expression = (struct expression){.program = program, .facts = facts_of(program)};
    return words != WORDS_ROLES || is_known_role(compiling, node, program);
}

bool expression_compile_sentence(const struct compiling *compiling, const struct node *node,
                                 struct sentence *ret_sentence)
{
    if (!scalar_is_text(compiling->loading, node, "a sentence"))
        return false;
    struct cel_source source = {.text = node->text, .size = node->size, .given = compiling->given};
    struct cel_error error;
    struct cel_template *template = cel_template_compile(compiling->environment, &source, &error);
    if (!template) {
        refuse(compiling, node, &error);
        return false;
    }
    *ret_sentence = (struct sentence){.template = template};
    for (size_t i = 0; i < cel_template_parts(template); i++)
        if (cel_template_part(template, i))
            ret_sentence->facts |= facts_of(cel_template_part(template, i));
    return true;
}
