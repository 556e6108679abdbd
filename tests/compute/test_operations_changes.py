from rows import quarter, row

from deliverables.compute.operations import change_counts, change_log
from deliverables.model.operations_sheets import Change


def test_changes_are_counted_by_kind_and_result() -> None:
    rows = [
        row(Change, kind="计划", result="成功"),
        row(Change, kind="计划", result="回退"),
        row(Change, kind="紧急", result="失败"),
    ]
    found = change_counts([quarter(changes=rows)])
    planned, urgent = found.by_kind
    assert (planned.kind, str(planned.done), str(planned.rolled_back)) == ("计划", "2", "1")
    assert (urgent.kind, str(urgent.failed), str(urgent.success)) == ("紧急", "1", "0.00%")
    assert (str(planned.success), str(found.total.success)) == ("50.00%", "33.33%")
    assert str(found.outcome) == "失败 1 次、回退 1 次"


def test_every_change_is_in_the_log() -> None:
    rows = [row(Change, number="BG-1", approved="函〔2026〕1号"), row(Change, number="BG-2")]
    log = change_log([quarter(changes=rows)])
    assert [(str(line.number), str(line.approved)) for line in log] == [
        ("BG-1", "函〔2026〕1号"),
        ("BG-2", "—"),
    ]


def test_without_changes_there_is_no_rate() -> None:
    found = change_counts([quarter()])
    assert (found.any, found.by_kind, str(found.total.success)) == (False, (), "—（本期无）")
    assert change_log([quarter()]) == ()


def test_what_succeeded_is_said_in_a_word() -> None:
    assert str(change_counts([quarter(changes=[row(Change, result="成功")])]).outcome) == "均成功"


def test_changes_stand_beside_those_of_the_period_before() -> None:
    now, then = quarter(changes=[row(Change, kind="计划")] * 3), quarter(changes=[row(Change)])
    found = change_counts([now], [then])
    assert [str(found.total.beside.former), str(found.total.beside.change)] == ["1", "+2"]
    assert (found.compared, change_counts([now]).compared) == (True, False)
