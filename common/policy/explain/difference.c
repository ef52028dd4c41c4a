/* difference: compares two policies section by section, rules by their names. */
#include "common/policy/explain/difference.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/cel/syntax.h"
#include "common/policy/explain/explain_rule.h"
#include "common/policy/explain/statement.h"
#include "common/policy/explain/statements.h"
#include "common/policy/phrase/phrase.h"

struct comparing {
    const struct policy *before, *after;
    struct bytes *into;
    size_t count;
};

static void say(struct comparing *comparing, const char *text)
{
    bytes_append_text(comparing->into, text);
}

/* --- all that is said beside the rules --- */

static void write_line(struct comparing *comparing, const char *word, const struct statement *statement)
{
    const char *text = statement->text + strspn(statement->text, " ");
    bytes_append_format(comparing->into, "%-11s ", word);
    if (statement->within)
        bytes_append_format(comparing->into, "with \"%s\": ", statement->within);
    bytes_append_format(comparing->into, "%s\n", text);
}

static void compare_statements(struct comparing *comparing)
{
    struct statements before = {0}, after = {0};
    statements_make(comparing->before, &before);
    statements_make(comparing->after, &after);
    for (size_t i = 0; i < before.count; i++) {
        const struct statement *was = &before.items[i], *is = statements_find(&after, was->key);
        if (is && text_equal(was->text, is->text))
            continue;
        comparing->count++;
        write_line(comparing, is ? "was:" : "no longer:", was);
        if (is)
            write_line(comparing, "is now:", is);
    }
    for (size_t i = 0; i < after.count; i++)
        if (!statements_find(&before, after.items[i].key) && ++comparing->count)
            write_line(comparing, "new:", &after.items[i]);
    statements_clear(&before);
    statements_clear(&after);
}

/* Their order says who is above whom. */
static void compare_ladder_order(struct comparing *comparing)
{
    const struct ladder *before = &comparing->before->ladder, *after = &comparing->after->ladder;
    int last = -1;
    for (unsigned i = 0; i < before->count; i++) {
        int now = ladder_find(after, before->levels[i].role);
        if (now >= 0 && now < last) {
            comparing->count++;
            say(comparing, "the ");
            phrase_name(before->levels[i].role, comparing->into);
            say(comparing, " now stands below who stood below them before\n");
        }
        last = now > last ? now : last;
    }
}

/* --- rules --- */

/* The `nth` rule of that name. */
static const struct rule *rule_of(const struct policy *policy, const char *name, unsigned nth,
                                  unsigned *ret_place)
{
    for (unsigned i = 0; i < policy->rule_count; i++)
        if (text_equal(policy->rules[i].name, name) && !nth--) {
            *ret_place = i;
            return &policy->rules[i];
        }
    return NULL;
}

static unsigned nth_of(const struct policy *policy, const struct rule *rule)
{
    unsigned nth = 0;
    for (const struct rule *other = policy->rules; other < rule; other++)
        nth += text_equal(other->name, rule->name);
    return nth;
}

/* What a rule does, as it is written: figures by name, so that a changed one changes no rule. */
static void write_program(void *owner, const char *what, const struct cel_program *program)
{
    const struct syntax *syntax = program_syntax(program);
    if (text_equal(what, "when"))
        return;
    bytes_append_format(owner, "%s=%.*s;", what, (int)syntax->place.size,
                        program_text(program) + syntax->place.offset);
}

static void write_actions(const struct rule *rule, struct bytes *into)
{
    rule_each_program(rule, write_program, into);
    for (int kind = 0; kind < ACTION_KINDS; kind++) {
        const struct action *action = &rule->actions[kind];
        bytes_append_format(into, "%d %d %d %d;", action->is_given, action->ends_with, action->follow_up,
                            action->recognition);
        for (size_t i = 0; action->says.template && i < cel_template_parts(action->says.template); i++) {
            struct cel_text text = cel_template_text(action->says.template, i);
            bytes_append(into, text.bytes, text.size);
        }
    }
}

