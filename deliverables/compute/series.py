"""The series of reports (定期报告): which reports each one owes, over which days and data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from deliverables.compute.term import (
    label_of,
    periods_of,
    quarters,
    served_period,
    service_months,
)
from deliverables.model.contract import Contract, ReportSeries
from deliverables.values.dates import Period, add_months
from deliverables.values.period_names import MONTH, normal, this_one, words_for

OPERATIONS, SUMMARY = "operations", "summary"
_ANNUAL = "annual"
_YEAR = 12


@dataclass(frozen=True, slots=True)
class Report:
    """One report of a series: its number within it, its days, and the periods of data it covers.

    `part` tells it from the others of its kind, `folder` is where it is put: Q2, M03, annual.
    """

    series: ReportSeries
    number: int
    part: str
    folder: str
    label: str
    period: Period
    numbers: tuple[int, ...]
    is_of_the_term: bool
    words: frozenset[str]

    @property
    def word(self) -> str:
        """The word for its period: 季度, 月."""
        return self.series.names.word

    @property
    def now(self) -> str:
        """What its days are called in sentences: 本季度, or 全年 of a summary of a year."""
        if self.series.form != SUMMARY:
            return this_one(self.word)
        after = self.period.last + timedelta(days=1)
        if add_months(self.period.first, _YEAR) == after:
            return "全年"
        return "全服务期" if self.is_of_the_term else this_one(self.word)

    @property
    def title(self) -> str:
        """The name with its period, no word said twice: 第二季度报告, 2026年7月运维月报.

        The only report of a series needs no period to be told from others.
        """
        label, name = self.label, self.series.name
        if self.is_of_the_term:
            return name
        if len(self.word) > 1 and label.endswith(self.word):
            name = name.removeprefix(self.word)
        return f"{label}{name}"


def reports(contract: Contract, form: str, as_of: date) -> tuple[Report, ...]:
    """Return the reports of a form over what was served, as it is known on a day.

    Raises ValueError where the term cannot be cut into the periods of a series.
    """
    found: list[Report] = []
    taken: set[str] = set()
    for series in contract.series_owed:
        if series.form == form:
            made = _of_series(contract, series, as_of, taken)
            found.extend(made)
            taken.update(one.part for one in made)
    return tuple(found)


def period_called(contract: Contract, words: str) -> int:
    """Return the number of the period of data that words name, 0 if they name none.

    A month may be named as its sheets name it: 2026年7月 is the service month that ends in it.
    Raises ValueError where the term cannot be cut.
    """
    asked, series = normal(words), contract.data_series
    for number in range(1, len(quarters(contract)) + 1 if series else 0):
        if series and asked in _words(contract, series, number, whole_term=False):
            return number
    return 0


def _words(
    contract: Contract, series: ReportSeries, number: int, *, whole_term: bool
) -> frozenset[str]:
    labels = [label_of(contract, series, number)]
    if series.length == MONTH:
        month = service_months(contract)[number - 1][0]
        labels.append(f"{month.year}年{month.month}月")
    return words_for(series.names, number, *labels, whole_term=whole_term)


def report_of(contract: Contract, form: str, part: str, as_of: date) -> Report:
    """Return the report of a form that a part names; KeyError if the contract owes none."""
    return {one.part: one for one in reports(contract, form, as_of)}[part]


def _of_series(
    contract: Contract, series: ReportSeries, as_of: date, taken: set[str]
) -> list[Report]:
    served, data = served_period(contract, as_of), quarters(contract)
    whole = periods_of(contract, series)
    found = []
    for number, period in enumerate(whole, 1):
        if period.first > served.last:
            break
        folder = _mark(series, number, len(whole))
        part = f"{folder}-{series.name}" if folder in taken else folder
        numbers = tuple(
            at
            for at, one in enumerate(data, 1)
            if period.first <= one.first <= period.last and one.first <= served.last
        )
        days = Period(period.first, min(period.last, served.last))
        label = _label(contract, series, number, len(whole))
        found.append(
            Report(
                series,
                number,
                part,
                folder,
                label,
                days,
                numbers,
                len(whole) == 1,
                _words(contract, series, number, whole_term=len(whole) == 1),
            )
        )
    return found


def _mark(series: ReportSeries, number: int, count: int) -> str:
    """Return Q2, M03 …; a summary of a year, or of all, is the annual one."""
    if series.form != SUMMARY or (count > 1 and series.every_months != _YEAR):
        return series.names.mark(number)
    return _ANNUAL if count == 1 else f"{_ANNUAL}{number}"


def _label(contract: Contract, series: ReportSeries, number: int, count: int) -> str:
    return "全服务期" if count == 1 else label_of(contract, series, number)


def does_not_nest(contract: Contract, series: ReportSeries) -> bool:
    """Return whether periods of data cross an edge of the series' periods, so none add up to one.

    Raises ValueError where the term cannot be cut.
    """
    shortest = contract.data_series
    if shortest is None or shortest is series:
        return False
    ends = {period.last for period in periods_of(contract, shortest)}
    return any(period.last not in ends for period in periods_of(contract, series))
