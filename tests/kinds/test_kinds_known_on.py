"""A document dated D tells of nothing that became known after D: no row, no column of a row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from itertools import chain

import pytest
from rows import book, quarter, row
from scenarios import deducted, ledger, person, roster, sample

from deliverables.compute.incidents import incident_line
from deliverables.kinds import Deliverable, kinds
from deliverables.model.contract import ContractorExit
from deliverables.model.fields import declarations, sheets
from deliverables.model.ledger_sheets import Acceptance, FiscalApproval, Ledger
from deliverables.model.operations_sheets import (
    Alarm,
    Cover,
    Drill,
    Incident,
    Issue,
    Operations,
    Opinion,
    Outage,
    Security,
    StaffChange,
    Ticket,
)
from deliverables.model.roster_sheets import Roster
from deliverables.model.rules import rules_of
from deliverables.values.figure import Figure


class TestADeduction:
    """The issue's case: demanded on 2027-02-08, agreed on in a paper of 2027-05-20."""

    what = ledger(
        deducted(3, date(2027, 5, 20), "14683.38", demand="甲方来函（2027-02-08）",
                 raised=date(2027, 2, 8), agreement="协商纪要（2027-05-20）", evidence="协商纪要"),
    )  # fmt: skip

    def test_is_not_known_before_it_was_demanded(self) -> None:
        assert self.what.as_known(date(2027, 2, 7)).deductions == ()

    def test_is_disputed_until_it_was_agreed_on_and_its_paper_is_not_there_yet(self) -> None:
        (row,) = self.what.as_known(date(2027, 5, 19)).deductions
        assert (row.status, row.demand) == ("协商中", "甲方来函（2027-02-08）")
        assert (row.agreement, row.agreed, row.evidence) == ("", None, "")

    def test_is_whole_from_the_day_of_the_agreement(self) -> None:
        assert self.what.as_known(date(2027, 5, 20)) is self.what


def test_what_was_decided_of_an_invoice_later_than_agreed_is_known_later() -> None:
    what = ledger(
        deducted(3, date(2027, 5, 20), "100.00", raised=date(2027, 5, 1), on_invoice="冲减",
                 decision="决定1号", decided=date(2027, 6, 1)),
    )  # fmt: skip
    (row,) = what.as_known(date(2027, 5, 31)).deductions
    assert (row.status, row.on_invoice, row.decision) == ("协商一致", None, "")
    (row,) = what.as_known(date(2027, 6, 1)).deductions
    assert (row.on_invoice, row.decision) == ("冲减", "决定1号")


def test_a_notice_of_acceptance_is_known_before_its_result() -> None:
    what = ledger(
        Acceptance(stage="最终", notice_received=date(2027, 5, 6), accepted=date(2027, 5, 12),
                   result="通过", document="验收意见"),
    )  # fmt: skip
    (row,) = what.as_known(date(2027, 5, 11)).acceptances
    assert (row.accepted, row.result, row.document) == (None, "未完成", "")


def test_a_fiscal_approval_is_known_from_the_day_of_its_paper() -> None:
    row = FiscalApproval(instalment=1, first_day=date(2026, 6, 30), last_day=date(2026, 11, 5),
                         basis="甲方说明", evidenced=date(2026, 11, 6))  # fmt: skip
    what = ledger(row)
    assert what.as_known(date(2026, 11, 5)).fiscal_approvals == ()
    assert len(what.as_known(date(2026, 11, 6)).fiscal_approvals) == 1


def test_of_somebody_who_joins_later_the_plan_is_known_and_nothing_that_happened() -> None:
    people = roster(person("S001", "甲", joined=date(2026, 12, 7), signed=date(2026, 12, 7),
                           access_granted=date(2026, 12, 8), trained=date(2026, 12, 7),
                           trainer="乙"))  # fmt: skip
    (member,) = people.as_known(date(2026, 12, 1)).members
    assert member.joined == date(2026, 12, 7)
    assert (member.signed, member.access_granted, member.trained, member.trainer) == (
        None, None, None, "",
    )  # fmt: skip


