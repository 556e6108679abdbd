from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from rows import NOON, quarter, row

from deliverables.compute.availability import OutageSummary, minutes_by_cause, outage_summary
from deliverables.model.operations_sheets import Outage
from deliverables.values.dates import Period
from deliverables.values.figure import Cell, sources_in

DAY = date(2026, 8, 3)
FIRST_QUARTER = Period(date(2026, 4, 30), date(2026, 7, 29))


def outage(start: datetime, minutes: float, **facts: Any) -> Outage:
    return row(Outage, started=start, ended=start + timedelta(minutes=minutes), **facts)


def summary(*rows: Outage) -> OutageSummary:
    return outage_summary([quarter(outages=rows)], FIRST_QUARTER, DAY)


def test_overlapping_outages_are_merged_not_added() -> None:
    found = summary(
        outage(NOON, 46, number="1"), outage(NOON + timedelta(minutes=29), 39, number="2")
    )
    assert [str(found.added_up), str(found.overlap), found.overlapped] == ["85", "17", True]


def test_outages_that_only_touch_do_not_overlap() -> None:
    found = summary(outage(NOON, 30, number="1"), outage(NOON + timedelta(minutes=30), 30))
    assert [str(found.added_up), str(found.overlap), found.overlapped] == ["60", "0", False]


def test_seconds_alone_make_no_overlap() -> None:
    rows = [outage(NOON + timedelta(hours=n), 1 / 3, number=str(n)) for n in range(3)]
    assert not summary(*rows).overlapped


def test_an_outage_across_midnight_is_one_outage() -> None:
    (line,) = summary(outage(datetime(2026, 6, 11, 23, 48), 43)).counted
    assert [str(line.started), str(line.ended), str(line.minutes)] == [
        "2026-06-11 23:48", "2026-06-12 00:31", "43",
    ]  # fmt: skip


def test_only_the_minutes_inside_the_quarter_count() -> None:
    (line,) = summary(outage(datetime(2026, 7, 29, 23, 50), 30)).counted
    assert str(line.minutes) == "10"


def test_an_outage_across_the_edge_stands_in_both_quarters_and_counts_once_in_a_year() -> None:
    crossing = outage(datetime(2026, 7, 29, 23, 50), 30)
    year = Period(date(2026, 4, 30), date(2027, 4, 29))
    found = outage_summary(
        [quarter(1, outages=[crossing]), quarter(2, outages=[crossing])], year, DAY
    )
    assert [str(found.count), str(found.added_up), found.overlapped] == ["1", "30", False]


def test_what_both_sides_agreed_not_to_count_is_listed_with_its_paper() -> None:
    planned = outage(NOON, 180, exclusion="补充协议一", excluded_on=date(2026, 7, 1))
    found = summary(planned)
    assert (found.counted, str(found.count), str(found.added_up)) == ((), "0", "0")
    (line,) = found.excluded
    assert [str(line.minutes), str(line.exclusion), str(line.excluded_on)] == [
        "180", "补充协议一", "2026-07-01",
    ]  # fmt: skip


def test_an_agreement_that_is_yet_to_come_leaves_nothing_out() -> None:
    later = outage(NOON, 180, exclusion="补充协议一", excluded_on=date(2026, 8, 4))
    assert (str(summary(later).added_up), summary(later).excluded) == ("180", ())


def test_work_that_the_client_consented_to_counts_and_names_the_consent() -> None:
    (line,) = summary(outage(NOON, 180, work_agreed="复函")).counted
    assert (str(line.minutes), str(line.work_agreed)) == ("180", "复函")


def test_weighted_availability_is_by_the_hosts_affected() -> None:
    partial = outage(NOON, 60, affected_hosts=30, total_hosts=300)
    found = summary(partial)
    assert str(found.weighted) == "99.9954%", "6 of 131,040 minutes"
    assert sources_in(found.weighted)


def test_without_the_hosts_affected_there_is_no_weighted_availability() -> None:
    known = outage(NOON, 60, affected_hosts=30, total_hosts=300, number="1")
    for unknown in (outage(NOON, 60), outage(NOON, 60, affected_hosts=0, total_hosts=0)):
        assert str(summary(known, unknown).weighted) == "—（未提供受影响主机数）"


def test_a_quarter_without_outages_leads_to_its_empty_sheet() -> None:
    found = summary()
    assert (found.counted, found.excluded, str(found.weighted)) == ((), (), "—（本期无）")
    for figure in (found.count, found.added_up, found.overlap, found.weighted):
        assert sources_in(figure) == {Cell("operations/Q1.xlsx", "中断")}


def test_minutes_of_a_cause_are_merged_within_it() -> None:
    rows = [
        outage(NOON, 30, number="1", cause_kind="电力"),
        outage(NOON, 20, number="2", cause_kind="电力"),
        outage(NOON, 10, number="3", cause_kind="网络"),
        outage(NOON, 99, number="4", cause_kind="外部", exclusion="协议", excluded_on=DAY),
    ]
    found = minutes_by_cause([quarter(outages=rows)], FIRST_QUARTER, DAY)
    assert found == {"电力": Decimal(30), "网络": Decimal(10)}


def test_causes_are_charted_where_there_are_three_and_one_came_again() -> None:
    for kinds, several in (
        (("电力", "网络", "外部"), False),
        (("电力", "网络", "网络"), False),
        (("电力", "网络", "外部", "网络"), True),
    ):
        rows = [outage(NOON, 10, number=str(n), cause_kind=kind) for n, kind in enumerate(kinds)]
        assert summary(*rows).several_causes is several


@given(st.lists(st.tuples(st.integers(0, 130_000), st.integers(1, 500)), max_size=8))
def test_merged_minutes_are_the_minutes_any_outage_covers(spans: list[tuple[int, int]]) -> None:
    opening = datetime(2026, 4, 30)
    rows = [
        outage(opening + timedelta(minutes=start), length, number=str(n))
        for n, (start, length) in enumerate(spans)
    ]
    found = summary(*rows)
    covered = {m for start, length in spans for m in range(start, min(start + length, 131_040))}
    assert found.added_up.value - found.overlap.value == len(covered)
