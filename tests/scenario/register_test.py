#!/usr/bin/python3
"""A register on the client library through trouble: killed services, an outage, a kill of its own. Nothing is lost, nothing twice."""
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
import uuid

import support
from support import BUILD, Register, event, publish_pb2, wait_until

cell = support.Cell()
folder = tempfile.TemporaryDirectory(prefix="bellhop-register.")


class Till:
    """tests/support/register as a process; what it said, by the first word of each line."""

    def __init__(self, name, *arguments, endpoint=None):
        self.source = f"17/{name}"
        self.said = {}
        spool = pathlib.Path(folder.name) / name
        self.process = subprocess.Popen([BUILD / "tests/support/register", spool, self.source, *map(str, arguments)], text=True,
                                        env=dict(cell.environment, BELLHOP_PUBLISH=endpoint or cell.publish), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.listener = threading.Thread(target=self.listen)
        self.listener.start()

    def listen(self):
        for line in self.process.stdout:
            word, _, rest = line.strip().partition(" ")
            self.said.setdefault(word, []).append(rest)

    def heard(self, word):
        return len(self.said.get(word, []))

    def finish(self, most_s=60):
        status = self.process.wait(most_s)
        self.listener.join()
        assert status == 0, self.process.stderr.read()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.listener.join()

    def stored(self):
        return [row[0] for row in cell.sql(f"SELECT event_id FROM bellhop.event WHERE source = '{self.source}' ORDER BY seq")]

    def is_stored_once_and_in_order(self):
        rows = cell.sql(f"SELECT source_sequence FROM bellhop.event WHERE source = '{self.source}'")
        assert len(rows) == len(set(map(tuple, rows))), "twice"
        assert sorted(self.stored()) == sorted(self.said["taken"]), (len(rows), self.heard("taken"))


def what_a_register_takes_in_is_committed_once_in_its_order():
    till = Till("steady", 500)
    till.finish()
    assert till.heard("committed") == 500
    assert till.stored() == till.said["taken"]


def ingest_killed_under_load_loses_nothing():
    till = Till("kill-ingest", 1500, 1000)
    for most in (200, 600, 1000):
        wait_until(lambda: till.heard("committed") > most, 60, f"{most} are committed")
        cell.kill("ingest")
        cell.begin("ingest")
    till.finish()
    till.is_stored_once_and_in_order()


def persist_killed_under_load_loses_nothing():
    till = Till("kill-persist", 1500, 1000)
    for most in (300, 900):
        wait_until(lambda: till.heard("committed") > most, 60, f"{most} are committed")
        cell.kill("persist")
        cell.begin("persist")
    till.finish()
    till.is_stored_once_and_in_order()


def without_persist_registers_are_answered_busy_and_go_on_when_it_returns():
    register = Register(cell.publish)
    register.ask(event())
    cell.end("persist")
    wait_until(lambda: cell.metric("ingest", "bellhop_ingest_busy_total") > 0 or is_busy(register), 30, "it is busy")
    register.publish(event())
    reply = register.reply().publish
    assert reply.retry_after_ms > 0 and reply.busy_reason == "log_unavailable" and not reply.receipts, reply
    till = Till("outage", 50)
    wait_until(lambda: till.heard("taken") == 50, 30, "all is taken in")
    assert till.heard("committed") == 0
    cell.begin("persist")
    till.finish()
    assert till.stored() == till.said["taken"]
    assert register.ask(event()).receipts[0].result == publish_pb2.Receipt.COMMITTED
    register.close()


def health(service):
    try:
        with urllib.request.urlopen(f"http://{cell.http(service)}/healthz", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def without_the_database_whoever_answers_busy_is_red_and_status_says_unreachable():
    register = Register(cell.publish)
    register.ask(event())
    cell.postgres("kill")
    wait_until(lambda: is_busy(register), 30, "it is busy")
    status, said = health("ingest")
    assert status == 503 and "registers are answered busy: database_away" in said, said
    told = subprocess.run([BUILD / "bin/bellhop", "status"], text=True, env=cell.environment, capture_output=True)
    assert told.returncode == 3 and '{"' not in told.stdout, told
    cell.postgres("start")
    wait_until(lambda: not is_busy(register), 30, "it goes on")
    assert health("ingest")[0] == 200, health("ingest")
    register.close()


def is_busy(register):
    register.publish(event())
    reply = register.reply(2)
    return reply is not None and reply.publish.HasField("retry_after_ms")


def an_offline_register_that_was_killed_comes_back_with_its_spool():
    cell.end("ingest")
    till = Till("offline", 200)
    wait_until(lambda: till.heard("taken") == 200, 30, "all is taken in")
    till.kill()
    again = Till("offline", 1)
    wait_until(lambda: again.heard("taken") == 1, 30, "one more is taken in")
    cell.begin("ingest")
    again.finish()
    assert again.stored() == till.said["taken"] + again.said["taken"]
    numbers = cell.sql(f"SELECT source_sequence FROM bellhop.event WHERE source = '{till.source}' ORDER BY seq")
    assert numbers == [[str(number)] for number in range(1, 202)], "the numbering goes on"
    assert cell.sql(f"SELECT 1 FROM bellhop.source_gap WHERE source = '{till.source}'") == []


def a_register_killed_under_load_loses_nothing_that_it_took_in():
    till = Till("kill-register", 5000)
    wait_until(lambda: till.heard("committed") > 100, 60, "some are committed")
    till.kill()
    again = Till("kill-register", 0)
    again.finish()
    stored = set(till.stored())
    assert stored.issuperset(till.said["taken"]), "taken in, and lost"
    assert len(stored) - len(till.said["taken"]) <= 1  # the last one may not have been told


def a_graceful_stop_answers_what_was_accepted():
    register = Register(cell.publish)
    source = "17/stopping"
    for _ in range(100):
        register.publish(*[event(source=source) for _ in range(20)])
    replies = [register.reply()]
    cell.end("ingest")
    while (reply := register.reply(0.5)) is not None:
        replies.append(reply)
    cell.begin("ingest")
    committed = [reply for reply in replies if reply.publish.receipts]
    assert all(reply.publish.HasField("retry_after_ms") for reply in replies if reply not in committed)
    stored = cell.sql(f"SELECT count(*) FROM bellhop.event WHERE source = '{source}'")
    assert stored == [[str(20 * len(committed))]], (stored, len(committed))
    register.close()


def the_answer_of_a_case_is_heard_also_by_a_register_that_was_cut_off():
    till = Till("asks", "remedy", 30000)
    wait_until(lambda: till.heard("verdict"), 60, "the verdict is there")
    outcome, case_id = till.said["verdict"][0].split()
    assert outcome == "3", till.said  # ESCALATED
    cell.restart("ingest")
    wait_until(lambda: cell.metric("ingest", "bellhop_ingest_update_sources") > 0, 30, "the register is back")
    office = Register(cell.publish)
    office.ask(event("on_duty", source="17/office", employee_id="boss", role="store_manager"))
    office.ask(event("case_answered", source="17/office", employee_id="boss", escalation_id=case_id, round=1, role="store_manager",
                     answer=support.event_pb2.REFUSED, text="not this time"), await_verdict=True)
    till.finish()
    assert till.said["answer"] == ["REFUSED 0 not this time"], till.said
    answer = office.verdict(uuid.UUID(case_of(case_id)).bytes)
    assert answer.verdict.answer.text == "not this time", answer
    office.close()


def a_register_sees_that_it_may_have_missed_updates():
    def heard_since(register):
        reply = register.ask(event("source_heartbeat", source="17/quiet"), want_updates=True)
        assert reply.receipts[0].result == publish_pb2.Receipt.COMMITTED, reply
        return reply.updates_since_at

    first = Register(cell.publish)
    since = heard_since(first)
    assert since > 0 and heard_since(first) == since
    assert not first.ask(event("source_heartbeat", source="17/quiet")).HasField("updates_since_at")
    second = Register(cell.publish)
    taken = heard_since(second)
    assert taken > since, (taken, since)
    again = heard_since(first)
    assert again > taken, (again, taken)
    cell.restart("persist")
    lost = heard_since(first)
    assert lost > again, (lost, again)
    cell.restart("ingest")
    first.close()
    first = Register(cell.publish)
    assert heard_since(first) > lost
    first.close()
    second.close()


def a_register_on_the_library_knows_its_clock_and_since_when_it_hears_updates():
    till = Till("clock", 1)
    till.finish()
    assert till.said["clock"] == [""], till.said
    assert abs(int(till.said["since"][0]) - support.now_us()) < 300 * 10**6, till.said
    for off_s, said in ((3600, "3600.0 s behind"), (-90, "90.0 s ahead")):  # how far the service's clock is before ours
        door = support.zmq.Context.instance().socket(support.zmq.ROUTER)
        endpoint = f"ipc://{folder.name}/door{off_s}"
        door.bind(endpoint)
        till = Till(f"clock{off_s}", 1, endpoint=endpoint)
        assert door.poll(20000)
        *envelope, request = door.recv_multipart()
        asked = publish_pb2.RegisterRequest.FromString(request).publish
        reply = publish_pb2.RegisterReply()
        reply.publish.request_id = asked.request_id
        reply.publish.server_time = support.now_us() + off_s * 10**6
        reply.publish.updates_since_at = 1714737600000000
        reply.publish.receipts.add(result=publish_pb2.Receipt.COMMITTED, event_id=asked.events[0].id)
        door.send_multipart([*envelope, reply.SerializeToString()])
        till.finish()
        assert abs(float(till.said["clock"][0].split()[0]) - abs(off_s)) < 2 and till.said["clock"][0].split()[2] == said.split()[2], till.said
        assert till.said["since"] == ["1714737600000000"], till.said
        door.close(0)


def a_register_hears_whatever_becomes_of_its_case():
    till, office = Register(cell.publish), Register(cell.publish)
    asked = event("remedy_requested", source="17/hears", store_id="17", interaction_id="hears", employee_id="mira", remedy_id="r-hears",
                  kind=support.event_pb2.REFUND, amount=support.event_pb2.Money(minor=30000, currency="EUR"))
    case = till.ask(asked, await_verdict=True, want_updates=True).verdicts[0].cases[0]
    assert (case.state, case.round, case.role) == ("open", 1, "store_manager"), case
    office.ask(event("case_acknowledged", source="17/office", employee_id="boss", escalation_id=case.escalation_id, round=1,
                     role="store_manager", until_at=support.now_us() + 1000000))
    wait_until(lambda: till.updates or till.reply(0.2), 30, "taken")
    wait_until(lambda: len(till.updates) == 2 or till.reply(0.2), 30, "open again")
    till.ask(event("remedy_withdrawn", source="17/hears", store_id="17", interaction_id="hears", employee_id="mira", remedy_id="r-hears"),
             want_updates=True)
    wait_until(lambda: len(till.updates) == 3 or till.reply(0.2), 30, "overtaken")
    heard = [(update.case.state, update.case.acknowledged_by, update.case.round, update.HasField("answer")) for update in till.updates]
    assert heard == [("acknowledged", "boss", 2, False), ("open", "", 3, False), ("overtaken", "", 4, False)], till.updates
    assert all(update.event_id == asked.id and update.remedy_id == "r-hears" for update in till.updates), till.updates
    now = office.verdict(asked.id).verdict.cases[0]
    assert (now.state, now.round, now.role) == ("overtaken", 4, "store_manager"), now
    till.close()
    office.close()


def a_register_hears_that_whoever_took_its_case_cannot_help():
    till, office = Register(cell.publish), Register(cell.publish)
    for lead in ("lee", "bea"):
        office.ask(event("on_duty", source="19/office", store_id="19", employee_id=lead, role="shift_lead"))
    asked = event("remedy_requested", source="19/till", store_id="19", interaction_id="declined", employee_id="mira", remedy_id="r-declined",
                  kind=support.event_pb2.REFUND, amount=support.event_pb2.Money(minor=9000, currency="EUR"))
    case = till.ask(asked, await_verdict=True, want_updates=True).verdicts[0].cases[0]
    act = {"source": "19/office", "store_id": "19", "employee_id": "lee", "escalation_id": case.escalation_id}
    office.ask(event("case_acknowledged", round=1, **act), await_verdict=True)
    office.ask(event("case_declined", round=2, reason="busy", **act), await_verdict=True)
    wait_until(lambda: len(till.updates) == 2 or till.reply(0.2), 30, "open again, with somebody else")
    assert [update.case.state for update in till.updates] == ["acknowledged", "open"], till.updates
    till.close()
    office.close()


def case_of(case_id):
    return cell.sql(f"SELECT event_id FROM bellhop.escalation WHERE escalation_id = '{case_id}'")[0][0]


def a_subscriber_goes_on_after_relay_was_killed():
    register = Register(cell.publish)
    watch = subprocess.Popen([BUILD / "bin/bellhop", "watch", "--name", "goes-on", "--count", "3", "--json", "case.opened.18"], text=True,
                             env=cell.environment, stdout=subprocess.PIPE)
    wait_until(lambda: cell.sql("SELECT 1 FROM bellhop_log.stream WHERE name = 'goes-on'"), 30, "the stream is there")
    told = []
    for number in range(3):
        register.ask(event("leaving_signalled", store_id="18", interaction_id=f"goes-on-{number}"))
        told.append(json.loads(watch.stdout.readline()))
        if number < 2:
            cell.kill("relay")
            cell.begin("relay")
    assert [one["decision"]["interaction_id"] for one in told] == ["goes-on-0", "goes-on-1", "goes-on-2"], told
    assert watch.wait(30) == 0
    register.close()


if __name__ == "__main__":
    with cell, folder:
        sys.exit(support.tell(
            what_a_register_takes_in_is_committed_once_in_its_order, ingest_killed_under_load_loses_nothing,
            persist_killed_under_load_loses_nothing, without_persist_registers_are_answered_busy_and_go_on_when_it_returns,
            without_the_database_whoever_answers_busy_is_red_and_status_says_unreachable,
            an_offline_register_that_was_killed_comes_back_with_its_spool,
            a_register_killed_under_load_loses_nothing_that_it_took_in, a_graceful_stop_answers_what_was_accepted,
            the_answer_of_a_case_is_heard_also_by_a_register_that_was_cut_off,
            a_register_sees_that_it_may_have_missed_updates,
            a_register_on_the_library_knows_its_clock_and_since_when_it_hears_updates, a_register_hears_whatever_becomes_of_its_case,
            a_register_hears_that_whoever_took_its_case_cannot_help, a_subscriber_goes_on_after_relay_was_killed))
