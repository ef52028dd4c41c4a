/* row: a missing value is shown as a dash, a missing text as nothing. */
#include "services/cli/look/row.h"

#include "common/base/text.h"
#include "common/policy/phrase/phrase.h"

const char *row_text(const json_t *row, const char *name)
{
    return text_or_empty(json_string_value(json_object_get(row, name)));
}

long long row_number(const json_t *row, const char *name)
{
    return (long long)json_number_value(json_object_get(row, name));
}

struct row_cell row_number_cell(const json_t *row, const char *name)
{
    struct row_cell cell = {""};
    text_format(cell.text, sizeof cell.text, "%lld", row_number(row, name));
    return cell;
}

struct row_cell row_percent_cell(const json_t *row, const char *name)
{
    struct row_cell cell = {"-"};
    const json_t *share = json_object_get(row, name);
    if (json_is_number(share))
        text_format(cell.text, sizeof cell.text, "%.1f %%", 100 * json_number_value(share));
    return cell;
}

struct row_cell row_money_cell(const json_t *row, const char *name, const char *currency)
{
    struct row_cell cell = {"-"};
    AUTO_CLEAR(bytes) text = {0};
    if (currency[0] && json_is_number(json_object_get(row, name))) {
        phrase_money(row_number(row, name), currency, &text);
        text_format(cell.text, sizeof cell.text, "%s", bytes_text(&text));
    }
    return cell;
}

const char *row_plural(long long count)
{
    return count == 1 ? "" : "s";
}

const json_t *row_all(const json_t *report, const char *view)
{
    return json_object_get(report, view);
}

const json_t *row_first(const json_t *report, const char *view)
{
    return json_array_get(row_all(report, view), 0);
}

const char *row_length_text(long long ms, struct bytes *into)
{
    bytes_reset(into);
    phrase_duration(ms * 1000, into);
    return bytes_text(into);
}

const char *row_seconds_text(const json_t *row, const char *name, struct bytes *into)
{
    return row_length_text((long long)(1000 * json_number_value(json_object_get(row, name))), into);
}
