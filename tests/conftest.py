"""What every test may ask for by name."""

from __future__ import annotations

import gc
import os
import subprocess
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterable, Iterator
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import finals
import finished
import layout
import office
import pytest
from filelock import FileLock
from hypothesis import settings
from places import ROOT
from ruamel.yaml import YAML

from deliverables.cache import VARIABLE
from deliverables.folders import Folders
from deliverables.model.book import ContractBook
from deliverables.pdf.office import PROGRAM, PdfPool
from deliverables.pdf.press import Printer
from deliverables.read import book, kept
from deliverables.values.calendar import Calendar
from deliverables.values.problem import Problem, Severity
from deliverables.xlsx import forms

# A busy machine is no fault of the code: no example is failed for its time.
settings.register_profile("patient", deadline=None)
settings.register_profile("quick", deadline=None, max_examples=20)
settings.load_profile("patient")

NEEDS_OFFICE = {
    "pool",
    "printed",
    "other_lines",
    "with_libreoffice",
    "with_a_running_libreoffice",
    "validate_ooxml",
    "to_pdf",
    "pdf_pages_text",
}
NEEDS_BROWSER = {"browser"}
TAKES_LONG = ("office", "browser", "whole_sample", "processes", "thorough")
AT_ONCE = 32
"""So many workbooks are held, each of some ten thousand cells."""
BOOKS_AT_ONCE = 12
PLANTED: list[object] = []
"""What the test under way put in the place of something in the toolkit."""
UNDER_WAY: list[pytest.Item] = []
"""The test under way, alone."""
MAY_START_PROCESSES = ("processes", "office", "browser", "network", "whole_sample")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --golden: write the golden texts anew, to be read before they are committed."""
    parser.addoption("--golden", action="store_true", help="write the golden texts anew")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs programs of others, and begin with the modules that take long.

    A worker takes a module at a time: short ones at the end let both workers end together.
    """
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        if asked & NEEDS_OFFICE:
            item.add_marker(pytest.mark.office)
        if asked & NEEDS_BROWSER:
            item.add_marker(pytest.mark.browser)
    long = {item.path for item in items if any(map(item.get_closest_marker, TAKES_LONG))}
    items.sort(key=lambda item: item.path not in long)


