#!/usr/bin/python3
"""cli: the command line against a whole cell: publish, watch, open, acknowledge, answer, done, status."""
import collections
import json
import pathlib
import re
import subprocess
import sys
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cell import BUILD, ROOT, Cell, wait_until  # noqa: E402

REMEDY = ("remedy_requested", "--store", "s1", "--set", "kind=REFUND", "--set", "amount.currency=EUR", "--await-verdict")


class Shell:
    """Runs `bellhop` in the cell's environment."""

    def __init__(self, cell):
        self.cell = cell

    def start(self, *arguments, **options):
        return subprocess.Popen([BUILD / "bin" / "bellhop", *arguments], env=self.cell.environment, text=True,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)

    def run(self, *arguments, text=None, expect=0):
        process = self.start(*arguments)
        out, err = process.communicate(text, timeout=60)
        assert process.returncode == expect, (arguments, process.returncode, out, err)
        return out, err

    def announce(self, employee, role):
        self.run("publish", "on_duty", "--store", "s1", "--employee", employee, "--set", f"role={role}", "--await-verdict")

    def escalate(self, remedy, interaction, minor=30000):
        """A remedy beyond the counter; its case."""
        out, _ = self.run("publish", *REMEDY, "--interaction", interaction, "--employee", "mira", "--set", f"remedy_id={remedy}",
                          "--set", f"amount.minor={minor}")
        return re.search(r"case (\S+)", out).group(1)

    def sql(self, query):
        return self.cell.sql(query)


def every_command_has_its_help(shell):
    out, _ = shell.run("--help")
    commands = re.findall(r"^  ([\w-]+)  +\w", out, re.M)
    assert len(commands) == 14, out
    for command in commands:
        told, _ = shell.run(command, "--help")
        assert "Usage: bellhop " + command in told and "Exit codes:" in told, told


def mistakes_are_told_and_do_nothing(shell):
    for arguments in (["nonsense"], ["publish", "--bogus"], ["acknowledge"], ["answer", "1-2-3", "perhaps", "--as", "x"],
                      ["acknowledge", "1-2-3"], ["watch", "a..b"], ["watch", "--from", "now"], ["import", "calls"],
                      ["publish", "complaint", "--set", "about"], ["publish", "complaint", "--check", "--store", "s1", "--set", "about=CHEESE"],
                      ["publish", "complaint", "--check", "--store", "s1", "--set", "nonsense=1"], ["done", "not-an-id", "--as", "x"]):
        out, err = shell.run(*arguments, expect=2)
        assert out == "" and err, arguments


def check_validates_without_sending(shell):
    before = shell.sql("SELECT head FROM bellhop.position")
    lines = ['{"store_id":"s1","interaction_id":"i0","complaint":{"about":"PRICE"}}',
             '{"store_id":"s 1","interaction_id":"i0","complaint":{"about":"PRICE"}}',
             '{"store_id":"s1","interaction_id":"i0","wait_reported":{"kind":"HOLD","duration_ms":-4}}',
             '{"store_id":"s1","interaction_id":"i0","complaint":{"about":"CHEESE"}}', '{"store_id":']
    out, err = shell.run("publish", "--check", text="\n".join(lines) + "\n", expect=1)
    assert out == "" and "line 1:" not in err.splitlines()[0], err
    for number, named in ((2, 'store_id is "s 1"'), (3, "wait_reported.duration_ms"), (4, "CHEESE"), (5, "line 5:")):
        assert any(f"line {number}:" in line and named in line for line in err.splitlines()), (number, err)
    assert "5 events checked, 4 cannot be accepted; nothing was sent" in err
    shell.run("publish", "--check", text=lines[0])
    assert shell.sql("SELECT head FROM bellhop.position") == before


def a_remedy_within_authority_is_granted_at_once(shell):
    out, _ = shell.run("publish", *REMEDY, "--interaction", "i1", "--employee", "mira", "--set", "remedy_id=r1", "--set",
                       "amount.minor=4000")
    assert re.search(r"^committed at 1-\d+  ", out, re.M) and "granted, 40.00 EUR" in out, out


