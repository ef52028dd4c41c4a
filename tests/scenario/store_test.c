/* The store against a real PostgreSQL of its own: what the writer stores is what the readers read; what it
 * must refuse it refuses. */
#include "tests/support/check.h"
#include "tests/support/sample.h"

#include "common/base/clock.h"
#include "common/store/case_reader.h"
#include "common/store/log_stream.h"
#include "common/store/source_reader.h"
#include "common/store/stream_reader.h"
#include "common/store/verdict_reader.h"
#include "common/store/writer.h"
#include "common/wire/canonical.h"
#include "common/wire/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PATIENCE_MS = 20000 };

/* --- a database, a writer, a reader --- */

struct fixture {
    char url[512];
    struct loop *loop;
    struct writer *writer;
    struct database *database;
    struct batch *batch;
    struct arena *arena;
    struct writer_place place;
    enum writer_state state;
    enum writer_result result;
    bool is_done;
    unsigned ids;
};

static void run(const char *verb, const char *folder, char *into, size_t size)
{
    char command[256];
    snprintf(command, sizeof command, "tests/support/postgres %s %s", verb, folder);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t read = fread(into, 1, size - 1, pipe);
    while (read && into[read - 1] == '\n')
        read--;
    into[read] = 0;
    assert_int_equal(pclose(pipe), 0);
}

static void on_state(void *owner, enum writer_state state, const struct writer_place *place, const char *why)
{
    struct fixture *fixture = owner;
    (void)why;
    fixture->state = state;
    if (place)
        fixture->place = *place;
}

static void await_state(struct fixture *fixture, enum writer_state state)
{
    int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;
    while (fixture->state != state) {
        assert_true(clock_monotonic_ms() < until_ms);
        loop_turn(fixture->loop, 100);
    }
}

/* One server for all tests, a database for each. */
static struct server {
    char folder[64];
    char url[512]; /* of the superuser */
    int databases;
} server = {.folder = "/tmp/bellhop-store.XXXXXX"};

static int start_server(void **state)
{
    (void)state;
    char nothing[512];
    assert_non_null(mkdtemp(server.folder));
    run("start", server.folder, nothing, sizeof nothing);
    run("admin", server.folder, server.url, sizeof server.url);
    return 0;
}

static int remove_server(void **state)
{
    (void)state;
    char nothing[64];
    run("remove", server.folder, nothing, sizeof nothing);
    return 0;
}

static void create_database(char *ret_url, size_t size)
{
    char command[1024];
    int number = ++server.databases;
    snprintf(command, sizeof command, "psql -Xqd '%s' -c 'CREATE DATABASE test_%d OWNER bellhop'", server.url,
             number);
    assert_int_equal(system(command), 0);
    const char *rest = strchr(server.url, '?');
    snprintf(ret_url, size, "postgresql://bellhop@/test_%d%s", number, rest);
}

static int set_up(void **state)
{
    struct fixture *fixture = NEW(fixture);
    create_database(fixture->url, sizeof fixture->url);
    fixture->loop = loop_new();
    fixture->arena = arena_new(16 << 20);
    fixture->batch = batch_new();
    const struct writer_calls calls = {.on_state = on_state, .owner = fixture};
    fixture->writer = writer_open(fixture->loop, fixture->url, &calls);
    await_state(fixture, WRITER_READY);
    fixture->database = database_open(fixture->loop, fixture->url, "store_test", NULL, NULL);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    database_close(fixture->database);
    writer_close(fixture->writer);
    batch_free(fixture->batch);
    arena_free(fixture->arena);
    loop_free(fixture->loop);
    free(fixture);
    return 0;
}

/* --- storing --- */

static void on_stored(void *owner, enum writer_result result, const char *why)
{
    struct fixture *fixture = owner;
    (void)why;
    fixture->result = result;
    fixture->is_done = true;
}