/* Blanks and line feeds make no other condition, but in quotes. */
static bool is_same_source(const char *left, const char *right)
{
    for (char quote = 0;; left++, right++) {
        left += quote ? 0 : strspn(left, " \n\t");
        right += quote ? 0 : strspn(right, " \n\t");
        if (*left != *right || !*left)
            return *left == *right;
        if (*left == '"' || *left == '\'')
            quote = !quote ? *left : quote == *left ? 0 : quote;
    }
}

static bool has_same_condition(const struct rule *a, const struct rule *b)
{
    if (!a->when.program || !b->when.program)
        return !a->when.program && !b->when.program;
    return is_same_source(program_text(a->when.program), program_text(b->when.program));
}

static bool has_same_triggers(const struct rule *a, const struct rule *b)
{
    bool is_same = a->trigger_count == b->trigger_count;
    for (unsigned i = 0; is_same && i < a->trigger_count; i++)
        is_same = a->triggers[i].event == b->triggers[i].event &&
                  a->triggers[i].change == b->triggers[i].change &&
                  a->triggers[i].is_narrowed == b->triggers[i].is_narrowed &&
                  a->triggers[i].kind == b->triggers[i].kind &&
                  a->triggers[i].is_delayed == b->triggers[i].is_delayed &&
                  a->triggers[i].after_us == b->triggers[i].after_us;
    return is_same;
}

static void rule_changed(struct comparing *comparing, const struct rule *before, const struct rule *after)
{
    AUTO_CLEAR(bytes) did = {0};
    AUTO_CLEAR(bytes) does = {0};
    write_actions(before, &did);
    write_actions(after, &does);
    bool acts_alike = slice_equal(bytes_slice(&did), bytes_slice(&does));
    bool is_same_about = text_equal(before->about, after->about) && text_equal(before->row, after->row);
    if (acts_alike && is_same_about && has_same_condition(before, after) && has_same_triggers(before, after))
        return;
    comparing->count++;
    bytes_append_format(comparing->into, "the rule %s%s%s%s is another:\n", after->name,
                        *after->row ? " (" : "", after->row, *after->row ? ")" : "");
    if (!is_same_about)
        bytes_append_format(comparing->into, "    was about:          %s %s\n    is now about:       %s %s\n",
                            before->row, before->about, after->row, after->about);
    if (!has_same_triggers(before, after)) {
        explain_triggers(before, "    was looked at when  ", comparing->into);
        explain_triggers(after, "    is now when         ", comparing->into);
    }
    if (!has_same_condition(before, after)) {
        explain_condition(comparing->before, before, "    held if             ", comparing->into);
        explain_condition(comparing->after, after, "    holds now if        ", comparing->into);
    }
    if (!acts_alike) {
        explain_actions(comparing->before, before, "    did:                ", comparing->into);
        explain_actions(comparing->after, after, "    does now:           ", comparing->into);
    }
}

static void rule_only(struct comparing *comparing, const struct policy *policy, const struct rule *rule,
                      const char *what)
{
    comparing->count++;
    bytes_append_format(comparing->into, "%s rule:\n", what);
    explain_rule(policy, rule, comparing->into);
}

static void compare_rules(struct comparing *comparing)
{
    const struct policy *before = comparing->before, *after = comparing->after;
    unsigned place, last = 0;
    for (unsigned i = 0; i < before->rule_count; i++) {
        const struct rule *rule = &before->rules[i];
        const struct rule *now = rule_of(after, rule->name, nth_of(before, rule), &place);
        if (!now) {
            rule_only(comparing, before, rule, "no longer a");
            continue;
        }
        rule_changed(comparing, rule, now);
        if (place < last && ++comparing->count)
            bytes_append_format(comparing->into, "the rule %s is looked at earlier than before\n",
                                rule->name);
        last = place > last ? place : last;
    }
    for (unsigned i = 0; i < after->rule_count; i++)
        if (!rule_of(before, after->rules[i].name, nth_of(after, &after->rules[i]), &place))
            rule_only(comparing, after, &after->rules[i], "a new");
}

size_t difference_write(const struct policy *before, const struct policy *after, struct bytes *into)
{
    struct comparing comparing = {.before = before, .after = after, .into = into};
    compare_statements(&comparing);
    compare_ladder_order(&comparing);
    compare_rules(&comparing);
    return comparing.count;
}
