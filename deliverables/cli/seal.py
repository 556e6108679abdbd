"""The way to the seal and after it: final, sealed, delivered, accepted, withdrawn; acceptance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from deliverables import Examined, Life, Planned
from deliverables.acceptance_clock import clock
from deliverables.cli.answer import (
    DAY,
    SHOW_PLAN,
    Answer,
    Aside,
    AskedOption,
    Exit,
    Table,
    Workplace,
    as_of_option,
    by_severity,
    contract_option,
    difference_facts,
    difference_lines,
    finding_facts,
    format_option,
    is_talking,
    part_called,
    problem_facts,
    require_contract,
    suggest,
    unfinished,
    yes_option,
    yes_options,
)
from deliverables.cli.happening import enter_acceptance
from deliverables.cli.recorded import known, told_of
from deliverables.files.placement import at_work
from deliverables.files.refusal import RefusedError
from deliverables.kinds import kinds
from deliverables.seal import Recorded, SealEvent, record
from deliverables.status import FAILED, PASSED, SPOKEN, Stage, on_day
from deliverables.values.calendar import Settled
from deliverables.values.problem import Message, Problem, clauses, is_unfinished, say

if TYPE_CHECKING:
    from deliverables import Finding
    from deliverables.acceptance import Material, Pack
    from deliverables.enter import EnteredRows as RowEntry
    from deliverables.final import Finalised
    from deliverables.values.fault import Fault

F = TypeVar("F", bound=Callable[..., Any])

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


def _file_argument(command: F) -> F:
    """Add FILE: a draft, a final document or its PDF."""
    return click.argument("file", type=_FILE)(command)


def _ledger_option(command: F) -> F:
    """Add --no-ledger: record only."""
    text = "Leave the workbooks as they are."
    return click.option("--no-ledger", "ledger", is_flag=True, flag_value=False, default=True,
                        help=text)(command)  # fmt: skip


def _day_option(command: F) -> F:
    """Add --date: the day on which it happened."""
    asked = say("on which day, as the paper says")
    return click.option("--date", "day", cls=AskedOption, question=asked, type=DAY, metavar="DATE",
                        help="The day it happened, as the paper says.")(command)  # fmt: skip


def _again_option(command: F) -> F:
    """Add --again: to correct what was recorded."""
    words = "Correct what was recorded; the earlier entry stays."
    return click.option("--again", is_flag=True, help=words)(command)


# --- final --------------------------------------------------------------------------------

_UNPROVED, _UNAPPROVED = "final-unproved", "final-edits"


@click.command("final")
@_file_argument
@click.option("--number", default="", metavar="TEXT", help="The document's number (文号).")
@click.option("--date", "day", type=DAY, metavar="DATE",
              help="The day it bears (default: the day it was made for).")  # fmt: skip
@click.option("--copies", type=click.IntRange(1, 99), metavar="N", help="How many are sealed.")
@click.option("--no-pdf", is_flag=True, help="Without LibreOffice: no PDF, pages left blank.")
@click.option("--approve", multiple=True, metavar="PASSAGE|all",
              help="Approve an edited passage, or all; needs --by and --role.")  # fmt: skip
@click.option("--by", default="", metavar="NAME", help="Who approves the passages.")
@click.option("--role", default="", metavar="ROLE", help="In which role: 项目经理, 法务 …")
@click.option("--replace", is_flag=True, help="Make it final anew; the earlier files are kept.")
@as_of_option
@format_option
@click.pass_obj
def final_command(
    workplace: Workplace,
    file: Path,
    number: str,
    day: datetime | None,
    copies: int | None,
    no_pdf: bool,  # noqa: FBT001  # click passes flags by name
    approve: tuple[str, ...],
    by: str,
    role: str,
    replace: bool,  # noqa: FBT001
    as_of: date,
    form: str,
) -> None:
    """Make a draft final: without its marks, read-only, with PDF and 用印申请单.

    FILE itself, wherever it lies, becomes final, with the prose that was mended in it, once every
    edited passage is approved. Everything that speaks against it is said at once, and no file is
    written then; approvals are recorded in any case.

    \b
    Examples:
      deliverables final out/HT-1/payments/HT-1_付款申请函_第1期_草稿.docx --date 2026-11-05
      deliverables final copy.docx --approve all --by 王敏 --role 项目经理
    """
    from deliverables.final import Wish, finalise

    suggest(_MEND)
    if approve and not (by.strip() and role.strip()):
        raise workplace.misused(say("--approve needs --by NAME and --role ROLE: who says so?"))
    wish = Wish(
        moment=datetime.now(UTC),
        today=as_of,
        day=day.date() if day else None,
        number=number.strip(),
        copies=copies,
        pdf=not no_pdf,
        replace=replace,
        approve=approve,
        by=by.strip(),
        role=role.strip(),
    )
    project = workplace.project
    with told_of(workplace, file):
        number = project.contract_of(file)
    with at_work(project.folders.contract(number)):
        found = known(workplace, file, copies=True)
        done = finalise(found.planned, found.examined, project.folders, wish, file=found.lies)
    workplace.answer(_Final(number, done), form)


@dataclass(frozen=True, slots=True)
class _Final(Answer):
    """The document that was made final, or everything that speaks against it."""

    contract: str
    done: Finalised

    def lines(self, language: str) -> Iterator[str | Message]:
        done = self.done
        if done.entry and done.file:
            pages = done.entry.pages
            counted = say("{count} pages", count=pages) if pages else say("pages to be written in")
            yield f"{say('final').in_language(language)}  {done.file.as_posix()}"
            yield f"       SHA-256 {done.entry.sha256}"
            if done.pdf:
                told = say("{file}  ({pages})", file=done.pdf.as_posix(), pages=counted)
                yield f"       {told.in_language(language)}"
            if done.form:
                yield f"       {done.form.as_posix()}"
        if done.edits:
            yield say("edited passages:")
        for edit in done.edits:
            yield from difference_lines(edit, language, done.approvals.get(edit.passage))

    def facts(self, language: str) -> dict[str, object]:
        done, entry = self.done, self.done.entry
        return {
            "documents": [
                {
                    "contract": self.contract,
                    "kind": done.deliverable.kind,
                    "part": done.deliverable.part,
                    "final": entry is not None,
                    "file": done.file.as_posix() if done.file else None,
                    "pdf": done.pdf.as_posix() if done.pdf else None,
                    "form": done.form.as_posix() if done.form else None,
                    "dated": entry.as_of if entry else None,
                    "pages": entry.pages if entry else None,
                    "sha256": entry.sha256 if entry else None,
                    "pdf_sha256": entry.details.get("pdf_sha256") if entry else None,
                    "problems": [problem_facts(problem, language) for problem in done.problems],
                    "edits": [
                        difference_facts(edit, done.approvals, language) for edit in done.edits
                    ],
                    "findings": [finding_facts(finding, language) for finding in done.findings],
                }
            ]
        }

    def asides(self) -> Iterator[Message | Problem | Finding]:
        yield from by_severity(self.done.problems)
        yield from self.done.findings
        if self.done.entry is None:
            yield say("{title}: not made final", title=self.done.deliverable.title)

    @property
    def code(self) -> Exit:
        if self.done.entry is not None:
            return Exit.DONE
        unproved = any(problem.code == _UNPROVED for problem in self.done.problems)
        return Exit.REFUTED if unproved else Exit.BAD_DATA

    @property
    def next(self) -> Message:
        if self.done.entry is None:
            unapproved = all(problem.code == _UNAPPROVED for problem in self.done.problems)
            return _APPROVE if unapproved else _MEND
        if not self.done.deliverable.sealed:
            return say("next: hand it over, then deliverables delivered {file}",
                       file=self.done.file.as_posix() if self.done.file else "")  # fmt: skip
        return say("next: print and sign the form; when it is sealed: deliverables sealed {file}",
                   file=self.done.file.as_posix() if self.done.file else "")  # fmt: skip


_APPROVE = say("next: read the edited passages, then run deliverables final again with "
               "--approve all --by NAME --role ROLE")  # fmt: skip
_MEND = say("next: mend what is said above, then run deliverables final again")


# --- sealed, delivered, accepted ----------------------------------------------------------


@click.command("sealed")
@_file_argument
@click.option("--scan", cls=AskedOption, question=say("which PDF is the sealed paper"), type=_FILE,
              help="The sealed paper as one PDF; a copy is kept.")  # fmt: skip
@_day_option
@_again_option
@as_of_option
@format_option
@click.pass_obj
def sealed_command(
    workplace: Workplace,
    file: Path,
    scan: Path,
    day: datetime,
    again: bool,  # noqa: FBT001  # click passes flags by name
    as_of: date,
    form: str,
) -> None:
    """Record that a final document was sealed: keep the scan and its hash, compare the pages.

    \b
    Example:
      deliverables sealed out/HT-1/Q1/定稿/HT-1_季度报告_Q1.docx --scan S.pdf --date 2026-11-06
    """
    event = SealEvent(
        stage=Stage.SEALED,
        day=day.date(),
        as_of=as_of,
        moment=datetime.now(UTC),
        paper=scan,
        again=again,
    )
    workplace.answer(_recorded(workplace, file, event), form)


@click.command("delivered")
@_file_argument
@_day_option
@click.option("--receipt", type=_FILE,
              help="The signed receipt, a PDF or a picture; a copy is kept.")  # fmt: skip
@_ledger_option
@_again_option
@yes_option
@as_of_option
@format_option
@click.pass_obj
def delivered_command(
    workplace: Workplace,
    file: Path,
    day: datetime,
    receipt: Path | None,
    ledger: bool,  # noqa: FBT001  # click passes flags by name
    yes: bool,  # noqa: FBT001
    again: bool,  # noqa: FBT001
    as_of: date,
    form: str,
) -> None:
    """Record that the client received a document: sealed, or final where no seal is asked for.

    For a document that asks for acceptance this day starts the clock. Silence is no acceptance.
    The row of a request or a letter that waits for its receipt gets the day, and a payment request
    without a row gets one; undo takes it back.

    \b
    Example:
      deliverables delivered out/HT-1/annual/定稿/HT-1_年度项目总结报告.docx --date 2027-05-26
    """
    event = SealEvent(
        stage=Stage.DELIVERED,
        day=day.date(),
        as_of=as_of,
        moment=datetime.now(UTC),
        paper=receipt,
        again=again,
    )
    if not yes and is_talking(form):
        _ask(workplace, file, event)
    recorded = _recorded(workplace, file, event)
    workplace.answer(_entered(workplace, recorded) if ledger else recorded, form)


@click.command("accepted")
@click.argument("about", metavar="FILE|STAGE")
@_day_option
@click.option("--result", type=click.Choice([PASSED, FAILED]), default=PASSED, show_default=True,
              help="What the client's paper says.")  # fmt: skip
@click.option("--paper", metavar="TEXT", default="",
              help="What the client's paper is called, for the ledger.")  # fmt: skip
@click.option("--source", metavar="TEXT", default="",
              help="Where that paper is kept; what it is called if not.")  # fmt: skip
@click.option("--notice", type=DAY, metavar="DATE",
              help="The day the client received the notice of acceptance.")  # fmt: skip
@_ledger_option
@_again_option
@yes_options
@contract_option
@as_of_option
@format_option
@click.pass_obj
def accepted_command(
    workplace: Workplace,
    about: str,
    day: datetime,
    result: str,
    paper: str,
    source: str,
    notice: datetime | None,
    ledger: bool,  # noqa: FBT001  # click passes flags by name
    yes: bool,  # noqa: FBT001
    again: bool,  # noqa: FBT001
    dry_run: bool,  # noqa: FBT001
    contract: str | None,
    as_of: date,
    form: str,
) -> None:
    """Record what the client's acceptance paper says, and enter it in the ledger's sheet 验收.

    The row is entered as check would have it; the command undo takes it back. Where the client
    issues a paper of its own, name the stage of acceptance: the row alone is entered then, and
    nothing is recorded of a document of ours.

    \b
    Examples:
      deliverables accepted out/HT-1/annual/定稿/HT-1_年度项目总结报告.docx --date 2027-06-02
      deliverables accepted 中期 --date 2026-11-16 --result 通过 --paper 中期验收意见书
    """
    file = Path(about)
    told = {"result": result, "document": paper, "evidence": source or paper}
    if notice:
        told["notice_received"] = f"{notice:%Y-%m-%d}"
    if not file.is_file():
        if again or not ledger:
            raise workplace.misused(say("{about} is no file: --again and --no-ledger are for a "
                                        "document of ours", about=about))  # fmt: skip
        enter_acceptance(workplace, about, {"accepted": f"{day:%Y-%m-%d}", **told}, contract,
                         as_of, talking=not yes and is_talking(form), dry_run=dry_run,
                         form=form)  # fmt: skip
        return
    if dry_run or contract:
        raise workplace.misused(say("{about} is a file: --dry-run and --contract are for a stage "
                                    "of acceptance", about=about))  # fmt: skip
    event = SealEvent(
        stage=Stage.ACCEPTED,
        day=day.date(),
        as_of=as_of,
        moment=datetime.now(UTC),
        result=result,
        again=again,
    )
    if not yes and is_talking(form):
        _ask(workplace, file, event)
    recorded = _recorded(workplace, file, event)
    workplace.answer(_entered(workplace, recorded, told) if ledger else recorded, form)


@click.command("withdraw")
@_file_argument
@_day_option
@click.option("--reason", required=True, metavar="TEXT", help="What is wrong with it.")
@click.option("--by", required=True, metavar="NAME", help="Who withdraws it.")
@_again_option
@as_of_option
@format_option
@click.pass_obj
def withdraw_command(
    workplace: Workplace,
    file: Path,
    day: datetime,
    reason: str,
    by: str,
    again: bool,  # noqa: FBT001  # click passes flags by name
    as_of: date,
    form: str,
) -> None:
    """Record that a sealed document was found wrong and no longer holds.

    The files stay. It is owed again: build makes a new draft, whose final document is recorded as
    taking the place of this one. A 更正函 tells the client. The rows that tell of its delivery
    stay, for it was delivered; they are named.

    \b
    Example:
      deliverables withdraw out/HT-1/Q1/定稿/A.docx --date 2026-11-20 --reason 有误 --by 王敏
    """
    event = SealEvent(
        stage=Stage.WITHDRAWN,
        day=day.date(),
        as_of=as_of,
        moment=datetime.now(UTC),
        reason=reason.strip(),
        by=by.strip(),
        again=again,
    )
    recorded = _recorded(workplace, file, event)
    workplace.answer(_with_rows(recorded), form)


def _ask(workplace: Workplace, file: Path, event: SealEvent) -> None:
    question = say("record {file} as {stage} on {day}?", file=file.name, stage=SPOKEN[event.stage],
                   day=event.day)  # fmt: skip
    workplace.ask(question)


def _recorded(workplace: Workplace, file: Path, event: SealEvent) -> _Recorded:
    """Record an event, or find out why it is refused."""
    folders = workplace.folders
    with told_of(workplace, file):
        number = workplace.project.contract_of(file)
    with at_work(folders.contract(number)):
        found = known(workplace, file)
        recorded = record(found.planned, folders, event)
    return _Recorded(file, event, found.examined, found.planned, recorded)


def _with_rows(withdrawn: _Recorded) -> _Recorded:
    """Name the rows that tell of the delivery of what was withdrawn."""
    from deliverables.enter import rows_of_delivery

    book, planned = withdrawn.examined.book, withdrawn.planned
    if withdrawn.recorded.entry is None or book is None:
        return withdrawn
    asks = "" if planned.deliverable.records else planned.acceptance
    rows = rows_of_delivery(book, planned.deliverable, asks)
    return replace(withdrawn, objections=tuple(rows))


def _entered(
    workplace: Workplace, recorded: _Recorded, told: Mapping[str, str] | None = None
) -> _Recorded:
    """Enter what was recorded where a person would type it, if nothing speaks against it.

    What a run recorded that was ended before it entered anything is entered by the same command.
    """
    done, before = recorded.recorded.entry, recorded.recorded.before
    if done is None and before is None:
        return recorded
    from deliverables.enter import Desk, of_acceptance, of_delivery, put
    from deliverables.files.placement import at_work

    folders, event, planned = workplace.folders, recorded.event, recorded.planned
    number = recorded.examined.contract
    known, book = recorded.examined.problems, recorded.examined.book
    desk, problems = Desk(folders, number, known, book), list[Problem]()
    try:
        with at_work(folders.data / number):
            if event.stage is Stage.DELIVERED:
                sent = planned.life.final
                made = of_delivery(desk, planned.deliverable, sent, event.day, problems)
            else:
                made = of_acceptance(desk, planned.acceptance, event.day, told or {}, problems)
            if made:
                put({number: made}, folders)
    except RefusedError as fault:
        return replace(recorded, unentered=fault.message) if done else recorded
    if done is None and made is None:
        return recorded
    now = recorded.recorded if done else replace(recorded.recorded, entry=before, problems=())
    return replace(recorded, recorded=now, made=made, objections=tuple(problems))


@dataclass(frozen=True, slots=True)
class _Recorded(Answer):
    """An event that was recorded, or refused, and the clock that runs from then on."""

    file: Path
    event: SealEvent
    examined: Examined
    planned: Planned
    recorded: Recorded
    made: RowEntry | None = None
    objections: tuple[Problem, ...] = ()
    unentered: Message | None = None

    def lines(self, language: str) -> Iterator[str | Aside | Message | Table]:
        entry = self.recorded.entry
        if entry is None:
            return
        label = SPOKEN[self.event.stage].in_language(language)
        yield f"{label}  {self.planned.deliverable.title}  {self.event.day}"
        if self.recorded.paper:
            yield f"      {self.recorded.paper.as_posix()}"
            yield f"      SHA-256 {entry.sha256}"
        if self.made:
            yield Table([say("Column"), say("Content")], [list(each) for each in self.made.cells])
            yield say("entered in {file}, sheet {sheet}", file=self.made.workbook.as_posix(),
                      sheet=self.made.rows[0].sheet)  # fmt: skip

    @property
    def _kind(self) -> str:
        return self.planned.deliverable.kind

    def facts(self, language: str) -> dict[str, object]:
        entry = self.recorded.entry
        return {
            "documents": [
                {
                    "contract": self.examined.contract,
                    "kind": self._kind,
                    "part": self.planned.deliverable.part,
                    "recorded": entry is not None,
                    "stages": {stage.value: day for stage, day in self.recorded.life.days},
                    "paper": self.recorded.paper.as_posix() if self.recorded.paper else None,
                    "sha256": entry.sha256 if entry else None,
                    **_clock_facts(
                        self.recorded.life, self.planned.acceptance, self.examined, language
                    ),
                    "entered": self.made and self.made.workbook.as_posix(),
                    "problems": [
                        problem_facts(one, language)
                        for one in (*self.recorded.problems, *self.objections)
                    ],
                }
            ]
        }

    def asides(self) -> Iterator[Message | Problem]:
        yield from by_severity((*self.recorded.problems, *self.objections))
        if self.unentered:
            yield self.unentered
        entering = self.event.stage is not Stage.WITHDRAWN
        if entering and (self.objections or self.unentered):
            yield say("it is recorded, and not entered in the workbook: enter it there by hand")
        if self.recorded.entry and self.examined.book:
            running = clock(self.recorded.life, self.planned.acceptance, self.examined.book)
            if running:
                yield running.message

    @property
    def code(self) -> Exit:
        return Exit.BAD_DATA if self.recorded.entry is None else Exit.DONE

    @property
    def next(self) -> Message | None:
        file = self.file.as_posix()
        if self.code is not Exit.DONE:
            return None
        if self.event.stage is Stage.WITHDRAWN:
            return say("next: mend the data, then deliverables build {kind} --period {part}; "
                       "deliverables letter add 更正函 tells the client", kind=self._kind,
                       part=self.planned.deliverable.part)  # fmt: skip
        if self.event.stage is Stage.SEALED:
            return say("next: hand it over, then deliverables delivered {file}",
                       file=file)  # fmt: skip
        if self.event.stage is Stage.ACCEPTED:
            return (
                SHOW_PLAN
                if self.made
                else say("next: add the row to ledger.xlsx, then deliverables check")
            )
        if self.planned.acceptance:
            return say("next: when the client has answered: deliverables accepted {file}",
                       file=file)  # fmt: skip
        return SHOW_PLAN


def _clock_facts(life: Life, stage: str, examined: Examined, language: str) -> dict[str, object]:
    """Return the clock that runs for a document, for another program."""
    running = clock(life, stage, examined.book) if examined.book else None
    if running is None or running.due is None:
        return {"due": None, "due_is_provisional": False}
    settled = isinstance(running.due, Settled)
    return {
        "due": running.due.date.isoformat()
        if isinstance(running.due, Settled)
        else str(running.due),
        "due_is_provisional": not settled,
        "due_means": running.message.in_language(language),
    }


# --- acceptance ---------------------------------------------------------------------------


@click.command("acceptance")
@contract_option
@as_of_option
@format_option
@click.pass_obj
def acceptance_command(workplace: Workplace, contract: str | None, as_of: date, form: str) -> None:
    """Show whether the acceptance materials are complete and sealed, and what is missing.

    \b
    Example: deliverables acceptance --as-of 2027-05-25
    """
    from deliverables.acceptance import acceptance_closure, acceptance_pack

    project = workplace.project
    folders = project.folders

    def materials(item: Examined) -> _Materials | None:
        if item.book is None:
            return None
        pack = acceptance_pack(item.book, folders, as_of)
        return _Materials(item, pack, tuple(acceptance_closure(item.book, folders)))

    found = tuple(project.each(materials, contract=contract))
    require_contract(workplace, contract, [item.contract for item, _ in found])
    packs = tuple(pack for _, pack in found if pack is not None)
    workplace.answer(_Acceptance(tuple(item for item, _ in found), packs), form)


@dataclass(frozen=True, slots=True)
class _Materials:
    """The acceptance materials of one contract, and what does not fit between them."""

    examined: Examined
    pack: Pack
    problems: Sequence[Problem]

    def lines(self, language: str) -> Iterator[Message | Table]:
        yield Table(
            [say("Material"), say("Part"), say("State"), say("Missing"), say("Remark")],
            [
                [
                    material.deliverable.called,
                    part_called(material.deliverable.part),
                    _days(material.life, language),
                    material.lacks,
                    clauses(self._remarks(material)).in_language(language) or "—",
                ]
                for material in self.pack.materials
            ],
        )
        yield self._verdict()

    def _verdict(self) -> Message:
        pack, count = self.pack, len(self.pack.materials)
        if pack.complete:
            return say(
                "{contract}: the acceptance materials ({article}) are complete, all {count} sealed",
                contract=pack.contract,
                article=pack.article,
                count=count,
            )
        return say(
            "{contract}: {lacking} of {count} acceptance materials ({article}) are missing",
            contract=pack.contract,
            lacking=sum(material.lacks is not None for material in pack.materials),
            count=count,
            article=pack.article,
        )

    def _remarks(self, material: Material) -> tuple[Message, ...]:
        book = self.examined.book
        running = clock(material.life, _stage_of(material), book) if book else None
        return (*material.remarks, *((running.message,) if running else ()))

    def facts(self, language: str) -> dict[str, object]:
        pack = self.pack
        return {
            "contract": pack.contract,
            "article": pack.article,
            "complete": pack.complete,
            "materials": [
                {
                    "kind": material.deliverable.kind,
                    "part": material.deliverable.part,
                    "title": material.deliverable.title,
                    "sealed": material.lacks is None,
                    "missing": material.lacks.in_language(language) if material.lacks else None,
                    "remarks": [remark.in_language(language) for remark in material.remarks],
                    "stages": {stage.value: day for stage, day in material.life.days},
                    **_clock_facts(material.life, _stage_of(material), self.examined, language),
                }
                for material in pack.materials
            ],
            "problems": [problem_facts(problem, language) for problem in self.problems],
        }


def _stage_of(material: Material) -> str:
    """Return the acceptance that a material asks for, if it does."""
    return kinds()[material.deliverable.kind].acceptance_of(material.deliverable)


@dataclass(frozen=True, slots=True)
class _Acceptance(Answer):
    """The acceptance materials of every contract whose data can be read."""

    examined: tuple[Examined, ...]
    packs: tuple[_Materials, ...]

    def lines(self, language: str) -> Iterator[Message | Table]:
        for one in self.packs:
            yield from one.lines(language)

    def facts(self, language: str) -> dict[str, object]:
        return {"contracts": [one.facts(language) for one in self.packs]}

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(one.fault for one in self.examined if one.fault)

    def asides(self) -> Iterator[Message | Problem]:
        from deliverables.cli.outcomes import stopped_at

        for examined in self.examined:
            yield from stopped_at(examined)
        for one in self.packs:
            yield from by_severity(one.problems)
        for item in self.examined:
            if is_unfinished(item.problems):
                yield unfinished(item.contract, item.problems)

    @property
    def code(self) -> Exit:
        return Exit.DONE if len(self.packs) == len(self.examined) else Exit.BAD_DATA


def _days(life: Life, language: str) -> str:
    return "\n".join(on_day(stage, day).in_language(language) for stage, day in life.days) or "—"
