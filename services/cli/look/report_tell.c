/* report_tell: one function for each row of the domain that has a report; how contacts went on is told by report_worth. */
#include "services/cli/look/report_tell.h"

#include "common/base/civil.h"
#include "common/base/text.h"
#include "common/policy/rules/place.h"
#include "services/cli/look/report_worth.h"
#include "services/cli/look/row.h"
#include "services/cli/terminal/table.h"

#include <stdio.h>

/* --- J3 --- */

static void count_tell(const char **separator, const json_t *row, const char *name, const char *one,
                       const char *many)
{
    long long count = row_number(row, name);
    if (!count)
        return;
    printf("%s%lld %s", *separator, count, count == 1 ? one : many);
    *separator = ", ";
}

static void counts_tell(const json_t *row)
{
    const char *separator = "";
    count_tell(&separator, row, "compliments", "compliment", "compliments");
    count_tell(&separator, row, "kept_promises", "promise kept", "promises kept");
    count_tell(&separator, row, "returning_customers", "customer who came back", "customers who came back");
    count_tell(&separator, row, "sales_gains", "sales gain", "sales gains");
}

static void gained_tell(const json_t *gained)
{
    size_t at;
    json_t *money;
    json_array_foreach(gained, at, money)
    {
        const char *currency = row_text(money, "currency");
        printf("%s%s", at ? " and " : ", worth ", row_money_cell(money, "minor", currency).text);
    }
}

static void digest_tell(const json_t *report, bool goes_on)
{
    size_t at, place;
    json_t *digest, *line;
    printf("\nGood news (J3)\n");
    json_array_foreach(row_all(report, "digest"), at, digest)
    {
        printf("  %s: ", row_text(digest, "day"));
        counts_tell(digest);
        gained_tell(json_object_get(digest, "gained"));
        printf(".\n");
        json_array_foreach(json_object_get(digest, "earned"), place, line)
        {
            printf("    %s: ", row_text(line, "employee_id"));
            counts_tell(line);
            printf("\n");
        }
    }
    if (!json_array_size(row_all(report, "digest")))
        printf("  %s\n", goes_on
                             ? "No digest yet: it is announced when the store closes, if there is good news."
                             : "None was announced.");
}

/* --- A7, A8, A11, A4 --- */

static void days_tell(const json_t *days)
{
    static const char *const titles[] = {"  day", "asked for", "at the counter", "share",      "handed up",
                                         "used",  "available", "contacts",       "hand-overs", NULL};
    AUTO(table) *table = table_new(titles);
    size_t at;
    json_t *row;
    json_array_foreach(days, at, row)
    {
        char day[16];
        const char *currency = row_text(row, "currency");
        text_format(day, sizeof day, "  %s", row_text(row, "day"));
        table_add(table,
                  (const char *[]){
                      day, row_number_cell(row, "requested").text, row_number_cell(row, "at_counter").text,
                      row_percent_cell(row, "at_counter_share").text, row_number_cell(row, "escalated").text,
                      row_money_cell(row, "used_at_counter_minor", currency).text,
                      row_money_cell(row, "available_minor", currency).text,
                      row_number_cell(row, "interactions").text, row_number_cell(row, "hand_overs").text});
    }
    table_print(table, stdout);
}

static void remedies_tell(const json_t *sum)
{
    long long requested = row_number(sum, "requested"), at_counter = row_number(sum, "at_counter");
    long long escalated = row_number(sum, "escalated"), nearly = row_number(sum, "nearly_at_counter");
    long long refused = row_number(sum, "refused_at_counter"), given = row_number(sum, "given_without_yes");
    if (!requested) {
        printf("  No remedy was asked for.\n");
        return;
    }
    printf("  %lld remed%s asked for: %lld granted at the counter (%s), %lld handed to somebody who could "
           "decide",
           requested, requested == 1 ? "y was" : "ies were", at_counter,
           row_percent_cell(sum, "at_counter_share").text, escalated);
    if (refused)
        printf(", %lld refused there", refused);
    printf(".\n");
    if (given)
        printf("  %lld of them %s handed over although nobody had granted it, or not so much (A9).\n", given,
               given == 1 ? "was" : "were");
    if (nearly)
        printf("  %lld of those handed on would have stayed with a limit a fifth larger.\n", nearly);
}

static void empowerment_tell(const json_t *report)
{
    const json_t *sum = row_first(report, "empowerment");
    const char *currency = row_text(sum, "currency");
    long long contacts = row_number(sum, "interactions"), hand_overs = row_number(sum, "hand_overs");
    printf("\nDecided at the counter (A7)\n");
    remedies_tell(sum);
    if (json_is_number(json_object_get(sum, "available_minor")))
        printf("  Of the authority that those who served had, %s of %s was used at the counter (%s).\n",
               row_money_cell(sum, "used_of_available_minor", currency).text,
               row_money_cell(sum, "available_minor", currency).text,
               row_percent_cell(sum, "used_share").text);
    printf("  %lld contact%s began, with %lld hand-over%s", contacts, row_plural(contacts), hand_overs,
           row_plural(hand_overs));
    if (contacts)
        printf(" (%.2f per contact)", json_number_value(json_object_get(sum, "hand_overs_per_interaction")));
    printf(".\n");
    if (json_array_size(row_all(report, "empowerment_report")) > 1)
        days_tell(row_all(report, "empowerment_report"));
}

