"""Compiled templates on disk: sooner, never another document, and nobody else's."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from rendering import FINAL, PROPERTIES

from deliverables import cache
from deliverables.cache import VARIABLE, keep
from deliverables.docx import render as render_module
from deliverables.docx.render import _LIBRARY, _compiled, _key, _load, _Program, _store, render
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
def afresh() -> Iterator[Callable[[Path], bytes]]:
    """Renders as a new process does, with nothing in memory."""

    def make(template: Path) -> bytes:
        _compiled.cache_clear()
        return render(template, Context(), FINAL, PROPERTIES)

    yield make
    _compiled.cache_clear()


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was put into the cache, which is what had to be compiled."""
    made: list[str] = []
    store = _store

    def noted(key: str, program: _Program) -> None:
        made.append(key)
        store(key, program)

    monkeypatch.setattr(render_module, "_store", noted)
    return made


def only_file(folder: Path) -> Path:
    (file,) = folder.glob("*.kept")
    return file


def test_a_template_is_compiled_once_and_then_read(
    template: Path, folder: Path, afresh: Callable[[Path], bytes], compilations: list[str]
) -> None:
    first = afresh(template)
    assert afresh(template) == first
    assert len(compilations) == 1
    assert only_file(folder).stem == compilations[0]


def test_what_is_kept_of_a_template_and_is_no_code_is_made_anew(
    template: Path, folder: Path, afresh: Callable[[Path], bytes], compilations: list[str]
) -> None:
    right = afresh(template)
    for kept in (b"no code", {"codes": 1}, None):
        keep(compilations[0], kept)
        assert afresh(template) == right
    assert compilations == compilations[:1] * 4


@dataclass(frozen=True)
class Other:
    name: str
    amount: Figure[str]
    notes: tuple[str, ...]
    more: str


def test_whatever_a_compiled_template_depends_on_gives_it_another_name(
    template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = template.read_bytes()
    names = {_key(content, Context), _key(content + b" ", Context)}
    names.add(_key(content, Other))
    monkeypatch.setattr(cache, "makers", lambda library, rooms: "docxtpl-9.9.9.dist-info")
    names.add(_key(content, Context))
    assert len(names) == 4


def test_the_libraries_and_python_are_part_of_the_name() -> None:
    makers = cache.makers(_LIBRARY, ("docx",))
    assert sys.version in makers
    assert "template.py " in makers
    for library in ("docxtpl", "python_docx", "jinja2", "lxml"):
        assert f"{library}-" in makers.lower()


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
    template: Path, folder: Path, root: Path, afresh: Callable[[Path], bytes]
) -> None:
    running = [made_elsewhere(template, root) for _ in range(2)]
    made = [process.communicate()[0] for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert made[0] == made[1] == afresh(template)
    assert _load(only_file(folder).stem) is not None
    assert not list(folder.glob("*.tmp"))


@pytest.mark.processes
def test_with_the_cache_docxtpl_is_not_even_imported(
    template: Path, folder: Path, root: Path, afresh: Callable[[Path], bytes]
) -> None:
    right = afresh(template)
    assert only_file(folder).exists()
    process = made_elsewhere(template, root)
    assert process.communicate() == (right, b"")
    assert process.returncode == 0