static enum writer_result store(struct fixture *fixture)
{
    const struct batch_place place = {
        .epoch = fixture->place.epoch, .first_seq = fixture->place.head + 1, .recorded_at = SAMPLE_AT};
    uint64_t count = event_rows_count(&fixture->batch->events);
    fixture->is_done = false;
    writer_store(fixture->writer, fixture->batch, &place, on_stored, fixture);
    while (!fixture->is_done)
        loop_turn(fixture->loop, 1000);
    if (fixture->result == WRITER_STORED) {
        fixture->place.head += count;
        fixture->place.cursor += fixture->batch->upto - fixture->batch->after;
    }
    return fixture->result;
}

/* An event number N has an id made of it. */
static void add_event(struct fixture *fixture, unsigned number, const char *more, const char *text)
{
    char changes[256];
    snprintf(changes, sizeof changes, "{\"id\":\"018f3e53-5600-7abc-8def-%012u\"%s%s}", number,
             more[0] ? "," : "", more);
    WireEvent *event = sample_event(fixture->arena, changes);
    struct bytes canonical = {0};
    wire_event_canonical(event, &canonical);
    WireEventText event_text = WIRE_EVENT_TEXT__INIT, *texts[] = {&event_text};
    event_text.field = (char *)"complaint.text";
    event_text.text = (char *)text;
    WireAppendEvent append = WIRE_APPEND_EVENT__INIT;
    append.event = wire_bytes(bytes_slice(&canonical));
    append.has_occurred_at = append.has_sent_at = append.has_skew_ms = true;
    append.occurred_at = SAMPLE_AT + 5;
    append.sent_at = SAMPLE_AT + 6;
    append.skew_ms = number;
    append.n_texts = text ? 1 : 0;
    append.texts = texts;
    event_rows_add(&fixture->batch->events, &append, event);
    bytes_clear(&canonical);
}

static void store_events(struct fixture *fixture, unsigned first, unsigned last)
{
    batch_reset(fixture->batch);
    for (unsigned number = first; number <= last; number++)
        add_event(fixture, number, "", NULL);
    assert_int_equal(store(fixture), WRITER_STORED);
}

static struct uuid id_of(unsigned number)
{
    char text[UUID_TEXT_SIZE];
    snprintf(text, sizeof text, "018f3e53-5600-7abc-8def-%012u", number);
    struct uuid id;
    assert_int_equal(uuid_parse(text, &id), 0);
    return id;
}

/* A decision on event `seq`, whose number is the same. */
static void add_decision(struct fixture *fixture, uint64_t seq, uint32_t ordinal, WireDecision decision)
{
    struct uuid id = id_of((unsigned)seq);
    WirePosition position = WIRE_POSITION__INIT;
    position.has_epoch = position.has_seq = true;
    position.epoch = fixture->place.epoch;
    position.seq = seq;
    decision.position = &position;
    decision.has_ordinal = decision.has_kind = decision.has_decided_at = decision.has_event_id = true;
    decision.ordinal = ordinal;
    decision.decided_at = SAMPLE_AT;
    decision.event_id = (ProtobufCBinaryData){.len = UUID_SIZE, .data = id.bytes};
    AUTO_CLEAR(bytes) packed = {0};
    wire_pack(&decision, &packed);
    batch_add_decision(fixture->batch, &decision, bytes_slice(&packed));
}

static void decide(struct fixture *fixture, uint64_t upto)
{
    fixture->batch->after = fixture->place.cursor;
    fixture->batch->upto = upto;
    assert_int_equal(store(fixture), WRITER_STORED);
    batch_reset(fixture->batch);
}

static void add_case(struct fixture *fixture, uint64_t seq, uint32_t ordinal, const char *id,
                     const char *state)
{
    WireCase body = WIRE_CASE__INIT;
    body.escalation_id = (char *)id;
    body.state = (char *)state;
    WireDecision decision = WIRE_DECISION__INIT;
    decision.kind =
        strcmp(state, "resolved") == 0 ? WIRE_DECISION_KIND__CASE_RESOLVED : WIRE_DECISION_KIND__CASE_OPENED;
    decision.subject_id = (char *)id;
    decision.body_case = WIRE_DECISION__BODY_CASE;
    decision.case_ = &body;
    if (decision.kind == WIRE_DECISION_KIND__CASE_RESOLVED) {
        body.answer = (char *)"refused";
        body.resolved_by = (char *)"ada";
        body.has_resolved_at = true;
        body.resolved_at = SAMPLE_AT;
    }
    add_decision(fixture, seq, ordinal, decision);
}

