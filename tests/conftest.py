"""What every test may ask for by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import office
import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --golden: write the golden texts anew, to be read before they are committed."""
    parser.addoption("--golden", action="store_true", help="write the golden texts anew")


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the repository."""
    return Path(__file__).resolve().parents[1]


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
