/* topic: the dotted words under which a decision is published, and the patterns that match them.
 *
 * Always four words, noun.verb.store.whom: "case.opened.harbour.shift_lead", "verdict.given.harbour.granted".
 * Where there is no word, "-" stands. A pattern is the first words of a topic, each of which may be "*"; the
 * empty pattern matches everything. The live tail compares bytes, not words: there "case.opened.har" matches
 * harbour too. */
#ifndef BELLHOP_WIRE_TOPIC_H
#define BELLHOP_WIRE_TOPIC_H

#include "proto/bellhop/v1/decision.pb-c.h"

#include <stdbool.h>

/* Longer ones never reach a subscriber of the tail (libzmq loses those of 246 to 255 bytes). */
enum { TOPIC_SIZE = 200, TOPIC_PATTERN_MOST_BYTES = TOPIC_SIZE - 1 };

struct topic {
    char text[TOPIC_SIZE];
};

/* The last word is a case's role, a follow-up's owner or "nobody", the employee of recognition, coaching and
 * notices, the lead's role of coaching for the lead alone, a finding's rule, the outcome of a verdict or an experience in lower case; else the decision's
 * audience. */
struct topic topic_of(const WireDecision *decision);

/* The first two words of a kind, "case.opened". */
const char *topic_of_kind(WireDecisionKind kind);

/* Words of A-Z a-z 0-9 _ - or a lone *, parted by single dots, at most four; "" too. */
bool topic_pattern_is_valid(const char *pattern);

/* Decisions have such topics: the first word is one of theirs, the second one that goes with it. False: `words` are
 * those there are instead. Of a valid pattern. */
enum { TOPIC_WORDS_SIZE = 160 };
bool topic_pattern_is_known(const char *pattern, char words[static TOPIC_WORDS_SIZE]);

bool topic_matches(const char *pattern, const char *topic);

#endif
