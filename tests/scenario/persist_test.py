#!/usr/bin/python3
"""bellhop-persist and a real PostgreSQL: what is receipted is in the log, once, whatever happens meanwhile."""
import os
import re
import signal
import subprocess
import sys

from append_support import (BUILD_BIN, Load, Peer, assert_kept_once, assert_log_is_whole, decision, event, id_of, mint, now_us,
                            wait_until)
from support import PATIENCE_S, ROOT, Cell, tell

from bellhop.v1 import append_pb2, decision_pb2, event_pb2, publish_pb2

COMMITTED, DUPLICATE, CONFLICT = publish_pb2.Receipt.COMMITTED, publish_pb2.Receipt.DUPLICATE, publish_pb2.Receipt.CONFLICT


def persist_alone(**settings):
    return Cell(services=("persist",), **settings)


def results(receipts):
    return [receipt.result for receipt in receipts]


# --- events


def an_empty_log_takes_nothing_but_a_policy():
    with persist_alone() as cell:
        peer = Peer(cell.append)
        assert (peer.welcome.epoch, peer.welcome.head, peer.welcome.cursor) == (1, 0, 0), peer.welcome
        refused = peer.try_append(event())
        assert refused.HasField("retry_after_ms") and refused.busy_reason == "no_policy", refused
        assert peer.begin_log().position.seq == 1
        assert peer.append(event())[0].position.seq == 2
        assert_log_is_whole(cell)


def an_event_has_its_row():
    with persist_alone() as cell:
        peer = Peer(cell.append)
        peer.begin_log()
        made = event("complaint", about=1, employee_id="mira", customer_id="c-9", sequence=7, incarnation="a", drill=True, text="")
        texts = [append_pb2.EventText(field="complaint.text", text="it's \\ \"new\"\n…")]
        receipt = peer.append(made, texts=texts)[0]
        row = cell.sql("SELECT seq, epoch, source, source_sequence, store_id, type, interaction_id, employee_id, customer_id, "
                       "late, drill, body->>'about', event_id FROM bellhop.event WHERE seq = 2")[0]
        assert row[:12] == ["2", "1", "17/till-1", "7", "17", "complaint", "i-1", "mira", "c-9", "f", "t", "PRODUCT"], row
        assert row[12].replace("-", "") == made.id.hex() == receipt.event_id.hex()
        kept = cell.sql("SELECT field, text = E'it''s \\\\ \"new\"\\n…' FROM bellhop_log.event_text")
        assert kept == [["complaint.text", "t"]], kept


def repeats_are_told_apart():
    with persist_alone() as cell:
        peer = Peer(cell.append)
        peer.begin_log()
        first = event()
        other = event(id=first.id, interaction_id="another")
        receipts = peer.append(first, first, other)
        assert results(receipts) == [COMMITTED, DUPLICATE, CONFLICT], receipts
        assert [receipt.position.seq for receipt in receipts] == [2, 2, 2]
        assert results(peer.append(other, first)) == [CONFLICT, DUPLICATE]
        # After a restart nothing is remembered: only the database knows.
        cell.restart("persist")
        peer.connect()
        new = event()
        receipts = peer.append(new, other, first, new)
        assert results(receipts) == [COMMITTED, CONFLICT, DUPLICATE, DUPLICATE], receipts
        assert [receipt.position.seq for receipt in receipts] == [3, 2, 2, 3]
        assert [receipt.position.epoch for receipt in receipts] == [2, 1, 1, 2]
        cell.restart("persist")
        peer.connect()
        receipts = peer.append(other, first, other)  # the conflict comes first
        assert results(receipts) == [CONFLICT, DUPLICATE, CONFLICT], receipts
        kept = cell.sql("SELECT event_id, hash, reason, source, content FROM bellhop.rejected_event")
        packed = other.SerializeToString(deterministic=True)
        assert [row[2:] for row in kept] == [["content_differs", "17/till-1", "\\x" + packed.hex()]], kept
        assert_log_is_whole(cell)


