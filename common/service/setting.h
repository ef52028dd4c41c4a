/* setting: a service's settings: one table, read from the environment into its config struct.
 *
 *   struct ingest_config { const char *publish_endpoint; struct duration grace; int64_t most_events; };
 *   static const struct setting ingest_settings[] = {
 *       SETTING(struct ingest_config, grace, "BELLHOP_INGEST_GRACE", "10s", "how long a stop waits"),
 *   };
 *
 * The parser is chosen by the field's own type: const char *, bool, int64_t, struct duration, struct
 * byte_size. A default of NULL makes a setting required. A value that is set but empty counts as not set. */
#ifndef BELLHOP_SERVICE_SETTING_H
#define BELLHOP_SERVICE_SETTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct duration {
    int64_t ms; /* written with a unit: "250ms", "5min" */
};

struct byte_size {
    int64_t bytes; /* written with a unit: "64KiB" */
};

enum setting_kind { SETTING_TEXT, SETTING_BOOL, SETTING_INTEGER, SETTING_DURATION, SETTING_SIZE };

struct setting {
    const char *name;     /* the environment variable */
    const char *fallback; /* as it would be written there; NULL: required */
    const char *help;     /* one sentence, lower case, no full stop */
    size_t offset;
    enum setting_kind kind;
    int64_t least; /* of an integer; 0 unless SETTING_BETWEEN says otherwise */
    int64_t most;
};

#define SETTING(config, field, name, fallback, help)                                                         \
    SETTING_BETWEEN(config, field, name, fallback, help, 0, INT64_MAX)

/* clang-format off */
#define SETTING_BETWEEN(config, field, name_, fallback_, help_, least_, most_)                               \
    {                                                                                                        \
        .name = name_, .fallback = fallback_, .help = help_, .offset = offsetof(config, field),              \
        .kind = _Generic(((config){}).field, const char *: SETTING_TEXT, bool: SETTING_BOOL,                 \
                         int64_t: SETTING_INTEGER, struct duration: SETTING_DURATION,                        \
                         struct byte_size: SETTING_SIZE),                                                    \
        .least = least_, .most = most_,                                                                      \
    }
/* clang-format on */

/* Reads all of `settings` into `config`. Text values point into the environment or the table. 0 or -EINVAL
 * with the variable, the value complained of and what is expected in `why`. */
int settings_read(const struct setting *settings, size_t count, void *config, char *why, size_t why_size);

/* The table for people, two lines a setting. */
void settings_print(const struct setting *settings, size_t count, FILE *out);

#endif
