/* event: what an application builds: the JSON of an event, field by field or at once. */
#ifndef BELLHOP_CLIENT_EVENT_H
#define BELLHOP_CLIENT_EVENT_H

#include "common/base/arena.h"
#include "common/base/uuid.h"
#include "common/client/bellhop.h"

#include "proto/bellhop/v1/event.pb-c.h"

/* The message, in `arena`, as far as the application has set it; nothing is validated but names and types.
 * NULL with the reason in `why` (NULL: the thread's). */
WireEvent *event_build(const struct bellhop_event *event, struct arena *arena, char *why);

/* What a publisher adds when there is none: derived from a foreign id, else minted. Kept in `id`. */
void event_identify(WireEvent *event, struct uuid_minter *minter, int64_t now, struct uuid *id);

/* Is it acceptable? BELLHOP_OK or BELLHOP_INVALID. */
int event_validate(const WireEvent *event, int64_t now, char *why);

#endif
