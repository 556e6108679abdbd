"""The two charts of the overview as SVG, with the figures behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from deliverables.compute.account import Account, InstalmentAccount
from deliverables.compute.availability import (
    SO_FAR,
    AvailabilityLine,
    availability_line,
    level_over,
    target_lines,
)
from deliverables.compute.term import quarter_label, served_quarters
from deliverables.model.book import ContractBook
from deliverables.overview.voice import Voice
from deliverables.values.dates import Period
from deliverables.values.figure import Figure
from deliverables.values.money import format_yuan, round_down
from deliverables.values.problem import say

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
class ChartCaption:
    """What a chart says to those who cannot see it; `key` makes its ids the only ones."""

    key: str
    title: str
    description: str


def dots(
    rows: Sequence[Dot],
    target: Decimal | None,
    target_text: str,
    lowest: Decimal,
    caption: ChartCaption,
) -> Markup:
    """Return a dot for each row on a scale from `lowest` to 100, and a line at a target."""
    foot = _HEAD + _ROW * len(rows)
    return _svg(
        foot + _FOOT,
        caption,
        Markup("").join(
            (
                _line("axis", _PLOT_LEFT, foot, _PLOT_RIGHT, foot),
                _text("tick", _PLOT_LEFT, foot + 16, f"{lowest}%", "middle"),
                _text("tick", _PLOT_RIGHT, foot + 16, "100%", "middle"),
                *(_dot(row, _HEAD + _ROW * n, lowest) for n, row in enumerate(rows)),
                *(() if target is None else _goal(target, target_text, lowest, foot)),
            )
        ),
    )


def _goal(target: Decimal, text: str, lowest: Decimal, foot: int) -> tuple[Markup, Markup]:
    goal = place(target, lowest, Decimal(100), _PLOT_LEFT, _PLOT_RIGHT)
    side = "end" if goal > (_PLOT_LEFT + _PLOT_RIGHT) / 2 else "start"
    return (
        _line("target", goal, _HEAD - 6, goal, foot),
        _text("goal", goal, _HEAD - 12, text, side),
    )


def bars(groups: Sequence[Bars], caption: ChartCaption) -> Markup:
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


def _svg(height: int, caption: ChartCaption, drawn: Markup) -> Markup:
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


def floor_below(percent: Decimal) -> Decimal:
    """Return where the scale of dots starts, whose place and not whose length says how much."""
    steps = (Decimal("99.8"), Decimal("99.5"), Decimal(99), Decimal(98), Decimal(95), Decimal(90))
    return next((step for step in steps if step < percent), Decimal(0))


def quarter_lines(
    book: ContractBook, as_of: date
) -> Iterator[tuple[str, Period, AvailabilityLine | None]]:
    """Yield each service quarter with its days and the line that it is judged by.

    There is none before the quarter is over, or without its workbook.
    """
    for number, period in enumerate(served_quarters(book.contract, as_of), 1):
        label = quarter_label(book.contract, number)
        known = number in book.quarters and period.last < as_of
        yield label, period, _line_of(book, label, number, as_of) if known else None


def _whole(book: ContractBook, known: int, as_of: date) -> AvailabilityLine | None:
    """Return the term so far, as its reports judge it: of the quarters from the first one on."""
    so_far = range(1, known + 1)
    if not known or not book.quarters.keys() >= set(so_far):
        return None
    line = availability_line(book, SO_FAR, so_far, as_of)
    return line if line.judged else None


def _line_of(book: ContractBook, label: str, number: int, as_of: date) -> AvailabilityLine:
    """Return the line that a quarter is judged by: that of a level whose window it is, if any."""
    line = availability_line(book, label, [number], as_of)
    days = (line.first_day.value, line.last_day.value)
    own = [
        one
        for one in target_lines(book, [number], as_of)
        if (one.first_day.value, one.last_day.value) == days
    ]
    return own[0] if len(own) == 1 and not line.judged else line


@dataclass(frozen=True, slots=True)
class QuarterRow:
    """One row of the table behind the service-level chart."""

    label: str
    first: date
    last: date
    percent: str
    downtime: str
    verdict: str
    met: bool


@dataclass(frozen=True, slots=True)
class ServiceView:
    """The chart of availability.

    `telling` is the row of the term so far, or of the last quarter that is known where no level
    is set for the term.
    """

    chart: Markup
    target: str
    rows: tuple[QuarterRow, ...]
    telling: QuarterRow | None


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """One row of the table behind the payment chart."""

    name: str
    due: str
    invoiced: str
    received: str
    deducted: str
    outstanding: str


@dataclass(frozen=True, slots=True)
class MoneyView:
    """The chart of payments."""

    chart: Markup
    rows: tuple[MoneyRow, ...]
    total: MoneyRow


def service_view(book: ContractBook, as_of: date, voice: Voice, key: str) -> ServiceView:
    """Return availability by quarter with its target."""
    series = book.contract.data_series
    goal = level_over(book.contract, series.length if series else 0).value
    lines = list(quarter_lines(book, as_of))
    known = [line.percent.value for _, _, line in lines if line]
    lowest = floor_below(min([*known, *([goal] if goal else [])], default=Decimal(100)))
    rows = tuple(
        _known_row(line, voice)
        if line
        else QuarterRow(label, period.first, period.last, "", "", "", met=True)
        for label, period, line in lines
    )
    told = [row for row in rows if row.percent]
    target = voice(say("target {target}%", target=goal)) if goal else ""
    unknown = voice(say("no figures yet"))
    caption = ChartCaption(
        key=f"{key}-service",
        title=voice(say("Availability per quarter")),
        description=_apart(voice).join(
            [
                *([target] if target else []),
                *(f"{row.label} {row.percent or unknown} {row.verdict}".strip() for row in rows),
            ]
        ),
    )
    drawn = [
        Dot(row.label, line.percent.value if line else None, row.percent or unknown, row.met)
        for row, (_, _, line) in zip(rows, lines, strict=True)
    ]
    chart = dots(drawn, goal, target, lowest, caption)
    whole = _whole(book, len(known), as_of)
    if whole is not None:
        row = _known_row(whole, voice)
        return ServiceView(chart, target, (*rows, row), row)
    return ServiceView(chart, target, rows, told[-1] if told else None)


def money_view(money: Account, voice: Voice, key: str) -> MoneyView:
    """Return what is due, invoiced and received by instalment."""
    items = money.instalments
    rows = tuple(_money_row(item.instalment.name, item.due, item) for item in items)
    names = [voice(say("due")), voice(say("invoiced")), voice(say("received"))]
    caption = ChartCaption(
        key=f"{key}-money",
        title=voice(say("Due, invoiced and received per instalment, in yuan")),
        description=_apart(voice).join(
            f"{row.name} {names[0]} {row.due}, {names[1]} {row.invoiced}, {names[2]} {row.received}"
            for row in rows
        ),
    )
    groups = [
        Bars(
            row.name,
            (
                (names[0], item.due.value, row.due),
                (names[1], item.invoiced.value, row.invoiced),
                (names[2], item.received.value, row.received),
            ),
        )
        for row, item in zip(rows, items, strict=True)
    ]
    total = _money_row(voice(say("Sum")), money.total, money)
    return MoneyView(bars(groups, caption), rows, total)


def _apart(voice: Voice) -> str:
    return "；" if voice.language == "zh" else "; "


def _known_row(line: AvailabilityLine, voice: Voice) -> QuarterRow:
    verdict = voice(say("met") if line.met else say("missed")) if line.judged else ""
    percent, downtime = f"{line.percent.value}%", line.downtime.text
    first, last = line.first_day.value, line.last_day.value
    return QuarterRow(line.label, first, last, percent, downtime, verdict, line.met)


def _money_row(name: str, due: Figure[Decimal], state: Account | InstalmentAccount) -> MoneyRow:
    amounts = (due, state.invoiced, state.received, state.deducted, state.outstanding)
    return MoneyRow(name, *(format_yuan(one.value) for one in amounts))
