/* override_load: what is otherwise in some stores, or for some time:
 *   overrides:
 *   - name: storm
 *     for: { region: coast }               # or tag, store, stores; everywhere when left out
 *     from: 2026-11-21 18:00               # by the clocks of each store
 *     until: 2026-11-23                    # until that day ends
 *     figures: { waiting_limit: 10m }
 *     ladder: { shift_lead: { remedy: 300.00, acknowledge_within: 10m } }
 *     calendar: short
 *     rules:
 *       needless-offer: off
 *       hold: { to: store_manager, figures: { hold_lead: 600s } } */
#include "common/policy/load/override_load.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/base/time.h"
#include "common/policy/load/calendar_load.h"
#include "common/policy/load/figure_load.h"
#include "common/policy/load/finding.h"
#include "common/policy/load/ladder_load.h"
#include "common/policy/load/scalar.h"
#include "common/policy/load/variant.h"
#include "common/policy/rules/scope.h"

#include <stdlib.h>

static const int64_t day_us = 86400 * INT64_C(1000000);

/* --- when --- */

/* "2026-11-27", "2026-11-27 18:00" by the clocks of the stores; "2026-11-27T17:00:00Z" is exact. */
static bool read_moment(struct loading *loading, const struct node *node, bool is_end,
                        struct override_moment *ret_moment)
{
    const char *text = scalar_read_text(loading, node);
    char full[40];
    struct override_moment moment = {.is_given = true};
    if (!text)
        return false;
    bool is_exact = !time_parse(text, &moment.us);
    bool is_day = !is_exact && strlen(text) == 10 && text_format(full, sizeof full, "%sT00:00:00Z", text) &&
                  !time_parse(full, &moment.us);
    bool is_minute = !is_exact && !is_day && strlen(text) == 16 &&
                     text_format(full, sizeof full, "%s:00Z", text) && !time_parse(full, &moment.us);
    if (!is_exact && !is_day && !is_minute) {
        finding_at(
            loading->findings, node,
            "\"%.40s\" is no date or time: write it as 2026-11-27, 2026-11-27 18:00 or 2026-11-27T17:00:00Z",
            text);
        return false;
    }
    moment.is_local = !is_exact;
    if (is_day && is_end)
        moment.us += day_us;
    *ret_moment = moment;
    return true;
}

static void read_when(struct loading *loading, struct node *node, struct override *override)
{
    struct node *from = node_find(node, "from"), *until = node_find(node, "until");
    if (from)
        read_moment(loading, from, false, &override->from);
    if (until)
        read_moment(loading, until, true, &override->until);
    if (override->from.is_given && override->until.is_given && override->from.us >= override->until.us)
        finding_at(loading->findings, until, "it ends before it begins");
}

/* --- for whom --- */

static void add_store(struct loading *loading, const struct node *node, struct override *override)
{
    const char *store_id = scalar_read_word(loading, node, 64);
    if (!store_id)
        return;
    if (!loading->policy->scopes->store_count ||
        !map_find_text(&loading->policy->scopes->by_store, store_id)) {
        finding_at(loading->findings, node, "the store %s is not in the section stores", store_id);
        return;
    }
    override->stores =
        memory_resize_array(override->stores, override->store_count + 1, sizeof *override->stores);
    override->stores[override->store_count++] = store_id;
}

static bool is_for(const struct override *override, const struct store_scope *scope)
{
    switch (override->breadth) {
    case OVERRIDE_EVERYWHERE:
        return true;
    case OVERRIDE_REGION:
        return scope->region && override->where && text_equal(scope->region, override->where);
    case OVERRIDE_TAG:
        for (unsigned i = 0; override->where && i < scope->tag_count; i++)
            if (text_equal(scope->tags[i], override->where))
                return true;
        return false;
    case OVERRIDE_STORES:
        for (unsigned i = 0; scope->store_id && i < override->store_count; i++)
            if (text_equal(scope->store_id, override->stores[i]))
                return true;
        return false;
    }
    return false;
}

