/* link: real sockets on loopback; a test waits for a condition, never for time to pass. */
#include "tests/support/check.h"

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/link/dealer.h"
#include "common/link/publisher.h"
#include "common/link/router.h"
#include "common/link/subscriber.h"

#include <stdio.h>
#include <zmq.h>

enum { PATIENCE_MS = 10000 };

/* Both ends of a conversation, and what each has heard. */
struct stage {
    struct loop *loop;
    struct link_context *context;
    struct link_router *router;
    struct link_dealer *dealer;
    struct link_publisher *publisher;
    struct link_subscriber *subscriber;
    struct link_peer last_peer;
    struct link_peer refused_peer;
    char heard_by_router[64];
    char heard_by_dealer[64];
    char heard_by_subscriber[64];
    char subscriptions[64];
    int requests;
    int replies;
    int refusals;
    int connections;
    int disconnections;
    bool echoes;
    int overflows;
    int64_t rest_ms;
};

static void keep(char into[static 64], struct slice message)
{
    snprintf(into, 64, "%.*s", (int)message.size, (const char *)message.data);
}

static void on_request(void *owner, const struct link_peer *peer, struct slice message)
{
    struct stage *stage = owner;
    stage->requests++;
    stage->last_peer = *peer;
    keep(stage->heard_by_router, message);
    if (stage->echoes)
        assert_int_equal(link_router_send(stage->router, peer, message), LINK_SENT);
}

static void on_refused(void *owner, const struct link_peer *connection)
{
    struct stage *stage = owner;
    stage->refusals++;
    stage->refused_peer = *connection;
}

static void on_reply(void *owner, struct slice message)
{
    struct stage *stage = owner;
    stage->replies++;
    keep(stage->heard_by_dealer, message);
}

static void on_connected(void *owner)
{
    ((struct stage *)owner)->connections++;
}

static void on_disconnected(void *owner)
{
    ((struct stage *)owner)->disconnections++;
}

static void on_told(void *owner, struct slice topic, struct slice message)
{
    struct stage *stage = owner;
    snprintf(stage->heard_by_subscriber, sizeof stage->heard_by_subscriber, "%.*s=%.*s", (int)topic.size,
             (const char *)topic.data, (int)message.size, (const char *)message.data);
}

static void on_subscription(void *owner, bool is_subscribed, struct slice prefix)
{
    struct stage *stage = owner;
    size_t used = strlen(stage->subscriptions);
    snprintf(stage->subscriptions + used, sizeof stage->subscriptions - used, "%c%.*s",
             is_subscribed ? '+' : '-', (int)prefix.size, (const char *)prefix.data);
}

static void on_overflow(void *owner, int64_t rest_ms)
{
    struct stage *stage = owner;
    stage->overflows++;
    stage->rest_ms = rest_ms;
}

static struct stage *stage_new(void)
{
    struct stage *stage = NEW(stage);
    stage->loop = loop_new();
    stage->context = link_context_new();
    stage->echoes = true;
    return stage;
}

static void stage_free(struct stage *stage)
{
    link_router_close(stage->router);
    link_dealer_close(stage->dealer);
    link_publisher_close(stage->publisher);
    link_subscriber_close(stage->subscriber);
    loop_free(stage->loop);
    link_context_free(stage->context);
    free(stage);
}
AUTO_FREE(stage)

static void open_router(struct stage *stage, const char *endpoint, const struct link_options *options)
{
    char why[LINK_WHY_SIZE] = "";
    const struct link_router_calls calls = {
        .on_message = on_request, .on_refused = on_refused, .owner = stage};
    stage->router = link_router_bind(stage->context, stage->loop, endpoint, options, &calls, why, sizeof why);
    if (!stage->router)
        fail_msg("%s", why);
}

static void open_dealer(struct stage *stage, const char *endpoint, const struct link_options *options)
{
    char why[LINK_WHY_SIZE] = "";
    const struct link_dealer_calls calls = {.on_message = on_reply,
                                            .on_connected = on_connected,
                                            .on_disconnected = on_disconnected,
                                            .owner = stage};
    stage->dealer =
        link_dealer_connect(stage->context, stage->loop, endpoint, options, &calls, why, sizeof why);
    if (!stage->dealer)
        fail_msg("%s", why);
}

