from datetime import date, timedelta
from decimal import Decimal

from rows import NOON, book, quarter, row

from deliverables.compute.indicators import (
    trend,
    trend_total,
    vulnerability_trend_chart,
    workload_chart,
)
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


def test_charts_show_the_lines() -> None:
    lines = trend(YEAR, [1, 2], DAY)
    work, weak = workload_chart(lines, "季度"), vulnerability_trend_chart(lines, "季度")
    assert work.categories == weak.categories == ("第一季度", "第二季度")
    assert [series.values for series in work.series] == [(10, 1), (0, 2)]
    assert [series.values for series in weak.series] == [(4, 0), (1, 0)]
    assert work.description == "第一季度工单 10 件、变更 0 次；第二季度工单 1 件、变更 2 次。"
