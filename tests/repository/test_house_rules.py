"""Rules of the house that no linter knows, each shown to notice a planted violation."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import office
import pytest

EXACT = ("values", "compute", "model", "kinds")  # where money is reckoned
ROUNDS = "values/money.py"
# A user's or a machine's own folders; never a path inside a URL, an XPath or a package.
MACHINE_PATH = re.compile(
    r"(?<![\w.:/*])/(?:root|work|home/\w+|Users/\w+|tmp/\w+)/|\b[A-Z]:[\\/]+Users[\\/]+\w+"
)
CLASS = re.compile(r"^class ([A-Z]\w+)", re.MULTILINE)
PRIVATE = re.compile(
    r"^ *from deliverables[\w.]* import (?:[^(\n]*|\([^)]*)(?<![\w.])_(?!_)\w+", re.MULTILINE
)
# Folders of tests of no single module: promises of the repository, contracts lived through.
ACROSS = ("repository", "stories")

Place = tuple[int, str]


def floats(tree: ast.AST) -> Iterator[Place]:
    """Find where a binary fraction is made, which cannot hold a cent.

    To ask whether a cell holds one, and to say so in an annotation, is how to get rid of it.
    """
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=float(number)):
                yield node.lineno, f"the float {number}"
            case ast.Call(func=ast.Name(id="float")):
                yield node.lineno, "float()"
            case ast.Call(func=function, args=values) if ast.unparse(function) != "isinstance":
                if any(isinstance(value, ast.Name) and value.id == "float" for value in values):
                    yield node.lineno, "float handed on"


def roundings(tree: ast.AST) -> Iterator[Place]:
    """Find roundings, which belong to deliverables/values/money.py alone."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr="quantize"):
                yield node.lineno, ".quantize"


def half_even_roundings(tree: ast.AST) -> Iterator[Place]:
    """Find round(), which turns 0.125 into 0.12."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="round")):
                yield node.lineno, "round()"


def modules(root: Path, *, of: tuple[str, ...] = ()) -> list[Path]:
    """Return the package's modules, all or those `of` some parts of it."""
    package = root / "deliverables"
    found = []
    for path in sorted(package.rglob("*.py")):
        part = path.relative_to(package).parts[0].removesuffix(".py")
        if not of or part in of:
            found.append(path)
    return found


def broken(paths: list[Path], rule: Callable[[ast.AST], Iterator[Place]]) -> list[str]:
    """Return every place in the files where the rule is broken."""
    return [
        f"{path}:{line}: {what}"
        for path in paths
        for line, what in rule(ast.parse(path.read_text("utf-8"), str(path)))
    ]


def unmirrored(tests: Path, package: Path) -> list[str]:
    """Return the test files that begin with the name of no module at their place in the package.

    A package is tested under its own name, from beside it or from inside.
    """
    found = []
    for path in sorted(tests.rglob("test_*.py")):
        folder = path.relative_to(tests).parent
        there = package / folder
        inside = {entry.stem for entry in there.glob("*") if is_module(entry)}
        words = path.stem.split("_")[1:]
        begins = {"_".join(words[:count]) for count in range(1, len(words) + 1)}
        if folder.name not in ACROSS and not begins & {there.name, *inside}:
            found.append(path.relative_to(tests).as_posix())
    return found


def is_module(entry: Path) -> bool:
    return entry.suffix == ".py" or (entry / "__init__.py").is_file()


def machine_paths(text: str) -> list[str]:
    return [match.group() for match in MACHINE_PATH.finditer(text)]


def private_imports(text: str) -> list[str]:
    """Return where a text imports what a module keeps to itself."""
    return [match.group() for match in PRIVATE.finditer(text)]


def classes_named_twice(texts: Iterable[str]) -> set[str]:
    """Return the names of classes, without those that a module keeps to itself, that two have."""
    names = Counter(name for text in texts for name in CLASS.findall(text))
    return {name for name, count in names.items() if count > 1}


def tracked(root: Path) -> list[Path]:
    """Return the text files under version control, or about to be."""
    git = shutil.which("git") or office.missing("git is not installed")
    command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", check=False)
    if listed.returncode:
        office.missing(f"this folder is no git repository: {listed.stderr.strip()}")
    return [root / name for name in listed.stdout.split("\0") if name and (root / name).is_file()]


def test_money_is_never_a_float(root: Path) -> None:
    assert not broken(modules(root, of=EXACT), floats)


@pytest.mark.thorough
def test_rounding_happens_in_one_module(root: Path) -> None:
    elsewhere = [path for path in modules(root) if not path.as_posix().endswith(ROUNDS)]
    assert not broken(elsewhere, roundings)
    assert not broken(modules(root, of=EXACT), half_even_roundings)


def test_the_tests_of_a_module_are_found_by_its_name(root: Path) -> None:
    assert not unmirrored(root / "tests", root / "deliverables")


