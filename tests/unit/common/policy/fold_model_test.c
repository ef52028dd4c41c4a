/* fold_model: random shop days told to the fold and to a naive model of authority and cases
 * (tests/support/model.h). Both must say the same, line by line. */
#include "tests/support/check.h"
#include "tests/support/model.h"

#include "common/base/text.h"

#include <stdio.h>

static const int64_t second_us = 1000000, day_us = 86400 * INT64_C(1000000);

static int64_t any(struct model *model, int64_t below)
{
    return (int64_t)(check_random(&model->seed) % (uint64_t)below);
}

/* --- what happens in a shop --- */

static void tell(struct model *model, const char *who, const char *body)
{
    model_say_notices(model);
    const char *heard = shop_play(model->shop, who, body);
    assert_text_equal(heard, model->said.size ? bytes_text(&model->said) : "");
    bytes_reset(&model->said);
}

static void serve(struct model *model, int contact, int employee, char who[static 48])
{
    int customer = contact % CUSTOMERS;
    snprintf(who, 48, "i%d e%d c%d", contact, employee, customer);
    if (model->owner[customer] < 0)
        model->owner[customer] = employee;
}

static void overtake_case_of(struct model *model, const struct model_remedy *it)
{
    if (it->escalated >= 0)
        model_overtake(model, &model->cases[it->escalated]);
}

static void money(char into[static 64], const struct model_remedy *it)
{
    snprintf(into, 64, "%lld.%02lld", (long long)(it->minor / 100), (long long)(it->minor % 100));
}

static void ask(struct model *model, int contact, int employee, int remedy)
{
    struct model_remedy *it = &model->remedies[remedy];
    char who[48], body[200], amount[64];
    serve(model, contact, employee, who);
    money(amount, it);
    if (it->state == RESERVED || (it->state == GRANTED && !it->is_ungranted)) {
        model_say(model, "- verdict_given granted %s", amount);
    } else if (it->state == GRANTED && !it->is_asked) {
        /* handed over before it was asked for: the verdict alone says so */
    } else if (it->state == REFUSED || it->state == GRANTED) {
        model_say(model, "- verdict_given escalated");
    } else if (it->state == WITHDRAWN && !it->is_asked) {
        model_say_remedy(model, it, "-");
    } else if (model_covers(model, model->level[employee], it, employee)) {
        model_charge(model, it, RESERVED, employee);
        model_say_remedy(model, it, "A1");
        overtake_case_of(model, it);
        model_say_notices(model);
        model_say(model, "A1 verdict_given granted %s", amount);
    } else if (model_is_worth_it(model, model->level[employee], it, employee)) {
        model_charge(model, it, RESERVED, employee);
        model_say_remedy(model, it, "A5");
        overtake_case_of(model, it);
        model_say_notices(model);
        model_say(model, "A5 verdict_given granted %s", amount);
    } else {
        int from = model->level[employee], before = model->case_count;
        model_escalate(model, "A2", contact, remedy, model_lowest(model, from < TOP ? from + 1 : TOP, it), 2,
                       true);
        if (model->case_count > before)
            model->cases[before].asked_by = employee;
    }
    it->is_asked |= it->state != GRANTED || !it->is_ungranted;
    snprintf(
        body, sizeof body,
        "'remedy_requested':{'remedy_id':'r%d','kind':'REFUND','amount':{'minor':%lld,'currency':'EUR'}}",
        remedy, (long long)it->minor);
    tell(model, who, body);
}

