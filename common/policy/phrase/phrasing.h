/* phrasing: walking an expression's tree to say it. Internal to phrase. */
#ifndef BELLHOP_POLICY_PHRASE_PHRASING_H
#define BELLHOP_POLICY_PHRASE_PHRASING_H

#include "common/base/text.h"
#include "common/policy/cel/syntax.h"
#include "common/policy/phrase/phrase.h"

struct phrasing {
    const struct policy *policy;
    const struct cel_program *program;
    struct bytes *into;
    struct cel_report *reports; /* by node; NULL: no values are told */
    const char *indent;
    const char *currency; /* of the remedy or promise it is about; NULL: the policy's first */
};

/* --- what an expression consists of --- */

static inline bool phrasing_is_constant(const struct syntax *syntax)
{
    return syntax->kind == SYNTAX_LITERAL || syntax->is_folded;
}

static inline bool phrasing_is_not(const struct syntax *syntax)
{
    return syntax->kind == SYNTAX_OPERATOR && syntax->count == 1 && text_equal(syntax->name, "!_");
}

enum relation { EQUAL, UNEQUAL, LESS, AT_MOST, MORE, AT_LEAST, AMONG, NOT_AMONG, RELATIONS };

/* Which comparison it is; -1: none. */
int phrasing_relation(const struct syntax *syntax);

/* With the constant on the right. */
struct comparison {
    const struct syntax *left, *right;
    enum relation relation; /* as it stands then */
};

struct comparison phrasing_comparison(const struct syntax *syntax, int relation);

/* "at least "; of times "not before ". */
const char *phrasing_words(const struct comparison *comparison);
/* The opposite. */
enum relation phrasing_denied(enum relation relation);

/* `&&` or `||`. */
bool phrasing_is_joint(const struct syntax *syntax);
/* Somewhere within, but for guards. */
bool phrasing_mentions(const struct syntax *syntax, const char *fact);
bool phrasing_is_money(const struct syntax *syntax);

/* The value it had, or always has. */
bool phrasing_value(const struct phrasing *phrasing, const struct syntax *syntax,
                    struct cel_value *ret_value);

/* What is left to say of `a && b` or `a || b`, guards that go without saying left out; `ret_parts` has room
 * for PHRASING_ITEMS, and what is beyond is not said. */
enum { PHRASING_ITEMS = 64 };

struct part {
    const struct syntax *syntax;
    bool is_so;
};

size_t phrasing_parts(const struct syntax *syntax, bool is_so, struct part *ret_parts);
/* A `&&` that is so, or a `||` that is not. */
bool phrasing_needs_all(const struct syntax *syntax, bool is_so);

/* --- saying it --- */

/* "the time waited"; "5 min (patience)". */
void phrasing_operand(const struct phrasing *phrasing, const struct syntax *syntax);
/* "the time waited is at least 5 min (patience)", or its opposite. */
void phrasing_statement(const struct phrasing *phrasing, const struct syntax *syntax, bool is_so);
/* As an operand, in brackets where it consists of several. */
void phrasing_grouped(const struct phrasing *phrasing, const struct syntax *syntax);
/* "for the lead if the customer is hurried, otherwise for the manager"; `before` stands before each. */
void phrasing_choice(const struct phrasing *phrasing, const struct syntax *syntax, const char *before);
/* What was said from `begin` on, without the article it may begin with. */
void phrasing_drop_article(const struct phrasing *phrasing, size_t begin);
/* The value alone: "5 min". */
void phrasing_constant(const struct phrasing *phrasing, const struct syntax *syntax);
/* "at least 5 min (patience)". */
void phrasing_demand(const struct phrasing *phrasing, const struct comparison *comparison);

/* --- phrasing_text.c: texts put together --- */

/* `"for " + case.role`, which is said as "for [the level that has it]". */
bool phrasing_is_joined(const struct syntax *syntax);
void phrasing_joined(const struct phrasing *phrasing, const struct syntax *syntax);
/* The text without a character, which is nothing, or nobody. */
bool phrasing_is_empty(const struct syntax *syntax);
/* A text that ends with a full stop is said in quotes, without its blanks. */
bool phrasing_is_sentence(const struct syntax *syntax);
void phrasing_sentence(const struct phrasing *phrasing, const struct syntax *syntax);
/* Both are said alike: an amount in its own currency, or in the usual one. */
bool phrasing_is_alike(const struct phrasing *phrasing, const struct syntax *left,
                       const struct syntax *right);

/* As phrase_value, but an amount is in the currency it is about. */
void phrasing_write_value(const struct phrasing *phrasing, const struct cel_value *value, bool is_money);

void phrase_value(const struct policy *policy, const struct cel_value *value, bool is_money,
                  struct bytes *into);

#endif
