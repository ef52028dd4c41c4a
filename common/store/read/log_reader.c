/* log_reader: the statements that read the log, and their rows as messages. */
#include "common/store/read/log_reader.h"

#include "common/base/memory.h"
#include "common/store/read/head_columns.h"
#include "common/store/read/question.h"
#include "common/store/session/result.h"
#include "common/wire/position.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"

enum { EPOCH = HEAD_COLUMN_COUNT, SEQ, RECORDED_AT, OCCURRED_AT, SENT_AT, SKEW_MS, EVENT };

#define EVENT_COLUMNS "e.epoch, e.seq, e.recorded_at, e.occurred_at, e.sent_at, e.skew_ms, e.event"

static void logged_event_of(const PGresult *result, int row, WireLoggedEvent *event, WirePosition *position)
{
    *position = position_message((struct position){.epoch = (uint32_t)result_number(result, row, EPOCH),
                                                   .seq = (uint64_t)result_number(result, row, SEQ)});
    wire_logged_event__init(event);
    event->position = position;
    WIRE_SET(event, recorded_at, result_time(result, row, RECORDED_AT));
    WIRE_SET(event, occurred_at, result_time(result, row, OCCURRED_AT));
    event->has_sent_at = !result_is_null(result, row, SENT_AT);
    event->sent_at = result_time(result, row, SENT_AT);
    event->has_skew_ms = !result_is_null(result, row, SKEW_MS);
    event->skew_ms = result_number(result, row, SKEW_MS);
    WIRE_SET(event, event, wire_bytes(result_bytes(result, row, EVENT)));
}

/* The head is in every row; where there are no events it comes alone, in one row. */
static void answer_log_page(struct question *question, const PGresult *result, const char *fault)
{
    log_page_read *read = (log_page_read *)question->read;
    struct log_page page = {.fault = fault};
    if (!result || PQntuples(result) == 0) {
        page.fault = fault ? fault : "the log has no head";
        read(question->owner, &page);
        return;
    }
    page.at = head_columns_read(result);
    bool is_empty = PQnfields(result) <= SEQ || result_is_null(result, 0, SEQ);
    page.count = is_empty ? 0 : (size_t)PQntuples(result);
    WireLoggedEvent *events = memory_allocate(page.count * sizeof *events);
    WirePosition *positions = memory_allocate(page.count * sizeof *positions);
    WireLoggedEvent **list = memory_allocate(page.count * sizeof *list);
    for (size_t i = 0; i < page.count; i++) {
        list[i] = &events[i];
        logged_event_of(result, (int)i, &events[i], &positions[i]);
    }
    page.events = list;
    read(question->owner, &page);
    free(list);
    free(positions);
    free(events);
}

void log_read_head(struct database *database, log_page_read *read, void *owner)
{
    static const char sql[] = "SELECT " HEAD_COLUMNS " FROM bellhop_log.head h";
    database_ask(database, question_new(sql, answer_log_page, (question_read *)read, owner));
}

void log_read_events(struct database *database, uint64_t after, uint32_t most, log_page_read *read,
                     void *owner)
{
    static const char sql[] =
        "SELECT " HEAD_COLUMNS ", " EVENT_COLUMNS " FROM bellhop_log.head h LEFT JOIN LATERAL ("
        "SELECT x.*, sum(length(x.event)) OVER (ORDER BY x.seq) - length(x.event) AS bytes_before"
        " FROM bellhop_log.events_after($1, $2) x) e ON e.bytes_before < 16777216 ORDER BY e.seq";
    struct question *question = question_new(sql, answer_log_page, (question_read *)read, owner);
    question_add(question, BIGINT_VALUE(after));
    question_add(question, INTEGER_VALUE(most > INT32_MAX ? INT32_MAX : most));
    database_ask(database, question);
}

/* --- free text --- */

static void answer_text(struct question *question, const PGresult *result, const char *fault)
{
    struct text_page page = {.fault = fault};
    if (result && PQntuples(result) > 0) {
        page.seq = (uint64_t)result_number(result, 0, 0);
        page.field = result_text(result, 0, 1);
        page.text = result_text(result, 0, 2);
    }
    ((text_read *)question->read)(question->owner, &page);
}

void log_read_text(struct database *database, const uint8_t event_id[16], text_read *read, void *owner)
{
    static const char sql[] =
        "SELECT e.seq, t.field, t.text FROM bellhop_log.event e LEFT JOIN bellhop_log.event_text t"
        " ON t.event_id = e.id WHERE e.id = encode($1, 'hex')::uuid LIMIT 1";
    struct question *question = question_new(sql, answer_text, (question_read *)read, owner);
    question_add_id(question, event_id);
    database_ask(database, question);
}
