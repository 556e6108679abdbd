"""What finance has to do next and until when, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import reduce
from typing import TYPE_CHECKING, Final

from deliverables.compute.account import (
    Account,
    InstalmentAccount,
    account_of,
    excused_days,
    surely_due,
)
from deliverables.compute.late_payment import (
    LatePayments,
    exit_known,
    late_payments,
    permitted,
    refund,
)
from deliverables.compute.term import service_end
from deliverables.examination import says_otherwise
from deliverables.folders import Folders
from deliverables.kinds import MISSING_LEDGER, Role, kind_that
from deliverables.letters.instalment import DEMAND, REMINDER
from deliverables.model.book import ContractBook
from deliverables.model.contract import Invoicing, gaps
from deliverables.model.fields import declarations
from deliverables.model.ledger_sheets import Deduction, Invoice
from deliverables.plan import Planned, plan
from deliverables.status import Condition, Stage
from deliverables.values.calendar import Deadline, Settled, Side
from deliverables.values.command_line import command_line
from deliverables.values.money import format_yuan, split_gross
from deliverables.values.problem import Message, Term, listed, say

if TYPE_CHECKING:
    from deliverables.agenda import AgendaItem


class TaskStep(StrEnum):
    """What kind of thing is to be done; on one day they are done in this order."""

    DATA = "data"
    INVOICE = "invoice"
    REQUEST = "request"
    DISPUTE = "dispute"
    PAYMENT = "payment"
    REMIND = "remind"
    COLLECT = "collect"
    CLAIM = "claim"
    REFUND = "refund"
    SETTLE = "settle"
    TAX = "tax"
    LATER = "later"


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """One thing to do: until when, what, how much in yuan, and the command that helps.

    `by` is None for what can be done at once and has no day, and says whose day it is; of what
    comes later it is the day from which on it may be possible. `days_late` counts the days since a
    day that has surely passed. What is `in_time` is nothing to hurry with. `month` is the one whose
    tax is declared; `instead` the command for a paper that the client issues itself.
    """

    step: TaskStep
    what: Message
    by: Deadline | None = None
    days_late: int = 0
    instalment: int | None = None
    amount: Decimal | None = None
    net: Decimal | None = None
    tax: Decimal | None = None
    command: str = ""
    instead: str = ""
    month: date | None = None

    @property
    def ours(self) -> bool:
        """Whether it is for us to act; a payment is the client's."""
        return self.by is None or self.by.whose is Side.OURS

    @property
    def in_time(self) -> bool:
        """Whether nothing is lost by doing it later, or it cannot be done before its day."""
        return self.step in {TaskStep.CLAIM, TaskStep.LATER}


@dataclass(frozen=True, slots=True)
class FinanceDesk:
    """What the tasks of one contract are found from."""

    book: ContractBook
    money: Account
    late: LatePayments
    planned: Mapping[str, Planned]
    folders: Folders
    several: bool

    @property
    def as_of(self) -> date:
        """The day for which the tasks are found."""
        return self.money.as_of

    def request(self, instalment: int) -> Planned | None:
        """Return the letter that asks for an instalment, if the contract calls for one."""
        return self.planned.get(f"{kind_that(Role.ASKS).name}/{instalment}")

    def command(self, name: str, *words: str) -> str:
        """Return a command line for this contract, which is named where there are several.

        What nobody knows yet, as the day of an entry, is left out: a terminal asks for it.
        """
        which = ("--contract", self.book.number) if self.several else ()
        return command_line("deliverables", name, *words, *which)

    def due(self, state: InstalmentAccount) -> tuple[Deadline | None, int]:
        """Return until when an instalment is to be paid, and for how many days it surely was not.

        An instalment that cannot be asked for yet has no day, nor one whose day passed before the
        invoice that the contract wants first.
        """
        if state.pay_by is None or state.unmet:
            return None, 0
        return state.pay_by, max(0, (self.as_of - surely_due(state.pay_by)).days)


