from datetime import date

from rows import quarter, row

from deliverables.compute.operations import LEVELS, security
from deliverables.model.operations_sheets import Security

DAY = date(2026, 8, 3)


def test_vulnerabilities_are_counted_by_level() -> None:
    rows = [
        row(Security, kind="高危漏洞", found=4, due=3, mended=3, overdue=0),
        row(Security, kind="低危漏洞", found=10, due=8, mended=6, overdue=2),
        row(Security, kind="低危漏洞", found=1),
    ]
    found = security([quarter(security=rows)], DAY)
    assert [line.level for line in found.levels] == list(LEVELS)
    high, medium, low = found.levels
    assert [str(high.found), str(high.mending)] == ["4", "100.00%"]
    assert [str(medium.found), str(medium.mending)] == ["0", "—（本期无）"]
    assert [str(low.found), str(low.overdue), str(low.mending)] == ["11", "2", "75.00%"]
    assert [str(found.total.found), str(found.total.due), str(found.total.mending)] == [
        "15", "11", "81.82%",
    ]  # fmt: skip


def test_attacks_events_and_hardening_are_not_vulnerabilities() -> None:
    rows = [
        row(Security, kind="攻击拦截", found=105_770),
        row(Security, kind="安全事件", found=1),
        row(Security, kind="平台加固", found=10),
    ]
    found = security([quarter(security=rows)], DAY)
    assert [str(found.attacks), str(found.events), str(found.hardening)] == ["105,770", "1", "10"]
    assert (found.had_events, str(found.total.found)) == (True, "0")


def test_remarks_are_kept_with_their_month() -> None:
    rows = [row(Security, remark="待重启窗口"), row(Security)]
    (line,) = security([quarter(security=rows)], DAY).remarks
    assert [str(line.month), str(line.kind), str(line.remark)] == [
        "2026年5月", "高危漏洞", "待重启窗口",
    ]  # fmt: skip


def test_what_was_overdue_is_told_with_what_became_of_it_by_the_day() -> None:
    late = row(Security, overdue=2, remark="待重启窗口", cleared=date(2026, 8, 22))
    before, after = (security([quarter(security=[late])], day).remarks[0].became
                     for day in (date(2026, 8, 3), date(2027, 5, 25)))  # fmt: skip
    assert str(before) == "逾期 2 个，截至2026年8月3日未记录整改完成"
    assert str(after) == "逾期 2 个已于2026-08-22全部整改"


def test_an_empty_sheet_has_no_rate_and_no_levels() -> None:
    found = security([quarter()], DAY)
    assert (found.any, found.levels, found.had_events) == (False, (), False)
    assert str(found.total.mending) == "—（本期无）"
