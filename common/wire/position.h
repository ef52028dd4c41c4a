/* position: places in the log, and identities of decisions, as values and as text.
 *
 * A position is written "epoch-seq", 1-4711, a decision's identity "epoch-seq-ordinal", 1-4711-0: decimal,
 * without leading zeros. */
#ifndef BELLHOP_WIRE_POSITION_H
#define BELLHOP_WIRE_POSITION_H

#include "proto/bellhop/v1/decision.pb-c.h"

#include <stdbool.h>
#include <stdint.h>

struct position {
    uint32_t epoch;
    uint64_t seq;
};

struct decision_id {
    struct position position;
    uint32_t ordinal;
};

enum {
    POSITION_TEXT_SIZE = sizeof "4294967295-18446744073709551615",
    DECISION_ID_TEXT_SIZE = sizeof "4294967295-18446744073709551615-4294967295"
};

void position_format(struct position position, char into[static POSITION_TEXT_SIZE]);
void decision_id_format(struct decision_id id, char into[static DECISION_ID_TEXT_SIZE]);

/* 0 or -EINVAL, the result untouched. */
int position_parse(const char *text, struct position *ret_position);
int decision_id_parse(const char *text, struct decision_id *ret_id);

/* All zero where the message is absent (NULL) or says nothing. */
struct position position_of(const WirePosition *message);
struct decision_id decision_id_of(const WireDecision *decision);

/* A message that holds it. */
WirePosition position_message(struct position position);

#endif
