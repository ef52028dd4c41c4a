/* reply: what the service says to what the outbox sent: receipts, BUSY, verdicts, updates. */
#ifndef BELLHOP_CLIENT_REPLY_H
#define BELLHOP_CLIENT_REPLY_H

#include "common/base/bytes.h"

#include <stdint.h>

struct bellhop_client;

/* A message came. It may call back. */
int reply_receive(struct bellhop_client *client, struct slice message, int64_t now_ms);

#endif