static void settle(struct model *model, int contact, int employee, int remedy, enum remedy_is state)
{
    static const char *const names[] = {
        [GRANTED] = "granted", [REFUSED] = "refused", [WITHDRAWN] = "withdrawn"};
    struct model_remedy *it = &model->remedies[remedy];
    char who[48], body[200], amount[80] = "";
    serve(model, contact, employee, who);
    bool was_over = it->state == REFUSED || it->state == WITHDRAWN;
    bool was_granted = it->state == RESERVED || it->state == GRANTED;
    bool is_final = it->state == GRANTED && state != GRANTED;
    bool was_allowed = it->state == RESERVED || model_covers(model, model->level[employee], it, employee) ||
                       model_is_worth_it(model, model->level[employee], it, employee);
    bool is_new = it->state != state;
    if (is_final) {
        model_say(model, "- act_refused ended");
    } else if (is_new) {
        bool keeps = state == GRANTED && it->state == RESERVED;
        bool has_amount = state != WITHDRAWN || it->state != NONE;
        model_charge(model, it, state, keeps ? it->charged_to : state == GRANTED ? employee : -1);
        if (has_amount)
            model_say_remedy(model, it, "-");
        else
            model_say(model, "- remedy_changed withdrawn -");
        overtake_case_of(model, it);
    }
    it->is_ungranted |= state == GRANTED && !was_granted;
    if (state == GRANTED && !was_granted)
        model_say(model, "A9 coaching_made e%d %s", employee, model_roles[model_above(model, employee)]);
    if (state == REFUSED && was_allowed && !was_over && !is_final)
        model_say(model, "A8 coaching_made e%d %s", employee, model_roles[model_above(model, employee)]);
    if (state != WITHDRAWN)
        snprintf(amount, sizeof amount, ",'amount':{'minor':%lld,'currency':'EUR'}", (long long)it->minor);
    snprintf(body, sizeof body, "'remedy_%s':{'remedy_id':'r%d'%s}", names[state], remedy, amount);
    tell(model, who, body);
}

static void close_contact(struct model *model, int place, int employee)
{
    char who[48];
    int contact = model->contact[place];
    serve(model, contact, employee, who);
    for (int i = 0; i < model->case_count; i++)
        if (model->cases[i].contact == contact && !model->cases[i].outlives)
            model_overtake(model, &model->cases[i]);
    model_say(model, "G3 experience_recorded neither 0");
    model->contact[place] = model->next_contact++;
    tell(model, who, "'interaction_closed':{'outcome':'SERVED'}");
}

static bool is_open_request(const struct model_case *it, int contact)
{
    return model_is_live(it) && it->contact == contact && it->subject >= 0;
}

/* The lowest from `from` on that covers all open requests of the contact together. */
static int level_for_all(const struct model *model, int contact, int from)
{
    int highest = from;
    int64_t sum = 0;
    for (int i = 0; i < model->case_count; i++)
        if (is_open_request(&model->cases[i], contact))
            sum += model->remedies[model->cases[i].subject].minor;
    for (int i = 0; i < model->case_count; i++) {
        const struct model_case *it = &model->cases[i];
        if (!is_open_request(it, contact))
            continue;
        struct model_remedy all = model->remedies[it->subject];
        all.beside = sum - all.minor;
        int level = model_lowest(model, from, &all);
        highest = level > highest ? level : highest;
    }
    return highest;
}

static void hand_over(struct model *model, int contact, int employee)
{
    char who[48], body[96];
    int to = (int)any(model, EMPLOYEES);
    bool takes = any(model, 4) == 0;
    serve(model, contact, employee, who);
    model->is_passing[contact % CUSTOMERS] = takes && model->owner[contact % CUSTOMERS] != to;
    if (takes)
        model->owner[contact % CUSTOMERS] = to;
    if (++model->hand_overs[contact] >= 2)
        model_escalate(model, "A4", contact, -1, level_for_all(model, contact, model_above(model, to)), 2,
                       false);
    model_pass(model, contact % CUSTOMERS, NULL);
    snprintf(body, sizeof body, "'handed_over':{'to_employee_id':'e%d','takes_ownership':%s}", to,
             takes ? "true" : "false");
    tell(model, who, body);
}

static void simple(struct model *model, int contact, int employee, const char *row, int level, int severity,
                   bool outlives, const char *body)
{
    char who[48];
    serve(model, contact, employee, who);
    model_escalate(model, row, contact, -1, level, severity, outlives);
    tell(model, who, body);
}

