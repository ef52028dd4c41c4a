/* explain_override: what is otherwise in some stores, or for some time, as sentences. */
#include "common/policy/explain/explain_override.h"

#include "common/base/civil.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/explain/explain_place.h"
#include "common/policy/explain/statement.h"
#include "common/policy/load/variant.h"
#include "common/policy/phrase/phrase.h"

static void write_moment(const char *word, const struct override_moment *moment, struct bytes *into)
{
    static const char *const months[] = {"",        "January",  "February", "March",  "April",
                                         "May",     "June",     "July",     "August", "September",
                                         "October", "November", "December"};
    struct civil civil = civil_from_utc_us(moment->us);
    if (!moment->is_given)
        return;
    bytes_append_format(into, ", %s %d %s %04d %02d:%02d", word, civil.day, months[civil.month], civil.year,
                        civil.hour, civil.minute);
    if (civil.second)
        bytes_append_format(into, ":%02d", civil.second);
    bytes_append_text(into, moment->is_local ? " by the clocks of each store" : " UTC");
}

void explain_override_scope(const struct override *override, struct bytes *into)
{
    switch (override->breadth) {
    case OVERRIDE_EVERYWHERE:
        bytes_append_text(into, "in all stores");
        break;
    case OVERRIDE_REGION:
        bytes_append_format(into, "in stores of the region %s", override->where);
        break;
    case OVERRIDE_TAG:
        bytes_append_format(into, "in stores tagged %s", override->where);
        break;
    case OVERRIDE_STORES:
        bytes_append_text(into, override->store_count == 1 ? "in the store" : "in the stores");
        for (unsigned i = 0; i < override->store_count; i++)
            bytes_append_format(into, "%s%s",
                                !i                              ? " "
                                : i + 1 < override->store_count ? ", "
                                                                : " and ",
                                override->stores[i]);
        break;
    }
    write_moment("from", &override->from, into);
    write_moment("until", &override->until, into);
}

struct writing_override {
    const struct policy *policy, *variant; /* as it is, and with this override alone */
    const struct override *override;
    struct statements *into;
    struct bytes text;
};

/* The sentence that was begun, under the override's name and `key`. */
static void add(struct writing_override *writing, const char *key, const char *detail)
{
    char name[3 * POLICY_NAME_SIZE];
    text_format(name, sizeof name, "%s %s %s", writing->override->name, key, detail);
    statement_add(writing->into, "Otherwise in some stores, or for some time", "override", name,
                  &writing->text);
    if (*key)
        statement_within(writing->into, writing->override->name);
}

static void note_figure(struct writing_override *writing, const struct figure *figure)
{
    bytes_append_text(&writing->text, " (It is otherwise ");
    phrase_figure(writing->policy, figure, &writing->text);
    bytes_append_text(&writing->text, ".)");
    statement_note(writing->into, &writing->text);
}

static void write_figures(struct writing_override *writing, const char *rule,
                          const struct figure_change *changes, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        const struct figure *base = &writing->policy->figures[changes[i].figure];
        struct figure changed = *base;
        figure_apply(&changed, &changes[i]);
        bytes_append_text(&writing->text, "  The figure \"");
        phrase_name(base->name, &writing->text);
        bytes_append_text(&writing->text, "\" is ");
        phrase_figure(writing->policy, &changed, &writing->text);
        if (rule)
            bytes_append_format(&writing->text, " for the rule %s alone", rule);
        bytes_append_text(&writing->text, ".");
        add(writing, rule ? rule : "figure", base->name);
        note_figure(writing, base);
    }
}

static void write_level(struct writing_override *writing, const struct level_change *change)
{
    const struct level *level = &writing->variant->ladder.levels[change->level];
    struct bytes *text = &writing->text;
    if (change->has_remedy || change->has_customer_day || change->has_employee_day) {
        bytes_append_text(text, "  The ");
        phrase_name(level->role, text);
        const char *between = " ";
        for (unsigned i = 0; i < writing->policy->currency_count; i++) {
            const struct limits *changed = &change->limits[i];
            if (!changed->remedy && !changed->customer_day && !changed->employee_day)
                continue;
            bytes_append_text(text, between);
            statement_write_limits(&level->limits[i], writing->policy->currencies[i], text);
            between = "; ";
        }
        bytes_append_text(text, ".");
        add(writing, "limits", level->role);
    }
    if (change->has_exceptions) {
        bytes_append_text(text, "  The ");
        phrase_name(level->role, text);
        bytes_append_text(text, level->exceptions.count ? " lists the exceptions " : " lists no exceptions");
        for (unsigned i = 0; i < level->exceptions.count; i++)
            bytes_append_format(text, "%s%s", i ? ", " : "", level->exceptions.kinds[i]);
        bytes_append_text(text, ".");
        add(writing, "exceptions", level->role);
    }
    if (change->has_acknowledge || change->has_calendar) {
        bytes_append_text(text, "  The ");
        phrase_name(level->role, text);
        bytes_append_text(text, " has ");
        if (level->acknowledge_us)
            phrase_duration(level->acknowledge_us, text);
        else
            bytes_append_text(text, "all the time there is");
        bytes_append_text(text, " to take a case");
        if (change->has_calendar)
            bytes_append_format(text, ", counted %s%s%s",
                                change->calendar ? "in the hours \"" : "day and night",
                                change->calendar ? change->calendar->name : "", change->calendar ? "\"" : "");
        bytes_append_text(text, ".");
        add(writing, "clock", level->role);
    }
}

static void write_rule(struct writing_override *writing, const struct rule_change *change)
{
    struct bytes *text = &writing->text;
    const struct rule *rule = rule_find_escalating(writing->variant, change->rule);
    if (change->is_off) {
        bytes_append_format(text, "  The rule %s is switched off.", change->rule);
        add(writing, "off", change->rule);
        return;
    }
    if (change->has_to && rule && rule->actions[ACTION_ESCALATE].to.program) {
        bytes_append_format(text, "  Cases of the rule %s go ", change->rule);
        phrase_choice(writing->variant, rule->actions[ACTION_ESCALATE].to.program, "to the ", text);
        bytes_append_text(text, ".");
        add(writing, "to", change->rule);
    }
    write_figures(writing, change->rule, change->figures, change->figure_count);
}

static void write_override(struct writing_override *writing)
{
    const struct override *override = writing->override;
    bytes_append_format(&writing->text, "\"%s\" holds ", override->name);
    explain_override_scope(override, &writing->text);
    bytes_append_text(&writing->text, ":");
    add(writing, "", "");
    if (override->has_calendar) {
        bytes_append_text(&writing->text, "  A store ");
        explain_hours(override->calendar, &writing->text);
        bytes_append_text(&writing->text, ".");
        add(writing, "calendar", "");
    }
    write_figures(writing, NULL, override->figures, override->figure_count);
    for (unsigned i = 0; i < override->level_count; i++)
        write_level(writing, &override->levels[i]);
    for (unsigned i = 0; i < override->rule_count; i++)
        write_rule(writing, &override->rules[i]);
}

void explain_overrides(const struct policy *policy, struct statements *into)
{
    const struct scopes *scopes = policy->scopes;
    for (unsigned i = 0; i < scopes->override_count; i++) {
        char *name = (char *)scopes->overrides[i].name;
        struct writing_override writing = {.policy = policy,
                                           .variant = variant_with(policy, &name, 1),
                                           .override = &scopes->overrides[i],
                                           .into = into};
        write_override(&writing);
        bytes_clear(&writing.text);
    }
}
