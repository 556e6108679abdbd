"""From the draft that a person has read to the final document, or every reason against it.

The saved .docx itself becomes final. It is not rendered anew, so prose mended in Word is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from pathlib import Path

from deliverables import __version__
from deliverables.approvals import Approval, approved, chosen, entries_for
from deliverables.bases import Bases, NoBaseError, Record
from deliverables.docx.page_numbers import has_contents, with_page_numbers
from deliverables.docx.properties import write_properties
from deliverables.docx.stamp import set_day, set_number, take_off
from deliverables.files import (
    content_sha256_of,
    make_read_only,
    set_aside,
    sha256_of,
    write_atomically,
)
from deliverables.folders import Folders
from deliverables.kind import Deliverable, kinds
from deliverables.lazily import dataclass
from deliverables.life import (
    FORM,
    FORM_SHA256,
    NUMBER,
    OPTIONS,
    PAGES,
    PDF,
    PDF_SHA256,
    STATED,
    Stage,
)
from deliverables.message import say
from deliverables.model.values import show_day
from deliverables.objections import (
    Case,
    Wish,
    blocking,
    broken_data,
    no_such_passage,
    objections,
    objections_to_text,
    same_draft,
    unapproved,
    unfit,
    unfit_wish,
    unfounded,
    unnumbered,
    unprinted,
)
from deliverables.orders import Examined
from deliverables.pdf.office import OfficeAbsentError, OfficeError, soffice
from deliverables.pdf.pool import PdfPool
from deliverables.pdf.printer import Printer
from deliverables.planning import Planned
from deliverables.problem import Problem
from deliverables.recipe import recipe_of
from deliverables.recomposing import NoLongerDueError, Recomposed, recompose
from deliverables.register import EDITED, Entry, Writer, append, read_register
from deliverables.render.package import Package
from deliverables.sealing_form import Subject, sealing_form
from deliverables.substance import substance_of
from deliverables.verify import prove
from deliverables.verify.account import Difference, account, as_settled
from deliverables.verify.base import Base, NewerFormatError, base_of, digest_of
from deliverables.verify.document import UnreadableDocumentError, read_document
from deliverables.verify.finding import Finding

__all__ = ["Finalised", "Wish", "finalise"]


@dataclass(frozen=True, slots=True)
class Pressed:
    """A document with the pages of its contents counted, its PDF, and how many pages that has."""

    document: bytes
    pdf: bytes = b""
    pages: int | None = None


Press = Callable[[bytes], Pressed]
"""Counts and prints a .docx; raises OfficeError if it cannot."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finalised:
    """What came of it: the entry and the files, or the `problems` that forbid it.

    `findings` are what the proof of the text found, those that forbid it or mere remarks; `edits`
    are the passages that people changed, and `approvals` those that hold, by passage.
    """

    deliverable: Deliverable
    problems: tuple[Problem, ...] = ()
    findings: tuple[Finding, ...] = ()
    edits: tuple[Difference, ...] = ()
    approvals: Mapping[str, Approval] = field(default_factory=dict)
    entry: Entry | None = None
    file: Path | None = None
    pdf: Path | None = None
    form: Path | None = None


@dataclass(frozen=True, slots=True)
class _Text:
    """The document without marks, its base, what the data say for its day, what is against it."""

    document: bytes = b""
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    base: Base | None = None
    again: Recomposed | None = None


