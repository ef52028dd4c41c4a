/* act: looks up how things stand, publishes the act, and reads the decision it led to. */
#include "services/cli/act/act.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/wire/json.h"
#include "common/wire/position.h"
#include "services/cli/terminal/narrate.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { KEY_ROLE = 'r', KEY_STORE = 's', KEY_AS = 'a', KEY_JSON = 'j', KEY_ROUND = 1000, KEY_TIMEOUT };

static const struct argp_option options_table[] = {
    {"as", KEY_AS, "EMPLOYEE", 0, "who acts (required)", 0},
    {"role", KEY_ROLE, "ROLE", 0, "as which role; the one announced for EMPLOYEE when left out", 0},
    {"round", KEY_ROUND, "N", 0, "the case's round as it was delivered; looked up when left out", 0},
    {"store", KEY_STORE, "STORE", 0, "the case's store; with --round no database is needed", 0},
    {"timeout", KEY_TIMEOUT, "TIME", 0, "how long to wait for the decision (10s)", 0},
    {"json", KEY_JSON, NULL, 0, "tell the decisions as JSON, one a line", 0},
    {0},
};

void act_options_init(struct act_options *options, const struct act *act)
{
    *options = (struct act_options){.act = act, .round = -1, .timeout_ms = 10000};
}

