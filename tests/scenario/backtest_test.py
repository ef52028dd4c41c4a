#!/usr/bin/python3
"""backtest: another policy over the recorded past of a whole cell, then in force, and back."""
import datetime
import json
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cell import BUILD, ROOT, Cell, wait_until  # noqa: E402

POLICY = (ROOT / "services/escalate/policy/retail.yaml").read_text()


class Shell:
    def __init__(self, cell, folder):
        self.cell = cell
        self.folder = pathlib.Path(folder)

    def run(self, *arguments, expect=0):
        done = subprocess.run([BUILD / "bin" / "bellhop", *arguments], env=self.cell.environment, text=True, timeout=120,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert done.returncode == expect, (arguments, done)
        return done.stdout + (done.stderr if expect else "")

    def publish(self, event, *sets, interaction, customer="c1", employee="mira", store="s1"):
        return self.run("publish", event, "--store", store, "--interaction", interaction, "--customer", customer, "--employee",
                        employee, "--await-verdict", *[part for one in sets for part in ("--set", one)])

    def ask(self, number, minor, store="s1"):
        return self.publish("remedy_requested", f"remedy_id=r{number}", "kind=REFUND", f"amount.minor={minor}", "amount.currency=EUR",
                            interaction=f"i{number}", customer=f"c{number}", store=store)

    def policy(self, *changes):
        text = POLICY
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        path = self.folder / "policy.yaml"
        path.write_text(text)
        return path


def a_day(shell):
    for number, minor in ((1, 4000), (2, 17000), (3, 24000), (4, 30000), (5, 120000)):
        shell.ask(number, minor)
    shell.ask(6, 24000, store="s2")
    for number, seconds in ((11, 200), (12, 250), (13, 299), (14, 300), (15, 1000)):
        shell.publish("wait_reported", "kind=HOLD", f"duration_ms={seconds * 1000}", interaction=f"i{number}")
    shell.run("publish", "on_duty", "--store", "s1", "--employee", "ines", "--set", "role=store_manager", "--await-verdict")
    case = shell.cell.sql("SELECT escalation_id FROM bellhop.escalation WHERE interaction_id = 'i4'")[0][0]
    shell.run("answer", case, "granted", "250.00", "--as", "ines")


def with_the_same_policy_nothing_is_different(shell):
    assert shell.run("policy", "backtest", shell.policy()).strip() == "nothing would have been different"


def more_authority_is_told_in_cases_and_money(shell):
    told = shell.run("policy", "backtest", shell.policy(("- role: shift_lead\n  remedy: 200.00", "- role: shift_lead\n  remedy: 250.00")))
    assert told.startswith("+2 to the shift lead, -2 to the store manager\n"), told
    assert re.search(r"A2 +one-hop +cases for the shift lead: 1, would have been 3 \(\+2\)", told), told
    assert re.search(r"\+1  \S+  s1  i3  r3\n", told) and re.search(r"\+1  \S+  s2  i6  r6\n", told), told
    told = shell.run("policy", "backtest", shell.policy(("- role: associate\n  remedy: 50.00", "- role: associate\n  remedy: 170.00")))
    assert "170.00 EUR more decided at the counter" in told.splitlines()[0], told


def another_limit_is_counted(shell):
    found = json.loads(shell.run("policy", "backtest", "--json", shell.policy(("hold_lead: 300s", "hold_lead: 250s"))))
    group, = [group for group in found["groups"] if group["rule_id"] == "F2" and group.get("role") == "shift_lead"]
    assert (group["before"], group["after"]) == (1, 3), group
    assert sorted(item["interaction_id"] for item in group["list"]) == ["i12", "i13"], group


def one_store_and_one_time_can_be_looked_at(shell):
    path = shell.policy(("- role: shift_lead\n  remedy: 200.00", "- role: shift_lead\n  remedy: 250.00"))
    assert shell.run("policy", "backtest", "--store", "s2", path).startswith("+1 to the shift lead, -1 to the store manager\n")
    today = datetime.datetime.now(datetime.timezone.utc).date()
    whole = shell.run("policy", "backtest", path)
    assert shell.run("policy", "backtest", "--since", str(today - datetime.timedelta(days=1)), "--until", str(today), path) == whole
    for outside in (("--since", "2999-01-01T00:00:00Z"), ("--since", "2999-01-01"), ("--until", "2001-01-01T00:00:00Z"),
                    ("--until", str(today - datetime.timedelta(days=2)))):
        told = shell.run("policy", "backtest", *outside, path, expect=1)
        assert told.strip() == "bellhop: nothing was recorded in that time: there was nothing to judge", told
    assert "2026-02-30" in shell.run("policy", "backtest", "--since", "2026-02-30", path, expect=2)


def a_file_that_is_no_policy_is_refused(shell):
    shell.run("policy", "backtest", shell.policy(("on: handed_over", "on: handed_on")), expect=2)


def a_policy_that_cannot_be_loaded_is_not_proposed(shell):
    shell.run("policy", "activate", shell.policy(("on: handed_over", "on: handed_on")), expect=1)
    assert len(shell.run("policy", "history").splitlines()) == 2


def a_policy_is_activated_and_rolled_back(shell):
    told = shell.run("policy", "activate", shell.policy(("- role: shift_lead\n  remedy: 200.00", "- role: shift_lead\n  remedy: 250.00")))
    assert re.search(r"^version \d+ is accepted, and in force from ", told), told
    assert "escalated to shift_lead" in shell.ask(21, 24000)
    assert "going back to version 1, " in shell.run("policy", "rollback")
    assert "escalated to store_manager" in shell.ask(22, 24000)
    lines = shell.run("policy", "history").splitlines()
    assert len(lines) == 4 and "policy.yaml" in lines[2], lines
    assert [re.search("was in force|in force", line)[0] for line in lines[1:]] == ["was in force", "was in force", "in force"], lines
    shell.run("policy", "activate", "--at", "2999-01-01T00:00:00Z", shell.policy(("hold_lead: 300s", "hold_lead: 240s")))
    assert re.search(r" to come +2999-01-01", shell.run("policy", "history").splitlines()[4]), shell.run("policy", "history")
    assert "is in the past" in shell.run("policy", "activate", "--at", "2025-01-01T00:00:00Z", shell.policy(), expect=2)
    shell.run("policy", "rollback")
    lines = shell.run("policy", "history").splitlines()
    assert " replaced before it began " in lines[4] and " in force " in lines[5] and " was in force " in lines[3], lines


def what_is_proposed_while_nobody_decides_is_in_the_history(shell):
    shell.cell.end("escalate")
    told = shell.run("policy", "activate", shell.policy(("hold_lead: 300s", "hold_lead: 200s")), expect=4)
    assert "is proposed and not decided yet" in told, told
    assert " not decided yet" in shell.run("policy", "history").splitlines()[-1]
    shell.cell.begin("escalate")
    wait_until(lambda: " in force " in shell.run("policy", "history").splitlines()[-1], 20, "the policy is decided")
    shell.run("policy", "rollback")
    assert "all are the same" in shell.run("verify")


def a_shadow_tells_only_what_differs(shell):
    path = shell.policy(("- role: shift_lead\n  remedy: 200.00", "- role: shift_lead\n  remedy: 250.00"))
    shadow = subprocess.Popen([BUILD / "bin" / "bellhop", "policy", "shadow", path], env=shell.cell.environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert "in the shadow of" in shadow.stderr.readline()
    shell.ask(31, 17000)
    shell.ask(32, 24000)
    heard = []
    while not any("shadow" in line and "shift_lead" in line for line in heard):
        heard.append(shadow.stdout.readline())
        assert heard[-1], heard
    shell.run("policy", "activate", path)
    out, err = shadow.communicate(timeout=30)
    told = "".join(heard) + out
    assert shadow.returncode == 0 and "it is in force now" in err, err
    assert "opened for store_manager" in told and "opened for shift_lead" in told and "170.00" not in told, told


def the_staff_hear_what_is_otherwise_for_them_and_why(shell):
    def heard(store, count):
        told = shell.run("watch", "--name", f"staff-{store}-{count}", "--from", "beginning", "--json", "--count", str(count),
                         f"notice.given.{store}.staff")
        return [json.loads(line)["decision"] for line in told.splitlines() if '"J7"' in line]

    def heard_in(store):
        return int(shell.cell.sql(f"SELECT count(*) FROM bellhop.decision WHERE rule_id = 'J7' AND store_id = '{store}'")[0][0])

    def await_heard(more):
        for store, before in known.items():
            wait_until(lambda: heard_in(store) == before + more, 20, f"the staff of {store} have heard {more} times more")

    wait_until(lambda: shell.cell.sql("SELECT count(*) FROM bellhop_log.deadline WHERE kind = 'policy_begins'") == [["0"]], 20,
               "what was put in force above is told")
    known = {store: heard_in(store) for store in ("s1", "s2")}
    assert min(known.values()) > 0, known
    assert "500 bytes" in shell.run("policy", "activate", "--reason", "two\nlines", shell.policy(), expect=2)
    shell.run("policy", "activate", "--reason", "Too many hung up.", shell.policy(("hold_lead: 300s", "hold_lead: 240s")))
    await_heard(1)
    shell.run("policy", "activate", "--reason", "Nothing else.", shell.policy(("hold_lead: 300s", "hold_lead: 240s")))
    shell.run("policy", "rollback", "--reason", "It was no better.")
    await_heard(2)
    for store in ("s1", "s2"):
        first, back = [notice["notice"]["sentence"] for notice in heard(store, known[store] + 2)[-2:]]
        assert first.endswith(' The figure "hold lead" is 4 min (until now 5 min). Why: Too many hung up.'), first
        assert "The shift lead may give up to 200.00 EUR at once" in first and "(until now 250.00 EUR at once" in first, first
        assert ' The figure "hold lead" is 5 min (until now 4 min). Why: It was no better.' in back, back
    lines = shell.run("policy", "history").splitlines()
    assert "It was no better." in lines[-1] and "Too many hung up." in lines[-3], lines
    assert "all are the same" in shell.run("verify")
    why = shell.cell.sql("SELECT decision_id FROM bellhop.decision WHERE rule_id = 'J7' ORDER BY decision_id DESC LIMIT 1")[0][0]
    assert "another policy comes into force" in shell.run("why", why)


CASES = (with_the_same_policy_nothing_is_different, more_authority_is_told_in_cases_and_money, another_limit_is_counted,
         one_store_and_one_time_can_be_looked_at, a_file_that_is_no_policy_is_refused,
         a_policy_that_cannot_be_loaded_is_not_proposed, a_policy_is_activated_and_rolled_back,
         what_is_proposed_while_nobody_decides_is_in_the_history, a_shadow_tells_only_what_differs,
         the_staff_hear_what_is_otherwise_for_them_and_why)


def main():
    with Cell() as cell, tempfile.TemporaryDirectory() as folder:
        wait_until(lambda: cell.sql("SELECT count(*) FROM bellhop.policy WHERE accepted") == [["1"]], 60, "a policy is in force")
        shell = Shell(cell, folder)
        a_day(shell)
        for number, case in enumerate(CASES, 1):
            case(shell)
            print(f"ok {number} - {case.__name__}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
