#!/usr/bin/python3
"""tests/docs: prose agrees with code.

Each check is a function whose name is a sentence; it yields what is wrong. `docs.py --settings`, `--metrics` and
`--log-ids` print the tables as services/README.md must have them.
"""
import fnmatch
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def files():
    """What git knows or would take; in a tree without git, everything but what is built."""
    try:
        listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                                capture_output=True, text=True).stdout.split()
    except FileNotFoundError:
        listed = []
    there = [ROOT / file for file in listed] or [
        path for path in ROOT.rglob("*") if not {"build", ".git", ".run"} & set(path.relative_to(ROOT).parts)]
    return [path for path in there if path.is_file()]


FILES = files()


def name(path):
    return str(path.relative_to(ROOT))


def text(path):
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def ending(*suffixes):
    return [path for path in FILES if path.suffix in suffixes]


README = text(ROOT / "README.md")
CODE = {path: text(path) for path in ending(".c", ".h")}


# --- the tree ---------------------------------------------------------------------------------------------

def folders_of_the_readme():
    return {cell.strip("`[").split("]")[0].rstrip("/")
            for cell in re.findall(r"^\| (\[[^\]]+/\]|`[^`]+/`)", README, re.M)}


def the_readme_names_every_folder_and_only_those():
    named = folders_of_the_readme()
    there = {part for path in FILES for part in [name(path).split("/")[0]] if "/" in name(path) and part[0] != "."}
    there |= {"/".join(name(path).split("/")[:2]) for path in FILES if name(path).startswith("common/") and name(path).count("/") > 1}
    for folder in sorted(there - named):
        yield f"README.md does not name {folder}/"
    for folder in sorted(named - there):
        yield f"README.md names {folder}/, which is not there"


def the_readme_names_every_program_and_only_those():
    named = set(re.findall(r"^\| `(bellhop[a-z-]*)` \|", README, re.M))
    folders = {path.parent.name for path in FILES if re.fullmatch(r"services/\w+/main\.c", name(path))}
    there = {"bellhop" if folder == "cli" else f"bellhop-{folder}" for folder in folders}
    for program in sorted(there ^ named):
        yield f"{program} is {'not in the README' if program in there else 'in the README and not in services/'}"


def common_and_tests_describe_every_folder_of_theirs():
    for top in ("common", "tests"):
        prose = text(ROOT / top / "README.md")
        for folder in sorted({name(path).split("/")[1] for path in FILES if re.match(top + "/[^/]+/", name(path))}):
            if f"{folder}/" not in prose:
                yield f"{top}/README.md does not name {folder}/"


def every_source_file_begins_with_its_purpose():
    for path, content in CODE.items():
        noun = path.stem.removesuffix("_test")
        if not re.match(r"/\* [^:\n]*\b" + re.escape(noun) + r"\b[^:\n]*: ", content) and noun != "main":
            yield f"{name(path)} does not begin with \"/* {noun}: …\""


# --- make -------------------------------------------------------------------------------------------------

def make_targets():
    makefile = text(ROOT / "Makefile")
    phony = set(" ".join(re.findall(r"^\.PHONY: (.*)$", makefile, re.M)).split())
    helped = set(re.findall(r"^#   make ([\w-]+)", makefile, re.M))
    return phony, helped


def help_names_every_target_and_only_those():
    phony, helped = make_targets()
    inner = {"all", "judge", "tests", "fuzzers", "FORCE"}
    for target in sorted(helped - phony):
        yield f"make help names {target}, which is no target"
    for target in sorted(phony - helped - inner):
        yield f"make help does not name {target}"


def every_make_command_in_prose_exists():
    phony, _ = make_targets()
    for path in ending(".md"):
        for target in re.findall(r"(?:^|`)make ([a-z]+(?:-[a-z]+)*)", text(path), re.M):
            if target not in phony:
                yield f"{name(path)} says \"make {target}\""


# --- C ----------------------------------------------------------------------------------------------------

STRING = r'"(?:[^"\\]|\\.)*"'
PRODUCT = {path: re.sub(STRING + r"|/\*.*?\*/", lambda part: part[0] if part[0][0] == '"' else " ", content, flags=re.S)
           for path, content in CODE.items() if not name(path).startswith("tests/")}


def joined(literals):
    return "".join(part[1:-1] for part in re.findall(STRING, literals)).replace('\\"', '"')