/* Turn the loop until the condition holds. */
#define UNTIL(stage, condition)                                                                              \
    do {                                                                                                     \
        int64_t give_up_ms = clock_monotonic_ms() + PATIENCE_MS;                                             \
        while (!(condition)) {                                                                               \
            if (clock_monotonic_ms() > give_up_ms)                                                           \
                fail_msg("waited in vain for " #condition);                                                  \
            loop_turn((stage)->loop, 20);                                                                    \
        }                                                                                                    \
    } while (0)

static struct stage *router_and_dealer(void)
{
    struct stage *stage = stage_new();
    open_router(stage, "tcp://127.0.0.1:*", NULL);
    open_dealer(stage, link_router_endpoint(stage->router), NULL);
    UNTIL(stage, stage->connections == 1);
    return stage;
}

static TEST(a_dealer_asks_and_hears_the_answer)
{
    AUTO(stage) *stage = router_and_dealer();
    assert_int_equal(link_dealer_send(stage->dealer, slice_of_text("hello")), LINK_SENT);
    UNTIL(stage, stage->replies == 1);
    assert_text_equal(stage->heard_by_router, "hello");
    assert_text_equal(stage->heard_by_dealer, "hello");
    assert_int_equal(stage->requests, 1);
    assert_int_equal(link_router_numbers(stage->router)->connections, 1);
}

static TEST(says_which_port_was_found)
{
    AUTO(stage) *stage = stage_new();
    open_router(stage, "tcp://127.0.0.1:*", NULL);
    assert_true(text_starts_with(link_router_endpoint(stage->router), "tcp://127.0.0.1:"));
    assert_null(strchr(link_router_endpoint(stage->router), '*'));
}

static TEST(says_why_it_cannot_bind)
{
    AUTO(stage) *stage = stage_new();
    open_router(stage, "tcp://127.0.0.1:*", NULL);
    char why[LINK_WHY_SIZE] = "";
    const struct link_router_calls calls = {.on_message = on_request, .owner = stage};
    assert_null(link_router_bind(stage->context, stage->loop, link_router_endpoint(stage->router), NULL,
                                 &calls, why, sizeof why));
    assert_non_null(strstr(why, link_router_endpoint(stage->router)));
    assert_non_null(strstr(why, "in use"));
}

static TEST(says_why_it_cannot_connect)
{
    AUTO(stage) *stage = stage_new();
    char why[LINK_WHY_SIZE] = "";
    const struct link_dealer_calls calls = {.on_message = on_reply, .owner = stage};
    assert_null(link_dealer_connect(stage->context, stage->loop, "nonsense", NULL, &calls, why, sizeof why));
    assert_non_null(strstr(why, "nonsense"));
}

static TEST(a_message_without_a_connection_is_refused_not_queued)
{
    AUTO(stage) *stage = stage_new();
    open_dealer(stage, "tcp://127.0.0.1:1", NULL);
    assert_false(link_dealer_is_connected(stage->dealer));
    assert_int_equal(link_dealer_send(stage->dealer, slice_of_text("hello")), LINK_UNREACHABLE);
}

static TEST(a_dealer_hears_of_each_connection_lost_and_made_again)
{
    AUTO(stage) *stage = router_and_dealer();
    char endpoint[LINK_ENDPOINT_SIZE];
    text_copy(endpoint, sizeof endpoint, link_router_endpoint(stage->router));
    link_router_close(TAKE(stage->router));
    UNTIL(stage, stage->disconnections == 1);
    assert_false(link_dealer_is_connected(stage->dealer));
    open_router(stage, endpoint, NULL);
    UNTIL(stage, stage->connections == 2);
    assert_int_equal(link_dealer_send(stage->dealer, slice_of_text("again")), LINK_SENT);
    UNTIL(stage, stage->replies == 1);
}

static TEST(a_reply_to_a_peer_that_left_is_unreachable)
{
    AUTO(stage) *stage = router_and_dealer();
    link_dealer_send(stage->dealer, slice_of_text("hello"));
    UNTIL(stage, stage->replies == 1);
    link_dealer_close(TAKE(stage->dealer));
    UNTIL(stage, link_router_numbers(stage->router)->disconnected == 1);
    assert_int_equal(link_router_numbers(stage->router)->connections, 0);
    /* the monitor may tell before the socket itself has heard */
    UNTIL(stage,
          link_router_send(stage->router, &stage->last_peer, slice_of_text("late")) == LINK_UNREACHABLE);
}

static TEST(a_peer_that_does_not_read_fills_up_and_is_told_apart)
{
    AUTO(stage) *stage = stage_new();
    const struct link_options narrow = {.high_water_mark = 4};
    open_router(stage, "tcp://127.0.0.1:*", &narrow);
    open_dealer(stage, link_router_endpoint(stage->router), &narrow);
    UNTIL(stage, stage->connections == 1);
    link_dealer_send(stage->dealer, slice_of_text("hello"));
    UNTIL(stage, stage->requests == 1);
    static const uint8_t large[256 * 1024];
    enum link_sent sent = LINK_SENT;
    for (int i = 0; i < 1000 && sent == LINK_SENT; i++)
        sent = link_router_send(stage->router, &stage->last_peer, slice_of(large, sizeof large));
    assert_int_equal(sent, LINK_FULL);
    assert_int_equal(link_router_numbers(stage->router)->full, 1);
}

/* A foreign peer with frames of its own. */
static void *foreign_socket(void *context, int type, const char *endpoint)
{
    void *socket = zmq_socket(context, type);
    int linger = 0, timeout_ms = PATIENCE_MS;
    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &timeout_ms, sizeof timeout_ms);
    assert_int_equal(zmq_connect(socket, endpoint), 0);
    return socket;
}

