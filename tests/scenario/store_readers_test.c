/* store_readers: decisions, cases, verdicts, streams and sources, as they come back from a real PostgreSQL. */
#include "tests/support/fixture.h"

#include "common/base/clock.h"
#include "common/store/read/case_reader.h"
#include "common/store/read/log_stream.h"
#include "common/store/read/source_reader.h"
#include "common/store/read/stream_reader.h"
#include "common/store/read/verdict_reader.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"

/* --- decisions, cases, verdicts --- */

static TEST(decisions_are_read_in_order_and_a_cut_page_says_what_is_whole)
{
    struct fixture *fixture = *state;
    fixture_store_events(fixture, 1, 9);
    batch_reset(fixture->batch);
    WireDecision finding = WIRE_DECISION__INIT;
    finding.kind = WIRE_DECISION_KIND__FINDING_MADE;
    static const struct decision_place places[] = {{2, 0}, {2, 1}, {5, 0}, {5, 1}, {5, 2}, {8, 0}};
    for (size_t i = 0; i < COUNT_OF(places); i++)
        fixture_add_decision(fixture, places[i].seq, places[i].ordinal, finding);
    fixture_decide(fixture, 9);
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
        decision_read(fixture->database, cases[i].after, cases[i].most, told_decisions, &told);
        fixture_expect(fixture, &told, cases[i].expected);
        assert_int_equal(told.upto, cases[i].upto);
    }
    struct told told = {{0}};
    decision_read_event(fixture->database, 5, told_decisions, &told);
    fixture_expect(fixture, &told, "5-0 5-1 5-2");
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
        for (size_t i = 0; i < event.count; i++) {
            WireDecision *decision =
                wire_decision__unpack(NULL, event.decisions[i].size, event.decisions[i].data);
            assert_int_equal(decision->position->seq, event.record->position->seq);
            assert_int_equal(decision->ordinal, i);
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
    fixture_store_events(fixture, 1, 4);
    batch_reset(fixture->batch);
    fixture_add_event(fixture, 5, "\"id_time\":1,\"complaint\":{\"about\":\"PRICE\"}", NULL);
    assert_int_equal(fixture_store(fixture), WRITER_STORED);
    fixture_store_events(fixture, 6, 9);
    batch_reset(fixture->batch);
    WireDecision finding = WIRE_DECISION__INIT;
    finding.kind = WIRE_DECISION_KIND__FINDING_MADE;
    static const struct decision_place places[] = {{2, 0}, {2, 1}, {5, 0}, {5, 1}, {5, 2}, {7, 0}};
    for (size_t i = 0; i < COUNT_OF(places); i++)
        fixture_add_decision(fixture, places[i].seq, places[i].ordinal, finding);
    fixture_decide(fixture, 8);
    assert_streamed(stream, &(struct log_range){.after = 0}, "1 2:2 3 4 5:3 6 7:1 8");
    assert_streamed(stream, &(struct log_range){.after = 4, .upto = 6}, "5:3 6");
    assert_streamed(stream, &(struct log_range){.after = 6, .without_decisions = true}, "7 8 9");
    assert_streamed(stream, &(struct log_range){.type = WIRE_EVENT__BODY_COMPLAINT}, "5");
}

static TEST(a_stream_that_is_left_in_the_middle_begins_anew_and_one_whose_server_is_gone_says_so)
{
    struct fixture *fixture = *state;
    AUTO(log_stream) *stream = log_stream_new(fixture->url);
    char why[WHY_SIZE];
    struct streamed_event event;
    struct log_head head;
    fixture_store_events(fixture, 1, 5);
    assert_int_equal(log_stream_begin(stream, &(struct log_range){.without_decisions = true}, &head, why), 0);
    assert_int_equal(log_stream_next(stream, &event, why), 1);
    assert_int_equal(head.head, 5);
    assert_streamed(stream, &(struct log_range){.after = 3, .without_decisions = true}, "4 5");
    fixture_server("kill");
    assert_true(log_stream_begin(stream, &(struct log_range){.after = 0}, &head, why) < 0);
    assert_true(*why);
    fixture_server("start");
    int64_t until_ms = clock_monotonic_ms() + FIXTURE_PATIENCE_MS;
    while (log_stream_begin(stream, &(struct log_range){.after = 0}, &head, why) != 0)
        assert_true(clock_monotonic_ms() < until_ms);
    assert_streamed(stream, &(struct log_range){.after = 4, .without_decisions = true}, "5");
}

