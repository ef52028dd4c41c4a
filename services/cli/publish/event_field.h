/* event_field: sets an event's fields from words, whatever their type. */
#ifndef BELLHOP_CLI_PUBLISH_EVENT_FIELD_H
#define BELLHOP_CLI_PUBLISH_EVENT_FIELD_H

#include "common/client/bellhop.h"

/* `value` as text where the field takes text; else as a number, a time, a duration or yes and no: the field
 * decides, not the look of the value. A code of bellhop.h; the reason is bellhop_why(NULL). */
int event_field_set(struct bellhop_event *event, const char *path, const char *value);

/* The same for a field of the event's body, of type `type`: "amount.minor". */
int event_field_set_body(struct bellhop_event *event, const char *type, const char *path, const char *value);

#endif
