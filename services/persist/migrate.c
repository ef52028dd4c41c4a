/* migrate: the schema alone. */
#include "services/persist/migrate.h"

#include "common/base/text.h"
#include "common/store/write/writer.h"

enum { MIGRATE_WITHIN_MS = 60000 };

void migrate_tell(int *told_version, int applied, int version, const char *missing_roles)
{
    if (!applied && version == *told_version)
        return;
    log_info(applied ? "schema-migrated" : "schema-current",
             applied ? "brought the schema up to date" : "the schema is up to date",
             FIELD("migrations", applied), FIELD("version", version));
    if (missing_roles[0])
        log_warning(
            "roles-missing",
            "may not create the roles for readers; create them and run bellhop-persist --migrate again",
            FIELD("roles", missing_roles));
    *told_version = version;
}

static void tell(void *owner, int applied, int version, const char *missing_roles)
{
    migrate_tell(owner, applied, version, missing_roles);
}

int migrate(struct loop *loop, const struct persist_config *config)
{
    char why[WHY_SIZE];
    int told_version = 0;
    const struct writer_calls calls = {.on_schema = tell, .owner = &told_version};
    if (writer_migrate(loop, config->database_url, MIGRATE_WITHIN_MS, &calls, why, sizeof why) == 0)
        return 0;
    log_error("schema-not-migrated", "could not bring the schema up to date", FIELD("reason", why));
    return 1;
}
