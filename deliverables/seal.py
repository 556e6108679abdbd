"""What happens to a final document: sealed, delivered, accepted, or withdrawn, each on its day."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from io import BytesIO
from itertools import takewhile
from pathlib import Path
from typing import Final

from deliverables.docx.render import Properties, Rendered, render
from deliverables.docx.stamp import FINAL
from deliverables.files.digest import sha256_of
from deliverables.files.placement import Transaction
from deliverables.folders import Folders
from deliverables.kinds import Deliverable, Kind
from deliverables.letters import every_kind
from deliverables.model.book import ContractBook
from deliverables.plan import Planned
from deliverables.register import (
    ARTICLE,
    BY,
    CALLED,
    PAGES,
    REASON,
    REPLACES,
    REPLACES_DATED,
    REPLACES_NUMBER,
    RESULT,
    TITLE,
    Entry,
    Life,
    Writer,
    intact,
    is_line,
    lives,
    read_register,
    still_to_come,
)
from deliverables.status import FAILED, RECORDED, SPOKEN, Stage
from deliverables.values.calendar import Deadline, Provisional, Side, show_day
from deliverables.values.command_line import command_line
from deliverables.values.figure import Line
from deliverables.values.problem import Problem, Severity, error, listed, say, warning
from deliverables.version import __version__

TEMPLATE: Final = "sealing_request"
_SEALS: Final = ("公章", "合同专用章", "财务专用章", "法定代表人名章")
_CHOSEN, _OPEN = "☑", "☐"
_NONE: Final = "—"
_BLANK: Final = "＿＿＿＿"


def count_pages(pdf: bytes) -> int | None:
    """Return the number of pages; None for what is no PDF, is broken, or cannot be opened."""
    import pikepdf  # noqa: PLC0415  # slow to import

    try:
        with pikepdf.open(BytesIO(pdf)) as opened:
            return len(opened.pages) or None
    except pikepdf.PdfError:
        return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What is to be sealed, dated `day`; `pages` is None where nobody could count them.

    `replaces` names the paper that was withdrawn, whose place it takes, as its entry does.
    """

    number: str
    copies: int
    pages: int | None
    sha256: str
    pdf_sha256: str
    day: date
    replaces: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SealingRequest:
    """Everything one form prints; people, days and approvals are left to be written."""

    document: str
    document_number: str
    contract_number: str
    recipient: str
    copies: str
    seals: str
    places: str
    purpose: str
    secret: str
    personal: str
    file: str
    pages: str
    sha256: str
    pdf_sha256: str


def sealing_form(
    deliverable: Deliverable, book: ContractBook, folders: Folders, subject: Subject
) -> Rendered:
    """Return the form for one final document, to be printed and signed."""
    kind = every_kind(folders, book.number)[deliverable.kind]
    how, pages = kind.sealing, subject.pages
    request = SealingRequest(
        document=deliverable.title,
        document_number=subject.number or _NONE,
        contract_number=book.number,
        recipient=how.recipient(book),
        copies=_copies(subject),
        seals=_choices(dict.fromkeys((*_SEALS, *how.seals)), how.seals),
        places=_places(how.place, pages),
        purpose=f"依据合同{deliverable.article}出具{kind.title}，申请用印{_replacing(subject)}",
        secret=f"{_OPEN}是（密级{_BLANK}）　{_OPEN}否",
        personal=_personal(how.personal),
        file=folders.final(deliverable).name,
        pages=f"{pages}页" if pages else "页数待填",
        sha256=subject.sha256,
        pdf_sha256=subject.pdf_sha256 or _NONE,
    )
    properties = Properties(
        title=deliverable.title,
        subject=kind.title,
        contract_number=book.number,
        creator=book.contract.contractor.name,
        made_on=subject.day,
    )
    return render(folders.template(TEMPLATE), request, FINAL, properties)


def _replacing(subject: Subject) -> str:
    """Return which paper the document takes the place of: number, day and digest."""
    if not subject.replaces:
        return ""
    number = subject.replaces[REPLACES_NUMBER]
    day = show_day(date.fromisoformat(subject.replaces[REPLACES_DATED]))
    called = f"{number}，" if number else ""
    return f"；替代已撤回的原件（{called}{day}成文，SHA-256 {subject.replaces[REPLACES]}）"


def _copies(subject: Subject) -> str:
    if subject.pages is None:
        return f"{subject.copies}份 × {_BLANK}页（页数待填）"
    total = subject.copies * subject.pages
    return f"{subject.copies}份 × {subject.pages}页，共{total}页"


