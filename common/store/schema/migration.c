/* migration: a session, the schema applied on it, and how that ended. */
#include "common/store/schema/migration.h"

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/store/session/session.h"

struct migration {
    struct session *session;
    struct schema *schema;
    schema_done *done;
    void *owner;
    char why[WHY_SIZE]; /* it is not done yet */
    bool is_over;
};

static void end(struct migration *migration, const struct schema_result *result)
{
    migration->is_over = true;
    migration->done(migration->owner, result);
}

/* A lost session connects again, and so tries again. */
static void applied(void *owner, const struct schema_result *result)
{
    struct migration *migration = owner;
    text_copy(migration->why, sizeof migration->why, text_or_empty(result->fault));
    if (!result->fault || result->is_refused)
        end(migration, result);
    schema_free(TAKE(migration->schema));
}

static void opened(void *owner)
{
    struct migration *migration = owner;
    migration->schema = schema_apply(migration->session, applied, migration);
}

static void lost(void *owner, const char *why)
{
    struct migration *migration = owner;
    text_copy(migration->why, sizeof migration->why, why);
}

void migration_run(struct loop *loop, const char *url, int64_t timeout_ms, schema_done *done, void *owner)
{
    struct migration migration = {.done = done, .owner = owner, .why = "no answer from the database"};
    const struct session_options options = {.url = url,
                                            .name = "bellhop-persist --migrate",
                                            .setup = "SET client_min_messages = error; SET timezone = 'UTC'"};
    const struct session_calls calls = {.on_open = opened, .on_lost = lost, .owner = &migration};
    migration.session = session_open(loop, &options, &calls);
    int64_t until_ms = clock_monotonic_ms() + timeout_ms, left_ms;
    while (!migration.is_over && (left_ms = until_ms - clock_monotonic_ms()) > 0)
        loop_turn(loop, left_ms);
    session_close(migration.session);
    schema_free(migration.schema);
    if (!migration.is_over)
        end(&migration, &(struct schema_result){.fault = migration.why, .missing_roles = ""});
}
