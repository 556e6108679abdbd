"""The sheets of one workbook, found by the names that the declarations give them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from deliverables.lazily import dataclass
from deliverables.message import say
from deliverables.model.values import Raw
from deliverables.problem import Problem, error
from deliverables.read.package import MOST_CELLS, Fault, SheetFacts
from deliverables.read.wording import nearest, plain
from deliverables.source import Cell

Values = Sequence[Raw]
Corner = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as it stands in the file: every row from the first, counted from A1.

    `faults` are the cells without a usable value, `merged` the first and last corners (row and
    column from 0) of merged cells.
    """

    place: Cell
    rows: Sequence[Values]
    faults: Mapping[tuple[int, str], Fault]
    merged: Sequence[tuple[Corner, Corner]]

    def cell(self, letters: str, row: int) -> Cell:
        """Return the place of a cell of the sheet."""
        return Cell(self.place.file, self.place.sheet, f"{letters}{row}")


class Sheets:
    """The sheets of one opened workbook, by the names the declarations give them."""

    def __init__(
        self,
        file: str,
        workbook: CalamineWorkbook,
        facts: dict[str, SheetFacts],
        problems: list[Problem],
    ) -> None:
        self._file = file
        self._workbook = workbook
        self._facts = facts
        self._problems = problems
        self._names = {plain(name): name for name in workbook.sheet_names}

    def sheet(self, name: str, expected: Iterable[str]) -> Sheet | None:
        """Return the sheet `name`; None with a problem if it is not among those `expected`."""
        written = self._names.get(plain(name))
        if written is None:
            self._problems.append(self._absent(name, expected))
            return None
        place = Cell(self._file, written)
        facts = self._facts.get(written, SheetFacts())
        if facts.too_large:
            self._problems.append(too_large(place))
            return None
        try:
            found: CalamineSheet = self._workbook.get_sheet_by_name(written)
            rows = found.to_python(skip_empty_area=False)
        except (CalamineError, OSError, ValueError):
            self._problems.append(unreadable(place))
            return None
        return Sheet(place, rows, facts.faults, found.merged_cell_ranges or ())

    def _absent(self, name: str, expected: Iterable[str]) -> Problem:
        taken = {plain(known) for known in expected}
        spare = [written for key, written in self._names.items() if key not in taken]
        likely = nearest(name, spare)
        return error(
            "sheet-missing",
            Cell(self._file, name),
            say("the sheet {sheet} is missing", sheet=name),
            say("rename the sheet {likely} to {sheet}", likely=likely, sheet=name)
            if likely
            else say("copy it from a blank workbook; it may stay empty below the headers"),
        )


def too_large(place: Cell) -> Problem:
    """A sheet reaches further than can be loaded."""
    return error(
        "sheet-too-large",
        place,
        say("the sheet reaches further than {cells} cells", cells=f"{MOST_CELLS:,}"),
        say("delete the lone cells far below or far to the right (Ctrl+End finds them)"),
    )


def unreadable(place: Cell) -> Problem:
    """A sheet is damaged."""
    return error(
        "sheet-unreadable",
        place,
        say("the sheet is damaged"),
        say("open the workbook in Excel or WPS, let it repair the sheet, and save it"),
    )
