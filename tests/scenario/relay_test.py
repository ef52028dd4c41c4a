#!/usr/bin/python3
"""Durable streams: every decision reaches its subscriber, in order per interaction, whatever is killed meanwhile."""
import sys
import threading
import time
import uuid

import support
from support import PATIENCE_S, Register, event, event_pb2, now_us, remedy, wait_until
from subscriber import Refused, Subscriber

from bellhop.v1 import append_pb2, decision_pb2  # after support, which knows where they are

cell = support.Cell(BELLHOP_RELAY_REST_FIRST="50ms", BELLHOP_RELAY_REST_MOST="200ms", BELLHOP_RELAY_ATTEMPTS="3")


def fresh(prefix):
    return f"{prefix}-{uuid.uuid4().hex[:12]}"


def leaving(store, interaction=None, **fields):
    """An event that opens one case."""
    return event("leaving_signalled", store_id=store, source=f"{store}/till-1", interaction_id=interaction or fresh("i"), **fields)


def publish(*events):
    register = Register(cell.publish)
    register.ask(*events)
    register.close()


def open_cases(store, count):
    publish(*[leaving(store) for _ in range(count)])
    wait_until(lambda: len(stored_openings(store)) >= count, PATIENCE_S, "the cases are open")


def stored_openings(store):
    return [row[0] for row in cell.sql("SELECT decision_id FROM bellhop.decision WHERE kind = 'case_opened' AND "
                                       f"store_id = '{store}' ORDER BY seq, ordinal")]


def a_new_stream_begins_with_the_open_cases_and_goes_on_with_what_comes():
    store = fresh("s")
    open_cases(store, 3)
    subscriber = Subscriber(cell, fresh("new"), f"case.opened.{store}")
    first = subscriber.take(3)
    assert all(delivery.snapshot for delivery in first)
    assert sorted(delivery.decision.case.escalation_id for delivery in first) == sorted(stored_openings(store))
    publish(leaving(store))
    later = subscriber.take(1)[0]
    assert not later.snapshot and not later.replayed and later.attempt == 1, later
    subscriber.close()


def from_the_beginning_everything_is_replayed_and_says_what_is_still_open():
    store = fresh("s")
    open_cases(store, 2)
    answered, still_open = stored_openings(store)
    publish(event("on_duty", store_id=store, source=f"{store}/office", employee_id="boss", role="head_office"),
            event("case_answered", store_id=store, source=f"{store}/office", employee_id="boss", escalation_id=answered, round=1,
                  role="head_office", answer=event_pb2.DONE))
    wait_until(lambda: cell.sql(f"SELECT 1 FROM bellhop.escalation WHERE escalation_id = '{answered}' AND state = 'resolved'"),
               PATIENCE_S, "the case is resolved")
    subscriber = Subscriber(cell, fresh("old"), f"case.*.{store}", start={"beginning": True})
    told = {(delivery.decision.kind, delivery.decision.case.escalation_id): delivery for delivery in subscriber.take(3)}
    assert all(delivery.replayed and not delivery.snapshot for delivery in told.values())
    assert told[decision_pb2.CASE_OPENED, still_open].still_open
    assert not told[decision_pb2.CASE_OPENED, answered].still_open
    subscriber.close()


def since_a_time_only_what_was_decided_later_is_replayed():
    store = fresh("s")
    open_cases(store, 1)
    middle = now_us()
    open_cases(store, 2)
    subscriber = Subscriber(cell, fresh("since"), f"case.opened.{store}", start={"since_at": middle})
    assert [delivery.decision_id for delivery in subscriber.take(1)] == stored_openings(store)[1:2]
    for after in (decision_pb2.Position(epoch=1, seq=10**9), decision_pb2.Position(epoch=10**6, seq=1)):
        try:
            Subscriber(cell, fresh("after"), start={"after": after})
            raise AssertionError(f"a position that the log has not reached was taken: {after}")
        except Refused as refused:
            assert refused.reason == "beyond_head", refused
    subscriber.close()


