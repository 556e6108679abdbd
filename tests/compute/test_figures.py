from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rows import placed, quarter, row

from deliverables.compute.figures import (
    NONE_THIS_PERIOD,
    by_month,
    grouped,
    iso_day,
    number,
    once,
    rate,
    rows_of,
    share,
    time_left,
    time_lost,
    two_places,
)
from deliverables.model.operations_sheets import Drill, Ticket
from deliverables.values.dates import Period
from deliverables.values.figure import Cell, Cells, Derivation, Figure, files_in, sources_in

V = TypeVar("V")
BY_HAND = Derivation("", "")


def figure(value: V, text: str = "") -> Figure[V]:
    return Figure("数", value, text, Cell("operations/Q1.xlsx", "工单", "A3"))


def test_number_is_grouped_by_thousands_and_exact() -> None:
    assert str(number("告警数", 12345, "行数", ())) == "12,345"
    assert str(number("容量", Decimal("34.250"), "合计", ())) == "34.25"


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (90, 90, "100.00%"),
        (99_999, 100_000, "99.99%"),
        (2, 3, "66.67%"),
        (0, 7, "0.00%"),
        (Decimal("10.5"), Decimal(10), "105.00%"),
        (0, 0, NONE_THIS_PERIOD),
        (3, 0, NONE_THIS_PERIOD),
    ],
)
def test_rate_is_rounded_half_up_and_only_all_of_it_is_a_hundred(
    part: Decimal, whole: Decimal, text: str
) -> None:
    assert str(rate("比率", figure(Decimal(part)), figure(Decimal(whole)), "部分÷全部")) == text


def test_rate_of_nothing_has_no_value() -> None:
    assert rate("比率", figure(Decimal(0)), figure(Decimal(0)), "部分÷全部").value is None


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_only_all_of_it_is_a_hundred_percent(counts: tuple[int, int]) -> None:
    part, whole = counts
    assert (share(part, whole) == 100) is (part == whole)


def test_time_lost_never_prints_as_less_than_it_is() -> None:
    assert str(time_lost("中断", Fraction(132 * 60 + 29, 60), BY_HAND)) == "132.49"
    assert str(time_lost("中断", Fraction(87), BY_HAND)) == "87"
    assert str(time_lost("中断", Fraction(0), BY_HAND)) == "0"


def test_time_left_never_prints_as_more_than_it_is() -> None:
    assert str(time_left("剩余", Fraction(125, 3), "", ())) == "41.66"
    assert str(time_left("剩余", Fraction(-1, 300), "", ())) == "-0.01"
    assert str(time_left("剩余", Fraction("131.04"), "", ())) == "131.04"


@given(st.fractions(0, 10**6), st.fractions(0, 10**6).map(lambda part: round(part, 2)))
def test_time_lost_prints_above_an_allowance_exactly_when_it_is(
    lost: Fraction, allowed: Fraction
) -> None:
    printed = time_lost("中断", lost, BY_HAND).value > time_left("允许", allowed, "", ()).value
    assert printed is (lost > allowed)


@pytest.mark.parametrize(
    ("read", "text"),
    [("70", "70.00%"), ("97.8", "97.80%"), ("33.33", "33.33%"), ("33.333", "33.333%")],
)
def test_percentages_of_a_column_have_at_least_two_places(read: str, text: str) -> None:
    padded = two_places(figure(Decimal(read)))
    assert (str(padded), padded.value) == (text, Decimal(read))
    assert sources_in(padded) == {Cell("operations/Q1.xlsx", "工单", "A3")}


def test_a_day_in_a_table_stands_on_one_line() -> None:
    assert str(iso_day(figure(date(2026, 7, 9), "2026年7月9日"))) == "2026-07-09"
    assert str(iso_day(figure(None, "—"))) == "—"


