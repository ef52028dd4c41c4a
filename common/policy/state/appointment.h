/* appointment: something that is to be prepared by a time. Its clock runs first to the reminder of its owner, then
 * to that time. One that is prepared, kept or cancelled is remembered: its booking may be told later. */
#ifndef BELLHOP_POLICY_STATE_APPOINTMENT_H
#define BELLHOP_POLICY_STATE_APPOINTMENT_H

#include "common/base/bytes.h"
#include "common/policy/state/deadline.h"
#include "common/policy/state/ownership.h"

struct fold;
struct policy;
struct reading;

struct appointment {
    struct list_node recent;
    struct deadline deadline;
    int64_t starts_at;
    int64_t prepare_by_at;
    int64_t remind_at;       /* 0: nobody is reminded any more */
    const char *owner;       /* NULL: nobody */
    const char *customer;    /* NULL: unknown */
    const char *interaction; /* NULL: none */
    uint64_t seq;            /* of the booking */
    int64_t touched_at;
    int64_t told_at; /* when what it is happened: what was before that, and is told later, changes nothing */
    uint32_t round;  /* counts its bookings */
    bool is_drill, is_late;
    bool is_foretold; /* its end was told before its booking */
    bool
        has_ended; /* prepared, kept, cancelled, or nothing is to be prepared; perhaps before it was booked */
    uint16_t key_size;
    char key[]; /* key_contact() */
};

struct appointment *appointment_find(const struct fold *fold, const char *store_id,
                                     const char *appointment_id, bool is_drill);

struct owned appointment_owned(const struct appointment *appointment);

/* Of the events about appointments; NULL of others. */
const char *appointment_id_of(const WireEvent *event);
/* By when something is to be ready; 0: nothing is to be prepared. */
int64_t appointment_prepare_by(const WireAppointmentBooked *booked);

/* Who booked, for whom, as far as is known. */
struct booking {
    const struct policy *policy;
    const char *owner;
    const char *customer;
    bool is_late;
    bool is_old; /* arms no clock */
};

/* What happened after the event was told before it (`appointment` NULL: nothing was). */
bool appointment_is_overtaken(const struct appointment *appointment, const struct occurrence *occurrence);
/* Let the event about an appointment happen. */
void appointment_observe(struct fold *fold, const struct occurrence *occurrence,
                         const struct booking *booking);
/* The clock of this round has passed. */
void appointment_expire(struct fold *fold, struct appointment *appointment, const WireDeadlinePassed *passed);

void appointments_age(struct fold *fold);
void appointments_clear(struct fold *fold);
void appointments_write(const struct fold *fold, struct bytes *into);
void appointments_read(struct reading *reading);

#endif
