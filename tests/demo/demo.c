/* demo: plays a small shop day on a cell of its own, and shows what comes of it. tests/demo/run starts both.
 *
 * Usage: demo FOLDER. Exit codes: 0 everything expected happened, 1 something did not (it is named), 2 the folder is not
 * that of a fresh cell of the demo, 3 a service does not do its part.
 *
 *   a till    publishes the steps of the script, waits for each verdict, hears answers
 *   a desk    is paged, takes cases and answers them (the shift lead, the store manager)
 *   a board   sees every decision, counts, and ticks off what must happen
 *
 * All three are clients of the library, turned by one thread. */
#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/client/bellhop.h"
#include "common/wire/position.h"
#include "common/wire/wire.h"
#include "services/cli/publish/event_field.h"
#include "services/cli/terminal/command.h"
#include "services/cli/terminal/narrate.h"
#include "tests/demo/board.h"
#include "tests/demo/cell.h"
#include "tests/demo/hours.h"
#include "tests/demo/script.h"

#include "proto/bellhop/v1/publish.pb-c.h"
#include "proto/bellhop/v1/subscribe.pb-c.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FIRST_VERDICT_MS = 30000,
    VERDICT_MS = 10000,
    AWAIT_MS = 40000,
    CLOSES_IN_S = 40, /* a little longer than the day takes to play */
    QUIET_MS = 150,
    SUBSCRIBE_MS = 20000,
    ARENA_SIZE = 1 << 20
};

static const char store[] = "harbour";

struct player {
    const struct cell *cell;
    int64_t closes_at;
    struct bellhop_client *till, *desk, *watcher;
    struct board *board;
    struct arena arena;      /* of one message */
    struct arena desk_arena; /* of one that the desk holds while the board tells it */
    struct decision_id told; /* the last decision that the board has told */
    const char *shop_time;
    bool is_broken; /* a service did not do its part; it was complained of */
};

static void broken(struct player *player, const char *what, const char *why)
{
    if (!player->is_broken)
        command_complain("%s: %s", what, why);
    player->is_broken = true;
}

/* --- the desk: people who are paged --- */

static const struct script_reaction *reaction_to(const WireDecision *decision)
{
    for (size_t i = 0; i < script_reaction_count; i++)
        if (decision->rule_id && text_equal(script_reactions[i].rule_id, decision->rule_id))
            return &script_reactions[i];
    return NULL;
}

/* Publishes an act from the desk; the event is gone then. */
static void desk_publish(struct player *player, struct bellhop_event *event, const char *employee)
{
    int rc = BELLHOP_NO_MEMORY;
    if (event && bellhop_event_set_text(event, "store_id", store) == BELLHOP_OK &&
        bellhop_event_set_text(event, "employee_id", employee) == BELLHOP_OK)
        rc = bellhop_publish(player->desk, event, 0, NULL);
    if (rc != BELLHOP_OK)
        broken(player, "could not publish an act", bellhop_why(player->desk));
    bellhop_event_free(event);
}

static void case_acknowledge(struct player *player, const struct script_reaction *reaction,
                             const WireCase *page)
{
    struct bellhop_event *event = bellhop_event_new("case_acknowledged");
    bellhop_event_set_text(event, "case_acknowledged.escalation_id", page->escalation_id);
    bellhop_event_set_int(event, "case_acknowledged.round", page->round);
    bellhop_event_set_text(event, "case_acknowledged.role", reaction->role);
    if (page->interaction_id)
        bellhop_event_set_text(event, "interaction_id", page->interaction_id);
    if (reaction->until_s)
        bellhop_event_set_int(event, "case_acknowledged.until_at",
                              clock_utc_us() + reaction->until_s * INT64_C(1000000));
    board_tell(player->shop_time, reaction->employee, "\"I have it\"", "");
    desk_publish(player, event, reaction->employee);
}

static void case_answer(struct player *player, const struct script_reaction *reaction, const WireCase *page,
                        uint32_t round)
{
    struct bellhop_event *event = bellhop_event_new("case_answered");
    bellhop_event_set_text(event, "case_answered.escalation_id", page->escalation_id);
    bellhop_event_set_int(event, "case_answered.round", round);
    bellhop_event_set_text(event, "case_answered.role", reaction->role);
    bellhop_event_set_text(event, "case_answered.answer", reaction->answer);
    bellhop_event_set_text(event, "case_answered.text", reaction->text);
    if (page->interaction_id)
        bellhop_event_set_text(event, "interaction_id", page->interaction_id);
    if (reaction->granted_minor) {
        bellhop_event_set_int(event, "case_answered.amount.minor", reaction->granted_minor);
        bellhop_event_set_text(event, "case_answered.amount.currency", "EUR");
    }
    board_tell(player->shop_time, reaction->employee, round < page->round ? "answers once more" : "answers",
               reaction->text);
    desk_publish(player, event, reaction->employee);
}

