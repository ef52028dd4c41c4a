/* loop: turns, timers, watches, signals. Nothing here sleeps: a turn waits for what was just made ready. */
#include "tests/support/check.h"

#include "common/base/clock.h"
#include "common/loop/loop.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>
#include <zmq.h>

struct scribe {
    struct loop *loop;
    char story[64];
    struct loop_timer timers[4];
    struct loop_watch *watches[2];
    int pipe[2];
};

static void tell(struct scribe *scribe, const char *word)
{
    strncat(scribe->story, word, sizeof scribe->story - strlen(scribe->story) - 1);
}

static void tell_a(void *owner)
{
    tell(owner, "a");
}

static void tell_b(void *owner)
{
    tell(owner, "b");
}

static void set_b_at_once(void *owner)
{
    struct scribe *scribe = owner;
    tell(scribe, "A");
    loop_timer_set(scribe->loop, &scribe->timers[1], 0);
}

static void clear_b(void *owner)
{
    struct scribe *scribe = owner;
    tell(scribe, "A");
    loop_timer_clear(scribe->loop, &scribe->timers[1]);
}

static void stop_with_7(void *owner)
{
    loop_stop(((struct scribe *)owner)->loop, 7);
}

static void raise_stop_signal(void *owner)
{
    tell(owner, "a");
    raise(SIGTERM);
}

static TEST(timers_run_in_order_of_their_time_then_of_being_set)
{
    AUTO(loop) *loop = loop_new();
    struct scribe scribe = {.loop = loop};
    loop_timer_init(&scribe.timers[0], tell_a, &scribe);
    loop_timer_init(&scribe.timers[1], tell_b, &scribe);
    loop_timer_init(&scribe.timers[2], stop_with_7, &scribe);
    loop_timer_set(loop, &scribe.timers[2], 12);
    loop_timer_set(loop, &scribe.timers[1], 0);
    loop_timer_set(loop, &scribe.timers[0], 5);
    assert_int_equal(loop_run(loop), 7);
    assert_text_equal(scribe.story, "ba");
    assert_false(loop_timer_is_set(&scribe.timers[0]));
}

static TEST(a_delay_of_zero_means_the_next_turn)
{
    AUTO(loop) *loop = loop_new();
    struct scribe scribe = {.loop = loop};
    loop_timer_init(&scribe.timers[0], set_b_at_once, &scribe);
    loop_timer_init(&scribe.timers[1], tell_b, &scribe);
    loop_timer_set(loop, &scribe.timers[0], 0);
    loop_turn(loop, 0);
    assert_text_equal(scribe.story, "A");
    loop_turn(loop, 0);
    assert_text_equal(scribe.story, "Ab");
}

static TEST(a_due_timer_cleared_by_another_does_not_run)
{
    AUTO(loop) *loop = loop_new();
    struct scribe scribe = {.loop = loop};
    loop_timer_init(&scribe.timers[0], clear_b, &scribe);
    loop_timer_init(&scribe.timers[1], tell_b, &scribe);
    loop_timer_set(loop, &scribe.timers[0], 0);
    loop_timer_set(loop, &scribe.timers[1], 0);
    loop_turn(loop, 0);
    loop_turn(loop, 0);
    assert_text_equal(scribe.story, "A");
}

static TEST(a_timer_set_again_runs_once)
{
    AUTO(loop) *loop = loop_new();
    struct scribe scribe = {.loop = loop};
    loop_timer_init(&scribe.timers[0], tell_a, &scribe);
    loop_timer_set(loop, &scribe.timers[0], 0);
    loop_timer_set(loop, &scribe.timers[0], 0);
    loop_turn(loop, 0);
    loop_turn(loop, 0);
    assert_text_equal(scribe.story, "a");
}

