/* phrase: walks an expression's tree, term by term. */
#include "common/policy/phrase.h"

#include "common/policy/currency.h"

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/cel/syntax.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>

/* ---- values */

void phrase_name(const char *name, struct bytes *into)
{
    for (const char *at = name; *at; at++)
        bytes_append(into, *at == '_' ? " " : at, 1);
}

void phrase_enum(const ProtobufCEnumDescriptor *descriptor, int value, struct bytes *into)
{
    const ProtobufCEnumValue *known = protobuf_c_enum_descriptor_get_value(descriptor, value);
    for (const char *at = known ? known->name : "unknown"; *at; at++) {
        char letter = *at == '_' ? ' ' : (char)tolower((unsigned char)*at);
        bytes_append(into, &letter, 1);
    }
}

void phrase_duration(int64_t us, struct bytes *into)
{
    static const struct {
        const char *name;
        int64_t us;
    } units[] = {{"d", INT64_C(86400000000)},
                 {"h", INT64_C(3600000000)},
                 {"min", 60000000},
                 {"s", 1000000},
                 {"ms", 1000}};
    uint64_t left = us < 0 ? -(uint64_t)us : (uint64_t)us;
    unsigned told = 0;
    if (us < 0)
        bytes_append_text(into, "minus ");
    for (size_t at = 0; at < COUNT_OF(units) && told < 3; at++) {
        uint64_t count = left / (uint64_t)units[at].us;
        left %= (uint64_t)units[at].us;
        if (count)
            bytes_append_format(into, "%s%" PRIu64 " %s", told++ ? " " : "", count, units[at].name);
    }
    if (!told)
        bytes_append_text(into, "0 s");
}

void phrase_money(int64_t minor, const char *currency, struct bytes *into)
{
    char text[CURRENCY_TEXT_SIZE];
    currency_format(minor, currency, text);
    bytes_append_text(into, text);
}

static void value_tell(const struct policy *policy, const struct cel_value *value, bool is_money,
                       struct bytes *into);

static void list_tell(const struct policy *policy, const struct cel_value *list, struct bytes *into)
{
    struct cel_value item;
    for (uint32_t at = 0; at < list->as.list.count; at++)
        if (cel_list_item(list, at, &item)) {
            bytes_append_text(into, at ? ", " : "");
            value_tell(policy, &item, false, into);
        }
    if (!list->as.list.count)
        bytes_append_text(into, "none");
}

static void value_tell(const struct policy *policy, const struct cel_value *value, bool is_money,
                       struct bytes *into)
{
    char text[128];
    switch ((int)value->type->kind) {
    case CEL_BOOL:
        bytes_append_text(into, value->as.truth ? "yes" : "no");
        return;
    case CEL_INT:
        if (is_money) {
            phrase_money(value->as.integer, policy->currency, into);
            return;
        }
        break;
    case CEL_STRING:
        if (value->as.text.size)
            bytes_append(into, value->as.text.bytes, value->as.text.size);
        else
            bytes_append_text(into, "nobody");
        return;
    case CEL_DURATION:
        phrase_duration(value->as.nanoseconds / 1000, into);
        return;
    case CEL_ENUM:
        phrase_enum(value->type->descriptor, (int)value->as.integer, into);
        return;
    case CEL_LIST:
        list_tell(policy, value, into);
        return;
    case CEL_MESSAGE:
        bytes_append_text(into, "…");
        return;
    }
    cel_value_print(value, text, sizeof text);
    bytes_append_text(into, text);
}

void phrase_figure(const struct policy *policy, const struct figure *figure, struct bytes *into)
{
    value_tell(policy, &figure->value, figure->is_money, into);
}

/* ---- a tree with the values its nodes had */

struct phrasing {
    const struct policy *policy;
    const struct cel_program *program;
    struct bytes *into;
    struct cel_report *reports; /* by node; NULL: no values are told */
    const char *indent;
};

static void remember(void *owner, const struct cel_report *report)
{
    ((struct cel_report *)owner)[report->node] = *report;
}

static bool is_constant(const struct syntax *syntax)
{
    return syntax->kind == SYNTAX_LITERAL || syntax->is_folded;
}