def arguments(content, at):
    """Of the call whose parenthesis opens before `at`."""
    found, begin, depth = [], at, 0
    for token in re.finditer(STRING + r"|'\\?.'|[](){},[]", content[at:]):
        if token[0] in "([{":
            depth += 1
        elif token[0] in ")]}":
            depth -= 1
        if depth < 0 or (depth == 0 and token[0] == ","):
            found.append(content[begin:at + token.start()].strip())
            begin = at + token.end()
        if depth < 0:
            return found
    return found


def calls(content, function):
    """(what is called, its arguments), for names that match `function`; a definition is no call."""
    for call in re.finditer(r"(#define )?\b(" + function + r")\(", content):
        if not call[1]:
            yield call[2], arguments(content, call.end())


def expanded(content):
    """With the file's own macros that are rows of METRIC written out."""
    for row, parameters, body in re.findall(r"#define (\w+)\(([\w, ]+)\)\s((?:[^\n]*\\\n)*[^\n]*)", content):
        if "METRIC(" not in body:
            continue
        for _, given in list(calls(content, row)):
            text_of = dict(zip(parameters.split(", "), given))
            yield re.sub(STRING + r"|(?:## ?)?\b(" + "|".join(text_of) + r")\b",
                         lambda part: text_of.get(part[1], part[0]), body.replace("\\\n", " "))
        content = re.sub(r"#define " + row + r"\(" + r"(?:[^\n]*\\\n)*[^\n]*", "", content)
    yield content


def service_of(path):
    return name(path).split("/")[1] if name(path).startswith("services/") else "every service"


def rows_of_the_page(part):
    """{service: [cells]} of the tables in services/README.md under `## part`."""
    found = {}
    under = re.search(r"^## " + part + r"\n(.*?)(?=^## |\Z)", text(ROOT / "services/README.md"), re.M | re.S)
    for heading, table in re.findall(r"^### ([^\n]*)\n(.*?)(?=^### |\Z)", under[1] if under else "", re.M | re.S):
        found[heading.lower()] = [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]]
                                  for row in re.findall(r"^\| `[^\n]*", table, re.M)]
    return found


def difference_of_tables(part, option, code, checked):
    """Rows missing from the page's tables under `## part`, or too many there; the first `checked` cells must be the code's."""
    page = rows_of_the_page(part)
    for service in sorted(set(code) | set(page)):
        there = [cells[:checked] for cells in page.get(service, [])]
        wanted = [cells[:checked] for cells in code.get(service, [])]
        for cells in wanted:
            if cells not in there:
                yield f"services/README.md, {service}: lacks (docs.py {option} prints it) | {' | '.join(cells)} |"
        for cells in there:
            if cells not in wanted:
                yield f"services/README.md, {service}: has, but the code has not | {' | '.join(cells)} |"
        for cells in page.get(service, []):
            if option == "--log-ids" and not "".join(cells[checked:]):
                yield f"services/README.md, {service}: does not say what to do about {cells[0]}"


def print_tables(heads, code):
    for service, rows in code.items():
        print(f"\n### {service.capitalize() if ' ' in service else service}\n\n| {' | '.join(heads)} |\n{'|---' * len(heads)}|")
        for cells in rows:
            print(f"| {' | '.join(cells)} |")


# --- settings ---------------------------------------------------------------------------------------------

def settings_of_the_code():
    """{service: [[setting, default, help]]}"""
    found = {}
    for path, content in sorted(PRODUCT.items()):
        if name(path) == "common/service/setting.h":
            continue
        for _, given in calls(content, "SETTING(?:_BETWEEN)?"):
            variable = joined(given[2]) or "BELLHOP_<SERVICE>_HTTP"
            fallback = "required" if given[3] == "NULL" else f"`{joined(given[3])}`" if joined(given[3]) else "not set"
            found.setdefault(service_of(path), []).append([f"`{variable}`", fallback, joined(given[4])])
    return found


def every_setting_is_documented_as_it_is_and_no_other():
    yield from difference_of_tables("Settings", "--settings", settings_of_the_code(), 3)