def lines_are_published_once_whatever_is_repeated(shell):
    now_ms = int(time.time() * 1000)
    ids = [str(uuid.UUID(int=(now_ms << 80) | (7 << 76) | (2 << 62) | number)) for number in range(300)]
    lines = "".join(json.dumps({"id": id_, "store_id": "s1", "interaction_id": f"l{number}", "source": "s1/till-7",
                                "interaction_opened": {"channel": "COUNTER"}}) + "\n" for number, id_ in enumerate(ids))
    at = json.dumps(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
    lines = lines.replace('"source"', f'"occurred_at": {at}, "source"')
    _, err = shell.run("publish", text=lines)
    assert "300 events: 300 committed, 0 there already, 0 refused" in err, err
    out, err = shell.run("publish", "--json", text=lines)
    assert "300 events: 0 committed, 300 there already, 0 refused" in err, err
    receipts = [json.loads(line) for line in out.splitlines()]
    assert [receipt["event_id"] for receipt in receipts] == ids and all(re.match(r"1-\d+$", r["position"]) for r in receipts)
    other = json.loads(lines.splitlines()[0])
    other["interaction_opened"]["channel"] = "PHONE"
    _, err = shell.run("publish", text=json.dumps(other) + "\n", expect=1)
    assert "conflict" in err and ids[0] in err, err


def a_case_is_listed_taken_and_answered(shell):
    case = shell.escalate("r2", "i2")
    out, _ = shell.run("open")
    assert case in out and "store_manager" in out and "300.00 EUR" in out, out
    listed = [json.loads(line) for line in shell.run("open", "--json", "--store", "s1")[0].splitlines()]
    assert [found["role"] for found in listed if found["escalation_id"] == case] == ["store_manager"]
    assert case not in shell.run("open", "--store", "elsewhere")[0]
    assert "nothing is open" in shell.run("open", "--role", "associate")[1]
    _, err = shell.run("open", "--role", "butler", expect=2)
    assert 'there is no role "butler"; the policy in force has associate, shift_lead, ' in err, err
    out, _ = shell.run("acknowledge", case, "--as", "tom", "--role", "store_manager", expect=1)
    assert "higher than the one they have" in out and f"case {case} is open" in out, out
    out, _ = shell.run("acknowledge", case, "--as", "ines", "--role", "store_manager", "--until", "20min")
    assert f"case {case} taken by ines until" in out, out
    out, _ = shell.run("answer", case, "granted", "250.50", "--as", "ines", "--role", "store_manager", "--text", "of course")
    assert f"case {case} answered: granted 250.50 EUR by ines" in out, out
    assert shell.sql(f"SELECT state, answer, granted_minor, resolved_by FROM bellhop.escalation WHERE escalation_id = '{case}'") == \
        [["resolved", "granted", "25050", "ines"]]
    assert case not in shell.run("open")[0]


def an_act_that_comes_too_late_hears_how_things_stand(shell):
    case = shell.escalate("r3", "i3")
    shell.run("answer", case, "refused", "--as", "ines", "--role", "store_manager")
    out, _ = shell.run("acknowledge", case, "--as", "lena", "--round", "1", "--store", "s1", expect=1)
    assert "refused" in out and f"case {case} is resolved: refused by ines" in out, out
    _, err = shell.run("acknowledge", "1-999999-0", "--as", "lena", expect=1)
    assert "there is no case" in err, err


def a_case_that_is_declined_goes_on_at_once(shell):
    case = shell.escalate("r9", "i9")
    out, _ = shell.run("decline", case, "--as", "ines", "--reason", "too_close")
    assert f"case {case} climbed to district_manager" in out and "not me: too_close" in out, out
    assert shell.sql(f"SELECT role, state, declined_by FROM bellhop.escalation WHERE escalation_id = '{case}'") == \
        [["district_manager", "open", "{ines}"]]


def an_act_from_too_low_a_level_is_refused(shell):
    case = shell.escalate("r4", "i4")
    out, _ = shell.run("answer", case, "granted", "300", "--as", "noah", expect=1)
    assert "refused" in out and "is open" in out, out
    shell.run("answer", case, "granted", "300", "--as", "ines", "--role", "store_manager")


def a_follow_up_is_listed_and_done(shell):
    for arguments in (("interaction_opened", "--set", "channel=COUNTER"), ("interaction_closed", "--set", "outcome=DISSATISFIED")):
        shell.run("publish", *arguments, "--store", "s1", "--interaction", "i5", "--employee", "mira", "--customer", "carl",
                  "--await-verdict")
    listed = [json.loads(line) for line in shell.run("open", "--follow-ups", "--json")[0].splitlines()]
    task = next(found["follow_up_id"] for found in listed if found["customer_id"] == "carl")
    assert task in shell.run("open", "--follow-ups")[0]
    _, err = shell.run("done", task, "--as", "mira", "--outcome", "fine", expect=2)
    assert "no outcome: well, not-well or not-reached" in err, err
    out, _ = shell.run("done", task, "--as", "mira", "--outcome", "not-well", "--text", "he comes back on Monday")
    assert f"follow-up {task} (recovery) done" in out and "not_well, by mira" in out, out
    assert shell.sql(f"SELECT outcome, served_by FROM bellhop.follow_up WHERE follow_up_id = '{task}'") == [["not_well", "mira"]]
    out, _ = shell.run("done", task, "--as", "mira", expect=1)
    assert "refused" in out, out


def a_durable_watch_goes_on_where_it_stood(shell):
    case = shell.escalate("r5", "i6")
    arguments = ("watch", "--name", "ladder", "--from", "beginning", "--json", "case.opened.s1")
    first, _ = shell.run(*arguments, "--count", "1")
    first = json.loads(first)
    total = int(shell.sql("SELECT count(*) FROM bellhop.decision WHERE kind = 'case_opened'")[0][0])
    rest, _ = shell.run(*arguments, "--count", str(total - 1))
    rest = [json.loads(line) for line in rest.splitlines()]
    told = [first["decision_id"]] + [one["decision_id"] for one in rest]
    assert len(set(told)) == total and case in told, (told, case)
    assert all(one["topic"].startswith("case.opened.s1.") for one in rest)


def a_command_confirms_by_its_exit_status(shell):
    case = shell.escalate("r6", "i7")
    waiting = int(shell.sql("SELECT count(*) FROM bellhop.escalation WHERE state = 'open'")[0][0])
    seen = shell.cell.folder / "seen"
    refuse_once = f"""tee -a {seen} | grep -q '"attempt":2'"""
    _, err = shell.run("watch", "--name", "pager", "--from", "now", "--exec", refuse_once, "--count", str(2 * waiting), "case.opened.s1")
    assert err.count("refused: the command exited with 1") == waiting, err
    attempts = collections.Counter(json.loads(line)["decision_id"] for line in seen.read_text().splitlines())
    assert case in attempts and set(attempts.values()) == {2} and len(attempts) == waiting, attempts


def what_others_wrote_cannot_steer_the_terminal(shell):
    written = "so \u009b2J\u202ednim reven\nsecond line"
    event = {"store_id": "s9", "interaction_id": "i9", "complaint": {"about": "RUDENESS", "text": written}}
    shell.run("publish", "--await-verdict", text=json.dumps(event) + "\n")
    arguments = ("--from", "beginning", "--count", "1", "coaching.made.s9")
    out, _ = shell.run("watch", "--name", "people", *arguments)
    assert r'"so \u009b2J\u202ednim reven\nsecond line"' in out and out.count("\n") == 1, out
    out, _ = shell.run("watch", "--name", "programs", "--json", *arguments)
    assert json.loads(out)["text"] == written and "\u009b" not in out, out


def the_live_tail_shows_what_happens_from_now_on(shell):
    heard = shell.cell.folder / "tail"
    with open(heard, "w") as file:
        watch = subprocess.Popen([BUILD / "bin" / "bellhop", "watch", "case.*.s1"], env=shell.cell.environment, stdout=file)
    numbers = iter(range(100))

    def is_heard():
        """Nothing is promised: until the subscription has arrived, what is told is missed."""
        number = next(numbers)
        shell.escalate(f"tail{number}", f"tail{number}")
        return re.search(r"case \S+ opened for store_manager", heard.read_text())

    wait_until(is_heard, 30, "a case is heard on the tail")
    watch.terminate()
    assert watch.wait(20) == 0


def status_says_that_all_is_well_and_what_is_not(shell):
    out, err = shell.run("status")
    for service in ("ingest", "persist", "escalate", "relay"):
        assert re.search(rf"^{service} +well", out, re.M), out + err
    assert re.search(r"^log +at 1-\d+", out, re.M) and re.search(r"^overdue +0", out, re.M), out
    all_ = json.loads(shell.run("status", "--json")[0])
    assert all_["well"] and all_["cursor"] == all_["head"] and set(all_["services"]) == {"ingest", "persist", "escalate", "relay"}
    # sources whose clocks are wrong either way, and one that numbers and fell silent; the others are quiet, or long gone
    for name, incarnation, skew, ago in (("s1/slow", "", 90000, "1 minute"), ("s1/fast", "", -90000, "1 minute"), ("s1/mute", "a", 0, "20 minutes"),
                                         ("s1/quiet", "", 0, "20 minutes"), ("s1/gone", "a", 0, "8 days"), ("s1/well", "a", 0, "1 minute"),
                                         ("s1/new", "a", 0, "20 minutes"), ("s1/new", "b", 0, "1 minute")):
        shell.cell.sql("INSERT INTO bellhop_log.source (source, incarnation, last_seen_at, skew_ms, seq) VALUES "
                       f"('{name}', '{incarnation}', now() - interval '{ago}', {skew}, 1)")
    out, _ = shell.run("status")
    assert re.search(r"^s1/slow +90\.0 s behind", out, re.M) and re.search(r"^s1/fast +90\.0 s ahead", out, re.M), out
    assert re.search(r"^s1/mute .*silent since", out, re.M), out
    assert not re.search(r"^s1/(quiet|gone|well|new)", out, re.M), out
    told = {row["source"]: row for row in json.loads(shell.run("status", "--json")[0])["troubled_sources"]}
    assert told["s1/mute"]["silent"] and not told["s1/slow"]["silent"], told
    shell.cell.end("relay")
    out, _ = shell.run("status", expect=3)
    assert re.search(r"^relay +AWAY", out, re.M), out
    shell.cell.begin("relay")


def what_cannot_be_reached_is_told_apart_from_what_is_refused(shell):
    shell.cell.end("ingest")
    _, err = shell.run("publish", "source_heartbeat", "--store", "s1", "--timeout", "1s", expect=3)
    assert "no receipt" in err, err
    shell.cell.begin("ingest")
    shell.run("publish", "source_heartbeat", "--store", "s1", "--timeout", "20s")
    shell.cell.end("relay")
    tail = shell.start("watch")
    _, err = shell.run("watch", "--name", "nobody", expect=3)
    _, tail_err = tail.communicate(timeout=30)
    assert err and tail.returncode == 3 and "bellhop-relay cannot be reached" in tail_err, (err, tail_err)


CASES = (every_command_has_its_help, mistakes_are_told_and_do_nothing, check_validates_without_sending,
         a_remedy_within_authority_is_granted_at_once, lines_are_published_once_whatever_is_repeated,
         a_case_is_listed_taken_and_answered, an_act_that_comes_too_late_hears_how_things_stand,
         a_case_that_is_declined_goes_on_at_once, an_act_from_too_low_a_level_is_refused, a_follow_up_is_listed_and_done, a_durable_watch_goes_on_where_it_stood,
         a_command_confirms_by_its_exit_status, what_others_wrote_cannot_steer_the_terminal, the_live_tail_shows_what_happens_from_now_on,
         status_says_that_all_is_well_and_what_is_not, what_cannot_be_reached_is_told_apart_from_what_is_refused)


def main():
    with Cell() as cell:
        shell = Shell(cell)
        # Where a service sits is known to `status` by its HTTP door; the cell knows it only now.
        cell.environment.update({f"BELLHOP_{name.upper()}_HTTP": cell.http(name) for name in cell.services})
        wait_until(lambda: cell.sql("SELECT count(*) FROM bellhop.policy WHERE accepted") == [["1"]], 60, "a policy is in force")
        shell.announce("ines", "store_manager")
        shell.announce("lena", "shift_lead")
        for number, case in enumerate(CASES, 1):
            case(shell)
            print(f"ok {number} - {case.__name__}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
