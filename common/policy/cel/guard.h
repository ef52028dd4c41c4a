/* guard: which facts are known to be there, because has() was asked on the way. */
#ifndef BELLHOP_POLICY_CEL_GUARD_H
#define BELLHOP_POLICY_CEL_GUARD_H

#include "common/policy/cel/pool.h"

#include <stdbool.h>

struct syntax;

struct guard {
    const char *path;
    const struct guard *next;
};

enum { GUARDS_MOST = 256 }; /* paths in a set; further ones do not count as guarded */

/* A set of paths. `is_all`: of a case that cannot happen, as when `false` is true, everything holds. */
struct guards {
    bool is_all;
    unsigned count;
    const struct guard *first;
};

bool guards_hold(const struct guards *guards, const char *path);
struct guards guards_union(struct pool *pool, const struct guards *a, const struct guards *b);

/* Fill in syntax->when[false] and [true], from those of its items. */
void guards_complete(struct pool *pool, struct syntax *syntax);

#endif
