#!/usr/bin/python3
"""import: one real week of telephone service goes through the whole cell, and the numbers are right.

The week is counted here from the file itself, apart from the program, and compared with what SQL says.
"""
import collections
import csv
import json
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cell import BUILD, ROOT, Cell, wait_until  # noqa: E402

POLICY = ROOT / "services/escalate/policy/retail.yaml"
WEEK = pathlib.Path(os.environ.get("SHARED_DATA", "../shared/data"))
WEEK = (WEEK if WEEK.is_absolute() else ROOT / WEEK) / "calls-week1.csv"


def rows():
    with open(WEEK, newline="") as file:
        return [row for row in csv.DictReader(file) if row["outcome"] != "PHANTOM"]


def ended(row):
    """When the call ended, for comparing: an exit before the entry is of the next day, an empty one that of the queue."""
    left = row["ser_exit"] if row["outcome"] == "AGENT" and row["ser_exit"] != "0:00:00" else row["q_exit"]
    return f"{row['date']} {(int(row['vru_time']) >= 0 and left.zfill(8) < row['vru_entry'].zfill(8)):d} {left.zfill(8)}"


def counted():
    """What must come of the week, from its rows in their order."""
    found = collections.Counter()
    served, hung_up = {}, {}  # when last, by customer
    for row in rows():
        held, known = int(row["q_time"]) > 0, row["customer_id"] not in ("", "0")
        found["interaction_opened"] += 1
        found["menu"] += int(row["vru_time"]) >= 0
        found["hold"] += held
        found["interaction_closed"] += 1
        found["shift_lead"] += 300 <= int(row["q_time"]) < 900
        found["store_manager"] += int(row["q_time"]) >= 900
        if row["outcome"] == "AGENT" and known:
            served[row["customer_id"]] = max(served.get(row["customer_id"], ""), ended(row))
        if row["outcome"] == "HANG" and held:
            found["bad"] += 1
            found["call_backs"] += known
            if known:
                hung_up[row["customer_id"]] = max(hung_up.get(row["customer_id"], ""), ended(row))
    found["open"] = sum(served.get(customer, "") < at for customer, at in hung_up.items())  # owed one at a time
    found["overtaken"] = found["call_backs"] - found["open"]
    return found


class Week:
    def __init__(self, cell):
        self.cell = cell

    def bellhop(self, *arguments, **options):
        return subprocess.run([BUILD / "bin" / "bellhop", *arguments], env=self.cell.environment, text=True, capture_output=True,
                              timeout=300, **options)

    def number(self, query):
        return int(self.cell.sql(query)[0][0])

    def await_decided(self):
        wait_until(lambda: self.number("SELECT head - cursor FROM bellhop.position") == 0, 300, "everything is decided")

    def pairs(self, query):
        return {key: int(value) for key, value in self.cell.sql(query)}


def the_first_import_adds_every_event(week):
    answer = week.bellhop("import", "calls", str(WEEK))
    assert answer.returncode == 0, answer.stderr
    print("#", answer.stdout.splitlines()[0])
    assert "100 rows are PHANTOM" in answer.stdout, answer.stdout
    assert "7 calls have a negative menu time" in answer.stdout and "2010-08-01-AA0207-7039-12:04:42, -87 s" in answer.stdout
    assert "\r" not in answer.stderr, "a bar in a pipe"
    expected = counted()
    types = week.pairs("SELECT type, count(*) FROM bellhop.event WHERE store_id = 'bank' GROUP BY type")
    assert types == {"interaction_opened": expected["interaction_opened"], "interaction_closed": expected["interaction_closed"],
                     "wait_reported": expected["menu"] + expected["hold"]}, types
    assert sum(types.values()) == 44069, types
    week.await_decided()


def long_holds_open_cases_for_their_level(week):
    found = week.pairs("SELECT opened_role, count(*) FROM bellhop.escalation WHERE rule_id = 'F2' GROUP BY opened_role")
    expected = counted()
    assert found == {"shift_lead": expected["shift_lead"], "store_manager": expected["store_manager"]}, (found, expected)
    assert found == {"shift_lead": 930, "store_manager": 7}


