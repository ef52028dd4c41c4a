/* appointment: entries, and their clocks. */
#include "common/policy/state/appointment.h"

#include "common/policy/state/entry.h"
#include "common/policy/state/snapshot.h"
#include "common/policy/state/state_age.h"

struct appointment *appointment_find(const struct fold *fold, const char *store_id,
                                     const char *appointment_id, bool is_drill)
{
    char key[KEY_CONTACT_SIZE];
    return appointment_id
               ? map_find(&fold->appointments, key, key_contact(store_id, appointment_id, is_drill, key))
               : NULL;
}

const char *appointment_id_of(const WireEvent *event)
{
    switch ((int)event->body_case) {
    case WIRE_EVENT__BODY_APPOINTMENT_BOOKED:
        return event->appointment_booked->appointment_id;
    case WIRE_EVENT__BODY_APPOINTMENT_PREPARED:
        return event->appointment_prepared->appointment_id;
    case WIRE_EVENT__BODY_APPOINTMENT_KEPT:
        return event->appointment_kept->appointment_id;
    case WIRE_EVENT__BODY_APPOINTMENT_CANCELLED:
        return event->appointment_cancelled->appointment_id;
    }
    return NULL;
}

int64_t appointment_prepare_by(const WireAppointmentBooked *booked)
{
    if (booked->has_to_prepare ? !booked->to_prepare : !booked->has_prepare_by_at)
        return 0;
    return booked->has_prepare_by_at ? booked->prepare_by_at : booked->at;
}

static struct appointment *make(struct fold *fold, const char *store_id, const char *appointment_id,
                                bool is_drill)
{
    struct appointment *appointment = appointment_find(fold, store_id, appointment_id, is_drill);
    if (!appointment) {
        char key[KEY_CONTACT_SIZE];
        size_t key_size = key_contact(store_id, appointment_id, is_drill, key);
        ENTRY_ADD(fold, &fold->appointments, appointment, key, key_size);
        appointment->deadline.owner = DEADLINE_OF_APPOINTMENT;
        appointment->is_drill = is_drill;
    }
    appointment->touched_at = fold->recorded_at;
    entry_touch(&fold->recent_appointments, &appointment->recent);
    return appointment;
}

struct owned appointment_owned(const struct appointment *appointment)
{
    return (struct owned){
        .store_id = appointment->key,
        .owner = appointment->owner,
        .customer_id = appointment->customer,
        .interaction_id = appointment->interaction,
        .at = appointment->told_at,
        .is_drill = appointment->is_drill,
    };
}

static void drop(struct fold *fold, struct appointment *appointment)
{
    deadline_stop(&fold->deadlines, &appointment->deadline);
    name_set(&fold->names, &appointment->owner, NULL);
    name_set(&fold->names, &appointment->customer, NULL);
    name_set(&fold->names, &appointment->interaction, NULL);
    ENTRY_REMOVE(fold, &fold->appointments, appointment);
}

static void arm(struct fold *fold, struct appointment *appointment)
{
    deadline_set(&fold->deadlines, &appointment->deadline,
                 appointment->remind_at ? appointment->remind_at : appointment->prepare_by_at);
}

static void book(struct fold *fold, const struct occurrence *occurrence, const struct booking *booking)
{
    const WireEvent *event = occurrence->event;
    const WireAppointmentBooked *booked = event->appointment_booked;
    struct appointment *appointment = make(fold, event->store_id, booked->appointment_id, event->drill);
    appointment->starts_at = booked->at;
    appointment->prepare_by_at = appointment_prepare_by(booked);
    appointment->remind_at =
        appointment->prepare_by_at > fold->recorded_at
            ? promise_remind_at(booking->policy, occurrence->at, appointment->prepare_by_at)
            : 0;
    appointment->seq = occurrence->seq;
    appointment->round++;
    appointment->is_late = booking->is_late;
    appointment->has_ended = appointment->is_foretold = false;
    appointment->told_at = occurrence->at;
    name_set(&fold->names, &appointment->owner, booking->owner);
    name_set(&fold->names, &appointment->customer, booking->customer);
    name_set(&fold->names, &appointment->interaction, event->interaction_id);
    if (booking->is_old && appointment->prepare_by_at <= fold->recorded_at)
        deadline_stop(&fold->deadlines, &appointment->deadline);
    else
        arm(fold, appointment);
}

/* Whatever ends it is followed by a booking that is later, not by one of the same time. */
bool appointment_is_overtaken(const struct appointment *appointment, const struct occurrence *occurrence)
{
    bool is_booking = occurrence->event->body_case == WIRE_EVENT__BODY_APPOINTMENT_BOOKED;
    return appointment && (occurrence->at < appointment->told_at || (is_booking && appointment->is_foretold &&
                                                                     occurrence->at == appointment->told_at));
}