static TEST(a_far_timer_bounds_no_short_wait)
{
    AUTO(loop) *loop = loop_new();
    struct scribe scribe = {.loop = loop};
    loop_timer_init(&scribe.timers[0], tell_a, &scribe);
    loop_timer_set(loop, &scribe.timers[0], INT64_MAX);
    int64_t begun_ms = clock_monotonic_ms();
    loop_turn(loop, 1);
    assert_true(clock_monotonic_ms() - begun_ms < 1000);
    assert_text_equal(scribe.story, "");
}

static void read_one(void *owner, unsigned events)
{
    struct scribe *scribe = owner;
    char letter[2] = "";
    if (events & LOOP_READABLE && read(scribe->pipe[0], letter, 1) == 1)
        tell(scribe, letter);
}

static void tell_writable(void *owner, unsigned events)
{
    tell(owner, events & LOOP_WRITABLE ? "w" : "?");
}

static void scribe_open(struct scribe *scribe)
{
    assert_int_equal(pipe(scribe->pipe), 0);
}

static void scribe_close(struct scribe *scribe)
{
    close(scribe->pipe[0]);
    close(scribe->pipe[1]);
}

static TEST(a_descriptor_is_level_triggered)
{
    AUTO(loop) *loop = loop_new();
    struct scribe scribe = {.loop = loop};
    scribe_open(&scribe);
    loop_descriptor_add(loop, scribe.pipe[0], LOOP_READABLE, read_one, &scribe);
    assert_int_equal(write(scribe.pipe[1], "xy", 2), 2);
    loop_turn(loop, -1);
    loop_turn(loop, -1);
    loop_turn(loop, 0);
    assert_text_equal(scribe.story, "xy");
    scribe_close(&scribe);
}

static TEST(a_paused_watch_stays_quiet_until_it_asks_again)
{
    AUTO(loop) *loop = loop_new();
    struct scribe scribe = {.loop = loop};
    scribe_open(&scribe);
    struct loop_watch *watch =
        loop_descriptor_add(loop, scribe.pipe[1], LOOP_WRITABLE, tell_writable, &scribe);
    loop_turn(loop, -1);
    loop_watch_events(loop, watch, 0);
    loop_turn(loop, 0);
    assert_text_equal(scribe.story, "w");
    loop_watch_events(loop, watch, LOOP_WRITABLE);
    loop_turn(loop, -1);
    assert_text_equal(scribe.story, "ww");
    scribe_close(&scribe);
}

static TEST(a_closed_peer_wakes_the_reader)
{
    AUTO(loop) *loop = loop_new();
    struct scribe scribe = {.loop = loop};
    scribe_open(&scribe);
    close(scribe.pipe[0]);
    loop_descriptor_add(loop, scribe.pipe[1], LOOP_WRITABLE, tell_writable, &scribe);
    loop_turn(loop, -1);
    assert_text_equal(scribe.story, "w");
    close(scribe.pipe[1]);
}

static void remove_both(void *owner, unsigned events)
{
    struct scribe *scribe = owner;
    (void)events;
    tell(scribe, "r");
    for (int i = 0; i < 2; i++)
        loop_watch_remove(scribe->loop, scribe->watches[i]);
}

static TEST(a_watch_removed_by_another_is_not_called_in_the_same_turn)
{
    AUTO(loop) *loop = loop_new();
    struct scribe scribe = {.loop = loop};
    scribe_open(&scribe);
    for (int i = 0; i < 2; i++)
        scribe.watches[i] = loop_descriptor_add(loop, scribe.pipe[1], LOOP_WRITABLE, remove_both, &scribe);
    loop_turn(loop, -1);
    loop_turn(loop, 0);
    assert_text_equal(scribe.story, "r");
    scribe_close(&scribe);
}

static void receive_one(void *owner, unsigned events)
{
    struct scribe *scribe = owner;
    char letter[2] = "";
    (void)events;
    zmq_recv(scribe->timers[0].owner, letter, 1, ZMQ_DONTWAIT);
    tell(scribe, letter);
}