static void check_is_for_some(struct loading *loading, const struct node *node,
                              const struct override *override)
{
    const struct scopes *scopes = loading->policy->scopes;
    bool is_some = override->breadth == OVERRIDE_EVERYWHERE || override->breadth == OVERRIDE_STORES;
    for (unsigned i = 0; !is_some && i < scopes->store_count; i++)
        is_some = is_for(override, &scopes->stores[i]);
    if (!is_some && override->where)
        finding_at(loading->findings, node, "no store has the %s \"%.40s\"",
                   override->breadth == OVERRIDE_REGION ? "region" : "tag", override->where);
}

static void read_for(struct loading *loading, struct node *node, struct override *override)
{
    struct node *value;
    if (node->kind != NODE_MAPPING || !node->first || node->first->next) {
        finding_at(loading->findings, node,
                   "expected where it applies: { region: … }, { tag: … }, { store: … } or { stores: [ … ] }");
        return;
    }
    if ((value = node_find(node, "region")) || (value = node_find(node, "tag"))) {
        override->breadth = strcmp(value->key->text, "tag") ? OVERRIDE_REGION : OVERRIDE_TAG;
        override->where = scalar_read_word(loading, value, 64);
        check_is_for_some(loading, value, override);
    } else if ((value = node_find(node, "store"))) {
        override->breadth = OVERRIDE_STORES;
        add_store(loading, value, override);
    } else if ((value = node_find(node, "stores"))) {
        override->breadth = OVERRIDE_STORES;
        if (value->kind != NODE_LIST)
            finding_at(loading->findings, value, "expected stores here, such as [york, harbour]");
        for (const struct node *item = value->kind == NODE_LIST ? value->first : NULL; item;
             item = item->next)
            add_store(loading, item, override);
    }
    node_refuse_unread(node, "for", loading->findings);
}

/* --- what --- */

static void read_figure_changes(struct loading *loading, const struct node *node,
                                struct figure_change **changes, unsigned *count)
{
    const struct policy *policy = loading->policy;
    if (!finding_expect(loading->findings, node, NODE_MAPPING, "figures here, one a line: NAME: VALUE"))
        return;
    for (struct node *value = node->first; value; value = value->next) {
        struct figure figure = {.name = NULL};
        const struct figure *known = figure_find(policy, value->key->text);
        if (!known) {
            finding_at(loading->findings, value->key, "there is no figure \"%.40s\"", value->key->text);
            continue;
        }
        if (!figure_load(loading, value, &figure))
            continue;
        if (figure.value.type->kind != known->value.type->kind || figure.is_money != known->is_money) {
            finding_at(loading->findings, value, "the figure %s is of another kind in line %u", known->name,
                       known->line);
            continue;
        }
        *changes = memory_resize_array(*changes, *count + 1, sizeof **changes);
        (*changes)[(*count)++] = (struct figure_change){
            .figure = (unsigned)(known - policy->figures), .to = figure, .line = value->key->line};
    }
}

static void read_level_changes(struct loading *loading, const struct node *node, struct override *override)
{
    if (!finding_expect(loading->findings, node, NODE_MAPPING,
                        "levels here, one a line: ROLE: { remedy: 100.00 }"))
        return;
    for (struct node *value = node->first; value; value = value->next) {
        struct level_change change = {.line = value->key->line};
        int level = ladder_find(&loading->policy->ladder, value->key->text);
        if (level < 0) {
            finding_at(loading->findings, value->key, "\"%.40s\" is no role of the ladder", value->key->text);
            continue;
        }
        change.level = (unsigned)level;
        if (!ladder_load_change(loading, value, &change))
            continue;
        override->levels =
            memory_resize_array(override->levels, override->level_count + 1, sizeof *override->levels);
        override->levels[override->level_count++] = change;
    }
}

