/* client: opening, closing, and what drives all of it. */
#include "common/client/client.h"

#include "common/base/clock.h"
#include "common/base/random.h"
#include "common/client/why.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum {
    ARENA_BYTES = 4 * 1024 * 1024, /* touched as far as it is needed */
    SPOOL_QUOTA_BYTES = 64 * 1024 * 1024,
    ANSWER_TIMEOUT_MS = 5000,
    ANSWER_TIMEOUT_LEAST_MS = 1000,
    REQUEST_EVENTS = 50,
    REQUESTS = 8,
    REQUESTS_MOST = 64,
    MESSAGES_A_TURN = 64,
    DRIVE_MOST_MS = 1000,
};

/* ---------------------------------------------------------------- opening */

static const char *or_environment(const char *option, const char *variable, const char *fallback)
{
    if (option)
        return option;
    const char *value = getenv(variable);
    return value && value[0] ? value : fallback;
}

static bool keep_text(const char **text)
{
    if (!*text)
        return true;
    *text = strdup(*text);
    return *text != NULL;
}

static bool keep_texts(struct bellhop_options *options)
{
    const char **texts[] = {&options->publish_endpoint, &options->subscribe_endpoint, &options->source,
                            &options->incarnation, &options->spool_path};
    bool is_kept = true;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        is_kept = keep_text(texts[i]) && is_kept;
    return is_kept;
}

static void fill_defaults(struct bellhop_options *options)
{
    options->publish_endpoint =
        or_environment(options->publish_endpoint, "BELLHOP_PUBLISH", "tcp://127.0.0.1:7401");
    options->subscribe_endpoint =
        or_environment(options->subscribe_endpoint, "BELLHOP_SUBSCRIBE", "tcp://127.0.0.1:7404");
    options->spool_quota_bytes =
        options->spool_quota_bytes > 0 ? options->spool_quota_bytes : SPOOL_QUOTA_BYTES;
    options->answer_timeout_ms =
        options->answer_timeout_ms > 0 ? options->answer_timeout_ms : ANSWER_TIMEOUT_MS;
    if (options->answer_timeout_ms < ANSWER_TIMEOUT_LEAST_MS)
        options->answer_timeout_ms = ANSWER_TIMEOUT_LEAST_MS;
    options->request_events = options->request_events > 0 ? options->request_events : REQUEST_EVENTS;
    options->requests_in_flight = options->requests_in_flight > 0 ? options->requests_in_flight : REQUESTS;
}

static int check_options(const struct bellhop_options *options, char *why)
{
    if (options->request_events > WIRE_REQUEST_MOST_EVENTS || options->requests_in_flight > REQUESTS_MOST)
        return why_set(why, BELLHOP_INVALID, "request_events is at most %d, requests_in_flight %d",
                       WIRE_REQUEST_MOST_EVENTS, REQUESTS_MOST);
    if (options->source && !wire_text_is(WIRE_SOURCE, options->source, strlen(options->source)))
        return why_set(why, BELLHOP_INVALID, "source is \"%.80s\"; %s is expected", options->source,
                       wire_charset_text(WIRE_SOURCE));
    if (options->numbered && (!options->spool_path || !options->source))
        return why_set(why, BELLHOP_INVALID, "numbered needs a spool and a source: the count is kept there");
    return BELLHOP_OK;
}

static bool make_arena(struct arena *arena)
{
    *arena = (struct arena){.memory = malloc(ARENA_BYTES), .size = ARENA_BYTES};
    return arena->memory != NULL;
}

/* Of the numbering: as asked, else made with the spool and kept there. */
static int set_incarnation(struct bellhop_client *client)
{
    char made[2 * sizeof(uint64_t) + 1];
    uint64_t random = random_u64();
    hex_format(&random, sizeof random, made);
    if (!client->options.numbered)
        return BELLHOP_OK;
    if (client->options.incarnation)
        return text_copy(client->incarnation, sizeof client->incarnation, client->options.incarnation)
                   ? BELLHOP_OK
                   : BELLHOP_INVALID;
    int rc =
        spool_keep_text(client->spool, "incarnation", made, client->incarnation, sizeof client->incarnation);
    return rc == BELLHOP_OK ? rc : why_set(client->why, rc, "%s", spool_why(client->spool));
}