def rejected_events_are_kept_once_and_within_a_quota():
    with persist_alone(BELLHOP_PERSIST_REJECTED_QUOTA="3") as cell:
        peer = Peer(cell.append)
        def rejected(number):
            return append_pb2.RejectedEvent(key=number.to_bytes(4, "big"), hash=b"h", source="17/till-1", reason="too_long",
                                            field="text", explanation="it's long", content=b"\0\\'", received_at=now_us())
        assert peer.append(rejected=[rejected(1), rejected(1)]) == []
        assert peer.append(rejected=[rejected(number) for number in range(2, 9)]) == []
        rows = cell.sql("SELECT source, reason, field, explanation, content FROM bellhop.rejected_event")
        assert rows == [["17/till-1", "too_long", "text", "it's long", "\\x005c27"]] * 2, rows
        assert cell.metric("persist", "bellhop_persist_rejected_not_kept_total") == 6


def months_are_made_when_first_needed():
    with persist_alone() as cell:
        peer = Peer(cell.append)
        peer.begin_log()
        ages = [0, 40, 400, 4000, 40, 0]  # days
        events = [event(id=mint(now_us() - age * 86400 * 10**6), occurred_at=now_us() - age * 86400 * 10**6) for age in ages]
        assert results(peer.append(*events)) == [COMMITTED] * len(ages)
        assert cell.sql("SELECT count(*) FROM bellhop_log.month")[0][0] in ("4", "5")
        assert_log_is_whole(cell)
        found = cell.sql("SELECT string_agg(seq::text, ',' ORDER BY seq) FROM bellhop_log.events_after(2, 3)")
        assert found == [["3,4,5"]], found
        wrong = cell.sql("SELECT count(*) FROM bellhop_log.month m WHERE lowest_seq IS NULL OR highest_seq < lowest_seq")
        assert wrong == [["0"]], wrong


def many_requests_share_a_transaction():
    with persist_alone() as cell:
        peer = Peer(cell.append)
        peer.begin_log()
        before = cell.metric("persist", "bellhop_persist_transactions_total")
        batches = [peer.batch(*[event() for _ in range(10)]) for _ in range(200)]
        for batch in batches:
            peer.send("batch", batch)
        for batch in batches:
            result = peer.next("result", matches=lambda result: result.batch_id == batch.batch_id)
            assert results(result.receipts) == [COMMITTED] * 10, result
        spent = cell.metric("persist", "bellhop_persist_transactions_total") - before
        assert spent < 100, f"{spent} transactions for 200 requests"
        assert_log_is_whole(cell)


def gaps_of_sources_are_seen_and_filled():
    with persist_alone() as cell:
        peer = Peer(cell.append)
        peer.begin_log()
        peer.append(*[event(sequence=number, incarnation="a") for number in (1, 2, 5, 9)])
        query = ("SELECT string_agg(first_missing || '-' || last_missing, ' ' ORDER BY first_missing) FROM bellhop.source_gap "
                 "WHERE source = '17/till-1' AND incarnation = 'a'")
        wait_until(lambda: cell.sql(query) == [["3-4 6-8"]], 10, "the gaps are seen")
        cell.kill("persist")
        cell.begin("persist")
        peer.connect()
        peer.append(*[event(sequence=number, incarnation="a") for number in (3, 7)])
        wait_until(lambda: cell.sql(query) == [["4-4 6-6 8-8"]], 10, "gaps are filled")
        highest = cell.sql("SELECT highest_sequence FROM bellhop.source WHERE source = '17/till-1'")
        assert highest == [["9"]], highest


# --- faults


def killed_in_mid_batch_nothing_is_lost_and_nothing_is_there_twice():
    with persist_alone() as cell:
        Peer(cell.append).begin_log()
        loads = [Load(cell.append) for _ in range(3)]
        for load in loads:
            load.start()
        for _ in range(5):
            head = int(cell.sql("SELECT head FROM bellhop.position")[0][0])
            wait_until(lambda: int(cell.sql("SELECT head FROM bellhop.position")[0][0]) > head + 50, 30, "there is load")
            cell.kill("persist")
            cell.begin("persist")
        receipts = [receipt for load in loads for receipt in load.finish()]
        assert_log_is_whole(cell)
        assert_kept_once(cell, receipts)
        assert cell.sql("SELECT count(*), max(epoch) FROM bellhop_log.epoch") == [["6", "6"]]