def taxes(desk: FinanceDesk) -> Iterator[Task]:
    """Yield the tax of every month whose invoices are still to be declared, until it was."""
    months: dict[date, list[Invoice]] = {}
    for state in desk.money.instalments:
        for invoice in state.invoices:
            months.setdefault(invoice.issued.replace(day=1), []).append(invoice)
    filed = _filed(desk)
    for month, invoices in months.items():
        if month not in filed:
            yield _declaring(desk, month, invoices, desk.book.calendar.filing_deadline(month))


def _filed(desk: FinanceDesk) -> set[date]:
    """Return the months that the ledger knew as declared on the day."""
    ledger = desk.book.ledger
    rows = ledger.as_known(desk.as_of).tax_filings if ledger else ()
    return {row.month.replace(day=1) for row in rows}


def _declaring(desk: FinanceDesk, month: date, invoices: list[Invoice], by: Deadline) -> Task:
    net = sum((invoice.net for invoice in invoices), Decimal(0))
    tax = sum((invoice.tax for invoice in invoices), Decimal(0))
    what = _what(desk, month, invoices)
    late = max(0, (desk.as_of - surely_due(by)).days)
    return Task(step=TaskStep.TAX, what=what, by=by, days_late=late, amount=tax, net=net, tax=tax,
                command=desk.command("filed", f"{month:%Y-%m}"), month=month)  # fmt: skip


def _what(desk: FinanceDesk, month: date, invoices: list[Invoice]) -> Message:
    reversing = [invoice.tax for invoice in invoices if invoice.red]
    facts = {"month": f"{month:%Y-%m}", "unpaid": format_yuan(_unpaid(desk, invoices))}
    if not any(invoice.rate for invoice in invoices):
        return say(
            "declare the exempt sales of the invoices of {month}; with monthly declaration; enter "
            "it in the sheet 纳税申报 when it is done",
            month=facts["month"],
        )
    if not reversing:
        return say(
            "declare VAT on the invoices of {month}, of which {unpaid} is not yet paid; "
            "with monthly declaration; enter it in the sheet 纳税申报 when it is done",
            **facts,
        )
    return say(
        "declare VAT on the invoices of {month}, of which {unpaid} is not yet paid; "
        "red-letter invoices lessen the tax of this month by {less}, not that of an earlier one; "
        "with monthly declaration; enter it in the sheet 纳税申报 when it is done",
        less=format_yuan(-sum(reversing, Decimal(0))),
        **facts,
    )


def _unpaid(desk: FinanceDesk, invoices: list[Invoice]) -> Decimal:
    """Return what of these invoices has not come in; money is taken for the earlier ones first.

    An invoice that was wholly reversed waits for no money.
    """
    total = Decimal(0)
    for state in desk.money.instalments:
        own = [invoice.gross for invoice in invoices if invoice in state.standing_invoices]
        waiting = min(state.invoiced.value, state.payable.value) - state.received.value
        total += max(Decimal(0), min(sum(own, Decimal(0)), waiting))
    return total


def invoices(desk: FinanceDesk, state: InstalmentAccount) -> Iterator[Task]:
    """Yield the invoice that is to be issued, or was and is missing in the ledger."""
    terms = desk.book.contract.invoicing
    unmatched = min(state.received.value, state.invoiceable.value) - state.invoiced.value
    to_issue = state.uninvoiced.value
    if unmatched > 0:
        what = say(
            "money came in without an invoice: enter or issue it ({article})", article=terms.article
        )
        yield _invoice(desk, state, unmatched, what)
    elif to_issue > 0 and not state.unmet and state.outstanding.value > 0:
        yield _invoice(desk, state, to_issue, _to_issue(terms, state.instalment.number))


