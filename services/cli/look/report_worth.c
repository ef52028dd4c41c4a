/* report_worth: how contacts began and went on, and what answers cost and were worth, a function for each row of the domain. */
#include "services/cli/look/report_worth.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "services/cli/look/row.h"
#include "services/cli/terminal/table.h"

#include <stdio.h>

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
    json_array_foreach(row_all(report, "first_contact"), at, row)
    {
        char how[80];
        text_format(how, sizeof how, "  %.70s", row_text(row, "how"));
        table_add(table, (const char *[]){how, row_number_cell(row, "first_contacts").text,
                                          row_number_cell(row, "waited").text,
                                          row_length_text(row_number(row, "longest_waited_ms"), &longest),
                                          row_number_cell(row, "ended_well").text,
                                          row_number_cell(row, "ended_badly").text});
    }
    if (table_rows(table))
        table_print(table, stdout);
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
    const json_t *rows = row_all(report, "why_they_leave");
    long long customers = row_number(json_array_get(rows, 0), "leaving_customers");
    printf("\nWhy they leave: what was told of it, this week (G6)\n");
    if (!customers)
        printf("  Nobody left or was about to.\n");
    else
        printf("  %lld customer%s left while waiting, or said they were leaving. Of these\n", customers,
               row_plural(customers));
    json_array_foreach(rows, at, row)
    {
        printf("  %lld %s %s\n", row_number(row, "customers"), why_words(row_text(row, "what")),
               row_text(row, "subject"));
    }
}

static void desk_add(struct table *table, const json_t *row, const char *title, const char *desk)
{
    static const char *const figures[] = {"angry_share", "complaint_share", "bad_share"};
    AUTO_CLEAR(bytes) waited = {0};
    struct row_cell shares[COUNT_OF(figures)];
    char name[64];
    for (size_t i = 0; i < COUNT_OF(figures); i++) {
        text_format(name, sizeof name, "%s_%s", desk, figures[i]);
        shares[i] = row_percent_cell(row, name);
    }
    text_format(name, sizeof name, "%s_contacts", desk);
    struct row_cell contacts = row_number_cell(row, name);
    text_format(name, sizeof name, "%s_waited_seconds", desk);
    table_add(table, (const char *[]){title, contacts.text, row_seconds_text(row, name, &waited),
                                      shares[0].text, shares[1].text, shares[2].text});
}

static void same_care_tell(const json_t *report)
{
    static const char *const titles[] = {
        "  desk", "contacts", "queued on average", "were angry", "complained", "bad experiences", NULL};
    AUTO(table) *table = table_new(titles);
    const json_t *row = row_first(report, "same_care");
    printf("\nThe same care after the sale, this week (K2)\n");
    if (!row) {
        printf("  No contact ended at the sales desk or the service desk.\n");
        return;
    }
    desk_add(table, row, "  sales", "sales");
    desk_add(table, row, "  service", "service");
    table_print(table, stdout);
}

/* --- L --- */

static void lost_tell(const json_t *sum, const char *name, const char *lost_name, const char *what)
{
    long long count = row_number(sum, name);
    printf("  %lld %s: after %lld of them the customer was lost.\n", count, what, row_number(sum, lost_name));
}

static void regret_tell(const json_t *report)
{
    const json_t *sum = row_first(report, "regret");
    printf("\nWhat became of yes and no (L3)\n");
    lost_tell(sum, "granted", "granted_lost", "granted");
    lost_tell(sum, "refused", "refused_lost", "refused");
    lost_tell(sum, "refused_within_authority", "refused_within_authority_lost",
              "of these the counter could have granted");
    printf("  Lost: they said they were leaving (%lld), or complained again (%lld), within sixty days; these "
           "are over for %lld of the answers.\n",
           row_number(sum, "left_us"), row_number(sum, "complained_again"),
           row_number(sum, "sixty_days_over"));
}

static void troubles_tell(const json_t *report)
{
    const json_t *sum = row_first(report, "contacts_until_solved");
    long long solved = row_number(sum, "troubles_solved");
    printf("\nContacts until a trouble was solved (L4)\n");
    printf("  %lld began, %lld %s solved", row_number(sum, "troubles_begun"), solved,
           solved == 1 ? "was" : "were");
    if (solved)
        printf(", %lld of them with the first contact (%s); together they took %lld contact%s, %lld "
               "hand-over%s and %.1f minutes",
               row_number(sum, "solved_in_one"), row_percent_cell(sum, "solved_in_one_share").text,
               row_number(sum, "contacts_taken"), row_plural(row_number(sum, "contacts_taken")),
               row_number(sum, "hand_overs_taken"), row_plural(row_number(sum, "hand_overs_taken")),
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
    json_array_foreach(row_all(report, "time_to_yes"), at, row)
    {
        char name[80];
        text_format(name, sizeof name, "  %s", row_text(row, "role"));
        table_add(table, (const char *[]){name, row_number_cell(row, "answered").text,
                                          row_number_cell(row, "granted").text,
                                          row_seconds_text(row, "median_seconds", &median),
                                          row_seconds_text(row, "nine_in_ten_seconds", &most),
                                          row_seconds_text(row, "longest_seconds", &longest)});
    }
    if (table_rows(table))
        table_print(table, stdout);
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
    json_array_foreach(row_all(report, "cost_by_level"), at, row)
    {
        char name[80];
        const char *currency = row_text(row, "currency");
        text_format(name, sizeof name, "  %s", row_text(row, "role"));
        table_add(table, (const char *[]){name, row_number_cell(row, "handed_over").text,
                                          row_money_cell(row, "cost_minor", currency).text,
                                          row_number_cell(row, "contacts").text,
                                          row_money_cell(row, "cost_per_contact_minor", currency).text});
    }
    if (table_rows(table))
        table_print(table, stdout);
    else
        printf("  Nothing was handed over.\n");
}

void report_worth_tell(const json_t *report)
{
    first_contacts_tell(report);
    leaving_tell(report);
    same_care_tell(report);
    answers_tell(report);
    costs_tell(report);
    regret_tell(report);
    troubles_tell(report);
}
