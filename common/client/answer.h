/* answer: what came back, as bellhop.h shows it. Everything points into `arena` and the message itself. */
#ifndef BELLHOP_CLIENT_ANSWER_H
#define BELLHOP_CLIENT_ANSWER_H

#include "common/base/arena.h"
#include "common/client/bellhop.h"

#include "proto/bellhop/v1/publish.pb-c.h"
#include "proto/bellhop/v1/subscribe.pb-c.h"

struct bellhop_receipt answer_receipt(const WireReceipt *receipt, const uint8_t event_id[BELLHOP_ID_SIZE]);

/* False when the arena is too small. The encoded message is put there too. */
bool answer_verdict(const WireVerdict *verdict, struct arena *arena, struct bellhop_verdict *ret_verdict);
bool answer_update(const WireVerdictUpdate *update, struct arena *arena, struct bellhop_update *ret_update);
bool answer_delivery(const WireDelivery *delivery, struct arena *arena,
                     struct bellhop_delivery *ret_delivery);

#endif
