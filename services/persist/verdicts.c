/* verdicts: a heap of waiters by position and one by time. */
#include "services/persist/verdicts.h"

#include "common/base/heap.h"
#include "common/base/list.h"
#include "common/base/memory.h"
#include "common/service/service.h"
#include "common/store/read/verdict_reader.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"
#include "services/persist/answers.h"

enum { WAITERS_MOST = 65536, WAIT_MOST_MS = 60000, RETRY_AFTER_MS = 200 };

struct verdicts_numbers {
    int64_t waiting;
    uint64_t given;
    uint64_t pending;
    uint64_t reads;
    uint64_t busy;
};

struct verdicts {
    struct loop *loop;
    struct database *database;
    reply_send *reply;
    void *owner;
    struct heap by_seq;
    struct heap by_deadline;
    struct loop_timer timer;
    struct answers *answers;
    uint64_t cursor;
    size_t waiter_count; /* including those that are being read for */
    struct verdicts_numbers numbers;
};

/* One answer that is owed. */
struct waiter {
    struct heap_node seq_node;
    struct heap_node deadline_node;
    struct verdicts *verdicts;
    struct link_peer peer;
    struct uuid event_id;
    uint64_t read_id;
    bool has_read_id;
    int64_t until_ms;
    uint64_t seq; /* once it is known */
};

static const struct metric verdicts_metrics[] = {
    METRIC(struct verdicts_numbers, waiting, "bellhop_persist_verdicts_waiting", "",
           "verdicts being waited for"),
    METRIC(struct verdicts_numbers, given, "bellhop_persist_verdicts_told_total", "", "verdicts given"),
    METRIC(struct verdicts_numbers, pending, "bellhop_persist_verdicts_pending_total", "",
           "waits that ended before a decision"),
    METRIC(struct verdicts_numbers, reads, "bellhop_persist_verdict_reads_total", "",
           "verdicts read from the database"),
    METRIC(struct verdicts_numbers, busy, "bellhop_persist_verdicts_busy_total", "",
           "requests for a verdict that were answered BUSY"),
};

static void waiter_ask(struct waiter *waiter);

/* --- answers --- */

static void send_result(struct verdicts *verdicts, const struct waiter *waiter, WireVerdictResult *result)
{
    result->has_read_id = waiter->has_read_id;
    result->read_id = waiter->read_id;
    result->has_event_id = true;
    result->event_id = (ProtobufCBinaryData){.len = UUID_SIZE, .data = (uint8_t *)waiter->event_id.bytes};
    verdicts->reply(verdicts->owner, &waiter->peer, REPLY(VERDICT, verdict, result));
}

static void waiter_end(struct waiter *waiter)
{
    struct verdicts *verdicts = waiter->verdicts;
    heap_remove(&verdicts->by_seq, &waiter->seq_node);
    heap_remove(&verdicts->by_deadline, &waiter->deadline_node);
    verdicts->numbers.waiting = (int64_t)--verdicts->waiter_count;
    free(waiter);
}

/* NULL: the log has no such event. */
static void waiter_answer(struct waiter *waiter, WireVerdict *verdict)
{
    WireVerdictResult result = WIRE_VERDICT_RESULT__INIT;
    WIRE_SET(&result, known, verdict != NULL);
    result.verdict = verdict;
    waiter->verdicts->numbers.given++;
    send_result(waiter->verdicts, waiter, &result);
    waiter_end(waiter);
}

static void waiter_answer_outcome(struct waiter *waiter, WireVerdict__Outcome outcome)
{
    WireVerdict verdict = WIRE_VERDICT__INIT;
    verdict.has_outcome = verdict.has_event_id = true;
    verdict.outcome = outcome;
    verdict.event_id = (ProtobufCBinaryData){.len = UUID_SIZE, .data = waiter->event_id.bytes};
    waiter_answer(waiter, &verdict);
}

static void answer_busy(struct verdicts *verdicts, const struct waiter *waiter)
{
    WireVerdictResult result = WIRE_VERDICT_RESULT__INIT;
    WIRE_SET(&result, retry_after_ms, RETRY_AFTER_MS);
    verdicts->numbers.busy++;
    send_result(verdicts, waiter, &result);
}

/* --- waiting --- */

static void set_timer(struct verdicts *verdicts)
{
    const struct heap_node *first = heap_first(&verdicts->by_deadline);
    if (!first) {
        loop_timer_clear(verdicts->loop, &verdicts->timer);
        return;
    }
    int64_t left_ms = first->key - loop_now_ms(verdicts->loop);
    loop_timer_set(verdicts->loop, &verdicts->timer, left_ms > 0 ? left_ms : 0);
}

