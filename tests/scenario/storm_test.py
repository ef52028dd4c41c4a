#!/usr/bin/python3
"""Good messages and spoilt ones, thousands at every door: nothing stops, and a good one is answered as before."""
import os
import random
import socket
import sys
import time

import support
from support import Register, event, now_us, publish_pb2, remedy, zmq

from bellhop.v1 import append_pb2, decision_pb2, subscribe_pb2  # after support, which knows where they are

STORM_S = 8
cell = support.Cell()
chance = random.Random(20240503)


def spoilt(message):
    """The same bytes with up to eight places changed, taken out, put in or repeated."""
    spoiling = bytearray(message)
    for _ in range(chance.choice((0, 1, 1, 2, 4, 8))):
        at, size = chance.randrange(len(spoiling) + 1), chance.randrange(1, 4)
        change = chance.randrange(4)
        if change == 0:
            spoiling[at:at + 1] = bytes([chance.randrange(256)])
        elif change == 1:
            del spoiling[at:at + size]
        elif change == 2:
            spoiling[at:at] = chance.randbytes(size)
        else:
            spoiling[at:at] = spoiling[max(0, at - 10 * size):at]
    return bytes(spoiling)


def register_requests():
    acts = [event(), remedy(chance.choice((100, 20000, 99999999))), event("complaint", about=3, text="so long"),
            event("interaction_opened", channel=1), event("interaction_closed", outcome=5), event("mood_observed", mood=3),
            event("on_duty", role="shift_lead", employee_id="zoe"), event("wait_started", kind=2), event("incident", kind=2),
            event("case_acknowledged", escalation_id=f"1-{chance.randrange(9)}-0", round=1, employee_id="zoe"),
            event("case_answered", escalation_id=f"1-{chance.randrange(9)}-0", round=1, employee_id="zoe", answer=1)]
    for act in acts:
        yield publish_pb2.RegisterRequest(publish=publish_pb2.Publish(
            request_id=1, sent_at=now_us(), events=[act, event()], await_verdict=chance.random() < 0.5, want_updates=True))
    yield publish_pb2.RegisterRequest(verdict_query=publish_pb2.VerdictQuery(request_id=2, event_id=acts[0].id, wait_ms=50))


def subscriber_requests():
    of = subscribe_pb2
    begin = getattr(of, "From")
    some = [f"1-{seq}-{ordinal}" for seq in range(1, 20) for ordinal in range(3)]
    serves = [of.Serves(store_id="*", role="shift_lead")]
    after = begin(after=decision_pb2.Position(epoch=1, seq=2))
    for request in (
            {"subscribe": of.Subscribe(stream="cases", topics=["case"], credit=5)},
            {"subscribe": of.Subscribe(stream="filtered", filter="!decision.drill", serves=serves)},
            {"subscribe": of.Subscribe(stream="all", **{"from": begin(beginning=True)})},
            {"subscribe": of.Subscribe(stream="since", **{"from": begin(since_at=now_us())})},
            {"subscribe": of.Subscribe(stream="after", **{"from": after})},
            {"confirm": of.Confirm(stream="all", decision_ids=some)},
            {"refuse": of.Refuse(stream="all", decision_id="1-2-0", reason="no", for_good=True)},
            {"refuse": of.Refuse(stream="cases", decision_id="1-2-0", reason="no")},
            {"credit": of.Credit(stream="cases", credit=chance.randrange(50))},
            {"resend": of.Resend(stream="all")},
            {"unsubscribe": of.Unsubscribe(stream="filtered", forget=True)},
            {"ping": of.Ping()}):
        yield of.SubscriberRequest(**request)


def append_requests():
    of = append_pb2
    place = decision_pb2.Position(epoch=1, seq=1)
    decision = decision_pb2.Decision(position=place, ordinal=0, kind=1).SerializeToString()
    good = of.AppendEvent(event=event().SerializeToString(), sent_at=now_us(), occurred_at=now_us(), want_verdict=True)
    for request in (
            {"hello": of.Hello(peer="storm", want_updates=True)},
            {"batch": of.AppendBatch(batch_id=1, events=[good])},
            {"lease": of.LeaseRequest(instance="storm")},
            {"decisions": of.DecisionBatch(batch_id=2, instance="storm", after=place, upto=place, decisions=[decision], run=7, ended=[1, 2],
                                           all_armed=chance.random() < 0.1, armed=[of.ArmedDeadline(number=3, kind=1, subject="1-1",
                                                                                                    due_at=now_us())])},
            {"verdict_read": of.VerdictRead(read_id=3, event_id=os.urandom(16), wait_ms=10)},
            {"lease": of.LeaseRequest(instance="storm", stream="stormy")},
            {"stream": of.StreamWrite(write_id=4, instance="storm", stream="stormy", state=of.StreamState(topics=["case"]))}):
        yield of.AppendRequest(**request)


def connected(endpoint):
    socket = zmq.Context.instance().socket(zmq.DEALER)
    socket.setsockopt(zmq.LINGER, 0)
    socket.connect(endpoint)
    return socket


