"""What speaks against making a draft final; every reason is found, so that all show at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from deliverables.docx.stamp import marks_left
from deliverables.files import content_sha256_of
from deliverables.folders import Folders
from deliverables.kind import kinds
from deliverables.lazily import dataclass
from deliverables.message import Message, listed, say
from deliverables.model.book import ContractBook
from deliverables.orders import Examined
from deliverables.planning import Planned, state_today
from deliverables.problem import Problem, Severity, error
from deliverables.recomposing import NoLongerDueError, recompose
from deliverables.register import Entry, read_register
from deliverables.render.package import Package, parse
from deliverables.render.place import W
from deliverables.source import Line
from deliverables.substance import substance_of
from deliverables.verification import NO_BASE
from deliverables.verify.finding import Finding

_TRACKED = "tracked-changes"
_LONGEST_NUMBER = 40
_IDENTITY_LIKE = re.compile(r"[0-9]{14,17}[0-9Xx]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """How a document is made final; `day` None keeps the day that the draft was made for.

    `approve` names the edited passages that `by` approves in a `role`; `all` means each of them.
    """

    moment: datetime
    day: date | None = None
    number: str = ""
    copies: int | None = None
    pdf: bool = True
    replace: bool = False
    approve: tuple[str, ...] = ()
    by: str = ""
    role: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
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


def broken_data(examined: Examined, folders: Folders) -> Iterator[Problem]:
    """Yield the errors of the data and of the register, as they were found."""
    _, register = read_register(folders.register(examined.contract))
    for problem in (*examined.problems, *register):
        if problem.severity is Severity.ERROR:
            yield problem


def objections(case: Case) -> Iterator[Problem]:
    """Yield what speaks against the draft before its text is looked at."""
    yield from broken_data(case.examined, case.folders)
    yield from _unfit_draft(case)
    yield from unfit_wish(case)


def _unfit_draft(case: Case) -> Iterator[Problem]:
    made, key = case.made, case.made.deliverable
    then = next(
        (one for one in kinds()[made.kind].plan(case.book, made.as_of) if one.key == key), None
    )
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
    state = state_today(made, case.planned.deliverable, case.book, case.folders)
    if state and state.changed and not _says_the_same(case, made.as_of):
        yield error(
            "final-stale",
            case.place,
            say("changed since it was made: {inputs}", inputs=listed(state.changed)),
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


def unfit_wish(case: Case) -> Iterator[Problem]:
    """Yield what is wrong with the day, the number and the names that somebody wishes."""
    wish, made = case.wish, case.made
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
    if _IDENTITY_LIKE.search(wish.number):
        yield error(
            "final-number",
            case.place,
            say("--number looks like an identity number, which may stand in no register"),
            say("give the number of the document (文号)"),
        )
    elif len(wish.number) > _LONGEST_NUMBER or not wish.number.isprintable():
        yield error(
            "final-number",
            case.place,
            say("--number is no line of at most {most} characters", most=_LONGEST_NUMBER),
            say("give the number of the document (文号)"),
        )

    for option, words in (("--by", wish.by), ("--role", wish.role)):
        wanted = bool(wish.approve) and not words.strip()
        too_long = len(words) > _LONGEST_NUMBER or not words.isprintable()
        if wanted or too_long or _IDENTITY_LIKE.search(words):
            yield error(
                "final-approval",
                case.place,
                say("{option} is no name of at most {most} characters", option=option,
                    most=_LONGEST_NUMBER),
                say("say who approves the passages, and in which role: --by NAME --role ROLE"),
            )  # fmt: skip


def _says_the_same(case: Case, day: date) -> bool:
    """Return whether the draft states what the data of today state for a day, in its template."""
    made = case.made
    if made.template_sha256 != case.folders.template_sha256(made.kind):
        return False
    try:
        again = recompose(replace(made, as_of=day), case.book, case.folders)
    except NoLongerDueError:
        return False
    return substance_of(again.context, again.deliverable, day) == made.substance


def objections_to_text(
    case: Case, document: bytes, findings: Iterable[Finding]
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


def unfit(case: Case, why: Message) -> Problem:
    """Return that no final document can be made of the draft."""
    return error(
        "final-impossible",
        case.place,
        say("{why}", why=why),
        say("deliverables plan shows what is called for; open the file in Word to see it whole"),
    )


def unfounded(case: Case) -> Problem:
    """Return that nobody can tell what people changed in the draft."""
    return error(
        "final-base",
        case.place,
        NO_BASE,
        say("restore bases.jsonl from a copy, or build it anew with --replace"),
    )


def unapproved(case: Case, count: int) -> Problem:
    """Return that passages were edited which nobody has approved."""
    return error(
        "final-edits",
        case.place,
        say("{count} passages were edited and are not approved", count=count),
        say("read them, then approve them one by one or all: --approve PASSAGE or --approve all, "
            "--by NAME --role ROLE"),
    )  # fmt: skip


def no_such_passage(case: Case, wish: str) -> Problem:
    """Return that no edited passage, or more than one, is meant."""
    return error(
        "final-approval",
        case.place,
        say("--approve {passage}: no edited passage begins so, or several do", passage=wish),
        say("deliverables verify FILE lists them; --approve all approves each"),
    )


def unnumbered(case: Case) -> Problem:
    """Return that the letter has no line to put the number above."""
    return error(
        "final-number",
        case.place,
        say("there is no line 主送 to put the number above"),
        say("write the recipient on a line of its own again, ending with a colon"),
    )


def unprinted(case: Case, why: Message) -> Problem:
    """Return that there is no PDF, and so nobody knows how many pages are sealed."""
    return error(
        "final-pages",
        case.place,
        say("its pages cannot be counted without a PDF: {why}", why=why),
        say("install LibreOffice, or --no-pdf: the form then leaves the pages to be written in"),
    )


def same_draft(case: Case) -> bool:
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
