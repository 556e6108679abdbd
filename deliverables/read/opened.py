"""A workbook opened within bounds: what its sheets hold, and what their cells do not tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import TypeVar

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from deliverables.model.fields import Raw
from deliverables.read.input_package import DamagedError, TooLargeError, is_transparent
from deliverables.read.workbook_facts import SheetFacts, WorkbookFacts, facts_of
from deliverables.values.figure import Cell
from deliverables.values.problem import Problem, error, say, warning

T = TypeVar("T")

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_VISIBLE = "Visible"


class UnreadableError(Exception):
    """The spreadsheet reader gives up, or falls over."""


@dataclass(frozen=True, slots=True)
class LoadedSheet:
    """Every row of a sheet from A1; `merged` are the first and last corners of merged cells."""

    rows: Sequence[Sequence[Raw]]
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]


class Opened:
    """The sheets of a workbook by the names on their tabs."""

    def __init__(self, workbook: CalamineWorkbook, facts: WorkbookFacts) -> None:
        self._workbook = workbook
        self._facts = facts
        self.from_1904 = facts.from_1904

    @cached_property
    def names(self) -> Sequence[str]:
        """The names of the sheets, from left to right."""
        return tuple(self._workbook.sheet_names)

    @cached_property
    def hidden(self) -> frozenset[str]:
        """The sheets that are hidden."""
        return frozenset(
            one.name
            for one in self._workbook.sheets_metadata
            if not str(one.visible).endswith(_VISIBLE)
        )

    def facts(self, name: str) -> SheetFacts:
        """Return what a sheet tells beside its cells; one that cannot be looked at is damaged."""
        return self._facts.sheets.get(name, SheetFacts(damaged=True))

    def sheet(self, name: str) -> LoadedSheet:
        """Return the rows of a sheet; raises UnreadableError."""

        def loaded() -> LoadedSheet:
            sheet = self._workbook.get_sheet_by_name(name)
            return LoadedSheet(
                sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or ()
            )

        if self.facts(name).damaged or self.facts(name).too_large:
            raise UnreadableError
        return _caught(loaded)


def _caught(work: Callable[[], T]) -> T:
    """Return what the spreadsheet reader returns; whatever it falls over is UnreadableError."""
    try:
        return work()
    except PasswordError:
        raise
    except (CalamineError, OSError, ValueError, OverflowError, MemoryError) as fault:
        raise UnreadableError from fault
    except BaseException as fault:
        if type(fault).__name__ == "PanicException":  # Rust's, which Python cannot import
            raise UnreadableError from fault
        raise


def opened(data: bytes) -> Opened:
    """Return the opened workbook.

    Raises PasswordError, TooLargeError, DamagedError or UnreadableError.
    """
    facts = facts_of(data)
    return Opened(_caught(lambda: CalamineWorkbook.from_filelike(BytesIO(data))), facts)


def open_workbook(file: str, data: bytes, problems: list[Problem]) -> Opened | None:
    """Return the opened workbook, None with a problem if it cannot be opened."""
    place = Cell(file)
    try:
        found = opened(data)
    except TooLargeError as fault:
        problems.append(workbook_too_large(place, fault))
        return None
    except PasswordError:
        problems.append(_encrypted(place))
        return None
    except (DamagedError, UnreadableError):
        problems.append(_encrypted(place) if _ENCRYPTED in data else _damaged(place))
        return None
    if not is_transparent(data):
        problems.append(
            warning(
                "workbook-format",
                place,
                say("the workbook is no .xlsx: formulas without a value look like empty cells"),
                say("save it as .xlsx"),
            )
        )
    return found


def workbook_too_large(place: Cell, fault: TooLargeError) -> Problem:
    """A workbook holds more than is read."""
    return error(
        "workbook-too-large",
        place,
        fault.message,
        say("keep the data of one quarter or one roster in it; "
            "if it is no larger than that, save it anew in Excel or WPS"),
    )  # fmt: skip


def _damaged(place: Cell) -> Problem:
    return error(
        "not-a-workbook",
        place,
        say("the file is not a workbook, or it is damaged"),
        say("open it in Excel or WPS and save it as .xlsx, or restore it from a copy"),
    )


def _encrypted(place: Cell) -> Problem:
    return error(
        "workbook-encrypted",
        place,
        say("the workbook is protected by a password"),
        say("open it, remove the password to open, and save it"),
    )
