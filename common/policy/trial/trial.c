/* trial: reads a file of stories and runs them one by one. */
#include "common/policy/trial/trial.h"

#include "common/base/civil.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/load/finding.h"
#include "common/policy/trial/rehearsal.h"
#include "common/policy/trial/story.h"
#include "common/wire/event.h"
#include "common/wire/json.h"
#include "common/wire/set.h"

#include <stdlib.h>

enum { HEARD_MOST = 2000, ARENA_SIZE = 4 * 1024 * 1024 };

static const int64_t default_begin = INT64_C(1772445600000000); /* Monday 2026-03-02T10:00:00Z */

struct trial {
    struct arena tree;
    struct node *cases;
    struct node *defaults; /* NULL: none */
    const char *policy;
    size_t count;
};

/* What was concluded, and by which expectation it was met. */
struct heard {
    int64_t at;
    json_t *decision;
    const char *event;
    bool is_expected;
};

struct running {
    struct node *node;     /* the case */
    struct node *defaults; /* of its file */
    struct story_moment moment;
    char escalation_id[72], follow_up_id[72];
    struct heard heard[HEARD_MOST];
    size_t count;
    bool is_listening; /* false before `events` */
    struct rehearsal *rehearsal;
    struct coverage *coverage;
    struct arena *arena;
    struct bytes *into;
    struct policy_findings findings;
};

/* --- reading --- */

static bool read_cases(struct trial *trial, struct node *root, struct policy_findings *findings)
{
    struct node *policy = node_find(root, "policy");
    trial->cases = node_find(root, "cases");
    if (!policy || policy->kind != NODE_TEXT || !trial->cases || trial->cases->kind != NODE_LIST) {
        finding_at(findings, root, "expected \"policy: FILE\" and \"cases:\", a list of stories");
        return false;
    }
    trial->policy = policy->text;
    trial->defaults = node_find(root, "defaults");
    if (trial->defaults && trial->defaults->kind != NODE_MAPPING)
        finding_at(findings, trial->defaults,
                   "expected what every event has here, such as { employee_id: anna }");
    for (struct node *item = trial->cases->first; item; item = item->next, trial->count++)
        if (item->kind != NODE_MAPPING || !node_find(item, "name") || !node_find(item, "events") ||
            !node_find(item, "expect"))
            finding_at(findings, item, "a story has a name, events, and what to expect");
    node_refuse_unread(root, "a file of stories", findings);
    return !findings->count;
}

struct trial *trial_new(struct slice document, struct policy_findings *ret_findings)
{
    AUTO(trial) *trial = NEW(trial);
    *ret_findings = (struct policy_findings){0};
    arena_init(&trial->tree, document_tree_bytes(document.size));
    struct node *root = document_parse(document, &trial->tree, ret_findings);
    if (root && root->kind != NODE_MAPPING)
        finding_at(ret_findings, root, "expected \"policy: FILE\" and \"cases:\" here");
    else if (root && read_cases(trial, root, ret_findings))
        return TAKE(trial);
    return NULL;
}

void trial_free(struct trial *trial)
{
    if (!trial)
        return;
    arena_clear(&trial->tree);
    free(trial);
}

const char *trial_policy(const struct trial *trial)
{
    return trial->policy;
}

size_t trial_count(const struct trial *trial)
{
    return trial->count;
}

static struct node *case_of(const struct trial *trial, size_t index)
{
    struct node *node = trial->cases->first;
    while (index--)
        node = node->next;
    return node;
}

const char *trial_name(const struct trial *trial, size_t index)
{
    const struct node *name = node_find(case_of(trial, index), "name");
    return name->kind == NODE_TEXT ? name->text : "?";
}

unsigned trial_line(const struct trial *trial, size_t index)
{
    return case_of(trial, index)->line;
}

/* --- what it is about --- */

