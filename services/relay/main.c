/* bellhop-relay: hands decisions to those who asked for them.
 *
 *   persist ── feed (PUB) ────▶ newest decisions ─┬─▶ live tail (XPUB)
 *   PostgreSQL ── decisions ──▶ who is behind ────┴─▶ durable streams (ROUTER) ◀── confirm, refuse
 *   persist ◀── positions, dead letters, presence (append, DEALER) ──┘
 */
#include "common/base/text.h"
#include "services/relay/exchange.h"

static void on_database(void *owner, bool is_open, const char *why)
{
    (void)owner;
    service_health_set("database", is_open ? HEALTH_GREEN : HEALTH_YELLOW, is_open ? "" : why);
}

int main(int argc, char **argv)
{
    struct relay_config config;
    char why[WHY_SIZE] = "";
    service_start(&relay_service, argc, argv, &config);
    AUTO(loop) *loop = loop_new();
    service_open(loop);
    AUTO(link_context) *context = link_context_new();
    AUTO(database) *database = database_open(loop, config.database_url, "bellhop-relay", on_database, NULL);
    const struct exchange_parts parts = {loop, context, database, &config};
    AUTO(exchange) *exchange = exchange_open(&parts, why, sizeof why);
    if (!exchange) {
        log_error("not-started", "could not start", FIELD("reason", why));
        return service_stop(1);
    }
    int rc = loop_run(loop);                        /* says that it is ready when it knows the open cases */
    exchange_stop(exchange);                        /* take no more requests,          */
    exchange_drain(exchange, config.stop_grace.ms); /* store what was confirmed      */
    return service_stop(rc);
}
