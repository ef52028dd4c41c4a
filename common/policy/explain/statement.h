/* statement: what a policy says beside its rules, a sentence each. Internal to common/policy.
 *
 * A sentence has a key that stays when its figures change: explain prints the sentences, difference compares
 * those of one key, so whatever the one tells, the other notices. */
#ifndef BELLHOP_POLICY_EXPLAIN_STATEMENT_H
#define BELLHOP_POLICY_EXPLAIN_STATEMENT_H

#include "common/base/bytes.h"
#include "common/policy/rules/scope.h"

struct statement {
    const char *section; /* a heading; static */
    char *key;
    char *within; /* the override it belongs to; NULL: none */
    char *text;   /* may go on behind line feeds */
    char *note;   /* told beside it, but not compared: what follows from other sentences */
};

/* All zero is empty. */
struct statements {
    struct statement *items;
    size_t count;
};

void statements_clear(struct statements *statements);
/* NULL: none of this key. */
const struct statement *statements_find(const struct statements *statements, const char *key);

/* What is in `text` under a key of one word, a colon and a name, and `text` emptied. */
void statement_add(struct statements *into, const char *section, const char *kind, const char *name,
                   struct bytes *text);
/* To the last one; what is given is copied, `text` emptied. */
void statement_within(struct statements *into, const char *override);
void statement_note(struct statements *into, struct bytes *text);

/* "May give up to 50.00 EUR at once, …" of one level and currency. */
void statement_write_limits(const struct limits *limits, const char *currency, struct bytes *into);

#endif
