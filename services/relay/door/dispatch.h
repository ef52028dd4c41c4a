/* dispatch: packs replies for subscribers, and fetches the free text of deliveries that have some.
 *
 * Text is kept apart from decisions and may be erased: it is read for each sending and never kept. */
#ifndef BELLHOP_RELAY_DOOR_DISPATCH_H
#define BELLHOP_RELAY_DOOR_DISPATCH_H

#include "common/base/bytes.h"
#include "common/store/read/database.h"
#include "proto/bellhop/v1/subscribe.pb-c.h"
#include "services/relay/deliver/durable.h"

struct dispatch;

/* Sends one message to a session. False: it is not there any more. */
typedef bool dispatch_send(void *owner, uint64_t session, struct slice message);

struct dispatch *dispatch_new(struct database *database, dispatch_send *send, void *owner);
void dispatch_free(struct dispatch *dispatch);

/* Now, or once its text has been read. False: the session is not there any more. */
bool dispatch_delivery(struct dispatch *dispatch, const struct durable_delivery *delivery);

/* `message` is the reply of that case. False: the session is not there any more. */
bool dispatch_reply(struct dispatch *dispatch, uint64_t session, WireSubscriberReply__ReplyCase reply_case,
                    void *message);

/* The message of the live tail: no stream, no attempt, no text. */
void dispatch_pack_tail(const struct item *item, struct bytes *into);

#endif
