/* refusal: the words and what they mean. */
#include "common/wire/refusal.h"

#include "common/base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct reason {
    const char *word;
    const char *meaning;
};

static const struct reason reasons[WIRE_REASONS] = {
    [WIRE_FINE] = {"fine", "nothing to complain of"},
    [WIRE_MALFORMED] = {"malformed", "the bytes are not a message of this kind"},
    [WIRE_TOO_LARGE] = {"too_large", "the message is larger, or takes more memory, than allowed"},
    [WIRE_UNKNOWN_FIELD] = {"unknown_field", "the message has a field that this version does not know"},
    [WIRE_MISSING_FIELD] = {"missing_field", "a required field is absent"},
    [WIRE_NOT_UTF8] = {"not_utf8", "a text is not well-formed UTF-8"},
    [WIRE_EMBEDDED_NUL] = {"embedded_nul", "a text contains a zero byte"},
    [WIRE_BAD_CHARACTERS] = {"bad_characters", "a text has a character that is not allowed in this field"},
    [WIRE_TOO_SHORT] = {"too_short", "a text or byte string is shorter than its field allows"},
    [WIRE_TOO_LONG] = {"too_long", "a text or byte string is longer than its field allows"},
    [WIRE_TOO_MANY] = {"too_many", "a repeated field has more values than allowed"},
    [WIRE_OUT_OF_RANGE] = {"out_of_range", "a number is outside its field's range"},
    [WIRE_UNKNOWN_VALUE] = {"unknown_value",
                            "an enum has a number that has no name, or no such delivery was made"},
    [WIRE_MORE_THAN_ONE] = {"more_than_one",
                            "the message holds two of what it may hold one of: requests, bodies"},
    [WIRE_NO_BODY] = {"no_body", "the event has no body"},
    [WIRE_BAD_ID] = {"bad_id", "the id is not 16 bytes, or not a UUID of version 7 or 8"},
    [WIRE_ID_MISMATCH] = {"id_mismatch",
                          "the version 8 id is not the one made from id_time, source and foreign_id"},
    [WIRE_TOO_EARLY] = {"too_early", "a time is before the year 2000"},
    [WIRE_IN_THE_FUTURE] = {"in_the_future",
                            "the event happened after it was sent, or its id lies too far in the future"},
    [WIRE_SYSTEM_EVENT] = {"system_event",
                           "the body or the source is one that only Bellhop's own services may use"},
    [WIRE_TOO_OLD] = {"too_old",
                      "events as old as the id are no longer kept, so a repeat would go unnoticed"},
    [WIRE_CONTENT_DIFFERS] = {"content_differs", "the id is in the log with other content"},
    [WIRE_NO_REQUEST] = {"no_request", "the message holds no request"},
    [WIRE_TOO_MANY_FRAMES] = {"too_many_frames",
                              "the message has more frames than a return envelope may have"},
    [WIRE_TOO_MANY_EVENTS] = {"too_many_events", "the request has more events than allowed"},
    [WIRE_NEEDS_DEALER] = {"needs_dealer", "updates come unasked: a REQ socket would take one for its reply"},
    [WIRE_UNKNOWN_STREAM] = {"unknown_stream", "this connection has not subscribed to that stream"},
    [WIRE_BAD_TOPIC] =
        {"bad_topic",
         "a topic pattern is not dotted words of a topic, or the stream began with other patterns"},
    [WIRE_BAD_FILTER] = {"bad_filter", "the filter is not a condition that can be evaluated safely"},
    [WIRE_STREAM_ELSEWHERE] = {"stream_elsewhere", "another relay serves this stream now"},
    [WIRE_TOO_MANY_STREAMS] = {"too_many_streams", "the limit of streams in use is reached"},
    [WIRE_BEYOND_HEAD] = {"beyond_head", "the position is of a later epoch or beyond the end of the log"},
    [WIRE_UNKNOWN_ROLE] = {"unknown_role", "no policy has a level of that role, so it would never be called"},
    [WIRE_TOO_MANY_SUBSCRIBERS] = {"too_many_subscribers",
                                   "no more connections are let in for now, try again"},
    [WIRE_STOPPING] = {"stopping", "the service is shutting down, try again"},
};

const char *wire_reason_word(enum wire_reason reason)
{
    return reasons[reason].word;
}

const char *wire_reason_meaning(enum wire_reason reason)
{
    return reasons[reason].meaning;
}

/* A library's own message may end in the middle of a character. */
static void keep_utf8(char *text)
{
    if (!text_is_utf8(text, strlen(text)))
        for (; *text; text++)
            *text = (uint8_t)*text < 0x80 ? *text : '?';
}

bool wire_refuse(struct wire_refusal *refusal, enum wire_reason reason, const char *field,
                 const char *explanation, ...)
{
    if (!refusal)
        return false;
    char text[sizeof refusal->explanation];
    va_list values;
    va_start(values, explanation);
    vsnprintf(text, sizeof text, explanation, values);
    va_end(values);
    keep_utf8(text);
    *refusal = (struct wire_refusal){.reason = reason};
    text_copy(refusal->field, sizeof refusal->field, field);
    text_copy(refusal->explanation, sizeof refusal->explanation, text);
    return false;
}

const char *wire_refusal_quote(char into[static WIRE_QUOTE_SIZE], const char *text, size_t size)
{
    size_t used = 0;
    size_t i = 0;
    for (; i < size && used < WIRE_QUOTE_SIZE - 8; i++) {
        uint8_t byte = (uint8_t)text[i];
        bool is_plain = byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
        used += (size_t)snprintf(into + used, WIRE_QUOTE_SIZE - used, is_plain ? "%c" : "\\x%02x", byte);
    }
    snprintf(into + used, WIRE_QUOTE_SIZE - used, "%s", i < size ? "..." : "");
    return into;
}
