"""What every test may ask for by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import office
import pytest

from deliverables.pdf.office import PROGRAM
from deliverables.pdf.pool import PdfPool
from deliverables.store import VARIABLE


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
    """Commands keep nothing for the next one, unless a test asks for it."""
    monkeypatch.setenv(VARIABLE, "off")


@pytest.fixture
def with_libreoffice(without_libreoffice: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """Commands find the LibreOffice that is installed; this is its program."""
    found = office.program("soffice", "apt install libreoffice-writer-nogui")
    monkeypatch.setenv(PROGRAM, found)
    return found


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
