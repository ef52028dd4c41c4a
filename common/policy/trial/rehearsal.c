/* rehearsal: a fold and its clock. */
#include "common/policy/trial/rehearsal.h"

#include "common/base/memory.h"
#include "common/base/uuid.h"
#include "common/policy/state/state.h"
#include "common/policy/state/fold_deadline.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"

#include <stdlib.h>

enum { ARENA_SIZE = 4 * 1024 * 1024 };

struct rehearsal {
    struct rehearsal_options options;
    struct fold *fold;
    struct decisions *decisions;
    struct arena *arena;
    int64_t now;
    uint64_t seq;
};

int64_t rehearsal_clock(const struct rehearsal *rehearsal)
{
    return rehearsal->now;
}

static bool record(struct rehearsal *rehearsal, WireEvent *event, const int64_t *sent_at,
                   char why[static WHY_SIZE])
{
    WirePosition position = WIRE_POSITION__INIT;
    WireLoggedEvent logged = WIRE_LOGGED_EVENT__INIT;
    WIRE_SET(&position, epoch, 1);
    WIRE_SET(&position, seq, ++rehearsal->seq);
    struct uuid id = uuid_derive(rehearsal->now, slice_of_text("rehearsal"),
                                 slice_of(&rehearsal->seq, sizeof rehearsal->seq));
    WIRE_SET(event, id, wire_bytes(slice_of(id.bytes, sizeof id.bytes)));
    logged.position = &position;
    WIRE_SET(&logged, recorded_at, rehearsal->now);
    WIRE_SET(&logged, occurred_at, event->occurred_at);
    logged.has_sent_at = sent_at != NULL;
    logged.sent_at = sent_at ? *sent_at : 0;
    struct decisions *decisions = rehearsal->decisions;
    if (decide_event(rehearsal->fold, &logged, event, decisions)) {
        text_copy(why, WHY_SIZE, "there are more decisions about one event than can be made");
        return false;
    }
    for (size_t i = 0; i < decisions->count; i++)
        rehearsal->options.heard(rehearsal->options.owner, rehearsal->now, event, decisions->items[i]);
    return !fold_apply(rehearsal->fold, &logged, event, decisions->items, decisions->count, why);
}

static bool propose(struct rehearsal *rehearsal, char why[static WHY_SIZE])
{
    WirePolicyProposed proposed = WIRE_POLICY_PROPOSED__INIT;
    WireEvent event = WIRE_EVENT__INIT;
    proposed.name = "rehearsed";
    WIRE_SET(&proposed, document, wire_bytes(rehearsal->options.document));
    proposed.n_zones = rehearsal->options.zone_count;
    proposed.zones = (WireZoneTable **)rehearsal->options.zones;
    event.source = "bellhop/rehearsal";
    WIRE_SET(&event, occurred_at, rehearsal->now);
    event.body_case = WIRE_EVENT__BODY_POLICY_PROPOSED;
    event.policy_proposed = &proposed;
    if (!record(rehearsal, &event, NULL, why))
        return false;
    const WireDecision *decision = rehearsal->decisions->items[0];
    if (decision->kind == WIRE_DECISION_KIND__POLICY_ACCEPTED)
        return true;
    text_copy(why, WHY_SIZE, decision->policy->n_findings ? decision->policy->findings[0] : "it is refused");
    return false;
}

struct rehearsal *rehearsal_new(const struct rehearsal_options *options, char why[static WHY_SIZE])
{
    AUTO(rehearsal) *rehearsal = NEW(rehearsal);
    rehearsal->options = *options;
    rehearsal->fold = fold_new(NULL, 1);
    rehearsal->decisions = decisions_new();
    rehearsal->arena = arena_new(ARENA_SIZE);
    rehearsal->now = options->begins_at;
    if (!propose(rehearsal, why))
        return NULL;
    rehearsal->decisions->looked = options->looked;
    rehearsal->decisions->owner = options->owner;
    return TAKE(rehearsal);
}

void rehearsal_free(struct rehearsal *rehearsal)
{
    if (!rehearsal)
        return;
    fold_free(rehearsal->fold);
    decisions_free(rehearsal->decisions);
    arena_free(rehearsal->arena);
    free(rehearsal);
}

/* A deadline's texts are the fold's own: the event is made anew from its bytes. */
static void pass(struct rehearsal *rehearsal, struct fold_deadline *deadline)
{
    const WireEvent event = fold_deadline_event(deadline);
    AUTO_CLEAR(bytes) packed = {0};
    char why[WHY_SIZE];
    wire_pack(&event, &packed);
    arena_reset(rehearsal->arena, 0);
    WireEvent *copy = wire_unpack(&wire_event__descriptor, bytes_slice(&packed), rehearsal->arena, NULL);
    if (copy)
        record(rehearsal, copy, NULL, why);
}

void rehearsal_wait(struct rehearsal *rehearsal, int64_t at)
{
    int64_t due_at;
    struct fold_deadline deadline;
    while (fold_next_deadline(rehearsal->fold, &due_at) && due_at <= at) {
        rehearsal->now = due_at > rehearsal->now ? due_at : rehearsal->now;
        if (!fold_due(rehearsal->fold, rehearsal->now, &deadline))
            break;
        pass(rehearsal, &deadline);
    }
    rehearsal->now = at > rehearsal->now ? at : rehearsal->now;
}

bool rehearsal_play(struct rehearsal *rehearsal, WireEvent *event, int64_t sent_at, char why[static WHY_SIZE])
{
    return record(rehearsal, event, &sent_at, why);
}
