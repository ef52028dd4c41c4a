/* request_fuzz: any bytes as a register's and as a subscriber's request: refused with a word and a printable
 * sentence, or encoded again and read alike. */
#include "tests/fuzz/fuzzing.h"

static void try_request(const struct wire_message_rules *rules, struct slice bytes)
{
    struct arena *arena = fresh_arena();
    struct wire_refusal refusal = {.reason = WIRE_FINE};
    void *request = wire_validate_request(rules, bytes, arena, &refusal);
    require(!request == (refusal.reason != WIRE_FINE));
    require(text_is_printable(refusal.field, strlen(refusal.field)));
    require(text_is_printable(refusal.explanation, strlen(refusal.explanation)));
    if (!request)
        return;
    struct bytes packed = {0};
    wire_pack(request, &packed);
    require(wire_validate_request(rules, bytes_slice(&packed), arena, NULL) != NULL);
    bytes_clear(&packed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    try_request(&wire_register_request_rules, slice_of(data, size));
    try_request(&wire_subscriber_request_rules, slice_of(data, size));
    return 0;
}