/* H2: one spill a contact and day counts; the third within thirty days is told of, and what follows in these thirty days is
 * part of that. Everything happens in order here. */
static bool is_third_spill(struct model *model, int contact)
{
    int64_t day = 86400 * second_us, now = model->shop->now;
    int count = 0;
    if (now <= model->told_until)
        return false;
    for (int i = 0; i < model->spills; i++)
        if (model->spilt_in[i] == contact && now - model->spilt_at[i] <= day)
            return false;
    model->spilt_at[model->spills] = now;
    model->spilt_in[model->spills++] = contact;
    int64_t first = now;
    for (int i = model->spills; i-- > 0 && now - model->spilt_at[i] <= 30 * day; count++)
        first = model->spilt_at[i];
    if (count < 3)
        return false;
    model->told_until = first + 30 * day;
    model->spills = 0;
    return true;
}

static void spill(struct model *model, int contact, int employee)
{
    model->also = is_third_spill(model, contact) ? "H2 coaching_made - store_manager" : NULL;
    simple(model, contact, employee, "H1", 2, 4, true, "'incident':{'kind':'SPILL'}");
}

static void calm(struct model *model, int contact, int employee)
{
    char who[48];
    serve(model, contact, employee, who);
    model->is_calm[contact] = true;
    for (int i = 0; i < model->case_count; i++)
        if (model->cases[i].contact == contact && text_equal(model->cases[i].row, "C3"))
            model_overtake(model, &model->cases[i]);
    tell(model, who, "'mood_observed':{'mood':'CALM'}");
}

static void duty(struct model *model, int employee)
{
    char who[16], body[64];
    model->level[employee] = (int)any(model, 5);
    model->on_duty[employee] = true;
    snprintf(who, sizeof who, "- e%d -", employee);
    snprintf(body, sizeof body, "'on_duty':{'role':'%s'}", model_roles[model->level[employee]]);
    tell(model, who, body);
}

/* False: refused, and said so. */
static bool may_act(struct model *model, const struct model_case *it, unsigned round, int level)
{
    const char *reason = !model_is_live(it)   ? "ended"
                         : round != it->round ? "stale_round"
                         : level < it->level  ? "too_low"
                                              : NULL;
    if (reason)
        model_say(model, "%s act_refused %s", it->row, reason);
    return !reason;
}

static void acknowledge(struct model *model, struct model_case *it, int employee, unsigned round,
                        const char *who)
{
    char body[160];
    if (may_act(model, it, round, model->level[employee])) {
        it->state = ACKNOWLEDGED;
        it->taken_by = employee;
        it->muted = false;
        it->round++;
        model_arm(model, it);
        model_say_case(model, it, "acknowledged");
        model_notice(model, it);
    }
    snprintf(body, sizeof body, "'case_acknowledged':{'escalation_id':'%s','round':%u}", it->id, round);
    tell(model, who, body);
}

static void wake(struct model *model, const struct model_case *critical)
{
    if (critical->severity != 4 || model_critical_in(model, critical->contact))
        return;
    for (int i = 0; i < model->case_count; i++) {
        struct model_case *it = &model->cases[i];
        if (it->state != OPEN || it->contact != critical->contact || !it->muted)
            continue;
        it->muted = false;
        it->round++;
        model_arm(model, it);
        model_say_case(model, it, "notified_again");
    }
}

static void resolve(struct model *model, struct model_case *it, int employee, bool is_granted)
{
    int had_by = it->state == ACKNOWLEDGED ? it->taken_by : employee;
    it->state = RESOLVED;
    it->muted = false;
    it->ended_at = model->shop->now;
    it->due_at = 0;
    it->round++;
    model_say_case(model, it, "resolved");
    if (it->subject >= 0) {
        struct model_remedy *remedy = &model->remedies[it->subject];
        if (remedy->state != WITHDRAWN && remedy->state != GRANTED) {
            model_charge(model, remedy, is_granted ? RESERVED : REFUSED, is_granted ? employee : -1);
            model_say_remedy(model, remedy, "A2");
        }
    }
    wake(model, it);
    model_notice(model, it);
    model_say_notices(model);
    if (it->severity < 3)
        return;
    model_say(model, "J6 notice_given staff");
    model_say(model, "J10 notice_given e%d", had_by);
}

