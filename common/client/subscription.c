/* subscription: a durable stream, subscribed to again after each reconnection, and its confirmations. */
#include "common/client/subscription.h"

#include "common/base/list.h"
#include "common/client/answer.h"
#include "common/client/client.h"
#include "common/client/why.h"
#include "common/wire/position.h"
#include "common/wire/refusal.h"
#include "common/wire/wire.h"

#include <stdlib.h>

enum { PING_MS = 1000, SUBSCRIBE_AGAIN_MS = 30000, ELSEWHERE_AGAIN_MS = 500, CONFIRMATIONS_MOST = 10000 };

/* Confirmed here, not known to be recorded there. */
struct confirmation {
    bool is_old; /* made over a connection that is gone */
    struct list_node node;
    char decision_id[DECISION_ID_TEXT_SIZE];
};

struct subscription {
    WireSubscribe message; /* its parts live in `memory` */
    struct arena memory;
    WireFrom from;
    WirePosition position;
    bool is_live;
    uint64_t connections;
    int64_t subscribe_at_ms;
    int64_t ping_at_ms;
    struct list confirmations;
    size_t confirmation_count;
    size_t unrecorded; /* of these: made over this connection */
    struct bellhop_delivery shown;
};

/* --- making one --- */

static char *keep_text(struct subscription *subscription, const char *text, bool *is_complete)
{
    char *copy = text ? arena_text(&subscription->memory, slice_of_text(text)) : NULL;
    *is_complete = *is_complete && (copy || !text);
    return copy;
}

static size_t memory_needed(const struct bellhop_subscription *asked)
{
    size_t size =
        512 + (asked->stream ? strlen(asked->stream) : 0) + (asked->filter ? strlen(asked->filter) : 0);
    for (size_t i = 0; i < asked->topic_count; i++)
        size += strlen(asked->topics[i]) + 64;
    for (size_t i = 0; i < asked->serves_count; i++)
        size += strlen(asked->serves[i].store_id) + strlen(asked->serves[i].role) + sizeof(WireServes) + 128;
    return size;
}

static void set_from(struct subscription *subscription, const struct bellhop_subscription *asked)
{
    WireFrom *from = &subscription->from;
    wire_from__init(from);
    subscription->message.from = from;
    switch (asked->from) {
    case BELLHOP_FROM_NOW:
        from->from_case = WIRE_FROM__FROM_NOW;
        from->now = true;
        return;
    case BELLHOP_FROM_BEGINNING:
        from->from_case = WIRE_FROM__FROM_BEGINNING;
        from->beginning = true;
        return;
    case BELLHOP_FROM_POSITION:
        subscription->position = position_message((struct position){asked->from_epoch, asked->from_seq});
        from->from_case = WIRE_FROM__FROM_AFTER;
        from->after = &subscription->position;
        return;
    case BELLHOP_FROM_TIME:
        from->from_case = WIRE_FROM__FROM_SINCE_AT;
        from->since_at = asked->from_at;
        return;
    }
}

static bool set_lists(struct subscription *subscription, const struct bellhop_subscription *asked)
{
    WireSubscribe *message = &subscription->message;
    bool is_complete = true;
    message->topics = arena_allocate(&subscription->memory, (asked->topic_count + 1) * sizeof(char *));
    message->serves = arena_allocate(&subscription->memory, (asked->serves_count + 1) * sizeof(WireServes *));
    if (!message->topics || !message->serves)
        return false;
    for (size_t i = 0; i < asked->topic_count; i++)
        message->topics[message->n_topics++] = keep_text(subscription, asked->topics[i], &is_complete);
    for (size_t i = 0; i < asked->serves_count; i++) {
        WireServes *serves = arena_allocate(&subscription->memory, sizeof *serves);
        if (!serves)
            return false;
        wire_serves__init(serves);
        serves->store_id = keep_text(subscription, asked->serves[i].store_id, &is_complete);
        serves->role = keep_text(subscription, asked->serves[i].role, &is_complete);
        message->serves[message->n_serves++] = serves;
    }
    message->stream = keep_text(subscription, asked->stream, &is_complete);
    message->filter = keep_text(subscription, asked->filter, &is_complete);
    return is_complete;
}

