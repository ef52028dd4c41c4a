"""append_support: a peer at bellhop-persist's append door, as ingest, escalate and relay are, and what tests ask of a log."""
import threading
import time

from support import BUILD, PATIENCE_S, Cell, event, mint, now_us, wait_until  # noqa: F401

import zmq
from bellhop.v1 import append_pb2, decision_pb2, event_pb2

BUILD_BIN = BUILD / "bin"
POLICY = b"# a policy that only persist sees"


class Peer:
    """A DEALER at the append door. Replies are kept by kind until they are asked for."""

    def __init__(self, endpoint, name="test-1", want_updates=False, is_welcome=True):
        self.endpoint = endpoint
        self.socket = None
        self.ids = 0
        self.replies = []
        self.connect()
        if is_welcome:
            self.welcome = self.hello(name, want_updates)

    def connect(self):
        if self.socket:
            self.socket.close()
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.RECONNECT_IVL, 50)
        self.socket.connect(self.endpoint)

    def close(self):
        self.socket.close()

    def send(self, kind, message):
        request = append_pb2.AppendRequest()
        getattr(request, kind).CopyFrom(message)
        self.socket.send(request.SerializeToString())

    def next(self, kind, most_s=PATIENCE_S, matches=lambda reply: True):
        """The first reply of this kind; None: there was none in time."""
        ends = time.monotonic() + most_s
        while True:
            for reply in self.replies:
                if reply.WhichOneof("reply") == kind and matches(getattr(reply, kind)):
                    self.replies.remove(reply)
                    return getattr(reply, kind)
            left_ms = int((ends - time.monotonic()) * 1000)
            if left_ms <= 0 or not self.socket.poll(left_ms):
                return None
            self.replies.append(append_pb2.AppendReply.FromString(self.socket.recv()))

    def hello(self, name, want_updates=False):
        self.send("hello", append_pb2.Hello(peer=name, want_updates=want_updates))
        return self.next("welcome")

    # --- events

    def batch(self, *events, want_verdict=False, rejected=(), texts=None, **fields):
        self.ids += 1
        batch = append_pb2.AppendBatch(batch_id=self.ids, rejected=rejected)
        for made in events:
            packed = made.SerializeToString(deterministic=True)
            batch.events.add(event=packed, occurred_at=made.occurred_at, sent_at=fields.get("sent_at", now_us()),
                             want_verdict=want_verdict, texts=texts or [])
        return batch

    def try_append(self, *events, most_s=PATIENCE_S, **options):
        """One request, and its result, which may say BUSY."""
        batch = self.batch(*events, **options)
        self.send("batch", batch)
        return self.next("result", most_s, lambda result: result.batch_id == batch.batch_id)

    def append(self, *events, **options):
        """Until it is taken; the receipts."""
        ends = time.monotonic() + PATIENCE_S
        while time.monotonic() < ends:
            result = self.try_append(*events, **options)
            assert result is not None, "no result"
            if not result.HasField("retry_after_ms"):
                return list(result.receipts)
            self.socket.poll(result.retry_after_ms)
        raise AssertionError(f"busy for {PATIENCE_S} s: {result}")

    def append_whatever_happens(self, events):
        """As the services do: the same request again, on every new connection, until there is a result."""
        batch = self.batch(*events)
        ends = time.monotonic() + 3 * PATIENCE_S
        while time.monotonic() < ends:
            self.send("batch", batch)
            result = self.next("result", 1, lambda result: result.batch_id == batch.batch_id)
            if result is None:
                self.connect()
            elif result.HasField("retry_after_ms"):
                self.socket.poll(result.retry_after_ms)
            else:
                return list(result.receipts)
        raise AssertionError("no result")

    def begin_log(self, policy_id=None):
        """A new log takes a policy first."""
        proposed = event("policy_proposed", id=policy_id, source="bellhop/escalate", name="test", document=POLICY)
        proposed.ClearField("store_id")
        proposed.ClearField("interaction_id")
        return self.append(proposed)[0]

    # --- decisions

    def decide(self, after, upto, *decisions, instance="decider-1"):
        self.ids += 1
        batch = append_pb2.DecisionBatch(batch_id=self.ids, instance=instance)
        batch.after.seq, batch.upto.seq = after, upto
        batch.decisions.extend(made.SerializeToString(deterministic=True) for made in decisions)
        self.send("decisions", batch)
        return self.next("decisions", PATIENCE_S, lambda result: result.batch_id == batch.batch_id)

    def read_verdict(self, event_id, wait_ms=0):
        self.ids += 1
        self.send("verdict_read", append_pb2.VerdictRead(read_id=self.ids, event_id=event_id, wait_ms=wait_ms))
        return self.next("verdict", PATIENCE_S, lambda result: result.read_id == self.ids)