def test_a_count_is_decided_by_the_rows_it_counts_among_all_that_were_looked_through() -> None:
    tickets = [row(Ticket, kind=kind) for kind in ("咨询", "其他", "咨询")]
    rows = rows_of([quarter(tickets=tickets)], Ticket)
    asked = rows.where(lambda ticket: ticket.kind == "咨询")
    counted = rows.count("受理", "“咨询”工单行数", asked.every, "kind")
    assert isinstance(counted.origin, Derivation)
    assert str(counted) == "2"
    assert [str(one.origin) for one in counted.origin.inputs] == [
        "operations/Q1.xlsx[工单]!D3",
        "operations/Q1.xlsx[工单]!D5",
    ]
    assert [one.text for one in counted.origin.among or ()] == ["咨询", "其他", "咨询"]


def test_a_sum_is_made_of_every_cell_that_was_added_up() -> None:
    rows = rows_of([quarter(drills=[row(Drill), row(Drill, duty=Decimal("1.5"))])], Drill)
    total = rows.sum("值守", "值守人·天合计", rows.every, "duty")
    assert isinstance(total.origin, Derivation)
    assert str(total) == "3.5"
    assert [one.value for one in total.origin.inputs] == [Decimal(2), Decimal("1.5")]
    assert total.origin.among is None


def test_a_figure_over_no_rows_leads_to_the_sheets_that_have_none() -> None:
    none = rows_of([quarter(1), quarter(2)], Ticket).count("受理", "工单行数", (), "kind")
    assert sources_in(none) == {
        Cell("operations/Q1.xlsx", "工单"),
        Cell("operations/Q2.xlsx", "工单"),
    }


def test_cells_are_figures_like_any_others() -> None:
    rows = placed("operations/Q1.xlsx", [row(Drill), row(Drill, name="二")])
    cells = Cells(rows, "name", "duty")
    assert [one.text for one in cells] == ["切换演练", "2", "二", "2"]
    assert (len(cells), cells[2], cells[-1]) == (4, rows[1].figure("name"), rows[1].figure("duty"))
    assert cells[1:3] == tuple(cells)[1:3]
    with pytest.raises(IndexError):
        cells[4]


def test_the_files_behind_figures_are_those_of_their_places() -> None:
    quarters = [quarter(n, tickets=[row(Ticket)]) for n in (1, 2)]
    rows = rows_of(quarters, Ticket)
    counted = rows.count("受理", "工单行数", rows.every[:1], "kind")
    assert files_in(counted) == {"operations/Q1.xlsx", "operations/Q2.xlsx"}


def test_groups_come_in_the_order_their_keys_first_occur() -> None:
    rows = [row(Ticket, kind=kind) for kind in ("咨询", "其他", "咨询")]
    found = grouped(rows, lambda ticket: ticket.kind)
    assert {kind: len(of) for kind, of in found.items()} == {"咨询": 2, "其他": 1}
    assert list(found) == ["咨询", "其他"]


def test_what_reckons_is_asked_once_for_the_very_same_workbooks_and_anew_for_others() -> None:
    asked = []
    reckoned = once(lambda quarters, former=(): asked.append(len(quarters)) or len(asked))
    one, like_it = quarter(tickets=[row(Ticket)]), quarter(tickets=[row(Ticket)])
    assert one == like_it
    assert [reckoned([one]), reckoned((one,)), reckoned([like_it])] == [1, 1, 2]
    assert [reckoned([one], [like_it]), reckoned([one, like_it])] == [3, 4]
    assert reckoned([one], former=[like_it]) == 5


def test_rows_are_counted_by_the_service_month_they_fall_in() -> None:
    months = [
        ("5月", Period(date(2026, 4, 30), date(2026, 5, 29))),
        ("6月", Period(date(2026, 5, 30), date(2026, 6, 29))),
    ]
    rows = [
        row(Ticket, opened=datetime(2026, 5, 30)),
        row(Ticket, opened=datetime(2026, 5, 29, 23, 59), kind="其他"),
        row(Ticket, opened=datetime(2026, 5, 1)),
        row(Ticket, opened=datetime(2026, 7, 1)),
    ]
    counts = by_month(rows, months, lambda ticket: ticket.opened, lambda ticket: ticket.kind)
    assert counts == {"5月": {"其他": 1, "咨询": 1}, "6月": {"咨询": 1}}
