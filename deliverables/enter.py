"""Rows that a command was told, put where a person would have typed them; and taken back."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from datetime import date, timedelta
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any, Final, TypeVar

from deliverables.checks.across import untold_moves
from deliverables.checks.operations import DatedQuarter
from deliverables.compute.account import account_of
from deliverables.compute.term import service_period
from deliverables.examination import examine
from deliverables.files.digest import sha256_of
from deliverables.files.disk import disk
from deliverables.files.file_name import stays_within
from deliverables.files.placement import Transaction
from deliverables.files.refusal import refuse_if_open
from deliverables.files.scratch import Scratch
from deliverables.folders import Folders
from deliverables.kinds import Deliverable, Role
from deliverables.model.book import ContractBook
from deliverables.model.fields import (
    MONTH,
    Declaration,
    NotOfTypeError,
    Row,
    declarations,
    shown,
)
from deliverables.model.ledger_sheets import UNFINISHED, Acceptance, Ledger, PaymentRequestSent
from deliverables.model.letters_sheets import SENT, Letter, Letters
from deliverables.model.operations_sheets import Operations, StaffChange
from deliverables.model.roster_sheets import SECRET, Roster, StaffMember
from deliverables.read.characters import nearest
from deliverables.read.files import LEDGER, LETTERS, ROSTER, contents
from deliverables.register import Entry
from deliverables.setup import blank_workbook
from deliverables.values.figure import Cell, Source
from deliverables.values.identifiers import mask
from deliverables.values.problem import Message, Problem, Severity, error, listed, say, warning
from deliverables.xlsx import rows
from deliverables.xlsx.rows import OpenedSheet

_FILES: Final[Mapping[type, str]] = {Ledger: LEDGER, Roster: ROSTER, Letters: LETTERS}
_UNDO = "undo"
_MOST_KEPT = 20
"""So many entries of a contract can be taken back, one after the other."""
_MOST_TOLD = 10
"""So many rows of a workbook are shown before they are taken back."""
NO_OPTIONS: Final[Mapping[str, str]] = {}
R = TypeVar("R", bound=Row)
_NAMES_NOTHING: Final = frozenset({"event-unknown", "fulfilment-unknown", "letter-untaken"})
"""What check says of a row that nothing will ever be made of; it is not worth entering."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EnteredRows:
    """Rows that are to be entered in a workbook, which was `before` without and is `after` with.

    `before` is empty if there was no workbook yet. `beside` are the entries that what happened asks
    for in other workbooks of the contract, `warnings` what check would say of the data only
    once the rows stand there.
    """

    workbook: Path
    rows: tuple[Row, ...]
    before: bytes
    after: bytes
    private: bool = False
    beside: tuple[EnteredRows, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def all(self) -> tuple[EnteredRows, ...]:
        """This entry and those beside it."""
        return (self, *self.beside)

    @property
    def cells(self) -> Iterator[tuple[str, str]]:
        """The filled cells of the rows, one after the other, those beside them too."""
        for one in self.all:
            for row in one.rows:
                yield from self.cells_of(row)

    @staticmethod
    def cells_of(row: Row) -> Iterator[tuple[str, str]]:
        """Yield the filled cells of a row: the header of the column, what will stand there.

        Of an identity number it is the end alone: a terminal and a log are read by many.
        """
        for name, declaration in declarations(type(row)).items():
            value = getattr(row, name)
            if value is not None and value != "":
                text = _typed(declaration, value)
                yield declaration.label, mask(text) if (type(row), name) == SECRET else text


def _typed(declaration: Declaration, value: object) -> str:
    """Return a value as it is typed: a day 2026-07-06, a month 2026-07, others as they print."""
    if type(value) is not date:
        return shown(declaration, value)
    return f"{value:%Y-%m}" if declaration.type is MONTH else value.isoformat()


def lacking(row_type: type[Row], values: Mapping[str, str]) -> Iterator[tuple[str, Declaration]]:
    """Yield the columns that a row cannot do without and that nobody has given."""
    left_out = {one.name for one in fields(row_type) if one.default is not MISSING}
    for name, declaration in declarations(row_type).items():
        if name not in left_out and not values.get(name):
            yield name, declaration


def lacks(
    row_type: type[Row],
    left_out: Iterable[tuple[str, Declaration]],
    options: Mapping[str, str] = NO_OPTIONS,
) -> Iterator[Problem]:
    """Yield a problem for each column that must be given and is not, with the option for it."""
    for name, declaration in left_out:
        advice = say("{advice}", advice=declaration.advice)
        option = options.get(name)
        yield error(
            "entry-lacks",
            Cell(row_type.sheet),
            say("{label} is not given", label=declaration.label),
            say("add {option}: “{advice}”", option=option, advice=advice) if option else advice,
        )


def row_of(
    row_type: type[R],
    values: Mapping[str, str],
    problems: list[Problem],
    options: Mapping[str, str] = NO_OPTIONS,
) -> R | None:
    """Return the row that the texts make, as if they stood in its cells; None with a problem."""
    parsed = _parsed(row_type, values, problems)
    problems += lacks(row_type, lacking(row_type, values), options)
    return None if problems else row_type(**parsed)


def _parsed(
    row_type: type[Row], values: Mapping[str, str], problems: list[Problem]
) -> dict[str, Any]:
    parsed: dict[str, Any] = {}
    told = declarations(row_type)
    for name, written in values.items():
        if not written:
            continue
        try:
            parsed[name] = told[name].parse(written)
        except NotOfTypeError as fault:
            fix = fault.fix or say("write it in that form")
            problems.append(
                error("entry-value", Cell(row_type.sheet), misfit(told[name], fault), fix)
            )
    return parsed


_AROUND: Final = timedelta(days=366)


def unlikely_days(
    row_type: type[Row],
    values: Mapping[str, str],
    book: ContractBook | None,
    today: date,
    ahead: Collection[str] = (),
) -> Iterator[Problem]:
    """Yield a problem for each day that cannot be meant: far from the term, or not yet come.

    Days of the columns `ahead` are set beforehand and may be still to come. A column that has
    bounds of its own is not bound by the signing of the contract.
    """
    told = declarations(row_type)
    for name, text in values.items():
        try:
            day = told[name].parse(text) if text else None
        except NotOfTypeError:  # it is told as what it is
            continue
        if type(day) is not date:
            continue
        column, shows = told[name].label, _typed(told[name], day)
        first, last = _around(book, today) if book else (date.min, date.max)
        if day > last or (day < first and not told[name].between):
            yield error(
                "entry-day",
                Cell(row_type.sheet),
                say("{column} {day} is far from the term of the contract; from {first} to {last} "
                    "days are taken", column=column, day=shows, first=first, last=last),
                say("correct the year; a day that is right all the same is typed in Excel or WPS"),
            )  # fmt: skip
        elif day > today and name not in ahead:
            yield error(
                "entry-day",
                Cell(row_type.sheet),
                say("{column} {day} has not come yet: today is {today}", column=column, day=shows,
                    today=today),
                say("enter what has happened, on the day it did"),
            )  # fmt: skip


def _around(book: ContractBook, today: date) -> tuple[date, date]:
    """Return the days between which what happens under a contract lies, a year beside its term."""
    term = service_period(book.contract)
    return term.first - _AROUND, max(term.last, today) + _AROUND


def misfit(declaration: Declaration, fault: NotOfTypeError) -> Message:
    """Return what was expected in a column and what was written instead."""
    return say("{label}: expected {expected}, found {found}", label=declaration.label,
               expected=fault.expected, found=fault.found)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Desk:
    """Where rows are entered: a contract, and the errors that its data have already.

    With its `book`, who joins or leaves is entered in the workbook of the period too.
    """

    folders: Folders
    contract: str
    known: tuple[Problem, ...] = ()
    book: ContractBook | None = None

    def entry(self, book: type, rows: Sequence[Row], problems: list[Problem]) -> EnteredRows | None:
        """Return what entering rows makes of a workbook, each in its sheet; None with a problem.

        Refused is what `check` would refuse: rows with which the data of the contract have an
        error that they do not have without them. A row that names nothing of the contract is
        refused too, although `check` only warns of one that stands there.
        """
        before = after = self._workbook(book, problems)
        for row_type, group in groupby(rows, key=type):
            opened: OpenedSheet[Any] | None = (
                OpenedSheet.of(self._path(book), after, book, row_type, problems) if after else None
            )
            after = opened.with_added([*group], problems) if opened else None
        return self._unless_objected(book, before, after, rows, problems)

    def has(self, book: type, row_type: type[Row], which: Mapping[str, str]) -> bool:
        """Return whether a row is there that `which` names."""
        opened, keys = self._opened(book, row_type, []), _parsed(row_type, which, [])
        return opened is not None and any(
            all(getattr(row, name) == value for name, value in keys.items())
            for row in opened.sheet.rows
        )

    def refuse_twice(
        self,
        book: type,
        rows: Sequence[Row],
        once: Sequence[str],
        fix: Message,
        problems: list[Problem],
    ) -> None:
        """Add a problem for each row whose like is there already, by its `once` columns."""
        if not rows or not once:
            return
        row_type = type(rows[0])
        opened, told = self._opened(book, row_type, []), declarations(row_type)
        there = opened.sheet.rows if opened else ()
        for row in rows:
            alike = (
                each
                for each in there
                if all(getattr(each, name) == getattr(row, name) for name in once)
            )
            like = next(alike, None)
            if like is not None:
                words = listed(f"{told[name].label} {shown(told[name], value)}" for name in once
                               if (value := getattr(row, name)))  # fmt: skip
                place = str(like.place(""))
                problems.append(
                    error(
                        "entry-twice",
                        Cell(row_type.sheet),
                        say("{words} stands in {place} already", words=words, place=place),
                        fix,
                    )
                )

    def change(
        self,
        book: type,
        row_type: type[Row],
        which: Mapping[str, str],
        values: Mapping[str, str | None],
        problems: list[Problem],
    ) -> EnteredRows | None:
        """Return what a workbook would be with other values in the one row that `which` names.

        A value that is None empties its cell. None with a problem.
        """
        opened = self._opened(book, row_type, problems)
        keys = _parsed(row_type, which, problems)
        if opened is None or problems:
            return None
        found = [
            row
            for row in opened.sheet.rows
            if all(getattr(row, name) == value for name, value in keys.items())
        ]
        if len(found) != 1:
            problems.append(_not_one(opened, row_type, which, len(found)))
            return None
        return self._exchanged(opened, found[0], values, problems)

    def complete(
        self,
        book: type,
        row_type: type[R],
        waits: Callable[[R], bool],
        values: Mapping[str, str | None],
        problems: list[Problem],
    ) -> EnteredRows | None:
        """Return what a workbook would be with values in the one row that waits for them.

        None without a problem if no row waits, or several do.
        """
        opened = self._opened(book, row_type, problems)
        found = [row for row in opened.sheet.rows if waits(row)] if opened else []
        if opened is None or len(found) != 1:
            return None
        return self._exchanged(opened, found[0], values, problems)

    def _exchanged(
        self,
        opened: OpenedSheet[R],
        old: R,
        values: Mapping[str, str | None],
        problems: list[Problem],
    ) -> EnteredRows | None:
        given = {name: text for name, text in values.items() if text is not None}
        parsed = _parsed(opened.row_type, given, problems)
        if problems:
            return None
        emptied: dict[str, Any] = {
            one.name: one.default
            for one in fields(opened.row_type)
            if one.name in values and values[one.name] is None
        }
        row = replace(old, **emptied, **parsed)
        after = opened.with_exchanged(old, row, problems)
        return self._unless_objected(opened.book, opened.data, after, (row,), problems)

    def _path(self, book: type) -> Path:
        return self.folders.data / self.contract / f"{_FILES[book]}.xlsx"

    def _workbook(self, book: type, problems: list[Problem]) -> bytes | None:
        """Return the workbook as it is, a blank one where there is none; None with a problem."""
        path = self._path(book)
        return contents(path, problems) if path.exists() else blank_workbook(book, self.contract)

    def _opened(
        self, book: type, row_type: type[R], problems: list[Problem]
    ) -> OpenedSheet[R] | None:
        data = self._workbook(book, problems)
        path = self._path(book)
        return OpenedSheet.of(path, data, book, row_type, problems) if data else None

    def _unless_objected(
        self,
        book: type,
        before: bytes | None,
        after: bytes | None,
        rows: Sequence[Row],
        problems: list[Problem],
    ) -> EnteredRows | None:
        if before is None or after is None:
            return None
        path = self._path(book)
        made = EnteredRows(
            workbook=path,
            rows=tuple(rows),
            before=before if path.exists() else b"",
            after=after,
            private=book is Roster,
            beside=tuple(self._moves(rows, problems)),
        )
        found = self._caused(made)
        objections = [one for one in found if one.severity is Severity.ERROR]
        objections += [one for one in found if one.code in _NAMES_NOTHING]
        problems += objections
        warnings = tuple(one for one in found if one.severity is Severity.WARNING)
        return None if problems else replace(made, warnings=warnings)

    def _moves(self, rows: Sequence[Row], problems: list[Problem]) -> Iterator[EnteredRows]:
        """Yield what the workbooks of periods must say of people who joined or left."""
        people = [row for row in rows if isinstance(row, StaffMember)]
        untold = untold_moves(self.book, people) if self.book else ()
        for quarter, moves in groupby(untold, key=lambda move: move[0]):
            path = Path(quarter.workbook.file)
            before = contents(path, problems)
            opened = before and OpenedSheet.of(path, before, Operations, StaffChange, problems)
            added = [row for row in map(_change, moves) if row is not None]
            after = opened.with_added(added, problems) if opened else None
            if before and after:
                yield EnteredRows(workbook=path, rows=tuple(added), before=before, after=after)

    def _caused(self, made: EnteredRows) -> list[Problem]:
        """Return the problems that the data have with the rows and not without them."""
        known = {_same(one) for one in self.known}
        source = self.folders.data / self.contract
        with Scratch() as scratch:
            copy = scratch.folder / self.folders.data.name
            scratch.copy(source, copy / self.contract)
            workdays = self.folders.data / "workdays"
            if workdays.is_dir():
                scratch.copy(workdays, copy / "workdays")
            for one in made.all:
                scratch.write(copy / one.workbook.relative_to(self.folders.data), one.after)
            there = Folders(copy, self.folders.out, self.folders.templates)
            found = [one for each in examine(there, self.contract) for one in each.problems]
            here = self.folders.data.as_posix()
            return [
                _as_if_in(one, copy.as_posix(), here) for one in found if _same(one) not in known
            ]


def of_acceptance(
    desk: Desk, stage: str, day: date, told: Mapping[str, str], problems: list[Problem]
) -> EnteredRows | None:  # fmt: skip
    """Return the row of 验收 that a paper of acceptance calls for.

    One whose notice was received and that has no end yet is completed, else a row is added. What
    stands there already is a problem: a paper is entered once.
    """
    end = {"accepted": day.isoformat(), **told}

    def waits(row: Acceptance) -> bool:
        return row.stage == stage and row.result == UNFINISHED and row.accepted is None

    made = desk.complete(Ledger, Acceptance, waits, end, problems)
    if made or problems:
        return made
    row = row_of(Acceptance, {"stage": stage, **end}, problems)
    if row is not None:
        fix = say("leave it; if a cell is wrong, correct it in the workbook")
        desk.refuse_twice(Ledger, (row,), ("stage", "accepted"), fix, problems)
    return None if row is None or problems else desk.entry(Ledger, (row,), problems)


def rows_of_delivery(book: ContractBook, one: Deliverable, stage: str) -> Iterator[Problem]:
    """Yield each row that tells of a delivery of a document that was withdrawn since.

    They say what happened, and stay; what takes its place is entered beside them, and a notice of
    acceptance that no longer holds leaves its row, or nobody could write another.
    """
    if book.ledger:
        for request in book.ledger.requests:
            if _is_request(one, request) and request.delivered:
                yield _told_by(request.place("delivered"), request.delivered,
                               say("leave the row; enter the request that takes its place in a "
                                   "row of its own"))  # fmt: skip
        for row in book.ledger.acceptances:
            if stage and row.stage == stage and row.result == UNFINISHED and row.notice_received:
                yield _told_by(
                    row.place("notice_received"),
                    row.notice_received,
                    say("delete the row, else the notice is taken to stand"),
                )
    if book.letters:
        for letter in book.letters.letters:
            if _is_letter(one, letter) and letter.delivered:
                yield _told_by(letter.place("delivered"), letter.delivered,
                               say("empty the cell once the letter that takes its place is "
                                   "final; its delivery is entered there"))  # fmt: skip


def _told_by(place: Source, day: date, fix: Message) -> Problem:
    return warning(
        "withdrawn-row",
        place,
        say("it tells that the document was delivered on {day}", day=day),
        fix,
    )


def _is_request(one: Deliverable, row: PaymentRequestSent) -> bool:
    return one.role is Role.ASKS and one.part == str(row.instalment)


def _is_letter(one: Deliverable, row: Letter) -> bool:
    return row.direction == SENT and row.kind == one.name and one.part in {row.number, row.about}


def of_delivery(
    desk: Desk, one: Deliverable, sent: Entry | None, day: date, problems: list[Problem]
) -> EnteredRows | None:
    """Return the row of a request or a letter completed with its receipt, if one waits for it.

    A payment request that has none yet, `sent` as its final version says, gets one.
    """

    def request(row: PaymentRequestSent) -> bool:
        return _is_request(one, row) and row.delivered is None

    def letter(row: Letter) -> bool:
        return _is_letter(one, row) and row.delivered is None

    receipt = {"delivered": day.isoformat()}
    made = desk.complete(Ledger, PaymentRequestSent, request, receipt, problems) or desk.complete(
        Letters, Letter, letter, receipt, problems
    )
    if made or problems or sent is None:
        return made
    told = _request_sent(desk.book, one, sent)
    row = row_of(PaymentRequestSent, {**told, **receipt}, problems) if told else None
    return None if row is None else desk.entry(Ledger, (row,), problems)


def _request_sent(book: ContractBook | None, one: Deliverable, sent: Entry) -> dict[str, str]:
    """Return what 请款 says of a payment request; nothing where it has the row already."""
    if book is None or book.ledger is None or one.role is not Role.ASKS:
        return {}
    entered = any(_is_request(one, row) and row.sent >= sent.as_of for row in book.ledger.requests)
    money = None if entered else account_of(book, sent.as_of)
    for state in money.instalments if money else ():
        if one.part == str(state.instalment.number) and state.outstanding.value > 0:
            number = {"letter": said} if (said := sent.details.get("number")) else {}
            return {"instalment": one.part, "sent": sent.as_of.isoformat(), **number,
                    "amount": str(state.outstanding.value)}  # fmt: skip
    return {}


def _change(move: tuple[DatedQuarter, StaffMember, str, str]) -> StaffChange | None:
    """Return the row of 人员 that tells of somebody who joined or left."""
    _, member, kind, field = move
    told = {"day": str(getattr(member, field)), "kind": kind, "name": member.name,
            "post": member.post, "key_staff": "是" if member.key_staff else "否",
            "evidence": f"人员名册 {member.number}"}  # fmt: skip
    return row_of(StaffChange, told, [])


def _not_one(
    opened: OpenedSheet[R], row_type: type[R], which: Mapping[str, str], count: int
) -> Problem:
    told = declarations(row_type)
    name, typed = next(iter(which.items()))
    there = dict.fromkeys(shown(told[name], getattr(row, name)) for row in opened.sheet.rows)
    words = listed(f"{told[each].label} {text}" for each, text in which.items() if text)
    if count:
        return error(
            "entry-which",
            opened.sheet.place,
            say("{count} rows have {words}", count=count, words=words),
            say("say more of the row that is meant, or change it in Excel or WPS"),
        )
    near = nearest(typed, there)
    return error(
        "entry-which",
        opened.sheet.place,
        say("no row has {words}", words=words),
        say("did you mean {near}?", near=near) if near
        else say("there are {all}", all=listed(there)) if there
        else say("enter the row first"),
    )  # fmt: skip


def _same(problem: Problem) -> tuple[str, str]:
    return problem.code, str(problem.message)


def _as_if_in(problem: Problem, there: str, here: str) -> Problem:
    """Return the problem with the place that it has once the row is entered."""
    source = problem.source
    return replace(problem, source=replace(source, file=source.file.replace(there, here)))


def put(entries: Mapping[str, EnteredRows], folders: Folders) -> None:
    """Put the workbooks of contracts with their rows in place, and keep what takes them back.

    Raises:
        FileInUseError: Another program has one open, or saved it in the meantime.
    """
    digests = [sha256(one.after).hexdigest() for made in entries.values() for one in made.all]
    run = sha256("".join(digests).encode()).hexdigest()
    for made in entries.values():
        for one in made.all:  # before the first is written
            refuse_if_open(one.workbook)
    for contract, made in entries.items():
        kept, source = folders.contract(contract) / _UNDO, folders.data / contract
        older, last = _entries(kept), _last(folders, contract)
        if last and all(one.never_came for one in last.workbooks):
            _forget(older.pop())
        name = f"{int(older[-1].stem) + 1 if older else 1:06}"
        told = [
            {
                "workbook": one.workbook.relative_to(source).as_posix(),
                "after": sha256(one.after).hexdigest(),
                "created": not one.before,
                "private": one.private,
                "before": f"{name}-{number}",
                "rows": [[row.sheet, [*one.cells_of(row)]] for row in one.rows[:_MOST_TOLD]],
                "count": len(one.rows),
            }
            for number, one in enumerate(made.all)
        ]
        facts = {"run": run, "contracts": [*entries], "workbooks": told}
        with Transaction(source) as change:
            for one in made.all:
                rows.put(change, one.workbook, one.before, one.after, private=one.private)
            with Transaction(folders.contract(contract)) as memory:
                for number, one in enumerate(made.all):
                    _put_over(memory, kept / f"{name}-{number}", one.before)
                _put_over(memory, kept / f"{name}.json", json.dumps(facts).encode())
        for entry in older[: -_MOST_KEPT + 1]:
            _forget(entry)


def _entries(kept: Path) -> list[Path]:
    """Return what was entered and can be taken back, oldest first."""
    return sorted(kept.glob("*.json"))


def _forget(entry: Path) -> None:
    """Remove an entry, first of all, and the workbooks as they were before it."""
    disk().remove(entry)
    for memory in entry.parent.glob(f"{entry.stem}-*"):
        disk().remove(memory)


def _put_over(change: Transaction, file: Path, data: bytes) -> None:
    """Let a file of ours hold something else."""
    change.put(file, data, private=True, over=sha256_of(file) if file.exists() else "")


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was entered in a workbook: its sheet, how many rows, and the cells of the first."""

    workbook: Path
    sheet: str
    count: int
    rows: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kept:
    """A workbook as it was before the last entry; `after` is the hash it had with it."""

    workbook: Path
    memory: Path
    after: str
    created: bool
    private: bool
    entered: Remembered

    @property
    def before(self) -> bytes:
        """The workbook as it was; nothing where there was none."""
        return self.memory.read_bytes()

    @property
    def state(self) -> str:
        """The hash of the workbook as it is now."""
        return sha256_of(self.workbook.read_bytes() if self.workbook.exists() else b"")

    @property
    def never_came(self) -> bool:
        """Whether the run that was to enter it was killed before it did."""
        return self.state == sha256_of(self.before)


@dataclass(frozen=True, slots=True)
class _Last:
    """The last entry of a contract: what it was entered with, and the workbooks as they were."""

    file: Path
    run: str
    contracts: tuple[str, ...]
    workbooks: tuple[_Kept, ...]


def _last(folders: Folders, contract: str) -> _Last | None:
    """Return the last entry of a contract; None where there is none that could be taken back."""
    kept, source = folders.contract(contract) / _UNDO, folders.data / contract
    try:
        entry = _entries(kept)[-1]
        facts = json.loads(entry.read_text("utf-8"))
        workbooks = tuple(
            _Kept(workbook=source / one["workbook"], memory=kept / one["before"],
                  after=str(one["after"]), created=bool(one["created"]),
                  private=bool(one["private"]), entered=_remembered(source, one))
            for one in facts["workbooks"]
            if stays_within(one["workbook"]) and stays_within(one["before"])
        )  # fmt: skip
        return _Last(entry, str(facts["run"]), tuple(map(str, facts["contracts"])), workbooks)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def _remembered(source: Path, told: Mapping[str, Any]) -> Remembered:
    sheet, _ = told["rows"][0]
    rows = tuple(dict(cells) for _, cells in told["rows"])
    return Remembered(source / told["workbook"], str(sheet), int(told["count"]), rows)


def entered_last(folders: Folders, contracts: Iterable[str]) -> str | None:
    """Return a contract of the one run that can be taken back; None if there are more, or none."""
    last = {number: found for number in contracts if (found := _last(folders, number))}
    return next(iter(last)) if len({one.run for one in last.values()}) == 1 else None


def _restore(one: _Kept, source: Path) -> None:
    """Let a workbook be as it was, unless it is so already."""
    if one.created:
        disk().remove(one.workbook)
    elif one.state == one.after:
        with Transaction(source) as change:
            change.put(one.workbook, one.before, private=one.private, over=one.after)


@dataclass(frozen=True, slots=True)
class Undoing:
    """What was entered last, with what was entered with it in other contracts, to take it back."""

    folders: Folders
    entries: tuple[tuple[str, _Last], ...]

    @property
    def entered(self) -> tuple[Remembered, ...]:
        """What was entered, by workbook."""
        return tuple(one.entered for _, one in self._kept)

    @property
    def contracts(self) -> tuple[str, ...]:
        """The contracts, in the order in which they were entered."""
        return tuple(number for number, _ in self.entries)

    @property
    def _kept(self) -> list[tuple[str, _Kept]]:
        return [(number, one) for number, entry in self.entries for one in entry.workbooks]

    def take_back(self) -> None:
        """Let the workbooks be as they were.

        Raises:
            FileInUseError: Another program has a workbook open.
        """
        for _, one in self._kept:
            refuse_if_open(one.workbook)
        for number, one in self._kept:
            _restore(one, self.folders.data / number)
        for _, entry in self.entries:
            _forget(entry.file)


def undoing(folders: Folders, contract: str) -> Undoing | Message:
    """Return what was entered last, or why it stays: all of it, or none is taken back.

    Once that is taken back, it is what was entered before, if its workbook is as that left it.
    """
    last = _last(folders, contract)
    if last is None:
        return say("{contract}: no row was entered that could be taken back", contract=contract)
    run = [(number, _last(folders, number)) for number in last.contracts]
    entries = tuple((number, one) for number, one in run if one)
    for number, entry in entries:
        if entry.run != last.run:
            return say("{contract}: another row was entered since: take the rows out in Excel or "
                       "WPS", contract=number)  # fmt: skip
        for one in entry.workbooks:
            if one.state not in (one.after, sha256_of(one.before)):
                return say("{file} was changed since: take the row out in Excel or WPS",
                           file=one.workbook.as_posix())  # fmt: skip
    return Undoing(folders, entries)