static error_t option_parse(int key, char *value, struct argp_state *state)
{
    struct act_options *options = state->input;
    switch (key) {
    case KEY_AS:
        options->employee = value;
        return 0;
    case KEY_ROLE:
        options->role = value;
        return 0;
    case KEY_STORE:
        options->store = value;
        return 0;
    case KEY_ROUND:
        if (text_parse_int64(value, 1, UINT32_MAX, &options->round) < 0)
            argp_error(state, "--round \"%s\": expected a number from 1", value);
        return 0;
    case KEY_TIMEOUT:
        options->timeout_ms = command_duration_ms(state, "timeout", value);
        return 0;
    case KEY_JSON:
        options->as_json = true;
        return 0;
    case ARGP_KEY_ARG:
        if (options->id)
            argp_error(state, "one %s at a time: what is \"%s\"?", options->act->noun, value);
        options->id = value;
        return 0;
    case ARGP_KEY_END:
        if (!options->id)
            argp_error(state, "which %s? `%s` lists them", options->act->noun, options->act->listed_by);
        if (!options->employee)
            argp_error(state, "--as EMPLOYEE is missing: who acts?");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp act_argp = {.options = options_table, .parser = option_parse};

/* ---------------------------------------------------------------- how things stand */

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

int act_find_case(const struct command_settings *settings, const struct act_options *options,
                  struct act_subject *ret_subject)
{
    struct act_subject found = {.store_id = ""};
    if (!options->store || options->round < 0) {
        AUTO(reader) *reader = reader_open(settings);
        if (!reader)
            return EXIT_USAGE;
        int rc = reader_case(reader, options->id, note_subject, &found);
        if (rc == EXIT_NEGATIVE)
            complain("there is no case \"%s\"; `bellhop open` lists those that are open", options->id);
        if (rc != EXIT_DONE)
            return rc;
    }
    if (options->store)
        text_copy(found.store_id, sizeof found.store_id, options->store);
    if (options->round >= 0)
        found.round = (uint32_t)options->round;
    *ret_subject = found;
    return EXIT_DONE;
}

/* A follow-up's id is the identity of the decision that opened it: that one tells its store. */
int act_find_follow_up(const struct command_settings *settings, const struct act_options *options,
                       struct act_subject *ret_subject)
{
    struct act_subject found = {.store_id = ""};
    struct decision_id id;
    if (decision_id_parse(options->id, &id) < 0) {
        complain("\"%s\" is not a follow-up's id, such as 1-4711-0", options->id);
        return EXIT_USAGE;
    }
    if (options->store) {
        text_copy(found.store_id, sizeof found.store_id, options->store);
    } else {
        AUTO(reader) *reader = reader_open(settings);
        if (!reader)
            return EXIT_USAGE;
        int rc = reader_event_decisions(reader, id.position.seq, note_subject, &found);
        if (rc == EXIT_UNREACHABLE)
            return rc;
        if (!found.store_id[0]) {
            complain("there is no follow-up \"%s\"; `bellhop open --follow-ups` lists those that are open",
                     options->id);
            return EXIT_NEGATIVE;
        }
    }
    *ret_subject = found;
    return EXIT_DONE;
}

/* ---------------------------------------------------------------- publishing */

/* Sets "<type>.<field>", or a field of the envelope where `type` is NULL. What has no value is left out. */
static bool set(struct bellhop_event *event, const char *type, const char *field, const char *value)
{
    char path[96];
    text_format(path, sizeof path, "%s%s%s", type ? type : "", type ? "." : "", field);
    return !value || !*value || bellhop_event_set_text(event, path, value) == BELLHOP_OK;
}

/* NULL after having complained. */
static struct bellhop_event *event_make(const struct act_options *options, const struct act_subject *subject)
{
    const struct act *act = options->act;
    struct bellhop_event *event = bellhop_event_new(act->type);
    bool is_set = event && set(event, NULL, "store_id", subject->store_id) &&
                  set(event, NULL, "employee_id", options->employee) &&
                  set(event, NULL, "interaction_id", subject->interaction_id) &&
                  set(event, act->type, act->id_field, options->id) &&
                  set(event, act->type, "role", options->role) &&
                  set(event, act->type, "text", options->text);
    if (!is_set)
        complain("%s", bellhop_why(NULL));
    if (is_set && (!act->fill || act->fill(event, options, subject)))
        return event;
    bellhop_event_free(event);
    return NULL;
}

/* What is heard of the act. */
struct hearing {
    uint64_t seq; /* 0: no receipt yet */
    bool is_refused;
    bool as_json;
    size_t told;
};

static void on_receipt(void *owner, const struct bellhop_receipt *receipt)
{
    struct hearing *hearing = owner;
    if (receipt->result == BELLHOP_COMMITTED || receipt->result == BELLHOP_DUPLICATE)
        hearing->seq = receipt->seq;
}

static void tell_decision(void *owner, const WireDecision *decision)
{
    struct hearing *hearing = owner;
    if (decision->kind == WIRE_DECISION_KIND__VERDICT_GIVEN ||
        decision->kind == WIRE_DECISION_KIND__NOTICE_GIVEN)
        return;
    AUTO_CLEAR(bytes) line = {.size = 0};
    if (hearing->as_json)
        wire_json_write(decision, &line);
    else
        narrate_decision(decision, &line);
    puts(bytes_text(&line));
    hearing->is_refused = hearing->is_refused || decision->kind == WIRE_DECISION_KIND__ACT_REFUSED;
    hearing->told++;
}

/* The act is decided: what came of it stands in the database. */
static int outcome_tell(const struct command_settings *settings, struct hearing *hearing)
{
    if (!settings->database_url[0]) {
        printf("accepted at %" PRIu64 " and decided; set BELLHOP_DATABASE_URL to hear what was decided\n",
               hearing->seq);
        return EXIT_DONE;
    }
    AUTO(reader) *reader = reader_open(settings);
    int rc = reader_event_decisions(reader, hearing->seq, tell_decision, hearing);
    if (rc == EXIT_UNREACHABLE)
        return rc;
    if (hearing->told == 0)
        printf("accepted at %" PRIu64 "; nothing changed\n", hearing->seq);
    return hearing->is_refused ? EXIT_NEGATIVE : EXIT_DONE;
}

static int publish(const struct command_settings *settings, const struct act_options *options,
                   const struct bellhop_event *event)
{
    struct hearing hearing = {.as_json = options->as_json};
    struct bellhop_options client_options = {
        .size = sizeof client_options,
        .publish_endpoint = settings->publish,
        .source = settings->source,
        .owner = &hearing,
        .on_receipt = on_receipt,
    };
    struct bellhop_client *client = NULL;
    if (bellhop_open(&client_options, &client) != BELLHOP_OK) {
        complain("%s", bellhop_why(NULL));
        return EXIT_USAGE;
    }
    const struct bellhop_verdict *verdict = NULL;
    int rc = bellhop_ask(client, event, (int)options->timeout_ms, &verdict);
    int exit_code = EXIT_NO_ANSWER;
    if (rc == BELLHOP_OK)
        exit_code = outcome_tell(settings, &hearing);
    else
        complain("%s", bellhop_why(client));
    if (rc == BELLHOP_REFUSED || rc == BELLHOP_INVALID)
        exit_code = EXIT_NEGATIVE;
    else if (rc != BELLHOP_OK && hearing.seq == 0)
        exit_code = EXIT_UNREACHABLE;
    bellhop_close(client);
    return exit_code;
}

int act_run(const struct command_settings *settings, const struct act_options *options)
{
    struct act_subject subject;
    int rc = options->act->find(settings, options, &subject);
    if (rc != EXIT_DONE)
        return rc;
    struct bellhop_event *event = event_make(options, &subject);
    if (!event)
        return EXIT_USAGE;
    rc = publish(settings, options, event);
    bellhop_event_free(event);
    return rc;
}
