/* stores: which stores have an interaction of a name: ids of contacts are a store's own, so that two may have the same. */
#ifndef BELLHOP_CLI_LOOK_STORES_H
#define BELLHOP_CLI_LOOK_STORES_H

#include <stdbool.h>
#include <stddef.h>

/* All zero is a good beginning. */
struct stores {
    char **ids;
    size_t count;
};

/* What was found there is asked for: `wanted` is that store, or NULL, and then the store is remembered. */
bool stores_ask(struct stores *stores, const char *wanted, const char *store_id);
/* Whether it is still open which of several is meant; complains and asks for --store. */
bool stores_complain(const struct stores *stores, const char *interaction_id);
void stores_clear(struct stores *stores);

#endif
