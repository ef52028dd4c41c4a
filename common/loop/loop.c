/* loop: zmq_poll over what is watched, a heap of timers, a turn at a time. */
#include "common/loop/loop.h"

#include "common/base/clock.h"
#include "common/base/list.h"
#include "common/base/memory.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include <zmq.h>

struct loop_watch {
    struct list_node node; /* in watches, or in removed until the turn's end */
    void *zmq_socket;      /* NULL: a descriptor */
    int fd;
    unsigned events; /* asked for; 0 also once removed */
    loop_ready *on_ready;
    void *owner;
};

struct turn_end {
    loop_call *call; /* NULL: removed during this turn */
    void *owner;
};

struct loop {
    struct list watches;
    struct list removed;
    struct heap timers;
    struct turn_end *turn_ends;
    size_t turn_end_count;

    zmq_pollitem_t *items;      /* what zmq_poll waits for … */
    struct loop_watch **polled; /* … and whose each is */
    size_t item_count;
    size_t item_capacity;
    bool is_changed; /* items are to be made anew before the next wait */

    int64_t now_ms;
    bool is_in_turn;
    bool is_stopping;
    int rc;
};

struct loop *loop_new(void)
{
    struct loop *loop = NEW(loop);
    list_init(&loop->watches);
    list_init(&loop->removed);
    loop->now_ms = clock_monotonic_ms();
    return loop;
}

static void watches_free(struct list *watches)
{
    LIST_EACH_SAFE(node, watches) {
        list_remove(node);
        free(CONTAINER_OF(node, struct loop_watch, node));
    }
}

void loop_free(struct loop *loop)
{
    if (!loop)
        return;
    watches_free(&loop->watches);
    watches_free(&loop->removed);
    heap_clear(&loop->timers);
    free(loop->turn_ends);
    free(loop->items);
    free(loop->polled);
    free(loop);
}

int64_t loop_now_ms(const struct loop *loop)
{
    return loop->is_in_turn ? loop->now_ms : clock_monotonic_ms();
}

/* --- watches --- */

static struct loop_watch *watch_add(struct loop *loop, struct loop_watch watch)
{
    struct loop_watch *added = memory_copy(&watch, sizeof watch);
    list_append(&loop->watches, &added->node);
    loop->is_changed = true;
    return added;
}

struct loop_watch *loop_socket_add(struct loop *loop, void *zmq_socket, loop_ready *on_ready, void *owner)
{
    return watch_add(loop, (struct loop_watch){
                               .zmq_socket = zmq_socket,
                               .events = LOOP_READABLE,
                               .on_ready = on_ready,
                               .owner = owner,
                           });
}

struct loop_watch *loop_descriptor_add(struct loop *loop, int fd, unsigned events, loop_ready *on_ready,
                                       void *owner)
{
    return watch_add(loop,
                     (struct loop_watch){.fd = fd, .events = events, .on_ready = on_ready, .owner = owner});
}

void loop_watch_events(struct loop *loop, struct loop_watch *watch, unsigned events)
{
    if (watch->events == events)
        return;
    watch->events = events;
    loop->is_changed = true;
}

/* The memory stays until the turn's end: the watch may be among those still to be called. */
void loop_watch_remove(struct loop *loop, struct loop_watch *watch)
{
    if (!watch)
        return;
    watch->events = 0;
    list_remove(&watch->node);
    list_append(&loop->removed, &watch->node);
    loop->is_changed = true;
}

/* --- timers --- */

void loop_timer_init(struct loop_timer *timer, loop_call *on_due, void *owner)
{
    *timer = (struct loop_timer){.on_due = on_due, .owner = owner};
}

void loop_timer_set(struct loop *loop, struct loop_timer *timer, int64_t delay_ms)
{
    int64_t due_ms;
    if (__builtin_add_overflow(loop_now_ms(loop), delay_ms > 0 ? delay_ms : 0, &due_ms))
        due_ms = INT64_MAX;
    heap_put(&loop->timers, &timer->node, due_ms);
}

void loop_timer_clear(struct loop *loop, struct loop_timer *timer)
{
    heap_remove(&loop->timers, &timer->node);
}

/* A timer that is set during this walk gets a higher order than any set before, so the walk ends before it.
 */
static void timers_run(struct loop *loop)
{
    uint64_t set_before = loop->timers.next_order;
    for (;;) {
        struct heap_node *first = heap_first(&loop->timers);
        if (!first || first->key > loop->now_ms || first->order >= set_before)
            return;
        heap_remove(&loop->timers, first);
        struct loop_timer *timer = CONTAINER_OF(first, struct loop_timer, node);
        timer->on_due(timer->owner);
    }
}

/* --- the end of a turn --- */

void loop_at_turn_end(struct loop *loop, loop_call *call, void *owner)
{
    loop->turn_ends = memory_resize_array(loop->turn_ends, loop->turn_end_count + 1, sizeof *loop->turn_ends);
    loop->turn_ends[loop->turn_end_count++] = (struct turn_end){.call = call, .owner = owner};
}

static void turn_ends_compact(struct loop *loop)
{
    size_t kept = 0;
    for (size_t i = 0; i < loop->turn_end_count; i++)
        if (loop->turn_ends[i].call)
            loop->turn_ends[kept++] = loop->turn_ends[i];
    loop->turn_end_count = kept;
}