static void receive_text(void *socket, char into[static 64])
{
    int size = zmq_recv(socket, into, 63, 0);
    assert_true(size >= 0);
    into[size] = 0;
}

static TEST(a_req_socket_gets_its_reply)
{
    AUTO(stage) *stage = stage_new();
    open_router(stage, "tcp://127.0.0.1:*", NULL);
    void *context = zmq_ctx_new();
    void *req = foreign_socket(context, ZMQ_REQ, link_router_endpoint(stage->router));
    zmq_send(req, "ping", 4, 0);
    UNTIL(stage, stage->requests == 1);
    char heard[64];
    receive_text(req, heard);
    assert_text_equal(heard, "ping");
    assert_int_equal(stage->last_peer.frame_count, 2);
    zmq_close(req);
    zmq_ctx_term(context);
}

static TEST(a_return_envelope_is_echoed_frame_by_frame)
{
    AUTO(stage) *stage = stage_new();
    open_router(stage, "tcp://127.0.0.1:*", NULL);
    void *context = zmq_ctx_new();
    void *dealer = foreign_socket(context, ZMQ_DEALER, link_router_endpoint(stage->router));
    zmq_send(dealer, "hop", 3, ZMQ_SNDMORE);
    zmq_send(dealer, "", 0, ZMQ_SNDMORE);
    zmq_send(dealer, "body", 4, 0);
    UNTIL(stage, stage->requests == 1);
    char heard[64];
    receive_text(dealer, heard);
    assert_text_equal(heard, "hop");
    receive_text(dealer, heard);
    assert_text_equal(heard, "");
    receive_text(dealer, heard);
    assert_text_equal(heard, "body");
    zmq_close(dealer);
    zmq_ctx_term(context);
}

static TEST(too_many_frames_are_dropped_counted_and_told)
{
    AUTO(stage) *stage = stage_new();
    open_router(stage, "tcp://127.0.0.1:*", NULL);
    void *context = zmq_ctx_new();
    void *dealer = foreign_socket(context, ZMQ_DEALER, link_router_endpoint(stage->router));
    for (int i = 0; i < 999; i++)
        zmq_send(dealer, "x", 1, ZMQ_SNDMORE);
    zmq_send(dealer, "body", 4, 0);
    zmq_send(dealer, "next", 4, 0);
    UNTIL(stage, stage->requests == 1);
    assert_text_equal(stage->heard_by_router, "next");
    assert_int_equal(stage->refusals, 1);
    assert_int_equal(link_router_numbers(stage->router)->refused_frames, 1);
    char heard[64];
    receive_text(dealer, heard);
    assert_text_equal(heard, "next");
    assert_int_equal(link_router_send(stage->router, &stage->refused_peer, slice_of_text("no")), LINK_SENT);
    receive_text(dealer, heard);
    assert_text_equal(heard, "no");
    zmq_close(dealer);
    zmq_ctx_term(context);
}