/* --- reading: pages as text --- */

struct told {
    struct bytes text;
    uint64_t upto;
    struct log_head at;
    bool is_fault;
};

static void tell_events(void *owner, const struct log_page *page)
{
    struct told *told = owner;
    told->is_fault = page->fault;
    told->at = page->at;
    for (size_t i = 0; i < page->count; i++)
        bytes_append_format(&told->text, "%s%llu", i ? " " : "",
                            (unsigned long long)page->events[i]->position->seq);
}

static void tell_decisions(void *owner, const struct decision_page *page)
{
    struct told *told = owner;
    told->is_fault = page->fault;
    told->at = page->at;
    told->upto = page->upto;
    for (size_t i = 0; i < page->count; i++)
        bytes_append_format(&told->text, "%s%llu-%u", i ? " " : "",
                            (unsigned long long)page->decisions[i].place.seq,
                            page->decisions[i].place.ordinal);
}

/* Wait for what was asked, and compare. */
static void assert_told(struct fixture *fixture, struct told *told, const char *expected)
{
    assert_true(database_finish(fixture->database, PATIENCE_MS));
    assert_false(told->is_fault);
    assert_text_equal(bytes_text(&told->text), expected);
    bytes_clear(&told->text);
}

static TEST(the_log_is_read_in_pages)
{
    struct fixture *fixture = *state;
    struct told told = {{0}};
    log_read_events(fixture->database, 0, 10, tell_events, &told);
    assert_told(fixture, &told, "");
    assert_int_equal(told.at.head, 0);
    assert_int_equal(told.at.recorded_at, 0);
    store_events(fixture, 1, 10);
    store_events(fixture, 11, 20);
    log_read_events(fixture->database, 0, 5, tell_events, &told);
    assert_told(fixture, &told, "1 2 3 4 5");
    assert_int_equal(told.at.head, 20);
    assert_int_equal(told.at.recorded_at, SAMPLE_AT);
    log_read_events(fixture->database, 18, 100, tell_events, &told);
    assert_told(fixture, &told, "19 20");
    log_read_events(fixture->database, 20, 100, tell_events, &told);
    assert_told(fixture, &told, "");
}

static void check_event(void *owner, const struct log_page *page)
{
    *(bool *)owner = true;
    assert_null(page->fault);
    const WireLoggedEvent *event = page->events[0];
    assert_int_equal(event->recorded_at, SAMPLE_AT);
    assert_int_equal(event->occurred_at, SAMPLE_AT + 5);
    assert_int_equal(event->sent_at, SAMPLE_AT + 6);
    assert_int_equal(event->skew_ms, 3);
    WireEvent *unpacked = wire_event__unpack(NULL, event->event.len, event->event.data);
    assert_text_equal(unpacked->source, "harbour/till-1");
    wire_event__free_unpacked(unpacked, NULL);
}

static void tell_text(void *owner, const struct text_page *page)
{
    struct told *told = owner;
    told->is_fault = page->fault;
    bytes_append_format(&told->text, "%llu %s %s", (unsigned long long)page->seq,
                        page->field ? page->field : "-", page->text ? page->text : "-");
}

static TEST(an_event_is_read_as_it_was_stored_and_its_text_apart)
{
    struct fixture *fixture = *state;
    add_event(fixture, 3, "\"complaint\":{\"about\":\"PRICE\",\"text\":\"\"}", "it's\ttoo much");
    add_event(fixture, 4, "", NULL);
    assert_int_equal(store(fixture), WRITER_STORED);
    bool is_checked = false;
    log_read_events(fixture->database, 0, 1, check_event, &is_checked);
    struct told told = {{0}};
    log_read_text(fixture->database, id_of(3).bytes, tell_text, &told);
    assert_told(fixture, &told, "1 complaint.text it's\ttoo much");
    assert_true(is_checked);
    log_read_text(fixture->database, id_of(4).bytes, tell_text, &told);
    assert_told(fixture, &told, "2 - -");
}

