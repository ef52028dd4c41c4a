/* override: a policy as a set of its overrides makes it: figures and levels replaced, rules read again. */
#include "common/policy/load/loading.h"
#include "common/policy/rules/scope.h"

#include "common/base/memory.h"

#include <stdlib.h>

void override_clear(struct override *override)
{
    for (unsigned at = 0; at < override->rule_count; at++)
        free(override->rules[at].figures);
    free(override->stores);
    free(override->figures);
    free(override->levels);
    free(override->rules);
}

void variant_free(struct policy *variant)
{
    if (!variant)
        return;
    policy_free_rules(variant);
    free(variant->overrides);
    free(variant);
}

void override_apply_ladder(const struct scopes *scopes, const struct override_set *set, struct ladder *ladder)
{
    for (unsigned at = 0; at < scopes->override_count; at++)
        for (unsigned level = 0; override_is_in(set, at) && level < scopes->overrides[at].level_count;
             level++) {
            const struct level_change *change = &scopes->overrides[at].levels[level];
            level_apply(&ladder->levels[change->level], change);
        }
}

static void apply_values(struct policy *variant, const struct override_set *set)
{
    const struct scopes *scopes = variant->scopes;
    override_apply_ladder(scopes, set, &variant->ladder);
    variant->overrides = allocate_zeroed((scopes->override_count + 1) * sizeof *variant->overrides);
    for (unsigned at = 0; at < scopes->override_count; at++) {
        const struct override *override = &scopes->overrides[at];
        if (!override_is_in(set, at))
            continue;
        variant->overrides[variant->override_count++] = (char *) override->name;
        for (unsigned figure = 0; figure < override->figure_count; figure++)
            figure_apply(&variant->figures[override->figures[figure].figure], &override->figures[figure]);
        if (override->has_calendar) {
            variant->has_calendar = true;
            variant->calendar = override->calendar;
        }
    }
}

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

void override_rule(const struct loading *loading, const struct node *rule, struct rule_override *ret_override)
{
    const struct scopes *scopes = loading->policy->scopes;
    struct node *id = rule->kind == NODE_MAPPING ? node_find((struct node *)rule, "id") : NULL;
    for (unsigned at = 0; id && at < scopes->override_count; at++) {
        const struct override *override = &scopes->overrides[at];
        if (!override_is_in(loading->overriding->set, at))
            continue;
        for (unsigned index = 0; index < override->rule_count; index++) {
            const struct rule_change *change = &override->rules[index];
            if (strcmp(change->rule, id->text) != 0)
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

struct policy *override_apply(const struct policy *base, const struct override_set *set, bool is_strict,
                              struct policy_findings *findings)
{
    const struct bytes *document = &base->scopes->document;
    struct policy_findings *ignored = findings ? NULL : NEW(policy_findings);
    AUTO(arena) *tree = arena_new(document_tree_bytes(document->size));
    struct policy *variant = NEW(policy);
    *variant = *base;
    variant->base = base;
    variant->rules = NULL;
    variant->rule_count = 0;
    variant->money_figures = NULL;
    variant->money_figure_count = 0;
    memset(variant->by_event, 0, sizeof variant->by_event);
    memset(variant->delayed, 0, sizeof variant->delayed);
    memset(variant->by_change, 0, sizeof variant->by_change);
    arena_init(&variant->arena, document_text_bytes(document->size));
    apply_values(variant, set);
    struct node *root = document_parse(bytes_slice(document), tree, findings ? findings : ignored);
    struct overriding overriding = {.set = set, .list = node_find(root, "overrides"), .is_strict = is_strict};
    struct loading loading = {
        .policy = variant, .findings = findings ? findings : ignored, .overriding = &overriding};
    loading.environment = vocabulary_of_policy(&loading);
    read_rules(&loading, node_find(root, "rules"));
    cel_environment_free(loading.environment);
    free(ignored);
    return variant;
}