def _to_issue(terms: Invoicing, number: int) -> Message:
    """Return how the invoice is issued; that it comes before payment is said where it is agreed."""
    facts = {"article": terms.article, "number": number}
    if terms.one_rate is None:
        return say(
            "issue the invoice, a line for each rate of VAT, and enter it with --net, --tax and "
            "--rate 多种税率; deliverables pack {number} makes the application for it",
            **facts,
        )
    if not terms.before_payment:
        return say(
            "issue the invoice, then enter it; deliverables invoice-import {number} fills the "
            "workbook of the tax portal",
            **facts,
        )
    return say(
        "issue the invoice before payment is asked for ({article}), then enter it; "
        "deliverables invoice-import {number} fills the workbook of the tax portal",
        **facts,
    )


def _invoice(desk: FinanceDesk, state: InstalmentAccount, gross: Decimal, what: Message) -> Task:
    terms = desk.book.contract.invoicing
    rate = terms.one_rate
    split = split_gross(gross, rate) if rate else None
    number, payable = state.instalment.number, state.outstanding.value > 0 and not state.unmet
    return Task(
        step=TaskStep.INVOICE,
        what=what,
        instalment=number,
        amount=gross,
        net=split.net if split else None,
        tax=split.tax if split else None,
        command=desk.command("pack", str(number))
        if payable
        else desk.command("invoiced", str(number)),
    )


def requests(desk: FinanceDesk, state: InstalmentAccount) -> Iterator[Task]:
    """Yield the letter that is to be sent, or that was and is missing in the ledger.

    Whether a letter was sent, the sheet 请款 and the register both know; either is enough.
    """
    item, open_ = state.instalment, state.outstanding.value
    planned = desk.request(item.number)
    if planned is None:
        return
    yield from _not_entered(desk, state, planned)
    if open_ <= 0 or state.lapsed:
        return
    if state.unmet:
        certain = [one.certain_from for one in state.unmet if one.certain_from]
        command = _towards_acceptance(desk, state)
        yield Task(
            step=TaskStep.LATER,
            what=say("not to be asked for yet: {reasons}; the second command is for a paper that "
                     "the client issues itself", reasons=_joined(state))
            if command
            else say("not to be asked for yet: {reasons}", reasons=_joined(state)),
            by=Settled(max(certain)) if certain else None,
            instalment=item.number,
            amount=open_,
            command=command,
            instead=_by_the_client(desk, state) if command else "",
        )  # fmt: skip
    elif not _all_asked(desk, state):
        what, command = _next_step(desk, planned, desk.command("pack", str(item.number)))
        yield Task(step=TaskStep.REQUEST, what=what, instalment=item.number, amount=open_,
                   command=command)  # fmt: skip


def _towards_acceptance(desk: FinanceDesk, state: InstalmentAccount) -> str:
    """Return the next command for the record of an acceptance that an instalment waits for."""
    waits = {one.milestone.stage for one in state.unmet}
    for one in desk.planned.values():
        made = one.deliverable
        if made.records and made.records in waits and one.status.stage not in _NOT_TO_BE_MADE:
            build = desk.command("build", made.kind_title, "--period", made.records)
            return _on_its_way(desk, one, build)
    return ""


def _by_the_client(desk: FinanceDesk, state: InstalmentAccount) -> str:
    """Return the command that enters an acceptance by a paper of the client."""
    stage = next(one.milestone.stage for one in state.unmet if one.milestone.stage)
    return desk.command("accepted", stage)


_NOT_TO_BE_MADE: Final = (Stage.NOT_YET, Stage.BLOCKED)


def _all_asked(desk: FinanceDesk, state: InstalmentAccount) -> bool:
    planned = desk.request(state.instalment.number)
    if planned and planned.status.stage is Stage.DELIVERED:
        return True
    return bool(state.requests) and state.unasked.value <= 0


