/* bellhop-escalate: folds the log through the policy.
 *
 *   persist ── feed (PUB) ──────▶ event source ┐
 *   PostgreSQL ── log, decisions ─▶ catch up ──┤        ┌─▶ decisions ──▶ persist (append, DEALER)
 *                                              └─▶ fold ┴─▶ deadlines ──▶ persist
 */
#include "common/base/memory.h"
#include "common/base/text.h"
#include "services/escalate/engine.h"

static void on_database(void *owner, bool is_open, const char *why)
{
    (void)owner;
    service_health_set("database", is_open ? HEALTH_GREEN : HEALTH_YELLOW, is_open ? "" : why);
}

static void report_crashes(const struct marker *marker)
{
    uint64_t seq;
    unsigned crashes = marker_crashes(marker, &seq);
    if (crashes > 0)
        log_warning("crashed-before", "an earlier process ended in the middle of an event", FIELD("seq", seq),
                    FIELD("times", crashes));
}

int main(int argc, char **argv)
{
    struct escalate_config config;
    char why[WHY_SIZE] = "";
    service_start(&escalate_service, argc, argv, &config);
    AUTO(loop) *loop = loop_new();
    service_open(loop);
    AUTO(proposal) *proposal = proposal_load(config.policy);
    if (!proposal)
        return service_stop(2);
    AUTO(marker) *marker = marker_open(config.state_directory, why, sizeof why);
    if (!marker) {
        log_error("marker-unusable", "could not use the state directory", FIELD("reason", why));
        return service_stop(1);
    }
    report_crashes(marker);
    AUTO(link_context) *context = link_context_new();
    AUTO(database) *database =
        database_open(loop, config.database_url, "bellhop-escalate", on_database, NULL);
    const struct engine_parts parts = {loop, context, database, &config, proposal, marker};
    AUTO(engine) *engine = engine_open(&parts, why, sizeof why);
    if (!engine) {
        log_error("not-started", "could not start", FIELD("reason", why));
        return service_stop(1);
    }
    int rc = loop_run(loop);                    /* says that it is ready when it has caught up */
    engine_stop(engine);                        /* take no more events, */
    engine_drain(engine, config.stop_grace.ms); /* then store what was decided */
    return service_stop(rc);
}
