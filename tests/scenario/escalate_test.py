#!/usr/bin/python3
"""The life of cases with a clock that runs, and an escalate that is killed, restarted, replaced and poisoned."""
import os
import pathlib
import re
import signal
import struct
import subprocess
import sys
import threading
import urllib.error
import urllib.request
import uuid

import support
from support import BUILD, PATIENCE_S, ROOT, Cell, Register, event, event_pb2, now_us, remedy, wait_until

from cell import die_with_parent  # after support, which knows where they are
from bellhop.v1 import decision_pb2

SHIPPED = ROOT / "services/escalate/policy/retail.yaml"
ACKNOWLEDGE_MS = 1500


def quick_policy(folder):
    """The shipped policy, but every level has a moment to acknowledge."""
    text = re.sub(r"acknowledge_within: \S+", f"acknowledge_within: {ACKNOWLEDGE_MS}ms", SHIPPED.read_text())
    path = pathlib.Path(folder) / "quick.yaml"
    path.write_text(text)
    return str(path)


def fresh(prefix):
    return f"{prefix}-{uuid.uuid4().hex[:12]}"


class Store:
    """One shop and its register."""

    def __init__(self, cell):
        self.cell, self.id = cell, fresh("s")
        self.register = Register(cell.publish)
        self.ask(self.event("on_duty", employee_id="boss", role="head_office"), await_verdict=True)

    def ask(self, *events, **options):
        return self.register.ask(*events, **options)

    def event(self, body, **fields):
        return event(body, store_id=self.id, source=f"{self.id}/till-1", **fields)

    def open_case(self):
        verdict = self.ask(self.event("leaving_signalled", interaction_id=fresh("i")), await_verdict=True).verdicts[0]
        return verdict.cases[0]

    def acknowledge(self, case, round, until_at=None, role="head_office"):
        made = self.event("case_acknowledged", employee_id="boss", escalation_id=case.escalation_id, round=round, role=role)
        if until_at:
            made.case_acknowledged.until_at = until_at
        return self.ask(made, await_verdict=True)

    def answer(self, case, round, role="head_office"):
        return self.ask(self.event("case_answered", employee_id="boss", escalation_id=case.escalation_id, round=round, role=role,
                                   answer=event_pb2.DONE), await_verdict=True)

    def steps(self, case):
        rows = self.cell.sql(f"SELECT kind FROM bellhop.case_step WHERE escalation_id = '{case.escalation_id}' ORDER BY step")
        return [row[0] for row in rows]

    def row(self, case, *columns):
        return self.cell.sql(f"SELECT {', '.join(columns)} FROM bellhop.escalation WHERE escalation_id = '{case.escalation_id}'")[0]

    def await_steps(self, case, *kinds):
        wait_until(lambda: self.steps(case)[:len(kinds)] == list(kinds), PATIENCE_S, f"the case has gone {kinds}")

    def remedies(self, count):
        return [remedy(3000, store_id=self.id, source=f"{self.id}/till-1", interaction_id=fresh("i"), employee_id=fresh("e"))
                for _ in range(count)]

    def verdicts(self):
        rows = self.cell.sql(f"SELECT count(*), count(DISTINCT event_id) FROM bellhop.decision WHERE kind = 'verdict_given' "
                             f"AND store_id = '{self.id}'")
        return tuple(int(number) for number in rows[0])


cell = Cell(BELLHOP_ESCALATE_GRACE="100ms")
cell.environment["BELLHOP_POLICY"] = quick_policy(cell.folder)


def a_case_that_nobody_takes_climbs_level_by_level_and_is_told_again_at_the_top():
    store = Store(cell)
    case = store.open_case()
    assert case.role == "store_manager", case
    store.await_steps(case, "case_opened", "case_climbed", "case_climbed", "case_notified_again")
    assert store.row(case, "role", "opened_role", "climbs") == ["head_office", "store_manager", "2"]
    assert cell.sql("SELECT * FROM bellhop.overdue_deadline") == []


def an_acknowledged_case_waits_for_its_answer_and_is_opened_again_without_one():
    store = Store(cell)
    case = store.open_case()
    store.acknowledge(case, round=1, until_at=now_us() + 2 * ACKNOWLEDGE_MS * 1000)
    assert store.row(case, "state", "acknowledged_by") == ["acknowledged", "boss"]
    store.await_steps(case, "case_opened", "case_acknowledged", "case_reopened")


