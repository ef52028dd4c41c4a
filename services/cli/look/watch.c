/* watch (bellhop watch): decisions as they are told: the live tail, or a durable stream that confirms each.
 *
 * The tail (no --name) promises nothing and costs nobody anything. A durable stream goes on where it stood;
 * each delivery is confirmed once it is written, or, with --exec, once the command took it. */
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/base/time.h"
#include "common/client/bellhop.h"
#include "common/link/subscriber.h"
#include "common/wire/json.h"
#include "common/wire/position.h"
#include "common/wire/topic.h"
#include "common/wire/wire.h"
#include "services/cli/look/exec.h"
#include "services/cli/look/look.h"
#include "services/cli/terminal/narrate.h"

#include "proto/bellhop/v1/subscribe.pb-c.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { MOST_TOPICS = 64, DELIVERY_ARENA = 1 << 20, SUBSCRIBE_MS = 10000, DEFAULT_CREDIT = 100 };

struct arguments {
    const char *topics[MOST_TOPICS];
    size_t topic_count;
    const char *name; /* of the durable stream; NULL: the live tail */
    const char *filter;
    const char *command; /* --exec */
    bool has_from;
    enum bellhop_from from;
    struct position from_position;
    int64_t from_at;
    int64_t most; /* 0: no end */
    bool as_json;
    bool forget;
};

struct watch {
    const struct arguments *arguments;
    struct arena arena;
    struct loop *loop; /* of the tail */
    struct loop_timer unreached;
    int64_t told;
};

/* --- telling --- */

static void delivery_tell(const WireDelivery *delivery, bool as_json)
{
    AUTO_CLEAR(bytes) line = {.size = 0};
    char at[NARRATE_TIME_SIZE];
    if (as_json) {
        wire_json_write(delivery, &line);
    } else {
        const WireDecision *decision = delivery->decision;
        bytes_append_format(&line, "%s  %-12s  ", narrate_time(decision->decided_at, at),
                            decision->store_id ? decision->store_id : "-");
        narrate_decision(decision, &line);
        if (delivery->text) {
            bytes_append_text(&line, " ");
            text_append_quoted(&line, delivery->text);
        }
        if (delivery->replayed)
            bytes_append_text(&line, delivery->snapshot     ? " [open]"
                                     : delivery->still_open ? " [replayed, still open]"
                                                            : " [replayed]");
        if (delivery->attempt > 1)
            bytes_append_format(&line, " [attempt %u]", delivery->attempt);
    }
    puts(bytes_text(&line));
    fflush(stdout);
}

/* Hands the delivery's JSON to the command; 0: it took it. */
static int command_feed(const char *command, const WireDelivery *delivery, char *why, size_t why_size)
{
    AUTO_CLEAR(bytes) json = {.size = 0};
    wire_json_write(delivery, &json);
    bytes_append_text(&json, "\n");
    return exec_feed(command, bytes_slice(&json), why, why_size);
}

static bool is_complete(const struct watch *watch)
{
    return watch->arguments->most > 0 && watch->told >= watch->arguments->most;
}

static const WireDelivery *delivery_read(struct watch *watch, struct slice message)
{
    arena_reset(&watch->arena, 0);
    const WireDelivery *delivery = wire_unpack(&wire_delivery__descriptor, message, &watch->arena, NULL);
    if (!delivery || !delivery->decision)
        command_complain("a delivery could not be read (%zu bytes)", message.size);
    return delivery && delivery->decision ? delivery : NULL;
}

/* --- the live tail --- */

/* The tail compares bytes; a pattern with * is sent as far as it is fixed, and the rest is compared here. */
static void tail_subscribe(struct link_subscriber *subscriber, const char *pattern)
{
    char prefix[TOPIC_SIZE];
    text_copy(prefix, sizeof prefix, pattern);
    prefix[strcspn(prefix, "*")] = 0;
    link_subscriber_add(subscriber, prefix);
}

static bool is_wanted(const struct arguments *arguments, const char *topic)
{
    for (size_t i = 0; i < arguments->topic_count; i++)
        if (topic_matches(arguments->topics[i], topic))
            return true;
    return arguments->topic_count == 0;
}

static void on_tail(void *owner, struct slice topic, struct slice message)
{
    struct watch *watch = owner;
    (void)topic;
    const WireDelivery *delivery = delivery_read(watch, message);
    if (!delivery || is_complete(watch) ||
        !is_wanted(watch->arguments, delivery->topic ? delivery->topic : ""))
        return;
    delivery_tell(delivery, watch->arguments->as_json);
    watch->told++;
    if (is_complete(watch) || ferror(stdout))
        loop_stop(watch->loop, EXIT_DONE);
}

