#!/usr/bin/python3
"""languages: a register in each language that Debian has with protobuf and ZeroMQ, by the commands that proto/REGISTER.md gives.

A language that is not installed is passed over, and says so; .ci/packages installs PHP and the libraries of Java.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import support
from support import ROOT, wait_until

PAGE = (ROOT / "proto/REGISTER.md").read_text()
REGISTERS = ROOT / "tests/support/registers"
JARS = ("protobuf.jar", "jeromq.jar")
# A socket of the network: what is written in Java knows no ipc.
cell = support.Cell(BELLHOP_PUBLISH_BIND="tcp://127.0.0.1:*")


class Passed(Exception):
    """The language is not there."""


def need(*programs):
    missing = [program for program in programs if not shutil.which(program)]
    if missing:
        raise Passed(f"{', '.join(missing)} not installed")


def run(folder, *command, **environment):
    done = subprocess.run(command, cwd=folder, text=True, capture_output=True, timeout=180, env=dict(os.environ, **environment))
    assert done.returncode == 0, (command[0], done.stdout[-2000:], done.stderr[-2000:])
    return done.stdout


def commands_of_the_page(language):
    """The commands in the paragraph of that language, for a folder of one's own."""
    paragraph = re.search(rf"^\*\*{re.escape(language)}\*\*.*?(?=^\*\*|\Z)", PAGE, re.M | re.S)[0]
    return " && ".join(re.sub(r"\bPROTO\b", str(ROOT / "proto"), each).replace("DIR", "generated")
                       for each in re.findall(r"`((?:protoc|for f in) [^`]*)`", paragraph, re.S))


def generate(folder, language):
    (folder / "generated").mkdir()
    commands = commands_of_the_page(language)
    assert commands, language
    run(folder, "sh", "-ec", commands)


def is_in_the_log(source):
    wait_until(lambda: cell.sql(f"SELECT type, drill FROM bellhop.event WHERE source = '{source}'") == [["complaint", "f"]], 10,
               f"what {source} said is in the log")


def endpoint():
    ready = dict(line.split("=", 1) for line in (cell.folder / "ingest.ready").read_text().splitlines())
    return ready["publish"]


def php_by_a_twin_in_proto3(folder):
    need("php", "protoc")
    if "zmq" not in run(folder, "php", "-m"):
        raise Passed("php-zmq not installed")
    generate(folder, "PHP")
    said = run(folder, "php", REGISTERS / "register.php", GENERATED=str(folder / "generated"), BELLHOP_PUBLISH=endpoint())
    assert said.split() == ["COMMITTED"], said
    is_in_the_log("harbour/php")


def java_by_generated_code(folder):
    need("javac", "java", "protoc")
    jars = [pathlib.Path("/usr/share/java") / jar for jar in JARS]
    if not all(jar.exists() for jar in jars):
        raise Passed("libprotobuf-java, libjeromq-java not installed")
    generate(folder, "Java")
    path = os.pathsep.join(map(str, [folder, *jars]))
    sources = [*(folder / "generated").rglob("*.java"), REGISTERS / "Register.java"]
    run(folder, "javac", "-nowarn", "-cp", path, "-d", ".", *sources)
    said = run(folder, "java", "-cp", path, "Register", BELLHOP_PUBLISH=endpoint())
    assert said.split() == ["COMMITTED"], said
    is_in_the_log("harbour/java")


def csharp_is_generated(folder):
    need("protoc")
    generate(folder, ".NET")
    made = (folder / "generated/Publish.cs").read_text()
    assert "namespace Bellhop.V1" in made and "HasAwaitVerdict" in made


def go_is_generated(folder):
    need("protoc", "protoc-gen-go")
    generate(folder, "Go")
    assert "package bellhopv1" in (folder / "generated/bellhop/v1/publish.pb.go").read_text()


def passing_over(story):
    def tried():
        with tempfile.TemporaryDirectory(prefix="bellhop-language.") as folder:
            try:
                story(pathlib.Path(folder))
            except Passed as reason:
                print(f"# {story.__name__.replace('_', ' ')}: passed over, {reason}")
    tried.__name__ = story.__name__
    return tried


with cell:
    sys.exit(support.tell(*map(passing_over, (php_by_a_twin_in_proto3, java_by_generated_code, csharp_is_generated, go_is_generated))))
