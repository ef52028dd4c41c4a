/* statements: what a policy says of the ladder, the times, the goods and the figures, and all of it in order. */
#include "common/policy/explain/statements.h"

#include "common/base/text.h"
#include "common/policy/cel/syntax.h"
#include "common/policy/explain/explain_override.h"
#include "common/policy/explain/explain_place.h"
#include "common/policy/explain/statement.h"
#include "common/policy/phrase/phrase.h"

#include <ctype.h>

/* --- who may decide what --- */

static void write_level_limits(const struct policy *policy, const struct level *level,
                               struct statements *into, struct bytes *text)
{
    for (unsigned i = 0; i < policy->currency_count; i++) {
        const struct limits *limits = ladder_limits(policy, level, policy->currencies[i]);
        char key[POLICY_NAME_SIZE + 8];
        text_format(key, sizeof key, "%s %s", level->role, policy->currencies[i]);
        bytes_append_text(text, "The ");
        phrase_name(level->role, text);
        bytes_append_text(text, " ");
        if (limits)
            statement_write_limits(limits, policy->currencies[i], text);
        else
            bytes_append_format(text, "decides nothing in %s: such a request goes up", policy->currencies[i]);
        bytes_append_text(text, ".");
        statement_add(into, "Who may decide what, lowest first", "limits", key, text);
    }
}

static void write_level_clock(const struct policy *policy, unsigned at, struct statements *into,
                              struct bytes *text)
{
    const struct level *level = &policy->ladder.levels[at];
    if (!level->acknowledge_us) {
        bytes_append_text(text, "  A case that comes to the ");
        phrase_name(level->role, text);
        bytes_append_text(text, " waits until somebody takes it: no clock runs.");
    } else {
        bytes_append_text(text, "  A case that comes to the ");
        phrase_name(level->role, text);
        bytes_append_text(text, " is to be taken within ");
        phrase_duration(level->acknowledge_us, text);
        if (level->has_calendar) {
            bytes_append_text(text, ", counted ");
            bytes_append_text(text, level->calendar ? "in hours of its own, \"" : "day and night");
            bytes_append_text(text, level->calendar ? level->calendar->name : "");
            bytes_append_text(text, level->calendar ? "\"" : "");
        }
        bytes_append_text(text, ".");
    }
    statement_add(into, "Who may decide what, lowest first", "clock", level->role, text);
    if (!level->acknowledge_us)
        return;
    bytes_append_text(text, " Otherwise it ");
    if (at + 1 < policy->ladder.count) {
        bytes_append_text(text, "goes on to the ");
        phrase_name(policy->ladder.levels[at + 1].role, text);
        if (at + 2 < policy->ladder.count)
            bytes_append_text(text, ", or to the first above them who may decide it");
    } else {
        bytes_append_text(text, "is announced again: there is no level above");
    }
    bytes_append_text(text, ".");
    statement_note(into, text);
}

/* The kinds that it lists, "split-set and late-return". */
static void write_kinds(const struct level *level, struct bytes *text)
{
    for (unsigned i = 0; i < level->exceptions.count; i++)
        bytes_append_format(text, "%s%s",
                            !i                                ? ""
                            : i + 1 < level->exceptions.count ? ", "
                                                              : " and ",
                            level->exceptions.kinds[i]);
}

/* Whoever lists nothing may grant what the levels below list: nothing is said of them. */
static void write_level_exceptions(const struct policy *policy, unsigned at, struct statements *into,
                                   struct bytes *text)
{
    const struct level *level = &policy->ladder.levels[at];
    bool is_top = at + 1 == policy->ladder.count, is_any = false;
    for (unsigned i = 0; i <= at; i++)
        is_any |= policy->ladder.levels[i].exceptions.count > 0;
    if (!(is_top ? is_any : level->exceptions.count > 0))
        return;
    bytes_append_text(text, "  The ");
    phrase_name(level->role, text);
    if (is_top) {
        bytes_append_text(text, " may make any exception to a rule, also one that no level lists.");
    } else {
        bytes_append_text(text, " may make exceptions: ");
        write_kinds(level, text);
        bytes_append_text(text, at ? ", and what the levels below may." : ".");
    }
    statement_add(into, "Who may decide what, lowest first", "exceptions", level->role, text);
}

static void ladder_statements(const struct policy *policy, struct statements *into, struct bytes *text)
{
    for (unsigned i = 0; i < policy->ladder.count; i++) {
        write_level_limits(policy, &policy->ladder.levels[i], into, text);
        write_level_exceptions(policy, i, into, text);
        write_level_clock(policy, i, into, text);
    }
}

/* --- times --- */

static void write_time(const char *key, const char *before, int64_t us, const char *after,
                       struct statements *into, struct bytes *text)
{
    bytes_append_text(text, before);
    phrase_duration(us, text);
    bytes_append_text(text, after);
    statement_add(into, "Times", "time", key, text);
}

