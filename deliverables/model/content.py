"""What a context may hold beside words: charts and pictures, which a document takes in whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias


class ChartForm(StrEnum):
    """How the series are drawn."""

    COLUMNS = "columns"
    STACKED = "stacked"
    LINES = "lines"
    BARS = "bars"


@dataclass(frozen=True, slots=True)
class Series:
    """One named row of values, one per category; None leaves a hole."""

    name: str
    values: tuple[Decimal | int | None, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """Categories, series and units; `threshold` is drawn dashed across and named in the legend.

    `description` is the alternative text for those who cannot see the chart. The value axis starts
    at zero: a bar shows by its length how much it is.
    """

    form: ChartForm
    title: str
    description: str
    unit: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    threshold: Series | None = None
    number_format: str = "#,##0"


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A PNG or JPEG, so many millimetres wide; the height follows unless it is given.

    `description` is the alternative text for those who cannot see the picture.
    """

    content: bytes = field(repr=False)
    width: Decimal | int
    description: str
    height: Decimal | int | None = None


Insert: TypeAlias = Chart | Picture
"""A leaf of a context, whatever fields it has."""