static void answer(struct model *model, struct model_case *it, int employee, unsigned round, const char *who)
{
    char body[220], amount[80] = "";
    bool is_granted = it->subject >= 0 && any(model, 3) > 0;
    if (may_act(model, it, round, model->level[employee])) {
        if (it->asked_by == employee)
            model_say(model, "%s act_refused own_request", it->row);
        else if (is_granted &&
                 !model_covers(model, model->level[employee], &model->remedies[it->subject], employee))
            model_say(model, "%s act_refused beyond_authority", it->row);
        else
            resolve(model, it, employee, is_granted);
    }
    if (is_granted)
        snprintf(amount, sizeof amount, ",'amount':{'minor':%lld,'currency':'EUR'}", (long long)it->minor);
    snprintf(body, sizeof body, "'case_answered':{'escalation_id':'%s','round':%u,'answer':'%s'%s}", it->id,
             round,
             is_granted         ? "GRANTED"
             : it->subject >= 0 ? "REFUSED"
                                : "DONE",
             amount);
    tell(model, who, body);
}

static void act(struct model *model)
{
    char who[16];
    if (!model->case_count)
        return;
    int employee = (int)any(model, EMPLOYEES), recent = model->case_count < 12 ? model->case_count : 12;
    struct model_case *it = &model->cases[model->case_count - 1 - any(model, recent)];
    if (it->state >= RESOLVED && (any(model, 4) || model->shop->now - it->ended_at >= day_us))
        return; /* what ended longer ago is forgotten */
    unsigned round = it->round - (any(model, 8) == 0 && it->round > 1);
    snprintf(who, sizeof who, "- e%d -", employee);
    if (any(model, 2))
        acknowledge(model, it, employee, round, who);
    else
        answer(model, it, employee, round, who);
}

/* --- time --- */

static struct model_case *next_due(struct model *model, int64_t until)
{
    struct model_case *first = NULL;
    for (int i = 0; i < model->case_count; i++) {
        struct model_case *it = &model->cases[i];
        if (model_is_live(it) && it->due_at && it->due_at <= until &&
            (!first || it->due_at < first->due_at ||
             (it->due_at == first->due_at && it->armed < first->armed)))
            first = it;
    }
    return first;
}

static bool is_closed(const struct model *model, int contact)
{
    for (int i = 0; i < CONTACTS; i++)
        if (model->contact[i] == contact)
            return false;
    return true;
}

/* Nobody need answer it any more. */
static bool has_ended(const struct model *model, const struct model_case *it)
{
    if (!it->outlives && is_closed(model, it->contact))
        return true;
    if (text_equal(it->row, "C3") && model->is_calm[it->contact])
        return true;
    return it->subject >= 0 && model->remedies[it->subject].state != REQUESTED;
}

static void expire(struct model *model, struct model_case *it)
{
    it->round++;
    if (it->state == ACKNOWLEDGED) {
        bool is_over = has_ended(model, it);
        it->state = is_over ? OVERTAKEN : OPEN;
        it->ended_at = model->shop->now;
        it->due_at = 0;
        if (!is_over)
            model_arm(model, it);
        model_say_case(model, it, is_over ? "overtaken" : "reopened");
        model_notice(model, it);
        if (!is_over && it->subject < 0 && it->severity < 4 && model_critical_in(model, it->contact)) {
            it->muted = true;
            it->due_at = 0;
            model_say_case(model, it, "muted");
        }
        model_say_notices(model);
        return;
    }
    bool at_top = it->level == TOP;
    if (!at_top)
        it->level = it->subject >= 0 ? model_lowest(model, it->level + 1, &model->remedies[it->subject])
                                     : it->level + 1;
    model_arm(model, it);
    model_say_case(model, it, at_top ? "notified_again" : "climbed");
    if (!at_top)
        model_notice(model, it);
    model_say_notices(model);
}

