#!/usr/bin/python3
"""A register and a subscriber in another language, from the messages alone: receipts, verdicts, an answer, deliveries."""
import sys
import time

import support
from support import PATIENCE_S, Register, event, event_pb2, now_us, publish_pb2, remedy, wait_until, zmq

from bellhop.v1 import decision_pb2, subscribe_pb2  # after support, which knows where they are

cell = support.Cell()


class Subscriber:
    """A durable stream on a DEALER."""

    def __init__(self, stream, *topics, **options):
        self.stream = stream
        self.topics = topics
        self.options = options
        self.connect()

    def connect(self):
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.connect(cell.subscribe)
        request = subscribe_pb2.SubscriberRequest()
        request.subscribe.stream = self.stream
        request.subscribe.topics.extend(self.topics)
        for name, value in self.options.items():
            setattr(request.subscribe, name, value)
        self.socket.send(request.SerializeToString())
        assert self.next("subscribed").stream == self.stream

    def close(self):
        self.socket.close()

    def next(self, kind="delivery", most_s=PATIENCE_S):
        """The next message of this kind; others are passed over. None: nothing came."""
        ends = time.monotonic() + most_s
        while self.socket.poll(max(0, int((ends - time.monotonic()) * 1000))):
            reply = subscribe_pb2.SubscriberReply.FromString(self.socket.recv())
            assert reply.WhichOneof("reply") != "refused", reply
            if reply.WhichOneof("reply") == kind:
                return getattr(reply, kind)
        return None

    def confirm(self, delivery):
        request = subscribe_pb2.SubscriberRequest()
        request.confirm.stream = self.stream
        request.confirm.decision_ids.append(delivery.decision_id)
        self.socket.send(request.SerializeToString())
        assert self.next("confirmed").decision_ids == [delivery.decision_id]

    def refuse(self, delivery, for_good=False):
        request = subscribe_pb2.SubscriberRequest()
        request.refuse.stream = self.stream
        request.refuse.decision_id = delivery.decision_id
        request.refuse.reason = "not now"
        request.refuse.for_good = for_good
        self.socket.send(request.SerializeToString())


def a_small_remedy_is_granted_in_the_reply():
    register = Register(cell.publish)
    made = remedy(2000, interaction_id="small")
    reply = register.ask(made, await_verdict=True)
    assert reply.receipts[0].result == publish_pb2.Receipt.COMMITTED
    verdict = reply.verdicts[0]
    assert verdict.outcome == decision_pb2.Verdict.GRANTED and verdict.event_id == made.id, verdict
    assert verdict.amount.minor == 2000, verdict
    again = register.verdict(made.id)
    assert again.known and again.verdict.outcome == decision_pb2.Verdict.GRANTED, again
    repeated = register.ask(made, await_verdict=True)
    assert repeated.receipts[0].result == publish_pb2.Receipt.DUPLICATE
    assert repeated.verdicts[0] == verdict
    register.close()


def an_event_nobody_knows_has_no_verdict():
    register = Register(cell.publish)
    answer = register.verdict(support.mint())
    assert not answer.known and not answer.HasField("verdict"), answer
    register.close()


def a_large_remedy_reaches_the_subscriber_and_the_answer_reaches_the_register():
    subscriber = Subscriber("managers", "case")
    register = Register(cell.publish)
    made = remedy(30000, interaction_id="large", occurred_at=now_us())
    verdict = register.ask(made, await_verdict=True, want_updates=True).verdicts[0]
    assert verdict.outcome == decision_pb2.Verdict.ESCALATED, verdict
    case_id = verdict.cases[0].escalation_id
    levels = [(level.role, level.enough) for level in verdict.proof.levels]
    assert levels[0] == ("associate", False) and levels[-1][1], levels

    delivery = subscriber.next()
    assert delivery.decision.case.escalation_id == case_id, delivery
    assert delivery.topic == f"case.opened.17.{verdict.cases[0].role}", delivery.topic
    subscriber.confirm(delivery)

    manager = Register(cell.publish)
    manager.ask(event("on_duty", source="17/office", employee_id="boss", role=verdict.cases[0].role))
    answer = event("case_answered", source="17/office", interaction_id="large", employee_id="boss", escalation_id=case_id,
                   round=delivery.decision.case.round, role=verdict.cases[0].role, answer=event_pb2.GRANTED,
                   amount=event_pb2.Money(minor=25000, currency="EUR"), text="with our apologies")
    assert manager.ask(answer).receipts[0].result == publish_pb2.Receipt.COMMITTED
    wait_until(lambda: register.updates or register.reply(0.2), PATIENCE_S, "the register hears")
    update = register.updates[0]
    assert update.event_id == made.id and update.source == "17/till-1", update
    assert (update.answer.answer, update.answer.amount.minor, update.answer.text) == (event_pb2.GRANTED, 25000, "with our apologies")

    resolved = subscriber.next()
    assert resolved.topic.startswith("case.resolved.17"), resolved
    subscriber.confirm(resolved)
    for peer in (subscriber, register, manager):
        peer.close()


def what_is_not_confirmed_comes_again_to_the_next_connection():
    subscriber = Subscriber("again", "case.opened")
    register = Register(cell.publish)
    register.ask(event("leaving_signalled", interaction_id="leaving"))
    first = subscriber.next()
    subscriber.close()
    subscriber.connect()
    again = subscriber.next()
    assert again.decision_id == first.decision_id and again.attempt >= 1, again
    subscriber.confirm(again)
    subscriber.close()
    subscriber.connect()
    assert subscriber.next(most_s=0.5) is None
    for peer in (subscriber, register):
        peer.close()


def the_live_tail_tells_who_listens():
    tail = zmq.Context.instance().socket(zmq.SUB)
    tail.connect(cell.tail)
    tail.setsockopt(zmq.SUBSCRIBE, b"case.opened")
    register = Register(cell.publish)
    heard = []

    def hear():
        register.ask(event("leaving_signalled", interaction_id=f"tail-{len(heard)}-{time.monotonic_ns()}"))
        if tail.poll(300):
            heard.append(tail.recv_multipart())
        return heard

    wait_until(hear, PATIENCE_S, "the tail tells")
    topic, body = heard[0]
    delivery = subscribe_pb2.Delivery.FromString(body)
    assert delivery.topic == topic.decode() and delivery.decision.rule_id == "G1", delivery
    tail.close()
    register.close()


if __name__ == "__main__":
    with cell:
        sys.exit(support.tell(
            a_small_remedy_is_granted_in_the_reply, an_event_nobody_knows_has_no_verdict,
            a_large_remedy_reaches_the_subscriber_and_the_answer_reaches_the_register,
            what_is_not_confirmed_comes_again_to_the_next_connection, the_live_tail_tells_who_listens))
