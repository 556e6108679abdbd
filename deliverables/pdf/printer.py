"""What LibreOffice does for a .docx: counts the pages its contents name, and prints it as PDF/A."""

from __future__ import annotations

import re
from collections.abc import Mapping
from threading import Lock
from typing import Final
from zipfile import BadZipFile

from lxml import etree

from deliverables.docx.page_numbers import countable, has_contents
from deliverables.docx.properties import CORE_RELATION
from deliverables.files import sha256_of
from deliverables.lazily import dataclass
from deliverables.message import say
from deliverables.pdf.fonts import fonts_named
from deliverables.pdf.office import Conversion, OfficeError
from deliverables.pdf.pool import PdfPool
from deliverables.render.package import Package

_CHANGED: Final = re.compile(rb"<dcterms:modified[^>]*>\s*(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)")
_UNDATED: Final = "1980-01-01T00:00:00"
_KEPT: Final = 8


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF/A of a document, its pages, and the fonts it should have and has."""

    content: bytes
    pages: int
    fonts_named: frozenset[str]
    fonts_used: frozenset[str]


class Printer:
    """Counts and prints with the LibreOffice processes of a pool; threads may share it.

    With `both`, what was laid out to count its pages is kept a while for printing.
    """

    def __init__(self, pool: PdfPool, *, both: bool = False) -> None:
        self._pool, self._both = pool, both
        self._lock = Lock()
        self._kept: dict[str, Conversion] = {}

    def count(self, package: Package) -> Mapping[str, str]:
        """Return the page of each bookmark that the contents name; OfficeError if it cannot."""
        given = countable(package).to_bytes()
        conversion = self._pool.convert(given, pdf=self._both)
        if self._both:
            with self._lock:
                self._kept[sha256_of(given)] = conversion
                if len(self._kept) > _KEPT:
                    del self._kept[next(iter(self._kept))]
        return conversion.pages

    def print(self, document: bytes) -> Printed:
        """Return the PDF of a .docx: the same bytes for the same document, fonts and LibreOffice.

        Raises OfficeError if it is no .docx, or LibreOffice makes no sound PDF of it.
        """
        from deliverables.pdf.archive import archived  # noqa: PLC0415  # slow to import

        try:
            package = Package.of(document)
            given = _given(package, document)
            moment, named = _moment(package), fonts_named(package)
        except (BadZipFile, etree.XMLSyntaxError, KeyError, StopIteration) as broken:
            raise OfficeError(say("it is no Word document, or a broken one")) from broken
        with self._lock:
            conversion = self._kept.pop(sha256_of(given), None)
        conversion = conversion or self._pool.convert(given)
        kept = archived(conversion.pdf, moment)
        return Printed(kept.content, kept.pages, named, kept.fonts)


def _given(package: Package, document: bytes) -> bytes:
    """Return what LibreOffice is given: the document, its contents to be counted."""
    return countable(package).to_bytes() if has_contents(package) else document


def _moment(package: Package) -> str:
    """Return when the document was last changed by its own account."""
    core = next(package.related("", CORE_RELATION), "")
    found = _CHANGED.search(package.parts.get(core, b""))
    return f"{found[1].decode() if found else _UNDATED}Z"
