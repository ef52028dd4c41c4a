/* fixture: a database of its own for each test, with a writer, a reader, and batches to store; one PostgreSQL
 * for a test program. */
#ifndef BELLHOP_TESTS_SUPPORT_FIXTURE_H
#define BELLHOP_TESTS_SUPPORT_FIXTURE_H

#include "common/store/read/decision_reader.h"
#include "common/store/read/log_reader.h"
#include "common/store/write/writer.h"
#include "tests/support/check.h"
#include "tests/support/sample.h"

enum { FIXTURE_PATIENCE_MS = 20000 };

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

/* Of the program, and of each of its tests: FIXTURE_TEST(sentence), whose *state is a struct fixture. */
int fixture_start_server(void **state);
int fixture_remove_server(void **state);
int fixture_set_up(void **state);
int fixture_tear_down(void **state);

#define FIXTURE_TEST(sentence) cmocka_unit_test_setup_teardown(sentence, fixture_set_up, fixture_tear_down)

/* Of the one server: "kill", as a crash would, or "start". */
void fixture_server(const char *verb);

/* A writer that tells `fixture` its state. */
void fixture_open_writer(struct fixture *fixture);
void fixture_await_state(struct fixture *fixture, enum writer_state state);

/* --- storing: event number N has an id made of it; a decision is on the event whose number is its seq --- */

struct uuid fixture_id(unsigned number);

/* More fields of the event as JSON, and its free text; NULL is none. */
void fixture_add_event(struct fixture *fixture, unsigned number, const char *more, const char *text);
void fixture_add_decision(struct fixture *fixture, uint64_t seq, uint32_t ordinal, WireDecision decision);
void fixture_add_case(struct fixture *fixture, uint64_t seq, uint32_t ordinal, const char *id,
                      const char *state);

/* Store what was added. */
enum writer_result fixture_store(struct fixture *fixture);
void fixture_store_events(struct fixture *fixture, unsigned first, unsigned last);

/* … and move the cursor. */
void fixture_decide(struct fixture *fixture, uint64_t upto);

/* --- reading: pages as text --- */

struct told {
    struct bytes text;
    uint64_t upto;
    struct log_head at;
    bool is_fault;
};

void told_events(void *owner, const struct log_page *page);
void told_decisions(void *owner, const struct decision_page *page);

/* Wait for what was asked, and compare. */
void fixture_expect(struct fixture *fixture, struct told *told, const char *expected);

#endif
