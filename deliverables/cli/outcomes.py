"""What is told of documents being made: results, page numbers and PDFs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from deliverables.cli.answer import Workplace, by_severity, errors_of, problem_facts
from deliverables.examination import Examined, examine
from deliverables.files import FileInUseError, write_atomically
from deliverables.plan import Outcome, Request
from deliverables.values.problem import Message, Problem, clauses, listed, say, tallied

if TYPE_CHECKING:
    from deliverables.folders import Folders
    from deliverables.model.book import ContractBook
    from deliverables.pdf.press import Press, Printout
    from deliverables.pdf.print_set import Pile, PrintSet

R = TypeVar("R", bound=str)

_PRINTS = {
    "made": say("PDF made"),
    "unchanged": say("PDF unchanged"),
    "failed": say("PDF failed"),
}


def result_line(result: Message, where: str, reasons: Iterable[Message], language: str) -> str:
    """Return in one line what became of a file, and why."""
    label, told = result.in_language(language), tuple(reasons)
    if not told:
        return f"{label}  {where}"
    return say("{result}  {where}  ({reasons})", result=label, where=where,
               reasons=clauses(told)).in_language(language)  # fmt: skip


def counted(counts: Mapping[R, int], labels: Mapping[R, Message]) -> Iterator[Message]:
    """Yield how many there are of each result, unless there are none at all."""
    told = tallied(counts, labels)
    if told:
        yield say("{counts}", counts=listed(told))


def stopped_at(examined: Examined) -> Iterator[Message]:
    """Yield that the program failed at a contract, if it did."""
    if examined.fault:
        yield say("{contract}: the program failed at it ({name}); of the others all is told",
                  contract=examined.contract, name=examined.fault.name)  # fmt: skip


def tell_errors(examined: Examined, workplace: Workplace) -> None:
    """Show why nothing can be made from data with errors."""
    workplace.note(*errors_of(examined.problems))
    if examined.fault:
        workplace.note(
            say("{contract}: the program failed at it ({name}); nothing was made",
                contract=examined.contract, name=examined.fault.name)
        )  # fmt: skip
    elif not examined.sound:
        workplace.note(
            say(
                "{contract}: nothing was made; mend the errors above (deliverables check)",
                contract=examined.contract,
            )
        )


def open_press(folders: Folders, *, pdf: bool, pages: bool) -> Press:
    """Return what counts and prints, as far as LibreOffice is there and needed."""
    from deliverables.pdf.press import Press

    if not (pdf or pages):
        return Press(folders, None)
    from deliverables.pdf.office import PdfPool, soffice

    program = soffice()
    return Press(folders, PdfPool(program) if program else None, pdf=pdf)


def tell_printouts(
    press: Press, request: Request, workplace: Workplace, *, quietly: bool
) -> dict[Path, Printout]:
    """Tell of each PDF as it is made; return them by their documents."""
    found = {}
    for printout in press.printouts(request.moment, request.command):
        found[printout.document] = printout
        if printout.problem:
            workplace.note(printout.problem)
        elif not quietly:
            label = workplace.spoken(_PRINTS[printout.result.value])
            click.echo(f"{label}  {printout.pdf.as_posix()}")
    return found


def of_pages(press: Press) -> Iterator[Message]:
    """Yield whether contents have page numbers, or why Word is to be asked for them."""
    if press.counted:
        yield say("contents of {count} documents: pages counted by LibreOffice",
                  count=press.counted)  # fmt: skip
    if press.uncounted:
        yield say(
            "contents of {count} documents: pages not counted; before printing press Ctrl+A, F9 "
            "in Word ({why})",
            count=press.uncounted,
            why=press.fault or say("LibreOffice is not installed"),
        )


def of_pdfs(press: Press, printed: Mapping[Path, Printout]) -> Iterator[Message | Problem]:
    """Yield how many PDFs were made, and what is to know of all of them."""
    from deliverables.pdf.press import without_libreoffice

    if press.pool is None:
        yield without_libreoffice()
        return
    yield from counted(Counter(one.result.value for one in printed.values()), _PRINTS)
    yield from by_severity(press.remarks())


def pdf_facts(printout: Printout | None, language: str) -> dict[str, object]:
    """Return what became of a PDF, for another program."""
    if printout is None:
        return {"pdf": None}
    problem = printout.problem
    return {
        "pdf": None if problem else printout.pdf.as_posix(),
        "pdf_result": printout.result.value,
        "pdf_problem": problem_facts(problem, language) if problem else None,
    }


@dataclass(frozen=True, slots=True)
class Laid:
    """The one PDF of a run's documents, to print; without a set, why there is none.

    It `failed` if there were documents to print.
    """

    file: Path
    whole: PrintSet | None
    told: Message
    failed: bool = False

    @property
    def facts(self) -> dict[str, object]:
        """What is in it, for another program."""
        if self.whole is None:
            return {"file": None, "pages": 0, "piles": []}
        piles = [_pile_facts(pile) for pile in self.whole.piles]
        return {"file": self.file.as_posix(), "pages": self.whole.pages, "piles": piles}


def _pile_facts(pile: Pile) -> dict[str, object]:
    documents = [
        {"contract": one.deliverable.contract, "kind": one.deliverable.kind,
         "part": one.deliverable.part, "pages": one.pages}
        for one in pile.documents
    ]  # fmt: skip
    return {"recipient": pile.recipient, "copies": pile.copies, "documents": documents}


def place_of_print_set(file: Path | None, workplace: Workplace) -> None:
    """Refuse a place where a PDF to print would take that of something else, before any work."""
    if file is None:
        return
    if file.suffix.lower() != ".pdf":
        raise workplace.misused(say("{file} is no name for a PDF: end it in .pdf", file=file))
    from deliverables.pdf.print_set import is_print_set

    if file.exists() and not is_print_set(file):
        raise workplace.misused(
            say("{file} is there and was not made by --print: give another name", file=file)
        )


def book_of(examined: Examined, folders: Folders) -> ContractBook | None:
    """Return the book of a contract; one that another process read is read here too."""
    if not examined.elsewhere:
        return examined.book
    return next((one.book for one in examine(folders, examined.contract)), None)


def lay_print_set(
    file: Path | None,
    done: Sequence[tuple[Examined, Sequence[Outcome]]],
    printed: Mapping[Path, Printout],
    press: Press,
    request: Request,
    workplace: Workplace,
) -> Laid | None:
    """Write the documents of a run as one PDF; None if that is not asked for."""
    if file is None:
        return None
    from deliverables.pdf.office import OfficeError
    from deliverables.pdf.print_set import print_set, printables

    folders, printer = workplace.folders, press.printer
    if printer is None:
        told = say("{file} was not written: see above", file=file)
        return Laid(file, None, told, failed=True)
    known = (
        (book, outcomes)
        for examined, outcomes in done
        if outcomes and (book := book_of(examined, folders))
    )
    try:
        documents = tuple(printables(known, printed, folders, printer))
        if not documents:
            return Laid(file, None, say("{file} was not written: no document is there", file=file))
        whole = print_set(documents, folders, printer, request.as_of)
        write_atomically(file, whole.content, private=whole.private)
    except (OfficeError, FileInUseError) as fault:
        told = say("{file} was not written: {why}", file=file, why=fault.message)
        return Laid(file, None, told, failed=True)
    told = say(
        "to print: {file}, {documents} documents in {piles} piles, {pages} pages; the page before "
        "each pile says for whom and how many copies",
        file=file, documents=whole.documents, piles=len(whole.piles), pages=whole.pages,
    )  # fmt: skip
    return Laid(file, whole, told)
