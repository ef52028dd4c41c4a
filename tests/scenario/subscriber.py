"""subscriber: a durable stream by hand, for scenario tests."""
import time

from support import PATIENCE_S, zmq

from bellhop.v1 import subscribe_pb2


class Refused(Exception):
    """The relay refused; .reason is its word."""

    def __init__(self, refused):
        super().__init__(f"{refused.reason}: {refused.explanation}")
        self.reason = refused.reason
        self.field = refused.field


class Subscriber:
    """A DEALER at the subscribers' door that has joined one stream."""

    def __init__(self, cell, stream, *topics, start=None, serves=(), **options):
        self.cell = cell
        self.stream = stream
        self.replies = []
        self.request = subscribe_pb2.SubscriberRequest()
        subscribe = self.request.subscribe
        subscribe.stream = stream
        subscribe.topics.extend(topics)
        for name, value in (start or {}).items():
            if hasattr(value, "CopyFrom"):
                getattr(getattr(subscribe, "from"), name).CopyFrom(value)
            else:
                setattr(getattr(subscribe, "from"), name, value)
        for store_id, role in serves:
            subscribe.serves.add(store_id=store_id, role=role)
        for name, value in options.items():
            setattr(subscribe, name, value)
        self.connect()

    def connect(self):
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.connect(self.cell.subscribe)
        self.subscribe()

    def subscribe(self):
        """Until the relay answers: it may be starting."""
        ends = time.monotonic() + PATIENCE_S
        while time.monotonic() < ends:
            self.socket.send(self.request.SerializeToString())
            self.subscribed = self.next("subscribed", 2)
            if self.subscribed:
                return
        raise AssertionError("not subscribed")

    def close(self):
        self.socket.close()

    def next(self, kind="delivery", most_s=PATIENCE_S):
        """The next message of this kind, others are kept for later; None: nothing came. A refusal is raised."""
        ends = time.monotonic() + most_s
        for i, reply in enumerate(self.replies):
            if reply.WhichOneof("reply") == kind:
                return getattr(self.replies.pop(i), kind)
        while self.socket.poll(max(0, int((ends - time.monotonic()) * 1000))):
            reply = subscribe_pb2.SubscriberReply.FromString(self.socket.recv())
            if reply.WhichOneof("reply") == "refused":
                raise Refused(reply.refused)
            if reply.WhichOneof("reply") == kind:
                return getattr(reply, kind)
            if reply.WhichOneof("reply") != "pong":
                self.replies.append(reply)
        return None

    def send(self, kind, **fields):
        request = subscribe_pb2.SubscriberRequest()
        part = getattr(request, kind)
        part.SetInParent()
        if kind not in ("ping",):
            part.stream = self.stream
        for name, value in fields.items():
            if isinstance(value, list):
                getattr(part, name).extend(value)
            else:
                setattr(part, name, value)
        self.socket.send(request.SerializeToString())

    def confirm(self, *deliveries, wait=True):
        """Confirm, and wait until it is stored."""
        ids = [delivery.decision_id for delivery in deliveries]
        self.send("confirm", decision_ids=ids)
        left = set(ids)
        ends = time.monotonic() + PATIENCE_S
        while wait and left:
            confirmed = self.next("confirmed", max(0, ends - time.monotonic()))
            assert confirmed, f"not confirmed: {left}"
            left -= set(confirmed.decision_ids)

    def refuse(self, delivery, reason="not now", for_good=False):
        self.send("refuse", decision_id=delivery.decision_id, reason=reason, for_good=for_good)

    def take(self, count, most_s=PATIENCE_S):
        """The next `count` deliveries, each confirmed."""
        taken = []
        while len(taken) < count:
            delivery = self.next(most_s=most_s)
            assert delivery, f"only {len(taken)} of {count} deliveries came"
            self.confirm(delivery)
            taken.append(delivery)
        return taken