def _not_entered(desk: FinanceDesk, state: InstalmentAccount, planned: Planned) -> Iterator[Task]:
    """Yield the letter that the register knows as delivered and the sheet 请款 does not have."""
    delivered, letter = planned.life.delivered, planned.life.final
    if delivered is None or letter is None or delivered.as_of > desk.as_of:
        return
    if not any(row.sent >= letter.as_of for row in state.requests):
        yield Task(
            step=TaskStep.DATA,
            what=say("the payment request delivered on {day} is missing in the sheet 请款: "
                     "enter it", day=delivered.as_of),
            instalment=state.instalment.number,
            command=desk.command("requested", str(state.instalment.number), "--on",
                                 str(letter.as_of), "--delivered", str(delivered.as_of)),
        )  # fmt: skip


def _joined(state: InstalmentAccount) -> Message:
    """Return why an instalment cannot be asked for, reason by reason."""
    return reduce(lambda one, other: say("{one}; {other}", one=one, other=other),
                  (condition.reason for condition in state.unmet))  # fmt: skip


def _next_step(desk: FinanceDesk, planned: Planned, make: str) -> tuple[Message, str]:
    """Return what a payment request needs next on its way to the client; `make` makes it."""
    command = _on_its_way(desk, planned, make)
    match planned.status.stage:
        case Stage.FINAL:
            return say("have the payment request sealed, and record it"), command
        case Stage.SEALED:
            return say("send the payment request, and record its receipt"), command
        case _ if command == make:
            return say("make the payment request"), command
        case _:
            return say("make the payment request final"), command


def _on_its_way(desk: FinanceDesk, planned: Planned, make: str) -> str:
    """Return the command that takes a letter on to the client; `make` is the one that makes it."""
    life = planned.life
    match planned.status.stage:
        case Stage.DRAFT if life.made and planned.status.condition is not Condition.STALE:
            return _on_file(desk, "final", life.made.file)
        case Stage.FINAL if life.final and not planned.deliverable.sealed:
            return _on_file(desk, "delivered", life.final.file)
        case Stage.DELIVERED if life.final and planned.deliverable.records:
            return _on_file(desk, "accepted", life.final.file)
        case Stage.FINAL if life.final:
            return _on_file(desk, "sealed", life.final.file)
        case Stage.SEALED if life.final:
            return _on_file(desk, "delivered", life.final.file)
        case _:
            return make


def _on_file(desk: FinanceDesk, name: str, file: str, *words: str) -> str:
    path = desk.folders.contract(desk.book.number) / file
    return command_line("deliverables", name, path.as_posix(), *words)


def disputes(desk: FinanceDesk, state: InstalmentAccount) -> Iterator[Task]:
    """Yield each deduction that the client demands and that nobody has agreed on."""
    for row in state.disputes:
        yield Task(
            step=TaskStep.DISPUTE,
            what=_in_dispute(row),
            instalment=state.instalment.number,
            amount=row.amount,
            command=desk.command("ledger"),
        )


def _in_dispute(row: Deduction) -> Message:
    if row.raised is None:
        return say(
            "settle the disputed deduction in writing ({basis}), then enter 协商一致 or 已撤销; "
            "until then it is not deducted",
            basis=row.figure("demand"),
        )
    return say(
        "settle the deduction disputed since {day} in writing ({basis}), then enter 协商一致 or "
        "已撤销; until then it is not deducted",
        day=row.raised,
        basis=row.figure("demand"),
    )