def test_an_exit_is_known_from_its_application_and_permitted_from_its_permission() -> None:
    leaving = ContractorExit(
        article="第十三条",
        requested_on=date(2026, 11, 20),
        last_service_day=date(2026, 12, 31),
        permitted_on=date(2026, 12, 1),
        document="复函",
    )
    terms = replace(sample().contract, exit=leaving)
    assert terms.as_known(date(2026, 11, 19)).exit is None
    then = terms.as_known(date(2026, 11, 30)).exit
    assert then is not None
    assert (then.permitted_on, then.document) == (None, "")
    assert terms.as_known(date(2026, 12, 1)) is terms


def test_why_nothing_is_signed_is_known_from_the_day_on_which_it_was_said() -> None:
    people = roster(person("S001", "甲", signed=None, why_unsigned="协议尚未寄回", owner="乙",
                           sign_by=date(2026, 9, 30), explained=date(2026, 7, 27)))  # fmt: skip
    (member,) = people.as_known(date(2026, 7, 26)).members
    assert (member.why_unsigned, member.owner, member.sign_by) == ("", "", None)
    assert people.as_known(date(2026, 7, 27)) is people


def test_what_ended_after_the_day_of_a_report_is_open_in_it() -> None:
    late = datetime(2026, 8, 10, 9)
    held = quarter(
        alarms=[row(Alarm, cleared=late)],
        tickets=[row(Ticket, responded=late, closed=late)],
        incidents=[row(Incident, responded=late, ended=late)],
        staff_changes=[row(StaffChange, notified=late.date(), agreed=late.date())],
    )
    then = held.as_known(date(2026, 8, 9))
    (alarm,), (ticket,), (incident,) = then.alarms, then.tickets, then.incidents
    (change,) = then.staff_changes
    assert {alarm.cleared, ticket.responded, ticket.closed, incident.responded, incident.ended,
            change.notified, change.agreed} == {None}  # fmt: skip
    assert held.as_known(date(2026, 8, 10)) is held


def test_what_is_typed_without_a_day_is_known_once_it_is_over() -> None:
    over, after = datetime(2026, 8, 10, 9), date(2026, 8, 10)
    held = quarter(
        outages=[row(Outage, started=datetime(2026, 8, 9, 22), ended=over, cause="光缆中断")],
        incidents=[row(Incident, started=datetime(2026, 8, 9, 22), ended=over, prevention="扩容")],
        drills=[row(Drill, first_day=date(2026, 8, 9), last_day=after, conclusion="符合预案")],
    )
    then = held.as_known(date(2026, 8, 9))
    (outage,), (incident,), (drill,) = then.outages, then.incidents, then.drills
    assert {outage.cause, outage.action, outage.evidence, incident.cause, incident.action,
            incident.prevention, drill.conclusion} == {""}  # fmt: skip
    assert incident_line(incident, sample().contract.service_levels).cause.text == "—"
    assert held.as_known(after) is held


def test_quarters_that_are_fetched_are_known_as_far_as_those_that_were_read() -> None:
    late = quarter(alarms=[row(Alarm, cleared=datetime(2026, 8, 10, 9))])
    read = book(late)
    fetched = replace(read, quarters=_Shelf(read.quarters))
    known = fetched.as_known(date(2026, 8, 9))
    (alarm,) = known.rows(1, Alarm)
    assert alarm.cleared is None
    assert known.quarters == read.as_known(date(2026, 8, 9)).quarters
    assert (known.covers, len(known.quarters), 2 in known.quarters) == (read.covers, 1, False)


class _Shelf(dict[int, Operations]):
    """Quarters that are fetched part by part."""

    @property
    def covers(self) -> dict[int, Cover]:
        return {number: quarter.cover for number, quarter in self.items()}

    def part(self, number: int, name: str) -> object:
        return getattr(self[number], name)


@pytest.mark.parametrize("workbook", [Ledger, Roster, Operations])
def test_every_day_in_a_workbook_says_on_which_day_it_is_known_or_is_a_plan(
    workbook: type,
) -> None:
    """A new column of days chooses: the day of the row, its own, another one, or a plan."""
    for row_type in sheets(workbook).values():
        of_row = {rules_of(row_type).happened, *chain(*rules_of(row_type).spans[:1])}
        for name, declaration in declarations(row_type).items():
            if declaration.type.name in ("日期", "日期时间"):
                known = name in row_type.known_on or declaration.known_on
                told = (row_type, name) in LOOKED_AT or name in PLANS
                assert known or told or (workbook is Operations and name in of_row), (
                    f"{row_type.sheet}: {declaration.label}"
                )