static void on_tail_connected(void *owner)
{
    struct watch *watch = owner;
    loop_timer_clear(watch->loop, &watch->unreached);
}

static void on_tail_disconnected(void *owner)
{
    (void)owner;
    command_complain("the connection is lost; whatever is announced before it is back is missed");
}

static void on_tail_unreached(void *owner)
{
    struct watch *watch = owner;
    command_complain("bellhop-relay cannot be reached");
    loop_stop(watch->loop, EXIT_UNREACHABLE);
}

static int tail_watch(struct watch *watch, const char *endpoint)
{
    char why[LINK_WHY_SIZE];
    AUTO(link_context) *context = link_context_new();
    AUTO(loop) *loop = loop_new();
    const struct link_subscriber_calls calls = {.on_message = on_tail,
                                                .on_connected = on_tail_connected,
                                                .on_disconnected = on_tail_disconnected,
                                                .owner = watch};
    watch->loop = loop;
    loop_timer_init(&watch->unreached, on_tail_unreached, watch);
    AUTO(link_subscriber) *subscriber =
        link_subscriber_connect(context, loop, endpoint, NULL, &calls, why, sizeof why);
    if (!subscriber) {
        command_complain("%s", why);
        return EXIT_USAGE;
    }
    if (watch->arguments->topic_count == 0)
        link_subscriber_add(subscriber, "");
    for (size_t i = 0; i < watch->arguments->topic_count; i++)
        tail_subscribe(subscriber, watch->arguments->topics[i]);
    loop_timer_set(loop, &watch->unreached, SUBSCRIBE_MS);
    return loop_run(loop);
}

/* --- a durable stream --- */

/* The delivery is done with: told, or taken by the command. */
static int delivery_settle(struct watch *watch, struct bellhop_client *client,
                           const struct bellhop_delivery *delivered)
{
    char decision_id[DECISION_ID_TEXT_SIZE], why[WHY_SIZE] = "cannot be read";
    text_copy(decision_id, sizeof decision_id, delivered->decision_id);
    const WireDelivery *delivery =
        delivery_read(watch, slice_of(delivered->message, delivered->message_size));
    const char *command = watch->arguments->command;
    int rc = delivery ? 0 : -EPROTO;
    if (delivery && command)
        rc = command_feed(command, delivery, why, sizeof why);
    if (delivery && !(command && watch->arguments->as_json))
        delivery_tell(delivery, watch->arguments->as_json);
    watch->told++;
    if (rc == 0 && !ferror(stdout))
        return bellhop_confirm(client, decision_id);
    command_complain("%s refused: %s", decision_id, rc ? why : "could not write it");
    return bellhop_refuse(client, decision_id, rc ? why : "could not write it", 0);
}

static bool is_interrupted(int signals)
{
    struct signalfd_siginfo info;
    return read(signals, &info, sizeof info) == sizeof info;
}

static int stream_follow(struct watch *watch, struct bellhop_client *client, int signals)
{
    while (!is_complete(watch) && !is_interrupted(signals) && !ferror(stdout)) {
        const struct bellhop_delivery *delivery = NULL;
        int rc = bellhop_next(client, 250, &delivery);
        if (rc == BELLHOP_OK)
            rc = delivery_settle(watch, client, delivery);
        if (rc != BELLHOP_OK && rc != BELLHOP_TIMEOUT) {
            command_complain("%s", bellhop_why(client));
            return rc == BELLHOP_REFUSED ? EXIT_NEGATIVE : EXIT_UNREACHABLE;
        }
    }
    return EXIT_DONE;
}

static int stream_subscribe(const struct arguments *arguments, struct bellhop_client *client)
{
    const struct bellhop_subscription subscription = {
        .size = sizeof subscription,
        .stream = arguments->name,
        .topics = arguments->topics,
        .topic_count = arguments->topic_count,
        .filter = arguments->filter,
        .from = arguments->from,
        .from_epoch = arguments->from_position.epoch,
        .from_seq = arguments->from_position.seq,
        .from_at = arguments->from_at,
        /* What a slow command, or an early end, does not take goes to others who share the stream. */
        .credit = arguments->command ? 1 : (uint32_t)(arguments->most < DEFAULT_CREDIT ? arguments->most : 0),
    };
    int rc = bellhop_subscribe(client, &subscription, SUBSCRIBE_MS);
    if (rc != BELLHOP_OK)
        command_complain("%s", bellhop_why(client));
    return rc == BELLHOP_OK        ? EXIT_DONE
           : rc == BELLHOP_REFUSED ? EXIT_NEGATIVE
           : rc == BELLHOP_TIMEOUT ? EXIT_UNREACHABLE
                                   : EXIT_USAGE;
}

