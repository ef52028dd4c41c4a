/* comparison: a backtest for each policy, told the same events one after the other. */
#include "common/policy/trial/comparison.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/policy/state/state.h"

#include <stdlib.h>

struct rival {
    struct comparison *comparison;
    struct bytes document;
    struct backtest *backtest;
    struct tally *tally;
    struct worth *worth;
};

struct comparison {
    struct backtest_options options;
    struct backtest *base;
    struct rival **rivals;
    size_t count;
    struct candidates *candidates; /* NULL: nobody asks for them */
    uint64_t told;
};

/* --- what is counted --- */

static bool is_of_store(const struct comparison *comparison, const char *store_id)
{
    const char *only = comparison->options.store_id;
    return !only || (store_id && text_equal(store_id, only));
}

static void count(const struct comparison *comparison, const struct rival *rival, enum tally_side side,
                  const WireEvent *event, const struct decisions *decisions)
{
    for (size_t i = 0; i < decisions->count; i++)
        if (is_of_store(comparison, decisions->items[i]->store_id)) {
            tally_add(rival->tally, side, event, &decisions->items[i], 1);
            worth_add(rival->worth, side, event, &decisions->items[i], 1);
        }
}

static void on_base(void *owner, const WireEvent *event, const struct decisions *decisions)
{
    struct comparison *comparison = owner;
    comparison->told += event->store_id && is_of_store(comparison, event->store_id);
    for (size_t i = 0; i < comparison->count; i++)
        count(comparison, comparison->rivals[i], TALLY_BEFORE, event, decisions);
    if (comparison->candidates && is_of_store(comparison, event->store_id))
        candidates_hear(comparison->candidates, backtest_fold(comparison->base), event, decisions);
}

static void on_base_look(void *owner, const struct rule_look *look)
{
    const struct comparison *comparison = owner;
    if (!is_of_store(comparison, look->event->store_id))
        return;
    for (size_t i = 0; i < comparison->count; i++)
        worth_look(comparison->rivals[i]->worth, TALLY_BEFORE, look);
    if (comparison->candidates)
        candidates_look(comparison->candidates, look);
}

static void on_rival(void *owner, const WireEvent *event, const struct decisions *decisions)
{
    const struct rival *rival = owner;
    count(rival->comparison, rival, TALLY_AFTER, event, decisions);
}

static void on_rival_look(void *owner, const struct rule_look *look)
{
    const struct rival *rival = owner;
    if (is_of_store(rival->comparison, look->event->store_id))
        worth_look(rival->worth, TALLY_AFTER, look);
}

/* --- beginning --- */

struct comparison *comparison_new(const struct backtest_options *options, char why[static WHY_SIZE])
{
    AUTO(comparison) *comparison = NEW(comparison);
    comparison->options = *options;
    comparison->options.heard = on_base;
    comparison->options.looked = on_base_look;
    comparison->options.owner = comparison;
    comparison->base = backtest_new(&comparison->options, why);
    return comparison->base ? TAKE(comparison) : NULL;
}

static void rival_free(struct rival *rival)
{
    backtest_free(rival->backtest);
    tally_free(rival->tally);
    worth_free(rival->worth);
    bytes_clear(&rival->document);
    free(rival);
}

void comparison_free(struct comparison *comparison)
{
    if (!comparison)
        return;
    for (size_t i = 0; i < comparison->count; i++)
        rival_free(comparison->rivals[i]);
    free(comparison->rivals);
    backtest_free(comparison->base);
    free(comparison);
}

static bool change(struct slice document, const struct setting_change *changes, size_t count,
                   struct bytes *into, char why[static WHY_SIZE])
{
    bytes_append_slice(into, document);
    for (size_t i = 0; i < count; i++) {
        AUTO_CLEAR(bytes) changed = {.size = 0};
        if (!setting_apply(bytes_slice(into), &changes[i], &changed, why))
            return false;
        bytes_reset(into);
        bytes_append_slice(into, bytes_slice(&changed));
    }
    return true;
}

bool comparison_add(struct comparison *comparison, const struct setting_change *changes, size_t count,
                    char why[static WHY_SIZE])
{
    struct rival *rival = NEW(rival);
    struct backtest_options options = comparison->options;
    rival->comparison = comparison;
    if (change(comparison->options.document, changes, count, &rival->document, why)) {
        options.document = bytes_slice(&rival->document);
        options.like = comparison->base;
        options.heard = on_rival;
        options.looked = on_rival_look;
        options.owner = rival;
        rival->backtest = backtest_new(&options, why);
    }
    if (!rival->backtest) {
        rival_free(rival);
        return false;
    }
    rival->tally = tally_new();
    rival->worth = worth_new();
    comparison->rivals =
        memory_resize_array(comparison->rivals, comparison->count + 1, sizeof(struct rival *));
    comparison->rivals[comparison->count++] = rival;
    return true;
}

size_t comparison_count(const struct comparison *comparison)
{
    return comparison->count;
}

void comparison_watch(struct comparison *comparison, struct candidates *candidates)
{
    comparison->candidates = candidates;
}

/* --- the walk --- */

void comparison_logged(struct comparison *comparison, const WireEvent *event)
{
    backtest_logged(comparison->base, event);
}

/* Whose contact it is, as far as is known. */
static const char *customer_of(const struct comparison *comparison, const WireEvent *event)
{
    const struct interaction *interaction = state_interaction(
        backtest_fold(comparison->base), event->store_id, event->interaction_id, event->drill);
    return event->customer_id ? event->customer_id : interaction ? interaction->known.customer : NULL;
}

int comparison_event(struct comparison *comparison, const WireLoggedEvent *record, const WireEvent *event,
                     WireDecision *const *decisions, size_t count, char why[static WHY_SIZE])
{
    int rc = backtest_event(comparison->base, record, event, decisions, count, why);
    for (size_t i = 0; !rc && i < comparison->count; i++) {
        struct rival *rival = comparison->rivals[i];
        rc = backtest_event(rival->backtest, record, event, decisions, count, why);
        if (!rc && is_of_store(comparison, event->store_id))
            worth_pass(rival->worth, event, customer_of(comparison, event));
    }
    return rc;
}

const struct tally *comparison_tally(const struct comparison *comparison, size_t index)
{
    return comparison->rivals[index]->tally;
}

struct worth_sum comparison_worth(const struct comparison *comparison, size_t index)
{
    return worth_sum(comparison->rivals[index]->worth);
}

uint64_t comparison_judged(const struct comparison *comparison)
{
    return backtest_judged(comparison->base);
}

uint64_t comparison_told(const struct comparison *comparison)
{
    return comparison->told;
}