def postgresql_crashes_under_load_and_everything_goes_on():
    with persist_alone() as cell:
        Peer(cell.append).begin_log()
        loads = [Load(cell.append) for _ in range(3)]
        for load in loads:
            load.start()
        for _ in range(3):
            head = int(cell.sql("SELECT head FROM bellhop.position")[0][0])
            wait_until(lambda: int(cell.sql("SELECT head FROM bellhop.position")[0][0]) > head + 50, 30, "there is load")
            cell.postgres("kill")
            busy = wait_until(lambda: Peer(cell.append, is_welcome=False).try_append(event(), most_s=2), 10, "it is busy")
            assert busy.HasField("retry_after_ms") and busy.busy_reason == "database_away", busy
            cell.postgres("start")
        receipts = [receipt for load in loads for receipt in load.finish()]
        assert cell.children["persist"].poll() is None
        assert_log_is_whole(cell)
        assert_kept_once(cell, receipts)


def a_session_that_is_cut_again_and_again_loses_nothing():
    with persist_alone() as cell:
        Peer(cell.append).begin_log()
        loads = [Load(cell.append, each=200) for _ in range(2)]
        for load in loads:
            load.start()
        for _ in range(15):
            cell.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'bellhop-persist'")
            head = int(cell.sql("SELECT head FROM bellhop.position")[0][0])
            wait_until(lambda: int(cell.sql("SELECT head FROM bellhop.position")[0][0]) > head, 30, "it goes on")
        receipts = [receipt for load in loads for receipt in load.finish()]
        assert_log_is_whole(cell)
        assert_kept_once(cell, receipts)


def a_server_that_may_lose_what_it_commits_is_refused():
    with persist_alone() as cell:
        peer = Peer(cell.append)
        peer.begin_log()
        admin = cell.postgres("admin").strip()
        def change(statement):
            subprocess.run(["psql", "-Xqd", admin, "-c", statement, "-c", "SELECT pg_reload_conf()"], check=True,
                           stdout=subprocess.DEVNULL)
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            change(f"ALTER SYSTEM SET {setting} = off")
            refused = wait_until(lambda: [result for result in [peer.try_append(event())] if result.HasField("busy_reason")], 10,
                                 "it refuses")[0]
            wait_until(lambda: peer.try_append(event()).busy_reason == "database_unsafe", 10, "it says why")
            assert not refused.receipts, refused
            head = cell.sql("SELECT head FROM bellhop.position")
            cell.restart("persist")  # it looks before it writes, too
            peer.connect()
            assert peer.try_append(event()).busy_reason == "database_unsafe"
            assert cell.sql("SELECT head FROM bellhop.position") == head
            change(f"ALTER SYSTEM RESET {setting}")
            assert results(peer.append(event())) == [COMMITTED]


def a_database_that_hangs_is_told_while_it_hangs():
    with persist_alone() as cell:
        peer = Peer(cell.append)
        peer.begin_log()
        backend = int(cell.sql("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted")[0][0])
        os.kill(backend, signal.SIGSTOP)
        try:
            batch = peer.batch(event())
            peer.send("batch", batch)
            wait_until(lambda: "does not answer" in (cell.folder / "persist.log").read_text(), PATIENCE_S, "it is told")
        finally:
            os.kill(backend, signal.SIGCONT)
        assert results(peer.next("result", PATIENCE_S, lambda result: result.batch_id == batch.batch_id).receipts) == [COMMITTED]


