"""The charts with their words, and the tables behind them."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from deliverables.lazily import dataclass
from deliverables.message import say
from deliverables.money import format_yuan
from deliverables.overview.charts import Bars, Caption, Dot, bars, dots
from deliverables.overview.figures import Instalment, Money, Quarter, ServiceLevel
from deliverables.overview.voice import Voice


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
    """The chart of availability; `latest` is the row of the last quarter that is known."""

    chart: Markup
    target: str
    rows: tuple[QuarterRow, ...]
    latest: QuarterRow | None


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


def service_view(level: ServiceLevel, voice: Voice, key: str) -> ServiceView:
    """Return availability by quarter with its target."""
    rows = tuple(_quarter_row(quarter, voice) for quarter in level.quarters)
    known = [row for row in rows if row.percent]
    target = voice(say("target {target}%", target=level.target))
    unknown = voice(say("no figures yet"))
    told = "；" if voice.language == "zh" else "; "
    caption = Caption(
        key=f"{key}-service",
        title=voice(say("Availability per quarter")),
        description=told.join(
            [
                target,
                *(f"{row.label} {row.percent or unknown} {row.verdict}".strip() for row in rows),
            ]
        ),
    )
    drawn = [
        Dot(row.label, quarter.percent, row.percent or unknown, quarter.met)
        for row, quarter in zip(rows, level.quarters, strict=True)
    ]
    chart = dots(drawn, level.target, target, level.lowest, caption)
    return ServiceView(chart, target, rows, known[-1] if known else None)


def money_view(money: Money, voice: Voice, key: str) -> MoneyView:
    """Return what is due, invoiced and received by instalment."""
    rows = tuple(_money_row(item, item.name) for item in money.instalments)
    names = [voice(say("due")), voice(say("invoiced")), voice(say("received"))]
    told = "；" if voice.language == "zh" else "; "
    caption = Caption(
        key=f"{key}-money",
        title=voice(say("Due, invoiced and received per instalment, in yuan")),
        description=told.join(
            f"{row.name} {names[0]} {row.due}, {names[1]} {row.invoiced}, {names[2]} {row.received}"
            for row in rows
        ),
    )
    groups = [
        Bars(
            row.name,
            (
                (names[0], item.due, row.due),
                (names[1], item.invoiced, row.invoiced),
                (names[2], item.received, row.received),
            ),
        )
        for row, item in zip(rows, money.instalments, strict=True)
    ]
    return MoneyView(bars(groups, caption), rows, _money_row(money.total, voice(say("Sum"))))


def _quarter_row(quarter: Quarter, voice: Voice) -> QuarterRow:
    known = quarter.percent is not None
    verdict = voice(say("met") if quarter.met else say("missed")) if known else ""
    percent = f"{quarter.percent}%" if known else ""
    return QuarterRow(
        quarter.label, quarter.first, quarter.last, percent, quarter.downtime, verdict, quarter.met
    )


def _money_row(item: Instalment, name: str) -> MoneyRow:
    return MoneyRow(
        name,
        format_yuan(item.due),
        format_yuan(item.invoiced),
        format_yuan(item.received),
        format_yuan(item.deducted),
        format_yuan(item.outstanding),
    )
