from datetime import date

from rows import quarter, row

from deliverables.compute.operations import plans, problems, problems_by_quarter, requests
from deliverables.model.operations import Issue

WRITTEN = quarter(
    issues=[
        row(Issue, kind="问题", subject="带宽不足", action="扩容", owner="乙方",
            due=date(2026, 12, 31), state="进行中"),
        row(Issue, kind="计划", subject="切换演练"),
        row(Issue, kind="提请甲方", subject="组织中期验收", action="确认材料清单",
            due=date(2026, 11, 16)),
        row(Issue, kind="提请甲方", subject="提供附件一"),
    ]
)  # fmt: skip


def test_problems_and_plans_are_told_apart() -> None:
    (problem,), (plan,) = problems(WRITTEN), plans(WRITTEN)
    assert [str(problem.subject), str(problem.due), str(problem.state)] == [
        "带宽不足", "2026-12-31", "进行中",
    ]  # fmt: skip
    assert [str(plan.subject), str(plan.action), str(plan.due)] == ["切换演练", "—", "—"]


def test_requests_say_what_is_wanted_and_by_when() -> None:
    dated, open_ended = requests(WRITTEN)
    assert [str(dated.subject), str(dated.action), str(dated.due)] == [
        "组织中期验收", "确认材料清单", "2026年11月16日",
    ]  # fmt: skip
    assert (dated.detailed, dated.dated) == (True, True)
    assert (open_ended.detailed, open_ended.dated) == (False, False)


def test_problems_of_a_year_name_their_quarter() -> None:
    lines = problems_by_quarter(
        [WRITTEN, quarter(2), WRITTEN], ["第一季度", "第二季度", "第三季度"]
    )
    assert [line.label for line in lines] == ["第一季度", "第三季度"]


def test_an_empty_sheet_asks_nothing() -> None:
    assert (problems(quarter()), plans(quarter()), requests(quarter())) == ((), (), ())
