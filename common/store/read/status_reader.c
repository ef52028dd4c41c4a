/* status_reader: counts over the tables that are small, and the head. */
#include "common/store/read/status_reader.h"

#include "common/base/memory.h"
#include "common/store/read/head_columns.h"
#include "common/store/read/question.h"
#include "common/store/session/result.h"

static void answer_status(struct question *question, const PGresult *result, const char *fault)
{
    enum {
        UNDECIDED_AT = HEAD_COLUMN_COUNT,
        CASES,
        FOLLOW_UPS,
        NEXT_DUE_AT,
        OVERDUE,
        OVERDUE_DUE_AT,
        OVERDUE_WHAT,
        OVERDUE_ID,
        SOURCES,
        REJECTED,
        STREAMS,
        DEAD_LETTERS
    };
    struct status_page page = {.fault = fault};
    if (result && PQntuples(result) == 1) {
        page.at = head_columns_read(result);
        page.oldest_undecided_at = result_time(result, 0, UNDECIDED_AT);
        page.open_cases = (uint64_t)result_number(result, 0, CASES);
        page.open_follow_ups = (uint64_t)result_number(result, 0, FOLLOW_UPS);
        page.next_due_at = result_time(result, 0, NEXT_DUE_AT);
        page.overdue = (uint64_t)result_number(result, 0, OVERDUE);
        page.overdue_due_at = result_time(result, 0, OVERDUE_DUE_AT);
        page.overdue_what = result_text(result, 0, OVERDUE_WHAT);
        page.overdue_id = result_text(result, 0, OVERDUE_ID);
        page.sources = (uint64_t)result_number(result, 0, SOURCES);
        page.rejected_events = (uint64_t)result_number(result, 0, REJECTED);
        page.streams = (uint64_t)result_number(result, 0, STREAMS);
        page.dead_letters = (uint64_t)result_number(result, 0, DEAD_LETTERS);
    } else if (!fault) {
        page.fault = "the log has no head";
    }
    ((status_page_read *)question->read)(question->owner, &page);
}

void status_read(struct database *database, status_page_read *read, void *owner)
{
    static const char sql[] =
        "SELECT " HEAD_COLUMNS ","
        " (SELECT e.recorded_at FROM bellhop_log.events_after(h.cursor, 1) e LIMIT 1),"
        " (SELECT count(*) FROM bellhop_log.case_state c WHERE c.state IN ('open', 'acknowledged')),"
        " (SELECT count(*) FROM bellhop_log.follow_up f WHERE f.state IN ('open', 'overdue')),"
        " (SELECT min(c.due_at) FROM bellhop_log.case_state c WHERE c.state IN ('open', 'acknowledged')),"
        " o.count, o.due_at, o.what, o.id,"
        " (SELECT count(*) FROM bellhop_log.source), (SELECT count(*) FROM bellhop_log.rejected_event),"
        " (SELECT count(*) FROM bellhop_log.stream), (SELECT count(*) FROM bellhop_log.stream_dead_letter)"
        " FROM bellhop_log.head h LEFT JOIN LATERAL (SELECT d.due_at, d.what, d.id, count(*) OVER () AS count"
        " FROM bellhop.overdue_deadline d ORDER BY d.due_at LIMIT 1) o ON true";
    database_ask(database, question_new(sql, answer_status, (question_read *)read, owner));
}

static void answer_overdue(struct question *question, const PGresult *result, const char *fault)
{
    enum { COUNT, OVERDUE_MS, WHAT, ID };
    struct overdue_page page = {.fault = fault};
    if (result && PQntuples(result) == 1) {
        page.count = (uint64_t)result_number(result, 0, COUNT);
        page.overdue_ms = result_number(result, 0, OVERDUE_MS);
        page.what = result_text(result, 0, WHAT);
        page.id = result_text(result, 0, ID);
    }
    ((overdue_page_read *)question->read)(question->owner, &page);
}

void status_read_overdue(struct database *database, overdue_page_read *read, void *owner)
{
    static const char sql[] =
        "SELECT count(*) OVER (), (extract(epoch FROM d.overdue) * 1000)::bigint, d.what, d.id"
        " FROM bellhop.overdue_deadline d ORDER BY d.due_at LIMIT 1";
    database_ask(database, question_new(sql, answer_overdue, (question_read *)read, owner));
}

static void answer_troubled(struct question *question, const PGresult *result, const char *fault)
{
    enum { SOURCE, INCARNATION, LAST_SEEN_AT, SKEW_MS, MISSING, FIRST_MISSING, IS_SILENT };
    struct troubled_page page = {.fault = fault, .count = result ? (size_t)PQntuples(result) : 0};
    struct troubled_source *sources = memory_allocate(page.count * sizeof *sources);
    for (size_t i = 0; i < page.count; i++) {
        sources[i] = (struct troubled_source){
            .source = result_text(result, (int)i, SOURCE),
            .incarnation = result_text(result, (int)i, INCARNATION),
            .last_seen_at = result_time(result, (int)i, LAST_SEEN_AT),
            .skew_ms = result_number(result, (int)i, SKEW_MS),
            .missing = (uint64_t)result_number(result, (int)i, MISSING),
            .first_missing = (uint64_t)result_number(result, (int)i, FIRST_MISSING),
            .is_silent = result_number(result, (int)i, IS_SILENT) != 0,
        };
    }
    page.sources = sources;
    ((troubled_page_read *)question->read)(question->owner, &page);
    free(sources);
}

void status_read_troubled(struct database *database, uint32_t most, troubled_page_read *read, void *owner)
{
    static const char sql[] =
        "SELECT s.source, nullif(s.incarnation, ''), s.last_seen_at, s.skew_ms, g.missing, g.first_missing,"
        " q.is_silent FROM bellhop_log.source s LEFT JOIN (SELECT x.source, x.incarnation, "
        "min(x.first_missing) AS "
        "first_missing,"
        " sum(x.last_missing - x.first_missing + 1)::bigint AS missing FROM bellhop_log.source_gap x"
        " GROUP BY x.source, x.incarnation) g USING (source, incarnation)"
        " CROSS JOIN LATERAL (SELECT s.incarnation <> '' AND s.last_seen_at BETWEEN now() - interval '7 "
        "days' AND"
        " now() - interval '15 minutes' AND NOT EXISTS (SELECT FROM bellhop_log.source n"
        " WHERE n.source = s.source AND n.last_seen_at > s.last_seen_at) AS is_silent) q"
        " WHERE g.missing > 0 OR s.skew_ms <> 0 OR q.is_silent"
        " ORDER BY g.missing DESC NULLS LAST, abs(s.skew_ms) DESC NULLS LAST, s.source LIMIT $1";
    struct question *question = question_new(sql, answer_troubled, (question_read *)read, owner);
    question_add(question, BIGINT_VALUE(most));
    database_ask(database, question);
}
