#!/usr/bin/python3
"""report: a store's day and week, as its manager reads them, against a whole cell."""
import datetime
import json
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cell import BUILD, Cell, wait_until  # noqa: E402


class Shell:
    def __init__(self, cell):
        self.cell = cell

    def run(self, *arguments, expect=0, **settings):
        done = subprocess.run([BUILD / "bin" / "bellhop", *arguments], env=dict(self.cell.environment, **settings), text=True, timeout=60,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert done.returncode == expect, (arguments, done)
        return done.stdout + done.stderr

    def publish(self, event, *sets, interaction=None, customer=None, employee="mira"):
        named = [part for name, value in (("--interaction", interaction), ("--customer", customer)) if value for part in (name, value)]
        self.run("publish", event, "--store", "s1", "--employee", employee, *named, "--await-verdict",
                 *[part for one in sets for part in ("--set", one)])

    def report(self, *arguments, **options):
        return self.run("report", *arguments, **options)


def days(*ago):
    today = datetime.datetime.now(datetime.timezone.utc).date()
    return [(today - datetime.timedelta(days=count)).isoformat() for count in ago]


def play(shell):
    """The retail policy's stores are in UTC."""
    money = "amount.currency=EUR"
    shell.publish("interaction_opened", "channel=COUNTER", interaction="i1", customer="c1")
    shell.publish("need_recorded", "topic=drill", interaction="i1")
    shell.publish("remedy_requested", "remedy_id=r1", "kind=REFUND", "amount.minor=4000", money, interaction="i1")
    shell.publish("remedy_granted", "remedy_id=r1", "amount.minor=4000", money, interaction="i1")
    shell.publish("interaction_closed", "outcome=SATISFIED", interaction="i1")
    shell.publish("interaction_opened", "channel=COUNTER", interaction="i2", customer="c1", employee="noah")
    shell.publish("handed_over", "to_employee_id=olga", interaction="i2", employee="noah")
    shell.publish("handed_over", "to_employee_id=mira", interaction="i2", employee="olga")
    shell.publish("remedy_requested", "remedy_id=r2", "kind=REFUND", "amount.minor=30000", money, interaction="i2")
    shell.publish("interaction_closed", "outcome=DISSATISFIED", interaction="i2")
    shell.publish("remedy_refused", "remedy_id=r3", "amount.minor=2000", money, interaction="i3", employee="noah")
    shell.publish("remedy_granted", "remedy_id=r4", "amount.minor=600", money, interaction="i3", employee="noah")
    wait_until(lambda: shell.cell.sql("SELECT count(*) FROM bellhop.experience") == [["2"]], 20, "both contacts are decided")
    (day,) = days(0)
    shell.cell.sql("INSERT INTO bellhop_log.digest (seq, ordinal, epoch, store_id, day, compliments, kept_promises, returning_customers, "
                   f"sales_gains, sentence, detail) VALUES (1, 0, 1, 's1', '{day}', 2, 0, 1, 0, 'x', '\\x0a070a036e6f611002')")


def a_day_is_told_in_words(shell):
    (day,) = days(0)
    told = shell.report("day", "--store", "s1")
    for expected in (rf"^s1, \w+day {day} \(so far\)$", rf"^  {day}: 2 compliments, 1 customer who came back\.$", r"^    noa: 2 compliments$",
                     r"^  4 remedies were asked for: 1 granted at the counter \(25\.0 %\), 1 handed to somebody who could decide, 1 refused there"
                     r"\.$",
                     r"^  1 of them was handed over although nobody had granted it, or not so much \(A9\)\.$",
                     r"^  Of the authority that those who served had, 40\.00 EUR of 1,500\.00 EUR was used at the counter \(2\.7 %\)\.$",
                     r"^  2 contacts began, with 2 hand-overs \(1\.00 per contact\)\.$",
                     r"^  1, which would have cost 20\.00 EUR\.$",
                     rf"^  {day}  i2 +2 +1-\d+-\d+ +overtaken +shift_lead *$",
                     r"^  mira +2 +1 +50\.0 %$",
                     r"^  About 9 people are likely to hear of 1 good contact, 16 of 1 bad one\.$",
                     r"^  1 thanks to mira$",
                     r"^  counter +1 +1 +0 s +0 s +0 s *$",
                     r"^  counter +1 +40\.00 EUR +1 +40\.00 EUR *$", r"^  nobody +1 +6\.00 EUR +1 +6\.00 EUR *$"):
        assert re.search(expected, told, re.M), (expected, told)


def the_telephone_has_its_place(shell):
    def call(interaction, *waits, outcome):
        told = (("interaction_opened", ["channel=PHONE"]), *(("wait_reported", wait) for wait in waits),
                ("interaction_closed", [f"outcome={outcome}"]))
        for kind, sets in told:
            shell.run("publish", kind, "--store", "s5", "--interaction", interaction, "--customer", interaction, "--await-verdict",
                      *[part for one in sets for part in ("--set", one)])
    call("t1", ["kind=MENU", "duration_ms=20000", "menus=5"], ["kind=HOLD", "duration_ms=60000", "interruptions=3"], outcome="SERVED")
    call("t2", ["kind=HOLD", "duration_ms=360000"], outcome="ABANDONED")
    told = shell.report("day", "--store", "s5")
    (day,) = days(0)
    for expected in (r"^  2 calls ended, with 5 menus and 3 interrupting announcements\.$",
                     r"^  2 of them were on hold, for 7 min together, the longest for 6 min; 1 long hold paged somebody\.$",
                     r"^  1 wait was interrupted more often than the policy finds right \(F4\)\.$",
                     r"^  1 caller hung up, 1 of them after waiting\.$",
                     r"^  1 call-back followed from it, 1 of them still owed\.$",
                     rf"^  {day}  \S+: 5 menus before a person answered\. \(5\)$", r"^  No remedy was answered\.$", r"^  Nothing was handed over\.$"):
        assert re.search(expected, told, re.M), (expected, told)
    found = json.loads(shell.report("week", "--store", "s5", "--json"))
    assert found["telephone"][0]["call_backs_owed"] == 1 and {row["rule_id"] for row in found["finding"]} == {"F1", "F4"}, found


def a_week_is_summed_up(shell):
    (day,) = days(0)
    told = shell.report("week", "--store", "s1", "--date", day)
    assert re.search(r"^s1, Monday \S+ to Sunday \S+ \(so far\)$", told, re.M), told
    assert "4 remedies were asked for" in told and f"{day}: 2 compliments" in told, told


def json_has_the_rows_of_the_views(shell):
    (day,) = days(0)
    told = json.loads(shell.report("week", "--store", "s1", "--json"))
    monday = datetime.date.fromisoformat(told["first_day"])
    assert monday.weekday() == 0 and told["last_day"] == (monday + datetime.timedelta(days=6)).isoformat() and told["goes_on"] is True
    assert told["empowerment_report"][0]["day"] == day and told["empowerment"][0]["available_minor"] == 150000, told
    assert told["no_within_authority"] == [{"currency": "EUR", "refused": 1, "refused_minor": 2000}], told
    assert told["second_hand_over"][0]["interaction_id"] == "i2" and told["digest"][0]["earned"][0]["employee_id"] == "noa", told
    assert {"depth", "word_of_mouth", "returning_customers"} <= set(told), told
    assert told["depth"] == [{"employee_id": "mira", "interactions": 2, "with_needs": 1, "with_needs_share": 0.5}], told


def a_day_on_which_nothing_was_is_told_as_such(shell):
    (before,) = days(40)
    told = shell.report("day", "--store", "s1", "--date", before)
    for line in ("None was announced.", "No remedy was asked for.", "0 contacts began, with 0 hand-overs.", "No contact ended.",
                 "About 0 people are likely to hear of 0 good contacts, 0 of 0 bad ones."):
        assert line in told, (line, told)
    assert "(so far)" not in told, told


def what_cannot_be_told_is_said(shell):
    assert 'nothing is known of a store "s2"; something is known of s1' in shell.report("day", "--store", "s2", expect=1)
    (tomorrow,) = days(-1)
    assert f'that day is still to come; in "s1" it is {days(0)[0]}' in shell.report("day", "--store", "s1", "--date", tomorrow, expect=2)
    for wrong in ("2026-02-30", "yesterday", "2026-2-3", "2026-02-03x"):
        assert f'--date "{wrong}": expected a date such as 2026-11-27' in shell.report("day", "--store", "s1", "--date", wrong, expect=2)
    assert "which store?" in shell.report("day", expect=2)
    assert "of a day or of a week?" in shell.report("--store", "s1", expect=2)
    assert '"month": expected day or week' in shell.report("month", "--store", "s1", expect=2)
    assert "has 1 to 64 characters" in shell.report("day", "--store", "s" * 65, expect=2)
    assert "BELLHOP_DATABASE_URL is not set" in shell.report("day", "--store", "s1", expect=2, BELLHOP_DATABASE_URL="")
    assert "could not read the database" in shell.report("day", "--store", "s1", expect=3,
                                                         BELLHOP_DATABASE_URL="host=/nowhere dbname=none connect_timeout=2")


def what_was_decided_with_lent_authority_names_both(shell):
    at = ("--store", "s2", "--await-verdict")
    shell.run("publish", "role_granted", *at, "--set", "employee_id=ines", "--set", "role=store_manager")
    until = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    shell.run("publish", "authority_lent", *at, "--employee", "ines", "--set", "to_employee_id=lena", "--set", f"until_at={until}")
    told = shell.run("publish", "remedy_requested", *at, "--interaction", "l1", "--employee", "lena", "--set", "remedy_id=r1", "--set", "kind=REFUND",
                     "--set", "amount.minor=30000", "--set", "amount.currency=EUR")
    assert "granted, 300.00 EUR" in told, told
    wait_until(lambda: shell.cell.sql("SELECT count(*) FROM bellhop.lent_authority") == [["1"]], 20, "it is decided")
    told = shell.report("day", "--store", "s2")
    expected = "Decided with authority that was lent (A11)\n  lena, with what ines lent: 1 granted, worth 300.00 EUR; 0 cases answered.\n"
    assert expected in told, told


CASES = (a_day_is_told_in_words, the_telephone_has_its_place, a_week_is_summed_up, json_has_the_rows_of_the_views, a_day_on_which_nothing_was_is_told_as_such,
         what_cannot_be_told_is_said, what_was_decided_with_lent_authority_names_both)


def main():
    with Cell() as cell:
        shell = Shell(cell)
        assert 'nothing is known of a store "s1", nor of any other yet' in shell.report("day", "--store", "s1", expect=1)
        play(shell)
        for number, case in enumerate(CASES, 1):
            case(shell)
            print(f"ok {number} - {case.__name__}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
