/* loading: the parts of the policy loader, each for one section of the document. Internal to common/policy.
 */
#ifndef BELLHOP_POLICY_LOAD_LOADING_H
#define BELLHOP_POLICY_LOAD_LOADING_H

#include "common/policy/load/document.h"
#include "common/policy/rules/rule.h"

/* Carried through one load. */
struct loading {
    struct policy *policy;
    struct policy_findings *findings;
    struct cel_environment *environment; /* what every rule may name */
    WireZoneTable *const *zones;
    size_t zone_count;
    const struct overriding *overriding; /* NULL: the policy itself is loaded */
    struct node *to;                     /* whom the rule being read escalates to, by an override */
};

/* ---- scalar.c, figure_load.c */

/* Remembered as a length of time that the policy names. False: the text is none. */
bool take_duration(struct loading *loading, const char *text, int64_t *ret_us);
/* False with a finding: it is a list or a mapping. */
bool is_text(struct loading *loading, const struct node *node, const char *expected);
bool read_duration(struct loading *loading, const struct node *node, int64_t *ret_us);
/* Of a currency of the policy; without a name the first one. */
bool read_money_in(struct loading *loading, const struct node *node, const char *currency,
                   int64_t *ret_minor);
bool read_money(struct loading *loading, const struct node *node, int64_t *ret_minor);
bool read_integer(struct loading *loading, const struct node *node, int64_t least, int64_t most,
                  int64_t *ret_value);
/* A word of A-Z a-z 0-9 _ - with at most `most` characters; NULL with a finding. */
const char *read_word(struct loading *loading, const struct node *node, size_t most);
const char *read_text(struct loading *loading, const struct node *node);
/* One of `words`, ended by NULL, "" standing for no word; -1 with a finding. */
int read_choice(struct loading *loading, const struct node *node, const char *const *words);
void read_figures(struct loading *loading, struct node *node);
/* The value of a figure. */
bool read_figure(struct loading *loading, const struct node *node, struct figure *ret_figure);

/* ---- product_load.c */

void read_products(struct loading *loading, struct node *node);
/* ---- calendar_load.c */

/* The name and the table of a zone; of UTC NULL. */
bool read_zone(struct loading *loading, const struct node *node, const char **ret_name,
               const struct zone **ret_zone);
/* The section of calendars, and one of them by its name; of "always" NULL. */
void read_calendars(struct loading *loading, const struct node *node);
bool read_calendar(struct loading *loading, const struct node *node, const struct calendar **ret_calendar);

/* ---- scope_load.c */

/* Zone and calendar of all stores, the calendars, and the stores. */
void read_places(struct loading *loading, struct node *root);

/* ---- ladder_load.c */

void read_ladder(struct loading *loading, struct node *ladder, struct node *authority);

struct level_change;

/* What an override says of a level. */
bool read_level_change(struct loading *loading, struct node *node, struct level_change *ret_change);

/* ---- vocabulary.c: the names that expressions may use */

/* Of every rule of what is being loaded. */
struct cel_environment *vocabulary_of_policy(const struct loading *loading);
/* Of one rule, by what triggers it. */
struct cel_environment *vocabulary_of_rule(const struct cel_environment *common, const struct rule *rule);

/* What stands for a role where one is expected: "covering", "above", "present". */
bool is_role_word(const char *text);

enum words { WORDS_NONE, WORDS_ROLES, WORDS_SEVERITIES, WORDS_FEELINGS };

/* `environment` and the words that stand for numbers or roles in one place of an action. */
struct cel_environment *vocabulary_with(const struct cel_environment *environment, enum words words);

/* ---- trigger_load.c */

bool read_trigger(struct loading *loading, const struct node *node, struct rule *rule);

/* ---- expression.c */

struct compiling {
    struct loading *loading;
    const struct cel_environment *environment; /* of the rule */
    const struct cel_program *given;           /* its condition */
};

bool read_expression(const struct compiling *compiling, const struct node *node,
                     const struct cel_type *expected, enum words words, struct expression *ret_expression);
bool read_sentence(const struct compiling *compiling, const struct node *node, struct sentence *ret_sentence);

/* ---- action_load.c */

void read_actions(const struct compiling *compiling, struct node *node, struct rule *rule);

/* ---- override_load.c, rule_override.c */

/* The section of overrides, once all else is read; then each of them is tried on its own. */
void read_overrides(struct loading *loading, struct node *node);
void check_overrides(struct loading *loading);

/* What overrides change of a rule. */
struct rule_override {
    bool is_changed, is_off;
    struct node *to; /* NULL: as the rule says */
    const struct figure_change *figures[64];
    unsigned figure_count;
};

void override_rule(const struct loading *loading, const struct node *rule,
                   struct rule_override *ret_override);

/* ---- rule_load.c */

void read_rules(struct loading *loading, struct node *node);

#endif