int subscription_new(const struct bellhop_subscription *asked, struct subscription **ret_subscription)
{
    struct subscription *subscription = calloc(1, sizeof *subscription);
    if (!subscription)
        return BELLHOP_NO_MEMORY;
    list_init(&subscription->confirmations);
    wire_subscribe__init(&subscription->message);
    subscription->memory.size =
        memory_needed(asked) + (asked->topic_count + asked->serves_count) * sizeof(void *);
    subscription->memory.memory = malloc(subscription->memory.size);
    if (!subscription->memory.memory || !set_lists(subscription, asked)) {
        subscription_free(subscription);
        return BELLHOP_NO_MEMORY;
    }
    set_from(subscription, asked);
    subscription->message.has_credit = asked->credit > 0;
    subscription->message.credit = asked->credit;
    *ret_subscription = subscription;
    return BELLHOP_OK;
}

void subscription_free(struct subscription *subscription)
{
    if (!subscription)
        return;
    struct list_node *node;
    while ((node = list_take_first(&subscription->confirmations)))
        free(CONTAINER_OF(node, struct confirmation, node));
    free(subscription->memory.memory);
    free(subscription);
}

/* --- what goes --- */

/* `message` is the request of that case. */
static int send_request(struct bellhop_client *client, WireSubscriberRequest__RequestCase request_case,
                        void *message, bool *ret_sent)
{
    WireSubscriberRequest request = WIRE_SUBSCRIBER_REQUEST__INIT;
    request.request_case = request_case;
    request.subscribe = message; /* or what else the case says: a union of pointers */
    return client_send(client, client->subscription_plug, &request, ret_sent);
}

static int send_confirm(struct bellhop_client *client, const char *decision_id)
{
    WireConfirm confirm = WIRE_CONFIRM__INIT;
    char *ids[] = {(char *)decision_id};
    confirm.stream = client->subscription->message.stream;
    confirm.decision_ids = ids;
    confirm.n_decision_ids = 1;
    bool is_sent; /* when not: it stays among the confirmations */
    return send_request(client, WIRE_SUBSCRIBER_REQUEST__REQUEST_CONFIRM, &confirm, &is_sent);
}

/* Confirmations of the old connection may not have arrived: what of them was not recorded is delivered again,
 * and confirmed again then. The rest was recorded and never comes up; so they are only so many. */
static void age_confirmations(struct subscription *subscription)
{
    LIST_EACH(node, &subscription->confirmations)
        CONTAINER_OF(node, struct confirmation, node)->is_old = true;
    subscription->unrecorded = 0;
}

static int subscribe(struct bellhop_client *client, int64_t now_ms)
{
    struct subscription *subscription = client->subscription;
    bool is_sent;
    int rc =
        send_request(client, WIRE_SUBSCRIBER_REQUEST__REQUEST_SUBSCRIBE, &subscription->message, &is_sent);
    subscription->subscribe_at_ms = now_ms + SUBSCRIBE_AGAIN_MS;
    return rc;
}

static int ping(struct bellhop_client *client, int64_t now_ms)
{
    WirePing ping = WIRE_PING__INIT;
    bool is_sent;
    client->subscription->ping_at_ms = now_ms + PING_MS;
    return send_request(client, WIRE_SUBSCRIBER_REQUEST__REQUEST_PING, &ping, &is_sent);
}

int subscription_turn(struct bellhop_client *client, int64_t now_ms)
{
    struct subscription *subscription = client->subscription;
    uint64_t connections = plug_connections(client->subscription_plug);
    if (connections != subscription->connections) {
        subscription->connections = connections;
        subscription->is_live = false;
        subscription->subscribe_at_ms = now_ms;
    }
    if (!plug_is_connected(client->subscription_plug))
        return BELLHOP_OK;
    if (!subscription->is_live)
        return now_ms >= subscription->subscribe_at_ms ? subscribe(client, now_ms) : BELLHOP_OK;
    return now_ms >= subscription->ping_at_ms ? ping(client, now_ms) : BELLHOP_OK;
}

