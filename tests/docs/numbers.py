#!/usr/bin/python3
"""tests/docs/numbers: what was promised under a number stays as it was.

The lists lie in tests/data/golden. What they name must still be there, as it is named; what is new must be named:
`numbers.py --record` adds it, and changes no line. A line is taken out by hand, when no release has had it.

  protocol  a field or word of proto/bellhop/v1/*.proto keeps its number and type for ever; one that is given up is `reserved`,
            its line stays
  schema    a migration never changes: a database that has applied it remembers the checksum
  client.N  a function of libbellhop-client.so.N stays until N rises; then the list of the new N is recorded

Decisions and snapshots, under ENGINE_VERSION and SNAPSHOT_VERSION: tests/unit/common/policy/golden_test.c.
"""
import hashlib
import importlib
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / os.environ.get("VARIANT", "release")
GOLDEN = ROOT / "tests/data/golden"


# --- the protocol -----------------------------------------------------------------------------------------

def descriptors():
    """(name, descriptor as a message of its own) of every message and enum."""
    sys.path.insert(0, str(BUILD / "python"))
    from google.protobuf import descriptor_pb2

    def below(prefix, messages, enums):
        for enum in enums:
            yield prefix + enum.name, enum
        for message in messages:
            yield prefix + message.name, message
            yield from below(prefix + message.name + ".", message.nested_type, message.enum_type)

    for path in sorted(ROOT.glob("proto/bellhop/v1/*.proto")):
        file = descriptor_pb2.FileDescriptorProto()
        importlib.import_module(f"bellhop.v1.{path.stem}_pb2").DESCRIPTOR.CopyToProto(file)
        yield from below("", file.message_type, file.enum_type)


def type_of(field):
    label = {1: "optional", 2: "required", 3: "repeated"}[field.label]
    return f"{label} {field.type_name.split('.')[-1] or field.Type.Name(field.type)[5:].lower()}"


def protocol():
    """What there is, a line each; and what is reserved, as (name, number)."""
    there, reserved = [], set()
    for name, descriptor in descriptors():
        if hasattr(descriptor, "field"):
            there += [f"{name}.{field.name} {field.number} {type_of(field)}" for field in descriptor.field]
            ends = 0  # the end of a message's range is one behind it
        else:
            there += [f"{name}.{value.name} {value.number} word" for value in descriptor.value]
            ends = 1
        for span in descriptor.reserved_range:
            reserved |= {(name, number) for number in range(span.start, span.end + ends)}
    return there, reserved


def is_reserved(line, reserved):
    name, number = line.split()[:2]
    return (name.rpartition(".")[0], int(number)) in reserved


# --- the schema and the client ----------------------------------------------------------------------------

def schema():
    """As common/store/schema/schema.c remembers them."""
    return [f"{path.name} {hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()}"
            for path in sorted(ROOT.glob("common/store/schema/migrations/*.sql"))]


def client():
    """Number of the shared library, and the functions it shows."""
    library = BUILD / "libbellhop-client.so"
    read = subprocess.run(["readelf", "-d", library], capture_output=True, text=True, check=True).stdout
    shown = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True, check=True).stdout
    return re.search(r"SONAME.*\.so\.(\d+)", read)[1], sorted(line.split()[2] for line in shown.splitlines())


# --- comparing --------------------------------------------------------------------------------------------

def lists():
    """Name of a list, what is there, and which missing lines are excused."""
    there, reserved = protocol()
    number, shown = client()
    yield "protocol", there, lambda line: is_reserved(line, reserved)
    yield "schema", schema(), lambda line: False
    yield f"client.{number}", shown, lambda line: False


def compare(name, there, is_excused):
    path = GOLDEN / name
    recorded = path.read_text().splitlines() if path.exists() else []
    gone = [line for line in recorded if line not in there and not is_excused(line)]
    return gone, [line for line in there if line not in recorded], recorded


def main():
    failed = False
    for at, (name, there, is_excused) in enumerate(lists(), 1):
        gone, new, recorded = compare(name, there, is_excused)
        if sys.argv[1:] == ["--record"] and not gone:
            (GOLDEN / name).write_text("".join(line + "\n" for line in recorded + new))
            new = []
        for line in gone:
            print(f"    {name}: what was promised is not there any more: {line}")
        for line in new:
            print(f"    {name}: record what is new (tests/docs/numbers.py --record): {line}")
        failed = failed or bool(gone or new)
        print(f"{'not ok' if gone or new else 'ok'} {at} - {name} keeps what was promised")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