def payments(desk: FinanceDesk, state: InstalmentAccount) -> Iterator[Task]:
    """Yield the money that is to come in; what has no day is demanded once it was asked for."""
    if state.unmet or state.outstanding.value <= 0:
        return
    by, days = desk.due(state)
    if by is None and state.deadline is None and not _all_asked(desk, state):
        return
    number, amount = state.instalment.number, state.outstanding.value
    command = desk.command("received", str(number), str(amount))
    if state.deadline and by is None:
        what = say("the day to pay has passed ({day}) without the invoice: payment is late only "
                   "after it is issued; enter it in the ledger when it comes in",
                   day=surely_due(state.deadline))  # fmt: skip
    elif by is None:
        command = _reminding(desk, DEMAND, number)
        what = say("payment is open; the contract names no day ({article}): demand it in writing "
                   "with a reasonable day (民法典 511), then enter the sheet 催告",
                   article=state.instalment.article)  # fmt: skip
    elif excused := _excused(desk, state):
        what = say("payment is overdue, {excused} of the days for fiscal approval; enter it in "
                   "the ledger when it comes in", excused=excused)  # fmt: skip
    elif days:
        what = say("payment is overdue; enter it in the ledger when it comes in")
    else:
        what = say("payment is to come in; enter it in the ledger")
    yield Task(step=TaskStep.PAYMENT, what=what, by=by, days_late=days,
               instalment=number, amount=amount, command=command)  # fmt: skip


def reminders(desk: FinanceDesk, state: InstalmentAccount) -> Iterator[Task]:
    """Yield the reminder that comes before any claim, once a day to pay has surely passed."""
    _, days = desk.due(state)
    if not days or state.outstanding.value <= 0 or not state.age.days.value:
        return
    if desk.book.contract.invoicing.before_payment and state.uninvoiced.value:
        return
    if not reminded(state):
        yield Task(
            step=TaskStep.REMIND,
            what=say(
                "remind the client in writing, then enter the letter in the sheet 催告; "
                "a claim comes after it"
            ),
            instalment=state.instalment.number,
            amount=state.outstanding.value,
            command=_reminding(desk, REMINDER, state.instalment.number),
        )


def _reminding(desk: FinanceDesk, kind: str, number: int) -> str:
    """Return what brings a letter of reminder on its way, or enters it once it was delivered."""
    planned = desk.planned.get(f"{kind}/{number}")
    if planned is None or planned.status.stage is Stage.BLOCKED:
        return desk.command("reminded", str(number))
    if planned.life.delivered and planned.status.stage is Stage.DELIVERED:
        day = str(planned.life.delivered.as_of)
        return desk.command("reminded", str(number), "--on", day)
    return _on_its_way(desk, planned, desk.command("build", kind, "--period", str(number)))


def reminded(state: InstalmentAccount) -> bool:
    """Return whether the client was reminded after the day to pay had passed."""
    due = state.pay_by
    return due is not None and any(row.delivered > surely_due(due) for row in state.reminders)


def _excused(desk: FinanceDesk, state: InstalmentAccount) -> int:
    """Return how many of the days since the deadline fiscal approval took, as papers show."""
    if state.deadline is None or desk.book.ledger is None:
        return 0
    number = state.instalment.number
    rows = [
        row
        for row in desk.book.ledger.fiscal_approvals
        if row.instalment == number and (row.evidenced is None or row.evidenced <= desk.as_of)
    ]
    return excused_days(rows, surely_due(state.deadline), desk.as_of)


def overpayments(desk: FinanceDesk, state: InstalmentAccount) -> Iterator[Task]:
    """Yield what came in beyond what is payable: nobody sets it off without an agreement."""
    if state.overpaid.value > 0:
        yield Task(
            step=TaskStep.REFUND,
            what=say("more came in than is payable: agree in writing whether it is paid back or "
                     "set off, then enter it"),
            instalment=state.instalment.number,
            amount=state.overpaid.value,
            command=desk.command("ledger"),
        )  # fmt: skip


_FOR_INVOICES: Final = ("invoicing.", "client.credit_code", "client.invoice_email",
                        "contractor.credit_code")  # fmt: skip


def missing_facts(desk: FinanceDesk) -> Iterator[Task]:
    """Yield what nobody has supplied and no invoice can be issued without."""
    if not desk.money.uninvoiced.value:
        return
    lacking = [
        Term(path, f"{declarations(type(record))[field].label}（{path}）")
        for path, _, record, field in gaps(desk.book.contract)
        if path.startswith(_FOR_INVOICES)
    ]
    if lacking:
        file = desk.folders.data / desk.book.number / "contract.yaml"
        yield Task(
            step=TaskStep.DATA,
            what=say("still to be found out before invoicing, to be filled in in {file}: {facts}",
                     file=file.as_posix(), facts=listed(lacking)),
            command=desk.command("check"),
        )  # fmt: skip


