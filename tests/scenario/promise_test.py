#!/usr/bin/python3
"""promise: promises and preparations against a whole cell: told, reminded, overdue, and what the ledger says of them."""
import datetime
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cell import BUILD, Cell, wait_until  # noqa: E402


class Shop:
    def __init__(self, cell):
        self.cell = cell

    def run(self, *arguments):
        done = subprocess.run([BUILD / "bin" / "bellhop", *arguments], env=self.cell.environment, text=True, timeout=120,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert done.returncode == 0, (arguments, done)
        return done.stdout

    def publish(self, event, *sets, interaction="i1", customer="c1"):
        return self.run("publish", event, "--store", "s1", "--interaction", interaction, "--customer", customer, "--employee",
                        "anna", "--await-verdict", *[part for one in sets for part in ("--set", one)])

    def ledger(self, promise):
        return self.cell.sql("SELECT state, owner, customer_id, worth_minor, (ended_at IS NULL) FROM bellhop.promise "
                             f"WHERE promise_id = '{promise}'")[0]

    def told(self, rule_id):
        rows = self.cell.sql(f"SELECT kind FROM bellhop.decision WHERE rule_id = '{rule_id}' ORDER BY seq, ordinal")
        return [kind for kind, in rows]


def soon(seconds):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


def a_promise_is_in_the_ledger_until_it_is_kept(shop):
    shop.publish("promise_made", "promise_id=p1", f"due_at={soon(3600)}", "worth.minor=3000", "worth.currency=EUR")
    assert shop.ledger("p1") == ["open", "anna", "c1", "3000", "t"], shop.ledger("p1")
    shop.publish("promise_kept", "promise_id=p1")
    assert shop.ledger("p1") == ["kept", "anna", "c1", "3000", "f"], shop.ledger("p1")


def an_overdue_promise_is_reminded_broken_and_somebody_elses_case(shop):
    shop.publish("promise_made", "promise_id=p2", f"due_at={soon(2)}", interaction="i2")
    wait_until(lambda: shop.ledger("p2")[0] == "broken", 20, "p2 to be broken")
    assert shop.told("B2") == ["notice_given"], shop.told("B2")
    assert shop.cell.sql("SELECT role, subject, owner FROM bellhop.escalation WHERE rule_id = 'B3'") == [["shift_lead", "p2", "anna"]]
    shop.publish("promise_kept", "promise_id=p2", interaction="i2")
    assert shop.told("B3") == ["case_opened", "case_overtaken"], shop.told("B3")


def what_is_promised_beyond_means_is_advised_at_once(shop):
    said = shop.publish("promise_made", "promise_id=p3", f"due_at={soon(3600)}", "worth.minor=5001", "worth.currency=EUR",
                        interaction="i3")
    assert "worth more than you may give" in said, said


def what_is_not_ready_in_time_escalates(shop):
    shop.publish("appointment_booked", "appointment_id=a1", f"at={soon(2)}", "to_prepare=true", interaction="i4")
    wait_until(lambda: shop.told("B7") == ["notice_given", "case_opened"], 20, "the preparation to be overdue")
    told = shop.run("why", "i4")
    assert "appointment-prepared" in told, told


def whoever_promised_hears_of_what_endangers_it(shop):
    shop.publish("promise_made", "promise_id=p8", f"due_at={soon(3 * 86400)}", "product_id=lamp", interaction="i8")
    shop.run("publish", "stock_expected", "--store", "s1", "--set", "product_id=lamp", "--set", f"expected_at={soon(4 * 86400)}")
    wait_until(lambda: shop.told("B8") == ["notice_given"], 20, "the owner to hear")
    heard = shop.run("watch", "notice.given.s1.anna", "--name", "anna", "--from", "beginning", "--filter", 'has(decision.rule_id) && decision.rule_id == "B8"',
                     "--count", "1")
    assert "Your promise p8" in heard and "what it waits for is put off" in heard, heard


def what_is_open_goes_along_with_its_customer(shop):
    shop.publish("promise_made", "promise_id=p5", f"due_at={soon(3600)}", interaction="i5", customer="c5")
    shop.publish("leaving_signalled", interaction="i5", customer="c5")
    shop.publish("interaction_closed", "outcome=DISSATISFIED", interaction="i6", customer="c5")
    task = "SELECT owner, state FROM bellhop.follow_up WHERE customer_id = 'c5'"
    assert shop.cell.sql(task) == [["anna", "open"]], shop.cell.sql(task)
    shop.publish("handed_over", "to_employee_id=ben", "takes_ownership=true", interaction="i5", customer="c5")
    wait_until(lambda: shop.ledger("p5")[:3] == ["open", "ben", "c5"], 20, "the promise is ben's")
    assert shop.cell.sql(task) == [["ben", "open"]], shop.cell.sql(task)
    assert shop.cell.sql("SELECT owner FROM bellhop.escalation WHERE rule_id = 'G1'") == [["ben"]]
    assert shop.told("G2") == ["follow_up_opened", "follow_up_handed_on"], shop.told("G2")
    assert "customer was handed over on purpose" in shop.run("why", "i5"), shop.run("why", "i5")
    heard = shop.run("watch", "follow_up.handed_on.s1.ben", "--name", "ben", "--from", "beginning",
                     "--count", "1")
    assert "owner ben" in heard, heard


def everything_is_decided_the_same_again(shop):
    assert "all are the same, byte for byte" in shop.run("verify")


CASES = (a_promise_is_in_the_ledger_until_it_is_kept, an_overdue_promise_is_reminded_broken_and_somebody_elses_case,
         what_is_promised_beyond_means_is_advised_at_once, what_is_not_ready_in_time_escalates,
         whoever_promised_hears_of_what_endangers_it, what_is_open_goes_along_with_its_customer,
         everything_is_decided_the_same_again)


def main():
    with Cell() as cell:
        wait_until(lambda: cell.sql("SELECT count(*) FROM bellhop.policy WHERE accepted") == [["1"]], 60, "a policy is in force")
        for number, case in enumerate(CASES, 1):
            case(Shop(cell))
            print(f"ok {number} - {case.__name__}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
