/* answer: how a case was answered, as a word of its row and as what goes on the wire. Pure. */
#ifndef BELLHOP_WIRE_ANSWER_H
#define BELLHOP_WIRE_ANSWER_H

#include "proto/bellhop/v1/decision.pb-c.h"

/* "granted", "refused", "done". */
const char *wire_answer_word(WireAnswer answer);

/* Of one of these words; anything else, NULL included, is DONE. */
WireAnswer wire_answer_of(const char *word);

#endif
