#!/usr/bin/python3
"""The registers' door against peers of every kind: what is malformed is refused with a reason and never does harm."""
import sys
import time
import uuid

import support
from support import Register, event, event_pb2, mint, now_us, publish_pb2, wait_until, zmq

cell = support.Cell()


def refused(data):
    """What the door says to these bytes."""
    register = Register(cell.publish)
    register.socket.send(data)
    reply = register.reply()
    register.close()
    assert reply is not None and reply.WhichOneof("reply") == "refused", reply
    return reply.refused


def request(**fields):
    made = publish_pb2.RegisterRequest()
    made.publish.request_id = fields.get("request_id", 5)
    made.publish.sent_at = fields.get("sent_at", now_us())
    made.publish.events.extend(fields.get("events", [event()]))
    return made


def rejected(made):
    """The receipt of an event that is not acceptable."""
    register = Register(cell.publish)
    receipt = register.ask(made).receipts[0]
    register.close()
    assert receipt.result == publish_pb2.Receipt.REJECTED, receipt
    return receipt


def still_works():
    register = Register(cell.publish)
    assert register.ask(event()).receipts[0].result == publish_pb2.Receipt.COMMITTED
    register.close()


def a_good_event_is_committed_and_its_repeat_says_so():
    register = Register(cell.publish)
    made = event()
    first, again = register.ask(made).receipts[0], register.ask(made).receipts[0]
    assert first.result == publish_pb2.Receipt.COMMITTED, first
    assert again.result == publish_pb2.Receipt.DUPLICATE and again.position == first.position, again
    assert first.event_id == made.id
    rows = cell.sql(f"SELECT seq FROM bellhop.event WHERE event_id = '{made.id.hex()}'")
    assert rows == [[str(first.position.seq)]], rows
    register.close()


def a_request_as_large_as_a_request_may_be_is_committed():
    register = Register(cell.publish)
    events = [event("complaint", about=event_pb2.PRODUCT, text="x" * 4000) for _ in range(1000)]
    size = request(events=events).ByteSize()
    assert 4096 * 1024 * 0.95 < size < 4096 * 1024, size
    results = {receipt.result for receipt in register.ask(*events).receipts}
    assert results == {publish_pb2.Receipt.COMMITTED}, results
    register.close()


def one_id_with_other_content_is_a_conflict_and_kept():
    register = Register(cell.publish)
    made = event()
    register.ask(made)
    made.wait_reported.duration_ms += 1
    receipt = register.ask(made).receipts[0]
    assert receipt.result == publish_pb2.Receipt.CONFLICT, receipt
    assert receipt.reason == "content_differs" and receipt.field == "wait_reported.duration_ms", receipt
    assert receipt.explanation.startswith("is 1000 in the log since 2") and receipt.explanation.endswith(" and 1001 here"), receipt
    assert abs(receipt.recorded_at - now_us()) < 60 * 10**6, receipt
    wait_until(lambda: cell.sql(f"SELECT 1 FROM bellhop.rejected_event WHERE reason = '{receipt.reason}'"), 10, "it is kept")
    register.close()


def bytes_that_are_no_request_are_refused():
    assert refused(b"").reason == "no_request"
    assert refused(b"\xff" * 100).reason == "malformed"
    assert refused(b"\x0a\x7f").reason == "malformed"
    assert refused(request().SerializeToString()[:-3]).reason == "malformed"
    unknown = request().SerializeToString() + b"\xfa\x3e\x01x"
    assert refused(unknown).reason == "unknown_field"
    still_works()


def a_request_without_what_it_needs_is_refused_with_its_number():
    made = request(events=[])
    answer = refused(made.SerializeToString())
    assert (answer.reason, answer.request_id) == ("missing_field", 5), answer
    made = request()
    made.publish.ClearField("request_id")
    assert refused(made.SerializeToString()).reason == "missing_field"
    made = request()
    made.publish.ClearField("sent_at")
    assert refused(made.SerializeToString()).reason == "missing_field"


def updates_are_refused_to_who_would_take_one_for_a_reply():
    made = request()
    made.publish.want_updates = True
    register = Register(cell.publish, zmq.REQ)
    register.socket.send(made.SerializeToString())
    answer = register.reply()
    assert answer.WhichOneof("reply") == "refused", answer
    assert (answer.refused.reason, answer.refused.field) == ("needs_dealer", "publish.want_updates"), answer
    made.publish.want_updates = False
    register.socket.send(made.SerializeToString())
    assert register.reply().publish.receipts[0].result == publish_pb2.Receipt.COMMITTED
    register.close()


