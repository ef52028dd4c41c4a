/* pool: memory that is given piece by piece and freed whole; it grows as needed. */
#ifndef BELLHOP_POLICY_CEL_POOL_H
#define BELLHOP_POLICY_CEL_POOL_H

#include <stddef.h>

struct pool;

struct pool *pool_new(void);
void pool_free(struct pool *pool);

/* Zeroed, aligned to 16 bytes; aborts when memory runs out. */
void *pool_allocate(struct pool *pool, size_t size);
/* A NUL-terminated copy. */
char *pool_text(struct pool *pool, const char *bytes, size_t size);
char *pool_print(struct pool *pool, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define POOL_NEW(pool, type)          ((type *)pool_allocate((pool), sizeof(type)))
#define POOL_ARRAY(pool, type, count) ((type *)pool_allocate((pool), sizeof(type) * (count)))

#endif
