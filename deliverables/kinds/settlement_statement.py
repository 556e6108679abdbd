"""The settlement statement (结算对账单): all money of the contract, for the client to confirm.

The contract asks for no such paper and names no seal for it. It is sealed with 公章: it states
deductions, damages and perhaps a final balance, which go beyond what 财务专用章 stands for.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from deliverables.compute.account import Account, account
from deliverables.compute.assumptions import about, assumptions, topic_of
from deliverables.compute.lateness import LatePayments, late_payments
from deliverables.compute.refund import exit_known, permitted, refund
from deliverables.compute.requesting import polite_name
from deliverables.compute.settlement import (
    ExitLine,
    LateInstalment,
    SettlementLine,
    TaxTable,
    UnpaidInvoices,
    conclusion,
    exit_lines,
    late_instalments,
    payable_of,
    settlement_lines,
    tax_table,
    unpaid_invoices,
)
from deliverables.compute.statement import Statement, statement
from deliverables.figure import Derivation, Figure
from deliverables.kind import Blocker, Deliverable, Kind, Sealing, file_stem
from deliverables.lazily import dataclass
from deliverables.message import say
from deliverables.model.book import ContractBook
from deliverables.model.contract import Exit
from deliverables.model.values import show_day


@dataclass(frozen=True, slots=True)
class SettlementStatement:
    """Everything the settlement statement prints."""

    you: str
    client: Figure[str]
    contractor: Figure[str]
    project: Figure[str]
    contract_number: Figure[str]
    as_of: Figure[date]
    conclusion: str
    account: Statement
    payable: Figure[Decimal]
    disputed: Figure[Decimal]
    lines: tuple[SettlementLine, ...]
    tax: TaxTable
    unpaid_invoices: UnpaidInvoices
    late: tuple[LateInstalment, ...]
    late_days: Figure[Decimal]
    late_accrued: Figure[Decimal]
    late_claimable: Figure[Decimal]
    late_article: Figure[str]
    late_cap: Figure[Decimal]
    exit_lines: tuple[ExitLine, ...]
    exit_permitted: bool
    exit_article: str
    notes: tuple[Figure[str], ...]


def plan(book: ContractBook, as_of: date) -> tuple[Deliverable, ...]:
    """Return the one statement of the contract; it needs the ledger."""
    return (
        Deliverable(
            kind="settlement_statement",
            contract=book.number,
            part="statement",
            title="合同款项结算对账单",
            article=book.contract.payment.article,
            folder="payments",
            stem=file_stem(book.number, "结算对账单"),
            possible_from=book.contract.identity.signed_on,
            due=None,
            blockers=() if book.ledger else (_NO_LEDGER,),
            sample=book.ledger is not None and book.ledger.cover.sample,
        ),
    )


_NO_LEDGER = Blocker(
    say("ledger.xlsx is missing or unreadable: what was invoiced, paid and accepted is unknown"),
    on_document="缺少收付款台账",
)


def compose(book: ContractBook, deliverable: Deliverable, as_of: date) -> SettlementStatement:
    """Return how the money stands at the end of the day `as_of`."""
    if book.ledger is None:
        raise ValueError("a settlement statement needs the ledger")
    contract = book.contract
    money = account(contract, book.ledger, book.calendar, as_of)
    late, leaving = late_payments(contract, book.ledger, money), exit_known(contract, as_of)
    return SettlementStatement(
        you=polite_name(contract.client.name),
        client=contract.client.figure("name"),
        contractor=contract.contractor.figure("name"),
        project=contract.identity.figure("title"),
        contract_number=contract.identity.figure("number"),
        as_of=Figure("截止日期", as_of, show_day(as_of), Derivation("出具文件时指定的日期", "")),
        conclusion=conclusion(money, leaving=permitted(leaving, as_of)),
        account=statement(money),
        payable=payable_of(money),
        disputed=money.disputed,
        lines=settlement_lines(money),
        tax=tax_table(contract, money),
        unpaid_invoices=unpaid_invoices(contract, money),
        late=late_instalments(late),
        late_days=late.days,
        late_accrued=late.accrued,
        late_claimable=late.claimable,
        late_article=contract.payment.late.figure("article"),
        late_cap=late.cap,
        exit_lines=exit_lines(contract, leaving, refund(contract, leaving, money), as_of)
        if leaving
        else (),
        exit_permitted=permitted(leaving, as_of),
        exit_article=leaving.article if leaving else "",
        notes=_notes(book, money, late, leaving, as_of),
    )


def _notes(
    book: ContractBook, money: Account, late: LatePayments, leaving: Exit | None, as_of: date
) -> tuple[Figure[str], ...]:
    deducting = (topic_of(item.instalment) for item in money.instalments if item.deductions)
    topics = ["payment", "tax", *deducting]
    topics += ["late"] if late.instalments else []
    topics += ["exit"] if leaving else []
    return tuple(item.note for item in about(assumptions(book, as_of), *topics))


KIND = Kind(
    name="settlement_statement",
    title="结算对账单",
    context=SettlementStatement,
    plan=plan,
    compose=compose,
    sealing=Sealing(copies=2, personal=""),
)
