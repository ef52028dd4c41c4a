#!/usr/bin/python3
"""lived: a log that has heard every event there is, read by every view, and each of its decisions explained.

The log is the demo's day and more: each body with each field set, exercises, late and old events, repeats, conflicts, what is
refused at the door, policies with zones, one that is refused, and the real week's first calls where the data is there.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from append_support import Peer
from support import BUILD, ROOT, Cell, Register, event, now_us, tell, wait_until

from google.protobuf.descriptor import FieldDescriptor
from bellhop.v1 import event_pb2

HOUR_US = 3600 * 10**6
DAY_US = 24 * HOUR_US
ZONED = "zone: Europe/Vienna\nstores: { york: { zone: America/New_York } }\n"
QUICK = ("nobody_home_after: 60s", "nobody_home_after: 1s")
# Columns that nothing in this log fills, and why.
EMPTY = {f"overdue_deadline.{column}" for column in ("what", "id", "store_id", "interaction_id", "due_at", "overdue")}  # all is well


class Lived:
    """The cell, made by the first story that asks for it."""
    cell = None


def bellhop(*arguments, expect=0):
    done = subprocess.run([BUILD / "bin/bellhop", *arguments], env=Lived.cell.environment, text=True, capture_output=True, timeout=120)
    assert expect is None or done.returncode == expect, (arguments, done)
    return done


def as_role(role, query):
    return subprocess.run(["psql", "-XqAtd", Lived.cell.postgres("admin").strip(), "-F", "\x1f", "-v", "ON_ERROR_STOP=1", "-c",
                           f"SET ROLE {role}", "-c", query], capture_output=True, text=True)


# --- the log

TEXTS = {"currency": "EUR", "role": "shift_lead", "to_employee_id": "noah", "escalation_id": "1-2-0", "follow_up_id": "1-2-0",
         "for_employee_id": "mira", "topic": "hinges", "product_id": "oil-change", "reason": "left"}


def fill(message, name, number):
    """Each field of a message gets a value that is accepted."""
    for field in message.DESCRIPTOR.fields:
        if field.type == FieldDescriptor.TYPE_MESSAGE:
            made = getattr(message, field.name)
            fill(made.add() if field.label == FieldDescriptor.LABEL_REPEATED else made, name, number)
            continue
        if field.type == FieldDescriptor.TYPE_STRING:
            value = TEXTS.get(field.name, f"{field.name.removesuffix('_id')}-{number}")
        elif field.type == FieldDescriptor.TYPE_BOOL:
            value = True
        elif field.type == FieldDescriptor.TYPE_ENUM:
            values = field.enum_type.values
            value = values[number % len(values)].number
        elif field.type == FieldDescriptor.TYPE_BYTES:
            value = b"x" * 16
        else:
            value = (now_us() + HOUR_US if field.name.endswith("_at") or field.name == "at" else 1 + number % 5 if field.name == "rating"
                     else 600000 + number if field.name.endswith("_ms") else 3000 + 9000 * number if field.name == "minor" else 1 + number)
        if field.label == FieldDescriptor.LABEL_REPEATED:
            getattr(message, field.name).append(value)
        else:
            setattr(message, field.name, value)


def bodies():
    """What a register may send, by the message Event itself."""
    system = {"deadline_passed", "policy_proposed", "serving_started", "serving_ended"}
    return [field.name for field in event_pb2.Event.DESCRIPTOR.oneofs_by_name["body"].fields if field.name not in system]


def everything(number, **envelope):
    """One contact in which everything there is happens, in the order of the fields but for its end."""
    order = [name for name in bodies() if name not in ("interaction_opened", "interaction_closed")]
    made = []
    for name in ["interaction_opened", *order, "interaction_closed"]:
        one = event(name, source="harbour/till-9", store_id="harbour", interaction_id=f"all-{number}", employee_id="mira",
                    customer_id=f"c-{number}", occurred_at=now_us(), **envelope)
        fill(getattr(one, name), name, number)
        one.labels.add(name="how", value="walked in")
        made.append(one)
    return made


def sequenced(one, incarnation, sequence):
    one.incarnation, one.sequence = incarnation, sequence
    return one


def live(cell):
    register = Register(cell.publish)
    for number in range(6):
        register.ask(*everything(number), await_verdict=True)
    register.ask(*everything(7, drill=True))
    late = everything(8)
    for one in late:
        one.occurred_at -= 2 * HOUR_US
    register.ask(*late)
    old = everything(9)
    for one in old:
        one.occurred_at -= 40 * DAY_US
    register.ask(*old)
    # a no where a yes was allowed, a request withdrawn while its case is open, and promises that nobody made
    remedy = dict(source="harbour/till-9", store_id="harbour", employee_id="mira", customer_id="kay")
    money = event_pb2.Money(minor=2000, currency="EUR")
    register.ask(event("remedy_refused", interaction_id="no-1", remedy_id="no-1", amount=money, **remedy),
                 event("remedy_requested", interaction_id="no-2", remedy_id="no-2", kind=event_pb2.REFUND,
                       amount=event_pb2.Money(minor=90000, currency="EUR"), **remedy),
                 event("remedy_withdrawn", interaction_id="no-2", remedy_id="no-2", **remedy),
                 event("promise_kept", interaction_id="no-3", promise_id="nobody-made", **remedy),
                 event("promise_withdrawn", interaction_id="no-3", promise_id="nobody-made-either", **remedy),
                 event("promise_renegotiated", interaction_id="no-3", promise_id="nor-this", due_at=now_us() + HOUR_US, **remedy))
    # a request outside any contact
    outside = event("remedy_requested", remedy_id="no-contact", kind=event_pb2.GOODWILL, amount=money, **remedy)
    outside.ClearField("interaction_id")
    register.ask(outside)
    # a contact that is handed over twice, and whoever can answer that
    visit = dict(source="harbour/till-9", store_id="harbour", interaction_id="twice", customer_id="tom")
    register.ask(event("interaction_opened", channel=event_pb2.COUNTER, employee_id="mira", **visit),
                 event("handed_over", to_employee_id="noah", employee_id="mira", **visit),
                 event("handed_over", to_employee_id="olga", employee_id="noah", **visit),
                 event("on_duty", role="head_office", employee_id="olaf", source="harbour/till-9", store_id="harbour"), await_verdict=True)
    # a customer who is failed twice
    failed = dict(source="harbour/till-9", store_id="harbour", customer_id="ann", employee_id="mira", outcome=event_pb2.DISSATISFIED)
    register.ask(event("interaction_closed", interaction_id="failed-1", **failed), event("interaction_closed", interaction_id="failed-2", **failed))
    # whoever is called cannot come, and somebody else of that level is there
    duty = dict(source="harbour/till-9", store_id="harbour")
    register.ask(event("on_duty", role="shift_lead", employee_id="lena", **duty), event("on_duty", role="shift_lead", employee_id="rosa", **duty),
                 event("remedy_requested", interaction_id="not-me", remedy_id="not-me", kind=event_pb2.REFUND,
                       amount=event_pb2.Money(minor=9000, currency="EUR"), **remedy), await_verdict=True)
    case = Lived.cell.sql("SELECT escalation_id, round FROM bellhop.escalation WHERE interaction_id = 'not-me'")[0]
    register.ask(event("case_declined", escalation_id=case[0], round=int(case[1]), reason="busy", employee_id="lena", **duty), await_verdict=True)
    # she lends her level to noah, who answers with it
    case = Lived.cell.sql("SELECT escalation_id, round FROM bellhop.escalation WHERE interaction_id = 'not-me'")[0]
    register.ask(event("authority_lent", to_employee_id="noah", until_at=now_us() + HOUR_US, employee_id="rosa", **duty),
                 event("case_answered", escalation_id=case[0], round=int(case[1]), answer=event_pb2.GRANTED,
                       amount=event_pb2.Money(minor=9000, currency="EUR"), employee_id="noah", **duty), await_verdict=True)
    # numbers with a gap, a repeat, another event of the same id, one that is refused, a clock that is wrong
    first = sequenced(event(source="harbour/till-8", store_id="harbour"), "a", 1)
    register.ask(first, sequenced(event(source="harbour/till-8", store_id="harbour"), "a", 4))
    register.ask(first)
    first.interaction_id = "another"
    register.ask(first)
    bad = event(source="harbour/till-8", store_id="har bour")
    register.ask(bad)
    register.ask(event(source="harbour/till-7", store_id="harbour", occurred_at=now_us() + 3 * HOUR_US), sent_at=now_us() + 3 * HOUR_US)
    register.close()


def policies(folder):
    """Zones travel as tables, which begin before time."""
    text = (folder / "retail.yaml").read_text()
    zoned = folder / "zoned.yaml"
    zoned.write_text(text.replace("\nladder:", f"\n{ZONED}\nladder:", 1).replace(*QUICK))
    bellhop("policy", "activate", str(zoned))


def of_the_system(body, **fields):
    made = event(body, source="bellhop/relay", **fields)
    made.ClearField("interaction_id")
    return made


def serving(cell):
    """A level is served, and then it is not: its cases climb. Cases of a second hand-over and of a second failure are answered. A policy is refused."""
    peer = Peer(cell.append)
    peer.append(of_the_system("serving_started", store_id="harbour", subscriber="pager-1", role="store_manager", relay="relay-1", run="1"))
    peer.append(of_the_system("serving_ended", store_id="harbour", subscriber="pager-1", role="store_manager", reason="left", relay="relay-1",
                              run="1"))
    refused = of_the_system("policy_proposed", name="broken", document=b"policy: broken\nladder: []\n")
    refused.ClearField("store_id")
    peer.append(refused)
    peer.close()
    for rule in ("A4", "G7"):
        case = cell.sql(f"SELECT escalation_id FROM bellhop.escalation WHERE rule_id = '{rule}' AND state = 'open' AND NOT drill LIMIT 1")[0][0]
        bellhop("answer", case, "done", "--as", "olaf")
    # a third employee, after the demo's two, had a hard case and says whether they were able to help
    hard = cell.sql("SELECT escalation_id FROM bellhop.escalation WHERE severity = 'high' AND state = 'open' AND NOT drill AND store_id = 'harbour' "
                    "AND NOT silenced LIMIT 1")[0][0]
    bellhop("answer", hard, "done", "--as", "olaf")
    bellhop("publish", "staff_word", "--store", "harbour", "--employee", "olaf", "--set", f"escalation_id={hard}", "--set", "able=false",
            "--await-verdict")
    wait_until(lambda: cell.sql("SELECT count(*) > 0 FROM bellhop.escalation WHERE climb_reason IS NOT NULL") == [["t"]], 60, "cases climb")


def begin():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="bellhop-lived.")).resolve()
    (folder / "retail.yaml").write_text((ROOT / "services/escalate/policy/retail.yaml").read_text() + f"# for the demo in {folder}\n")
    cell = Lived.cell = Cell(folder, BELLHOP_POLICY=str(folder / "retail.yaml"))
    cell.is_temporary = True
    cell.start()
    wait_until(lambda: cell.sql("SELECT count(*) FROM bellhop_log.policy_result") == [["1"]], 60, "a policy is in force")
    played = subprocess.run([BUILD / "tests/demo/demo", folder], env=cell.environment, text=True, capture_output=True, timeout=180)
    assert played.returncode == 0, played.stdout + played.stderr
    policies(folder)
    live(cell)
    serving(cell)
    wait_until(lambda: cell.sql("SELECT head - cursor FROM bellhop.position") == [["0"]], 60, "everything is decided")


# --- what is seen of it

def every_event_there_is_has_been_heard():
    begin()
    heard = {row[0] for row in Lived.cell.sql("SELECT DISTINCT f.name FROM bellhop_log.event e JOIN bellhop_log.message_field f ON "
                                              "f.message = 'Event' AND f.number = e.type")}
    missing = set(bodies()) | {"deadline_passed", "policy_proposed", "serving_started", "serving_ended"}
    assert missing <= heard, missing - heard


def views():
    return [row[0] for row in Lived.cell.sql("SELECT table_name FROM information_schema.views WHERE table_schema = 'bellhop' ORDER BY 1")]


def every_view_can_be_read_whole_by_whoever_may():
    for view in views():
        for role in ("bellhop_analyst", "bellhop_coach"):
            read = as_role(role, f"SELECT * FROM bellhop.{view}")
            if view == "coaching" and role == "bellhop_analyst":
                assert "permission denied" in read.stderr, read
            else:
                assert read.returncode == 0, (view, role, read.stderr)


def every_column_says_something():
    empty = set()
    for view in views():
        columns = [row[0] for row in Lived.cell.sql("SELECT column_name FROM information_schema.columns WHERE table_schema = 'bellhop' "
                                                    f"AND table_name = '{view}' ORDER BY ordinal_position")]
        counts = Lived.cell.sql("SELECT " + ", ".join(f'count("{column}")' for column in columns) + f" FROM bellhop.{view}")[0]
        empty |= {f"{view}.{column}" for column, count in zip(columns, counts) if count == "0"}
    assert empty == EMPTY, (sorted(empty - EMPTY), sorted(EMPTY - empty))


def every_decision_is_explained():
    decided = Lived.cell.sql("SELECT epoch, seq, count(*) FROM bellhop_log.decision GROUP BY 1, 2 ORDER BY 2")
    assert len(decided) > 150, len(decided)
    wrong = []
    for epoch, seq, count in decided:
        told = bellhop("why", f"{epoch}-{seq}", expect=None).stdout
        if len(re.findall(rf"^{epoch}-{seq}-\d+  ", told, re.M)) != int(count):
            wrong.append((f"{epoch}-{seq}", "not all of its decisions", told))
        for one in re.split(r"\n\n(?=\d)", told):
            reasons = len(re.findall(r"^  (?:Because|The rule|For the same reason)", one, re.M))
            if not reasons or re.search(r"cannot be read|does not hold any more|\(null\)", one):
                wrong.append((f"{epoch}-{seq}", "no reason", one))
    assert not wrong, "\n".join(" ".join(one) for one in wrong)
    for (one,) in Lived.cell.sql("SELECT epoch || '-' || seq || '-' || ordinal FROM bellhop_log.decision WHERE rule_id = 'A8'"):
        assert "A8" in bellhop("why", one).stdout, one


def why_not_answers_of_every_rule():
    text = (ROOT / "services/escalate/policy/retail.yaml").read_text()
    for rule in sorted(set(re.findall(r"^- id: (\S+)$", text, re.M))):
        told = bellhop("why-not", "all-0", rule).stdout
        assert f"The rule {rule} was " in told, told


if __name__ == "__main__":
    try:
        ended = tell(every_event_there_is_has_been_heard, every_view_can_be_read_whole_by_whoever_may, every_column_says_something,
                     every_decision_is_explained, why_not_answers_of_every_rule)
    finally:
        if Lived.cell:
            if os.environ.get("KEEP_LOGS"):
                Lived.cell.show_logs()
            Lived.cell.stop()
    sys.exit(ended)