def every_documented_variable_is_read_somewhere():
    read = set(re.findall(r"BELLHOP_[A-Z0-9_]+", "\n".join(joined(" ".join(re.findall(STRING, content))) + "\n" + " ".join(
        re.findall(STRING, content)) for content in CODE.values())))
    for path in FILES:
        if path.suffix in (".sh", ".py") or path.name in ("Makefile", "run", "postgres", "soak", "postgres-entrypoint"):
            read |= set(re.findall(r"\b(BELLHOP_[A-Z0-9_]+)=", text(path)))
            read |= set(re.findall(r"\bBELLHOP_[A-Z0-9_]+\b", text(path))) if path.suffix == ".py" else set()
    read |= {f"BELLHOP_{path.parent.name.upper()}_HTTP" for path in FILES if re.fullmatch(r"services/\w+/main\.c", name(path))}
    for path in FILES:
        if path.suffix in (".md", ".yml", ".1"):
            prose = text(path)
            read |= set(re.findall(r"\$\{(\w+)", prose))  # compose reads these itself
            for variable in sorted(set(re.findall(r"\bBELLHOP_[A-Z0-9_]*[A-Z0-9]\b", prose)) - read):
                yield f"{name(path)} speaks of {variable}, which nothing reads"


# --- metrics ----------------------------------------------------------------------------------------------

def members():
    """{(struct, member): type}"""
    found = {}
    for content in PRODUCT.values():
        for struct, body in re.findall(r"\bstruct (\w+) \{(.*?)\n\}", content, re.S):
            for kind, declared in re.findall(r"^\s*((?:struct )?\w+) ([^;{}()]+);", body, re.M):
                for member in re.findall(r"\w+", re.sub(r"\[[^\]]*\]", "", declared)):
                    found[struct, member] = kind
    return found


def type_of(known, struct, path):
    """As Prometheus calls it, of the member that `path` leads to."""
    for member in re.sub(r"\[[^\]]*\]", "", path).split("."):
        kind = known.get((struct, member), "")
        struct = kind.removeprefix("struct ")
    return {"uint64_t": "counter", "int64_t": "gauge", "struct histogram": "histogram"}.get(kind, "?")


def metrics_of_the_code():
    """{service: [[name, type, labels, meaning]]}, each name once"""
    known = members()
    found = {}
    for path, content in sorted(PRODUCT.items()):
        if name(path) == "common/service/metrics.h":
            continue
        rows = found.setdefault(service_of(path), {})
        for part in expanded(content):
            for _, given in calls(part, "METRIC"):
                numbers, member, metric, labels, meaning = given
                label = re.match(r"\w*", joined(labels))[0]
                rows[joined(metric)] = [f"`{joined(metric)}`", type_of(known, numbers.removeprefix("struct "), member),
                                        f"`{label}`" if label else "", joined(meaning)]
    return {service: list(rows.values()) for service, rows in found.items() if rows}


def every_metric_is_documented_as_it_is_and_no_other():
    yield from difference_of_tables("Metrics", "--metrics", metrics_of_the_code(), 4)


def every_metric_is_registered_by_a_row_that_this_check_reads():
    read = {cells[0].strip("`") for rows in metrics_of_the_code().values() for cells in rows}
    for path, content in sorted(PRODUCT.items()):
        for word in re.findall(r'"(bellhop_(?:ingest|persist|escalate|relay|health)\w*)"', content):
            if word not in read and not word.endswith("_"):
                yield f"{name(path)} names {word}, which no METRIC row has"


# --- the log ----------------------------------------------------------------------------------------------

def alternatives(expression):
    """The literals an expression may be: one, or one of each branch; "…" where it is none."""
    branches = [part for part in re.split(r"[?:](?=(?:[^\"]|" + STRING + r")*$)", expression) if '"' in part]
    return [joined(branch) for branch in branches] or ["…"]


def log_ids_of_the_code():
    """{service: [[id, levels, sentences]]}, each id once"""
    found = {}
    for path, content in sorted(PRODUCT.items()):
        if name(path) == "common/service/log.h":
            continue
        lines = [(level.removeprefix("log_"), given[0], given[1]) for level, given in calls(content, "log_(?:debug|info|warning|error)")]
        lines += [("warning", word, sentence) for word, sentence in re.findall(
            r"\.id\s*=\s*(" + STRING + r"),\s*\.sentence\s*=\s*((?:" + STRING + r"\s*)+)", content)]
        for level, word, sentence in lines:
            words, sentences = alternatives(word), alternatives(sentence)
            for number, each in enumerate(words):
                says = sentences[number:number + 1] if len(sentences) == len(words) > 1 else sentences
                if each != "…":  # a line handed on: refusals
                    levels, told = found.setdefault(service_of(path), {}).setdefault(each, ([], []))
                    levels += [level] if level not in levels else []
                    told += [part for part in says if part not in told]
    return {service: [[f"`{word}`", ", ".join(levels), "; ".join(sorted(told))] for word, (levels, told) in sorted(words.items())]
            for service, words in found.items()}