static int stream_watch(struct watch *watch, const struct command_settings *settings)
{
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGINT);
    sigaddset(&stops, SIGTERM);
    sigprocmask(SIG_BLOCK, &stops, NULL);
    int signals = signalfd(-1, &stops, SFD_NONBLOCK | SFD_CLOEXEC);
    const struct bellhop_options options = {.size = sizeof options,
                                            .publish_endpoint = settings->publish,
                                            .subscribe_endpoint = settings->subscribe};
    struct bellhop_client *client = NULL;
    if (bellhop_open(&options, &client) != BELLHOP_OK) {
        command_complain("%s", bellhop_why(NULL));
        close(signals);
        return EXIT_USAGE;
    }
    int rc = stream_subscribe(watch->arguments, client);
    if (rc == EXIT_DONE)
        rc = stream_follow(watch, client, signals);
    if (rc == EXIT_DONE)
        bellhop_unsubscribe(client, watch->arguments->forget);
    bellhop_close(client);
    close(signals);
    return rc;
}

/* --- arguments --- */

static void read_from(const struct option_row *option, const char *value, void *owner,
                      const struct argp_state *state)
{
    struct arguments *arguments = owner;
    arguments->has_from = true;
    if (text_equal(value, "now"))
        arguments->from = BELLHOP_FROM_NOW;
    else if (text_equal(value, "beginning"))
        arguments->from = BELLHOP_FROM_BEGINNING;
    else if (position_parse(value, &arguments->from_position) == 0)
        arguments->from = BELLHOP_FROM_POSITION;
    else if (time_parse(value, &arguments->from_at) == 0)
        arguments->from = BELLHOP_FROM_TIME;
    else
        argp_error(state,
                   "--%s \"%s\": expected now, beginning, a position such as 1-4711, or a time such as "
                   "2024-05-01T09:30:00Z",
                   option->name, value);
}

static void topic_add(void *owner, const char *topic, const struct argp_state *state)
{
    struct arguments *arguments = owner;
    if (!topic_pattern_is_valid(topic))
        argp_error(state, "\"%s\" is no topic: up to four words with dots, such as case.opened or case.*.17",
                   topic);
    if (arguments->topic_count == MOST_TOPICS)
        argp_error(state, "more than %d topics", MOST_TOPICS);
    arguments->topics[arguments->topic_count++] = topic;
}

static void check(void *owner, const struct argp_state *state)
{
    const struct arguments *arguments = owner;
    if (!arguments->name &&
        (arguments->has_from || arguments->command || arguments->filter || arguments->forget))
        argp_error(state, "--from, --filter, --exec and --forget need --name: the live tail starts now and "
                          "confirms nothing");
}

static int run(const struct command_call *call)
{
    const struct arguments *arguments = call->arguments;
    struct watch watch = {.arguments = arguments};
    arena_init(&watch.arena, DELIVERY_ARENA);
    int rc =
        arguments->name ? stream_watch(&watch, call->settings) : tail_watch(&watch, call->settings->tail);
    arena_clear(&watch.arena);
    return rc;
}

static const struct option_row options[] = {
    {"name", 'n', "STREAM",
     "follow a durable stream: it continues where it stood, and every decision is confirmed",
     option_read_text, offsetof(struct arguments, name)},
    {"from", 'f', "PLACE",
     "where a new stream starts: now (with a snapshot of the open cases), beginning, a position or a time",
     read_from, 0},
    {"filter", 'F', "EXPRESSION", "for a new stream: an expression (CEL) over `decision`", option_read_text,
     offsetof(struct arguments, filter)},
    {"exec", 'x', "COMMAND",
     "run this for each decision, with its JSON on standard input; exit code 0 confirms it", option_read_text,
     offsetof(struct arguments, command)},
    {"json", 'j', NULL, "print JSON, one decision per line", option_read_switch,
     offsetof(struct arguments, as_json)},
    {"count", 'c', "N", "end after N decisions", option_read_count, offsetof(struct arguments, most)},
    {"forget", 'g', NULL, "remove the stream at the end", option_read_switch,
     offsetof(struct arguments, forget)},
    {0},
};

const struct command watch_command = {
    .name = "watch",
    .summary = "show decisions as they are announced",
    .usage = "[TOPIC...]",
    .help = "Show decisions as they are announced: all of them, or those of the TOPICs (dotted words "
            "noun.verb.store.whom; each may be *). Times are UTC.\v"
            "Exit codes: 0 ended as asked, or interrupted, 1 the subscription is refused, 2 wrong usage, 3 "
            "bellhop-relay cannot be reached.",

    .options = options,
    .word = topic_add,
    .check = check,
    COMMAND_ARGUMENTS(struct arguments, .name = NULL),
    .run = run,
};