def test_a_test_file_of_another_name_is_noticed(tmp_path: Path) -> None:
    tests, package = tmp_path / "tests", tmp_path / "deliverables"
    mirrored = (
        "test_deliverables.py", "values/test_values.py", "values/test_money.py",
        "values/test_money_vat.py", "kinds/test_report.py", "stories/test_a_year.py",
    )  # fmt: skip
    astray = ("kinds/test_money.py", "test_money.py", "values/test_moneys.py", "values/test_vat.py")
    modules = ("values/money.py", "kinds/report/__init__.py")
    for path in (*(tests / name for name in mirrored + astray), *map(package.joinpath, modules)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert unmirrored(tests, package) == list(astray)


@pytest.mark.processes
def test_no_file_names_a_folder_of_one_machine(root: Path) -> None:
    found = []
    for path in tracked(root):
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:  # a document or a picture
            continue
        found += [f"{path.relative_to(root)}: {place}" for place in machine_paths(text)]
    assert not found


@pytest.mark.parametrize(
    ("rule", "planted"),
    [
        (floats, "rate = 0.06"),
        (floats, "Decimal(-1e3)"),
        (floats, "def f(x):\n    return float(x)"),
        (floats, "list(map(float, cells))"),
        (roundings, "Decimal('1.005').quantize(Decimal('0.01'))"),
        (roundings, "cut = amount.quantize"),
        (half_even_roundings, "round(amount, 2)"),
    ],
)
def test_a_planted_violation_is_noticed(
    rule: Callable[[ast.AST], Iterator[Place]], planted: str
) -> None:
    assert list(rule(ast.parse(planted)))


@pytest.mark.parametrize(
    ("rule", "allowed"),
    [
        (floats, "Decimal('0.06') * 100"),
        (floats, "def exact(raw: float): return isinstance(raw, float)"),
    ],
)
def test_what_is_allowed_is_not_reported(
    rule: Callable[[ast.AST], Iterator[Place]], allowed: str
) -> None:
    assert not list(rule(ast.parse(allowed)))


def test_modules_are_chosen_by_the_first_part_of_their_name(tmp_path: Path) -> None:
    for name in ("values/money.py", "compute/availability.py", "cli/__init__.py", "docx/money.py"):
        path = tmp_path / "deliverables" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("rate = 0.06")
    assert len(modules(tmp_path)) == 4
    assert len(broken(modules(tmp_path, of=EXACT), floats)) == 2


CLOCKS = (
    "date.today()",
    "field(default_factory=date.today)",
    "d.datetime.today()",
    "d.datetime.now(d.UTC)",
    "d.datetime.utcnow()",
    "time.time()",
    "time.time_ns()",
    "time.localtime()",
    "time.gmtime()",
    'time.strftime("%Y")',
    "time.ctime()",
    "time.asctime()",
    "clock()",
)
IMPORTED = "import datetime as d\nimport time\nfrom datetime import date\n"


@pytest.mark.processes
def test_only_the_command_line_may_ask_what_day_it_is(root: Path) -> None:
    """The last one is banned where it is imported under another name, in the line before."""
    planted = IMPORTED + "\n".join([*CLOCKS[:-1], "from time import time as clock", CLOCKS[-1]])
    found = linted(root, planted, "deliverables/compute/planted.py")
    lines = {int(line.split(":")[1]) for line in found.splitlines() if "TID251" in line}
    assert lines >= set(range(4, 4 + len(CLOCKS)))
    assert "TID251" not in linted(root, planted, "deliverables/cli/planted.py")


@pytest.mark.processes
def test_what_was_passed_in_is_no_clock(root: Path) -> None:
    allowed = "import time\nfrom time import perf_counter\ntime.monotonic()\ntoday = as_of\n"
    assert "TID251" not in linted(root, allowed, "deliverables/compute/planted.py")


def linted(root: Path, source: str, name: str) -> str:
    """Return what ruff says of a module of that name."""
    command = [sys.executable, "-m", "ruff", "check", "--output-format", "concise", "-"]
    done = subprocess.run(
        [*command, "--stdin-filename", str(root / name)],
        input=source, capture_output=True, encoding="utf-8", check=False, cwd=root,
    )  # fmt: skip
    return done.stdout


@pytest.mark.parametrize(
    "start", ["/" + "work/main/", "/" + "root/", "/" + "home/li/", "C:" + r"\Users\li"]
)
def test_a_folder_of_one_machine_is_noticed(start: str) -> None:
    assert machine_paths(f"see {start}notes.txt")
    assert machine_paths(f'path = "{start}notes.txt"')


@pytest.mark.parametrize(
    "text",
    ["tree.xpath('//root/x')", "https://example.invalid/root/", "data/work/days", "~/.local"],
)
def test_other_paths_are_not_reported(text: str) -> None:
    assert not machine_paths(text)


def test_no_test_imports_what_a_module_keeps_to_itself(root: Path) -> None:
    texts = {path: path.read_text("utf-8") for path in sorted((root / "tests").rglob("*.py"))}
    assert not [path for path, text in texts.items() if private_imports(text)]


@pytest.mark.parametrize("names", ["read, _cut", "(\n    read,\n    _cut,\n)", "_cut as cut"])
def test_an_import_of_a_private_name_is_noticed(names: str) -> None:
    assert private_imports(f"import os\nfrom deliverables.read import {names}\n")
    assert not private_imports("from deliverables.read import read_all\nfrom os import _exit\n")


def test_one_noun_names_one_class(root: Path) -> None:
    assert classes_named_twice(path.read_text("utf-8") for path in modules(root)) == set()


def test_a_name_that_two_classes_have_is_noticed() -> None:
    twice = ("class Period:\n    pass\n", "class _Part:\n", "x = 1\nclass Period(Record):\n")
    assert classes_named_twice((*twice, "class _Part:\n")) == {"Period"}
