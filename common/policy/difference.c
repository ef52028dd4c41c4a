/* difference: compares two policies section by section, rules by their names. */
#include "common/policy/difference.h"

#include "common/base/memory.h"
#include "common/policy/cel/syntax.h"
#include "common/policy/explain.h"
#include "common/policy/loading.h"
#include "common/policy/phrase.h"

struct comparing {
    const struct policy *before, *after;
    struct bytes *into;
    size_t count;
};

static void say(struct comparing *comparing, const char *text)
{
    bytes_append_text(comparing->into, text);
}

/* ---- settings */

static void duration_changed(struct comparing *comparing, const char *what, int64_t before, int64_t after)
{
    if (before == after)
        return;
    comparing->count++;
    bytes_append_format(comparing->into, "%s: ", what);
    phrase_duration(before, comparing->into);
    say(comparing, ", now ");
    phrase_duration(after, comparing->into);
    say(comparing, "\n");
}

static void compare_settings(struct comparing *comparing)
{
    const struct policy *before = comparing->before, *after = comparing->after;
    if (strcmp(before->name, after->name) != 0 && ++comparing->count)
        bytes_append_format(comparing->into, "name: %s, now %s\n", before->name, after->name);
    if (strcmp(before->currency, after->currency) != 0 && ++comparing->count)
        bytes_append_format(comparing->into, "currency: %s, now %s\n", before->currency, after->currency);
    duration_changed(comparing, "an event is late after", before->late_after_us, after->late_after_us);
    duration_changed(comparing, "no clock runs for what is older than", before->old_after_us,
                     after->old_after_us);
    duration_changed(comparing, "the lead hears of an overdue follow-up after", before->overdue_lead_after_us,
                     after->overdue_lead_after_us);
    duration_changed(comparing, "nobody is home after", before->nobody_home_after_us,
                     after->nobody_home_after_us);
    duration_changed(comparing, "promises due at the same time are due within", before->same_window_us,
                     after->same_window_us);
    duration_changed(comparing, "a promise's owner is reminded at least so long before",
                     before->reminding.at_least_us, after->reminding.at_least_us);
}

/* ---- the ladder */

static void amount_changed(struct comparing *comparing, const char *role, const char *what, int64_t before,
                           int64_t after)
{
    if (before == after)
        return;
    comparing->count++;
    bytes_append_text(comparing->into, "the ");
    phrase_name(role, comparing->into);
    bytes_append_format(comparing->into, " %s ", what);
    if (before == UNLIMITED)
        say(comparing, "any amount");
    else
        phrase_money(before, comparing->before->currency, comparing->into);
    say(comparing, ", now ");
    if (after == UNLIMITED)
        say(comparing, "any amount");
    else
        phrase_money(after, comparing->after->currency, comparing->into);
    say(comparing, "\n");
}

static void clock_changed(struct comparing *comparing, const struct level *before, const struct level *after)
{
    if (before->acknowledge_us == after->acknowledge_us)
        return;
    comparing->count++;
    say(comparing, "the ");
    phrase_name(before->role, comparing->into);
    say(comparing, " had ");
    if (before->acknowledge_us)
        phrase_duration(before->acknowledge_us, comparing->into);
    else
        say(comparing, "all the time there is");
    say(comparing, " to take a case, now ");
    if (after->acknowledge_us)
        phrase_duration(after->acknowledge_us, comparing->into);
    else
        say(comparing, "all the time there is");
    say(comparing, "\n");
}

static void level_only(struct comparing *comparing, const struct policy *policy, unsigned level,
                       const char *what)
{
    comparing->count++;
    bytes_append_format(comparing->into, "%s level of the ladder:\n", what);
    explain_level(policy, level, comparing->into);
}

static void compare_ladder(struct comparing *comparing)
{
    const struct ladder *before = &comparing->before->ladder, *after = &comparing->after->ladder;
    int last = -1;
    for (unsigned at = 0; at < before->count; at++) {
        const struct level *level = &before->levels[at];
        int now = ladder_find(after, level->role);
        if (now < 0) {
            level_only(comparing, comparing->before, at, "no longer a");
            continue;
        }
        const struct level *other = &after->levels[now];
        if (now < last && ++comparing->count)
            bytes_append_format(comparing->into, "the level %s has moved down\n", level->role);
        last = now;
        amount_changed(comparing, level->role, "may decide up to", level->remedy, other->remedy);
        amount_changed(comparing, level->role, "may give a customer in a day", level->customer_day,
                       other->customer_day);
        amount_changed(comparing, level->role, "may give in a day", level->employee_day, other->employee_day);
        clock_changed(comparing, level, other);
    }
    for (unsigned at = 0; at < after->count; at++)
        if (ladder_find(before, after->levels[at].role) < 0)
            level_only(comparing, comparing->after, at, "a new");
}

/* ---- figures */

static bool is_same_figure(const struct figure *a, const struct figure *b)
{
    return a->is_money == b->is_money && cel_type_equal(a->value.type, b->value.type) &&
           cel_value_equal(&a->value, &b->value);
}

static void compare_figures(struct comparing *comparing)
{
    const struct policy *before = comparing->before, *after = comparing->after;
    for (unsigned at = 0; at < before->figure_count; at++) {
        const struct figure *now = policy_figure(after, before->figures[at].name);
        if (now && is_same_figure(&before->figures[at], now))
            continue;
        comparing->count++;
        say(comparing, "the figure ");
        phrase_name(before->figures[at].name, comparing->into);
        say(comparing, " was ");
        phrase_figure(before, &before->figures[at], comparing->into);
        say(comparing, now ? ", is now " : ", and is no more");
        if (now)
            phrase_figure(after, now, comparing->into);
        say(comparing, "\n");
    }
    for (unsigned at = 0; at < after->figure_count; at++) {
        if (policy_figure(before, after->figures[at].name))
            continue;
        comparing->count++;
        say(comparing, "a new figure, ");
        phrase_name(after->figures[at].name, comparing->into);
        say(comparing, ": ");
        phrase_figure(after, &after->figures[at], comparing->into);
        say(comparing, "\n");
    }
}

