/* report_tell: one function for each row of the domain that has a report. */
#include "services/cli/look/report_tell.h"

#include "common/base/civil.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/phrase/phrase.h"
#include "common/policy/rules/currency.h"
#include "common/policy/rules/place.h"
#include "services/cli/terminal/table.h"

#include <stdio.h>

/* --- values --- */

static const char *text_of(const json_t *row, const char *name)
{
    return text_or_empty(json_string_value(json_object_get(row, name)));
}

/* Sums may come as numbers with a point. */
static long long number_of(const json_t *row, const char *name)
{
    return (long long)json_number_value(json_object_get(row, name));
}

struct cell {
    char text[2 * CURRENCY_TEXT_SIZE];
};

static struct cell number_cell(const json_t *row, const char *name)
{
    struct cell cell = {""};
    text_format(cell.text, sizeof cell.text, "%lld", number_of(row, name));
    return cell;
}

static struct cell percent_cell(const json_t *row, const char *name)
{
    struct cell cell = {"-"};
    const json_t *share = json_object_get(row, name);
    if (json_is_number(share))
        text_format(cell.text, sizeof cell.text, "%.1f %%", 100 * json_number_value(share));
    return cell;
}

static struct cell money_cell(const json_t *row, const char *name, const char *currency)
{
    struct cell cell = {"-"};
    AUTO_CLEAR(bytes) text = {0};
    if (currency[0] && json_is_number(json_object_get(row, name))) {
        phrase_money(number_of(row, name), currency, &text);
        text_format(cell.text, sizeof cell.text, "%s", bytes_text(&text));
    }
    return cell;
}

static const char *plural(long long count)
{
    return count == 1 ? "" : "s";
}

static const json_t *rows_of(const json_t *report, const char *view)
{
    return json_object_get(report, view);
}

static const json_t *sum_of(const json_t *report, const char *view)
{
    return json_array_get(rows_of(report, view), 0);
}

static void table_tell(const struct table *table)
{
    table_print(table, stdout);
}

/* --- J3 --- */

static void count_tell(const char **separator, const json_t *row, const char *name, const char *one,
                       const char *many)
{
    long long count = number_of(row, name);
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
        const char *currency = text_of(money, "currency");
        printf("%s%s", at ? " and " : ", worth ", money_cell(money, "minor", currency).text);
    }
}

static void digest_tell(const json_t *report, bool goes_on)
{
    size_t at, place;
    json_t *digest, *line;
    printf("\nGood news (J3)\n");
    json_array_foreach(rows_of(report, "digest"), at, digest)
    {
        printf("  %s: ", text_of(digest, "day"));
        counts_tell(digest);
        gained_tell(json_object_get(digest, "gained"));
        printf(".\n");
        json_array_foreach(json_object_get(digest, "earned"), place, line)
        {
            printf("    %s: ", text_of(line, "employee_id"));
            counts_tell(line);
            printf("\n");
        }
    }
    if (!json_array_size(rows_of(report, "digest")))
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
        const char *currency = text_of(row, "currency");
        text_format(day, sizeof day, "  %s", text_of(row, "day"));
        table_add(table, (const char *[]){
                             day, number_cell(row, "requested").text, number_cell(row, "at_counter").text,
                             percent_cell(row, "at_counter_share").text, number_cell(row, "escalated").text,
                             money_cell(row, "used_at_counter_minor", currency).text,
                             money_cell(row, "available_minor", currency).text,
                             number_cell(row, "interactions").text, number_cell(row, "hand_overs").text});
    }
    table_tell(table);
}

