"""The two charts as SVG: pure functions of figures and words, coloured by the page's style sheet.

They are as wide as a phone and have no ids but those of their texts. What colour says, shape says
too: a level that was missed is a triangle, invoiced is striped, received is filled.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from deliverables.lazily import dataclass
from deliverables.money import round_down

WIDTH: Final = 360
_PLOT_LEFT, _PLOT_RIGHT = 72, 274
_ROW, _HEAD, _FOOT = 30, 26, 24
_BARS_LEFT, _BARS_RIGHT = 64, 270
_BLOCK, _BAR, _STEP = 82, 9, 16
_MIDDLE: Final = 5  # from the middle of a line of text down to its base


@dataclass(frozen=True, slots=True)
class Dot:
    """One row: its label, its value (None leaves a gap), the value as text, and whether it met."""

    label: str
    value: Decimal | None
    text: str
    met: bool


@dataclass(frozen=True, slots=True)
class Bars:
    """One group: its label, and a name, an amount and its text for each bar."""

    label: str
    bars: tuple[tuple[str, Decimal, str], ...]


@dataclass(frozen=True, slots=True)
class Caption:
    """What a chart says to those who cannot see it; `key` makes its ids the only ones."""

    key: str
    title: str
    description: str


def dots(
    rows: Sequence[Dot], target: Decimal, target_text: str, lowest: Decimal, caption: Caption
) -> Markup:
    """Return a dot for each row on a scale from `lowest` to 100, and a line at the target."""
    foot = _HEAD + _ROW * len(rows)
    goal = place(target, lowest, Decimal(100), _PLOT_LEFT, _PLOT_RIGHT)
    side = "end" if goal > (_PLOT_LEFT + _PLOT_RIGHT) / 2 else "start"
    return _svg(
        foot + _FOOT,
        caption,
        Markup("").join(
            (
                _line("axis", _PLOT_LEFT, foot, _PLOT_RIGHT, foot),
                _text("tick", _PLOT_LEFT, foot + 16, f"{lowest}%", "middle"),
                _text("tick", _PLOT_RIGHT, foot + 16, "100%", "middle"),
                *(_dot(row, _HEAD + _ROW * n, lowest) for n, row in enumerate(rows)),
                _line("target", goal, _HEAD - 6, goal, foot),
                _text("goal", goal, _HEAD - 12, target_text, side),
            )
        ),
    )


def bars(groups: Sequence[Bars], caption: Caption) -> Markup:
    """Return a group of bars for each instalment, all on one scale that begins at zero."""
    most = max((amount for group in groups for _, amount, _ in group.bars), default=Decimal(0))
    drawn = (_group(group, _BLOCK * n, most) for n, group in enumerate(groups))
    return _svg(_BLOCK * len(groups) - 16, caption, Markup("").join(drawn))


def place(value: Decimal, low: Decimal, high: Decimal, start: int, end: int) -> Decimal:
    """Return where a value lies between `start` and `end`, to a tenth; beyond them is at them."""
    share = (value - low) / (high - low) if high > low else Decimal(0)
    return round_down(start + (end - start) * min(max(share, Decimal(0)), Decimal(1)), 1)


def _dot(row: Dot, top: int, lowest: Decimal) -> Markup:
    middle = top + _ROW // 2
    drawn = _text("label", 0, middle + _MIDDLE, row.label) + _line(
        "rule", _PLOT_LEFT, middle, _PLOT_RIGHT, middle
    )
    if row.value is not None:
        drawn += _mark(place(row.value, lowest, Decimal(100), _PLOT_LEFT, _PLOT_RIGHT), middle, row)
    style = "value" if row.met else "value missed"
    if row.value is None:
        style = "value none"
    return drawn + _text(style, WIDTH, middle + _MIDDLE, row.text, "end")


def _mark(x: Decimal, y: int, row: Dot) -> Markup:
    if row.met:
        return Markup('<circle class="met" cx="{}" cy="{}" r="5.5"/>').format(x, y)
    points = f"{x},{y - 7} {x + 7},{y + 6} {x - 7},{y + 6}"
    return Markup('<polygon class="missed" points="{}"/>').format(points)


def _group(group: Bars, top: int, most: Decimal) -> Markup:
    drawn = _text("label head", 0, top + 12, group.label)
    for n, (name, amount, text) in enumerate(group.bars):
        y = top + 19 + _STEP * n
        drawn += _text("tick", 0, y + _BAR, name)
        drawn += _bar(n, y, place(amount, Decimal(0), most, _BARS_LEFT, _BARS_RIGHT))
        drawn += _text("value" if amount else "value none", WIDTH, y + _BAR, text, "end")
    return drawn


def _bar(n: int, y: int, right: Decimal) -> Markup:
    """Return a bar in the manner of its place: outlined, striped or filled; a hairline if empty."""
    style = ("due", "invoiced", "received")[n]
    if right == _BARS_LEFT:
        return _line("empty", _BARS_LEFT, y, _BARS_LEFT, y + _BAR)
    if style == "invoiced":  # stripes are the dashes of one thick line, which need no pattern
        middle = y + Decimal(_BAR) / 2
        return _line(style, _BARS_LEFT, middle, right, middle)
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(
        style, _BARS_LEFT, y, right - _BARS_LEFT, _BAR
    )


def _line(style: str, x1: object, y1: object, x2: object, y2: object) -> Markup:
    form = Markup('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>')
    return form.format(style, x1, y1, x2, y2)


def _text(style: str, x: object, y: object, words: str, anchor: str = "start") -> Markup:
    form = Markup('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>')
    return form.format(style, x, y, anchor, words)


def _svg(height: int, caption: Caption, drawn: Markup) -> Markup:
    return Markup(
        '<svg class="chart" viewBox="0 0 {width} {height}" role="img"'
        ' aria-labelledby="{key}-title {key}-desc"><title id="{key}-title">{title}</title>'
        '<desc id="{key}-desc">{description}</desc>{drawn}</svg>'
    ).format(
        width=WIDTH,
        height=height,
        key=caption.key,
        title=caption.title,
        description=caption.description,
        drawn=drawn,
    )
