/* phrase: conditions and values of a policy as phrases that people read, with the values they had or without.
 *
 * Everything is appended to `into`. Times are UTC. */
#ifndef BELLHOP_POLICY_PHRASE_PHRASE_H
#define BELLHOP_POLICY_PHRASE_PHRASE_H

#include "common/base/bytes.h"
#include "common/policy/cel/template.h"
#include "common/policy/rules/policy_parts.h"

/* "the time waited is at least 5 min (hold lead)". */
void phrase_expression(const struct policy *policy, const struct cel_program *program, struct bytes *into);

/* A line for each term, behind `indent`: "yes  the time waited: 7 min 12 s; asked for: at least 5 min (hold
 * lead)". The activation's bindings are those of the rule. */
void phrase_terms(const struct policy *policy, const struct cel_program *program,
                  const struct cel_activation *activation, const char *indent, struct bytes *into);

/* Without its article: "promise" of "the promise". */
void phrase_kind(const struct policy *policy, const struct cel_program *program, struct bytes *into);

/* The same one term below the other: a line, or a heading and lines behind `indent` blanks and a dash. */
void phrase_condition(const struct policy *policy, const struct cel_program *program, unsigned indent,
                      struct bytes *into);

/* "for the lead if the customer is hurried, otherwise for the manager"; `before` ("for the ") stands before
 * each that is chosen from. */
void phrase_choice(const struct policy *policy, const struct cel_program *program, const char *before,
                   struct bytes *into);
/* The same with long conditions, one below the other behind `indent` blanks. */
void phrase_cases(const struct policy *policy, const struct cel_program *program, const char *before,
                  unsigned indent, struct bytes *into);

/* "On hold for [the time waited]". */
void phrase_template(const struct policy *policy, const struct cel_template *template, struct bytes *into);

/* "7 min 12 s"; "1 day 2 h". */
void phrase_duration(int64_t us, struct bytes *into);
/* "1,212.50 EUR". */
void phrase_money(int64_t minor, const char *currency, struct bytes *into);
void phrase_figure(const struct policy *policy, const struct figure *figure, struct bytes *into);
/* "2026-11-27 14:05", by the store's clock. */
void phrase_time(const struct policy *policy, const char *store_id, int64_t at, struct bytes *into);
/* "shift_lead" as "shift lead". */
void phrase_name(const char *name, struct bytes *into);
/* An enum's name, "NOT_HEARD" as "not heard". */
void phrase_enum(const ProtobufCEnumDescriptor *descriptor, int value, struct bytes *into);

/* A teller for the sentences that are read in that store: "4 min 10 s", "shift lead", and times by the store's clock. */
struct cel_teller phrase_teller(const struct policy *policy, const char *store_id);

/* --- phrase_fact.c: what facts are called --- */

struct fact_words {
    char text[96];
    bool is_statement;  /* of a truth: "the customer is hurried" */
    bool is_money;      /* a number of minor units */
    const char *denied; /* of a statement: its opposite; NULL: none is known */
    const char *one, *many,
        *where; /* of what is counted: "offer", "offers", "made so far"; NULL: it is not */
};

struct fact_words phrase_fact(const char *path);

#endif
