/* reviewing: adds findings, and looks into the document. */
#include "common/policy/trial/reviewing.h"

#include "common/base/text.h"

#include <stdarg.h>
#include <stdio.h>

struct review_finding *reviewing_finding(struct review *review)
{
    if (review->count == REVIEW_FINDINGS) {
        review->omitted++;
        return NULL;
    }
    struct review_finding *finding = &review->items[review->count++];
    *finding = (struct review_finding){0};
    return finding;
}

void reviewing_add(struct reviewing *reviewing, const struct node *node, const char *advice,
                   const char *format, ...)
{
    struct review_finding *finding = reviewing_finding(reviewing->review);
    va_list values;
    if (!finding)
        return;
    finding->line = node->line;
    finding->column = node->column;
    va_start(values, format);
    vsnprintf(finding->sentence, sizeof finding->sentence, format, values);
    va_end(values);
    text_copy(finding->advice, sizeof finding->advice, advice);
}

struct node *reviewing_value(const struct node *mapping, const char *key)
{
    for (struct node *value = mapping && mapping->kind == NODE_MAPPING ? mapping->first : NULL; value;
         value = value->next)
        if (text_equal(value->key->text, key))
            return value;
    return NULL;
}

const struct node *reviewing_part(const struct node *mapping, const char *key)
{
    const struct node *value = reviewing_value(mapping, key);
    return value ? value : mapping;
}
