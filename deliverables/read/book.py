"""A contract's folder becomes a book: the files it is read from, and what is wrong with them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from deliverables.files.digest import sha256_of
from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract
from deliverables.model.contract_text import ContractText
from deliverables.model.ledger_sheets import Ledger
from deliverables.model.letters_sheets import Letters
from deliverables.model.operations_sheets import Operations
from deliverables.model.roster_sheets import Roster
from deliverables.read.contract_text import UnreadableTextError, text_of
from deliverables.read.files import (
    CONTRACT,
    LEDGER,
    LETTER_SUFFIXES,
    LETTERS,
    OPERATIONS,
    ROSTER,
    TEXT_FILE,
    contents,
    workbooks_in,
)
from deliverables.read.opened import open_workbook
from deliverables.read.workbook import is_blank_still, read_opened
from deliverables.read.yaml import bind_contract, parse_yaml
from deliverables.values.calendar import Calendar
from deliverables.values.figure import Cell, Line
from deliverables.values.period_names import QUARTER, SIGNS, PeriodNames, names_of
from deliverables.values.problem import Message, Problem, error, gap, listed, say, warning

W = TypeVar("W", Operations, Roster, Ledger, Letters)

PERIOD = re.compile(rf"(?i:(?P<sign>[{SIGNS}])0*(?P<number>\d{{1,3}}))")
"""The name of a period's workbook without its extension."""
_SOUND_WHEN_BLANK = (Ledger, Letters)
"""A blank one of these is data: nothing was paid or written so far."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a contract, and every problem met on the way.

    The book is None where contract.yaml is not sound. A workbook with errors, or that nobody has
    filled in yet, is left out of it.
    """

    book: ContractBook | None
    problems: tuple[Problem, ...]


def read_book(folder: Path, calendar: Calendar) -> Reading:
    """Return the book of the contract in `folder`; bad data become problems, never exceptions."""
    reader = _Reader(folder)
    contract = reader.contract()
    quarters = reader.quarters(contract)
    roster = reader.single(ROSTER, Roster, say("no confidentiality agreement can be made"))
    ledger = reader.single(
        LEDGER, Ledger, say("payments, invoices and acceptances are taken as none so far")
    )
    letters = reader.letters()
    if contract is None:
        return Reading(None, tuple(reader.problems))
    book = ContractBook(
        contract=contract,
        quarters=quarters,
        roster=roster,
        ledger=ledger,
        letters=letters,
        calendar=calendar,
        text=reader.text(),
        inputs=reader.inputs,
    )
    return Reading(book, tuple(reader.problems))


