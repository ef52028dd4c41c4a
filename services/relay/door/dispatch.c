/* dispatch: one buffer, and a list of those that wait. */
#include "services/relay/door/dispatch.h"

#include "common/base/list.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/service/log.h"
#include "common/store/read/log_reader.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"

enum { EVENT_ID_SIZE = 16, TEXT_TRIES = 5 };

struct dispatch {
    struct database *database;
    dispatch_send *send;
    void *owner;
    struct bytes packed;
    struct list waiting;
};

/* A delivery whose text is being read. */
struct waiting_text {
    struct list_node node;
    struct dispatch *dispatch;
    struct durable_delivery delivery;
    struct item *item;
    char stream[64 + 1];
    char dead_letter[DECISION_ID_TEXT_SIZE];
    unsigned tries;
};

struct dispatch *dispatch_new(struct database *database, dispatch_send *send, void *owner)
{
    struct dispatch *dispatch = NEW(dispatch);
    dispatch->database = database;
    dispatch->send = send;
    dispatch->owner = owner;
    list_init(&dispatch->waiting);
    return dispatch;
}

static void waiting_free(struct waiting_text *waiting)
{
    list_remove(&waiting->node);
    item_release(waiting->item);
    free(waiting);
}

void dispatch_free(struct dispatch *dispatch)
{
    if (!dispatch)
        return;
    LIST_EACH_SAFE(node, &dispatch->waiting) {
        struct waiting_text *waiting = CONTAINER_OF(node, struct waiting_text, node);
        database_forget(dispatch->database, waiting);
        waiting_free(waiting);
    }
    bytes_clear(&dispatch->packed);
    free(dispatch);
}

bool dispatch_reply(struct dispatch *dispatch, uint64_t session, WireSubscriberReply__ReplyCase reply_case,
                    void *message)
{
    WireSubscriberReply reply = WIRE_SUBSCRIBER_REPLY__INIT;
    reply.reply_case = reply_case;
    reply.delivery = message; /* or what else the case says: a union of pointers */
    bytes_reset(&dispatch->packed);
    wire_pack(&reply, &dispatch->packed);
    return dispatch->send(dispatch->owner, session, bytes_slice(&dispatch->packed));
}

static void fill_delivery(WireDelivery *message, const struct item *item)
{
    message->decision_id = (char *)item->decision_id;
    message->topic = (char *)item->topic.text;
    message->decision = (WireDecision *)item->decision;
}

void dispatch_pack_tail(const struct item *item, struct bytes *into)
{
    WireDelivery message = WIRE_DELIVERY__INIT;
    fill_delivery(&message, item);
    wire_pack(&message, into);
}

static bool send_now(struct dispatch *dispatch, const struct durable_delivery *delivery, const char *text)
{
    WireDelivery message = WIRE_DELIVERY__INIT;
    fill_delivery(&message, delivery->item);
    message.stream = (char *)delivery->stream;
    WIRE_SET(&message, attempt, delivery->attempt);
    message.has_replayed = message.replayed = delivery->is_replayed;
    message.has_snapshot = message.snapshot = delivery->is_snapshot;
    message.has_still_open = delivery->is_replayed && item_case(delivery->item);
    message.still_open = delivery->is_still_open;
    message.dead_letter = (char *)delivery->dead_letter;
    message.text = (char *)text;
    return dispatch_reply(dispatch, delivery->session, WIRE_SUBSCRIBER_REPLY__REPLY_DELIVERY, &message);
}

static void on_text(void *owner, const struct text_page *page)
{
    struct waiting_text *waiting = owner;
    struct dispatch *dispatch = waiting->dispatch;
    if (page->fault && ++waiting->tries < TEXT_TRIES) {
        log_read_text(dispatch->database, waiting->item->decision->event_id.data, on_text, waiting);
        return;
    }
    if (page->fault)
        log_warning("text-unread", "could not read the text of a delivery, it will be delivered again",
                    FIELD("stream", waiting->stream), FIELD("decision", waiting->item->decision_id),
                    FIELD("reason", page->fault));
    else
        send_now(dispatch, &waiting->delivery, page->text);
    waiting_free(waiting);
}

static void wait_for_text(struct dispatch *dispatch, const struct durable_delivery *delivery)
{
    struct waiting_text *waiting = NEW(waiting_text);
    waiting->dispatch = dispatch;
    waiting->delivery = *delivery;
    waiting->item = item_hold((struct item *)delivery->item);
    text_copy(waiting->stream, sizeof waiting->stream, delivery->stream);
    text_copy(waiting->dead_letter, sizeof waiting->dead_letter,
              delivery->dead_letter ? delivery->dead_letter : "");
    waiting->delivery.stream = waiting->stream;
    waiting->delivery.dead_letter = delivery->dead_letter ? waiting->dead_letter : NULL;
    list_append(&dispatch->waiting, &waiting->node);
    log_read_text(dispatch->database, waiting->item->decision->event_id.data, on_text, waiting);
}

bool dispatch_delivery(struct dispatch *dispatch, const struct durable_delivery *delivery)
{
    const WireDecision *decision = delivery->item->decision;
    if (!decision->has_text || decision->event_id.len != EVENT_ID_SIZE)
        return send_now(dispatch, delivery, NULL);
    wait_for_text(dispatch, delivery);
    return true;
}
