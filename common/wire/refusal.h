/* refusal: why a message is not accepted, in stable words.
 *
 * The words go on the wire, into rows and into the protocol document, and never change. Those that only
 * bellhop-persist or bellhop-relay can say are here too, so that there is one list. */
#ifndef BELLHOP_WIRE_REFUSAL_H
#define BELLHOP_WIRE_REFUSAL_H

#include <stdbool.h>
#include <stddef.h>

enum wire_reason {
    WIRE_FINE,
    /* of any message */
    WIRE_MALFORMED,
    WIRE_TOO_LARGE,
    WIRE_UNKNOWN_FIELD,
    WIRE_MISSING_FIELD,
    WIRE_NOT_UTF8,
    WIRE_EMBEDDED_NUL,
    WIRE_BAD_CHARACTERS,
    WIRE_TOO_SHORT,
    WIRE_TOO_LONG,
    WIRE_TOO_MANY,
    WIRE_OUT_OF_RANGE,
    WIRE_UNKNOWN_VALUE,
    WIRE_MORE_THAN_ONE,
    /* of an event */
    WIRE_NO_BODY,
    WIRE_BAD_ID,
    WIRE_ID_MISMATCH,
    WIRE_TOO_EARLY,
    WIRE_IN_THE_FUTURE,
    WIRE_SYSTEM_EVENT,
    WIRE_TOO_OLD,
    WIRE_CONTENT_DIFFERS,
    /* of a request */
    WIRE_NO_REQUEST,
    WIRE_TOO_MANY_FRAMES,
    WIRE_TOO_MANY_EVENTS,
    WIRE_NEEDS_DEALER,
    /* of a subscriber's request */
    WIRE_UNKNOWN_STREAM,
    WIRE_BAD_TOPIC,
    WIRE_BAD_FILTER,
    WIRE_STREAM_ELSEWHERE,
    WIRE_TOO_MANY_STREAMS,
    WIRE_BEYOND_HEAD,
    WIRE_UNKNOWN_ROLE,
    WIRE_TOO_MANY_SUBSCRIBERS,
    WIRE_STOPPING,
    WIRE_REASONS
};

struct wire_refusal {
    enum wire_reason reason;
    char field[96];        /* "wait_reported.duration_ms", "labels[3].value"; "" of the whole message */
    char explanation[224]; /* for people, UTF-8, with the value complained of */
};

/* The stable word, "out_of_range". */
const char *wire_reason_word(enum wire_reason reason);

/* What the word means, one sentence. The protocol document has the same ones. */
const char *wire_reason_meaning(enum wire_reason reason);

/* False, always: return wire_refuse(refusal, …) reads well. `refusal` may be NULL. */
bool wire_refuse(struct wire_refusal *refusal, enum wire_reason reason, const char *field,
                 const char *explanation, ...) __attribute__((format(printf, 4, 5)));

/* The beginning of foreign text, safe to print: everything but printable ASCII becomes \xNN. Returns `into`.
 */
enum { WIRE_QUOTE_SIZE = 64 };
const char *wire_refusal_quote(char into[static WIRE_QUOTE_SIZE], const char *text, size_t size);

#endif
