#!/usr/bin/python3
"""tests/layers: the arrows between folders, in the include lines and in the objects that were built of them.

  services/X -> common/* -> proto; never services/X -> services/Y; never up a floor; one owner for each outside thing.

The rules are the tables below. First the check itself is checked: a small tree that breaks each rule in every way.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

# --- the rules --------------------------------------------------------------------------------------------

# Folder: its rooms, and which of the others each may use. "" are the files of the folder itself; where it is not named
# there are none.
ROOMS = {
    "common": {
        "base": "",
        "wire": "base",
        "loop": "base",
        "link": "base wire loop",
        "store": "base wire loop",
        "policy": "base wire",
        "service": "base wire loop link",
        "client": "base wire loop link",
    },
    "common/store": {
        "session": "",
        "schema": "session",
        "write": "session schema",
        "read": "session",
    },
    "common/policy": {
        "cel": "",
        "rules": "cel",
        "phrase": "cel rules",
        "load": "cel rules",
        "state": "cel rules load",
        "decide": "cel rules load phrase explain state",
        "explain": "cel rules load phrase",
        "trial": "cel rules load phrase explain state decide",
    },
    "services/relay": {
        "stream": "",
        "deliver": "stream",
        "door": "stream deliver",
        "": "stream deliver door",
    },
    "services/cli": {
        "terminal": "",
        "log": "terminal",
        "publish": "terminal log",
        "act": "terminal log",
        "look": "terminal log",
        "policy": "terminal log",
        "": "terminal log publish act look policy",
    },
}

# A header from outside, and whose it is.
OWNER = {
    "zmq.h": "common/(link|loop)/",
    "libpq-fe.h": "common/store/",
    "microhttpd.h": "common/service/door.c",
    "sqlite3.h": "common/client/",
    "yaml.h": "common/policy/load/document.c",
}

# What a header that says "Pure" never reaches, unless what it reaches says so too.
IMPURE = re.compile(r"common/(store|loop|link|service)/|(zmq|libpq-fe|microhttpd|sqlite3|sys/socket)\.h$")

# Files that may call each other in a circle, and how many of the others may.
ANY_CIRCLE = "common/policy/cel/"
CIRCLE_MOST = 3


# --- reading ----------------------------------------------------------------------------------------------

class Tree:
    """What is looked at: the files of `root`, and the objects in `build`."""

    def __init__(self, root, build):
        self.root, self.objects = pathlib.Path(root), pathlib.Path(build) / "obj"
        self.files = sorted(str(path.relative_to(root)) for folder in ("common", "services", "tests")
                            for path in (self.root / folder).rglob("*.[ch]"))
        self.text = {file: (self.root / file).read_text(errors="replace") for file in self.files}
        self.includes = {file: re.findall(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', text, re.M)
                         for file, text in self.text.items()}

    def product(self):
        return [file for file in self.files if not file.startswith("tests/")]


def is_above(here, there):
    """Why `here` may not use `there`, both files of the product; None: it may."""
    if there.startswith("services/") and here.split("/")[:2] != there.split("/")[:2]:
        return f"{'/'.join(here.split('/')[:2])} uses a service"
    for folder, rooms in ROOMS.items():
        if not here.startswith(folder + "/") or not there.startswith(folder + "/"):
            continue
        ours, theirs = room_of(folder, here), room_of(folder, there)
        if ours in rooms and ours != theirs and theirs not in rooms[ours].split():
            return f"{folder}/{ours} may not use {folder}/{theirs}"
    return None


def room_of(folder, file):
    return file[len(folder) + 1:].rpartition("/")[0].split("/")[0]


# --- what is wrong ----------------------------------------------------------------------------------------

def files_outside_the_rooms(tree):
    for file in tree.product():
        for folder, rooms in ROOMS.items():
            if file.startswith(folder + "/") and room_of(folder, file) not in rooms:
                yield f"{file} lies in no room of {folder}"


def includes_against_the_arrows(tree):
    for file in tree.product():
        for mark, header in tree.includes[file]:
            if mark == "<":
                if not re.match(OWNER.get(header, ""), file):
                    yield f"{file}: <{header}> belongs to {OWNER[header]}"
            elif file == "common/client/bellhop.h":
                yield f'{file}: the public header includes "{header}"'
            elif header.startswith("tests/"):
                yield f'{file}: the product includes a test, "{header}"'
            elif not header.startswith("proto/") and (why := is_above(file, header)):
                yield f'{file}: {why}, "{header}"'


def includes_that_are_not_a_full_path(tree):
    for file in tree.files:
        for mark, header in tree.includes[file]:
            if mark == '"' and not re.match("(common|services|proto|tests)/", header):
                yield f'{file}: "{header}" is not a full path'


def guard_of(file):
    return re.sub(r"\W", "_", "BELLHOP_" + re.sub("^(common|services)/", "", file)).upper()


def guards_that_are_not_the_path(tree):
    for file in tree.files:
        guard = guard_of(file)
        if file.endswith(".h") and file != "common/client/bellhop.h" and \
                f"#ifndef {guard}\n#define {guard}\n" not in tree.text[file]:
            yield f"{file}: its include guard is not {guard}"


def says_pure(tree, file):
    return re.search(r"\b[Pp]ure\b", tree.text.get(file, "").split("*/")[0])


def pure_headers_that_reach_the_world(tree):
    for file in tree.product():
        if not file.endswith(".h") or not says_pure(tree, file):
            continue
        ways = [[file]]  # each ends at what is looked at next
        seen = {file}
        while ways:
            way = ways.pop()
            if way[-1] != file and IMPURE.search(way[-1]) and not says_pure(tree, way[-1]):
                yield f"{' -> '.join(way)}: says Pure and reaches the world"
                break
            more = [header for _, header in tree.includes.get(way[-1], []) if header not in seen]
            seen.update(more)
            ways += [way + [header] for header in more]


def unit_tests_of_nothing(tree):
    for file in tree.files:
        folder = file[len("tests/unit/"):].rpartition("/")[0]
        if file.startswith("tests/unit/") and not (tree.root / folder).is_dir():
            yield f"{file}: {folder}/ is not there"


# --- the objects ------------------------------------------------------------------------------------------

def links(tree):
    """{file: {file it takes a symbol from: the symbol}} of all objects of the product."""
    sources = [file for file in tree.product() if file.endswith(".c")]
    made = {str(tree.objects / file)[:-2] + ".o": file for file in sources}
    listed = subprocess.run(["nm", "-A", "-P", *made], capture_output=True, text=True, check=True).stdout
    defines, wants = {}, []
    for line in listed.splitlines():
        at, symbol, kind = re.match(r"(.*): (\S+) (\w)", line).groups()
        if kind in "Uw":
            wants.append((made[at], symbol))
        elif kind.isupper():
            defines.setdefault(symbol, []).append(made[at])
    result = {file: {} for file in sources}
    for file, symbol in wants:
        definers = defines.get(symbol, [])
        own = [there for there in definers if there.split("/")[:2] == file.split("/")[:2]]
        for there in own or definers[:1]:
            result[file][there] = symbol
    return result


def symbols_from_above(tree):
    for here, used in links(tree).items():
        for there, symbol in used.items():
            if why := is_above(here, there):
                yield f"{here}: {why}, {symbol}() of {there}"


def circles(graph):
    """Sets of files that all reach each other (Tarjan)."""
    index, low, stack, found = {}, {}, [], []

    def visit(file):
        index[file] = low[file] = len(index)
        stack.append(file)
        for there in graph[file]:
            if there not in index:
                visit(there)
            if there in stack:
                low[file] = min(low[file], low[there])
        if low[file] == index[file]:
            found.append(stack[stack.index(file):])
            del stack[stack.index(file):]

    for file in graph:
        if file not in index:
            visit(file)
    return found


def circles_of_many_files(tree):
    for circle in circles(links(tree)):
        others = [file for file in circle if not file.startswith(ANY_CIRCLE)]
        if len(circle) > CIRCLE_MOST and others:
            yield f"{len(circle)} files use each other in a circle: {' '.join(sorted(circle))}"


CHECKS = [
    files_outside_the_rooms,
    includes_against_the_arrows,
    includes_that_are_not_a_full_path,
    guards_that_are_not_the_path,
    pure_headers_that_reach_the_world,
    unit_tests_of_nothing,
    symbols_from_above,
    circles_of_many_files,
]

# --- the check itself -------------------------------------------------------------------------------------

ROUND = CIRCLE_MOST + 1

# A file, what is in it, and how many offences of which kind it is.
OFFENCES = [
    ("common/policy/lost.c", "", files_outside_the_rooms, 1),
    ("common/attic/lost.c", "", files_outside_the_rooms, 1),
    ("services/cli/cellar/lost.c", "", files_outside_the_rooms, 1),
    ("common/base/up.c", '#include "common/wire/event.h"', includes_against_the_arrows, 1),
    ("common/wire/service.c", '#include "services/relay/stream/item.h"', includes_against_the_arrows, 1),
    ("common/store/read/write.c", '#include "common/store/write/batch.h"', includes_against_the_arrows, 1),
    ("common/policy/load/up.c", '#include "common/policy/phrase/phrase.h"', includes_against_the_arrows, 1),
    ("common/policy/explain/state.c", '#include "common/policy/state/fold.h"', includes_against_the_arrows, 1),
    ("services/relay/stream/up.c", '#include "services/relay/deliver/durable.h"', includes_against_the_arrows, 1),
    ("services/relay/door/top.c", '#include "services/relay/exchange.h"', includes_against_the_arrows, 1),
    ("services/cli/look/side.c", '# include "services/cli/act/act.h"', includes_against_the_arrows, 1),
    ("services/ingest/side.c", '#include "services/persist/desk.h"', includes_against_the_arrows, 1),
    ("services/ingest/test.c", '#include "tests/support/check.h"', includes_against_the_arrows, 1),
    ("common/client/bellhop.h", '#include "common/base/list.h"', includes_against_the_arrows, 1),
    ("services/ingest/outside.c", "".join(f"#include <{header}>\n" for header in OWNER), includes_against_the_arrows,
     len(OWNER)),
    ("tests/unit/common/base/short.c", '#include "check.h"', includes_that_are_not_a_full_path, 1),
    ("services/ingest/guard.h", "#ifndef BELLHOP_GUARD_H\n#define BELLHOP_GUARD_H\n", guards_that_are_not_the_path, 1),
    ("tests/support/guard.h", "", guards_that_are_not_the_path, 1),
    ("common/policy/rules/says.h", '/* says: it is. Pure. */\n#include "common/policy/rules/near.h"\n',
     pure_headers_that_reach_the_world, 1),
    ("common/policy/rules/near.h", '/* near: says nothing. */\n#include <sys/socket.h>\n',
     pure_headers_that_reach_the_world, 0),
    ("services/persist/says.h", '/* says: it is pure. */\n#include "common/loop/loop.h"\n',
     pure_headers_that_reach_the_world, 1),
    ("tests/unit/common/nowhere/lost_test.c", "", unit_tests_of_nothing, 1),
    ("common/base/calls_up.c", "void above(void); void below(void) { above(); }", symbols_from_above, 1),
    ("common/wire/above.c", "void below(void); void above(void) { }", symbols_from_above, 0),
    ("common/policy/cel/calls_up.c", "void act(void); void tell(void) { act(); }", symbols_from_above, 1),
    ("common/policy/decide/act.c", "void tell(void); void act(void) { tell(); }", symbols_from_above, 0),
    *[(f"services/persist/round{at}.c", f"void round{at}(void); void round{(at + 1) % ROUND}(void);"
       f"void round{at}(void) {{ round{(at + 1) % ROUND}(); }}", circles_of_many_files, at == 0) for at in range(ROUND)],
    *[(f"common/policy/cel/turn{at}.c", f"void turn{at}(void); void turn{(at + 1) % ROUND}(void);"
       f"void turn{at}(void) {{ turn{(at + 1) % ROUND}(); }}", circles_of_many_files, 0) for at in range(ROUND)],
]


def missed(folder):
    """Of each kind of offence: whether as many were found as there are."""
    root = pathlib.Path(folder)
    for file, content, check, _ in OFFENCES:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        if file.endswith(".h") and check is pure_headers_that_reach_the_world:
            content += "#ifndef {0}\n#define {0}\n#endif".format(guard_of(file))
        (root / file).write_text(content + "\n")
        if file.endswith(".c"):
            made = root / "obj" / file
            made.parent.mkdir(parents=True, exist_ok=True)
            code = content if check in (symbols_from_above, circles_of_many_files) else ""
            subprocess.run(["cc", "-c", "-x", "c", "-o", str(made)[:-2] + ".o", "-"], input=code, text=True, check=True)
    tree = Tree(root, root)
    for check in CHECKS:
        there = sum(count for _, _, kind, count in OFFENCES if kind is check)
        found = list(check(tree))
        if len(found) != there:
            yield f"{check.__name__}: found {len(found)} of {there}: {found}"


def finds_every_offence():
    with tempfile.TemporaryDirectory() as folder:
        yield from missed(folder)


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    tree = Tree(root, root / "build" / os.environ.get("VARIANT", "release"))
    failed = False
    for number, check in enumerate([finds_every_offence, *CHECKS], 1):
        wrong = list(check() if check is finds_every_offence else check(tree))
        failed = failed or bool(wrong)
        for line in wrong:
            print(f"    {line}")
        sentence = check.__name__ if check is finds_every_offence else "no_" + check.__name__
        print(f"{'not ok' if wrong else 'ok'} {number} - {sentence}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
