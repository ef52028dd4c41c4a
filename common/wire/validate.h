/* validate: checks what a stranger sent: always after decoding it, before believing it.
 *
 * protobuf-c accepts bad UTF-8, cuts text at NUL and keeps unknown enum values and fields; all that ends here.
 * Unknown fields are refused, not dropped: whoever sends them thinks they mean something. (Services are
 * therefore upgraded before registers; a register ignores what it does not know in replies.) */
#ifndef BELLHOP_WIRE_VALIDATE_H
#define BELLHOP_WIRE_VALIDATE_H

#include "common/base/arena.h"
#include "common/base/bytes.h"
#include "common/wire/refusal.h"
#include "common/wire/rules.h"

/* Check a decoded message against its rules, and `bytes`, what it was decoded from, for what decoding hid
 * (unknown fields are seen in the message, NULs only in the bytes). `ret_refusal` says the first complaint, in
 * the order of field numbers. */
bool wire_validate_message(const struct wire_message_rules *rules, const void *message, struct slice bytes,
                           struct wire_refusal *ret_refusal);

struct wire_event_check {
    int64_t sent_at;    /* the publisher's clock */
    int64_t now;        /* ours */
    bool may_be_system; /* the sender is one of our services */
};

/* How far ahead of `sent_at` an event may have occurred, and of `now` an id may be minted. */
#define WIRE_AHEAD_OF_SENT_MOST_US INT64_C(300000000)      /* 5 min: other clocks in the same shop */
#define WIRE_ID_AHEAD_MOST_US      INT64_C(31622400000000) /* 366 days: ids choose the log's partitions */

/* Decode one event from its bytes and check all of it: rules, body, id, times. NULL: see the refusal. */
WireEvent *wire_validate_event_bytes(struct slice bytes, const struct wire_event_check *check,
                                     struct arena *arena, struct wire_refusal *ret_refusal);

/* The same for an event that is already decoded; `bytes` may be empty when it did not come over a wire. */
bool wire_validate_event(const WireEvent *event, struct slice bytes, const struct wire_event_check *check,
                         struct wire_refusal *ret_refusal);

/* Decode and check a request at one of the doors: &wire_subscriber_request_rules or
 * &wire_register_request_rules. A register's request is read as WireRegisterRequestBytes: its events are
 * still bytes, for wire_validate_event_bytes(), so that one bad event spoils no other. */
void *wire_validate_request(const struct wire_message_rules *rules, struct slice bytes, struct arena *arena,
                            struct wire_refusal *ret_refusal);

#endif