def finalise(
    planned: Planned,
    examined: Examined,
    folders: Folders,
    wish: Wish,
    press: Press | None = None,
    *,
    file: Path | None = None,
) -> Finalised:
    """Make the newest draft of a deliverable final, unless anything speaks against it.

    `file` is where that draft lies by now, if not where it was made. Edits that are approved are
    recorded in any case. All that speaks against it is returned at once, and no file is written
    then. Raises FileInUseError if an earlier final document is open and cannot be put aside.
    """
    one, book, made = planned.deliverable, examined.book, planned.made
    if book is None or made is None:
        return Finalised(deliverable=one, problems=tuple(broken_data(examined, folders)))
    case = Case(
        planned=planned,
        made=made,
        examined=examined,
        book=book,
        folders=folders,
        wish=wish,
        draft=file or folders.contract(book.number) / made.file,
    )
    edits = _edits(case)
    text = _text(case)
    problems = (*objections(case), *edits.problems, *text.problems)
    pressed = Pressed(text.document)
    if wish.pdf and not (problems and soffice()):
        try:
            pressed = (press or press_once)(text.document)
        except OfficeError as fault:
            problems = (*problems, unprinted(case, fault.message))
    if pressed.document != text.document:
        text = _proved(case, pressed.document)
        problems = (*problems, *text.problems)
    if problems or text.base is None or text.again is None:
        findings = blocking(text.findings)
        return Finalised(deliverable=one, problems=problems, findings=findings, edits=edits.found,
                         approvals=edits.approvals)  # fmt: skip
    return _put(case, pressed, text, edits, base=text.base, again=text.again)


def press_once(document: bytes) -> Pressed:
    """Count the pages of the contents and print, by a LibreOffice started for this document."""
    program = soffice()
    if program is None:
        raise OfficeAbsentError(say("LibreOffice is not installed"))
    with PdfPool(program, processes=1) as pool:
        printer, package = Printer(pool, both=True), Package.of(document)
        if has_contents(package):
            counted = with_page_numbers(package, printer.count(package))
            document = counted.to_bytes() if counted else document
        printed = printer.print(document)
        return Pressed(document, printed.content, printed.pages)


@dataclass(frozen=True, slots=True)
class _Edits:
    """The passages of the draft that people changed, those approved, and what is wrong with it."""

    found: tuple[Difference, ...] = ()
    approvals: Mapping[str, Approval] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def _edits(case: Case) -> _Edits:
    """Return what people changed in the draft, once what is approved now has been recorded."""
    wish, made, register = case.wish, case.made, case.folders.register(case.book.number)
    try:
        record = Bases(case.folders.bases(case.book.number)).get(made.base)
        base = Base.of_records(record.shared, record.own)
        edits = [one for one in account(base, read_document(case.draft)) if one.is_edit]
    except UnreadableDocumentError:
        return _Edits()  # the proof says so
    except (NoBaseError, NewerFormatError, ValueError):
        return _Edits(problems=(unfounded(case),))
    problems: list[Problem] = []
    before = approved(edits, made, read_register(register)[0])
    meant = chosen(wish.approve, edits)
    if isinstance(meant, str):
        problems.append(no_such_passage(case, meant))
    elif not any(unfit_wish(case)):
        new = [one for one in meant if one.passage not in before]
        given = entries_for(new, made, by=wish.by, role=wish.role, moment=wish.moment)
        Writer(register).append(*given)
    approvals = approved(edits, made, read_register(register)[0])
    waiting = [one for one in edits if one.passage not in approvals]
    if waiting:
        problems.append(unapproved(case, len(waiting)))
    return _Edits(tuple(edits), approvals, tuple(problems))


def _text(case: Case) -> _Text:
    """Take the marks off the saved draft, fix number and day, and prove what is left."""
    try:
        read_document(case.draft)
        package = Package.read(case.draft)
        take_off(package, recompose(case.made, case.book, case.folders).stamp)
        set_day(package, show_day(case.made.as_of), show_day(case.day))
        if not _numbered(package, case):
            return _Text(problems=(unnumbered(case),))
        write_properties(package, _again(case).properties)
        return _proved(case, package.to_bytes())
    except NoLongerDueError as fault:
        return _Text(problems=(unfit(case, fault.message),))
    except UnreadableDocumentError as fault:
        return _Text(problems=(unfit(case, fault.reason),))
    except StopIteration:
        strict = say("it was saved as Strict Open XML: save it as an ordinary .docx")
        return _Text(problems=(unfit(case, strict),))


def _again(case: Case) -> Recomposed:
    """Return the document as the data make it for its day, without the marks of a draft."""
    as_final = replace(case.made, as_of=case.day, draft=False, details=_stated(case))
    return recompose(as_final, case.book, case.folders)


