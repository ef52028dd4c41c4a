/* figure: the scalars of a policy: durations, money, whole numbers, words; and the section of named figures.
 */
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/rules/currency.h"
#include "common/policy/load/loading.h"
#include "common/policy/rules/scope.h"
#include "common/wire/rules.h"

enum { LONGEST_DAYS = 3660 };

static const int64_t second_us = 1000000;

/* "5m" or "15min", "300s", "250ms", "1h30m", "2d", "2w"; units may be put one after the other, larger first.
 */
static bool parse_duration(const char *text, int64_t *ret_us)
{
    static const struct {
        const char *name;
        int64_t us;
    } units[] = {
        {"w", INT64_C(604800000000)},
        {"d", INT64_C(86400000000)},
        {"h", INT64_C(3600000000)},
        {"min", 60000000},
        {"ms", 1000},
        {"m", 60000000},
        {"s", 1000000},
    };
    int64_t total = 0, smallest = INT64_MAX;
    do {
        int64_t number = 0;
        if (*text < '0' || *text > '9')
            return false;
        while (*text >= '0' && *text <= '9') {
            number = number * 10 + (*text++ - '0');
            if (number > INT64_C(1000000000))
                return false;
        }
        size_t unit = 0;
        while (unit < COUNT_OF(units) && !text_starts_with(text, units[unit].name))
            unit++;
        if (unit == COUNT_OF(units) || units[unit].us >= smallest)
            return false;
        text += strlen(units[unit].name);
        smallest = units[unit].us;
        if (number > LONGEST_DAYS * 86400 * second_us / smallest)
            return false;
        total += number * smallest;
    } while (*text);
    if (total > LONGEST_DAYS * 86400 * second_us)
        return false;
    *ret_us = total;
    return true;
}

static bool take_duration(struct loading *loading, const char *text, int64_t *ret_us)
{
    if (!parse_duration(text, ret_us))
        return false;
    if (loading->policy->longest_us < *ret_us)
        loading->policy->longest_us = *ret_us;
    return true;
}

static bool is_text(struct loading *loading, const struct node *node, const char *expected)
{
    if (node->kind == NODE_TEXT)
        return true;
    finding_at(loading->findings, node, "expected %s here, not a %s", expected,
               node->kind == NODE_LIST ? "list" : "mapping");
    return false;
}

bool read_duration(struct loading *loading, const struct node *node, int64_t *ret_us)
{
    if (!is_text(loading, node, "a duration"))
        return false;
    if (take_duration(loading, node->text, ret_us))
        return true;
    finding_at(loading->findings, node,
               "\"%.40s\" is not a duration: write a number with its unit, such as 300s, 5m, 1h30m or 2d",
               node->text);
    return false;
}

