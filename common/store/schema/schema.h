/* schema: brings a database's tables to what this program knows.
 *
 * The migrations of common/store/schema/migrations are applied in order, each in a transaction of its own and once,
 * and remembered with a checksum: one that was changed afterwards, or a database that is newer than the
 * program, is refused. Then the shapes of our messages are written down for SQL's bellhop.decode(), and the
 * roles are granted what they may read. Several programs may do it at the same time. For the store floor's
 * own use. */
#ifndef BELLHOP_STORE_SCHEMA_SCHEMA_H
#define BELLHOP_STORE_SCHEMA_SCHEMA_H

#include "common/store/session/session.h"

struct schema;

struct schema_result {
    const char *fault;         /* NULL: the tables are as they should be */
    bool is_refused;           /* trying again will not help */
    int applied;               /* migrations that were new to the database */
    int version;               /* the number of the last one */
    const char *missing_roles; /* those that could not be created for want of the right, or "" */
};
typedef void schema_done(void *owner, const struct schema_result *result);

/* `session` has no other job until `done` is called; that may free the schema. */
struct schema *schema_apply(struct session *session, schema_done *done, void *owner);
void schema_free(struct schema *schema);
AUTO_FREE(schema)

/* The statements, of a block of PL/pgSQL, that write down the shapes of our messages. */
void schema_shapes(struct bytes *sql);

#endif
