/* phrasing_say: an expression in words, operand by operand and term by term. */
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/phrase/phrasing.h"

#include <ctype.h>

/* --- constants --- */

static void write_source(const struct phrasing *phrasing, const struct syntax *syntax)
{
    bool was_blank = false;
    for (size_t i = 0; i < syntax->place.size; i++) {
        char letter = program_text(phrasing->program)[syntax->place.offset + i];
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
    return text_starts_with(name, "figures.") ? figure_find(phrasing->policy, name + strlen("figures."))
                                              : NULL;
}

/* A constant by its name: a role, a severity, a feeling. */
static bool is_word(const struct phrasing *phrasing, const struct syntax *syntax)
{
    const char *text = program_text(phrasing->program) + syntax->place.offset;
    size_t size = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
    return size == syntax->place.size && isalpha((unsigned char)*text) && syntax->type->kind != CEL_BOOL;
}

static void write_figure_name(const struct phrasing *phrasing, const struct syntax *syntax)
{
    const struct figure *figure = figure_of(phrasing, syntax);
    if (!figure)
        return;
    bytes_append_text(phrasing->into, " (");
    phrase_name(figure->name, phrasing->into);
    bytes_append_text(phrasing->into, ")");
}

/* Those that an action chooses itself, and all others by their names. */
static void write_role(const char *name, struct bytes *into)
{
    static const char *const chosen[][2] = {
        {"covering", "lowest level that may decide it"},
        {"above", "next role above the employee's"},
        {"present", "next role above the employee's of which somebody is on duty"},
    };
    for (size_t i = 0; i < COUNT_OF(chosen); i++)
        if (text_equal(name, chosen[i][0])) {
            bytes_append_text(into, chosen[i][1]);
            return;
        }
    phrase_name(name, into);
}

static void write_constant(const struct phrasing *phrasing, const struct syntax *syntax, bool is_money)
{
    const struct figure *figure = figure_of(phrasing, syntax);
    struct cel_value value = {syntax->type, syntax->datum};
    char name[POLICY_NAME_SIZE];
    if (is_word(phrasing, syntax)) {
        text_format(name, sizeof name, "%.*s", (int)syntax->place.size,
                    program_text(phrasing->program) + syntax->place.offset);
        write_role(name, phrasing->into);
        return;
    }
    if (figure) /* in the policy's first currency */
        phrase_value(phrasing->policy, &value, is_money || figure->is_money, phrasing->into);
    else
        phrasing_write_value(phrasing, &value, is_money);
    write_figure_name(phrasing, syntax);
}

void phrasing_constant(const struct phrasing *phrasing, const struct syntax *syntax)
{
    const struct figure *figure = figure_of(phrasing, syntax);
    struct cel_value value = {syntax->type, syntax->datum};
    phrase_value(phrasing->policy, &value, figure && figure->is_money, phrasing->into);
}

/* --- what is computed --- */

void phrasing_drop_article(const struct phrasing *phrasing, size_t begin)
{
    struct bytes *into = phrasing->into;
    if (into->size < begin + 4 || memcmp(into->data + begin, "the ", 4) != 0)
        return;
    into->size -= 4;
    memmove(into->data + begin, into->data + begin + 4, into->size - begin);
}

/* "for the " before "the role of who can answer" is said with one article. */
static void write_leaf(const struct phrasing *phrasing, const struct syntax *syntax, const char *before)
{
    struct bytes *into = phrasing->into;
    size_t begin = into->size, size = strlen(before);
    bytes_append_text(into, before);
    (phrasing_is_sentence(syntax) ? phrasing_sentence : phrasing_operand)(phrasing, syntax);
    if (size >= 4 && into->size - begin >= size + 4 &&
        !memcmp(into->data + begin + size - 4, "the the ", 8)) {
        memmove(into->data + begin + size, into->data + begin + size + 4, into->size - begin - size - 4);
        into->size -= 4;
    }
}

void phrasing_choice(const struct phrasing *phrasing, const struct syntax *syntax, const char *before)
{
    if (syntax->kind != SYNTAX_CONDITION || phrasing_is_constant(syntax)) {
        write_leaf(phrasing, syntax, before);
        return;
    }
    const struct syntax *test = syntax->items[0];
    bool is_turned = phrasing_is_empty(syntax->items[1]) && syntax->items[2]->kind != SYNTAX_CONDITION;
    const struct syntax *said = syntax->items[is_turned ? 2 : 1], *other = syntax->items[is_turned ? 1 : 2];
    write_leaf(phrasing, said, before);
    if (phrasing_is_alike(phrasing, said, other))
        return;
    if (!is_turned && test->kind == SYNTAX_HAS && phrasing_mentions(said, test->fact)) {
        bytes_append_text(phrasing->into, ", if known");
    } else {
        bytes_append_text(phrasing->into, " if ");
        phrasing_statement(phrasing, test, !is_turned);
    }
    if (phrasing_is_empty(other))
        return;
    bytes_append_text(phrasing->into, ", otherwise ");
    phrasing_choice(phrasing, other, before);
}

void phrasing_grouped(const struct phrasing *phrasing, const struct syntax *syntax)
{
    bool is_grouped = !phrasing_is_constant(syntax) &&
                      (syntax->kind == SYNTAX_CONDITION || syntax->kind == SYNTAX_OPERATOR);
    bytes_append_text(phrasing->into, is_grouped ? "[" : "");
    phrasing_operand(phrasing, syntax);
    bytes_append_text(phrasing->into, is_grouped ? "]" : "");
}

static bool is_the_event_itself(const struct syntax *syntax)
{
    return syntax->fact && text_equal(syntax->fact, "event.occurred_at");
}

static void write_time_between(const struct phrasing *phrasing, const struct syntax *from,
                               const struct syntax *to)
{
    bytes_append_text(phrasing->into, is_the_event_itself(to) ? "the time since " : "the time from ");
    phrasing_operand(phrasing, from);
    if (is_the_event_itself(to))
        return;
    bytes_append_text(phrasing->into, " to ");
    phrasing_operand(phrasing, to);
}

static bool write_arithmetic(const struct phrasing *phrasing, const struct syntax *syntax)
{
    static const char *const words[][2] = {{"_+_", " plus "},   {"_-_", " minus "},
                                           {"_*_", " times "},  {"_/_", " divided by "},
                                           {"_%_", " modulo "}, {"_[_]", ", number (from 0) "}};
    const struct syntax *left = syntax->items[0], *right = syntax->items[1];
    if (text_equal(syntax->name, "_-_") && left->type->kind == CEL_TIMESTAMP &&
        right->type->kind == CEL_TIMESTAMP) {
        write_time_between(phrasing, right, left);
        return true;
    }
    if (phrasing_is_joined(syntax)) {
        phrasing_joined(phrasing, syntax);
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (text_equal(words[i][0], syntax->name)) {
            bool is_sum = i == 0;
            (is_sum ? phrasing_operand : phrasing_grouped)(phrasing, left);
            bytes_append_text(phrasing->into, words[i][1]);
            (is_sum ? phrasing_operand : phrasing_grouped)(phrasing, right);
            return true;
        }
    return false;
}

/* Functions and methods of one thing; the words stand before it, and of statements behind it. */
static const struct {
    const char *name, *before, *behind;
} calls[] = {
    {"size", "the number of ", NULL},
    {"getFullYear", "the year of ", NULL},
    {"getMonth", "the month (from 0) of ", NULL},
    {"getDate", "the day of the month of ", NULL},
    {"getDayOfMonth", "the day of the month (from 0) of ", NULL},
    {"getDayOfWeek", "the day of the week (0 is Sunday) of ", NULL},
    {"getDayOfYear", "the day of the year (from 0) of ", NULL},
    {"getHours", "the hours of ", NULL},
    {"getMinutes", "the minutes of ", NULL},
    {"getSeconds", "the seconds of ", NULL},
    {"getMilliseconds", "the milliseconds of ", NULL},
    {"money", "", NULL},
    {"money_in", "", NULL},
    {"int", "", NULL},
    {"double", "", NULL},
    {"string", "", NULL},
    {"duration", "", NULL},
    {"timestamp", "", NULL},
    {"startsWith", NULL, " begins with "},
    {"endsWith", NULL, " ends with "},
    {"contains", NULL, " contains "},
};

/* "of the times it came up, the most within 30 d of each other, this time among them". */
static void write_most_within(const struct phrasing *phrasing, const struct syntax *syntax)
{
    bytes_append_text(phrasing->into, "the number of ");
    phrasing_operand(phrasing, syntax->items[0]);
    bytes_append_text(phrasing->into, " within ");
    phrasing_operand(phrasing, syntax->items[2]);
    bytes_append_text(phrasing->into, " (with ");
    phrasing_operand(phrasing, syntax->items[1]);
    bytes_append_text(phrasing->into, ")");
}

static bool write_call(const struct phrasing *phrasing, const struct syntax *syntax)
{
    if (syntax->kind != SYNTAX_FUNCTION && syntax->kind != SYNTAX_METHOD)
        return false;
    if (text_starts_with(syntax->name, "figures.")) {
        const struct figure *figure = figure_find(phrasing->policy, syntax->name + strlen("figures."));
        phrase_figure(phrasing->policy, figure, phrasing->into);
        bytes_append_text(phrasing->into, " (");
        phrase_name(figure->name, phrasing->into);
        bytes_append_text(phrasing->into, ")");
        return true;
    }
    if (text_equal(syntax->name, "most_within")) {
        write_most_within(phrasing, syntax);
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        if (!text_equal(calls[i].name, syntax->name))
            continue;
        bytes_append_text(phrasing->into, calls[i].before ? calls[i].before : "");
        phrasing_operand(phrasing, syntax->items[0]);
        if (calls[i].behind) {
            bytes_append_text(phrasing->into, calls[i].behind);
            phrasing_operand(phrasing, syntax->items[1]);
        } else if (syntax->kind == SYNTAX_METHOD && syntax->count > 1) {
            bytes_append_text(phrasing->into, " by the clocks of ");
            phrasing_operand(phrasing, syntax->items[1]);
        }
        return true;
    }
    return false;
}

static void write_macro(const struct phrasing *phrasing, const struct syntax *syntax)
{
    static const char *const words[][2] = {
        [MACRO_ALL] = {"of each of ", " it is so that "},
        [MACRO_EXISTS] = {"of at least one of ", " it is so that "},
        [MACRO_EXISTS_ONE] = {"of exactly one of ", " it is so that "},
        [MACRO_FILTER] = {"", " (only those where "},
        [MACRO_MAP] = {"for each of ", ": "},
    };
    bytes_append_text(phrasing->into, words[syntax->macro][0]);
    phrasing_operand(phrasing, syntax->items[0]);
    for (size_t i = 1; i < syntax->count; i++) {
        bytes_append_text(phrasing->into, i == 1 ? words[syntax->macro][1] : ": ");
        phrasing_operand(phrasing, syntax->items[i]);
    }
    bytes_append_text(phrasing->into, syntax->macro == MACRO_FILTER ? ")" : "");
}

static void write_list(const struct phrasing *phrasing, const struct syntax *syntax)
{
    for (size_t i = 0; i < syntax->count; i++) {
        bytes_append_text(phrasing->into, i ? ", " : "");
        phrasing_operand(phrasing, syntax->items[i]);
    }
}

void phrasing_operand(const struct phrasing *phrasing, const struct syntax *syntax)
{
    if (phrasing_is_constant(syntax)) {
        write_constant(phrasing, syntax, false);
    } else if (syntax->kind == SYNTAX_ITEM) {
        bytes_append_text(phrasing->into, syntax->type->kind == CEL_TIMESTAMP ? "then" : "it");
    } else if (syntax->type->kind != CEL_BOOL && syntax->fact &&
               (syntax->kind == SYNTAX_VARIABLE || syntax->kind == SYNTAX_SELECT)) {
        bytes_append_text(phrasing->into, phrase_fact(syntax->fact).text);
    } else if (syntax->kind == SYNTAX_LIST) {
        write_list(phrasing, syntax);
    } else if (syntax->kind == SYNTAX_CONDITION) {
        phrasing_choice(phrasing, syntax, "");
    } else if (syntax->type->kind == CEL_BOOL) {
        phrasing_statement(phrasing, syntax, true);
    } else if (syntax->kind == SYNTAX_MACRO) {
        write_macro(phrasing, syntax);
    } else if (syntax->kind == SYNTAX_OPERATOR && syntax->count == 1) {
        bytes_append_text(phrasing->into, "minus ");
        phrasing_grouped(phrasing, syntax->items[0]);
    } else if (!(syntax->kind == SYNTAX_OPERATOR && syntax->count == 2 &&
                 write_arithmetic(phrasing, syntax)) &&
               !write_call(phrasing, syntax)) {
        write_source(phrasing, syntax);
    }
}

/* --- what is compared --- */

void phrasing_demand(const struct phrasing *phrasing, const struct comparison *comparison)
{
    const struct syntax *left = comparison->left, *right = comparison->right;
    struct cel_value value;
    bytes_append_text(phrasing->into, phrasing_words(comparison));
    if (phrasing_is_constant(right)) {
        write_constant(phrasing, right, phrasing_is_money(left));
        return;
    }
    if (right->kind == SYNTAX_LIST || !phrasing_value(phrasing, right, &value)) {
        phrasing_operand(phrasing, right);
        return;
    }
    phrasing_write_value(phrasing, &value, phrasing_is_money(right));
    bytes_append_text(phrasing->into, " (");
    phrasing_operand(phrasing, right);
    bytes_append_text(phrasing->into, ")");
}

/* "there are at least 2 complaints in this contact (risky complaints)". */
static bool write_count(const struct phrasing *phrasing, const struct comparison *comparison)
{
    static const char *const words[] = {"exactly ", "any number but ", "fewer than ",
                                        "at most ", "more than ",      "at least "};
    const struct syntax *right = comparison->right;
    struct fact_words fact = phrase_fact(comparison->left->fact ? comparison->left->fact : "");
    if (!fact.one || comparison->relation >= AMONG || !phrasing_is_constant(right) ||
        right->type->kind != CEL_INT)
        return false;
    int64_t number = right->datum.integer;
    enum relation relation = comparison->relation;
    bool is_none =
        (number == 0 && (relation == EQUAL || relation == AT_MOST)) || (number == 1 && relation == LESS);
    bool is_some =
        (number == 0 && (relation == MORE || relation == UNEQUAL)) || (number == 1 && relation == AT_LEAST);
    bool is_one = is_some || (number == 1 && !is_none);
    if (is_none || is_some)
        bytes_append_text(phrasing->into, is_none ? "there are no " : "there is at least one ");
    else
        bytes_append_format(phrasing->into, "there %s %s%lld ", is_one ? "is" : "are", words[relation],
                            (long long)number);
    bytes_append_format(phrasing->into, "%s %s", is_one ? fact.one : fact.many, fact.where);
    write_figure_name(phrasing, right);
    return true;
}

static bool is_many(const struct syntax *syntax)
{
    if (syntax->kind == SYNTAX_OPERATOR && syntax->count == 2)
        return is_many(syntax->items[0]);
    return syntax->fact && phrase_fact(syntax->fact).one;
}

static void write_comparison(const struct phrasing *phrasing, const struct syntax *syntax, int relation,
                             bool is_so)
{
    struct comparison comparison = phrasing_comparison(syntax, relation);
    if (!is_so)
        comparison.relation = phrasing_denied(comparison.relation);
    if (write_count(phrasing, &comparison))
        return;
    if (relation == AMONG && !phrasing_is_constant(comparison.right) &&
        comparison.right->kind != SYNTAX_LIST) {
        phrasing_operand(phrasing, comparison.right);
        bytes_append_text(phrasing->into, is_so ? " include " : " do not include ");
        phrasing_operand(phrasing, comparison.left);
        return;
    }
    phrasing_operand(phrasing, comparison.left);
    bytes_append_text(phrasing->into, is_many(comparison.left) ? " are " : " is ");
    phrasing_demand(phrasing, &comparison);
}

/* --- what is stated --- */

static void write_joint(const struct phrasing *phrasing, const struct syntax *syntax, bool is_so)
{
    struct part parts[PHRASING_ITEMS];
    size_t count = phrasing_parts(syntax, is_so, parts);
    for (size_t i = 0; i < count; i++) {
        bool is_nested =
            count > 1 && (phrasing_is_joint(parts[i].syntax) || parts[i].syntax->kind == SYNTAX_CONDITION);
        bytes_append_text(phrasing->into, !i ? "" : phrasing_needs_all(syntax, is_so) ? " and " : " or ");
        bytes_append_text(phrasing->into, is_nested ? "(" : "");
        phrasing_statement(phrasing, parts[i].syntax, parts[i].is_so);
        bytes_append_text(phrasing->into, is_nested ? ")" : "");
    }
}

static void write_fact(const struct phrasing *phrasing, const struct syntax *syntax, bool is_so)
{
    struct fact_words words = phrase_fact(syntax->fact);
    if (words.is_statement && !is_so && words.denied)
        bytes_append_text(phrasing->into, words.denied);
    else if (words.is_statement)
        bytes_append_format(phrasing->into, "%s%s", is_so ? "" : "it is not so that ", words.text);
    else
        bytes_append_format(phrasing->into, "%s is %s", words.text, is_so ? "so" : "not so");
}

static void write_has(const struct phrasing *phrasing, const struct syntax *syntax, bool is_so)
{
    struct fact_words words = phrase_fact(syntax->fact ? syntax->fact : "");
    if (words.is_statement)
        bytes_append_format(phrasing->into, "it is %sknown whether %s", is_so ? "" : "not ", words.text);
    else
        bytes_append_format(phrasing->into, "%s is %s", syntax->fact ? words.text : "it",
                            is_so ? "known" : "not known");
}

void phrasing_statement(const struct phrasing *phrasing, const struct syntax *syntax, bool is_so)
{
    int relation = phrasing_relation(syntax);
    if (phrasing_is_constant(syntax) && syntax->type->kind == CEL_BOOL) {
        bytes_append_text(phrasing->into, syntax->datum.truth == is_so ? "always" : "never");
    } else if (phrasing_is_joint(syntax)) {
        write_joint(phrasing, syntax, is_so);
    } else if (phrasing_is_not(syntax)) {
        phrasing_statement(phrasing, syntax->items[0], !is_so);
    } else if (relation >= 0) {
        write_comparison(phrasing, syntax, relation, is_so);
    } else if (syntax->kind == SYNTAX_HAS) {
        write_has(phrasing, syntax, is_so);
    } else if (syntax->fact && (syntax->kind == SYNTAX_SELECT || syntax->kind == SYNTAX_VARIABLE)) {
        write_fact(phrasing, syntax, is_so);
    } else {
        bytes_append_text(phrasing->into, is_so ? "" : "it is not so that ");
        if (syntax->kind == SYNTAX_CONDITION)
            phrasing_choice(phrasing, syntax, "");
        else if (syntax->kind == SYNTAX_MACRO)
            write_macro(phrasing, syntax);
        else if (!write_call(phrasing, syntax))
            write_source(phrasing, syntax);
    }
}