def _places(place: str, pages: int | None) -> str:
    across = _CHOSEN if pages and pages > 1 else _OPEN
    return f"{_CHOSEN}{place}（盖章处）　{across}骑缝"


def _personal(held: str | None) -> str:
    if held is None:
        return f"{_OPEN}是（{_BLANK}）　{_OPEN}否"
    return f"{_CHOSEN}是（{held}）　{_OPEN}否" if held else f"{_OPEN}是　{_CHOSEN}否"


def _choices(all_of_them: dict[str, None], chosen: tuple[str, ...]) -> str:
    return "　".join(f"{_CHOSEN if one in chosen else _OPEN}{one}" for one in all_of_them)


_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}")
_NAMES = {Stage.SEALED: "用印件", Stage.DELIVERED: "签收回执"}


@dataclass(frozen=True, kw_only=True, slots=True)
class SealEvent:
    """What somebody says has happened: the stage, the day, and the paper that shows it.

    `as_of` is today, the last day that can have been. `again` corrects what was recorded before.
    A paper is withdrawn for a `reason`, `by` somebody.
    """

    stage: Stage
    day: date
    as_of: date
    moment: datetime
    paper: Path | None = None
    result: str = ""
    again: bool = False
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """The entry, unless one of the `problems` is an error; `paper` is the copy that is kept.

    `before` says the very same, and was recorded by a run that may have gone no further.
    """

    problems: tuple[Problem, ...] = ()
    entry: Entry | None = None
    life: Life
    paper: Path | None = None
    before: Entry | None = None


def record(planned: Planned, folders: Folders, event: SealEvent) -> Recorded:
    """Record an event in the life of a deliverable, or return everything that speaks against it."""
    one, life = planned.deliverable, planned.life
    register = folders.register(one.contract)
    paper = event.paper.read_bytes() if event.paper else b""
    problems = tuple(_problems(one, life, event, paper, folders))
    final = life.earlier[-1].final if event.again and life.withdrawn else life.final
    errors = [item for item in problems if item.severity is Severity.ERROR]
    if final is None or errors:
        before = _said_before(life, event) if [one.code for one in errors] == [_AGAIN] else None
        return Recorded(problems=problems, life=life, before=before)
    entry = replace(
        final,
        event=event.stage.value,
        as_of=event.day,
        made_at=event.moment,
        version=__version__,
        command=f"deliverables {event.stage} {one.key} --date {event.day}",
        findings=0,
        replaced="",
        details=_details(one, event, paper),
    )
    kept = _place_of(one, event, folders) if event.paper else None
    folder = folders.contract(one.contract)
    with Transaction(folder) as change:
        if kept:
            aside = change.put(kept, paper, private=one.private, read_only=True)
            name, digest = kept.relative_to(folder).as_posix(), sha256_of(paper)
            entry = replace(entry, file=name, sha256=digest, content=digest, replaced=aside)
        (written,) = Writer(register).enter(change, entry)
    entries, _ = read_register(register)
    return Recorded(problems=problems, entry=written, life=lives(entries)[one.key], paper=kept)


_AGAIN: Final = "seal-again"


def _said_before(life: Life, event: SealEvent) -> Entry | None:
    entry = life.entry(event.stage)
    said = entry and (entry.as_of, entry.details.get(RESULT, ""))
    return entry if said == (event.day, event.result) else None


def _details(one: Deliverable, event: SealEvent, paper: bytes) -> dict[str, str]:
    if event.stage is Stage.WITHDRAWN:
        named = {TITLE: one.title, CALLED: one.called, ARTICLE: one.article}
        return {**named, REASON: event.reason, BY: event.by}
    pages = count_pages(paper) if event.stage is Stage.SEALED else None
    facts = {PAGES: str(pages or ""), RESULT: event.result}
    return {name: value for name, value in facts.items() if value}


def _place_of(one: Deliverable, event: SealEvent, folders: Folders) -> Path:
    """Return where a copy is kept beside the final document: their name may name a person."""
    final = folders.final(one)
    given = event.paper.suffix if event.paper else ""
    extension = given.lower() if _EXTENSION.fullmatch(given) else ""
    return final.with_name(f"{final.stem}_{_NAMES[event.stage]}{extension}")