def every_log_id_is_documented_as_it_is_and_no_other():
    yield from difference_of_tables("Log", "--log-ids", log_ids_of_the_code(), 3)


# --- numbers that rise ------------------------------------------------------------------------------------

def numbers_of_the_code():
    """{name: (its value, where it stands)} of the numbers that say what older data means."""
    def value(file, pattern):
        return re.search(pattern, text(ROOT / file))[1], file

    migrations = sorted(path.name for path in FILES if path.parent.name == "migrations")
    return {"`VERSION`": value("Makefile", r"(?m)^VERSION := (\S+)"),
            "`ENGINE_VERSION`": value("common/policy/state/fold.h", r"ENGINE_VERSION = (\d+)"),
            "`SNAPSHOT_VERSION`": value("common/policy/state/state.h", r"SNAPSHOT_VERSION = (\d+)"),
            "schema": (str(int(migrations[-1][:3])), "common/store/schema/migrations"),
            "soname": value("Makefile", r"-soname,libbellhop-client\.so\.(\d+)"),
            "protocol": value("proto/bellhop/v1/event.proto", r"(?m)^package bellhop\.(v\d+);")}


def every_number_that_rises_is_described_as_it_is():
    page = text(ROOT / ".github/CONTRIBUTING.md")
    for number, (value, file) in numbers_of_the_code().items():
        if f"\n| {number} | {value} | `{file}` | " not in page:
            yield f".github/CONTRIBUTING.md does not have the row | {number} | {value} | `{file}` |"
    for row in re.findall(r"^\| (?:`[A-Z_]+`|\w+) \| v?[\d.]+ \|.*$", page, re.M):
        for test in re.findall(r"`(tests/[^`]*)`", row):
            if not (ROOT / test).exists():
                yield f".github/CONTRIBUTING.md names {test}, which is not there"


def the_changelog_has_a_section_for_this_version():
    version, _ = numbers_of_the_code()["`VERSION`"]
    if f"\n## [{version}] - " not in text(ROOT / ".github/CHANGELOG.md"):
        yield f".github/CHANGELOG.md has no section for {version}"


# --- the protocol -----------------------------------------------------------------------------------------

def proto_names(content):
    """(message or enum, its fields or values), nested ones too"""
    content = re.sub(r"//[^\n]*", "", content)
    stack = []
    found = []
    for token in re.finditer(r"\b(message|enum|oneof)\s+(\w+)\s*\{|(\w+)\s*=\s*-?\d+\s*(?:\[[^\]]*\])?\s*;|[{}]", content):
        if token[1]:
            entry = (token[2], []) if token[1] != "oneof" else stack[-1]
            if token[1] != "oneof":
                found.append(entry)
            stack.append(entry)
        elif token[3] and stack:
            stack[-1][1].append(token[3])
        elif token[0] == "}" and stack:
            stack.pop()
        elif token[0] == "{":
            stack.append(stack[-1] if stack else ("", []))
    return found


def the_protocol_document_names_every_message_and_field():
    prose = text(ROOT / "proto/README.md")
    for path in ending(".proto"):
        if path.name == "facts.proto":  # a policy's vocabulary, which does not travel; its comments are its manual
            continue
        for message, fields in proto_names(text(path)):
            if not re.search(r"\b" + message + r"\b", prose):
                yield f"proto/README.md does not name {message} of {name(path)}"
            for field in fields:
                if not re.search(r"\b" + field + r"\b", prose):
                    yield f"proto/README.md does not name {message}.{field} of {name(path)}"


def every_event_has_a_section_that_says_what_follows_and_what_ends_it():
    _, fields = next(entry for entry in proto_names(text(ROOT / "proto/bellhop/v1/event.proto")) if entry[0] == "Event")
    bodies = fields[fields.index("interaction_opened"):]
    sections = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##|\Z)", text(ROOT / "proto/EVENTS.md"), re.M | re.S))
    for body in bodies:
        if body not in sections:
            yield f"proto/EVENTS.md has no section ### {body}"
    for section, prose in sections.items():
        for word in ("\n*Follows*: ", "\n*Ends*: "):
            if word not in prose:
                yield f"proto/EVENTS.md, {section}: has no line {word.strip()}"
        if "(`system_event`)" not in text(ROOT / "proto/EVENTS.md").split(f"### {section}\n")[0] and f'"{section}": ' not in prose:
            yield f"proto/EVENTS.md, {section}: has no example"


