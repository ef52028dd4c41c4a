#!/usr/bin/python3
"""tests/support/postgres: what tests start does not outlive them."""
import os
import pathlib
import subprocess
import sys
import tempfile

from support import PATIENCE_S, ROOT, tell, wait_until

SCRIPT = ROOT / "tests/support/postgres"


def a_server_ends_with_the_process_it_was_started_for_however_that_ended():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="bellhop-postgres."))
    owner = subprocess.Popen(["sleep", "1000"])
    try:
        url = subprocess.run([SCRIPT, "start", folder, "--while", str(owner.pid)], check=True, capture_output=True, text=True).stdout.strip()
        data = pathlib.Path((folder / "home").read_text().strip()) / "data"
        server = int((data / "postmaster.pid").read_text().splitlines()[0])
        assert subprocess.run(["psql", "-Xqd", url, "-c", "SELECT 1"], capture_output=True).returncode == 0
        owner.kill()
        owner.wait()
        wait_until(lambda: not pathlib.Path(f"/proc/{server}").exists(), PATIENCE_S, "the server has ended")
        assert os.path.exists(data), "what it holds is kept"
    finally:
        owner.kill()
        subprocess.run([SCRIPT, "remove", folder], check=True)


if __name__ == "__main__":
    sys.exit(tell(a_server_ends_with_the_process_it_was_started_for_however_that_ended))
