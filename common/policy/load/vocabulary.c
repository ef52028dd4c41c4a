/* vocabulary: the names an expression may use, of every rule and of one rule by what triggers it. */
#include "common/policy/load/vocabulary.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/rules/currency.h"
#include "common/policy/rules/scope.h"
#include "common/wire/event.h"
#include "common/wire/rules.h"

/* The environment knows the variable; one that is not certain must be asked for with has(). */
static void declare(struct cel_environment *environment, enum fact fact, bool is_certain)
{
    if (is_certain)
        cel_environment_variable(environment, fact_name(fact), fact, fact_type(fact));
    else
        cel_environment_optional(environment, fact_name(fact), fact, fact_type(fact)->descriptor);
}

static const char *format_money(void *host, int64_t minor, const char *currency, union cel_datum *ret_result)
{
    char *text = host ? arena_allocate(host, CURRENCY_TEXT_SIZE) : NULL;
    if (!text)
        return "there is no room for an amount here";
    ret_result->text = (struct cel_text){.bytes = text, .size = currency_format(minor, currency, text)};
    return NULL;
}

/* money(int) -> string; `host` is the arena of the decisions being made. */
static const char *call_money(void *owner, void *host, const struct cel_value *arguments,
                              union cel_datum *ret_result)
{
    const struct policy *policy = owner;
    return format_money(host, arguments[0].as.integer, policy->currency, ret_result);
}

/* money_in(int, string) -> string */
static const char *call_money_in(void *owner, void *host, const struct cel_value *arguments,
                                 union cel_datum *ret_result)
{
    char currency[POLICY_CURRENCY_SIZE];
    (void)owner;
    text_format(currency, sizeof currency, "%.*s", (int)arguments[1].as.text.size,
                arguments[1].as.text.bytes);
    return format_money(host, arguments[0].as.integer, currency, ret_result);
}

static bool is_at_or_before(struct cel_moment a, struct cel_moment b)
{
    return a.seconds < b.seconds || (a.seconds == b.seconds && a.nanos <= b.nanos);
}

static struct cel_moment later_by(struct cel_moment moment, int64_t nanoseconds)
{
    const int64_t second = 1000000000;
    int64_t nanos = moment.nanos + nanoseconds % second, seconds = moment.seconds + nanoseconds / second;
    if (nanos >= second)
        return (struct cel_moment){.seconds = seconds + 1, .nanos = (int32_t)(nanos - second)};
    if (nanos < 0)
        return (struct cel_moment){.seconds = seconds - 1, .nanos = (int32_t)(nanos + second)};
    return (struct cel_moment){.seconds = seconds, .nanos = (int32_t)nanos};
}

/* How many times of the list lie within `length` from `from` on, if `this` is one of them. */
static int64_t count_within(const struct cel_value *list, struct cel_moment from, struct cel_moment this,
                            int64_t length)
{
    struct cel_moment until = later_by(from, length);
    struct cel_value item;
    int64_t count = 0;
    if (!is_at_or_before(from, this) || !is_at_or_before(this, until))
        return 0;
    for (size_t i = 0; i < list->as.list.count; i++)
        count += cel_list_item(list, i, &item) && is_at_or_before(from, item.as.moment) &&
                 is_at_or_before(item.as.moment, until);
    return count;
}

/* most_within(list(timestamp), timestamp, duration) -> int */
static const char *call_most_within(void *owner, void *host, const struct cel_value *arguments,
                                    union cel_datum *ret_result)
{
    struct cel_value from;
    (void)owner;
    (void)host;
    ret_result->integer = 0;
    for (size_t i = 0; i < arguments[0].as.list.count; i++) {
        if (!cel_list_item(&arguments[0], i, &from))
            continue;
        int64_t count =
            count_within(&arguments[0], from.as.moment, arguments[1].as.moment, arguments[2].as.nanoseconds);
        ret_result->integer = count > ret_result->integer ? count : ret_result->integer;
    }
    return NULL;
}

