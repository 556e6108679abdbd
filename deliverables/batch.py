"""The whole job in six steps: read, check, compute, render, verify, record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from deliverables import __version__
from deliverables.checks import check
from deliverables.compute.closure import unclosed
from deliverables.compute.dues import dues
from deliverables.figure import sources_in
from deliverables.files import (
    content_sha256_of,
    refusal,
    set_aside,
    sha256_of,
    write_atomically,
)
from deliverables.folders import Folders
from deliverables.kind import Deliverable, kinds
from deliverables.message import Message, say
from deliverables.model.book import ContractBook
from deliverables.planning import Planned, Standing, plan
from deliverables.problem import Problem, Severity
from deliverables.read.book import find_contracts, read_book
from deliverables.recomposing import OPTIONS, options_of, properties_of, recompose, stamp_of
from deliverables.register import Entry, append
from deliverables.render.engine import Rendered, TemplateError, render
from deliverables.verify.proof import Finding, prove
from deliverables.workdays import load_calendar

CONTENTS: Final = "contents"
"""The detail of an entry that says so if the page numbers of its contents were counted."""


class Result(StrEnum):
    """What became of a deliverable in a run."""

    MADE = "made"
    UNCHANGED = "unchanged"
    BLOCKED = "blocked"
    NOT_YET = "not yet possible"
    KEPT = "kept"
    REFUTED = "failed verification"
    FAILED = "failed"


def unpaginated(document: Rendered, file: Path) -> Rendered:
    """Leave the contents of a document to Word, which counts the pages when it opens it."""
    return document


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """Which deliverables to make, and how: no kind or part named means all of them.

    `options` None keeps those of the draft before; `only_needed` leaves current drafts alone.
    `paginate` puts page numbers in the contents of a document that is to be saved as a file, or
    returns it as it is: then Word counts the pages when it opens the document.
    """

    as_of: date
    moment: datetime
    command: str
    kinds: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()
    options: frozenset[str] | None = None
    only_needed: bool = False
    anyway: bool = False
    replace_edited: bool = False
    paginate: Callable[[Rendered, Path], Rendered] = unpaginated

    def wants(self, deliverable: Deliverable) -> bool:
        """Return whether the deliverable is among those asked for."""
        return (not self.kinds or deliverable.kind in self.kinds) and (
            not self.parts or deliverable.part in self.parts
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Examined:
    """A contract as read and checked; without a book nothing can be made from it."""

    contract: str
    book: ContractBook | None
    problems: tuple[Problem, ...]

    @property
    def sound(self) -> bool:
        """Whether there is a book and no problem is an error."""
        return self.book is not None and all(
            problem.severity is not Severity.ERROR for problem in self.problems
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of one deliverable, the file it is in, and what stood in its way."""

    deliverable: Deliverable
    result: Result
    file: Path | None = None
    reasons: tuple[Message, ...] = ()
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()


def examine(folders: Folders, only: str | None = None) -> Iterator[Examined]:
    """Read and check every contract under the data folder, or only the one named."""
    calendar, calendar_problems = load_calendar(folders.data / "workdays")
    for folder in find_contracts(folders.data):
        if only is None or folder.name == only:
            reading = read_book(folder, calendar)
            checked = _checked(reading.book) if reading.book else ()
            problems = (*calendar_problems, *reading.problems, *checked)
            book = (
                reading.book if reading.book and _can_be_reckoned(reading.book, checked) else None
            )
            yield Examined(contract=folder.name, book=book, problems=problems)


def _can_be_reckoned(book: ContractBook, found: Iterable[Problem]) -> bool:
    """Return whether days and amounts follow from the terms; if not, the rules have said why."""
    if book.contract.payment.total <= 0 or any(one.code in _ABOUT_TERMS for one in found):
        return False
    try:
        dues(book.contract)
    except ValueError:
        return False
    return True


_ABOUT_TERMS = frozenset(
    {"signing-day", "count-range", "term-indivisible", "annual-reports", "late-rate"}
)


def _checked(book: ContractBook) -> tuple[Problem, ...]:
    """Return what every rule finds and, once nothing is wrong by itself, what does not add up."""
    found = check(book)
    if any(problem.severity is Severity.ERROR for problem in found):
        return found
    return (*found, *unclosed(book))


def build(
    examined: Examined, folders: Folders, request: Request, report: Callable[[Outcome], None]
) -> tuple[Outcome, ...]:
    """Make the deliverables asked for from one sound contract, reporting each as it is done."""
    if examined.book is None or not examined.sound:
        return ()
    outcomes = []
    for planned in plan(examined.book, folders, request.as_of):
        if request.wants(planned.deliverable):
            outcome = _attempt(planned, examined.book, folders, request)
            report(outcome)
            outcomes.append(outcome)
    return tuple(outcomes)


def _attempt(planned: Planned, book: ContractBook, folders: Folders, request: Request) -> Outcome:
    left = _left_alone(planned, folders, request)
    if left is not None:
        return left
    try:
        return _make(planned, book, folders, request)
    except TemplateError as fault:
        problems = fault.problems
        return Outcome(deliverable=planned.deliverable, result=Result.FAILED, problems=problems)
    except OSError as fault:
        reasons = (refusal(fault),)
        return Outcome(deliverable=planned.deliverable, result=Result.FAILED, reasons=reasons)


