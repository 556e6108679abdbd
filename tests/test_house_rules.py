"""Rules of the house that no linter knows, each shown to notice a planted violation."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import office
import pytest

EXACT = ("money", "vat", "capitals", "compute", "model", "kinds")  # where money is reckoned
CLOCKS = {"today", "now", "utcnow", "localtime", "gmtime"}
# A user's or a machine's own folders; never a path inside a URL, an XPath or a package.
MACHINE_PATH = re.compile(
    r"(?<![\w.:/*])/(?:root|work|home/\w+|Users/\w+|tmp/\w+)/|\b[A-Z]:[\\/]+Users[\\/]+\w+"
)

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


def clocks(tree: ast.AST) -> Iterator[Place]:
    """Find readings of the clock, which would make a document differ from day to day."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name) if name in CLOCKS:
                yield node.lineno, f".{name}"
            case ast.Attribute(value=ast.Name(id="time"), attr="time" | "time_ns"):
                yield node.lineno, "time.time"
            case ast.ImportFrom(module="time", names=names) if {alias.name for alias in names} & {
                "time",
                "time_ns",
                *CLOCKS,
            }:
                yield node.lineno, "a clock imported from time"


def modules(root: Path, *, of: tuple[str, ...] = (), but: tuple[str, ...] = ()) -> list[Path]:
    """Return the package's modules, all or those `of` some parts of it, `but` for others."""
    package = root / "deliverables"
    found = []
    for path in sorted(package.rglob("*.py")):
        part = path.relative_to(package).parts[0].removesuffix(".py")
        if (not of or part in of) and part not in but:
            found.append(path)
    return found


def broken(paths: list[Path], rule: Callable[[ast.AST], Iterator[Place]]) -> list[str]:
    """Return every place in the files where the rule is broken."""
    return [
        f"{path}:{line}: {what}"
        for path in paths
        for line, what in rule(ast.parse(path.read_text("utf-8"), str(path)))
    ]


def machine_paths(text: str) -> list[str]:
    return [match.group() for match in MACHINE_PATH.finditer(text)]


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


def test_rounding_happens_in_one_module(root: Path) -> None:
    assert not broken(modules(root, but=("money",)), roundings)
    assert not broken(modules(root, of=EXACT), half_even_roundings)


def test_only_the_command_line_knows_what_day_it_is(root: Path) -> None:
    assert not broken(modules(root, but=("cli",)), clocks)


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
        (clocks, "from datetime import date\ndate.today()"),
        (clocks, "import datetime as d\nd.datetime.now(tz)"),
        (clocks, "from datetime import date as day\nasked = field(default_factory=day.today)"),
        (clocks, "import time\ntime.time()"),
        (clocks, "from time import time"),
        (clocks, "from time import perf_counter, time_ns as clock"),
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
        (clocks, "import time\nfrom time import perf_counter\ntime.monotonic()"),
        (clocks, "today = as_of\nnow = outage.start"),
    ],
)
def test_what_is_allowed_is_not_reported(
    rule: Callable[[ast.AST], Iterator[Place]], allowed: str
) -> None:
    assert not list(rule(ast.parse(allowed)))


def test_modules_are_chosen_by_the_first_part_of_their_name(tmp_path: Path) -> None:
    for name in ("money.py", "compute/availability.py", "cli/__init__.py", "render/money.py"):
        path = tmp_path / "deliverables" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("rate = 0.06")
    assert len(modules(tmp_path)) == 4
    assert len(broken(modules(tmp_path, of=EXACT), floats)) == 2
    assert len(broken(modules(tmp_path, but=("money",)), floats)) == 3


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
