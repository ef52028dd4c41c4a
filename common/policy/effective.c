/* effective: what holds in a store, and which override made it so. */
#include "common/policy/phrase.h"
#include "common/policy/scope.h"

#include "common/base/clock.h"
#include "common/base/text.h"

struct telling_settings {
    const struct policy *policy; /* as it is for the store */
    const struct scopes *scopes;
    const struct store_scope *scope;
    struct override_set set;
    policy_setting_told *told;
    void *owner;
};

static void append_moment(const struct override_moment *moment, const char *word, struct bytes *into)
{
    struct civil civil = civil_from_utc_us(moment->us);
    if (moment->is_given)
        bytes_append_format(into, "%s%s %04d-%02d-%02d %02d:%02d%s", into->size ? ", " : "", word, civil.year,
                            civil.month, civil.day, civil.hour, civil.minute, moment->is_local ? "" : " UTC");
}

static void append_why(const struct override *override, struct bytes *into)
{
    switch (override->breadth) {
    case OVERRIDE_EVERYWHERE:
        bytes_append_text(into, "for all stores");
        break;
    case OVERRIDE_REGION:
        bytes_append_format(into, "for the region %s", override->where);
        break;
    case OVERRIDE_TAG:
        bytes_append_format(into, "for stores tagged %s", override->where);
        break;
    case OVERRIDE_STORES:
        bytes_append_text(into, override->store_count == 1 ? "for this store" : "for these stores");
        break;
    }
    append_moment(&override->from, "from", into);
    append_moment(&override->until, "until", into);
}

static void tell_setting(const struct telling_settings *telling, struct policy_setting *setting,
                         const struct override *override, struct bytes *value)
{
    AUTO_CLEAR(bytes) why = {0};
    if (override) {
        setting->override = override->name;
        append_why(override, &why);
    }
    text_format(setting->value, sizeof setting->value, "%s", bytes_text(value));
    text_format(setting->why, sizeof setting->why, "%s", bytes_text(&why));
    telling->told(telling->owner, setting);
    bytes_reset(value);
}

static void tell_places(const struct telling_settings *telling, struct bytes *value)
{
    const struct store_scope *scope = telling->scope;
    struct place place = policy_place(telling->policy, scope->store_id);
    const struct override *won = NULL;
    struct policy_setting setting = {.section = "zone",
                                     .line = scope->zone_line ? scope->zone_line
                                                              : telling->scopes->elsewhere.zone_line};
    bytes_append_text(value, scope->zone_name);
    tell_setting(telling, &setting, NULL, value);
    for (unsigned at = 0; at < telling->scopes->override_count; at++)
        if (override_is_in(&telling->set, at) && telling->scopes->overrides[at].has_calendar)
            won = &telling->scopes->overrides[at];
    setting =
        (struct policy_setting){.section = "calendar",
                                .line = won                    ? won->calendar_line
                                        : scope->calendar_line ? scope->calendar_line
                                                               : telling->scopes->elsewhere.calendar_line};
    bytes_append_text(value, place.calendar ? place.calendar->name : "always");
    tell_setting(telling, &setting, won, value);
}

static void tell_figure(const struct telling_settings *telling, unsigned index, struct bytes *value)
{
    const struct figure *figure = &telling->policy->figures[index];
    struct policy_setting setting = {.section = "figures", .name = figure->name, .line = figure->line};
    const struct override *won = NULL;
    for (unsigned at = 0; at < telling->scopes->override_count; at++) {
        const struct override *override = &telling->scopes->overrides[at];
        for (unsigned change = 0; override_is_in(&telling->set, at) && change < override->figure_count;
             change++)
            if (override->figures[change].figure == index) {
                won = override;
                setting.line = override->figures[change].line;
            }
    }
    phrase_figure(telling->policy, figure, value);
    tell_setting(telling, &setting, won, value);
}

static void append_limit(const struct policy *policy, int64_t limit, struct bytes *into)
{
    if (limit == UNLIMITED)
        bytes_append_text(into, "unlimited");
    else
        phrase_money(limit, policy->currency, into);
}

static void tell_level(const struct telling_settings *telling, unsigned index, struct bytes *value)
{
    const struct level *level = &telling->policy->ladder.levels[index];
    struct policy_setting setting = {.section = "ladder", .name = level->role, .line = level->line};
    const struct override *won = NULL;
    for (unsigned at = 0; at < telling->scopes->override_count; at++) {
        const struct override *override = &telling->scopes->overrides[at];
        for (unsigned change = 0; override_is_in(&telling->set, at) && change < override->level_count;
             change++)
            if (override->levels[change].level == index) {
                won = override;
                setting.line = override->levels[change].line;
            }
    }
    append_limit(telling->policy, level->remedy, value);
    bytes_append_text(value, ", per customer and day ");
    append_limit(telling->policy, level->customer_day, value);
    bytes_append_text(value, ", per employee and day ");
    append_limit(telling->policy, level->employee_day, value);
    if (level->acknowledge_us) {
        bytes_append_text(value, "; acknowledges within ");
        phrase_duration(level->acknowledge_us, value);
    }
    tell_setting(telling, &setting, won, value);
}

static void tell_rules(const struct telling_settings *telling, struct bytes *value)
{
    for (unsigned at = 0; at < telling->scopes->override_count; at++) {
        const struct override *override = &telling->scopes->overrides[at];
        for (unsigned index = 0; override_is_in(&telling->set, at) && index < override->rule_count; index++) {
            const struct rule_change *change = &override->rules[index];
            struct policy_setting setting = {.section = "rules", .name = change->rule, .line = change->line};
            bytes_append_text(value, change->is_off ? "off" : change->has_to ? "goes to somebody else" : "");
            for (unsigned figure = 0; figure < change->figure_count; figure++) {
                struct figure changed = telling->policy->figures[change->figures[figure].figure];
                changed.value = change->figures[figure].value;
                bytes_append_format(value, "%s%s is ", value->size ? ", " : "", changed.name);
                phrase_figure(telling->policy, &changed, value);
            }
            tell_setting(telling, &setting, override, value);
        }
    }
}

void policy_effective(const struct policy *policy, const char *store_id, int64_t at,
                      policy_setting_told *told, void *owner)
{
    AUTO_CLEAR(bytes) value = {0};
    int64_t ignored;
    struct telling_settings telling = {
        .policy = policy_for(policy, store_id, at),
        .scopes = policy->scopes,
        .scope = scopes_of(policy->scopes, store_id),
        .told = told,
        .owner = owner,
    };
    telling.set = scope_at(telling.scopes, telling.scope, at, &ignored, &ignored);
    tell_places(&telling, &value);
    for (unsigned level = 0; level < telling.policy->ladder.count; level++)
        tell_level(&telling, level, &value);
    for (unsigned figure = 0; figure < telling.policy->figure_count; figure++)
        tell_figure(&telling, figure, &value);
    tell_rules(&telling, &value);
}
