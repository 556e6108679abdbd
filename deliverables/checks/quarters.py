"""The quarters of a book as the rules walk them: all of them, or those whose days are known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from deliverables.lazily import dataclass
from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract
from deliverables.model.operations import Operations
from deliverables.period import Convention, Period, divide

PLAUSIBLE_YEARS = range(2010, 2051)
"""The years in which a contract of this kind can have been signed; others are mistyped."""


@dataclass(frozen=True, slots=True)
class Quarter:
    """A service quarter's number and workbook."""

    number: int
    workbook: Operations


@dataclass(frozen=True, slots=True)
class DatedQuarter(Quarter):
    """A quarter whose cover states the days that the contract gives it."""

    period: Period


def quarters(book: ContractBook) -> Iterator[Quarter]:
    """Return every quarter that has a workbook, in order."""
    for number, workbook in sorted(book.quarters.items()):
        yield Quarter(number, workbook)


def dated(book: ContractBook) -> Iterator[DatedQuarter]:
    """Return the quarters whose cover is right.

    Under a wrong cover every row would be outside: one problem, not thousands.
    """
    periods = quarter_periods(book.contract)
    for quarter in quarters(book):
        period = periods.get(quarter.number)
        cover = quarter.workbook.cover
        if period and (cover.first_day, cover.last_day) == (period.first, period.last):
            yield DatedQuarter(quarter.number, quarter.workbook, period)


def quarter_periods(contract: Contract) -> dict[int, Period]:
    """Return the days of each quarter by its number, none if the term cannot be divided."""
    service = contract.service
    if contract.identity.signed_on.year not in PLAUSIBLE_YEARS:
        return {}
    convention = Convention(service.term_convention or Convention.CIVIL_CODE)
    try:
        parts = divide(
            contract.identity.signed_on, service.term_months, service.reports, convention
        )
    except ValueError:  # the rules about the contract say why
        return {}
    return dict(enumerate(parts, 1))


def last_day_of_term(contract: Contract) -> date | None:
    """Return the last day of the service, None if the term cannot be divided."""
    periods = quarter_periods(contract)
    return periods[max(periods)].last if periods else None