def a_standby_takes_over_and_the_old_writer_can_not_write():
    with persist_alone() as cell:
        peer = Peer(cell.append)
        peer.begin_log()
        first = cell.children["persist"]
        cell.begin("persist", wait=False)
        wait_until(lambda: "standing by" in (cell.folder / "persist.log").read_text(), PATIENCE_S, "the second one stands by")
        assert not (cell.folder / "persist.ready").exists(), "a standby must not be ready"
        cell.children["first"] = first
        first.kill()
        first.wait()
        cell.await_ready("persist")
        peer.connect()
        assert peer.append(event())[0].position.epoch == 2
        for place in ("1, 2, NULL", "2, 1, NULL", "2, 2, 1"):  # an old epoch, an old head, an old cursor
            statement = f"UPDATE bellhop_log.head h SET head = 3 WHERE bellhop_log.may_write(h, {place})"
            failed = subprocess.run(["psql", "-Xqd", cell.database, "-c", statement], capture_output=True, text=True)
            assert "another writer has taken over" in failed.stderr, failed
        assert_log_is_whole(cell)


def migrations_are_applied_once_those_that_are_missing_too_and_a_newer_schema_is_refused():
    with persist_alone() as cell:
        def migrate():
            return subprocess.run([BUILD_BIN / "bellhop-persist", "--migrate"], env=cell.environment, capture_output=True,
                                  text=True)
        applied = cell.sql("SELECT number, name, applied_at FROM bellhop_log.migration ORDER BY 1")
        for _ in range(2):
            again = migrate()
            assert again.returncode == 0 and "schema-current" in again.stderr, again
        assert cell.sql("SELECT number, name, applied_at FROM bellhop_log.migration ORDER BY 1") == applied
        views = [row[0] for row in cell.sql("SELECT viewname FROM pg_views WHERE schemaname = 'bellhop' ORDER BY 1")]
        newest = (ROOT / "common/store/schema/migrations/005_reports.sql").read_text()
        made = re.findall(r"^CREATE VIEW (\w+\.\w+)", newest, re.M)
        cell.sql(f"DELETE FROM bellhop_log.migration WHERE number = 5; DROP VIEW {', '.join(made)}")  # the database of an older program
        newer = migrate()
        assert newer.returncode == 0 and "schema-migrated" in newer.stderr and "migrations=1 version=5" in newer.stderr, newer
        assert [row[0] for row in cell.sql("SELECT viewname FROM pg_views WHERE schemaname = 'bellhop' ORDER BY 1")] == views
        cell.sql("INSERT INTO bellhop_log.migration (number, name, checksum) VALUES (999, '999_future.sql', 'x')")
        refused = migrate()
        assert refused.returncode == 1 and "start a newer program" in refused.stderr, refused
        cell.sql("DELETE FROM bellhop_log.migration WHERE number = 999; "
                 "UPDATE bellhop_log.migration SET checksum = 'changed' WHERE number = 2")
        refused = migrate()
        assert refused.returncode == 1 and "002_decision.sql of the database is not the one" in refused.stderr, refused


# --- decisions


def opened_case(receipt, **fields):
    return decision_pb2.Case(escalation_id=id_of(receipt), store_id="17", interaction_id="i-1", rule="hold", rule_id="F2",
                             role="shift_lead", opened_role="shift_lead", severity=decision_pb2.HIGH, round=1, source="17/till-1",
                             event_id=receipt.event_id, opened_at=now_us(), **fields)


def decisions_move_the_cursor_by_compare_and_set():
    with persist_alone() as cell:
        peer = Peer(cell.append)
        peer.begin_log()
        receipts = peer.append(event(), event())
        finding = decision(receipts[0], "FINDING_MADE", finding=decision_pb2.Finding(subject="line-1", value=4))
        stored = peer.decide(0, 2, finding)
        assert stored.stored and stored.cursor.seq == 2, stored
        for after, upto, reason in ((0, 2, "cursor_moved"), (2, 4, "beyond_head"), (3, 3, "cursor_moved")):
            refused = peer.decide(after, upto)
            assert (refused.stored, refused.reason, refused.cursor.seq) == (False, reason, 2), refused
        assert peer.decide(2, 3, finding).reason == "malformed"  # of an event that is decided already
        assert peer.decide(2, 3, instance="decider-2").reason == "no_lease"
        assert peer.decide(2, 3).stored
        assert cell.sql("SELECT cursor FROM bellhop.position") == [["3"]]
        rows = cell.sql("SELECT decision_id, kind, detail->'finding'->>'subject' FROM bellhop.decision")
        assert rows == [[id_of(receipts[0]), "finding_made", "line-1"]], rows


