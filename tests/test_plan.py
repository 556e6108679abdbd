"""What a contract calls for, where it stands, and in which order people read it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from lettered import folders
from scenarios import sample

from deliverables.agenda import name_of
from deliverables.files.result import Result
from deliverables.folders import Folders
from deliverables.plan import Outcome, Planned, Request, considered, in_time, plan
from deliverables.status import Stage

PAID, BEFORE = date(2026, 11, 12), date(2026, 11, 11)
"""The day on which the sample's first instalment was paid in full, and the day before."""


@pytest.fixture
def where(tmp_path: Path) -> Folders:
    return folders(tmp_path)


def first_request(where: Folders, day: date) -> Planned:
    found = plan(sample(), where, day)
    return next(one for one in found if one.deliverable.key == "payment_request/1")


def test_a_request_whose_money_has_come_is_settled_however_it_was_asked_for(where: Folders) -> None:
    paid = first_request(where, PAID)
    assert paid.status.stage is Stage.SETTLED
    assert [str(reason) for reason in paid.reasons] == ["settled 2026-11-12"]
    assert first_request(where, BEFORE).status.stage is Stage.READY


def test_what_was_accepted_reads_accepted_and_not_settled(where: Folders) -> None:
    found = plan(sample(), where, date(2027, 5, 12))
    record = next(one for one in found if one.deliverable.key == "acceptance_record/final")
    assert record.status.stage is Stage.ACCEPTED
    assert [str(reason) for reason in record.reasons] == ["accepted 2027-05-12"]


def test_an_instalment_answers_to_the_name_that_the_contract_gives_it(where: Folders) -> None:
    one = first_request(where, BEFORE).deliverable
    assert name_of(one) == "付款申请函 第1期 合同首款"
    assert one.answers_to("合同首款")
    assert not one.answers_to("二期款")


def test_what_is_settled_is_not_made_any_more(where: Folders) -> None:
    request = Request(
        as_of=PAID,
        moment=datetime(2026, 11, 12, 9, 0, tzinfo=UTC),
        command="deliverables build",
        kinds=frozenset({"payment_request"}),
        parts=frozenset({"1"}),
    )
    (outcome,) = considered(sample(), where, request)
    assert isinstance(outcome, Outcome)
    assert outcome.result is Result.BLOCKED


def test_a_run_for_all_that_is_due_says_nothing_of_what_is_settled(where: Folders) -> None:
    request = Request(
        as_of=PAID,
        moment=datetime(2026, 11, 12, 9, 0, tzinfo=UTC),
        command="deliverables build",
        only_needed=True,
    )
    asked = {one.deliverable.key for one in considered(sample(), where, request)}
    assert "payment_request/2" in asked
    assert "payment_request/1" not in asked


def test_documents_are_read_in_the_order_of_time_those_without_a_day_last(where: Folders) -> None:
    listed = in_time(plan(sample(), where, date(2027, 5, 25)))
    days = [one.deliverable.possible_from for one in listed]
    known = [day for day in days if day]
    assert known == sorted(known)
    assert days == [*known, *[None] * (len(days) - len(known))]
