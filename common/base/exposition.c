/* exposition: lines of the Prometheus text format. */
#include "common/base/exposition.h"

#include <math.h>

/* In a help text backslash and line feed are escaped. */
static void append_help(struct bytes *into, const char *text)
{
    for (; *text; text++) {
        if (*text == '\n')
            bytes_append_text(into, "\\n");
        else if (*text == '\\')
            bytes_append_text(into, "\\\\");
        else
            bytes_append_u8(into, (uint8_t)*text);
    }
}

static void append_value(struct bytes *into, double value)
{
    if (isnan(value))
        bytes_append_text(into, "NaN");
    else if (isinf(value))
        bytes_append_text(into, value > 0 ? "+Inf" : "-Inf");
    else
        bytes_append_format(into, "%.15g", value);
}

void exposition_family(struct bytes *into, const char *name, enum exposition_type type, const char *help)
{
    static const char *const types[] = {
        [EXPOSITION_COUNTER] = "counter",
        [EXPOSITION_GAUGE] = "gauge",
        [EXPOSITION_HISTOGRAM] = "histogram",
    };
    bytes_append_format(into, "# HELP %s ", name);
    append_help(into, help);
    bytes_append_format(into, "\n# TYPE %s %s\n", name, types[type]);
}

void exposition_sample(struct bytes *into, const char *name, const char *labels, double value)
{
    bytes_append_text(into, name);
    if (*labels)
        bytes_append_format(into, "{%s}", labels);
    bytes_append_u8(into, ' ');
    append_value(into, value);
    bytes_append_u8(into, '\n');
}

static void append_bucket(struct bytes *into, const char *name, const char *labels, double bound,
                          uint64_t count)
{
    bytes_append_format(into, "%s_bucket{%s%sle=\"", name, labels, *labels ? "," : "");
    append_value(into, bound);
    bytes_append_format(into, "\"} %llu\n", (unsigned long long)count);
}

static void append_suffixed(struct bytes *into, const char *name, const char *suffix, const char *labels,
                            double value)
{
    bytes_append_format(into, "%s%s", name, suffix);
    exposition_sample(into, "", labels, value);
}

void exposition_histogram(struct bytes *into, const char *name, const char *labels, const double *bounds,
                          const uint64_t *counts, size_t bound_count, double sum)
{
    uint64_t total = 0;
    for (size_t i = 0; i < bound_count; i++)
        append_bucket(into, name, labels, bounds[i], total += counts[i]);
    append_bucket(into, name, labels, INFINITY, total += counts[bound_count]);
    append_suffixed(into, name, "_sum", labels, sum);
    append_suffixed(into, name, "_count", labels, (double)total);
}