static void read_rule_change(struct loading *loading, struct node *node, struct override *override)
{
    const struct policy *policy = loading->policy;
    struct rule_change change = {.line = node->key->line};
    for (unsigned i = 0; i < policy->rule_count && !change.rule; i++)
        if (text_equal(policy->rules[i].name, node->key->text))
            change.rule = policy->rules[i].name;
    if (!change.rule) {
        finding_at(loading->findings, node->key, "there is no rule \"%.40s\"", node->key->text);
        return;
    }
    change.is_off = node->kind == NODE_TEXT && text_equal(node->text, "off");
    if (!change.is_off && node->kind != NODE_MAPPING) {
        finding_at(loading->findings, node, "expected off here, or what changes: { to: …, figures: { … } }");
        return;
    }
    struct node *to = change.is_off ? NULL : node_find(node, "to");
    struct node *figures = change.is_off ? NULL : node_find(node, "figures");
    change.has_to = to != NULL;
    if (to && !rule_find_escalating(policy, change.rule))
        finding_at(loading->findings, to, "the rule %s escalates to nobody", change.rule);
    if (figures)
        read_figure_changes(loading, figures, &change.figures, &change.figure_count);
    if (!change.is_off)
        node_refuse_unread(node, "what an override changes of a rule", loading->findings);
    override->rules = memory_resize_array(override->rules, override->rule_count + 1, sizeof *override->rules);
    override->rules[override->rule_count++] = change;
}

static void read_what(struct loading *loading, struct node *node, struct override *override)
{
    struct node *figures = node_find(node, "figures"), *ladder = node_find(node, "ladder");
    struct node *rules = node_find(node, "rules"), *calendar = node_find(node, "calendar");
    if (figures)
        read_figure_changes(loading, figures, &override->figures, &override->figure_count);
    if (ladder)
        read_level_changes(loading, ladder, override);
    if (calendar) {
        override->has_calendar = calendar_load(loading, calendar, &override->calendar);
        override->calendar_line = calendar->line;
    }
    if (rules && rules->kind != NODE_MAPPING)
        finding_at(loading->findings, rules, "expected rules here, one a line: NAME: off");
    for (struct node *value = rules && rules->kind == NODE_MAPPING ? rules->first : NULL; value;
         value = value->next)
        read_rule_change(loading, value, override);
    if (!figures && !ladder && !calendar && !rules)
        finding_at(loading->findings, node,
                   "this override changes nothing: figures, ladder, calendar or rules");
}

/* --- the section --- */

static bool is_known(const struct scopes *scopes, const char *name)
{
    for (unsigned i = 0; i < scopes->override_count; i++)
        if (text_equal(scopes->overrides[i].name, name))
            return true;
    return false;
}

static void read_override(struct loading *loading, struct node *node, unsigned position)
{
    struct scopes *scopes = loading->policy->scopes;
    struct override *override = &scopes->overrides[scopes->override_count];
    struct node *name = node->kind == NODE_MAPPING ? node_find(node, "name") : NULL, *value;
    if (!name) {
        finding_at(loading->findings, node, "an override has a \"name\", and what it changes");
        return;
    }
    *override = (struct override){
        .name = scalar_read_word(loading, name, 64), .line = node->line, .position = position};
    if (!override->name)
        return;
    if (is_known(scopes, override->name))
        finding_at(loading->findings, name, "there are two overrides named %s", override->name);
    if ((value = node_find(node, "about")))
        scalar_read_text(loading, value);
    if ((value = node_find(node, "for")))
        read_for(loading, value, override);
    read_when(loading, node, override);
    read_what(loading, node, override);
    node_refuse_unread(node, "an override", loading->findings);
    scopes->override_count++;
}

/* What is for a time wins over what is for good; then the narrower over the wider; then the later. */
static int compare_rank(const void *left_item, const void *right_item)
{
    const struct override *left = left_item, *right = right_item;
    if (override_is_temporary(left) != override_is_temporary(right))
        return override_is_temporary(left) ? 1 : -1;
    if (left->breadth != right->breadth)
        return left->breadth < right->breadth ? -1 : 1;
    return left->position < right->position ? -1 : 1;
}

static void assign(const struct scopes *scopes, struct store_scope *scope)
{
    for (unsigned i = 0; i < scopes->override_count; i++)
        if (is_for(&scopes->overrides[i], scope))
            scope->applies.words[i / 64] |= UINT64_C(1) << i % 64;
}

void overrides_load(struct loading *loading, struct node *node)
{
    struct scopes *scopes = loading->policy->scopes;
    unsigned count;
    if (!finding_expect(loading->findings, node, NODE_LIST,
                        "overrides here, each one beginning with - name: …") ||
        !finding_count(loading->findings, node, "overrides", POLICY_OVERRIDES, &count))
        return;
    scopes->overrides = memory_zeroed((count + 1) * sizeof *scopes->overrides);
    unsigned position = 0;
    for (struct node *item = node->first; item; item = item->next)
        read_override(loading, item, position++);
    if (scopes->override_count)
        qsort(scopes->overrides, scopes->override_count, sizeof *scopes->overrides, compare_rank);
    for (unsigned i = 0; i < scopes->store_count; i++)
        assign(scopes, &scopes->stores[i]);
    assign(scopes, &scopes->elsewhere);
}

