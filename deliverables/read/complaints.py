"""What can be wrong with a row or a cell of a sheet, each said in one place."""

from __future__ import annotations

from deliverables.message import Message, say
from deliverables.model.record import Declaration
from deliverables.model.values import DIGITS, NotOfTypeError, Raw
from deliverables.problem import Problem, error
from deliverables.read.package import Fault
from deliverables.read.wording import mismatch, quoted
from deliverables.source import Cell


def cell_empty(place: Cell, label: str) -> Problem:
    """A cell that must be filled is not."""
    return error(
        "cell-empty",
        place,
        say("{label} is empty", label=label),
        say("fill the cell, or delete the whole row if it is no entry"),
    )


def item_empty(place: Cell, label: str) -> Problem:
    """A fact of the 说明 sheet that must be given is not."""
    return error(
        "item-empty",
        place,
        say("{label} is empty", label=label),
        say("fill the cell"),
    )


def not_of_type(place: Cell, declared: Declaration, raw: Raw, fault: NotOfTypeError) -> Problem:
    """A cell holds something else than its column declares."""
    message = mismatch(declared.label, fault)
    fix = fault.fix or say("correct the cell")
    if declared.type is DIGITS and isinstance(raw, int | float):
        return error("digits-as-number", place, message, fix)
    return error("wrong-type", place, message, fix)


def no_value(place: Cell, label: str, fault: Fault) -> Problem:
    """A cell's formula gave an error, or was never computed."""
    if fault.error:
        return error(
            "cell-error",
            place,
            say("{label}: the formula gives {found}", label=label, found=fault.error),
            say("mend the formula, or type the value"),
        )
    return error(
        "formula-uncached",
        place,
        say("{label}: the formula has never been computed", label=label),
        say("open the workbook in Excel or WPS and save it, or type the value"),
    )


def row_total(place: Cell) -> Problem:
    """A row adds up the others."""
    return error(
        "row-total",
        place,
        say("the row adds up others and is no entry"),
        say("delete it: totals are computed"),
    )


def row_stray(place: Cell, found: Raw) -> Problem:
    """A row holds one lone cell."""
    return error(
        "row-stray",
        place,
        say("the row holds nothing but {found}", found=quoted(found)),
        say("complete the row, delete it, or begin a note with 注："),
    )


def unit_mismatch(place: Cell, declared: Declaration, found: Raw) -> Problem:
    """The row of units names another unit than the column is declared in."""
    expected: str | Message = declared.unit or say("none")
    return error(
        "unit-mismatch",
        place,
        say(
            "{label}: expected the unit {expected}, found {found}",
            label=declared.label,
            expected=expected,
            found=quoted(found),
        ),
        say("convert the column to the expected unit and correct this cell"),
    )


def cells_merged(place: Cell) -> Problem:
    """Merged cells leave every cell but the first without a value."""
    return error(
        "cells-merged",
        place,
        say("the cells are merged: only the first of them holds a value"),
        say("split them and fill every cell"),
    )