/* --- the writer --- */

static void on_found(void *owner, const struct writer_found *found, size_t count, const char *fault)
{
    struct told *told = owner;
    told->is_fault = fault;
    for (size_t i = 0; i < count; i++)
        bytes_append_format(&told->text, "%zu=%llu ", found[i].row, (unsigned long long)found[i].seq);
    told->upto = 1;
}

static TEST(a_repeated_id_stores_nothing_and_is_found)
{
    struct fixture *fixture = *state;
    store_events(fixture, 1, 3);
    batch_reset(fixture->batch);
    add_event(fixture, 7, "", NULL);
    add_event(fixture, 2, "", NULL);
    assert_int_equal(store(fixture), WRITER_REPEATED);
    struct told told = {{0}};
    writer_find(fixture->writer, fixture->batch, on_found, &told);
    while (!told.upto)
        loop_turn(fixture->loop, 1000);
    assert_false(told.is_fault);
    assert_text_equal(bytes_text(&told.text), "1=2 ");
    bytes_reset(&told.text);
    event_rows_drop(&fixture->batch->events, 1);
    assert_int_equal(store(fixture), WRITER_STORED);
    log_read_events(fixture->database, 0, 100, tell_events, &told);
    assert_told(fixture, &told, "1 2 3 4");
}

static TEST(a_cursor_that_is_elsewhere_stores_nothing)
{
    struct fixture *fixture = *state;
    store_events(fixture, 1, 3);
    batch_reset(fixture->batch);
    add_case(fixture, 2, 0, "1-2-0", "open");
    fixture->batch->after = 1;
    fixture->batch->upto = 2;
    assert_int_equal(store(fixture), WRITER_MOVED);
    struct told told = {{0}};
    decision_read(fixture->database, (struct decision_place){0}, 10, tell_decisions, &told);
    assert_told(fixture, &told, "");
    assert_int_equal(fixture->state, WRITER_READY);
}

static TEST(a_writer_with_an_old_epoch_cannot_store_and_takes_over_anew)
{
    struct fixture *fixture = *state;
    store_events(fixture, 1, 3);
    uint32_t epoch = fixture->place.epoch;
    fixture->place.epoch--;
    batch_reset(fixture->batch);
    add_event(fixture, 4, "", NULL);
    assert_int_equal(store(fixture), WRITER_FAILED);
    assert_int_equal(fixture->state, WRITER_AWAY);
    await_state(fixture, WRITER_READY);
    assert_int_equal(fixture->place.epoch, epoch + 1);
    assert_int_equal(fixture->place.head, 3);
}

static TEST(a_second_writer_stands_by_until_the_first_is_gone)
{
    struct fixture *fixture = *state;
    struct fixture second = {.loop = fixture->loop};
    const struct writer_calls calls = {.on_state = on_state, .owner = &second};
    second.writer = writer_open(fixture->loop, fixture->url, &calls);
    await_state(&second, WRITER_STANDBY);
    writer_close(fixture->writer);
    await_state(&second, WRITER_READY);
    assert_int_equal(second.place.epoch, fixture->place.epoch + 1);
    fixture->writer = second.writer;
}

/* --- decisions, cases, verdicts --- */