def _make(planned: Planned, book: ContractBook, folders: Folders, request: Request) -> Outcome:
    """Compute, render, verify and record one document."""
    options = options_of(planned.made) if request.options is None else request.options
    deliverable = replace(planned.deliverable, options=options)
    kind = kinds()[deliverable.kind]
    template, file = folders.template(kind.name), folders.document(deliverable)

    context = kind.compose(book, deliverable, request.as_of)
    properties = properties_of(deliverable, book, request.as_of)
    rendered = render(template, context, stamp_of(deliverable, request.as_of), properties)
    document = request.paginate(rendered, file)
    findings = prove(document, context, document.printed, rendered)
    if any(finding.severity is Severity.ERROR for finding in findings):
        return Outcome(deliverable=deliverable, result=Result.REFUTED, findings=findings)
    if planned.made and file.exists() and sha256_of(file) == sha256_of(document):
        return Outcome(
            deliverable=deliverable, result=Result.UNCHANGED, file=file, findings=findings
        )
    replaced = _set_aside(file, planned.made)
    write_atomically(file, document, private=deliverable.private)
    entry = Entry(
        deliverable=deliverable.key,
        kind=kind.name,
        part=deliverable.part,
        file=file.relative_to(folders.contract(book.number)).as_posix(),
        sha256=sha256_of(document),
        content=content_sha256_of(document),
        as_of=request.as_of,
        made_at=request.moment,
        inputs=_inputs_behind(context, book),
        template=template.name,
        template_sha256=sha256_of(template),
        version=__version__,
        command=request.command,
        sample=deliverable.sample,
        findings=len(findings),
        replaced=replaced,
        details=_details(options, counted=document is not rendered),
    )
    append(folders.register(book.number), entry)
    return Outcome(
        deliverable=deliverable,
        result=Result.MADE,
        file=file,
        reasons=tuple(_occasion(planned, entry)),
        findings=findings,
    )


def _occasion(planned: Planned, entry: Entry) -> Iterator[Message]:
    """Yield why a document was made that was there, or that conditions speak against."""
    yield from planned.reasons
    before = planned.made
    if before and before.as_of != entry.as_of:
        yield say("the earlier one was as of {day}", day=before.as_of)
    if entry.replaced:
        yield say("what was edited is kept as {name}", name=entry.replaced)


def _left_alone(planned: Planned, folders: Folders, request: Request) -> Outcome | None:
    """Return why a deliverable is not made: impossible, blocked, edited by hand, or current."""
    deliverable, standing, reasons = planned.deliverable, planned.standing, planned.reasons
    file = folders.contract(deliverable.contract) / planned.made.file if planned.made else None
    if planned.finished and not request.replace_edited:
        remedy = say("final, so kept; --replace makes a new draft and leaves the final document")
        return Outcome(
            deliverable=deliverable, result=Result.KEPT, file=file, reasons=(*reasons, remedy)
        )
    if planned.finished and deliverable.blockers:
        standing = Standing.BLOCKED
        reasons = tuple(blocker.reason for blocker in deliverable.blockers)
    if standing in (Standing.NOT_YET, Standing.BLOCKED) and not waived(deliverable, request):
        result = Result.NOT_YET if standing is Standing.NOT_YET else Result.BLOCKED
        return Outcome(deliverable=deliverable, result=result, reasons=reasons)
    if standing is Standing.EDITED and not request.replace_edited:
        remedy = say("edited by hand, so kept; --replace makes it anew and keeps both files")
        return Outcome(deliverable=deliverable, result=Result.KEPT, file=file, reasons=(remedy,))
    if standing is Standing.MADE and request.only_needed:
        return Outcome(deliverable=deliverable, result=Result.UNCHANGED, file=file)
    return None


def prove_again(
    planned: Planned, book: ContractBook, folders: Folders, file: Path
) -> tuple[Finding, ...]:
    """Prove a saved document against the data of today, as of the day it was made for."""
    if planned.made is None:
        raise ValueError(f"{file} was never made")
    again = recompose(planned.made, book, folders)
    rendered = again.rendered()
    return prove(file, again.context, rendered.printed, rendered)


def _details(options: frozenset[str], *, counted: bool) -> dict[str, str]:
    chosen = {OPTIONS: " ".join(sorted(options))} if options else {}
    return chosen | ({CONTENTS: "counted"} if counted else {})


def _inputs_behind(context: object, book: ContractBook) -> dict[str, str]:
    """Return the hashes of the files that the printed figures lead back to."""
    files = {source.file for source in sources_in(context)}
    return {
        name: digest
        for name, digest in book.inputs.items()
        if name.endswith("contract.yaml") or any(file.endswith(name) for file in files)
    }


def waived(deliverable: Deliverable, request: Request) -> bool:
    """Return whether all that blocks a deliverable is set aside by the request (--anyway)."""
    blockers = deliverable.blockers
    return request.anyway and bool(blockers) and all(blocker.waivable for blocker in blockers)


def _set_aside(file: Path, made: Entry | None) -> str:
    """Keep a file that the register does not vouch for beside the new one; return its name."""
    if not file.exists() or (made and sha256_of(file) == made.sha256):
        return ""
    return set_aside(file)
