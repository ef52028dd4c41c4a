/* bellhop-persist: the only writer of the log.
 *
 *   ingest, escalate, relay ──append──▶ ROUTER ─▶ desk ─▶ committer ══▶ PostgreSQL
 *                           ◀─results── ROUTER ◀─ desk ◀─ committer
 *                           ◀───feed─── PUB    ◀─ announcer
 *
 *   desk       takes requests, gives answers         committer  one transaction after the other
 *   verdicts   who waits for a verdict               announcer  what was committed
 *
 * `bellhop-persist --migrate` brings the schema up to date and exits. */
#include "common/base/text.h"
#include "services/persist/config.h"
#include "services/persist/desk.h"
#include "services/persist/migrate.h"
#include "services/persist/overdue.h"

int main(int argc, char **argv)
{
    struct persist_config config;
    bool only_migrates = argc == 2 && text_equal(argv[1], "--migrate");
    service_start(&persist_service, only_migrates ? 1 : argc, argv, &config);
    AUTO(loop) *loop = loop_new();
    if (only_migrates)
        return migrate_run(loop, &config);

    service_open(loop);
    AUTO(overdue) *overdue = overdue_open(loop, &config);
    (void)overdue;
    AUTO(desk) *desk = desk_open(loop, &config); /* binds, and is ready, when it holds the lock */
    int rc = loop_run(loop);
    service_stopping();
    desk_drain(desk, config.grace.ms); /* refuse new work, finish what was taken */
    return service_stop(rc);
}
