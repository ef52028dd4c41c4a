/* reader: a loop that turns until the database has answered. */
#include "services/cli/log/reader.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/store/read/case_reader.h"
#include "common/store/read/decision_reader.h"
#include "common/store/read/log_stream.h"
#include "common/wire/wire.h"

#include <stdlib.h>
#include <string.h>

enum { ANSWER_MS = 10000, PAGE_SIZE = 500, DECISIONS_MOST = 1000, ARENA_SIZE = 1 << 20 };

struct reader {
    struct loop *loop;
    struct database *database;
    struct log_stream *stream;
    char why[WHY_SIZE]; /* why there is no session, "" while there is one */
};

static void on_changed(void *owner, bool is_open, const char *why)
{
    struct reader *reader = owner;
    text_copy(reader->why, sizeof reader->why, is_open ? "" : why);
}

struct reader *reader_open(const struct command_settings *settings)
{
    if (!settings->database_url[0]) {
        command_complain(
            "BELLHOP_DATABASE_URL is not set: it names the database to read from (`make run` writes it "
            "to .run/env)");
        return NULL;
    }
    struct reader *reader = NEW(reader);
    reader->loop = loop_new();
    reader->stream = log_stream_new(settings->database_url);
    reader->database = database_open(reader->loop, settings->database_url, "bellhop", on_changed, reader);
    return reader;
}

void reader_free(struct reader *reader)
{
    if (!reader)
        return;
    log_stream_free(reader->stream);
    if (reader->database)
        database_close(reader->database);
    loop_free(reader->loop);
    free(reader);
}

struct database *reader_database(struct reader *reader)
{
    return reader->database;
}

int reader_finish(struct reader *reader, const char *fault)
{
    bool is_finished = database_finish(reader->database, ANSWER_MS);
    if (is_finished && !fault[0])
        return EXIT_DONE;
    command_complain("could not read the database: %s", is_finished      ? fault
                                                        : reader->why[0] ? reader->why
                                                                         : "no answer in time");
    return EXIT_UNREACHABLE;
}

struct log_stream *reader_stream(struct reader *reader)
{
    return reader->stream;
}

/* One page, handed on decision by decision. */
struct question {
    reader_each *each;
    void *owner;
    size_t count;
    char last_id[65]; /* of the last case or follow-up, from where the next page goes on */
    char fault[WHY_SIZE];
};

static const char *subject_of(const WireDecision *decision)
{
    if (decision->body_case == WIRE_DECISION__BODY_CASE)
        return decision->case_->escalation_id;
    if (decision->body_case == WIRE_DECISION__BODY_FOLLOW_UP)
        return decision->follow_up->follow_up_id;
    return NULL;
}

static void on_page(void *owner, const struct decision_page *page)
{
    struct question *question = owner;
    text_copy(question->fault, sizeof question->fault, page->fault ? page->fault : "");
    if (page->fault)
        return;
    AUTO(arena) *arena = arena_new(ARENA_SIZE);
    for (size_t i = 0; i < page->count; i++) {
        arena_reset(arena, 0);
        const WireDecision *decision =
            wire_unpack(&wire_decision__descriptor, page->decisions[i].packed, arena, NULL);
        if (!decision) {
            text_copy(question->fault, sizeof question->fault, "a stored decision cannot be decoded");
            return;
        }
        question->count++;
        const char *subject = subject_of(decision);
        if (subject)
            text_copy(question->last_id, sizeof question->last_id, subject);
        question->each(question->owner, decision);
    }
}

static int question_finish(struct reader *reader, const struct question *question)
{
    int rc = reader_finish(reader, question->fault);
    return rc != EXIT_DONE ? rc : question->count > 0 ? EXIT_DONE : EXIT_NEGATIVE;
}

int reader_ask_case(struct reader *reader, const char *escalation_id, reader_each *each, void *owner)
{
    struct question question = {.each = each, .owner = owner};
    case_read(reader->database, escalation_id, on_page, &question);
    return question_finish(reader, &question);
}

int reader_ask_event(struct reader *reader, uint64_t seq, reader_each *each, void *owner)
{
    struct question question = {.each = each, .owner = owner};
    decision_read_event(reader->database, seq, on_page, &question);
    return question_finish(reader, &question);
}

int reader_ask_interaction(struct reader *reader, const char *interaction_id, reader_each *each, void *owner)
{
    struct question question = {.each = each, .owner = owner};
    decision_read_interaction(reader->database, interaction_id, DECISIONS_MOST, on_page, &question);
    return question_finish(reader, &question);
}

int reader_ask_timeline(struct reader *reader, const char *escalation_id, reader_each *each, void *owner)
{
    struct question question = {.each = each, .owner = owner};
    decision_read_case(reader->database, escalation_id, DECISIONS_MOST, on_page, &question);
    return question_finish(reader, &question);
}

typedef void open_read(struct database *database, const char *after, uint32_t most, decision_page_read *read,
                       void *owner);

static int open_read_all(struct reader *reader, open_read *read, reader_each *each, void *owner)
{
    struct question question = {.each = each, .owner = owner};
    size_t total = 0;
    do {
        char after[sizeof question.last_id];
        text_copy(after, sizeof after, question.last_id);
        question.count = 0;
        read(reader->database, after, PAGE_SIZE, on_page, &question);
        int rc = question_finish(reader, &question);
        if (rc == EXIT_UNREACHABLE)
            return rc;
        total += question.count;
    } while (question.count == PAGE_SIZE);
    return total > 0 ? EXIT_DONE : EXIT_NEGATIVE;
}

int reader_ask_open_cases(struct reader *reader, reader_each *each, void *owner)
{
    return open_read_all(reader, case_read_open, each, owner);
}

int reader_ask_open_follow_ups(struct reader *reader, reader_each *each, void *owner)
{
    return open_read_all(reader, case_read_open_follow_ups, each, owner);
}
