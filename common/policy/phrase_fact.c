/* phrase_fact: what facts are called. THE table; a fact that is not in it is called by its own name. */
#include "common/policy/phrase.h"

#include "common/base/memory.h"
#include "common/base/text.h"

static const struct {
    const char *path, *words;
    enum { NOUN, STATEMENT, MONEY } is;
} known[] = {
    {"wait.kind", "the kind of wait", NOUN},
    {"wait.lasted_ms", "the time waited", NOUN},
    {"wait.is_running", "the customer is still waiting", STATEMENT},
    {"wait.menus", "the menus gone through in this wait", NOUN},
    {"wait.announcements", "the announcements that interrupted this wait", NOUN},
    {"interaction.is_open", "the contact goes on", STATEMENT},
    {"interaction.channel", "the channel", NOUN},
    {"interaction.purpose", "the purpose of the contact", NOUN},
    {"interaction.department", "the department", NOUN},
    {"interaction.first_purchase", "it is the customer's first purchase", STATEMENT},
    {"interaction.opened_at", "the beginning of the contact", NOUN},
    {"interaction.closed_at", "the end of the contact", NOUN},
    {"interaction.outcome", "the outcome of the contact", NOUN},
    {"interaction.rating", "the customer's rating", NOUN},
    {"interaction.mood", "the customer's mood", NOUN},
    {"interaction.is_hurried", "the customer is hurried", STATEMENT},
    {"interaction.owner", "the employee who knows the customer", NOUN},
    {"interaction.served_by", "the employee now serving", NOUN},
    {"interaction.needs", "the needs recorded so far", NOUN},
    {"interaction.offers", "the offers made so far", NOUN},
    {"interaction.sales", "the sales made so far", NOUN},
    {"interaction.hand_overs", "the hand-overs so far", NOUN},
    {"interaction.complaints", "the complaints in this contact", NOUN},
    {"interaction.incidents", "the incidents in this contact", NOUN},
    {"interaction.promises", "the promises made in this contact", NOUN},
    {"interaction.remedies", "the remedies handed over", NOUN},
    {"interaction.menus", "the menus gone through on the phone", NOUN},
    {"interaction.announcements", "the announcements that interrupted the wait", NOUN},
    {"interaction.has_waited", "the customer has waited on hold or in a queue", STATEMENT},
    {"interaction.held_ms", "the time on hold in all", NOUN},
    {"interaction.is_public", "the customer complained, or threatened to, in public", STATEMENT},
    {"interaction.server_contacts", "the customers the employee serves at once", NOUN},
    {"interaction.server_unsure", "the unsure customers among those the employee serves", NOUN},
    {"interaction.is_taken", "the employee begins to serve this customer, or to need more time for them",
     STATEMENT},
    {"interaction.is_mood_new", "the customer's mood has changed", STATEMENT},
    {"interaction.served_before", "the employee who served before", NOUN},
    {"interaction.is_leaving", "the customer said that they are leaving", STATEMENT},
    {"customer.customer_id", "the customer", NOUN},
    {"customer.owner", "the employee who knows this customer", NOUN},
    {"customer.visits", "the customer's visits, this one included", NOUN},
    {"customer.first_seen_at", "the customer's first visit", NOUN},
    {"customer.last_seen_at", "the customer's last visit", NOUN},
    {"customer.last_outcome", "how the customer's last contact ended", NOUN},
    {"customer.shop_visits", "the customer's visits in person, this one included", NOUN},
    {"customer.last_rating", "the rating the customer last gave", NOUN},
    {"customer.last_served_by", "the employee who served the customer last", NOUN},
    {"customer.last_bought_at", "the customer's last purchase", NOUN},
    {"customer.longest_hold_ms", "the customer's longest hold since a contact ended well", NOUN},
    {"customer.most_menus", "the most menus the customer went through since a contact ended well", NOUN},
    {"customer.open_complaints", "the customer's complaints since a contact ended well", NOUN},
    {"customer.broken_promises", "the promises to the customer that were broken since a contact ended well",
     NOUN},
    {"customer.recoveries", "the recoveries we owe the customer", NOUN},
    {"customer.call_backs", "the call-backs we owe the customer", NOUN},
    {"employee.employee_id", "the employee", NOUN},
    {"employee.role", "the employee's role", NOUN},
    {"employee.on_duty", "the employee is on duty", STATEMENT},
    {"store.store_id", "the store", NOUN},
    {"store.on_duty", "the employees on duty in the store", NOUN},
    {"store.is_open", "the store is open", STATEMENT},
    {"store.closes_at", "when the store closes", NOUN},
    {"store.opens_at", "when the store opens next", NOUN},
    {"store.hour", "the hour in the store", NOUN},
    {"store.minute", "the minute in the store", NOUN},
    {"store.weekday", "the day of the week in the store (1 is Monday)", NOUN},
    {"store.date", "the date in the store", NOUN},
    {"store.time", "the time in the store", NOUN},
    {"store.zone", "the store's time zone", NOUN},
    {"store.region", "the store's region", NOUN},
    {"store.tags", "the store's tags", NOUN},
    {"remedy.remedy_id", "the request", NOUN},
    {"remedy.kind", "the kind of remedy", NOUN},
    {"remedy.amount", "the amount", MONEY},
    {"remedy.is_covered", "the employee's remaining authority covers it", STATEMENT},
    {"remedy.is_repeated", "this request was answered before", STATEMENT},
    {"remedy.is_granted", "a rule before this one has granted it", STATEMENT},
    {"remedy.is_large", "it costs more than the employee's role may spend on one remedy", STATEMENT},
    {"remedy.is_within_day", "the employee's authority of the day covers it", STATEMENT},
    {"remedy.given_today", "what the customer was given today", MONEY},
    {"promise.promise_id", "the promise", NOUN},
    {"promise.state", "the state of the promise", NOUN},
    {"promise.owner", "the employee who promised", NOUN},
    {"promise.customer_id", "the customer to whom it was promised", NOUN},
    {"promise.made_at", "the time of the promise", NOUN},
    {"promise.due_at", "the time it was promised for", NOUN},
    {"promise.worth", "what was promised is worth", MONEY},
    {"promise.product_id", "the product that was promised", NOUN},
    {"promise.is_covered", "it is worth no more than the employee's role may give at once", STATEMENT},
    {"promise.is_repeated", "nothing changes about the promise", STATEMENT},
    {"promise.stock_at", "the time the product is expected in the store", NOUN},
    {"promise.same_window", "the employee's other promises due at about the same time", NOUN},
    {"product.product_id", "the product", NOUN},
    {"product.service_interval_ms", "the time in which the product is not needed again", NOUN},
    {"product.check_in", "the product asks for a check-in with the customer", STATEMENT},
    {"product.check_in_after_ms", "the product's time until the check-in", NOUN},
    {"product.department", "the product's department", NOUN},
    {"product.expected_at", "the time the product is expected in the store", NOUN},
    {"product.sold_without_need", "no need had been recorded when it was sold", STATEMENT},
    {"product.sold_by", "the employee who sold it", NOUN},
    {"customer.last_service_at", "the time the customer last bought the product", NOUN},
    {"appointment.appointment_id", "the appointment", NOUN},
    {"appointment.starts_at", "the time of the appointment", NOUN},
    {"appointment.prepare_by_at", "the time by which it is to be prepared", NOUN},
    {"appointment.owner", "the employee who booked the appointment", NOUN},
    {"appointment.customer_id", "the customer of the appointment", NOUN},
    {"case.drill", "the case is an exercise", STATEMENT},
    {"case.role", "whose the case is", NOUN},
    {"case.rule", "the case's rule", NOUN},
    {"question.topic", "the topic", NOUN},
    {"question.answerer", "the employee on duty who can answer", NOUN},
    {"question.role", "the role of who can answer", NOUN},
    {"question.asked_at", "the times it was asked in vain", NOUN},
    {"digest.day", "the day", NOUN},
    {"digest.compliments", "the compliments of the day", NOUN},
    {"digest.kept_promises", "the promises kept that day", NOUN},
    {"digest.returning_customers", "the customers who came back that day", NOUN},
    {"digest.sales_gains", "the sales gains of the day", NOUN},
    {"digest.gained", "what was gained that day", MONEY},
    {"event.source", "the source of the event", NOUN},
    {"event.employee_id", "the employee of the event", NOUN},
    {"event.customer_id", "the customer of the event", NOUN},
    {"event.occurred_at", "the time of the event", NOUN},
    {"event.drill", "it is an exercise", STATEMENT},
    {"event.compliment.for_employee_id", "the employee who was praised", NOUN},
    {"event.complaint.about", "what the complaint is about", NOUN},
    {"event.complaint.in_public", "the complaint was made in public", STATEMENT},
    {"event.complaint.public_threatened", "the customer threatened to complain in public", STATEMENT},
    {"event.interaction_closed.outcome", "the outcome of the contact", NOUN},
};

