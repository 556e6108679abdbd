"""Each chapter begins with what its figures mean beside those of the period before."""

from datetime import date
from decimal import Decimal

from rows import book, quarter, row

from deliverables.compute.availability import availability_line, indicator_name
from deliverables.compute.comparison import View, leads
from deliverables.model.operations_sheets import Alarm, Backup, Operations, Outage
from deliverables.values.figure import sources_in

DAY = date(2027, 5, 25)
NAME = indicator_name(book().contract.service_levels)


def alarms(number: int, count: int) -> Operations:
    return quarter(number, alarms=[row(Alarm, number=f"GJ-{n}") for n in range(count)])


def of(*, these: Operations, former: Operations | None = None) -> View:
    return View(now="本季度", word="季度", these=[these], former=[former] if former else [])


def lead(view: View, name: str) -> str:
    held = book(quarter(1))
    line = availability_line(held, "第一季度", [1], DAY)
    said = getattr(leads(view, NAME, line, [line] if view.parts else [], DAY), name)
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


def test_a_rate_rises_and_falls_by_points() -> None:
    def backups(succeeded: int) -> Operations:
        return quarter(backups=[row(Backup, planned=100, succeeded=succeeded)])

    fell = of(these=backups(98), former=backups(99))
    assert "成功率 98.00%，比上季度下降 1 个百分点；" in lead(fell, "backups")
    nothing = of(these=quarter(), former=backups(99))
    assert "上季度" not in lead(nothing, "backups"), "no rate is compared with one"


def test_a_summary_tells_when_the_year_was_busiest() -> None:
    parts = [("第一季度", alarms(1, 2)), ("第二季度", alarms(2, 5))]
    year = View(now="本年度", word="季度", these=[one for _, one in parts], parts=parts)
    assert lead(year, "alarms").startswith("本年度产生告警 7 条，第二季度最多（5 条）；")
    parts.append(("第三季度", alarms(3, 5)))
    year = View(now="本年度", word="季度", these=[one for _, one in parts], parts=parts)
    assert "，第二季度、第三季度最多（5 条）；" in lead(year, "alarms")


def test_availability_is_held_against_the_level_and_the_quarter_before() -> None:
    held = book(quarter(1), quarter(2, outages=[row(Outage)]))
    first, second = (availability_line(held, "", [number], DAY) for number in (1, 2))
    view = of(these=held.quarters[2], former=held.quarters[1])
    assert second.percent.value == Decimal("100.0000"), "the outage is one of the first quarter"
    said = leads(view, NAME, second, [first], DAY).service
    assert str(said) == (
        "本季度可用性 100.0000%，不低于合同要求的 99.9%，与上季度持平；"
        "中断 0 分钟，允许 132.48 分钟"
    )