def a_verdict_is_told_when_it_is_decided_and_read_afterwards():
    with persist_alone() as cell:
        peer = Peer(cell.append)
        peer.begin_log()
        asked, quiet = peer.append(event("remedy_requested", remedy_id="r-1", kind=1), event(), want_verdict=True)
        assert peer.next("verdict", most_s=0.3) is None
        pending = peer.read_verdict(asked.event_id, wait_ms=10)
        assert pending.known and pending.verdict.outcome == decision_pb2.Verdict.PENDING, pending
        verdict = decision_pb2.Verdict(outcome=decision_pb2.Verdict.GRANTED, remedy_id="r-1")
        assert peer.decide(0, 3, decision(asked, "VERDICT_GIVEN", verdict=verdict)).stored
        told = {result.event_id: result.verdict.outcome for result in (peer.next("verdict"), peer.next("verdict"))}
        assert told == {asked.event_id: decision_pb2.Verdict.GRANTED, quiet.event_id: decision_pb2.Verdict.NOTHING}, told
        assert peer.read_verdict(asked.event_id).verdict.remedy_id == "r-1"
        assert peer.read_verdict(quiet.event_id).verdict.outcome == decision_pb2.Verdict.NOTHING
        assert not peer.read_verdict(mint()).known
        # a repeat that wants its verdict reads the stored one
        repeat = peer.batch(event(), want_verdict=True)
        repeat.events[0].event = cell_event(cell, 2)
        peer.send("batch", repeat)
        assert results(peer.next("result").receipts) == [DUPLICATE]
        assert peer.next("verdict").verdict.outcome == decision_pb2.Verdict.GRANTED


def cell_event(cell, seq):
    return bytes.fromhex(cell.sql(f"SELECT encode(event, 'hex') FROM bellhop_log.event WHERE seq = {seq}")[0][0])


