#!/usr/bin/python3
"""demo: `make demo` plays its day and leaves nothing behind; its player touches no cell but its own fresh one."""
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cell import BUILD, ROOT, Cell  # noqa: E402

SHIPPED = (ROOT / "services/escalate/policy/retail.yaml").read_text()


def it_touches_every_row_of_the_shipped_policy():
    script = (ROOT / "tests/demo/script.c").read_text().split("script_expectations[]")[1]
    rows = set(re.findall(r"^  row: (\w+)", SHIPPED, re.M))
    assert rows and rows <= set(re.findall(r'\{"(\w+)", WIRE_DECISION_KIND', script)), rows


def it_plays_its_day_and_leaves_nothing():
    before = set((ROOT / ".run").glob("demo-*"))
    played = subprocess.run([ROOT / "tests/demo/run"], text=True, capture_output=True, timeout=180)
    assert played.returncode == 0, played.stdout + played.stderr
    for expected in (r"granted, 40.00 EUR", r"escalated to store_manager", r"the register hears +GRANTED 300.00 EUR by ines",
                     r"decided at the counter +4, worth 515.00 EUR", r"7 answered", r"good news of the day +compliments .*, sales gains 1",
                     r"The day at harbour"):
        assert re.search(expected, played.stdout), (expected, played.stdout)
    assert "nothing came of" not in played.stderr, played.stderr
    assert set((ROOT / ".run").glob("demo-*")) == before


def refused(cell, *expected):
    """Starting the player on the cell says all this, and the log is as it was."""
    log = "SELECT position.head, (SELECT count(*) FROM bellhop.policy) FROM bellhop.position"
    before = cell.sql(log)
    played = subprocess.run([BUILD / "tests/demo/demo", cell.folder], text=True, capture_output=True, timeout=60)
    assert played.returncode == 2 and played.stdout == "", played
    for words in expected:
        assert words in played.stderr, (words, played)
    assert cell.sql(log) == before


def a_cell_that_was_not_started_for_it_is_refused():
    with Cell() as cell:  # as fresh as can be
        refused(cell, "is not the folder of a cell of the demo", "make demo")
        (cell.folder / "retail.yaml").write_text(SHIPPED)
        refused(cell, "does not name that folder")
        (cell.folder / "retail.yaml").write_text(f"{SHIPPED}# for the demo in {cell.folder}\n")
        refused(cell, "was not started for the demo: its log does not begin with the policy")


def a_cell_of_its_own_that_has_lived_is_refused():
    cell = Cell()
    policy = cell.folder / "retail.yaml"
    policy.write_text(f"{SHIPPED}# for the demo in {cell.folder}\n")
    cell.environment["BELLHOP_POLICY"] = str(policy)
    with cell:
        subprocess.run([BUILD / "bin/bellhop", "publish", "on_duty", "--store", "s1", "--employee", "mira", "--set", "role=associate",
                        "--await-verdict"], env=cell.environment, check=True, stdout=subprocess.DEVNULL)
        refused(cell, "has lived: its log holds 2 events", "make demo")
        environment = (cell.folder / "env").read_text()
        (cell.folder / "env").write_text(environment.replace("BELLHOP_APPEND=", "BELLHOP_ELSEWHERE="))
        refused(cell, "does not say what BELLHOP_APPEND is")


CASES = (it_touches_every_row_of_the_shipped_policy, it_plays_its_day_and_leaves_nothing,
         a_cell_that_was_not_started_for_it_is_refused, a_cell_of_its_own_that_has_lived_is_refused)


def main():
    for number, case in enumerate(CASES, 1):
        case()
        print(f"ok {number} - {case.__name__}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