/* `name` stands in the text, and not within another. */
static bool has_name(const char *text, const char *name)
{
    static const char word[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    size_t size = strlen(name);
    for (const char *at = text; size && (at = strstr(at, name)); at++)
        if ((at == text || !strchr(word, at[-1])) && (!at[size] || !strchr(word, at[size])))
            return true;
    return false;
}

static bool calls(const struct node *text, const struct rule *rule)
{
    return text && text->kind == NODE_TEXT &&
           (has_name(text->text, rule->name) || (rule->row && has_name(text->text, rule->row)));
}

static bool is_about(struct node *story, const struct rule *rule)
{
    struct node *expect = node_find(story, "expect");
    if (calls(node_find(story, "name"), rule))
        return true;
    for (struct node *item = expect->first; item; item = item->next)
        if (item->kind == NODE_MAPPING &&
            (calls(node_find(item, "row"), rule) || calls(node_find(item, "rule"), rule)))
            return true;
    return false;
}

void trial_add_subjects(const struct trial *trial, const struct policy *policy, struct coverage *coverage)
{
    for (unsigned i = 0; i < policy->rule_count; i++)
        for (struct node *story = trial->cases->first; story; story = story->next)
            if (is_about(story, &policy->rules[i]))
                coverage_add_subject(coverage, policy, &policy->rules[i]);
}

/* --- telling --- */

static void remember(struct running *running, const WireDecision *decision)
{
    if (decision->body_case == WIRE_DECISION__BODY_CASE) {
        text_copy(running->escalation_id, sizeof running->escalation_id, decision->case_->escalation_id);
        running->moment.round = decision->case_->round;
    }
    if (decision->body_case == WIRE_DECISION__BODY_FOLLOW_UP)
        text_copy(running->follow_up_id, sizeof running->follow_up_id, decision->follow_up->follow_up_id);
}

static void on_heard(void *owner, int64_t at, const WireEvent *event, const WireDecision *decision)
{
    struct running *running = owner;
    if (event->body_case == WIRE_EVENT__BODY_POLICY_PROPOSED)
        return;
    remember(running, decision);
    if (!running->is_listening || running->count == HEARD_MOST)
        return;
    /* an act's verdict says what its other decisions say, and days are counted for reports: neither need be expected */
    running->heard[running->count++] = (struct heard){
        .at = at,
        .decision = wire_json_of(decision),
        .event = wire_event_type(event),
        .is_expected = (decision->body_case == WIRE_DECISION__BODY_VERDICT && decision->verdict->act) ||
                       decision->body_case == WIRE_DECISION__BODY_DAY_SERVED,
    };
}

static void on_looked(void *owner, const struct rule_look *look)
{
    struct running *running = owner;
    if (running->coverage)
        coverage_add(running->coverage, look);
}

static bool time_or(struct running *running, struct node *mapping, const char *key, int64_t otherwise,
                    int64_t *ret_at)
{
    struct node *node = node_find(mapping, key);
    *ret_at = otherwise;
    return !node || story_time(node, &running->moment, &running->findings, ret_at);
}

static bool play_event(struct running *running, struct node *entry)
{
    int64_t now = rehearsal_clock(running->rehearsal), at, happened, sent;
    char why[WHY_SIZE];
    running->moment.before = now;
    if (entry->kind != NODE_MAPPING || !time_or(running, entry, "at", now, &at) ||
        !time_or(running, entry, "happened", at, &happened) || !time_or(running, entry, "sent", at, &sent))
        return false;
    if (at < now) {
        finding_at(&running->findings, entry,
                   "the clock does not go back: write events in the order they are recorded");
        return false;
    }
    rehearsal_wait(running->rehearsal, at);
    arena_reset(running->arena, 0);
    struct story_defaults defaults = {.own = running->node, .file = running->defaults};
    WireEvent *event = story_event(entry, &defaults, &running->moment, running->arena, &running->findings);
    if (!event)
        return false;
    WIRE_SET(event, occurred_at, happened);
    if (rehearsal_play(running->rehearsal, event, sent, why))
        return true;
    finding_at(&running->findings, entry, "%s", why);
    return false;
}

static bool play_events(struct running *running, const char *key)
{
    struct node *events = node_find(running->node, key);
    for (struct node *entry = events ? events->first : NULL; entry; entry = entry->next)
        if (!play_event(running, entry))
            return false;
    return true;
}

static bool play_story(struct running *running)
{
    int64_t until;
    if (!play_events(running, "given"))
        return false;
    running->is_listening = true;
    if (!play_events(running, "events"))
        return false;
    running->moment.before = rehearsal_clock(running->rehearsal);
    if (!time_or(running, running->node, "until", running->moment.before, &until))
        return false;
    rehearsal_wait(running->rehearsal, until);
    return true;
}

/* --- comparing --- */

static void say_time(struct running *running, int64_t at)
{
    struct civil civil = civil_from_utc_us(at), begin = civil_from_utc_us(running->moment.begins_at);
    if (civil.day != begin.day || civil.month != begin.month || civil.year != begin.year)
        bytes_append_format(running->into, "%04d-%02d-%02d ", civil.year, civil.month, civil.day);
    bytes_append_format(running->into, "%02d:%02d:%02d", civil.hour, civil.minute, civil.second);
}

static void say_node(struct running *running, const struct node *node)
{
    if (node->kind == NODE_TEXT) {
        bytes_append_text(running->into, node->text);
        return;
    }
    bytes_append_text(running->into, node->kind == NODE_LIST ? "[" : "{");
    for (const struct node *item = node->first; item; item = item->next) {
        bytes_append_text(running->into, item == node->first ? "" : ", ");
        if (node->kind == NODE_MAPPING)
            bytes_append_format(running->into, "%s: ", item->key->text);
        say_node(running, item);
    }
    bytes_append_text(running->into, node->kind == NODE_LIST ? "]" : "}");
}

/* The names that stories use most. */
static void say_decision(struct running *running, const struct heard *heard)
{
    static const char *const names[] = {"rule_id", "rule", "kind", "audience", "silenced", "late", "drill"};
    static const char *const inner[] = {"role",        "severity",       "state",  "outcome",  "amount",
                                        "employee_id", "to_employee_id", "kind",   "owner",    "feeling",
                                        "reach",       "value",          "reason", "sentence", "advice"};
    bytes_append_text(running->into, "    ");
    say_time(running, heard->at);
    bytes_append_format(running->into, " (%s):", heard->event ? heard->event : "?");
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const json_t *value = json_object_get(heard->decision, names[i]);
        if (json_is_string(value))
            bytes_append_format(running->into, " %s: %s,", names[i], json_string_value(value));
        else if (json_is_true(value))
            bytes_append_format(running->into, " %s: true,", names[i]);
    }
    const char *key;
    json_t *body;
    json_object_foreach(heard->decision, key, body)
    {
        for (size_t i = 0; json_is_object(body) && !text_equal(key, "position") && i < COUNT_OF(inner); i++) {
            const json_t *value = json_object_get(body, inner[i]);
            char *text = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
            if (text)
                bytes_append_format(running->into, " %s: %s,", inner[i], text);
            free(text);
        }
    }
    running->into->size--; /* the last comma */
    bytes_append_text(running->into, heard->is_expected ? "\n" : "   <- not expected\n");
}