def a_second_request_in_a_message_is_refused_and_not_lost():
    first, second = request(), request(request_id=6)
    answer = refused(first.SerializeToString() + second.SerializeToString())
    assert (answer.reason, answer.field) == ("more_than_one", "publish"), answer
    query = publish_pb2.RegisterRequest()
    query.verdict_query.request_id = 7
    query.verdict_query.event_id = mint()
    answer = refused(first.SerializeToString() + query.SerializeToString())
    assert (answer.reason, answer.field) == ("more_than_one", "verdict_query"), answer
    two, other = event(), event("complaint", about=event_pb2.PRICE)
    other.ClearField("id")
    register = Register(cell.publish)
    raw = publish_pb2.RegisterRequest()
    raw.publish.request_id, raw.publish.sent_at = 1, now_us()
    raw.publish.events.append(two)
    body = event_pb2.Event(complaint=other.complaint).SerializeToString()
    inner = two.SerializeToString() + body
    assert len(inner) < 128
    head = publish_pb2.Publish(request_id=1, sent_at=now_us()).SerializeToString() + b"\x1a" + bytes([len(inner)]) + inner
    register.socket.send(b"\x0a" + varint(len(head)) + head)
    receipt = register.reply().publish.receipts[0]
    assert (receipt.reason, receipt.field) == ("more_than_one", "complaint"), receipt
    register.close()


def varint(number):
    return bytes([number]) if number < 128 else bytes([number & 127 | 128]) + varint(number >> 7)


def what_cannot_be_read_is_told_with_its_place_and_a_guess():
    answer = refused(b'{"publish": {"request_id": 1}}')
    assert answer.reason == "malformed" and "JSON" in answer.explanation, answer
    answer = refused(b"\x0a\x09\x11" + b"\0" * 8)
    assert answer.field == "publish.sent_at" and "double" in answer.explanation, answer
    made = request()
    made.publish.sent_at = int(time.time())
    answer = refused(made.SerializeToString())
    assert answer.reason == "too_early" and "seconds" in answer.explanation, answer


def too_many_events_are_refused_together():
    made = request(events=[event()] * 1001)
    assert refused(made.SerializeToString()).reason == "too_many_events"
    register = Register(cell.publish)
    receipts = register.ask(*[event() for _ in range(1000)]).receipts
    assert len(receipts) == 1000 and all(receipt.result == publish_pb2.Receipt.COMMITTED for receipt in receipts)
    register.close()


def a_bad_event_spoils_no_other_of_its_request():
    good, bad, nonsense, last = event(), event(store_id="no word!"), event(), event()
    made = publish_pb2.RegisterRequest()
    made.publish.request_id = 9
    made.publish.sent_at = now_us()
    made.publish.events.extend([good, bad, nonsense, last])
    raw = made.SerializeToString()
    register = Register(cell.publish)
    # Turn the third event's id into something that cannot be read, in the bytes themselves.
    place = raw.index(nonsense.id)
    raw = raw[:place - 2] + b"\x0f\x10" + raw[place:]
    register.socket.send(raw)
    receipts = register.reply().publish.receipts
    results = [publish_pb2.Receipt.Result.Name(receipt.result) for receipt in receipts]
    assert results == ["COMMITTED", "REJECTED", "REJECTED", "COMMITTED"], receipts
    assert (receipts[1].reason, receipts[1].field) == ("bad_characters", "store_id"), receipts[1]
    assert receipts[2].reason == "malformed", receipts[2]
    register.close()


def what_an_event_may_not_hold_is_named():
    def changed(change, **fields):
        made = event(**fields)
        change(made)
        return made

    year_us = 366 * 86400 * 1000000
    cases = [
        (event(source="bellhop/escalate"), "system_event", "source"),
        (event("serving_started", subscriber="s", role="associate", source="17/till-1"), "system_event", None),
        (changed(lambda made: made.ClearField("id")), "missing_field", "id"),
        (changed(lambda made: made.ClearField("wait_reported")), "no_body", None),
        (event(id=b"short"), "bad_id", "id"),
        (event(id=str(uuid.uuid4()).encode()), "bad_id", "id"),
        (event(id=b"\x00" * 16), "bad_id", "id"),
        (event(id=mint(now_us() + 2 * year_us)), "in_the_future", "id"),
        (event(occurred_at=now_us() + 3600 * 1000000), "in_the_future", "occurred_at"),
        (event(duration_ms=-1), "out_of_range", "wait_reported.duration_ms"),
        (event(interaction_id="x" * 65), "too_long", "interaction_id"),
        (event("complaint", about=event_pb2.PRICE, text="x" * 5000), "too_long", "complaint.text"),
        (event(foreign_id="theirs", id_time=now_us()), "bad_id", "id"),
    ]
    for made, reason, field in cases:
        receipt = rejected(made)
        assert receipt.reason == reason, (reason, receipt)
        assert field is None or receipt.field == field, (field, receipt)
        assert receipt.explanation, receipt
    still_works()


