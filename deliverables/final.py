"""From the draft that a person has read to the final document, or every reason against it.

The saved .docx itself becomes final. It is not rendered anew, so prose mended in Word is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from deliverables.bases import BaseRecord, Bases, NoBaseError
from deliverables.docx.package import Package, W, parse
from deliverables.docx.page_numbers import has_contents, with_page_numbers
from deliverables.docx.stamp import marks_left, set_day, set_number, take_off, write_properties
from deliverables.draft import Composed, NoLongerDueError, recompose, substance_of
from deliverables.edits import Approval, approved, chosen, entries_for
from deliverables.examination import Examined
from deliverables.files.digest import content_sha256_of, sha256_of
from deliverables.files.placement import Transaction
from deliverables.folders import Folders
from deliverables.kinds import Deliverable, Kind
from deliverables.letters import every_kind
from deliverables.model.book import ContractBook
from deliverables.pdf.office import OfficeAbsentError, OfficeError, PdfPool, soffice
from deliverables.pdf.press import Printer
from deliverables.plan import Planned, draft_today, recipe_of
from deliverables.recognition import NO_BASE
from deliverables.register import (
    COPIES,
    EDITED,
    FORM,
    FORM_SHA256,
    IDENTITY_LIKE,
    NUMBER,
    OPTIONS,
    PAGES,
    PDF,
    PDF_SHA256,
    REPLACES,
    REPLACES_DATED,
    REPLACES_NUMBER,
    STATED,
    Entry,
    Writer,
    is_line,
    lives,
    read_register,
    still_to_come,
)
from deliverables.seal import Subject, sealing_form
from deliverables.status import Stage
from deliverables.values.calendar import show_day
from deliverables.values.figure import Line
from deliverables.values.problem import Message, Problem, Severity, error, listed, say
from deliverables.verify import prove
from deliverables.verify.alignment import as_settled
from deliverables.verify.base import Base, NewerFormatError, digest_of
from deliverables.verify.document import read_document
from deliverables.verify.finding import Finding
from deliverables.verify.judgement import Difference, account
from deliverables.verify.package import UnreadableDocumentError
from deliverables.version import __version__

__all__ = ["Finalised", "Wish", "finalise"]


_TRACKED = "tracked-changes"
_LONGEST_NUMBER = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """How a document is made final; `day` None keeps the day that the draft was made for.

    `approve` names the edited passages that `by` approves in a `role`; `all` means each of them.
    """

    moment: datetime
    today: date
    day: date | None = None
    number: str = ""
    copies: int | None = None
    pdf: bool = True
    replace: bool = False
    approve: tuple[str, ...] = ()
    by: str = ""
    role: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class FinalCase:
    """One draft that somebody wishes final, with all there is to judge it by.

    `draft` is the file, which may lie elsewhere than where it was made.
    """

    planned: Planned
    made: Entry
    examined: Examined
    book: ContractBook
    folders: Folders
    wish: Wish
    draft: Path

    @property
    def day(self) -> date:
        """The day that the final document bears and that it is proved for."""
        return max(self.wish.day or self.made.as_of, self.made.as_of)

    @property
    def place(self) -> Line:
        """The draft as the place of a problem."""
        return Line(self.draft.as_posix())


def broken_data(examined: Examined) -> Iterator[Problem]:
    """Yield the errors of the data and of the register, as they were found."""
    for problem in examined.problems:
        if problem.severity is Severity.ERROR:
            yield problem


def objections(case: FinalCase) -> Iterator[Problem]:
    """Yield what speaks against the draft before its text is looked at."""
    yield from broken_data(case.examined)
    yield from _unfit_draft(case)
    yield from unfit_wish(case)


def _kind(case: FinalCase) -> Kind:
    return every_kind(case.folders, case.book.number)[case.made.kind]


def _unfit_draft(case: FinalCase) -> Iterator[Problem]:
    made, key = case.made, case.made.deliverable
    then = next((one for one in _kind(case).plan(case.book, made.as_of) if one.key == key), None)
    if made.sample or (then and then.sample):
        yield error(
            "final-sample",
            case.place,
            say("it was made from sample data, which can never become final"),
            say("replace the sample workbooks by real ones and build it anew"),
        )
    for blocker in then.blockers if then else ():
        yield error(
            "final-condition",
            case.place,
            say("made for {day}, when: {reason}", day=made.as_of, reason=blocker.reason),
            say("build it for a day on which the condition is met"),
        )
    status = draft_today(made, case.book, case.folders)
    if status and status.changed and not _says_the_same(case, made.as_of):
        yield error(
            "final-stale",
            case.place,
            say("changed since it was made: {inputs}", inputs=listed(status.changed)),
            say("build it anew (--keep-edits if it was edited), read it again, then make it final"),
        )
    elif case.day != made.as_of and not _says_the_same(case, case.day):
        yield error(
            "final-date",
            case.place,
            say("on {day} it would state something else than on {made}", day=case.day,
                made=made.as_of),
            say("build it with --as-of {day} (--keep-edits if it was edited)", day=case.day),
        )  # fmt: skip
    final = case.planned.life.final
    if final and not case.wish.replace:
        yield error(
            "final-already",
            Line((case.folders.contract(case.book.number) / final.file).as_posix()),
            say(
                "it is final, dated {day} (entry {number})", day=final.as_of, number=final.sequence
            ),
            say("--replace makes the draft of today final and keeps the earlier one beside it"),
        )


def unfit_wish(case: FinalCase) -> Iterator[Problem]:
    """Yield what is wrong with the day, the number and the names that somebody wishes."""
    wish, made = case.wish, case.made
    early = still_to_come(case.day, wish.today)
    if early:
        yield error(
            "final-date", case.place, early, say("make it final on the day it bears, or later")
        )
    if wish.day and wish.day < made.as_of:
        yield error(
            "final-date",
            case.place,
            say(
                "--date {day} is {days} days before {made}, the day whose data it states",
                day=wish.day,
                days=(made.as_of - wish.day).days,
                made=made.as_of,
            ),
            say("date it {made} or later, or build it with --as-of {day}", made=made.as_of,
                day=wish.day),
        )  # fmt: skip
    if IDENTITY_LIKE.search(wish.number):
        yield error(
            "final-number",
            case.place,
            say("--number looks like an identity number, which may stand in no register"),
            say("give the number of the document (文号)"),
        )
    elif not is_line(wish.number, _LONGEST_NUMBER):
        yield error(
            "final-number",
            case.place,
            say("--number is no line of at most {most} characters", most=_LONGEST_NUMBER),
            say("give the number of the document (文号)"),
        )
    elif holder := _bearer(case):
        yield error(
            "final-number",
            case.place,
            say("{number} was given to {key} already", number=wish.number, key=holder),
            say("give the next number; a number is never used again, also of a paper that was "
                "withdrawn"),
        )  # fmt: skip
    for option, words in (("--by", wish.by), ("--role", wish.role)):
        wanted = bool(wish.approve) and not words.strip()
        if wanted or not is_line(words, _LONGEST_NUMBER):
            yield error(
                "final-approval",
                case.place,
                say("{option} is no name of at most {most} characters", option=option,
                    most=_LONGEST_NUMBER),
                say("say who approves the passages, and in which role: --by NAME --role ROLE"),
            )  # fmt: skip


def _bearer(case: FinalCase) -> str:
    """Return which other paper bears the number that is wished for, or bore it; empty for none."""
    number = case.wish.number.replace(" ", "")
    entries, _ = read_register(case.folders.register(case.book.number))
    for life in lives(entries).values() if number else ():
        mine = life.key == case.made.deliverable
        papers = life.earlier if mine else (*life.earlier, life)
        given = [one.final.details.get(NUMBER, "") for one in papers if one.final]
        if number in [one.replace(" ", "") for one in given]:
            return life.key
    return ""


def _says_the_same(case: FinalCase, day: date) -> bool:
    """Return whether the draft states what the data of today state for a day, in its template."""
    made = case.made
    if made.template_sha256 != case.folders.template_sha256(made.kind, case.book.number):
        return False
    try:
        again = recompose(replace(made, as_of=day), case.book, case.folders)
    except NoLongerDueError:
        return False
    return substance_of(again.context, again.deliverable, day) == made.substance


def objections_to_text(
    case: FinalCase, document: bytes, findings: Iterable[Finding]
) -> Iterator[Problem]:
    """Yield what speaks against the text; `document` has no marks of a draft any more."""
    found = list(findings)
    package = Package.of(document)
    by_severity = {
        severity: [finding for finding in found if finding.severity is severity]
        for severity in Severity
    }
    if refuted := by_severity[Severity.ERROR]:
        yield error(
            "final-unproved",
            case.place,
            say("its proof finds {count} errors", count=len(refuted)),
            say("mend the data and build it anew, or take back what was changed in Word"),
        )
    if gaps := by_severity[Severity.GAP]:
        yield error(
            "final-gap",
            case.place,
            say("{count} facts are still to be supplied (【待补】)", count=len(gaps)),
            say("supply them in the data and build it anew"),
        )
    if any(finding.code == _TRACKED for finding in found):
        yield error(
            "final-tracked",
            case.place,
            say("it has tracked changes"),
            say("accept or reject them in Word, and save"),
        )
    if comments := _comments(package):
        yield error(
            "final-comments",
            case.place,
            say("it has {count} comments", count=comments),
            say("answer and delete them in Word, and save"),
        )
    for mark in marks_left(package):
        yield error(
            "final-mark",
            case.place,
            say("a mark of a draft is left that was not made so: “{mark}”", mark=mark),
            say("take it out of the header or footer in Word, and save"),
        )


def blocking(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that forbid a final document."""
    grave = {Severity.ERROR, Severity.GAP}
    return tuple(item for item in findings if item.severity in grave or item.code == _TRACKED)


