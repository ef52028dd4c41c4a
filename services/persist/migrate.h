/* migrate: `bellhop-persist --migrate`. */
#ifndef BELLHOP_PERSIST_MIGRATE_H
#define BELLHOP_PERSIST_MIGRATE_H

#include "common/loop/loop.h"
#include "services/persist/config.h"

/* Brings the schema up to date, waiting up to a minute for the database. The exit code: 0, or 1 with the
 * reason logged. */
int migrate(struct loop *loop, const struct persist_config *config);

/* Log what was done to the schema: migrations applied, its version, and roles that could not be created, or "".
 * The version that `told_version` holds has been told: nothing new is not told again with every connection. */
void migrate_tell(int *told_version, int applied, int version, const char *missing_roles);

#endif
