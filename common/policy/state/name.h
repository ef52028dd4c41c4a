/* name: ids of people and places, kept once however often the state mentions them. */
#ifndef BELLHOP_POLICY_STATE_NAME_H
#define BELLHOP_POLICY_STATE_NAME_H

#include "common/base/map.h"

struct names {
    struct map map;
    size_t bytes;
};

void names_init(struct names *names, uint64_t seed);
void names_clear(struct names *names);

/* Let `*slot`, which holds a name or NULL, hold `text` (which may be NULL). With `names` NULL the text is
 * borrowed instead: what deciding looks at is gone before the event is. */
void name_set(struct names *names, const char **slot, const char *text);

/* The same for what is seldom mentioned twice: a copy of its own. */
void name_own(struct names *names, const char **slot, const char *text);

#endif
