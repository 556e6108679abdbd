"""Compiled templates on disk: sooner, never another document, and nobody else's."""

from __future__ import annotations

import marshal
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from docx import Document
from rendering import FINAL, PROPERTIES

from deliverables import cache
from deliverables.cache import VARIABLE, keep
from deliverables.docx.render import render
from deliverables.docx.style import REPORT, blank
from deliverables.values.figure import Figure, Line


@dataclass(frozen=True)
class Context:
    name: str = "甲 & 乙"
    amount: Figure[str] = Figure("金额", "1", "1.00", Line("contract.yaml", 3))
    notes: tuple[str, ...] = ("一", "二")


@pytest.fixture
def template(tmp_path: Path) -> Path:
    document = blank(REPORT)
    for words in ("{{ name }}：{{ amount }}", "{%p for n in notes %}", "{{ n }}", "{%p endfor %}"):
        document.add_paragraph(words)
    path = tmp_path / "report.docx"
    document.save(str(path))
    return path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of this test's own."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache" / "kept"


@pytest.fixture
def afresh(template: Path, tmp_path: Path) -> Callable[[], bytes]:
    """Renders as a new process does: of a file that is not in memory."""

    def make(number: int) -> bytes:
        copy = tmp_path / f"{number}.docx"
        copy.write_bytes(template.read_bytes())
        return render(copy, Context(), FINAL, PROPERTIES)

    return map(make, count()).__next__


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was put into the cache, which is what had to be compiled."""
    made: list[str] = []

    def noted(key: str, content: bytes) -> None:
        made.append(key)
        keep(key, content)

    monkeypatch.setattr(cache, "keep", noted)
    return made


def only_file(folder: Path) -> Path:
    (file,) = folder.glob("*.kept")
    return file


def test_a_template_is_compiled_once_and_then_read(
    folder: Path, afresh: Callable[[], bytes], compilations: list[str]
) -> None:
    first = afresh()
    assert afresh() == first
    assert len(compilations) == 1
    assert only_file(folder).stem == compilations[0]


def test_what_is_kept_of_a_template_and_is_no_code_is_made_anew(
    folder: Path, afresh: Callable[[], bytes], compilations: list[str]
) -> None:
    right = afresh()
    for kept in (b"no code", marshal.dumps({"codes": 1}), marshal.dumps(None)):
        keep(compilations[0], kept)
        assert afresh() == right
    assert compilations == compilations[:1] * 4


@dataclass(frozen=True)
class Other:
    name: str
    amount: Figure[str]
    notes: tuple[str, ...]
    more: str


def test_whatever_a_compiled_template_depends_on_gives_it_another_name(
    template: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made(file: Path, context: object) -> int:
        render(file, context, FINAL, PROPERTIES)
        return len(list(folder.glob("*.kept")))

    other = template.with_stem("other")
    document = Document(str(template))
    document.add_paragraph("又一段")
    document.save(str(other))
    more = Other("甲", Context.amount, (), "")
    assert [made(template, Context()), made(other, Context()), made(template, more)] == [1, 2, 3]
    monkeypatch.setattr(cache, "makers", lambda library, rooms: "docxtpl-9.9.9.dist-info")
    assert made(template.rename(template.with_stem("again")), Context()) == 4


def test_the_libraries_and_python_are_part_of_the_name(
    folder: Path, afresh: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def noted(library: re.Pattern[str], rooms: Sequence[str]) -> str:
        asked.append(makers(library, rooms))
        return asked[-1]

    makers = cache.makers
    monkeypatch.setattr(cache, "makers", noted)
    afresh()
    (told,) = asked
    assert sys.version in told
    assert "template.py " in told
    for library in ("docxtpl", "python_docx", "jinja2", "lxml"):
        assert f"{library}-" in told.lower()


def made_elsewhere(template: Path, root: Path) -> subprocess.Popen[bytes]:
    """Render in a process of its own, which ends with what of docxtpl it had to import."""
    program = (
        "import sys\n"
        f"sys.path.insert(0, {str(root)!r})\n"
        "from dataclasses import make_dataclass\n"
        "from datetime import date\n"
        "from pathlib import Path\n"
        "from deliverables.values.figure import Figure, Line\n"
        "from deliverables.docx.render import Properties, Stamp, render\n"
        "fields = [('name', str), ('amount', Figure[str]), ('notes', tuple[str, ...])]\n"
        "Context = make_dataclass('Context', fields, frozen=True)\n"
        "amount = Figure('金额', '1', '1.00', Line('contract.yaml', 3))\n"
        "context = Context('甲 & 乙', amount, ('一', '二'))\n"
        f"properties = {PROPERTIES!r}\n".replace("datetime.date", "date")
        + f"made = render(Path({str(template)!r}), context, {FINAL!r}, properties)\n"
        "sys.stdout.buffer.write(made)\n"
        "heavy = {'docxtpl', 'docx', 'importlib.metadata'} & set(sys.modules)\n"
        "sys.stderr.write(' '.join(heavy))\n"
    )
    return subprocess.Popen(
        [sys.executable, "-X", "utf8", "-c", program],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.processes
def test_two_processes_at_once_make_the_same_and_leave_one_whole_file(
    template: Path,
    folder: Path,
    root: Path,
    afresh: Callable[[], bytes],
    compilations: list[str],
) -> None:
    running = [made_elsewhere(template, root) for _ in range(2)]
    made = [process.communicate()[0] for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert made[0] == made[1] == afresh()
    assert only_file(folder).is_file()
    assert compilations == []
    assert not list(folder.glob("*.tmp"))


@pytest.mark.processes
def test_with_the_cache_docxtpl_is_not_even_imported(
    template: Path, folder: Path, root: Path, afresh: Callable[[], bytes]
) -> None:
    right = afresh()
    assert only_file(folder).exists()
    process = made_elsewhere(template, root)
    assert process.communicate() == (right, b"")
    assert process.returncode == 0