int64_t subscription_due_ms(const struct subscription *subscription)
{
    return subscription->is_live ? subscription->ping_at_ms : subscription->subscribe_at_ms;
}

/* --- what comes --- */

static struct confirmation *find_confirmation(struct subscription *subscription, const char *decision_id)
{
    LIST_EACH(node, &subscription->confirmations) {
        struct confirmation *confirmation = CONTAINER_OF(node, struct confirmation, node);
        if (text_equal(confirmation->decision_id, decision_id))
            return confirmation;
    }
    return NULL;
}

/* NULL is nothing. */
static void forget_confirmation(struct subscription *subscription, struct confirmation *confirmation)
{
    if (!confirmation)
        return;
    subscription->confirmation_count--;
    subscription->unrecorded -= !confirmation->is_old;
    list_remove(&confirmation->node);
    free(confirmation);
}

static void on_confirmed(struct subscription *subscription, const WireConfirmed *confirmed)
{
    for (size_t i = 0; i < confirmed->n_decision_ids; i++) {
        forget_confirmation(subscription, find_confirmation(subscription, confirmed->decision_ids[i]));
    }
}

/* What passes by itself: a relay that began anew and does not know us, another one that still has the
 * stream's lease, an answer to a delivery that is gone. Anything else is for the application to know. */
static int on_refused(struct bellhop_client *client, const WireSubscribeRefused *refused, int64_t now_ms)
{
    struct subscription *subscription = client->subscription;
    const char *reason = refused->reason ? refused->reason : "";
    why_set(client->why, BELLHOP_REFUSED, "%s: %s", reason, refused->explanation ? refused->explanation : "");
    if (text_equal(reason, wire_reason_word(WIRE_UNKNOWN_VALUE)))
        return BELLHOP_TIMEOUT;
    bool was_live = subscription->is_live;
    subscription->is_live = false;
    bool is_shut = text_equal(reason, wire_reason_word(WIRE_STOPPING));
    subscription->subscribe_at_ms = now_ms + (was_live && !is_shut ? 0 : ELSEWHERE_AGAIN_MS);
    bool is_passing = text_equal(reason, wire_reason_word(WIRE_STREAM_ELSEWHERE)) ||
                      text_equal(reason, wire_reason_word(WIRE_STOPPING)) ||
                      text_equal(reason, wire_reason_word(WIRE_TOO_MANY_SUBSCRIBERS)) ||
                      (was_live && text_equal(reason, wire_reason_word(WIRE_UNKNOWN_STREAM)));
    return is_passing ? BELLHOP_TIMEOUT : BELLHOP_REFUSED;
}

static int on_delivery(struct bellhop_client *client, const WireDelivery *delivery,
                       const struct bellhop_delivery **ret_delivery)
{
    struct subscription *subscription = client->subscription;
    if (delivery->decision_id && find_confirmation(subscription, delivery->decision_id)) {
        int rc = subscription_confirm(client, delivery->decision_id);
        return rc == BELLHOP_OK ? BELLHOP_TIMEOUT : rc;
    }
    if (!answer_delivery(delivery, &client->shown, &subscription->shown))
        return why_set(client->why, BELLHOP_NO_MEMORY, "a delivery is too large");
    *ret_delivery = &subscription->shown;
    return BELLHOP_OK;
}

/* One message. BELLHOP_TIMEOUT: nothing for the application. */
static int on_message(struct bellhop_client *client, struct slice bytes, int64_t now_ms,
                      const struct bellhop_delivery **ret_delivery)
{
    struct subscription *subscription = client->subscription;
    arena_reset(&client->shown, 0);
    WireSubscriberReply *reply = wire_unpack(&wire_subscriber_reply__descriptor, bytes, &client->shown, NULL);
    if (!reply)
        return BELLHOP_TIMEOUT;
    switch (reply->reply_case) {
    case WIRE_SUBSCRIBER_REPLY__REPLY_SUBSCRIBED:
        subscription->is_live = true;
        subscription->ping_at_ms = now_ms + PING_MS;
        age_confirmations(subscription);
        return BELLHOP_TIMEOUT;
    case WIRE_SUBSCRIBER_REPLY__REPLY_DELIVERY:
        return on_delivery(client, reply->delivery, ret_delivery);
    case WIRE_SUBSCRIBER_REPLY__REPLY_REFUSED:
        return on_refused(client, reply->refused, now_ms);
    case WIRE_SUBSCRIBER_REPLY__REPLY_CONFIRMED:
        on_confirmed(subscription, reply->confirmed);
        return BELLHOP_TIMEOUT;
    case WIRE_SUBSCRIBER_REPLY__REPLY_DONE:
    case WIRE_SUBSCRIBER_REPLY__REPLY_PONG:
    case WIRE_SUBSCRIBER_REPLY__REPLY__NOT_SET:
    case _WIRE_SUBSCRIBER_REPLY__REPLY__CASE_IS_INT_SIZE:
        return BELLHOP_TIMEOUT;
    }
    return BELLHOP_TIMEOUT;
}

