from datetime import date

from rows import followed, quarter, row

from deliverables.compute.operations import backups, inspections, unmended
from deliverables.model.operations_sheets import Backup, Inspection, Issue


def test_inspections_are_added_by_subject() -> None:
    rows = [
        row(Inspection, subject="机房", planned=30, done=30, found=2, mended=2),
        row(Inspection, subject="存储", planned=4, done=3, found=3, mended=2),
        row(Inspection, subject="机房", planned=31, done=31),
    ]
    found = inspections([quarter(inspections=rows)])
    room, storage = found.lines
    assert [room.subject, str(room.planned), str(room.completion)] == ["机房", "61", "100.00%"]
    assert [str(storage.completion), str(storage.mending)] == ["75.00%", "66.67%"]
    assert [str(found.total.planned), str(found.total.done)] == ["65", "64"]
    assert (str(found.total.completion), str(found.total.mending)) == ("98.46%", "80.00%")


def test_nothing_found_has_no_rate_of_mending() -> None:
    (line,) = inspections([quarter(inspections=[row(Inspection, planned=1, done=1)])]).lines
    assert str(line.mending) == "—（本期无）"


def test_backups_succeed_against_what_was_planned() -> None:
    rows = [
        row(Backup, target="数据库", planned=90, succeeded=89, restore_tests=2,
            restore_succeeded=1),
        row(Backup, target="配置", planned=10, succeeded=10),
    ]  # fmt: skip
    found = backups([quarter(backups=rows)])
    database, settings = found.lines
    assert [str(database.failed), str(database.success)] == ["1", "98.89%"]
    assert [str(database.restore_tests), str(database.restore_succeeded)] == ["2", "1"]
    assert (settings.target, str(settings.success)) == ("配置", "100.00%")
    assert (str(found.total.planned), str(found.total.success)) == ("100", "99.00%")


def test_one_failed_backup_keeps_the_rate_below_a_hundred() -> None:
    rows = [row(Backup, planned=100_000, succeeded=99_999)]
    assert str(backups([quarter(backups=rows)]).total.success) == "99.99%"


def test_empty_sheets_claim_no_success() -> None:
    assert str(backups([quarter()]).total.success) == "—（本期无）"
    assert str(inspections([quarter()]).total.completion) == "—（本期无）"
    assert (backups([quarter()]).any, inspections([quarter()]).any) == (False, False)


def test_planned_but_not_done_is_not_nothing() -> None:
    found = backups([quarter(backups=[row(Backup, planned=3)])])
    assert str(found.total.success) == "0.00%"


def test_rates_stand_beside_those_of_the_period_before() -> None:
    now = quarter(inspections=[row(Inspection, subject="存储", planned=4, done=3)],
                  backups=[row(Backup, target="配置", planned=10, succeeded=10)])  # fmt: skip
    then = quarter(inspections=[row(Inspection, subject="存储", planned=4, done=4)])
    (inspected,) = inspections([now], [then]).lines
    assert [str(inspected.beside.former), str(inspected.beside.change)] == ["100.00%", "-25.00"]
    (backed_up,) = backups([now], [then]).lines
    assert [str(backed_up.beside.former), str(backed_up.beside.change)] == ["—（本期无）", "—"]
    alone = inspections([now])
    assert (inspections([now], [then]).compared, alone.compared) == (True, False)
    assert str(alone.lines[0].beside.former) == "—（本期无）"


def test_what_inspections_left_unmended_is_told_with_what_became_of_it() -> None:
    rows = [
        row(Inspection, found=2, mended=1, matters="WT-01"),
        row(Inspection, subject="网络", found=3, mended=1),
        row(Inspection, subject="存储", found=1, mended=1),
    ]
    issue = row(Issue, closed=date(2026, 5, 5), outcome="已更换")
    (said,) = unmended([quarter(inspections=rows)], followed(issue))
    assert str(said) == "当月未整改完成的 3 项列入问题与改进（WT-01 已办结、【待补】）"
    assert unmended([quarter(inspections=rows[2:])], followed()) == ()