def no_spoilt_message_stops_a_service():
    doors = [(connected(cell.publish), register_requests), (connected(cell.subscribe), subscriber_requests),
             (connected(cell.append), append_requests)]
    sent = heard = 0
    ends = time.monotonic() + STORM_S
    while time.monotonic() < ends:
        for door, requests in doors:
            for request in requests():
                door.send(spoilt(request.SerializeToString()))
                sent += 1
            while door.poll(5):
                door.recv_multipart()
                heard += 1
        stopped = [name for name, child in cell.children.items() if child.poll() is not None]
        assert not stopped, f"{stopped} after {sent} messages"
    for door, _ in doors:
        door.close()
    assert heard > sent // 2, (sent, heard)


def raw(endpoint):
    """A connection below ZeroMQ."""
    made = socket.socket(socket.AF_UNIX)
    made.settimeout(2)
    made.connect(endpoint.removeprefix("ipc://"))
    return made


# The greeting of ZMTP 3 without security, and a command.
GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x01NULL" + bytes(16 + 1 + 31)


def command(name, body=b""):
    text = bytes([len(name)]) + name + body
    return b"\x06" + len(text).to_bytes(8, "big") + text


def ready(kind, identity=b""):
    return GREETING + command(b"READY", b"\x0bSocket-Type" + len(kind).to_bytes(4, "big") + kind +
                              b"\x08Identity" + len(identity).to_bytes(4, "big") + identity)


def strangers_of_every_kind_stop_nobody():
    """What does not speak ZeroMQ, speaks it wrongly, is the wrong kind of socket, or subscribes to everything there is."""
    endpoints = [cell.publish, cell.subscribe, cell.append, cell.tail, cell.environment["BELLHOP_FEED"]]
    said = [lambda: chance.randbytes(chance.randrange(1, 5000)), lambda: b"GET / HTTP/1.1\r\n\r\n" * 3, lambda: GREETING + chance.randbytes(200),
            lambda: ready(chance.choice((b"SUB", b"PUB", b"REQ", b"DEALER", b"ROUTER", b"NONE"))) + chance.randbytes(300),
            lambda: ready(b"DEALER") + b"\x02" + (2**63 - 1).to_bytes(8, "big") + b"x" * 100,
            lambda: ready(b"DEALER", b"a" * 255) + b"\x01\x00" * 500 + b"\x00\x01x",
            lambda: GREETING + command(b"READY", b"\xff" * 50) + command(b"PING", b"\0\0" + b"z" * 200) * 50,
            lambda: ready(b"SUB") + command(b"SUBSCRIBE", b"x" * 200) * 200 + b"\x00\x05\x01abcd"]
    kept = []
    for endpoint in endpoints:
        for number in range(10 * len(said)):
            stranger = raw(endpoint)
            try:
                stranger.send(said[number % len(said)]())
            except OSError:
                pass  # it was cut off
            if number % 3:
                stranger.close()
            else:
                kept.append(stranger)
    context = zmq.Context()
    sockets = []
    for endpoint in endpoints:
        for kind in (zmq.REQ, zmq.REP, zmq.SUB, zmq.PUB, zmq.PUSH, zmq.PULL, zmq.ROUTER, zmq.PAIR, zmq.XSUB, zmq.XPUB, zmq.DEALER):
            stranger = context.socket(kind)
            stranger.setsockopt(zmq.LINGER, 0)
            stranger.connect(endpoint)
            sockets.append(stranger)
    greedy = context.socket(zmq.SUB)
    greedy.setsockopt(zmq.LINGER, 0)
    greedy.connect(cell.tail)
    for number in range(5000):
        greedy.setsockopt(zmq.SUBSCRIBE, b"case.%d" % number + b"x" * 60)
    for _ in range(50):
        for stranger in sockets:
            try:
                stranger.send_multipart([chance.randbytes(chance.choice((0, 1, 5, 85, 300))) for _ in range(chance.randrange(1, 7))], zmq.NOBLOCK)
            except zmq.ZMQError:
                pass  # of a kind that does not send, or not now
    register = Register(cell.publish)
    for _ in range(20):
        assert register.ask(event(source="18/till-1", store_id="18")).receipts[0].result == publish_pb2.Receipt.COMMITTED
    register.close()
    stopped = [name for name, child in cell.children.items() if child.poll() is not None]
    assert not stopped, stopped
    for each in (*kept, *sockets, greedy):
        each.close()
    context.term()


def afterwards_all_is_as_before():
    register = Register(cell.publish)
    made = remedy(20000, interaction_id="after-the-storm", source="18/till-1", store_id="18", employee_id="ida")
    reply = register.ask(made, await_verdict=True)
    assert reply.receipts[0].result == publish_pb2.Receipt.COMMITTED, reply
    verdict = register.verdict(made.id, wait_ms=2000) if reply.verdicts[0].outcome == decision_pb2.Verdict.PENDING else reply
    assert "ESCALATED" in str(verdict), verdict
    gaps = cell.sql("SELECT max(seq) - count(*) FROM bellhop.event")
    assert gaps == [["0"]], gaps
    register.close()


with cell:
    sys.exit(support.tell(no_spoilt_message_stops_a_service, strangers_of_every_kind_stop_nobody, afterwards_all_is_as_before))
