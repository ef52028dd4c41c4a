/* service: what every main does first and last: settings, log, health, metrics, ready, stop.
 *
 *   service_start(&ingest_service, argc, argv, &config);
 *   AUTO(loop) *loop = loop_new();
 *   service_open(loop);                 the HTTP door
 *   …                                   open sockets, service_endpoint("publish", bound)
 *   service_ready();
 *   int rc = loop_run(loop);
 *   …                                   stop, drain
 *   return service_stop(rc);
 *
 * There is one service in a process; its state is process-wide and used from the main thread alone.
 * Every service also has these settings: BELLHOP_LOG_FORMAT, BELLHOP_LOG_LEVEL, BELLHOP_READY_FILE and, with
 * its own name, BELLHOP_<SERVICE>_HTTP. */
#ifndef BELLHOP_SERVICE_SERVICE_H
#define BELLHOP_SERVICE_SERVICE_H

#include "common/loop/loop.h"
#include "common/service/health.h"
#include "common/service/log.h"
#include "common/service/metrics.h"
#include "common/service/setting.h"

struct service {
    const char *name;    /* "ingest": bellhop-ingest, BELLHOP_INGEST_HTTP */
    const char *purpose; /* one sentence for --help */
    const struct setting *settings;
    size_t setting_count;
};

/* Blocks SIGINT, SIGTERM and ignores SIGPIPE for all threads to come, reads the settings into `config`, opens
 * the log.
 * --help (the settings' table), --version and --healthy (asks the running service's own door: exit 0 or 1)
 * answer and exit; a bad setting or argument is printed on standard error and exits 2. */
void service_start(const struct service *service, int argc, char **argv, void *config);

/* Opens the HTTP door on `loop` when BELLHOP_<SERVICE>_HTTP is set; exits 1 when that cannot be. */
void service_open(struct loop *loop);

/* Record a bound endpoint, "publish" at "tcp://127.0.0.1:41234": logged, and a line publish=tcp://… of the
 * ready file. */
void service_endpoint(const char *name, const char *endpoint);

/* Accepting work from now on. Writes BELLHOP_READY_FILE whole: lines service=, pid=, one per endpoint and
 * http=. */
void service_ready(void);

/* Not ready any more; /readyz says so from now on. Optional before draining; service_stop() does it too. */
void service_stopping(void);

/* Removes the ready file, closes the door, says goodbye; returns `rc` for main(). Call it before the loop is
 * freed. */
int service_stop(int rc);

/* The process's own, for modules to add their numbers to. */
struct metrics *service_metrics(void);

/* Sets a part of the process's health, and logs the change once: `id` and state, with the reason. */
void service_health_set(const char *name, enum health_state state, const char *reason);

#endif
