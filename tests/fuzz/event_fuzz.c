/* event_fuzz: any bytes as an event: refused with a word and a printable sentence, or good; what is good has
 * a canonical form that is its own canonical form, and can be shown as JSON and read from it again. */
#include "common/wire/event.h"
#include "tests/support/json_text.h"
#include "tests/fuzz/fuzzing.h"

static void require_fit(const struct wire_refusal *refusal)
{
    require(refusal->reason > WIRE_FINE && refusal->reason < WIRE_REASONS);
    require(text_is_printable(refusal->field, strlen(refusal->field)));
    require(text_is_printable(refusal->explanation, strlen(refusal->explanation)));
}

static void require_own_canonical_form(WireEvent *event, struct arena *arena)
{
    struct bytes first = {0}, second = {0};
    wire_event_take_text(event, arena);
    wire_event_write(event, &first);
    WireEvent *again = wire_unpack(&wire_event__descriptor, bytes_slice(&first), arena, NULL);
    require(again);
    wire_event_write(again, &second);
    require(slice_equal(bytes_slice(&first), bytes_slice(&second)));
    bytes_clear(&first);
    bytes_clear(&second);
}

static void require_same_through_json(const WireEvent *event, struct arena *arena)
{
    struct bytes shown = {0}, before = {0}, after = {0};
    wire_json_write(event, &shown);
    WireEvent *read = json_text_read(&wire_event__descriptor, bytes_slice(&shown), arena, NULL);
    require(read);
    wire_pack(event, &before);
    wire_pack(read, &after);
    require(slice_equal(bytes_slice(&before), bytes_slice(&after)));
    bytes_clear(&shown);
    bytes_clear(&before);
    bytes_clear(&after);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int64_t noon = INT64_C(1714737600000000);
    const struct wire_event_check check = {.sent_at = noon, .now = noon, .may_be_system = true};
    struct arena *arena = fresh_arena();
    struct wire_refusal refusal;
    WireEvent *event = wire_validate_event_bytes(slice_of(data, size), &check, arena, &refusal);
    if (!event) {
        require_fit(&refusal);
        return 0;
    }
    require_same_through_json(event, arena);
    require_own_canonical_form(event, arena);
    return 0;
}
