/* log: one line at a time, put together and written at once. */
#include "common/service/log.h"

#include "common/base/auto.h"
#include "common/base/clock.h"
#include "common/base/time.h"
#include "common/base/text.h"

#include <inttypes.h>
#include <unistd.h>

/* The sink: the one piece of state that is the whole process's. */
static struct {
    const char *service;
    enum log_format format;
    enum log_level least;
    int fd;
} sink = {.service = "bellhop", .fd = STDERR_FILENO};

static const char *level_name(enum log_level level)
{
    static const char *const names[] = {
        [LOG_DEBUG] = "debug", [LOG_INFO] = "info", [LOG_WARNING] = "warning", [LOG_ERROR] = "error"};
    return names[level];
}

void log_open(const char *service, enum log_format format, enum log_level least, int fd)
{
    sink.service = service;
    sink.format = format;
    sink.least = least;
    sink.fd = fd;
}

static void append_value(struct bytes *line, const struct log_field *field)
{
    switch (field->kind) {
    case LOG_FIELD_TEXT:
        text_append_quoted(line, field->text);
        break;
    case LOG_FIELD_INTEGER:
        bytes_append_format(line, "%" PRId64, field->integer);
        break;
    case LOG_FIELD_NUMBER:
        bytes_append_format(line, "%g", field->number);
        break;
    case LOG_FIELD_BOOL:
        bytes_append_text(line, field->is_true ? "true" : "false");
        break;
    }
}

static void append_as_text(struct bytes *line, const char *time, enum log_level level, const char *id,
                           const char *sentence, const struct log_field *fields)
{
    bytes_append_format(line, "%s %-7s %s %s %s", time, level_name(level), sink.service, id, sentence);
    for (; fields->name; fields++) {
        bytes_append_format(line, " %s=", fields->name);
        append_value(line, fields);
    }
}

static void append_as_json(struct bytes *line, const char *time, enum log_level level, const char *id,
                           const char *sentence, const struct log_field *fields)
{
    bytes_append_format(
        line, "{\"time\":\"%s\",\"level\":\"%s\",\"service\":\"%s\",\"event\":\"%s\",\"message\":", time,
        level_name(level), sink.service, id);
    text_append_quoted(line, sentence);
    for (; fields->name; fields++) {
        bytes_append_format(line, ",\"%s\":", fields->name);
        append_value(line, fields);
    }
    bytes_append_u8(line, '}');
}

void log_write(enum log_level level, const char *id, const char *sentence, const struct log_field *fields)
{
    if (level < sink.least)
        return;
    char time[TIME_TEXT_SIZE];
    int64_t now_us = clock_utc_us();
    time_format(now_us - now_us % 1000, time);
    AUTO_CLEAR(bytes) line = {0};
    switch (sink.format) {
    case LOG_AS_TEXT:
        append_as_text(&line, time, level, id, sentence, fields);
        break;
    case LOG_AS_JSON:
        append_as_json(&line, time, level, id, sentence, fields);
        break;
    }
    bytes_append_u8(&line, '\n');
    if (write(sink.fd, line.data, line.size) < 0)
        return; /* there is nowhere left to write it */
}
