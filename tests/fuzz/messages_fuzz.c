/* messages_fuzz: any bytes as each message between the services and to clients: decoded or not, never worse.
 */
#include "common/wire/json.h"
#include "common/wire/topic.h"

#include "proto/bellhop/v1/append.pb-c.h"
#include "proto/bellhop/v1/subscribe.pb-c.h"
#include "tests/fuzz/fuzzing.h"

static const ProtobufCMessageDescriptor *const messages[] = {
    &wire_append_request__descriptor,   &wire_append_reply__descriptor,   &wire_feed__descriptor,
    &wire_register_request__descriptor, &wire_register_reply__descriptor, &wire_subscriber_reply__descriptor,
    &wire_decision__descriptor,         &wire_logged_event__descriptor,
};

/* The first byte chooses the message. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    const ProtobufCMessageDescriptor *descriptor = messages[data[0] % (sizeof messages / sizeof messages[0])];
    struct arena *arena = fresh_arena();
    void *message = wire_unpack(descriptor, slice_of(data + 1, size - 1), arena, NULL);
    if (!message)
        return 0;
    struct bytes written = {0};
    wire_json_write(message, &written);
    if (descriptor == &wire_decision__descriptor && !topic_pattern_is_valid(topic_of(message).text))
        abort();
    bytes_clear(&written);
    return 0;
}
