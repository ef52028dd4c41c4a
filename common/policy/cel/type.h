/* type: what the compiler does with types and untyped data. */
#ifndef BELLHOP_POLICY_CEL_TYPE_H
#define BELLHOP_POLICY_CEL_TYPE_H

#include "common/policy/cel/pool.h"
#include "common/policy/cel/value.h"

/* The type without parts that has this kind. */
const struct cel_type *type_scalar(enum cel_kind kind);
const struct cel_type *type_copy(struct pool *pool, const struct cel_type *type);
const struct cel_type *type_list(struct pool *pool, const struct cel_type *element);

/* The least type that both fit, or NULL. CEL_NEVER fits all. It is made in the pool when it is neither's;
 * without a pool, the one of the two that says more. */
const struct cel_type *type_join(struct pool *pool, const struct cel_type *a, const struct cel_type *b);
/* Whether an `is` can stand where a `wanted` is asked for. */
bool type_fits(const struct cel_type *is, const struct cel_type *wanted);

bool datum_equal(const struct cel_type *type, const union cel_datum *a, const union cel_datum *b);
/* A copy with everything it points to but messages. */
union cel_datum datum_copy(struct pool *pool, const struct cel_type *type, const union cel_datum *datum);

#endif
