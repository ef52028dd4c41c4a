/* answer: what a register hears of a case, and how it was answered, as a word of its row and on the wire. Pure. */
#ifndef BELLHOP_WIRE_ANSWER_H
#define BELLHOP_WIRE_ANSWER_H

#include "proto/bellhop/v1/decision.pb-c.h"

/* "granted", "refused", "done". */
const char *wire_answer_word(WireAnswer answer);

/* Of one of these words; anything else, NULL included, is DONE. */
WireAnswer wire_answer_of(const char *word);

/* The case as it stands; it borrows from `body`. */
WireVerdictCase wire_verdict_case_of(const WireCase *body);

#endif
