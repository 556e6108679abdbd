"""Each chapter begins with what its figures mean beside those of the period before."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from rows import book, quarter, row

from deliverables.compute.availability import availability_line
from deliverables.compute.comparison import View, leads, trended
from deliverables.model.operations_sheets import (
    Alarm,
    Backup,
    Drill,
    Durability,
    Operations,
    Outage,
    Ticket,
    Usage,
)
from deliverables.values.figure import sources_in

DAY = date(2027, 5, 25)


def alarms(number: int, count: int) -> Operations:
    return quarter(number, alarms=[row(Alarm, number=f"GJ-{n}") for n in range(count)])


def of(*, these: Operations, former: Operations | None = None) -> View:
    return View(now="本季度", word="季度", these=[these], former=[former] if former else [])


def lead(view: View, name: str) -> str:
    held = book(quarter(1))
    line = availability_line(held, "第一季度", [1], DAY)
    said = getattr(leads(view, held, line, [line] if view.parts or view.former else [], DAY), name)
    assert sources_in(said)
    return str(said)


def test_a_count_is_held_against_the_quarter_before() -> None:
    more = of(these=alarms(2, 5), former=alarms(1, 3))
    assert lead(more, "alarms").startswith("本季度产生告警 5 条，比上季度增加 2 条；")
    less = of(these=alarms(2, 3), former=alarms(1, 5))
    assert lead(less, "alarms").startswith("本季度产生告警 3 条，比上季度减少 2 条；")
    same = of(these=alarms(2, 3), former=alarms(1, 3))
    assert lead(same, "alarms").startswith("本季度产生告警 3 条，与上季度持平；")


def test_the_first_quarter_has_nothing_before_it() -> None:
    assert lead(of(these=alarms(1, 3)), "alarms").startswith("本季度产生告警 3 条；")


def test_late_tickets_that_are_still_open_are_counted_among_the_late() -> None:
    opened = datetime(2026, 5, 6, 12)
    closed = row(Ticket, number="GD-1", opened=opened, closed=opened + timedelta(hours=9))
    left = replace(closed, number="GD-2", closed=None)
    both = of(these=quarter(tickets=[closed, left]))
    assert "；未及时办结 2 件（1 件尚未办结）" in lead(both, "tickets")
    assert lead(of(these=quarter(tickets=[closed])), "tickets").endswith("；未及时办结 1 件")


def test_a_rate_rises_and_falls_by_points() -> None:
    def backups(succeeded: int) -> Operations:
        return quarter(backups=[row(Backup, planned=100, succeeded=succeeded)])

    fell = of(these=backups(98), former=backups(99))
    assert "成功率 98.00%，比上季度下降 1.00 个百分点；" in lead(fell, "backups")
    nothing = of(these=quarter(), former=backups(99))
    assert "上季度" not in lead(nothing, "backups"), "no rate is compared with one"


def year_of(*counts: int) -> View:
    """Return what a summary sees of quarters that had so many alarms."""
    parts = [(f"第{at}季度", alarms(at, count)) for at, count in enumerate(counts, 1)]
    return View(now="全年", word="季度", these=[one for _, one in parts], parts=parts)


def test_a_summary_names_a_quarter_that_is_set_apart_and_no_other() -> None:
    def said(*counts: int) -> str:
        return lead(year_of(*counts), "alarms").partition("；")[0]

    assert said(2, 2, 6, 6) == "全年产生告警 16 条", "two of them share the most"
    assert said(2, 6, 2, 2) == "全年产生告警 12 条，其中第2季度 6 条"
    assert said(3, 4, 4, 3) == "全年产生告警 14 条", "they are much alike"
    assert said(0, 3, 3, 3) == "全年产生告警 9 条，第1季度没有"
    assert said(0, 3, 0, 0) == "全年产生告警 3 条，均在第2季度"
    assert said(3) == "全年产生告警 3 条"


def test_a_summary_of_many_periods_tells_the_lowest_rate_that_stands_in_no_table() -> None:
    parts = [
        (f"第{at}月", quarter(at, backups=[row(Backup, planned=100, succeeded=rate)]))
        for at, rate in enumerate((99, 98, 97, 96, 100), 1)
    ]
    view = View(now="全年", word="月", these=[one for _, one in parts], parts=parts)
    assert "成功率 98.00%，第4月最低（96.00%）；" in lead(view, "backups")
    fewer = View(now="全年", word="月", these=view.these[:4], parts=parts[:4])
    assert "最低" not in lead(fewer, "backups"), "page one has them side by side"


def test_a_summary_holds_its_last_period_against_its_first() -> None:
    assert str(trended(year_of(5, 9, 3))) == (
        "第3季度与第1季度相比，告警减少 2 条，工单持平，事件持平，变更持平"
    )
    assert trended(year_of(5)) is None


def test_availability_is_held_against_the_level_and_the_quarter_before() -> None:
    held = book(quarter(1), quarter(2, outages=[row(Outage)]))
    first, second = (availability_line(held, "", [number], DAY) for number in (1, 2))
    view = of(these=held.quarters[2], former=held.quarters[1])
    assert second.percent.value == Decimal("100.0000"), "the outage is one of the first quarter"
    said = leads(view, held, second, [first], DAY).service
    assert str(said) == (
        "本季度可用性 100.0000%，不低于合同要求的 99.9%，与上季度持平；"
        "中断 0 分钟，允许 132.48 分钟"
    )


def test_usage_is_told_by_the_latest_month_with_storage_beside_the_quarter_before() -> None:
    def used(number: int, storage: int) -> Operations:
        one = row(Usage, month=date(2026, 4 + 3 * number, 1), host="a", vcpu=4,
                  memory=Decimal(8), storage=Decimal(100), storage_used=Decimal(storage),
                  cpu_average=Decimal(5), cpu_peak=Decimal(9), memory_average=Decimal(20),
                  memory_peak=Decimal(30))  # fmt: skip
        return quarter(number, usage=[one])

    assert lead(of(these=used(2, 45), former=used(1, 40)), "usage") == (
        "2026年10月平均使用率（按容量加权）CPU 5.00%、内存 20.00%、存储 45.00%，"
        "其中存储比上季度末上升 5.00 个百分点；"
        "没有高负载主机，上季度末也没有；低负载主机 1 台，持平"
    )
    assert lead(of(these=used(1, 40)), "usage").endswith("；没有高负载主机；低负载主机 1 台")


def test_drills_and_people_are_held_against_the_quarter_before() -> None:
    def drilled(number: int, *duties: int) -> Operations:
        rows = [row(Drill, kind="应急演练", duty=Decimal(duty)) for duty in duties]
        return quarter(number, drills=rows)

    view = of(these=drilled(2, 4, 6), former=drilled(1, 3))
    assert lead(view, "drills") == (
        "本季度开展应急演练 2 次，共投入 10 人·天，比上季度增加 7 人·天"
    )
    assert "，在岗项目人员 0 人，上季度末也没有；" in lead(view, "people")
    calm = of(these=quarter(2), former=drilled(1, 3))
    assert lead(calm, "drills") == "本季度无应急演练和重大活动值守记录，上季度 3 人·天"


def test_outages_and_losses_are_held_against_the_quarter_before() -> None:
    broken = quarter(1, outages=[row(Outage)], durability=[row(Durability, integrity_checks=24)])
    calm = quarter(2, durability=[row(Durability, loss_events=1, integrity_checks=26)])
    assert beside(of(these=calm, former=broken)) == (
        "上季度 1 次", "上季度没有", "比上季度增加 2 次",
    )  # fmt: skip
    assert beside(of(these=broken)) == ("", "", ""), "the first has none before it"
    assert beside(of(these=broken, former=broken)) == ("与上季度持平", "", "与上季度持平")


def beside(view: View) -> tuple[str, ...]:
    """Return what is said of outages, losses and checks."""
    held = book(quarter(1))
    line = availability_line(held, "第一季度", [1], DAY)
    said = leads(view, held, line, [line] if view.former else [], DAY)
    return tuple("".join(map(str, each)) for each in (said.outages, said.losses, said.checks))