def _stated(case: Case) -> Mapping[str, str]:
    """Return the details of the draft, and the day that it states if it is to bear another."""
    made, later = case.made, case.day != case.made.as_of
    return {**made.details, **({STATED: made.as_of.isoformat()} if later else {})}


def _proved(case: Case, document: bytes) -> _Text:
    """Hold a document without marks against the data of its day."""
    again = _again(case)
    rendered = again.rendered()
    base = base_of(
        rendered,
        rendered.trace,
        again.context,
        template=again.template,
        template_sha256=case.folders.template_sha256(case.made.kind),
        stage=Stage.FINAL.value,
        options=again.deliverable.options,
    )
    numbered = Package.of(rendered)
    if case.wish.number and _numbered(numbered, case):
        base = as_settled(base, read_document(numbered.to_bytes()), Stage.FINAL.value)
    findings = prove(document, base, again.context)
    problems = tuple(objections_to_text(case, document, findings))
    settled = as_settled(base, read_document(document), Stage.FINAL.value)
    return _Text(document, findings, problems, settled, again)


def _numbered(package: Package, case: Case) -> bool:
    """Print the number where the kind prints one; False if its place is gone."""
    how = kinds()[case.made.kind].sealing
    if not how.numbered or not case.wish.number:
        return True
    return set_number(package, case.wish.number, how.recipient(case.book))


def _put(
    case: Case, pressed: Pressed, text: _Text, edits: _Edits, *, base: Base, again: Recomposed
) -> Finalised:
    """Write the files, read-only but for the form, and record them."""
    one, made, wish = case.planned.deliverable, case.made, case.wish
    subject = Subject(
        number=wish.number,
        copies=wish.copies or kinds()[made.kind].sealing.copies,
        pages=pressed.pages,
        sha256=sha256_of(pressed.document),
        pdf_sha256=sha256_of(pressed.pdf) if pressed.pdf else "",
        day=case.day,
    )
    form = bytes(sealing_form(one, case.book, case.folders, subject))
    file = case.folders.final(one)
    pdf, asked = file.with_suffix(".pdf"), file.with_name(f"{file.stem}_用印申请单.docx")
    aside = [set_aside(path) for path in (file, pdf, asked) if path.exists()]
    write_atomically(file, pressed.document, private=one.private)
    make_read_only(file)
    if pressed.pdf:
        write_atomically(pdf, pressed.pdf, private=one.private)
        make_read_only(pdf)
    write_atomically(asked, form)

    def name(path: Path) -> str:
        return path.relative_to(case.folders.contract(case.book.number)).as_posix()

    details = {
        NUMBER: wish.number,
        PAGES: str(pressed.pages or ""),
        PDF: name(pdf) if pressed.pdf else "",
        PDF_SHA256: subject.pdf_sha256,
        FORM: name(asked),
        FORM_SHA256: sha256_of(form),
        EDITED: "" if same_draft(case) else "yes",
        OPTIONS: made.details.get(OPTIONS, ""),
        STATED: _stated(case).get(STATED, ""),
    }
    record = Record(*base.records())
    Bases(case.folders.bases(case.book.number)).put([record])
    entry = replace(
        made,
        event=Stage.FINAL.value,
        file=name(file),
        sha256=subject.sha256,
        content=content_sha256_of(pressed.document),
        as_of=case.day,
        made_at=wish.moment,
        version=__version__,
        command=f"deliverables final {made.deliverable} --date {case.day}",
        base=record.digest,
        says=digest_of(again.context),
        substance=substance_of(again.context, again.deliverable, case.day),
        recipe=recipe_of(one.key, again.deliverable.options, case.book, case.folders, case.day),
        draft=False,
        findings=len(text.findings),
        replaced=", ".join(aside),
        details={key: value for key, value in details.items() if value},
    )
    return Finalised(
        deliverable=one,
        findings=text.findings,
        edits=edits.found,
        approvals=edits.approvals,
        entry=append(case.folders.register(case.book.number), entry),
        file=file,
        pdf=pdf if pressed.pdf else None,
        form=asked,
    )
