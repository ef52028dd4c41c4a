/* json_fuzz: any text as an event in JSON: refused, or built; what is built is written, read and written
 * alike. */
#include "tests/support/json_text.h"

#include "proto/bellhop/v1/event.pb-c.h"
#include "tests/fuzz/fuzzing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = fresh_arena();
    struct wire_refusal refusal = {.reason = WIRE_FINE};
    WireEvent *event = json_text_read(&wire_event__descriptor, slice_of(data, size), arena, &refusal);
    require(!event == (refusal.reason != WIRE_FINE));
    require(text_is_utf8(refusal.field, strlen(refusal.field)));
    require(text_is_utf8(refusal.explanation, strlen(refusal.explanation)));
    if (!event)
        return 0;
    struct bytes first = {0}, second = {0};
    wire_json_write(event, &first);
    WireEvent *again = json_text_read(&wire_event__descriptor, bytes_slice(&first), arena, &refusal);
    if (again) /* the arena may be full by now */
        wire_json_write(again, &second);
    require(again ? slice_equal(bytes_slice(&first), bytes_slice(&second))
                  : refusal.reason == WIRE_TOO_LARGE);
    bytes_clear(&first);
    bytes_clear(&second);
    return 0;
}
