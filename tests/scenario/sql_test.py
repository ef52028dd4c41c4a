#!/usr/bin/python3
"""The public SQL surface: its views and columns, what they say, and who may read them."""
import base64
import datetime
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.request
import uuid

import append_support
from append_support import BUILD_BIN, Peer, event, id_of, now_us
from support import ROOT, Cell, tell, wait_until

from google.protobuf.descriptor import FieldDescriptor
from bellhop.v1 import decision_pb2, event_pb2

VIEWS = {
    "event": "epoch seq event_id source source_sequence store_id type occurred_at recorded_at interaction_id employee_id "
             "customer_id late drill",
    "decision": "epoch seq ordinal decision_id rule rule_id kind store_id interaction_id decided_at policy_version late drill detail",
    "escalation": "escalation_id interaction_id store_id rule rule_id subject role opened_role severity state opened_at "
                  "acknowledged_at acknowledged_by acknowledged_until resolved_at resolved_by answer owner climbs late drill proof",
    "follow_up": "rule rule_id state customer_id owner due_at",
    "experience": "interaction_id outcome reach",
    "case_step": "escalation_id", "verdict": "event_id", "recognition": "employee_id", "rejected_event": "reason",
    "word_of_mouth": "store_id week good_reach bad_reach", "second_hand_over": "store_id day interaction_id hand_overs escalation_id",
    "no_within_authority": "store_id day refused", "given_without_yes": "store_id day given_without_yes ungranted_minor",
    "loan": "store_id lender borrower state role from_at until_at",
    "lent_authority": "store_id day lender borrower granted granted_minor answered",
    "remedy": "remedy_id interaction_id source state amount_minor returned_minor ungranted_minor",
    "digest": "store_id day compliments kept_promises returning_customers sales_gains",
    "word_of_mouth_day": "store_id day good_reach bad_reach",
    "empowerment_report": "store_id day requested at_counter at_counter_share escalated nearly_at_counter refused_within_authority "
                          "used_at_counter_minor used_minor available_minor interactions hand_overs hand_overs_per_interaction "
                          "given_without_yes",
    "depth": "store_id employee_id day interactions with_needs with_needs_share", "returning_customers": "store_id employee_id day returned",
    "hand_over": "store_id interaction_id occurred_at from_employee_id to_employee_id takes_ownership",
    "policy_history": "policy_version name active_at active_until",
    "telephone": "store_id day calls held held_ms menus announcements hung_up call_backs call_backs_owed hold_cases findings interrupted",
    "finding": "decision_id store_id day rule_id subject value sentence", "remedy_answer": "store_id day remedy_id role answer seconds",
    "time_to_yes": "store_id day role answered granted median_seconds nine_in_ten_seconds longest_seconds",
    "cost_by_level": "store_id day role currency handed_over contacts cost_minor cost_per_contact_minor",
    "second_failure": "store_id day customer_id interaction_id escalation_id state role",
    "more_than_asked": "store_id day interactions needs sales sales_of_needs", "first_contact": "store_id day how first_contacts waited_ms ended_badly",
    "why_they_leave": "store_id week what subject customers leaving_customers",
    "same_care": "store_id week sales_contacts service_contacts sales_waited_seconds service_waited_seconds",
    "regret": "store_id day granted granted_lost refused refused_lost refused_within_authority refused_within_authority_lost sixty_days_over",
    "contacts_until_solved": "store_id day troubles_begun troubles_solved solved_in_one contacts_taken hand_overs_taken minutes_taken",
    "source_gap": "source", "overdue_deadline": "due_at", "coaching": "employee_id",
}


def every_view_has_its_columns():
    with Cell(services=("persist",)) as cell:
        for view, columns in VIEWS.items():
            rows = cell.sql("SELECT column_name FROM information_schema.columns WHERE table_schema = 'bellhop' AND "
                            f"table_name = '{view}'")
            missing = set(columns.split()) - {row[0] for row in rows}
            assert not missing, f"view {view} has no {missing}"


def every_view_and_column_says_what_it_means():
    with Cell(services=("persist",)) as cell:
        silent = cell.sql("SELECT c.relname, coalesce(a.attname, '(itself)') FROM pg_class c JOIN pg_namespace n ON n.oid = "
                          "c.relnamespace LEFT JOIN LATERAL (SELECT a.attname, a.attnum FROM pg_attribute a WHERE a.attrelid = "
                          "c.oid AND a.attnum > 0 UNION ALL SELECT NULL, 0) a ON true LEFT JOIN pg_description d ON d.objoid = "
                          "c.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = a.attnum "
                          "WHERE n.nspname = 'bellhop' AND d.description IS NULL")
        assert not silent, silent
        functions = cell.sql("SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = "
                             "'bellhop' AND obj_description(p.oid) IS NULL")
        assert not functions, functions


def as_role(cell, role, query):
    return subprocess.run(["psql", "-XqAtd", cell.postgres("admin").strip(), "-v", "ON_ERROR_STOP=1", "-c", f"SET ROLE {role}", "-c", query],
                          capture_output=True, text=True)


def analysts_read_everything_but_coaching():
    with Cell(services=("persist",)) as cell:
        views = [row[0] for row in cell.sql("SELECT table_name FROM information_schema.views WHERE table_schema = 'bellhop'")]
        assert "coaching" in views and len(views) > 12
        for view in views:
            read = as_role(cell, "bellhop_analyst", f"SELECT * FROM bellhop.{view}")
            if view == "coaching":
                assert "permission denied" in read.stderr, read
            else:
                assert read.returncode == 0, read.stderr
            assert as_role(cell, "bellhop_coach", f"SELECT * FROM bellhop.{view}").returncode == 0
        for private in ("SELECT * FROM bellhop_log.event", "SELECT * FROM bellhop_log.event_text", "SELECT * FROM bellhop_log.decision",
                        "DELETE FROM bellhop_log.head", "UPDATE bellhop.follow_up SET state = 'done'"):
            assert "permission denied" in as_role(cell, "bellhop_analyst", private).stderr, private


