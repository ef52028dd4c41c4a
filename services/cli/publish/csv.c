/* csv: takes rows apart, byte by byte, and keeps count of where it is. */
#include "services/cli/publish/csv.h"

#include "common/base/text.h"

#include <errno.h>
#include <stdbool.h>

void csv_init(struct csv *csv, struct slice input)
{
    *csv = (struct csv){.input = input, .line = 1, .column = 1};
    if (input.size >= 3 && memcmp(input.data, "\xEF\xBB\xBF", 3) == 0)
        csv->input = slice_of(input.data + 3, input.size - 3);
}

void csv_clear(struct csv *csv)
{
    bytes_clear(&csv->texts);
    *csv = (struct csv){.line = 0};
}

static bool is_at(const struct csv *csv, char wanted)
{
    return csv->input.size > 0 && csv->input.data[0] == (uint8_t)wanted;
}

static bool is_at_line_end(const struct csv *csv)
{
    return is_at(csv, '\n') || (is_at(csv, '\r') && csv->input.size > 1 && csv->input.data[1] == '\n');
}

static uint8_t step(struct csv *csv)
{
    uint8_t passed = csv->input.data[0];
    csv->input = slice_of(csv->input.data + 1, csv->input.size - 1);
    csv->column++;
    if (passed == '\n') {
        csv->line++;
        csv->column = 1;
    }
    return passed;
}

static bool step_line_end(struct csv *csv)
{
    if (!is_at_line_end(csv))
        return false;
    if (is_at(csv, '\r'))
        step(csv);
    step(csv);
    return true;
}

static int command_complain(char *why, size_t why_size, size_t line, size_t column, const char *what)
{
    text_format(why, why_size, "line %zu, column %zu: %s", line, column, what);
    return -EINVAL;
}

static int quoted_read(struct csv *csv, char *why, size_t why_size)
{
    size_t line = csv->line, column = csv->column;
    bool is_closed = false;
    step(csv);
    while (csv->input.size > 0 && csv->texts.size <= CSV_MOST_ROW_BYTES) {
        uint8_t byte = step(csv);
        if (byte == '"' && !is_at(csv, '"')) {
            is_closed = true;
            break;
        }
        if (byte == '"')
            step(csv);
        bytes_append_u8(&csv->texts, byte);
    }
    if (!is_closed && csv->input.size == 0)
        return command_complain(why, why_size, line, column, "this quote is never closed");
    if (is_closed && csv->input.size > 0 && !is_at(csv, ',') && !is_at_line_end(csv))
        return command_complain(why, why_size, csv->line, csv->column,
                                "a comma or the line's end must follow the closing quote");
    return 0;
}

static int plain_read(struct csv *csv, char *why, size_t why_size)
{
    while (csv->input.size > 0 && !is_at(csv, ',') && !is_at_line_end(csv) &&
           csv->texts.size <= CSV_MOST_ROW_BYTES) {
        if (is_at(csv, '"'))
            return command_complain(why, why_size, csv->line, csv->column,
                                    "a quote inside a field without quotes");
        if (is_at(csv, '\r'))
            return command_complain(why, why_size, csv->line, csv->column,
                                    "a carriage return that ends no line");
        bytes_append_u8(&csv->texts, step(csv));
    }
    return 0;
}

/* Appends the field's text and its NUL. */
static int field_read(struct csv *csv, char *why, size_t why_size)
{
    size_t line = csv->line, column = csv->column, begin = csv->texts.size;
    int rc = is_at(csv, '"') ? quoted_read(csv, why, why_size) : plain_read(csv, why, why_size);
    if (rc < 0)
        return rc;
    if (csv->texts.size > CSV_MOST_ROW_BYTES)
        return command_complain(why, why_size, line, column, "the row is too long");
    size_t size = csv->texts.size - begin;
    bytes_append_u8(&csv->texts, 0);
    const uint8_t *text = csv->texts.data + begin;
    if (memchr(text, 0, size) || !text_is_utf8(text, size))
        return command_complain(why, why_size, line, column, "this field is not UTF-8 text");
    return 0;
}

int csv_next(struct csv *csv, struct csv_row *row, char *why, size_t why_size)
{
    while (step_line_end(csv)) {
    }
    if (csv->input.size == 0)
        return 0;
    size_t begins[CSV_MOST_FIELDS];
    bytes_reset(&csv->texts);
    row->line = csv->line;
    row->count = 0;
    bool has_more = true;
    while (has_more) {
        if (row->count == CSV_MOST_FIELDS)
            return command_complain(why, why_size, csv->line, csv->column, "the row has too many fields");
        begins[row->count] = csv->texts.size;
        row->columns[row->count++] = csv->column;
        int rc = field_read(csv, why, why_size);
        if (rc < 0)
            return rc;
        has_more = is_at(csv, ',');
        if (has_more)
            step(csv);
    }
    step_line_end(csv);
    for (size_t i = 0; i < row->count; i++)
        row->fields[i] = (const char *)csv->texts.data + begins[i];
    return 1;
}