def claims(desk: FinanceDesk) -> Iterator[Task]:
    """Yield the damages that can be claimed for what was paid late, or is late and was reminded.

    A claim is for the company to decide on and nothing that hurries: no day is set for it.
    """
    terms = desk.book.contract.payment.late
    article = terms.article if terms else ""
    for late in desk.late.instalments:
        state, number = late.state, late.state.instalment.number
        claim = desk.money.claims.late_payment_of(number)
        left = late.claimable.value - (claim.claimed.value if claim else 0)
        if left <= 0 or (state.outstanding.value > 0 and not reminded(state)):
            continue
        facts = {"days": int(late.days.value), "article": article}
        what = (
            say("late payment was claimed on {sent}; {days} days by now ({article})",
                sent=claim.row.claimed, **facts)
            if claim
            else say("late payment can be claimed: {days} days ({article}); decide whether to, "
                     "and enter the claim or its waiver in the sheet 主张", **facts)
        )  # fmt: skip
        yield Task(
            step=TaskStep.CLAIM,
            what=_with_cap(desk, what),
            instalment=number,
            amount=late.claimable.value,
            command=desk.command("build", kind_that(Role.CLAIMS).name, "--period", str(number)),
        )


def collections(desk: FinanceDesk) -> Iterator[Task]:
    """Yield what was claimed and has neither come in nor been waived."""
    for state in desk.money.claims.states:
        if state.open.value <= 0:
            continue
        facts = {"number": state.row.number, "day": state.row.claimed}
        what = (
            say("the claim {number} is disputed since {disputed}: settle it in writing, then "
                "enter 议定日期", number=state.row.number, disputed=state.row.disputed)
            if state.disputed
            else say("the claim {number} of {day} is open: enter what comes in in 到账 with its "
                     "主张编号, or what is waived; whether it bears VAT is for finance to settle "
                     "with the tax office", **facts)
        )  # fmt: skip
        yield Task(
            step=TaskStep.COLLECT,
            what=what,
            instalment=state.row.instalment,
            amount=state.open.value,
            command=desk.command("ledger")
            if state.disputed or state.row.instalment is None
            else desk.command(
                "received",
                str(state.row.instalment),
                str(state.open.value),
                "--claim",
                state.row.number,
            ),
        )


def _with_cap(desk: FinanceDesk, what: Message) -> Message:
    """Return what can be claimed with the day on which it stops growing, past or to come."""
    bites = desk.late.cap_bites_on
    if bites is None:
        return what
    cap = say("all claims together stop at {cap} on {day}", cap=desk.late.cap, day=bites.value)
    return say("{one}; {other}", one=what, other=cap)


def refund_on_exit(desk: FinanceDesk) -> Iterator[Task]:
    """Yield what is to be paid back after an exit that the client permitted (第十三条)."""
    contract = desk.book.contract
    leaving = exit_known(contract, desk.as_of)
    if leaving is None or not permitted(leaving, desk.as_of):
        return
    due = refund(contract, leaving, desk.money)
    command = desk.command("build", kind_that(Role.SETTLES).name)
    if due.refund.value > 0:
        what = say("pay back what the days served have not earned ({article})",
                   article=leaving.article)  # fmt: skip
        yield Task(step=TaskStep.REFUND, what=what, amount=due.refund.value, command=command)
    elif due.unpaid.value > 0:
        what = say("agree with the client on how what the days served have earned beyond what was "
                   "paid is settled ({article})", article=leaving.article)  # fmt: skip
        yield Task(step=TaskStep.SETTLE, what=what, amount=due.unpaid.value, command=command)