def pytest_collection_finish() -> None:
    """Look less often for garbage, and never among thousands of tests: a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Begin a test in which nothing was planted yet."""
    UNDER_WAY[:] = [item]
    PLANTED.clear()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object],
) -> Generator[None, object, object]:
    """Let what tests share start what it needs, whichever of them asks for it first."""
    under_way = UNDER_WAY[:]
    if fixturedef.scope != "function":
        UNDER_WAY.clear()
    try:
        return (yield)
    finally:
        UNDER_WAY[:] = under_way


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the repository."""
    return ROOT


def marked(*names: str) -> bool:
    """Tell whether the test under way has one of these marks, or none is: tests share a thing."""
    return not UNDER_WAY or any(map(UNDER_WAY[0].get_closest_marker, names))


class Announced(subprocess.Popen[Any]):
    """A process that a test may start, for it says so."""

    def __init__(self, command: Any, *given: Any, **named: Any) -> None:
        if not marked(*MAY_START_PROCESSES):
            pytest.fail(f"mark this test as `processes`: it starts {command}")
        super().__init__(command, *given, **named)


@pytest.fixture(scope="session", autouse=True)
def programs_and_processes_only_where_a_mark_says_so() -> Iterator[None]:
    """Fail a test that starts one and does not say so: --quick leaves those out."""
    find = office.program

    def announced(name: str, remedy: str) -> str:
        return (find if marked("office") else office.unannounced)(name, remedy)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(office, "program", announced)
        patch.setattr(subprocess, "Popen", Announced)
        yield


RECALL, KEEP = kept.recall, kept.keep


def of_all_workers(factory: pytest.TempPathFactory, name: str) -> Path:
    """Return a folder of this run that all its workers have."""
    own = factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / name
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


@pytest.fixture(scope="session", autouse=True)
def apart_from_the_users_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What holds unless a test asks for something else, for what a whole module makes too.

    Commands find no LibreOffice, which takes seconds. Compiled templates are neither read from
    the cache of whoever runs the tests nor written there: all tests of a run, whatever their
    worker, have one. Tables are as wide as in a file.
    """
    folder = of_all_workers(tmp_path_factory, "compiled")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PROGRAM, "")
        patch.setenv(VARIABLE, str(folder))
        patch.delenv("COLUMNS", raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def the_same_contract_is_read_and_checked_once() -> Iterator[None]:
    """Hundreds of commands are called on the same project, most on one that no test changed.

    The key is the toolkit's own: whatever the book depends on has a part in it. Held is the book
    itself, in this process alone: nothing is packed, and nobody's cache is read or written. A test
    that plants something in the toolkit reads anew and leaves nothing to others.
    """
    held: OrderedDict[str, tuple[ContractBook, tuple[Problem, ...]]] = OrderedDict()

    def recall(key: str, calendar: Calendar) -> tuple[ContractBook, tuple[Problem, ...]] | None:
        if PLANTED or key not in held:
            return None
        held.move_to_end(key)
        return held[key]

    def keep(key: str, book: ContractBook, problems: tuple[Problem, ...]) -> None:
        if PLANTED or any(one.severity is Severity.ERROR for one in problems):
            return
        held[key] = book, problems
        if len(held) > BOOKS_AT_ONCE:
            held.popitem(last=False)

    setattr_ = pytest.MonkeyPatch.setattr

    def noted(patch: pytest.MonkeyPatch, target: object, *given: Any, **named: Any) -> None:
        place = target if isinstance(target, str) else getattr(target, "__module__", "")
        if str(place or getattr(target, "__name__", "")).startswith("deliverables"):
            PLANTED.append(target)
        setattr_(patch, target, *given, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "recall", recall)
        patch.setattr(kept, "keep", keep)
        patch.setattr(pytest.MonkeyPatch, "setattr", noted)
        yield


@pytest.fixture(scope="session", autouse=True)
def the_same_yaml_is_parsed_once() -> Iterator[None]:
    """Hundreds of tests read the same contract.yaml: parsing it again would prove nothing more."""
    compose = YAML.compose
    parsed: dict[tuple[object, str], object] = {}

    def compose_once(yaml: YAML, text: str) -> object:
        key = (yaml.Composer, text)
        if key not in parsed:
            parsed[key] = compose(yaml, text)
        return parsed[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(YAML, "compose", compose_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def the_same_workbook_is_read_once() -> Iterator[None]:
    """Hundreds of tests read the sample or the small project, most with one file changed."""
    open_workbook, is_blank_still, read_opened = (
        book.open_workbook, book.is_blank_still, book.read_opened,
    )  # fmt: skip

    @lru_cache(maxsize=AT_ONCE)
    def opened_once(file: str, data: bytes) -> tuple[object, list[Problem]]:
        found: list[Problem] = []
        return open_workbook(file, data, found), found

    @lru_cache(maxsize=AT_ONCE)
    def read_once(file: str, opened: Any, kind: Any) -> tuple[object, list[Problem]]:
        found: list[Problem] = []
        return read_opened(file, opened, kind, found), found

    def with_problems(once: Callable[..., tuple[object, list[Problem]]]) -> Callable[..., object]:
        def asked(*arguments: Any) -> object:
            *given, problems = arguments
            held, found = once(*given)
            problems += found
            return held

        return asked

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(book, "open_workbook", with_problems(opened_once))
        patch.setattr(book, "is_blank_still", lru_cache(maxsize=AT_ONCE)(is_blank_still))
        patch.setattr(book, "read_opened", with_problems(read_once))
        yield


@pytest.fixture(scope="session", autouse=True)
def the_same_blank_workbook_is_written_once() -> Iterator[None]:
    """Tests begin hundreds of contracts, most with the sheets that another one has.

    tests/xlsx has the functions themselves.
    """
    write_workbook, write_blanks = forms.write_workbook, forms.write_blanks
    written: dict[str, tuple[bytes, ...]] = {}

    def once(key: str, write: Callable[[], Iterable[bytes]]) -> tuple[bytes, ...]:
        if PLANTED:
            return tuple(write())
        if key not in written:
            written[key] = tuple(write())
        return written[key]

    def workbook(target: Any, kind: type, *given: Any, **named: Any) -> bytes:
        def write() -> list[bytes]:
            return [write_workbook(target, kind, *given, **named)]

        blank = target is None and named.get("blank")
        (content,) = once(repr((kind, given, named)), write) if blank else write()
        return content

    def blanks(kind: type, covers: Iterable[Any], **named: Any) -> tuple[bytes, ...]:
        given = list(covers)
        return once(repr((kind, given, named)), lambda: write_blanks(kind, given, **named))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forms, "write_workbook", workbook)
        patch.setattr(forms, "write_blanks", blanks)
        yield


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """The folders of one small sound project of which nothing was made."""
    return finals.project(tmp_path)


@pytest.fixture
def in_a_project(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be in the folder of the small sound project, or whatever `folders` is here."""
    monkeypatch.chdir(folders.data.parent)


@pytest.fixture
def run(in_a_project: None) -> finished.Run:
    """Run the command in a folder with one small sound project."""
    return finished.run


@pytest.fixture
def in_a_finished_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be in the folder of the small project with its documents made."""
    finished.put_into(tmp_path)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def while_books_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one command read is packed into the cache for the next, as for any user."""
    monkeypatch.setattr(kept, "recall", RECALL)
    monkeypatch.setattr(kept, "keep", KEEP)


@pytest.fixture
def with_what_was_kept(
    while_books_are_kept: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """What one command of the test read is kept for the next, in this folder alone."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache" / "kept"


@pytest.fixture
def with_libreoffice(monkeypatch: pytest.MonkeyPatch) -> str:
    """Commands find the LibreOffice that is installed; this is its program."""
    found = office.program("soffice", "apt install libreoffice-writer-nogui")
    monkeypatch.setenv(PROGRAM, found)
    return found


@pytest.fixture
def with_a_running_libreoffice(
    with_libreoffice: str, pool: PdfPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commands find LibreOffice, and one that runs already: to start one takes over a second."""
    for module in ("final", "pdf.office"):
        monkeypatch.setattr(
            f"deliverables.{module}.PdfPool", lambda *_, **__: office.KeptOpen(pool)
        )


@pytest.fixture(scope="session")
def pool() -> PdfPool:
    """One LibreOffice for all tests that need no process of their own."""
    return office.desk(office.program("soffice", "apt install libreoffice-writer-nogui"))


@pytest.fixture(scope="session")
def printed(pool: PdfPool, tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], bytes]:
    """Makes the PDF of a document for the record, once in a run, whichever worker asks."""
    folder = of_all_workers(tmp_path_factory, "printed")

    def made(document: bytes) -> bytes:
        file = folder / f"{sha256(document).hexdigest()}.pdf"
        with FileLock(file.with_suffix(".lock")):
            if not file.exists():
                file.write_bytes(Printer(pool).print(document).content)
        return file.read_bytes()

    return made


@pytest.fixture(scope="session")
def other_lines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PdfPool]:
    """One LibreOffice whose fonts have the line metrics that Word gives them."""
    found = office.program("soffice", "apt install libreoffice-writer-nogui")
    folder = tmp_path_factory.mktemp("lines")
    with PdfPool(str(layout.other_office(found, folder)), processes=1) as opened:
        yield opened


@pytest.fixture(scope="session")
def validate_ooxml() -> Callable[[Path], None]:
    """Fails the test unless the given Office file is valid."""
    return office.validate_ooxml


@pytest.fixture(scope="session")
def to_pdf(pool: PdfPool) -> Callable[[Path, Path], Path]:
    """Makes a PDF of the given document in the given folder."""

    def converted(document: Path, folder: Path) -> Path:
        made = folder / f"{document.stem}.pdf"
        made.write_bytes(pool.convert(document.read_bytes()).pdf)
        return made

    return converted


@pytest.fixture(scope="session")
def pdf_pages_text() -> Callable[[Path], list[str]]:
    """Reads the text of each page of the given PDF."""
    return office.pdf_pages_text
