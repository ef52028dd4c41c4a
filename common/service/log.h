/* log: what the operator reads: time, level, service, stable event id, sentence, fields.
 *
 *   log_warning("database-away", "could not connect to the database, trying again",
 *               FIELD("reason", why), FIELD("in_ms", delay_ms));
 *
 *   2024-02-29T12:00:00.5Z warning persist database-away could not connect to the database, trying again
 *   reason="…" in_ms=200                                          (one line)
 *
 * Event ids are kebab-case and never change; sentences are lower case without a full stop and may be
 * reworded. Values that change go into fields, text values are quoted and escaped. One line is one write(2)
 * to standard error. The sink is the process's only log, to be used from one thread. */
#ifndef BELLHOP_SERVICE_LOG_H
#define BELLHOP_SERVICE_LOG_H

#include <stdbool.h>
#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };
enum log_format { LOG_AS_TEXT, LOG_AS_JSON };
enum { LOG_FIELDS_MOST = 15 };

struct log_field {
    const char *name; /* snake_case; NULL ends the fields */
    enum { LOG_FIELD_TEXT, LOG_FIELD_INTEGER, LOG_FIELD_NUMBER, LOG_FIELD_BOOL } kind;
    union {
        const char *text; /* NULL is written as "" */
        int64_t integer;
        double number;
        bool is_true;
    };
};

/* A field of the value's own type: text, any integer, double or bool. */
/* clang-format off */
#define FIELD(name, value)                                                                                   \
    _Generic((value), char *: log_field_text, const char *: log_field_text, bool: log_field_bool,            \
             float: log_field_number, double: log_field_number,                                              \
             default: log_field_integer)((name), (value))
/* clang-format on */

#define log_debug(id, sentence, ...)   LOG_AT(LOG_DEBUG, id, sentence, ##__VA_ARGS__)
#define log_info(id, sentence, ...)    LOG_AT(LOG_INFO, id, sentence, ##__VA_ARGS__)
#define log_warning(id, sentence, ...) LOG_AT(LOG_WARNING, id, sentence, ##__VA_ARGS__)
#define log_error(id, sentence, ...)   LOG_AT(LOG_ERROR, id, sentence, ##__VA_ARGS__)
#define LOG_AT(level, id, sentence, ...)                                                                     \
    log_write(level, id, sentence, (const struct log_field[LOG_FIELDS_MOST + 1]){__VA_ARGS__})

void log_write(enum log_level level, const char *id, const char *sentence, const struct log_field *fields);

/* service_start() does it; `service` must outlive the log. Lines below `least` are not written. */
void log_open(const char *service, enum log_format format, enum log_level least, int fd);

static inline struct log_field log_field_text(const char *name, const char *text)
{
    return (struct log_field){.name = name, .kind = LOG_FIELD_TEXT, .text = text};
}

static inline struct log_field log_field_integer(const char *name, int64_t integer)
{
    return (struct log_field){.name = name, .kind = LOG_FIELD_INTEGER, .integer = integer};
}

static inline struct log_field log_field_number(const char *name, double number)
{
    return (struct log_field){.name = name, .kind = LOG_FIELD_NUMBER, .number = number};
}

static inline struct log_field log_field_bool(const char *name, bool is_true)
{
    return (struct log_field){.name = name, .kind = LOG_FIELD_BOOL, .is_true = is_true};
}

#endif
