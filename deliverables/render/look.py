"""The terms in which a house style is written: a paragraph's look, a page, a layout."""

from __future__ import annotations

from dataclasses import field, replace
from enum import StrEnum

from deliverables.lazily import dataclass
from deliverables.render.palette import LATIN


class Align(StrEnum):
    """How a paragraph sits between its indents."""

    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"
    BOTH = "both"


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """A paragraph style; what is None is as in `based_on`.

    Sizes and spaces are in points. `first_line`, `left` and `hanging` count characters, `level`
    makes it a heading of the numbering, `exact` is a fixed line height, `multiple` one that grows
    with the text.
    """

    id: str
    name: str
    based_on: str | None = "Normal"
    next: str | None = None
    face: str | None = None
    size: float | None = None
    bold: bool | None = None
    colour: str | None = None
    align: Align | None = None
    before: float | None = None
    after: float | None = None
    exact: float | None = None
    multiple: float | None = None
    first_line: float | None = None
    left: float | None = None
    hanging: float | None = None
    spacing: float | None = None
    level: int | None = None
    keep_next: bool | None = None
    keep_lines: bool | None = None
    off_grid: bool = False
    right_tab: float | None = None
    dotted_tab: bool = False
    rule_below: bool = False
    rule_above: bool = False
    latin: str = LATIN


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A4 in millimetres; `grid` is the line pitch in twips, None leaves lines to the styles."""

    top: float
    bottom: float
    left: float
    right: float
    header: float
    footer: float
    grid: int | None = None
    width: float = 210
    height: float = 297

    @property
    def type_width(self) -> float:
        """The width between the margins."""
        return self.width - self.left - self.right

    @property
    def landscape(self) -> Page:
        """The same page turned, its binding edge now above."""
        return replace(
            self,
            width=self.height,
            height=self.width,
            top=self.left,
            bottom=self.right,
            left=self.bottom,
            right=self.top,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """A page and its styles; `numbering` gives each heading level its pattern and format."""

    name: str
    page: Page
    looks: tuple[Look, ...]
    numbering: tuple[tuple[str, str], ...] = field(
        default=(
            ("%1、", "chineseCountingThousand"),
            ("（%2）", "chineseCountingThousand"),
            ("%3.", "decimal"),
            ("（%4）", "decimal"),
        )
    )

    def look(self, style_id: str) -> Look:
        """Return the style whose id is `style_id`."""
        return next(look for look in self.looks if look.id == style_id)

    def size(self, look: Look) -> float:
        """Return the size of a style's text, its own or inherited."""
        if look.size is not None or look.based_on is None:
            return look.size or 0
        return self.size(self.look(look.based_on))
