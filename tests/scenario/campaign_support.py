"""campaign_support: numbered load at the registers' door, a durable subscriber that remembers, and what must hold of both afterwards."""
import random
import threading
import time

from support import PATIENCE_S, Register, event, event_pb2, now_us, publish_pb2, remedy, wait_until, zmq

from bellhop.v1 import subscribe_pb2

REPLY_MS = 2000


class Source(threading.Thread):
    """A register without a spool: sends numbered events, and again whatever has no receipt. A DEALER pipelines, a REQ does not."""

    def __init__(self, cell, name, kind=zmq.DEALER, each=5, most_under_way=20, pause_s=0.0):
        super().__init__(daemon=True)
        self.cell, self.source, self.kind = cell, f"17/{name}", kind
        self.each, self.most_under_way = each, most_under_way if kind == zmq.DEALER else 1
        self.pause_s = pause_s
        self.number = 0
        self.receipts = {}     # id -> its first good receipt
        self.wrong = []
        self.is_stopping = False
        self.error = None
        self.start()

    def make(self):
        """One in three leads to a decision for a subscriber."""
        self.number += 1
        fields = {"source": self.source, "sequence": self.number, "incarnation": "a", "interaction_id": f"{self.source[3:]}-{self.number // 6}"}
        if self.number % 3 == 0:
            return random.choice((remedy(30000, **fields), event("leaving_signalled", **fields)))
        return event(**fields)

    def run(self):
        try:
            self.go_on()
        except Exception as error:  # told by finish()
            self.error = error

    def go_on(self):
        register = Register(self.cell.publish, self.kind)
        waiting, again = {}, []  # request_id -> events; what has no receipt, in order
        while True:
            while len(waiting) < self.most_under_way and (again or not self.is_stopping):
                events = again.pop(0) if again else [self.make() for _ in range(self.each)]
                waiting[register.publish(*events)] = events
                time.sleep(self.pause_s)
            if not waiting:
                break
            reply = register.reply(REPLY_MS / 1000)
            if reply is None:  # as the protocol says: a new connection, and all of it again
                requests = register.requests
                register.close()
                register = Register(self.cell.publish, self.kind)
                register.requests = requests
                again, waiting = list(waiting.values()) + again, {}
                continue
            assert reply.WhichOneof("reply") == "publish", reply
            events = waiting.pop(reply.publish.request_id, None)
            if events is None:
                continue
            if reply.publish.HasField("retry_after_ms"):
                again.append(events)
                register.socket.poll(min(reply.publish.retry_after_ms, 200))
                continue
            self.remember(events, reply.publish.receipts)
        register.close()

    def remember(self, events, receipts):
        if [made.id for made in events] != [receipt.event_id for receipt in receipts]:
            self.wrong.append("receipts are not those of the events")
        for receipt in receipts:
            if receipt.result not in (publish_pb2.Receipt.COMMITTED, publish_pb2.Receipt.DUPLICATE):
                self.wrong.append(receipt)
            self.receipts[receipt.event_id] = (receipt.position.epoch, receipt.position.seq)

    def finish(self):
        self.is_stopping = True
        self.join(4 * PATIENCE_S)
        assert not self.is_alive(), f"{self.source} does not end"
        if self.error:
            raise self.error
        assert not self.wrong, self.wrong[:3]


class Listener(threading.Thread):
    """A durable subscriber that confirms, and connects anew when its relay is silent."""

    def __init__(self, cell, stream, topics=("case", "verdict", "experience", "policy"), silence_s=7, confirms=True):
        super().__init__(daemon=True)
        self.cell, self.stream, self.topics, self.silence_s, self.confirms = cell, stream, topics, silence_s, confirms
        self.heard = []          # (attempt, decision_id, decision's bytes), in their order
        self.confirmed = set()   # acknowledged by the relay
        self.stored_again = []   # deliveries of what was acknowledged: must not happen
        self.refusals = []
        self.is_stopping = False
        self.error = None
        self.is_subscribed = threading.Event()
        self.start()
        assert self.is_subscribed.wait(PATIENCE_S), "not subscribed"

    def run(self):
        try:
            while not self.is_stopping:
                self.connect()
                self.listen()
                self.socket.close()
        except Exception as error:  # told by finish()
            self.error = error

    def connect(self):
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.RECONNECT_IVL, 50)
        self.socket.setsockopt(zmq.RECONNECT_IVL_MAX, 200)
        self.socket.connect(self.cell.subscribe)
        request = subscribe_pb2.SubscriberRequest()
        request.subscribe.stream = self.stream
        request.subscribe.topics.extend(self.topics)
        getattr(request.subscribe, "from").beginning = True
        request.subscribe.credit = 500
        self.socket.send(request.SerializeToString())

    def listen(self):
        silent_since = time.monotonic()
        while not self.is_stopping and time.monotonic() - silent_since < self.silence_s:
            if not self.socket.poll(100):
                continue
            silent_since = time.monotonic()
            if not self.take(subscribe_pb2.SubscriberReply.FromString(self.socket.recv())):
                self.socket.poll(200)  # a rest: it is refused at once again
                return

    def take(self, reply):
        word = reply.WhichOneof("reply")
        if word == "refused" and reply.refused.reason != "unknown_value":
            self.refusals.append(reply.refused.reason)
            return False
        if word == "subscribed":
            self.is_subscribed.set()
        elif word == "confirmed":
            self.confirmed.update(reply.confirmed.decision_ids)
        elif word == "delivery":
            delivery = reply.delivery
            if delivery.decision_id in self.confirmed:
                self.stored_again.append(delivery.decision_id)
            self.heard.append((delivery.attempt, delivery.decision_id, delivery.decision.SerializeToString(deterministic=True),
                               delivery.decision.store_id, delivery.decision.interaction_id))
            if not self.confirms:
                return True
            request = subscribe_pb2.SubscriberRequest()
            request.confirm.stream = self.stream
            request.confirm.decision_ids.append(delivery.decision_id)
            self.socket.send(request.SerializeToString())
        return True

    def finish(self):
        self.is_stopping = True
        self.join(PATIENCE_S)
        if self.error:
            raise self.error