# What a rule's trigger that is no event of its own follows from.
LED_TO_BY = {"customer.known": "interaction_opened", "store.closing": "deadline_passed", "store.week_closing": "deadline_passed",
             "policy.begins": "policy_proposed", "promise.due_soon": "promise_made",
             "promise.overdue": "promise_made", "preparation.due_soon": "appointment_booked", "preparation.overdue": "appointment_booked",
             "case.acknowledged": "case_acknowledged", "case.resolved": "case_answered", "case.handed_on": "handed_over",
             "case.reopened": "deadline_passed", "case.climbed": "deadline_passed", "case.notified_again": "case_declined",
             "case.raised": "complaint", "case.overtaken": "interaction_closed"}


def triggers_of(rule):
    """The events and changes that a rule of the shipped policy looks at."""
    on = re.search(r"^  on:(.*?)(?=^  \w+:)", rule, re.M | re.S)
    words = re.sub(r"#.*|\([^)]*\)|\+.*", "", on[1])
    return set(re.findall(r"[a-z]\w*(?:\.\w+)?", words))


def the_section_of_an_event_names_every_row_that_follows_from_it():
    policy = text(ROOT / "services/escalate/policy/retail.yaml").partition("\nrules:")[2]
    sections = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##|\Z)", text(ROOT / "proto/EVENTS.md"), re.M | re.S))
    rows = {}
    for rule in re.split(r"^- id: ", policy, flags=re.M)[1:]:
        row = re.search(r"^  row: (\S+)", rule, re.M)
        for trigger in triggers_of(rule):
            event = LED_TO_BY.get(trigger, trigger)
            if event not in sections:
                yield f"retail.yaml has a rule on {trigger}, of which tests/docs knows no section of proto/EVENTS.md"
            elif row:
                rows.setdefault(event, set()).add(row[1])
    for event, section in sections.items():
        follows = re.search(r"^\*Follows\*: (.*?)(?=^\*Ends\*|\Z)", section, re.M | re.S)
        named = set(re.findall(r"\b[A-L]\d+\b", follows[1] if follows else ""))
        for row in sorted(rows.get(event, set()) - named):
            yield f"proto/EVENTS.md, {event}: *Follows* does not name {row}, a rule of which looks at it"


# --- the command line -------------------------------------------------------------------------------------

BELLHOP = ROOT / "build" / os.environ.get("VARIANT", "release") / "bin" / "bellhop"


def help_of(*command):
    return subprocess.run([BELLHOP, *command, "--help"], capture_output=True, text=True, check=True).stdout


def commands_of_the_program(*group):
    """{command: its options}, as the program's own help says: {"policy check": {"-j --json"}, …}"""
    found = {}
    for command in re.findall(r"^  ([a-z-]+) {2,}\S", help_of(*group), re.M):
        path = (*group, command)
        told = help_of(*path)
        options = re.findall(r"^ {2,6}(?:-(\w), )?--([a-z-]+)", told, re.M)
        found[" ".join(path)] = {f"-{letter} --{option}" for letter, option in options if option != "usage"}
        if re.match(r"Usage: .* COMMAND", told):
            found |= commands_of_the_program(*path)
    return found


def sections_of_the_page(there):
    """[(the commands that a section is about, its text)]; a section about none is named by its heading."""
    page = re.sub(r"\\f[A-Z]", "", text(ROOT / "services/cli/bellhop.1").replace("\\-", "-"))
    for section in re.split(r"^\.S[HS] ", page, flags=re.M)[1:]:
        heading, _, body = section.replace('"', "").partition("\n")
        about = [command for command in sorted(there, key=len, reverse=True) if re.match(command + r"(?![\w-])", heading)][:1]
        yield set(heading.split(", ")) if ", " in heading else set(about), heading, body


def the_manual_page_names_every_command_and_option_and_only_those():
    there = commands_of_the_program()
    named = {}
    for about, heading, body in sections_of_the_page(there):
        if not about and not heading.isupper():
            yield f"bellhop.1 has a section \"{heading}\", which is no command"
        for command in about:
            options = re.findall(r"^\.T[PQ]\n\.\w+ (?:-(\w) ?, +)?--([a-z-]+)", body, re.M)
            named.setdefault(command, set()).update(f"-{letter} --{option}" for letter, option in options)
            for option in set(re.findall(r"--([a-z-]+)", body)):
                if not any(known.endswith(f" --{option}") for known in there.get(command, ())):
                    yield f"bellhop.1 says --{option} of {command}, which has no such option"
    for command in sorted(there.keys() - named.keys()):
        yield f"bellhop.1 does not name {command}"
    for command in sorted(named.keys() - there.keys()):
        yield f"bellhop.1 names {command}, which is no command"
    for command in sorted(there.keys() & named.keys()):
        for option in sorted(there[command] ^ named[command]):
            yield f"bellhop.1 {'lacks' if option in there[command] else 'has'} {option} of {command}"