/* ---- rules */

/* The `nth` rule of that name. */
static const struct rule *rule_of(const struct policy *policy, const char *name, unsigned nth,
                                  unsigned *ret_place)
{
    for (unsigned at = 0; at < policy->rule_count; at++)
        if (!strcmp(policy->rules[at].name, name) && !nth--) {
            *ret_place = at;
            return &policy->rules[at];
        }
    return NULL;
}

static unsigned nth_of(const struct policy *policy, const struct rule *rule)
{
    unsigned nth = 0;
    for (const struct rule *other = policy->rules; other < rule; other++)
        nth += !strcmp(other->name, rule->name);
    return nth;
}

/* What a rule does, as it is written: figures by name, so that a changed one changes no rule. */
static void write_program(void *owner, const char *what, const struct cel_program *program)
{
    const struct syntax *syntax = program_syntax(program);
    if (!strcmp(what, "when"))
        return;
    bytes_append_format(owner, "%s=%.*s;", what, (int)syntax->place.size,
                        program_text(program) + syntax->place.offset);
}

static void write_actions(const struct rule *rule, struct bytes *into)
{
    rule_each_program(rule, write_program, into);
    for (int kind = 0; kind < ACTION_KINDS; kind++) {
        const struct action *action = &rule->actions[kind];
        bytes_append_format(into, "%d %d %d;", action->is_given, action->ends_with, action->follow_up);
        for (size_t at = 0; action->says.template && at < cel_template_parts(action->says.template); at++) {
            struct cel_text text = cel_template_text(action->says.template, at);
            bytes_append(into, text.bytes, text.size);
        }
    }
}

static bool has_same_condition(const struct rule *a, const struct rule *b)
{
    if (!a->when.program || !b->when.program)
        return !a->when.program && !b->when.program;
    return !strcmp(program_text(a->when.program), program_text(b->when.program));
}

static bool has_same_triggers(const struct rule *a, const struct rule *b)
{
    bool is_same = a->trigger_count == b->trigger_count;
    for (unsigned at = 0; is_same && at < a->trigger_count; at++)
        is_same = a->triggers[at].event == b->triggers[at].event &&
                  a->triggers[at].change == b->triggers[at].change &&
                  a->triggers[at].is_narrowed == b->triggers[at].is_narrowed &&
                  a->triggers[at].kind == b->triggers[at].kind &&
                  a->triggers[at].is_delayed == b->triggers[at].is_delayed &&
                  a->triggers[at].after_us == b->triggers[at].after_us;
    return is_same;
}

static void tell_triggers(struct comparing *comparing, const char *before, const struct rule *rule)
{
    say(comparing, before);
    for (unsigned at = 0; at < rule->trigger_count; at++) {
        say(comparing, at ? "; or " : "");
        explain_trigger(&rule->triggers[at], comparing->into);
    }
    say(comparing, "\n");
}

static void tell_condition(struct comparing *comparing, const char *before, const struct policy *policy,
                           const struct rule *rule)
{
    say(comparing, before);
    if (rule->when.program)
        phrase_expression(policy, rule->when.program, comparing->into);
    else
        say(comparing, "always");
    say(comparing, "\n");
}

static void rule_changed(struct comparing *comparing, const struct rule *before, const struct rule *after)
{
    AUTO_CLEAR(bytes) did = {0};
    AUTO_CLEAR(bytes) does = {0};
    write_actions(before, &did);
    write_actions(after, &does);
    bool acts_alike = slice_equal(bytes_slice(&did), bytes_slice(&does));
    bool is_same_about = !strcmp(before->about, after->about) && !strcmp(before->row, after->row);
    if (acts_alike && is_same_about && has_same_condition(before, after) && has_same_triggers(before, after))
        return;
    comparing->count++;
    bytes_append_format(comparing->into, "the rule %s%s%s%s is another:\n", after->name,
                        *after->row ? " (" : "", after->row, *after->row ? ")" : "");
    if (!is_same_about)
        bytes_append_format(comparing->into, "    was about:       %s %s\n    is now about:    %s %s\n",
                            before->row, before->about, after->row, after->about);
    if (!has_same_triggers(before, after)) {
        tell_triggers(comparing, "    was looked at:   ", before);
        tell_triggers(comparing, "    is now:          ", after);
    }
    if (!has_same_condition(before, after)) {
        tell_condition(comparing, "    held if:         ", comparing->before, before);
        tell_condition(comparing, "    holds now if:    ", comparing->after, after);
    }
    if (!acts_alike) {
        explain_actions(comparing->before, before, "    then:            ", comparing->into);
        explain_actions(comparing->after, after, "    now:             ", comparing->into);
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
    for (unsigned at = 0; at < before->rule_count; at++) {
        const struct rule *rule = &before->rules[at];
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
    for (unsigned at = 0; at < after->rule_count; at++)
        if (!rule_of(before, after->rules[at].name, nth_of(after, &after->rules[at]), &place))
            rule_only(comparing, after, &after->rules[at], "a new");
}

size_t difference_tell(const struct policy *before, const struct policy *after, struct bytes *into)
{
    struct comparing comparing = {.before = before, .after = after, .into = into};
    compare_settings(&comparing);
    compare_ladder(&comparing);
    compare_figures(&comparing);
    compare_rules(&comparing);
    return comparing.count;
}