static void due(void *owner)
{
    struct verdicts *verdicts = owner;
    int64_t now_ms = loop_now_ms(verdicts->loop);
    for (struct heap_node *first; (first = heap_first(&verdicts->by_deadline)) && first->key <= now_ms;) {
        struct waiter *waiter = CONTAINER_OF(first, struct waiter, deadline_node);
        verdicts->numbers.pending++;
        waiter_answer_outcome(waiter, WIRE_VERDICT__OUTCOME__PENDING);
    }
    set_timer(verdicts);
}

/* Wait until waiter->seq is decided. */
static void waiter_wait(struct waiter *waiter)
{
    struct verdicts *verdicts = waiter->verdicts;
    heap_put(&verdicts->by_seq, &waiter->seq_node, (int64_t)waiter->seq);
    heap_put(&verdicts->by_deadline, &waiter->deadline_node, waiter->until_ms);
    set_timer(verdicts);
}

/* NULL if there are too many; then `peer` has been answered. */
static struct waiter *waiter_new(struct verdicts *verdicts, const struct link_peer *peer,
                                 struct slice event_id, int64_t wait_ms)
{
    struct waiter *waiter = NEW(waiter);
    waiter->verdicts = verdicts;
    waiter->peer = *peer;
    if (event_id.size) /* if its size is not that of an id, no event has it */
        memcpy(waiter->event_id.bytes, event_id.data, event_id.size < UUID_SIZE ? event_id.size : UUID_SIZE);
    waiter->until_ms = loop_now_ms(verdicts->loop) + (wait_ms < WAIT_MOST_MS ? wait_ms : WAIT_MOST_MS);
    if (verdicts->waiter_count >= WAITERS_MOST) {
        answer_busy(verdicts, waiter);
        free(waiter);
        return NULL;
    }
    verdicts->numbers.waiting = (int64_t)++verdicts->waiter_count;
    return waiter;
}

/* --- reading --- */

static void waiter_has_read(void *owner, const struct verdict_page *page)
{
    struct waiter *waiter = owner;
    struct verdicts *verdicts = waiter->verdicts;
    if (page->fault) {
        answer_busy(verdicts, waiter);
        waiter_end(waiter);
        return;
    }
    bool is_pending = page->is_known && page->verdict->outcome == WIRE_VERDICT__OUTCOME__PENDING;
    if (!is_pending) {
        waiter_answer(waiter, page->is_known ? page->verdict : NULL);
        return;
    }
    waiter->seq = page->seq;
    if (page->seq <= verdicts->cursor)
        waiter_ask(waiter); /* decided while the answer was on its way */
    else if (waiter->until_ms > loop_now_ms(verdicts->loop))
        waiter_wait(waiter);
    else
        waiter_answer(waiter, page->verdict);
}

static void waiter_ask(struct waiter *waiter)
{
    waiter->verdicts->numbers.reads++;
    verdict_read(waiter->verdicts->database, waiter->event_id.bytes, waiter_has_read, waiter);
}

void verdicts_read(struct verdicts *verdicts, const struct link_peer *peer, const WireVerdictRead *read)
{
    struct slice event_id = wire_slice(read->event_id);
    int64_t wait_ms = read->has_wait_ms && read->wait_ms > 0 ? read->wait_ms : 0;
    struct waiter *waiter = waiter_new(verdicts, peer, event_id, wait_ms);
    if (!waiter)
        return;
    waiter->has_read_id = read->has_read_id;
    waiter->read_id = read->read_id;
    waiter_ask(waiter);
}

/* --- commits --- */

static void wait_for_appended(struct verdicts *verdicts, const struct commit *commit,
                              const struct commit_append *append)
{
    for (size_t i = append->first_entry; i < append->first_entry + append->entry_count; i++) {
        const struct commit_entry *entry = &commit->entries[i];
        bool is_in_log = entry->result == WIRE_RECEIPT__RESULT__COMMITTED ||
                         entry->result == WIRE_RECEIPT__RESULT__DUPLICATE;
        if (!entry->wants_verdict || !is_in_log)
            continue;
        struct waiter *waiter =
            waiter_new(verdicts, &append->peer, slice_of(entry->id.bytes, UUID_SIZE), WAIT_MOST_MS);
        if (!waiter)
            continue;
        waiter->seq = entry->seq;
        if (entry->seq <= verdicts->cursor)
            waiter_ask(waiter);
        else
            waiter_wait(waiter);
    }
}

