/* selection: which decisions a stream asks for: patterns of topics, and an expression over the decision. */
#ifndef BELLHOP_RELAY_DELIVER_SELECTION_H
#define BELLHOP_RELAY_DELIVER_SELECTION_H

#include "common/base/auto.h"
#include "common/base/text.h"
#include "services/relay/stream/item.h"

#include <stdbool.h>
#include <stddef.h>

enum { SELECTION_TOPICS = 64 };

struct selection;

/* `filter` may be NULL or "". NULL when one of them is not well-formed, with the reason in `why`; then
 * *ret_is_filter says which it was. */
struct selection *selection_new(char *const *topics, size_t count, const char *filter, bool *ret_is_filter,
                                char why[static WHY_SIZE]);
void selection_free(struct selection *selection);
AUTO_FREE(selection)

/* Each pattern begins with words that topics have; false: `why` says which does not, and which words there are. */
bool selection_is_known(const struct selection *selection, char why[static WHY_SIZE]);

bool selection_wants(struct selection *selection, const struct item *item);

/* Of a snapshot: whoever wants openings also wants the cases that are open. */
bool selection_wants_open_case(struct selection *selection, const struct item *item);

/* The same patterns and the same expression. */
bool selection_is(const struct selection *selection, char *const *topics, size_t count, const char *filter);

/* As they were given; borrowed. */
char **selection_topics(const struct selection *selection, size_t *ret_count);
const char *selection_filter(const struct selection *selection);

#endif
