/* json_text: a message from JSON text, for tests and fuzz targets. */
#ifndef BELLHOP_TESTS_SUPPORT_JSON_TEXT_H
#define BELLHOP_TESTS_SUPPORT_JSON_TEXT_H

#include "common/wire/json.h"

/* Parse and build; duplicate names, trailing bytes and bad UTF-8 are refused. NULL: see the refusal. */
static inline void *json_text_read(const ProtobufCMessageDescriptor *descriptor, struct slice text,
                                   struct arena *arena, struct wire_refusal *ret_refusal)
{
    json_error_t error;
    json_t *json = json_loadb((const char *)text.data, text.size, JSON_REJECT_DUPLICATES, &error);
    if (!json) {
        wire_refuse(ret_refusal, WIRE_MALFORMED, "", "line %d, column %d: %s", error.line, error.column,
                    error.text);
        return NULL;
    }
    void *message = wire_json_message(descriptor, json, arena, ret_refusal);
    json_decref(json);
    return message;
}

#endif