def text_that_is_no_text_is_rejected():
    for raw, reason in ((b"\xff\xfe", "not_utf8"), (b"a\x00b", "embedded_nul")):
        made = event("complaint", about=event_pb2.PRICE, text="MARK" + "x" * (len(raw) - 2))
        bytes_now = made.SerializeToString().replace(b"MARK" + b"x" * (len(raw) - 2), raw + b"zz")
        size = len(bytes_now)
        publish = publish_pb2.RegisterRequest()
        publish.publish.request_id = 1
        publish.publish.sent_at = now_us()
        inner = publish.publish.SerializeToString() + b"\x1a" + bytes([size & 0x7f | 0x80, size >> 7]) + bytes_now if size > 127 else \
            publish.publish.SerializeToString() + b"\x1a" + bytes([size]) + bytes_now
        register = Register(cell.publish)
        register.socket.send(b"\x0a" + (bytes([len(inner)]) if len(inner) < 128 else bytes([len(inner) & 0x7f | 0x80, len(inner) >> 7])) + inner)
        receipt = register.reply().publish.receipts[0]
        assert (receipt.result, receipt.reason) == (publish_pb2.Receipt.REJECTED, reason), receipt
        register.close()
    still_works()


def an_unknown_value_of_an_enumeration_is_rejected():
    made = event()
    raw = made.SerializeToString().replace(made.wait_reported.SerializeToString(), b"\x08\x63" + made.wait_reported.SerializeToString()[2:])
    inner = b"\x08\x01\x10" + varint(now_us()) + b"\x1a" + varint(len(raw)) + raw
    register = Register(cell.publish)
    register.socket.send(b"\x0a" + varint(len(inner)) + inner)
    receipt = register.reply().publish.receipts[0]
    assert (receipt.reason, receipt.field) == ("unknown_value", "wait_reported.kind"), receipt
    register.close()


def varint(number):
    out = b""
    while number > 127:
        out += bytes([number & 0x7f | 0x80])
        number >>= 7
    return out + bytes([number])


def too_many_frames_are_refused_and_the_door_stays_open():
    register = Register(cell.publish)
    register.socket.send_multipart([b"x"] * 500)
    assert register.reply().refused.reason == "too_many_frames"
    register.close()
    still_works()


def a_request_that_is_too_large_hears_why():
    made = request(events=[event("complaint", about=event_pb2.PRODUCT, text="x" * 3900) for _ in range(1000)] +
                   [event("complaint", about=event_pb2.PRODUCT, text="x" * 3900) for _ in range(100)])
    assert 4 * 1024 * 1024 < made.ByteSize() < 8 * 1024 * 1024
    answer = refused(made.SerializeToString())
    assert (answer.reason, answer.request_id) == ("too_large", 5), answer
    assert str(made.ByteSize()) in answer.explanation, answer


def an_oversized_frame_ends_its_connection_only():
    register = Register(cell.publish)
    register.socket.send(b"\x0a" + b"\x00" * (9 * 1024 * 1024))
    assert register.reply(0.5) is None
    register.close()
    still_works()


def empty_sub_messages_by_the_thousand_do_no_harm():
    raw = event().SerializeToString() + b"\x62\x00" * 30000  # labels, empty
    inner = b"\x08\x01\x10" + varint(now_us()) + b"\x1a" + varint(len(raw)) + raw
    register = Register(cell.publish)
    register.socket.send(b"\x0a" + varint(len(inner)) + inner)
    receipt = register.reply().publish.receipts[0]
    assert receipt.result == publish_pb2.Receipt.REJECTED and receipt.reason in ("too_many", "too_large"), receipt
    register.close()


def a_req_socket_gets_its_replies():
    register = Register(cell.publish, zmq.REQ)
    for _ in range(3):
        assert register.ask(event()).receipts[0].result == publish_pb2.Receipt.COMMITTED
    register.close()


def a_dealer_pipelines_and_every_request_is_answered_once():
    register = Register(cell.publish)
    made = {register.publish(event(), event()): None for _ in range(300)}
    for _ in range(300):
        reply = register.reply().publish
        assert made[reply.request_id] is None, "answered twice"
        made[reply.request_id] = reply
    assert all(len(reply.receipts) == 2 for reply in made.values())
    assert register.reply(0.05) is None
    register.close()