static void case_decline(struct player *player, const struct script_reaction *reaction, const WireCase *page)
{
    struct bellhop_event *event = bellhop_event_new("case_declined");
    bellhop_event_set_text(event, "case_declined.escalation_id", page->escalation_id);
    bellhop_event_set_int(event, "case_declined.round", page->round);
    bellhop_event_set_text(event, "case_declined.reason", reaction->declines);
    board_tell(player->shop_time, reaction->employee, "\"not me\"", reaction->declines);
    desk_publish(player, event, reaction->employee);
}

static void call_back(struct player *player, const WireFollowUp *task)
{
    struct bellhop_event *event = bellhop_event_new("follow_up_done");
    bellhop_event_set_text(event, "follow_up_done.follow_up_id", task->follow_up_id);
    bellhop_event_set_text(event, "follow_up_done.outcome", "WELL");
    board_tell(player->shop_time, "lena", "calls Gina back", "");
    desk_publish(player, event, "lena");
}

/* Whoever had a hard case is asked whether they were able to help. */
static void give_word(struct player *player, const WireNotice *notice)
{
    struct bellhop_event *event = bellhop_event_new("staff_word");
    bellhop_event_set_text(event, "staff_word.escalation_id", notice->subject);
    bellhop_event_set_int(event, "staff_word.able", 1);
    board_tell(player->shop_time, notice->to_employee_id, "\"yes, I could help\"", "");
    desk_publish(player, event, notice->to_employee_id);
}

static void desk_react(struct player *player, const WireDecision *decision)
{
    const struct script_reaction *reaction = reaction_to(decision);
    const WireCase *page = decision->body_case == WIRE_DECISION__BODY_CASE ? decision->case_ : NULL;
    const WireFollowUp *task =
        decision->body_case == WIRE_DECISION__BODY_FOLLOW_UP ? decision->follow_up : NULL;
    if (task && decision->kind == WIRE_DECISION_KIND__FOLLOW_UP_OPENED && task->customer_id &&
        text_equal(task->customer_id, "gina"))
        call_back(player, task);
    if (decision->body_case == WIRE_DECISION__BODY_NOTICE && decision->notice->asks)
        give_word(player, decision->notice);
    if (!page || !reaction)
        return;
    if (decision->kind == WIRE_DECISION_KIND__CASE_OPENED && reaction->declines)
        case_decline(player, reaction, page);
    else if (decision->kind == WIRE_DECISION_KIND__CASE_OPENED)
        case_acknowledge(player, reaction, page);
    else if (decision->kind == WIRE_DECISION_KIND__CASE_REOPENED ||
             (decision->kind == WIRE_DECISION_KIND__CASE_ACKNOWLEDGED && reaction->until_s == 0))
        case_answer(player, reaction, page, page->round);
    else if (decision->kind == WIRE_DECISION_KIND__CASE_RESOLVED && reaction->twice)
        case_answer(player, reaction, page, page->round - 1);
}

/* --- turning --- */

/* The next decision that waits for this client, confirmed and handed to `hear`; false when there was none. */
static bool delivery_hear(struct player *player, struct bellhop_client *client, int wait_ms,
                          struct arena *arena,
                          void (*hear)(struct player *player, const WireDecision *decision))
{
    const struct bellhop_delivery *delivered = NULL;
    int rc = bellhop_next(client, wait_ms, &delivered);
    if (rc != BELLHOP_OK) {
        if (rc != BELLHOP_TIMEOUT)
            broken(player, "could not hear decisions", bellhop_why(client));
        return false;
    }
    char decision_id[DECISION_ID_TEXT_SIZE];
    text_copy(decision_id, sizeof decision_id, delivered->decision_id);
    arena_reset(arena, 0);
    const WireDelivery *delivery = wire_unpack(
        &wire_delivery__descriptor, slice_of(delivered->message, delivered->message_size), arena, NULL);
    if (delivery && delivery->decision)
        hear(player, delivery->decision);
    bellhop_confirm(client, decision_id);
    return true;
}

static void board_look(struct player *player, const WireDecision *decision)
{
    player->told = decision_id_of(decision);
    board_decide(player->board, decision);
}

static bool board_turn(struct player *player, int wait_ms)
{
    return delivery_hear(player, player->watcher, wait_ms, &player->arena, board_look);
}

static bool is_before(struct decision_id left, struct decision_id right)
{
    if (left.position.epoch != right.position.epoch)
        return left.position.epoch < right.position.epoch;
    if (left.position.seq != right.position.seq)
        return left.position.seq < right.position.seq;
    return left.ordinal < right.ordinal;
}

