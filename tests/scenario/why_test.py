#!/usr/bin/python3
"""why: decisions questioned: why, why-not and verify, against a whole cell."""
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cell import BUILD, ROOT, Cell, wait_until  # noqa: E402


class Shell:
    def __init__(self, cell):
        self.cell = cell

    def run(self, *arguments, expect=0):
        done = subprocess.run([BUILD / "bin" / "bellhop", *arguments], env=self.cell.environment, text=True, timeout=120,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert done.returncode == expect, (arguments, done)
        return done.stdout

    def publish(self, event, *sets, interaction, customer="c1", employee="mira"):
        return self.run("publish", event, "--store", "s1", "--interaction", interaction, "--customer", customer, "--employee",
                        employee, "--await-verdict", *[part for one in sets for part in ("--set", one)])


def why_tells_the_terms_with_their_values(shell):
    shell.publish("wait_reported", "kind=HOLD", "duration_ms=432000", interaction="i1")
    told = shell.run("why", "i1")
    for line in ("The rule hold (F2)", "yes  the time waited: 7 min 12 s; asked for: at least 5 min (hold lead)",
                 'By the policy "retail", version 1', "For the same reason."):
        assert line in told, told


def why_tells_the_proof_of_one_hop_and_what_followed(shell):
    out = shell.publish("remedy_requested", "remedy_id=r1", "kind=REFUND", "amount.minor=30000", "amount.currency=EUR", interaction="i2")
    case = re.search(r"case (\S+)", out).group(1)
    shell.run("publish", "on_duty", "--store", "s1", "--employee", "ines", "--set", "role=store_manager", "--await-verdict")
    shell.run("answer", case, "refused", "--as", "ines")
    told = shell.run("why", case)
    for line in ("associate (mira) may not decide it: its limit for one remedy is 50.00 EUR: 250.00 EUR too little",
                 "shift lead may not decide it: its limit for one remedy is 200.00 EUR: 100.00 EUR too little",
                 "store manager may decide it", "What followed:", f"case {case} answered: refused by ines"):
        assert line in told, told


def of_an_exception_it_says_who_does_not_list_it(shell):
    out = shell.publish("exception_requested", "remedy_id=x1", "exception=late-return", "worth.minor=30000", "worth.currency=EUR", interaction="x1")
    assert "beyond associate (does not list it), shift_lead (does not list it)" in out, out
    case = re.search(r"case (\S+)", out).group(1)
    told = shell.run("why", case)
    for line in ("asked for: the exception late-return", "worth: 300.00 EUR", "associate (mira) may not decide it: it does not list late-return",
                 "shift lead may not decide it: it does not list late-return", "store manager may decide it", "The rule exception (A10)"):
        assert line in told, told
    assert "no   the employee's remaining authority covers it" in shell.run("why-not", "x1", "A10")
    out = shell.publish("exception_requested", "remedy_id=x2", "exception=split-set", interaction="x1")
    assert "granted" in out and "0.00" not in out, out


def why_not_tells_which_term_failed_and_by_how_much(shell):
    shell.publish("wait_reported", "kind=HOLD", "duration_ms=132000", interaction="i3")
    told = shell.run("why-not", "i3", "F2")
    assert "no   the time waited: 2 min 12 s; asked for: at least 5 min (hold lead); 2 min 48 s too little" in told, told
    assert "looked at 1 time in i3 and held 0" in told, told


def of_several_remedies_each_is_named_with_the_limit_that_failed(shell):
    for remedy_id, minor in (("r7", 30000), ("r8", 2000)):
        shell.publish("remedy_requested", f"remedy_id={remedy_id}", "kind=REFUND", f"amount.minor={minor}", "amount.currency=EUR",
                      interaction="i7", customer="c7")
    told = shell.run("why-not", "i7", "A1")
    first, second = re.split(r"\n\n", told)[:2]
    assert "remedy_requested, remedy r7\n" in first and "its limit for one remedy is 50.00 EUR: 250.00 EUR too little" in first, told
    assert "remedy_requested, remedy r8\n" in second and "it held" in second and "too little" not in second, told
    assert ", remedy r8\n" in shell.run("why", "i7"), told


def of_a_no_that_left_no_proof_the_limit_is_told_all_the_same(shell):
    shell.publish("remedy_refused", "remedy_id=r9", "amount.minor=30000", "amount.currency=EUR", interaction="i9", customer="c9")
    told = shell.run("why-not", "i9", "A8")
    assert "associate (mira) may not decide it: its limit for one remedy is 50.00 EUR: 250.00 EUR too little" in told, told


def the_store_is_asked_for_only_where_several_have_the_contact(shell):
    for store, held in (("s1", 432000), ("s9", 301000)):
        shell.run("publish", "wait_reported", "--store", store, "--interaction", "same", "--await-verdict", "--set", "kind=HOLD",
                  "--set", f"duration_ms={held}")
    for asked in (("why", "same"), ("why-not", "same", "F2")):
        done = subprocess.run([BUILD / "bin/bellhop", *asked], env=shell.cell.environment, text=True, capture_output=True, timeout=60)
        assert done.returncode == 2 and not done.stdout and "several have an interaction \"same\": s1, s9" in done.stderr, done
        told = shell.run(*asked, "--store", "s9")
        assert "5 min 1 s" in told and "7 min 12 s" not in told, told
        shell.run(*asked, "--store", "s8", expect=1)


def why_not_tells_of_a_rule_that_was_never_looked_at(shell):
    told = shell.run("why-not", "i3", "delighted")
    assert "never looked at" in told and "(delighted)" in told and "What happened here: a wait is reported" in told, told


def what_is_not_there_is_said(shell):
    shell.run("why", "nowhere", expect=1)
    shell.run("why", "1-999999-0", expect=1)
    shell.run("why-not", "nowhere", "F2", expect=1)
    shell.run("why-not", "i3", "no-such-rule", expect=2)


def verify_finds_all_the_same(shell):
    assert "all are the same, byte for byte" in shell.run("verify")
    assert "0 decisions about 0 events" in shell.run("verify", "--since", "2999-01-01T00:00:00Z")


def verify_finds_what_was_tampered_with(shell):
    shell.cell.sql("UPDATE bellhop_log.decision SET decision = overlay(decision placing '\\x02'::bytea from length(decision)) "
                   "WHERE (seq, ordinal) = (SELECT seq, ordinal FROM bellhop_log.decision WHERE rule_id = 'F2' AND kind = 10 ORDER BY 1 LIMIT 1)")
    told = shell.run("verify", expect=1)
    assert re.search(r"^1-\d+ .* differs", told, re.M) and "about 1 events they differ" in told, told


def verify_leaves_what_another_version_decided(shell):
    """Where it told nothing, too."""
    shell.cell.sql("DELETE FROM bellhop_log.decision WHERE rule_id = 'F2' AND kind = 10")
    ours = int(re.search(r"ENGINE_VERSION = (\d+)", (ROOT / "common/policy/state/fold.h").read_text())[1])
    field = "'\\x50{:02x}'::bytea"  # Decision.engine_version, as it is encoded
    shell.cell.sql(f"UPDATE bellhop_log.decision SET decision = overlay(decision placing {field.format(ours + 1)} "
                   f"from position({field.format(ours)} in decision))")
    told = shell.run("verify")
    assert re.search(r"\d+ events were decided by another version of the program: not compared", told), told


CASES = (why_tells_the_terms_with_their_values, why_tells_the_proof_of_one_hop_and_what_followed, of_an_exception_it_says_who_does_not_list_it,
         why_not_tells_which_term_failed_and_by_how_much, why_not_tells_of_a_rule_that_was_never_looked_at,
         of_several_remedies_each_is_named_with_the_limit_that_failed, of_a_no_that_left_no_proof_the_limit_is_told_all_the_same, the_store_is_asked_for_only_where_several_have_the_contact,
         what_is_not_there_is_said, verify_finds_all_the_same, verify_finds_what_was_tampered_with,
         verify_leaves_what_another_version_decided)


def main():
    with Cell() as cell:
        wait_until(lambda: cell.sql("SELECT count(*) FROM bellhop.policy WHERE accepted") == [["1"]], 60, "a policy is in force")
        for number, case in enumerate(CASES, 1):
            case(Shell(cell))
            print(f"ok {number} - {case.__name__}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
