/* rule_override: what overrides change of a rule that is being read. */
#include "common/policy/load/rule_override.h"

#include "common/base/text.h"
#include "common/policy/rules/scope.h"

/* The override's own place in the tree that is being read. */
static struct node *node_at(struct node *list, unsigned position)
{
    struct node *node = list->first;
    for (; node && position; position--)
        node = node->next;
    return node;
}

static struct node *to_node(const struct overriding *overriding, const struct override *override,
                            const char *rule)
{
    struct node *node = node_at(overriding->list, override->position);
    struct node *rules = node ? node_find(node, "rules") : NULL;
    struct node *change = rules ? node_find(rules, rule) : NULL;
    return change ? node_find(change, "to") : NULL;
}

void rule_override_find(const struct loading *loading, const struct node *rule,
                        struct rule_override *ret_override)
{
    const struct scopes *scopes = loading->policy->scopes;
    struct node *id = rule->kind == NODE_MAPPING ? node_find((struct node *)rule, "id") : NULL;
    for (unsigned i = 0; id && i < scopes->override_count; i++) {
        const struct override *override = &scopes->overrides[i];
        if (!override_is_in(loading->overriding->set, i))
            continue;
        for (unsigned index = 0; index < override->rule_count; index++) {
            const struct rule_change *change = &override->rules[index];
            if (!text_equal(change->rule, id->text))
                continue;
            ret_override->is_changed = true;
            ret_override->is_off |= change->is_off;
            if (change->has_to)
                ret_override->to = to_node(loading->overriding, override, change->rule);
            for (unsigned figure = 0; figure < change->figure_count && ret_override->figure_count < 64;
                 figure++)
                ret_override->figures[ret_override->figure_count++] = &change->figures[figure];
        }
    }
}