def a_case_lives_and_its_answer_comes_back():
    with persist_alone() as cell:
        peer, other = (Peer(cell.append, name, want_updates=True) for name in ("door-1", "door-2"))
        for door in (other, peer):  # the register was at the other door before
            door.send("batch", append_pb2.AppendBatch(batch_id=999, updates_for=["17/till-1"]))
            assert door.next("result")
        peer.begin_log()
        cause, answer = peer.append(event("remedy_requested", remedy_id="r-1", kind=1), event("leaving_signalled", text=""),
                                    texts=[append_pb2.EventText(field="case_answered.text", text="yes, of course")])
        case_id = id_of(cause)
        fields = {"rule": "hold", "rule_id": "F2", "store_id": "17", "interaction_id": "i-1", "subject_id": case_id}
        proof = decision_pb2.Proof(levels=[decision_pb2.ProofLevel(role="associate", limit=1, shortfall_minor=100)])
        opened = opened_case(cause, state="open", proof=proof, due_at=now_us() - 3600 * 10**6, subject="r-1",
                             requested=event_pb2.Money(minor=15000, currency="EUR"))
        verdict = decision_pb2.Verdict(outcome=decision_pb2.Verdict.ESCALATED,
                                       cases=[decision_pb2.VerdictCase(escalation_id=case_id, role="shift_lead")])
        assert peer.decide(0, 2, decision(cause, "CASE_OPENED", **{"case": opened}, **fields),
                           decision(cause, "VERDICT_GIVEN", 1, verdict=verdict)).stored
        row = cell.sql("SELECT escalation_id, rule_id, severity, state, requested_minor, proof->'levels'->0->>'limit', drill "
                       "FROM bellhop.escalation")
        assert row == [[case_id, "F2", "high", "open", "15000", "PER_REMEDY", "f"]], row
        assert cell.sql("SELECT what, id FROM bellhop.overdue_deadline") == [["case", case_id]]
        resolved = decision_pb2.Case()
        resolved.CopyFrom(opened)
        resolved.state, resolved.answer, resolved.resolved_by, resolved.resolved_at = "resolved", "granted", "ada", now_us()
        resolved.granted.minor, resolved.granted.currency = 12000, "EUR"
        assert peer.decide(2, 3, decision(answer, "CASE_RESOLVED", has_text=True, **{"case": resolved}, **fields)).stored
        update = peer.next("update")
        assert (update.event_id, update.source, update.remedy_id) == (cause.event_id, "17/till-1", "r-1"), update
        assert (update.answer.text, update.answer.amount.minor, update.answer.answered_by) == ("yes, of course", 12000, "ada")
        assert other.next("update", 0.3) is None
        other.close()
        told = peer.read_verdict(cause.event_id).verdict
        assert told.outcome == decision_pb2.Verdict.ESCALATED and told.answer.answer == 1, told
        assert (told.answer.text, told.answer.amount.minor) == ("yes, of course", 12000), told
        steps = cell.sql("SELECT step, kind, state, role FROM bellhop.case_step WHERE escalation_id = '%s' ORDER BY step" % case_id)
        assert steps == [["1", "case_opened", "open", "shift_lead"], ["2", "case_resolved", "resolved", "shift_lead"]], steps
        assert cell.sql("SELECT answer, answered_by, granted_minor, outcome FROM bellhop.verdict") == [
            ["granted", "ada", "12000", "escalated"]]
        assert cell.sql("SELECT * FROM bellhop.overdue_deadline") == []


def every_kind_of_row_has_its_table():
    with persist_alone() as cell:
        peer = Peer(cell.append)
        peer.begin_log()
        receipt = peer.append(event())[0]
        made = [
            decision(receipt, "FOLLOW_UP_OPENED", 0, follow_up=decision_pb2.FollowUp(
                follow_up_id="1-2-0", kind=1, state="open", due_at=now_us() + 10**9, sentence="call \t them\\back\n")),
            decision(receipt, "FOLLOW_UP_OVERTAKEN", 1, follow_up=decision_pb2.FollowUp(follow_up_id="1-2-0", kind=1, state="overtaken")),
            decision(receipt, "EXPERIENCE_RECORDED", 2, experience=decision_pb2.Experience(outcome="ABANDONED", feeling=3, reach=16)),
            decision(receipt, "RECOGNITION_MADE", 3, recognition=decision_pb2.Recognition(
                employee_id="mira", sentence="well\tdone\\it's\n\"yes\"")),
            decision(receipt, "COACHING_MADE", 4, coaching=decision_pb2.Coaching(employee_id="tom", sentence="listen first")),
            decision(receipt, "REMEDY_CHANGED", 5, remedy=decision_pb2.Remedy(remedy_id="r", store_id="17", kind=1, state="reserved")),
            decision(receipt, "PROMISE_CHANGED", 6, promise=decision_pb2.Promise(promise_id="p", store_id="17", state="open")),
            decision(receipt, "POLICY_ACCEPTED", 7, policy=decision_pb2.PolicyResult(
                name="n", policy_version=1, late_after_ms=300000, findings=['a "b" \\c', "d,e"])),
        ]
        assert peer.decide(0, 2, *made).stored
        one = lambda query: cell.sql(query)[0]  # noqa: E731
        assert one("SELECT kind, state, count(*) OVER () FROM bellhop.follow_up") == ["call_back", "overtaken", "1"]
        assert one("SELECT outcome, feeling, reach, drill FROM bellhop.experience") == ["ABANDONED", "bad", "16", "f"]
        assert one("SELECT employee_id, sentence = E'well\\tdone\\\\it''s\\n\"yes\"' FROM bellhop.recognition") == ["mira", "t"]
        assert one("SELECT employee_id, sentence FROM bellhop.coaching") == ["tom", "listen first"]
        assert one("SELECT count(*) FILTER (WHERE kind = 'coaching_made'), count(*) FROM bellhop.decision") == ["0", "7"]
        assert one("SELECT remedy_id, kind, state FROM bellhop.remedy") == ["r", "refund", "reserved"]
        assert one("SELECT promise_id, state FROM bellhop.promise") == ["p", "open"]
        assert one("SELECT name, accepted, findings[1], findings[2] FROM bellhop.policy") == ["n", "t", 'a "b" \\c', "d,e"]