static void wait(struct model *model)
{
    int64_t begin = model->shop->now, seconds = any(model, 10) ? any(model, 400) : any(model, 40000);
    int64_t until = begin + seconds * second_us;
    for (struct model_case *it; (it = next_due(model, until));) {
        if (it->due_at > model->shop->now) /* the model's clock and the shop's are one: put back below */
            model->shop->now = it->due_at;
        expire(model, it);
    }
    model->shop->now = begin;
    assert_text_equal(shop_wait(model->shop, seconds), model->said.size ? bytes_text(&model->said) : "");
    bytes_reset(&model->said);
}

static int remedy_of(struct model *model, int contact)
{
    if (model->remedy_count && any(model, 3))
        for (int tries = 0; tries < REMEDIES; tries++) {
            int at = model->remedy_count - 1 -
                     (int)any(model, model->remedy_count < 12 ? model->remedy_count : 12);
            if (model->remedies[at].contact == contact)
                return at;
        }
    static const int64_t amounts[] = {1,     2500,  5000,   5001,   10000, 20000,
                                      20001, 90000, 100000, 400000, 600000};
    assert_true(model->remedy_count < REMEDIES_MOST);
    model->remedies[model->remedy_count] =
        (struct model_remedy){.contact = contact,
                              .customer = contact % CUSTOMERS,
                              .charged_to = -1,
                              .escalated = -1,
                              .minor = amounts[any(model, (int64_t)COUNT_OF(amounts))]};
    return model->remedy_count++;
}

/* The store manager, or the level above whoever serves. */
static int level_for_leaving(const struct model *model, int employee)
{
    int above = model_above(model, employee);
    return above > 2 ? above : 2;
}

static void happen(struct model *model)
{
    int place = (int)any(model, CONTACTS), contact = model->contact[place],
        employee = (int)any(model, EMPLOYEES);
    model->shop->now +=
        1 + any(model, second_us); /* no two things at once: which comes first is for the log to say */
    switch (any(model, 16)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
        ask(model, contact, employee, remedy_of(model, contact));
        break;
    case 5:
        settle(model, contact, employee, remedy_of(model, contact), GRANTED + (enum remedy_is)any(model, 3));
        break;
    case 6:
        if (any(model, 4) == 0) {
            calm(model, contact, employee);
            break;
        }
        model->is_calm[contact] = false;
        simple(model, contact, employee, "C3", model_present(model, employee), 3, false,
               "'mood_observed':{'mood':'ANGRY'}");
        break;
    case 7:
        simple(model, contact, employee, "G1", level_for_leaving(model, employee), 3, true,
               "'leaving_signalled':{}");
        break;
    case 8:
        if (any(model, 3) == 0)
            spill(model, contact, employee);
        break;
    case 9:
        hand_over(model, contact, employee);
        break;
    case 10:
        close_contact(model, place, employee);
        break;
    case 11:
        duty(model, employee);
        break;
    case 12:
    case 13:
        wait(model);
        break;
    default:
        act(model);
        break;
    }
}

static void run_day(uint64_t seed, int events)
{
    AUTO(shop) *shop = shop_open(NULL);
    struct model *model = memory_zeroed(sizeof *model);
    shop->snapshot_every = 97;
    model->shop = shop;
    model->seed = seed;
    model->next_contact = CONTACTS;
    for (int i = 0; i < CONTACTS; i++)
        model->contact[i] = i;
    for (int i = 0; i < CUSTOMERS; i++)
        model->owner[i] = -1;
    for (int i = 0; i < events; i++)
        happen(model);
    bytes_clear(&model->said);
    free(model);
}

static TEST(random_days_are_decided_as_a_naive_model_decides_them)
{
    for (uint64_t seed = 1; seed <= 8; seed++)
        run_day(seed * UINT64_C(0x9e3779b97f4a7c15), 900);
}

RUN_TESTS(cmocka_unit_test(random_days_are_decided_as_a_naive_model_decides_them))
