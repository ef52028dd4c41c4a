/* bellhop-ingest: takes events from registers, checks them, answers when they are committed.
 *
 *   registers ──requests──▶ intake (ROUTER) ── inspection ──▶ outlet (DEALER) ──batches──▶ bellhop-persist
 *   (DEALER/REQ) ◀─replies──   ▲ admission bounds it               ◀── results, verdicts, updates ──┘
 */
#include "common/base/random.h"
#include "services/ingest/admission.h"
#include "services/ingest/config.h"
#include "services/ingest/intake.h"
#include "services/ingest/outlet.h"

static int cannot_start(const char *what, const char *why)
{
    log_error("cannot-start", "could not open a socket, giving up", FIELD("socket", what),
              FIELD("reason", why));
    return service_stop(1);
}

int main(int argc, char **argv)
{
    struct ingest_config config;
    char why[LINK_WHY_SIZE];
    service_start(&ingest_service, argc, argv, &config);
    const struct admission_limits limits = {.requests = config.requests_most,
                                            .peer_requests = config.peer_requests_most,
                                            .bytes = config.bytes_most.bytes,
                                            .peer_bytes = config.peer_bytes_most.bytes};

    AUTO(loop) *loop = loop_new();
    service_open(loop);
    AUTO(link_context) *context = link_context_new();
    AUTO(admission) *admission = admission_new(&limits, random_u64());
    AUTO(outlet) *outlet = outlet_open(context, loop, &config, why, sizeof why);
    if (!outlet)
        return cannot_start("append", why);
    AUTO(intake) *intake = intake_open(context, loop, &config, admission, outlet, why, sizeof why);
    if (!intake)
        return cannot_start("publish", why);
    service_endpoint("publish", intake_endpoint(intake));
    service_ready();

    int rc = loop_run(loop);
    service_stopping();
    intake_stop(intake);                   /* refuse new work first, */
    intake_drain(intake, config.grace.ms); /* then finish what was accepted */
    return service_stop(rc);
}
