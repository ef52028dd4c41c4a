/* prepare: appointments as events and time change them, and what rules may ask of them. */
#include "common/policy/decide/deciding.h"

static bool look_at(struct deciding *deciding, const struct appointment *appointment)
{
    if (!appointment || appointment->is_drill != deciding->is_drill)
        return false;
    deciding->appointment = appointment;
    return true;
}

void decide_appointment(struct deciding *deciding)
{
    const WireEvent *event = deciding->occurrence.event;
    const char *appointment_id = appointment_id_of(event);
    if (!appointment_id ||
        !look_at(deciding, state_appointment(deciding->fold, deciding->store_id, appointment_id)))
        return;
    /* ready, moved, over or off: nobody need come any more */
    subject_overtake(deciding, WIRE_DEADLINE_KIND__PREPARATION_DUE, deciding->appointment->interaction,
                     appointment_id);
}

void decide_preparation_due(struct deciding *deciding, const WireDeadlinePassed *passed)
{
    bool is_reminder = passed->kind == WIRE_DEADLINE_KIND__PREPARATION_REMINDER_DUE;
    const struct appointment *appointment =
        state_appointment(deciding->fold, deciding->store_id, passed->subject);
    if (!appointment || appointment->round != passed->round || is_reminder != (appointment->remind_at != 0))
        return;
    deciding->appointment = appointment;
    deciding->is_drill = appointment->is_drill;
    deciding->is_late = appointment->is_late;
    deciding_turn_to(deciding, deciding_keep(deciding, appointment->interaction),
                     deciding_keep(deciding, appointment->customer), appointment->owner);
    perform_rules(deciding, &deciding->policy->by_event[WIRE_EVENT__BODY_DEADLINE_PASSED], NULL);
}

bool appointment_fill(struct deciding *deciding, WireAppointmentFacts *facts)
{
    const WireEvent *event = deciding->occurrence.event;
    const struct appointment *appointment = deciding->appointment;
    *facts = (WireAppointmentFacts)WIRE_APPOINTMENT_FACTS__INIT;
    if (event->body_case == WIRE_EVENT__BODY_APPOINTMENT_BOOKED) {
        const WireAppointmentBooked *booked = event->appointment_booked;
        facts->appointment_id = booked->appointment_id;
        facts->starts_at = booked->at;
        facts->prepare_by_at = appointment_prepare_by(booked);
        facts->has_prepare_by_at = facts->prepare_by_at != 0;
        facts->owner = event->employee_id ? event->employee_id : deciding_owner(deciding);
        facts->customer_id = (char *)deciding->customer_id;
        return true;
    }
    if (!appointment)
        return false;
    facts->appointment_id = (char *)(appointment->key + strlen(appointment->key) + 1);
    facts->starts_at = appointment->starts_at;
    facts->prepare_by_at = appointment->prepare_by_at;
    facts->has_prepare_by_at = true;
    facts->owner = (char *)appointment->owner;
    facts->customer_id = (char *)appointment->customer;
    return true;
}
