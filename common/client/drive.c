/* drive: one turn of everything, and waiting for the next. */
#include "common/client/drive.h"

#include "common/base/clock.h"
#include "common/client/reply.h"

enum { MESSAGES_A_TURN = 64, DRIVE_MOST_MS = 1000 };

/* Without waiting; *ret_did_something when there may be more. */
static int turn(struct bellhop_client *client, bool *ret_did_something)
{
    int64_t now_ms = clock_monotonic_ms();
    struct slice message;
    int rc = BELLHOP_OK;
    int received = 0;
    while (rc == BELLHOP_OK && received < MESSAGES_A_TURN && plug_receive(client->publisher, &message)) {
        rc = reply_receive(client, message, now_ms);
        received++;
    }
    int settled = outbox_settle(client);
    rc = rc == BELLHOP_OK ? settled : rc;
    if (rc == BELLHOP_OK)
        rc = outbox_send(client, now_ms);
    if (rc == BELLHOP_OK && client->subscription)
        rc = subscription_turn(client, now_ms);
    *ret_did_something = received > 0;
    return rc;
}

/* Until the next thing is due, at most `most_ms` (-1: no bound). */
static int wait_ms(const struct bellhop_client *client, int64_t now_ms, int most_ms)
{
    int64_t due_ms = outbox_due_ms(client, now_ms);
    if (client->subscription && plug_is_connected(client->subscription_plug) &&
        subscription_due_ms(client->subscription) < due_ms)
        due_ms = subscription_due_ms(client->subscription);
    if (due_ms == INT64_MAX)
        return most_ms;
    int64_t left_ms = due_ms > now_ms ? due_ms - now_ms : 0;
    return most_ms < 0 || left_ms < most_ms ? (int)left_ms : most_ms;
}

int drive_left_ms(int64_t until_ms)
{
    int64_t left = until_ms - clock_monotonic_ms();
    return until_ms < 0 ? -1 : left > 0 ? (int)left : 0;
}

int64_t drive_until_ms(int timeout_ms)
{
    return timeout_ms < 0 ? -1 : clock_monotonic_ms() + timeout_ms;
}

bool drive_once(struct bellhop_client *client, int64_t until_ms, bool hears_deliveries, int *ret_rc)
{
    bool did_something;
    *ret_rc = turn(client, &did_something);
    if (*ret_rc != BELLHOP_OK || did_something)
        return *ret_rc == BELLHOP_OK;
    int left_ms = drive_left_ms(until_ms);
    if (left_ms == 0)
        return false;
    int most_ms = left_ms < 0 || left_ms > DRIVE_MOST_MS ? DRIVE_MOST_MS : left_ms;
    struct plug *plugs[] = {client->publisher, hears_deliveries ? client->subscription_plug : NULL};
    plug_wait(plugs, 2, wait_ms(client, clock_monotonic_ms(), most_ms));
    return true;
}

int bellhop_process(struct bellhop_client *client, int timeout_ms)
{
    int rc = client_may(client, true);
    bool did_something = false;
    if (rc == BELLHOP_OK)
        rc = turn(client, &did_something);
    if (rc != BELLHOP_OK || did_something || timeout_ms == 0)
        return rc;
    struct plug *plugs[] = {client->publisher}; /* deliveries are for bellhop_next() */
    plug_wait(plugs, 1, wait_ms(client, clock_monotonic_ms(), timeout_ms));
    return turn(client, &did_something);
}

int bellhop_fd(const struct bellhop_client *client)
{
    return client->epoll;
}

int bellhop_wait_ms(const struct bellhop_client *client)
{
    bool has_message = plug_has_message(client->publisher) ||
                       (client->subscription_plug && plug_has_message(client->subscription_plug));
    return has_message ? 0 : wait_ms(client, clock_monotonic_ms(), -1);
}
