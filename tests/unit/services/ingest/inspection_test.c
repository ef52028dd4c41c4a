/* inspection: one event of a publish: what is appended of it, what is kept of a rejected one, and the reply that says so.
 */
#include "tests/support/check.h"
#include "tests/support/sample.h"

#include "common/base/digest.h"
#include "common/wire/set.h"
#include "common/wire/wire.h"
#include "services/ingest/inspection.h"
#include "services/ingest/request.h"

#define MINUTE INT64_C(60000000)

struct bench {
    struct arena arena;
    struct bytes sent;
    struct bytes canonical;
    struct arrival arrival;
};

static int set_up(void **state)
{
    struct bench *bench = NEW(bench);
    arena_init(&bench->arena, 1 << 20);
    bench->arrival = (struct arrival){.sent_at = SAMPLE_AT, .now = SAMPLE_AT + 5000};
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    arena_clear(&bench->arena);
    bytes_clear(&bench->sent);
    bytes_clear(&bench->canonical);
    free(bench);
    return 0;
}

static bool inspect(struct bench *bench, const char *changes, struct accepted *accepted,
                    struct wire_refusal *refusal)
{
    bytes_reset(&bench->sent);
    wire_pack(sample_event(&bench->arena, changes), &bench->sent);
    return inspection_accept(bytes_slice(&bench->sent), &bench->arrival, &bench->arena, &bench->canonical,
                             accepted, refusal);
}

static const char complaint[] =
    "{\"complaint\":{\"about\":\"PRICE\",\"text\":\"far too dear, says Mrs Miller\"}}";

static void takes_an_event_as_it_is(void **state)
{
    struct bench *bench = *state;
    struct accepted accepted;
    struct wire_refusal refusal;
    assert_true(inspect(bench, "{}", &accepted, &refusal));
    assert_slice_equal(wire_slice(accepted.append.event), bytes_slice(&bench->sent));
    assert_int_equal(accepted.append.n_texts, 0);
    assert_int_equal(accepted.append.occurred_at, SAMPLE_AT);
    assert_false(accepted.append.has_skew_ms);
    assert_false(accepted.append.want_verdict);
    assert_text_equal(accepted.source, "harbour/till-1");
}

static void free_text_travels_apart(void **state)
{
    struct bench *bench = *state;
    struct accepted accepted;
    struct wire_refusal refusal;
    assert_true(inspect(bench, complaint, &accepted, &refusal));
    assert_int_equal(accepted.append.n_texts, 1);
    assert_text_equal(accepted.append.texts[0]->field, "complaint.text");
    assert_text_equal(accepted.append.texts[0]->text, "far too dear, says Mrs Miller");
    assert_null(memmem(accepted.append.event.data, accepted.append.event.len, "Miller", 6));
}

static void a_wrong_clock_is_corrected_and_reported(void **state)
{
    struct bench *bench = *state;
    struct accepted accepted;
    struct wire_refusal refusal;
    bench->arrival.now = SAMPLE_AT + 10 * MINUTE;
    bench->arrival.skew = skew_of(bench->arrival.sent_at, bench->arrival.now, 30000);
    assert_true(inspect(bench, "{}", &accepted, &refusal));
    assert_int_equal(accepted.append.occurred_at, SAMPLE_AT + 10 * MINUTE);
    assert_true(accepted.append.has_skew_ms);
    assert_int_equal(accepted.append.skew_ms, 600000);
}

static void the_systems_own_events_are_refused_from_registers(void **state)
{
    struct bench *bench = *state;
    struct accepted accepted;
    struct wire_refusal refusal;
    assert_false(inspect(bench, "{\"source\":\"bellhop/escalate\"}", &accepted, &refusal));
    assert_text_equal(wire_reason_word(refusal.reason), "system_event");
    assert_false(inspect(bench, "{\"serving_started\":{\"subscriber\":\"s\",\"role\":\"associate\"}}",
                         &accepted, &refusal));
    assert_text_equal(wire_reason_word(refusal.reason), "system_event");
}

static void a_rejected_event_is_kept_without_its_free_text(void **state)
{
    struct bench *bench = *state;
    struct accepted accepted;
    struct wire_refusal refusal;
    struct rejected rejected;
    assert_false(
        inspect(bench, "{\"store_id\":null,\"complaint\":{\"about\":\"PRICE\",\"text\":\"says Mrs Miller\"}}",
                &accepted, &refusal));
    inspection_reject(bytes_slice(&bench->sent), &bench->arrival, &refusal, &bench->arena, &bench->canonical,
                      &rejected);
    assert_text_equal(rejected.kept.reason, "missing_field");
    assert_text_equal(rejected.kept.field, "store_id");
    assert_text_equal(rejected.kept.source, "harbour/till-1");
    assert_int_equal(rejected.id.size, 16);
    assert_slice_equal(wire_slice(rejected.kept.key), rejected.id);
    assert_null(memmem(rejected.kept.content.data, rejected.kept.content.len, "Miller", 6));
    assert_int_equal(rejected.kept.received_at, bench->arrival.now);
}

static void bytes_that_are_no_event_are_kept_under_their_hash(void **state)
{
    struct bench *bench = *state;
    struct wire_refusal refusal = {.reason = WIRE_MALFORMED};
    struct rejected rejected;
    struct slice garbage = slice_of("\xff\xff\xff\xff", 4);
    uint8_t hash[CONTENT_HASH_SIZE];
    digest_content(&garbage, 1, hash);
    inspection_reject(garbage, &bench->arrival, &refusal, &bench->arena, &bench->canonical, &rejected);
    assert_slice_equal(wire_slice(rejected.kept.key), slice_of(hash, sizeof hash));
    assert_slice_equal(wire_slice(rejected.kept.content), garbage);
    assert_null(rejected.kept.source);
}