/* figures.NAME(string) -> int: the figure in a currency. */
static const char *call_figure(void *owner, void *host, const struct cel_value *arguments,
                               union cel_datum *ret_result)
{
    const struct money_figure *figure = owner;
    char currency[POLICY_CURRENCY_SIZE + 1];
    (void)host;
    text_format(currency, sizeof currency, "%.*s", (int)arguments[0].as.text.size,
                arguments[0].as.text.bytes);
    int at = policy_currency(figure->policy, currency);
    if (at < 0 || figure->amounts[at] < 0)
        return "there is no such figure in this currency";
    ret_result->integer = figure->amounts[at];
    return NULL;
}

/* As it is now: an override may give a rule figures of its own. It lives as long as the policy. */
static void declare_money(struct policy *policy, struct cel_environment *environment, const char *name,
                          const struct figure *figure)
{
    struct money_figure *kept = NEW(money_figure);
    kept->policy = policy;
    memcpy(kept->amounts, figure->amounts, sizeof kept->amounts);
    policy->money_figures = memory_resize_array(policy->money_figures, policy->money_figure_count + 1,
                                                sizeof(struct money_figure *));
    policy->money_figures[policy->money_figure_count++] = kept;
    struct cel_function function = {
        .name = name,
        .arguments = {&cel_type_string},
        .result = &cel_type_int,
        .call = call_figure,
        .owner = kept,
    };
    cel_environment_function(environment, &function);
}

static void declare_most_within(struct cel_environment *environment)
{
    static const struct cel_type times = {.kind = CEL_LIST, .element = &cel_type_timestamp};
    struct cel_function most_within = {
        .name = "most_within",
        .arguments = {&times, &cel_type_timestamp, &cel_type_duration},
        .result = &cel_type_int,
        .call = call_most_within,
    };
    cel_environment_function(environment, &most_within);
}

static struct cel_environment *make(struct policy *policy)
{
    static const enum fact always[] = {FACT_EVENT, FACT_INTERACTION, FACT_CUSTOMER, FACT_EMPLOYEE,
                                       FACT_STORE};
    struct cel_environment *environment = cel_environment_new("bellhop.v1");
    for (size_t i = 0; i < COUNT_OF(always); i++)
        declare(environment, always[i], true);
    cel_environment_zones(environment, policy_zones_find_cel, &policy->scopes->zones);
    cel_environment_present(environment, "event.id");
    cel_environment_present(environment, "event.source");
    cel_environment_present(environment, "event.occurred_at");
    for (unsigned i = 0; i < policy->figure_count; i++) {
        char name[POLICY_NAME_SIZE + 8];
        text_format(name, sizeof name, "figures.%s", policy->figures[i].name);
        cel_environment_constant(environment, name, &policy->figures[i].value);
        if (policy->figures[i].is_money)
            declare_money(policy, environment, name, &policy->figures[i]);
    }
    for (unsigned i = 0; i < policy->ladder.count; i++) {
        struct cel_value role = cel_string(policy->ladder.levels[i].role);
        cel_environment_constant(environment, policy->ladder.levels[i].role, &role);
    }
    struct cel_function money = {
        .name = "money",
        .arguments = {&cel_type_int},
        .result = &cel_type_string,
        .call = call_money,
        .owner = policy,
    };
    struct cel_function money_in = {
        .name = "money_in",
        .arguments = {&cel_type_int, &cel_type_string},
        .result = &cel_type_string,
        .call = call_money_in,
        .owner = policy,
    };
    cel_environment_function(environment, &money);
    cel_environment_function(environment, &money_in);
    declare_most_within(environment);
    return environment;
}

struct cel_environment *vocabulary_of_policy(const struct loading *loading)
{
    struct cel_environment *environment = make(loading->policy);
    if (loading->overriding && !loading->overriding->is_strict)
        cel_environment_lenient(environment); /* a figure that makes a condition fail must not end the fold */
    return environment;
}

