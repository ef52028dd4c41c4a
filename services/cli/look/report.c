/* report (bellhop report): what the reports say of a store's day or week, for its manager. */
#include "common/base/civil.h"
#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/rules/calendar.h"
#include "common/store/read/report_reader.h"
#include "services/cli/log/policies.h"
#include "services/cli/look/look.h"
#include "services/cli/look/report_tell.h"

#include <stdio.h>
#include <string.h>

enum { DAYS_OF_WEEK = 7, STORE_MOST = 64 };

struct arguments {
    bool is_week, has_length, has_date, as_json;
    const char *store_id;
    int64_t day;
};

/* --- asking --- */

struct asking {
    struct reader *reader;
    char fault[WHY_SIZE];
    bool is_known;
    char *others;
    json_t *report;
};

static void on_store(void *owner, const struct report_store *store)
{
    struct asking *asking = owner;
    if (store->fault) {
        text_copy(asking->fault, sizeof asking->fault, store->fault);
        return;
    }
    asking->is_known = store->is_known;
    asking->others = memory_copy_text(store->others);
}

static void on_report(void *owner, const struct report_page *page)
{
    struct asking *asking = owner;
    json_error_t error;
    if (page->fault)
        text_copy(asking->fault, sizeof asking->fault, page->fault);
    else if (!(asking->report = json_loads(page->json ? page->json : "", 0, &error)))
        text_copy(asking->fault, sizeof asking->fault, error.text);
}

static int ask_store(struct asking *asking, const char *store_id)
{
    report_read_store(reader_database(asking->reader), store_id, on_store, asking);
    int rc = reader_finish(asking->reader, asking->fault);
    if (rc != EXIT_DONE || asking->is_known)
        return rc;
    if (asking->others && asking->others[0])
        command_complain("nothing is known of a store \"%s\"; something is known of %s", store_id,
                         asking->others);
    else
        command_complain("nothing is known of a store \"%s\", nor of any other yet", store_id);
    return EXIT_NEGATIVE;
}

/* --- the days --- */

/* By the store's clocks, as the policy in force says. */
static bool find_today(struct asking *asking, const char *store_id, int64_t *ret_day)
{
    AUTO(policies) *policies = policies_new(asking->reader);
    const struct policy *policy = policies_find_in_force(policies);
    if (policy)
        *ret_day = calendar_day(policy, store_id, clock_utc_us());
    return policy != NULL;
}

static int64_t monday_of(int64_t day)
{
    struct civil date;
    civil_from_days(day, &date);
    return day - (date.weekday + DAYS_OF_WEEK - 1) % DAYS_OF_WEEK;
}

static int find_period(struct asking *asking, const struct arguments *arguments,
                       struct report_period *ret_period)
{
    int64_t today, day = arguments->day;
    if (!find_today(asking, arguments->store_id, &today))
        return EXIT_UNREACHABLE;
    if (!arguments->has_date)
        day = today;
    if (day > today) {
        char text[DAY_TEXT_SIZE];
        place_format_day(today, text);
        command_complain("--date: that day is still to come; in \"%s\" it is %s", arguments->store_id, text);
        return EXIT_USAGE;
    }
    ret_period->store_id = arguments->store_id;
    ret_period->first_day = arguments->is_week ? monday_of(day) : day;
    ret_period->last_day = ret_period->first_day + (arguments->is_week ? DAYS_OF_WEEK - 1 : 0);
    ret_period->goes_on = ret_period->last_day >= today;
    return EXIT_DONE;
}

/* --- telling --- */