static void time_statements(const struct policy *policy, struct statements *into, struct bytes *text)
{
    write_time(
        "late", "What is reported more than ", policy->late_after_us,
        " after it happened is late: what ends with a contact, such as a wait or a mood, then pages nobody.",
        into, text);
    write_time("old", "What happened more than ", policy->old_after_us,
               " before it was reported starts no clock.", into, text);
    write_time("lead", "The lead hears of a follow-up that is still not done ", policy->overdue_lead_after_us,
               " after it was due.", into, text);
    bytes_append_format(
        text, "An acknowledgement holds for at most %lld times the time its level has to acknowledge.",
        (long long)policy->acknowledged_times);
    statement_add(into, "Times", "time", "acknowledged", text);
    write_time("home", "When nobody has listened for a level for ", policy->nobody_home_after_us,
               ", although somebody did before, its cases go on to the next level.", into, text);
    bytes_append_format(text,
                        "Whoever promised something, or is to prepare it, is reminded when %lld %% of "
                        "the time is left, and at least ",
                        (long long)policy->reminding.percent);
    write_time("remind", "", policy->reminding.at_least_us, " before it is due.", into, text);
    write_time("window", "Promises due within ", policy->same_window_us,
               " of each other count as due at the same time.", into, text);
    bytes_append_text(text, "The ");
    phrase_name(policy_keeper(policy), text);
    write_time("proposals", " keeps the policy, and answers what is proposed about it within ",
               policy->answer_within_us, ".", into, text);
}

/* --- goods --- */

static void product_statements(const struct policy *policy, struct statements *into, struct bytes *text)
{
    for (size_t i = 0; i < policy->product_count; i++) {
        const struct named_product *product = &policy->products[i];
        const struct product_terms *terms = &product->terms;
        bytes_append_format(text, "%s", product->product_id);
        if (terms->department)
            bytes_append_format(text, ", of the department %s", terms->department);
        bytes_append_text(text, ":");
        size_t before = text->size;
        if (terms->service_interval_us >= 0) {
            bytes_append_text(text, " not needed again within ");
            phrase_duration(terms->service_interval_us, text);
        }
        if (terms->check_in == 0) {
            bytes_append_format(text, "%s no check-in after a sale", text->size > before ? ";" : "");
        } else if (terms->check_in > 0 || terms->check_in_after_us >= 0) {
            bytes_append_format(text, "%s after a sale the customer is asked how they are getting on",
                                text->size > before ? ";" : "");
            if (terms->check_in_after_us >= 0) {
                bytes_append_text(text, ", ");
                phrase_duration(terms->check_in_after_us, text);
                bytes_append_text(text, " later");
            }
        }
        bytes_append_text(text, text->size > before ? "." : " nothing more is said of it.");
        statement_add(into, "Goods and services", "product", product->product_id, text);
    }
}

/* --- figures --- */

struct looking_for {
    const char *name;
    size_t size;
    bool is_found;
};

/* "figures.NAME", and no longer name that begins so. */
static void look_for(void *owner, const char *what, const struct cel_program *program)
{
    struct looking_for *looking = owner;
    (void)what;
    for (const char *at = program_text(program); (at = strstr(at, "figures."));) {
        at += strlen("figures.");
        looking->is_found |= !strncmp(at, looking->name, looking->size) &&
                             !isalnum((unsigned char)at[looking->size]) && at[looking->size] != '_';
    }
}

/* " (Rules: hold, abandoned.)", each name once. */
static void note_rules(const struct policy *policy, const char *figure, struct statements *into,
                       struct bytes *text)
{
    const char *last = "";
    for (unsigned i = 0; i < policy->rule_count; i++) {
        const struct rule *rule = &policy->rules[i];
        struct looking_for looking = {.name = figure, .size = strlen(figure)};
        rule_each_program(rule, look_for, &looking);
        if (!looking.is_found || text_equal(rule->name, last))
            continue;
        bytes_append_format(text, "%s%s", text->size ? ", " : " (Asked for by: ", rule->name);
        last = rule->name;
    }
    if (text->size) {
        bytes_append_text(text, ".)");
        statement_note(into, text);
    }
}

static void figure_statements(const struct policy *policy, struct statements *into, struct bytes *text)
{
    for (unsigned i = 0; i < policy->figure_count; i++) {
        bytes_append_text(text, "The figure \"");
        phrase_name(policy->figures[i].name, text);
        bytes_append_text(text, "\" is ");
        phrase_figure(policy, &policy->figures[i], text);
        bytes_append_text(text, ".");
        statement_add(into, "Figures: the rules below name them in brackets", "figure",
                      policy->figures[i].name, text);
        note_rules(policy, policy->figures[i].name, into, text);
    }
}

/* --- all of it --- */

static void head_statements(const struct policy *policy, struct statements *into, struct bytes *text)
{
    bytes_append_format(text, "This is the policy \"%s\".", policy->name);
    statement_add(into, "", "policy", "name", text);
    bytes_append_text(text, "Amounts are in ");
    for (unsigned i = 0; i < policy->currency_count; i++)
        bytes_append_format(text, "%s%s",
                            !i                               ? ""
                            : i + 1 < policy->currency_count ? ", "
                                                             : " and ",
                            policy->currencies[i]);
    if (policy->currency_count > 1)
        bytes_append_format(text, "; one that names no currency is in %s", policy->currency);
    bytes_append_text(text, ".");
    statement_add(into, "", "policy", "currencies", text);
}

void statements_make_common(const struct policy *policy, struct statements *into)
{
    AUTO_CLEAR(bytes) text = {0};
    ladder_statements(policy, into, &text);
    time_statements(policy, into, &text);
    product_statements(policy, into, &text);
    figure_statements(policy, into, &text);
}

void statements_make(const struct policy *policy, struct statements *into)
{
    AUTO_CLEAR(bytes) text = {0};
    head_statements(policy, into, &text);
    ladder_statements(policy, into, &text);
    explain_places(policy, into);
    time_statements(policy, into, &text);
    product_statements(policy, into, &text);
    figure_statements(policy, into, &text);
    explain_overrides(policy, into);
}