/* --- trying them --- */

/* The rules with one override: what is wrong in its own lines is told there, what it makes wrong elsewhere at
 * its beginning. */
static void try_alone(struct loading *loading, unsigned at)
{
    const struct override *override = &loading->policy->scopes->overrides[at];
    struct override_set set = {{0}};
    struct policy_findings *findings = NEW(policy_findings);
    set.words[at / 64] |= UINT64_C(1) << at % 64;
    policy_free_variant(variant_make(loading->policy, &set, true, findings));
    for (size_t i = 0; i < findings->count; i++) {
        const struct policy_finding *finding = &findings->items[i];
        bool is_own = false;
        for (unsigned rule = 0; rule < override->rule_count; rule++)
            is_own |= override->rules[rule].line <= finding->line &&
                      finding->line <= override->rules[rule].line + 8 && override->rules[rule].has_to;
        if (is_own && finding->line >= override->line)
            finding_add(loading->findings, finding->line, finding->column, "%s", finding->sentence);
        else
            finding_add(loading->findings, override->line, 1, "with the override %s, line %u: %s",
                        override->name, finding->line, finding->sentence);
    }
    free(findings);
}

struct trial {
    struct override_set *sets;
    unsigned count;
};

static bool was_tried(const struct trial *trial, const struct override_set *set)
{
    for (unsigned i = 0; i < trial->count; i++)
        if (!memcmp(&trial->sets[i], set, sizeof *set))
            return true;
    return false;
}

/* All that ever holds together at the store. False: there are too many. */
static bool try_scope(struct loading *loading, const struct store_scope *scope, struct trial *trial)
{
    const struct policy *policy = loading->policy;
    for (int64_t at = INT64_MIN, from_at, until_at = 0; until_at != INT64_MAX; at = until_at) {
        struct override_set set = scope_at(policy->scopes, scope, at, &from_at, &until_at);
        if (was_tried(trial, &set))
            continue;
        if (trial->count == OVERRIDE_VARIANTS)
            return false;
        trial->sets[trial->count++] = set;
        struct ladder ladder = policy->ladder;
        variant_apply_ladder(policy->scopes, &set, &ladder);
        unsigned level = ladder_falls(&ladder);
        for (unsigned i = 0; level && i < policy->scopes->override_count; i++)
            if (override_is_in(&set, i) && policy->scopes->overrides[i].level_count) {
                finding_add(
                    loading->findings, policy->scopes->overrides[i].line, 1,
                    "with the overrides of %s %s may not decide more than %s below: the ladder goes up",
                    scope->store_id ? scope->store_id : "all stores", ladder.levels[level].role,
                    ladder.levels[level - 1].role);
                break;
            }
    }
    return true;
}

void overrides_check(struct loading *loading)
{
    const struct scopes *scopes = loading->policy->scopes;
    struct trial trial = {.sets = memory_zeroed(OVERRIDE_VARIANTS * sizeof *trial.sets)};
    bool is_possible = try_scope(loading, &scopes->elsewhere, &trial);
    for (unsigned i = 0; is_possible && i < scopes->store_count; i++) {
        const struct store_scope *scope = &scopes->stores[i], *before = i ? scope - 1 : &scopes->elsewhere;
        if (memcmp(&scope->applies, &before->applies, sizeof scope->applies) != 0 ||
            scope->place.zone != before->place.zone)
            is_possible = try_scope(loading, scope, &trial);
    }
    free(trial.sets);
    if (!is_possible)
        finding_add(loading->findings, scopes->overrides[0].line, 1,
                    "the overrides make more than %d different policies: use regions and tags",
                    OVERRIDE_VARIANTS);
    for (unsigned i = 0; i < scopes->override_count; i++)
        if (scopes->overrides[i].rule_count || scopes->overrides[i].figure_count)
            try_alone(loading, i);
}
