#!/usr/bin/python3
"""PostgreSQL's disk is full under load: registers are answered busy, and once there is room nothing is lost or there twice."""
import os
import pathlib
import subprocess
import sys
import tempfile

IS_INSIDE = "BELLHOP_OWN_MOUNTS"  # set in the namespace where the small disk is seen


def enter_namespace():
    probe = subprocess.run(["unshare", "--mount", "sh", "-c", "mount -t tmpfs tmpfs /mnt"], capture_output=True, text=True)
    if probe.returncode != 0:
        print(f"SKIP full disk: cannot mount one of a small size: {probe.stderr.strip()}")
        sys.exit(0)
    os.execvpe("unshare", ["unshare", "--mount", sys.executable, *sys.argv], dict(os.environ, **{IS_INSIDE: "yes"}))


if __name__ == "__main__" and IS_INSIDE not in os.environ:
    enter_namespace()

from append_support import assert_log_is_whole  # noqa: E402
from campaign_support import Listener, Source, assert_never_contradicted, assert_receipts_hold, await_decided, await_delivered  # noqa: E402
from support import PATIENCE_S, Cell, Register, event, tell, wait_until, zmq  # noqa: E402


class SmallDisk:
    def __init__(self, size):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bellhop-disk."))
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", self.folder], check=True)

    def fill(self):
        try:
            with open(self.folder / "filler", "wb", buffering=0) as filler:
                while True:
                    filler.write(bytes(1024 * 1024))
        except OSError:
            pass

    def remove(self):
        subprocess.run(["umount", "--lazy", self.folder], check=True)
        self.folder.rmdir()


def is_busy(cell):
    register = Register(cell.publish)
    register.publish(event())
    reply = register.reply(2)
    register.close()
    return reply is not None and reply.publish.HasField("retry_after_ms") and reply.publish.busy_reason


def a_full_disk_answers_busy_and_loses_nothing():
    disk = SmallDisk("400m")
    cell = Cell()
    try:
        (disk.folder / "home").mkdir()
        (disk.folder / "home").chmod(0o777)  # the server is another user
        cell.folder.joinpath("postgres").mkdir()
        cell.folder.joinpath("postgres", "home").write_text(str(disk.folder / "home"))
        with cell:
            listener = Listener(cell, "managers")
            sources = [Source(cell, "dealer-1", each=50, pause_s=0.01), Source(cell, "req-1", zmq.REQ, each=2)]
            wait_until(lambda: int(cell.sql("SELECT head FROM bellhop.position")[0][0]) > 500, PATIENCE_S, "there is load")
            disk.fill()
            reason = wait_until(lambda: is_busy(cell), PATIENCE_S, "it is busy")
            assert reason in ("database_away", "database_failed"), reason
            (disk.folder / "filler").unlink()
            complaints = [line for line in (cell.folder / "persist.log").read_text().splitlines() if " info " not in line]
            assert 0 < len(complaints) < 20, f"{len(complaints)} lines, such as {complaints[:3]}"
            cell.postgres("start")  # whoever supervises it, after the server gave up
            register = Register(cell.publish)
            register.ask(event())
            register.close()
            for source in sources:
                source.finish()
            await_decided(cell)
            await_delivered(cell, listener)
            listener.finish()
            assert_log_is_whole(cell)
            assert_receipts_hold(cell, sources)
            assert_never_contradicted(cell, listener)
            assert all(child.poll() is None for child in cell.children.values())
    finally:
        disk.remove()


if __name__ == "__main__":
    sys.exit(tell(a_full_disk_answers_busy_and_loses_nothing))
