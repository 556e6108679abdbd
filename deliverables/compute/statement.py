"""The account as a report prints it: instalments, invoices, receipts and deductions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from deliverables.compute.account import Account, InstalmentAccount
from deliverables.compute.figures import iso_day, tax_on_invoice, told
from deliverables.model.ledger_sheets import Invoice, Payment
from deliverables.values.calendar import Provisional, Settled
from deliverables.values.figure import Figure, Statement


@dataclass(frozen=True, slots=True)
class InstalmentLine:
    """One instalment, in yuan."""

    name: Figure[str]
    due: Figure[Decimal]
    invoiced: Figure[Decimal]
    received: Figure[Decimal]
    deducted: Figure[Decimal]
    outstanding: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One invoice, in yuan; the number is text, the type of a reversing one says 红字."""

    name: Figure[str]
    number: Figure[str]
    issued: Figure[object]
    type: Figure[str]
    net: Figure[Decimal]
    tax: Figure[Decimal]
    gross: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One receipt, in yuan; money paid back to the client is negative and says 退款."""

    name: Figure[str]
    received: Figure[object]
    amount: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class DeductionLine:
    """One agreed deduction, in yuan."""

    name: Figure[str]
    kind: Figure[str]
    amount: Figure[Decimal]
    basis: Figure[str]
    agreed: Figure[object]


@dataclass(frozen=True, slots=True)
class DisputeLine:
    """One deduction that the client demands and that is not agreed on, in yuan."""

    name: Figure[str]
    kind: Figure[str]
    amount: Figure[Decimal]
    basis: Figure[str]
    raised: Figure[object]


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One claim beside the price, in yuan, and what became of it."""

    number: Figure[str]
    subject: Figure[str]
    claimed_on: Figure[object]
    claimed: Figure[Decimal]
    received: Figure[Decimal]
    waived: Figure[Decimal]
    open: Figure[Decimal]
    standing: Figure[str]


@dataclass(frozen=True, slots=True)
class AccountStatement:
    """What was due, invoiced, received and deducted; outstanding = total − received − deducted."""

    total: Figure[Decimal]
    invoiced: Figure[Decimal]
    received: Figure[Decimal]
    deducted: Figure[Decimal]
    outstanding: Figure[Decimal]
    lines: tuple[InstalmentLine, ...]
    invoices: tuple[InvoiceLine, ...]
    receipts: tuple[ReceiptLine, ...]
    deductions: tuple[DeductionLine, ...]
    disputes: tuple[DisputeLine, ...]


def claim_lines(account: Account) -> tuple[ClaimLine, ...]:
    """Return the claims beside the price, in the order in which they were raised."""
    return tuple(
        ClaimLine(
            state.row.figure("number"),
            state.row.figure("subject"),
            iso_day(state.row.figure("claimed")),
            state.claimed,
            state.received,
            state.waived,
            state.open,
            state.standing,
        )
        for state in account.claims.states
    )


def statement(account: Account) -> AccountStatement:
    """Return the account line by line, instalments in order."""
    items = [(item, item.instalment.figure("name")) for item in account.instalments]
    return AccountStatement(
        total=account.total,
        invoiced=account.invoiced,
        received=account.received,
        deducted=account.deducted,
        outstanding=account.outstanding,
        lines=tuple(
            InstalmentLine(
                name, item.due, item.invoiced, item.received, item.deducted, item.outstanding
            )
            for item, name in items
        ),
        invoices=tuple(
            InvoiceLine(
                name,
                row.figure("number"),
                iso_day(row.figure("issued")),
                type_of(row),
                row.figure("net"),
                tax_on_invoice(row.figure("tax"), row.rate),
                row.figure("gross"),
            )
            for item, name in items
            for row in item.invoices
        ),
        receipts=tuple(
            ReceiptLine(_receipt(name, row), iso_day(row.figure("received")), row.figure("amount"))
            for item, name in items
            for row in item.payments
        ),
        deductions=tuple(
            DeductionLine(
                name,
                row.figure("kind"),
                row.figure("amount"),
                row.figure("agreement"),
                iso_day(row.figure("agreed")),
            )
            for item, name in items
            for row in item.deductions
        ),
        disputes=tuple(
            DisputeLine(
                name,
                row.figure("kind"),
                row.figure("amount"),
                row.figure("demand"),
                iso_day(row.figure("raised")),
            )
            for item, name in items
            for row in item.disputes
        ),
    )