int client_connect(struct bellhop_client *client, const char *endpoint, struct plug **ret_plug)
{
    int rc = plug_open(endpoint, NULL, ret_plug);
    if (rc == 0)
        rc = plug_watch(*ret_plug, client->epoll);
    if (rc == -ENOMEM)
        return why_set(client->why, BELLHOP_NO_MEMORY, "no memory for a connection");
    return rc == 0 ? BELLHOP_OK
                   : why_set(client->why, BELLHOP_NETWORK, "could not connect to \"%.80s\": %s", endpoint,
                             strerror(-rc));
}

static int client_start(struct bellhop_client *client)
{
    const struct bellhop_options *options = &client->options;
    if (!make_arena(&client->received) || !make_arena(&client->building) || !make_arena(&client->shown))
        return BELLHOP_NO_MEMORY;
    int rc =
        outbox_init(&client->outbox, (size_t)options->requests_in_flight, (size_t)options->request_events);
    if (rc == BELLHOP_OK)
        rc = spool_open(options->spool_path, options->spool_quota_bytes, &client->spool, client->why,
                        sizeof client->why);
    if (rc == BELLHOP_OK)
        rc = set_incarnation(client);
    client->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (rc == BELLHOP_OK && client->epoll < 0)
        rc = why_set(client->why, BELLHOP_NETWORK, "could not make a descriptor: %s", strerror(errno));
    return rc == BELLHOP_OK ? client_connect(client, options->publish_endpoint, &client->publisher) : rc;
}

static void free_texts(const struct bellhop_options *options)
{
    free((char *)options->publish_endpoint);
    free((char *)options->subscribe_endpoint);
    free((char *)options->source);
    free((char *)options->incarnation);
    free((char *)options->spool_path);
}

static void client_free(struct bellhop_client *client)
{
    subscription_free(client->subscription);
    plug_close(client->subscription_plug);
    plug_close(client->publisher);
    spool_free(client->spool);
    outbox_clear(&client->outbox);
    if (client->epoll >= 0)
        close(client->epoll);
    free(client->question.verdict);
    free(client->received.memory);
    free(client->building.memory);
    free(client->shown.memory);
    free(client->packed);
    free_texts(&client->options);
    free(client);
}

int bellhop_open(const struct bellhop_options *options, struct bellhop_client **ret_client)
{
    if (!options || options->size < sizeof options->size || options->size > sizeof *options)
        return why_set(NULL, BELLHOP_INVALID, "options.size is not sizeof(struct bellhop_options)");
    struct bellhop_client *client = calloc(1, sizeof *client);
    if (!client)
        return why_set(NULL, BELLHOP_NO_MEMORY, "no memory for a client");
    client->process = getpid();
    client->epoll = -1;
    memcpy(&client->options, options, options->size);
    fill_defaults(&client->options);
    bool is_kept = keep_texts(&client->options);
    int rc = is_kept ? check_options(&client->options, client->why) : BELLHOP_NO_MEMORY;
    if (rc == BELLHOP_OK)
        rc = client_start(client);
    if (rc != BELLHOP_OK) {
        why_set(NULL, rc, "%s", client->why[0] ? client->why : bellhop_error_text(rc));
        client_free(client);
        return rc;
    }
    *ret_client = client;
    return BELLHOP_OK;
}

/* In a child of a fork sockets, threads and locks are the parent's: only the memory is let go. */
static void client_forget(struct bellhop_client *client)
{
    spool_forget(client->spool);
    subscription_free(client->subscription);
    outbox_clear(&client->outbox);
    free(client->received.memory);
    free(client->building.memory);
    free(client->shown.memory);
    free_texts(&client->options);
    free(client);
}

int bellhop_close(struct bellhop_client *client)
{
    if (!client)
        return BELLHOP_OK;
    int rc = client_may(client, true);
    if (rc == BELLHOP_FORKED)
        client_forget(client);
    if (rc != BELLHOP_OK)
        return rc;
    if (client->subscription)
        bellhop_unsubscribe(client, 0);
    rc = outbox_settle(client);
    client_free(client);
    return rc;
}

/* ---------------------------------------------------------------- shared with the parts */

int client_may(struct bellhop_client *client, bool drives)
{
    if (!client)
        return BELLHOP_INVALID;
    if (client->process != getpid())
        return BELLHOP_FORKED;
    if (drives && client->is_in_callback)
        return why_set(client->why, BELLHOP_IN_CALLBACK, "called inside a callback");
    return BELLHOP_OK;
}