def _problems(
    one: Deliverable, life: Life, event: SealEvent, paper: bytes, folders: Folders
) -> Iterator[Problem]:
    register = folders.register(one.contract)
    _, faults = read_register(register)
    yield from (fault for fault in faults if fault.severity is Severity.ERROR)
    every = every_kind(folders, one.contract)
    if event.stage is Stage.WITHDRAWN:
        yield from _not_to_be_withdrawn(life, event, register)
        yield from _bad_day(life, event, register)
        return  # that its file was changed since may be the reason
    yield from _out_of_order(one, life, event, folders, every)
    yield from _bad_day(life, event, register)
    if life.final and not intact(life.final, folders.contract(one.contract)):
        yield error(
            "seal-final-changed",
            Line((folders.contract(one.contract) / life.final.file).as_posix()),
            say("the final document is not the one that was recorded: changed, moved or deleted"),
            say("put the recorded files back (their SHA-256 are in the register and on the form)"),
        )
    if event.stage is Stage.SEALED and event.paper:
        yield from _scan(life, paper)
    asks = every[one.kind].acceptance_of(one)
    if event.stage is Stage.DELIVERED and one.due and one.due.whose is Side.OURS:
        yield from _late(one.due, event)
    if event.stage is Stage.DELIVERED and not event.paper and asks:
        yield warning(
            "seal-no-receipt",
            _entry_line(register, life.sealed or life.final),
            say("no receipt: nothing proves on which day the client had it"),
            say("have the receipt signed, then: deliverables delivered … --receipt FILE --again"),
        )


def _late(due: Deadline, event: SealEvent) -> Iterator[Problem]:
    """Yield that the client had it after the day on which it was owed: notice counts from there."""
    last = due.latest if isinstance(due, Provisional) else due.date
    if event.day > last:
        yield warning(
            "seal-late",
            Line(f"--date {event.day}"),
            say("it was owed by {day}, and the client had it {days} days later", day=last,
                days=(event.day - last).days),
            say("a period of notice counts from its receipt: look whether what it says still "
                "holds"),
        )  # fmt: skip


_LONGEST_REASON: Final = 200
_LONGEST_NAME: Final = 40


def _not_to_be_withdrawn(life: Life, event: SealEvent, register: Path) -> Iterator[Problem]:
    if life.withdrawn and not event.again:
        yield error(
            _AGAIN,
            _entry_line(register, life.withdrawn),
            say("it is {stage} already, on {day}", stage=SPOKEN[Stage.WITHDRAWN],
                day=life.withdrawn.as_of),
            say("make the one that takes its place: deliverables build, then final; if day or "
                "reason was wrong, --again records them anew"),
        )  # fmt: skip
    elif event.again and not life.withdrawn:
        yield error(
            _AGAIN,
            _entry_line(register, life.final),
            say("{key} is not {stage} yet", key=life.key, stage=SPOKEN[Stage.WITHDRAWN]),
            say("leave out --again: it corrects a withdrawal that was recorded"),
        )  # fmt: skip
    elif not life.withdrawn and life.sealed is None and life.delivered is None:
        yield error(
            "seal-order",
            Line(register.as_posix()),
            say("{key} is not {stage} yet", key=life.key, stage=SPOKEN[Stage.SEALED]),
            say("only what was sealed is withdrawn; a final document that nobody sealed is made "
                "anew: deliverables final … --replace"),
        )  # fmt: skip
    for option, words, most in (
        ("--reason", event.reason, _LONGEST_REASON),
        ("--by", event.by, _LONGEST_NAME),
    ):
        if not words or not is_line(words, most):
            yield error(
                "seal-withdrawal",
                Line(option),
                say("{option} is no line of at most {most} characters without an identity number",
                    option=option, most=most),
                say("say what is wrong with the paper, and who withdraws it"),
            )  # fmt: skip


def _command(stage: Stage, one: Deliverable, life: Life, folders: Folders) -> str:
    """Return the command that records a stage; a terminal asks it for paper and day."""
    final = folders.final(one)
    if stage is Stage.FINAL:
        final = folders.contract(one.contract) / life.made.file if life.made else Path("FILE")
    return command_line("deliverables", stage.value, final.as_posix())