static TEST(a_socket_comes_up_again_while_messages_are_left)
{
    AUTO(loop) *loop = loop_new();
    void *context = zmq_ctx_new();
    void *to = zmq_socket(context, ZMQ_PAIR);
    void *from = zmq_socket(context, ZMQ_PAIR);
    struct scribe scribe = {.loop = loop, .timers[0].owner = from};
    assert_int_equal(zmq_bind(from, "inproc://letters"), 0);
    assert_int_equal(zmq_connect(to, "inproc://letters"), 0);
    loop_socket_add(loop, from, receive_one, &scribe);
    zmq_send(to, "x", 1, 0);
    zmq_send(to, "y", 1, 0);
    loop_turn(loop, -1);
    loop_turn(loop, -1);
    assert_text_equal(scribe.story, "xy");
    zmq_close(to);
    zmq_close(from);
    zmq_ctx_term(context);
}

static TEST(the_end_of_a_turn_comes_after_everything_else)
{
    AUTO(loop) *loop = loop_new();
    struct scribe scribe = {.loop = loop};
    scribe_open(&scribe);
    loop_at_turn_end(loop, tell_b, &scribe);
    loop_descriptor_add(loop, scribe.pipe[1], LOOP_WRITABLE, tell_writable, &scribe);
    loop_timer_init(&scribe.timers[0], tell_a, &scribe);
    loop_timer_set(loop, &scribe.timers[0], 0);
    loop_turn(loop, -1);
    assert_text_equal(scribe.story, "awb");
    loop_turn_end_remove(loop, tell_b, &scribe);
    loop_turn(loop, -1);
    assert_text_equal(scribe.story, "awbw");
    scribe_close(&scribe);
}

static void remove_itself(void *owner)
{
    struct scribe *scribe = owner;
    tell(scribe, "s");
    loop_turn_end_remove(scribe->loop, remove_itself, scribe);
}

static TEST(an_end_of_turn_call_may_remove_itself)
{
    AUTO(loop) *loop = loop_new();
    struct scribe scribe = {.loop = loop};
    loop_at_turn_end(loop, remove_itself, &scribe);
    loop_at_turn_end(loop, tell_b, &scribe);
    loop_turn(loop, 0);
    loop_turn(loop, 0);
    assert_text_equal(scribe.story, "sbb");
}

static TEST(a_stop_signal_ends_the_run_with_0_and_turning_goes_on)
{
    AUTO(loop) *loop = loop_new();
    struct scribe scribe = {.loop = loop};
    loop_timer_init(&scribe.timers[0], raise_stop_signal, &scribe);
    loop_timer_set(loop, &scribe.timers[0], 0);
    assert_int_equal(loop_run(loop), 0);
    loop_timer_init(&scribe.timers[1], tell_b, &scribe);
    loop_timer_set(loop, &scribe.timers[1], 0);
    loop_turn(loop, 0);
    assert_text_equal(scribe.story, "ab");
}

RUN_TESTS(cmocka_unit_test(timers_run_in_order_of_their_time_then_of_being_set),
          cmocka_unit_test(a_delay_of_zero_means_the_next_turn),
          cmocka_unit_test(a_due_timer_cleared_by_another_does_not_run),
          cmocka_unit_test(a_timer_set_again_runs_once), cmocka_unit_test(a_far_timer_bounds_no_short_wait),
          cmocka_unit_test(a_descriptor_is_level_triggered),
          cmocka_unit_test(a_paused_watch_stays_quiet_until_it_asks_again),
          cmocka_unit_test(a_closed_peer_wakes_the_reader),
          cmocka_unit_test(a_watch_removed_by_another_is_not_called_in_the_same_turn),
          cmocka_unit_test(a_socket_comes_up_again_while_messages_are_left),
          cmocka_unit_test(the_end_of_a_turn_comes_after_everything_else),
          cmocka_unit_test(an_end_of_turn_call_may_remove_itself),
          cmocka_unit_test(a_stop_signal_ends_the_run_with_0_and_turning_goes_on))
