/* event_field: tries what a value could be. */
#include "services/cli/publish/event_field.h"

#include "common/base/text.h"
#include "common/base/time.h"

int event_field_set(struct bellhop_event *event, const char *path, const char *value)
{
    int rc = bellhop_event_set_text(event, path, value);
    int64_t number;
    bool is_true;
    if (rc == BELLHOP_OK)
        return rc;
    if (text_parse_int64(value, INT64_MIN, INT64_MAX, &number) == 0 || time_parse(value, &number) == 0 ||
        text_parse_duration_ms(value, &number) == 0)
        return bellhop_event_set_int(event, path, number);
    if (text_parse_bool(value, &is_true) == 0)
        return bellhop_event_set_int(event, path, is_true);
    return rc;
}

int event_field_set_body(struct bellhop_event *event, const char *type, const char *path, const char *value)
{
    char whole[160];
    text_format(whole, sizeof whole, "%s.%s", type, path);
    return event_field_set(event, whole, value);
}
