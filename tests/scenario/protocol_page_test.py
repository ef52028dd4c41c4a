#!/usr/bin/python3
"""The programs printed in proto/README.md, run as they stand there against a cell."""
import re
import subprocess
import sys

import support
from support import BUILD, PATIENCE_S, ROOT

PROGRAMS = re.findall(r"^```python\n(.*?)^```", (ROOT / "proto/README.md").read_text(), re.M | re.S)
cell = support.Cell()


def program(beginning_with):
    """The one whose first message is `beginning_with`, as a process."""
    source, = [source for source in PROGRAMS if f"{beginning_with}_pb2" in source]
    environment = dict(cell.environment, PYTHONPATH=str(BUILD / "python"), PYTHONUNBUFFERED="1")
    return subprocess.Popen([sys.executable, "-c", source], env=environment, text=True, stdout=subprocess.PIPE)


def heard_until(process, text):
    """What it prints, up to the line with `text`."""
    lines = []
    for line in process.stdout:
        lines.append(line)
        if text in line:
            return "".join(lines)
    raise AssertionError(f"it ended without saying {text!r}: {''.join(lines)}")


def the_page_s_subscriber_hears_of_the_case_that_the_page_s_register_opens_and_comes_back_by_itself():
    subscriber = program("subscribe")
    try:
        heard_until(subscriber, "is_new: true")
        register = program("publish")
        said, _ = register.communicate(timeout=PATIENCE_S)
        assert "result: COMMITTED" in said and "outcome: ESCALATED" in said, said
        case_id = re.search(r'escalation_id: "([^"]*)"', said).group(1)
        assert "shift_lead" in heard_until(subscriber, case_id)
        cell.kill("relay")
        cell.begin("relay")
        heard_until(subscriber, "is_new: false")
    finally:
        subscriber.kill()
        subscriber.communicate()


with cell:
    sys.exit(support.tell(the_page_s_subscriber_hears_of_the_case_that_the_page_s_register_opens_and_comes_back_by_itself))
