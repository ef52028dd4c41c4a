/* table: keeps the cells, and measures them when it prints. */
#include "services/cli/terminal/table.h"

#include "common/base/memory.h"

#include <string.h>

struct table {
    const char *const *titles;
    size_t columns;
    char **cells; /* row by row */
    size_t count;
    size_t capacity;
};

struct table *table_new(const char *const *titles)
{
    struct table *table = NEW(table);
    table->titles = titles;
    while (titles[table->columns])
        table->columns++;
    return table;
}

void table_free(struct table *table)
{
    if (!table)
        return;
    for (size_t i = 0; i < table->count; i++)
        free(table->cells[i]);
    free(table->cells);
    free(table);
}

void table_add(struct table *table, const char *const *cells)
{
    if (table->count + table->columns > table->capacity) {
        table->capacity = 2 * table->capacity + table->columns;
        table->cells = memory_resize_array(table->cells, table->capacity, sizeof *table->cells);
    }
    for (size_t i = 0; i < table->columns; i++)
        table->cells[table->count++] = memory_copy_text(cells[i] ? cells[i] : "");
}

size_t table_rows(const struct table *table)
{
    return table->columns ? table->count / table->columns : 0;
}

size_t table_text_width(const char *text)
{
    size_t width = 0;
    for (; *text; text++)
        width += ((unsigned char)*text & 0xC0) != 0x80;
    return width;
}

static void row_print(const struct table *table, const char *const *cells, const size_t *widths, FILE *out)
{
    for (size_t i = 0; i < table->columns; i++) {
        int padding = i + 1 < table->columns ? (int)(widths[i] - table_text_width(cells[i])) + 2 : 0;
        fprintf(out, "%s%*s", cells[i], padding, "");
    }
    fputc('\n', out);
}

void table_print(const struct table *table, FILE *out)
{
    if (!table->columns)
        return;
    size_t *widths = memory_zeroed((table->columns + 1) * sizeof *widths);
    for (size_t i = 0; i < table->columns; i++)
        widths[i] = table_text_width(table->titles[i]);
    for (size_t i = 0; i < table->count; i++) {
        size_t width = table_text_width(table->cells[i]), *widest = &widths[i % table->columns];
        *widest = width > *widest ? width : *widest;
    }
    row_print(table, table->titles, widths, out);
    for (size_t i = 0; i < table->count; i += table->columns)
        row_print(table, (const char *const *)&table->cells[i], widths, out);
    free(widths);
}
