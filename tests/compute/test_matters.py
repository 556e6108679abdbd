"""The register of matters: raised once, carried on by number, told with what became of them."""

from dataclasses import replace
from datetime import date

from rows import book, quarter, row

from deliverables.compute.matters import (
    Register,
    became,
    dropped,
    matters,
    register,
    remedies,
    renamed,
)
from deliverables.compute.open_points import open_points
from deliverables.model.operations_sheets import Issue, Operations
from deliverables.values.figure import sources_in

FIRST, SECOND = date(2026, 4, 30), date(2026, 7, 30)
AUTUMN, SPRING = date(2026, 11, 2), date(2027, 5, 15)
LABELS = {1: "第一季度", 2: "第二季度", 3: "第三季度"}
SHORT = row(Issue, number="WT-01", kind="问题", subject="带宽不足", action="扩容", owner="乙方",
            due=date(2026, 12, 31), state="进行中")  # fmt: skip
WIDENED = replace(SHORT, state="已完成", closed=date(2026, 10, 22), outcome="扩容完成")
ASKED = row(Issue, number="TQ-01", kind="提请甲方", subject="提供附件一", article="第二条",
            due=date(2026, 8, 31), state="未开始")  # fmt: skip


def ended(number: int, last_day: date, *issues: Issue) -> Operations:
    held = quarter(number, issues=issues)
    return replace(held, cover=replace(held.cover, last_day=last_day))


ONE = ended(1, date(2026, 7, 29), SHORT, ASKED)
TWO = ended(2, date(2026, 10, 29), WIDENED, ASKED)


def of(number: int, as_of: date, *quarters: Operations) -> Register:
    first = {1: FIRST, 2: SECOND}[number]
    return register(dict(enumerate(quarters, 1)), LABELS, [number], first, as_of, room=9)


def told(held: Register) -> list[str]:
    return [f"{line.number} {line.label} {line.became}" for line in held.lines]


def test_a_report_lists_what_its_quarter_raised_with_what_is_known_by_its_day() -> None:
    assert told(of(1, date(2026, 8, 3), ONE)) == [
        "WT-01 第一季度 未办结，期限未到", "TQ-01 第一季度 未办结，期限未到",
    ]  # fmt: skip


def test_the_next_report_tells_what_became_of_what_was_open_and_still_open_stands_first() -> None:
    assert told(of(2, AUTUMN, ONE, TWO)) == [
        "TQ-01 第一季度 未办结，逾期 63 天：原因和安排【待补】",
        "WT-01 第一季度 2026-10-22办结：扩容完成",
    ]  # fmt: skip


def test_the_first_report_made_anew_knows_what_a_later_workbook_records() -> None:
    assert told(of(1, date(2026, 10, 21), ONE, TWO))[0] == "WT-01 第一季度 未办结，期限未到"
    assert told(of(1, date(2026, 10, 22), ONE, TWO))[1] == "WT-01 第一季度 2026-10-22办结：扩容完成"


def test_what_was_closed_before_a_quarter_began_is_not_in_its_report() -> None:
    over = replace(SHORT, closed=date(2026, 7, 29), outcome="扩容完成")
    assert told(of(2, AUTUMN, ended(1, date(2026, 7, 29), over), ended(2, AUTUMN))) == []
    done = replace(SHORT, state="已完成")
    held = of(1, AUTUMN, ended(1, date(2026, 7, 29), done))
    assert told(held) == ["WT-01 第一季度 第一季度内完成"]


def test_what_is_asked_of_the_client_is_told_apart_with_its_article_until_it_is_done() -> None:
    (asked,) = of(2, AUTUMN, ONE, TWO).requests
    assert (str(asked.subject), str(asked.article), str(asked.due), asked.late) == (
        "提供附件一", "第二条", "2026-08-31", True,
    )  # fmt: skip
    done = replace(ASKED, state="已完成", closed=date(2026, 9, 1), outcome="已提供")
    held = of(2, AUTUMN, ONE, ended(2, date(2026, 10, 29), done))
    assert held.requests == ()
    assert "TQ-01 第一季度 2026-09-01办结：已提供" in told(held)