static bool ends_with(const char *text, const char *end)
{
    size_t size = strlen(text), end_size = strlen(end);
    return size >= end_size && !strcmp(text + size - end_size, end);
}

/* The part of a name that people say: without its unit, blanks for underscores. */
static void say_name(const char *name, size_t size, char *into, size_t room)
{
    static const char *const units[] = {"_id", "_at", "_ms", "_minor", "[]"};
    text_format(into, room, "%.*s", (int)size, name);
    for (size_t at = 0; at < COUNT_OF(units); at++)
        if (ends_with(into, units[at]))
            into[strlen(into) - strlen(units[at])] = 0;
    for (char *at = into; *at; at++)
        *at = *at == '_' ? ' ' : *at;
}

/* By its own name: "the customer's last service", "the kind of the incident". */
static struct fact_words say_path(const char *path)
{
    struct fact_words words = {.is_money = ends_with(path, "_minor") || ends_with(path, ".amount.minor")};
    const char *last = strrchr(path, '.');
    if (!last) {
        text_format(words.text, sizeof words.text, "the %s", path);
        return words;
    }
    const char *before = last;
    while (before > path && before[-1] != '.')
        before--;
    char name[64], owner[64];
    say_name(last + 1, strlen(last + 1), name, sizeof name);
    say_name(before, (size_t)(last - before), owner, sizeof owner);
    if (text_starts_with(name, "is ") || text_starts_with(name, "has ") || text_starts_with(name, "was ")) {
        words.is_statement = true;
        text_format(words.text, sizeof words.text, "the %s %s", owner, name);
    } else if (text_starts_with(path, "event.")) {
        text_format(words.text, sizeof words.text, "the %s of the %s", name, owner);
    } else {
        text_format(words.text, sizeof words.text, "the %s's %s", owner, name);
    }
    return words;
}

struct fact_words phrase_fact(const char *path)
{
    for (size_t at = 0; at < COUNT_OF(known); at++)
        if (!strcmp(known[at].path, path)) {
            struct fact_words words = {.is_statement = known[at].is == STATEMENT,
                                       .is_money = known[at].is == MONEY};
            text_copy(words.text, sizeof words.text, known[at].words);
            return words;
        }
    return say_path(path);
}