/* People act on what the board has told, so that the table reads in order. */
static void desk_hear(struct player *player, const WireDecision *decision)
{
    int64_t ends_ms = clock_monotonic_ms() + VERDICT_MS;
    while (is_before(player->told, decision_id_of(decision)) && clock_monotonic_ms() < ends_ms)
        board_turn(player, 20);
    desk_react(player, decision);
}

/* Lets everybody do what there is to do; false when there was nothing. */
static bool turn(struct player *player)
{
    bool did = board_turn(player, 20);
    did = delivery_hear(player, player->desk, did ? 0 : 10, &player->desk_arena, desk_hear) || did;
    bellhop_process(player->till, 0);
    return did;
}

/* Until nothing has happened for a while. */
static void settle(struct player *player)
{
    int64_t quiet_since_ms = clock_monotonic_ms();
    while (!player->is_broken && clock_monotonic_ms() - quiet_since_ms < QUIET_MS)
        if (turn(player))
            quiet_since_ms = clock_monotonic_ms();
}

static void await(struct player *player, const struct script_step *step)
{
    int64_t ends_ms = clock_monotonic_ms() + AWAIT_MS;
    while (!player->is_broken && !board_has_seen(player->board, step->await, step->await_kind) &&
           clock_monotonic_ms() < ends_ms)
        turn(player);
    if (!board_has_seen(player->board, step->await, step->await_kind))
        command_complain("nothing came of \"%s\" within %d s (%s)", step->story, AWAIT_MS / 1000,
                         step->await);
}

/* --- the till --- */

static void on_update(void *owner, const struct bellhop_update *update)
{
    struct player *player = owner;
    arena_reset(&player->arena, 0);
    const WireVerdictUpdate *message =
        wire_unpack(&wire_verdict_update__descriptor, slice_of(update->message, update->message_size),
                    &player->arena, NULL);
    if (!update->answer.answer[0])
        return; /* it goes on */
    AUTO_CLEAR(bytes) sentence = {.size = 0};
    bytes_append_format(&sentence, "%s", update->answer.answer);
    if (message && message->answer && message->answer->amount) {
        bytes_append_text(&sentence, " ");
        narrate_money(message->answer->amount, &sentence);
    }
    bytes_append_format(&sentence, " by %s: \"%s\"", update->answer.answered_by, update->answer.text);
    board_hear(player->board, bytes_text(&sentence));
}

/* "+90" is an instant so many seconds from now. */
static int field_set(struct bellhop_event *event, const char *type, const char *field, const char *value)
{
    char path[96];
    if (value[0] != '+')
        return event_field_set_body(event, type, field, value);
    text_format(path, sizeof path, "%s.%s", type, field);
    return bellhop_event_set_int(event, path,
                                 clock_utc_us() + strtol(value + 1, NULL, 10) * INT64_C(1000000));
}

/* "a=1 b.c=2": each a field of the body; "" of one without. */
static int fields_set(struct bellhop_event *event, const char *type, const char *fields)
{
    AUTO_TEXT char *words = memory_copy_text(fields);
    char *rest = words, *word;
    int rc = BELLHOP_OK;
    while (rc == BELLHOP_OK && fields[0] && (word = strsep(&rest, " "))) {
        char *equals = strchr(word, '=');
        if (!equals)
            return BELLHOP_INVALID;
        *equals = 0;
        rc = field_set(event, type, word, equals + 1);
    }
    return rc;
}

static int envelope_set(struct bellhop_event *event, const struct script_step *step)
{
    int rc = bellhop_event_set_text(event, "store_id", step->store ? step->store : store);
    if (rc == BELLHOP_OK && step->employee)
        rc = bellhop_event_set_text(event, "employee_id", step->employee);
    if (rc == BELLHOP_OK && step->interaction)
        rc = bellhop_event_set_text(event, "interaction_id", step->interaction);
    if (rc == BELLHOP_OK && step->customer)
        rc = bellhop_event_set_text(event, "customer_id", step->customer);
    if (rc == BELLHOP_OK)
        rc = bellhop_event_set_int(event, "occurred_at", clock_utc_us() - step->ago_s * INT64_C(1000000));
    return rc;
}

static void verdict_tell(struct player *player, const struct script_step *step,
                         const struct bellhop_verdict *verdict)
{
    AUTO_CLEAR(bytes) said = {.size = 0};
    arena_reset(&player->arena, 0);
    const WireVerdict *message = wire_unpack(
        &wire_verdict__descriptor, slice_of(verdict->message, verdict->message_size), &player->arena, NULL);
    if (message && message->outcome != WIRE_VERDICT__OUTCOME__NOTHING)
        narrate_verdict(message, &said);
    board_tell(step->shop_time, step->employee ? step->employee : "-", step->story, bytes_text(&said));
}