def an_envelope_is_echoed():
    register = Register(cell.publish)
    register.socket.send_multipart([b"my address", b"", request(request_id=77).SerializeToString()])
    assert register.socket.poll(10000)
    frames = register.socket.recv_multipart()
    assert frames[:2] == [b"my address", b""], frames
    assert publish_pb2.RegisterReply.FromString(frames[2]).publish.request_id == 77
    register.close()


def a_wrong_clock_is_corrected_and_reported():
    register = Register(cell.publish)
    behind_us = 3600 * 1000000
    right, wrong = event(), event(occurred_at=now_us() - behind_us)
    register.ask(right)
    register.ask(wrong, sent_at=now_us() - behind_us)
    off = {made.id: float(cell.sql("SELECT extract(epoch FROM recorded_at - occurred_at) FROM bellhop.event "
                                   f"WHERE event_id = '{made.id.hex()}'")[0][0]) for made in (right, wrong)}
    assert abs(off[right.id]) < 30 and abs(off[wrong.id]) < 30, off
    late = event(occurred_at=now_us() - behind_us)  # old by a clock that is right
    register.ask(late)
    assert float(cell.sql("SELECT extract(epoch FROM recorded_at - occurred_at) FROM bellhop.event "
                          f"WHERE event_id = '{late.id.hex()}'")[0][0]) > 3500
    register.close()


def the_number_of_a_rejected_event_is_no_gap_and_one_given_twice_is_noticed():
    register = Register(cell.publish)

    def numbered(sequence, **fields):
        return event(source="17/counts", incarnation="a", sequence=sequence, **fields)

    receipts = register.ask(numbered(1), numbered(2, duration_ms=-1), numbered(3), numbered(5), numbered(5)).receipts
    assert receipts[1].reason == "out_of_range", receipts
    register.ask(numbered(6))
    gaps = "SELECT first_missing, last_missing FROM bellhop.source_gap WHERE source = '17/counts'"
    wait_until(lambda: cell.sql(gaps), 10, "the gap is written")
    assert cell.sql(gaps) == [["4", "4"]], cell.sql(gaps)
    wait_until(lambda: cell.metric("persist", "bellhop_persist_source_numbers_repeated_total") == 1, 10, "it is counted")
    register.close()


def free_text_is_kept_apart_from_the_event():
    made = event("complaint", about=event_pb2.PRICE, text="far too dear, says Mrs Miller")
    register = Register(cell.publish)
    assert register.ask(made).receipts[0].result == publish_pb2.Receipt.COMMITTED
    kept = cell.sql(f"SELECT field, text FROM bellhop_log.event_text WHERE event_id = '{made.id.hex()}'")
    assert kept == [["complaint.text", "far too dear, says Mrs Miller"]], kept
    register.close()


def all_that_was_refused_is_counted():
    assert cell.metric("ingest", "bellhop_ingest_refused_total") >= 8
    assert cell.metric("ingest", "bellhop_ingest_rejected_total") >= 14
    assert cell.metric("ingest", "bellhop_ingest_skewed_requests_total") == 1
    assert cell.metric("ingest", "bellhop_ingest_requests_in_flight") == 0
    assert int(cell.sql("SELECT count(*) FROM bellhop.rejected_event")[0][0]) >= 14


if __name__ == "__main__":
    with cell:
        sys.exit(support.tell(
            a_good_event_is_committed_and_its_repeat_says_so, a_request_as_large_as_a_request_may_be_is_committed,
            one_id_with_other_content_is_a_conflict_and_kept,
            bytes_that_are_no_request_are_refused, a_request_without_what_it_needs_is_refused_with_its_number,
            updates_are_refused_to_who_would_take_one_for_a_reply, a_second_request_in_a_message_is_refused_and_not_lost,
            what_cannot_be_read_is_told_with_its_place_and_a_guess,
            too_many_events_are_refused_together, a_bad_event_spoils_no_other_of_its_request, what_an_event_may_not_hold_is_named,
            text_that_is_no_text_is_rejected, an_unknown_value_of_an_enumeration_is_rejected,
            too_many_frames_are_refused_and_the_door_stays_open, a_request_that_is_too_large_hears_why, an_oversized_frame_ends_its_connection_only,
            empty_sub_messages_by_the_thousand_do_no_harm, a_req_socket_gets_its_replies,
            a_dealer_pipelines_and_every_request_is_answered_once, an_envelope_is_echoed, a_wrong_clock_is_corrected_and_reported,
            the_number_of_a_rejected_event_is_no_gap_and_one_given_twice_is_noticed,
            free_text_is_kept_apart_from_the_event, all_that_was_refused_is_counted))