def reduced(money: Account) -> Statement:
    """Return how much was deducted, and the papers by which both sides agreed on it."""
    rows = [row for item in money.instalments for row in item.deductions]
    said: dict[str, Figure[object]] = {"deducted": money.deducted}
    if not rows:
        return told("扣减", "没有扣减", "", {}, money.deducted)
    papers = {row.agreement: row.figure("agreement") for row in rows}
    said["paper"] = next(iter(papers.values()))
    more = f"等 {len(papers)} 份文件" if len(papers) > 1 else ""
    pattern = f"扣减 {{deducted}} 元，依据{{paper}}{more}"
    return told("扣减", pattern, "", said, *papers.values())


def owed(money: Account) -> Statement:
    """Return how much is not paid yet, instalment by instalment, and by when it is to be paid."""
    said: dict[str, Figure[object]] = {"outstanding": money.outstanding}
    pattern = "未到账 {outstanding} 元"
    open_ones = [item for item in money.instalments if item.outstanding.value > 0]
    if not open_ones:
        return told("未到账", pattern, "", said)
    said["each"] = Statement.joined(
        "各期未到账", [_owed_of(item, money.as_of) for item in open_ones], "；"
    )
    return told("未到账", pattern + "（{each}）", "", said)


def _owed_of(item: InstalmentAccount, as_of: date) -> Statement:
    name, standing = item.instalment.figure("name"), payment_standing(item, as_of)
    article = item.instalment.article
    return Statement.of(
        "未到账", f"{{name}}{{standing}}，{article}" if article else "{name}{standing}", article,
        item.outstanding, name=name, standing=standing,
    )  # fmt: skip


def payment_standing(item: InstalmentAccount, as_of: date) -> Statement:
    """Return when an instalment was paid, when it falls due, or why it does not."""
    received = tuple(row.figure("received") for row in item.payments)
    inputs = (
        item.outstanding,
        item.instalment.figure("condition_text"),
        *(condition.said for condition in item.unmet),
        *(received if item.paid_in_full_on else item.set_by),
    )
    return Statement.of("付款情况", _said(item, as_of), "", *inputs, rule="付清日期或者付款期限")


def _said(item: InstalmentAccount, as_of: date) -> str:
    if item.paid_in_full_on:
        return f"{item.paid_in_full_on}付清"
    if item.outstanding.value <= 0:
        return "扣减后无应付款"
    if item.unmet:
        return "服务提前终止，不再到期" if item.lapsed else "付款条件未成就"
    return _due(item, as_of)


def _due(item: InstalmentAccount, as_of: date) -> str:
    match item.deadline:
        case Settled(date=day):
            return f"{day}到期" if item.demand is None else f"{day}到期（催告）"
        case Provisional(latest=last) if last < as_of:
            return f"最迟已于{last}到期" + ("" if item.pay_by else "，待开发票")
        case Provisional(earliest=first, latest=last):
            return f"暂定{first}至{last}到期"
        case _:
            return "条件已成就，未约定期限" if item.conditions else "尚未付清"


def type_of(invoice: Invoice) -> Figure[str]:
    """Return the type of an invoice as it is printed, 普通发票（红字） if it reverses another."""
    return _marked(invoice.figure("type"), "红字" if invoice.red else "")


def _receipt(name: Figure[str], payment: Payment) -> Figure[str]:
    return _marked(name, "退款" if payment.refund else "")


def _marked(figure: Figure[str], mark: str) -> Figure[str]:
    return replace(figure, text=f"{figure}（{mark}）") if mark else figure
