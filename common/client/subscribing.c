/* subscribing: the subscriber's half of bellhop.h. */
#include "common/client/drive.h"
#include "common/client/why.h"

#include "common/base/auto.h"
#include "common/base/clock.h"

enum { LEAVE_GRACE_MS = 500 };

static int drop_subscription(struct bellhop_client *client, int rc)
{
    subscription_free(TAKE(client->subscription));
    plug_close(TAKE(client->subscription_plug));
    return rc;
}

int bellhop_subscribe(struct bellhop_client *client, const struct bellhop_subscription *asked, int timeout_ms)
{
    int rc = client_may(client, true);
    if (rc != BELLHOP_OK)
        return rc;
    if (client->subscription || !asked || asked->size != sizeof *asked || !asked->stream)
        return why_set(client->why, BELLHOP_INVALID,
                       "already subscribed, no stream is named, or the size is wrong");
    rc = subscription_new(asked, &client->subscription);
    if (rc != BELLHOP_OK)
        return why_set(client->why, rc, "no memory for a subscription");
    rc = client_connect(client, client->options.subscribe_endpoint, &client->subscription_plug);
    int64_t until = drive_until_ms(timeout_ms);
    while (rc == BELLHOP_OK && !subscription_is_live(client->subscription)) {
        if (!drive_once(client, until, true, &rc))
            return rc == BELLHOP_OK
                       ? why_set(client->why, BELLHOP_TIMEOUT, "the service has not answered yet")
                       : rc;
        rc = subscription_hear(client, clock_monotonic_ms());
    }
    return rc == BELLHOP_OK ? rc : drop_subscription(client, rc);
}

int bellhop_next(struct bellhop_client *client, int timeout_ms, const struct bellhop_delivery **ret_delivery)
{
    int rc = client_may(client, true);
    if (rc != BELLHOP_OK)
        return rc;
    if (!client->subscription)
        return why_set(client->why, BELLHOP_NOT_OPEN, "not subscribed");
    int64_t until = drive_until_ms(timeout_ms);
    for (;;) {
        rc = subscription_next(client, clock_monotonic_ms(), ret_delivery);
        if (rc != BELLHOP_TIMEOUT)
            return rc;
        if (!drive_once(client, until, true, &rc))
            return rc == BELLHOP_OK ? subscription_next(client, clock_monotonic_ms(), ret_delivery) : rc;
    }
}

int bellhop_confirm(struct bellhop_client *client, const char *decision_id)
{
    int rc = client_may(client, false);
    if (rc != BELLHOP_OK)
        return rc;
    if (!client->subscription || !decision_id)
        return why_set(client->why, BELLHOP_NOT_OPEN, "not subscribed, or no decision is named");
    return subscription_confirm(client, decision_id);
}

int bellhop_refuse(struct bellhop_client *client, const char *decision_id, const char *reason, int for_good)
{
    int rc = client_may(client, false);
    if (rc != BELLHOP_OK)
        return rc;
    if (!client->subscription || !decision_id || !reason)
        return why_set(client->why, BELLHOP_NOT_OPEN, "not subscribed, or no decision or reason is given");
    return subscription_refuse(client, decision_id, reason, for_good != 0);
}

/* What was confirmed last may be on its way: it is given a moment to be recorded. */
int bellhop_unsubscribe(struct bellhop_client *client, int forget)
{
    int rc = client_may(client, true);
    if (rc != BELLHOP_OK)
        return rc;
    if (!client->subscription)
        return why_set(client->why, BELLHOP_NOT_OPEN, "not subscribed");
    int64_t until = drive_until_ms(LEAVE_GRACE_MS);
    while (subscription_unrecorded(client->subscription) > 0 && drive_once(client, until, true, &rc))
        subscription_hear(client, clock_monotonic_ms());
    rc = subscription_leave(client, forget != 0);
    return drop_subscription(client, rc);
}