def who_hung_up_on_hold_is_called_back_unless_served_since(week):
    found = week.pairs("SELECT state, count(*) FROM bellhop.follow_up WHERE rule_id = 'F3' AND kind = 'call_back' GROUP BY state")
    expected = counted()
    assert found == {"overtaken": expected["overtaken"], "open": expected["open"]}, (found, expected)
    assert found == {"overtaken": 1343, "open": 471} and expected["call_backs"] == 1814


def who_left_without_having_waited_is_no_bad_experience(week):
    bad = week.number("SELECT count(*) FROM bellhop.experience WHERE reach > 0 AND outcome = 'ABANDONED'")
    assert bad == counted()["bad"] == 3043, bad
    assert week.number("SELECT count(*) FROM bellhop.experience") == counted()["interaction_closed"]
    assert week.number("SELECT count(*) FROM bellhop.experience WHERE feeling = 'bad'") == 3043


def nobody_is_paged_and_no_clock_runs(week):
    assert week.number("SELECT count(*) FROM bellhop.escalation WHERE due_at IS NOT NULL") == 0
    assert week.number("SELECT count(*) FROM bellhop.follow_up WHERE NOT silenced") == 0
    assert week.number("SELECT count(*) FROM bellhop.overdue_deadline") == 0
    assert week.number("SELECT count(*) FROM bellhop.event WHERE type = 'deadline_passed'") == 0


def at_risk(limit, failures=1):
    """The contacts after which a customer who was on hold for so long is to be won back: not who hung up on hold, and at most so often
    as the policy says, because none of it is done in this week. With `failures` 2 those that failed a customer again (G7)."""
    most = int(re.search(r"recoveries_at_once: (\d+)", POLICY.read_text())[1])
    longest, owed, contacts = collections.Counter(), collections.Counter(), set()
    for row in rows():
        customer, held = row["customer_id"], int(row["q_time"])
        if customer in ("", "0"):
            continue
        longest[customer] = max(longest[customer], held)
        if longest[customer] >= limit and not (row["outcome"] == "HANG" and held) and owed[customer] < most:
            owed[customer] += 1
            if owed[customer] >= failures:
                contacts.add(interaction(row))
    return contacts


def interaction(row):
    return "-".join(row[part] for part in ("date", "vru_line", "call_id", "vru_entry"))


def another_hold_limit_is_judged_as_it_is_counted(week):
    policy = week.cell.folder / "patient.yaml"
    for limit in (240, 420):
        policy.write_text(POLICY.read_text().replace("hold_lead: 300s", f"hold_lead: {limit}s"))
        found = json.loads(week.bellhop("policy", "backtest", "--json", str(policy)).stdout)
        groups = {(group["rule_id"], group.get("role")): group for group in found["groups"] if group["list"]}
        leads = {bound: {interaction(row) for row in rows() if bound <= int(row["q_time"]) < 900} for bound in (300, limit)}
        risks = {bound: at_risk(bound) for bound in (300, limit)}
        again = {bound: at_risk(bound, 2) for bound in (300, limit)}
        for key, contacts in ((("F2", "shift_lead"), leads), (("G5", None), risks), (("G7", "store_manager"), again)):
            group = groups.pop(key)
            assert (group["before"], group["after"]) == (len(contacts[300]), len(contacts[limit])), (key, group["before"], group["after"])
            listed = {item["interaction_id"]: item["more"] for item in group["list"]}
            assert listed == dict.fromkeys(contacts[limit] - contacts[300], 1) | dict.fromkeys(contacts[300] - contacts[limit], -1), key
        assert not groups, groups
        more = [len(of[limit]) - len(of[300]) for of in (leads, again)]
        assert found["headline"] == f"{more[0]:+d} to the shift lead, {more[1]:+d} to the store manager", found["headline"]


def a_second_import_adds_nothing(week):
    before = week.cell.sql("SELECT head, cursor FROM bellhop.position")
    answer = week.bellhop("import", "calls", str(WEEK))
    assert answer.returncode == 0, answer.stderr
    assert "everything was there already: nothing was added" in answer.stdout, answer.stdout
    week.await_decided()
    assert week.cell.sql("SELECT head, cursor FROM bellhop.position") == before
    assert week.number("SELECT count(*) FROM bellhop.rejected_event") == 0