static void remedies_tell(const json_t *sum)
{
    long long requested = number_of(sum, "requested"), at_counter = number_of(sum, "at_counter");
    long long escalated = number_of(sum, "escalated"), nearly = number_of(sum, "nearly_at_counter");
    long long refused = number_of(sum, "refused_at_counter"), given = number_of(sum, "given_without_yes");
    if (!requested) {
        printf("  No remedy was asked for.\n");
        return;
    }
    printf("  %lld remed%s asked for: %lld granted at the counter (%s), %lld handed to somebody who could "
           "decide",
           requested, requested == 1 ? "y was" : "ies were", at_counter,
           percent_cell(sum, "at_counter_share").text, escalated);
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
    const json_t *sum = sum_of(report, "empowerment");
    const char *currency = text_of(sum, "currency");
    long long contacts = number_of(sum, "interactions"), hand_overs = number_of(sum, "hand_overs");
    printf("\nDecided at the counter (A7)\n");
    remedies_tell(sum);
    if (json_is_number(json_object_get(sum, "available_minor")))
        printf("  Of the authority that those who served had, %s of %s was used at the counter (%s).\n",
               money_cell(sum, "used_of_available_minor", currency).text,
               money_cell(sum, "available_minor", currency).text, percent_cell(sum, "used_share").text);
    printf("  %lld contact%s began, with %lld hand-over%s", contacts, plural(contacts), hand_overs,
           plural(hand_overs));
    if (contacts)
        printf(" (%.2f per contact)", json_number_value(json_object_get(sum, "hand_overs_per_interaction")));
    printf(".\n");
    if (json_array_size(rows_of(report, "empowerment_report")) > 1)
        days_tell(rows_of(report, "empowerment_report"));
}

static void refused_tell(const json_t *report)
{
    size_t at;
    json_t *row;
    printf("\nNoes where a yes was allowed (A8)\n");
    json_array_foreach(rows_of(report, "no_within_authority"), at, row)
    {
        const char *currency = text_of(row, "currency");
        printf("  %lld", number_of(row, "refused"));
        if (currency[0])
            printf(", which would have cost %s", money_cell(row, "refused_minor", currency).text);
        printf(".\n");
    }
    if (!json_array_size(rows_of(report, "no_within_authority")))
        printf("  None.\n");
}

