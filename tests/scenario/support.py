"""support: what the scenario tests in Python share: telling a story in TAP lines, and a register by hand."""
import os
import pathlib
import random
import sys
import time
import traceback
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / os.environ.get("VARIANT", "release")
sys.path[:0] = [str(ROOT / "tests/support"), str(BUILD / "python")]

import zmq  # noqa: E402
from cell import Cell, wait_until  # noqa: E402,F401
from bellhop.v1 import event_pb2, publish_pb2  # noqa: E402

PATIENCE_S = 30


def tell(*stories):
    """Run the stories in their order; one TAP line each, named by the function. The program's end."""
    failed = 0
    for number, story in enumerate(stories, 1):
        name = story.__name__.replace("_", " ")
        try:
            story()
            print(f"ok {number} - {name}", flush=True)
        except Exception:  # a story that fails must not end the others
            failed += 1
            print(f"not ok {number} - {name}", flush=True)
            traceback.print_exc(file=sys.stdout)
    print(f"1..{len(stories)}", flush=True)
    return 1 if failed else 0


def now_us():
    return time.time_ns() // 1000


def mint(at_us=None):
    """A UUID version 7 of RFC 9562."""
    milliseconds = (at_us or now_us()) // 1000
    number = milliseconds << 80 | 7 << 76 | random.getrandbits(12) << 64 | 2 << 62 | random.getrandbits(62)
    return number.to_bytes(16, "big")


def event(body="wait_reported", id=None, source="17/till-1", store_id="17", interaction_id="i-1", occurred_at=None, **fields):
    """An event that is accepted; `fields` are the body's, or the envelope's when it has one of that name."""
    made = event_pb2.Event(id=id or mint(), source=source, store_id=store_id, interaction_id=interaction_id,
                           occurred_at=occurred_at or now_us())
    if body == "wait_reported":
        fields = {"kind": event_pb2.HOLD, "duration_ms": 1000, **fields}
    envelope = {name: value for name, value in fields.items() if name in event_pb2.Event.DESCRIPTOR.fields_by_name}
    for name, value in envelope.items():
        setattr(made, name, value)
    getattr(made, body).SetInParent()
    for name, value in fields.items():
        if name in envelope:
            continue
        place = getattr(getattr(made, body), name)
        if hasattr(place, "CopyFrom"):
            place.CopyFrom(value)
        else:
            setattr(getattr(made, body), name, value)
    return made


def remedy(minor, remedy_id=None, **fields):
    """A remedy asked for at the counter."""
    return event("remedy_requested", remedy_id=remedy_id or f"r-{uuid.uuid4()}", kind=event_pb2.REFUND,
                 amount=event_pb2.Money(minor=minor, currency="EUR"), employee_id=fields.pop("employee_id", "mira"), **fields)


class Register:
    """A DEALER at the registers' door."""

    def __init__(self, endpoint, kind=zmq.DEALER):
        self.socket = zmq.Context.instance().socket(kind)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.connect(endpoint)
        self.requests = 0
        self.updates = []

    def close(self):
        self.socket.close()

    def publish(self, *events, sent_at=None, **options):
        """Send a publish; its request_id."""
        self.requests += 1
        request = publish_pb2.RegisterRequest()
        request.publish.request_id = self.requests
        request.publish.sent_at = sent_at or now_us()
        request.publish.events.extend(events)
        for name, value in options.items():
            setattr(request.publish, name, value)
        self.socket.send(request.SerializeToString())
        return self.requests

    def reply(self, most_s=PATIENCE_S):
        """The next reply that is no update; updates are put aside. None: nothing came."""
        ends = time.monotonic() + most_s
        while self.socket.poll(max(0, int((ends - time.monotonic()) * 1000))):
            reply = publish_pb2.RegisterReply.FromString(self.socket.recv())
            if reply.WhichOneof("reply") != "update":
                return reply
            self.updates.append(reply.update)
        return None

    def ask(self, *events, **options):
        """Publish, and the reply to it, after as many times BUSY as it takes."""
        ends = time.monotonic() + PATIENCE_S
        while time.monotonic() < ends:
            request_id = self.publish(*events, **options)
            reply = self.reply()
            assert reply is not None, "no reply"
            assert reply.WhichOneof("reply") == "publish", reply
            assert reply.publish.request_id == request_id, reply
            if not reply.publish.HasField("retry_after_ms"):
                return reply.publish
            self.socket.poll(reply.publish.retry_after_ms)
        raise AssertionError(f"busy for {PATIENCE_S} s: {reply}")

    def verdict(self, event_id, wait_ms=1000):
        self.requests += 1
        request = publish_pb2.RegisterRequest()
        request.verdict_query.request_id = self.requests
        request.verdict_query.event_id = event_id
        request.verdict_query.wait_ms = wait_ms
        self.socket.send(request.SerializeToString())
        reply = self.reply()
        assert reply and reply.WhichOneof("reply") == "verdict", reply
        return reply.verdict
