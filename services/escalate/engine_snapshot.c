/* engine_snapshot: the state that a start begins from, and when the next one is written. */
#include "services/escalate/engine_state.h"

#include "common/base/random.h"
#include "services/escalate/snapshot.h"

#include <string.h>

enum { SNAPSHOT_EVENTS = 250000 }; /* a restart reads no more than about these */

static void use(struct engine *engine, struct fold *fold)
{
    decider_free(engine->decider);
    engine->decider = decider_new(fold, engine->parts.marker);
    decider_register(engine->decider, service_metrics());
    engine->snapshot_seq = fold_seq(fold);
    engine->has_begun_at_zero = fold_seq(fold) == 0;
}

void engine_use_snapshot(struct engine *engine)
{
    char why[WHY_SIZE];
    struct fold *fold = snapshot_read(engine->parts.config->state_directory, random_u64(), why, sizeof why);
    if (fold)
        log_info("snapshot-read", "beginning from the snapshot", FIELD("seq", fold_seq(fold)));
    else if (*why)
        log_warning("snapshot-ignored", "could not use the snapshot, reading the whole log",
                    FIELD("reason", why));
    use(engine, fold ? fold : fold_new(NULL, random_u64()));
}

void engine_use_nothing(struct engine *engine)
{
    engine_drop_snapshot(engine);
    use(engine, fold_new(NULL, random_u64()));
}

void engine_drop_snapshot(struct engine *engine)
{
    snapshot_remove(engine->parts.config->state_directory);
}

void engine_write_snapshot(struct engine *engine)
{
    struct fold *fold = decider_fold(engine->decider);
    engine->wants_snapshot = false;
    engine->snapshot_ms = loop_now_ms(engine->loop);
    if (fold_seq(fold) == engine->snapshot_seq)
        return;
    int rc = snapshot_write(engine->parts.config->state_directory, fold);
    if (rc == 0)
        engine->snapshot_seq = fold_seq(fold);
    else
        log_warning("snapshot-not-written", "could not write the snapshot", FIELD("reason", strerror(-rc)));
}

void engine_consider_snapshot(struct engine *engine)
{
    int64_t age_ms = loop_now_ms(engine->loop) - engine->snapshot_ms;
    uint64_t events = decider_seq(engine->decider) - engine->snapshot_seq;
    bool is_due =
        *engine->parts.config->state_directory &&
        ((age_ms >= engine->parts.config->snapshot_interval.ms && events > 0) || events >= SNAPSHOT_EVENTS);
    if (is_due && engine->phase == ENGINE_DECIDING)
        engine->wants_snapshot = true;
    else if (is_due && engine->phase == ENGINE_STANDING_BY)
        engine_write_snapshot(engine);
}
