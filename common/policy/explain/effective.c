/* effective: what holds in a store, and which override made it so. */
#include "common/policy/explain/effective.h"

#include "common/base/text.h"
#include "common/policy/explain/explain_override.h"
#include "common/policy/explain/explain_place.h"
#include "common/policy/load/variant.h"
#include "common/policy/phrase/phrase.h"
#include "common/policy/rules/scope.h"

struct writing_settings {
    const struct policy *policy, *base; /* as it is for the store; as it is written */
    const struct scopes *scopes;
    const struct store_scope *scope;
    struct override_set set;
    effective_visit *visit;
    void *owner;
    struct bytes value, otherwise; /* of the setting being written */
};

/* The setting with the value and the other that were written, by the override that won (NULL: none). */
static void write_setting(struct writing_settings *writing, struct effective_setting *setting,
                          const struct override *override)
{
    AUTO_CLEAR(bytes) why = {0};
    if (override) {
        setting->override = override->name;
        explain_override_scope(override, &why);
        text_format(setting->otherwise, sizeof setting->otherwise, "%s", bytes_text(&writing->otherwise));
    }
    text_format(setting->value, sizeof setting->value, "%s", bytes_text(&writing->value));
    text_format(setting->why, sizeof setting->why, "%s", bytes_text(&why));
    writing->visit(writing->owner, setting);
    bytes_reset(&writing->value);
    bytes_reset(&writing->otherwise);
}

/* --- where it is, and when it is open --- */

static void write_places(struct writing_settings *writing)
{
    const struct store_scope *scope = writing->scope, *all = &writing->scopes->elsewhere;
    struct place place = calendar_place(writing->policy, scope->store_id);
    const struct override *won = NULL;
    struct effective_setting setting = {.section = "zone",
                                        .line = scope->zone_line ? scope->zone_line : all->zone_line,
                                        .is_own = scope != all && scope->zone_line};
    bytes_append_text(&writing->value, scope->zone_name);
    write_setting(writing, &setting, NULL);
    for (unsigned i = 0; i < writing->scopes->override_count; i++)
        if (override_is_in(&writing->set, i) && writing->scopes->overrides[i].has_calendar)
            won = &writing->scopes->overrides[i];
    setting = (struct effective_setting){.section = "calendar",
                                         .line = won                    ? won->calendar_line
                                                 : scope->calendar_line ? scope->calendar_line
                                                                        : all->calendar_line,
                                         .is_own = scope != all && scope->calendar_line && !won};
    explain_hours(place.calendar, &writing->value);
    if (place.calendar) {
        bytes_append_text(&writing->value, ": ");
        explain_calendar(place.calendar, &writing->value);
    }
    explain_hours(scope->place.calendar, &writing->otherwise);
    write_setting(writing, &setting, won);
}

/* --- figures --- */

static void write_figure(struct writing_settings *writing, unsigned index)
{
    const struct figure *figure = &writing->policy->figures[index];
    struct effective_setting setting = {.section = "figures", .name = figure->name, .line = figure->line};
    const struct override *won = NULL;
    for (unsigned i = 0; i < writing->scopes->override_count; i++) {
        const struct override *override = &writing->scopes->overrides[i];
        for (unsigned change = 0; override_is_in(&writing->set, i) && change < override->figure_count;
             change++)
            if (override->figures[change].figure == index) {
                won = override;
                setting.line = override->figures[change].line;
            }
    }
    phrase_figure(writing->policy, figure, &writing->value);
    phrase_figure(writing->base, &writing->base->figures[index], &writing->otherwise);
    write_setting(writing, &setting, won);
}

/* --- levels, part by part: an override may change one and leave the others --- */

enum level_part {
    PART_REMEDY,
    PART_CUSTOMER_DAY,
    PART_EMPLOYEE_DAY,
    PART_CLOCK,
    PART_HOURS,
    PART_EXCEPTIONS,
    LEVEL_PARTS
};