/* The fields under `path` that validation requires need no guard. No message contains itself. */
static void declare_required(struct cel_environment *environment, const char *path,
                             const ProtobufCMessageDescriptor *descriptor)
{
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        if (field->label == PROTOBUF_C_LABEL_REPEATED || !wire_rules_require(descriptor, field->name))
            continue;
        char name[256];
        text_format(name, sizeof name, "%s.%s", path, field->name);
        cel_environment_present(environment, name);
        if (field->type == PROTOBUF_C_TYPE_MESSAGE)
            declare_required(environment, name, field->descriptor);
    }
}

static void declare_body(struct cel_environment *environment, WireEvent__BodyCase body)
{
    const char *type = wire_event_type_name(body);
    char path[128];
    text_format(path, sizeof path, "event.%s", type);
    cel_environment_present(environment, path);
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(&wire_event__descriptor, type);
    declare_required(environment, path, field->descriptor);
}

/* Of which events a fact is certain: all else must ask for it with has(), or cannot. */
static const struct {
    WireEvent__BodyCase event;
    enum fact fact;
    int deadline; /* of DEADLINE_PASSED: its kind */
} certain[] = {
    {WIRE_EVENT__BODY_WAIT_STARTED, FACT_WAIT},
    {WIRE_EVENT__BODY_WAIT_ENDED, FACT_WAIT},
    {WIRE_EVENT__BODY_WAIT_REPORTED, FACT_WAIT},
    {WIRE_EVENT__BODY_REMEDY_REQUESTED, FACT_REMEDY},
    {WIRE_EVENT__BODY_EXCEPTION_REQUESTED, FACT_REMEDY},
    {WIRE_EVENT__BODY_REMEDY_GRANTED, FACT_REMEDY},
    {WIRE_EVENT__BODY_REMEDY_REFUSED, FACT_REMEDY},
    {WIRE_EVENT__BODY_REMEDY_WITHDRAWN, FACT_REMEDY},
    {WIRE_EVENT__BODY_REMEDY_RETURNED, FACT_REMEDY},
    {WIRE_EVENT__BODY_APPOINTMENT_BOOKED, FACT_APPOINTMENT},
    {WIRE_EVENT__BODY_APPOINTMENT_PREPARED, FACT_APPOINTMENT},
    {WIRE_EVENT__BODY_APPOINTMENT_KEPT, FACT_APPOINTMENT},
    {WIRE_EVENT__BODY_APPOINTMENT_CANCELLED, FACT_APPOINTMENT},
    {WIRE_EVENT__BODY_DEADLINE_PASSED, FACT_APPOINTMENT, WIRE_DEADLINE_KIND__PREPARATION_REMINDER_DUE},
    {WIRE_EVENT__BODY_DEADLINE_PASSED, FACT_APPOINTMENT, WIRE_DEADLINE_KIND__PREPARATION_DUE},
    {WIRE_EVENT__BODY_OFFER_MADE, FACT_PRODUCT},
    {WIRE_EVENT__BODY_SALE_COMPLETED, FACT_PRODUCT},
    {WIRE_EVENT__BODY_RETURN_MADE, FACT_PRODUCT},
    {WIRE_EVENT__BODY_PRODUCT_DESCRIBED, FACT_PRODUCT},
    {WIRE_EVENT__BODY_PRODUCT_WANTED, FACT_PRODUCT},
    {WIRE_EVENT__BODY_STOCK_EXPECTED, FACT_PRODUCT},
    {WIRE_EVENT__BODY_STOCK_ARRIVED, FACT_PRODUCT},
    {WIRE_EVENT__BODY_STOCK_EXPECTED, FACT_PROMISE}, /* each that is endangered by it */
    {WIRE_EVENT__BODY_OFF_DUTY, FACT_PROMISE},
    {WIRE_EVENT__BODY_PROMISE_MADE, FACT_PROMISE},
    {WIRE_EVENT__BODY_PROMISE_KEPT, FACT_PROMISE},
    {WIRE_EVENT__BODY_PROMISE_RENEGOTIATED, FACT_PROMISE},
    {WIRE_EVENT__BODY_PROMISE_WITHDRAWN, FACT_PROMISE},
    {WIRE_EVENT__BODY_DEADLINE_PASSED, FACT_PROMISE, WIRE_DEADLINE_KIND__PROMISE_REMINDER_DUE},
    {WIRE_EVENT__BODY_DEADLINE_PASSED, FACT_PROMISE, WIRE_DEADLINE_KIND__PROMISE_DUE},
    {WIRE_EVENT__BODY_QUESTION_UNANSWERED, FACT_QUESTION},
    {WIRE_EVENT__BODY_QUESTION_UNANSWERED, FACT_RECURRENCE},
    {WIRE_EVENT__BODY_INCIDENT, FACT_RECURRENCE},
    {WIRE_EVENT__BODY_COMPLAINT, FACT_RECURRENCE},
    {WIRE_EVENT__BODY_FOLLOW_UP_DONE, FACT_FOLLOW_UP},
    {WIRE_EVENT__BODY_EMPLOYEE_ASKED_FOR, FACT_ASKED},
    {WIRE_EVENT__BODY_AUTHORITY_LENT, FACT_LOAN},
    {WIRE_EVENT__BODY_AUTHORITY_RECLAIMED, FACT_LOAN},
    {WIRE_EVENT__BODY_CHANGE_PROPOSED, FACT_PROPOSAL},
    {WIRE_EVENT__BODY_CHANGE_ANSWERED, FACT_PROPOSAL},
    {WIRE_EVENT__BODY_DEADLINE_PASSED, FACT_DIGEST, WIRE_DEADLINE_KIND__DIGEST_DUE},
    {WIRE_EVENT__BODY_DEADLINE_PASSED, FACT_POLICY, WIRE_DEADLINE_KIND__POLICY_BEGINS},
    {WIRE_EVENT__BODY_DEADLINE_PASSED, FACT_WEEK, WIRE_DEADLINE_KIND__WEEK_DUE},
};

