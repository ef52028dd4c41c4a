/* rules: what each field may hold, in one table that the protocol document and the policy language read too.
 *
 * It covers everything that strangers send: events, and the requests at both doors. Messages between the
 * services have no rules: they are only decoded. */
#ifndef BELLHOP_WIRE_RULES_H
#define BELLHOP_WIRE_RULES_H

#include "common/wire/charset.h"

#include "proto/bellhop/v1/publish.pb-c.h"

#include <stdbool.h>
#include <stdint.h>

/* What the envelope must have beside a body. */
enum wire_need { WIRE_NEEDS_STORE = 1, WIRE_NEEDS_INTERACTION = 2, WIRE_NEEDS_EMPLOYEE = 4 };

struct wire_message_rules;

struct wire_field_rule {
    const char *name; /* as in the .proto */
    bool is_required;
    bool is_system;            /* a body that registers may not send */
    enum wire_charset charset; /* of text */
    unsigned needs;            /* of a body: enum wire_need */
    uint32_t least_size;       /* bytes, of text and bytes */
    uint32_t most_size;
    uint32_t most_count; /* of a repeated field */
    int64_t least;       /* of numbers */
    int64_t most;
    const struct wire_message_rules *message; /* of a message field */
};

struct wire_message_rules {
    const ProtobufCMessageDescriptor *descriptor;
    const struct wire_field_rule *fields; /* as many as the descriptor has, in its order */
    unsigned field_count;
};

/* Limits that belong to no single field. */
enum {
    WIRE_EVENT_MOST_BYTES = 64 * 1024,          /* encoded, from a register */
    WIRE_SYSTEM_EVENT_MOST_BYTES = 2048 * 1024, /* a policy with its zones */
    WIRE_REQUEST_MOST_BYTES = 4096 * 1024,
    WIRE_REQUEST_MOST_EVENTS = 1000,
    WIRE_LABELS_MOST = 16,
    WIRE_TEXT_MOST_BYTES = 4000,
};

#define WIRE_EARLIEST_AT INT64_C(946684800000000)    /* 2000-01-01: no event is older */
#define WIRE_LATEST_AT   INT64_C(253402300799999999) /* 9999-12-31: no instant is beyond */

/* Of one field, or NULL when the message has no rules or no such field. */
const struct wire_field_rule *wire_rule_of(const ProtobufCMessageDescriptor *descriptor, const char *field);

/* The field is always there: the policy language needs no guard for it. */
bool wire_rules_require(const ProtobufCMessageDescriptor *descriptor, const char *field);

/* Every message that has rules, for tests and documents: `*at` starts at 0; NULL at the end. */
const struct wire_message_rules *wire_rules_next(unsigned *at);

extern const struct wire_message_rules wire_event_rules;
extern const struct wire_message_rules wire_register_request_rules;
extern const struct wire_message_rules wire_subscriber_request_rules;

#endif