static TEST(open_cases_are_read_as_their_latest_decisions)
{
    struct fixture *fixture = *state;
    fixture_store_events(fixture, 1, 5);
    batch_reset(fixture->batch);
    fixture_add_case(fixture, 1, 0, "1-1-0", "open");
    fixture_add_case(fixture, 2, 0, "1-2-0", "open");
    fixture_add_case(fixture, 3, 0, "1-1-0", "acknowledged");
    fixture_decide(fixture, 3);
    fixture_add_case(fixture, 4, 0, "1-4-0", "open");
    fixture_add_case(fixture, 5, 0, "1-2-0", "resolved");
    fixture_decide(fixture, 5);
    struct told told = {{0}};
    case_read_open(fixture->database, "", 100, told_decisions, &told);
    fixture_expect(fixture, &told, "3-0 4-0");
    case_read_open(fixture->database, "1-1-0", 100, told_decisions, &told);
    fixture_expect(fixture, &told, "4-0");
    case_read_open(fixture->database, "", 1, told_decisions, &told);
    fixture_expect(fixture, &told, "3-0");
    case_read(fixture->database, "1-2-0", told_decisions, &told);
    fixture_expect(fixture, &told, "5-0");
    case_read(fixture->database, "it's", told_decisions, &told);
    fixture_expect(fixture, &told, "");
    decision_read_case(fixture->database, "1-2-0", 100, told_decisions, &told);
    fixture_expect(fixture, &told, "2-0 5-0");
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
    fixture_store_events(fixture, 1, 2);
    struct told told = {{0}};
    verdict_read(fixture->database, fixture_id(1).bytes, tell_verdict, &told);
    fixture_expect(fixture, &told, "5"); /* PENDING */
    batch_reset(fixture->batch);
    WireVerdictCase opened = WIRE_VERDICT_CASE__INIT, *cases[] = {&opened};
    opened.escalation_id = (char *)"1-1-0";
    WireVerdict verdict = WIRE_VERDICT__INIT;
    WIRE_SET(&verdict, outcome, WIRE_VERDICT__OUTCOME__ESCALATED);
    verdict.n_cases = 1;
    verdict.cases = cases;
    WireDecision given = WIRE_DECISION__INIT;
    given.kind = WIRE_DECISION_KIND__VERDICT_GIVEN;
    given.body_case = WIRE_DECISION__BODY_VERDICT;
    given.verdict = &verdict;
    fixture_add_case(fixture, 1, 0, "1-1-0", "open");
    fixture_add_decision(fixture, 1, 1, given);
    fixture_decide(fixture, 2);
    verdict_read(fixture->database, fixture_id(1).bytes, tell_verdict, &told);
    fixture_expect(fixture, &told, "3");
    verdict_read(fixture->database, fixture_id(2).bytes, tell_verdict, &told);
    fixture_expect(fixture, &told, "1"); /* NOTHING */
    verdict_read(fixture->database, fixture_id(3).bytes, tell_verdict, &told);
    fixture_expect(fixture, &told, "0"); /* not known */
    fixture_add_event(fixture, 3, "\"complaint\":{\"about\":\"PRICE\",\"text\":\"\"}", "no, sorry");
    assert_int_equal(fixture_store(fixture), WRITER_STORED);
    batch_reset(fixture->batch);
    fixture_add_case(fixture, 3, 0, "1-1-0", "resolved");
    fixture_decide(fixture, 3);
    verdict_read(fixture->database, fixture_id(1).bytes, tell_verdict, &told);
    fixture_expect(fixture, &told, "3 1-1-0 2 by ada: no, sorry");
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
    WIRE_SET(&place, seq, 9);
    WIRE_SET(&place, ordinal, 1);
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
    assert_int_equal(fixture_store(fixture), WRITER_STORED);
    struct told told = {{0}};
    stream_read(fixture->database, NULL, tell_streams, &told);
    fixture_expect(fixture, &told, "floor@4+0 dead 1;manager@5+1 dead 0;");
    stream_read(fixture->database, "manager", tell_streams, &told);
    fixture_expect(fixture, &told, "manager@5+1 dead 0;");
    stream_read(fixture->database, "nobody", tell_streams, &told);
    fixture_expect(fixture, &told, "");
    stream_read_dead_letters(fixture->database, "floor", 10, tell_dead_letters, &told);
    fixture_expect(fixture, &told, "9-1 it's broken;");
}

static void tell_sources(void *owner, const struct source_page *page)
{
    struct told *told = owner;
    told->is_fault = page->fault;
    for (size_t i = 0; i < page->count; i++) {
        bytes_append_format(&told->text, "%s %llu", page->sources[i].source,
                            (unsigned long long)page->sources[i].highest_sequence);
        for (size_t gap = 0; gap < page->sources[i].gap_count; gap++)
            bytes_append_format(&told->text, " %llu-%llu",
                                (unsigned long long)page->sources[i].gaps[gap].first,
                                (unsigned long long)page->sources[i].gaps[gap].last);
        bytes_append_text(&told->text, ";");
    }
}

static TEST(sources_are_read_with_their_gaps)
{
    struct fixture *fixture = *state;
    const struct source_gap gaps[] = {{.first = 2, .last = 3}, {.first = 7, .last = 7}};
    const struct source_record sources[] = {
        {.source = "a", .incarnation = "x", .highest_sequence = 9, .gaps = gaps, .gap_count = COUNT_OF(gaps)},
        {.source = "b", .incarnation = ""},
    };
    for (int times = 0; times < 2; times++)
        for (size_t i = 0; i < COUNT_OF(sources); i++)
            batch_add_source(fixture->batch, &sources[i]);
    assert_int_equal(fixture_store(fixture), WRITER_STORED);
    struct told told = {{0}};
    source_read(fixture->database, 100, tell_sources, &told);
    fixture_expect(fixture, &told, "a 9 2-3 7-7;b 0;");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(decisions_are_read_in_order_and_a_cut_page_says_what_is_whole),
        FIXTURE_TEST(the_log_is_streamed_with_its_decisions_as_far_as_it_is_decided),
        FIXTURE_TEST(a_stream_that_is_left_in_the_middle_begins_anew_and_one_whose_server_is_gone_says_so),
        FIXTURE_TEST(open_cases_are_read_as_their_latest_decisions),
        FIXTURE_TEST(a_verdict_comes_with_the_answer_of_its_case),
        FIXTURE_TEST(streams_are_read_as_they_were_written),
        FIXTURE_TEST(sources_are_read_with_their_gaps),
    };
    return cmocka_run_group_tests(tests, fixture_start_server, fixture_remove_server);
}
