/* model: authority by adding up, cases by walking. */
#include "tests/support/model.h"

#include "common/base/text.h"
#include "tests/support/check.h"

#include <stdio.h>

const char *const model_roles[] = {"associate", "shift_lead", "store_manager", "district_manager",
                                   "head_office"};

static const int64_t limits[] = {5000, 20000, 100000, 500000, INT64_MAX};
static const int64_t patience_s[] = {0, 300, 600, 1800, 3600};
static const char *const severities[] = {"", "low", "normal", "high", "critical"};
static const int64_t second_us = 1000000, day_us = 86400 * INT64_C(1000000);

void model_say(struct model *model, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    if (model->said.size)
        bytes_append_text(&model->said, "\n");
    bytes_append_format_list(&model->said, format, values);
    va_end(values);
}

void model_say_case(struct model *model, struct model_case *it, const char *kind)
{
    static const char *const states[] = {"open", "acknowledged", "resolved", "overtaken"};
    model_say(model, "%s case_%s %s %s %s%s", it->row, kind, model_roles[it->level], severities[it->severity],
              states[it->state], it->muted ? " silenced" : "");
    it->touched = ++model->touched;
}

void model_say_remedy(struct model *model, const struct model_remedy *it, const char *row)
{
    static const char *const words[] = {"", "requested", "reserved", "granted", "refused", "withdrawn"};
    char who[16] = "-";
    if (it->charged_to >= 0)
        snprintf(who, sizeof who, "e%d", it->charged_to);
    model_say(model, "%s remedy_changed %s %lld.%02lld %s", row, words[it->state],
              (long long)(it->minor / 100), (long long)(it->minor % 100), who);
}

void model_arm(struct model *model, struct model_case *it)
{
    it->due_at =
        it->muted || !patience_s[it->level] ? 0 : model->shop->now + patience_s[it->level] * second_us;
    it->armed = ++model->armed;
}

/* --- authority: everything that is charged, added up --- */

static bool is_charged(const struct model_remedy *it)
{
    return it->state == RESERVED || it->state == GRANTED;
}

static int64_t used(const struct model *model, int customer, int employee, int64_t day)
{
    int64_t sum = 0;
    for (int i = 0; i < model->remedy_count; i++) {
        const struct model_remedy *it = &model->remedies[i];
        if (is_charged(it) && it->day == day && (customer < 0 || it->customer == customer) &&
            (employee < 0 || it->charged_to == employee))
            sum += it->minor;
    }
    return sum;
}

bool model_covers(const struct model *model, int level, const struct model_remedy *it, int employee)
{
    int64_t day = model->shop->now / day_us, own = it->day == day && is_charged(it) ? it->minor : 0;
    int64_t own_of_employee = it->charged_to == employee ? own : 0;
    if (level == TOP)
        return true;
    return it->minor <= limits[level] &&
           used(model, it->customer, -1, day) - own + it->beside + it->minor <= 2 * limits[level] &&
           (employee < 0 ||
            used(model, -1, employee, day) - own_of_employee + it->minor <= 10 * limits[level]);
}

bool model_is_worth_it(const struct model *model, int level, const struct model_remedy *it, int employee)
{
    enum { LOSS = 16 * 500, CAP = 15000 };
    int64_t day = model->shop->now / day_us;
    return level != TOP && it->minor > limits[level] && it->minor < LOSS &&
           used(model, it->customer, -1, day) + it->minor <= CAP &&
           used(model, -1, employee, day) + it->minor <= 10 * limits[level];
}

int model_lowest(const struct model *model, int from, const struct model_remedy *it)
{
    while (from < TOP && !model_covers(model, from, it, -1))
        from++;
    return from;
}

void model_charge(struct model *model, struct model_remedy *it, enum remedy_is state, int charged_to)
{
    bool was_charged = it->state == RESERVED || it->state == GRANTED;
    if (!was_charged || it->charged_to != charged_to)
        it->day = model->shop->now / day_us;
    it->state = state;
    it->charged_to = charged_to;
}

/* --- cases --- */

bool model_is_live(const struct model_case *it)
{
    return it->state == OPEN || it->state == ACKNOWLEDGED;
}

bool model_critical_in(const struct model *model, int contact)
{
    for (int i = 0; i < model->case_count; i++)
        if (model_is_live(&model->cases[i]) && model->cases[i].contact == contact &&
            model->cases[i].severity == 4)
            return true;
    return false;
}

void model_overtake(struct model *model, struct model_case *it)
{
    if (it->state != OPEN)
        return;
    it->state = OVERTAKEN;
    it->ended_at = model->shop->now;
    it->due_at = 0;
    it->round++;
    model_say_case(model, it, "overtaken");
    if (!it->muted)
        model_notice(model, it);
}

void model_notice(struct model *model, const struct model_case *it)
{
    assert_true(model->noticed_count < NOTICES);
    model->noticed[model->noticed_count++] = model->owner[it->customer];
}