static const char *const parts[] = {
    [PART_REMEDY] = "at once",
    [PART_CUSTOMER_DAY] = "to one customer in a day",
    [PART_EMPLOYEE_DAY] = "in a day in all",
    [PART_CLOCK] = "time to take a case",
    [PART_HOURS] = "hours in which that time is counted",
    [PART_EXCEPTIONS] = "exceptions it lists",
};

static bool changes_part(const struct level_change *change, enum level_part part, const struct level *base)
{
    switch (part) {
    case PART_REMEDY:
        return change->has_remedy;
    case PART_CUSTOMER_DAY: /* a multiple follows the remedy */
        return change->has_customer_day || (change->has_remedy && base->customer_times);
    case PART_EMPLOYEE_DAY:
        return change->has_employee_day || (change->has_remedy && base->employee_times);
    case PART_CLOCK:
        return change->has_acknowledge;
    case PART_HOURS:
        return change->has_calendar;
    case PART_EXCEPTIONS:
        return change->has_exceptions;
    case LEVEL_PARTS:
        break;
    }
    return false;
}

/* In each currency that the level has figures in. */
static void append_amounts(const struct policy *policy, const struct level *level, size_t member,
                           struct bytes *into)
{
    for (unsigned i = 0; i < policy->currency_count; i++) {
        const struct limits *limits = ladder_limits(policy, level, policy->currencies[i]);
        int64_t minor = limits ? *(const int64_t *)(const void *)((const char *)limits + member) : 0;
        if (!limits || (i && minor == UNLIMITED && level->remedy == UNLIMITED))
            continue;
        bytes_append_text(into, i ? ", " : "");
        if (minor == UNLIMITED)
            bytes_append_text(into, "any amount");
        else
            phrase_money(minor, policy->currencies[i], into);
    }
}

static void append_part(const struct policy *policy, const struct level *level, enum level_part part,
                        struct bytes *into)
{
    switch (part) {
    case PART_REMEDY:
        append_amounts(policy, level, offsetof(struct limits, remedy), into);
        break;
    case PART_CUSTOMER_DAY:
        append_amounts(policy, level, offsetof(struct limits, customer_day), into);
        break;
    case PART_EMPLOYEE_DAY:
        append_amounts(policy, level, offsetof(struct limits, employee_day), into);
        break;
    case PART_CLOCK:
        if (level->acknowledge_us)
            phrase_duration(level->acknowledge_us, into);
        else
            bytes_append_text(into, "no clock runs");
        break;
    case PART_HOURS:
        bytes_append_text(into, !level->has_calendar ? "those of the store"
                                : level->calendar    ? level->calendar->name
                                                     : "day and night");
        break;
    case PART_EXCEPTIONS:
        for (unsigned i = 0; i < level->exceptions.count; i++)
            bytes_append_format(into, "%s%s", i ? ", " : "", level->exceptions.kinds[i]);
        bytes_append_text(into, level->exceptions.count ? "" : "none");
        break;
    case LEVEL_PARTS:
        break;
    }
}

static void write_part(struct writing_settings *writing, unsigned index, enum level_part part)
{
    const struct level *level = &writing->policy->ladder.levels[index];
    const struct level *base = &writing->base->ladder.levels[index];
    struct effective_setting setting = {
        .section = "ladder", .name = level->role, .part = parts[part], .line = level->line};
    const struct override *won = NULL;
    for (unsigned i = 0; i < writing->scopes->override_count; i++) {
        const struct override *override = &writing->scopes->overrides[i];
        for (unsigned change = 0; override_is_in(&writing->set, i) && change < override->level_count;
             change++)
            if (override->levels[change].level == index &&
                changes_part(&override->levels[change], part, base)) {
                won = override;
                setting.line = override->levels[change].line;
            }
    }
    append_part(writing->policy, level, part, &writing->value);
    append_part(writing->base, base, part, &writing->otherwise);
    write_setting(writing, &setting, won);
}

