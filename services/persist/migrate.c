/* migrate: the schema alone. */
#include "services/persist/migrate.h"

#include "common/store/schema/migration.h"

enum { MIGRATE_WITHIN_MS = 60000 };

void migrate_log(int *logged_version, const struct schema_result *result)
{
    if (!result->applied && result->version == *logged_version)
        return;
    log_info(result->applied ? "schema-migrated" : "schema-current",
             result->applied ? "brought the schema up to date" : "the schema is up to date",
             FIELD("migrations", result->applied), FIELD("version", result->version));
    if (result->missing_roles[0])
        log_warning(
            "roles-missing",
            "not allowed to create the readers' roles; create them and run bellhop-persist --migrate again",
            FIELD("roles", result->missing_roles));
    *logged_version = result->version;
}

static void migrated(void *owner, const struct schema_result *result)
{
    int *exit_code = owner, nothing_logged = 0;
    *exit_code = result->fault != NULL;
    if (result->fault)
        log_error("schema-not-migrated", "could not bring the schema up to date",
                  FIELD("reason", result->fault));
    else
        migrate_log(&nothing_logged, result);
}

int migrate_run(struct loop *loop, const struct persist_config *config)
{
    int exit_code = 1;
    migration_run(loop, config->database_url, MIGRATE_WITHIN_MS, migrated, &exit_code);
    return exit_code;
}
