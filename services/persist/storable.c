/* storable: texts that are UTF-8, times and numbers that the columns hold. */
#include "services/persist/storable.h"

#include "common/base/text.h"
#include "common/base/uuid.h"
#include "common/wire/charset.h"
#include "common/wire/rules.h"

#include <string.h>

static bool is_storable_text(const char *text)
{
    return !text || text_is_utf8(text, strlen(text));
}

static bool is_storable_time(int64_t at)
{
    return at >= 0 && at <= WIRE_LATEST_AT;
}

enum wire_reason storable_check_event(const WireAppendEvent *append, const WireEvent *event)
{
    if (event->id.len != UUID_SIZE || !event->source || event->body_case == WIRE_EVENT__BODY__NOT_SET)
        return WIRE_MALFORMED;
    bool is_text = is_storable_text(event->source) && is_storable_text(event->incarnation) &&
                   is_storable_text(event->store_id) && is_storable_text(event->interaction_id) &&
                   is_storable_text(event->employee_id) && is_storable_text(event->customer_id);
    for (size_t i = 0; i < append->n_texts; i++)
        is_text =
            is_text && is_storable_text(append->texts[i]->text) && is_storable_text(append->texts[i]->field);
    struct uuid id;
    memcpy(id.bytes, event->id.data, UUID_SIZE);
    bool is_time = is_storable_time(append->occurred_at) && is_storable_time(append->sent_at) &&
                   is_storable_time(uuid_ms(&id) * 1000);
    return !is_text ? WIRE_NOT_UTF8 : is_time ? WIRE_FINE : WIRE_OUT_OF_RANGE;
}

bool storable_deadlines(const WireDecisionBatch *batch)
{
    bool is_fine = batch->run <= INT64_MAX;
    for (size_t i = 0; i < batch->n_armed; i++) {
        const WireArmedDeadline *armed = batch->armed[i];
        is_fine = is_fine && armed->subject && is_storable_text(armed->subject) &&
                  is_storable_text(armed->store_id) && is_storable_text(armed->interaction_id) &&
                  is_storable_time(armed->due_at) &&
                  protobuf_c_enum_descriptor_get_value(&wire_deadline_kind__descriptor, (int)armed->kind);
    }
    return is_fine;
}

static bool is_storable_place(const WireDeliveryPlace *place)
{
    return !place || (place->seq <= INT64_MAX && place->ordinal <= INT32_MAX);
}

enum wire_reason storable_check_stream(const WireStreamWrite *write)
{
    size_t name_size = write->stream ? strlen(write->stream) : 0;
    if (name_size < 1 || name_size > WIRE_ID_MOST_BYTES)
        return WIRE_MALFORMED;
    bool is_fine = !write->state || !write->state->position || write->state->position->seq <= INT64_MAX;
    for (size_t i = 0; i < write->n_resent; i++)
        is_fine = is_fine && is_storable_place(write->resent[i]);
    for (size_t i = 0; i < write->n_dead_letters; i++) {
        const WireDeadLetter *letter = write->dead_letters[i];
        is_fine = is_fine && is_storable_place(letter->place) && letter->epoch <= INT32_MAX &&
                  letter->attempts <= INT32_MAX && is_storable_time(letter->dead_at);
    }
    return is_fine ? WIRE_FINE : WIRE_OUT_OF_RANGE;
}
