/* fixture: the helpers of the store's tests. */
#include "tests/support/fixture.h"

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/wire/event.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* --- a database, a writer, a reader --- */

static void run(const char *verb, const char *folder, char *into, size_t size)
{
    char command[256];
    snprintf(command, sizeof command, "tests/support/postgres %s %s", verb, folder);
    if (text_equal(verb, "start"))
        snprintf(command + strlen(command), sizeof command - strlen(command), " --while %d", (int)getpid());
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

void fixture_open_writer(struct fixture *fixture)
{
    const struct writer_calls calls = {.on_state = on_state, .owner = fixture};
    fixture->writer = writer_open(fixture->loop, fixture->url, &calls);
}

void fixture_await_state(struct fixture *fixture, enum writer_state state)
{
    int64_t until_ms = clock_monotonic_ms() + FIXTURE_PATIENCE_MS;
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

int fixture_start_server(void **state)
{
    (void)state;
    char nothing[512];
    assert_non_null(mkdtemp(server.folder));
    run("start", server.folder, nothing, sizeof nothing);
    run("admin", server.folder, server.url, sizeof server.url);
    return 0;
}

int fixture_remove_server(void **state)
{
    (void)state;
    char nothing[64];
    run("remove", server.folder, nothing, sizeof nothing);
    return 0;
}

void fixture_server(const char *verb)
{
    char nothing[512];
    run(verb, server.folder, nothing, sizeof nothing);
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

int fixture_set_up(void **state)
{
    struct fixture *fixture = NEW(fixture);
    create_database(fixture->url, sizeof fixture->url);
    fixture->loop = loop_new();
    fixture->arena = arena_new(16 << 20);
    fixture->batch = batch_new();
    fixture_open_writer(fixture);
    fixture_await_state(fixture, WRITER_READY);
    fixture->database = database_open(fixture->loop, fixture->url, "store_test", NULL, NULL);
    *state = fixture;
    return 0;
}

int fixture_tear_down(void **state)
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

enum writer_result fixture_store(struct fixture *fixture)
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
void fixture_add_event(struct fixture *fixture, unsigned number, const char *more, const char *text)
{
    char changes[256];
    snprintf(changes, sizeof changes, "{\"id\":\"018f3e53-5600-7abc-8def-%012u\"%s%s}", number,
             more[0] ? "," : "", more);
    WireEvent *event = sample_event(fixture->arena, changes);
    struct bytes canonical = {0};
    wire_event_write(event, &canonical);
    WireEventText event_text = WIRE_EVENT_TEXT__INIT, *texts[] = {&event_text};
    event_text.field = (char *)"complaint.text";
    event_text.text = (char *)text;
    WireAppendEvent append = WIRE_APPEND_EVENT__INIT;
    append.event = wire_bytes(bytes_slice(&canonical));
    WIRE_SET(&append, occurred_at, SAMPLE_AT + 5);
    WIRE_SET(&append, sent_at, SAMPLE_AT + 6);
    WIRE_SET(&append, skew_ms, number);
    append.n_texts = text ? 1 : 0;
    append.texts = texts;
    event_rows_add(&fixture->batch->events, &append, event);
    bytes_clear(&canonical);
}

void fixture_store_events(struct fixture *fixture, unsigned first, unsigned last)
{
    batch_reset(fixture->batch);
    for (unsigned number = first; number <= last; number++)
        fixture_add_event(fixture, number, "", NULL);
    assert_int_equal(fixture_store(fixture), WRITER_STORED);
}

struct uuid fixture_id(unsigned number)
{
    char text[UUID_TEXT_SIZE];
    snprintf(text, sizeof text, "018f3e53-5600-7abc-8def-%012u", number);
    struct uuid id;
    assert_int_equal(uuid_parse(text, &id), 0);
    return id;
}

/* A decision on event `seq`, whose number is the same. */
void fixture_add_decision(struct fixture *fixture, uint64_t seq, uint32_t ordinal, WireDecision decision)
{
    struct uuid id = fixture_id((unsigned)seq);
    WirePosition position = WIRE_POSITION__INIT;
    WIRE_SET(&position, epoch, fixture->place.epoch);
    WIRE_SET(&position, seq, seq);
    decision.position = &position;
    decision.has_ordinal = decision.has_kind = decision.has_decided_at = decision.has_event_id = true;
    decision.ordinal = ordinal;
    decision.decided_at = SAMPLE_AT;
    decision.event_id = (ProtobufCBinaryData){.len = UUID_SIZE, .data = id.bytes};
    AUTO_CLEAR(bytes) packed = {0};
    wire_pack(&decision, &packed);
    batch_add_decision(fixture->batch, &decision, bytes_slice(&packed));
}

void fixture_decide(struct fixture *fixture, uint64_t upto)
{
    fixture->batch->after = fixture->place.cursor;
    fixture->batch->upto = upto;
    assert_int_equal(fixture_store(fixture), WRITER_STORED);
    batch_reset(fixture->batch);
}

void fixture_add_case(struct fixture *fixture, uint64_t seq, uint32_t ordinal, const char *id,
                      const char *state)
{
    WireCase body = WIRE_CASE__INIT;
    body.escalation_id = (char *)id;
    body.state = (char *)state;
    WireDecision decision = WIRE_DECISION__INIT;
    decision.kind =
        text_equal(state, "resolved") ? WIRE_DECISION_KIND__CASE_RESOLVED : WIRE_DECISION_KIND__CASE_OPENED;
    decision.subject_id = (char *)id;
    decision.body_case = WIRE_DECISION__BODY_CASE;
    decision.case_ = &body;
    if (decision.kind == WIRE_DECISION_KIND__CASE_RESOLVED) {
        body.answer = (char *)"refused";
        body.resolved_by = (char *)"ada";
        WIRE_SET(&body, resolved_at, SAMPLE_AT);
    }
    fixture_add_decision(fixture, seq, ordinal, decision);
}

/* --- reading: pages as text --- */

void told_events(void *owner, const struct log_page *page)
{
    struct told *told = owner;
    told->is_fault = page->fault;
    told->at = page->at;
    for (size_t i = 0; i < page->count; i++)
        bytes_append_format(&told->text, "%s%llu", i ? " " : "",
                            (unsigned long long)page->events[i]->position->seq);
}

void told_decisions(void *owner, const struct decision_page *page)
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
void fixture_expect(struct fixture *fixture, struct told *told, const char *expected)
{
    assert_true(database_finish(fixture->database, FIXTURE_PATIENCE_MS));
    assert_false(told->is_fault);
    assert_text_equal(bytes_text(&told->text), expected);
    bytes_clear(&told->text);
}