static TEST(an_envelope_too_long_to_keep_is_refused)
{
    AUTO(stage) *stage = stage_new();
    open_router(stage, "tcp://127.0.0.1:*", NULL);
    void *context = zmq_ctx_new();
    void *dealer = foreign_socket(context, ZMQ_DEALER, link_router_endpoint(stage->router));
    char envelope[200] = {0};
    zmq_send(dealer, envelope, sizeof envelope, ZMQ_SNDMORE);
    zmq_send(dealer, "body", 4, 0);
    UNTIL(stage, stage->refusals == 1);
    assert_int_equal(stage->requests, 0);
    zmq_close(dealer);
    zmq_ctx_term(context);
}

static TEST(a_frame_beyond_the_limit_cuts_the_connection)
{
    AUTO(stage) *stage = stage_new();
    const struct link_options small = {.most_message_bytes = 1024};
    open_router(stage, "tcp://127.0.0.1:*", &small);
    open_dealer(stage, link_router_endpoint(stage->router), NULL);
    UNTIL(stage, stage->connections == 1);
    static const uint8_t large[4096];
    assert_int_equal(link_dealer_send(stage->dealer, slice_of(large, sizeof large)), LINK_SENT);
    UNTIL(stage, stage->disconnections == 1);
    assert_int_equal(stage->requests, 0);
}

static TEST(a_turn_takes_a_bounded_number_of_messages)
{
    AUTO(stage) *stage = stage_new();
    const struct link_options slow = {.messages_a_turn = 2};
    open_router(stage, "tcp://127.0.0.1:*", &slow);
    open_dealer(stage, link_router_endpoint(stage->router), NULL);
    UNTIL(stage, stage->connections == 1);
    link_router_pause(stage->router, true);
    for (int i = 0; i < 10; i++)
        assert_int_equal(link_dealer_send(stage->dealer, slice_of_text("x")), LINK_SENT);
    link_router_pause(stage->router, false);
    int most_at_once = 0;
    int64_t give_up_ms = clock_monotonic_ms() + PATIENCE_MS;
    while (stage->requests < 10 && clock_monotonic_ms() < give_up_ms) {
        int before = stage->requests;
        loop_turn(stage->loop, 20);
        most_at_once = stage->requests - before > most_at_once ? stage->requests - before : most_at_once;
    }
    assert_int_equal(stage->requests, 10);
    assert_in_range(most_at_once, 1, 2);
}

static TEST(a_paused_router_takes_nothing_until_it_goes_on)
{
    AUTO(stage) *stage = router_and_dealer();
    link_router_pause(stage->router, true);
    link_dealer_send(stage->dealer, slice_of_text("hello"));
    for (int i = 0; i < 5; i++)
        loop_turn(stage->loop, 10);
    assert_int_equal(stage->requests, 0);
    link_router_pause(stage->router, false);
    UNTIL(stage, stage->requests == 1);
}

static TEST(a_peer_can_be_kept_and_compared)
{
    AUTO(stage) *stage = router_and_dealer();
    link_dealer_send(stage->dealer, slice_of_text("1"));
    UNTIL(stage, stage->requests == 1);
    struct link_peer first = stage->last_peer;
    link_dealer_send(stage->dealer, slice_of_text("2"));
    UNTIL(stage, stage->requests == 2);
    assert_true(link_peer_equal(&first, &stage->last_peer));
    assert_int_equal(link_peer_connection(&first).size, 5);
    first.data[2] ^= 1;
    assert_false(link_peer_equal(&first, &stage->last_peer));
}

