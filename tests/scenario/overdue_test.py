#!/usr/bin/python3
"""overdue: escalate is killed, one deadline of each kind passes its time, and nothing of it goes unnoticed.

The shipped policy with short times, a real cell and a clock that runs. The grace is a second, so that the test need not wait for it.
"""
import datetime
import json
import os
import subprocess
import sys
import time
import urllib.request

from append_support import Peer
from support import BUILD, ROOT, Cell, Register, event, event_pb2, now_us, remedy, tell, wait_until

SECOND_US = 10**6
QUICK = {"acknowledge_within: 5m": "acknowledge_within: 15s", "overdue_lead_after: 1d": "overdue_lead_after: 15s",
         "nobody_home_after: 60s": "nobody_home_after: 15s", "remind_at_least: 15m": "remind_at_least: 10m",
         "hold_lead: 300s": "hold_lead: 15s", "goods_call_within: 1d": "goods_call_within: 15s",
         "recovery_within: 1d": "recovery_within: 1s"}
SERVED = dict(source="harbour/till-1", store_id="harbour", employee_id="mira")


class Lived:
    """The cell, made by the first story, and when its store closes."""
    cell = closing = None


def quick(folder):
    """Times short enough to wait for. The store closes at the next full minute that is not too near."""
    text = (ROOT / "services/escalate/policy/retail.yaml").read_text()
    for shipped, short in QUICK.items():
        assert shipped in text, shipped
        text = text.replace(shipped, short)
    Lived.closing = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=90)).replace(second=0, microsecond=0)
    hours = f"calendar: shop\ncalendars:\n  shop:\n    mon-sun: 00:00-{Lived.closing:%H:%M}\n"
    path = folder / "quick.yaml"
    path.write_text(text.replace("\nladder:", f"\n{hours}\nladder:", 1))
    return str(path)


def overdue():
    return sorted(tuple(row) for row in Lived.cell.sql("SELECT what, id FROM bellhop.overdue_deadline"))


def health(service):
    with urllib.request.urlopen(f"http://{Lived.cell.http(service)}/healthz", timeout=5) as answer:
        return json.load(answer)


def status():
    return subprocess.run([BUILD / "bin/bellhop", "status"], env=Lived.environment, text=True, capture_output=True, timeout=60)


def nobody_serves(level):
    """It was served, and is no more."""
    peer = Peer(Lived.cell.append)
    for body, fields in (("serving_started", {}), ("serving_ended", {"reason": "left"})):
        made = event(body, source="bellhop/relay", store_id="harbour", subscriber="pager-1", role=level, relay="relay-1", run="1", **fields)
        made.ClearField("interaction_id")
        peer.append(made)
    peer.close()


def open_one_of_each_kind():
    """What is open afterwards: the expected rows of the view but for the ids that Bellhop chooses."""
    register, now = Register(Lived.cell.publish), now_us()
    register.ask(event("interaction_closed", interaction_id="bad", customer_id="cleo", outcome=event_pb2.DISSATISFIED, **SERVED),
                 await_verdict=True)
    wait_until(lambda: Lived.cell.sql("SELECT state FROM bellhop.follow_up") == [["overdue"]], 30, "a follow-up is overdue")
    register.ask(
        event("wait_started", interaction_id="hold", kind=event_pb2.HOLD, **SERVED),
        event("promise_made", interaction_id="vow-1", customer_id="c-1", promise_id="soon", due_at=now + 20 * SECOND_US, **SERVED),
        event("promise_made", interaction_id="vow-2", customer_id="c-2", promise_id="reminded", due_at=now + 620 * SECOND_US, **SERVED),
        event("appointment_booked", interaction_id="fitting", customer_id="c-3", appointment_id="a-1", at=now + 620 * SECOND_US,
              to_prepare=True, **SERVED),
        event("compliment", interaction_id="nice", **SERVED),
        event("product_wanted", interaction_id="want", customer_id="c-4", product_id="lamp", **SERVED),
        event("stock_arrived", product_id="lamp", source="harbour/goods", store_id="harbour"),
        remedy(9000, interaction_id="refund", **SERVED),
        event("leaving_signalled", interaction_id="leaving", **SERVED), await_verdict=True)
    nobody_serves("store_manager")
    register.close()
    wait_until(lambda: Lived.cell.sql("SELECT head - cursor FROM bellhop.position") == [["0"]], 30, "everything is decided")


def while_escalate_is_there_nothing_is_overdue():
    cell = Lived.cell = Cell(services=("persist", "escalate", "ingest"))
    cell.environment["BELLHOP_POLICY"] = quick(cell.folder)
    cell.start()
    Lived.environment = dict(cell.environment, **{f"BELLHOP_{name.upper()}_HTTP": cell.http(name) for name in ("persist", "ingest")})
    wait_until(lambda: cell.sql("SELECT count(*) FROM bellhop.policy WHERE accepted") == [["1"]], 60, "a policy is in force")
    cell.sql("CREATE OR REPLACE FUNCTION bellhop.grace() RETURNS interval LANGUAGE sql IMMUTABLE PARALLEL SAFE AS "
             "$$ SELECT interval '1 second' $$")
    open_one_of_each_kind()
    assert overdue() == [], overdue()


