/* lease: one question a second. */
#include "services/escalate/lease.h"

#include "common/base/memory.h"
#include "common/service/log.h"

enum { ASK_MS = 1000 };

struct lease {
    struct loop *loop;
    struct persist_link *persist;
    const char *instance;
    struct loop_timer timer;
    bool is_held;
    bool is_known;
};

static bool send_request(struct lease *lease, bool is_release)
{
    WireLeaseRequest request = WIRE_LEASE_REQUEST__INIT;
    request.instance = (char *)lease->instance;
    request.has_release = request.release = is_release;
    return persist_link_lease(lease->persist, &request);
}

void lease_ask(struct lease *lease)
{
    send_request(lease, false);
    loop_timer_set(lease->loop, &lease->timer, ASK_MS);
}

static void on_timer(void *owner)
{
    lease_ask(owner);
}

bool lease_answered(struct lease *lease, const WireLeaseResult *result)
{
    lease->is_known = true;
    if (result->granted == lease->is_held)
        return false;
    lease->is_held = result->granted;
    if (result->granted)
        log_info("lease-granted", "this instance decides");
    else
        log_warning("lease-lost", "another instance decides, standing by", FIELD("holder", result->holder));
    return true;
}

bool lease_is_held(const struct lease *lease)
{
    return lease->is_held;
}

bool lease_is_known(const struct lease *lease)
{
    return lease->is_known;
}

void lease_release(struct lease *lease)
{
    if (lease->is_held && send_request(lease, true))
        loop_turn(lease->loop, 0);
    lease->is_held = false;
}

struct lease *lease_new(struct loop *loop, struct persist_link *persist, const char *instance)
{
    struct lease *lease = NEW(lease);
    lease->loop = loop;
    lease->persist = persist;
    lease->instance = instance;
    loop_timer_init(&lease->timer, on_timer, lease);
    return lease;
}

void lease_free(struct lease *lease)
{
    if (!lease)
        return;
    loop_timer_clear(lease->loop, &lease->timer);
    free(lease);
}