static void json_tell(const struct report_period *period, json_t *report)
{
    char first[DAY_TEXT_SIZE], last[DAY_TEXT_SIZE];
    place_format_day(period->first_day, first);
    place_format_day(period->last_day, last);
    json_t *all = json_pack("{s:s, s:s, s:s, s:b}", "store_id", period->store_id, "first_day", first,
                            "last_day", last, "goes_on", (int)period->goes_on);
    json_object_update(all, report);
    char *text = json_dumps(all, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    printf("%s\n", text);
    free(text);
    json_decref(all);
}

static int report(struct asking *asking, const struct arguments *arguments)
{
    struct report_period period;
    int rc = ask_store(asking, arguments->store_id);
    if (rc == EXIT_DONE)
        rc = find_period(asking, arguments, &period);
    if (rc != EXIT_DONE)
        return rc;
    report_read(reader_database(asking->reader), arguments->store_id, period.first_day, period.last_day,
                on_report, asking);
    rc = reader_finish(asking->reader, asking->fault);
    if (rc != EXIT_DONE)
        return rc;
    if (arguments->as_json)
        json_tell(&period, asking->report);
    else
        report_tell(&period, asking->report);
    return EXIT_DONE;
}

/* "2026-11-27" */
static bool parse_date(const char *text, int64_t *ret_day)
{
    struct civil date;
    if (civil_parse_date(text, &date))
        return false;
    *ret_day = civil_days(date.year, date.month, date.day);
    return true;
}

static int run(const struct command_call *call)
{
    struct asking asking = {.reader = call->reader};
    int rc = report(&asking, call->arguments);
    json_decref(asking.report);
    free(asking.others);
    return rc;
}

/* --- arguments --- */

static void read_store(const struct option_row *option, const char *value, void *field,
                       const struct argp_state *state)
{
    if (!value[0] || strlen(value) > STORE_MOST)
        argp_error(state, "--store: a store's id has 1 to %d characters", STORE_MOST);
    option_read_text(option, value, field, state);
}

static void read_date(const struct option_row *option, const char *value, void *owner,
                      const struct argp_state *state)
{
    struct arguments *arguments = owner;
    (void)option;
    if (!parse_date(value, &arguments->day))
        argp_error(state, "--date \"%s\": expected a date such as 2026-11-27", value);
    arguments->has_date = true;
}

static void length_read(void *owner, const char *word, const struct argp_state *state)
{
    struct arguments *arguments = owner;
    if (arguments->has_length)
        argp_error(state, "a day or a week, not \"%s\" as well", word);
    if (!text_equal(word, "day") && !text_equal(word, "week"))
        argp_error(state, "\"%s\": expected day or week", word);
    arguments->has_length = true;
    arguments->is_week = text_equal(word, "week");
}

static void check(void *owner, const struct argp_state *state)
{
    const struct arguments *arguments = owner;
    if (!arguments->has_length)
        argp_error(state, "of a day or of a week?");
    if (!arguments->store_id)
        argp_error(state, "which store? --store STORE");
}

static const struct option_row options[] = {
    {"store", 's', "STORE", "the store (required)", read_store, offsetof(struct arguments, store_id)},
    {"date", 'd', "DATE", "the day, or any day of the week, by the store's clock; defaults to today",
     read_date, 0},
    {"json", 'j', NULL, "print JSON: the rows of the report views", option_read_switch,
     offsetof(struct arguments, as_json)},
    {0},
};

const struct command report_command = {
    .name = "report",
    .summary = "report on a store's day or week, for its manager",
    .usage = "day|week",
    .help =
        "Report on a store's day or week (Monday to Sunday), for its manager: the good news, what was "
        "decided at the counter, noes where a yes was allowed, contacts that were handed over twice, how "
        "well employees listened, how many people will hear of it, who came back, how first contacts went, "
        "why customers leave, the two desks side by side, and what it was worth. It states what happened, "
        "and claims no cause.\v"
        "Exit codes: 0 reported, 1 nothing is known of the store, 2 wrong usage, 3 the database cannot "
        "be reached.",
    .options = options,
    .word = length_read,
    .check = check,
    COMMAND_ARGUMENTS(struct arguments, .is_week = false),
    .reads_log = true,
    .run = run,
};