/* Another policy: `fields` is what changes, the story why. */
static void policy_play(struct player *player, const struct script_step *step)
{
    player->shop_time = step->shop_time;
    board_tell(step->shop_time, step->employee, step->story, "");
    if (hours_propose(player->cell, player->closes_at, step->fields, step->story) != EXIT_DONE)
        broken(player, step->story, "the policy is not in force");
    await(player, step);
    settle(player);
}

static void step_play(struct player *player, const struct script_step *step, int wait_ms)
{
    struct bellhop_event *event = bellhop_event_new(step->type);
    const struct bellhop_verdict *verdict = NULL;
    player->shop_time = step->shop_time;
    if (!event || envelope_set(event, step) != BELLHOP_OK ||
        fields_set(event, step->type, step->fields) != BELLHOP_OK) {
        broken(player, step->story, bellhop_why(NULL));
    } else if (bellhop_ask(player->till, event, wait_ms, &verdict) != BELLHOP_OK) {
        broken(player, step->story, bellhop_why(player->till));
    } else {
        verdict_tell(player, step, verdict);
        if (step->await)
            await(player, step);
        settle(player);
    }
    bellhop_event_free(event);
}

/* --- the day --- */

static struct bellhop_client *client_open(struct player *player, const struct command_settings *settings,
                                          const char *source)
{
    const struct bellhop_options options = {
        .size = sizeof options,
        .publish_endpoint = settings->publish,
        .subscribe_endpoint = settings->subscribe,
        .source = source,
        .owner = player,
        .on_update = source && text_equal(source, "harbour/till-1") ? on_update : NULL,
    };
    struct bellhop_client *client = NULL;
    if (bellhop_open(&options, &client) != BELLHOP_OK)
        broken(player, "could not open a client", bellhop_why(NULL));
    return client;
}

static void subscribe(struct player *player, struct bellhop_client *client, const char *stream,
                      const char *const *topics, size_t topic_count)
{
    const struct bellhop_subscription subscription = {
        .size = sizeof subscription,
        .stream = stream,
        .topics = topics,
        .topic_count = topic_count,
        .from = BELLHOP_FROM_BEGINNING,
    };
    if (!player->is_broken && bellhop_subscribe(client, &subscription, SUBSCRIBE_MS) != BELLHOP_OK)
        broken(player, "could not subscribe", bellhop_why(client));
}

static void day_play(struct player *player, const struct command_settings *settings)
{
    static const char *const desk_topics[] = {"case.*.harbour", "follow_up.opened.harbour",
                                              "notice.given.harbour"};
    player->till = client_open(player, settings, "harbour/till-1");
    player->desk = client_open(player, settings, "harbour/desk-1");
    player->watcher = client_open(player, settings, NULL);
    subscribe(player, player->watcher, "demo-board", NULL, 0);
    subscribe(player, player->desk, "demo-desk", desk_topics, COUNT_OF(desk_topics));
    printf("The first column is the story's clock. Instants are UTC; sentences use the demo store's clock, "
           "on which it\n"
           "closes at 18:00, in a few seconds.\n\n");
    board_tell("time", "who", "what happened", "what Bellhop said");
    for (size_t i = 0; i < script_step_count && !player->is_broken; i++)
        if (text_equal(script_steps[i].type, "policy_proposed"))
            policy_play(player, &script_steps[i]);
        else
            step_play(player, &script_steps[i], i == 0 ? FIRST_VERDICT_MS : VERDICT_MS);
    int64_t ends_ms = clock_monotonic_ms() + VERDICT_MS;
    while (!player->is_broken && !board_is_complete(player->board) && clock_monotonic_ms() < ends_ms)
        turn(player);
    bellhop_close(player->watcher);
    bellhop_close(player->desk);
    bellhop_close(player->till);
}

static int day_run(const struct cell *cell)
{
    AUTO(board) *board = board_new();
    struct player player = {.cell = cell,
                            .closes_at = clock_utc_us() + CLOSES_IN_S * INT64_C(1000000),
                            .shop_time = "",
                            .board = board};
    int rc = hours_propose(cell, player.closes_at, NULL, NULL);
    if (rc != EXIT_DONE)
        return rc;
    arena_init(&player.arena, ARENA_SIZE);
    arena_init(&player.desk_arena, ARENA_SIZE);
    day_play(&player, &cell->settings);
    arena_clear(&player.desk_arena);
    arena_clear(&player.arena);
    if (player.is_broken)
        return EXIT_UNREACHABLE;
    return board_sum_up(board) ? EXIT_DONE : EXIT_NEGATIVE;
}

int main(int argc, char **argv)
{
    AUTO_CLEAR(cell) cell = {.env = {.size = 0}};
    if (argc != 2) {
        fprintf(stderr, "usage: demo FOLDER (of a cell that was started for it; `make demo` does both)\n");
        return EXIT_USAGE;
    }
    int rc = cell_open(&cell, argv[1]);
    return rc == EXIT_DONE ? day_run(&cell) : rc;
}