/* "lena, with ines's: 1 granted, worth 300.00 EUR; 1 case answered." */
static void lent_tell(const json_t *report)
{
    size_t at;
    json_t *row;
    if (!json_array_size(rows_of(report, "lent_authority")))
        return;
    printf("\nDecided with authority that was lent (A11)\n");
    json_array_foreach(rows_of(report, "lent_authority"), at, row)
    {
        const char *currency = text_of(row, "currency");
        long long granted = number_of(row, "granted"), answered = number_of(row, "answered");
        printf("  %s, with what %s lent: %lld granted", text_of(row, "borrower"), text_of(row, "lender"),
               granted);
        if (granted && currency[0])
            printf(", worth %s", money_cell(row, "granted_minor", currency).text);
        printf("; %lld case%s answered.\n", answered, plural(answered));
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
    json_array_foreach(rows_of(report, "second_hand_over"), at, row)
    {
        char day[16];
        text_format(day, sizeof day, "  %s", text_of(row, "day"));
        table_add(table,
                  (const char *[]){day, text_of(row, "interaction_id"), number_cell(row, "hand_overs").text,
                                   text_of(row, "escalation_id"), text_of(row, "state"), text_of(row, "role"),
                                   text_of(row, "resolved_by")});
    }
    if (table_rows(table))
        table_tell(table);
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
    json_array_foreach(rows_of(report, "depth"), at, row)
    {
        char name[80];
        text_format(name, sizeof name, "  %s",
                    json_is_string(json_object_get(row, "employee_id")) ? text_of(row, "employee_id")
                                                                        : "(nobody served)");
        table_add(table, (const char *[]){name, number_cell(row, "interactions").text,
                                          number_cell(row, "with_needs").text,
                                          percent_cell(row, "with_needs_share").text});
    }
    if (table_rows(table))
        table_tell(table);
    else
        printf("  No contact ended.\n");
}

static void more_than_asked_tell(const json_t *report)
{
    const json_t *sum = sum_of(report, "more_than_asked");
    long long contacts = number_of(sum, "interactions"), sales = number_of(sum, "sales");
    printf("\nMore than was asked for (D5)\n");
    printf("  %lld need%s came to light in %lld of %lld contact%s", number_of(sum, "needs"),
           plural(number_of(sum, "needs")), number_of(sum, "with_needs"), contacts, plural(contacts));
    if (contacts)
        printf(" (%.2f per contact)", json_number_value(json_object_get(sum, "needs_per_interaction")));
    printf(".\n");
    if (sales)
        printf("  %lld of %lld sale%s followed a need that had been recorded in the contact (%s).\n",
               number_of(sum, "sales_of_needs"), sales, plural(sales),
               percent_cell(sum, "sales_of_needs_share").text);
}

static void word_of_mouth_tell(const json_t *report)
{
    const json_t *sum = sum_of(report, "word_of_mouth");
    long long good = number_of(sum, "good"), bad = number_of(sum, "bad");
    printf("\nWord of mouth (G3)\n");
    printf("  About %lld people are likely to hear of %lld good contact%s, %lld of %lld bad one%s.\n",
           number_of(sum, "good_reach"), good, plural(good), number_of(sum, "bad_reach"), bad, plural(bad));
}

static void returning_tell(const json_t *report)
{
    size_t at;
    json_t *row;
    printf("\nCustomers who came back after a good contact (G4)\n");
    json_array_foreach(rows_of(report, "returning_customers"), at, row)
    {
        printf("  %lld thanks to %s\n", number_of(row, "returned"), text_of(row, "employee_id"));
    }
    if (!json_array_size(rows_of(report, "returning_customers")))
        printf("  None.\n");
}

static void failed_again_tell(const json_t *report)
{
    static const char *const titles[] = {"  day", "customer", "case", "is", "with", "answered by", NULL};
    AUTO(table) *table = table_new(titles);
    size_t at;
    json_t *row;
    printf("\nFailed again (G7)\n");
    json_array_foreach(rows_of(report, "second_failure"), at, row)
    {
        char day[16];
        text_format(day, sizeof day, "  %s", text_of(row, "day"));
        table_add(table,
                  (const char *[]){day, text_of(row, "customer_id"), text_of(row, "escalation_id"),
                                   text_of(row, "state"), text_of(row, "role"), text_of(row, "resolved_by")});
    }
    if (table_rows(table))
        table_tell(table);
    else
        printf("  Nobody was failed a second time.\n");
}

/* --- F --- */

static const char *length_text(long long ms, struct bytes *into)
{
    bytes_reset(into);
    phrase_duration(ms * 1000, into);
    return bytes_text(into);
}

static const char *seconds_text(const json_t *row, const char *name, struct bytes *into)
{
    return length_text((long long)(1000 * json_number_value(json_object_get(row, name))), into);
}

static void findings_tell(const json_t *report)
{
    size_t at;
    json_t *row;
    printf("\nFindings\n");
    json_array_foreach(rows_of(report, "finding"), at, row)
    {
        long long times = number_of(row, "times");
        printf("  %s  %s: %s", text_of(row, "day"), text_of(row, "subject"), text_of(row, "sentence"));
        if (json_is_number(json_object_get(row, "value")))
            printf(" (%lld)", number_of(row, "value"));
        printf(times > 1 ? ", %lld times\n" : "\n", times);
    }
    if (!json_array_size(rows_of(report, "finding")))
        printf("  None.\n");
}

static void telephone_tell(const json_t *report)
{
    const json_t *sum = sum_of(report, "telephone");
    long long calls = number_of(sum, "calls"), held = number_of(sum, "held");
    AUTO_CLEAR(bytes) together = {0}, longest = {0};
    printf("\nOn the telephone (F)\n");
    printf("  %lld call%s ended, with %lld menus and %lld interrupting announcements.\n", calls,
           plural(calls), number_of(sum, "menus"), number_of(sum, "announcements"));
    if (held)
        printf("  %lld of them were on hold, for %s together, the longest for %s; %lld long hold%s paged "
               "somebody.\n",
               held, length_text(number_of(sum, "held_ms"), &together),
               length_text(number_of(sum, "longest_held_ms"), &longest), number_of(sum, "hold_cases"),
               plural(number_of(sum, "hold_cases")));
    if (number_of(sum, "interrupted"))
        printf("  %lld wait%s interrupted more often than the policy finds right (F4).\n",
               number_of(sum, "interrupted"), number_of(sum, "interrupted") == 1 ? " was" : "s were");
    printf("  %lld caller%s hung up, %lld of them after waiting.\n", number_of(sum, "hung_up"),
           plural(number_of(sum, "hung_up")), number_of(sum, "hung_up_waiting"));
    printf("  %lld call-back%s followed from it, %lld of them still owed.\n", number_of(sum, "call_backs"),
           plural(number_of(sum, "call_backs")), number_of(sum, "call_backs_owed"));
}

/* --- G6, G8, K2 --- */

static void first_contacts_tell(const json_t *report)
{
    static const char *const titles[] = {"  they came", "first contacts", "waited", "longest",
                                         "ended well",  "ended badly",    NULL};
    AUTO(table) *table = table_new(titles);
    AUTO_CLEAR(bytes) longest = {0};
    size_t at;
    json_t *row;
    printf("\nCustomers' first contacts, by how they came (G8)\n");
    json_array_foreach(rows_of(report, "first_contact"), at, row)
    {
        char how[80];
        text_format(how, sizeof how, "  %.70s", text_of(row, "how"));
        table_add(table, (const char *[]){
                             how, number_cell(row, "first_contacts").text, number_cell(row, "waited").text,
                             length_text(number_of(row, "longest_waited_ms"), &longest),
                             number_cell(row, "ended_well").text, number_cell(row, "ended_badly").text});
    }
    if (table_rows(table))
        table_tell(table);
    else
        printf("  None.\n");
}

static const char *why_words(const char *what)
{
    static const struct {
        const char *what, *words;
    } all[] = {{"reason", "said they were leaving because of"},
               {"gave_up", "gave up"},
               {"complaint", "complained of"},
               {"question", "asked what nobody could answer:"},
               {"not_given", "asked for and did not get:"}};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (text_equal(all[i].what, what))
            return all[i].words;
    return what;
}

static void leaving_tell(const json_t *report)
{
    size_t at;
    json_t *row;
    const json_t *rows = rows_of(report, "why_they_leave");
    long long customers = number_of(json_array_get(rows, 0), "leaving_customers");
    printf("\nWhy they leave: what was told of it, this week (G6)\n");
    if (!customers)
        printf("  Nobody left or was about to.\n");
    else
        printf("  %lld customer%s left while waiting, or said they were leaving. Of these\n", customers,
               plural(customers));
    json_array_foreach(rows, at, row)
    {
        printf("  %lld %s %s\n", number_of(row, "customers"), why_words(text_of(row, "what")),
               text_of(row, "subject"));
    }
}

static void desk_add(struct table *table, const json_t *row, const char *title, const char *desk)
{
    static const char *const figures[] = {"angry_share", "complaint_share", "bad_share"};
    AUTO_CLEAR(bytes) waited = {0};
    struct cell shares[COUNT_OF(figures)];
    char name[64];
    for (size_t i = 0; i < COUNT_OF(figures); i++) {
        text_format(name, sizeof name, "%s_%s", desk, figures[i]);
        shares[i] = percent_cell(row, name);
    }
    text_format(name, sizeof name, "%s_contacts", desk);
    struct cell contacts = number_cell(row, name);
    text_format(name, sizeof name, "%s_waited_seconds", desk);
    table_add(table, (const char *[]){title, contacts.text, seconds_text(row, name, &waited), shares[0].text,
                                      shares[1].text, shares[2].text});
}

static void same_care_tell(const json_t *report)
{
    static const char *const titles[] = {
        "  desk", "contacts", "queued on average", "were angry", "complained", "bad experiences", NULL};
    AUTO(table) *table = table_new(titles);
    const json_t *row = sum_of(report, "same_care");
    printf("\nThe same care after the sale, this week (K2)\n");
    if (!row) {
        printf("  No contact ended at the sales desk or the service desk.\n");
        return;
    }
    desk_add(table, row, "  sales", "sales");
    desk_add(table, row, "  service", "service");
    table_tell(table);
}

/* --- L --- */

static void lost_tell(const json_t *sum, const char *name, const char *lost_name, const char *what)
{
    long long count = number_of(sum, name);
    printf("  %lld %s: after %lld of them the customer was lost.\n", count, what, number_of(sum, lost_name));
}

static void regret_tell(const json_t *report)
{
    const json_t *sum = sum_of(report, "regret");
    printf("\nWhat became of yes and no (L3)\n");
    lost_tell(sum, "granted", "granted_lost", "granted");
    lost_tell(sum, "refused", "refused_lost", "refused");
    lost_tell(sum, "refused_within_authority", "refused_within_authority_lost",
              "of these the counter could have granted");
    printf("  Lost: they said they were leaving (%lld), or complained again (%lld), within sixty days; these "
           "are over for %lld of the answers.\n",
           number_of(sum, "left_us"), number_of(sum, "complained_again"), number_of(sum, "sixty_days_over"));
}

static void troubles_tell(const json_t *report)
{
    const json_t *sum = sum_of(report, "contacts_until_solved");
    long long solved = number_of(sum, "troubles_solved");
    printf("\nContacts until a trouble was solved (L4)\n");
    printf("  %lld began, %lld %s solved", number_of(sum, "troubles_begun"), solved,
           solved == 1 ? "was" : "were");
    if (solved)
        printf(", %lld of them with the first contact (%s); together they took %lld contact%s, %lld "
               "hand-over%s and %.1f minutes",
               number_of(sum, "solved_in_one"), percent_cell(sum, "solved_in_one_share").text,
               number_of(sum, "contacts_taken"), plural(number_of(sum, "contacts_taken")),
               number_of(sum, "hand_overs_taken"), plural(number_of(sum, "hand_overs_taken")),
               json_number_value(json_object_get(sum, "minutes_taken")));
    printf(".\n");
}

static void answers_tell(const json_t *report)
{
    static const char *const titles[] = {"  level",     "answered", "granted", "median",
                                         "nine in ten", "longest",  NULL};
    AUTO(table) *table = table_new(titles);
    AUTO_CLEAR(bytes) median = {0}, most = {0}, longest = {0};
    size_t at;
    json_t *row;
    printf("\nFrom asked to answered, by the level that answered (L1)\n");
    json_array_foreach(rows_of(report, "time_to_yes"), at, row)
    {
        char name[80];
        text_format(name, sizeof name, "  %s", text_of(row, "role"));
        table_add(table,
                  (const char *[]){name, number_cell(row, "answered").text, number_cell(row, "granted").text,
                                   seconds_text(row, "median_seconds", &median),
                                   seconds_text(row, "nine_in_ten_seconds", &most),
                                   seconds_text(row, "longest_seconds", &longest)});
    }
    if (table_rows(table))
        table_tell(table);
    else
        printf("  No remedy was answered.\n");
}

static void costs_tell(const json_t *report)
{
    static const char *const titles[] = {"  level", "handed over", "cost", "contacts", "per contact", NULL};
    AUTO(table) *table = table_new(titles);
    size_t at;
    json_t *row;
    printf("\nWhat remedies cost, by the level that granted them (L2)\n");
    json_array_foreach(rows_of(report, "cost_by_level"), at, row)
    {
        char name[80];
        const char *currency = text_of(row, "currency");
        text_format(name, sizeof name, "  %s", text_of(row, "role"));
        table_add(table, (const char *[]){name, number_cell(row, "handed_over").text,
                                          money_cell(row, "cost_minor", currency).text,
                                          number_cell(row, "contacts").text,
                                          money_cell(row, "cost_per_contact_minor", currency).text});
    }
    if (table_rows(table))
        table_tell(table);
    else
        printf("  Nothing was handed over.\n");
}

/* --- J10 --- */

/* Of whole weeks alone. */
static void staff_word_tell(const struct report_period *period, const json_t *report)
{
    const json_t *row = json_array_get(rows_of(report, "staff_word"), 0);
    long long answered = number_of(row, "answered");
    if (period->last_day == period->first_day)
        return;
    printf("\nWhoever had a hard case was asked whether they were able to help (J10)\n");
    if (!answered)
        printf("  Nobody has answered.\n");
    else if (json_is_number(json_object_get(row, "able")))
        printf("  %lld of %lld answers say yes (%s).\n", number_of(row, "able"), answered,
               percent_cell(row, "able_share").text);
    else
        printf("  %lld answer%s: too few people to say what, without saying who.\n", answered,
               plural(answered));
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
    first_contacts_tell(report);
    leaving_tell(report);
    same_care_tell(report);
    answers_tell(report);
    costs_tell(report);
    regret_tell(report);
    troubles_tell(report);
    staff_word_tell(period, report);
}
