"""What every test may ask for by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import office
import pytest
from hypothesis import settings

from deliverables.pdf.office import PROGRAM, PdfPool
from deliverables.read import cache
from deliverables.read.cache import VARIABLE

# A busy machine is no fault of the code: no example is failed for its time.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --golden: write the golden texts anew, to be read before they are committed."""
    parser.addoption("--golden", action="store_true", help="write the golden texts anew")


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the repository."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands find no LibreOffice, which takes seconds, unless a test asks for it."""
    monkeypatch.setenv(PROGRAM, "")


@pytest.fixture(autouse=True)
def without_what_was_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Books are read anew each time, unless a test asks for those that were kept."""
    monkeypatch.setattr(cache, "place", lambda: None)


@pytest.fixture
def with_libreoffice(without_libreoffice: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """Commands find the LibreOffice that is installed; this is its program."""
    found = office.program("soffice", "apt install libreoffice-writer-nogui")
    monkeypatch.setenv(PROGRAM, found)
    return found


@pytest.fixture(scope="session")
def cache_of_the_session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all tests keep compiled templates, apart from the user's own."""
    return tmp_path_factory.mktemp("compiled")


@pytest.fixture(autouse=True)
def with_a_cache_of_its_own(cache_of_the_session: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither read nor write the compiled templates of whoever runs the tests."""
    monkeypatch.setenv(VARIABLE, str(cache_of_the_session))


@pytest.fixture(scope="session")
def pool() -> Iterator[PdfPool]:
    """One LibreOffice for all tests that need no process of their own."""
    found = office.program("soffice", "apt install libreoffice-writer-nogui")
    with PdfPool(found, processes=1) as opened:
        yield opened


@pytest.fixture(scope="session")
def validate_ooxml() -> Callable[[Path], None]:
    """Fails the test unless the given Office file is valid."""
    return office.validate_ooxml


@pytest.fixture(scope="session")
def to_pdf() -> Callable[[Path, Path], Path]:
    """Makes a PDF of the given document in the given folder."""
    return office.to_pdf


@pytest.fixture(scope="session")
def pdf_pages_text() -> Callable[[Path], list[str]]:
    """Reads the text of each page of the given PDF."""
    return office.pdf_pages_text
