"""The mapping file: which column of an export fills which column of ours, and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import tzinfo
from fractions import Fraction

from deliverables.lazily import dataclass
from deliverables.model.operations import Operations
from deliverables.model.record import Declaration, Row, sheets
from deliverables.read.wording import plain
from deliverables.source import Line

EPOCHS: Mapping[str, int] = {"epoch": 1, "epoch-ms": 1000}
"""Formats of a time that is counted from 1970 in UTC, with the units that make a second."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """How one column of ours is filled: from a column of the export, or with a constant.

    `values` replaces a value by ours, `empty` lists what stands for nothing, `formats` say how a
    time is written, in `zone` where it names none, and `factor` converts a unit exactly.
    """

    name: str
    declaration: Declaration
    place: Line
    source: str | None = None
    constant: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    empty: frozenset[str] = frozenset()
    formats: tuple[str, ...] = ()
    zone: tzinfo | None = None
    factor: Fraction | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Filter:
    """Rows are taken whose value in a column of the export is, or is not, one of `values`."""

    source: str
    values: frozenset[str]
    wanted: bool
    place: Line


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """How the export is written, where that cannot be seen from the file itself."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """A whole mapping file: the sheet, its rules, what is left out, and what names a row.

    `key` are our columns by which a row is known again, `date` the one that decides the quarter.
    """

    row_type: type[Row]
    rules: Sequence[Rule]
    key: tuple[str, ...]
    date: str | None
    filters: Sequence[Filter] = ()
    form: Form = field(default_factory=Form)


def sheet_called(name: str) -> tuple[str, type[Row]] | None:
    """Return a sheet of the quarter's workbook, with its field, by its Chinese or English name."""
    for name_of_field, row_type in sheets(Operations).items():
        if plain(name) in {plain(row_type.sheet), plain(name_of_field), plain(row_type.__name__)}:
            return name_of_field, row_type
    return None


def sheet_names() -> list[str]:
    """Return the Chinese and the English name of every sheet."""
    return [
        name
        for name_of_field, row_type in sheets(Operations).items()
        for name in (row_type.sheet, name_of_field)
    ]  # fmt: skip
