/* tally: groups of decisions, and in each the items that one side has and the other has not. */
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/state/remedy.h"
#include "common/policy/trial/tallied.h"

#include <stdlib.h>

struct tally *tally_new(void)
{
    struct tally *tally = NEW(tally);
    map_init(&tally->groups, 1);
    map_init(&tally->items, 1);
    map_init(&tally->warnings, 1);
    return tally;
}

void tally_free(struct tally *tally)
{
    if (!tally)
        return;
    void *each;
    MAP_EACH(each, &tally->groups)
        free(each);
    MAP_EACH(each, &tally->items)
        free(each);
    MAP_EACH(each, &tally->warnings)
        free(each);
    map_clear(&tally->warnings);
    map_clear(&tally->groups);
    map_clear(&tally->items);
    free(tally);
}

/* --- what a decision counts as --- */

struct counted {
    const char *rule_id, *rule, *what, *role, *subject;
    const char *store_id, *interaction_id;
    const WireMoney *money;
    bool is_counter, is_broken, is_warned;
    int64_t at;
};

static const char *case_word(WireDecisionKind kind)
{
    return kind == WIRE_DECISION_KIND__CASE_OPENED    ? "cases"
           : kind == WIRE_DECISION_KIND__CASE_CLIMBED ? "cases that climbed"
           : kind == WIRE_DECISION_KIND__CASE_RAISED  ? "cases that were raised"
                                                      : NULL;
}

static bool is_counter_grant(const WireDecision *decision, const WireEvent *event)
{
    return remedy_is_request(event) && decision->remedy->state &&
           text_equal(decision->remedy->state, "reserved");
}

/* False: not counted. */
static bool count_as(const WireDecision *decision, const WireEvent *event, struct counted *counted)
{
    *counted = (struct counted){.rule_id = decision->rule_id,
                                .rule = decision->rule,
                                .store_id = decision->store_id,
                                .interaction_id = decision->interaction_id,
                                .at = event->occurred_at};
    switch ((int)decision->body_case) {
    case WIRE_DECISION__BODY_CASE:
        counted->what = case_word(decision->kind);
        counted->role = decision->case_->role;
        counted->subject = decision->case_->subject;
        counted->money = decision->case_->requested;
        return counted->what;
    case WIRE_DECISION__BODY_FOLLOW_UP:
        counted->what = "follow-ups";
        counted->subject = decision->follow_up->subject;
        return decision->kind == WIRE_DECISION_KIND__FOLLOW_UP_OPENED;
    case WIRE_DECISION__BODY_COACHING:
        counted->what = "coaching";
        counted->subject = decision->coaching->employee_id;
        return true;
    case WIRE_DECISION__BODY_RECOGNITION:
        counted->what = "recognitions";
        counted->subject = decision->recognition->employee_id;
        return true;
    case WIRE_DECISION__BODY_FINDING:
        counted->what = "findings";
        counted->subject = decision->finding->subject;
        return decision->rule != NULL;
    case WIRE_DECISION__BODY_DIGEST:
        counted->what = "digests";
        counted->subject = decision->digest->day;
        return true;
    case WIRE_DECISION__BODY_EXPERIENCE:
        counted->what = decision->experience->feeling == WIRE_FEELING__BAD    ? "bad experiences"
                        : decision->experience->feeling == WIRE_FEELING__GOOD ? "good experiences"
                                                                              : "contacts nobody talks about";
        return true;
    case WIRE_DECISION__BODY_REMEDY:
        counted->what = "remedies granted at the counter";
        counted->subject = decision->remedy->remedy_id;
        counted->money = decision->remedy->amount;
        counted->is_counter = true;
        return is_counter_grant(decision, event);
    case WIRE_DECISION__BODY_PROMISE:
        counted->what = "promises broken";
        counted->subject = decision->promise->promise_id;
        counted->is_broken = true;
        return decision->promise->state && text_equal(decision->promise->state, "broken");
    }
    return false;
}

/* Parts of a key, NUL between them. What is too long is cut: then such are counted as one. */
static size_t key_add(char key[static TALLY_KEY_SIZE], size_t at, const char *text)
{
    size_t room = TALLY_KEY_SIZE - at, size = text && room ? strnlen(text, room - 1) : 0;
    memcpy(key + at, text_or_empty(text), size);
    if (room)
        key[at + size] = 0;
    return at + size + (room > 0);
}

static struct group *group_of(struct tally *tally, const struct counted *counted)
{
    char key[TALLY_KEY_SIZE];
    size_t size = key_add(key, 0, counted->rule);
    size = key_add(key, size, counted->what);
    size = key_add(key, size, counted->role);
    size = key_add(key, size, counted->money ? counted->money->currency : NULL);
    struct group *group = map_find(&tally->groups, key, size);
    if (group)
        return group;
    group = memory_zeroed(sizeof *group + size);
    memcpy(group->key, key, size);
    group->key_size = size;
    text_copy(group->rule_id, sizeof group->rule_id, text_or_empty(counted->rule_id));
    text_copy(group->rule, sizeof group->rule, text_or_empty(counted->rule));
    text_copy(group->role, sizeof group->role, text_or_empty(counted->role));
    text_copy(group->what, sizeof group->what, counted->what);
    group->is_counter = counted->is_counter;
    group->is_broken = counted->is_broken;
    group->is_warned = counted->is_warned;
    map_put(&tally->groups, group->key, size, group);
    return group;
}

