"""A row that a command was told, put where a person would have typed it; and taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from lxml.etree import LxmlError

from deliverables.disk import disk
from deliverables.examination import examine
from deliverables.files import FileInUseError, refuse_if_open, sha256_of
from deliverables.folders import Folders
from deliverables.model.fields import Declaration, NotOfTypeError, Row, declarations, shown
from deliverables.model.ledger import Ledger
from deliverables.model.roster import Roster
from deliverables.read.files import LEDGER, ROSTER, contents
from deliverables.read.package import is_transparent
from deliverables.read.workbook import ReadSheet, read_sheet
from deliverables.scratch import Scratch
from deliverables.setup import blank_workbook
from deliverables.transaction import Transaction
from deliverables.values.figure import Cell
from deliverables.values.problem import Message, Problem, Severity, error, say
from deliverables.xlsx.edit import with_rows

_FILES: Final[Mapping[type, str]] = {Ledger: LEDGER, Roster: ROSTER}
_UNDO: Final = "undo"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A row that is to be entered in a workbook, which was `before` without it and is `after`.

    `created` says that there was no workbook yet.
    """

    workbook: Path
    row: Row
    before: bytes
    after: bytes
    created: bool = False
    private: bool = False

    @property
    def cells(self) -> Iterator[tuple[str, str]]:
        """The filled cells of the row: the header of the column, and what will stand there."""
        for name, declaration in declarations(type(self.row)).items():
            value = getattr(self.row, name)
            if value is not None and value != "":
                yield declaration.label, shown(declaration, value)


def lacking(row_type: type[Row], values: Mapping[str, str]) -> Iterator[tuple[str, Declaration]]:
    """Yield the columns that a row cannot do without and that nobody has given."""
    left_out = {one.name for one in fields(row_type) if one.default is not MISSING}
    for name, declaration in declarations(row_type).items():
        if name not in left_out and not values.get(name):
            yield name, declaration


def row_of(row_type: type[Row], values: Mapping[str, str], problems: list[Problem]) -> Row | None:
    """Return the row that the texts make, as if they stood in its cells; None with a problem."""
    parsed: dict[str, Any] = {}
    told = declarations(row_type)
    for name, written in values.items():
        if not written:
            continue
        try:
            parsed[name] = told[name].parse(written)
        except NotOfTypeError as fault:
            problems.append(_misfit(row_type, told[name], fault))
    for _, declaration in lacking(row_type, values):
        problems.append(
            error(
                "entry-lacks",
                Cell(row_type.sheet),
                say("{label} is not given", label=declaration.label),
                say("{advice}", advice=declaration.advice),
            )
        )
    return None if problems else row_type(**parsed)


def _misfit(row_type: type[Row], declaration: Declaration, fault: NotOfTypeError) -> Problem:
    return error(
        "entry-value",
        Cell(row_type.sheet),
        say("{label}: expected {expected}, found {found}", label=declaration.label,
            expected=fault.expected, found=fault.found),
        fault.fix or say("write it in that form"),
    )  # fmt: skip


def entry(
    book: type, row: Row, folders: Folders, contract: str, problems: list[Problem]
) -> Entry | None:
    """Return what entering the row would make of its workbook; None with a problem.

    Refused is what `check` would refuse: a row with which the data of the contract have an error
    that they do not have without it.
    """
    path = folders.data / contract / f"{_FILES[book]}.xlsx"
    created = not path.exists()
    before = blank_workbook(book, contract) if created else contents(path, problems)
    if before is None:
        return None
    sheet = _sheet(book, row, path, before, problems)
    if sheet is None:
        return None
    try:
        after = with_rows(before, sheet.place.sheet, sheet.columns, [row])
    except (LxmlError, KeyError, IndexError, ValueError):
        after = b""
    again = _sheet(book, row, path, after, []) if after else None
    if again is None or again.rows != (*sheet.rows, row):
        problems.append(
            error("entry-unfaithful", sheet.place,
                  say("the row would not read back as it was written"),
                  say("save the workbook once in Excel or WPS and enter it again"))
        )  # fmt: skip
        return None
    made = Entry(workbook=path, row=row, before=before, after=after, created=created,
                 private=book is Roster)  # fmt: skip
    problems += _objections(made, folders, contract)
    return None if problems else made