def the_manual_page_names_every_setting_of_the_command_line():
    page = text(ROOT / "services/cli/bellhop.1")
    for setting in re.findall(r"^  (BELLHOP_\w+)", help_of(), re.M):
        if setting not in page:
            yield f"bellhop.1 does not name {setting}"


# --- links ------------------------------------------------------------------------------------------------

def anchor(heading):
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(path):
    return {anchor(heading) for heading in re.findall(r"^#+ (.*)$", text(path), re.M)}


def every_link_leads_somewhere():
    for path in ending(".md"):
        prose = re.sub(r"```.*?```", "", text(path), flags=re.S)
        for target in re.findall(r"\]\(([^)\s]+)\)", prose):
            if re.match(r"[a-z]+:", target):
                continue
            file, _, fragment = target.partition("#")
            to = (path.parent / file).resolve() if file else path
            if not to.exists():
                yield f"{name(path)} links to {target}, which is not there"
            elif fragment and fragment not in anchors(to):
                yield f"{name(path)} links to {target}, a heading that is not there"


def every_file_that_prose_names_is_there():
    there = [name(path) for path in FILES]
    borrowed = set(re.findall(r"#include <([^>]+)>", "\n".join(CODE.values())))
    for path in ending(".md"):
        for file in re.findall(r"`([\w./*-]+\.(?:c|h|py|sh|sql|yaml|proto|csv))`", text(path)):
            if not (re.search("NAME|NOUN", file) or file in borrowed or any(
                    fnmatch.fnmatch(one, file) or fnmatch.fnmatch(one, "*/" + file.removeprefix("../")) for one in there)):
                yield f"{name(path)} names {file}, which is not there"


def migrations_are_numbered_without_a_gap():
    migrations = sorted(path.name for path in files() if path.parent.name == "migrations")
    for number, migration in enumerate(migrations, 1):
        if not migration.startswith(f"{number:03}_"):
            yield f"{migration} is the migration that stands in the place of number {number}"


CHECKS = [
    the_readme_names_every_folder_and_only_those,
    the_readme_names_every_program_and_only_those,
    common_and_tests_describe_every_folder_of_theirs,
    every_source_file_begins_with_its_purpose,
    help_names_every_target_and_only_those,
    every_make_command_in_prose_exists,
    every_setting_is_documented_as_it_is_and_no_other,
    every_documented_variable_is_read_somewhere,
    every_metric_is_documented_as_it_is_and_no_other,
    every_metric_is_registered_by_a_row_that_this_check_reads,
    every_log_id_is_documented_as_it_is_and_no_other,
    every_number_that_rises_is_described_as_it_is,
    the_changelog_has_a_section_for_this_version,
    the_protocol_document_names_every_message_and_field,
    every_event_has_a_section_that_says_what_follows_and_what_ends_it,
    the_section_of_an_event_names_every_row_that_follows_from_it,
    the_manual_page_names_every_command_and_option_and_only_those,
    the_manual_page_names_every_setting_of_the_command_line,
    every_link_leads_somewhere,
    every_file_that_prose_names_is_there,
    migrations_are_numbered_without_a_gap,
]


def print_log_ids():
    """What to do is the page's own: it is kept."""
    page = rows_of_the_page("Log")
    code = log_ids_of_the_code()
    for service, rows in code.items():
        done = {cells[0]: "".join(cells[3:]) for cells in page.get(service, [])}
        for cells in rows:
            cells.append(done.get(cells[0], ""))
    print_tables(["id", "level", "says", "do"], code)


def main():
    printers = {"--settings": lambda: print_tables(["setting", "default", ""], settings_of_the_code()),
                "--metrics": lambda: print_tables(["metric", "type", "label", ""], metrics_of_the_code()),
                "--log-ids": print_log_ids}
    if sys.argv[1:]:
        return printers[sys.argv[1]]()
    failed = False
    for number, check in enumerate(CHECKS, 1):
        wrong = list(check())
        failed = failed or bool(wrong)
        for line in wrong:
            print(f"    {line}")
        print(f"{'not ok' if wrong else 'ok'} {number} - {check.__name__}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
