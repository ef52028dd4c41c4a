/* migrate: `bellhop-persist --migrate`, and what the log says of the schema. */
#ifndef BELLHOP_PERSIST_MIGRATE_H
#define BELLHOP_PERSIST_MIGRATE_H

#include "common/loop/loop.h"
#include "common/store/schema/schema.h"
#include "services/persist/config.h"

/* Bring the schema up to date, waiting up to a minute for the database. The exit code: 0, or 1 with the reason
 * logged. */
int migrate_run(struct loop *loop, const struct persist_config *config);

/* Log what was done to the schema, and which roles are missing. `logged_version` is the version that was logged last,
 * 0 before the first: a connection that brings nothing new is not logged. */
void migrate_log(int *logged_version, const struct schema_result *result);

#endif
