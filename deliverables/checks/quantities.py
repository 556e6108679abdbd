"""Rules about counts and stocks: what was there, came and went adds up, a part is no whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise

from deliverables.checks.quarters import Quarter, quarters
from deliverables.checks.rows import Sheet, grouped, label, sheets_of
from deliverables.message import say
from deliverables.model.book import ContractBook
from deliverables.model.operations import Resource, Security, Usage
from deliverables.model.record import Row
from deliverables.model.rules import UNITS, rules_of
from deliverables.model.values import show_number
from deliverables.problem import Problem, error, warning


def stock_balance(book: ContractBook) -> Iterable[Problem]:
    """What was there, plus what came, less what went, is what is there."""
    for quarter in quarters(book):
        for row in quarter.workbook.resources:
            expected = row.opening + row.added - row.released
            if row.closing != expected:
                yield error(
                    "stock-balance",
                    row.place("closing"),
                    say(
                        "{subject}: 期初 {opening} + 新增 {added} - 回收 {released} is {expected}, "
                        "期末 says {found} ({difference})",
                        subject=_name(row),
                        opening=show_number(row.opening),
                        added=show_number(row.added),
                        released=show_number(row.released),
                        expected=show_number(expected),
                        found=show_number(row.closing),
                        difference=signed(row.closing - expected),
                    ),
                    say("correct the number that the resource ledger does not bear out"),
                )


def stock_carried_over(book: ContractBook) -> Iterable[Problem]:
    """What a quarter closes with, the next one opens with."""
    for before, after in pairwise(quarters(book)):
        if after.number == before.number + 1:
            yield from _carried_over(before, after)


def _carried_over(before: Quarter, after: Quarter) -> Iterator[Problem]:
    closed = {_key(row): row for row in before.workbook.resources}
    opened = {_key(row): row for row in after.workbook.resources}
    for key, row in opened.items():
        earlier = closed.get(key)
        closing = earlier.closing if earlier else Decimal(0)
        if row.opening != closing:
            yield error(
                "stock-carried-over",
                row.place("opening"),
                say(
                    "{subject} opens with {found}, Q{before} closed with {expected} ({difference})",
                    subject=_name(row),
                    found=show_number(row.opening),
                    before=before.number,
                    expected=show_number(closing),
                    difference=signed(row.opening - closing),
                ),
                say("the opening is the closing of the quarter before; correct whichever is wrong"),
            )
    for key, earlier in closed.items():
        if key not in opened and earlier.closing:
            yield error(
                "stock-carried-over",
                earlier.place("closing"),
                say(
                    "{subject} closes with {closing}, Q{after} does not list it",
                    subject=_name(earlier),
                    closing=show_number(earlier.closing),
                    after=after.number,
                ),
                say("list it in the next quarter too, with what was released in 回收"),
            )


def _key(row: Resource) -> tuple[str, str, str]:
    return row.system, row.kind, row.specification


def _name(row: Resource) -> str:
    return " / ".join(part for part in _key(row) if part)


def signed(difference: Decimal) -> str:
    """Return a difference with its sign: +2 or -0.5."""
    return f"{'+' if difference > 0 else '-'}{show_number(abs(difference))}"


def resource_units(book: ContractBook) -> Iterable[Problem]:
    """Each kind of resource is added up in one unit."""
    for quarter in quarters(book):
        for row in quarter.workbook.resources:
            if row.unit.casefold() != UNITS[row.kind].casefold():
                yield error(
                    "resource-unit",
                    row.place("unit"),
                    say(
                        "{subject} is given in {found}, the report adds {kind} up in {expected}",
                        subject=_name(row),
                        found=row.unit,
                        kind=row.kind,
                        expected=UNITS[row.kind],
                    ),
                    say("convert the numbers of the row (1 TB is 1,024 GB) and write {unit}",
                        unit=UNITS[row.kind]),
                )  # fmt: skip


def hosts_agree(book: ContractBook) -> Iterable[Problem]:
    """As many hosts were monitored as the stock says there were in the quarter."""
    for quarter in quarters(book):
        if not quarter.workbook.usage:
            continue
        monitored = {
            system: len({row.host for row in rows})
            for system, rows in grouped(quarter.workbook.usage, lambda row: row.system).items()
        }
        stock = grouped(
            (row for row in quarter.workbook.resources if row.kind == "云主机"),
            lambda row: row.system,
        )
        for system, rows in stock.items():
            fewest = sum(row.closing for row in rows)
            most = sum(row.opening + row.added for row in rows)
            found = monitored.get(system, 0)
            if not fewest <= found <= most:
                yield warning(
                    "host-count",
                    rows[0].place("closing"),
                    say(
                        "{system}: the stock has {fewest} hosts at the end and {most} over the "
                        "quarter, 资源使用 lists {found}",
                        system=system,
                        fewest=show_number(fewest),
                        most=show_number(most),
                        found=found,
                    ),
                    say("add the hosts that one of the two sheets lacks, or correct the stock"),
                )
        yield from _monitored_without_stock(quarter, set(monitored) - set(stock))


def _monitored_without_stock(quarter: Quarter, systems: set[str]) -> Iterator[Problem]:
    stray = [row for row in quarter.workbook.usage if row.system in systems]
    for system, rows in grouped(stray, lambda row: row.system).items():
        yield warning(
            "host-count",
            rows[0].place("system"),
            say(
                "{system}: 资源使用 lists {found} hosts, 资源台账 has no 云主机 of that system",
                system=system,
                found=len({row.host for row in rows}),
            ),
            say("write the system's name as 资源台账 has it, or add its hosts there"),
        )


def parts_of_wholes(book: ContractBook) -> Iterable[Problem]:
    """No more is done, mended or successful than was planned, found or tried."""
    for quarter in quarters(book):
        for sheet in sheets_of(quarter.workbook):
            for part, whole in rules_of(sheet.row).parts:
                yield from _exceeding(sheet, part, whole)


def _exceeding(sheet: Sheet[Row], part: str, whole: str) -> Iterator[Problem]:
    for row in sheet.rows:
        some: int = getattr(row, part)
        all_: int = getattr(row, whole)
        if some > all_:
            yield error(
                "part-exceeds-whole",
                row.place(part),
                say(
                    "{part} is {some}, {whole} is only {all} ({excess} too many)",
                    part=label(row, part),
                    some=some,
                    whole=label(row, whole),
                    all=all_,
                    excess=some - all_,
                ),
                say("correct the row: plan extra work too, count mending in the finding's month"),
            )


def mending_balance(book: ContractBook) -> Iterable[Problem]:
    """Of the vulnerabilities due in a month, each was mended or is overdue."""
    for quarter in quarters(book):
        for row in quarter.workbook.security:
            counts = (row.due, row.mended, row.overdue)
            if any(count is not None for count in counts):
                yield from _unbalanced(row)


def _unbalanced(row: Security) -> Iterator[Problem]:
    if row.due is None or row.mended is None or row.overdue is None:
        empty = next(name for name in ("due", "mended", "overdue") if getattr(row, name) is None)
        yield error(
            "mending-incomplete",
            row.place(empty),
            say("{label} is empty beside its neighbours", label=label(row, empty)),
            say("fill in 应整改, 已整改 and 逾期未整改 (0 if there is none), or leave all empty"),
        )
    elif row.mended + row.overdue != row.due:
        yield error(
            "mending-balance",
            row.place("overdue"),
            say(
                "已整改 {mended} + 逾期未整改 {overdue} is {found}, 应整改 is {due} ({difference})",
                mended=row.mended,
                overdue=row.overdue,
                found=row.mended + row.overdue,
                due=row.due,
                difference=signed(Decimal(row.mended + row.overdue - row.due)),
            ),
            say("correct the number that the vulnerability list does not bear out"),
        )


def peaks(book: ContractBook) -> Iterable[Problem]:
    """A peak is no lower than the average."""
    for quarter in quarters(book):
        for row in quarter.workbook.usage:
            for average, peak in rules_of(Usage).peaks:
                lower: Decimal = getattr(row, average)
                upper: Decimal = getattr(row, peak)
                if upper < lower:
                    yield error(
                        "peak-below-average",
                        row.place(peak),
                        say(
                            "{host}: {peak} {found} % is below {average} {lower} %",
                            host=row.host,
                            peak=label(row, peak),
                            found=show_number(upper),
                            average=label(row, average),
                            lower=show_number(lower),
                        ),
                        say("correct the two; they are often in each other's column"),
                    )


def storage_used(book: ContractBook) -> Iterable[Problem]:
    """A host uses no more storage than it has."""
    for quarter in quarters(book):
        for row in quarter.workbook.usage:
            if row.storage_used > row.storage:
                yield error(
                    "storage-exceeded",
                    row.place("storage_used"),
                    say(
                        "{host} uses {used} GB of {storage} GB ({excess} GB too much)",
                        host=row.host,
                        used=show_number(row.storage_used),
                        storage=show_number(row.storage),
                        excess=show_number(row.storage_used - row.storage),
                    ),
                    say("correct the size or what is used; mind TB and GB"),
                )