bool read_money_in(struct loading *loading, const struct node *node, const char *currency, int64_t *ret_minor)
{
    static const char *const examples[] = {"50", "50.0", "50.00", "50.000", "50.0000"};
    if (!is_text(loading, node, "an amount of money"))
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

bool read_money(struct loading *loading, const struct node *node, int64_t *ret_minor)
{
    return read_money_in(loading, node, loading->policy->currency, ret_minor);
}

bool read_integer(struct loading *loading, const struct node *node, int64_t least, int64_t most,
                  int64_t *ret_value)
{
    if (!is_text(loading, node, "a whole number"))
        return false;
    if (!text_parse_int64(node->text, least, most, ret_value))
        return true;
    finding_at(loading->findings, node, "\"%.40s\" is not a whole number from %lld to %lld", node->text,
               (long long)least, (long long)most);
    return false;
}

const char *read_text(struct loading *loading, const struct node *node)
{
    if (!is_text(loading, node, "text"))
        return NULL;
    if (text_is_printable(node->text, node->size) && node->size <= 512)
        return arena_text(&loading->policy->arena, slice_of(node->text, node->size));
    finding_at(loading->findings, node, "text here is one line of at most 512 bytes");
    return NULL;
}

const char *read_word(struct loading *loading, const struct node *node, size_t most)
{
    if (!is_text(loading, node, "a word"))
        return NULL;
    if (wire_is_word(node->text) && node->size <= most)
        return arena_text(&loading->policy->arena, slice_of(node->text, node->size));
    finding_at(loading->findings, node, "\"%.40s\" is not a name: 1 to %zu letters, digits, - and _",
               node->text, most);
    return NULL;
}

int read_choice(struct loading *loading, const struct node *node, const char *const *words)
{
    char all[160] = "";
    if (!is_text(loading, node, "a word"))
        return -1;
    for (int at = 0; words[at]; at++)
        if (*words[at] && !strcmp(words[at], node->text))
            return at;
    for (int at = 0; words[at]; at++)
        text_format(all + strlen(all), sizeof all - strlen(all), "%s%s", *all ? ", " : "", words[at]);
    finding_at(loading->findings, node, "\"%.40s\" is none of: %s", node->text, all);
    return -1;
}

const struct figure *policy_figure(const struct policy *policy, const char *name)
{
    for (unsigned at = 0; at < policy->figure_count; at++)
        if (!strcmp(policy->figures[at].name, name))
            return &policy->figures[at];
    return NULL;
}

/* A name that an expression can hold: figures.waiting_limit. */
static bool is_identifier(const char *text)
{
    if (!*text || strlen(text) >= POLICY_NAME_SIZE || (*text >= '0' && *text <= '9'))
        return false;
    return text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static void set_money(struct figure *figure, int currency, int64_t minor)
{
    if (!figure->is_money)
        memset(figure->amounts, 0xff, sizeof figure->amounts); /* -1 each */
    figure->is_money = true;
    figure->amounts[currency] = minor;
    if (!currency || figure->amounts[0] < 0)
        figure->value = cel_int(minor);
}

/* { EUR: 5.00, USD: 6.00 } */
static bool read_amounts(struct loading *loading, const struct node *node, struct figure *ret_figure)
{
    for (const struct node *value = node->first; value; value = value->next) {
        int at = policy_currency(loading->policy, value->key->text);
        int64_t minor;
        if (at < 0)
            finding_at(loading->findings, value->key, "%.40s is none of the policy's currencies",
                       value->key->text);
        else if (read_money_in(loading, value, value->key->text, &minor))
            set_money(ret_figure, at, minor);
    }
    return ret_figure->is_money;
}

void figure_apply(struct figure *figure, const struct figure_change *change)
{
    if (!figure->is_money || change->to.amounts[0] >= 0)
        figure->value = change->to.value;
    for (unsigned at = 0; figure->is_money && at < POLICY_CURRENCIES; at++)
        if (change->to.amounts[at] >= 0)
            figure->amounts[at] = change->to.amounts[at];
}

bool read_figure(struct loading *loading, const struct node *node, struct figure *ret_figure)
{
    int64_t number;
    if (node->kind == NODE_MAPPING)
        return read_amounts(loading, node, ret_figure);
    if (!is_text(loading, node, "a number, a duration or an amount"))
        return false;
    if (!text_parse_int64(node->text, INT64_C(-1000000000000), INT64_C(1000000000000), &number)) {
        ret_figure->value = cel_int(number);
        return true;
    }
    if (take_duration(loading, node->text, &number)) {
        ret_figure->value = cel_duration_ms(number / 1000);
        return true;
    }
    if (strchr(node->text, '.') && currency_parse(node->text, loading->policy->currency, &number)) {
        set_money(ret_figure, 0, number);
        return true;
    }
    finding_at(
        loading->findings, node,
        "\"%.40s\" is no figure: write a whole number (16), a duration with its unit (5m) or money (50.00)",
        node->text);
    return false;
}

void read_figures(struct loading *loading, struct node *node)
{
    struct policy *policy = loading->policy;
    if (node->kind != NODE_MAPPING) {
        finding_at(loading->findings, node, "expected figures here, one a line: NAME: VALUE");
        return;
    }
    for (struct node *value = node->first; value; value = value->next) {
        value->was_read = true;
        if (!is_identifier(value->key->text)) {
            finding_at(loading->findings, value->key,
                       "\"%.40s\" cannot name a figure: lower case letters, digits and _, a letter first",
                       value->key->text);
            continue;
        }
        if (policy->figure_count == POLICY_FIGURES) {
            finding_at(loading->findings, value->key, "there are more than %d figures", POLICY_FIGURES);
            return;
        }
        struct figure figure = {.line = value->key->line,
                                .name =
                                    arena_text(&policy->arena, slice_of(value->key->text, value->key->size))};
        if (!figure.name || !read_figure(loading, value, &figure))
            continue;
        if (figure.is_money && figure.amounts[0] < 0)
            finding_at(loading->findings, value, "the amount in %s is missing here", policy->currency);
        policy->figures[policy->figure_count++] = figure;
    }
}
