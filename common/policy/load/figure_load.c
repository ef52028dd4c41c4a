/* figure_load: the section of named figures. */
#include "common/policy/load/figure_load.h"

#include "common/base/text.h"
#include "common/policy/load/finding.h"
#include "common/policy/load/scalar.h"
#include "common/policy/rules/currency.h"

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
        else if (scalar_read_money_in(loading, value, value->key->text, &minor))
            set_money(ret_figure, at, minor);
    }
    return ret_figure->is_money;
}

bool figure_load(struct loading *loading, const struct node *node, struct figure *ret_figure)
{
    int64_t number;
    if (node->kind == NODE_MAPPING)
        return read_amounts(loading, node, ret_figure);
    if (!scalar_is_text(loading, node, "a number, a duration or an amount"))
        return false;
    if (!text_parse_int64(node->text, INT64_C(-1000000000000), INT64_C(1000000000000), &number)) {
        ret_figure->value = cel_int(number);
        return true;
    }
    if (scalar_parse_duration(loading, node->text, &number)) {
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

void figures_load(struct loading *loading, struct node *node)
{
    struct policy *policy = loading->policy;
    if (!finding_expect(loading->findings, node, NODE_MAPPING, "figures here, one a line: NAME: VALUE"))
        return;
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
        if (!figure.name || !figure_load(loading, value, &figure))
            continue;
        if (figure.is_money && figure.amounts[0] < 0)
            finding_at(loading->findings, value, "the amount in %s is missing here", policy->currency);
        policy->figures[policy->figure_count++] = figure;
    }
}