static TEST(decisions_are_read_in_order_and_a_cut_page_says_what_is_whole)
{
    struct fixture *fixture = *state;
    store_events(fixture, 1, 9);
    batch_reset(fixture->batch);
    WireDecision finding = WIRE_DECISION__INIT;
    finding.kind = WIRE_DECISION_KIND__FINDING_MADE;
    static const struct decision_place places[] = {{2, 0}, {2, 1}, {5, 0}, {5, 1}, {5, 2}, {8, 0}};
    for (size_t i = 0; i < COUNT_OF(places); i++)
        add_decision(fixture, places[i].seq, places[i].ordinal, finding);
    decide(fixture, 9);
    static const struct {
        struct decision_place after;
        uint32_t most;
        const char *expected;
        uint64_t upto;
    } cases[] = {
        {{0, UINT32_MAX}, 100, "2-0 2-1 5-0 5-1 5-2 8-0", 9},
        {{0, UINT32_MAX}, 4, "2-0 2-1 5-0 5-1", 4},
        {{5, 1}, 100, "5-2 8-0", 9},
        {{4, UINT32_MAX}, 100, "5-0 5-1 5-2 8-0", 9},
        {{8, 0}, 100, "", 9},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct told told = {{0}};
        decision_read(fixture->database, cases[i].after, cases[i].most, tell_decisions, &told);
        assert_told(fixture, &told, cases[i].expected);
        assert_int_equal(told.upto, cases[i].upto);
    }
    struct told told = {{0}};
    decision_read_event(fixture->database, 5, tell_decisions, &told);
    assert_told(fixture, &told, "5-0 5-1 5-2");
}

/* "SEQ", with ":NUMBER" of decisions where there are some. */
static void assert_streamed(struct log_stream *stream, const struct log_range *range, const char *expected)
{
    AUTO_CLEAR(bytes) told = {0};
    struct streamed_event event;
    struct log_head head;
    char why[WHY_SIZE];
    int found;
    assert_int_equal(log_stream_begin(stream, range, &head, why), 0);
    while ((found = log_stream_next(stream, &event, why)) == 1) {
        bytes_append_format(&told, "%s%llu", told.size ? " " : "",
                            (unsigned long long)event.record->position->seq);
        for (size_t at = 0; at < event.count; at++) {
            WireDecision *decision =
                wire_decision__unpack(NULL, event.decisions[at].size, event.decisions[at].data);
            assert_int_equal(decision->position->seq, event.record->position->seq);
            assert_int_equal(decision->ordinal, at);
            wire_decision__free_unpacked(decision, NULL);
        }
        if (event.count)
            bytes_append_format(&told, ":%zu", event.count);
        assert_int_equal(event.record->recorded_at, SAMPLE_AT);
    }
    assert_int_equal(found, 0);
    assert_text_equal(bytes_text(&told), expected);
}

static TEST(the_log_is_streamed_with_its_decisions_as_far_as_it_is_decided)
{
    struct fixture *fixture = *state;
    AUTO(log_stream) *stream = log_stream_new(fixture->url);
    assert_streamed(stream, &(struct log_range){.after = 0}, "");
    store_events(fixture, 1, 4);
    batch_reset(fixture->batch);
    add_event(fixture, 5, "\"id_time\":1,\"complaint\":{\"about\":\"PRICE\"}", NULL);
    assert_int_equal(store(fixture), WRITER_STORED);
    store_events(fixture, 6, 9);
    batch_reset(fixture->batch);
    WireDecision finding = WIRE_DECISION__INIT;
    finding.kind = WIRE_DECISION_KIND__FINDING_MADE;
    static const struct decision_place places[] = {{2, 0}, {2, 1}, {5, 0}, {5, 1}, {5, 2}, {7, 0}};
    for (size_t i = 0; i < COUNT_OF(places); i++)
        add_decision(fixture, places[i].seq, places[i].ordinal, finding);
    decide(fixture, 8);
    assert_streamed(stream, &(struct log_range){.after = 0}, "1 2:2 3 4 5:3 6 7:1 8");
    assert_streamed(stream, &(struct log_range){.after = 4, .upto = 6}, "5:3 6");
    assert_streamed(stream, &(struct log_range){.after = 6, .without_decisions = true}, "7 8 9");
    assert_streamed(stream, &(struct log_range){.type = WIRE_EVENT__BODY_COMPLAINT}, "5");
}

