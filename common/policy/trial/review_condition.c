/* review_condition: conditions whose terms exclude each other. Each fact is followed as a range of numbers
 * through the terms that must all hold; what cannot be followed is left alone. */
#include "common/base/text.h"
#include "common/policy/cel/syntax.h"
#include "common/policy/trial/reviewing.h"

#include <string.h>

enum { RANGES = 32 };

struct range {
    const char *fact;
    int64_t least, most;
};

struct ranges {
    struct range items[RANGES];
    size_t count;
    bool is_empty;
};

/* Counts and durations are never below zero. */
static bool is_never_negative(const struct syntax *syntax)
{
    return syntax->type->kind == CEL_DURATION ||
           (syntax->type->kind == CEL_INT && syntax->fact && strncmp(syntax->fact, "event.", 6) != 0);
}

static struct range *range_of(struct ranges *ranges, const struct syntax *syntax)
{
    for (size_t i = 0; i < ranges->count; i++)
        if (text_equal(ranges->items[i].fact, syntax->fact))
            return &ranges->items[i];
    if (ranges->count == RANGES)
        return NULL;
    struct range *range = &ranges->items[ranges->count++];
    *range = (struct range){
        .fact = syntax->fact, .least = is_never_negative(syntax) ? 0 : INT64_MIN, .most = INT64_MAX};
    return range;
}

static bool number_of(const struct syntax *syntax, int64_t *ret_number)
{
    bool is_constant = syntax->kind == SYNTAX_LITERAL || syntax->is_folded;
    if (!is_constant || !syntax->type)
        return false;
    switch ((int)syntax->type->kind) {
    case CEL_INT:
    case CEL_ENUM:
        *ret_number = syntax->datum.integer;
        return true;
    case CEL_DURATION:
        *ret_number = syntax->datum.nanoseconds;
        return true;
    }
    return false;
}

static void narrow(struct ranges *ranges, struct range *range, const char *relation, bool is_mirrored,
                   int64_t number)
{
    static const char *const mirrored[][2] = {
        {"_<_", "_>_"}, {"_<=_", "_>=_"}, {"_>_", "_<_"}, {"_>=_", "_<=_"}};
    for (size_t i = 0; is_mirrored && i < 4; i++)
        if (text_equal(mirrored[i][0], relation)) {
            relation = mirrored[i][1];
            break;
        }
    int64_t least = INT64_MIN, most = INT64_MAX;
    if (text_equal(relation, "_==_"))
        least = most = number;
    else if (text_equal(relation, "_<_"))
        most = number == INT64_MIN ? number : number - 1;
    else if (text_equal(relation, "_<=_"))
        most = number;
    else if (text_equal(relation, "_>_"))
        least = number == INT64_MAX ? number : number + 1;
    else if (text_equal(relation, "_>=_"))
        least = number;
    range->least = least > range->least ? least : range->least;
    range->most = most < range->most ? most : range->most;
    ranges->is_empty |= range->least > range->most;
}

static void follow(struct ranges *ranges, const struct syntax *syntax)
{
    for (size_t i = 0; syntax->kind == SYNTAX_AND && i < syntax->count; i++)
        follow(ranges, syntax->items[i]);
    if (syntax->kind != SYNTAX_OPERATOR || syntax->count != 2)
        return;
    int64_t number;
    bool is_mirrored = number_of(syntax->items[0], &number);
    const struct syntax *fact = syntax->items[is_mirrored];
    if (!fact->fact || fact->kind == SYNTAX_HAS || strchr(fact->fact, '[') ||
        (!is_mirrored && !number_of(syntax->items[1], &number)))
        return;
    struct range *range = range_of(ranges, fact);
    if (range)
        narrow(ranges, range, syntax->name, is_mirrored, number);
}

static bool same_text(const struct cel_program *program, const struct syntax *a, const struct syntax *b)
{
    return a->place.size == b->place.size && !memcmp(program_text(program) + a->place.offset,
                                                     program_text(program) + b->place.offset, a->place.size);
}

/* x && !x */
static bool denies_itself(const struct cel_program *program, const struct syntax *syntax)
{
    for (size_t i = 0; i < syntax->count; i++)
        for (size_t other = 0; other < syntax->count; other++) {
            const struct syntax *denied = syntax->items[other];
            if (denied->kind == SYNTAX_OPERATOR && denied->count == 1 && text_equal(denied->name, "!_") &&
                same_text(program, syntax->items[i], denied->items[0]))
                return true;
        }
    return false;
}

/* All alternatives of an `||` must be empty. */
static bool is_empty(const struct cel_program *program, const struct syntax *syntax)
{
    struct ranges ranges = {.count = 0};
    if (syntax->kind == SYNTAX_OR) {
        for (size_t i = 0; i < syntax->count; i++)
            if (!is_empty(program, syntax->items[i]))
                return false;
        return true;
    }
    follow(&ranges, syntax);
    return ranges.is_empty || (syntax->kind == SYNTAX_AND && denies_itself(program, syntax));
}

const char *review_contradiction(const struct cel_program *program)
{
    const struct syntax *syntax = program_syntax(program);
    if ((syntax->kind == SYNTAX_LITERAL || syntax->is_folded) && !syntax->datum.truth)
        return "it is always false";
    return is_empty(program, syntax) ? "its terms exclude each other" : NULL;
}