def unfit(case: FinalCase, why: Message) -> Problem:
    """Return that no final document can be made of the draft."""
    return error(
        "final-impossible",
        case.place,
        say("{why}", why=why),
        say("deliverables plan shows what is called for; open the file in Word to see it whole"),
    )


def unfounded(case: FinalCase) -> Problem:
    """Return that nobody can tell what people changed in the draft."""
    return error(
        "final-base",
        case.place,
        NO_BASE,
        say("restore bases.jsonl from a copy, or build it anew with --replace"),
    )


def unapproved(case: FinalCase, count: int) -> Problem:
    """Return that passages were edited which nobody has approved."""
    return error(
        "final-edits",
        case.place,
        say("{count} passages were edited and are not approved", count=count),
        say("read them, then approve them one by one or all: --approve PASSAGE or --approve all, "
            "--by NAME --role ROLE"),
    )  # fmt: skip


def no_such_passage(case: FinalCase, wish: str) -> Problem:
    """Return that no edited passage, or more than one, is meant."""
    return error(
        "final-approval",
        case.place,
        say("--approve {passage}: no edited passage begins so, or several do", passage=wish),
        say("deliverables verify FILE lists them; --approve all approves each"),
    )


def unnumbered(case: FinalCase) -> Problem:
    """Return that the letter has no line to put the number above."""
    return error(
        "final-number",
        case.place,
        say("there is no line 主送 to put the number above"),
        say("write the recipient on a line of its own again, ending with a colon"),
    )