static void refused_tell(const json_t *report)
{
    size_t at;
    json_t *row;
    printf("\nNoes where a yes was allowed (A8)\n");
    json_array_foreach(row_all(report, "no_within_authority"), at, row)
    {
        const char *currency = row_text(row, "currency");
        printf("  %lld", row_number(row, "refused"));
        if (currency[0])
            printf(", which would have cost %s", row_money_cell(row, "refused_minor", currency).text);
        printf(".\n");
    }
    if (!json_array_size(row_all(report, "no_within_authority")))
        printf("  None.\n");
}

/* "lena, with ines's: 1 granted, worth 300.00 EUR; 1 case answered." */
static void lent_tell(const json_t *report)
{
    size_t at;
    json_t *row;
    if (!json_array_size(row_all(report, "lent_authority")))
        return;
    printf("\nDecided with authority that was lent (A11)\n");
    json_array_foreach(row_all(report, "lent_authority"), at, row)
    {
        const char *currency = row_text(row, "currency");
        long long granted = row_number(row, "granted"), answered = row_number(row, "answered");
        printf("  %s, with what %s lent: %lld granted", row_text(row, "borrower"), row_text(row, "lender"),
               granted);
        if (granted && currency[0])
            printf(", worth %s", row_money_cell(row, "granted_minor", currency).text);
        printf("; %lld case%s answered.\n", answered, row_plural(answered));
    }
}

static void hand_overs_tell(const json_t *report)
{
    static const char *const titles[] = {"  day", "contact", "hand-overs",  "case",
                                         "is",    "with",    "answered by", NULL};
    AUTO(table) *table = table_new(titles);
    size_t at;
    json_t *row;
    printf("\nHanded over twice or more (A4)\n");
    json_array_foreach(row_all(report, "second_hand_over"), at, row)
    {
        char day[16];
        text_format(day, sizeof day, "  %s", row_text(row, "day"));
        table_add(table, (const char *[]){day, row_text(row, "interaction_id"),
                                          row_number_cell(row, "hand_overs").text,
                                          row_text(row, "escalation_id"), row_text(row, "state"),
                                          row_text(row, "role"), row_text(row, "resolved_by")});
    }
    if (table_rows(table))
        table_print(table, stdout);
    else
        printf("  Nobody had to explain their trouble three times.\n");
}

/* --- D4, G3, G4 --- */

static void depth_tell(const json_t *report)
{
    static const char *const titles[] = {"  employee", "contacts", "with needs recorded", "share", NULL};
    AUTO(table) *table = table_new(titles);
    size_t at;
    json_t *row;
    printf("\nListening: contacts with needs recorded (D4)\n");
    json_array_foreach(row_all(report, "depth"), at, row)
    {
        char name[80];
        text_format(name, sizeof name, "  %s",
                    json_is_string(json_object_get(row, "employee_id")) ? row_text(row, "employee_id")
                                                                        : "(nobody served)");
        table_add(table, (const char *[]){name, row_number_cell(row, "interactions").text,
                                          row_number_cell(row, "with_needs").text,
                                          row_percent_cell(row, "with_needs_share").text});
    }
    if (table_rows(table))
        table_print(table, stdout);
    else
        printf("  No contact ended.\n");
}

static void more_than_asked_tell(const json_t *report)
{
    const json_t *sum = row_first(report, "more_than_asked");
    long long contacts = row_number(sum, "interactions"), sales = row_number(sum, "sales");
    printf("\nMore than was asked for (D5)\n");
    printf("  %lld need%s came to light in %lld of %lld contact%s", row_number(sum, "needs"),
           row_plural(row_number(sum, "needs")), row_number(sum, "with_needs"), contacts,
           row_plural(contacts));
    if (contacts)
        printf(" (%.2f per contact)", json_number_value(json_object_get(sum, "needs_per_interaction")));
    printf(".\n");
    if (sales)
        printf("  %lld of %lld sale%s followed a need that had been recorded in the contact (%s).\n",
               row_number(sum, "sales_of_needs"), sales, row_plural(sales),
               row_percent_cell(sum, "sales_of_needs_share").text);
}

static void word_of_mouth_tell(const json_t *report)
{
    const json_t *sum = row_first(report, "word_of_mouth");
    long long good = row_number(sum, "good"), bad = row_number(sum, "bad");
    printf("\nWord of mouth (G3)\n");
    printf("  About %lld people are likely to hear of %lld good contact%s, %lld of %lld bad one%s.\n",
           row_number(sum, "good_reach"), good, row_plural(good), row_number(sum, "bad_reach"), bad,
           row_plural(bad));
}