def the_same_calls_in_another_zone_are_other_events(week):
    few = week.cell.folder / "few.csv"
    few.write_text("".join(open(WEEK).readlines()[:3]))
    answer = week.bellhop("import", "calls", str(few), "--zone", "Asia/Jerusalem")
    assert answer.returncode == 0 and "6 new" in answer.stdout, answer.stdout + answer.stderr
    found = week.cell.sql("SELECT occurred_at AT TIME ZONE 'UTC' FROM bellhop.event WHERE store_id = 'bank' ORDER BY seq DESC LIMIT 1")
    assert found == [["2010-07-31 21:27:14"]], found


def a_bad_row_imports_nothing(week):
    before = week.number("SELECT head FROM bellhop.position")
    bad = week.cell.folder / "bad.csv"
    lines = open(WEEK).readlines()[:50]
    lines[30] = lines[30].replace("2010-08-01", "2010-08-32")
    bad.write_text("".join(lines))
    answer = week.bellhop("import", "calls", str(bad), "--zone", "America/New_York")
    assert answer.returncode == 2, answer
    assert 'line 31, date "2010-08-32"' in answer.stderr and "nothing was imported" in answer.stderr, answer.stderr
    assert week.number("SELECT head FROM bellhop.position") == before


def the_numbers_are_the_same_whatever_is_killed_meanwhile(_):
    with Cell() as cell:
        week = Week(cell)
        importing = subprocess.Popen([BUILD / "bin" / "bellhop", "import", "calls", str(WEEK)], env=cell.environment, text=True,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for name, head in (("persist", 5000), ("ingest", 15000), ("escalate", 25000), ("persist", 35000)):
            wait_until(lambda: importing.poll() is not None or week.number("SELECT head FROM bellhop.position") > head, 60,
                       f"the log has {head} events")
            cell.kill(name)
            cell.begin(name)
        out, err = importing.communicate(timeout=120)
        assert importing.returncode == 0 and "0 refused" in out, out + err
        week.await_decided()
        for case in (long_holds_open_cases_for_their_level, who_hung_up_on_hold_is_called_back_unless_served_since,
                     who_left_without_having_waited_is_no_bad_experience, nobody_is_paged_and_no_clock_runs,
                     a_second_import_adds_nothing):
            case(week)


def by_the_banks_own_clocks_each_contact_counts_in_its_week(_):
    """What passes midnight, and what has no time of service, would otherwise end before it began: six of it a week before."""
    with Cell() as cell:
        week = Week(cell)
        answer = week.bellhop("import", "calls", str(WEEK), "--zone", "Asia/Jerusalem")
        assert answer.returncode == 0, answer.stderr
        week.await_decided()
        assert week.number("SELECT count(*) FROM bellhop_log.experience WHERE occurred_at < opened_at") == 0
        weeks = week.pairs("SELECT week, interactions FROM bellhop.word_of_mouth WHERE store_id = 'bank'")
        assert weeks == {"2010-07-26": 2378, "2010-08-02": 9237}, weeks


CASES = (the_first_import_adds_every_event, long_holds_open_cases_for_their_level,
         who_hung_up_on_hold_is_called_back_unless_served_since, who_left_without_having_waited_is_no_bad_experience,
         nobody_is_paged_and_no_clock_runs, another_hold_limit_is_judged_as_it_is_counted, a_second_import_adds_nothing,
         the_same_calls_in_another_zone_are_other_events, a_bad_row_imports_nothing,
         by_the_banks_own_clocks_each_contact_counts_in_its_week, the_numbers_are_the_same_whatever_is_killed_meanwhile)


def main():
    if not WEEK.exists():
        print(f"SKIP {WEEK} is not there")
        return 0
    with Cell() as cell:
        week = Week(cell)
        for number, case in enumerate(CASES, 1):
            case(week)
            print(f"ok {number} - {case.__name__}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