def _out_of_order(
    one: Deliverable, life: Life, event: SealEvent, folders: Folders, every: Mapping[str, Kind]
) -> Iterator[Problem]:
    register = folders.register(one.contract)
    if event.stage is Stage.SEALED and not one.sealed:
        yield error(
            "seal-unasked",
            Line(register.as_posix()),
            say("the contract does not have {title} sealed ({article})", title=one.called,
                article=one.article),
            say("record when the client received it: {command}; if the contract asks for a seal, "
                "write sealed: 是 in its entry of reports",
                command=_command(Stage.DELIVERED, one, life, folders)),
        )  # fmt: skip
        return
    way = [stage for stage in RECORDED if one.sealed or stage is not Stage.SEALED]
    missing = [stage for stage in takewhile(lambda each: each is not event.stage, way)
               if life.entry(stage) is None]  # fmt: skip
    if missing:
        yield error(
            "seal-order",
            Line(register.as_posix()),
            say("{key} is not {stage} yet", key=one.key, stage=SPOKEN[missing[0]]),
            say("record before it, in this order: {commands}",
                commands=listed(_command(stage, one, life, folders) for stage in missing)),
        )  # fmt: skip
    if event.stage is Stage.ACCEPTED and not every[one.kind].acceptance_of(one):
        yield error(
            "seal-not-accepted",
            Line(register.as_posix()),
            say("the contract does not have {title} accepted on its own",
                title=one.kind_title),
            say("record the acceptance at the document that asks for it: {titles}",
                titles=listed(kind.title for kind in every.values() if kind.sealing.acceptance)),
        )  # fmt: skip
    before = life.entry(event.stage)
    if before and not event.again and not _handed_in_again(life, event):
        yield error(
            _AGAIN,
            _entry_line(register, before),
            say("it is {stage} already, on {day}", stage=SPOKEN[event.stage], day=before.as_of),
            say("if that was wrong, --again records it anew; the earlier entry stays"),
        )


def _bad_day(life: Life, event: SealEvent, register: Path) -> Iterator[Problem]:
    early = still_to_come(event.day, event.as_of)
    if early:
        fix = say("record what has happened, on the day it did")
        yield error("seal-date", Line(register.as_posix()), early, fix)
    for stage, day, before in _neighbours(life, event):
        apart = (day - event.day).days if before else (event.day - day).days
        if apart > 0:
            order = say("before") if before else say("after")
            yield error(
                "seal-date",
                _entry_line(register, life.entry(stage)),
                say(
                    "--date {day} is {days} days {order} it was {stage}, on {other}",
                    day=event.day,
                    days=apart,
                    order=order,
                    stage=SPOKEN[stage],
                    other=day,
                ),
                say("copy the day from the paper; if the other one is wrong, record it --again"),
            )


def _neighbours(life: Life, event: SealEvent) -> Iterator[tuple[Stage, date, bool]]:
    """Yield the stages between whose days the event must lie, and whether each comes before it.

    What was refused and is handed in again comes after the refusal.
    """
    days, order = dict(life.days), [*RECORDED, Stage.WITHDRAWN]
    if _handed_in_again(life, event):
        yield Stage.ACCEPTED, days[Stage.ACCEPTED], True
        return
    place = order.index(event.stage)
    for stage in [each for each in order[:place] if each in days][-1:]:
        yield stage, days[stage], True
    for stage in [each for each in order[place + 1 :] if each in days][:1]:
        yield stage, days[stage], False


def _handed_in_again(life: Life, event: SealEvent) -> bool:
    return life.result == FAILED and event.stage in {Stage.DELIVERED, Stage.ACCEPTED}


def _scan(life: Life, paper: bytes) -> Iterator[Problem]:
    pages, expected = count_pages(paper), life.final.pages if life.final else None
    if not paper.startswith(b"%PDF"):
        yield error(
            "seal-scan",
            Line("--scan"),
            say("the scan is no PDF"),
            say("scan the sealed paper, all its pages, into one PDF"),
        )
    elif pages is None:
        yield warning(
            "seal-pages",
            Line("--scan"),
            say("the pages of the scan cannot be counted"),
            say("count them by hand and compare with the form"),
        )
    elif expected is None:
        yield warning(
            "seal-pages",
            Line("--scan"),
            say("the scan has {pages} pages; how many the final document has is not recorded",
                pages=pages),
            say("count the pages of the final document by hand"),
        )  # fmt: skip
    elif pages != expected:
        yield warning(
            "seal-pages",
            Line("--scan"),
            say(
                "the scan has {pages} pages, the final document {expected} ({difference})",
                pages=pages,
                expected=expected,
                difference=f"{pages - expected:+}",
            ),
            say("look whether pages are missing or were scanned twice; if so, scan and record "
                "it --again"),
        )  # fmt: skip


def _entry_line(register: Path, entry: Entry | None) -> Line:
    """Return the line of the register that an entry stands on."""
    if entry is None or not register.exists():
        return Line(register.as_posix())
    for number, line in enumerate(register.read_bytes().splitlines(), start=1):
        try:
            if json.loads(line).get("sequence") == entry.sequence:
                return Line(register.as_posix(), number, 1)
        except (ValueError, AttributeError):
            continue
    return Line(register.as_posix())
