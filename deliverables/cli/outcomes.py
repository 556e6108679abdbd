"""What is told of documents being made: results, page numbers and PDFs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar

import click

from deliverables.cli.answer import Workplace, by_severity, errors_of, problem_facts
from deliverables.files.result import RESULTS
from deliverables.values.problem import Message, Problem, clauses, listed, say, tallied

if TYPE_CHECKING:
    from deliverables import Examined, Laid, Pile, PressReport, Printout

R = TypeVar("R", bound=str)

_PRINTS = {result: say("PDF {result}", result=label) for result, label in RESULTS.items()}


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


def tell_printout(printout: Printout, workplace: Workplace, *, quietly: bool) -> None:
    """Tell of a PDF as it is made; `quietly` only why there is none."""
    if printout.problem:
        workplace.note(printout.problem)
    elif not quietly:
        label = workplace.spoken(_PRINTS[printout.result])
        click.echo(f"{label}  {printout.pdf.as_posix()}")


def of_pages(pressed: PressReport, *, wanted: bool) -> Iterator[Message]:
    """Yield whether contents have page numbers, or why Word is to be asked for them."""
    if pressed.counted:
        yield say("contents of {count} documents: pages counted by LibreOffice",
                  count=pressed.counted)  # fmt: skip
    if pressed.uncounted and wanted:
        yield say(
            "contents of {count} documents: pages not counted; before printing press Ctrl+A, F9 "
            "in Word ({why})",
            count=pressed.uncounted,
            why=pressed.fault or say("LibreOffice is not installed"),
        )
    elif pressed.uncounted:
        yield say("contents: pages not counted; before printing press Ctrl+A, F9 in Word "
                  "(--no-pages)")  # fmt: skip


def of_pdfs(pressed: PressReport) -> Iterator[Message | Problem]:
    """Yield how many PDFs were made, and what is to know of all of them."""
    yield from counted(Counter(one.result for one in pressed.printouts), _PRINTS)
    yield from by_severity(pressed.remarks)


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


def print_facts(laid: Laid) -> dict[str, object]:
    """Return what is in the one PDF of a run, for another program."""
    if laid.whole is None:
        return {"file": None, "pages": 0, "piles": []}
    piles = [_pile_facts(pile) for pile in laid.whole.piles]
    return {"file": laid.file.as_posix(), "pages": laid.whole.pages, "piles": piles}


def _pile_facts(pile: Pile) -> dict[str, object]:
    documents = [
        {"contract": one.deliverable.contract, "kind": one.deliverable.kind,
         "part": one.deliverable.part, "pages": one.pages}
        for one in pile.documents
    ]  # fmt: skip
    return {"recipient": pile.recipient, "copies": pile.copies, "documents": documents}
