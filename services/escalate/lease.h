/* lease: the right to decide, which one instance has at a time. Pure: persist says who, `now_ms` is passed in.
 *
 * What was granted counts from the moment it was asked for, so that we believe in it for a shorter time than persist
 * does. It is asked for three times in its length, by who holds it and by who waits for it alike. */
#ifndef BELLHOP_ESCALATE_LEASE_H
#define BELLHOP_ESCALATE_LEASE_H

#include <stdbool.h>
#include <stdint.h>

enum { LEASE_ASK_MS = 1000, LEASE_ASK_LEAST_MS = 100 };

struct lease {
    int64_t asked_ms;  /* the question that is not answered yet */
    int64_t until_ms;  /* held until then; 0: not held */
    int64_t length_ms; /* as last granted */
};

static inline void lease_asked(struct lease *lease, int64_t now_ms)
{
    lease->asked_ms = now_ms;
}

static inline void lease_answered(struct lease *lease, bool is_granted, int64_t expires_ms)
{
    lease->length_ms = expires_ms;
    lease->until_ms = is_granted ? lease->asked_ms + expires_ms : 0;
}

static inline bool lease_is_held(const struct lease *lease, int64_t now_ms)
{
    return now_ms < lease->until_ms;
}

/* How long to wait before asking again. */
static inline int64_t lease_ask_ms(const struct lease *lease)
{
    int64_t third_ms = lease->length_ms / 3;
    if (third_ms <= 0 || third_ms > LEASE_ASK_MS)
        return LEASE_ASK_MS;
    return third_ms < LEASE_ASK_LEAST_MS ? LEASE_ASK_LEAST_MS : third_ms;
}

#endif
