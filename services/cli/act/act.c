/* act: looks up how things stand, publishes the act, and shows its verdict. */
#include "services/cli/act/act.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/wire/json.h"
#include "common/wire/position.h"
#include "common/wire/wire.h"
#include "services/cli/log/reader.h"
#include "services/cli/terminal/narrate.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { ARENA_SIZE = 1024 * 1024 };

const struct option_row act_options[] = {
    {"as", 'a', "EMPLOYEE", "the employee who acts (required)", option_read_text, ACT_FIELD(employee)},
    {"role", 'r', "ROLE", "the role they act in; defaults to the one announced for EMPLOYEE",
     option_read_text, ACT_FIELD(role)},
    {"round", 0, "N", "the round of the case as it was delivered; looked up by default", option_read_count,
     ACT_FIELD(round)},
    {"store", 's', "STORE", "the store of the case; with --round, no database is needed", option_read_text,
     ACT_FIELD(store)},
    {"timeout", 0, "TIME", "how long to wait for the decision (default 10s)", option_read_duration_ms,
     ACT_FIELD(timeout_ms)},
    {"json", 'j', NULL, "print the verdict as JSON", option_read_switch, ACT_FIELD(as_json)},
    {0},
};

void act_check(void *arguments, const struct argp_state *state)
{
    if (!((const struct act_arguments *)arguments)->employee)
        argp_error(state, "--as EMPLOYEE is missing: who acts?");
}

/* --- how things stand --- */

static void note_subject(void *owner, const WireDecision *decision)
{
    struct act_subject *subject = owner;
    const WireCase *about = decision->body_case == WIRE_DECISION__BODY_CASE ? decision->case_ : NULL;
    if (!about && decision->body_case != WIRE_DECISION__BODY_FOLLOW_UP)
        return;
    text_copy(subject->store_id, sizeof subject->store_id, decision->store_id ? decision->store_id : "");
    text_copy(subject->interaction_id, sizeof subject->interaction_id,
              decision->interaction_id ? decision->interaction_id : "");
    if (about) {
        subject->round = about->round;
        text_copy(subject->currency, sizeof subject->currency,
                  about->requested && about->requested->currency ? about->requested->currency : "");
    }
}

int act_find_case(const struct command_settings *settings, const struct act_arguments *arguments,
                  struct act_subject *ret_subject)
{
    struct act_subject found = {.store_id = ""};
    if (!arguments->store || arguments->round < 0) {
        AUTO(reader) *reader = reader_open(settings);
        if (!reader)
            return EXIT_USAGE;
        int rc = reader_ask_case(reader, arguments->id, note_subject, &found);
        if (rc == EXIT_NEGATIVE)
            command_complain("there is no case \"%s\"; `bellhop open` lists those that are open",
                             arguments->id);
        if (rc != EXIT_DONE)
            return rc;
    }
    if (arguments->store)
        text_copy(found.store_id, sizeof found.store_id, arguments->store);
    if (arguments->round >= 0)
        found.round = (uint32_t)arguments->round;
    *ret_subject = found;
    return EXIT_DONE;
}

/* A follow-up's id is the identity of the decision that opened it: that one tells its store. */
int act_find_follow_up(const struct command_settings *settings, const struct act_arguments *arguments,
                       struct act_subject *ret_subject)
{
    struct act_subject found = {.store_id = ""};
    struct decision_id id;
    if (decision_id_parse(arguments->id, &id) < 0) {
        command_complain("\"%s\" is not a follow-up's id, such as 1-4711-0", arguments->id);
        return EXIT_USAGE;
    }
    if (arguments->store) {
        text_copy(found.store_id, sizeof found.store_id, arguments->store);
    } else {
        AUTO(reader) *reader = reader_open(settings);
        if (!reader)
            return EXIT_USAGE;
        int rc = reader_ask_event(reader, id.position.seq, note_subject, &found);
        if (rc == EXIT_UNREACHABLE)
            return rc;
        if (!found.store_id[0]) {
            command_complain(
                "there is no follow-up \"%s\"; `bellhop open --follow-ups` lists those that are open",
                arguments->id);
            return EXIT_NEGATIVE;
        }
    }
    *ret_subject = found;
    return EXIT_DONE;
}

/* --- publishing --- */