static void source_tell(const struct phrasing *phrasing, const struct syntax *syntax)
{
    bool was_blank = false;
    for (size_t at = 0; at < syntax->place.size; at++) {
        char letter = program_text(phrasing->program)[syntax->place.offset + at];
        bool is_blank = letter == ' ' || letter == '\n' || letter == '\t';
        if (!is_blank || !was_blank)
            bytes_append(phrasing->into, is_blank ? " " : &letter, 1);
        was_blank = is_blank;
    }
}

/* The figure a constant names; NULL: it is written out. */
static const struct figure *figure_of(const struct phrasing *phrasing, const struct syntax *syntax)
{
    char name[POLICY_NAME_SIZE + 8];
    text_format(name, sizeof name, "%.*s", (int)(syntax->place.size < 72 ? syntax->place.size : 72),
                program_text(phrasing->program) + syntax->place.offset);
    return text_starts_with(name, "figures.") ? policy_figure(phrasing->policy, name + strlen("figures."))
                                              : NULL;
}

static bool is_money_fact(const struct syntax *syntax)
{
    return syntax->fact && phrase_fact(syntax->fact).is_money;
}

/* A constant by its name: a role, a severity, a feeling. */
static bool is_word(const struct phrasing *phrasing, const struct syntax *syntax)
{
    const char *text = program_text(phrasing->program) + syntax->place.offset;
    size_t size = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
    return size == syntax->place.size && isalpha((unsigned char)*text) && syntax->type->kind != CEL_BOOL;
}

static void constant_tell(const struct phrasing *phrasing, const struct syntax *syntax, bool is_money)
{
    if (is_word(phrasing, syntax)) {
        char name[POLICY_NAME_SIZE];
        text_format(name, sizeof name, "%.*s", (int)syntax->place.size,
                    program_text(phrasing->program) + syntax->place.offset);
        if (text_equal(name, "covering"))
            bytes_append_text(phrasing->into, "lowest level that may decide it");
        else if (text_equal(name, "above"))
            bytes_append_text(phrasing->into, "level above the employee's");
        else if (text_equal(name, "present"))
            bytes_append_text(phrasing->into, "lowest level above the employee's that is on duty");
        else
            phrase_name(name, phrasing->into);
        return;
    }
    const struct figure *figure = figure_of(phrasing, syntax);
    struct cel_value value = {syntax->type, syntax->datum};
    value_tell(phrasing->policy, &value, is_money || (figure && figure->is_money), phrasing->into);
    if (figure) {
        bytes_append_text(phrasing->into, " (");
        phrase_name(figure->name, phrasing->into);
        bytes_append_text(phrasing->into, ")");
    }
}

static bool value_of(const struct phrasing *phrasing, const struct syntax *syntax,
                     struct cel_value *ret_value)
{
    const struct cel_report *report = phrasing->reports ? &phrasing->reports[syntax->number] : NULL;
    if (is_constant(syntax)) {
        *ret_value = (struct cel_value){syntax->type, syntax->datum};
        return true;
    }
    if (!report || report->outcome != CEL_HAS_VALUE)
        return false;
    *ret_value = report->value;
    return true;
}

/* ---- what is compared */

static void operand_tell(const struct phrasing *phrasing, const struct syntax *syntax);
static void statement_tell(const struct phrasing *phrasing, const struct syntax *syntax, bool is_so);

static const struct {
    const char *name, *words, *mirrored, *denied;
} relations[] = {
    {"_==_", "", "", "not "},
    {"_!=_", "anything but ", "anything but ", ""},
    {"_<_", "less than ", "more than ", "at least "},
    {"_<=_", "at most ", "at least ", "more than "},
    {"_>_", "more than ", "less than ", "at most "},
    {"_>=_", "at least ", "at most ", "less than "},
    {"_in_", "one of: ", NULL, "none of: "},
};

/* -1: no comparison. */
static int relation_of(const struct syntax *syntax)
{
    if (syntax->kind != SYNTAX_OPERATOR || syntax->count != 2)
        return -1;
    for (size_t at = 0; at < COUNT_OF(relations); at++)
        if (!strcmp(relations[at].name, syntax->name))
            return (int)at;
    return -1;
}

