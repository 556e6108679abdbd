"""What an invoice is applied for with: both parties, the line, its amounts, what is invoiced.

The amounts are the very figures that the payment request prints, so the two cannot disagree.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from deliverables.compute.account import InstalmentAccount, in_words, yuan
from deliverables.compute.requesting import InvoiceLine
from deliverables.figure import Figure
from deliverables.kinds.payment_request import PaymentRequest
from deliverables.lazily import dataclass
from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract, gaps
from deliverables.model.record import Missing, Record, declarations
from deliverables.model.values import show_day
from deliverables.source import Source

NOT_SUPPLIED = str(Missing(""))
"""What stands where nobody has supplied a fact: 【待补】."""


@dataclass(frozen=True, slots=True)
class PartyLines:
    """One party as an invoice names it; what may be left out and is not known is —."""

    name: str
    credit_code: str
    address_and_phone: str
    bank_and_account: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A fact that the invoice needs and nobody has supplied, where it belongs and whom to ask."""

    name: str
    place: Source
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Application:
    """Everything the 开票申请单 says; `line` is what is still to be invoiced."""

    contract_number: str
    project: str
    instalment: str
    applied_on: str
    buyer: PartyLines
    seller: PartyLines
    type: str
    item: str
    tax_code: str
    line: InvoiceLine
    gross_in_words: Figure[str]
    remark: str
    drawer: str
    invoiceable: Figure[Decimal]
    invoiced: Figure[Decimal]
    left_after: Figure[Decimal]
    issued: tuple[InvoiceLine, ...]
    issued_on: tuple[str, ...]
    liability: str
    gaps: tuple[Gap, ...]


def application(
    book: ContractBook, letter: PaymentRequest, state: InstalmentAccount, as_of: date
) -> Application | None:
    """Return what to apply for, as the letter has it; None where nothing is left to invoice."""
    line = to_be_issued(letter)
    if line is None:
        return None
    contract = book.contract
    issued = tuple(one for one in letter.invoices if one is not line)
    days = {invoice.number: show_day(invoice.issued) for invoice in state.invoices}
    left = state.invoiceable.value - state.invoiced.value - line.gross.value
    return Application(
        contract_number=str(letter.contract_number),
        project=str(letter.project),
        instalment=f"{letter.instalment}（{letter.name}，{letter.article}）",
        applied_on=show_day(as_of),
        buyer=_buyer(contract),
        seller=_seller(contract),
        type=str(line.type),
        item=printed_item(contract),
        tax_code=str(contract.invoicing.figure("tax_code")),
        line=line,
        gross_in_words=in_words(line.gross),
        remark=remark(contract, letter, state),
        drawer=str(contract.invoicing.drawer),
        invoiceable=state.invoiceable,
        invoiced=state.invoiced,
        left_after=yuan(
            "开票后未开", left, "本期应开票−已开票−本次开票", "", (state.invoiceable, line.gross)
        ),
        issued=issued,
        issued_on=tuple(days.get(str(one.number), "—") for one in issued),
        liability=liability(contract, line.tax),
        gaps=missing_for_invoice(contract),
    )


def to_be_issued(letter: PaymentRequest) -> InvoiceLine | None:
    """Return what the letter says is still to be invoiced (待开)."""
    return next((line for line in letter.invoices if line.number.value is None), None)


def printed_item(contract: Contract) -> str:
    """Return the item as an invoice prints it, *简称*名称; without the short name, the bare one."""
    terms = contract.invoicing
    item = str(terms.figure("item"))
    return (
        f"*{terms.category}*{item}" if isinstance(terms.category, str) and terms.category else item
    )


def remark(contract: Contract, letter: PaymentRequest, state: InstalmentAccount) -> str:
    """Return the 备注 of the invoice: contract, project and instalment."""
    share = "" if state.ratio.value is None else f"（{state.ratio}）"
    return (
        f"合同号{contract.identity.number}；{contract.identity.title}；{letter.instalment}{share}"
    )


def liability(contract: Contract, tax: Figure[Decimal]) -> str:
    """Return when the tax falls due: on invoicing, whether or not the money has come."""
    order = (
        f"合同约定先开票后付款（{contract.invoicing.article}）。"
        if contract.invoicing.before_payment
        else ""
    )
    return (
        f"{order}先开具发票的，增值税纳税义务于开具发票的当日发生（《增值税法》第二十八条），"
        f"不以到账为前提；本次开票的销项税额{tax}元计入开票当期。"
    )


def missing_for_invoice(contract: Contract) -> tuple[Gap, ...]:
    """Return the facts an invoice needs that nobody has supplied."""
    wanted = {"client.credit_code", "client.invoice_email", "contractor.credit_code"}
    return tuple(
        Gap(_named(path, record, field), record.place(field), missing.reason)
        for path, missing, record, field in gaps(contract)
        if path in wanted or path.startswith("invoicing.")
    )


def _named(path: str, record: Record, field: str) -> str:
    label = declarations(type(record))[field].label
    owner = {"client": "购买方", "contractor": "销售方"}.get(path.partition(".")[0], "")
    return f"{owner}{label}"


def _buyer(contract: Contract) -> PartyLines:
    client, terms = contract.client, contract.invoicing
    return PartyLines(
        name=client.name,
        credit_code=str(client.figure("credit_code")),
        address_and_phone=_both(client.figure("address"), terms.figure("buyer_phone")),
        bank_and_account=_both(terms.figure("buyer_bank"), terms.figure("buyer_account")),
        email=str(client.figure("invoice_email")),
    )


def _seller(contract: Contract) -> PartyLines:
    contractor, account = contract.contractor, contract.payment.account
    return PartyLines(
        name=contractor.name,
        credit_code=str(contractor.figure("credit_code")),
        address_and_phone=_both(
            contractor.figure("address"), contract.invoicing.figure("seller_phone")
        ),
        bank_and_account=_both(account.figure("bank"), account.figure("number")),
    )


def _both(first: Figure[object], second: Figure[object]) -> str:
    told = [str(one) for one in (first, second) if one.value not in (None, "")]
    return "　".join(told) or "—"