def unprinted(case: FinalCase, why: Message) -> Problem:
    """Return that there is no PDF, and so nobody knows how many pages are sealed."""
    return error(
        "final-pages",
        case.place,
        say("its pages cannot be counted without a PDF: {why}", why=why),
        say("install LibreOffice, or --no-pdf: the form then leaves the pages to be written in"),
    )


def same_draft(case: FinalCase) -> bool:
    """Return whether the draft is as it was made, and was not edited."""
    return content_sha256_of(case.draft) == case.made.content


def _comments(package: Package) -> int:
    parts = package.related(package.document, "comments")
    return sum(
        1
        for part in parts
        if part in package.parts
        for _ in parse(package.parts[part]).iter(f"{W}comment")
    )


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
class _FinalText:
    """The document without marks, its base, what the data say for its day, what is against it."""

    document: bytes = b""
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    base: Base | None = None
    again: Composed | None = None


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
        return Finalised(deliverable=one, problems=tuple(broken_data(examined)))
    case = FinalCase(
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


def _edits(case: FinalCase) -> _Edits:
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


def _text(case: FinalCase) -> _FinalText:
    """Take the marks off the saved draft, fix number and day, and prove what is left."""
    try:
        read_document(case.draft)
        package = Package.read(case.draft)
        take_off(package, recompose(case.made, case.book, case.folders).stamp)
        set_day(
            package,
            show_day(case.made.as_of),
            show_day(case.day),
            case.book.contract.contractor.name,
        )
        if not _numbered(package, case):
            return _FinalText(problems=(unnumbered(case),))
        write_properties(package, _again(case).properties)
        return _proved(case, package.to_bytes())
    except NoLongerDueError as fault:
        return _FinalText(problems=(unfit(case, fault.message),))
    except UnreadableDocumentError as fault:
        return _FinalText(problems=(unfit(case, fault.message),))
    except StopIteration:
        strict = say("it was saved as Strict Open XML: save it as an ordinary .docx")
        return _FinalText(problems=(unfit(case, strict),))


def _again(case: FinalCase) -> Composed:
    """Return the document as the data make it for its day, without the marks of a draft."""
    details = {**_stated(case), NUMBER: case.wish.number}
    as_final = replace(case.made, as_of=case.day, draft=False, details=details)
    return recompose(as_final, case.book, case.folders)


def _stated(case: FinalCase) -> Mapping[str, str]:
    """Return the details of the draft, and the day that it states if it is to bear another."""
    made, later = case.made, case.day != case.made.as_of
    return {**made.details, **({STATED: made.as_of.isoformat()} if later else {})}


def _proved(case: FinalCase, document: bytes) -> _FinalText:
    """Hold a document without marks against the data of its day."""
    again = _again(case)
    rendered = again.rendered()
    base = again.base(rendered, Stage.FINAL.value)
    findings = prove(document, base, again.context)
    problems = tuple(objections_to_text(case, document, findings))
    settled = as_settled(base, read_document(document), Stage.FINAL.value)
    return _FinalText(document, findings, problems, settled, again)


def _numbered(package: Package, case: FinalCase) -> bool:
    """Print the number where the kind prints one; False if its place is gone."""
    how = _kind(case).sealing
    if not how.numbered or not case.wish.number:
        return True
    return set_number(package, case.wish.number, how.recipient(case.book))


def _replaced(case: FinalCase) -> Mapping[str, str]:
    """Return which paper that was withdrawn the document takes the place of, if it does."""
    past = case.planned.life.earlier
    paper = past[-1].final if past else None
    if paper is None:
        return {}
    return {
        REPLACES: paper.sha256,
        REPLACES_NUMBER: paper.details.get(NUMBER, ""),
        REPLACES_DATED: paper.as_of.isoformat(),
    }


def _put(
    case: FinalCase,
    pressed: Pressed,
    text: _FinalText,
    edits: _Edits,
    *,
    base: Base,
    again: Composed,
) -> Finalised:
    """Write the files, read-only but for the form, and record them: one change."""
    one, made, wish = case.planned.deliverable, case.made, case.wish
    subject = Subject(
        number=wish.number,
        copies=wish.copies or _kind(case).sealing.copies_of(case.book),
        pages=pressed.pages,
        sha256=sha256_of(pressed.document),
        pdf_sha256=sha256_of(pressed.pdf) if pressed.pdf else "",
        day=case.day,
        replaces=_replaced(case),
    )
    form = bytes(sealing_form(one, case.book, case.folders, subject)) if one.sealed else b""
    file = case.folders.final(one)
    pdf, asked = file.with_suffix(".pdf"), file.with_name(f"{file.stem}_用印申请单.docx")
    folder = case.folders.contract(case.book.number)

    def name(path: Path) -> str:
        return path.relative_to(folder).as_posix()

    details = {
        NUMBER: wish.number,
        PAGES: str(pressed.pages or ""),
        COPIES: str(wish.copies or ""),
        PDF: name(pdf) if pressed.pdf else "",
        PDF_SHA256: subject.pdf_sha256,
        FORM: name(asked) if form else "",
        FORM_SHA256: sha256_of(form) if form else "",
        EDITED: "" if same_draft(case) else "yes",
        OPTIONS: made.details.get(OPTIONS, ""),
        STATED: _stated(case).get(STATED, ""),
        **_replaced(case),
    }
    record = BaseRecord(*base.records())
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
        details={key: value for key, value in details.items() if value},
    )
    with Transaction(folder) as change:
        private = one.private
        aside = [change.put(file, pressed.document, private=private, read_only=True)]
        if pressed.pdf:
            aside.append(change.put(pdf, pressed.pdf, private=private, read_only=True))
        elif pdf.exists():
            aside.append(change.put_aside(pdf))
        if form:
            aside.append(change.put(asked, form))
        Bases(case.folders.bases(case.book.number)).put([record])
        entry = replace(entry, replaced=", ".join(filter(None, aside)))
        (entry,) = Writer(case.folders.register(case.book.number)).enter(change, entry)
    return Finalised(
        deliverable=one,
        findings=text.findings,
        edits=edits.found,
        approvals=edits.approvals,
        entry=entry,
        file=file,
        pdf=pdf if pressed.pdf else None,
        form=asked if form else None,
    )
