"""What the client said of the service, and what the meetings decided."""

from __future__ import annotations

from datetime import date

from rows import followed, quarter, row

from deliverables.compute.feedback import Feedback, feedback
from deliverables.model.operations_sheets import Issue, Meeting, Opinion

DAY = date(2026, 8, 3)


def told(
    *opinions: Opinion,
    meetings: tuple[Meeting, ...] = (),
    issues: tuple[Issue, ...] = (),
    as_of: date = DAY,
) -> Feedback:
    return feedback(
        [quarter(1, opinions=opinions, meetings=meetings)], followed(*issues, as_of=as_of), "本季度"
    )


def test_nobody_asked_is_no_survey_and_no_share() -> None:
    assert told().surveys == told(row(Opinion)).surveys == ()
    assert str(told().satisfaction) == "本季度未开展满意度调查"


def test_a_survey_is_told_beside_the_last_one_of_an_earlier_quarter() -> None:
    before = row(Opinion, kind="满意度调查", day=date(2026, 7, 1), returned=10, satisfied=8)
    asked = row(Opinion, kind="满意度调查", day=date(2026, 8, 1), returned=10, satisfied=9)
    earlier = [quarter(1, opinions=(before,))]
    now = feedback([quarter(2, opinions=(asked,))], followed(), "本季度", earlier)
    assert str(now.satisfaction) == (
        "满意度调查于2026-08-01收回，满意率 90.00%；上次（2026-07-01）80.00%"
    )
    quiet = feedback([quarter(2)], followed(), "本季度", earlier)
    assert str(quiet.satisfaction) == ("本季度未开展满意度调查；上次（2026-07-01）80.00%")


def test_the_share_of_a_survey_is_of_what_came_back() -> None:
    asked = row(Opinion, kind="满意度调查", sent=24, returned=22, satisfied=15, fair=5,
                dissatisfied=2)  # fmt: skip
    (one,) = told(asked).surveys
    assert (str(one.sent), str(one.returned), str(one.share)) == ("24", "22", "90.91%")


def test_a_survey_of_which_nothing_came_back_has_no_share() -> None:
    asked = row(Opinion, kind="满意度调查", sent=24, returned=0)
    assert str(told(asked).surveys[0].share) == "—（本期无）"


def test_praise_and_complaints_are_counted_and_a_survey_is_neither() -> None:
    found = told(
        row(Opinion),
        row(Opinion, kind="投诉"),
        row(Opinion, kind="满意度调查", sent=1, returned=1, satisfied=1),
    )
    assert (str(found.heard), len(found.opinions)) == ("本季度收到表扬 1 件、投诉 1 件", 2)


def test_what_the_client_did_not_say_is_told_as_that() -> None:
    assert str(told().heard) == "本季度没有表扬、投诉记录"
    assert str(told(row(Opinion)).heard) == "本季度收到表扬 1 件，没有收到投诉"
    assert str(told(row(Opinion, kind="投诉")).heard) == "本季度收到投诉 1 件，没有收到表扬"


def test_a_complaint_is_open_until_the_day_it_was_answered() -> None:
    answered = row(Opinion, kind="投诉", closed=date(2026, 8, 4), outcome="已答复")
    before, after = told(answered), told(answered, as_of=date(2026, 8, 4))
    assert str(before.opinions[0].became) == "截至2026年8月3日未办结"
    assert str(after.opinions[0].became) == "2026-08-04办结：已答复"


def test_a_meeting_with_two_decisions_is_one_meeting() -> None:
    rows = (row(Meeting, decision="补充预案"), row(Meeting, decision="逐台核对"))
    found = told(meetings=rows)
    assert (str(found.meetings), [str(one.decision) for one in found.decisions]) == (
        "1", ["补充预案", "逐台核对"],
    )  # fmt: skip


def test_a_decision_is_told_with_what_became_of_the_matters_that_it_made() -> None:
    asked = row(Issue, number="TQ-01", owner="甲方", due=date(2026, 7, 1), outcome="尚未提供")
    done = row(Issue, number="JH-01", closed=date(2026, 8, 3), outcome="预案已修订")
    rows = (
        row(Meeting, decision="补充预案", matters="JH-01、TQ-01"),
        row(Meeting, decision="认可第一季度报告"),
    )
    found = told(meetings=rows, issues=(asked, done))
    assert [str(one.became).split("；") for one in found.decisions] == [
        [
            "JH-01 2026-08-03办结：预案已修订",
            "TQ-01（甲方，期限2026-07-01）未办结，逾期 33 天：尚未提供",
        ],
        ["—"],
    ]


def test_a_decision_whose_matter_no_workbook_holds_is_left_open() -> None:
    rows = (row(Meeting, decision="补充预案", matters="JH-09"),)
    assert str(told(meetings=rows).decisions[0].became) == "JH-09【待补】"