/* Sets "<type>.<field>", or a field of the envelope where `type` is NULL. What has no value is left out. */
static bool set(struct bellhop_event *event, const char *type, const char *field, const char *value)
{
    char path[96];
    text_format(path, sizeof path, "%s%s%s", type ? type : "", type ? "." : "", field);
    return !value || !*value || bellhop_event_set_text(event, path, value) == BELLHOP_OK;
}

/* Of an act on a case. */
static bool set_round(struct bellhop_event *event, const struct act *act, uint32_t round)
{
    char path[96];
    text_format(path, sizeof path, "%s.round", act->type);
    return act->find != act_find_case || bellhop_event_set_int(event, path, round) == BELLHOP_OK;
}

/* NULL after having complained. */
static struct bellhop_event *event_make(const struct act *act, const struct act_arguments *arguments,
                                        const struct act_subject *subject)
{
    struct bellhop_event *event = bellhop_event_new(act->type);
    bool is_set = event && set(event, NULL, "store_id", subject->store_id) &&
                  set(event, NULL, "employee_id", arguments->employee) &&
                  set(event, NULL, "interaction_id", subject->interaction_id) &&
                  set(event, act->type, act->id_field, arguments->id) &&
                  set_round(event, act, subject->round) && set(event, act->type, "role", arguments->role) &&
                  set(event, act->type, "text", arguments->text);
    if (!is_set)
        command_complain("%s", bellhop_why(NULL));
    if (is_set && (!act->fill || act->fill(event, arguments, subject)))
        return event;
    bellhop_event_free(event);
    return NULL;
}

/* What is heard of the act. */
struct hearing {
    uint64_t seq; /* 0: no receipt yet */
    bool as_json;
};

static void on_receipt(void *owner, const struct bellhop_receipt *receipt)
{
    struct hearing *hearing = owner;
    if (receipt->result == BELLHOP_COMMITTED || receipt->result == BELLHOP_DUPLICATE)
        hearing->seq = receipt->seq;
}

/* What became of it, as whoever pressed the button sees it. An exit code. */
static int outcome_tell(const struct hearing *hearing, const struct bellhop_verdict *verdict)
{
    AUTO(arena) *arena = arena_new(ARENA_SIZE);
    AUTO_CLEAR(bytes) line = {.size = 0};
    const WireVerdict *message = wire_unpack(&wire_verdict__descriptor,
                                             slice_of(verdict->message, verdict->message_size), arena, NULL);
    if (!message || !verdict->act)
        bytes_append_format(&line, "accepted at %" PRIu64 "; nothing changed", hearing->seq);
    else if (hearing->as_json)
        wire_json_write(message, &line);
    else
        narrate_act(message->act, &line);
    puts(bytes_text(&line));
    return verdict->outcome == BELLHOP_ACT_REFUSED ? EXIT_NEGATIVE : EXIT_DONE;
}

static int publish(const struct command_settings *settings, const struct act_arguments *arguments,
                   const struct bellhop_event *event)
{
    struct hearing hearing = {.as_json = arguments->as_json};
    struct bellhop_options client_options = {
        .size = sizeof client_options,
        .publish_endpoint = settings->publish,
        .source = settings->source,
        .owner = &hearing,
        .on_receipt = on_receipt,
    };
    struct bellhop_client *client = NULL;
    if (bellhop_open(&client_options, &client) != BELLHOP_OK) {
        command_complain("%s", bellhop_why(NULL));
        return EXIT_USAGE;
    }
    const struct bellhop_verdict *verdict = NULL;
    int rc = bellhop_ask(client, event, (int)arguments->timeout_ms, &verdict);
    int exit_code = EXIT_NO_ANSWER;
    if (rc == BELLHOP_OK)
        exit_code = outcome_tell(&hearing, verdict);
    else
        command_complain("%s", bellhop_why(client));
    if (rc == BELLHOP_REFUSED || rc == BELLHOP_INVALID)
        exit_code = EXIT_NEGATIVE;
    else if (rc != BELLHOP_OK && hearing.seq == 0)
        exit_code = EXIT_UNREACHABLE;
    bellhop_close(client);
    return exit_code;
}

int act_run(const struct command_call *call, const struct act *act)
{
    const struct act_arguments *arguments = call->arguments;
    struct act_subject subject;
    int rc = act->find(call->settings, arguments, &subject);
    if (rc != EXIT_DONE)
        return rc;
    struct bellhop_event *event = event_make(act, arguments, &subject);
    if (!event)
        return EXIT_USAGE;
    rc = publish(call->settings, arguments, event);
    bellhop_event_free(event);
    return rc;
}