static TEST(a_stream_that_is_left_in_the_middle_begins_anew_and_one_whose_server_is_gone_says_so)
{
    struct fixture *fixture = *state;
    AUTO(log_stream) *stream = log_stream_new(fixture->url);
    char why[WHY_SIZE], nothing[512];
    struct streamed_event event;
    struct log_head head;
    store_events(fixture, 1, 5);
    assert_int_equal(log_stream_begin(stream, &(struct log_range){.without_decisions = true}, &head, why), 0);
    assert_int_equal(log_stream_next(stream, &event, why), 1);
    assert_int_equal(head.head, 5);
    assert_streamed(stream, &(struct log_range){.after = 3, .without_decisions = true}, "4 5");
    run("kill", server.folder, nothing, sizeof nothing);
    assert_true(log_stream_begin(stream, &(struct log_range){.after = 0}, &head, why) < 0);
    assert_true(*why);
    run("start", server.folder, nothing, sizeof nothing);
    int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;
    while (log_stream_begin(stream, &(struct log_range){.after = 0}, &head, why) != 0)
        assert_true(clock_monotonic_ms() < until_ms);
    assert_streamed(stream, &(struct log_range){.after = 4, .without_decisions = true}, "5");
}

static TEST(open_cases_are_read_as_their_latest_decisions)
{
    struct fixture *fixture = *state;
    store_events(fixture, 1, 5);
    batch_reset(fixture->batch);
    add_case(fixture, 1, 0, "1-1-0", "open");
    add_case(fixture, 2, 0, "1-2-0", "open");
    add_case(fixture, 3, 0, "1-1-0", "acknowledged");
    decide(fixture, 3);
    add_case(fixture, 4, 0, "1-4-0", "open");
    add_case(fixture, 5, 0, "1-2-0", "resolved");
    decide(fixture, 5);
    struct told told = {{0}};
    case_read_open(fixture->database, "", 100, tell_decisions, &told);
    assert_told(fixture, &told, "3-0 4-0");
    case_read_open(fixture->database, "1-1-0", 100, tell_decisions, &told);
    assert_told(fixture, &told, "4-0");
    case_read_open(fixture->database, "", 1, tell_decisions, &told);
    assert_told(fixture, &told, "3-0");
    case_read(fixture->database, "1-2-0", tell_decisions, &told);
    assert_told(fixture, &told, "5-0");
    case_read(fixture->database, "it's", tell_decisions, &told);
    assert_told(fixture, &told, "");
    decision_read_case(fixture->database, "1-2-0", 100, tell_decisions, &told);
    assert_told(fixture, &told, "2-0 5-0");
}

static void tell_verdict(void *owner, const struct verdict_page *page)
{
    struct told *told = owner;
    told->is_fault = page->fault;
    const WireVerdictAnswer *answer = page->is_known ? page->verdict->answer : NULL;
    bytes_append_format(&told->text, "%d", page->is_known ? (int)page->verdict->outcome : 0);
    if (answer)
        bytes_append_format(&told->text, " %s %d by %s: %s", answer->escalation_id, (int)answer->answer,
                            answer->answered_by, answer->text ? answer->text : "-");
}

static TEST(a_verdict_comes_with_the_answer_of_its_case)
{
    struct fixture *fixture = *state;
    store_events(fixture, 1, 2);
    struct told told = {{0}};
    verdict_read(fixture->database, id_of(1).bytes, tell_verdict, &told);
    assert_told(fixture, &told, "5"); /* PENDING */
    batch_reset(fixture->batch);
    WireVerdictCase opened = WIRE_VERDICT_CASE__INIT, *cases[] = {&opened};
    opened.escalation_id = (char *)"1-1-0";
    WireVerdict verdict = WIRE_VERDICT__INIT;
    verdict.has_outcome = true;
    verdict.outcome = WIRE_VERDICT__OUTCOME__ESCALATED;
    verdict.n_cases = 1;
    verdict.cases = cases;
    WireDecision given = WIRE_DECISION__INIT;
    given.kind = WIRE_DECISION_KIND__VERDICT_GIVEN;
    given.body_case = WIRE_DECISION__BODY_VERDICT;
    given.verdict = &verdict;
    add_case(fixture, 1, 0, "1-1-0", "open");
    add_decision(fixture, 1, 1, given);
    decide(fixture, 2);
    verdict_read(fixture->database, id_of(1).bytes, tell_verdict, &told);
    assert_told(fixture, &told, "3");
    verdict_read(fixture->database, id_of(2).bytes, tell_verdict, &told);
    assert_told(fixture, &told, "1"); /* NOTHING */
    verdict_read(fixture->database, id_of(3).bytes, tell_verdict, &told);
    assert_told(fixture, &told, "0"); /* not known */
    add_event(fixture, 3, "\"complaint\":{\"about\":\"PRICE\",\"text\":\"\"}", "no, sorry");
    assert_int_equal(store(fixture), WRITER_STORED);
    batch_reset(fixture->batch);
    add_case(fixture, 3, 0, "1-1-0", "resolved");
    decide(fixture, 3);
    verdict_read(fixture->database, id_of(1).bytes, tell_verdict, &told);
    assert_told(fixture, &told, "3 1-1-0 2 by ada: no, sorry");
}