def the_feed_tells_what_was_committed():
    import zmq
    with persist_alone() as cell:
        feed = zmq.Context.instance().socket(zmq.SUB)
        feed.setsockopt(zmq.SUBSCRIBE, b"")
        feed.connect(cell.environment["BELLHOP_FEED"])
        def told(topic):
            while True:
                assert feed.poll(10000), f"no {topic}"
                found, message = feed.recv_multipart()
                if found.decode() == topic:
                    return append_pb2.Feed.FromString(message)
        assert told("pulse").head == 0
        peer = Peer(cell.append)
        peer.begin_log()
        receipts = peer.append(*[event() for _ in range(2500)])
        events = []
        while len(events) < 2501:
            events += told("events").events
        assert [event.position.seq for event in events] == list(range(1, 2502))
        pulse = told("pulse")
        assert (pulse.head, pulse.cursor) == (2501, 0) and pulse.oldest_undecided_at > 0, pulse
        findings = [decision(receipt, "FINDING_MADE", finding=decision_pb2.Finding(subject="x")) for receipt in receipts]
        assert peer.decide(0, 2501, *findings).stored
        after, decisions = 0, []
        while after < 2501:
            part = told("decisions")
            assert part.decided_after == after, (part.decided_after, after)
            after = part.cursor
            decisions += part.decisions
        assert decisions == [finding.SerializeToString(deterministic=True) for finding in findings]
        assert not told("pulse").HasField("oldest_undecided_at")
        feed.close()


# --- leases and streams


def durable_streams_are_kept_for_the_holder_of_their_lease():
    with persist_alone() as cell:
        peer = Peer(cell.append)
        def lease(instance, **fields):
            peer.send("lease", append_pb2.LeaseRequest(instance=instance, **fields))
            return peer.next("lease")
        def write(instance, **fields):
            peer.ids += 1
            peer.send("stream", append_pb2.StreamWrite(write_id=peer.ids, instance=instance, stream="floor", **fields))
            return peer.next("stream", matches=lambda result: result.write_id == peer.ids)
        assert lease("relay-1", stream="floor").granted
        other = lease("relay-2", stream="floor")
        assert not other.granted and other.holder == "relay-1", other
        assert lease("escalate-1").granted  # another lease altogether
        assert write("relay-2").reason == "no_lease"
        state = append_pb2.StreamState(topics=["case.opened"], filter="it's", created_at=now_us())
        state.position.seq = 4
        letter = append_pb2.DeadLetter(epoch=1, attempts=5, reason="it's dead", dead_at=now_us())
        letter.place.seq, letter.place.ordinal = 3, 1
        for _ in range(2):
            assert write("relay-1", state=state, dead_letters=[letter]).stored
        assert cell.sql("SELECT name, seq, state FROM bellhop_log.stream") == [
            ["floor", "4", "\\x" + state.SerializeToString(deterministic=True).hex()]]
        assert cell.sql("SELECT seq, ordinal, attempts, reason FROM bellhop_log.stream_dead_letter") == [["3", "1", "5", "it's dead"]]
        assert write("relay-1", resent=[letter.place]).stored
        assert cell.sql("SELECT count(*) FROM bellhop_log.stream_dead_letter") == [["0"]]
        assert write("relay-1", forget=True).stored
        assert cell.sql("SELECT count(*) FROM bellhop_log.stream") == [["0"]]
        # What the server would not store is refused alone, and what is of no stream any more harms nobody.
        peer.begin_log()
        distant = append_pb2.DeadLetter(dead_at=1)
        distant.place.seq = 2**63
        batch = peer.batch(event())
        peer.send("batch", batch)
        assert write("relay-1", dead_letters=[distant]).reason == "out_of_range"
        assert write("relay-1", resent=[distant.place]).reason == "out_of_range"
        assert write("relay-1", dead_letters=[letter]).stored
        assert results(peer.next("result", matches=lambda result: result.batch_id == batch.batch_id).receipts) == [COMMITTED]
        assert cell.sql("SELECT count(*) FROM bellhop_log.stream_dead_letter") == [["0"]]


