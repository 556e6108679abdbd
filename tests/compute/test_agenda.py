from datetime import date

from rows import quarter, row

from deliverables.compute.operations import (
    carried,
    followed,
    plans,
    problems,
    remedies,
    requests,
    still_open,
)
from deliverables.model.operations import Issue
from deliverables.values.figure import sources_in

AUTUMN, SPRING = date(2026, 11, 2), date(2027, 5, 15)
LABELS = {1: "第一季度", 2: "第二季度", 3: "第三季度"}
SHORT = row(Issue, kind="问题", subject="带宽不足", action="扩容", owner="乙方",
            due=date(2026, 12, 31), state="进行中", closed=date(2026, 12, 22),
            outcome="扩容完成")  # fmt: skip
WRITTEN = quarter(
    issues=[
        SHORT,
        row(Issue, kind="计划", subject="切换演练"),
        row(Issue, kind="提请甲方", subject="组织中期验收", action="确认材料清单",
            due=date(2026, 11, 16), closed=date(2026, 11, 16), outcome="通过"),
        row(Issue, kind="提请甲方", subject="提供附件一"),
    ]
)  # fmt: skip


def test_problems_and_plans_are_told_apart() -> None:
    (problem,), (plan,) = problems([WRITTEN], AUTUMN), plans([WRITTEN], AUTUMN)
    assert [str(problem.subject), str(problem.due), str(problem.state)] == [
        "带宽不足", "2026-12-31", "进行中",
    ]  # fmt: skip
    assert [str(plan.subject), str(plan.action), str(plan.due)] == ["切换演练", "—", "—"]


def test_a_report_made_later_says_that_the_problem_was_brought_to_an_end() -> None:
    (problem,) = problems([WRITTEN], SPRING)
    assert str(problem.state) == "2026-12-22办结"


def test_what_nobody_closed_by_its_day_is_said_to_be_past_it() -> None:
    late = quarter(1, issues=[row(Issue, kind="计划", due=date(2026, 10, 31), state="未开始")])
    (plan,) = plans([late], AUTUMN)
    assert str(plan.state) == "未开始，截至2026年11月2日已过完成期限"
    (plan,) = plans([late], date(2026, 10, 31))
    assert str(plan.state) == "未开始"


def test_requests_say_what_is_wanted_and_by_when() -> None:
    dated, open_ended = requests([WRITTEN], AUTUMN)
    assert [str(dated.subject), str(dated.action), str(dated.due)] == [
        "组织中期验收", "确认材料清单", "2026年11月16日",
    ]  # fmt: skip
    assert (dated.detailed, dated.dated, dated.passed) == (True, True, False)
    assert (open_ended.detailed, open_ended.dated) == (False, False)


def test_what_the_client_has_done_is_not_asked_of_it_again() -> None:
    assert [str(item.subject) for item in requests([WRITTEN], SPRING)] == ["提供附件一"]


def told(issue: Issue, as_of: date) -> str:
    (line,) = followed({1: quarter(issues=[issue])}, LABELS, [issue.kind], as_of)
    return str(line.became)


def test_what_a_quarter_said_is_told_with_what_became_of_it() -> None:
    assert told(SHORT, SPRING) == "2026-12-22办结：扩容完成"
    assert told(SHORT, AUTUMN) == "截至2026年11月2日未办结，期限未到"
    late = row(Issue, due=date(2026, 8, 31), state="进行中")
    assert told(late, AUTUMN) == "截至2026年11月2日未办结，已过完成期限"
    assert told(row(Issue, state="未开始"), AUTUMN) == "截至2026年11月2日未办结，未定期限"
    assert told(row(Issue, state="已完成"), AUTUMN) == "当期内已完成"


def test_a_matter_that_a_later_quarter_repeats_is_told_once_as_it_stood_last() -> None:
    again = row(Issue, kind="问题", subject="带宽不足", state="已完成")
    first = row(Issue, kind="问题", subject="带宽不足", state="进行中")
    year = {1: quarter(1, issues=[first]), 2: quarter(2, issues=[again])}
    (line,) = followed(year, LABELS, ["问题"], SPRING)
    assert (line.label, str(line.became)) == ("第一季度", "当期内已完成")
    assert still_open(year, LABELS, SPRING) == ()


def test_a_report_tells_what_became_of_the_quarters_before_it() -> None:
    done = row(Issue, kind="问题", subject="软件缺陷", state="已完成")
    year = {1: quarter(1, issues=[SHORT, done]), 2: quarter(2, issues=[row(Issue, subject="新")])}
    assert [str(line.subject) for line in carried(year, LABELS, [2], AUTUMN)] == ["带宽不足"]


def test_only_what_is_not_closed_by_the_day_is_still_open() -> None:
    year = {1: WRITTEN}
    assert [str(line.subject) for line in still_open(year, LABELS, SPRING)] == [
        "切换演练", "提供附件一",
    ]  # fmt: skip


def test_remedies_are_the_problems_about_availability() -> None:
    about = row(Issue, kind="问题", subject="可用性未达标", action="滚动迁移", level="可用性",
                state="进行中", due=date(2026, 12, 15))  # fmt: skip
    (said,) = remedies({2: quarter(2, issues=[SHORT, about])}, AUTUMN)
    assert str(said) == "可用性未达标：滚动迁移。截至2026年11月2日未办结，期限未到。"
    assert sources_in(said)


def test_an_empty_sheet_asks_nothing() -> None:
    empty = quarter()
    assert [ask([empty], SPRING) for ask in (problems, plans, requests)] == [(), (), ()]