def decision(receipt, kind, ordinal=0, **fields):
    """A decision on the event of a receipt."""
    made = decision_pb2.Decision(ordinal=ordinal, kind=decision_pb2.DecisionKind.Value(kind), decided_at=now_us(),
                                 event_id=receipt.event_id, policy_version=1)
    made.position.CopyFrom(receipt.position)
    for name, value in fields.items():
        field = getattr(made, name)
        field.CopyFrom(value) if hasattr(field, "CopyFrom") else setattr(made, name, value)
    return made


def id_of(receipt, ordinal=0):
    return f"{receipt.position.epoch}-{receipt.position.seq}-{ordinal}"


def assert_log_is_whole(cell):
    """Positions without gaps or reuse, in order of time; the head is the last."""
    count, lowest, highest, distinct = cell.sql("SELECT count(*), min(seq), max(seq), count(DISTINCT seq) FROM bellhop.event")[0]
    head = cell.sql("SELECT head FROM bellhop.position")[0][0]
    assert (lowest, highest, distinct) == ("1", count, count), (count, lowest, highest, distinct)
    assert head == count, f"head {head} of {count} events"
    backwards = cell.sql("SELECT count(*) FROM (SELECT recorded_at < lag(recorded_at) OVER (ORDER BY seq) AS is_back "
                         "FROM bellhop.event) x WHERE is_back")[0][0]
    assert backwards == "0", f"{backwards} events were recorded before the one before them"


class Load(threading.Thread):
    """Appends batches in the background, as the services do, and remembers what it was told."""

    def __init__(self, endpoint, each=20):
        super().__init__(daemon=True)
        self.endpoint = endpoint
        self.each = each
        self.receipts = []
        self.is_stopping = False
        self.error = None

    def run(self):
        try:
            peer = Peer(self.endpoint, is_welcome=False)
            while not self.is_stopping:
                self.receipts += peer.append_whatever_happens([event() for _ in range(self.each)])
            peer.close()
        except Exception as error:  # told by finish()
            self.error = error

    def finish(self):
        self.is_stopping = True
        self.join(4 * PATIENCE_S)
        assert not self.is_alive(), "the load does not end"
        if self.error:
            raise self.error
        return self.receipts


def assert_kept_once(cell, receipts):
    """I1: what was receipted is in the log exactly once, where the receipt says."""
    told = {receipt.event_id.hex(): receipt.position.seq for receipt in receipts}
    assert len(told) == len(receipts)
    assert all(receipt.result in (1, 2) for receipt in receipts), {receipt.result for receipt in receipts}
    stored = cell.sql("SELECT replace(event_id::text, '-', ''), seq FROM bellhop.event")
    places = {}
    for event_id, seq in stored:
        assert event_id not in places, f"{event_id} is in the log twice"
        places[event_id] = int(seq)
    wrong = {event_id: (seq, places.get(event_id)) for event_id, seq in told.items() if places.get(event_id) != seq}
    assert not wrong, wrong
