"""Page one: what was asked and reached, marked so that black and white tells it."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from rows import book, quarter, row

from deliverables.compute.availability import availability_line, period_service, year_service
from deliverables.compute.comparison import View
from deliverables.compute.scorecard import Score, happened, scorecard, year_scorecard
from deliverables.model.book import ContractBook
from deliverables.model.fields import Missing
from deliverables.model.operations_sheets import Outage
from deliverables.values.figure import sources_in

DAY = date(2027, 5, 25)
FAILURE = row(Outage, number="ZD-2", started=datetime(2026, 8, 3, 9),
              ended=datetime(2026, 8, 3, 9) + timedelta(minutes=200), cause="板卡故障")  # fmt: skip
HELD = book(quarter(1), quarter(2, outages=[FAILURE]))


def scores(held: ContractBook, number: int) -> dict[str, Score]:
    former = [number - 1] if number > 1 else []
    service = period_service(held, "第二季度", [number], DAY)
    last = availability_line(held, "", former, DAY) if former else None
    lines = scorecard(held, service, [number], former=former, last=last, as_of=DAY)
    assert all(sources_in(figure) for line in lines for figure in (line.former, line.verdict))
    return {line.name: line for line in lines}


def test_a_missed_level_is_marked_for_the_quarter_and_the_term_so_far() -> None:
    line = scores(HELD, 2)["可用性"]
    assert [str(each) for each in (line.requirement, line.former, line.actual, line.verdict)] == [
        "不低于99.9%", "100.0000%", "99.8490%", "× 未达标",
    ]  # fmt: skip
    assert (str(line.to_date), str(line.standing)) == ("99.9241%", "√ 达标")
    assert (line.failed, line.failing) == (True, False)


def test_the_minutes_left_are_those_of_the_quarter_and_of_the_term_so_far() -> None:
    line = scores(HELD, 2)["中断时长（分钟）"]
    assert [str(each) for each in (line.requirement, line.actual, line.verdict, line.standing)] == [
        "132.48（累计 263.52）", "200", "超出 67.52", "剩余 63.52",
    ]  # fmt: skip


def test_the_first_quarter_has_no_quarter_before_it() -> None:
    assert {str(line.former) for line in scores(HELD, 1).values()} == {"—"}


def test_what_the_contract_sets_no_level_for_bears_no_mark() -> None:
    assert str(scores(HELD, 2)["工单及时率"].verdict) == "不作判定"


def test_what_happened_is_three_sentences() -> None:
    service = period_service(HELD, "第二季度", [2], DAY)
    view = View(now="本季度", word="季度", these=[HELD.quarters[2]], former=[HELD.quarters[1]])
    told = happened(HELD, service.lines, [2], None, view=view, as_of=DAY)
    assert [str(told.level), str(told.broke), str(told.done)] == [
        "本季度可用性未达标，服务期累计达标",
        "本季度计入可用性的中断 1 次：板卡故障（200 分钟）",
        "本季度未发生事件；没有工单；没有变更",
    ]


def test_the_outages_that_are_not_named_are_added_up_and_what_overlapped_is_told() -> None:
    def lost(number: str, hour: int, minutes: int) -> Outage:
        began = datetime(2026, 8, 3, hour)
        return replace(
            FAILURE, number=number, started=began, ended=began + timedelta(0, minutes * 60)
        )

    four = [lost("ZD-1", 1, 100), lost("ZD-2", 5, 90), lost("ZD-3", 9, 30), lost("ZD-4", 9, 20)]
    held = book(quarter(1), quarter(2, outages=four))
    view = View(now="本季度", word="季度", these=[held.quarters[2]], former=[held.quarters[1]])
    service = period_service(held, "第二季度", [2], DAY)
    told = happened(held, service.lines, [2], None, view=view, as_of=DAY)
    assert str(told.broke) == (
        "本季度计入可用性的中断 4 次，最长两次：板卡故障（100 分钟）；板卡故障（90 分钟）"
        "；其余 2 次共 50 分钟，重叠 20 分钟只计一次"
    )


def test_agreed_work_that_counts_is_named_and_the_level_without_it_is_told() -> None:
    work = replace(FAILURE, cause="版本升级", cause_kind="计划维护", work_agreed="甲方复函")
    held = book(quarter(1), quarter(2, outages=[work]))
    service = period_service(held, "第二季度", [2], DAY)
    view = View(now="本季度", word="季度", these=[held.quarters[2]])
    told = happened(held, service.lines, [2], None, view=view, as_of=DAY)
    assert [str(said) for said in told.otherwise] == [
        "不计经甲方同意的作业，本季度为 100.0000%，仅供参考"
    ]
    assert str(told.broke).endswith("版本升级（甲方同意的作业，200 分钟）")
    none = period_service(HELD, "第二季度", [2], DAY)
    view = replace(view, these=[HELD.quarters[2]])
    assert happened(HELD, none.lines, [2], None, view=view, as_of=DAY).otherwise == ()


def test_a_missed_level_says_over_what_it_is_judged_where_the_contract_does_not() -> None:
    def level(said: str | Missing) -> str:
        held = replace(HELD, contract=replace(
            HELD.contract, service_levels=replace(HELD.contract.service_levels, measurement=said)
        ))  # fmt: skip
        view = View(now="本季度", word="季度", these=[held.quarters[2]])
        service = period_service(held, "第二季度", [2], DAY)
        return str(happened(held, service.lines, [2], None, view=view, as_of=DAY).level)

    silent = "本季度可用性未达标，服务期累计达标（合同未约定统计周期，两者分别判定）"
    assert level(Missing("合同未约定")) == silent
    assert level("按季度统计") == "本季度可用性未达标，服务期累计达标"


def test_a_summary_sets_its_quarters_side_by_side() -> None:
    year = book(quarter(1), quarter(2, outages=[FAILURE]), quarter(3), quarter(4))
    numbers = (1, 2, 3, 4)
    first, minutes, *_ = year_scorecard(year, year_service(year, numbers, DAY), numbers, DAY)
    assert str(first.parts) == "100.0000%、 99.8490%×、 100.0000%、 100.0000%"
    assert [str(each) for each in (minutes.parts, minutes.actual, minutes.verdict)] == [
        "0、 200×、 0、 0", "200", "剩余 325.6",
    ]  # fmt: skip


def test_a_summary_names_the_quarters_below_their_level() -> None:
    year = book(quarter(1), quarter(2, outages=[FAILURE]), quarter(3), quarter(4))
    numbers, service = (1, 2, 3, 4), year_service(year, (1, 2, 3, 4), DAY)
    these = [year.quarters[number] for number in numbers]
    view = View(now="全年", word="季度", these=these, parts=[("第二季度", these[1])])
    told = happened(year, service.lines, numbers, None, view=view, as_of=DAY)
    assert str(told.level) == "全年可用性达标，其中第二季度未达标"