void loop_turn_end_remove(struct loop *loop, loop_call *call, const void *owner)
{
    for (size_t i = 0; i < loop->turn_end_count; i++)
        if (loop->turn_ends[i].call == call && loop->turn_ends[i].owner == owner)
            loop->turn_ends[i].call = NULL;
    if (!loop->is_in_turn)
        turn_ends_compact(loop);
}

static void turn_ends_run(struct loop *loop)
{
    for (size_t i = 0; i < loop->turn_end_count; i++)
        if (loop->turn_ends[i].call)
            loop->turn_ends[i].call(loop->turn_ends[i].owner);
    turn_ends_compact(loop);
}

/* --- a turn --- */

static void items_collect(struct loop *loop)
{
    size_t count = list_count(&loop->watches);
    if (count > loop->item_capacity) {
        loop->item_capacity = 2 * count;
        loop->items = memory_resize_array(loop->items, loop->item_capacity, sizeof *loop->items);
        loop->polled = memory_resize_array(loop->polled, loop->item_capacity, sizeof *loop->polled);
    }
    loop->item_count = 0;
    LIST_EACH(node, &loop->watches) {
        struct loop_watch *watch = CONTAINER_OF(node, struct loop_watch, node);
        if (watch->events == 0)
            continue;
        loop->polled[loop->item_count] = watch;
        loop->items[loop->item_count++] = (zmq_pollitem_t){
            .socket = watch->zmq_socket,
            .fd = watch->fd,
            .events = (short)((watch->events & LOOP_READABLE ? ZMQ_POLLIN : 0) |
                              (watch->events & LOOP_WRITABLE ? ZMQ_POLLOUT : 0)),
        };
    }
    loop->is_changed = false;
}

static long turn_wait_ms(const struct loop *loop, int64_t max_wait_ms)
{
    const struct heap_node *first = heap_first(&loop->timers);
    int64_t wait_ms = max_wait_ms < 0 ? INT64_MAX : max_wait_ms;
    if (first) {
        int64_t due_in_ms = first->key - clock_monotonic_ms();
        due_in_ms = due_in_ms > 0 ? due_in_ms : 0;
        wait_ms = due_in_ms < wait_ms ? due_in_ms : wait_ms;
    }
    if (wait_ms == INT64_MAX && loop->item_count > 0)
        return -1;
    return wait_ms > INT_MAX / 1000 ? INT_MAX / 1000 : (long)wait_ms;
}

static void items_dispatch(struct loop *loop)
{
    for (size_t i = 0; i < loop->item_count; i++) {
        short raised = loop->items[i].revents;
        struct loop_watch *watch = loop->polled[i];
        if (!raised)
            continue;
        unsigned events =
            (raised & ZMQ_POLLIN ? LOOP_READABLE : 0) | (raised & ZMQ_POLLOUT ? LOOP_WRITABLE : 0);
        if (raised & ZMQ_POLLERR)
            events = LOOP_READABLE | LOOP_WRITABLE;
        events &= watch->events;
        if (events)
            watch->on_ready(watch->owner, events);
    }
}

void loop_turn(struct loop *loop, int64_t max_wait_ms)
{
    assert(!loop->is_in_turn);
    if (loop->is_changed)
        items_collect(loop);
    int ready = zmq_poll(loop->items, (int)loop->item_count, turn_wait_ms(loop, max_wait_ms));
    bool is_interrupted = ready < 0 && errno == EINTR;
    assert(ready >= 0 || is_interrupted); /* else something watched was closed */

    loop->now_ms = clock_monotonic_ms();
    loop->is_in_turn = true;
    timers_run(loop);
    if (ready > 0)
        items_dispatch(loop);
    turn_ends_run(loop);
    loop->is_in_turn = false;
    watches_free(&loop->removed);
}

/* --- running --- */

void loop_stop(struct loop *loop, int rc)
{
    loop->is_stopping = true;
    loop->rc = rc;
}

struct stop_signals {
    struct loop *loop;
    int fd;
};

static void on_stop_signal(void *owner, unsigned events)
{
    struct stop_signals *signals = owner;
    struct signalfd_siginfo taken;
    (void)events;
    if (read(signals->fd, &taken, sizeof taken) == sizeof taken)
        loop_stop(signals->loop, 0);
}

int loop_run(struct loop *loop)
{
    sigset_t stop_signals;
    sigemptyset(&stop_signals);
    sigaddset(&stop_signals, SIGINT);
    sigaddset(&stop_signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stop_signals, NULL);
    struct stop_signals signals = {.loop = loop,
                                   .fd = signalfd(-1, &stop_signals, SFD_CLOEXEC | SFD_NONBLOCK)};
    assert(signals.fd >= 0);

    struct loop_watch *watch = loop_descriptor_add(loop, signals.fd, LOOP_READABLE, on_stop_signal, &signals);
    while (!loop->is_stopping)
        loop_turn(loop, -1);
    loop->is_stopping = false;
    loop_watch_remove(loop, watch);
    close(signals.fd);
    return loop->rc;
}