static const char *arithmetic_of(const struct syntax *syntax)
{
    static const char *const words[][2] = {{"_+_", " plus "},
                                           {"_-_", " minus "},
                                           {"_*_", " times "},
                                           {"_/_", " divided by "},
                                           {"_%_", " modulo "}};
    for (size_t at = 0; syntax->kind == SYNTAX_OPERATOR && syntax->count == 2 && at < COUNT_OF(words); at++)
        if (!strcmp(words[at][0], syntax->name))
            return words[at][1];
    return NULL;
}

static bool mentions(const struct syntax *syntax, const char *fact)
{
    if (syntax->kind != SYNTAX_HAS && syntax->fact && fact && !strcmp(syntax->fact, fact))
        return true;
    for (size_t at = 0; at < syntax->count; at++)
        if (mentions(syntax->items[at], fact))
            return true;
    return false;
}

static void items_tell(const struct phrasing *phrasing, const struct syntax *syntax, const char *between)
{
    for (size_t at = 0; at < syntax->count; at++) {
        bytes_append_text(phrasing->into, at ? between : "");
        operand_tell(phrasing, syntax->items[at]);
    }
}

static void operand_tell(const struct phrasing *phrasing, const struct syntax *syntax)
{
    const char *arithmetic = arithmetic_of(syntax);
    if (is_constant(syntax)) {
        constant_tell(phrasing, syntax, false);
    } else if (syntax->fact && (syntax->kind == SYNTAX_VARIABLE || syntax->kind == SYNTAX_SELECT)) {
        bytes_append_text(phrasing->into, phrase_fact(syntax->fact).text);
    } else if (syntax->kind == SYNTAX_LIST) {
        items_tell(phrasing, syntax, ", ");
    } else if (arithmetic) {
        items_tell(phrasing, syntax, arithmetic);
    } else if (syntax->kind == SYNTAX_CONDITION) {
        operand_tell(phrasing, syntax->items[1]);
        bytes_append_text(phrasing->into, " if ");
        if (syntax->items[0]->kind == SYNTAX_HAS && mentions(syntax->items[1], syntax->items[0]->fact))
            bytes_append_text(phrasing->into, "known");
        else
            statement_tell(phrasing, syntax->items[0], true);
        bytes_append_text(phrasing->into, ", otherwise ");
        operand_tell(phrasing, syntax->items[2]);
    } else if (syntax->kind == SYNTAX_FUNCTION &&
               (!strcmp(syntax->name, "money") || !strcmp(syntax->name, "money_in"))) {
        operand_tell(phrasing, syntax->items[0]);
    } else if (syntax->type->kind == CEL_BOOL) {
        statement_tell(phrasing, syntax, true);
    } else {
        source_tell(phrasing, syntax);
    }
}

/* What is asked of the left side. */
static void demand_tell(const struct phrasing *phrasing, const struct syntax *left,
                        const struct syntax *right, const char *words)
{
    struct cel_value value;
    bytes_append_text(phrasing->into, words);
    if (is_constant(right)) {
        constant_tell(phrasing, right, is_money_fact(left));
        return;
    }
    if (right->kind == SYNTAX_LIST || !value_of(phrasing, right, &value)) {
        operand_tell(phrasing, right);
        return;
    }
    value_tell(phrasing->policy, &value, is_money_fact(right), phrasing->into);
    bytes_append_text(phrasing->into, " (");
    operand_tell(phrasing, right);
    bytes_append_text(phrasing->into, ")");
}

struct comparison {
    const struct syntax *left, *right;
    const char *words, *denied;
};

/* With the constant on the right. */
static struct comparison comparison_of(const struct syntax *syntax, int relation)
{
    bool is_mirrored =
        relations[relation].mirrored && is_constant(syntax->items[0]) && !is_constant(syntax->items[1]);
    return (struct comparison){
        .left = syntax->items[is_mirrored],
        .right = syntax->items[!is_mirrored],
        .words = is_mirrored ? relations[relation].mirrored : relations[relation].words,
        .denied = relations[relation].denied,
    };
}

/* ---- without values: one sentence */

/* A guard before what it guards goes without saying. */
static bool is_guard(const struct syntax *syntax, size_t at)
{
    if (syntax->kind != SYNTAX_AND || syntax->items[at]->kind != SYNTAX_HAS)
        return false;
    for (size_t other = at + 1; other < syntax->count; other++)
        if (mentions(syntax->items[other], syntax->items[at]->fact))
            return true;
    return false;
}