static void fail(struct running *running, const struct node *expected, const char *what)
{
    bytes_append_format(running->into, "  line %u: %s", expected->line, what);
    say_node(running, expected);
    bytes_append_text(running->into, "\n");
}

/* Expectations are met in their order. */
static bool compare(struct running *running)
{
    struct node *expect = node_find(running->node, "expect"),
                *else_ = node_find(running->node, "nothing_else");
    bool is_strict = else_ && else_->kind == NODE_TEXT && text_equal(else_->text, "true"), is_met = true;
    size_t from = 0;
    running->moment.escalation_id = running->escalation_id;
    running->moment.follow_up_id = running->follow_up_id;
    for (const struct node *item = expect->first; item; item = item->next) {
        size_t at = from;
        while (at < running->count &&
               !story_matches(item, running->heard[at].decision, running->heard[at].at, &running->moment))
            at++;
        if (at < running->count) {
            running->heard[at].is_expected = true;
            from = at + 1;
            continue;
        }
        fail(running, item, "expected, and not concluded (or not in this order): ");
        is_met = false;
    }
    bool has_more = false;
    for (size_t i = 0; i < running->count; i++)
        has_more |= !running->heard[i].is_expected;
    if (is_strict && has_more)
        bytes_append_text(running->into, "  more was concluded than was expected\n");
    return is_met && !(is_strict && has_more);
}

static bool judge(struct running *running)
{
    bool is_told = play_story(running);
    node_find(running->node, "row");
    bool is_met = compare(running);
    if (is_told)
        node_refuse_unread(running->node, "a story", &running->findings);
    for (size_t i = 0; i < running->findings.count; i++)
        bytes_append_format(running->into, "  line %u, column %u: %s\n", running->findings.items[i].line,
                            running->findings.items[i].column, running->findings.items[i].sentence);
    if (!is_met) {
        bytes_append_text(running->into,
                          running->count ? "  what was concluded:\n" : "  nothing was concluded\n");
        for (size_t i = 0; i < running->count; i++)
            say_decision(running, &running->heard[i]);
    }
    return is_told && is_met && !running->findings.count;
}

static void running_free(struct running *running)
{
    for (size_t i = 0; i < running->count; i++)
        json_decref(running->heard[i].decision);
    rehearsal_free(running->rehearsal);
    arena_free(running->arena);
    free(running);
}

bool trial_run(struct trial *trial, size_t index, const struct trial_policy *policy,
               struct coverage *coverage, struct bytes *into)
{
    struct running *running = NEW(running);
    char why[WHY_SIZE] = "";
    running->node = case_of(trial, index);
    running->defaults = trial->defaults;
    running->coverage = coverage;
    running->into = into;
    running->arena = arena_new(ARENA_SIZE);
    running->moment.begins_at = default_begin;
    running->moment.escalation_id = running->escalation_id;
    running->moment.follow_up_id = running->follow_up_id;
    node_find(running->node, "name");
    time_or(running, running->node, "begin", default_begin, &running->moment.begins_at);
    struct rehearsal_options options = {.document = policy->document,
                                        .zones = policy->zones,
                                        .zone_count = policy->zone_count,
                                        .begins_at = running->moment.begins_at,
                                        .heard = on_heard,
                                        .looked = on_looked,
                                        .owner = running};
    running->moment.policy = policy;
    running->rehearsal = rehearsal_new(&options, why);
    if (!running->rehearsal)
        bytes_append_format(into, "  the policy is refused: %s\n", why);
    bool is_good = running->rehearsal && judge(running);
    running_free(running);
    return is_good;
}