def test_what_is_open_is_told_of_earlier_quarters_and_of_this_one() -> None:
    new = replace(SHORT, number="WT-02", subject="硬盘预警")
    held = of(2, AUTUMN, ONE, ended(2, date(2026, 10, 29), SHORT, ASKED, new))
    assert [str(line.number) for line in held.left] == ["WT-01", "WT-02"]
    assert str(held.standing) == (
        "期初未办结事项 2 项，本期新提出 1 项；截至2026年11月2日未办结 3 项，其中 1 项已过期限。"
    )
    every = register({1: ONE, 2: TWO}, LABELS, [1, 2], FIRST, AUTUMN, room=9)
    assert [str(line.number) for line in every.left] == []


def test_page_one_lists_by_their_days_what_it_has_room_for_and_counts_the_others() -> None:
    late = replace(SHORT, number="JH-01", kind="计划", due=date(2026, 8, 1))
    plan = replace(SHORT, number="JH-02", kind="计划", due=date(2026, 12, 1))
    sooner = replace(ASKED, number="TQ-02", due=date(2026, 8, 1))
    undated = replace(ASKED, number="TQ-03", due=None)
    held = {1: ended(1, date(2026, 7, 29), undated, SHORT, plan, late, ASKED, sooner)}

    def shown(room: int) -> tuple[str, str, str, bool]:
        found = register(held, LABELS, [1], FIRST, AUTUMN, room=room)
        asked, left = (
            " ".join(str(line.number) for line in lines) for lines in (found.requests, found.left)
        )
        return asked, left, str(found.folded), found.is_folded

    asked, left = "TQ-02 TQ-01 TQ-03", "JH-01 JH-02 WT-01"
    assert shown(6) == (asked, left, "0 项", False)
    assert shown(5) == (asked, "JH-01 JH-02", "1 项", True)
    assert shown(3) == ("TQ-02 TQ-01", "JH-01", "提请甲方事项 1 项、其他事项 2 项", True)


def said(issue: Issue, as_of: date) -> str:
    (one,) = matters({1: quarter(issues=[issue])}, 1)
    return str(became(one, LABELS, as_of))


def test_an_open_matter_says_how_late_it_is_and_why() -> None:
    word = replace(ASKED, outcome="甲方尚未提供")
    assert said(word, AUTUMN) == "未办结，逾期 63 天：甲方尚未提供"
    assert said(replace(ASKED, due=None), AUTUMN) == "未办结，未定期限"
    assert said(ASKED, date(2026, 8, 31)) == "未办结，期限未到"


def test_an_outcome_is_not_told_before_the_day_it_was_reached() -> None:
    later = replace(ASKED, closed=date(2027, 5, 20), outcome="已提供")
    assert said(later, date(2026, 8, 31)) == "未办结，期限未到"
    assert said(later, AUTUMN) == "未办结，逾期 63 天：原因和安排【待补】"
    assert said(later, date(2027, 5, 20)) == "2027-05-20办结：已提供"


def test_what_was_said_while_it_was_open_is_told_until_its_end_is_known() -> None:
    waiting = ended(1, date(2026, 7, 29), replace(ASKED, outcome="甲方仍在研究"))
    given = replace(ASKED, closed=date(2027, 5, 20), outcome="已提供")
    held = of(2, AUTUMN, waiting, ended(2, date(2026, 10, 29), given))
    assert told(held) == ["TQ-01 第一季度 未办结，逾期 63 天：甲方仍在研究"]
    silent = of(2, AUTUMN, waiting, ended(2, date(2026, 10, 29), ASKED))
    assert told(silent) == ["TQ-01 第一季度 未办结，逾期 63 天：原因和安排【待补】"]


def test_check_names_what_is_past_its_day_without_a_word() -> None:
    def codes(issue: Issue, as_of: date) -> list[str]:
        found = open_points(book(quarter(issues=[issue])), as_of)
        return [one.code for one in found if one.code == "issue-unexplained"]

    assert codes(ASKED, AUTUMN) == ["issue-unexplained"]
    assert codes(ASKED, date(2026, 8, 31)) == []
    assert codes(replace(ASKED, outcome="甲方尚未提供"), AUTUMN) == []
    later = replace(ASKED, closed=date(2027, 5, 20), outcome="已提供")
    assert codes(later, AUTUMN) == ["issue-unexplained"]


