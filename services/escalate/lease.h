/* lease: says which instance decides. Persist gives it to one that asks, and to another when that one stops
 * asking. */
#ifndef BELLHOP_ESCALATE_LEASE_H
#define BELLHOP_ESCALATE_LEASE_H

#include "common/base/auto.h"
#include "common/service/persist_link.h"

#include <stdbool.h>

struct lease;

/* `persist` and `instance` stay where they are. */
struct lease *lease_new(struct loop *loop, struct persist_link *persist, const char *instance);
void lease_free(struct lease *lease);
AUTO_FREE(lease)

/* Ask now, and every second from now on. */
void lease_ask(struct lease *lease);

/* Persist's answer. True: it was given, or lost. */
bool lease_answered(struct lease *lease, const WireLeaseResult *result);

bool lease_is_held(const struct lease *lease);

/* Persist has said who holds it. */
bool lease_is_known(const struct lease *lease);

/* Give it back: a standby may go on at once. */
void lease_release(struct lease *lease);

#endif
