#!/usr/bin/python3
"""The programs and examples printed in proto/*.md, run as they stand there against a cell."""
import json
import re
import subprocess
import sys
import tempfile

import support
from support import BUILD, PATIENCE_S, ROOT

BELLHOP = BUILD / "bin/bellhop"
cell = support.Cell()


def blocks(page, language):
    return re.findall(rf"^```{language}\n(.*?)^```", (ROOT / "proto" / page).read_text(), re.M | re.S)


def program(page, beginning_with, **environment):
    """The one whose first message is `beginning_with`, as a process."""
    source, = [source for source in blocks(page, "python") if f"{beginning_with}_pb2" in source]
    environment = dict(cell.environment, PYTHONPATH=str(BUILD / "python"), PYTHONUNBUFFERED="1", **environment)
    return subprocess.Popen([sys.executable, "-c", source], env=environment, text=True, stdout=subprocess.PIPE)


def end(process):
    process.kill()
    process.communicate()


def heard_until(process, text):
    """What it prints, up to the line with `text`."""
    lines = []
    for line in process.stdout:
        lines.append(line)
        if text in line:
            return "".join(lines)
    raise AssertionError(f"it ended without saying {text!r}: {''.join(lines)}")


def bellhop(*command, **options):
    return subprocess.run([BELLHOP, *command], env=cell.environment, text=True, capture_output=True, timeout=PATIENCE_S, **options)


def the_page_s_subscriber_hears_of_the_case_that_the_page_s_register_opens_and_comes_back_by_itself():
    subscriber = program("README.md", "subscribe")
    try:
        heard_until(subscriber, "is_new: true")
        register = program("README.md", "publish")
        said, _ = register.communicate(timeout=PATIENCE_S)
        assert "result: COMMITTED" in said and "outcome: ESCALATED" in said, said
        case_id = re.search(r'escalation_id: "([^"]*)"', said).group(1)
        assert "shift_lead" in heard_until(subscriber, case_id)
        cell.kill("relay")
        cell.begin("relay")
        heard_until(subscriber, "is_new: false")
    finally:
        end(subscriber)


def answer_as_shift_lead(case_id):
    said = bellhop("answer", "--as", "zoe", case_id, "granted", "120.00")
    assert said.returncode == 0, said


def the_register_and_the_pager_of_the_pages_ring_and_hear_the_answer_also_of_what_was_answered_while_they_were_away():
    with tempfile.TemporaryDirectory() as folder:
        pager = program("PAGER.md", "subscribe", SHOWN=f"{folder}/shown.db")
        register = None
        try:
            heard_until(pager, "subscribed, new")
            cell.kill("ingest")
            register = program("REGISTER.md", "publish", SPOOL=f"{folder}/spool.db")
            cell.begin("ingest")
            said = heard_until(register, "verdict ESCALATED")
            assert said.count("COMMITTED") == 4, said
            case_id = re.search(r"'(\S+) to shift_lead'", said).group(1)
            assert "RING" in heard_until(pager, f"{case_id} open round 1 shift_lead").splitlines()[-1]
            bellhop("publish", input='{"store_id": "harbour", "employee_id": "zoe", "on_duty": {"role": "shift_lead"}}\n')
            assert bellhop("acknowledge", "--as", "zoe", case_id).returncode == 0
            heard_until(register, f"case {case_id} acknowledged with shift_lead zoe")  # no answer yet: it is still asked for
            heard_until(pager, f"{case_id} acknowledged")
            end(register)
            answer_as_shift_lead(case_id)
            heard_until(pager, f"{case_id} resolved")
            register = program("REGISTER.md", "publish", SPOOL=f"{folder}/spool.db")
            heard_until(register, f"answer {case_id} GRANTED 12000 zoe")
            cell.kill("relay")
            cell.begin("relay")
            heard_until(pager, "subscribed, continued")
        finally:
            end(pager)
            if register:
                end(register)


def every_example_of_the_events_is_accepted_and_committed():
    examples = [example.strip() for example in blocks("EVENTS.md", "json")]
    assert len(examples) > 40, len(examples)
    said = bellhop("publish", "--json", input="\n".join(examples) + "\n")
    assert said.returncode == 0, said
    results = [json.loads(line)["result"] for line in said.stdout.splitlines() if '"result"' in line]
    assert len(results) == len(examples) and set(results) == {"committed"}, said.stdout


with cell:
    sys.exit(support.tell(
        the_page_s_subscriber_hears_of_the_case_that_the_page_s_register_opens_and_comes_back_by_itself,
        the_register_and_the_pager_of_the_pages_ring_and_hear_the_answer_also_of_what_was_answered_while_they_were_away,
        every_example_of_the_events_is_accepted_and_committed,
    ))
