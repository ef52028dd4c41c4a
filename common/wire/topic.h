/* topic: under which dotted words a decision is told, and which patterns take it.
 *
 * Always four words, noun.verb.store.whom: "case.opened.harbour.shift_lead", "verdict.given.harbour.granted".
 * A word that there is none for is "-". A pattern is the first words of a topic, each of which may be "*";
 * the empty one takes everything. The live tail compares bytes, not words: there "case.opened.har" takes
 * harbour too. */
#ifndef BELLHOP_WIRE_TOPIC_H
#define BELLHOP_WIRE_TOPIC_H

#include "proto/decision.pb-c.h"

#include <stdbool.h>

/* Longer ones never reach a subscriber of the tail (libzmq loses those of 246 to 255 bytes). */
enum { TOPIC_SIZE = 200, TOPIC_PATTERN_MOST_BYTES = TOPIC_SIZE - 1 };

struct topic {
    char text[TOPIC_SIZE];
};

/* Whom: of a case its role, of a follow-up its owner or "nobody", of recognition, coaching and notices the
 * employee, of a finding its rule, of a verdict and an experience the outcome in lower case; else the
 * decision's audience. */
struct topic topic_of(const WireDecision *decision);

/* The first two words of a kind, "case.opened". */
const char *topic_of_kind(WireDecisionKind kind);

/* Words of A-Z a-z 0-9 _ - or a lone *, parted by single dots, at most four; "" too. */
bool topic_pattern_is_valid(const char *pattern);

bool topic_matches(const char *pattern, const char *topic);

#endif
