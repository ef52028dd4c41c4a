/* phrasing: an expression's parts as they are said: comparisons the right way round, guards left out. */
#include "common/policy/phrase/phrasing.h"

#include "common/base/memory.h"
#include "common/base/text.h"

static const struct {
    const char *name, *words, *words_of_time;
    enum relation mirrored, denied;
} relations[RELATIONS] = {
    [EQUAL] = {"_==_", "", "", EQUAL, UNEQUAL},
    [UNEQUAL] = {"_!=_", "not ", "not ", UNEQUAL, EQUAL},
    [LESS] = {"_<_", "less than ", "before ", MORE, AT_LEAST},
    [AT_MOST] = {"_<=_", "at most ", "not after ", AT_LEAST, MORE},
    [MORE] = {"_>_", "more than ", "after ", LESS, AT_MOST},
    [AT_LEAST] = {"_>=_", "at least ", "not before ", AT_MOST, LESS},
    [AMONG] = {"_in_", "one of: ", "one of: ", AMONG, NOT_AMONG},
    [NOT_AMONG] = {"", "none of: ", "none of: ", NOT_AMONG, AMONG},
};

int phrasing_relation(const struct syntax *syntax)
{
    if (syntax->kind != SYNTAX_OPERATOR || syntax->count != 2)
        return -1;
    for (int i = 0; i < NOT_AMONG; i++)
        if (text_equal(relations[i].name, syntax->name))
            return i;
    return -1;
}

struct comparison phrasing_comparison(const struct syntax *syntax, int relation)
{
    bool is_mirrored =
        relation < AMONG && phrasing_is_constant(syntax->items[0]) && !phrasing_is_constant(syntax->items[1]);
    return (struct comparison){
        .left = syntax->items[is_mirrored],
        .right = syntax->items[!is_mirrored],
        .relation = is_mirrored ? relations[relation].mirrored : (enum relation)relation,
    };
}

bool phrasing_is_money(const struct syntax *syntax)
{
    if (syntax->fact && phrase_fact(syntax->fact).is_money)
        return true;
    if (syntax->kind == SYNTAX_FUNCTION && text_starts_with(syntax->name, "figures."))
        return true;
    return syntax->kind == SYNTAX_OPERATOR && syntax->count == 2 && phrasing_relation(syntax) < 0 &&
           (phrasing_is_money(syntax->items[0]) || phrasing_is_money(syntax->items[1]));
}

bool phrasing_value(const struct phrasing *phrasing, const struct syntax *syntax, struct cel_value *ret_value)
{
    const struct cel_report *report = phrasing->reports ? &phrasing->reports[syntax->number] : NULL;
    if (phrasing_is_constant(syntax)) {
        *ret_value = (struct cel_value){syntax->type, syntax->datum};
        return true;
    }
    if (!report || report->outcome != CEL_HAS_VALUE)
        return false;
    *ret_value = report->value;
    return true;
}

bool phrasing_mentions(const struct syntax *syntax, const char *fact)
{
    if (syntax->kind != SYNTAX_HAS && syntax->fact && fact && text_equal(syntax->fact, fact))
        return true;
    for (size_t i = 0; i < syntax->count; i++)
        if (phrasing_mentions(syntax->items[i], fact))
            return true;
    return false;
}

/* A guard before what it guards goes without saying. */
static bool is_guard(const struct syntax *syntax, size_t at)
{
    if (syntax->kind != SYNTAX_AND || syntax->items[at]->kind != SYNTAX_HAS)
        return false;
    for (size_t other = at + 1; other < syntax->count; other++)
        if (phrasing_mentions(syntax->items[other], syntax->items[at]->fact))
            return true;
    return false;
}

bool phrasing_needs_all(const struct syntax *syntax, bool is_so)
{
    return (syntax->kind == SYNTAX_AND) == is_so;
}

bool phrasing_is_joint(const struct syntax *syntax)
{
    return syntax->kind == SYNTAX_AND || syntax->kind == SYNTAX_OR;
}

/* Adds the parts of `syntax`, and instead of one of the same kind its own. */
static size_t parts_add(const struct syntax *syntax, bool is_so, struct part *parts, size_t count)
{
    for (size_t i = 0; i < syntax->count; i++) {
        struct part part = {syntax->items[i], is_so};
        if (is_so && is_guard(syntax, i))
            continue;
        for (; phrasing_is_not(part.syntax); part.is_so = !part.is_so)
            part.syntax = part.syntax->items[0];
        if (phrasing_is_joint(part.syntax) &&
            phrasing_needs_all(part.syntax, part.is_so) == phrasing_needs_all(syntax, is_so))
            count = parts_add(part.syntax, part.is_so, parts, count);
        else if (count < PHRASING_ITEMS)
            parts[count++] = part;
    }
    return count;
}

size_t phrasing_parts(const struct syntax *syntax, bool is_so, struct part *ret_parts)
{
    if (phrasing_is_joint(syntax))
        return parts_add(syntax, is_so, ret_parts, 0);
    ret_parts[0] = (struct part){syntax, is_so};
    return 1;
}

const char *phrasing_words(const struct comparison *comparison)
{
    return comparison->left->type->kind == CEL_TIMESTAMP ? relations[comparison->relation].words_of_time
                                                         : relations[comparison->relation].words;
}

enum relation phrasing_denied(enum relation relation)
{
    return relations[relation].denied;
}
