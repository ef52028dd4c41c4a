/* cell: reads the cell's folder, and looks at its log. */
#include "tests/demo/cell.h"

#include "common/base/file.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/base/time.h"
#include "common/wire/wire.h"
#include "services/cli/log/history.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>

enum { FIRST_SEQ = 1, FILE_BYTES = 1 << 20, PATH_BYTES = 4096 };

static const struct {
    const char *name;
    size_t at;
} endpoints[] = {
    {"BELLHOP_PUBLISH", offsetof(struct command_settings, publish)},
    {"BELLHOP_APPEND", offsetof(struct command_settings, append)},
    {"BELLHOP_SUBSCRIBE", offsetof(struct command_settings, subscribe)},
    {"BELLHOP_DATABASE_URL", offsetof(struct command_settings, database_url)},
};

static const char **endpoint(struct cell *cell, size_t index)
{
    return (const char **)(void *)((char *)&cell->settings + endpoints[index].at);
}

static int file_read(const char *folder, const char *name, struct bytes *into)
{
    char path[PATH_BYTES];
    text_format(path, sizeof path, "%s/%s", folder, name);
    int rc = file_read_all(path, FILE_BYTES, into);
    if (rc == 0)
        return EXIT_DONE;
    command_complain(
        "%s is not the folder of a cell of the demo (could not read %s: %s); `make demo` starts one", folder,
        path, strerror(-rc));
    return EXIT_USAGE;
}

/* Lines NAME='value'. */
static int env_read(struct cell *cell, const char *folder)
{
    char *rest = (char *)bytes_text(&cell->env), *line;
    while ((line = strsep(&rest, "\n"))) {
        char *equals = strstr(line, "='"), *quote = strrchr(line, '\'');
        if (!equals || quote <= equals + 1)
            continue;
        *equals = *quote = 0;
        for (size_t i = 0; i < COUNT_OF(endpoints); i++)
            if (text_equal(line, endpoints[i].name))
                *endpoint(cell, i) = equals + 2;
    }
    for (size_t i = 0; i < COUNT_OF(endpoints); i++) {
        if (*endpoint(cell, i))
            continue;
        command_complain("%s/env does not say what %s is", folder, endpoints[i].name);
        return EXIT_USAGE;
    }
    return EXIT_DONE;
}

/* --- the log --- */

static bool note_document(void *owner, const struct history_event *event)
{
    struct bytes *document = owner;
    if (event->event->body_case == WIRE_EVENT__BODY_POLICY_PROPOSED)
        bytes_append_slice(document, wire_slice(event->event->policy_proposed->document));
    return false;
}

static int head_check(struct reader *reader, const char *folder)
{
    struct log_head head;
    char at[TIME_TEXT_SIZE];
    int rc = history_read_head(reader, &head);
    if (rc != EXIT_DONE || head.head == FIRST_SEQ)
        return rc;
    if (head.head < FIRST_SEQ) {
        command_complain("the log of the cell in %s is empty: its policy has not been proposed yet", folder);
        return EXIT_UNREACHABLE;
    }
    time_format(head.recorded_at, at);
    command_complain("the cell in %s has lived: its log holds %" PRIu64
                     " events, the last of %s; the demo plays on a fresh cell "
                     "of its own, and `make demo` starts one",
                     folder, head.head, at);
    return EXIT_USAGE;
}

static int policy_check(struct reader *reader, const struct cell *cell, const char *folder)
{
    AUTO_CLEAR(bytes) document = {.size = 0};
    int rc = history_read_event(reader, FIRST_SEQ, note_document, &document);
    if (rc == EXIT_UNREACHABLE || slice_equal(bytes_slice(&document), bytes_slice(&cell->policy)))
        return rc;
    command_complain("the cell in %s was not started for the demo: its log does not begin with the policy "
                     "%s/retail.yaml; `make "
                     "demo` starts one",
                     folder, folder);
    return EXIT_USAGE;
}

static int log_check(const struct cell *cell, const char *folder)
{
    AUTO(reader) *reader = reader_open(&cell->settings);
    int rc = reader ? head_check(reader, folder) : EXIT_USAGE;
    return rc == EXIT_DONE ? policy_check(reader, cell, folder) : rc;
}

/* The policy names the folder: a copy of the shipped one would prove nothing. */
static int name_check(struct cell *cell, const char *folder)
{
    AUTO_TEXT char *whole = realpath(folder, NULL);
    if (whole && strstr(bytes_text(&cell->policy), whole))
        return EXIT_DONE;
    command_complain("%s/retail.yaml does not name that folder: it was not written for a cell of the demo",
                     folder);
    return EXIT_USAGE;
}

int cell_open(struct cell *cell, const char *folder)
{
    *cell = (struct cell){.settings = {.source = "demo"}};
    int rc = file_read(folder, "env", &cell->env);
    if (rc == EXIT_DONE)
        rc = file_read(folder, "retail.yaml", &cell->policy);
    if (rc == EXIT_DONE)
        rc = env_read(cell, folder);
    if (rc == EXIT_DONE)
        rc = name_check(cell, folder);
    return rc == EXIT_DONE ? log_check(cell, folder) : rc;
}

void cell_clear(struct cell *cell)
{
    bytes_clear(&cell->env);
    bytes_clear(&cell->policy);
}
