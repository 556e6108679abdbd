"""The figures behind the two charts, as the documents print them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from deliverables.compute.account import account
from deliverables.compute.charts import availability_chart
from deliverables.compute.reporting import quarter_label
from deliverables.compute.service import availability_line
from deliverables.compute.term import quarters
from deliverables.lazily import dataclass
from deliverables.model.book import ContractBook


@dataclass(frozen=True, kw_only=True, slots=True)
class Quarter:
    """Availability of a service quarter; None before it is over or without its workbook."""

    label: str
    first: date
    last: date
    percent: Decimal | None
    downtime: str = ""
    met: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceLevel:
    """Availability quarter by quarter against its target; `lowest` is where the scale begins."""

    target: Decimal
    lowest: Decimal
    quarters: tuple[Quarter, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Instalment:
    """One instalment: what is due, and what was invoiced, received and deducted."""

    name: str
    due: Decimal
    invoiced: Decimal
    received: Decimal
    deducted: Decimal
    outstanding: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Money:
    """All instalments and their sums."""

    total: Instalment
    instalments: tuple[Instalment, ...]


def service_level(book: ContractBook, as_of: date) -> ServiceLevel:
    """Return availability up to a day: of a quarter that is not over nothing is said."""
    target = book.contract.service_levels.availability
    found = tuple(
        _quarter(book, number, as_of) for number in range(1, len(quarters(book.contract)) + 1)
    )
    known = [(one.label, one.percent) for one in found if one.percent is not None]
    chart = availability_chart([label for label, _ in known], [one for _, one in known], target)
    return ServiceLevel(target=target, lowest=chart.lowest or Decimal(0), quarters=found)


def _quarter(book: ContractBook, number: int, as_of: date) -> Quarter:
    period, label = quarters(book.contract)[number - 1], quarter_label(book.contract, number)
    if number not in book.quarters or period.last >= as_of:
        return Quarter(label=label, first=period.first, last=period.last, percent=None)
    line = availability_line(book, label, [number])
    return Quarter(
        label=label,
        first=period.first,
        last=period.last,
        percent=line.percent.value,
        downtime=line.downtime.text,
        met=line.met,
    )


def money(book: ContractBook, as_of: date) -> Money | None:
    """Return the state of the money on a day; None without a ledger."""
    if book.ledger is None:
        return None
    found = account(book.contract, book.ledger, book.calendar, as_of)
    return Money(
        total=Instalment(
            name="",
            due=found.total.value,
            invoiced=found.invoiced.value,
            received=found.received.value,
            deducted=found.deducted.value,
            outstanding=found.outstanding.value,
        ),
        instalments=tuple(
            Instalment(
                name=item.instalment.name,
                due=item.due.value,
                invoiced=item.invoiced.value,
                received=item.received.value,
                deducted=item.deducted.value,
                outstanding=item.outstanding.value,
            )
            for item in found.instalments
        ),
    )
