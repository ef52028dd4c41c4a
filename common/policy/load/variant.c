/* variant: a policy as a set of its overrides makes it: figures and levels replaced, rules read again. */
#include "common/policy/load/variant.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/load/rule_load.h"
#include "common/policy/load/vocabulary.h"
#include "common/policy/rules/scope.h"
#include "common/wire/set.h"

#include <stdlib.h>

static bool set_is_empty(const struct override_set *set)
{
    for (unsigned i = 0; i < OVERRIDE_WORDS; i++)
        if (set->words[i])
            return false;
    return true;
}

static const struct policy *base_of(const struct policy *policy)
{
    return policy->base ? policy->base : policy;
}

void variant_apply_ladder(const struct scopes *scopes, const struct override_set *set, struct ladder *ladder)
{
    for (unsigned i = 0; i < scopes->override_count; i++)
        for (unsigned level = 0; override_is_in(set, i) && level < scopes->overrides[i].level_count;
             level++) {
            const struct level_change *change = &scopes->overrides[i].levels[level];
            ladder_apply_change(&ladder->levels[change->level], change);
        }
}

static void apply_values(struct policy *variant, const struct override_set *set)
{
    const struct scopes *scopes = variant->scopes;
    variant_apply_ladder(scopes, set, &variant->ladder);
    variant->overrides = memory_zeroed((scopes->override_count + 1) * sizeof *variant->overrides);
    for (unsigned i = 0; i < scopes->override_count; i++) {
        const struct override *override = &scopes->overrides[i];
        if (!override_is_in(set, i))
            continue;
        variant->overrides[variant->override_count++] = (char *) override->name;
        for (unsigned figure = 0; figure < override->figure_count; figure++)
            figure_apply(&variant->figures[override->figures[figure].figure], &override->figures[figure]);
        if (override->has_calendar) {
            WIRE_SET(variant, calendar, override->calendar);
        }
    }
}

struct policy *variant_make(const struct policy *base, const struct override_set *set, bool is_strict,
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
    rules_load(&loading, node_find(root, "rules"));
    cel_environment_free(loading.environment);
    free(ignored);
    return variant;
}

static const struct policy *variant_of(const struct policy *base, const struct override_set *set)
{
    struct scopes *scopes = base->scopes;
    if (set_is_empty(set))
        return base;
    for (unsigned i = 0; i < scopes->variant_count; i++)
        if (!memcmp(&scopes->variants[i].set, set, sizeof *set))
            return scopes->variants[i].policy;
    struct policy *policy = variant_make(base, set, false, NULL);
    scopes->variants =
        memory_resize_array(scopes->variants, scopes->variant_count + 1, sizeof *scopes->variants);
    scopes->variants[scopes->variant_count++] = (struct variant){.set = *set, .policy = policy};
    return policy;
}

const struct policy *variant_for(const struct policy *policy, const char *store_id, int64_t at)
{
    if (!policy || !policy->scopes->override_count)
        return policy;
    struct store_scope *scope = scopes_of(policy->scopes, store_id);
    if (!scope->current || at < scope->from_at || at >= scope->until_at) {
        struct override_set set = scope_at(policy->scopes, scope, at, &scope->from_at, &scope->until_at);
        scope->current = variant_of(base_of(policy), &set);
    }
    return scope->current;
}

const struct policy *variant_with(const struct policy *policy, char *const *overrides, size_t count)
{
    struct override_set set = {{0}};
    if (!policy || !count)
        return policy ? base_of(policy) : NULL;
    for (size_t i = 0; i < count; i++)
        for (unsigned index = 0; index < policy->scopes->override_count; index++)
            if (text_equal(policy->scopes->overrides[index].name, overrides[i]))
                set.words[index / 64] |= UINT64_C(1) << index % 64;
    return variant_of(base_of(policy), &set);
}
