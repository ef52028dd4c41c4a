#!/usr/bin/python3
"""run: `make run` starts, tells, and leaves nothing behind."""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cell import BUILD, ROOT, die_with_parent, is_running, wait_until  # noqa: E402


def processes_of(folder):
    """Ids of everything that works in the folder: services by their ready file, PostgreSQL by its data."""
    found = []
    home = folder / "postgres" / "home"
    marks = [str(folder)] + ([home.read_text().strip()] if home.exists() else [])
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            told = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
        except OSError:
            continue
        if any(mark.encode() in told for mark in marks) and int(entry.name) != os.getpid() and is_running(int(entry.name)):
            found.append((int(entry.name), (entry / "cmdline").read_bytes()))
    return found


def nothing_is_left(run):
    """pg_ctl returns a moment before the last process of PostgreSQL is gone."""
    try:
        wait_until(lambda: not processes_of(run.folder), 5, "nothing is left")
    except AssertionError:
        raise AssertionError(processes_of(run.folder)) from None


class Run:
    """services/run.sh in a folder of its own."""

    def __init__(self):
        (ROOT / ".run").mkdir(exist_ok=True)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="test-", dir=ROOT / ".run"))
        self.folder.chmod(0o755)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run([ROOT / "tests/support/postgres", "remove", self.folder / "postgres"], check=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        (self.folder / "env").unlink(missing_ok=True)  # of one that was killed
        environment = {name: value for name, value in os.environ.items() if not name.startswith("BELLHOP_")}
        process = subprocess.Popen([ROOT / "services/run.sh"], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   env=dict(environment, RUN_FOLDER=str(self.folder.relative_to(ROOT))), start_new_session=True,
                                   preexec_fn=die_with_parent)  # a test that is killed leaves nothing behind
        wait_until(lambda: (self.folder / "env").exists() or process.poll() is not None, 90, "the cell runs")
        assert process.poll() is None, process.stdout.read()
        return process

    def shell(self, command):
        return subprocess.run(["/bin/sh", "-c", f". {self.folder}/env && {command}"], text=True, capture_output=True, timeout=60)

    def end(self, process, with_signal):
        process.send_signal(with_signal)
        out, _ = process.communicate(timeout=60)
        return process.returncode, out


def it_writes_its_settings_and_stops_in_order(run):
    for with_signal in (signal.SIGINT, signal.SIGTERM):  # twice in a row, in the same folder
        process = run.start()
        lines = (run.folder / "env").read_text().splitlines()
        named = [line.split("=")[0] for line in lines if "=" in line and not line.startswith("export")]
        assert {"BELLHOP_DATABASE_URL", "BELLHOP_PUBLISH", "BELLHOP_SUBSCRIBE", "BELLHOP_TAIL"} <= set(named), lines
        told = run.shell(f"{BUILD}/bin/bellhop status")
        assert told.returncode == 0 and "ingest    well" in told.stdout, told
        told = run.shell('psql -XqAt -d "$BELLHOP_DATABASE_URL" -c "SELECT count(*) FROM bellhop.policy"')
        assert told.stdout.strip() == "1", told
        status, out = run.end(process, with_signal)
        assert status == 0 and "Ctrl-C stops everything" in out, (status, out)
        assert not (run.folder / "env").exists()
        nothing_is_left(run)


def a_service_that_dies_takes_the_cell_with_it(run):
    process = run.start()
    victim = dict(line.split("=", 1) for line in (run.folder / "relay.ready").read_text().splitlines())["pid"]
    os.kill(int(victim), signal.SIGKILL)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 1 and "bellhop-relay has ended by itself" in out, out
    nothing_is_left(run)


def nothing_outlives_a_killed_script_but_the_database(run):
    process = run.start()
    process.kill()
    process.communicate(timeout=60)
    services = [int(dict(line.split("=", 1) for line in (run.folder / f"{name}.ready").read_text().splitlines())["pid"])
                for name in ("persist", "ingest", "escalate", "relay") if (run.folder / f"{name}.ready").exists()]
    wait_until(lambda: not any(is_running(pid) for pid in services), 30, "the services have ended")
    process = run.start()  # and the next one finds its way
    run.end(process, signal.SIGTERM)
    nothing_is_left(run)


def two_do_not_share_a_folder(run):
    process = run.start()
    second = subprocess.run([ROOT / "services/run.sh"], text=True, capture_output=True, timeout=60,
                            env=dict(os.environ, RUN_FOLDER=str(run.folder.relative_to(ROOT))))
    assert second.returncode == 1 and "it runs already" in second.stderr, second
    assert run.shell(f"{BUILD}/bin/bellhop status").returncode == 0
    run.end(process, signal.SIGTERM)


CASES = (it_writes_its_settings_and_stops_in_order, a_service_that_dies_takes_the_cell_with_it,
         nothing_outlives_a_killed_script_but_the_database, two_do_not_share_a_folder)


def main():
    with Run() as run:
        for number, case in enumerate(CASES, 1):
            case(run)
            print(f"ok {number} - {case.__name__}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