static void join(const struct phrasing *phrasing, const struct syntax *syntax, bool is_so,
                 const char *between)
{
    bool is_first = true;
    for (size_t at = 0; at < syntax->count; at++) {
        const struct syntax *item = syntax->items[at];
        if (is_so && is_guard(syntax, at))
            continue;
        bool is_nested =
            item->kind == SYNTAX_AND || item->kind == SYNTAX_OR || item->kind == SYNTAX_CONDITION;
        bytes_append_text(phrasing->into, is_first ? "" : between);
        is_first = false;
        bytes_append_text(phrasing->into, is_nested ? "(" : "");
        statement_tell(phrasing, item, is_so);
        bytes_append_text(phrasing->into, is_nested ? ")" : "");
    }
}

static bool is_not(const struct syntax *syntax)
{
    return syntax->kind == SYNTAX_OPERATOR && syntax->count == 1 && !strcmp(syntax->name, "!_");
}

static void fact_tell(const struct phrasing *phrasing, const struct syntax *syntax, bool is_so)
{
    struct fact_words words = phrase_fact(syntax->fact);
    if (words.is_statement)
        bytes_append_format(phrasing->into, "%s%s", is_so ? "" : "it is not so that ", words.text);
    else
        bytes_append_format(phrasing->into, "%s is %s", words.text, is_so ? "so" : "not so");
}

static void statement_tell(const struct phrasing *phrasing, const struct syntax *syntax, bool is_so)
{
    int relation = relation_of(syntax);
    if (syntax->kind == SYNTAX_AND || syntax->kind == SYNTAX_OR) {
        join(phrasing, syntax, is_so, (syntax->kind == SYNTAX_AND) == is_so ? " and " : " or ");
    } else if (is_not(syntax)) {
        statement_tell(phrasing, syntax->items[0], !is_so);
    } else if (relation >= 0) {
        struct comparison comparison = comparison_of(syntax, relation);
        operand_tell(phrasing, comparison.left);
        bytes_append_text(phrasing->into, " is ");
        demand_tell(phrasing, comparison.left, comparison.right,
                    !is_so && comparison.left != syntax->items[0] ? "not "
                    : is_so                                       ? comparison.words
                                                                  : comparison.denied);
    } else if (syntax->kind == SYNTAX_HAS) {
        bytes_append_format(phrasing->into, "%s is %s", syntax->fact ? phrase_fact(syntax->fact).text : "it",
                            is_so ? "known" : "not known");
    } else if (syntax->fact && (syntax->kind == SYNTAX_SELECT || syntax->kind == SYNTAX_VARIABLE)) {
        fact_tell(phrasing, syntax, is_so);
    } else {
        bytes_append_text(phrasing->into, is_so ? "" : "it is not so that ");
        if (syntax->kind == SYNTAX_CONDITION)
            operand_tell(phrasing, syntax);
        else
            source_tell(phrasing, syntax);
    }
}

void phrase_expression(const struct policy *policy, const struct cel_program *program, struct bytes *into)
{
    struct phrasing phrasing = {.policy = policy, .program = program, .into = into};
    if (cel_program_type(program)->kind == CEL_BOOL)
        statement_tell(&phrasing, program_syntax(program), true);
    else
        operand_tell(&phrasing, program_syntax(program));
}

void phrase_template(const struct policy *policy, const struct cel_template *template, struct bytes *into)
{
    for (size_t at = 0; at < cel_template_parts(template); at++) {
        const struct cel_program *program = cel_template_part(template, at);
        struct cel_text text = cel_template_text(template, at);
        if (!program) {
            bytes_append(into, text.bytes, text.size);
            continue;
        }
        bytes_append_text(into, "{");
        phrase_expression(policy, program, into);
        bytes_append_text(into, "}");
    }
}

/* ---- with values: a line for each term */

static void term_tell(struct phrasing *phrasing, const struct syntax *syntax);

static void answer_tell(const struct phrasing *phrasing, const struct syntax *syntax)
{
    struct cel_value value;
    const struct cel_report *report = &phrasing->reports[syntax->number];
    bytes_append_text(phrasing->into, phrasing->indent);
    if (!value_of(phrasing, syntax, &value))
        bytes_append_text(phrasing->into, report->outcome == CEL_HAS_FAILED ? "?    " : "-    ");
    else
        bytes_append_text(phrasing->into, value.type->kind != CEL_BOOL ? "     "
                                          : value.as.truth             ? "yes  "
                                                                       : "no   ");
}