def a_filter_chooses_among_decisions():
    store = fresh("s")
    subscriber = Subscriber(cell, fresh("filter"), "case.opened", start={"now": True},
                            filter="has(decision.rule_id) && decision.rule_id == 'H1' && "
                                   f"has(decision.store_id) && decision.store_id == '{store}'")
    publish(leaving(store), event("incident", store_id=store, source=f"{store}/till-1", interaction_id=fresh("i"),
                                  kind=event_pb2.INJURY))
    assert subscriber.take(1)[0].decision.rule_id == "H1"
    assert subscriber.next(most_s=0.3) is None
    subscriber.close()


def what_cannot_be_served_is_refused_in_words():
    cases = [({"topics": ["case..opened"]}, "bad_topic"), ({"topics": ["cases.opened"]}, "bad_topic"),
             ({"topics": ["case.open.*"]}, "bad_topic"), ({"filter": "decision.rule_id =="}, "bad_filter"),
             ({"filter": "decision.kind"}, "bad_filter"), ({"stream": "no.word"}, "bad_characters"),
             ({"start": {"since_at": now_us() // 10**6}}, "too_early"),  # in seconds
             ({"start": {"since_at": now_us() // 10**3}}, "too_early"),
             ({"serves": [("harbour", "shift_lead"), ("harbour", "shiftlead")]}, "unknown_role")]
    for fields, reason in cases:
        try:
            Subscriber(cell, fields.get("stream", fresh("bad")), *fields.get("topics", []),
                       **{name: value for name, value in fields.items() if name in ("filter", "start", "serves")})
            raise AssertionError(f"{fields} was taken")
        except Refused as refused:
            assert refused.reason == reason, (fields, refused)
            refused_role = refused  # the last one
    assert refused_role.field == "subscribe.serves[1].role" and "associate, shift_lead, store_manager, district_manager and head_office" in str(
        refused_role), refused_role
    subscriber = Subscriber(cell, fresh("bad"), f"case.opened.{fresh('s')}")
    for kind, fields, reason in [("confirm", {"decision_ids": ["1-999999999-0"]}, "unknown_value"),
                                 ("refuse", {"decision_id": "nonsense", "reason": "no"}, "unknown_value")]:
        subscriber.send(kind, **fields)
        try:
            subscriber.next(most_s=5)
            raise AssertionError(f"{kind} {fields} was taken")
        except Refused as refused:
            assert refused.reason == reason, (kind, refused)
    subscriber.send("confirm", decision_ids=["1-999999999-0", "nonsense"])
    for decision_id in ("1-999999999-0", "nonsense"):  # each is answered
        try:
            subscriber.next("confirmed", 5)
            raise AssertionError(f"{decision_id} was taken")
        except Refused as refused:
            assert decision_id in str(refused), refused
    for unknown in (b"\xfa\x3e\x01x", b"\x32\x04\xfa\x3e\x01x"):  # beside the request, and within it
        subscriber.socket.send(b"\x32\x00" + unknown if unknown[:1] == b"\xfa" else unknown)
        try:
            subscriber.next("done", 5)
            raise AssertionError(f"an unknown field was taken: {unknown}")
        except Refused as refused:
            assert refused.reason == "unknown_field", refused
    subscriber.socket.send(b"\x0a" + b"\x00" * (3 * 512 * 1024))
    try:
        subscriber.next("done", 5)
        raise AssertionError("a request of more than 1 MiB was taken")
    except Refused as refused:
        assert refused.reason == "too_large", refused
    subscriber.stream, name = fresh("never"), subscriber.stream
    subscriber.send("confirm", decision_ids=["1-1-0"])
    try:
        subscriber.next(most_s=5)
        raise AssertionError("a stream that was never joined was taken")
    except Refused as refused:
        assert refused.reason == "unknown_stream", refused
    subscriber.close()
    try:
        Subscriber(cell, name, "verdict")
        raise AssertionError("other topics were taken")
    except Refused as refused:
        assert refused.reason == "bad_topic", refused


def who_is_refused_has_left_the_stream_and_can_see_it():
    store = fresh("s")
    subscriber = Subscriber(cell, fresh("left"), f"case.opened.{store}")
    subscriber.send("ping")
    assert list(subscriber.next("pong").streams) == [subscriber.stream]
    subscriber.send("subscribe", topics=["verdict"])
    try:
        subscriber.next(most_s=5)
        raise AssertionError("other topics were taken")
    except Refused as refused:
        assert refused.reason == "bad_topic", refused
    publish(leaving(store))
    wait_until(lambda: stored_openings(store), PATIENCE_S, "the case is open")
    other = Subscriber(cell, subscriber.stream)
    other.take(1)
    subscriber.send("ping")
    assert list(subscriber.next("pong").streams) == []
    assert not subscriber.replies, subscriber.replies
    for one in (subscriber, other):
        one.close()


def the_free_text_comes_with_the_delivery_and_with_no_decision():
    store = fresh("s")
    subscriber = Subscriber(cell, fresh("text"), f"case.opened.{store}")
    publish(event("leaving_signalled", store_id=store, source=f"{store}/till-1", interaction_id=fresh("i"),
                  text="says the other shop is cheaper"))
    delivery = subscriber.take(1)[0]
    assert delivery.text == "says the other shop is cheaper", delivery
    assert "cheaper" not in str(delivery.decision), delivery
    subscriber.close()


def what_is_refused_comes_again_and_ends_as_a_dead_letter_that_can_be_sent_again():
    store, interaction = fresh("s"), fresh("i")
    subscriber = Subscriber(cell, fresh("dead"), f"case.*.{store}")
    publish(leaving(store, interaction))
    case_id = wait_until(lambda: stored_openings(store), PATIENCE_S, "the case is open")[0]
    publish(event("on_duty", store_id=store, source=f"{store}/office", employee_id="boss", role="head_office"))
    publish(event("case_acknowledged", store_id=store, source=f"{store}/office", interaction_id=interaction, employee_id="boss",
                  escalation_id=case_id, round=1, role="head_office"))
    for attempt in (1, 2, 3):
        delivery = subscriber.next()
        assert (delivery.decision_id, delivery.attempt) == (case_id, attempt), delivery
        subscriber.refuse(delivery, "cannot read it")
        done = subscriber.next("done")
        assert (done.request, done.decision_id) == ("refuse", case_id), done
    following = subscriber.next()
    assert following.decision.kind == decision_pb2.CASE_ACKNOWLEDGED, following
    assert following.dead_letter == case_id, following
    subscriber.confirm(following)
    wait_until(lambda: cell.sql(f"SELECT 1 FROM bellhop_log.stream_dead_letter WHERE stream = '{subscriber.stream}'"), PATIENCE_S,
               "the dead letter is stored")
    subscriber.send("resend", decision_id=following.decision_id)
    try:
        subscriber.next("done", 5)
        raise AssertionError("what is no dead letter was taken")
    except Refused as refused:
        assert refused.reason == "unknown_value" and following.decision_id in str(refused), refused
    subscriber.send("resend")
    assert subscriber.next("done").count == 1
    again = subscriber.next()
    assert again.decision_id == case_id and again.attempt == 1, again
    subscriber.confirm(again)
    wait_until(lambda: not cell.sql(f"SELECT 1 FROM bellhop_log.stream_dead_letter WHERE stream = '{subscriber.stream}'"), PATIENCE_S,
               "the dead letter is forgotten")
    subscriber.close()


def a_dead_letter_of_an_earlier_life_of_the_relay_marks_what_follows_it():
    store, other, interaction = fresh("s"), fresh("s"), fresh("i")
    subscriber = Subscriber(cell, fresh("dead"), f"case.*.{store}", f"case.*.{other}")
    publish(leaving(store, interaction))
    case_id = wait_until(lambda: stored_openings(store), PATIENCE_S, "the case is open")[0]
    subscriber.refuse(subscriber.next(), "cannot read it", for_good=True)
    wait_until(lambda: cell.sql(f"SELECT 1 FROM bellhop_log.stream_dead_letter WHERE stream = '{subscriber.stream}'"), PATIENCE_S,
               "the dead letter is stored")
    cell.kill("relay")
    cell.begin("relay")
    subscriber.replies.clear()
    subscriber.subscribe()
    publish(leaving(other, interaction), leaving(store, interaction))  # of one name, but another store's contact
    following = {delivery.decision.store_id: delivery for delivery in (subscriber.next(), subscriber.next())}
    assert following[store].dead_letter == case_id and not following[other].dead_letter, following
    for delivery in following.values():
        subscriber.confirm(delivery)
    subscriber.close()


def attempts_go_on_after_a_restart_of_the_relay():
    store = fresh("s")
    subscriber = Subscriber(cell, fresh("again"), f"case.opened.{store}")
    publish(leaving(store))
    delivery = subscriber.next()
    assert delivery.attempt == 1, delivery

    def stored():
        name = subscriber.stream
        state = append_pb2.StreamState.FromString(bytes.fromhex(
            cell.sql(f"SELECT encode(state, 'hex') FROM bellhop_log.stream WHERE name = '{name}'")[0][0]))
        return [place.attempts for place in state.tried]

    for attempt in (2, 3):
        wait_until(lambda: stored() == [attempt - 1], PATIENCE_S, "the attempt is stored")
        cell.kill("relay")
        cell.begin("relay")
        subscriber.replies.clear()
        subscriber.subscribe()
        again = subscriber.next()
        assert (again.decision_id, again.attempt) == (delivery.decision_id, attempt), again
    subscriber.confirm(again)
    assert stored() == [], stored()
    subscriber.close()


def an_unconfirmed_delivery_holds_its_interaction_and_nothing_else():
    store, interaction = fresh("s"), fresh("i")
    subscriber = Subscriber(cell, fresh("hold"), f"case.*.{store}")
    publish(leaving(store, interaction))
    held = subscriber.next()
    publish(event("on_duty", store_id=store, source=f"{store}/office", employee_id="boss", role="head_office"))
    publish(event("case_answered", store_id=store, source=f"{store}/office", interaction_id=interaction, employee_id="boss",
                  escalation_id=held.decision_id, round=1, role="head_office", answer=event_pb2.DONE), leaving(store))
    other = subscriber.next()
    assert other.decision.kind == decision_pb2.CASE_OPENED and other.decision_id != held.decision_id, other
    assert subscriber.next(most_s=0.3) is None
    subscriber.confirm(held)
    assert subscriber.next().decision.kind == decision_pb2.CASE_RESOLVED
    subscriber.close()


def connections_of_one_name_share_its_deliveries():
    store, name = fresh("s"), fresh("shared")
    pair = [Subscriber(cell, name, f"case.opened.{store}", credit=2) for _ in range(2)]
    publish(*[leaving(store) for _ in range(4)])
    wait_until(lambda: len(stored_openings(store)) == 4, PATIENCE_S, "the cases are open")
    got = [[one.next(most_s=2).decision_id, one.next(most_s=2).decision_id] for one in pair]
    assert sorted(got[0] + got[1]) == sorted(stored_openings(store)), got
    pair[0].close()
    for decision_id in got[1]:
        pair[1].send("confirm", decision_ids=[decision_id])
    again = {pair[1].next().decision_id, pair[1].next().decision_id}
    assert again == set(got[0]), (again, got)
    pair[1].close()


def a_forgotten_stream_begins_anew():
    store, name = fresh("s"), fresh("forget")
    subscriber = Subscriber(cell, name, f"case.opened.{store}")
    publish(leaving(store))
    subscriber.take(1)
    neighbour = Subscriber(cell, name)
    subscriber.send("credit", credit=7)
    assert subscriber.next("done").request == "credit"
    subscriber.send("unsubscribe", forget=True)
    done = subscriber.next("done")
    assert (done.request, done.stream) == ("unsubscribe", name), done
    try:
        neighbour.next(most_s=5)
        raise AssertionError("a stream that is gone was kept")
    except Refused as refused:
        assert refused.reason == "unknown_stream", refused
    neighbour.close()
    wait_until(lambda: not cell.sql(f"SELECT 1 FROM bellhop_log.stream WHERE name = '{name}'"), PATIENCE_S, "the stream is gone")
    subscriber.subscribe()
    assert subscriber.subscribed.is_new
    assert subscriber.next().snapshot
    subscriber.close()


def who_serves_a_level_is_told_to_the_log():
    store = fresh("s")

    def told():
        return [row[0] for row in cell.sql(f"SELECT type FROM bellhop.event WHERE store_id = '{store}' ORDER BY seq")]

    subscriber = Subscriber(cell, fresh("serves"), serves=[(store, "shift_lead")])
    wait_until(lambda: told() == ["serving_started"], PATIENCE_S, "serving has started")
    subscriber.send("unsubscribe")
    assert subscriber.next("done").request == "unsubscribe"
    wait_until(lambda: told() == ["serving_started", "serving_ended"], PATIENCE_S, "serving has ended")
    subscriber.close()


def who_does_not_come_back_after_the_relay_was_killed_serves_no_more():
    stays, leaves = fresh("s"), fresh("s")

    def told(store):
        return [row[0] for row in cell.sql(f"SELECT type FROM bellhop.event WHERE store_id = '{store}' ORDER BY seq")]

    def ended():
        return cell.sql("SELECT body->>'relay', body->>'run' FROM bellhop.event WHERE type = 'serving_ended' "
                        "AND (body->>'earlier_runs')::boolean ORDER BY seq")

    subscribers = [Subscriber(cell, fresh("serves"), serves=[(store, "shift_lead")]) for store in (stays, leaves)]
    wait_until(lambda: told(stays) == told(leaves) == ["serving_started"], PATIENCE_S, "serving has started")
    before = len(ended())
    cell.kill("relay")
    subscribers[1].close()
    cell.begin("relay", BELLHOP_RELAY_SERVING_LEASE="3s")
    subscribers[0].replies.clear()
    subscribers[0].subscribe()
    wait_until(lambda: told(stays) == ["serving_started"] * 2, PATIENCE_S, "who came back serves again")
    wait_until(lambda: len(ended()) > before, PATIENCE_S, "all the others have ended")
    runs = {row[0] for row in cell.sql(f"SELECT body->>'run' FROM bellhop.event WHERE store_id = '{stays}'")}
    relays = {row[0] for row in cell.sql("SELECT DISTINCT body->>'relay' FROM bellhop.event WHERE type LIKE 'serving_%'")}
    assert len(runs) == 2 and ended()[-1][1] in runs and relays == {ended()[-1][0]}, (runs, relays, ended())
    subscribers[0].close()


class Load(threading.Thread):
    """Publishes cases of a few interactions each in the background."""

    def __init__(self, store, count):
        super().__init__()
        self.store, self.count = store, count
        self.start()

    def run(self):
        register = Register(cell.publish)
        for number in range(0, self.count, 10):
            register.ask(*[remedy(30000, store_id=self.store, source=f"{self.store}/till-1",
                                  interaction_id=f"{self.store}-{(number + i) % 7}", employee_id=f"e{i}") for i in range(10)])
        register.close()


def in_order(deliveries):
    """First deliveries of one interaction come in the order of their positions."""
    last = {}
    seen = set()
    for delivery in deliveries:
        place = delivery.decision.position.seq, delivery.decision.ordinal
        if delivery.decision_id in seen:
            continue
        seen.add(delivery.decision_id)
        assert last.get(delivery.decision.interaction_id, (0, 0)) < place, (delivery.decision_id, last)
        last[delivery.decision.interaction_id] = place
    return seen


def every_decision_arrives_though_the_relay_is_killed_under_load():
    store = fresh("s")
    subscriber = Subscriber(cell, fresh("killed"), f"case.opened.{store}")
    load = Load(store, 300)
    got, confirmed = [], set()
    for kill in range(3):
        got += subscriber.take(30)
        confirmed |= {delivery.decision_id for delivery in got}
        cell.kill("relay")
        cell.begin("relay")
        subscriber.replies.clear()
        subscriber.subscribe()
    load.join()
    wanted = set(wait_until(lambda: len(stored_openings(store)) == 300 and stored_openings(store), PATIENCE_S, "all is decided"))
    while {delivery.decision_id for delivery in got} != wanted:
        delivery = subscriber.take(1)[0]
        assert delivery.decision_id not in confirmed, "a confirmed delivery came again"
        got.append(delivery)
    assert in_order(got) == wanted
    subscriber.close()


def a_slow_subscriber_gets_everything_and_holds_up_nobody():
    store = fresh("s")
    slow = Subscriber(cell, fresh("slow"), f"case.opened.{store}", credit=1)
    fast = Subscriber(cell, fresh("fast"), f"case.opened.{store}")
    load = Load(store, 100)
    first = slow.next()
    got_fast = fast.take(100)
    load.join()
    assert slow.next(most_s=0.2) is None, "beyond its credit"
    assert cell.metric("relay", "bellhop_relay_waiting") + cell.metric("relay", "bellhop_relay_held") >= 90
    slow.close()
    slow.connect()
    got_slow = slow.take(100, most_s=PATIENCE_S)
    assert [delivery.attempt > 1 for delivery in got_slow if delivery.decision_id == first.decision_id] == [True]
    assert in_order(got_fast) == in_order(got_slow) == set(stored_openings(store))
    for one in (slow, fast):
        one.close()


def a_stopped_relay_goes_on_where_it_was():
    store, name = fresh("s"), fresh("stopped")
    subscriber = Subscriber(cell, name, f"case.opened.{store}")
    publish(leaving(store))
    subscriber.take(1)
    assert cell.end("relay") == 0
    publish(leaving(store))
    cell.begin("relay")
    subscriber.subscribe()
    assert not subscriber.subscribed.is_new
    delivery = subscriber.take(1)[0]
    assert delivery.decision_id == stored_openings(store)[1], delivery
    assert subscriber.next(most_s=0.3) is None
    subscriber.close()


def a_delivery_comes_within_moments_of_the_publish():
    store = fresh("s")
    subscriber = Subscriber(cell, fresh("quick"), f"case.opened.{store}")
    register = Register(cell.publish)
    times = []
    for _ in range(20):
        began = time.monotonic()
        register.publish(leaving(store))
        subscriber.confirm(subscriber.next(), wait=False)
        times.append(time.monotonic() - began)
        register.reply()
    times.sort()
    print(f"# publish to subscriber: median {times[10] * 1000:.1f} ms, slowest {times[-1] * 1000:.1f} ms")
    assert times[10] < 0.25, times
    for one in (subscriber, register):
        one.close()


if __name__ == "__main__":
    with cell:
        status = support.tell(
            a_new_stream_begins_with_the_open_cases_and_goes_on_with_what_comes,
            from_the_beginning_everything_is_replayed_and_says_what_is_still_open,
            since_a_time_only_what_was_decided_later_is_replayed, a_filter_chooses_among_decisions,
            what_cannot_be_served_is_refused_in_words, who_is_refused_has_left_the_stream_and_can_see_it, the_free_text_comes_with_the_delivery_and_with_no_decision,
            what_is_refused_comes_again_and_ends_as_a_dead_letter_that_can_be_sent_again,
            a_dead_letter_of_an_earlier_life_of_the_relay_marks_what_follows_it,
            attempts_go_on_after_a_restart_of_the_relay,
            an_unconfirmed_delivery_holds_its_interaction_and_nothing_else, connections_of_one_name_share_its_deliveries,
            a_forgotten_stream_begins_anew, who_serves_a_level_is_told_to_the_log,
            who_does_not_come_back_after_the_relay_was_killed_serves_no_more,
            a_delivery_comes_within_moments_of_the_publish, a_stopped_relay_goes_on_where_it_was,
            every_decision_arrives_though_the_relay_is_killed_under_load, a_slow_subscriber_gets_everything_and_holds_up_nobody)
        if status:
            cell.show_logs()
    sys.exit(status)
