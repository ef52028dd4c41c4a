#!/usr/bin/python3
"""Every service killed, stopped and cut off at random moments under numbered load: nothing accepted is lost or doubled, nothing decided is unheard."""
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys

from append_support import assert_log_is_whole
from campaign_support import (Listener, Source, assert_never_contradicted, assert_order_per_interaction, assert_receipts_hold,
                              await_decided, await_delivered)
from support import PATIENCE_S, Cell, tell, wait_until, zmq

SEED = int(os.environ.get("CAMPAIGN_SEED", random.randrange(10**6)))
dice = random.Random(SEED)


def head(cell):
    return int(cell.sql("SELECT head FROM bellhop.position")[0][0])


def await_progress(cell, more, most_s=PATIENCE_S):
    before = head(cell)
    wait_until(lambda: head(cell) >= before + more, most_s, f"{more} more are committed")


def under_load(trouble, most_s=2 * PATIENCE_S, **settings):
    """The whole of it: load, trouble, rest; then everything that was promised."""
    with Cell(**settings) as cell:
        listener = Listener(cell, "managers")
        sources = [Source(cell, "dealer-1", each=10, pause_s=0.02), Source(cell, "dealer-2", each=1, most_under_way=50, pause_s=0.005),
                   Source(cell, "req-1", zmq.REQ, each=2)]
        await_progress(cell, 200)
        trouble(cell)
        await_progress(cell, 200)
        for source in sources:
            source.finish()
        await_decided(cell, most_s)
        await_delivered(cell, listener, most_s)
        listener.finish()
        assert_log_is_whole(cell)
        assert_receipts_hold(cell, sources)
        assert_order_per_interaction(listener)
        assert_never_contradicted(cell, listener)
        assert cell.sql("SELECT * FROM bellhop.overdue_deadline") == []
        assert "the log is not the one it was" not in (cell.folder / "escalate.log").read_text(), "read the whole log for nothing"


def each_service_is_killed_at_random_moments():
    def trouble(cell):
        for name in dice.sample(["persist", "escalate", "ingest", "relay"] * 2, 8):
            cell.kill(name)
            cell.begin(name)
            await_progress(cell, dice.randrange(1, 150))
    under_load(trouble)


def postgresql_crashes_and_its_sessions_are_cut():
    def trouble(cell):
        for _ in range(2):
            cell.postgres("kill")
            cell.postgres("start")
            await_progress(cell, 50)
            for _ in range(5):
                cell.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'bellhop%'")
                await_progress(cell, dice.randrange(1, 20))
    under_load(trouble)


def a_stopped_writer_is_fenced_off_by_its_standby():
    def trouble(cell):
        cell.begin("persist-2", program="persist", wait=False)
        wait_until(lambda: "another writer is at work" in (cell.folder / "persist-2.log").read_text(), PATIENCE_S, "it stands by")
        old = cell.children["persist"]
        os.kill(old.pid, signal.SIGSTOP)
        # As the server finds out when the writer's machine is gone.
        cell.sql("SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid) "
                 "WHERE locktype = 'advisory' AND granted AND application_name = 'bellhop-persist'")
        cell.await_ready("persist-2")
        os.kill(old.pid, signal.SIGCONT)
        wait_until(lambda: old.poll() is not None, PATIENCE_S, "the old writer has ended")
        cell.kill("ingest")  # whoever comes now finds the new one, too
        cell.begin("ingest")
        await_progress(cell, 100)
        cell.begin("persist", wait=False)
        cell.kill("persist-2")
        cell.await_ready("persist")
    under_load(trouble)


def two_escalates_take_turns():
    def trouble(cell):
        (cell.folder / "state-2").mkdir()
        cell.begin("escalate-2", program="escalate", wait=False, BELLHOP_STATE_DIR=str(cell.folder / "state-2"))
        await_progress(cell, 100)
        for name in ("escalate", "escalate-2"):
            first = cell.children[name]
            os.kill(first.pid, signal.SIGSTOP)
            await_progress(cell, 100)
            cursor = int(cell.sql("SELECT cursor FROM bellhop.position")[0][0])
            wait_until(lambda: int(cell.sql("SELECT cursor FROM bellhop.position")[0][0]) > cursor, PATIENCE_S, "the other decides")
            os.kill(first.pid, signal.SIGCONT)
            await_progress(cell, 100)
            cell.kill(name)
            cell.begin(name, program="escalate", wait=False, BELLHOP_STATE_DIR=str(cell.folder / ("state" + name[8:])))
            await_progress(cell, 100)
    under_load(trouble)


def a_restored_backup_gives_no_position_twice():
    with Cell() as cell:
        def publish(source):
            load = Source(cell, source, each=5, pause_s=0.02)
            await_progress(cell, 100)
            load.finish()
            await_decided(cell)
            return {row[0] for row in cell.sql("SELECT decision_id FROM bellhop.decision")}
        data = pathlib.Path((cell.folder / "postgres" / "home").read_text().strip()) / "data"
        backup = data.with_name("backup")
        before = publish("before")
        cell.postgres("stop")
        subprocess.run(["cp", "-a", data, backup], check=True)
        cell.postgres("start")
        lost = publish("lost") - before
        cell.postgres("kill")
        shutil.rmtree(data)
        backup.rename(data)
        cell.postgres("start")
        listener = Listener(cell, "restored")
        again = publish("again") - before
        assert lost and again and not lost & again, sorted(lost & again)[:5]
        await_delivered(cell, listener)
        listener.finish()
        assert_log_is_whole(cell)
        assert_never_contradicted(cell, listener)


if __name__ == "__main__":
    print(f"# CAMPAIGN_SEED={SEED}")
    stories = (each_service_is_killed_at_random_moments, postgresql_crashes_and_its_sessions_are_cut,
               a_stopped_writer_is_fenced_off_by_its_standby, two_escalates_take_turns, a_restored_backup_gives_no_position_twice)
    sys.exit(tell(*(story for story in stories if len(sys.argv) == 1 or story.__name__ in sys.argv)))