static struct stage *publisher_and_subscriber(const char *prefix)
{
    struct stage *stage = stage_new();
    char why[LINK_WHY_SIZE] = "";
    const struct link_publisher_calls heard = {
        .on_subscription = on_subscription, .on_overflow = on_overflow, .owner = stage};
    stage->publisher =
        link_publisher_bind(stage->context, stage->loop, "tcp://127.0.0.1:*", NULL, &heard, why, sizeof why);
    assert_non_null(stage->publisher);
    const struct link_subscriber_calls calls = {.on_message = on_told,
                                                .on_connected = on_connected,
                                                .on_disconnected = on_disconnected,
                                                .owner = stage};
    stage->subscriber =
        link_subscriber_connect(stage->context, stage->loop, link_publisher_endpoint(stage->publisher), NULL,
                                &calls, why, sizeof why);
    assert_non_null(stage->subscriber);
    link_subscriber_add(stage->subscriber, prefix);
    UNTIL(stage, stage->subscriptions[0] && stage->connections == 1);
    return stage;
}

static TEST(a_subscriber_hears_what_begins_with_its_prefix)
{
    AUTO(stage) *stage = publisher_and_subscriber("case.");
    assert_int_equal(link_publisher_send(stage->publisher, "finding.made", slice_of_text("no")), LINK_SENT);
    assert_int_equal(link_publisher_send(stage->publisher, "case.opened", slice_of_text("yes")), LINK_SENT);
    UNTIL(stage, stage->heard_by_subscriber[0]);
    assert_text_equal(stage->heard_by_subscriber, "case.opened=yes");
}

static TEST(a_publisher_hears_who_begins_and_ceases_to_listen)
{
    AUTO(stage) *stage = publisher_and_subscriber("case.");
    assert_text_equal(stage->subscriptions, "+case.");
    link_subscriber_close(TAKE(stage->subscriber));
    UNTIL(stage, strlen(stage->subscriptions) > 6);
    assert_text_equal(stage->subscriptions, "+case.-case.");
}

/* A listener that has no manners: a SUB socket of its own context. */
struct listener {
    void *context;
    void *socket;
};

static struct listener listener_open(const struct stage *stage)
{
    struct listener listener = {.context = zmq_ctx_new()};
    int none = 0;
    listener.socket = zmq_socket(listener.context, ZMQ_SUB);
    zmq_setsockopt(listener.socket, ZMQ_SNDHWM, &none, sizeof none);
    zmq_setsockopt(listener.socket, ZMQ_LINGER, &none, sizeof none);
    assert_int_equal(zmq_connect(listener.socket, link_publisher_endpoint(stage->publisher)), 0);
    return listener;
}

static void listener_close(struct listener *listener)
{
    zmq_close(listener->socket);
    zmq_ctx_term(listener->context);
}

static TEST(more_prefixes_than_are_held_cut_everybody_off_who_may_come_back)
{
    AUTO(stage) *stage = publisher_and_subscriber("case.");
    struct listener listener = listener_open(stage);
    char prefix[256];
    for (int i = 0; i < 2000; i++) {
        int size = snprintf(prefix, sizeof prefix, "%0200d", i);
        zmq_setsockopt(listener.socket, ZMQ_SUBSCRIBE, prefix, (size_t)size);
    }
    UNTIL(stage, stage->overflows == 1);
    assert_in_range(stage->rest_ms, 500, 1000);
    assert_int_equal(link_publisher_send(stage->publisher, "case.opened", slice_of_text("x")),
                     LINK_UNREACHABLE);
    listener_close(&listener);
    UNTIL(stage, stage->connections == 2);
    while (!stage->heard_by_subscriber[0]) {
        link_publisher_send(stage->publisher, "case.opened", slice_of_text("yes"));
        loop_turn(stage->loop, 10);
    }
    assert_text_equal(stage->heard_by_subscriber, "case.opened=yes");
    assert_int_equal(stage->overflows, 1);
}

