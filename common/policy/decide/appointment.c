/* appointment: what events and time conclude about appointments. */
#include "common/policy/decide/appointment.h"

#include "common/policy/decide/case.h"

void appointment_conclude(struct deciding *deciding)
{
    const WireEvent *event = deciding->occurrence.event;
    const char *appointment_id = appointment_id_of(event);
    deciding->appointment =
        appointment_find(deciding->fold, deciding->store_id, appointment_id, deciding->is_drill);
    if (!deciding->appointment)
        return;
    if (appointment_is_overtaken(deciding->appointment, &deciding->occurrence))
        return;
    /* ready, moved, over or off: nobody need come any more */
    case_overtake_subject(deciding, WIRE_DEADLINE_KIND__PREPARATION_DUE, deciding->appointment->interaction,
                          appointment_id);
}

bool appointment_come_due(struct deciding *deciding, const WireDeadlinePassed *passed)
{
    bool is_reminder = passed->kind == WIRE_DEADLINE_KIND__PREPARATION_REMINDER_DUE;
    const struct appointment *appointment =
        appointment_find(deciding->fold, deciding->store_id, passed->subject, deciding->is_drill);
    if (!appointment || appointment->has_ended || appointment->round != passed->round ||
        is_reminder != (appointment->remind_at != 0))
        return false;
    deciding->appointment = appointment;
    deciding->is_late = appointment->is_late;
    deciding_turn_to(deciding, deciding_keep(deciding, appointment->interaction),
                     deciding_keep(deciding, appointment->customer), appointment->owner);
    return true;
}
