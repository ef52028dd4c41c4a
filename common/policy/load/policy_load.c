/* policy_load: loads a document section by section. */
#include "common/policy/load/policy_load.h"

#include "common/base/memory.h"
#include "common/policy/load/figure_load.h"
#include "common/policy/load/finding.h"
#include "common/policy/load/ladder_load.h"
#include "common/policy/load/override_load.h"
#include "common/policy/load/product_load.h"
#include "common/policy/load/rule_load.h"
#include "common/policy/load/scalar.h"
#include "common/policy/load/scope_load.h"
#include "common/policy/load/vocabulary.h"
#include "common/wire/rules.h"

static const int64_t minute_us = 60 * INT64_C(1000000), day_us = 86400 * INT64_C(1000000);

static void read_currency(struct loading *loading, const struct node *node)
{
    struct policy *policy = loading->policy;
    if (node->kind != NODE_TEXT || node->size != 3 ||
        !wire_charset_allows(WIRE_CURRENCY, node->text, node->size))
        finding_at(loading->findings, node, "a currency is three capital letters, such as EUR");
    else if (policy->currency_count == POLICY_CURRENCIES)
        finding_at(loading->findings, node, "there are more than %d currencies", POLICY_CURRENCIES);
    else
        memcpy(policy->currencies[policy->currency_count++], node->text, node->size);
    memcpy(policy->currency, policy->currencies[0], sizeof policy->currency);
}

static void read_currencies(struct loading *loading, const struct node *node)
{
    if (node->kind != NODE_LIST || !node->first) {
        finding_at(loading->findings, node, "expected currencies here, the usual one first: [EUR, USD]");
        return;
    }
    for (const struct node *item = node->first; item; item = item->next)
        read_currency(loading, item);
}

static void read_settings(struct loading *loading, struct node *root)
{
    struct policy *policy = loading->policy;
    struct node *name = node_find(root, "policy"), *currency = node_find(root, "currency"), *node;
    struct node *currencies = node_find(root, "currencies");
    if (!name)
        finding_at(loading->findings, root, "the document has no \"policy\": its name");
    else
        policy->name = scalar_read_word(loading, name, 64);
    if (currencies && currency)
        finding_at(loading->findings, currency,
                   "currencies says it already: the usual one comes first there");
    else if (currencies)
        read_currencies(loading, currencies);
    else if (!currency)
        finding_at(loading->findings, root, "the document has no \"currency\", such as EUR");
    else
        read_currency(loading, currency);
    if ((node = node_find(root, "late_after")))
        scalar_read_duration(loading, node, &policy->late_after_us);
    if ((node = node_find(root, "old_after")))
        scalar_read_duration(loading, node, &policy->old_after_us);
    if ((node = node_find(root, "overdue_lead_after")))
        scalar_read_duration(loading, node, &policy->overdue_lead_after_us);
    if ((node = node_find(root, "nobody_home_after")))
        scalar_read_duration(loading, node, &policy->nobody_home_after_us);
    if ((node = node_find(root, "acknowledged_at_most")))
        scalar_read_integer(loading, node, 1, 1000, &policy->acknowledged_times);
    if ((node = node_find(root, "about")))
        scalar_read_text(loading, node);
}

static void read_promises(struct loading *loading, struct node *node)
{
    struct policy *policy = loading->policy;
    struct node *value;
    if (!finding_expect(loading->findings, node, NODE_MAPPING,
                        "what holds of promises here, such as { remind_percent: 25, remind_at_least: 15m }"))
        return;
    if ((value = node_find(node, "remind_percent")))
        scalar_read_integer(loading, value, 0, 100, &policy->reminding.percent);
    if ((value = node_find(node, "remind_at_least")))
        scalar_read_duration(loading, value, &policy->reminding.at_least_us);
    if ((value = node_find(node, "same_window")))
        scalar_read_duration(loading, value, &policy->same_window_us);
    node_refuse_unread(node, "promises", loading->findings);
}

static void read_proposals(struct loading *loading, struct node *node)
{
    struct policy *policy = loading->policy;
    struct node *value;
    if (!finding_expect(loading->findings, node, NODE_MAPPING,
                        "what holds of proposals here, such as { keeper: head_office, answer_within: 14d }"))
        return;
    if ((value = node_find(node, "keeper"))) {
        policy->keeper = scalar_read_word(loading, value, 64);
        if (policy->keeper && ladder_find(&policy->ladder, policy->keeper) < 0)
            finding_at(loading->findings, value, "the ladder has no role \"%.40s\"", policy->keeper);
    }
    if ((value = node_find(node, "answer_within")))
        scalar_read_duration(loading, value, &policy->answer_within_us);
    node_refuse_unread(node, "proposals", loading->findings);
}

static void read_sections(struct loading *loading, struct node *root)
{
    read_settings(loading, root);
    scopes_load(loading, root);
    struct node *ladder = node_find(root, "ladder"), *authority = node_find(root, "authority");
    struct node *figures = node_find(root, "figures"), *rules = node_find(root, "rules");
    if (ladder)
        ladder_load(loading, ladder, authority);
    else
        finding_at(loading->findings, root, "the document has no \"ladder\": the roles, lowest first");
    struct node *promises = node_find(root, "promises");
    if (promises)
        read_promises(loading, promises);
    struct node *proposals = node_find(root, "proposals");
    if (proposals)
        read_proposals(loading, proposals);
    struct node *products = node_find(root, "products");
    if (products)
        products_load(loading, products);
    if (figures)
        figures_load(loading, figures);
    loading->environment = vocabulary_of_policy(loading);
    if (rules)
        rules_load(loading, rules);
    else
        finding_at(loading->findings, root, "the document has no \"rules\"");
    cel_environment_free(loading->environment);
    struct node *overrides = node_find(root, "overrides");
    if (overrides)
        overrides_load(loading, overrides);
    node_refuse_unread(root, "a policy", loading->findings);
}

struct policy *policy_load(struct slice document, WireZoneTable *const *zones, size_t zone_count,
                           uint64_t version, struct policy_findings *ret_findings)
{
    size_t size = document.size <= POLICY_DOCUMENT_BYTES ? document.size : 0;
    AUTO(policy) *policy = NEW(policy);
    AUTO(arena) *tree = arena_new(document_tree_bytes(size));
    struct loading loading = {
        .policy = policy, .findings = ret_findings, .zones = zones, .zone_count = zone_count};
    *ret_findings = (struct policy_findings){0};
    policy->version = version;
    policy->scopes = scopes_new();
    policy_zones_read(&policy->scopes->zones, zones, zone_count);
    policy->late_after_us = 5 * minute_us;
    policy->old_after_us = day_us;
    policy->nobody_home_after_us = minute_us;
    policy->overdue_lead_after_us = day_us;
    policy->acknowledged_times = 4;
    policy->reminding = (struct reminding){.percent = 25, .at_least_us = 15 * minute_us};
    policy->same_window_us = 60 * minute_us;
    policy->answer_within_us = 14 * day_us;
    arena_init(&policy->arena, document_text_bytes(size));
    struct node *root = document_parse(document, tree, ret_findings);
    if (root && root->kind != NODE_MAPPING)
        finding_at(ret_findings, root, "expected \"policy: NAME\" and more here");
    else if (root)
        read_sections(&loading, root);
    if (!ret_findings->count && policy->scopes->override_count) {
        bytes_append(&policy->scopes->document, document.data, document.size);
        overrides_check(&loading);
    }
    findings_sort(ret_findings);
    return ret_findings->count ? NULL : TAKE(policy);
}
