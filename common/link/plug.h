/* plug: a dealer for the library we give away: in a stranger's process, without a loop, never aborting.
 *
 * It connects to one router, and keeps trying for ever. Whatever is unanswered when a connection ends is lost
 * without a word: the owner keeps it and sends it again when plug_connections() has changed. Only one thread
 * at a time may use it, and none after fork. */
#ifndef BELLHOP_LINK_PLUG_H
#define BELLHOP_LINK_PLUG_H

#include "common/link/link.h"

#include <stdint.h>

struct plug;

/* 0, -ENOMEM, or -errno when the endpoint cannot be used. `keys` may be NULL: plain. */
int plug_open(const char *endpoint, const struct link_keys *keys, struct plug **ret_plug);
void plug_close(struct plug *plug);

/* LINK_UNREACHABLE while there is no connection, LINK_FULL when its queue is full. */
enum link_sent plug_send(struct plug *plug, struct slice message);

/* The next message, valid until the next call; false: none now. Messages of several frames are dropped. */
bool plug_receive(struct plug *plug, struct slice *ret_message);

/* How many connections were made so far. Also notices what has happened to the connection. */
uint64_t plug_connections(struct plug *plug);
bool plug_is_connected(const struct plug *plug);

/* Wait until one of `count` plugs (NULL ones are skipped) has something, at most `timeout_ms`, or until a
 * signal came. */
void plug_wait(struct plug *const *plugs, size_t count, int timeout_ms);

/* Something can be received now. */
bool plug_has_message(struct plug *plug);

/* Let `epoll` (a descriptor of epoll_create1) become readable when the plug may have something. Edges, not
 * levels, and sending too may swallow one: before waiting for the next, receive until plug_has_message() is
 * false. 0 or -errno. */
int plug_watch(struct plug *plug, int epoll);

AUTO_CLOSE(plug)

#endif