/* A wait may go on for a time; of all else nothing is known any more by then. */
static bool is_certain(const struct trigger *trigger, enum fact fact)
{
    for (size_t i = 0; i < COUNT_OF(certain); i++)
        if (certain[i].event == trigger->event && certain[i].fact == fact &&
            (!certain[i].deadline || certain[i].deadline == trigger->kind))
            return !trigger->is_delayed || fact == FACT_WAIT;
    return false;
}

static bool is_always_certain(const struct rule *rule, enum fact fact)
{
    for (unsigned i = 0; i < rule->trigger_count; i++)
        if (!is_certain(&rule->triggers[i], fact))
            return false;
    return true;
}

static bool is_change(const struct trigger *trigger)
{
    return trigger->event == WIRE_EVENT__BODY__NOT_SET;
}

/* Any event of a contact. */
static bool is_known(const struct trigger *trigger)
{
    return trigger->event == (WireEvent__BodyCase)TRIGGER_CUSTOMER_KNOWN;
}

static bool is_same_event(const struct rule *rule)
{
    for (unsigned i = 0; i < rule->trigger_count; i++)
        if (is_change(&rule->triggers[i]) || is_known(&rule->triggers[i]) || rule->triggers[i].is_delayed ||
            rule->triggers[i].event != rule->triggers[0].event)
            return false;
    return true;
}

/* What the envelope has, whichever of its triggers comes. */
static unsigned needs_of(const struct rule *rule)
{
    unsigned needs = WIRE_NEEDS_STORE | WIRE_NEEDS_INTERACTION | WIRE_NEEDS_EMPLOYEE;
    for (unsigned i = 0; i < rule->trigger_count; i++) {
        if (is_known(&rule->triggers[i])) {
            needs &= WIRE_NEEDS_STORE | WIRE_NEEDS_INTERACTION;
            continue;
        }
        const struct wire_field_rule *body =
            is_change(&rule->triggers[i]) || rule->triggers[i].is_delayed
                ? NULL
                : wire_rule_of(&wire_event__descriptor, wire_event_type_name(rule->triggers[i].event));
        needs &= body ? body->needs : 0;
    }
    return needs;
}

