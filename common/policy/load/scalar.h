/* scalar: durations, money, whole numbers, words and texts as a policy writes them. What returns false or NULL has added
 * a finding, but for scalar_parse_duration(). */
#ifndef BELLHOP_POLICY_LOAD_SCALAR_H
#define BELLHOP_POLICY_LOAD_SCALAR_H

#include "common/policy/load/loading.h"

/* Remembered as a length of time that the policy names. False: the text is none. */
bool scalar_parse_duration(struct loading *loading, const char *text, int64_t *ret_us);
/* False with a finding: it is a list or a mapping. */
bool scalar_is_text(struct loading *loading, const struct node *node, const char *expected);
bool scalar_read_duration(struct loading *loading, const struct node *node, int64_t *ret_us);
/* Of a currency of the policy; without a name the first one. */
bool scalar_read_money_in(struct loading *loading, const struct node *node, const char *currency,
                          int64_t *ret_minor);
bool scalar_read_money(struct loading *loading, const struct node *node, int64_t *ret_minor);
bool scalar_read_integer(struct loading *loading, const struct node *node, int64_t least, int64_t most,
                         int64_t *ret_value);
/* A word of A-Z a-z 0-9 _ - with at most `most` characters; NULL with a finding. */
const char *scalar_read_word(struct loading *loading, const struct node *node, size_t most);
const char *scalar_read_text(struct loading *loading, const struct node *node);
/* One of `words`, ended by NULL, "" standing for no word; -1 with a finding. */
int scalar_read_choice(struct loading *loading, const struct node *node, const char *const *words);

#endif