def test_what_the_next_workbook_leaves_out_is_noticed() -> None:
    begun = replace(quarter(2), cover=replace(quarter(2).cover, first_day=SECOND))
    ((one, missing),) = dropped({1: ended(1, date(2026, 7, 29), SHORT), 2: begun})
    assert (one.first.number, missing) == ("WT-01", 2)
    closed = replace(SHORT, closed=date(2026, 7, 1), outcome="扩容完成")
    assert list(dropped({1: ended(1, date(2026, 7, 29), closed), 2: begun})) == []
    assert list(dropped({1: ONE, 2: TWO})) == []


def test_a_number_that_is_given_to_another_matter_is_noticed() -> None:
    other = replace(ASKED, number="WT-01")
    ((first, second),) = renamed({1: ended(1, SECOND, SHORT), 2: ended(2, AUTUMN, other)})
    assert (first.kind, second.kind) == ("问题", "提请甲方")


def test_remedies_count_the_problems_about_availability() -> None:
    about = replace(SHORT, number="WT-02", level="可用性")
    found = remedies({1: ended(1, SECOND, SHORT, about)}, [1], AUTUMN, over="本季度")
    assert (found.answered, str(found.told)) == (
        True,
        "本季度可用性整改 1 项，1 项未办结（WT-02）",
    )
    assert sources_in(found.told)
    four = [replace(about, number=f"WT-{at}") for at in range(4)]
    many = remedies({1: ended(1, SECOND, *four)}, [1], AUTUMN, over="全年")
    assert str(many.told).endswith("4 项未办结（WT-0、WT-1、WT-2等）")
    none = remedies({1: ONE}, [1], AUTUMN, over="全年")
    assert (none.answered, str(none.told)) == (False, "针对可用性的整改措施【待补】")


def test_an_empty_sheet_asks_nothing() -> None:
    held = of(1, SPRING, quarter())
    assert (held.lines, held.requests, held.left) == ((), (), ())


def test_a_report_lists_the_remedies_that_its_first_page_counts() -> None:
    done = replace(SHORT, number="WT-02", level="可用性", state="已完成")
    held = {1: ended(1, date(2026, 7, 29), done), 2: ended(2, date(2026, 10, 29), ASKED)}
    missed = register(held, LABELS, [2], SECOND, AUTUMN, room=9, missed_in=(1, 2))
    assert [(str(line.number), str(line.aim), line.aimed) for line in missed.lines] == [
        ("TQ-01", "—", False), ("WT-02", "可用性", True),
    ]  # fmt: skip
    assert len(register(held, LABELS, [2], SECOND, AUTUMN, room=9).lines) == 1


def test_the_papers_of_an_end_are_shown_once_the_end_is_known() -> None:
    begun = replace(SHORT, evidence="问题跟踪表")
    over = replace(WIDENED, evidence="扩容验收单")
    both = (ended(1, date(2026, 7, 29), begun), ended(2, date(2026, 10, 29), over))
    before, after = (of(1, day, *both).lines for day in (date(2026, 10, 21), date(2026, 10, 22)))
    assert [str(lines[0].evidence) for lines in (before, after)] == ["问题跟踪表", "扩容验收单"]
    at_once = of(1, date(2026, 8, 3), ended(1, date(2026, 7, 29), over)).lines
    assert str(at_once[0].evidence) == "—"
    known = ended(1, date(2026, 7, 29), over).as_known(date(2026, 8, 3))
    assert [row.evidence for row in known.issues] == [""]


def test_a_matter_that_was_put_off_keeps_its_first_day_and_says_why() -> None:
    later = replace(SHORT, due=date(2027, 3, 31))
    silent = of(2, AUTUMN, ONE, ended(2, date(2026, 10, 29), later, ASKED))
    line = next(one for one in silent.lines if str(one.number) == "WT-01")
    assert (str(line.due), str(line.became)) == (
        "2027-03-31（原2026-12-31）", "未办结，期限未到：原因和安排【待补】",
    )  # fmt: skip
    told_why = replace(later, outcome="运营商施工推迟")
    line = next(
        one
        for one in of(2, AUTUMN, ONE, ended(2, date(2026, 10, 29), told_why, ASKED)).lines
        if str(one.number) == "WT-01"
    )
    assert str(line.became) == "未办结，期限未到：运营商施工推迟"
