"""The data: a new contract, its workbooks, rows of other systems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deliverables.cli.answer import (
    DAY,
    WITHOUT_DRY_RUN,
    Answer,
    Aside,
    Exit,
    Workplace,
    by_severity,
    contract_option,
    errors_of,
    format_option,
    one_contract,
    problem_facts,
    suggest,
    unfinished,
)
from deliverables.cli.outcomes import result_line
from deliverables.compute.term import mark
from deliverables.files.refusal import FileInUseError, refusal
from deliverables.files.result import Result
from deliverables.model.contract import PAYMENT_PLANS
from deliverables.model.operations_sheets import Operations
from deliverables.model.roster_sheets import Roster
from deliverables.read.characters import nearest
from deliverables.read.files import CONTRACT, OPERATIONS, contents
from deliverables.setup import (
    MOST_REPORTS,
    ContractDraft,
    FromText,
    Known,
    Pattern,
    Placed,
    Wanted,
    beyond,
    blank_workbook,
    contract_draft,
    cut,
    label_of,
    left_to_write,
    merged_workbook,
    number_fault,
    put,
    quarter_cover,
    quarter_of,
    quarter_workbook,
    start,
    stated,
    wanted,
)
from deliverables.values.problem import Message, Problem, is_unfinished, listed, say

if TYPE_CHECKING:
    from deliverables import Examined
    from deliverables.import_mapping import ImportMapping
    from deliverables.import_rows import Addition, Export, Imported, Target
    from deliverables.merge import Merged
    from deliverables.model.contract import Contract
    from deliverables.model.fields import Row
    from deliverables.read.from_text.found import Beyond, TextReading
    from deliverables.values.dates import Period

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)

# --- new ----------------------------------------------------------------------------------

_NUMBERS = click.IntRange(1, 600)


@click.command("new")
@click.argument("number")
@click.option("--from", "pattern", metavar="NO",
              help="Take over what contracts of one form have alike; nobody's facts.")  # fmt: skip
@click.option("--signed", type=DAY, metavar="DATE", help="The day it was signed.")
@click.option("--term-months", type=_NUMBERS, metavar="N", help="How many months it runs.")
@click.option("--reports", type=click.IntRange(1, MOST_REPORTS), metavar="N",
              help="How many periodical reports it asks for.")  # fmt: skip
@click.option("--plan", type=click.Choice(PAYMENT_PLANS), help="Which ratios of payment apply.")
@click.option("--instalments", type=click.IntRange(1, 30), metavar="N",
              help="In how many instalments it is paid [default: 3, or as in --from].")  # fmt: skip
@click.option("--from-text", "text", type=_FILE, metavar="FILE",
              help="Read the contract's own text: .docx, .txt or .md.")  # fmt: skip
@format_option
@click.pass_obj
def new_command(
    workplace: Workplace,
    number: str,
    pattern: str | None,
    signed: datetime | None,
    term_months: int | None,
    reports: int | None,
    plan: str | None,
    instalments: int | None,
    text: Path | None,
    form: str,
) -> None:
    """Make data/NUMBER: a contract.yaml that explains itself, blank workbooks, and what comes next.

    Nothing that exists is changed.

    \b
    Examples:
      deliverables new HT-2027-001
      deliverables new HT-2027-001 --from SXYSR202604152 --signed 2027-04-29
      deliverables new HT-2027-001 --plan sme --term-months 24 --reports 8
      deliverables new HT-2027-001 --from-text contract.docx
    """
    from deliverables.read.contract_text import plain_bytes
    from deliverables.read.from_text.unreckoned import NOWHERE

    fault = number_fault(number, workplace.data)
    if fault:
        raise workplace.misused(fault)
    known = Known(
        signed_on=signed.date() if signed else None,
        term_months=term_months,
        reports=reports,
        plan=plan,
    )
    like = _pattern(pattern, workplace) if pattern else None
    reading = _reading(text, workplace) if text else None
    own = FromText(contract_draft(reading, number), plain_bytes(reading.text)) if reading else None
    if reading and own and form != "json":
        workplace.note(*_told_of_text(reading, own.draft, number))
    elif reading is None and form != "json":
        workplace.note(
            say("not everything a contract says can be written in contract.yaml; with its text at "
                "hand, --from-text FILE names first what cannot: {topics} …",
                topics=listed(NOWHERE))
        )  # fmt: skip
    try:
        files = start(workplace.data, number, known, like, instalments, text=own)
    except OSError as refused:
        workplace.note(
            say("{folder} could not be made, and nothing of it is left: {reason}",
                folder=(workplace.data / number).as_posix(), reason=refusal(refused))
        )  # fmt: skip
        raise SystemExit(Exit.BAD_DATA) from refused
    workplace.answer(_Begun(number, tuple(files), reading), form)


def _pattern(number: str, workplace: Workplace) -> Pattern:
    from deliverables.read.tree import KeyBlock
    from deliverables.read.yaml import read_yaml

    file = workplace.data / number / CONTRACT
    problems: list[Problem] = []
    tree = read_yaml(file, problems)
    if isinstance(tree, KeyBlock):
        return Pattern(number, tree)
    workplace.show_problems(problems)
    workplace.note(say("{number}: no contract to begin from; nothing was made", number=number))
    raise SystemExit(Exit.BAD_DATA if file.exists() else Exit.WRONG_USE)


def _reading(file: Path, workplace: Workplace) -> TextReading:
    from deliverables.read.contract_text import (
        UnreadableTextError,
        as_plain_text,
        read_contract_text,
    )
    from deliverables.read.from_text import read_text

    try:
        return read_text(as_plain_text(read_contract_text(file)))
    except UnreadableTextError as fault:
        workplace.note(say("{file}: {reason}", file=file.as_posix(), reason=fault.message))
        raise SystemExit(Exit.WRONG_USE) from fault


def _told_of_text(reading: TextReading, draft: ContractDraft, number: str) -> Iterator[Message]:
    """Yield what the text holds that contract.yaml cannot, before anybody types a field."""
    yield (
        say("{file}: {facts} facts are proved and written, {gaps} readings are not and stay "
            "【待补】; {beyond} terms could not be expressed, {faults} places contradict "
            "themselves or are open",
            file=reading.text.file, facts=len(draft.facts),
            gaps=sum(one.passage is not None for one in reading.gaps),
            beyond=len(beyond(reading)) + len(draft.untold), faults=len(reading.contradictions))
    )  # fmt: skip
    said = reading.value("identity.number")
    if said and said != number:
        yield (say("the text calls the contract {said}, the folder {number}: one of the "
                           "two must be mended", said=said, number=number))  # fmt: skip
    yield from _told_of_terms(reading, draft)
    if reading.contradictions:
        yield (say("Where the text contradicts itself or is open:"))
    for one in reading.contradictions:
        yield (say("  {article}: {found}", article=one.passage.article, found=one.found))


def _told_of_terms(reading: TextReading, draft: ContractDraft) -> Iterator[Message]:
    """Yield what has no place in contract.yaml, what a person writes there, what is only stated."""
    nowhere, left, told = beyond(reading), left_to_write(reading), list(stated(reading))
    if nowhere or draft.untold:
        yield (say("What could not be expressed:"))
    for one in nowhere:
        yield (say("  {article} {topic}: {quote}", article=one.passage.article, topic=one.topic,
                           quote=cut(one.passage.quote)))  # fmt: skip
    for fact in draft.untold:
        yield (say("  {article} {path}: {value}", article=fact.passage.article,
                           path=label_of(fact.path), value=fact.value))  # fmt: skip
    if left:
        yield (say("What is left to you to write, and where in contract.yaml:"))
    for one in left:
        yield (say("  {article} {topic} ({at}): {quote}", article=one.passage.article,
                           topic=one.topic, at=one.at, quote=cut(one.passage.quote)))  # fmt: skip
    if told:
        yield (say("Written word for word under stated_terms; nothing is reckoned from it, delete "
                   "what no document need tell:"))  # fmt: skip
    for subject, article, words in told:
        yield (say("  {article} {topic}: {quote}", article=article, topic=subject, quote=words))


def _beyond_facts(one: Beyond) -> dict[str, object]:
    article, quote = one.passage.article, one.passage.quote
    return {"topic": one.topic, "article": article, "quote": quote}


def _reading_facts(reading: TextReading, language: str) -> dict[str, object]:
    return {
        "facts": {one.path: {"value": one.value, "article": one.passage.article,
                             "quote": one.passage.quote, "place": str(one.passage.place)}
                  for one in reading.facts},
        "gaps": [{"path": one.path, "reading": one.reading, "why": one.why.in_language(language),
                  "article": one.passage.article if one.passage else "",
                  "quote": one.passage.quote if one.passage else ""} for one in reading.gaps],
        "not_expressed": [_beyond_facts(one) for one in beyond(reading)],
        "left_to_write": [{"at": one.at, **_beyond_facts(one)} for one in left_to_write(reading)],
        "contradictions": [{"code": one.code, "article": one.passage.article, "found": one.found}
                           for one in reading.contradictions],
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Begun(Answer):
    """The files of a new contract."""

    number: str
    files: tuple[Path, ...]
    text: TextReading | None

    def lines(self, language: str) -> Iterator[str | Aside]:
        periods = [file for file in self.files if file.parent.name == OPERATIONS]
        for file in self.files:
            if file in periods[1:]:
                continue
            last = f" … {periods[-1].name}" if file in periods and len(periods) > 1 else ""
            yield f"{say('written').in_language(language)}  {file.as_posix()}{last}"
        by_name = {file.name: file for file in self.files}
        contract, first = self.files[0], self._first_workbook
        roster, ledger = by_name["staff.xlsx"], by_name["ledger.xlsx"]
        steps = (
            say("{file}: with the contract at hand, write in place of every 【待补】; "
                "what each one means stands above it", file=contract.as_posix()),
            say("deliverables check --contract {number} lists what is still missing, with the line",
                number=self.number),
            say("deliverables workbook {name} --contract {number} then puts the days of the period "
                "into {file}", name=first.stem, number=self.number, file=first.name),
            say("{file}: everyone who works on the project", file=roster.as_posix()),
            say("{file}: when the period is over, what happened in it", file=first.as_posix()),
            say("{file}: invoices, payments and acceptances as they come", file=ledger.as_posix()),
        )  # fmt: skip
        yield Aside(say("What to do, in this order:"))
        for count, step in enumerate(steps, 1):
            yield Aside(say("{count}. {step}", count=count, step=step))

    @property
    def _first_workbook(self) -> Path:
        """The workbook of the first period; Q1 where nobody knows yet how long periods are."""
        folder = self.files[0].parent / OPERATIONS
        return next((file for file in self.files if file.parent == folder), folder / "Q1.xlsx")

    def facts(self, language: str) -> dict[str, object]:
        files = [file.as_posix() for file in self.files]
        read = _reading_facts(self.text, language) if self.text else {}
        return {"contract": self.number, "files": files, **read}

    @property
    def next(self) -> Message:
        return say("next: fill in {file}, then deliverables check --contract {number}",
                   file=self.files[0].as_posix(), number=self.number)  # fmt: skip


# --- workbook -----------------------------------------------------------------------------


@click.command("workbook")
@click.argument("names", metavar="[Q1|staff|ledger|letters]...", nargs=-1, required=True)
@contract_option
@click.option("--merge", "old", type=_FILE, metavar="OLD.xlsx",
              help="Bring the rows of an older workbook along.")  # fmt: skip
@click.option("--replace", is_flag=True, help="Set a filled-in workbook aside and write it anew.")
@format_option
@click.pass_obj
def workbook_command(
    workplace: Workplace,
    names: tuple[str, ...],
    contract: str | None,
    old: Path | None,
    replace: bool,  # noqa: FBT001  # click passes flags by name
    form: str,
) -> None:
    """Write workbooks to fill in: the quarter's days, what the quarter before left, hints, limits.

    A workbook that somebody has filled in is kept. With --merge the rows of an older one are found
    by their headers; what has no place today is kept on a sheet 原表未识别.

    \b
    Examples:
      deliverables workbook Q3
      deliverables workbook staff ledger --contract SXYSR202604152
      deliverables workbook Q2 --merge operations-old.xlsx --replace
    """
    if old and len(names) > 1:
        raise workplace.misused(say("--merge goes with one workbook at a time"))
    examined = one_contract(workplace, contract)
    agreed = examined.book.contract if examined.book else None
    asked = [_wanted(name, agreed, workplace) for name in names]
    merged = _merged(old, asked[0], workplace) if old else None
    placed = [_place(one, examined, merged, workplace, replace=replace) for one in asked]
    told = tuple(merged.told) if merged else ()
    workplace.answer(_Workbooks(tuple(placed), told), form)


@dataclass(frozen=True, slots=True)
class _Workbooks(Answer):
    """The workbooks that were put in place, and what was found in an older one."""

    placed: tuple[Placed, ...]
    told: tuple[Message, ...]

    def lines(self, language: str) -> Iterator[str]:
        for one in self.placed:
            reasons = [one.reason] if one.reason else []
            yield result_line(one.result.message, one.file.as_posix(), reasons, language)
        for line in self.told:
            yield f"  {line.in_language(language)}"

    def facts(self, language: str) -> dict[str, object]:
        return {
            "workbooks": [
                {
                    "file": one.file.as_posix(),
                    "result": one.result.value,
                    "set_aside": one.aside or None,
                    "merged": [line.in_language(language) for line in self.told],
                }
                for one in self.placed
            ]
        }

    @property
    def code(self) -> Exit:
        kept = any(one.result is Result.KEPT for one in self.placed)
        return Exit.BAD_DATA if kept else Exit.DONE

    @property
    def next(self) -> Message:
        if self.code is not Exit.DONE:
            return say("next: fill in what is there; --replace sets it aside, --merge takes its "
                       "rows along")  # fmt: skip
        return say("next: fill in {file} in Excel or WPS, then deliverables check",
                   file=self.placed[0].file.as_posix())  # fmt: skip


def _wanted(name: str, contract: Contract | None, workplace: Workplace) -> Wanted:
    found = wanted(name, contract)
    if found is None:
        first = mark(contract, 1) if contract else "Q1"
        message = say("{name} is no workbook: write {first} …, staff, ledger or letters",
                      name=name, first=first)  # fmt: skip
        raise workplace.misused(message)
    return found


def _merged(old: Path, asked: Wanted, workplace: Workplace) -> Merged:
    from deliverables.merge import merge
    from deliverables.read.workbook import raw_sheets

    problems: list[Problem] = []
    data = contents(old, problems)
    sheets = raw_sheets(old.as_posix(), data, problems) if data else None
    workplace.show_problems(problems)
    if sheets is None:
        workplace.note(say("nothing was written"))
        raise SystemExit(Exit.BAD_DATA)
    merged = merge(sheets, asked.kind)
    of_quarter = merged.cover.get("quarter")
    if asked.kind is Operations and of_quarter not in (None, asked.quarter):
        message = say("{file} is the workbook of period {found}, not of {asked}",
                      file=old.name, found=of_quarter, asked=asked.quarter)  # fmt: skip
        raise workplace.misused(message)
    return merged


def _place(
    asked: Wanted, examined: Examined, merged: Merged | None, workplace: Workplace, *, replace: bool
) -> Placed:
    content = _content(asked, examined, merged, workplace)
    file = workplace.data / examined.contract / asked.place
    try:
        return put(content, file, private=asked.kind is Roster, replace=replace)
    except FileInUseError as held:
        workplace.note(held.message)
        raise SystemExit(Exit.BAD_DATA) from held


def _content(
    asked: Wanted, examined: Examined, merged: Merged | None, workplace: Workplace
) -> bytes:
    number, cover = examined.contract, dict[str, Any]()
    if asked.kind is Operations:
        period = _period(asked, examined, workplace)
        if merged is None and examined.book:
            return quarter_workbook(examined.book, asked.quarter, period)
        days = quarter_cover(asked.quarter, period)
        cover = {name: value for name, value in days.items() if name != "sample"}
    if merged is None:
        return blank_workbook(asked.kind, number)
    return merged_workbook(asked.kind, number, merged, cover, examined.book)


def _period(asked: Wanted, examined: Examined, workplace: Workplace) -> Period:
    """Return the days of the quarter, or end the command where they cannot be known."""
    if examined.book is None:
        if is_unfinished(examined.problems):
            workplace.note(unfinished(examined.contract, examined.problems))
        workplace.note(*errors_of(examined.problems))
        raise SystemExit(Exit.BAD_DATA)
    period = quarter_of(examined.book, asked.quarter)
    if period is None:
        agreed = examined.book.contract
        message = say("the contract has no {name}: its reports cannot be told apart yet",
                      name=mark(agreed, asked.quarter))  # fmt: skip
        raise workplace.misused(message)
    return period


# --- import -------------------------------------------------------------------------------

_FEW = 3
"""How many contracts are named that an assumption holds for."""


def _sheets_like(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    from deliverables.import_mapping import sheet_names

    return [name for name in sheet_names() if name.startswith(incomplete)]


@click.command("import")
@click.argument("kind", metavar="KIND", shell_complete=_sheets_like)
@click.argument("file", type=_FILE)
@click.option("--mapping", type=_FILE, required=True, metavar="M.yaml",
              help="Which column of the export fills which column of ours, and how.")  # fmt: skip
@contract_option
@click.option("--period", metavar="PART", help="Only rows of this quarter, such as Q2; "
              "needed where a row bears no date.")  # fmt: skip
@click.option(
    "--accept",
    "accepted",
    multiple=True,
    metavar="NUMBER",
    help="到账 and 发票: enter what is proposed for this row, or for all of them.",
)
@click.option(
    "--for",
    "chosen",
    multiple=True,
    metavar="NUMBER=INSTALMENT",
    help="到账 and 发票: say what a row is for; NUMBER=CONTRACT:2 of several contracts.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
@format_option
@click.pass_obj
def import_command(
    workplace: Workplace,
    kind: str,
    file: Path,
    mapping: Path,
    contract: str | None,
    period: str | None,
    accepted: tuple[str, ...],
    chosen: tuple[str, ...],
    dry_run: bool,  # noqa: FBT001  # click passes flags by name
    form: str,
) -> None:
    """Add the rows of an export to the workbook of their quarter: alarms, tickets, usage …

    KIND is the sheet, by its Chinese or English name; FILE is a CSV (UTF-8 or GBK) or a workbook.
    Rows that are in the workbook already stay as they are and are not added again. Every row that
    is not taken is named with its line and the reason.

    Of a bank's statement (到账) and of issued invoices (发票) it is proposed which contract and
    instalment each row is for, and why; what is accepted is entered in the ledger. The command undo
    takes the rows back while nobody has changed the workbooks.

    \b
    Examples:
      deliverables import 告警 alarms.csv --mapping zabbix.yaml --dry-run
      deliverables import tickets tickets.xlsx --mapping helpdesk.yaml --period Q2
      deliverables import 到账 statement.csv --mapping bank.yaml --accept all
    """
    from deliverables.import_mapping import FOUND_OUT, read_plan, sheet_called
    from deliverables.import_rows import Imported, read_export

    suggest(_MEND_MAPPING)
    called = sheet_called(kind)
    if called is None:
        raise workplace.misused(_no_sheet(kind))
    of_ledger = called[1] in FOUND_OUT
    if of_ledger and period:
        raise workplace.misused(say("the sheet {sheet} has no quarters: leave --period out",
                                    sheet=called[1].sheet))  # fmt: skip
    if (accepted or chosen) and not of_ledger:
        names = listed(row_type.sheet for row_type in FOUND_OUT)
        raise workplace.misused(say("--accept and --for are for {sheets}", sheets=names))
    problems: list[Problem] = []
    plan = read_plan(mapping, called[1], problems)
    export = read_export(file, plan.form, problems) if plan else None
    if of_ledger and plan and export:
        from deliverables.cli.proposed import choices_of, propose

        choices = choices_of(chosen, workplace)
        try:
            answer = propose(workplace, plan, export, problems, contract=contract,
                             accepted=accepted, choices=choices, dry_run=dry_run)  # fmt: skip
        except FileInUseError as held:
            raise workplace.failed(held.message) from held
        workplace.answer(answer, form)
        return
    if of_ledger:
        workplace.answer(_Rows(Imported(), tuple(problems), dry_run=dry_run), form)
        return
    target = _target(workplace, contract, period, called[1], dated=plan is None or bool(plan.date))
    if plan and export:
        done = _taken(plan, export, target, workplace, dry_run=dry_run)
    else:
        done = Imported()
    workplace.answer(_Rows(done, (*problems, *done.problems), dry_run=dry_run), form)


def _taken(
    plan: ImportMapping, export: Export, target: Target, workplace: Workplace, *, dry_run: bool
) -> Imported:
    """Add the rows of an export to the workbooks of their quarters, nobody else being at work."""
    from deliverables import enter
    from deliverables.files.placement import at_work
    from deliverables.import_rows import import_rows

    folder = target.folder.parent
    with nullcontext() if dry_run else at_work(folder):
        done = import_rows(plan, export, target)
        entries = [
            enter.EnteredRows(
                workbook=one.workbook,
                rows=tuple(candidate.row for candidate in one.rows),
                before=one.before,
                after=one.after,
            )
            for one in done.additions
        ]
        if entries and not dry_run:
            first, *beside = entries
            made = {folder.name: replace(first, beside=tuple(beside))}
            try:
                enter.put(made, workplace.folders)
            except FileInUseError as held:
                raise workplace.failed(held.message) from held
    return done


_MEND_MAPPING = say("next: mend the mapping or the rows named above and import again: "
                    "rows that were added are not added twice")  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Rows(Answer):
    """The rows of an export that were added, those that were not, and why."""

    done: Imported
    problems: tuple[Problem, ...]
    dry_run: bool

    def lines(self, language: str) -> Iterator[str | Message]:
        from deliverables.cli.proposed import skipped_lines

        for addition in self.done.additions:
            yield self._told(addition)
        if not self.done.additions:
            yield say("no row was added")
        yield from skipped_lines(self.done.skipped, language)

    def _told(self, addition: Addition) -> Message:
        where = f"{addition.workbook.as_posix()}[{addition.sheet}]"
        count = len(addition.rows)
        if self.dry_run:
            return say("{where}: rows that would be added: {count}", where=where, count=count)
        return say("{where}: rows added: {count}", where=where, count=count)

    def facts(self, language: str) -> dict[str, object]:
        from deliverables.cli.proposed import skipped_facts

        return {
            "imports": [
                {
                    "dry_run": self.dry_run,
                    "added": [
                        {
                            "quarter": one.quarter,
                            "file": one.workbook.as_posix(),
                            "sheet": one.sheet,
                            "rows": [str(candidate.place) for candidate in one.rows],
                        }
                        for one in self.done.additions
                    ],
                    "counts": Counter(one.reason.value for one in self.done.skipped),
                    "skipped": skipped_facts(self.done.skipped, language),
                    "problems": [problem_facts(problem, language) for problem in self.problems],
                }
            ]
        }

    def asides(self) -> Iterator[Problem]:
        yield from by_severity(self.problems)

    @property
    def code(self) -> Exit:
        unfit = any(one.reason.calls_for_action for one in self.done.skipped)
        return Exit.BAD_DATA if errors_of(self.problems) or unfit else Exit.DONE

    @property
    def next(self) -> Message | None:
        if self.code is not Exit.DONE:
            return _MEND_MAPPING
        if self.dry_run:
            return WITHOUT_DRY_RUN
        if any(one.rows for one in self.done.additions):
            return say("next: deliverables check reads the new rows with all the others")
        return None


def _no_sheet(name: str) -> Message:
    from deliverables.import_mapping import sheet_names

    near = nearest(name, sheet_names())
    if near:
        return say("there is no sheet {name}; did you mean {near}?", name=name, near=near)
    return say("there is no sheet {name}; there are {all}", name=name, all=listed(sheet_names()))


def _target(
    workplace: Workplace,
    number: str | None,
    period: str | None,
    row_type: type[Row],
    *,
    dated: bool,
) -> Target:
    """Return where the rows go, or end the command if that is not said clearly enough."""
    from deliverables.checks.operations import quarter_periods
    from deliverables.compute.term import period_names
    from deliverables.import_rows import Target

    examined = one_contract(workplace, number)
    if examined.book is None:
        workplace.show_problems(examined.problems)
        raise SystemExit(Exit.BAD_DATA)
    agreed = examined.book.contract
    periods = quarter_periods(agreed)
    only = _number_of(agreed, period) if period else 0
    if period and only not in periods:
        raise workplace.misused(
            say("there is no quarter {name}; there are {all}", name=period,
                all=listed(period_names(agreed).mark(quarter) for quarter in periods))
        )  # fmt: skip
    if not dated and not only:
        raise workplace.misused(
            say("rows of the sheet {sheet} bear no date: choose the quarter with --period",
                sheet=row_type.sheet)
        )  # fmt: skip
    return Target(
        folder=workplace.data / examined.contract / OPERATIONS,
        periods=periods,
        names=period_names(agreed),
        only=only or None,
    )


def _number_of(contract: Contract, period: str) -> int:
    """Return the number of the period of data that words name, or a number by itself."""
    from deliverables.compute.series import period_called

    return int(period) if period.isdecimal() else period_called(contract, period)
