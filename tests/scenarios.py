"""The real contract with a ledger or roster of the test's own: what happened is in the test."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from places import ROOT

from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract
from deliverables.model.fields import sheets
from deliverables.model.ledger_sheets import (
    AGREED,
    Acceptance,
    Claim,
    Deduction,
    FiscalApproval,
    Invoice,
    Ledger,
    LedgerCover,
    Payment,
    PaymentRequestSent,
    Reminder,
    TaxFiling,
)
from deliverables.model.roster_sheets import Roster, RosterCover, StaffMember
from deliverables.read.book import read_book
from deliverables.values.calendar import published_calendar
from deliverables.values.figure import Cell

CONTRACT = ROOT / "data" / "SXYSR202604152"


@cache
def sample() -> ContractBook:
    """Return the book of the sample, read once for all tests of a worker."""
    book = read_book(CONTRACT, published_calendar()).book
    assert book is not None
    return book


def contract() -> Contract:
    """Return the contract as contract.yaml states it."""
    return sample().contract


def book(
    *, ledger: Ledger | None = None, roster: Roster | None = None, terms: Contract | None = None
) -> ContractBook:
    """Return the contract's book with this ledger and roster and, where given, other terms."""
    return replace(sample(), ledger=ledger, roster=roster, contract=terms or contract())


def sme_contract() -> Contract:
    """Return the contract on the plan for small and medium enterprises: 50 %, 20 %, the rest."""
    terms = contract()
    return replace(terms, payment=replace(terms.payment, plan="sme"))


def ledger(*events: Any) -> Ledger:
    """Return a ledger of the given letters, invoices, payments, acceptances, deductions …"""
    of = {row.sheet: field for field, row in sheets(Ledger).items()}
    rows: dict[str, tuple[Any, ...]] = dict.fromkeys(of.values(), ())
    for number, event in enumerate(events, start=3):
        place = Cell("ledger.xlsx", event.sheet, f"A{number}")
        rows[of[event.sheet]] += (replace(event, places={"": place}),)
    return Ledger(file="ledger.xlsx", cover=LedgerCover(sample=False), **rows)


def asked(instalment: int, day: date, amount: str) -> PaymentRequestSent:
    return PaymentRequestSent(instalment=instalment, sent=day, amount=Decimal(amount))


def paid(instalment: int, day: date, amount: str, **more: Any) -> Payment:
    return Payment(instalment=instalment, received=day, amount=Decimal(amount), **more)


def invoiced(instalment: int, day: date, net: str, tax: str, number: str = "9" * 20) -> Invoice:
    return Invoice(
        instalment=instalment,
        number=number,
        issued=day,
        type="普通发票",
        net=Decimal(net),
        rate=Decimal("0.06"),
        tax=Decimal(tax),
        gross=Decimal(net) + Decimal(tax),
    )


def accepted(stage: str, day: date, result: str = "通过") -> Acceptance:
    return Acceptance(
        stage=stage, notice_received=None, accepted=day, result=result, document=f"{stage}验收意见"
    )


def asked_to_accept(stage: str, day: date) -> Acceptance:
    return Acceptance(stage=stage, notice_received=day, accepted=None, result="未完成")


def deducted(
    instalment: int, day: date | None, amount: str, kind: str = "违约金", **more: Any
) -> Deduction:
    facts = {"agreement": "《协商纪要》" if day else "", "status": AGREED, "agreed": day}
    return Deduction(instalment=instalment, kind=kind, amount=Decimal(amount), **(facts | more))


def approving(instalment: int, first: date, last: date) -> FiscalApproval:
    return FiscalApproval(instalment=instalment, first_day=first, last_day=last, basis="甲方说明函")


def approved(instalment: int, day: date, *, evidenced: date | None = None) -> FiscalApproval:
    """Return a paper that says when public money was approved, and excuses no delay."""
    return FiscalApproval(instalment=instalment, basis="财政批复", approved=day,
                          evidenced=evidenced)  # fmt: skip


def reminded(instalment: int, day: date, pay_by: date | None = None, **more: Any) -> Reminder:
    facts = {"letter": "甲函〔2026〕9号"} | more
    return Reminder(instalment=instalment, delivered=day, pay_by=pay_by, **facts)


def claimed(number: str, day: date, amount: str, instalment: int = 1, **more: Any) -> Claim:
    facts = {"subject": "迟延付款违约金", "letter": "甲函〔2026〕11号"} | more
    return Claim(number=number, claimed=day, amount=Decimal(amount), instalment=instalment,
                 **facts)  # fmt: skip


def filed(month: date, day: date) -> TaxFiling:
    return TaxFiling(month=month, filed=day)


def texts(said: Iterable[object]) -> tuple[str, ...]:
    """Return what a document prints for each figure or statement."""
    return tuple(map(str, said))


def roster(*members: StaffMember) -> Roster:
    return Roster(file="staff.xlsx", cover=RosterCover(sample=False), members=members)


def person(number: str, name: str, **facts: Any) -> StaffMember:
    """Return someone who joined and was given access on 2026-04-30, unless `facts` differ."""
    given = {
        "identity_kind": "居民身份证",
        "identity_number": "999999199001010016",
        "department": "运维部",
        "post": "运维工程师",
        "key_staff": False,
        "joined": date(2026, 4, 30),
        "access_granted": date(2026, 4, 30),
    }
    places = {"": Cell("staff.xlsx", "人员名册", "A3")}
    return StaffMember(number=number, name=name, places=places, **(given | facts))
