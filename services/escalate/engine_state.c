/* engine_state: how the engine's parts say that they cannot go on. */
#include "services/escalate/engine_state.h"

void engine_begin_anew(struct engine *engine, const char *reason)
{
    if (engine->must_begin_anew)
        return;
    log_warning("beginning-anew", "rebuilding the state from what is stored", FIELD("reason", reason));
    engine->must_begin_anew = true;
    engine->numbers.started_anew++;
    loop_timer_set(engine->loop, &engine->again, 0);
}

void engine_give_up(struct engine *engine, const char *why)
{
    log_error("log-unusable", "could not continue from what is stored, stopping", FIELD("reason", why));
    service_health_set("log", HEALTH_RED, why);
    loop_stop(engine->loop, 1);
}
