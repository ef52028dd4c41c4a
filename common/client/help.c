/* help: error texts, ids as text, messages as JSON. */
#include "common/client/bellhop.h"

#include "common/base/uuid.h"
#include "common/client/why.h"
#include "common/wire/json.h"
#include "common/wire/wire.h"

#include "proto/bellhop/v1/publish.pb-c.h"
#include "proto/bellhop/v1/subscribe.pb-c.h"

#include <stdlib.h>

enum { JSON_ARENA_BYTES = 4 * 1024 * 1024 };

const char *bellhop_error_text(int error)
{
    switch ((enum bellhop_error)error) {
    case BELLHOP_OK:
        return "no error";
    case BELLHOP_NO_MEMORY:
        return "out of memory";
    case BELLHOP_INVALID:
        return "not valid";
    case BELLHOP_SPOOL_FULL:
        return "the spool is full: the event was not taken";
    case BELLHOP_SPOOL_FAILED:
        return "the spool cannot be read or written: the event was not taken";
    case BELLHOP_SPOOL_IN_USE:
        return "the spool is in use by another process";
    case BELLHOP_NO_ANSWER:
        return "no answer: nobody knows yet";
    case BELLHOP_TIMEOUT:
        return "not in time";
    case BELLHOP_REFUSED:
        return "refused by the service";
    case BELLHOP_NETWORK:
        return "the endpoint cannot be used";
    case BELLHOP_IN_CALLBACK:
        return "not allowed inside a callback";
    case BELLHOP_FORKED:
        return "the client belongs to the parent process";
    case BELLHOP_NOT_OPEN:
        return "not open, or nothing there";
    }
    return "unknown error";
}

void bellhop_id_format(const uint8_t id[BELLHOP_ID_SIZE], char into[BELLHOP_ID_TEXT_SIZE])
{
    _Static_assert((int)BELLHOP_ID_TEXT_SIZE == (int)UUID_TEXT_SIZE && (int)BELLHOP_ID_SIZE == (int)UUID_SIZE,
                   "the same");
    struct uuid uuid;
    memcpy(uuid.bytes, id, sizeof uuid.bytes);
    uuid_format(&uuid, into);
}

int bellhop_id_parse(const char *text, uint8_t ret_id[BELLHOP_ID_SIZE])
{
    struct uuid uuid;
    if (!text || uuid_parse(text, &uuid) != 0)
        return why_set(NULL, BELLHOP_INVALID, "\"%.60s\" is not an id", text ? text : "");
    memcpy(ret_id, uuid.bytes, sizeof uuid.bytes);
    return BELLHOP_OK;
}

static const ProtobufCMessageDescriptor *find_message(const char *name)
{
    static const ProtobufCMessageDescriptor *const messages[] = {
        &wire_event__descriptor,    &wire_verdict__descriptor,  &wire_verdict_update__descriptor,
        &wire_delivery__descriptor, &wire_decision__descriptor, &wire_receipt__descriptor,
    };
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++)
        if (text_equal(messages[i]->short_name, name))
            return messages[i];
    return NULL;
}

int bellhop_json(const char *message_name, const void *bytes, size_t size, char **ret_json)
{
    const ProtobufCMessageDescriptor *descriptor = message_name ? find_message(message_name) : NULL;
    if (!descriptor)
        return why_set(NULL, BELLHOP_INVALID, "bellhop_json() does not know the message \"%.60s\"",
                       message_name ? message_name : "");
    struct arena arena = {.memory = malloc(JSON_ARENA_BYTES), .size = JSON_ARENA_BYTES};
    if (!arena.memory)
        return why_set(NULL, BELLHOP_NO_MEMORY, "no memory for JSON");
    const void *message = wire_unpack(descriptor, slice_of(bytes, size), &arena, NULL);
    json_t *json = message ? wire_json_of(message) : NULL;
    char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
    json_decref(json);
    free(arena.memory);
    if (!message)
        return why_set(NULL, BELLHOP_INVALID, "the bytes are not a %s", descriptor->short_name);
    if (!text)
        return why_set(NULL, BELLHOP_NO_MEMORY, "no memory for JSON");
    *ret_json = text;
    return BELLHOP_OK;
}
