"""The payment request (付款申请函): one for each instalment, with its invoice (第六条)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from deliverables.compute.account import Account, InstalmentAccount, account, in_words, yuan
from deliverables.compute.assumptions import about, assumptions, topic_of
from deliverables.compute.conditions import Condition
from deliverables.compute.reporting import chinese_ordinal
from deliverables.compute.requesting import (
    AmountLine,
    ConditionLine,
    InvoiceLine,
    amount_lines,
    attachments,
    condition_lines,
    deadline_sentence,
    invoice_lines,
    polite_name,
)
from deliverables.figure import Derivation, Figure
from deliverables.kind import Blocker, Deliverable, Kind, Sealing, file_stem
from deliverables.lazily import dataclass
from deliverables.message import Message, say
from deliverables.model.book import ContractBook
from deliverables.model.payment_terms import Instalment
from deliverables.model.values import show_day
from deliverables.workdays import Deadline


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """Everything one payment request prints."""

    title: str
    you: str
    client: Figure[str]
    contractor: Figure[str]
    project: Figure[str]
    contract_number: Figure[str]
    signed_on: Figure[date]
    instalment: str
    name: Figure[str]
    article: Figure[str]
    conditions: tuple[ConditionLine, ...]
    unmet: tuple[str, ...]
    amounts: tuple[AmountLine, ...]
    requested: Figure[Decimal]
    requested_in_words: Figure[str]
    due: Figure[Decimal]
    due_in_words: Figure[str]
    invoices: tuple[InvoiceLine, ...]
    deadline: Figure[Deadline | None]
    account_holder: Figure[str]
    account_bank: Figure[str]
    account_number: Figure[str]
    attachments: tuple[str, ...]
    contact: Figure[str]
    contact_phone: Figure[str]
    dated: Figure[date]
    notes: tuple[Figure[str], ...]


def plan(book: ContractBook, as_of: date) -> tuple[Deliverable, ...]:
    """Return one request for each instalment, with what stands in its way on the day."""
    money = _account(book, as_of)
    return tuple(
        _deliverable(book, item, money.instalment(item.number) if money else None)
        for item in book.contract.payment.instalments
    )


def _deliverable(
    book: ContractBook, item: Instalment, state: InstalmentAccount | None
) -> Deliverable:
    return Deliverable(
        kind="payment_request",
        contract=book.number,
        part=str(item.number),
        title=f"关于申请支付{book.contract.service.name}项目第{chinese_ordinal(item.number)}期款的函",
        article=item.article,
        folder="payments",
        stem=file_stem(book.number, "付款申请函", f"第{item.number}期"),
        possible_from=_certain_from(state) if state else None,
        due=state.deadline if state else None,
        blockers=_blockers(state) if state else (_NO_LEDGER,),
        sample=book.ledger is not None and book.ledger.cover.sample,
    )


def _certain_from(state: InstalmentAccount) -> date | None:
    """Return the first day the calendar allows; acceptances that are still out are blockers."""
    days = [condition.certain_from for condition in state.conditions]
    return max((day for day in days if day), default=None)


_NO_LEDGER = Blocker(
    say("ledger.xlsx is missing or unreadable: what was invoiced, paid and accepted is unknown"),
    on_document="缺少收付款台账",
)


def _blockers(state: InstalmentAccount) -> tuple[Blocker, ...]:
    if state.paid_in_full_on:
        paid = say("paid in full on {day}", day=state.paid_in_full_on)
        return (Blocker(paid, on_document=f"已于{show_day(state.paid_in_full_on)}付清"),)
    if state.outstanding.value <= 0:
        nothing = say("nothing is left to pay after deductions of {sum}", sum=state.deducted)
        return (Blocker(nothing, on_document="扣减后无应付款项"),)
    return tuple(
        Blocker(_reason(condition, state), waivable=True, on_document=condition.unmet)
        for condition in state.unmet
    )


def _reason(condition: Condition, state: InstalmentAccount) -> Message:
    """Return why the condition is not met and, beside it, which others are, and since when."""
    met = [item for item in state.conditions if item.met_on and item is not condition]
    if not met:
        return condition.reason
    since = "、".join(f"{item.name} {item.met_on.value}" for item in met if item.met_on)
    return say("{reason}; met already: {since}", reason=condition.reason, since=since)


def compose(book: ContractBook, deliverable: Deliverable, as_of: date) -> PaymentRequest:
    """Return what the request of one instalment says on the day `as_of`.

    Raises ValueError without a ledger, and where nothing is left to pay: no letter asks for 零元整.
    """
    contract = book.contract
    money = _account(book, as_of)
    if money is None:
        raise ValueError("a payment request needs the ledger")
    state = money.instalment(int(deliverable.part))
    item = state.instalment
    ordinal = chinese_ordinal(item.number)
    open_invoice = ("invoice",) if state.uninvoiced.value else ()
    found = about(assumptions(book, as_of), "payment", *open_invoice, topic_of(item))
    return PaymentRequest(
        title=f"关于申请支付{contract.service.name}项目\n第{ordinal}期款的函",
        you=polite_name(contract.client.name),
        client=contract.client.figure("name"),
        contractor=contract.contractor.figure("name"),
        project=contract.identity.figure("title"),
        contract_number=contract.identity.figure("number"),
        signed_on=contract.identity.figure("signed_on"),
        instalment=f"第{ordinal}期款",
        name=item.figure("name"),
        article=item.figure("article"),
        conditions=condition_lines(state),
        unmet=tuple(condition.unmet for condition in state.unmet),
        amounts=amount_lines(contract, money, state),
        requested=_requested(state),
        requested_in_words=in_words(_requested(state)),
        due=state.due,
        due_in_words=in_words(state.due),
        invoices=invoice_lines(contract.invoicing, state),
        deadline=deadline_sentence(contract, state, as_of),
        account_holder=contract.payment.account.figure("holder"),
        account_bank=contract.payment.account.figure("bank"),
        account_number=contract.payment.account.figure("number"),
        attachments=attachments(contract, state, as_of),
        contact=contract.contractor.contact.figure("name"),
        contact_phone=contract.contractor.contact.figure("phone"),
        dated=Figure("成文日期", as_of, show_day(as_of), Derivation("出具文件时指定的日期", "")),
        notes=tuple(assumption.note for assumption in found),
    )


def _account(book: ContractBook, as_of: date) -> Account | None:
    return account(book.contract, book.ledger, book.calendar, as_of) if book.ledger else None


def _requested(state: InstalmentAccount) -> Figure[Decimal]:
    rule, article = "应付−扣减−已付", state.instalment.article
    return yuan("本期实付", state.outstanding.value, rule, article, (state.outstanding,))


KIND = Kind(
    name="payment_request",
    title="付款申请函",
    context=PaymentRequest,
    plan=plan,
    compose=compose,
    sealing=Sealing(personal="联系人姓名、电话", numbered=True),
)
