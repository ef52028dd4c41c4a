/* scalar: durations, money, whole numbers, words and texts as a policy writes them. */
#include "common/policy/load/scalar.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/load/finding.h"
#include "common/policy/rules/currency.h"
#include "common/wire/rules.h"

enum { LONGEST_DAYS = 3660 };

static const int64_t second_us = 1000000;

/* "5m" or "15min", "300s", "250ms", "1h30m", "2d", "2w"; units may be put one after the other, larger first.
 */
static bool parse_duration(const char *text, int64_t *ret_us)
{
    static const struct text_unit units[] = {
        {"w", INT64_C(604800000000)},
        {"d", INT64_C(86400000000)},
        {"h", INT64_C(3600000000)},
        {"min", 60000000},
        {"m", 60000000},
        {"s", 1000000},
        {"ms", 1000},
    };
    int64_t us;
    if (text_parse_units(text, units, COUNT_OF(units), &us) || us > LONGEST_DAYS * 86400 * second_us)
        return false;
    *ret_us = us;
    return true;
}

bool scalar_parse_duration(struct loading *loading, const char *text, int64_t *ret_us)
{
    if (!parse_duration(text, ret_us))
        return false;
    if (loading->policy->longest_us < *ret_us)
        loading->policy->longest_us = *ret_us;
    return true;
}

bool scalar_is_text(struct loading *loading, const struct node *node, const char *expected)
{
    if (node->kind == NODE_TEXT)
        return true;
    finding_at(loading->findings, node, "expected %s here, not a %s", expected,
               node->kind == NODE_LIST ? "list" : "mapping");
    return false;
}

bool scalar_read_duration(struct loading *loading, const struct node *node, int64_t *ret_us)
{
    if (!scalar_is_text(loading, node, "a duration"))
        return false;
    if (scalar_parse_duration(loading, node->text, ret_us))
        return true;
    finding_at(loading->findings, node,
               "\"%.40s\" is not a duration: write a number with its unit, such as 300s, 5m, 1h30m or 2d",
               node->text);
    return false;
}

bool scalar_read_money_in(struct loading *loading, const struct node *node, const char *currency,
                          int64_t *ret_minor)
{
    static const char *const examples[] = {"50", "50.0", "50.00", "50.000", "50.0000"};
    if (!scalar_is_text(loading, node, "an amount of money"))
        return false;
    int64_t minor;
    if (currency_parse(node->text, currency, &minor) && minor < INT64_C(100000000000000)) {
        *ret_minor = minor;
        return true;
    }
    finding_at(loading->findings, node, "\"%.40s\" is not an amount of money: write it as %s", node->text,
               examples[currency_decimals(currency)]);
    return false;
}

bool scalar_read_money(struct loading *loading, const struct node *node, int64_t *ret_minor)
{
    return scalar_read_money_in(loading, node, loading->policy->currency, ret_minor);
}

bool scalar_read_integer(struct loading *loading, const struct node *node, int64_t least, int64_t most,
                         int64_t *ret_value)
{
    if (!scalar_is_text(loading, node, "a whole number"))
        return false;
    if (!text_parse_int64(node->text, least, most, ret_value))
        return true;
    finding_at(loading->findings, node, "\"%.40s\" is not a whole number from %lld to %lld", node->text,
               (long long)least, (long long)most);
    return false;
}

const char *scalar_read_text(struct loading *loading, const struct node *node)
{
    if (!scalar_is_text(loading, node, "text"))
        return NULL;
    if (text_is_printable(node->text, node->size) && node->size <= 512)
        return arena_text(&loading->policy->arena, slice_of(node->text, node->size));
    finding_at(loading->findings, node, "text here is one line of at most 512 bytes");
    return NULL;
}

const char *scalar_read_word(struct loading *loading, const struct node *node, size_t most)
{
    if (!scalar_is_text(loading, node, "a word"))
        return NULL;
    if (wire_charset_is_word(node->text) && node->size <= most)
        return arena_text(&loading->policy->arena, slice_of(node->text, node->size));
    finding_at(loading->findings, node, "\"%.40s\" is not a name: 1 to %zu letters, digits, - and _",
               node->text, most);
    return NULL;
}

int scalar_read_choice(struct loading *loading, const struct node *node, const char *const *words)
{
    char all[160] = "";
    if (!scalar_is_text(loading, node, "a word"))
        return -1;
    for (int i = 0; words[i]; i++)
        if (*words[i] && text_equal(words[i], node->text))
            return i;
    for (int i = 0; words[i]; i++)
        text_format(all + strlen(all), sizeof all - strlen(all), "%s%s", *all ? ", " : "", words[i]);
    finding_at(loading->findings, node, "\"%.40s\" is none of: %s", node->text, all);
    return -1;
}
