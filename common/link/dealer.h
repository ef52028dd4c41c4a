/* dealer: the asking side of one router, pipelined.
 *
 * Whatever is unanswered when a connection ends is lost without a word: owners keep it and send it again in
 * on_connected, which is called after each connection, the first one included. It reconnects for ever. */
#ifndef BELLHOP_LINK_DEALER_H
#define BELLHOP_LINK_DEALER_H

#include "common/link/link.h"

struct link_dealer;

struct link_dealer_calls {
    void (*on_message)(void *owner, struct slice message);
    void (*on_connected)(void *owner);    /* may be NULL */
    void (*on_disconnected)(void *owner); /* may be NULL */
    void *owner;
};

struct link_dealer *link_dealer_connect(struct link_context *context, struct loop *loop, const char *endpoint,
                                        const struct link_options *options,
                                        const struct link_dealer_calls *calls, char *why, size_t why_size);
void link_dealer_close(struct link_dealer *dealer);

enum link_sent link_dealer_send(struct link_dealer *dealer, struct slice message);

bool link_dealer_is_connected(const struct link_dealer *dealer);

AUTO_CLOSE(link_dealer)

#endif