def the_steps_of_a_case_show_that_a_graver_one_muted_it():
    store = Store(cell)
    contact = fresh("i")
    lesser = store.ask(store.event("leaving_signalled", interaction_id=contact), await_verdict=True).verdicts[0].cases[0]
    store.ask(store.event("incident", interaction_id=contact, kind=event_pb2.SPILL), await_verdict=True)
    rows = cell.sql(f"SELECT kind, silenced, page_id FROM bellhop.case_step WHERE escalation_id = '{lesser.escalation_id}' ORDER BY step")
    assert [row[:2] for row in rows[:2]] == [["case_opened", "f"], ["case_muted", "t"]], rows
    assert rows[0][2] == lesser.escalation_id, rows


def an_answered_case_is_left_alone():
    store = Store(cell)
    case = store.open_case()
    store.answer(case, round=1)
    other = store.open_case()
    store.await_steps(other, "case_opened", "case_climbed")  # by now the first one's time has passed as well
    assert store.steps(case) == ["case_opened", "case_resolved"]


def an_act_of_a_round_that_is_over_meets_the_present_state():
    store = Store(cell)
    case = store.open_case()
    store.await_steps(case, "case_opened", "case_climbed")
    store.acknowledge(case, round=1)
    refused = cell.sql(f"SELECT detail -> 'act_refused' ->> 'reason' FROM bellhop.decision WHERE kind = 'act_refused' AND "
                       f"store_id = '{store.id}'")
    assert refused == [["stale_round"]], refused
    assert "case_acknowledged" not in store.steps(case)


class Load(threading.Thread):
    """Remedies from one register, a few at a time."""

    def __init__(self, store, count):
        super().__init__()
        self.store, self.count = store, count
        self.start()

    def run(self):
        for _ in range(0, self.count, 20):
            self.store.ask(*self.store.remedies(20))


def killed_under_load_it_decides_every_event_once():
    store = Store(cell)
    load = Load(store, 1000)
    for kill in range(3):
        wait_until(lambda: store.verdicts()[0] > 250 * kill or not load.is_alive(), PATIENCE_S, "some are decided")
        cell.kill("escalate")
        cell.begin("escalate")
    load.join()
    wait_until(lambda: store.verdicts()[0] >= 1000, PATIENCE_S, "all are decided")
    assert store.verdicts() == (1000, 1000)
    assert cell.sql("SELECT * FROM bellhop.overdue_deadline") == []


def deadlines_that_passed_while_it_was_away_are_noticed_when_it_is_back():
    store = Store(cell)
    case = store.open_case()
    cell.end("escalate")
    wait_until(lambda: store.row(case, "clock_timestamp() > due_at") == ["t"], PATIENCE_S, "nobody took it in time")
    assert store.steps(case) == ["case_opened"]
    cell.begin("escalate")
    store.await_steps(case, "case_opened", "case_climbed")


def log_of(name="escalate"):
    return (cell.folder / f"{name}.log").read_text()


def a_stopped_one_begins_from_its_snapshot():
    store = Store(cell)
    case = store.open_case()
    assert cell.end("escalate") == 0
    cell.begin("escalate")
    assert "snapshot-read" in log_of().split("starting")[-1]
    store.answer(case, round=int(store.row(case, "round")[0]))
    assert store.row(case, "state") == ["resolved"]