def once_it_was_killed_each_kind_is_found_when_its_time_has_passed():
    Lived.cell.kill("escalate")
    register = Register(Lived.cell.publish)
    register.ask(event("need_recorded", interaction_id="unheard", **SERVED))
    register.close()
    ends = max(Lived.closing.timestamp() + 2, time.time() + 25)
    wait_until(lambda: time.time() > ends, 120, "all of them have passed")
    name = lambda table, id, where: Lived.cell.sql(f"SELECT {id} FROM bellhop.{table} WHERE {where}")[0][0]  # noqa: E731
    leaving = name("escalation", "escalation_id", "interaction_id = 'leaving'")
    wait = name("event", "epoch || '-' || seq", "type = 'wait_started'")
    expected = [
        ("appointment", "a-1"),
        ("case", name("escalation", "escalation_id", "interaction_id = 'refund'")),
        ("digest", f"{Lived.closing:%Y-%m-%d}"),
        ("follow_up", name("follow_up", "follow_up_id", "rule_id = 'B6'")),
        ("follow_up", name("follow_up", "follow_up_id", "rule_id = 'G2'")),
        ("nobody_home", leaving),
        ("promise", "reminded"), ("promise", "soon"), ("promise", "soon"),  # its reminder, and itself
        ("undecided_event", name("event", "epoch || '-' || seq", "interaction_id = 'unheard'")),
        ("wait", wait)]
    assert overdue() == sorted(expected), (overdue(), expected)
    assert Lived.cell.sql("SELECT DISTINCT store_id FROM bellhop.overdue_deadline") == [["harbour"]]
    assert Lived.cell.sql(f"SELECT interaction_id FROM bellhop.overdue_deadline WHERE id = '{wait}'") == [["hold"]]


def a_metric_health_and_the_status_say_so_though_persist_is_not_to_be_restarted():
    count = len(overdue())
    wait_until(lambda: Lived.cell.metric("persist", "bellhop_persist_overdue_deadlines") == count, 30, "persist counts them")
    assert Lived.cell.metric("persist", "bellhop_persist_oldest_overdue_milliseconds") >= 10000
    told = health("persist")  # 200: persist works
    assert told["state"] == "yellow", told
    part = [part for part in told["parts"] if part["name"] == "deadlines"][0]
    assert part["state"] == "yellow" and f"{count} overdue, the oldest is" in part["reason"], part
    asked = status()
    assert asked.returncode != 0 and f"overdue    {count} RED" in asked.stdout, asked


def it_is_found_as_well_when_persist_was_restarted():
    before = overdue()
    Lived.cell.kill("persist")
    Lived.cell.begin("persist")
    assert overdue() == before, (before, overdue())
    wait_until(lambda: Lived.cell.metric("persist", "bellhop_persist_overdue_deadlines") == len(before), 30, "persist counts them again")


def once_escalate_is_back_all_are_noticed():
    Lived.cell.begin("escalate")
    wait_until(lambda: overdue() == [], 60, "all are noticed")
    wait_until(lambda: health("persist")["state"] == "green", 30, "persist is green")
    kinds = {row[0] for row in Lived.cell.sql("SELECT body ->> 'kind' FROM bellhop.event WHERE type = 'deadline_passed'")}
    missing = {"RULE_DUE", "ACKNOWLEDGE_DUE", "PROMISE_REMINDER_DUE", "PROMISE_DUE", "PREPARATION_REMINDER_DUE", "DIGEST_DUE",
               "NOBODY_HOME_DUE", "FOLLOW_UP_DUE", "FOLLOW_UP_LONG_DUE"} - kinds
    assert not missing, missing


def what_ends_leaves_no_deadline_behind():
    register = Register(Lived.cell.publish)
    register.ask(event("wait_started", interaction_id="short", kind=event_pb2.HOLD, **SERVED), await_verdict=True)
    open_ones = "SELECT count(*) FROM bellhop_log.deadline WHERE interaction_id = 'short'"
    assert Lived.cell.sql(open_ones) == [["1"]]
    register.ask(event("wait_ended", interaction_id="short", kind=event_pb2.HOLD, **SERVED), await_verdict=True)
    register.close()
    assert Lived.cell.sql(open_ones) == [["0"]]
    assert Lived.cell.sql("SELECT count(DISTINCT run) FROM bellhop_log.deadline")[0][0] in "01"


if __name__ == "__main__":
    try:
        ended = tell(while_escalate_is_there_nothing_is_overdue, once_it_was_killed_each_kind_is_found_when_its_time_has_passed,
                     a_metric_health_and_the_status_say_so_though_persist_is_not_to_be_restarted,
                     it_is_found_as_well_when_persist_was_restarted, once_escalate_is_back_all_are_noticed,
                     what_ends_leaves_no_deadline_behind)
    finally:
        if Lived.cell:
            if os.environ.get("KEEP_LOGS"):
                Lived.cell.show_logs()
            Lived.cell.stop()
    sys.exit(ended)