/* --- streams and sources --- */

static void tell_streams(void *owner, const struct stream_page *page)
{
    struct told *told = owner;
    told->is_fault = page->fault;
    for (size_t i = 0; i < page->count; i++)
        bytes_append_format(&told->text, "%s@%llu+%zu dead %llu;", page->streams[i].name,
                            (unsigned long long)page->streams[i].state->position->seq,
                            page->streams[i].state->n_confirmed,
                            (unsigned long long)page->streams[i].dead_letter_count);
}

static void tell_dead_letters(void *owner, const struct dead_letter_page *page)
{
    struct told *told = owner;
    told->is_fault = page->fault;
    for (size_t i = 0; i < page->count; i++)
        bytes_append_format(&told->text, "%llu-%u %s;", (unsigned long long)page->dead_letters[i]->place->seq,
                            page->dead_letters[i]->place->ordinal, page->dead_letters[i]->reason);
}

static TEST(streams_are_read_as_they_were_written)
{
    struct fixture *fixture = *state;
    WirePosition position = WIRE_POSITION__INIT;
    position.has_seq = true;
    WireDeliveryPlace place = WIRE_DELIVERY_PLACE__INIT, *places[] = {&place};
    place.has_seq = place.has_ordinal = true;
    place.seq = 9;
    place.ordinal = 1;
    WireStreamState stream = WIRE_STREAM_STATE__INIT;
    stream.position = &position;
    stream.confirmed = places;
    WireDeadLetter letter = WIRE_DEAD_LETTER__INIT, *letters[] = {&letter};
    letter.place = &place;
    letter.reason = (char *)"it's broken";
    WireStreamWrite write = WIRE_STREAM_WRITE__INIT;
    write.state = &stream;
    write.stream = (char *)"floor";
    write.dead_letters = letters;
    write.n_dead_letters = 1;
    position.seq = 4;
    batch_add_stream(fixture->batch, &write);
    write.stream = (char *)"manager";
    write.n_dead_letters = 0;
    stream.n_confirmed = 1;
    position.seq = 5;
    batch_add_stream(fixture->batch, &write);
    assert_int_equal(store(fixture), WRITER_STORED);
    struct told told = {{0}};
    stream_read(fixture->database, NULL, tell_streams, &told);
    assert_told(fixture, &told, "floor@4+0 dead 1;manager@5+1 dead 0;");
    stream_read(fixture->database, "manager", tell_streams, &told);
    assert_told(fixture, &told, "manager@5+1 dead 0;");
    stream_read(fixture->database, "nobody", tell_streams, &told);
    assert_told(fixture, &told, "");
    stream_read_dead_letters(fixture->database, "floor", 10, tell_dead_letters, &told);
    assert_told(fixture, &told, "9-1 it's broken;");
}

static void tell_sources(void *owner, const struct source_page *page)
{
    struct told *told = owner;
    told->is_fault = page->fault;
    for (size_t i = 0; i < page->count; i++) {
        bytes_append_format(&told->text, "%s %llu", page->sources[i].source,
                            (unsigned long long)page->sources[i].highest_sequence);
        for (size_t g = 0; g < page->sources[i].gap_count; g++)
            bytes_append_format(&told->text, " %llu-%llu", (unsigned long long)page->sources[i].gaps[g].first,
                                (unsigned long long)page->sources[i].gaps[g].last);
        bytes_append_text(&told->text, ";");
    }
}

