from datetime import timedelta

from rows import NOON, quarter, row

from deliverables.compute.operations import alarm_summary
from deliverables.model.operations_sheets import ALARM_LEVELS, Alarm


def alarm(level: str = "次要", minutes: float | None = 10, target: str = "一号池") -> Alarm:
    cleared = None if minutes is None else NOON + timedelta(minutes=minutes)
    return row(Alarm, level=level, cleared=cleared, target=target)


def test_alarms_are_counted_by_level_with_a_total() -> None:
    found = alarm_summary([quarter(alarms=[alarm("紧急"), alarm("次要"), alarm("次要")])])
    assert [line.level for line in found.by_level] == list(ALARM_LEVELS)
    assert [str(line.raised) for line in found.by_level] == ["1", "0", "2", "0"]
    assert (found.total.level, str(found.total.raised)) == ("合计", "3")


def test_an_alarm_that_still_stands_is_not_closed() -> None:
    total = alarm_summary([quarter(alarms=[alarm(), alarm(), alarm(minutes=None)])]).total
    assert (str(total.cleared), str(total.closure)) == ("2", "66.67%")


def test_mean_time_to_recover_is_over_the_cleared_ones() -> None:
    total = alarm_summary([quarter(alarms=[alarm(minutes=10), alarm(minutes=10.5),
                                           alarm(minutes=None)])]).total  # fmt: skip
    assert str(total.recovery) == "10.3"


def test_a_level_without_alarms_has_no_rate_and_no_mean() -> None:
    urgent = alarm_summary([quarter(alarms=[alarm("警告")])]).by_level[0]
    assert (str(urgent.closure), str(urgent.recovery)) == ("—（本期无）", "—（本期无）")


def test_long_means_are_grouped_by_thousands() -> None:
    total = alarm_summary([quarter(alarms=[alarm(minutes=60_000)])]).total
    assert str(total.recovery) == "60,000.0"


def test_the_targets_with_most_alarms_are_named_ties_by_name() -> None:
    rows = [alarm(target=name) for name in "庚己戊丁丙乙甲丙"]
    targets = alarm_summary([quarter(alarms=rows)]).targets
    assert [line.target for line in targets] == ["丙", *sorted("庚己戊丁乙甲")[:4]]
    assert [str(line.raised) for line in targets] == ["2", "1", "1", "1", "1"]


def test_without_alarms_there_is_nothing_to_list() -> None:
    found = alarm_summary([quarter()])
    assert (found.any, found.by_level, found.targets) == (False, (), ())
    assert str(found.total.closure) == "—（本期无）"


def test_each_level_stands_beside_the_period_before() -> None:
    now, before = quarter(2, alarms=[alarm("紧急")] * 3), quarter(1, alarms=[alarm("次要")])
    found = alarm_summary([now], [before])
    told = [
        (line.level, str(line.beside.former), str(line.beside.change)) for line in found.by_level
    ]
    assert told == [
        ("紧急", "0", "+3"), ("主要", "0", "0"), ("次要", "1", "-1"), ("警告", "0", "0")
    ]  # fmt: skip
    assert (found.compared, str(found.total.beside.change)) == (True, "+2")
    assert not alarm_summary([now]).compared, "the first quarter has none before it"