static void end(struct fold *fold, const struct occurrence *occurrence)
{
    const WireEvent *event = occurrence->event;
    bool is_new = !appointment_find(fold, event->store_id, appointment_id_of(event), event->drill);
    struct appointment *appointment = make(fold, event->store_id, appointment_id_of(event), event->drill);
    deadline_stop(&fold->deadlines, &appointment->deadline);
    appointment->has_ended = true;
    appointment->is_foretold |= is_new;
    appointment->told_at = occurrence->at;
}

void appointment_observe(struct fold *fold, const struct occurrence *occurrence,
                         const struct booking *booking)
{
    const WireEvent *event = occurrence->event;
    struct appointment *appointment =
        appointment_find(fold, event->store_id, appointment_id_of(event), event->drill);
    bool is_to_prepare = event->body_case == WIRE_EVENT__BODY_APPOINTMENT_BOOKED &&
                         appointment_prepare_by(event->appointment_booked) && booking->policy;
    if (appointment_is_overtaken(appointment, occurrence))
        return;
    if (is_to_prepare)
        book(fold, occurrence, booking);
    else
        end(fold, occurrence);
}

void appointment_expire(struct fold *fold, struct appointment *appointment, const WireDeadlinePassed *passed)
{
    bool is_reminder = passed->kind == WIRE_DEADLINE_KIND__PREPARATION_REMINDER_DUE;
    if (appointment->round != passed->round || is_reminder != (appointment->remind_at != 0))
        return;
    appointment->remind_at = 0;
    if (is_reminder)
        arm(fold, appointment);
    else
        deadline_stop(&fold->deadlines, &appointment->deadline);
}

void appointments_age(struct fold *fold)
{
    ENTRIES_AGE(appointment, &fold->recent_appointments, state_age_us(fold, fold->limits.customer_age_ms),
                fold->appointments.count > fold->limits.appointments, drop)
}

void appointments_clear(struct fold *fold)
{
    ENTRIES_CLEAR(appointment, &fold->recent_appointments, drop)
    map_clear(&fold->appointments);
}

/* --- snapshots --- */

void appointments_write(const struct fold *fold, struct bytes *into)
{
    bytes_append_u64(into, fold->appointments.count);
    LIST_EACH(node, &fold->recent_appointments) {
        const struct appointment *appointment = CONTAINER_OF(node, struct appointment, recent);
        put_pair(into, appointment->key);
        bytes_append_u8(into, appointment->is_drill);
        bytes_append_u64(into, (uint64_t)appointment->starts_at);
        bytes_append_u64(into, (uint64_t)appointment->prepare_by_at);
        bytes_append_u64(into, (uint64_t)appointment->remind_at);
        bytes_append_u64(into, appointment->seq);
        bytes_append_u64(into, (uint64_t)appointment->touched_at);
        bytes_append_u32(into, appointment->round);
        bytes_append_u8(into, appointment->is_late);
        bytes_append_u8(into, appointment->has_ended);
        bytes_append_u8(into, appointment->is_foretold);
        bytes_append_u64(into, (uint64_t)appointment->told_at);
        bytes_append_u8(into, deadline_is_set(&appointment->deadline));
        put_text(into, appointment->owner);
        put_text(into, appointment->customer);
        put_text(into, appointment->interaction);
    }
}

static void read_appointment(struct reading *reading)
{
    const char *store_id = get_word(reading), *appointment_id = get_word(reading);
    bool is_drill = get_u8(reading);
    struct appointment *appointment = make(reading->fold, store_id, appointment_id, is_drill);
    appointment->starts_at = (int64_t)get_u64(reading);
    appointment->prepare_by_at = (int64_t)get_u64(reading);
    appointment->remind_at = (int64_t)get_u64(reading);
    appointment->seq = get_u64(reading);
    appointment->touched_at = (int64_t)get_u64(reading);
    appointment->round = get_u32(reading);
    appointment->is_late = get_u8(reading);
    appointment->has_ended = get_u8(reading);
    appointment->is_foretold = get_u8(reading);
    appointment->told_at = (int64_t)get_u64(reading);
    bool is_armed = get_u8(reading);
    get_name(reading, &appointment->owner);
    get_name(reading, &appointment->customer);
    get_name(reading, &appointment->interaction);
    if (is_armed)
        arm(reading->fold, appointment);
}

void appointments_read(struct reading *reading)
{
    for (uint64_t count = get_count(reading); count && !reading->failed; count--) {
        arena_reset(&reading->arena, 0);
        read_appointment(reading);
    }
}
