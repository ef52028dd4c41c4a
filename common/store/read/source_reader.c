/* source_reader: sources with their gaps; one row a gap, or one without. */
#include "common/store/read/source_reader.h"

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/store/read/question.h"
#include "common/store/session/result.h"

enum { SOURCE, INCARNATION, HIGHEST, LAST_SEEN_AT, SKEW_MS, FIRST_MISSING, LAST_MISSING, NOTICED_AT, UPTO };

static bool is_same_source(const PGresult *result, int row, const struct source_record *source)
{
    return text_equal(result_text(result, row, SOURCE), source->source) &&
           text_equal(result_text(result, row, INCARNATION), source->incarnation);
}

static struct source_record source_of(const PGresult *result, int row)
{
    return (struct source_record){
        .source = result_text(result, row, SOURCE),
        .incarnation = result_text(result, row, INCARNATION),
        .highest_sequence = (uint64_t)result_number(result, row, HIGHEST),
        .last_seen_at = result_time(result, row, LAST_SEEN_AT),
        .skew_ms = result_number(result, row, SKEW_MS),
        .upto = (uint64_t)result_number(result, row, UPTO),
    };
}

static struct source_gap gap_of(const PGresult *result, int row)
{
    return (struct source_gap){
        .first = (uint64_t)result_number(result, row, FIRST_MISSING),
        .last = (uint64_t)result_number(result, row, LAST_MISSING),
        .noticed_at = result_time(result, row, NOTICED_AT),
    };
}

static void answer_sources(struct question *question, const PGresult *result, const char *fault)
{
    size_t row_count = result ? (size_t)PQntuples(result) : 0;
    struct source_record *sources = memory_allocate(row_count * sizeof *sources);
    struct source_gap *gaps = memory_allocate(row_count * sizeof *gaps);
    struct source_page page = {.fault = fault, .sources = sources};
    for (size_t i = 0; i < row_count; i++) {
        if (page.count == 0 || !is_same_source(result, (int)i, &sources[page.count - 1]))
            sources[page.count++] = source_of(result, (int)i);
        struct source_record *source = &sources[page.count - 1];
        if (result_is_null(result, (int)i, FIRST_MISSING))
            continue;
        gaps[i] = gap_of(result, (int)i);
        if (source->gap_count++ == 0)
            source->gaps = &gaps[i];
    }
    ((source_page_read *)question->read)(question->owner, &page);
    free(gaps);
    free(sources);
}

void source_read(struct database *database, uint32_t most, source_page_read *read, void *owner)
{
    static const char sql[] =
        "SELECT s.source, s.incarnation, s.highest_sequence, s.last_seen_at, s.skew_ms, g.first_missing,"
        " g.last_missing, g.noticed_at, s.seq"
        " FROM (SELECT * FROM bellhop_log.source ORDER BY last_seen_at DESC LIMIT $1) s"
        " LEFT JOIN bellhop_log.source_gap g USING (source, incarnation)"
        " ORDER BY s.source, s.incarnation, g.first_missing";
    struct question *question = question_new(sql, answer_sources, (question_read *)read, owner);
    question_add(question, BIGINT_VALUE(most));
    database_ask(database, question);
}
