/* intake: the registers' door: requests in, one reply to each.
 *
 * A publish is admitted or answered BUSY; its events are inspected and given to the outlet; when they are
 * committed, and for as long as somebody waits for verdicts, the reply goes back. Verdict queries are passed
 * on; updates go to the newest connection of their source that asked for them. */
#ifndef BELLHOP_INGEST_INTAKE_H
#define BELLHOP_INGEST_INTAKE_H

#include "common/link/router.h"
#include "services/ingest/admission.h"
#include "services/ingest/config.h"
#include "services/ingest/outlet.h"

struct intake;

/* Listens, and hears the outlet from now on. NULL with the reason in `why`. */
struct intake *intake_open(struct link_context *context, struct loop *loop,
                           const struct ingest_config *config, struct admission *admission,
                           struct outlet *outlet, char *why, size_t why_size);
void intake_close(struct intake *intake);

/* As bound; borrowed. */
const char *intake_endpoint(const struct intake *intake);

/* Answer new work BUSY from now on. */
void intake_stop(struct intake *intake);

/* Turn the loop until what was accepted is answered, at most `grace_ms`. What is left then is not answered;
 * the registers send it again. */
void intake_drain(struct intake *intake, int64_t grace_ms);

AUTO_CLOSE(intake)

#endif
