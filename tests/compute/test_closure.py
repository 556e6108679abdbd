"""What quarterly reports, requests, ledger and roster state adds up to what the year states."""

from __future__ import annotations

from datetime import date, datetime

from rows import book, quarter, roster, row

from deliverables.compute.closure import CLOSED, OPEN, ClosureLine, closure
from deliverables.model.operations_sheets import Outage, Resource, StaffChange, Ticket
from deliverables.model.roster_sheets import StaffMember

AS_OF = date(2027, 5, 25)


def lines(held, numbers=(1, 2)) -> dict[str, ClosureLine]:
    return {line.subject: line for line in closure(held, numbers, AS_OF)}


def shown(line: ClosureLine) -> tuple[str, str, str, str]:
    return (line.parts.text, line.whole.text, line.difference.text, line.verdict.text)


def test_minutes_of_the_quarters_are_the_minutes_of_the_year() -> None:
    years = lines(book(*(quarter(n) for n in range(1, 5))), (1, 2, 3, 4))
    assert shown(years["统计时长（分钟）"]) == ("525,600", "525,600", "0", CLOSED)


def test_an_outage_over_the_end_of_a_quarter_told_by_one_workbook_leaves_minutes_open() -> None:
    night = row(Outage, started=datetime(2026, 7, 29, 23, 0), ended=datetime(2026, 7, 30, 1, 0))
    found = lines(book(quarter(1, outages=[night]), quarter(2)))["中断时长（分钟）"]
    assert shown(found) == ("60", "120", "60", OPEN)


def test_an_outage_over_the_end_of_a_quarter_told_by_both_closes() -> None:
    night = row(Outage, started=datetime(2026, 7, 29, 23, 0), ended=datetime(2026, 7, 30, 1, 0))
    found = lines(book(quarter(1, outages=[night]), quarter(2, outages=[night])))
    assert shown(found["中断时长（分钟）"]) == ("120", "120", "0", CLOSED)


def test_a_fraction_of_a_minute_closes_exactly_though_printed_parts_are_rounded() -> None:
    seconds = [
        row(Outage, number=f"ZD-{n}", started=datetime(2026, month, 5, 12, 0, 0),
            ended=datetime(2026, month, 5, 12, 0, 10))
        for n, month in enumerate((5, 8), start=1)
    ]  # fmt: skip
    found = lines(book(quarter(1, outages=[seconds[0]]), quarter(2, outages=[seconds[1]])))
    assert shown(found["中断时长（分钟）"]) == ("0.34", "0.34", "0", CLOSED)


def test_a_ticket_in_two_workbooks_leaves_the_count_open() -> None:
    twice = row(Ticket, number="GD-7")
    found = lines(book(quarter(1, tickets=[twice, row(Ticket)]), quarter(2, tickets=[twice])))
    assert shown(found["受理工单（件）"]) == ("3", "2", "1", OPEN)


def test_hosts_at_the_end_are_those_at_the_start_with_every_movement() -> None:
    first = row(Resource, opening=10, added=3, released=1, closing=12)
    second = row(Resource, opening=11, added=1, released=0, closing=12)
    found = lines(book(quarter(1, resources=[first]), quarter(2, resources=[second])))
    assert shown(found["期末云主机（台）"]) == ("13", "12", "1", OPEN)


def test_who_left_by_the_roster_and_by_no_workbook_leaves_the_team_open() -> None:
    staff = roster(
        row(StaffMember, number="S001"),
        row(StaffMember, number="S002", left=date(2026, 6, 1)),
    )
    found = lines(book(quarter(1), quarter(2), people=staff))
    assert shown(found["期末在岗人员（人）"]) == ("2", "1", "1", OPEN)


def test_who_left_by_the_roster_and_by_the_workbook_closes_the_team() -> None:
    staff = roster(
        row(StaffMember, number="S001"),
        row(StaffMember, number="S002", left=date(2026, 6, 1)),
    )
    change = row(StaffChange, day=date(2026, 6, 1), kind="离开")
    found = lines(book(quarter(1, staff_changes=[change]), quarter(2), people=staff))
    assert shown(found["期末在岗人员（人）"]) == ("1", "1", "0", CLOSED)
    assert shown(found["保密协议覆盖人员（人）"]) == ("1", "1", "0", CLOSED)


def test_money_closes_instalment_by_instalment_and_row_by_row() -> None:
    found = lines(book(quarter(1), quarter(2)))
    assert {name: found[name].verdict.text for name in found if "元" in name} == {
        "合同款项（元）": CLOSED,
        "已开票（元）": CLOSED,
        "已到账（元）": CLOSED,
        "未到账（元）": CLOSED,
    }