static void what_is_kept_is_cut(void **state)
{
    struct bench *bench = *state;
    struct wire_refusal refusal = {.reason = WIRE_MALFORMED};
    struct rejected rejected;
    uint8_t *large = memory_allocate(REJECTED_CONTENT_MOST + 1);
    memset(large, 0xff, REJECTED_CONTENT_MOST + 1);
    inspection_reject(slice_of(large, REJECTED_CONTENT_MOST + 1), &bench->arrival, &refusal, &bench->arena,
                      &bench->canonical, &rejected);
    assert_int_equal(rejected.kept.content.len, REJECTED_CONTENT_MOST);
    free(large);
}

static void a_source_that_cannot_be_printed_is_not_kept(void **state)
{
    struct bench *bench = *state;
    struct wire_refusal refusal = {.reason = WIRE_NOT_UTF8};
    struct rejected rejected;
    WireEvent *event = sample_event(&bench->arena, "{}");
    event->source = (char *)"harbour/\xff\xfe";
    bytes_reset(&bench->sent);
    wire_pack(event, &bench->sent);
    inspection_reject(bytes_slice(&bench->sent), &bench->arrival, &refusal, &bench->arena, &bench->canonical,
                      &rejected);
    assert_null(rejected.kept.source);
}

/* --- the reply --- */

static const uint8_t ids[3][16] = {{1}, {2}, {3}};

/* Three events: committed, rejected here, duplicate. */
static struct request *answered_request(bool await_verdict)
{
    struct link_peer peer = {.size = 1, .frame_count = 1};
    struct request *request = request_new(&peer, 77, 3);
    struct wire_refusal refusal = {.reason = WIRE_BAD_ID, .field = "id", .explanation = "is no id"};
    request->await_verdict = await_verdict;
    request_note_accepted(request, 0, ids[0]);
    request_note_rejected(request, 1, slice_of(ids[1], 16), &refusal);
    request_note_accepted(request, 2, ids[2]);
    WirePosition first = WIRE_POSITION__INIT, second = WIRE_POSITION__INIT;
    first.epoch = second.epoch = 4;
    first.seq = 10;
    second.seq = 5;
    WireReceipt committed = WIRE_RECEIPT__INIT, duplicate = WIRE_RECEIPT__INIT;
    committed.result = WIRE_RECEIPT__RESULT__COMMITTED;
    committed.position = &first;
    duplicate.result = WIRE_RECEIPT__RESULT__DUPLICATE;
    duplicate.position = &second;
    request_note_receipts(request, (WireReceipt *[]){&committed, &duplicate});
    return request;
}

static WirePublishReply *read_reply(struct bench *bench, const struct request *request)
{
    bytes_reset(&bench->sent);
    assert_true(request_write_reply(request, 12345, &bench->arena, &bench->sent));
    WireRegisterReply *reply =
        wire_unpack(&wire_register_reply__descriptor, bytes_slice(&bench->sent), &bench->arena, NULL);
    assert_non_null(reply);
    assert_int_equal(reply->reply_case, WIRE_REGISTER_REPLY__REPLY_PUBLISH);
    return reply->publish;
}

static void the_reply_has_a_receipt_for_each_event_in_their_order(void **state)
{
    AUTO(request) *request = answered_request(false);
    WirePublishReply *reply = read_reply(*state, request);
    assert_int_equal(reply->request_id, 77);
    assert_int_equal(reply->server_time, 12345);
    assert_int_equal(reply->n_receipts, 3);
    assert_int_equal(reply->receipts[0]->position->seq, 10);
    assert_int_equal(reply->receipts[1]->result, WIRE_RECEIPT__RESULT__REJECTED);
    assert_text_equal(reply->receipts[1]->reason, "bad_id");
    assert_text_equal(reply->receipts[1]->field, "id");
    assert_null(reply->receipts[1]->position);
    assert_int_equal(reply->receipts[2]->result, WIRE_RECEIPT__RESULT__DUPLICATE);
    assert_int_equal(reply->receipts[2]->position->epoch, 4);
    assert_slice_equal(wire_slice(reply->receipts[2]->event_id), slice_of(ids[2], 16));
    assert_int_equal(reply->n_verdicts, 0);
}

static void a_verdict_that_has_not_come_is_pending(void **state)
{
    AUTO(request) *request = answered_request(true);
    WireVerdict verdict = WIRE_VERDICT__INIT;
    WIRE_SET(&verdict, outcome, WIRE_VERDICT__OUTCOME__GRANTED);
    wire_pack(&verdict, &request->outcomes[2].verdict);
    WirePublishReply *reply = read_reply(*state, request);
    assert_int_equal(reply->n_verdicts, 2);
    assert_int_equal(reply->verdicts[0]->outcome, WIRE_VERDICT__OUTCOME__PENDING);
    assert_slice_equal(wire_slice(reply->verdicts[0]->event_id), slice_of(ids[0], 16));
    assert_int_equal(reply->verdicts[1]->outcome, WIRE_VERDICT__OUTCOME__GRANTED);
}

#define BENCHED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

RUN_TESTS(BENCHED(takes_an_event_as_it_is), BENCHED(free_text_travels_apart),
          BENCHED(a_wrong_clock_is_corrected_and_reported),
          BENCHED(the_systems_own_events_are_refused_from_registers),
          BENCHED(a_rejected_event_is_kept_without_its_free_text),
          BENCHED(bytes_that_are_no_event_are_kept_under_their_hash), BENCHED(what_is_kept_is_cut),
          BENCHED(a_source_that_cannot_be_printed_is_not_kept),
          BENCHED(the_reply_has_a_receipt_for_each_event_in_their_order),
          BENCHED(a_verdict_that_has_not_come_is_pending))
