/* metrics: tables of modules, walked when somebody asks. */
#include "common/service/metrics.h"

#include "common/base/exposition.h"
#include "common/base/list.h"
#include "common/base/memory.h"
#include "common/base/text.h"

struct metrics_table {
    struct list_node node;
    const struct metric *rows;
    size_t count;
    const void *numbers;
    void (*measure)(void *numbers); /* or NULL */
};

struct metrics {
    struct list tables;
};

struct metrics *metrics_new(void)
{
    struct metrics *metrics = NEW(metrics);
    list_init(&metrics->tables);
    return metrics;
}

void metrics_free(struct metrics *metrics)
{
    if (!metrics)
        return;
    LIST_EACH_SAFE(node, &metrics->tables)
        free(CONTAINER_OF(node, struct metrics_table, node));
    free(metrics);
}

void metrics_add(struct metrics *metrics, const struct metric *table, size_t count, const void *numbers)
{
    struct metrics_table *added = NEW(metrics_table);
    *added = (struct metrics_table){.rows = table, .count = count, .numbers = numbers};
    list_append(&metrics->tables, &added->node);
}

void metrics_add_measured(struct metrics *metrics, const struct metric *table, size_t count, void *numbers,
                          void (*measure)(void *numbers))
{
    metrics_add(metrics, table, count, numbers);
    CONTAINER_OF(list_last(&metrics->tables), struct metrics_table, node)->measure = measure;
}

void metrics_remove(struct metrics *metrics, const void *numbers)
{
    LIST_EACH_SAFE(node, &metrics->tables) {
        struct metrics_table *table = CONTAINER_OF(node, struct metrics_table, node);
        if (table->numbers != numbers)
            continue;
        list_remove(node);
        free(table);
    }
}

static void write_row(struct bytes *into, const struct metric *row, const void *numbers, bool is_first)
{
    static const enum exposition_type types[] = {
        [METRIC_COUNTER] = EXPOSITION_COUNTER,
        [METRIC_GAUGE] = EXPOSITION_GAUGE,
        [METRIC_HISTOGRAM] = EXPOSITION_HISTOGRAM,
    };
    const void *field = (const char *)numbers + row->offset;
    if (is_first)
        exposition_family(into, row->name, types[row->kind], row->help);
    switch (row->kind) {
    case METRIC_COUNTER:
        exposition_sample(into, row->name, row->labels, (double)*(const uint64_t *)field);
        break;
    case METRIC_GAUGE:
        exposition_sample(into, row->name, row->labels, (double)*(const int64_t *)field);
        break;
    case METRIC_HISTOGRAM:
        histogram_write(field, row->name, row->labels, into);
        break;
    }
}

void metrics_write(const struct metrics *metrics, struct bytes *into)
{
    LIST_EACH(node, &metrics->tables) {
        const struct metrics_table *table = CONTAINER_OF(node, struct metrics_table, node);
        if (table->measure)
            table->measure((void *)table->numbers);
        for (size_t i = 0; i < table->count; i++) {
            bool is_first = i == 0 || !text_equal(table->rows[i - 1].name, table->rows[i].name);
            write_row(into, &table->rows[i], table->numbers, is_first);
        }
    }
}
