/* schema: one step after the other on a session: what is there, what is missing, the shapes, the grants. */
#include "common/store/schema/schema.h"

#include "common/base/digest.h"
#include "common/base/embedded.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/store/schema/shapes.h"
#include "common/store/session/session.h"
#include "common/store/session/literal.h"

#include <assert.h>
#include <stdlib.h>

#define MIGRATIONS_FOLDER "common/store/schema/migrations/"

/* Held by a transaction that changes the schema. */
#define SCHEMA_LOCK "SELECT pg_advisory_xact_lock(7019338452126);\n"

enum { MIGRATIONS_MOST = 999, CHECKSUM_TEXT_SIZE = 2 * CONTENT_HASH_SIZE + 1, RETRIES_MOST = 5 };

struct schema {
    struct session *session;
    schema_done *done;
    void *owner;
    struct bytes sql;
    int applied;
    int at;      /* number of the migration being applied */
    int retries; /* another program was faster */
};

static void look(struct schema *schema);
static void looked(void *owner, const struct session_answer *answer);
static void granted(void *owner, const struct session_answer *answer);

static void checksum_of(struct slice content, char into[static CHECKSUM_TEXT_SIZE])
{
    uint8_t hash[CONTENT_HASH_SIZE];
    digest_content(&content, 1, hash);
    text_format_hex(hash, sizeof hash, into);
}

/* Migration `number`, from 1; NULL is none. Files are sorted, 001_log.sql first. */
static const struct embedded_file *find_migration(int number)
{
    size_t at = 0;
    for (const struct embedded_file *file; (file = embedded_next(MIGRATIONS_FOLDER, &at));)
        if (atoi(file->path + strlen(MIGRATIONS_FOLDER)) == number)
            return file;
    return NULL;
}

static int count_migrations(void)
{
    int count = 0;
    while (find_migration(count + 1))
        count++;
    return count;
}

static struct slice content_of(const struct embedded_file *file)
{
    return slice_of(file->data, *file->size);
}

/* --- the end --- */

static void end(struct schema *schema, struct schema_result result)
{
    result.applied = schema->applied;
    result.version = count_migrations();
    if (!result.missing_roles)
        result.missing_roles = "";
    schema->done(schema->owner, &result);
}

static void fail(struct schema *schema, const char *fault)
{
    end(schema, (struct schema_result){.fault = fault});
}

