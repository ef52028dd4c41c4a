/* difference: what changes from one policy to another, in words. */
#ifndef BELLHOP_POLICY_EXPLAIN_DIFFERENCE_H
#define BELLHOP_POLICY_EXPLAIN_DIFFERENCE_H

#include "common/base/bytes.h"
#include "common/policy/rules/policy.h"

/* A line for each change, and further lines behind blanks. Returns how many changes there are. */
size_t difference_write(const struct policy *before, const struct policy *after, struct bytes *into);

/* A store, and those of its people: so many levels of the ladder, from the lowest on, are there. */
struct difference_place {
    const char *store_id;
    unsigned levels;
};

/* The same for the people of one store, both policies as they hold there: a sentence for each change that is theirs, one
 * behind the other, up to about `most` bytes, then how many more there are. Returns how many changes there are. */
size_t difference_write_place(const struct policy *before, const struct policy *after,
                              const struct difference_place *place, size_t most, struct bytes *into);

#endif