def a_damaged_snapshot_is_told_of_and_not_used():
    store = Store(cell)
    case = store.open_case()
    cell.end("escalate")
    snapshot = cell.folder / "state/escalate.snapshot"
    data = bytearray(snapshot.read_bytes())
    data[len(data) // 2] ^= 1
    snapshot.write_bytes(data)
    cell.begin("escalate")
    assert "snapshot-ignored" in log_of().split("starting")[-1]
    store.answer(case, round=int(store.row(case, "round")[0]))
    assert store.row(case, "state") == ["resolved"]


def persist_killed_under_load_leaves_no_event_undecided_and_none_decided_twice():
    store = Store(cell)
    load = Load(store, 1000)
    for kill in range(2):
        wait_until(lambda: store.verdicts()[0] > 250 * kill or not load.is_alive(), PATIENCE_S, "some are decided")
        cell.kill("persist")
        cell.begin("persist")
    load.join()
    wait_until(lambda: store.verdicts()[0] >= 1000, PATIENCE_S, "all are decided")
    assert store.verdicts() == (1000, 1000)


class Standby:
    """A second escalate beside the cell's own."""

    def __enter__(self):
        self.ready = cell.folder / "standby.ready"
        (cell.folder / "standby").mkdir(exist_ok=True)
        self.ready.unlink(missing_ok=True)
        log = open(cell.folder / "standby.log", "ab")
        environment = dict(cell.environment, BELLHOP_READY_FILE=str(self.ready), BELLHOP_STATE_DIR=str(cell.folder / "standby"))
        self.child = subprocess.Popen([BUILD / "bin/bellhop-escalate"], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                      env=environment, preexec_fn=die_with_parent)
        wait_until(self.ready.exists, PATIENCE_S, "the standby is ready")
        return self

    def __exit__(self, *_):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
        self.child.wait(20)


def a_standby_takes_over_and_contradicts_nothing():
    store = Store(cell)
    with Standby():
        before = store.open_case()
        store.ask(*store.remedies(50))
        cell.kill("escalate")
        store.ask(*store.remedies(50))
        wait_until(lambda: store.verdicts()[0] >= 101, PATIENCE_S, "the standby decides")
        assert store.verdicts() == (101, 101)
        store.answer(before, round=int(store.row(before, "round")[0]))
        wait_until(lambda: store.row(before, "state") == ["resolved"], PATIENCE_S, "the case is resolved")
        assert "deciding" in log_of("standby")
    cell.begin("escalate")
    assert store.ask(*store.remedies(1), await_verdict=True).verdicts[0].outcome == decision_pb2.Verdict.GRANTED


def one_that_was_paused_finds_itself_replaced_and_steps_back():
    store = Store(cell)
    store.ask(*store.remedies(20))
    with Standby():
        os.kill(cell.pid("escalate"), signal.SIGSTOP)
        store.ask(*store.remedies(50))
        wait_until(lambda: store.verdicts()[0] >= 70, PATIENCE_S, "the standby decides")
        os.kill(cell.pid("escalate"), signal.SIGCONT)
        store.ask(*store.remedies(50))
        wait_until(lambda: store.verdicts()[0] >= 120, PATIENCE_S, "all is decided")
        assert store.verdicts() == (120, 120)
        wait_until(lambda: "lease-lost" in log_of().split("starting")[-1], PATIENCE_S, "the paused one steps back")
    store.ask(*store.remedies(10))
    wait_until(lambda: store.verdicts() == (130, 130), PATIENCE_S, "it decides again when the other is gone")


def an_event_at_which_it_died_three_times_is_quarantined_and_the_next_is_not():
    store = Store(cell)
    store.open_case()
    cell.end("escalate")
    poison, fine = store.remedies(2)
    receipts = store.ask(poison, fine).receipts
    marker = cell.folder / "state/escalate.marker"
    seq, epoch = receipts[0].position.seq, receipts[0].position.epoch
    marker.write_bytes(struct.pack("=IIQQIIQ", 0x42484D31, 2, seq, seq, epoch, epoch, 1))
    cell.begin("escalate")
    wait_until(lambda: store.register.verdict(poison.id, 2000).verdict.outcome == decision_pb2.Verdict.UNDECIDED, PATIENCE_S,
               "the event is quarantined")
    assert store.register.verdict(fine.id, 5000).verdict.outcome == decision_pb2.Verdict.GRANTED

    def health():
        try:
            urllib.request.urlopen(f"http://{cell.http('escalate')}/healthz", timeout=5)
            return 200
        except urllib.error.HTTPError as error:
            return error.code

    wait_until(lambda: health() == 503, PATIENCE_S, "health is red")


def a_policy_that_does_not_load_is_refused_at_the_start_with_its_place():
    broken = cell.folder / "broken.yaml"
    broken.write_text(SHIPPED.read_text().replace("currency: EUR", "currency: EUR\nsurprise: 1", 1))
    environment = dict(cell.environment, BELLHOP_POLICY=str(broken), BELLHOP_READY_FILE=str(cell.folder / "broken.ready"))
    ended = subprocess.run([BUILD / "bin/bellhop-escalate"], env=environment, stderr=subprocess.PIPE, text=True, timeout=20)
    line = broken.read_text().splitlines().index("surprise: 1") + 1
    assert ended.returncode == 2, ended
    assert f"line={line}" in ended.stderr and "column=1" in ended.stderr, ended.stderr


if __name__ == "__main__":
    with cell:
        status = support.tell(
            a_case_that_nobody_takes_climbs_level_by_level_and_is_told_again_at_the_top,
            an_acknowledged_case_waits_for_its_answer_and_is_opened_again_without_one, the_steps_of_a_case_show_that_a_graver_one_muted_it, an_answered_case_is_left_alone,
            an_act_of_a_round_that_is_over_meets_the_present_state,
            deadlines_that_passed_while_it_was_away_are_noticed_when_it_is_back, killed_under_load_it_decides_every_event_once,
            a_stopped_one_begins_from_its_snapshot, a_damaged_snapshot_is_told_of_and_not_used,
            persist_killed_under_load_leaves_no_event_undecided_and_none_decided_twice,
            a_standby_takes_over_and_contradicts_nothing,
            one_that_was_paused_finds_itself_replaced_and_steps_back,
            a_policy_that_does_not_load_is_refused_at_the_start_with_its_place,
            an_event_at_which_it_died_three_times_is_quarantined_and_the_next_is_not)
        if status:
            cell.show_logs()
    sys.exit(status)
