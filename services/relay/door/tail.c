/* tail: one publisher, and how many prefixes are listened to. */
#include "services/relay/door/tail.h"

#include "common/base/memory.h"
#include "common/service/log.h"
#include "common/service/service.h"
#include "services/relay/door/dispatch.h"

enum { QUEUE_MESSAGES = 10000 };

struct tail_numbers {
    uint64_t messages;
};

static const struct metric tail_metrics[] = {
    METRIC(struct tail_numbers, messages, "bellhop_relay_tail_messages_total", "",
           "decisions sent on the live tail"),
};

struct tail {
    struct link_publisher *publisher;
    int64_t listeners; /* prefixes that somebody listens to */
    struct bytes packed;
    struct tail_numbers numbers;
};

static void on_subscription(void *owner, bool is_subscribed, struct slice prefix)
{
    (void)prefix;
    struct tail *tail = owner;
    tail->listeners += is_subscribed ? 1 : -1;
}

static void on_overflow(void *owner, int64_t rest_ms)
{
    struct tail *tail = owner;
    tail->listeners = 0;
    log_warning(
        "tail-overflow",
        "subscriptions to the live tail exceed the limit, all listeners are cut off and may come back "
        "after a rest",
        FIELD("endpoint", tail_endpoint(tail)), FIELD("most_bytes", LINK_PREFIXES_MOST_BYTES),
        FIELD("rest_ms", rest_ms));
}

struct tail *tail_open(struct link_context *context, struct loop *loop, const char *endpoint, char *why,
                       size_t why_size)
{
    struct tail *tail = NEW(tail);
    const struct link_options options = {.high_water_mark = QUEUE_MESSAGES};
    const struct link_publisher_calls calls = {
        .on_subscription = on_subscription, .on_overflow = on_overflow, .owner = tail};
    metrics_add(service_metrics(), tail_metrics, COUNT_OF(tail_metrics), &tail->numbers);
    tail->publisher = link_publisher_bind(context, loop, endpoint, &options, &calls, why, why_size);
    if (tail->publisher)
        return tail;
    tail_close(tail);
    return NULL;
}

void tail_close(struct tail *tail)
{
    metrics_remove(service_metrics(), &tail->numbers);
    if (tail->publisher)
        link_publisher_close(tail->publisher);
    bytes_clear(&tail->packed);
    free(tail);
}

void tail_send(struct tail *tail, const struct item *item)
{
    if (tail->listeners == 0)
        return;
    bytes_reset(&tail->packed);
    dispatch_pack_tail(item, &tail->packed);
    link_publisher_send(tail->publisher, item->topic.text, bytes_slice(&tail->packed));
    tail->numbers.messages++;
}

const char *tail_endpoint(const struct tail *tail)
{
    return link_publisher_endpoint(tail->publisher);
}
