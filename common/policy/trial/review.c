/* review: loads a policy, then looks at it section by section. */
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/load/policy_load.h"
#include "common/policy/trial/reviewing.h"

#include <stdlib.h>

/* --- figures --- */

static bool names_figure(const char *text, const char *name)
{
    char wanted[POLICY_NAME_SIZE + 8];
    text_format(wanted, sizeof wanted, "figures.%s", name);
    size_t size = strlen(wanted);
    for (const char *at = text; (at = strstr(at, wanted)); at += size)
        if (!at[size] || !strchr("abcdefghijklmnopqrstuvwxyz0123456789_", at[size]))
            return true;
    return false;
}

static bool is_used(const struct node *node, const char *name)
{
    if (node->kind == NODE_TEXT)
        return names_figure(node->text, name);
    for (const struct node *item = node->first; item; item = item->next)
        if (is_used(item, name))
            return true;
    return false;
}

/* Figures that the program itself asks for by name. */
static bool is_known_to_the_program(const char *name)
{
    static const char *const known[] = {"good_reach", "bad_reach", "public_reach", "hearer", "yes_cap"};
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (text_equal(known[i], name))
            return true;
    return false;
}

static void check_figures(struct reviewing *reviewing)
{
    const struct node *figures = reviewing_value(reviewing->root, "figures");
    for (const struct node *value = figures ? figures->first : NULL; value; value = value->next) {
        const struct figure *figure = figure_find(reviewing->policy, value->key->text);
        if (!is_used(reviewing->root, value->key->text) && !is_known_to_the_program(value->key->text))
            reviewing_add(reviewing, value->key, "Use it as figures.NAME in a rule, or leave it out.",
                          "the figure %s is not used", value->key->text);
        if (figure && figure->value.type->kind == CEL_DURATION && !figure->value.as.nanoseconds)
            reviewing_add(reviewing, value, "Give it a time, such as 5m.", "the figure %s is no time at all",
                          figure->name);
        if (figure && figure->value.type->kind == CEL_INT && figure->value.as.integer < 0)
            reviewing_add(reviewing, value, "Nothing that is counted or paid is below zero.",
                          "the figure %s is below zero", figure->name);
    }
}

/* --- times --- */

static void check_time(struct reviewing *reviewing, const char *key, int64_t us, int64_t least_us,
                       int64_t most_us, const char *advice)
{
    const struct node *value = reviewing_value(reviewing->root, key);
    if (value && (us < least_us || us > most_us))
        reviewing_add(reviewing, value, advice, "%s is unusually %s", key, us < least_us ? "short" : "long");
}

static void check_times(struct reviewing *reviewing)
{
    static const int64_t second = 1000000, day = INT64_C(86400000000);
    const struct policy *policy = reviewing->policy;
    check_time(
        reviewing, "late_after", policy->late_after_us, second, day,
        "A register that sends at once is never late within a second; after a day everything is old anyway.");
    check_time(reviewing, "old_after", policy->old_after_us, 60 * second, 30 * day,
               "What is older runs no clock and pages nobody: an hour to a few days is usual.");
    if (policy->old_after_us < policy->late_after_us && reviewing_value(reviewing->root, "old_after"))
        reviewing_add(reviewing, reviewing_value(reviewing->root, "old_after"),
                      "Make old_after longer than late_after.",
                      "what is old is older than what is late, and here it is not");
}

/* --- what the loader found --- */

static const char *advice_for(const char *sentence)
{
    static const struct {
        const char *part, *advice;
    } known[] = {
        {"there is no event",
         "The events are those of proto/bellhop/v1/event.proto, such as wait_started or mood_observed."},
        {"may be absent", "Ask for it first: has(…) && …"},
        {"may be unknown", "Ask for it first: has(…) && …"},
        {"guard", "Ask for it first: has(…) && …"},
        {"is no role of the ladder", "Name one of the ladder's roles, or add it to the ladder."},
        {"the ladder goes up", "Put the levels in order of what they may decide, lowest first."},
        {"twice", "Keep one of the two."},
        {"zone", "Use an IANA name, such as Europe/Vienna, that this machine's zone files know."},
        {"has no \"", "Add what is missing."},
        {"is wanted here", "Write an expression of the type that is wanted."},
    };
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (strstr(sentence, known[i].part))
            return known[i].advice;
    return "Mend this place as the sentence says; common/policy/README.md shows how it is written.";
}

static void add_loaded(struct review *review, const struct policy_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        struct review_finding *finding = reviewing_finding(review);
        if (!finding)
            continue;
        finding->line = findings->items[i].line;
        finding->column = findings->items[i].column;
        finding->is_error = true;
        text_copy(finding->sentence, sizeof finding->sentence, findings->items[i].sentence);
        text_copy(finding->advice, sizeof finding->advice, advice_for(finding->sentence));
    }
    review->omitted += findings->omitted;
}

static int compare(const void *left, const void *right)
{
    const struct review_finding *a = left, *b = right;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return a->column < b->column ? -1 : a->column > b->column;
}

static void check_policy(const struct policy *policy, struct slice document, struct review *review)
{
    AUTO(arena) *tree = arena_new(document_tree_bytes(document.size));
    struct policy_findings *none = memory_zeroed(sizeof *none);
    struct reviewing reviewing = {.policy = policy, .review = review};
    reviewing.root = document_parse(document, tree, none);
    if (reviewing.root) {
        review_ladder(&reviewing);
        check_times(&reviewing);
        check_figures(&reviewing);
        review_rules(&reviewing);
    }
    free(none);
}

struct policy *review_document(struct slice document, WireZoneTable *const *zones, size_t zone_count,
                               struct review *ret_review)
{
    struct policy_findings *findings = memory_zeroed(sizeof *findings);
    AUTO(policy) *policy = policy_load(document, zones, zone_count, 0, findings);
    ret_review->count = ret_review->omitted = 0;
    add_loaded(ret_review, findings);
    free(findings);
    if (policy)
        check_policy(policy, document, ret_review);
    qsort(ret_review->items, ret_review->count, sizeof ret_review->items[0], compare);
    return TAKE(policy);
}