int subscription_next(struct bellhop_client *client, int64_t now_ms,
                      const struct bellhop_delivery **ret_delivery)
{
    struct slice bytes;
    int rc = BELLHOP_TIMEOUT;
    while (rc == BELLHOP_TIMEOUT && plug_receive(client->subscription_plug, &bytes))
        rc = on_message(client, bytes, now_ms, ret_delivery);
    return rc;
}

int subscription_hear(struct bellhop_client *client, int64_t now_ms)
{
    bool was_live = client->subscription->is_live;
    const struct bellhop_delivery *unseen;
    struct slice bytes;
    int rc = BELLHOP_OK;
    while (rc == BELLHOP_OK && client->subscription->is_live == was_live &&
           plug_receive(client->subscription_plug, &bytes)) {
        rc = on_message(client, bytes, now_ms, &unseen);
        rc = rc == BELLHOP_TIMEOUT ? BELLHOP_OK : rc;
    }
    return rc;
}

bool subscription_is_live(const struct subscription *subscription)
{
    return subscription->is_live;
}

/* --- what the application says of it --- */

int subscription_confirm(struct bellhop_client *client, const char *decision_id)
{
    struct subscription *subscription = client->subscription;
    struct confirmation *confirmation = find_confirmation(subscription, decision_id);
    forget_confirmation(subscription, confirmation);
    confirmation = calloc(1, sizeof *confirmation);
    if (!confirmation)
        return why_set(client->why, BELLHOP_NO_MEMORY, "no memory for a confirmation");
    text_copy(confirmation->decision_id, sizeof confirmation->decision_id, decision_id);
    list_append(&subscription->confirmations, &confirmation->node);
    subscription->unrecorded++;
    if (++subscription->confirmation_count > CONFIRMATIONS_MOST)
        forget_confirmation(
            subscription, CONTAINER_OF(list_first(&subscription->confirmations), struct confirmation, node));
    return send_confirm(client, decision_id);
}

int subscription_refuse(struct bellhop_client *client, const char *decision_id, const char *reason,
                        bool for_good)
{
    WireRefuse refuse = WIRE_REFUSE__INIT;
    refuse.stream = client->subscription->message.stream;
    refuse.decision_id = (char *)decision_id;
    refuse.reason = (char *)reason;
    refuse.has_for_good = refuse.for_good = for_good;
    bool is_sent; /* when not: it is delivered again after the reconnection all the same */
    return send_request(client, WIRE_SUBSCRIBER_REQUEST__REQUEST_REFUSE, &refuse, &is_sent);
}

int subscription_leave(struct bellhop_client *client, bool forget)
{
    WireUnsubscribe unsubscribe = WIRE_UNSUBSCRIBE__INIT;
    unsubscribe.stream = client->subscription->message.stream;
    unsubscribe.has_forget = unsubscribe.forget = forget;
    bool is_sent;
    int rc = send_request(client, WIRE_SUBSCRIBER_REQUEST__REQUEST_UNSUBSCRIBE, &unsubscribe, &is_sent);
    if (rc == BELLHOP_OK && !is_sent && forget)
        rc = why_set(client->why, BELLHOP_NETWORK, "not connected: the stream could not be forgotten");
    return rc;
}

size_t subscription_unrecorded(const struct subscription *subscription)
{
    return subscription->unrecorded;
}