static void item_move(struct tally *tally, enum tally_side side, struct group *group,
                      const struct counted *counted)
{
    char key[TALLY_KEY_SIZE];
    memcpy(key, &group, sizeof group); /* groups stay where they are */
    size_t size = key_add(key, sizeof group, counted->store_id);
    size = key_add(key, size, counted->interaction_id);
    size = key_add(key, size, counted->subject);
    struct item *item = map_find(&tally->items, key, size);
    if (!item && tally->items.count == TALLY_ITEMS_MOST) {
        tally->omitted++;
        return;
    }
    if (!item) {
        item = memory_zeroed(sizeof *item + size);
        memcpy(item->key, key, size);
        item->key_size = size;
        item->group = group;
        item->at = counted->at;
        text_copy(item->store_id, sizeof item->store_id, text_or_empty(counted->store_id));
        text_copy(item->interaction_id, sizeof item->interaction_id, text_or_empty(counted->interaction_id));
        text_copy(item->subject, sizeof item->subject, text_or_empty(counted->subject));
        map_put(&tally->items, item->key, size, item);
    }
    item->more += side == TALLY_AFTER ? 1 : -1;
    if (!item->more) {
        map_take(&tally->items, key, size);
        free(item);
    }
}

static void count(struct tally *tally, enum tally_side side, const struct counted *counted)
{
    struct group *group = group_of(tally, counted);
    group->count[side]++;
    if (counted->money && counted->money->currency) {
        group->minor[side] += counted->money->minor;
        text_copy(group->currency, sizeof group->currency, counted->money->currency);
    }
    item_move(tally, side, group, counted);
}

static void count_advice(struct tally *tally, enum tally_side side, const WireEvent *event,
                         const WireDecision *decision)
{
    for (size_t i = 0; i < decision->verdict->n_advice; i++) {
        struct counted counted = {.rule_id = decision->verdict->advice[i]->rule_id,
                                  .rule = decision->verdict->advice[i]->rule,
                                  .what = "advice",
                                  .store_id = decision->store_id,
                                  .interaction_id = decision->interaction_id,
                                  .at = event->occurred_at};
        count(tally, side, &counted);
    }
}

/* --- promises that somebody hears of before it is too late --- */

/* The promise this decision is a word in time about; NULL: none. */
static const char *promise_warned_of(const WireDecision *decision, const WireEvent *event)
{
    bool is_reminder = event->body_case == WIRE_EVENT__BODY_DEADLINE_PASSED &&
                       event->deadline_passed->kind == WIRE_DEADLINE_KIND__PROMISE_REMINDER_DUE;
    bool is_promise = event->body_case == WIRE_EVENT__BODY_PROMISE_MADE ||
                      event->body_case == WIRE_EVENT__BODY_PROMISE_RENEGOTIATED;
    if (!is_reminder && !is_promise)
        return NULL;
    if (decision->kind == WIRE_DECISION_KIND__NOTICE_GIVEN)
        return decision->notice->subject;
    if (decision->kind == WIRE_DECISION_KIND__COACHING_MADE)
        return decision->coaching->subject;
    return decision->kind == WIRE_DECISION_KIND__CASE_OPENED ? decision->case_->subject : NULL;
}

static size_t warning_key(const WireDecision *decision, const char *promise_id,
                          char key[static TALLY_KEY_SIZE])
{
    return key_add(key, key_add(key, 0, decision->store_id), promise_id);
}

static void warn(struct tally *tally, enum tally_side side, const WireDecision *decision,
                 const char *promise_id)
{
    char key[TALLY_KEY_SIZE];
    size_t size = warning_key(decision, promise_id, key);
    struct warning *warning = map_find(&tally->warnings, key, size);
    if (!warning && tally->warnings.count == TALLY_ITEMS_MOST) {
        tally->omitted++;
        return;
    }
    if (!warning) {
        warning = memory_zeroed(sizeof *warning + size);
        memcpy(warning->key, key, size);
        warning->key_size = size;
        map_put(&tally->warnings, warning->key, size, warning);
    }
    warning->more += side == TALLY_AFTER ? 1 : -1;
    if (!warning->more)
        free(map_take(&tally->warnings, key, size));
}

/* A promise was broken in the record: was there a word in time on one side alone? */
static void settle_warning(struct tally *tally, const struct counted *broken, const WireDecision *decision)
{
    char key[TALLY_KEY_SIZE];
    size_t size = warning_key(decision, text_or_empty(broken->subject), key);
    struct warning *warning = map_take(&tally->warnings, key, size);
    if (!warning)
        return;
    struct counted counted = *broken;
    counted.what = "broken promises with one more word in time";
    counted.is_broken = false;
    counted.is_warned = true;
    count(tally, warning->more > 0 ? TALLY_AFTER : TALLY_BEFORE, &counted);
    free(warning);
}

void tally_add(struct tally *tally, enum tally_side side, const WireEvent *event,
               WireDecision *const *decisions, size_t decision_count)
{
    for (size_t i = 0; i < decision_count; i++) {
        struct counted counted;
        if (decisions[i]->drill)
            continue;
        const char *promise_id = promise_warned_of(decisions[i], event);
        if (promise_id)
            warn(tally, side, decisions[i], promise_id);
        if (decisions[i]->body_case == WIRE_DECISION__BODY_VERDICT)
            count_advice(tally, side, event, decisions[i]);
        else if (count_as(decisions[i], event, &counted)) {
            count(tally, side, &counted);
            if (counted.is_broken && side == TALLY_BEFORE)
                settle_warning(tally, &counted, decisions[i]);
        }
    }
}