static bool number_of(const struct phrasing *phrasing, const struct syntax *syntax, int64_t *ret_number)
{
    struct cel_value value;
    if (!value_of(phrasing, syntax, &value) ||
        (value.type->kind != CEL_INT && value.type->kind != CEL_DURATION))
        return false;
    *ret_number = value.type->kind == CEL_INT ? value.as.integer : value.as.nanoseconds;
    return true;
}

/* "; 2 min 48 s too little": of a comparison of numbers that does not hold. */
static void lack_tell(const struct phrasing *phrasing, const struct syntax *syntax,
                      const struct comparison *comparison)
{
    int64_t left, right;
    struct cel_value holds;
    if (!value_of(phrasing, syntax, &holds) || holds.as.truth || relation_of(syntax) < 2 ||
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
    value_tell(phrasing->policy, &value, is_money_fact(comparison->left), phrasing->into);
    bytes_append_text(phrasing->into, left < right ? " too little" : " too much");
}

static void comparison_tell(const struct phrasing *phrasing, const struct syntax *syntax, int relation)
{
    struct comparison comparison = comparison_of(syntax, relation);
    struct cel_value value;
    operand_tell(phrasing, comparison.left);
    bytes_append_text(phrasing->into, ": ");
    if (value_of(phrasing, comparison.left, &value))
        value_tell(phrasing->policy, &value, is_money_fact(comparison.left), phrasing->into);
    else
        bytes_append_text(phrasing->into, phrasing->reports[syntax->number].outcome == CEL_HAS_FAILED
                                              ? "cannot be told"
                                              : "not looked at");
    bytes_append_text(phrasing->into, "; asked for: ");
    demand_tell(phrasing, comparison.left, comparison.right, comparison.words);
    lack_tell(phrasing, syntax, &comparison);
}

static void terms_tell(struct phrasing *phrasing, const struct syntax *syntax, const char *heading)
{
    const char *indent = phrasing->indent;
    char deeper[64];
    if (heading) {
        answer_tell(phrasing, syntax);
        bytes_append_format(phrasing->into, "%s\n", heading);
        text_format(deeper, sizeof deeper, "%s     ", indent);
        phrasing->indent = deeper;
    }
    for (size_t at = 0; at < syntax->count; at++)
        term_tell(phrasing, syntax->items[at]);
    phrasing->indent = indent;
}

static void term_tell(struct phrasing *phrasing, const struct syntax *syntax)
{
    int relation = relation_of(syntax);
    if (syntax->kind == SYNTAX_AND || syntax->kind == SYNTAX_OR) {
        terms_tell(phrasing, syntax, syntax->kind == SYNTAX_AND ? "all of these:" : "at least one of these:");
        return;
    }
    if (is_not(syntax) && !syntax->items[0]->fact) {
        terms_tell(phrasing, syntax, "not:");
        return;
    }
    answer_tell(phrasing, syntax);
    if (relation >= 0)
        comparison_tell(phrasing, syntax, relation);
    else
        statement_tell(phrasing, syntax, true);
    if (phrasing->reports[syntax->number].outcome == CEL_HAS_FAILED)
        bytes_append_format(phrasing->into, " (%s)", phrasing->reports[syntax->number].message);
    bytes_append_text(phrasing->into, "\n");
}

void phrase_terms(const struct policy *policy, const struct cel_program *program,
                  const struct cel_activation *activation, const char *indent, struct bytes *into)
{
    struct phrasing phrasing = {.policy = policy, .program = program, .into = into, .indent = indent};
    struct cel_value value;
    phrasing.reports = allocate_zeroed(cel_program_nodes(program) * sizeof *phrasing.reports);
    for (unsigned at = 0; at < cel_program_nodes(program); at++)
        phrasing.reports[at].outcome = CEL_NOT_EVALUATED;
    cel_explain(program, activation, remember, phrasing.reports, &value, NULL);
    if (program_syntax(program)->kind == SYNTAX_AND)
        terms_tell(&phrasing, program_syntax(program), NULL);
    else
        term_tell(&phrasing, program_syntax(program));
    free(phrasing.reports);
}