static void returning_tell(const json_t *report)
{
    size_t at;
    json_t *row;
    printf("\nCustomers who came back after a good contact (G4)\n");
    json_array_foreach(row_all(report, "returning_customers"), at, row)
    {
        printf("  %lld thanks to %s\n", row_number(row, "returned"), row_text(row, "employee_id"));
    }
    if (!json_array_size(row_all(report, "returning_customers")))
        printf("  None.\n");
}

static void failed_again_tell(const json_t *report)
{
    static const char *const titles[] = {"  day", "customer", "case", "is", "with", "answered by", NULL};
    AUTO(table) *table = table_new(titles);
    size_t at;
    json_t *row;
    printf("\nFailed again (G7)\n");
    json_array_foreach(row_all(report, "second_failure"), at, row)
    {
        char day[16];
        text_format(day, sizeof day, "  %s", row_text(row, "day"));
        table_add(table, (const char *[]){day, row_text(row, "customer_id"), row_text(row, "escalation_id"),
                                          row_text(row, "state"), row_text(row, "role"),
                                          row_text(row, "resolved_by")});
    }
    if (table_rows(table))
        table_print(table, stdout);
    else
        printf("  Nobody was failed a second time.\n");
}

/* --- F --- */

static void findings_tell(const json_t *report)
{
    size_t at;
    json_t *row;
    printf("\nFindings\n");
    json_array_foreach(row_all(report, "finding"), at, row)
    {
        long long times = row_number(row, "times");
        printf("  %s  %s: %s", row_text(row, "day"), row_text(row, "subject"), row_text(row, "sentence"));
        if (json_is_number(json_object_get(row, "value")))
            printf(" (%lld)", row_number(row, "value"));
        printf(times > 1 ? ", %lld times\n" : "\n", times);
    }
    if (!json_array_size(row_all(report, "finding")))
        printf("  None.\n");
}

static void telephone_tell(const json_t *report)
{
    const json_t *sum = row_first(report, "telephone");
    long long calls = row_number(sum, "calls"), held = row_number(sum, "held");
    AUTO_CLEAR(bytes) together = {0}, longest = {0};
    printf("\nOn the telephone (F)\n");
    printf("  %lld call%s ended, with %lld menus and %lld interrupting announcements.\n", calls,
           row_plural(calls), row_number(sum, "menus"), row_number(sum, "announcements"));
    if (held)
        printf("  %lld of them were on hold, for %s together, the longest for %s; %lld long hold%s paged "
               "somebody.\n",
               held, row_length_text(row_number(sum, "held_ms"), &together),
               row_length_text(row_number(sum, "longest_held_ms"), &longest), row_number(sum, "hold_cases"),
               row_plural(row_number(sum, "hold_cases")));
    if (row_number(sum, "interrupted"))
        printf("  %lld wait%s interrupted more often than the policy finds right (F4).\n",
               row_number(sum, "interrupted"), row_number(sum, "interrupted") == 1 ? " was" : "s were");
    printf("  %lld caller%s hung up, %lld of them after waiting.\n", row_number(sum, "hung_up"),
           row_plural(row_number(sum, "hung_up")), row_number(sum, "hung_up_waiting"));
    printf("  %lld call-back%s followed from it, %lld of them still owed.\n", row_number(sum, "call_backs"),
           row_plural(row_number(sum, "call_backs")), row_number(sum, "call_backs_owed"));
}

/* --- J10 --- */

/* Of whole weeks alone. */
static void staff_word_tell(const struct report_period *period, const json_t *report)
{
    const json_t *row = json_array_get(row_all(report, "staff_word"), 0);
    long long answered = row_number(row, "answered");
    if (period->last_day == period->first_day)
        return;
    printf("\nWhoever had a hard case was asked whether they were able to help (J10)\n");
    if (!answered)
        printf("  Nobody has answered.\n");
    else if (json_is_number(json_object_get(row, "able")))
        printf("  %lld of %lld answers say yes (%s).\n", row_number(row, "able"), answered,
               row_percent_cell(row, "able_share").text);
    else
        printf("  %lld answer%s: too few people to say what, without saying who.\n", answered,
               row_plural(answered));
}

/* --- all of it --- */

static void day_tell(int64_t day)
{
    static const char *const weekdays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                           "Thursday", "Friday", "Saturday"};
    struct civil date;
    char text[DAY_TEXT_SIZE];
    civil_from_days(day, &date);
    place_format_day(day, text);
    printf("%s %s", weekdays[date.weekday], text);
}

void report_tell(const struct report_period *period, const json_t *report)
{
    printf("%s, ", period->store_id);
    day_tell(period->first_day);
    if (period->last_day > period->first_day) {
        printf(" to ");
        day_tell(period->last_day);
    }
    printf("%s\n", period->goes_on ? " (so far)" : "");
    digest_tell(report, period->goes_on);
    empowerment_tell(report);
    refused_tell(report);
    lent_tell(report);
    hand_overs_tell(report);
    depth_tell(report);
    more_than_asked_tell(report);
    word_of_mouth_tell(report);
    returning_tell(report);
    failed_again_tell(report);
    telephone_tell(report);
    findings_tell(report);
    report_worth_tell(report);
    staff_word_tell(period, report);
}