def _sheet(
    book: type, row: Row, path: Path, data: bytes, problems: list[Problem]
) -> ReadSheet[Row] | None:
    if not is_transparent(data):
        problems.append(
            error("entry-format", Cell(path.as_posix()),
                  say("rows can be entered in an .xlsx only, and this is none inside"),
                  say("open it in Excel or WPS and save it as .xlsx"))
        )  # fmt: skip
        return None
    found: list[Problem] = []
    sheet = read_sheet(path.as_posix(), data, book, type(row), found)
    problems += [one for one in found if one.severity is Severity.ERROR]
    return sheet


def _objections(made: Entry, folders: Folders, contract: str) -> list[Problem]:
    """Return the errors that the data have with the row and not without it."""
    known = {_same(one) for one in _errors(folders, contract)}
    source = folders.data / contract
    with Scratch() as scratch:
        copy = scratch.folder / folders.data.name
        scratch.copy(source, copy / contract)
        workdays = folders.data / "workdays"
        if workdays.is_dir():
            scratch.copy(workdays, copy / "workdays")
        scratch.write(copy / contract / made.workbook.name, made.after)
        found = _errors(Folders(copy, folders.out, folders.templates), contract)
        here = folders.data.as_posix()
        return [_as_if_in(one, copy.as_posix(), here) for one in found if _same(one) not in known]


def _errors(folders: Folders, contract: str) -> list[Problem]:
    return [
        problem
        for examined in examine(folders, contract)
        for problem in examined.problems
        if problem.severity is Severity.ERROR
    ]


def _same(problem: Problem) -> tuple[str, str]:
    return problem.code, str(problem.message)


def _as_if_in(problem: Problem, there: str, here: str) -> Problem:
    """Return the problem with the place that it has once the row is entered."""
    source = problem.source
    return replace(problem, source=replace(source, file=source.file.replace(there, here)))


def put(made: Entry, folders: Folders, contract: str) -> None:
    """Put the workbook with the row in place, and keep what takes it back.

    Raises:
        FileInUseError: Another program has it open, or saved it in the meantime.
    """
    refuse_if_open(made.workbook)
    if made.workbook.exists() != (not made.created) or (
        not made.created and made.workbook.read_bytes() != made.before
    ):
        raise FileInUseError(made.workbook)
    kept = folders.contract(contract) / _UNDO
    facts = {"workbook": made.workbook.name, "after": sha256(made.after).hexdigest(),
             "created": made.created}  # fmt: skip
    with Transaction(folders.contract(contract)) as change:
        _put_over(change, kept / "before", made.before)
        _put_over(change, kept / "entry.json", json.dumps(facts).encode())
    with Transaction(folders.data / contract) as change:
        over = "" if made.created else sha256(made.before).hexdigest()
        change.put(made.workbook, made.after, private=made.private, over=over)


def _put_over(change: Transaction, file: Path, data: bytes) -> None:
    """Let a file of ours hold something else."""
    change.put(file, data, private=True, over=sha256_of(file) if file.exists() else "")


def undo(folders: Folders, contract: str) -> Path | Message:
    """Take back the last row that was entered, and return its workbook; or say why it stays.

    Raises:
        FileInUseError: Another program has the workbook open.
    """
    kept = folders.contract(contract) / _UNDO
    try:
        facts = json.loads((kept / "entry.json").read_text("utf-8"))
        before, named = (kept / "before").read_bytes(), str(facts["workbook"])
    except (OSError, ValueError, KeyError, TypeError):
        return say("{contract}: no row was entered that could be taken back", contract=contract)
    workbook = folders.data / contract / Path(named).name
    there = workbook.read_bytes() if workbook.exists() else b""
    if sha256(there).hexdigest() != facts.get("after"):
        return say("{file} was changed since: take the row out in Excel or WPS",
                   file=workbook.as_posix())  # fmt: skip
    refuse_if_open(workbook)
    if facts.get("created"):
        disk().remove(workbook)
    else:
        with Transaction(folders.data / contract) as change:
            change.put(workbook, before, private=workbook.stem == ROSTER, over=facts["after"])
    disk().remove(kept / "entry.json")
    disk().remove(kept / "before")
    return workbook
