/* schema: brings a database's tables to what this program knows, on a session.
 *
 * The migrations of common/store/schema/migrations are applied in order, each once and in a transaction of its own, and
 * remembered with a checksum: one that was changed afterwards is refused, and so is a database that is newer than the
 * program. Then the shapes of our messages are written down for SQL's bellhop.decode(), and the roles are granted
 * what they may read. Several programs may do this at the same time. */
#ifndef BELLHOP_STORE_SCHEMA_SCHEMA_H
#define BELLHOP_STORE_SCHEMA_SCHEMA_H

#include "common/base/auto.h"

#include <stdbool.h>

struct session;

struct schema_result {
    const char *fault;         /* NULL: the tables are as they should be */
    bool is_refused;           /* trying again will not help */
    int applied;               /* migrations that were new to the database */
    int version;               /* the number of the last one */
    const char *missing_roles; /* those that could not be created for want of the right, or "" */
};
typedef void schema_done(void *owner, const struct schema_result *result);

/* `session` has no other job until `done` is called; that may free the schema. */
struct schema;
struct schema *schema_apply(struct session *session, schema_done *done, void *owner);
void schema_free(struct schema *schema);
AUTO_FREE(schema)

#endif
