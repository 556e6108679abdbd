"""The shape of a context: what each of its names stands for, as plain data."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from typing import Final, TypeAlias, get_args, get_origin, get_type_hints

from deliverables.figure import Figure
from deliverables.model.chart import Chart
from deliverables.model.picture import Picture
from deliverables.model.rich_text import RichText
from deliverables.model.subdocument import Subdocument

FIGURE: Final = "figure"
TEXT: Final = "text"
CHART: Final = "chart"
RICH_TEXT: Final = "rich text"
PICTURE: Final = "picture"
SUBDOCUMENT: Final = "document"
YES_NO: Final = "yes/no"
NUMBER: Final = "number"

Shape: TypeAlias = "str | list[Shape] | dict[str, Shape]"
"""A leaf; rows, as a list of the one shape that each has; or a group, by the names it holds."""

_LEAVES: Final[dict[object, str]] = {
    Figure: FIGURE,
    str: TEXT,
    Chart: CHART,
    RichText: RICH_TEXT,
    Picture: PICTURE,
    Subdocument: SUBDOCUMENT,
    bool: YES_NO,
}


@cache
def shape_of(context: type) -> dict[str, Shape]:
    """Return the shape of a context dataclass, whose template has been checked against it."""
    hints = get_type_hints(context)
    return {field.name: _of_type(hints[field.name]) for field in fields(context)}


def _of_type(hint: object) -> Shape:
    kind = get_origin(hint) or hint
    if kind in _LEAVES:
        return _LEAVES[kind]
    if kind is tuple:
        return [_of_type(get_args(hint)[0])]
    if isinstance(kind, type) and is_dataclass(kind):
        return shape_of(kind)
    raise TypeError(f"a context cannot offer {hint!r}")
