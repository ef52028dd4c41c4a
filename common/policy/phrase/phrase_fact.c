/* phrase_fact: what facts are called. THE table; a fact that is not in it is called by its own name. */
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/phrase/phrase.h"

static const struct {
    const char *path, *words;
    enum { NOUN, STATEMENT, MONEY } is;
    const char *denied;             /* of a statement: the opposite */
    const char *one, *many, *where; /* of what is counted */
} known[] = {
    {"wait.kind", "the kind of wait", NOUN},
    {"wait.lasted_ms", "the time waited", NOUN},
    {"wait.is_running", "the customer is still waiting", STATEMENT,
     .denied = "the customer does not wait any more"},
    {"wait.menus", "the menus gone through in this wait", NOUN, .one = "menu", .many = "menus",
     .where = "gone through in this wait"},
    {"wait.announcements", "the announcements that interrupted this wait", NOUN, .one = "announcement",
     .many = "announcements", .where = "that interrupted this wait"},
    {"hop.lasted_ms", "the time since the change before", NOUN},
    {"hop.change", "the change of the case", NOUN},
    {"interaction.is_open", "the contact goes on", STATEMENT, .denied = "the contact is over"},
    {"interaction.channel", "the channel", NOUN},
    {"interaction.purpose", "the purpose of the contact", NOUN},
    {"interaction.department", "the department", NOUN},
    {"interaction.first_purchase", "it is the customer's first purchase", STATEMENT,
     .denied = "it is not the customer's first purchase"},
    {"interaction.opened_at", "the beginning of the contact", NOUN},
    {"interaction.closed_at", "the end of the contact", NOUN},
    {"interaction.outcome", "the outcome of the contact", NOUN},
    {"interaction.rating", "the customer's rating", NOUN},
    {"interaction.mood", "the customer's mood", NOUN},
    {"interaction.is_hurried", "the customer is hurried", STATEMENT, .denied = "the customer is not hurried"},
    {"interaction.owner", "the employee who knows the customer", NOUN},
    {"interaction.served_by", "the employee now serving", NOUN},
    {"interaction.needs", "the needs recorded so far", NOUN, .one = "need", .many = "needs",
     .where = "recorded in this contact"},
    {"interaction.offers", "the offers made so far", NOUN, .one = "offer", .many = "offers",
     .where = "made in this contact"},
    {"interaction.sales", "the sales made so far", NOUN, .one = "sale", .many = "sales",
     .where = "made in this contact"},
    {"interaction.hand_overs", "the hand-overs so far", NOUN, .one = "hand-over", .many = "hand-overs",
     .where = "in this contact"},
    {"interaction.complaints", "the complaints in this contact", NOUN, .one = "complaint",
     .many = "complaints", .where = "in this contact"},
    {"interaction.incidents", "the incidents in this contact", NOUN, .one = "incident", .many = "incidents",
     .where = "in this contact"},
    {"interaction.promises", "the promises made in this contact and not broken", NOUN, .one = "promise", .many = "promises",
     .where = "made in this contact"},
    {"interaction.remedies", "the remedies handed over", NOUN, .one = "remedy", .many = "remedies",
     .where = "handed over in this contact"},
    {"interaction.menus", "the menus gone through on the phone in this contact", NOUN, .one = "menu",
     .many = "menus", .where = "gone through on the phone in this contact"},
    {"interaction.announcements", "the announcements that interrupted the wait", NOUN, .one = "announcement",
     .many = "announcements", .where = "that interrupted the wait"},
    {"interaction.has_waited", "the customer has waited on hold or in a queue", STATEMENT,
     .denied = "the customer has not waited on hold or in a queue"},
    {"interaction.is_wait_new", "it is first known now that the customer waited", STATEMENT,
     .denied = "it is not first known now that the customer waited"},
    {"interaction.server_role", "the role of whoever serves", NOUN},
    {"interaction.held_ms", "the time on hold in all", NOUN},
    {"interaction.queued_ms", "the time in queues in all", NOUN},
    {"interaction.was_angry", "the customer was angry at some time", STATEMENT,
     .denied = "the customer was not angry at any time"},
    {"interaction.returns", "the goods returned in this contact", NOUN, .one = "return", .many = "returns",
     .where = "of goods in this contact"},
    {"interaction.is_first", "it is the customer's first contact", STATEMENT,
     .denied = "it is not the customer's first contact"},
    {"interaction.is_public", "the customer complained, or threatened to, in public", STATEMENT,
     .denied = "the customer neither complained in public nor threatened to"},
    {"interaction.server_contacts", "the customers the employee serves at once", NOUN, .one = "customer",
     .many = "customers", .where = "whom the employee serves at once"},
    {"interaction.server_unsure", "the unsure customers among those the employee serves", NOUN,
     .one = "unsure customer", .many = "unsure customers", .where = "among those the employee serves"},
    {"interaction.is_taken", "the employee begins to serve this customer, or to need more time for them",
     STATEMENT,
     .denied = "the employee neither begins to serve this customer nor to need more time for them"},
    {"interaction.is_mood_new", "the customer's mood has changed", STATEMENT,
     .denied = "the customer's mood is still the same"},
    {"interaction.served_before", "the employee who served before", NOUN},
    {"interaction.is_leaving", "the customer said that they are leaving", STATEMENT,
     .denied = "the customer did not say that they are leaving"},
    {"interaction.interaction_id", "the contact", NOUN},
    {"customer.customer_id", "the customer", NOUN},
    {"customer.owner", "the employee who knows this customer", NOUN},
    {"customer.is_owner_here", "the employee who knows this customer is on duty here", STATEMENT},
    {"customer.is_failed", "the customer was failed now (a recovery is owed, or a promise is broken)", STATEMENT},
    {"customer.from_failure_ms", "the time from when the customer was failed before", NOUN},
    {"customer.visits", "the customer's contacts with us, this one included", NOUN, .one = "contact",
     .many = "contacts", .where = "with this customer, this one included"},
    {"customer.first_seen_at", "the customer's first visit", NOUN},
    {"customer.last_seen_at", "the customer's last visit before this one", NOUN},
    {"customer.last_outcome", "the outcome of the customer's last contact", NOUN},
    {"customer.shop_visits", "the customer's visits in person, this one included", NOUN, .one = "visit",
     .many = "visits", .where = "of this customer in person, this one included"},
    {"customer.last_rating", "the rating the customer last gave", NOUN},
    {"customer.last_served_by", "the employee who served the customer last", NOUN},
    {"customer.last_bought_at", "the customer's last purchase", NOUN},
    {"customer.longest_hold_ms", "the customer's longest hold since a contact ended well", NOUN},
    {"customer.most_menus", "the highest number of menus in one contact since one ended well", NOUN},
    {"customer.open_complaints", "the customer's complaints since a contact ended well", NOUN,
     .one = "complaint", .many = "complaints", .where = "of the customer since a contact ended well"},
    {"customer.broken_promises", "the promises to the customer that were broken since a contact ended well",
     NOUN, .one = "promise", .many = "promises",
     .where = "to the customer broken since a contact ended well"},
    {"customer.recoveries", "the recoveries we owe the customer", NOUN, .one = "recovery",
     .many = "recoveries", .where = "that we owe the customer"},
    {"customer.call_backs", "the call-backs we owe the customer", NOUN, .one = "call-back",
     .many = "call-backs", .where = "that we owe the customer"},
    {"customer.last_service_at", "the customer's last purchase of the product", NOUN},
    {"customer.complaints", "the customer's complaints so far", NOUN, .one = "complaint",
     .many = "complaints", .where = "of the customer so far"},
    {"employee.employee_id", "the employee", NOUN},
    {"employee.role", "the employee's role", NOUN},
    {"employee.on_duty", "the employee is on duty", STATEMENT, .denied = "the employee is not on duty"},
    {"store.store_id", "the store", NOUN},
    {"store.on_duty", "the employees on duty in the store", NOUN, .one = "employee", .many = "employees",
     .where = "on duty in the store"},
    {"store.is_open", "the store is open", STATEMENT, .denied = "the store is closed"},
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
    {"remedy.is_covered", "the employee's remaining authority covers it", STATEMENT,
     .denied = "it is beyond the employee's remaining authority"},
    {"remedy.is_repeated", "this request was answered before", STATEMENT,
     .denied = "this request was not answered before"},
    {"remedy.is_granted", "a rule before this one has granted it", STATEMENT,
     .denied = "no rule before this one has granted it"},
    {"remedy.is_large", "it costs more than the employee's role may spend on one remedy", STATEMENT,
     .denied = "it costs no more than the employee's role may spend on one remedy"},
    {"remedy.is_within_day", "the employee's authority of the day covers it", STATEMENT,
     .denied = "the employee's authority of the day does not cover it"},
    {"remedy.has_figures", "the policy has figures for the currency", STATEMENT},
    {"remedy.is_late", "it was told late", STATEMENT, .denied = "it was told in time"},
    {"remedy.is_promised", "somebody else had granted it", STATEMENT, .denied = "nobody else had granted it"},
    {"remedy.ungranted", "what was handed over and nobody had granted", MONEY},
    {"remedy.is_ungranted", "it was handed over although nobody had granted it, or not so much", STATEMENT,
     .denied = "what was handed over had been granted"},
    {"remedy.exception", "the kind of exception", NOUN},
    {"remedy.lent_by", "whose authority, lent to the employee, covers it", NOUN},
    {"asked.employee", "the employee whom the customer asks for", NOUN},
    {"asked.is_there", "they are on duty in the store", STATEMENT,
     .denied = "they are not on duty in the store"},
    {"asked.back_at", "the time they are expected", NOUN},
    {"asked.is_owed", "the customer waits for them already", STATEMENT,
     .denied = "the customer does not wait for them yet"},
    {"asked.is_late", "it was told late", STATEMENT, .denied = "it was told in time"},
    {"loan.lender", "the employee who lends", NOUN},
    {"loan.borrower", "the employee to whom it is lent", NOUN},
    {"loan.role", "the role that is lent", NOUN},
    {"loan.until_at", "the time it ends", NOUN},
    {"loan.is_new", "something is lent or taken back", STATEMENT, .denied = "nothing is lent or taken back"},
    {"case.lent_by", "whose authority is used for the case", NOUN},
    {"remedy.given_today", "what the customer was given today", MONEY},
    {"remedy.currency", "the currency of the amount", NOUN},
    {"promise.promise_id", "the promise", NOUN},
    {"promise.state", "the state of the promise", NOUN},
    {"promise.owner", "the employee who promised", NOUN},
    {"promise.customer_id", "the customer to whom it was promised", NOUN},
    {"promise.made_at", "the time of the promise", NOUN},
    {"promise.due_at", "the time it was promised for", NOUN},
    {"promise.worth", "what was promised is worth", MONEY},
    {"promise.product_id", "the product that was promised", NOUN},
    {"promise.is_covered", "it is worth no more than the employee's role may give at once", STATEMENT,
     .denied = "it is worth more than the employee's role may give at once"},
    {"promise.is_repeated", "nothing changes about the promise", STATEMENT,
     .denied = "something changes about the promise"},
    {"promise.stock_at", "the time the product is expected in the store", NOUN},
    {"promise.same_window", "the employee's other promises due at about the same time", NOUN,
     .one = "other promise", .many = "other promises", .where = "of the employee due at about the same time"},
    {"promise.currency", "the currency of the promise", NOUN},
    {"product.product_id", "the product", NOUN},
    {"product.service_interval_ms", "the time in which the product is not needed again", NOUN},
    {"product.check_in", "the product asks for a check-in with the customer", STATEMENT,
     .denied = "the product asks for no check-in with the customer"},
    {"product.check_in_after_ms", "the product's time until the check-in", NOUN},
    {"product.department", "the product's department", NOUN},
    {"product.expected_at", "the time the product is expected in the store", NOUN},
    {"product.has_arrived", "the product has arrived since it was asked for", STATEMENT,
     .denied = "the product has not arrived since it was asked for"},
    {"product.sold_without_need", "no need had been recorded when it was sold", STATEMENT,
     .denied = "a need had been recorded when it was sold, or its sale is not known"},
    {"product.sold_by", "the employee who sold it", NOUN},
    {"appointment.appointment_id", "the appointment", NOUN},
    {"appointment.starts_at", "the time of the appointment", NOUN},
    {"appointment.prepare_by_at", "the time by which it is to be prepared", NOUN},
    {"appointment.owner", "the employee who booked the appointment", NOUN},
    {"appointment.customer_id", "the customer of the appointment", NOUN},
    {"question.topic", "the topic", NOUN},
    {"question.answerer", "the employee on duty who can answer", NOUN},
    {"question.role", "the role of who can answer", NOUN},
    {"question.this_at", "the time it was asked", NOUN},
    {"question.asked_at", "times it was asked in vain", NOUN},
    {"recurrence.subject", "what came up", NOUN},
    {"recurrence.came_at", "the times it came up", NOUN},
    {"recurrence.this_at", "this time", NOUN},
    {"pattern.employee_id", "the employee whose contact went wrong", NOUN},
    {"pattern.reason", "what went wrong", NOUN},
    {"pattern.failed_at", "the times this went wrong in the employee's contacts", NOUN},
    {"pattern.this_at", "this time", NOUN},
    {"digest.day", "the day", NOUN},
    {"digest.compliments", "the compliments of the day", NOUN, .one = "compliment", .many = "compliments",
     .where = "that day"},
    {"digest.kept_promises", "the promises kept that day", NOUN, .one = "promise", .many = "promises",
     .where = "kept that day"},
    {"digest.returning_customers", "the customers who came back that day", NOUN, .one = "customer",
     .many = "customers", .where = "who came back that day"},
    {"digest.sales_gains", "the sales gains of the day", NOUN, .one = "sales gain", .many = "sales gains",
     .where = "that day"},
    {"digest.gained", "what was gained that day", MONEY},
    {"policy.name", "the policy's name", NOUN},
    {"policy.changes", "what is otherwise here", NOUN},
    {"policy.change_count", "the changes here", NOUN, .one = "change", .many = "changes", .where = "here"},
    {"policy.reason", "the reason its author gave", NOUN},
    {"policy.proposed_by", "whoever proposed it", NOUN},
    {"case.drill", "the case is an exercise", STATEMENT, .denied = "the case is no exercise"},
    {"case.role", "the level that has it", NOUN},
    {"case.rule", "the rule that opened it", NOUN},
    {"case.owner", "the employee who knows the case's customer", NOUN},
    {"case.state", "the state of the case", NOUN},
    {"case.severity", "the severity of the case", NOUN},
    {"case.subject", "what the case is about", NOUN},
    {"case.opened_at", "the opening of the case", NOUN},
    {"case.changed_at", "this change of the case", NOUN},
    {"case.climbs", "the times the case went on to a higher level", NOUN},
    {"case.causes", "the times the cause of the case came up", NOUN},
    {"case.escalation_id", "the case", NOUN},
    {"case.acknowledged_by", "who has taken the case", NOUN},
    {"case.acknowledged_until", "the time by which they answer", NOUN},
    {"case.called", "who in particular is called", NOUN},
    {"case.climb_reason", "why the case went on", NOUN},
    {"case.resolved_by", "who answered the case", NOUN},
    {"case.answer", "the answer", NOUN},
    {"case.granted", "what was granted", NOUN},
    {"case.granted.minor", "the amount granted", NOUN},
    {"case.granted.currency", "the currency of the amount granted", NOUN},
    {"follow_up.follow_up_id", "the follow-up", NOUN},
    {"follow_up.kind", "the kind of follow-up", NOUN},
    {"follow_up.subject", "what the follow-up is about", NOUN},
    {"follow_up.customer_id", "the customer of the follow-up", NOUN},
    {"follow_up.served_by", "whoever sold, promised or served", NOUN},
    {"follow_up.ended_by", "whoever did it", NOUN},
    {"event.follow_up_done.outcome", "how it turned out", NOUN},
    {"event.case_answered", "the answer", NOUN},
    {"event.case_answered.text", "the sentence of whoever answered", NOUN},
    {"case.store_id", "the store", NOUN},
    {"event.source", "the register or line that reports it", NOUN},
    {"event.employee_id", "the employee concerned", NOUN},
    {"event.customer_id", "the customer concerned", NOUN},
    {"event.occurred_at", "the time it happened", NOUN},
    {"event.drill", "it is an exercise", STATEMENT, .denied = "it is no exercise"},
    {"event.compliment.for_employee_id", "the employee who was praised", NOUN},
    {"event.complaint.about", "what the complaint is about", NOUN},
    {"event.complaint.in_public", "the complaint was made in public", STATEMENT,
     .denied = "the complaint was not made in public"},
    {"event.complaint.public_threatened", "the customer threatened to complain in public", STATEMENT,
     .denied = "the customer did not threaten to complain in public"},
    {"event.interaction_closed.outcome", "the outcome of the contact", NOUN},
    {"event.store_id", "the store", NOUN},
    {"event.interaction_id", "the contact", NOUN},
    {"event.incident.kind", "the kind of incident", NOUN},
    {"event.lesson_shared.topic", "the topic", NOUN},
    {"event.mood_observed.mood", "the mood", NOUN},
    {"event.return_made.reason", "the reason of the return", NOUN},
    {"event.achievement.kind", "the kind of achievement", NOUN},
    {"event.interaction_closed.rating", "the customer's rating", NOUN},
    {"event.handed_over.to_employee_id", "the employee to whom it is handed over", NOUN},
    {"event.handed_over.takes_ownership", "the relationship goes with it, on purpose", STATEMENT},
};

static bool ends_with(const char *text, const char *end)
{
    size_t size = strlen(text), end_size = strlen(end);
    return size >= end_size && text_equal(text + size - end_size, end);
}

/* The part of a name that people say: without its unit, blanks for underscores. */
static void say_name(const char *name, size_t size, char *into, size_t room)
{
    static const char *const units[] = {"_id", "_at", "_ms", "_minor", "[]"};
    text_format(into, room, "%.*s", (int)size, name);
    for (size_t i = 0; i < COUNT_OF(units); i++)
        if (ends_with(into, units[i]))
            into[strlen(into) - strlen(units[i])] = 0;
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
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (text_equal(known[i].path, path)) {
            struct fact_words words = {.is_statement = known[i].is == STATEMENT,
                                       .is_money = known[i].is == MONEY,
                                       .denied = known[i].denied,
                                       .one = known[i].one,
                                       .many = known[i].many,
                                       .where = known[i].where};
            text_copy(words.text, sizeof words.text, known[i].words);
            return words;
        }
    return say_path(path);
}