static void declare_case(struct cel_environment *environment)
{
    static const char *const always[] = {
        "case.escalation_id", "case.store_id",    "case.rule",     "case.rule_id", "case.subject",
        "case.role",          "case.opened_role", "case.severity", "case.state",   "case.round",
        "case.opened_at",     "case.changed_at",  "case.causes",   "case.climbs",  "case.late",
        "case.drill",         "case.silenced",    "case.outlives", "case.sentence"};
    declare(environment, FACT_CASE, true);
    declare(environment, FACT_HOP, true);
    for (size_t i = 0; i < COUNT_OF(always); i++)
        cel_environment_present(environment, always[i]);
}

static void declare_follow_up(struct cel_environment *environment)
{
    static const char *const always[] = {
        "follow_up.follow_up_id", "follow_up.store_id",  "follow_up.rule",     "follow_up.kind",
        "follow_up.state",        "follow_up.opened_at", "follow_up.ended_at", "follow_up.sentence"};
    declare(environment, FACT_FOLLOW_UP, true);
    for (size_t i = 0; i < COUNT_OF(always); i++)
        cel_environment_present(environment, always[i]);
}

struct cel_environment *vocabulary_of_rule(const struct cel_environment *common, const struct rule *rule)
{
    static const enum fact others[] = {FACT_REMEDY, FACT_APPOINTMENT, FACT_PROMISE, FACT_QUESTION,
                                       FACT_DIGEST, FACT_RECURRENCE,  FACT_LOAN,    FACT_ASKED,
                                       FACT_POLICY, FACT_PROPOSAL,    FACT_WEEK};
    struct cel_environment *environment = cel_environment_extend(common);
    declare(environment, FACT_WAIT, is_always_certain(rule, FACT_WAIT));
    declare(environment, FACT_PRODUCT, is_always_certain(rule, FACT_PRODUCT));
    declare(environment, FACT_PATTERN, false);
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (is_always_certain(rule, others[i]))
            declare(environment, others[i], true);
    if (is_change(&rule->triggers[0])) /* then all of them are */
        declare_case(environment);
    if (is_always_certain(rule, FACT_FOLLOW_UP))
        declare_follow_up(environment);
    if (is_same_event(rule))
        declare_body(environment, rule->triggers[0].event);
    if (is_same_event(rule) && rule->triggers[0].event == WIRE_EVENT__BODY_EXCEPTION_REQUESTED)
        cel_environment_present(environment, "remedy.exception");
    unsigned needs = needs_of(rule);
    if (needs & WIRE_NEEDS_STORE)
        cel_environment_present(environment, "event.store_id");
    if (needs & WIRE_NEEDS_INTERACTION)
        cel_environment_present(environment, "event.interaction_id");
    if (needs & WIRE_NEEDS_EMPLOYEE)
        cel_environment_present(environment, "event.employee_id");
    return environment;
}

static void declare_words(struct cel_environment *environment, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct cel_value value = cel_int((int64_t)i + 1);
        cel_environment_constant(environment, words[i], &value);
    }
}

static const char *const role_words[] = {"covering", "above", "present"};

bool vocabulary_is_role(const char *text)
{
    for (size_t i = 0; i < COUNT_OF(role_words); i++)
        if (text_equal(role_words[i], text))
            return true;
    return false;
}

struct cel_environment *vocabulary_with(const struct cel_environment *environment, enum words words)
{
    static const char *const severities[] = {"low", "normal", "high", "critical"};
    static const char *const feelings[] = {"good", "neither", "bad"};
    struct cel_environment *extended = cel_environment_extend(environment);
    switch (words) {
    case WORDS_NONE:
        break;
    case WORDS_ROLES:
        for (size_t i = 0; i < COUNT_OF(role_words); i++) {
            struct cel_value word = cel_string(role_words[i]);
            cel_environment_constant(extended, role_words[i], &word);
        }
        break;
    case WORDS_SEVERITIES:
        declare_words(extended, severities, COUNT_OF(severities));
        break;
    case WORDS_FEELINGS:
        declare_words(extended, feelings, COUNT_OF(feelings));
        break;
    }
    return extended;
}