def a_missing_right_to_make_roles_is_told_and_tolerated():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="bellhop-sql."))
    script = ROOT / "tests/support/postgres"
    try:
        url = subprocess.run([script, "start", folder, "--while", str(os.getpid())], check=True, capture_output=True, text=True).stdout.strip()
        admin = subprocess.run([script, "admin", folder], check=True, capture_output=True, text=True).stdout.strip()
        def migrate():
            return subprocess.run([BUILD_BIN / "bellhop-persist", "--migrate"], capture_output=True, text=True,
                                  env=dict(os.environ, BELLHOP_DATABASE_URL=url))
        subprocess.run(["psql", "-Xqd", admin, "-c", "ALTER ROLE bellhop NOCREATEROLE"], check=True)
        first = migrate()
        assert first.returncode == 0 and "roles-missing" in first.stderr and "bellhop_analyst" in first.stderr, first
        subprocess.run(["psql", "-Xqd", admin, "-c", "CREATE ROLE bellhop_analyst", "-c", "CREATE ROLE bellhop_coach"], check=True)
        second = migrate()
        assert second.returncode == 0 and "roles-missing" not in second.stderr, second
        read = subprocess.run(["psql", "-Xqd", admin, "-c", "SET ROLE bellhop_analyst", "-c", "SELECT * FROM bellhop.event"])
        assert read.returncode == 0
    finally:
        subprocess.run([script, "remove", folder], check=True)


# --- decode

LATEST_AT = 253402300799999999  # WIRE_LATEST_AT: the end of the year 9999