static void write_level(struct writing_settings *writing, unsigned index)
{
    const struct level *level = &writing->policy->ladder.levels[index];
    const struct level *base = &writing->base->ladder.levels[index];
    bool has_exceptions = level->exceptions.count || base->exceptions.count;
    for (int part = 0; part < LEVEL_PARTS; part++)
        if ((part != PART_HOURS || level->has_calendar) && (part != PART_EXCEPTIONS || has_exceptions))
            write_part(writing, index, (enum level_part)part);
}

/* --- rules --- */

static void append_receiver(const struct policy *policy, const char *name, struct bytes *into)
{
    const struct rule *rule = rule_find_escalating(policy, name);
    if (rule && rule->actions[ACTION_ESCALATE].to.program)
        phrase_choice(policy, rule->actions[ACTION_ESCALATE].to.program, "to the ", into);
}

static void write_rule(struct writing_settings *writing, const struct override *override,
                       const struct rule_change *change)
{
    struct effective_setting setting = {.section = "rules", .name = change->rule, .line = change->line};
    if (change->is_off) {
        bytes_append_text(&writing->value, "is switched off");
        bytes_append_text(&writing->otherwise, "it holds");
        write_setting(writing, &setting, override);
    }
    if (change->has_to) {
        bytes_append_text(&writing->value, "its cases go ");
        append_receiver(writing->policy, change->rule, &writing->value);
        append_receiver(writing->base, change->rule, &writing->otherwise);
        write_setting(writing, &setting, override);
    }
    for (unsigned i = 0; i < change->figure_count; i++) {
        struct figure changed = writing->policy->figures[change->figures[i].figure];
        bytes_append_text(&writing->value, "its ");
        phrase_name(changed.name, &writing->value);
        bytes_append_text(&writing->value, " is ");
        phrase_figure(writing->policy, &changed, &writing->otherwise);
        figure_apply(&changed, &change->figures[i]);
        phrase_figure(writing->policy, &changed, &writing->value);
        write_setting(writing, &setting, override);
    }
}

static void write_rules(struct writing_settings *writing)
{
    for (unsigned i = 0; i < writing->scopes->override_count; i++) {
        const struct override *override = &writing->scopes->overrides[i];
        for (unsigned index = 0; override_is_in(&writing->set, i) && index < override->rule_count; index++)
            write_rule(writing, override, &override->rules[index]);
    }
}

/* --- what is still to come --- */

static void write_later(struct writing_settings *writing, int64_t at)
{
    for (unsigned i = 0; i < writing->scopes->override_count; i++) {
        const struct override *override = &writing->scopes->overrides[i];
        struct effective_setting setting = {
            .section = "later", .name = override->name, .line = override->line};
        if (!override_is_in(&writing->scope->applies, i) || !override->from.is_given ||
            scope_instant(writing->scope, &override->from) <= at)
            continue;
        bytes_append_text(&writing->value, "will hold ");
        explain_override_scope(override, &writing->value);
        write_setting(writing, &setting, NULL);
    }
}

void effective_each(const struct policy *policy, const char *store_id, int64_t at, effective_visit *visit,
                    void *owner)
{
    int64_t ignored;
    struct writing_settings writing = {
        .policy = variant_for(policy, store_id, at),
        .base = policy->base ? policy->base : policy,
        .scopes = policy->scopes,
        .scope = scopes_of(policy->scopes, store_id),
        .visit = visit,
        .owner = owner,
    };
    writing.set = scope_at(writing.scopes, writing.scope, at, &ignored, &ignored);
    write_places(&writing);
    for (unsigned i = 0; i < writing.policy->ladder.count; i++)
        write_level(&writing, i);
    for (unsigned figure = 0; figure < writing.policy->figure_count; figure++)
        write_figure(&writing, figure);
    write_rules(&writing);
    write_later(&writing, at);
    bytes_clear(&writing.value);
    bytes_clear(&writing.otherwise);
}
