/* phrase: whole expressions of a policy, in a line or one below the other. */
#include "common/base/memory.h"
#include "common/policy/phrase/phrasing.h"

void phrase_expression(const struct policy *policy, const struct cel_program *program, struct bytes *into)
{
    struct phrasing phrasing = {.policy = policy, .program = program, .into = into};
    if (cel_program_type(program)->kind == CEL_BOOL)
        phrasing_statement(&phrasing, program_syntax(program), true);
    else
        phrasing_operand(&phrasing, program_syntax(program));
}

void phrase_choice(const struct policy *policy, const struct cel_program *program, const char *before,
                   struct bytes *into)
{
    struct phrasing phrasing = {.policy = policy, .program = program, .into = into};
    phrasing_choice(&phrasing, program_syntax(program), before);
}

void phrase_kind(const struct policy *policy, const struct cel_program *program, struct bytes *into)
{
    struct phrasing phrasing = {.policy = policy, .program = program, .into = into};
    size_t begin = into->size;
    phrase_expression(policy, program, into);
    phrasing_drop_article(&phrasing, begin);
}

void phrase_template(const struct policy *policy, const struct cel_template *template, struct bytes *into)
{
    for (size_t i = 0; i < cel_template_parts(template); i++) {
        const struct cel_program *program = cel_template_part(template, i);
        struct cel_text text = cel_template_text(template, i);
        struct phrasing phrasing = {.policy = policy, .program = program, .into = into};
        if (!program) {
            bytes_append(into, text.bytes, text.size);
        } else if (phrasing_is_constant(program_syntax(program))) {
            phrasing_constant(&phrasing, program_syntax(program));
        } else {
            bool has_article = (into->size >= 4 && !memcmp(into->data + into->size - 4, "the ", 4)) ||
                               (into->size >= 3 && !memcmp(into->data + into->size - 3, " a ", 3));
            bytes_append_text(into, "[");
            size_t begin = into->size;
            phrase_expression(policy, program, into);
            if (has_article)
                phrasing_drop_article(&phrasing, begin);
            bytes_append_text(into, "]");
        }
    }
}

/* --- one below the other --- */

static void new_line(struct bytes *into, unsigned indent, const char *mark)
{
    bytes_append_format(into, "%*s%s", (int)indent, "", mark);
}

static void write_part(const struct phrasing *phrasing, const struct part *part, unsigned indent)
{
    struct part parts[PHRASING_ITEMS];
    size_t count = phrasing_parts(part->syntax, part->is_so, parts);
    if (count == 1 && parts[0].syntax == part->syntax) {
        phrasing_statement(phrasing, part->syntax, part->is_so);
        bytes_append_text(phrasing->into, "\n");
        return;
    }
    if (count > 1)
        bytes_append_text(phrasing->into, phrasing_needs_all(part->syntax, part->is_so)
                                              ? "all of these are so:\n"
                                              : "at least one of these is so:\n");
    for (size_t i = 0; i < count; i++) {
        if (count > 1)
            new_line(phrasing->into, indent, "- ");
        write_part(phrasing, &parts[i], count > 1 ? indent + 2 : indent);
    }
}

void phrase_condition(const struct policy *policy, const struct cel_program *program, unsigned indent,
                      struct bytes *into)
{
    struct phrasing phrasing = {.policy = policy, .program = program, .into = into};
    struct part whole = {program_syntax(program), true};
    for (; phrasing_is_not(whole.syntax); whole.is_so = !whole.is_so)
        whole.syntax = whole.syntax->items[0];
    write_part(&phrasing, &whole, indent);
}

void phrase_cases(const struct policy *policy, const struct cel_program *program, const char *before,
                  unsigned indent, struct bytes *into)
{
    struct phrasing phrasing = {.policy = policy, .program = program, .into = into};
    const struct syntax *syntax = program_syntax(program);
    bool is_first = true;
    for (; syntax->kind == SYNTAX_CONDITION && !phrasing_is_constant(syntax); syntax = syntax->items[2]) {
        new_line(into, indent, is_first ? before : "otherwise ");
        phrasing_grouped(&phrasing, syntax->items[1]);
        bytes_append_text(into, " if ");
        write_part(&phrasing, &(struct part){syntax->items[0], true}, indent + 2);
        is_first = false;
    }
    new_line(into, indent, is_first ? before : "otherwise ");
    phrasing_grouped(&phrasing, syntax);
    bytes_append_text(into, "\n");
}
