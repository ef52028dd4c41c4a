/* engine: brings the fold up to what is stored, then decides or stands by.
 *
 *   checking ──> catching up ──> deciding      holds the lease: decides what lies beyond the cursor
 *      ^               ^  └────> standing by   applies what another instance decides, and stays warm
 *      └── anew ───────┴──────────────┘        a batch was refused, or the log is another one
 *
 * What persist refuses is void: the state is rebuilt from what is stored. */
#ifndef BELLHOP_ESCALATE_ENGINE_H
#define BELLHOP_ESCALATE_ENGINE_H

#include "common/base/auto.h"
#include "common/link/link.h"
#include "common/store/read/database.h"
#include "services/escalate/config.h"
#include "services/escalate/marker.h"
#include "services/escalate/proposal.h"

struct engine;

/* What it works with; borrowed. */
struct engine_parts {
    struct loop *loop;
    struct link_context *context;
    struct database *database;
    const struct escalate_config *config;
    struct proposal *proposal;
    struct marker *marker;
};

struct engine *engine_open(const struct engine_parts *parts, char *why, size_t why_size);
void engine_close(struct engine *engine);

/* Take no more events. */
void engine_stop(struct engine *engine);

/* Turn the loop until what was decided is stored, at most `grace_ms`, then keep a snapshot. */
void engine_drain(struct engine *engine, int64_t grace_ms);

AUTO_CLOSE(engine)

#endif