int client_pack(struct bellhop_client *client, const void *message, struct slice *ret_bytes)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    if (size > client->packed_capacity || !client->packed) {
        uint8_t *larger = realloc(client->packed, size + size / 2 + 1024);
        if (!larger)
            return why_set(client->why, BELLHOP_NO_MEMORY, "no memory for a message of %zu bytes", size);
        client->packed = larger;
        client->packed_capacity = size + size / 2 + 1024;
    }
    *ret_bytes = slice_of(client->packed, protobuf_c_message_pack(message, client->packed));
    return BELLHOP_OK;
}

/* ---------------------------------------------------------------- driving */

int client_turn(struct bellhop_client *client, bool *ret_did_something)
{
    int64_t now_ms = clock_monotonic_ms();
    struct slice message;
    int rc = BELLHOP_OK;
    int received = 0;
    while (rc == BELLHOP_OK && received < MESSAGES_A_TURN && plug_receive(client->publisher, &message)) {
        rc = outbox_receive(client, message, now_ms);
        received++;
    }
    int settled = outbox_settle(client);
    rc = rc == BELLHOP_OK ? settled : rc;
    if (rc == BELLHOP_OK)
        rc = outbox_send(client, now_ms);
    if (rc == BELLHOP_OK && client->subscription)
        rc = subscription_turn(client, now_ms);
    *ret_did_something = received > 0;
    return rc;
}

int client_wait_ms(const struct bellhop_client *client, int64_t now_ms, int most_ms)
{
    int64_t due_ms = outbox_due_ms(client, now_ms);
    if (client->subscription && plug_is_connected(client->subscription_plug) &&
        subscription_due_ms(client->subscription) < due_ms)
        due_ms = subscription_due_ms(client->subscription);
    if (due_ms == INT64_MAX)
        return most_ms;
    int64_t wait_ms = due_ms > now_ms ? due_ms - now_ms : 0;
    return most_ms < 0 || wait_ms < most_ms ? (int)wait_ms : most_ms;
}

int client_left_ms(int64_t until_ms)
{
    int64_t left = until_ms - clock_monotonic_ms();
    return until_ms < 0 ? -1 : left > 0 ? (int)left : 0;
}

int64_t client_until_ms(int timeout_ms)
{
    return timeout_ms < 0 ? -1 : clock_monotonic_ms() + timeout_ms;
}

bool client_drive(struct bellhop_client *client, int64_t until_ms, bool hears_deliveries, int *ret_rc)
{
    bool did_something;
    *ret_rc = client_turn(client, &did_something);
    if (*ret_rc != BELLHOP_OK || did_something)
        return *ret_rc == BELLHOP_OK;
    int left_ms = client_left_ms(until_ms);
    if (left_ms == 0)
        return false;
    int most_ms = left_ms < 0 || left_ms > DRIVE_MOST_MS ? DRIVE_MOST_MS : left_ms;
    struct plug *plugs[] = {client->publisher, hears_deliveries ? client->subscription_plug : NULL};
    plug_wait(plugs, 2, client_wait_ms(client, clock_monotonic_ms(), most_ms));
    return true;
}

int bellhop_process(struct bellhop_client *client, int timeout_ms)
{
    int rc = client_may(client, true);
    bool did_something = false;
    if (rc == BELLHOP_OK)
        rc = client_turn(client, &did_something);
    if (rc != BELLHOP_OK || did_something || timeout_ms == 0)
        return rc;
    struct plug *plugs[] = {client->publisher}; /* deliveries are for bellhop_next() */
    plug_wait(plugs, 1, client_wait_ms(client, clock_monotonic_ms(), timeout_ms));
    return client_turn(client, &did_something);
}

int bellhop_fd(const struct bellhop_client *client)
{
    return client->epoll;
}

int bellhop_wait_ms(const struct bellhop_client *client)
{
    bool has_message = plug_has_message(client->publisher) ||
                       (client->subscription_plug && plug_has_message(client->subscription_plug));
    return has_message ? 0 : client_wait_ms(client, clock_monotonic_ms(), -1);
}

const char *bellhop_why(const struct bellhop_client *client)
{
    return client ? client->why : why_of_thread();
}
