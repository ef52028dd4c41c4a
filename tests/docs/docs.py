#!/usr/bin/python3
"""tests/docs: prose agrees with code.

Each check is a function whose name is a sentence; it yields what is wrong. `docs.py --settings` prints the settings'
table as services/README.md must have it.
"""
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


# --- settings ---------------------------------------------------------------------------------------------

STRING = r'"(?:[^"\\]|\\.)*"'
SETTING = re.compile(r"\bSETTING(?:_BETWEEN)?\(\s*struct \w+,\s*[\w.]+,\s*(" + STRING + r"|settings->http_name),\s*(" + STRING +
                     r"|NULL),\s*((?:" + STRING + r"\s*)+)")


def joined(literals):
    return "".join(part[1:-1] for part in re.findall(STRING, literals)).replace('\\"', '"')


def settings_of_the_code():
    """{file: [(name, default, help)]}"""
    found = {}
    for path, content in CODE.items():
        if name(path).startswith("tests/") or name(path) == "common/service/setting.h":
            continue
        for variable, fallback, told in SETTING.findall(content):
            variable = joined(variable) or "BELLHOP_<SERVICE>_HTTP"
            found.setdefault(name(path), []).append((variable, None if fallback == "NULL" else joined(fallback), joined(told)))
    return found


def setting_row(setting):
    variable, fallback, told = setting
    return f"| `{variable}` | {'required' if fallback is None else f'`{fallback}`' if fallback else 'not set'} | {told} |"


def every_setting_is_documented_as_it_is():
    prose = text(ROOT / "services/README.md")
    for path, settings in settings_of_the_code().items():
        for setting in settings:
            if setting_row(setting) not in prose:
                yield f"services/README.md lacks (see tests/docs/docs.py --settings): {setting_row(setting)}"


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
    every_setting_is_documented_as_it_is,
    every_documented_variable_is_read_somewhere,
    the_protocol_document_names_every_message_and_field,
    every_link_leads_somewhere,
    migrations_are_numbered_without_a_gap,
]


def print_settings():
    for path, settings in settings_of_the_code().items():
        print(f"\n{path}\n\n| setting | default | |\n|---|---|---|")
        for setting in settings:
            print(setting_row(setting))


def main():
    if sys.argv[1:] == ["--settings"]:
        return print_settings()
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
