#!/usr/bin/python3
"""policy: the tools around a policy's file: check, explain, diff and test. No cell is needed."""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cell import BUILD, ROOT  # noqa: E402

POLICY = ROOT / "services/escalate/policy/retail.yaml"
STORIES = sorted((ROOT / "services/escalate/policy/tests").glob("*.yaml"))


def run(*arguments, expect=0, text=None):
    done = subprocess.run([BUILD / "bin" / "bellhop", "policy", *arguments], text=True, input=text, timeout=120,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert done.returncode == expect, (arguments, done)
    return done.stdout + done.stderr


def changed(folder, *changes):
    text = POLICY.read_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = pathlib.Path(folder) / "changed.yaml"
    path.write_text(text)
    return path


def all_stories_pass(_):
    told = run("test", *STORIES)
    assert re.search(r"^\d+ stories passed, 0 failed$", told, re.M), told


def every_row_of_the_policy_has_a_story_of_its_name(_):
    names = re.findall(r'^- name: "?(\w+ [\w-]+):', "\n".join(path.read_text() for path in STORIES), re.M)
    wanted = {f"{row} {name}" for name, row in re.findall(r"^- id: (\S+)\n  row: (\S+)$", POLICY.read_text(), re.M)}
    assert wanted <= set(names), wanted - set(names)


def a_file_is_quiet_about_rules_it_is_not_about(_):
    told = run("test", next(path for path in STORIES if path.name == "phone.yaml"))
    assert re.search(r"^rules: 5 of 5 acted; .*\n  \d+ more rules: no story here is about them$", told, re.M), told
    assert "hold:" in told and "promise" not in told and "one-hop" not in told, told


def a_rule_that_no_story_is_about_is_named(folder):
    policy = changed(folder, ("- id: lesson\n", "- id: idle\n  on: lesson_shared\n  when: interaction.needs > 1000\n  then: { advise: Idle. }\n\n- id: lesson\n"))
    stories = []
    for path in STORIES:
        stories.append(pathlib.Path(folder) / path.name)
        stories[-1].write_text(path.read_text().replace("policy: ../retail.yaml", f"policy: {policy}"))
    told = run("test", *stories)
    assert re.search(r"^  idle in line \d+: no story is about it$", told, re.M) and "more rules" not in told, told


def a_story_that_fails_says_what_was_concluded_instead(folder):
    path = pathlib.Path(folder) / "story.yaml"
    path.write_text(f"""policy: {POLICY}
cases:
- name: "an angry customer is left alone"
  events:
  - {{ at: 10:00, interaction_id: i1, mood_observed: {{ mood: ANGRY }} }}
  expect:
  - {{ at: 10:00, row: C4, kind: RECOGNITION_MADE }}
  nothing_else: true
""")
    told = run("test", path, expect=1)
    for line in ("FAIL  an angry customer is left alone", "line 7: expected, and not concluded", "more was concluded than was expected",
                 "10:00:00 (mood_observed): rule_id: C3, rule: angry, kind: CASE_OPENED", "0 stories passed, 1 failed"):
        assert line in told, told


def a_story_that_cannot_be_read_says_where(folder):
    path = pathlib.Path(folder) / "story.yaml"
    path.write_text(f"policy: {POLICY}\ncases:\n- name: x\n  events:\n  - {{ at: 25:00, compliment: }}\n  expect: []\n")
    assert "line 5, column 11: expected a time here" in run("test", path, expect=1)
    path.write_text(f"policy: {POLICY}\ncases:\n- name: x\n  events:\n  - {{ at: 10:00, complement: }}\n  expect: []\n")
    assert "line 5, column 5: expected an event here" in run("test", path, expect=1)
    path.write_text("cases: 3\n")
    run("test", path, expect=2)


def check_finds_what_is_wrong_and_says_what_to_do(folder):
    assert "nothing to complain of" in run("check", POLICY)
    path = changed(folder, ("hold_lead: 300s", "hold_lead: 300s\n  idle: 3"), ("interaction.needs == 0", "interaction.needs < 0"))
    found = json.loads(run("check", "--json", path, expect=1))
    assert [finding["sentence"] for finding in found] == [
        "the figure idle is not used", "the rule listen-first can never act: its terms exclude each other"], found
    assert all(finding["severity"] == "warning" and finding["advice"] and finding["line"] and finding["column"] for finding in found)
    told = run("check", changed(folder, ("on: handed_over", "on: handed_on")), expect=1)
    assert re.search(r'changed\.yaml:\d+:7: error: there is no event "handed_on"', told), told


def explain_tells_every_rule(_):
    told = run("explain", POLICY)
    for name, row in re.findall(r"^- id: (\S+)\n  row: (\S+)$", POLICY.read_text(), re.M):
        assert f"  {row} {name}" in told, name
    assert "A case that comes to the shift lead is to be taken within 5 min. Otherwise it goes on to the store manager, or to the first above them who may decide it." in told


def explain_speaks_no_programmers_language(_):
    told = run("explain", POLICY)
    for line in told.splitlines():
        words = re.sub(r"^  (\w\d+ )?[a-z-]+: ", "  ", line)   # a rule's name
        found = re.search(r"[_{}=<>]|&&|\|\||\b(true|false|null|size|has|figures|event|interaction)\b[.(]?(?=\w*[.(])", words)
        assert not found, f"{found.group()!r} in: {line}"


def explain_tells_what_holds_in_a_store_and_where_it_comes_from(folder):
    told = run("explain", "--store", "harbour", POLICY)
    line = 1 + POLICY.read_text().splitlines().index("  hold_lead: 300s                  # on hold on the phone")
    assert f"  hold lead: 5 min   (as in all stores, line {line})" in told, told
    assert "It is open day and night   (as in all stores: the policy says nothing of it)" in told, told
    path = changed(folder, ("rules:\n", "stores:\n  harbour: { region: coast, zone: Europe/Vienna }\noverrides:\n- name: storm\n  for: { region: coast }\n"
                            "  from: 2026-03-01 18:00\n  until: 2026-03-03\n  figures: { hold_lead: 10m }\n  ladder: { shift_lead: { remedy: 300.00 } }\n"
                            "  rules: { leaving: { to: head_office } }\nrules:\n"))
    why = "in stores of the region coast, from 1 March 2026 18:00 by the clocks of each store, until 4 March 2026 00:00 by the clocks of each store"
    told = run("explain", "--store", "harbour", "--at", "2026-03-02T10:00:00Z", path)
    for sentence in ("It goes by the clocks of Europe/Vienna   (said of this store, line ", "  hold lead: 10 min   (by \"storm\", line ",
                     f", {why}; otherwise 5 min)", "  shift lead, to one customer in a day: 600.00 EUR   (by \"storm\", line ",
                     "  leaving: its cases go to the head office   (by \"storm\", line "):
        assert sentence in told, (sentence, told)
    told = run("explain", "--store", "harbour", "--at", "2026-02-02T10:00:00Z", path)
    assert "  hold lead: 5 min   (as in all stores" in told and f"  \"storm\" will hold {why}" in told, told


def diff_tells_what_changes(folder):
    assert "nothing changes" in run("diff", POLICY, POLICY)
    told = run("diff", POLICY, changed(folder, ("hold_lead: 300s", "hold_lead: 4m"), ("remedy: 200.00", "remedy: 250.00")), expect=1)
    assert "was:        The figure \"hold lead\" is 5 min.\nis now:     The figure \"hold lead\" is 4 min.\n" in told, told
    assert "was:        The shift lead may give up to 200.00 EUR at once" in told, told
    assert "is now:     The shift lead may give up to 250.00 EUR at once" in told, told


CASES = (all_stories_pass, every_row_of_the_policy_has_a_story_of_its_name,
         a_file_is_quiet_about_rules_it_is_not_about, a_rule_that_no_story_is_about_is_named,
         a_story_that_fails_says_what_was_concluded_instead,
         a_story_that_cannot_be_read_says_where, check_finds_what_is_wrong_and_says_what_to_do, explain_tells_every_rule,
         explain_speaks_no_programmers_language,
         explain_tells_what_holds_in_a_store_and_where_it_comes_from, diff_tells_what_changes)


def main():
    for number, case in enumerate(CASES, 1):
        with tempfile.TemporaryDirectory() as folder:
            case(folder)
        print(f"ok {number} - {case.__name__}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
