/* sample: JSON merged, then read as any other. */
#include "tests/support/sample.h"

#include "tests/support/check.h"

#include "common/wire/event.h"
#include "common/wire/json.h"

static const char whole_sample[] =
    "{\"id\":\"018f3e53-5600-7abc-8def-0123456789ab\",\"source\":\"harbour/till-1\","
    "\"occurred_at\":\"2024-05-03T12:00:00Z\",\"store_id\":\"harbour\","
    "\"interaction_id\":\"visit-1\",\"interaction_opened\":{\"channel\":\"COUNTER\"}}";

static json_t *parse(const char *text)
{
    json_error_t error;
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    if (!json)
        fail_msg("%s: %s", text, error.text);
    return json;
}

WireEvent *sample_event(struct arena *arena, const char *changes)
{
    json_t *json = parse(whole_sample), *overlay = parse(changes);
    const char *name;
    json_t *value;
    json_object_foreach(overlay, name, value) if (wire_event_type_find(name) != WIRE_EVENT__BODY__NOT_SET)
        json_object_del(json, "interaction_opened");
    json_object_update(json, overlay);
    struct wire_refusal refusal;
    WireEvent *event = wire_json_message(&wire_event__descriptor, json, arena, &refusal);
    if (!event)
        fail_msg("%s: %s %s", changes, refusal.field, refusal.explanation);
    json_decref(json);
    json_decref(overlay);
    return event;
}