# --- what must hold


def assert_receipts_hold(cell, sources):
    """I1: whatever has a receipt is in the log once, at the place the receipt told."""
    stored = {row[0].replace("-", ""): (int(row[1]), int(row[2])) for row in
              cell.sql("SELECT event_id, epoch, seq FROM bellhop.event")}
    assert len(stored) == int(cell.sql("SELECT count(*) FROM bellhop.event")[0][0]), "an id is in the log twice"
    for source in sources:
        for event_id, place in source.receipts.items():
            assert stored.get(event_id.hex()) == place, (source.source, event_id.hex(), place, stored.get(event_id.hex()))
        numbers = [row[0] for row in cell.sql(f"SELECT source_sequence FROM bellhop.event WHERE source = '{source.source}' ORDER BY 1")]
        assert numbers == [str(number) for number in range(1, source.number + 1)] or len(numbers) == len(set(numbers)) == source.number, \
            f"{source.source} numbered {source.number}, {len(numbers)} are stored"


def place_of(decision_id):
    """(seq, ordinal)"""
    return tuple(map(int, decision_id.split("-")))[1:]


def await_decided(cell, most_s=PATIENCE_S):
    wait_until(lambda: cell.sql("SELECT head = cursor FROM bellhop.position") == [["t"]], most_s, "all is decided")


def await_delivered(cell, listener, most_s=2 * PATIENCE_S):
    """I4: each decision it asked for was heard, and the stream has nothing left to deliver. (What was confirmed may
    have been stored without the subscriber hearing of it.)"""
    query = ("SELECT decision_id FROM bellhop.decision WHERE kind IN ('verdict_given', 'policy_accepted') OR kind LIKE 'case%' "
             "OR kind LIKE 'experience%'")
    wanted = {row[0] for row in cell.sql(query)}

    def missing():
        return wanted - {entry[1] for entry in listener.heard}

    def is_settled():
        return cell.sql(f"SELECT 1 FROM bellhop_log.stream, bellhop.position WHERE name = '{listener.stream}' AND stream.seq = cursor")
    try:
        wait_until(lambda: not missing() and is_settled(), most_s, "all is confirmed")
    except AssertionError:
        place = cell.sql(f"SELECT s.seq, p.cursor FROM bellhop_log.stream s, bellhop.position p WHERE name = '{listener.stream}'")
        raise AssertionError(f"{len(missing())} of {len(wanted)} decisions were not heard, such as "
                             f"{sorted(missing(), key=place_of)[:3]}; the stream is at {place}, refused {listener.refusals[-3:]}") from None
    assert not listener.stored_again, f"came again after it was confirmed: {listener.stored_again[:3]}"
    assert {entry[1] for entry in listener.heard} == wanted, "heard what was not decided"


def assert_order_per_interaction(listener):
    last, seen = {}, set()
    for _, decision_id, _, *interaction in listener.heard:
        if decision_id in seen:
            continue
        seen.add(decision_id)
        before = last.get(tuple(interaction), (0, 0))
        assert place_of(decision_id) >= before, f"{decision_id} of {interaction} came after {before}"
        last[tuple(interaction)] = place_of(decision_id)


def assert_never_contradicted(cell, listener):
    """I3: what was told is what is stored, byte for byte, on every attempt."""
    stored = {f"{row[0]}-{row[1]}-{row[2]}": bytes.fromhex(row[3]) for row in
              cell.sql("SELECT epoch, seq, ordinal, encode(decision, 'hex') FROM bellhop_log.decision")}
    for _, decision_id, packed, *_ in listener.heard:
        assert stored.get(decision_id) == packed, f"{decision_id} was told otherwise than it is stored: {packed} for {stored.get(decision_id)}"