def as_json(field, value):
    """As common/wire/json.h says."""
    if field.type == FieldDescriptor.TYPE_MESSAGE:
        return message_as_json(value)
    if field.type == FieldDescriptor.TYPE_ENUM:
        return field.enum_type.values_by_number[value].name
    if field.type == FieldDescriptor.TYPE_BYTES:
        if field.name == "document":
            return value.decode()
        is_id = field.name == "id" or field.name.endswith("_id")
        return str(uuid.UUID(bytes=value)) if is_id and len(value) == 16 else base64.b64encode(value).decode()
    is_instant = field.type == FieldDescriptor.TYPE_INT64 and (field.name.endswith(("_at", "_time", "_until")) or field.name == "at")
    if is_instant and 0 <= value <= LATEST_AT:  # a zone's first offset is from the beginning of time
        moment = datetime.datetime.fromtimestamp(value // 10**6, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
        fraction = f"{value % 10**6:06}".rstrip("0")
        return f"{moment}.{fraction}Z" if fraction else f"{moment}Z"
    return value


def message_as_json(message):
    return {field.name: [as_json(field, one) for one in value] if field.label == FieldDescriptor.LABEL_REPEATED else as_json(field, value)
            for field, value in message.ListFields()}


def fill(message, seed):
    """Something in every field, but in one member of each oneof."""
    for number, field in enumerate(message.DESCRIPTOR.fields):
        if field.containing_oneof and field is not field.containing_oneof.fields[seed % len(field.containing_oneof.fields)]:
            continue
        is_list = field.label == FieldDescriptor.LABEL_REPEATED
        for repeat in range(2 if is_list else 1):
            if field.type == FieldDescriptor.TYPE_MESSAGE:
                fill(getattr(message, field.name).add() if is_list else getattr(message, field.name), seed + number + repeat)
                if not is_list:
                    getattr(message, field.name).SetInParent()
                continue
            values = {
                FieldDescriptor.TYPE_STRING: ["", "ümläut \"quoted\" \\ \n\t\x01 it's", "😀"],
                FieldDescriptor.TYPE_BYTES: [bytes(range(16)), b"", bytes(range(200)) * 2] if field.name != "document" else ["ä: 1\n".encode()],
                FieldDescriptor.TYPE_BOOL: [True, False],
                FieldDescriptor.TYPE_INT32: [0, 1, -1, 2**31 - 1, -2**31],
                FieldDescriptor.TYPE_UINT32: [0, 127, 128, 2**32 - 1],
                FieldDescriptor.TYPE_INT64: [0, now_us(), 1714737600000000, -2**63, 10**15 + 500000, LATEST_AT + 1],
                FieldDescriptor.TYPE_UINT64: [0, 300, 2**63 + 1, 2**64 - 1],
            }
            if field.type == FieldDescriptor.TYPE_ENUM:
                value = field.enum_type.values[(seed + repeat) % len(field.enum_type.values)].number
            else:
                choices = values[field.type]
                value = choices[(seed + number + repeat) % len(choices)]
            if is_list:
                getattr(message, field.name).append(value)
            else:
                setattr(message, field.name, value)


def decode_says_what_every_message_holds():
    with Cell(services=("persist",)) as cell:
        for kind, oneof in ((event_pb2.Event, "body"), (decision_pb2.Decision, "body")):
            for seed in range(2 * len(kind.DESCRIPTOR.oneofs_by_name[oneof].fields)):
                message = kind()
                fill(message, seed)
                packed = message.SerializeToString(deterministic=True).hex()
                decoded = cell.sql(f"SELECT bellhop.decode('{kind.DESCRIPTOR.name}', '\\x{packed}')")[0][0]
                expected = message_as_json(message)
                assert json.loads(decoded) == expected, f"{json.loads(decoded)}\ninstead of\n{expected}"
        assert cell.sql("SELECT bellhop.decode('Event', ''), bellhop.decode('Event', NULL) IS NULL") == [["{}", "t"]]
        unknown = event_pb2.Event(source="a").SerializeToString() + bytes.fromhex("f8ff0105" "f9ff01" "0000000000000000" "fdff01" "00000000")
        assert cell.sql(f"SELECT bellhop.decode('Event', '\\x{unknown.hex()}')") == [['{"source": "a"}']]


# --- what they say

MONDAY = 1714953600 * 10**6  # 2024-05-06


def decision(receipt, kind, ordinal=0, **fields):
    """As escalate makes it: its body says on which day of the store, here of UTC, it was."""
    for body in fields.values():
        names = getattr(body, "DESCRIPTOR", None) and body.DESCRIPTOR.fields_by_name
        if names and "day" in names and not body.HasField("day"):
            at = [getattr(body, name) for name in ("requested_at", "occurred_at", "opened_at") if name in names and body.HasField(name)]
            body.day = datetime.datetime.fromtimestamp((at or [now_us()])[0] // 10**6, datetime.timezone.utc).date().isoformat()
    return append_support.decision(receipt, kind, ordinal, **fields)


def served(receipt, ordinal, employee, authority=None, day=MONDAY, **fields):
    made = decision_pb2.DayServed(store_id="17", employee_id=employee, from_at=day, until_at=day + 86400 * 10**6, **fields)
    if authority:
        made.authority.minor, made.authority.currency = authority, "EUR"
    made.day = datetime.datetime.fromtimestamp(day // 10**6, datetime.timezone.utc).date().isoformat()
    return decision(receipt, "DAY_SERVED", ordinal, day_served=made)


def late_is_by_the_policy_in_force():
    with Cell(services=("persist",)) as cell:
        peer = Peer(cell.append)
        receipt = peer.begin_log()
        accepted = decision_pb2.PolicyResult(name="test", policy_version=1, late_after_ms=60000)
        assert peer.decide(0, 1, decision(receipt, "POLICY_ACCEPTED", policy=accepted)).stored
        peer.append(event(occurred_at=now_us() - 61 * 10**6), event(occurred_at=now_us() - 59 * 10**6), event())
        assert cell.sql("SELECT late FROM bellhop.event ORDER BY seq") == [["f"], ["t"], ["f"], ["f"]]
        # A clock that was wrong by an hour: what it says of itself decides, not the time that was corrected by it.
        batch = peer.batch(event(occurred_at=now_us() - 3600 * 10**6), sent_at=now_us() - 3600 * 10**6)
        batch.events[0].occurred_at += 3600 * 10**6
        batch.events[0].skew_ms = 3600 * 1000
        peer.send("batch", batch)
        assert peer.next("result").receipts[0].result == 1
        assert cell.sql("SELECT late, skew_ms FROM bellhop.event WHERE seq = 5") == [["f", "3600000"]]


def what_nobody_noticed_is_overdue():
    with Cell(services=("persist",)) as cell:
        peer = Peer(cell.append)
        peer.begin_log()
        receipt = peer.append(event())[0]
        old, soon = now_us() - 3600 * 10**6, now_us() + 3600 * 10**6
        case = lambda number, **fields: decision(receipt, "CASE_OPENED", number, **{"case": decision_pb2.Case(  # noqa: E731
            escalation_id=id_of(receipt, number), store_id="17", **fields)})
        task = lambda number, **fields: decision(receipt, "FOLLOW_UP_OPENED", number, follow_up=decision_pb2.FollowUp(  # noqa: E731
            follow_up_id=id_of(receipt, number), **fields))
        vow = lambda number, silenced=False, **fields: decision(receipt, "PROMISE_CHANGED", number, silenced=silenced,  # noqa: E731
                                                                promise=decision_pb2.Promise(promise_id=f"p{number}", store_id="17", **fields))
        assert peer.decide(0, 2, case(0, state="open", due_at=old), case(1, state="acknowledged", due_at=old),
                           case(2, state="resolved", due_at=old), case(3, state="open", due_at=soon), case(4, state="open"),
                           task(5, state="open", due_at=old), task(6, state="done", due_at=old), task(7, state="overdue", due_at=old),
                           task(8, state="open", due_at=old, silenced=True), task(9, state="open", due_at=soon),
                           vow(10, state="open", due_at=old), vow(11, state="renegotiated", due_at=old), vow(12, state="kept", due_at=old),
                           vow(13, state="open", due_at=soon), vow(14, silenced=True, state="open", due_at=old)).stored
        assert cell.sql("SELECT what, id FROM bellhop.overdue_deadline ORDER BY 2") == [
            ["case", id_of(receipt, 0)], ["case", id_of(receipt, 1)], ["follow_up", id_of(receipt, 5)],
            ["promise", "p10"], ["promise", "p11"]]
        peer.append(event())
        undecided = "SELECT id FROM bellhop.overdue_deadline WHERE what = 'undecided_event'"
        assert cell.sql(undecided) == []
        cell.sql("UPDATE bellhop_log.event SET recorded_at = now() - interval '2 minutes' WHERE seq = 3")
        assert cell.sql(undecided) == [["1-3"]]
        # persist says so, though no escalate is there
        overdue = int(cell.sql("SELECT count(*) FROM bellhop.overdue_deadline")[0][0])
        wait_until(lambda: cell.metric("persist", "bellhop_persist_overdue_deadlines") == overdue, 30, "persist counts what is overdue")
        assert cell.metric("persist", "bellhop_persist_oldest_overdue_milliseconds") >= 3600000
        with urllib.request.urlopen(f"http://{cell.http('persist')}/healthz", timeout=5) as answer:  # 200: persist does its job
            told = answer.read().decode()
        assert '"state":"yellow"' in told and f"{overdue} overdue, the oldest is" in told, told


def G3_word_of_mouth_sums_the_reach_by_store_and_week():
    with Cell(services=("persist",)) as cell:
        peer = Peer(cell.append)
        peer.begin_log()
        receipt = peer.append(event())[0]
        monday = 1714953600 * 10**6  # 2024-05-06
        def experience(ordinal, store, feeling, reach, day, **fields):
            made = decision_pb2.Experience(store_id=store, outcome="SERVED", feeling=feeling, reach=reach, **fields,
                                           occurred_at=monday + day * 86400 * 10**6)
            return decision(receipt, "EXPERIENCE_RECORDED", ordinal, experience=made)
        good, neither, bad = decision_pb2.GOOD, decision_pb2.NEITHER, decision_pb2.BAD
        assert peer.decide(0, 2, experience(0, "17", good, 9, 0), experience(1, "17", bad, 16, 6), experience(2, "17", bad, 16, 3),
                           experience(3, "17", neither, 0, 2), experience(4, "17", good, 9, 7), experience(5, "18", bad, 16, 1),
                           experience(6, "17", bad, 16, 1, drill=True)).stored
        rows = cell.sql("SELECT * FROM bellhop.word_of_mouth ORDER BY 1, 2")
        assert rows == [["17", "2024-05-06", "4", "1", "2", "9", "32"], ["17", "2024-05-13", "1", "1", "0", "9", "0"],
                        ["18", "2024-05-06", "1", "0", "1", "0", "16"]], rows


def A4_second_hand_over_shows_who_was_passed_on_twice():
    with Cell(services=("persist",)) as cell:
        peer = Peer(cell.append)
        peer.begin_log()
        receipt = peer.append(event())[0]
        def case(ordinal, interaction, **fields):
            made = decision_pb2.Case(escalation_id=id_of(receipt, ordinal), store_id="17", interaction_id=interaction, state="open",
                                     opened_at=MONDAY, **{"rule_id": "A4", "causes": 1, **fields})
            return decision(receipt, "CASE_OPENED", ordinal, **{"case": made})
        def met(ordinal, interaction, hand_overs, **fields):
            made = decision_pb2.Experience(store_id="17", interaction_id=interaction, occurred_at=MONDAY, hand_overs=hand_overs, **fields)
            return decision(receipt, "EXPERIENCE_RECORDED", ordinal, experience=made)
        assert peer.decide(0, 2, case(0, "closed", day="2024-05-05"), met(1, "closed", 3), case(2, "goes_on", causes=2),
                           met(3, "no_case", 2), met(4, "once", 1), case(5, "exercise", drill=True), met(6, "exercise", 2, drill=True),
                           case(7, "another_rule", rule_id="C3")).stored
        rows = cell.sql("SELECT interaction_id, day, hand_overs, escalation_id, state FROM bellhop.second_hand_over ORDER BY 1")
        assert rows == [["closed", "2024-05-05", "3", id_of(receipt, 0), "open"], ["goes_on", "2024-05-06", "3", id_of(receipt, 2), "open"],
                        ["no_case", "2024-05-06", "2", "", ""]], rows


def A7_empowerment_report_counts_what_was_decided_at_the_counter_and_A8_what_was_refused():
    with Cell(services=("persist",)) as cell:
        peer = Peer(cell.append)
        peer.begin_log()
        at = lambda hours: MONDAY + hours * 3600 * 10**6  # noqa: E731
        receipt = peer.append(*[event("interaction_opened", interaction_id=f"i{number}", occurred_at=at(number), channel=1) for number in range(3)],
                              *[event("handed_over", interaction_id=f"i{number % 2}", occurred_at=at(5), to_employee_id="tom") for number in range(9)],
                              event("handed_over", interaction_id="i9", occurred_at=at(5), to_employee_id="tom", drill=True),
                              event("interaction_opened", interaction_id="i8", occurred_at=at(24), channel=1))[0]
        money = lambda minor, currency="EUR": event_pb2.Money(minor=minor, currency=currency)  # noqa: E731
        def remedy(ordinal, state, minor, currency="EUR", **fields):
            made = decision_pb2.Remedy(remedy_id=f"r{ordinal}", store_id="17", state=state, amount=money(minor, currency),
                                       requested_at=MONDAY, **{"charged_to": "ann", **fields})
            return decision(receipt, "REMEDY_CHANGED", ordinal, remedy=made)
        def case(ordinal, **proof):
            made = decision_pb2.Case(escalation_id=f"1-9-{ordinal}", store_id="17", rule_id="A2", opened_at=MONDAY,
                                     proof=decision_pb2.Proof(**proof))
            return decision(receipt, "CASE_OPENED", ordinal, **{"case": made})
        def refused(ordinal, remedy_id, **fields):
            made = decision_pb2.Coaching(store_id="17", rule_id="A8", subject=remedy_id, occurred_at=MONDAY, **fields)
            return decision(receipt, "COACHING_MADE", ordinal, coaching=made)
        assert peer.decide(0, 2, remedy(0, "granted", 4000), remedy(1, "reserved", 1000), remedy(2, "refused", 500),
                           remedy(3, "granted", 9000, escalation_id="1-9-4"), case(4, near="CUSTOMER_CAP"), case(5),
                           served(receipt, 6, "ann", 50000), served(receipt, 7, "ann", 50000), served(receipt, 8, "tom"),
                           remedy(9, "granted", 7000, drill=True), remedy(10, "granted", 700, currency="USD"),
                           refused(11, "r2"), refused(12, "r2", drill=True), refused(13, "r99", day="2024-05-07"),
                           remedy(14, "granted", 3000, ungranted=money(2000), returned=money(3000)),
                           remedy(15, "unknown", 0, returned=money(3000)), served(receipt, 16, None),
                           served(receipt, 17, "eve", 200000, day=MONDAY + 86400 * 10**6)).stored
        rows = cell.sql("SELECT requested, at_counter, at_counter_share, escalated, nearly_at_counter, refused_within_authority, "
                        "used_at_counter_minor, used_minor, available_minor, used_share, currency, interactions, hand_overs, "
                        "hand_overs_per_interaction, given_without_yes FROM bellhop.empowerment_report WHERE day = '2024-05-06'")
        assert rows == [["6", "3", "0.500", "1", "1", "1", "5000", "17000", "50000", "0.100", "EUR", "3", "9", "3.000", "1"]], rows
        rows = cell.sql("SELECT employees, available_minor, interactions, hand_overs, hand_overs_per_interaction, requested, at_counter_share "
                        "FROM bellhop.empowerment_report ORDER BY day")
        assert rows == [["2", "50000", "3", "9", "3.000", "6", "0.500"], ["1", "200000", "1", "0", "0.000", "0", ""]], rows
        rows = cell.sql("SELECT day, currency, given_without_yes, ungranted_minor FROM bellhop.given_without_yes")
        assert rows == [["2024-05-06", "EUR", "1", "2000"]], rows
        rows = cell.sql("SELECT day, currency, refused, refused_minor FROM bellhop.no_within_authority ORDER BY 1")
        assert rows == [["2024-05-06", "EUR", "1", "500"], ["2024-05-07", "", "1", "0"]], rows


def G7_second_failure_shows_who_was_failed_again_and_what_became_of_it():
    with Cell(services=("persist",)) as cell:
        peer = Peer(cell.append)
        peer.begin_log()
        receipt = peer.append(event())[0]
        def case(ordinal, customer, **fields):
            made = decision_pb2.Case(escalation_id=id_of(receipt, ordinal), store_id="17", opened_at=MONDAY, customer_id=customer,
                                     **{"rule_id": "G7", "state": "open", "day": "2024-05-06", **fields})
            return decision(receipt, "CASE_OPENED", ordinal, case=made)
        assert peer.decide(0, 2, case(0, "c1"), case(1, "c2", state="resolved", resolved_by="ines", resolved_at=MONDAY),
                           case(2, "c3", drill=True), case(3, "c4", rule_id="G1")).stored
        rows = cell.sql("SELECT customer_id, state, resolved_by FROM bellhop.second_failure ORDER BY 1")
        assert rows == [["c1", "open", ""], ["c2", "resolved", "ines"]], rows


def reports_are_by_the_days_of_the_store():
    with Cell(services=("persist",)) as cell:
        peer = Peer(cell.append)
        peer.begin_log()
        receipt = peer.append(event())[0]
        met = lambda day, **fields: decision_pb2.Experience(store_id="17", employee_id="ann", occurred_at=MONDAY,  # noqa: E731
                                                            feeling=1, reach=9, needs=1, day=day, **fields)
        back = decision_pb2.Recognition(store_id="17", employee_id="ann", rule_id="G4", occurred_at=MONDAY, day="2024-05-05")
        assert peer.decide(0, 2, decision(receipt, "EXPERIENCE_RECORDED", 0, experience=met("2024-05-05")),  # a Sunday
                           decision(receipt, "EXPERIENCE_RECORDED", 1, experience=met("2024-05-06")),
                           decision(receipt, "RECOGNITION_MADE", 2, recognition=back)).stored
        for view in ("word_of_mouth_day", "depth", "empowerment_report"):  # whose opening nobody told
            days = cell.sql(f"SELECT day, interactions FROM bellhop.{view} WHERE interactions > 0 ORDER BY 1")
            assert days == [["2024-05-05", "1"], ["2024-05-06", "1"]], (view, days)
        assert cell.sql("SELECT week, good_reach FROM bellhop.word_of_mouth ORDER BY 1") == [["2024-04-29", "9"], ["2024-05-06", "9"]]
        assert cell.sql("SELECT day FROM bellhop.returning_customers") == [["2024-05-05"]]


ROWS = ("A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 B1 B2 B3 B4 B5 B6 B7 B8 C1 C2 C3 C4 D1 D2 D3 D4 D5 D6 E1 E2 E3 F1 F2 F3 F4 "
        "G1 G2 G3 G4 G5 G6 G7 G8 H1 H2 I1 I2 J1 J2 J3 J4 J5 J6 J7 J8 J9 J10 J11 K1 K2 L1 L2 L3 L4")


def A11_lent_authority_names_who_decided_and_whose_authority_it_was():
    with Cell(services=("persist",)) as cell:
        peer = Peer(cell.append)
        peer.begin_log()
        receipt = peer.append(event())[0]
        def remedy(ordinal, state, minor, **fields):
            made = decision_pb2.Remedy(remedy_id=f"r{ordinal}", store_id="17", state=state, amount=event_pb2.Money(minor=minor, currency="EUR"),
                                       requested_at=MONDAY, charged_to="ines", **fields)
            return decision(receipt, "REMEDY_CHANGED", ordinal, remedy=made)
        def case(ordinal, **fields):
            made = decision_pb2.Case(escalation_id=f"1-9-{ordinal}", store_id="17", rule_id="C3", opened_at=MONDAY, **fields)
            return decision(receipt, "CASE_RESOLVED", ordinal, **{"case": made})
        assert peer.decide(0, 2, remedy(0, "granted", 30000, lent_to="lena"), remedy(1, "reserved", 100, lent_to="lena"), remedy(2, "granted", 500),
                           remedy(3, "refused", 700, lent_to="lena"), remedy(4, "granted", 900, lent_to="lena", drill=True),
                           case(5, state="resolved", resolved_by="lena", lent_by="ines"), case(6, state="acknowledged", lent_by="ines"),
                           case(7, state="resolved", resolved_by="noah", lent_by="ines", drill=True)).stored
        rows = cell.sql("SELECT lender, borrower, currency, granted, granted_minor, answered FROM bellhop.lent_authority ORDER BY 3 NULLS LAST")
        assert rows == [["ines", "lena", "EUR", "2", "30100", "0"], ["ines", "lena", "", "0", "0", "1"]], rows


def every_row_of_the_domain_is_a_rule_or_a_view():
    policy = (ROOT / "services/escalate/policy/retail.yaml").read_text()
    rules = set(re.findall(r"^  row: (\w+)$", policy, re.M))
    with Cell(services=("persist",)) as cell:
        told = "\n".join(row[0] for row in cell.sql("SELECT obj_description(c.oid) FROM pg_class c WHERE c.relkind = 'v' AND "
                                                    "c.relnamespace = 'bellhop'::regnamespace"))
    views = set(re.findall(r"^([A-L]\d+)(?=:|,)", told, re.M))
    assert {"A4", "A7", "A8", "D4", "G3", "G4", "J3"} <= views, views
    assert set(ROWS.split()) == rules | views, set(ROWS.split()) ^ (rules | views)


def D4_depth_and_G4_returning_are_counted_by_employee():
    with Cell(services=("persist",)) as cell:
        peer = Peer(cell.append)
        peer.begin_log()
        receipt = peer.append(event())[0]
        def met(ordinal, employee, needs, **fields):
            made = decision_pb2.Experience(store_id="17", employee_id=employee, occurred_at=MONDAY, needs=needs,
                                           **{"needs_by": [employee] if needs else [], **fields})
            return decision(receipt, "EXPERIENCE_RECORDED", ordinal, experience=made)
        def back(ordinal, rule, **fields):
            made = decision_pb2.Recognition(store_id="17", employee_id="tom", rule_id=rule, occurred_at=MONDAY, **fields)
            return decision(receipt, "RECOGNITION_MADE", ordinal, recognition=made)
        assert peer.decide(0, 2, met(0, "ann", 0), met(1, "ann", 2), met(2, "tom", 1), met(3, "ann", 1, drill=True),
                           met(4, "eve", 1, needs_by=["tom", "ann"]), back(5, "G4"), back(6, "J1"), back(7, "G4"), back(8, "G4", drill=True)).stored
        rows = cell.sql("SELECT employee_id, interactions, with_needs, with_needs_share FROM bellhop.depth ORDER BY 1")
        assert rows == [["ann", "3", "2", "0.667"], ["eve", "1", "0", "0.000"], ["tom", "2", "2", "1.000"]], rows
        assert cell.sql("SELECT employee_id, returned FROM bellhop.returning_customers") == [["tom", "2"]]


def L3_regret_ends_after_sixty_days_and_L4_counts_where_a_trouble_was_solved():
    with Cell(services=("persist",)) as cell:
        peer = Peer(cell.append)
        peer.begin_log()
        second, days = 10**6, 86400 * 10**6
        say = lambda body, customer, at, **fields: event(body, interaction_id=f"c-{customer}-{at}", customer_id=customer, occurred_at=at, **fields)  # noqa: E731
        receipt = peer.append(say("complaint", "edge", MONDAY + 60 * days, about=1), say("complaint", "past", MONDAY + 60 * days + 1, about=1),
                              say("complaint", "before", MONDAY, about=1), say("leaving_signalled", "left", MONDAY + second),
                              say("leaving_signalled", "drilled", MONDAY + second, drill=True))[0]
        def answered(ordinal, customer, state="refused"):
            made = decision_pb2.Remedy(remedy_id=f"r{ordinal}", store_id="17", interaction_id=f"i{ordinal}", customer_id=customer, state=state,
                                       amount=event_pb2.Money(minor=100, currency="EUR"), requested_at=MONDAY, changed_at=MONDAY)
            return decision(receipt, "REMEDY_CHANGED", ordinal, remedy=made)
        no = decision_pb2.Coaching(store_id="17", rule_id="A8", subject="r1", interaction_id="i1", occurred_at=MONDAY)
        def met(ordinal, contacts, solved, hand_overs=0):
            made = decision_pb2.Experience(store_id="17", occurred_at=MONDAY, trouble_contacts=contacts, trouble_solved=solved,
                                           trouble_hand_overs=hand_overs, trouble_ms=contacts * 90000)
            return decision(receipt, "EXPERIENCE_RECORDED", ordinal, experience=made)
        assert peer.decide(0, 2, answered(0, "edge"), answered(1, "past"), answered(2, "before"), answered(3, "left", "granted"),
                           answered(4, "drilled", "granted"), answered(5, "left", "withdrawn"), decision(receipt, "COACHING_MADE", 6, coaching=no),
                           met(7, 1, True), met(8, 1, False), met(9, 2, False), met(10, 3, True, 2)).stored
        rows = cell.sql("SELECT granted, granted_lost, refused, refused_lost, refused_within_authority, refused_within_authority_lost, left_us, "
                        "complained_again, sixty_days_over FROM bellhop.regret")
        assert rows == [["2", "1", "3", "1", "1", "0", "1", "1", "5"]], rows
        rows = cell.sql("SELECT troubles_begun, troubles_solved, solved_in_one, solved_in_one_share, contacts_taken, hand_overs_taken, minutes_taken "
                        "FROM bellhop.contacts_until_solved")
        assert rows == [["2", "2", "1", "0.500", "4", "2", "6.0"]], rows


def J3_digest_is_read_by_store_and_day():
    with Cell(services=("persist",)) as cell:
        peer = Peer(cell.append)
        peer.begin_log()
        receipt = peer.append(event())[0]
        line = decision_pb2.DigestLine(employee_id="ann", compliments=2, sales_gains=1)
        detail = decision_pb2.DigestDetail(lines=[line], gained=[event_pb2.Money(minor=500, currency="EUR")])
        made = decision_pb2.Digest(store_id="17", day="2024-05-06", until_at=MONDAY, compliments=2, kept_promises=0, returning_customers=0,
                                   sales_gains=1, manager_role="store_manager", sentence="well done", detail=detail)
        bare = decision_pb2.Digest(store_id="18", day="2024-05-06", compliments=0, kept_promises=1, returning_customers=0, sales_gains=0)
        assert peer.decide(0, 2, decision(receipt, "DIGEST_MADE", 0, digest=made), decision(receipt, "DIGEST_MADE", 1, digest=bare)).stored
        rows = cell.sql("SELECT store_id, day, compliments, kept_promises, sales_gains, sentence, earned -> 0 ->> 'employee_id', "
                        "earned -> 0 ->> 'compliments', gained -> 0 ->> 'minor' FROM bellhop.digest ORDER BY 1")
        assert rows == [["17", "2024-05-06", "2", "0", "1", "well done", "ann", "2", "500"],
                        ["18", "2024-05-06", "0", "1", "0", "", "", "", ""]], rows


def F_telephone_shows_holds_hang_ups_call_backs_and_findings_by_day():
    with Cell(services=("persist",)) as cell:
        peer = Peer(cell.append)
        peer.begin_log()
        receipt = peer.append(event())[0]
        def met(ordinal, outcome, **fields):
            made = decision_pb2.Experience(store_id="17", outcome=outcome, occurred_at=MONDAY, **{"channel": "PHONE", **fields})
            return decision(receipt, "EXPERIENCE_RECORDED", ordinal, experience=made)
        def owed(ordinal, state, **fields):
            made = decision_pb2.FollowUp(follow_up_id=id_of(receipt, ordinal), store_id="17", state=state, opened_at=MONDAY + 86400 * 10**6,
                                         day="2024-05-06", **{"kind": "CALL_BACK", **fields})
            return decision(receipt, "FOLLOW_UP_OPENED", ordinal, follow_up=made)
        def found(ordinal, rule_id, **fields):
            made = decision_pb2.Finding(store_id="17", rule_id=rule_id, subject="17/line", sentence="too many", value=5, occurred_at=MONDAY, **fields)
            return decision(receipt, "FINDING_MADE", ordinal, finding=made)
        hold = decision_pb2.Case(escalation_id=id_of(receipt, 12), store_id="17", rule_id="F2", state="open", opened_at=MONDAY)
        bad = decision_pb2.BAD
        assert peer.decide(0, 2, met(0, "SERVED", held_ms=60000, menus=4, announcements=2),
                           met(1, "ABANDONED", held_ms=301000, feeling=bad), met(2, "ABANDONED"), met(3, "SERVED", channel="COUNTER"),
                           met(4, "ABANDONED", drill=True), met(5, "SERVED", day="2024-05-07"), owed(6, "open"), owed(7, "overdue"),
                           owed(8, "done"), owed(9, "open", kind="RECOVERY"), owed(10, "open", drill=True), found(11, "F1"),
                           decision(receipt, "CASE_OPENED", 12, **{"case": hold}), found(13, "F1", drill=True), found(14, "X9"), found(15, "F4"),
                           found(16, "F4", drill=True)).stored
        rows = cell.sql("SELECT day, calls, held, held_ms, longest_held_ms, menus, announcements, hung_up, hung_up_waiting, call_backs, "
                        "call_backs_owed, hold_cases, findings, interrupted FROM bellhop.telephone ORDER BY 1")
        assert rows == [["2024-05-06", "3", "2", "361000", "301000", "4", "2", "2", "1", "3", "2", "1", "2", "1"],
                        ["2024-05-07", "1", "0", "0", "0", "0", "0", "0", "0", "0", "0", "0", "0", "0"]], rows
        assert cell.sql("SELECT count(*) FROM bellhop.finding WHERE NOT coalesce(drill, false)") == [["3"]]


def J10_staff_words_are_shown_of_nobody():
    with Cell(services=("persist",)) as cell:
        peer = Peer(cell.append)
        peer.begin_log()
        decided = [0]
        def say(number, employee, able, week="2024-05-06", **fields):
            told = event("staff_word", employee_id=employee, escalation_id=f"1-{number}-0", able=able)
            receipt = peer.append(told)[0]
            made = decision_pb2.WordNoted(store_id="17", able=able, week=week, **fields)
            assert peer.decide(decided[0], receipt.position.seq, decision(receipt, "STAFF_WORD_NOTED", 0, word=made)).stored
            decided[0] = receipt.position.seq
        say(1, "ann", True)
        say(2, "ben", False)
        say(3, "ann", True)
        shown = "SELECT week, answered, able, able_share FROM bellhop.staff_word ORDER BY 1"
        assert cell.sql(shown) == [["2024-05-06", "3", "", ""]], cell.sql(shown)  # of two people
        say(4, "tom", True, drill=True)
        say(5, "tom", False, week="2024-05-13")
        say(6, "tom", True)
        assert cell.sql(shown) == [["2024-05-06", "4", "3", "0.750"], ["2024-05-13", "1", "", ""]], cell.sql(shown)
        hidden = cell.sql("SELECT employee_id, interaction_id, customer_id, body FROM bellhop.event WHERE type = 'staff_word'")
        assert hidden == [[""] * 4] * 6, hidden
        assert cell.sql("SELECT count(*) FROM bellhop.decision WHERE kind = 'staff_word_noted'") == [["0"]]


def L1_and_L2_say_how_long_an_answer_took_and_what_it_cost_by_level():
    with Cell(services=("persist",)) as cell:
        peer = Peer(cell.append)
        peer.begin_log()
        receipt = peer.append(event())[0]
        def asked(ordinal, state, minor, currency="EUR", **fields):
            made = decision_pb2.Remedy(remedy_id=f"r{ordinal}", store_id="17", state=state, requested_at=MONDAY, interaction_id=f"i{ordinal // 3}",
                                       amount=event_pb2.Money(minor=minor, currency=currency), **fields)
            return decision(receipt, "REMEDY_CHANGED", ordinal, remedy=made)
        def case(ordinal, role, seconds, answer="granted", state="resolved"):
            made = decision_pb2.Case(escalation_id=f"1-9-{ordinal}", store_id="17", rule_id="A2", opened_at=MONDAY, role=role, state=state,
                                     answer=answer, resolved_at=MONDAY + seconds * 10**6)
            return decision(receipt, "CASE_OPENED", ordinal, **{"case": made})
        assert peer.decide(0, 2, asked(0, "granted", 4000), asked(1, "granted", 1000), asked(2, "reserved", 700),
                           asked(3, "granted", 500, currency="USD"), asked(4, "refused", 500), asked(5, "granted", 9000, drill=True),
                           *[asked(6 + number, "granted", 20000, escalation_id=f"1-9-{11 + number}") for number in range(3)],
                           asked(9, "refused", 60000, escalation_id="1-9-14"), asked(10, "requested", 60000, escalation_id="1-9-15"),
                           *[case(11 + number, "shift_lead", seconds) for number, seconds in enumerate((100, 200, 1000))],
                           case(14, "store_manager", 90, answer="refused"), case(15, "store_manager", 0, answer=None, state="open"),
                           asked(16, "granted", 600, ungranted=event_pb2.Money(minor=600, currency="EUR"))).stored
        rows = cell.sql("SELECT role, answered, granted, median_seconds, nine_in_ten_seconds, longest_seconds FROM bellhop.time_to_yes ORDER BY 1")
        assert rows == [["counter", "4", "4", "0.0", "0.0", "0.0"], ["shift_lead", "3", "3", "200.0", "840.0", "1000.0"],
                        ["store_manager", "1", "0", "90.0", "90.0", "90.0"]], rows
        rows = cell.sql("SELECT role, currency, handed_over, contacts, cost_minor, cost_per_contact_minor FROM bellhop.cost_by_level ORDER BY 1, 2")
        assert rows == [["counter", "EUR", "2", "1", "5000", "5000"], ["counter", "USD", "1", "1", "500", "500"],
                        ["nobody", "EUR", "1", "1", "600", "600"], ["shift_lead", "EUR", "3", "1", "60000", "60000"]], rows


def A7_counts_what_somebody_used_of_authority_that_is_known_and_leaves_withdrawn_requests_out():
    with Cell(services=("persist",)) as cell:
        peer = Peer(cell.append)
        peer.begin_log()
        receipt = peer.append(event())[0]
        money = lambda minor: event_pb2.Money(minor=minor, currency="EUR")  # noqa: E731
        def asked(ordinal, state, minor, charged_to):
            made = decision_pb2.Remedy(remedy_id=f"r{ordinal}", store_id="17", state=state, amount=money(minor), requested_at=MONDAY,
                                       charged_to=charged_to)
            return decision(receipt, "REMEDY_CHANGED", ordinal, remedy=made)
        assert peer.decide(0, 2, asked(0, "granted", 40000, "ann"), asked(1, "granted", 40000, "tom"), asked(2, "withdrawn", 900, None),
                           served(receipt, 3, "ann", 50000)).stored
        rows = cell.sql("SELECT requested, at_counter_share, used_at_counter_minor, used_of_available_minor, available_minor, used_share "
                        "FROM bellhop.empowerment_report")
        assert rows == [["2", "1.000", "80000", "40000", "50000", "0.800"]], rows


def each_hand_over_says_from_whom_to_whom():
    with Cell(services=("persist",)) as cell:
        peer = Peer(cell.append)
        peer.begin_log()
        peer.append(event("handed_over", interaction_id="a", employee_id="ann", to_employee_id="tom", takes_ownership=True),
                    event("handed_over", interaction_id="a", employee_id="tom", to_employee_id="eve"))
        rows = cell.sql("SELECT from_employee_id, to_employee_id, takes_ownership FROM bellhop.hand_over ORDER BY seq")
        assert rows == [["ann", "tom", "t"], ["tom", "eve", "f"]], rows


if __name__ == "__main__":
    sys.exit(tell(
        every_view_has_its_columns,
        every_view_and_column_says_what_it_means,
        analysts_read_everything_but_coaching,
        a_missing_right_to_make_roles_is_told_and_tolerated,
        decode_says_what_every_message_holds,
        late_is_by_the_policy_in_force,
        what_nobody_noticed_is_overdue,
        G3_word_of_mouth_sums_the_reach_by_store_and_week,
        A4_second_hand_over_shows_who_was_passed_on_twice,
        A7_empowerment_report_counts_what_was_decided_at_the_counter_and_A8_what_was_refused,
        G7_second_failure_shows_who_was_failed_again_and_what_became_of_it,
        reports_are_by_the_days_of_the_store,
        A11_lent_authority_names_who_decided_and_whose_authority_it_was, every_row_of_the_domain_is_a_rule_or_a_view,
        D4_depth_and_G4_returning_are_counted_by_employee,
        L3_regret_ends_after_sixty_days_and_L4_counts_where_a_trouble_was_solved,
        J3_digest_is_read_by_store_and_day,
        F_telephone_shows_holds_hang_ups_call_backs_and_findings_by_day,
        J10_staff_words_are_shown_of_nobody, L1_and_L2_say_how_long_an_answer_took_and_what_it_cost_by_level,
        A7_counts_what_somebody_used_of_authority_that_is_known_and_leaves_withdrawn_requests_out,
        each_hand_over_says_from_whom_to_whom,
    ))