static void refuse(struct schema *schema, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void refuse(struct schema *schema, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    AUTO_CLEAR(bytes) why = {0};
    bytes_append_format_list(&why, format, values);
    va_end(values);
    end(schema, (struct schema_result){.fault = bytes_text(&why), .is_refused = true});
}

/* --- migrations --- */

static void migrated(void *owner, const struct session_answer *answer)
{
    struct schema *schema = owner;
    if (!answer->fault) {
        schema->applied++;
        look(schema);
    } else if (!answer->is_lost && schema->retries++ < RETRIES_MOST &&
               text_starts_with(answer->sqlstate, "23505")) {
        look(schema);
    } else if (answer->is_lost) {
        fail(schema, answer->fault);
    } else {
        refuse(schema, "migration %d failed: %s", schema->at, answer->fault);
    }
}

/* The row comes first: if another program was faster, it fails before anything is made twice. */
static void apply_migration(struct schema *schema, int number)
{
    const struct embedded_file *file = find_migration(number);
    char checksum[CHECKSUM_TEXT_SIZE];
    checksum_of(content_of(file), checksum);
    schema->at = number;
    bytes_reset(&schema->sql);
    bytes_append_text(&schema->sql,
                      SCHEMA_LOCK "SET LOCAL statement_timeout = 0;\n"
                                  "INSERT INTO bellhop_log.migration (number, name, checksum) VALUES (");
    bytes_append_format(&schema->sql, "%d, ", number);
    literal_write_text(&schema->sql, file->path + strlen(MIGRATIONS_FOLDER));
    bytes_append_format(&schema->sql, ", '%s');\n", checksum);
    bytes_append_slice(&schema->sql, content_of(file));
    session_script(schema->session, bytes_text(&schema->sql), NULL, 0, migrated, schema);
}

/* --- shapes and grants --- */

/* They are replaced whenever they differ, so a program with new fields needs no migration for them. */
static void describe(struct schema *schema)
{
    AUTO_CLEAR(bytes) shapes = {0};
    shapes_write(&shapes);
    char checksum[CHECKSUM_TEXT_SIZE];
    checksum_of(bytes_slice(&shapes), checksum);
    bytes_reset(&schema->sql);
    bytes_append_text(&schema->sql,
                      SCHEMA_LOCK "DO $do$ BEGIN\nIF NOT EXISTS (SELECT FROM bellhop_log.shapes s"
                                  " WHERE s.checksum = ");
    literal_write_text(&schema->sql, checksum);
    bytes_append_text(&schema->sql, ") THEN\n");
    bytes_append_slice(&schema->sql, bytes_slice(&shapes));
    bytes_append_format(&schema->sql,
                        "DELETE FROM bellhop_log.shapes; INSERT INTO bellhop_log.shapes VALUES ('%s');\n"
                        "END IF;\nEND $do$;\nSELECT bellhop_log.grant_views()",
                        checksum);
    session_script(schema->session, bytes_text(&schema->sql), NULL, 0, granted, schema);
}

static void granted(void *owner, const struct session_answer *answer)
{
    struct schema *schema = owner;
    if (answer->fault) {
        fail(schema, answer->fault);
        return;
    }
    const char *missing = PQgetvalue(answer->results[answer->result_count - 1], 0, 0);
    end(schema, (struct schema_result){.missing_roles = missing});
}

/* --- what is there --- */

static void look(struct schema *schema)
{
    session_query(schema->session, "SELECT number, name, checksum FROM bellhop_log.migration ORDER BY number",
                  NULL, 0, looked, schema);
}

/* The first migration of the database that this program lacks or has otherwise; 0 if there is none. */
static int compare(const PGresult *result, bool *ret_is_newer)
{
    for (int i = 0; i < PQntuples(result); i++) {
        const struct embedded_file *file = find_migration(i + 1);
        *ret_is_newer = !file;
        if (!file)
            return i + 1;
        char checksum[CHECKSUM_TEXT_SIZE];
        checksum_of(content_of(file), checksum);
        if (!text_equal(checksum, PQgetvalue(result, i, 2)))
            return i + 1;
    }
    return 0;
}

static void looked(void *owner, const struct session_answer *answer)
{
    struct schema *schema = owner;
    if (answer->fault) {
        fail(schema, answer->fault);
        return;
    }
    const PGresult *result = answer->results[0];
    bool is_newer = false;
    int differs = compare(result, &is_newer);
    int there = PQntuples(result), known = count_migrations();
    assert(known > 0 && known < MIGRATIONS_MOST);
    if (is_newer)
        refuse(schema, "the schema has version %d, this program knows only %d; start a newer program", there,
               known);
    else if (differs)
        refuse(schema, "migration %s of the database is not the one this program has",
               PQgetvalue(result, differs - 1, 1));
    else if (there < known)
        apply_migration(schema, there + 1);
    else
        describe(schema);
}

static void began(void *owner, const struct session_answer *answer)
{
    struct schema *schema = owner;
    if (answer->fault)
        fail(schema, answer->fault);
    else
        look(schema);
}

struct schema *schema_apply(struct session *session, schema_done *done, void *owner)
{
    struct schema *schema = NEW(schema);
    schema->session = session;
    schema->done = done;
    schema->owner = owner;
    session_script(session,
                   SCHEMA_LOCK
                   "CREATE SCHEMA IF NOT EXISTS bellhop_log;\n"
                   "CREATE TABLE IF NOT EXISTS bellhop_log.migration (number integer PRIMARY KEY,"
                   " name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT"
                   " now());\nCREATE TABLE IF NOT EXISTS bellhop_log.shapes (checksum text NOT NULL)",
                   NULL, 0, began, schema);
    return schema;
}

void schema_free(struct schema *schema)
{
    if (!schema)
        return;
    bytes_clear(&schema->sql);
    free(schema);
}