static TEST(sources_are_read_with_their_gaps)
{
    struct fixture *fixture = *state;
    const struct batch_gap gaps[] = {{.first = 2, .last = 3}, {.first = 7, .last = 7}};
    const struct batch_source sources[] = {
        {.source = "a", .incarnation = "x", .highest_sequence = 9, .gaps = gaps, .gap_count = COUNT_OF(gaps)},
        {.source = "b", .incarnation = ""},
    };
    for (int times = 0; times < 2; times++)
        for (size_t i = 0; i < COUNT_OF(sources); i++)
            batch_add_source(fixture->batch, &sources[i]);
    assert_int_equal(store(fixture), WRITER_STORED);
    struct told told = {{0}};
    source_read(fixture->database, 100, tell_sources, &told);
    assert_told(fixture, &told, "a 9 2-3 7-7;b 0;");
}

/* --- the reading session --- */

static TEST(a_question_that_the_end_of_the_server_left_open_is_answered_with_a_fault)
{
    struct fixture *fixture = *state;
    char nothing[512];
    struct told told = {{0}};
    log_read_head(fixture->database, tell_events, &told);
    assert_told(fixture, &told, "");
    run("kill", server.folder, nothing, sizeof nothing);
    log_read_head(fixture->database, tell_events, &told);
    assert_true(database_finish(fixture->database, PATIENCE_MS));
    assert_true(told.is_fault);
    run("start", server.folder, nothing, sizeof nothing);
    int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;
    do {
        log_read_head(fixture->database, tell_events, &told);
        assert_true(database_finish(fixture->database, PATIENCE_MS));
    } while (told.is_fault && clock_monotonic_ms() < until_ms);
    assert_false(told.is_fault);
}

static void never(void *owner, const struct log_page *page)
{
    (void)page;
    *(bool *)owner = true;
}

static TEST(a_forgotten_question_is_never_answered)
{
    struct fixture *fixture = *state;
    bool is_called = false;
    struct told told = {{0}};
    log_read_head(fixture->database, never, &is_called);
    log_read_head(fixture->database, tell_events, &told);
    log_read_head(fixture->database, never, &is_called);
    database_forget(fixture->database, &is_called);
    assert_told(fixture, &told, "");
    log_read_head(fixture->database, never, &is_called);
    loop_turn(fixture->loop, 0); /* now it is being asked */
    database_forget(fixture->database, &is_called);
    assert_true(database_finish(fixture->database, PATIENCE_MS));
    assert_false(is_called);
}

#define STORE_TEST(sentence) cmocka_unit_test_setup_teardown(sentence, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(the_log_is_read_in_pages),
        STORE_TEST(an_event_is_read_as_it_was_stored_and_its_text_apart),
        STORE_TEST(a_repeated_id_stores_nothing_and_is_found),
        STORE_TEST(a_cursor_that_is_elsewhere_stores_nothing),
        STORE_TEST(a_writer_with_an_old_epoch_cannot_store_and_takes_over_anew),
        STORE_TEST(a_second_writer_stands_by_until_the_first_is_gone),
        STORE_TEST(decisions_are_read_in_order_and_a_cut_page_says_what_is_whole),
        STORE_TEST(the_log_is_streamed_with_its_decisions_as_far_as_it_is_decided),
        STORE_TEST(a_stream_that_is_left_in_the_middle_begins_anew_and_one_whose_server_is_gone_says_so),
        STORE_TEST(open_cases_are_read_as_their_latest_decisions),
        STORE_TEST(a_verdict_comes_with_the_answer_of_its_case),
        STORE_TEST(streams_are_read_as_they_were_written),
        STORE_TEST(sources_are_read_with_their_gaps),
        STORE_TEST(a_question_that_the_end_of_the_server_left_open_is_answered_with_a_fault),
        STORE_TEST(a_forgotten_question_is_never_answered),
    };
    return cmocka_run_group_tests(tests, start_server, remove_server);
}
