/* database: a queue of questions in front of a read-only session. */
#include "common/store/read/database.h"

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/store/read/question.h"

#include <assert.h>

struct database {
    struct loop *loop;
    struct session *session;
    database_changed *changed;
    void *owner;
    struct list questions; /* the first one is being asked while is_asking */
    bool is_asking;
    bool is_open;
    bool is_forgotten;      /* whoever asked the first one no longer wants its answer */
    struct loop_timer turn; /* asks from the loop, so that answers never come within a call */
};

static const char *const database_setup =
    "SET default_transaction_read_only = on; SET statement_timeout = '30s'; "
    "SET idle_in_transaction_session_timeout = '30s'; SET timezone = 'UTC'; "
    "SET jit = off" /* pages are short: compiling their queries takes longer than running them */;

static void has_answer(void *owner, const struct session_answer *answer);

static struct question *first_question(const struct database *database)
{
    struct list_node *first = list_first(&database->questions);
    return first ? CONTAINER_OF(first, struct question, node) : NULL;
}

static void ask_next(void *owner)
{
    struct database *database = owner;
    struct question *question = first_question(database);
    if (!question || database->is_asking || !session_is_idle(database->session))
        return;
    database->is_asking = true;
    database->is_forgotten = false;
    session_query(database->session, question->sql, question->values, question->value_count, has_answer,
                  database);
}

/* Give the first question its answer; it leaves the queue unless it asks again. */
static void end_question(struct database *database, const PGresult *result, const char *fault)
{
    struct question *question = first_question(database);
    assert(question);
    bool is_forgotten = database->is_forgotten;
    database->is_asking = database->is_forgotten = false;
    list_remove(&question->node);
    question->is_asked_again = false;
    if (!is_forgotten)
        question->answered(question, result, fault);
    if (question->is_asked_again)
        list_prepend(&database->questions, &question->node);
    else
        question_free(question);
}

static void has_answer(void *owner, const struct session_answer *answer)
{
    struct database *database = owner;
    const PGresult *result = !answer->fault && answer->result_count ? answer->results[0] : NULL;
    const char *fault = answer->fault ? answer->fault : result ? NULL : "the server answered without rows";
    end_question(database, result, fault);
    ask_next(database);
}

static void note_state(struct database *database, bool is_open, const char *why)
{
    if (is_open == database->is_open && is_open)
        return;
    database->is_open = is_open;
    if (database->changed)
        database->changed(database->owner, is_open, why);
}

static void opened(void *owner)
{
    struct database *database = owner;
    note_state(database, true, "");
    ask_next(database);
}

/* Questions that waited for the session are answered too: their askers may have better to do. */
static void lost(void *owner, const char *why)
{
    struct database *database = owner;
    for (size_t left = list_count(&database->questions); left && !list_is_empty(&database->questions); left--)
        end_question(database, NULL, why);
    note_state(database, false, why);
}

struct database *database_open(struct loop *loop, const char *url, const char *name,
                               database_changed *changed, void *owner)
{
    struct database *database = NEW(database);
    database->loop = loop;
    database->changed = changed;
    database->owner = owner;
    list_init(&database->questions);
    loop_timer_init(&database->turn, ask_next, database);
    const struct session_options options = {
        .url = url, .name = name, .setup = database_setup, .answer_within_ms = 35000};
    const struct session_calls calls = {.on_open = opened, .on_lost = lost, .owner = database};
    database->session = session_open(loop, &options, &calls);
    return database;
}

void database_close(struct database *database)
{
    loop_timer_clear(database->loop, &database->turn);
    session_close(database->session);
    for (struct list_node *node; (node = list_take_first(&database->questions));)
        question_free(CONTAINER_OF(node, struct question, node));
    free(database);
}

void database_forget(struct database *database, const void *owner)
{
    const struct question *first = first_question(database);
    LIST_EACH_SAFE(node, &database->questions) {
        struct question *question = CONTAINER_OF(node, struct question, node);
        if (question->owner != owner)
            continue;
        if (question == first && database->is_asking) {
            database->is_forgotten = true;
            continue;
        }
        list_remove(node);
        question_free(question);
    }
}

bool database_finish(struct database *database, int64_t timeout_ms)
{
    int64_t until_ms = clock_monotonic_ms() + timeout_ms;
    while (!list_is_empty(&database->questions)) {
        int64_t left_ms = until_ms - clock_monotonic_ms();
        if (left_ms <= 0) {
            session_restart(database->session, "no answer in time");
            return false;
        }
        loop_turn(database->loop, left_ms);
    }
    return true;
}

void database_ask(struct database *database, struct question *question)
{
    list_append(&database->questions, &question->node);
    if (!database->is_asking)
        loop_timer_set(database->loop, &database->turn, 0);
}
