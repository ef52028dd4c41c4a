/* stream_reader: the statements that read durable streams and their dead letters. */
#include "common/store/read/stream_reader.h"

#include "common/base/memory.h"
#include "common/store/read/question.h"
#include "common/store/session/result.h"
#include "common/wire/set.h"

static void answer_streams(struct question *question, const PGresult *result, const char *fault)
{
    enum { NAME, STATE, DEAD_LETTERS };
    struct stream_page page = {.fault = fault, .count = result ? (size_t)PQntuples(result) : 0};
    struct stored_stream *streams = memory_allocate(page.count * sizeof *streams);
    size_t read = 0;
    for (size_t i = 0; i < page.count; i++) {
        struct slice state = result_bytes(result, (int)i, STATE);
        streams[read] = (struct stored_stream){
            .name = result_text(result, (int)i, NAME),
            .state = wire_stream_state__unpack(NULL, state.size, state.data),
            .dead_letter_count = (uint64_t)result_number(result, (int)i, DEAD_LETTERS),
        };
        if (streams[read].state)
            read++;
        else
            page.fault = "the state of a stream cannot be read";
    }
    page.streams = streams;
    page.count = page.fault ? 0 : read;
    ((stream_page_read *)question->read)(question->owner, &page);
    for (size_t i = 0; i < read; i++)
        wire_stream_state__free_unpacked(streams[i].state, NULL);
    free(streams);
}

void stream_read(struct database *database, const char *name, stream_page_read *read, void *owner)
{
    static const char sql[] = "SELECT s.name, s.state, (SELECT count(*) FROM bellhop_log.stream_dead_letter l"
                              " WHERE l.stream = s.name) FROM bellhop_log.stream s"
                              " WHERE $1::text IS NULL OR s.name = $1::text ORDER BY s.name";
    struct question *question = question_new(sql, answer_streams, (question_read *)read, owner);
    question_add_name(question, name);
    database_ask(database, question);
}

static void dead_letter_of(const PGresult *result, int row, WireDeadLetter *letter, WireDeliveryPlace *place)
{
    enum { SEQ, ORDINAL, EPOCH, INTERACTION_ID, ATTEMPTS, REASON, DEAD_AT, STORE_ID, SUBJECT_ID };
    wire_delivery_place__init(place);
    WIRE_SET(place, seq, (uint64_t)result_number(result, row, SEQ));
    WIRE_SET(place, ordinal, (uint32_t)result_number(result, row, ORDINAL));
    wire_dead_letter__init(letter);
    letter->place = place;
    WIRE_SET(letter, epoch, (uint32_t)result_number(result, row, EPOCH));
    letter->interaction_id = (char *)result_text(result, row, INTERACTION_ID);
    WIRE_SET(letter, attempts, (uint32_t)result_number(result, row, ATTEMPTS));
    letter->reason = (char *)result_text(result, row, REASON);
    WIRE_SET(letter, dead_at, result_time(result, row, DEAD_AT));
    letter->store_id = (char *)result_text(result, row, STORE_ID);
    letter->subject_id = (char *)result_text(result, row, SUBJECT_ID);
}

static void answer_dead_letters(struct question *question, const PGresult *result, const char *fault)
{
    struct dead_letter_page page = {.fault = fault, .count = result ? (size_t)PQntuples(result) : 0};
    WireDeadLetter *letters = memory_allocate(page.count * sizeof *letters);
    WireDeliveryPlace *places = memory_allocate(page.count * sizeof *places);
    WireDeadLetter **list = memory_allocate(page.count * sizeof *list);
    for (size_t i = 0; i < page.count; i++) {
        list[i] = &letters[i];
        dead_letter_of(result, (int)i, &letters[i], &places[i]);
    }
    page.dead_letters = list;
    ((dead_letter_page_read *)question->read)(question->owner, &page);
    free(list);
    free(places);
    free(letters);
}

void stream_read_dead_letters(struct database *database, const char *name, uint32_t most,
                              dead_letter_page_read *read, void *owner)
{
    static const char sql[] =
        "SELECT l.seq, l.ordinal, l.epoch, d.interaction_id, l.attempts, l.reason, l.dead_at, d.store_id,"
        " d.subject_id FROM bellhop_log.stream_dead_letter l LEFT JOIN bellhop_log.decision d"
        " ON d.seq = l.seq AND d.ordinal = l.ordinal WHERE l.stream = $1"
        " ORDER BY l.dead_at, l.seq, l.ordinal LIMIT $2";
    struct question *question = question_new(sql, answer_dead_letters, (question_read *)read, owner);
    question_add_name(question, name);
    question_add(question, BIGINT_VALUE(most));
    database_ask(database, question);
}
