"""What a run asks of LibreOffice: the page numbers of contents, and a PDF beside each document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Final
from zipfile import BadZipFile

from lxml import etree

from deliverables.docx.package import Package
from deliverables.docx.page_numbers import countable, has_contents
from deliverables.docx.stamp import CORE_RELATION
from deliverables.files.digest import content_sha256_of, sha256_of
from deliverables.files.placement import Transaction
from deliverables.files.refusal import RefusedError
from deliverables.files.result import Result
from deliverables.folders import Folders
from deliverables.kinds import Deliverable
from deliverables.pdf.archive import fonts_named
from deliverables.pdf.office import Conversion, OfficeError, PdfPool, soffice
from deliverables.pdf.unbroken import unbroken
from deliverables.plan import Outcome
from deliverables.register import MADE, PAGES, PDF, PDF_SHA256, Entry, Writer, read_register
from deliverables.values.figure import Line
from deliverables.values.problem import Message, Problem, listed, say, warning

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    from deliverables.docx.package import Package
    from deliverables.docx.render import Rendered
    from deliverables.pdf.office import PdfPool


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
        given = printable(package)
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
            given = printable(package)
            moment, named = _moment(package), fonts_named(package)
        except (BadZipFile, etree.XMLSyntaxError, KeyError, StopIteration) as broken:
            raise OfficeError(say("it is no Word document, or a broken one")) from broken
        with self._lock:
            conversion = self._kept.pop(sha256_of(given), None)
        conversion = conversion or self._pool.convert(given)
        kept = archived(conversion.pdf, moment)
        return Printed(kept.content, kept.pages, named, kept.fonts)


def printable(package: Package) -> bytes:
    """Return what LibreOffice is given of a document: its contents to be counted, lines to hold."""
    return unbroken(countable(package) if has_contents(package) else package).to_bytes()


def _moment(package: Package) -> str:
    """Return when the document was last changed by its own account."""
    core = next(package.related("", CORE_RELATION), "")
    found = _CHANGED.search(package.parts.get(core, b""))
    return f"{found[1].decode() if found else _UNDATED}Z"


PRINTED: Final = "printed"
"""The event of an entry that records the PDF of a draft."""

_PRINTABLE: Final = {Result.MADE, Result.UNCHANGED, Result.KEPT}


@dataclass(frozen=True, kw_only=True, slots=True)
class Printout:
    """The PDF of a document; `printed` is what was made anew, `problem` why nothing was.

    `sha256` and `content` are the hashes of what was printed, `over` is that of the PDF before it.
    """

    deliverable: Deliverable
    document: Path
    result: Result
    sha256: str = ""
    content: str = ""
    over: str = ""
    printed: Printed | None = None
    problem: Problem | None = None
    replaced: str = ""

    @property
    def pdf(self) -> Path:
        """Where the PDF lies: beside the document, under its name."""
        return self.document.with_suffix(".pdf")


@dataclass(frozen=True, kw_only=True, slots=True)
class PressReport:
    """What became of the PDFs of a run and of the pages of its contents.

    `counted` and `uncounted` say how many documents got the page numbers of their contents and how
    many show none, `fault` why counting failed. `remarks` are about all PDFs together.
    """

    printouts: tuple[Printout, ...] = ()
    counted: int = 0
    uncounted: int = 0
    fault: Message | None = None
    remarks: tuple[Problem, ...] = ()

    @property
    def by_document(self) -> Mapping[Path, Printout]:
        """The PDFs by the documents that they are of."""
        return {one.document: one for one in self.printouts}


class Press:
    """LibreOffice at work for one run. Without a pool it counts and prints nothing.

    With `pdf`, `put` prints each document while the next is being made, and `printouts` gives
    the results in that order and records them. Leaving the context ends LibreOffice and what is
    still being printed.
    """

    def __init__(self, folders: Folders, pool: PdfPool | None, *, pdf: bool = False) -> None:
        self._counts = PressReport()
        self._folders, self.pool, self._pdf = folders, pool, pdf
        self._counter = Printer(pool, both=pdf) if pool else None
        self._printer = self._counter if pdf else None
        self._threads: Executor | None = None
        self._printing: list[Future[Printout]] = []
        self._counting = Lock()
        self._printed: dict[str, dict[str, Entry]] = {}
        self._drafts: dict[str, dict[str, Entry]] = {}
        self._registers: dict[str, Writer] = {}
        self._fonts_named: set[str] = set()
        self._fonts_used: set[str] = set()

    @property
    def printer(self) -> Printer | None:
        """What prints for this run; None where there is no LibreOffice, or no PDF is wanted."""
        return self._printer

    def __enter__(self) -> Press:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for printing in self._printing:
            printing.cancel()
        if self.pool:
            self.pool.close()
        if self._threads:
            self._threads.shutdown()

    def paginate(self, document: Rendered, file: Path) -> Rendered:
        """Return the document with page numbers in its contents; as it is if nobody can count.

        A `file` that differs from it in page numbers alone was counted before, and lends them.
        """
        from deliverables.docx.package import Package  # noqa: PLC0415
        from deliverables.docx.page_numbers import has_contents  # noqa: PLC0415

        package = Package.of(document)
        if not has_contents(package):
            return document
        counted = _lent(document, file) or self._count(document, package)
        with self._counting:
            before = self._counts
            self._counts = replace(
                before,
                counted=before.counted + (counted is not None),
                uncounted=before.uncounted + (counted is None),
            )
        return document if counted is None else counted

    def put(self, outcome: Outcome) -> None:
        """Begin to print the document of an outcome, if it has one and PDFs are wanted."""
        file = outcome.file
        if self._printer and outcome.result in _PRINTABLE and file and file.exists():
            before = self._printed_before(outcome.deliverable)
            work = partial(self._print, self._printer, outcome.deliverable, file, before)
            self._printing.append(self._at_work().submit(work))

    def printouts(self, moment: datetime, command: str) -> Iterator[Printout]:
        """Yield what became of each PDF once it is there and recorded."""
        for printing in self._printing:
            printout = printing.result()
            if printout.printed:
                self._fonts_named |= printout.printed.fonts_named
                self._fonts_used |= printout.printed.fonts_used
                yield self._placed(printout, printout.printed, moment, command)
            else:
                yield printout

    def _placed(
        self, printout: Printout, printed: Printed, moment: datetime, command: str
    ) -> Printout:
        """Put a PDF beside its document and record it: one change."""
        number, private = printout.deliverable.contract, printout.deliverable.private
        if number not in self._drafts:
            self._drafts[number] = self._last(number, MADE)
            self._registers[number] = Writer(self._folders.register(number))
        made = self._drafts[number].get(printout.deliverable.key)
        try:
            with Transaction(self._folders.contract(number)) as change:
                aside = change.put(
                    printout.pdf, printed.content, private=private, over=printout.over
                )
                printout = replace(printout, replaced=aside)
                if made:
                    entry = self._entry(made, printout, printed, moment, command)
                    self._registers[number].enter(change, entry)
        except RefusedError as fault:
            problem = _failed(printout.document, fault.message)
            return replace(printout, result=Result.FAILED, problem=problem, printed=None)
        return printout

    def done(self, printouts: Iterable[Printout] = ()) -> PressReport:
        """Return what became of everything; `printouts` are those that were told."""
        return replace(self._counts, printouts=tuple(printouts), remarks=self._remarks())

    def _remarks(self) -> tuple[Problem, ...]:
        """Return what to know of all PDFs together: which fonts stood in for which."""
        if self._pdf and self.pool is None:
            return (without_libreoffice(),)
        if not self._fonts_named | self._fonts_used:
            return ()
        from deliverables.pdf.archive import stand_ins  # noqa: PLC0415  # slow to import

        replaced = stand_ins(self._fonts_named, self._fonts_used)
        return (_other_fonts(replaced),) if replaced else ()

    def _count(self, document: Rendered, package: Package) -> Rendered | None:
        if self._counter is None:
            return None
        from deliverables.docx.page_numbers import paged  # noqa: PLC0415  # slow to import
        from deliverables.pdf.office import OfficeError  # noqa: PLC0415

        try:
            return paged(document, self._counter.count(package))
        except OfficeError as fault:
            with self._counting:
                self._counts = replace(self._counts, fault=fault.message)
            return None

    def _at_work(self) -> Executor:
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  # slow to import

        self._threads = self._threads or ThreadPoolExecutor(
            self.pool.processes if self.pool else 1, "press"
        )
        return self._threads

    @staticmethod
    def _print(
        printer: Printer, deliverable: Deliverable, file: Path, before: Entry | None
    ) -> Printout:
        from deliverables.pdf.office import OfficeError  # noqa: PLC0415  # slow to import

        printout = Printout(deliverable=deliverable, document=file, result=Result.UNCHANGED)
        try:
            document = file.read_bytes()
            there = sha256_of(printout.pdf) if printout.pdf.exists() else ""
            ours = before is not None and there == before.details.get(PDF_SHA256)
            if ours and before and before.sha256 == sha256_of(document):
                return printout
            printed = printer.print(document)
        except OfficeError as fault:
            return replace(printout, result=Result.FAILED, problem=_failed(file, fault.message))
        return replace(
            printout,
            result=Result.MADE,
            printed=printed,
            sha256=sha256_of(document),
            content=content_sha256_of(document),
            over=there if ours else "",
        )

    def _printed_before(self, deliverable: Deliverable) -> Entry | None:
        number = deliverable.contract
        if number not in self._printed:
            self._printed[number] = self._last(number, PRINTED)
        return self._printed[number].get(deliverable.key)

    def _last(self, number: str, event: str) -> dict[str, Entry]:
        """Return the last entry of an event for each deliverable of a contract."""
        entries, _ = read_register(self._folders.register(number))
        return {entry.deliverable: entry for entry in entries if entry.event == event}

    def _entry(
        self, made: Entry, printout: Printout, printed: Printed, moment: datetime, command: str
    ) -> Entry:
        """Return which PDF belongs to which version of the document."""
        folder = self._folders.contract(printout.deliverable.contract)
        facts = {
            PDF: printout.pdf.relative_to(folder).as_posix(),
            PDF_SHA256: sha256_of(printed.content),
            PAGES: str(printed.pages),
        }
        return replace(
            made,
            event=PRINTED,
            file=printout.document.relative_to(folder).as_posix(),
            sha256=printout.sha256,
            content=printout.content,
            made_at=moment,
            command=command,
            replaced=printout.replaced,
            details={**made.details, **facts},
        )


def press_of(folders: Folders, *, pdf: bool, pages: bool) -> Press:
    """Return what counts and prints, as far as LibreOffice is there and needed."""
    program = soffice() if pdf or pages else None
    return Press(folders, PdfPool(program) if program else None, pdf=pdf)


def _lent(document: Rendered, file: Path) -> Rendered | None:
    """Return the document with the page numbers of a file that differs from it in them alone."""
    from lxml import etree  # noqa: PLC0415  # slow to import

    from deliverables.docx.package import Package  # noqa: PLC0415
    from deliverables.docx.page_numbers import page_numbers, paged  # noqa: PLC0415

    try:
        there = file.read_bytes()
        counted = paged(document, page_numbers(Package.of(there)))
    except (OSError, BadZipFile, etree.XMLSyntaxError, KeyError, StopIteration):
        return None
    return counted if counted == there else None


def without_libreoffice() -> Problem:
    """Return that PDFs were asked for where there is no LibreOffice to make them."""
    return warning(
        "pdf-no-libreoffice",
        Line("--pdf"),
        say("no PDF was made: LibreOffice is not installed"),
        say(
            "install LibreOffice (Debian, Ubuntu: apt install libreoffice-writer-nogui), or name "
            "its program in DELIVERABLES_SOFFICE, and run the same command again"
        ),
    )


def _failed(file: Path, why: Message) -> Problem:
    return warning(
        "pdf-failed",
        Line(file.name),
        say("no PDF was made: {why}", why=why),
        say(
            "open the document in Word or WPS to see whether it is whole, and save it as PDF there"
        ),
    )


def _other_fonts(replaced: dict[str, str]) -> Problem:
    pairs = listed(f"{named} → {used}" if named else used for named, used in replaced.items())
    return warning(
        "pdf-fonts",
        Line("PDF"),
        say("fonts that are not installed were shown with others: {fonts}", fonts=pairs),
        say(
            "lines and pages may end elsewhere than in Word; print the sealed copy from Word or "
            "WPS, or install the fonts (free ones on Linux: scripts/install-preview-fonts.sh)"
        ),
    )
