"""What build says of page numbers and PDFs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import click

from deliverables.cli.answer import Workplace, problem_facts
from deliverables.folders import Folders
from deliverables.pdf.press import Press, Print, Printout, without_libreoffice
from deliverables.plan import Request
from deliverables.values.problem import listed, say

PRINTS = {
    Print.MADE: say("PDF made"),
    Print.UNCHANGED: say("PDF unchanged"),
    Print.FAILED: say("PDF failed"),
}


def open_press(folders: Folders, *, pdf: bool, pages: bool) -> Press:
    """Return what counts and prints, as far as LibreOffice is there and needed."""
    if not (pdf or pages):
        return Press(folders, None)
    from deliverables.pdf.office import PdfPool, soffice

    program = soffice()
    return Press(folders, PdfPool(program) if program else None, pdf=pdf)


def show_printouts(
    press: Press, request: Request, workplace: Workplace, form: str
) -> dict[Path, Printout]:
    """Print a line for each PDF as it is made; return them by their documents."""
    found = {}
    for printout in press.printouts(request.moment, request.command):
        found[printout.document] = printout
        if form == "text" and printout.problem is None:
            click.echo(f"{workplace.spoken(PRINTS[printout.result])}  {printout.pdf.as_posix()}")
        if printout.problem:
            workplace.show_problems([printout.problem])
    return found


def tell_of_pages(press: Press, workplace: Workplace, *, pages: bool) -> None:
    """Say whether contents have page numbers, or Word is to count them and why."""
    if press.counted:
        workplace.note(
            say("contents of {count} documents: pages counted by LibreOffice", count=press.counted)
        )
    if press.marked:
        why = press.fault or say("LibreOffice is not installed")
        workplace.note(
            say(
                "contents of {count} documents: marked, so that Word counts the pages when it "
                "opens them ({why})",
                count=press.marked,
                why=why,
            )
        )
    if not pages:
        workplace.note(say("contents: marked, so that Word counts the pages (--no-pages)"))


def tell_of_pdfs(press: Press, printed: Mapping[Path, Printout], workplace: Workplace) -> None:
    """Say how many PDFs were made, and what is to know of all of them."""
    if press.pool is None:
        workplace.show_problems([without_libreoffice()])
        return
    counts = Counter(printout.result for printout in printed.values())
    told = [
        say("{result} {count}", result=label, count=counts[result])
        for result, label in PRINTS.items()
        if counts[result]
    ]
    if told:
        workplace.note(say("{counts}", counts=listed(told)))
    workplace.show_problems(press.remarks())


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