/* The verdict of `seq` among the commit's decisions, which are in order; NULL is none. Starts at *at. */
static const struct commit_decision *verdict_of(const struct commit *commit, uint64_t seq, size_t *at)
{
    while (*at < commit->decision_count && commit->decisions[*at].seq < seq)
        ++*at;
    for (size_t i = *at; i < commit->decision_count && commit->decisions[i].seq == seq; i++)
        if (commit->decisions[i].kind == WIRE_DECISION_KIND__VERDICT_GIVEN)
            return &commit->decisions[i];
    return NULL;
}

static void answer_decided(struct waiter *waiter, const struct commit *commit, size_t *at)
{
    const struct commit_decision *place = verdict_of(commit, waiter->seq, at);
    WireDecision *decision =
        place ? wire_decision__unpack(NULL, place->size, commit->packed.data + place->offset) : NULL;
    if (decision && decision->verdict)
        waiter_answer(waiter, decision->verdict);
    else
        waiter_answer_outcome(waiter, WIRE_VERDICT__OUTCOME__NOTHING);
    wire_decision__free_unpacked(decision, NULL);
}

static void answer_all_decided(struct verdicts *verdicts, const struct commit *commit,
                               uint64_t decided_before)
{
    size_t at = 0;
    for (struct heap_node *first;
         (first = heap_first(&verdicts->by_seq)) && (uint64_t)first->key <= verdicts->cursor;) {
        struct waiter *waiter = CONTAINER_OF(first, struct waiter, seq_node);
        if (waiter->seq > decided_before) {
            answer_decided(waiter, commit, &at);
            continue;
        }
        heap_remove(&verdicts->by_seq, &waiter->seq_node);
        heap_remove(&verdicts->by_deadline, &waiter->deadline_node);
        waiter_ask(waiter);
    }
    set_timer(verdicts);
}

void verdicts_note(struct verdicts *verdicts, const struct commit *commit,
                   const struct committer_place *before, const struct committer_place *place)
{
    verdicts->cursor = place->cursor;
    if (place->cursor != before->cursor) {
        answer_all_decided(verdicts, commit, before->cursor);
        answers_send(verdicts->answers, commit);
    }
    for (size_t i = 0; i < commit->append_count; i++)
        wait_for_appended(verdicts, commit, &commit->appends[i]);
}

/* After a takeover the cursor may be beyond what was answered. */
void verdicts_begin(struct verdicts *verdicts, const struct committer_place *place)
{
    static const struct commit nothing;
    verdicts->cursor = place->cursor;
    answer_all_decided(verdicts, &nothing, place->cursor);
}

void verdicts_listen(struct verdicts *verdicts, const struct link_peer *peer)
{
    answers_listen(verdicts->answers, peer);
}

void verdicts_want(struct verdicts *verdicts, const char *source, const struct link_peer *peer)
{
    answers_want(verdicts->answers, source, peer, loop_now_ms(verdicts->loop));
}

/* --- open and close --- */

struct verdicts *verdicts_open(struct loop *loop, const char *database_url, reply_send *reply, void *owner)
{
    struct verdicts *verdicts = NEW(verdicts);
    verdicts->loop = loop;
    verdicts->reply = reply;
    verdicts->owner = owner;
    heap_init(&verdicts->by_seq);
    heap_init(&verdicts->by_deadline);
    loop_timer_init(&verdicts->timer, due, verdicts);
    verdicts->database = database_open(loop, database_url, "bellhop-persist verdicts", NULL, NULL);
    verdicts->answers = answers_new(verdicts->database, reply, owner);
    metrics_add(service_metrics(), verdicts_metrics, COUNT_OF(verdicts_metrics), &verdicts->numbers);
    return verdicts;
}

/* Only their questions know the waiters that are being read for; these are answered as the session ends. */
void verdicts_close(struct verdicts *verdicts)
{
    metrics_remove(service_metrics(), &verdicts->numbers);
    database_finish(verdicts->database, 1000);
    database_close(verdicts->database);
    loop_timer_clear(verdicts->loop, &verdicts->timer);
    for (struct heap_node *first; (first = heap_first(&verdicts->by_seq));)
        waiter_end(CONTAINER_OF(first, struct waiter, seq_node));
    heap_clear(&verdicts->by_seq);
    heap_clear(&verdicts->by_deadline);
    answers_free(verdicts->answers);
    free(verdicts);
}