void model_say_notices(struct model *model)
{
    for (int at = 0; at < model->noticed_count; at++)
        model_say(model, "A3 notice_given e%d", model->noticed[at]);
    model->noticed_count = 0;
}

int model_above(const struct model *model, int employee)
{
    return model->level[employee] < TOP ? model->level[employee] + 1 : TOP;
}

int model_present(const struct model *model, int employee)
{
    int above = model_above(model, employee), lowest = TOP + 1;
    for (int i = 0; i < EMPLOYEES; i++)
        if (model->on_duty[i] && model->level[i] >= above && model->level[i] < lowest)
            lowest = model->level[i];
    return lowest > TOP ? above : lowest;
}

static struct model_case *find_case(struct model *model, const char *row, int contact, int subject)
{
    for (int i = 0; i < model->case_count; i++) {
        struct model_case *it = &model->cases[i];
        if (model_is_live(it) && text_equal(it->row, row) && it->contact == contact && it->subject == subject)
            return it;
    }
    return NULL;
}

static struct model_case *next_of(struct model *model, int customer, const struct model_case *but,
                                  uint64_t until)
{
    struct model_case *next = NULL;
    for (int i = 0; i < model->case_count; i++) {
        struct model_case *it = &model->cases[i];
        if (it != but && model_is_live(it) && it->customer == customer && it->touched <= until &&
            (!next || it->touched < next->touched))
            next = it;
    }
    return next;
}

void model_pass(struct model *model, int customer, const struct model_case *but)
{
    uint64_t until = model->touched;
    bool is_passing = model->is_passing[customer];
    model->is_passing[customer] = false;
    for (struct model_case *it; is_passing && (it = next_of(model, customer, but, until));) {
        model_say_case(model, it, "handed_on");
        model_notice(model, it);
    }
}

static void verdict(struct model *model, const struct model_case *it)
{
    if (model->also)
        model_say(model, "%s", model->also);
    model->also = NULL;
    model_pass(model, it->customer, it);
    model_say_notices(model);
    model_say(model, "%s verdict_given escalated %s", it->row, model_roles[it->level]);
}

/* What was withdrawn is asked for again while somebody has its case. */
static void ask_again(struct model *model, const struct model_case *it)
{
    struct model_remedy *remedy = it->subject < 0 ? NULL : &model->remedies[it->subject];
    if (!remedy || remedy->state == REQUESTED)
        return;
    model_charge(model, remedy, REQUESTED, -1);
    model_say_remedy(model, remedy, it->row);
}

static void raise_case(struct model *model, struct model_case *it, int level)
{
    it->muted = it->subject < 0 && model_critical_in(model, it->contact);
    it->level = level;
    it->state = OPEN;
    it->round++;
    model_arm(model, it);
    model_say_case(model, it, "raised");
    model_notice(model, it);
    ask_again(model, it);
}

static void mute_lesser(struct model *model, const struct model_case *critical)
{
    for (int i = 0; i < model->case_count - 1; i++) {
        struct model_case *other = &model->cases[i];
        if (other->state != OPEN || other->contact != critical->contact || other->severity == 4 ||
            other->subject >= 0 || other->muted)
            continue;
        other->muted = true;
        other->due_at = 0;
        model_say_case(model, other, "muted");
    }
}

void model_escalate(struct model *model, const char *row, int contact, int subject, int level, int severity,
                    bool outlives)
{
    struct model_case *it = find_case(model, row, contact, subject);
    if (it && level <= it->level) {
        model_say_case(model, it, "cause_added");
        ask_again(model, it);
        verdict(model, it);
        return;
    }
    if (it) {
        raise_case(model, it, level);
        verdict(model, it);
        return;
    }
    assert_true(model->case_count < CASES);
    bool is_muted = subject < 0 && severity < 4 && model_critical_in(model, contact);
    it = &model->cases[model->case_count++];
    *it = (struct model_case){.row = row,
                              .contact = contact,
                              .subject = subject,
                              .level = level,
                              .severity = severity,
                              .customer = contact % CUSTOMERS,
                              .asked_by = -1,
                              .round = 1,
                              .muted = is_muted,
                              .outlives = outlives};
    snprintf(it->id, sizeof it->id, "1-%llu-0", (unsigned long long)model->shop->seq + 1);
    if (subject >= 0) {
        it->minor = model->remedies[subject].minor;
        model->remedies[subject].escalated = model->case_count - 1;
    }
    model_arm(model, it);
    model_say_case(model, it, "opened");
    if (subject >= 0) {
        model_charge(model, &model->remedies[subject], REQUESTED, -1);
        model_say_remedy(model, &model->remedies[subject], row);
    }
    if (is_muted)
        model_say_case(model, it, "muted");
    if (severity == 4)
        mute_lesser(model, it);
    verdict(model, it);
}
