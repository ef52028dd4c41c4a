/* difference: compares two policies section by section, rules by their names. */
#include "common/policy/explain/difference.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/cel/syntax.h"
#include "common/policy/explain/explain_place.h"
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

/* Figures by name here as well. */
static bool has_same_triggers(const struct rule *a, const struct rule *b)
{
    bool is_same = a->trigger_count == b->trigger_count;
    for (unsigned i = 0; is_same && i < a->trigger_count; i++)
        is_same = a->triggers[i].event == b->triggers[i].event &&
                  a->triggers[i].change == b->triggers[i].change &&
                  a->triggers[i].is_narrowed == b->triggers[i].is_narrowed &&
                  a->triggers[i].kind == b->triggers[i].kind &&
                  a->triggers[i].is_delayed == b->triggers[i].is_delayed &&
                  text_equal(text_or_empty(a->triggers[i].after), text_or_empty(b->triggers[i].after));
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

/* --- for the people of one store --- */

enum { SENTENCE_BYTES = 480 };

struct placing {
    const struct policy *before, *after;
    const struct difference_place *place;
    size_t most, count, told;
    struct bytes *into;
};

/* One more change; what is too long for the rest is counted alone. */
static void tell(struct placing *placing, const char *text)
{
    placing->count++;
    if (placing->told + 1 < placing->count || placing->into->size + strlen(text) > placing->most)
        return;
    bytes_append_format(placing->into, "%s%s", placing->into->size ? " " : "", text);
    placing->told++;
}

static bool is_theirs(const struct placing *placing, const char *key)
{
    static const char *const of_levels[] = {"limits:", "clock:", "exceptions:"};
    for (size_t i = 0; i < COUNT_OF(of_levels); i++) {
        if (!text_starts_with(key, of_levels[i]))
            continue;
        char role[POLICY_NAME_SIZE];
        const char *name = key + strlen(of_levels[i]);
        text_format(role, sizeof role, "%.*s", (int)strcspn(name, " "), name);
        int level = ladder_find(&placing->after->ladder, role);
        level = level < 0 ? ladder_find(&placing->before->ladder, role) : level;
        return level >= 0 && (unsigned)level < placing->place->levels;
    }
    return true;
}

/* Where two sentences part, at the beginning of a word. */
static size_t parting(const char *a, const char *b)
{
    size_t word = 0;
    for (size_t i = 0; a[i] && a[i] == b[i]; i++)
        word = a[i] == ' ' ? i + 1 : word;
    return word;
}

/* "The figure \"hold lead\" is 4 min (until now 5 min)." */
static void tell_changed(struct placing *placing, const char *is, const char *was)
{
    AUTO_CLEAR(bytes) text = {0};
    const char *rest = was + parting(is, was);
    bytes_append_format(&text, "%.*s (until now%s %.*s).", (int)(strlen(is) - text_ends_with(is, ".")), is,
                        rest == was ? ":" : "", (int)(strlen(rest) - text_ends_with(rest, ".")), rest);
    tell(placing, bytes_text(&text));
}

static const char *without_indent(const struct statement *statement)
{
    return statement->text + strspn(statement->text, " ");
}

static void place_statements(struct placing *placing)
{
    struct statements before = {0}, after = {0};
    statements_make_common(placing->before, &before);
    statements_make_common(placing->after, &after);
    for (size_t i = 0; i < after.count; i++) {
        const struct statement *is = &after.items[i], *was = statements_find(&before, is->key);
        if (!is_theirs(placing, is->key) || (was && text_equal(is->text, was->text)))
            continue;
        if (was)
            tell_changed(placing, without_indent(is), without_indent(was));
        else
            tell(placing, without_indent(is));
    }
    for (size_t i = 0; i < before.count; i++) {
        AUTO_CLEAR(bytes) text = {0};
        if (statements_find(&after, before.items[i].key) || !is_theirs(placing, before.items[i].key))
            continue;
        bytes_append_format(&text, "No longer: %s", without_indent(&before.items[i]));
        tell(placing, bytes_text(&text));
    }
    statements_clear(&before);
    statements_clear(&after);
}

static void place_hours(struct placing *placing)
{
    AUTO_CLEAR(bytes) before = {0};
    AUTO_CLEAR(bytes) after = {0};
    bytes_append_text(&before, "This store ");
    bytes_append_text(&after, "This store ");
    explain_store(placing->before, placing->place->store_id, &before);
    explain_store(placing->after, placing->place->store_id, &after);
    if (!text_equal(bytes_text(&before), bytes_text(&after)))
        tell_changed(placing, bytes_text(&after), bytes_text(&before));
}

/* Its lines as one sentence, parts of it between semicolons. */
static void flatten(const char *lines, struct bytes *into)
{
    char last = '\0';
    for (const char *at = lines; *at; at++) {
        size_t blanks = *at == '\n' ? strspn(at + 1, " ") : strspn(at, " ");
        if (*at == '\n' && !at[1])
            break;
        if (*at == '\n' && blanks == 4 && last != ':')
            bytes_append_text(into, ";");
        if (*at == '\n' || blanks) {
            bytes_append_text(into, " ");
            at += blanks - (*at != '\n');
            last = ' ';
            continue;
        }
        bytes_append(into, at, 1);
        last = *at;
    }
}

/* The rule of that name that is looked at in the store; NULL: none is. */
static const struct rule *rule_there(const struct policy *policy, const struct rule *rule, unsigned nth)
{
    unsigned place;
    const struct rule *found = rule_of(policy, rule->name, nth, &place);
    return found && !found->is_off ? found : NULL;
}

static void tell_rule(struct placing *placing, const char *before, const struct rule *rule)
{
    AUTO_CLEAR(bytes) text = {0};
    bytes_append_format(&text, "%s ", before);
    phrase_name(rule->name, &text);
    bytes_append_format(&text, "%s%s", *rule->about ? ": " : ".", rule->about);
    tell(placing, bytes_text(&text));
}

static void tell_rule_changed(struct placing *placing, const struct rule *was, const struct rule *is)
{
    AUTO_CLEAR(bytes) lines = {0};
    AUTO_CLEAR(bytes) text = {0};
    struct comparing comparing = {.before = placing->before, .after = placing->after, .into = &lines};
    rule_changed(&comparing, was, is);
    if (!comparing.count)
        return;
    bytes_append_text(&text, "T"); /* of "the rule …" */
    flatten(bytes_text(&lines) + 1, &text);
    if (text.size > SENTENCE_BYTES) {
        tell_rule(placing, "Another rule", is);
        return;
    }
    bytes_append_text(&text, ".");
    tell(placing, bytes_text(&text));
}

static void place_rules(struct placing *placing)
{
    for (unsigned i = 0; i < placing->after->rule_count; i++) {
        const struct rule *rule = &placing->after->rules[i];
        const struct rule *was = rule_there(placing->before, rule, nth_of(placing->after, rule));
        if (was && !rule->is_off)
            tell_rule_changed(placing, was, rule);
        else if (!rule->is_off)
            tell_rule(placing, "A new rule,", rule);
    }
    for (unsigned i = 0; i < placing->before->rule_count; i++) {
        const struct rule *rule = &placing->before->rules[i];
        if (!rule->is_off && !rule_there(placing->after, rule, nth_of(placing->before, rule)))
            tell_rule(placing, "No longer a rule,", rule);
    }
}

size_t difference_write_place(const struct policy *before, const struct policy *after,
                              const struct difference_place *place, size_t most, struct bytes *into)
{
    struct placing placing = {.before = before, .after = after, .place = place, .most = most, .into = into};
    place_statements(&placing);
    place_hours(&placing);
    place_rules(&placing);
    size_t more = placing.count - placing.told;
    if (more)
        bytes_append_format(into, "%s%zu%s change%s.", into->size ? " And " : "", more,
                            into->size ? " more" : "", more == 1 ? "" : "s");
    return placing.count;
}