static TEST(a_prefix_longer_than_any_topic_is_not_taken)
{
    AUTO(stage) *stage = publisher_and_subscriber("case.");
    struct listener listener = listener_open(stage);
    static const char prefix[2000] = {0};
    zmq_setsockopt(listener.socket, ZMQ_SUBSCRIBE, "finding.", 8);
    UNTIL(stage, strlen(stage->subscriptions) > 6);
    assert_text_equal(stage->subscriptions, "+case.+finding.");
    zmq_setsockopt(listener.socket, ZMQ_SUBSCRIBE, prefix, sizeof prefix);
    UNTIL(stage, strlen(stage->subscriptions) > 15); /* cut off, it is not there any more */
    assert_memory_equal(stage->subscriptions, "+case.+finding.-finding.", 24);
    listener_close(&listener);
}

static TEST(telling_nobody_is_no_fault)
{
    AUTO(stage) *stage = stage_new();
    char why[LINK_WHY_SIZE] = "";
    stage->publisher =
        link_publisher_bind(stage->context, stage->loop, "tcp://127.0.0.1:*", NULL, NULL, why, sizeof why);
    assert_int_equal(link_publisher_send(stage->publisher, "case.opened", slice_of_text("x")), LINK_SENT);
}

static TEST(with_keys_the_conversation_is_the_same_and_a_wrong_server_key_is_refused)
{
    char server_public[41], server_secret[41], client_public[41], client_secret[41];
    assert_int_equal(zmq_curve_keypair(server_public, server_secret), 0);
    assert_int_equal(zmq_curve_keypair(client_public, client_secret), 0);
    AUTO(stage) *stage = stage_new();
    const struct link_options server = {.keys = {.public_key = server_public, .secret_key = server_secret}};
    open_router(stage, "tcp://127.0.0.1:*", &server);
    struct link_options client = {
        .keys = {.public_key = client_public, .secret_key = client_secret, .server_key = client_public}};
    open_dealer(stage, link_router_endpoint(stage->router), &client);
    UNTIL(stage, link_router_numbers(stage->router)->refused_handshake > 0);
    assert_int_equal(stage->connections, 0);
    link_dealer_close(TAKE(stage->dealer));
    client.keys.server_key = server_public;
    open_dealer(stage, link_router_endpoint(stage->router), &client);
    UNTIL(stage, stage->connections == 1);
    link_dealer_send(stage->dealer, slice_of_text("secret"));
    UNTIL(stage, stage->replies == 1);
    assert_text_equal(stage->heard_by_dealer, "secret");
}

RUN_TESTS(cmocka_unit_test(a_dealer_asks_and_hears_the_answer), cmocka_unit_test(says_which_port_was_found),
          cmocka_unit_test(says_why_it_cannot_bind), cmocka_unit_test(says_why_it_cannot_connect),
          cmocka_unit_test(a_message_without_a_connection_is_refused_not_queued),
          cmocka_unit_test(a_dealer_hears_of_each_connection_lost_and_made_again),
          cmocka_unit_test(a_reply_to_a_peer_that_left_is_unreachable),
          cmocka_unit_test(a_peer_that_does_not_read_fills_up_and_is_told_apart),
          cmocka_unit_test(a_req_socket_gets_its_reply),
          cmocka_unit_test(a_return_envelope_is_echoed_frame_by_frame),
          cmocka_unit_test(too_many_frames_are_dropped_counted_and_told),
          cmocka_unit_test(an_envelope_too_long_to_keep_is_refused),
          cmocka_unit_test(a_frame_beyond_the_limit_cuts_the_connection),
          cmocka_unit_test(a_turn_takes_a_bounded_number_of_messages),
          cmocka_unit_test(a_paused_router_takes_nothing_until_it_goes_on),
          cmocka_unit_test(a_peer_can_be_kept_and_compared),
          cmocka_unit_test(a_subscriber_hears_what_begins_with_its_prefix),
          cmocka_unit_test(a_publisher_hears_who_begins_and_ceases_to_listen),
          cmocka_unit_test(more_prefixes_than_are_held_cut_everybody_off_who_may_come_back),
          cmocka_unit_test(a_prefix_longer_than_any_topic_is_not_taken),
          cmocka_unit_test(telling_nobody_is_no_fault),
          cmocka_unit_test(with_keys_the_conversation_is_the_same_and_a_wrong_server_key_is_refused))