def ending(desk: FinanceDesk) -> Iterator[Task]:
    """Yield what is to be agreed on where the contract itself ends early, without an exit."""
    leaving = exit_known(desk.book.contract, desk.as_of)
    open_ = [state.outstanding.value for state in desk.money.instalments if state.lapsed]
    if open_ and sum(open_) > 0 and not permitted(leaving, desk.as_of):
        yield Task(
            step=TaskStep.SETTLE,
            what=say("service ends early, on {day}: agree with the client on what is paid of what "
                     "comes due no more", day=service_end(desk.book.contract, desk.as_of).value),
            amount=sum(open_, Decimal(0)),
            command=desk.command("build", kind_that(Role.SETTLES).name),
        )  # fmt: skip


_OF_THE_CONTRACT = (missing_facts, collections, claims, refund_on_exit, ending, taxes)
_OF_EACH_INSTALMENT = (invoices, requests, disputes, payments, reminders, overpayments)


def tasks(
    book: ContractBook, folders: Folders, as_of: date, *, several: bool = True
) -> tuple[Task, ...]:
    """Return what finance has to do for a contract on a day, the most urgent first.

    Their commands name the contract, unless there are not `several`.
    """
    money = account_of(book, as_of)
    if book.ledger is None or money is None:
        return (Task(step=TaskStep.DATA, what=MISSING_LEDGER, command="deliverables check"),)
    now = plan(book, folders, as_of, says_otherwise)
    planned = {one.deliverable.key: one for one in now}
    late = late_payments(book.contract, book.ledger, money)
    desk = FinanceDesk(book, money, late, planned, folders, several)
    found = [task for find in _OF_THE_CONTRACT for task in find(desk)]
    for state in money.instalments:
        found += [task for look in _OF_EACH_INSTALMENT for task in look(desk, state)]
    return tuple(sorted(found, key=in_order))


def calendar_items(
    book: ContractBook, folders: Folders, as_of: date, *, sound: bool
) -> tuple[AgendaItem, ...]:
    """Return what is due of a contract, the declarations of tax with it, in order of the days."""
    from deliverables.agenda import agenda, dated  # noqa: PLC0415  # slow to import

    planned = plan(book, folders, as_of, says_otherwise if sound else None)
    found = list(agenda(book, planned, as_of, sound=sound))
    if sound:
        found += [
            dated(f"tax/{one.month:%Y-%m}", say("tax"), one.what, one.by, _TAX_LAW)
            for one in tasks(book, folders, as_of)
            if one.step is TaskStep.TAX and one.by is not None and one.month is not None
        ]
    return tuple(sorted(found, key=lambda item: item.first or date.min))


_TAX_LAW: Final = "《增值税法》第三十条"
"""Tax of a month is declared within fifteen days of its end."""


def in_order(task: Task) -> tuple[bool, bool, date, int]:
    """Return where a task stands: by its day, without one after those, and last what can wait.

    What cannot be done yet waits, whatever day it may be possible from.
    """
    later = task.step is TaskStep.LATER
    return task.in_time, later, _first_day(task), list(TaskStep).index(task.step)


def _first_day(task: Task) -> date:
    """Return the first day that a task may have to be done by, without one the last there is."""
    if task.by is None:
        return date.max
    return task.by.date if isinstance(task.by, Settled) else task.by.earliest


_SOON: Final = timedelta(days=7)


def most_urgent(tasks: Iterable[Task], as_of: date) -> Task | None:
    """Return what we do first: what is late or due within a week, then what can be done now.

    A day that is far off waits behind a reminder that could go out today.
    """

    def order(task: Task) -> tuple[bool, int, date, int]:
        day = _first_day(task)
        rank = 0 if day <= as_of + _SOON else 1 if task.by is None else 2
        return task.in_time, rank, day, list(TaskStep).index(task.step)

    ours = [task for task in tasks if task.ours and task.command]
    return min(ours, key=order, default=None)
