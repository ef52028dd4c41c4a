/* loop: one thread's wait-and-dispatch: ZeroMQ sockets, file descriptors, timers, stop signals.
 *
 * Every callback runs on the thread that called loop_run() or loop_turn() and must not block. A turn: wait,
 * read the clock once, due timers, what is ready (each callback handles a bounded number of messages; what is
 * left waits for the next turn), then the end-of-turn work. A callback may remove any watch or timer, its
 * own included; it never frees another callback's object in the same turn. Times are milliseconds on the
 * monotonic clock, never wall time. */
#ifndef BELLHOP_LOOP_LOOP_H
#define BELLHOP_LOOP_LOOP_H

#include "common/base/auto.h"
#include "common/base/heap.h"

#include <stdbool.h>
#include <stdint.h>

struct loop;
struct loop_watch;

enum { LOOP_READABLE = 1, LOOP_WRITABLE = 2 };

/* `events` are those that hold, of those asked for; a broken descriptor is reported as all it was asked for.
 */
typedef void loop_ready(void *owner, unsigned events);
typedef void loop_call(void *owner);

struct loop *loop_new(void);

/* Watches and end-of-turn calls go with it; timers are simply forgotten. */
void loop_free(struct loop *loop);
AUTO_FREE(loop)

/* Dispatch until loop_stop(), or until SIGINT or SIGTERM arrives. It blocks these signals in its own thread;
 * every other thread must have them blocked (service_start() sees to it). Returns loop_stop()'s `rc`, 0 after
 * a signal. Dispatching may go on afterwards with loop_turn(), to finish accepted work. */
int loop_run(struct loop *loop);

/* End loop_run() after the current turn. */
void loop_stop(struct loop *loop, int rc);

/* One turn that waits at most `max_wait_ms` (-1: until something happens). Ignores signals. Never call it from a
 * callback of this loop. */
void loop_turn(struct loop *loop, int64_t max_wait_ms);

/* The clock as this turn read it. */
int64_t loop_now_ms(const struct loop *loop);

/* --- sockets and descriptors --- */

/* Call `on_ready` while the ZeroMQ socket can be read. The watch is the loop's; remove it before the socket
 * is closed. */
struct loop_watch *loop_socket_add(struct loop *loop, void *zmq_socket, loop_ready *on_ready, void *owner);

/* The same for a file descriptor, level-triggered; `events` of LOOP_READABLE and LOOP_WRITABLE, or 0 for now. */
struct loop_watch *loop_descriptor_add(struct loop *loop, int fd, unsigned events, loop_ready *on_ready,
                                       void *owner);

/* Wait for these events from now on; 0 pauses the watch. */
void loop_watch_events(struct loop *loop, struct loop_watch *watch, unsigned events);

/* Never called again, not even in this turn. NULL is nothing. */
void loop_watch_remove(struct loop *loop, struct loop_watch *watch);

/* --- timers --- */

/* In the caller's struct; fires once each time it is set. */
struct loop_timer {
    struct heap_node node;
    loop_call *on_due;
    void *owner;
};

void loop_timer_init(struct loop_timer *timer, loop_call *on_due, void *owner);

/* Arm, or re-arm, `delay_ms` from now; 0 means the next turn, never this one. Timers due at the same moment
 * run in the order they were set. */
void loop_timer_set(struct loop *loop, struct loop_timer *timer, int64_t delay_ms);

/* Does nothing when it is not set. */
void loop_timer_clear(struct loop *loop, struct loop_timer *timer);

static inline bool loop_timer_is_set(const struct loop_timer *timer)
{
    return heap_is_member(&timer->node);
}

/* --- the end of a turn --- */

/* Call at the end of every turn, in order of registration: flush what this turn has gathered. */
void loop_at_turn_end(struct loop *loop, loop_call *call, void *owner);

/* Undo it; does nothing when it is not there. */
void loop_turn_end_remove(struct loop *loop, loop_call *call, const void *owner);

#endif
