"""cell: one cell (a private PostgreSQL and every service) in a folder of its own, for scenario tests.

From a test:      with Cell() as cell: cell.publish, cell.kill("persist"), cell.sql("SELECT …")
From a shell:     tests/support/cell start|stop|env DIR, tests/support/cell kill|restart|end|begin DIR SERVICE

Everything talks over ipc sockets in the folder, so a service that comes back is found where it was. DIR/env has
the endpoints as shell assignments, DIR/NAME.log what each service said, DIR/NAME.pid its process.
"""
import ctypes
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / os.environ.get("VARIANT", "release")
SERVICES = ("persist", "escalate", "ingest", "relay")
READY_S = 60
STOP_S = 20


def die_with_parent():
    """In the child before it becomes a service: a test that is killed leaves nothing behind."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class Cell:
    def __init__(self, folder=None, services=SERVICES, stays=False, **settings):
        self.is_temporary = folder is None
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="bellhop-cell.")).resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.services = services
        self.stays = stays
        self.children = {}
        self.environment = dict(os.environ, **self.endpoints(), **settings)

    def endpoints(self):
        """In the folder, or, where its path is too long for a socket, in one of our own."""
        place = self.folder / "sockets"
        if len(str(place)) > 80:
            remembered = self.folder / "sockets.path"
            if not remembered.exists():
                remembered.write_text(tempfile.mkdtemp(prefix="bellhop-cell."))
            place = pathlib.Path(remembered.read_text())
        place.mkdir(exist_ok=True)
        found = {f"BELLHOP_{name.upper()}": f"ipc://{place}/{name}" for name in ("publish", "append", "feed", "subscribe", "tail")}
        found.update({f"BELLHOP_{name.upper()}_HTTP": "127.0.0.1:0" for name in SERVICES})
        found["BELLHOP_STATE_DIR"] = str(self.folder / "state")
        return found

    publish = property(lambda self: self.environment["BELLHOP_PUBLISH"])
    subscribe = property(lambda self: self.environment["BELLHOP_SUBSCRIBE"])
    append = property(lambda self: self.environment["BELLHOP_APPEND"])
    tail = property(lambda self: self.environment["BELLHOP_TAIL"])
    database = property(lambda self: self.environment["BELLHOP_DATABASE_URL"])

    # --- all of it

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind, error, _):
        if kind and not (kind is SystemExit and not error.code):
            self.show_logs()
        self.stop()

    def start(self):
        (self.folder / "state").mkdir(exist_ok=True)
        self.environment["BELLHOP_DATABASE_URL"] = self.postgres("start").strip()
        for name in self.services:
            self.begin(name)
        lines = [f"{name}='{value}'" for name, value in sorted(self.environment.items()) if name.startswith("BELLHOP_")]
        names = " ".join(line.split("=")[0] for line in lines)
        (self.folder / "env").write_text("\n".join(lines) + f"\nexport {names}\n")

    def stop(self):
        for name in [name for name in self.children if name not in self.services] + list(reversed(self.services)):
            self.end(name)
        if self.is_temporary:
            self.postgres("remove")
            shutil.rmtree(self.environment["BELLHOP_PUBLISH"].removeprefix("ipc://").rsplit("/", 1)[0], ignore_errors=True)
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            self.postgres("stop")

    def show_logs(self):
        for log in sorted(self.folder.glob("*.log")):
            print(f"--- {log.name}", *log.read_text(errors="replace").splitlines()[-25:], sep="\n", file=sys.stderr)

    def postgres(self, verb, *more):
        if verb == "start" and not self.stays:
            more += ("--while", str(os.getpid()))
        return subprocess.run([ROOT / "tests/support/postgres", verb, self.folder / "postgres", *more], check=True, text=True,
                              stdout=subprocess.PIPE).stdout

    # --- one service

    def pid(self, name):
        file = self.folder / f"{name}.pid"
        return int(file.read_text()) if file.exists() else None

    def begin(self, name, wait=True, program=None, **settings):
        """`program`: the service, where `name` is that of a second one of its kind."""
        ready = self.folder / f"{name}.ready"
        ready.unlink(missing_ok=True)
        with open(self.folder / f"{name}.log", "ab") as log:
            child = subprocess.Popen([BUILD / "bin" / f"bellhop-{program or name}"], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                     start_new_session=True, preexec_fn=None if self.stays else die_with_parent,
                                     env=dict(self.environment, BELLHOP_READY_FILE=str(ready), **settings))
        self.children[name] = child
        (self.folder / f"{name}.pid").write_text(str(child.pid))
        if wait:
            self.await_ready(name)

    def await_ready(self, name):
        child = self.children[name]
        wait_until(lambda: (self.folder / f"{name}.ready").exists() or child.poll() is not None, READY_S, f"{name} is ready")
        if child.poll() is not None:
            self.show_logs()
            raise AssertionError(f"bellhop-{name} ended with {child.returncode} instead of becoming ready")

    def end(self, name, with_signal=signal.SIGTERM):
        """Stop a service and wait for its end; its exit status, None where it did not run."""
        pid = self.pid(name)
        (self.folder / f"{name}.pid").unlink(missing_ok=True)
        if pid is None or not is_running(pid):
            return None
        os.kill(pid, with_signal)
        child = self.children.pop(name, None)
        try:
            if child:
                return child.wait(STOP_S)
            wait_until(lambda: not is_running(pid), STOP_S, f"{name} has stopped")
        except (subprocess.TimeoutExpired, AssertionError):
            os.kill(pid, signal.SIGKILL)
            raise AssertionError(f"bellhop-{name} did not stop within {STOP_S} s")
        return None

    def kill(self, name):
        """As a crash would."""
        return self.end(name, signal.SIGKILL)

    def restart(self, name, **settings):
        self.end(name)
        self.begin(name, **settings)

    # --- looking at it

    def sql(self, query):
        """Rows of text columns."""
        found = subprocess.run(["psql", "-XqAt", "-F", "\x1f", "-v", "ON_ERROR_STOP=1", "-d", self.database, "-c", query],
                               check=True, text=True, stdout=subprocess.PIPE).stdout
        return [line.split("\x1f") for line in found.splitlines()]

    def http(self, name):
        ready = dict(line.split("=", 1) for line in (self.folder / f"{name}.ready").read_text().splitlines())
        return ready["http"]

    def metric(self, name, metric):
        """The sum of a metric's samples at a service."""
        with urllib.request.urlopen(f"http://{self.http(name)}/metrics", timeout=5) as answer:
            lines = answer.read().decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.split("{")[0].split(" ")[0] == metric)


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[0] != "Z"


def wait_until(condition, most_s, what):
    """Until the condition holds; its value. Fails after `most_s`."""
    ends = time.monotonic() + most_s
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < ends, f"waited {most_s} s in vain until {what}"
        time.sleep(0.02)


def main(arguments):
    verbs = {"start": 1, "stop": 1, "env": 1, "kill": 2, "restart": 2, "end": 2, "begin": 2}
    if len(arguments) < 2 or verbs.get(arguments[0]) != len(arguments) - 1:
        print(__doc__, file=sys.stderr)
        return 2
    verb, folder, *service = arguments
    cell = Cell(folder, stays=True)
    if verb in ("begin", "restart"):
        cell.environment["BELLHOP_DATABASE_URL"] = cell.postgres("url").strip()
    if verb == "env":
        print((cell.folder / "env").read_text(), end="")
    else:
        getattr(cell, verb)(*service)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
