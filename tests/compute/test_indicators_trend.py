from datetime import date, timedelta
from decimal import Decimal

from rows import NOON, book, quarter, row

from deliverables.compute.indicators import trend, trend_total
from deliverables.model.operations_sheets import (
    Backup,
    Change,
    Incident,
    Resource,
    Security,
    Ticket,
)

DAY = date(2027, 5, 25)
KEPT = row(Ticket, closed=NOON + timedelta(hours=1))
LATE = row(Ticket)
YEAR = book(
    quarter(
        1,
        resources=[row(Resource, closing=Decimal(304))],
        tickets=[KEPT] * 9 + [LATE],
        backups=[row(Backup, planned=10, succeeded=9)],
        security=[row(Security, found=4, due=2, mended=1)],
    ),
    quarter(2, tickets=[LATE], backups=[row(Backup, planned=90, succeeded=90)],
            incidents=[row(Incident)], changes=[row(Change)] * 2),
)  # fmt: skip


def test_each_quarter_stands_beside_the_others() -> None:
    first, second = trend(YEAR, [1, 2], DAY)
    assert [first.label, str(first.hosts), str(first.tickets), str(first.in_time_rate)] == [
        "第一季度", "304", "10", "90.00%",
    ]  # fmt: skip
    assert [second.label, str(second.hosts), str(second.incidents), str(second.changes)] == [
        "第二季度", "0", "1", "2",
    ]  # fmt: skip


def test_rates_of_the_total_come_from_its_sums_never_from_an_average() -> None:
    total = trend_total(YEAR, [1, 2], DAY)
    assert [total.label, str(total.tickets), str(total.in_time_rate)] == ["合计", "11", "81.82%"]
    assert str(total.backup_success) == "99.00%"
    assert (str(total.found), str(total.mended)) == ("4", "1")
