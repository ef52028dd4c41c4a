/* opening: a client from its options to its end. */
#include "common/client/client.h"

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
};

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
    if (options->source && !wire_charset_allows(WIRE_SOURCE, options->source, strlen(options->source)))
        return why_set(why, BELLHOP_INVALID, "source is \"%.80s\"; expected: %s", options->source,
                       wire_charset_text(WIRE_SOURCE));
    if (options->numbered && (!options->spool_path || !options->source))
        return why_set(why, BELLHOP_INVALID, "numbered needs a source, and a spool to keep the count in");
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
    text_format_hex(&random, sizeof random, made);
    if (!client->options.numbered)
        return BELLHOP_OK;
    if (client->options.incarnation)
        return text_copy(client->incarnation, sizeof client->incarnation, client->options.incarnation)
                   ? BELLHOP_OK
                   : BELLHOP_INVALID;
    return client_spool_result(client, spool_keep_text(client->spool, "incarnation", made,
                                                       client->incarnation, sizeof client->incarnation));
}

static int start(struct bellhop_client *client)
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
        rc = why_set(client->why, BELLHOP_NETWORK, "could not create a descriptor: %s", strerror(errno));
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

static void free_memory(struct bellhop_client *client)
{
    subscription_free(client->subscription);
    outbox_clear(&client->outbox);
    free(client->question.verdict);
    free(client->received.memory);
    free(client->building.memory);
    free(client->shown.memory);
    free(client->packed);
    free_texts(&client->options);
    free(client);
}

static void free_client(struct bellhop_client *client)
{
    plug_close(client->subscription_plug);
    plug_close(client->publisher);
    spool_free(client->spool);
    if (client->epoll >= 0)
        close(client->epoll);
    free_memory(client);
}

/* In a child of a fork sockets, threads and locks are the parent's: only the memory is let go. */
static void forget_client(struct bellhop_client *client)
{
    spool_forget(client->spool);
    free_memory(client);
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
        rc = start(client);
    if (rc != BELLHOP_OK) {
        why_set(NULL, rc, "%s", client->why[0] ? client->why : bellhop_error_text(rc));
        free_client(client);
        return rc;
    }
    *ret_client = client;
    return BELLHOP_OK;
}

int bellhop_close(struct bellhop_client *client)
{
    if (!client)
        return BELLHOP_OK;
    int rc = client_may(client, true);
    if (rc == BELLHOP_FORKED)
        forget_client(client);
    if (rc != BELLHOP_OK)
        return rc;
    if (client->subscription)
        bellhop_unsubscribe(client, 0);
    rc = outbox_settle(client);
    free_client(client);
    return rc;
}
