/* statement: sentences under their keys, and the phrases that several of them share. */
#include "common/policy/explain/statement.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/phrase/phrase.h"

#include <stdlib.h>

/* --- a list of them --- */

void statements_clear(struct statements *statements)
{
    for (size_t i = 0; i < statements->count; i++) {
        free(statements->items[i].key);
        free(statements->items[i].within);
        free(statements->items[i].text);
        free(statements->items[i].note);
    }
    free(statements->items);
    *statements = (struct statements){0};
}

const struct statement *statements_find(const struct statements *statements, const char *key)
{
    for (size_t i = 0; i < statements->count; i++)
        if (text_equal(statements->items[i].key, key))
            return &statements->items[i];
    return NULL;
}

void statement_add(struct statements *into, const char *section, const char *kind, const char *name,
                   struct bytes *text)
{
    AUTO_CLEAR(bytes) key = {0};
    bytes_append_format(&key, "%s:%s", kind, name);
    if (!(into->count & (into->count - 1)))
        into->items =
            memory_resize_array(into->items, into->count ? into->count * 2 : 1, sizeof *into->items);
    into->items[into->count++] = (struct statement){.section = section,
                                                    .key = memory_copy_text(bytes_text(&key)),
                                                    .text = memory_copy_text(bytes_text(text))};
    bytes_reset(text);
}

void statement_within(struct statements *into, const char *override)
{
    into->items[into->count - 1].within = memory_copy_text(override);
}

void statement_note(struct statements *into, struct bytes *text)
{
    struct statement *last = &into->items[into->count - 1];
    free(last->note);
    last->note = memory_copy_text(bytes_text(text));
    bytes_reset(text);
}

/* --- who may decide what --- */

static void write_amount(int64_t minor, const char *currency, struct bytes *into)
{
    if (minor == UNLIMITED)
        bytes_append_text(into, "any amount");
    else
        phrase_money(minor, currency, into);
}

void statement_write_limits(const struct limits *limits, const char *currency, struct bytes *into)
{
    if (limits->remedy == UNLIMITED && limits->customer_day == UNLIMITED &&
        limits->employee_day == UNLIMITED) {
        bytes_append_text(into, "may give any amount");
        return;
    }
    if (!limits->remedy) {
        bytes_append_text(into, "may give nothing");
        return;
    }
    bytes_append_format(into, "may give %s", limits->remedy == UNLIMITED ? "" : "up to ");
    write_amount(limits->remedy, currency, into);
    bytes_append_text(into, " at once, ");
    write_amount(limits->customer_day, currency, into);
    bytes_append_text(into, " to one customer in a day, and ");
    write_amount(limits->employee_day, currency, into);
    bytes_append_text(into, " in a day in all");
}