def what_cannot_be_read_is_refused():
    with persist_alone() as cell:
        peer = Peer(cell.append)
        for message in (b"\xff\xff\xff", b"", b"\x12\x03\x08\x01\x12"):
            peer.socket.send(message)
            refused = peer.next("refused")
            assert refused and refused.reason in ("malformed", "no_request"), refused
        peer.begin_log()
        batch = peer.batch(event())
        batch.events[0].event = b"\xff"
        peer.send("batch", batch)
        receipt = peer.next("result").receipts[0]
        assert (receipt.result, receipt.reason) == (publish_pb2.Receipt.REJECTED, "malformed"), receipt
        # What the server would not store is refused by itself: the others of its transaction are stored.
        good, foreign, distant = event(), event(), event(id=b"\xff" * 6 + mint()[6:])
        packed = foreign.SerializeToString(deterministic=True).replace(b"17/till-1", b"17/till-\xff")
        batch = peer.batch(good, foreign, distant)
        batch.events[1].event = packed
        peer.send("batch", batch)
        told = [(receipt.result, receipt.reason) for receipt in peer.next("result").receipts]
        rejected = publish_pb2.Receipt.REJECTED
        assert told == [(COMMITTED, ""), (rejected, "not_utf8"), (rejected, "out_of_range")], told
        bad_words = append_pb2.RejectedEvent(key=b"k", hash=b"h", reason="not_utf8", received_at=now_us())
        bad_words = bad_words.SerializeToString() + b"\x1a\x02a\xff"  # the source
        batch = peer.batch().SerializeToString() + b"\x1a" + bytes([len(bad_words)]) + bad_words
        length = bytes([len(batch) & 127 | 128, len(batch) >> 7]) if len(batch) > 127 else bytes([len(batch)])
        peer.socket.send(b"\x12" + length + batch)
        assert peer.next("result").batch_id == peer.ids
        assert cell.sql("SELECT source FROM bellhop.rejected_event") == [["a?"]]
        assert_log_is_whole(cell)


if __name__ == "__main__":
    sys.exit(tell(
        an_empty_log_takes_nothing_but_a_policy,
        an_event_has_its_row,
        repeats_are_told_apart,
        rejected_events_are_kept_once_and_within_a_quota,
        months_are_made_when_first_needed,
        many_requests_share_a_transaction,
        gaps_of_sources_are_seen_and_filled,
        killed_in_mid_batch_nothing_is_lost_and_nothing_is_there_twice,
        postgresql_crashes_under_load_and_everything_goes_on,
        a_session_that_is_cut_again_and_again_loses_nothing,
        a_server_that_may_lose_what_it_commits_is_refused,
        a_standby_takes_over_and_the_old_writer_can_not_write,
        a_database_that_hangs_is_told_while_it_hangs,
        migrations_are_applied_once_those_that_are_missing_too_and_a_newer_schema_is_refused,
        decisions_move_the_cursor_by_compare_and_set,
        a_verdict_is_told_when_it_is_decided_and_read_afterwards,
        a_case_lives_and_its_answer_comes_back,
        every_kind_of_row_has_its_table,
        the_feed_tells_what_was_committed,
        durable_streams_are_kept_for_the_holder_of_their_lease,
        what_cannot_be_read_is_refused,
    ))