PLANS = {
    "pay_by": "a day to pay, named in a letter that was received",
    "joined": "somebody's first day, known before it comes",
    "sign_by": "a plan",
    "due": "a plan",
    "raised": "the day of the row",
    "last_day": "the end of a delay, as the paper that shows it says",
}
LOOKED_AT = {(Outage, "excluded_on"), (Security, "cleared"), (Issue, "closed"), (Opinion, "closed")}
"""What is compared with the day of the document by those who tell of it."""


DAYS = [
    date(2026, 5, 21), date(2026, 8, 5), date(2026, 11, 2), date(2026, 12, 1),
    date(2027, 2, 8), date(2027, 5, 15), date(2027, 5, 25),
]  # fmt: skip
TO_COME = re.compile(r"(?P<year>20\d\d)(?:年|-|\.)(?P<month>\d{1,2})(?:月|-|\.)(?P<day>\d{1,2})日?")
FORWARD = (
    "期限", "届满", "服务期", "过半", "上限", "说明", "依据", "付款情况", "预计签署日期",
    "进入项目", "统计周期", "期间", "合同约定的例外", "合同履约", "起止", "保密", "终止",
    "未到账",
)  # fmt: skip
"""What names of figures speak of deadlines, terms and plans: they may lie ahead."""


def leaves(item: object) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of every leaf of a context."""
    if isinstance(item, Figure):
        yield item.name, item.text
    elif isinstance(item, str):
        yield "", item
    elif isinstance(item, tuple):
        for inner in item:
            yield from leaves(inner)
    elif is_dataclass(item):
        for field in fields(item):
            yield from leaves(getattr(item, field.name))


TERM = re.compile(
    r"(?:保密期限|服务期)至\d+年\d+月\d+日|\d+年\d+月\d+日至\d+年\d+月\d+日，共 \d+ 天"
    r"|期限\d+-\d+-\d+"
)
"""What speaks of a term in a sentence with other records."""


def later_days(text: str, as_of: date) -> Iterator[date]:
    for found in TO_COME.finditer(TERM.sub("", text)):
        day = date(*(int(found[name]) for name in ("year", "month", "day")))
        if day > as_of:
            yield day


def made_on(kind: str, as_of: date) -> list[Deliverable]:
    return [
        one
        for one in kinds()[kind].plan(sample(), as_of)
        if all(blocker.waivable for blocker in one.blockers)
        and (one.possible_from is None or one.possible_from <= as_of)
    ]


@pytest.mark.thorough
@pytest.mark.parametrize("as_of", DAYS, ids=str)
@pytest.mark.parametrize("kind", kinds())
def test_no_day_after_its_own_stands_in_a_document(kind: str, as_of: date) -> None:
    """Deadlines, terms and plans may lie ahead; they are named so."""
    for one in made_on(kind, as_of):
        context = kinds()[kind].compose(sample(), one, as_of)
        told = [
            (name, text, day)
            for name, text in leaves(context)
            for day in later_days(text, as_of)
            if not any(word in name for word in FORWARD)
        ]
        assert told == []


def test_the_paper_of_an_agreement_to_come_stands_in_no_document() -> None:
    """The issue: a letter of 2027-05-15 printed 协商纪要 of 2027-05-20 as the basis."""
    as_of = date(2027, 5, 15)
    (one,) = (each for each in made_on("payment_request", as_of) if each.part == "3")
    context = kinds()["payment_request"].compose(sample(), one, as_of)
    assert "协商纪要" not in "".join(text for _, text in leaves(context))
    (statement,) = made_on("settlement_statement", as_of)
    said = kinds()["settlement_statement"].compose(sample(), statement, as_of)
    told = "".join(text for _, text in leaves(said))
    assert "协商纪要" not in told
    assert "关于第二、第三服务季度可用性未达标事宜的函" in told