class _Reader:
    """Reads the files of one folder, keeping the problems and the digest of every file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._name = folder.name or folder.resolve().name  # the current folder is called "."
        self.problems: list[Problem] = []
        self.inputs: dict[str, str] = {}

    def contract(self) -> Contract | None:
        """Return what contract.yaml states."""
        path = self._folder / CONTRACT
        data = self._contents(path)
        tree = parse_yaml(data, path.as_posix(), self.problems) if data else None
        contract = bind_contract(tree, self.problems) if tree else None
        if contract and contract.identity.number != self._name:
            self.problems.append(self._misplaced(contract))
            return None
        return contract

    def text(self) -> ContractText | None:
        """Return the contract's own text, where it lies beside contract.yaml.

        It is no input: documents are made from contract.yaml, and the checks hold the two together.
        """
        file = self._folder / TEXT_FILE
        if not file.exists():
            return None
        data = contents(file, self.problems)
        try:
            return text_of(file.as_posix(), data) if data else None
        except UnreadableTextError as fault:
            self.problems.append(
                error(
                    "text-unreadable",
                    Line(file.as_posix()),
                    say("the text of the contract cannot be read: {reason}", reason=fault.message),
                    say("save it as UTF-8 text, or move it away"),
                )
            )
            return None

    def quarters(self, contract: Contract | None) -> dict[int, Operations]:
        """Return the workbooks of the periods by number: Q2.xlsx, M03.xlsx.

        Whether the term has such a period is for the rules to say.
        """
        series = contract.data_series if contract else None
        names = series.names if series and contract and contract.is_cut_by(series) else None
        by_number: dict[int, list[Path]] = {}
        self.problems += [
            _misplaced(path) for path in workbooks_in(self._folder) if PERIOD.fullmatch(path.stem)
        ]
        for path in workbooks_in(self._folder / OPERATIONS):
            named = PERIOD.fullmatch(path.stem)
            number = int(named["number"]) if named else 0
            if number < 1 or (names and named and named["sign"].upper() != names.sign):
                self.problems.append(_no_period(path, names or names_of(QUARTER, calendar=False)))
            else:
                by_number.setdefault(number, []).append(path)
        found: dict[int, Operations] = {}
        for number, paths in sorted(by_number.items()):
            quarter = self._one_of(paths, Operations)
            if quarter and quarter.cover.quarter != number:
                self.problems.append(_other_quarter(quarter, number))
            elif quarter:
                found[number] = quarter
        return found

    def single(self, stem: str, kind: type[W], without: Message) -> W | None:
        """Return the workbook `stem` of the folder; its absence is worth a warning."""
        paths = workbooks_in(self._folder, stem)
        if paths:
            return self._one_of(paths, kind)
        self.problems.append(
            warning(
                "workbook-missing",
                Line((self._folder / f"{stem}.xlsx").as_posix()),
                say("the workbook does not exist: {without}", without=without),
                say("deliverables workbook {name} writes a blank one to fill in", name=stem),
            )
        )
        return None

    def letters(self) -> Letters | None:
        """Return the letters; a contract without any has no such workbook, or a blank one.

        The contract's own kinds of letter are inputs too: what is made of them is stale when they
        change.
        """
        own = self._folder / LETTERS
        for path in sorted(own.iterdir()) if own.is_dir() else ():
            if path.suffix in LETTER_SUFFIXES and not path.name.startswith((".", "~$")):
                self._contents(path)
        paths = workbooks_in(self._folder, LETTERS)
        return self._one_of(paths, Letters) if paths else None

    def _one_of(self, paths: list[Path], kind: type[W]) -> W | None:
        if len(paths) > 1:
            self.problems.append(_rivals(paths))
            return None
        data = self._contents(paths[0])
        if data is None:
            return None
        file = paths[0].as_posix()
        opened = open_workbook(file, data, self.problems)
        if opened is None:
            return None
        if kind not in _SOUND_WHEN_BLANK and is_blank_still(opened, data):
            self.problems.append(_blank(paths[0], kind))
            return None
        return read_opened(file, opened, kind, self.problems)

    def _contents(self, path: Path) -> bytes | None:
        data = contents(path, self.problems)
        if data is not None:
            below = f"{self._name}/{path.relative_to(self._folder).as_posix()}"
            self.inputs[below] = sha256_of(data)
        return data

    def _misplaced(self, contract: Contract) -> Problem:
        return error(
            "contract-folder",
            contract.identity.place("number"),
            say(
                "the contract number is {number}, the folder is called {folder}",
                number=contract.identity.number,
                folder=self._name,
            ),
            say("correct the number, or rename the folder to it"),
        )


def _blank(path: Path, kind: type) -> Problem:
    """A quarter or a roster that nobody has filled in: no data, and no mistake either.

    A blank ledger is data, see `_SOUND_WHEN_BLANK`.
    """
    fix = (
        say("deliverables workbook {quarter} puts its days and what is carried over into it; "
            "fill it in when the quarter is over", quarter=path.stem.upper())
        if kind is Operations
        else say("enter everyone who works on the project")
    )  # fmt: skip
    return gap("workbook-blank", Cell(path.as_posix()), say("nothing is filled in yet"), fix)


def _misplaced(path: Path) -> Problem:
    return warning(
        "workbook-misplaced",
        Cell(path.as_posix()),
        say("the workbook of a period is not read here"),
        say("move it into {folder}", folder=(path.parent / OPERATIONS).as_posix()),
    )


def _no_period(path: Path, names: PeriodNames) -> Problem:
    return error(
        "quarter-unknown",
        Line(path.as_posix()),
        say("expected a workbook with a name such as {example}.xlsx, found {name}",
            example=names.mark(1), name=path.name),
        say("rename it to the period it belongs to, or move it out of this folder"),
    )  # fmt: skip


def _other_quarter(quarter: Operations, number: int) -> Problem:
    return error(
        "quarter-mismatch",
        quarter.cover.place("quarter"),
        say(
            "the number of the period: the file name says {expected}, the cell says {found}",
            expected=number,
            found=quarter.cover.quarter,
        ),
        say("correct the cell, or rename the file"),
    )


def _rivals(paths: list[Path]) -> Problem:
    return error(
        "workbook-rivals",
        Line(paths[0].as_posix()),
        say("the same workbook exists as {names}", names=listed(path.name for path in paths)),
        say("keep the one that is right and move the others away"),
    )
