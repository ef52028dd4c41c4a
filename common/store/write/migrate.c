/* migrate: the schema brought up to date by a program that does nothing else, without the writer's lock. */
#include "common/store/write/writer.h"

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/store/schema/schema.h"
#include "common/store/session/session.h"

struct migration {
    struct session *session;
    struct schema *schema;
    const struct writer_calls *calls;
    char why[WHY_SIZE];
    bool is_done;
    bool is_over; /* done, or refused */
};

static void migration_done(void *owner, const struct schema_result *result)
{
    struct migration *migration = owner;
    text_copy(migration->why, sizeof migration->why, result->fault ? result->fault : "");
    migration->is_done = !result->fault;
    migration->is_over = migration->is_done || result->is_refused;
    if (migration->is_done && migration->calls->on_schema)
        migration->calls->on_schema(migration->calls->owner, result->applied, result->version,
                                    result->missing_roles);
    schema_free(TAKE(migration->schema));
}

static void migration_opened(void *owner)
{
    struct migration *migration = owner;
    migration->schema = schema_apply(migration->session, migration_done, migration);
}

static void migration_lost(void *owner, const char *why)
{
    struct migration *migration = owner;
    text_copy(migration->why, sizeof migration->why, why);
}

int writer_migrate(struct loop *loop, const char *url, int64_t timeout_ms, const struct writer_calls *calls,
                   char *why, size_t why_size)
{
    struct migration migration = {.calls = calls, .why = "no answer from the database"};
    const struct session_options options = {.url = url,
                                            .name = "bellhop-persist --migrate",
                                            .setup = "SET client_min_messages = error; SET timezone = 'UTC'"};
    const struct session_calls session_calls = {
        .on_open = migration_opened, .on_lost = migration_lost, .owner = &migration};
    migration.session = session_open(loop, &options, &session_calls);
    int64_t until_ms = clock_monotonic_ms() + timeout_ms, left_ms;
    while (!migration.is_over && (left_ms = until_ms - clock_monotonic_ms()) > 0)
        loop_turn(loop, left_ms);
    session_close(migration.session);
    schema_free(migration.schema);
    text_copy(why, why_size, migration.why);
    return migration.is_done ? 0 : 1;
}
