/* finding: adds up to a bound, and sorts. */
#include "common/policy/load/finding.h"

#include "common/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void add_list(struct policy_findings *findings, unsigned line, unsigned column, const char *format,
                     va_list values)
{
    if (findings->count == POLICY_FINDINGS) {
        findings->omitted++;
        return;
    }
    struct policy_finding *finding = &findings->items[findings->count++];
    finding->line = line;
    finding->column = column;
    char sentence[2 * POLICY_SENTENCE_SIZE];
    vsnprintf(sentence, sizeof sentence, format, values);
    text_copy(finding->sentence, sizeof finding->sentence, sentence);
}

void finding_add(struct policy_findings *findings, unsigned line, unsigned column, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    add_list(findings, line, column, format, values);
    va_end(values);
}

void finding_at(struct policy_findings *findings, const struct node *node, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    add_list(findings, node->line, node->column, format, values);
    va_end(values);
}

bool finding_expect(struct policy_findings *findings, const struct node *node, enum node_kind kind,
                    const char *expected)
{
    if (node->kind != kind)
        finding_at(findings, node, "expected %s", expected);
    return node->kind == kind;
}

bool finding_count(struct policy_findings *findings, const struct node *node, const char *what, unsigned most,
                   unsigned *ret_count)
{
    unsigned count = 0;
    for (const struct node *item = node->first; item; item = item->next)
        count++;
    if (count > most)
        finding_at(findings, node, "there are %u %s; at most %u are allowed", count, what, most);
    *ret_count = count;
    return count <= most;
}

static int compare(const void *left_item, const void *right_item)
{
    const struct policy_finding *left = left_item, *right = right_item;
    if (left->line != right->line)
        return left->line < right->line ? -1 : 1;
    if (left->column != right->column)
        return left->column < right->column ? -1 : 1;
    return strcmp(left->sentence, right->sentence);
}

void findings_sort(struct policy_findings *findings)
{
    qsort(findings->items, findings->count, sizeof findings->items[0], compare);
}
