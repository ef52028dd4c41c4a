/* subscription: a durable stream, subscribed to again after each reconnection, and its confirmations.
 *
 * A confirmation stays until the service says that it is recorded: what is delivered again meanwhile is
 * confirmed again and not shown again. */
#ifndef BELLHOP_CLIENT_SUBSCRIPTION_H
#define BELLHOP_CLIENT_SUBSCRIPTION_H

#include "common/base/bytes.h"
#include "common/client/bellhop.h"

#include <stdbool.h>
#include <stdint.h>

struct bellhop_client;
struct subscription;

/* Copies what it is given. BELLHOP_OK, BELLHOP_NO_MEMORY. */
int subscription_new(const struct bellhop_subscription *asked, struct subscription **ret_subscription);
void subscription_free(struct subscription *subscription);

/* Subscribe where that is due, and keep alive. */
int subscription_turn(struct bellhop_client *client, int64_t now_ms);

/* The next delivery, shown until the next call. BELLHOP_TIMEOUT: none has come. BELLHOP_REFUSED: the service
 * refuses us, with the reason in client->why. */
int subscription_next(struct bellhop_client *client, int64_t now_ms,
                      const struct bellhop_delivery **ret_delivery);

/* Read what has come, until the service says that it accepts the subscription: deliveries follow that. One
 * that comes before it is not shown, and comes again. */
int subscription_hear(struct bellhop_client *client, int64_t now_ms);

/* The service has accepted the subscription since the last reconnection. */
bool subscription_is_live(const struct subscription *subscription);

int subscription_confirm(struct bellhop_client *client, const char *decision_id);
int subscription_refuse(struct bellhop_client *client, const char *decision_id, const char *reason,
                        bool for_good);
int subscription_leave(struct bellhop_client *client, bool forget);

/* Confirmations that are not recorded yet. */
size_t subscription_unrecorded(const struct subscription *subscription);

int64_t subscription_due_ms(const struct subscription *subscription);

#endif
