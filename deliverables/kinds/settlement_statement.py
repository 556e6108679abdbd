"""The settlement statement (结算对账单): all money of the contract, for the client to confirm.

The contract asks for no such paper and names no seal for it. It is sealed with 公章: it states
deductions, damages and perhaps a final balance, which go beyond what 财务专用章 stands for.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from deliverables.compute.account import Account, InstalmentAccount, account, yuan
from deliverables.compute.assumptions import about, assumptions, topic_of
from deliverables.compute.figures import number
from deliverables.compute.late_payment import (
    LatePayments,
    Refund,
    exit_known,
    late_payments,
    permitted,
    refund,
)
from deliverables.compute.statement import Statement, statement
from deliverables.kinds import Blocker, Deliverable, Kind, Sealing, file_stem
from deliverables.lazily import dataclass
from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract, Exit
from deliverables.model.fields import show_day
from deliverables.model.ledger import Invoice
from deliverables.values.calendar import Provisional, Settled
from deliverables.values.figure import Derivation, Figure
from deliverables.values.money import Reconciliation, VatSplit, reconcile, split_gross
from deliverables.values.problem import say

Inputs = tuple[Figure[object], ...]


@dataclass(frozen=True, slots=True)
class SettlementLine:
    """One instalment, in yuan: payable = due − deducted, outstanding = payable − received."""

    name: Figure[str]
    due: Figure[Decimal]
    deducted: Figure[Decimal]
    payable: Figure[Decimal]
    received: Figure[Decimal]
    outstanding: Figure[Decimal]
    standing: Figure[date | None]


@dataclass(frozen=True, slots=True)
class TaxLine:
    """A gross amount with the net amount and the tax in it, in yuan."""

    label: str
    gross: Figure[Decimal]
    net: Figure[Decimal]
    tax: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class TaxTable:
    """The parts, which add up, then the whole by the contract sum and what the parts differ by."""

    parts: tuple[TaxLine, ...]
    sum: TaxLine
    whole: TaxLine
    difference: TaxLine
    finding: str


@dataclass(frozen=True, slots=True)
class UnpaidInvoices:
    """What was invoiced and has not come in, and the tax in it, in yuan."""

    gross: Figure[Decimal]
    tax: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class LateInstalment:
    """An instalment that is or was late: days, damages and what of them the cap allows."""

    name: Figure[str]
    days: Figure[Decimal]
    accrued: Figure[Decimal]
    claimable: Figure[Decimal]


@dataclass(frozen=True, slots=True)
class ExitLine:
    """A step of the reckoning of an exit: what it is, its value and how it was found."""

    label: str
    value: Figure[object]
    basis: str


def settlement_lines(money: Account) -> tuple[SettlementLine, ...]:
    """Return the instalments and how each stands on the day of the account."""
    return tuple(
        SettlementLine(
            item.instalment.figure("name"),
            item.due,
            item.deducted,
            item.payable,
            item.received,
            item.outstanding,
            _standing(item),
        )
        for item in money.instalments
    )


def _standing(item: InstalmentAccount) -> Figure[date | None]:
    day, text = _said(item)
    received = tuple(row.figure("received") for row in item.payments)
    inputs = (
        item.outstanding,
        item.instalment.figure("condition_text"),
        *(received if item.paid_in_full_on else item.started_by),
    )
    return Figure("付款情况", day, text, Derivation("付清日期或者付款期限", "", inputs))


def _said(item: InstalmentAccount) -> tuple[date | None, str]:
    if item.paid_in_full_on:
        return item.paid_in_full_on, f"{item.paid_in_full_on}付清"
    if item.unmet:
        return None, "付款条件未成就"
    match item.deadline:
        case Settled(date=day):
            return day, f"{day}到期"
        case Provisional(earliest=first, latest=last):
            return None, f"暂定{first}至{last}到期"
        case _:
            return None, "条件已成就，未约定期限"


def payable_of(money: Account) -> Figure[Decimal]:
    """Return the contract sum less what was deducted."""
    parts = (money.total, money.deducted)
    return yuan(
        "扣减后应付合计", money.total.value - money.deducted.value, "合同总额−扣减", "", parts
    )


def conclusion(money: Account, *, leaving: bool) -> str:
    """Return what kind of statement it is: while the contract runs, final, or all settled.

    While a deduction is in dispute nothing is called the last word.
    """
    kind = _kind_of_statement(money, leaving=leaving)
    if not money.disputed.value:
        return kind
    return f"{kind}另有协商中的扣减{money.disputed}元未计入，协商一致后另行调整。"


def _kind_of_statement(money: Account, *, leaving: bool) -> str:
    last = money.instalments[-1]
    if leaving:
        return "乙方退出已获甲方许可，款项以“退出结算”为准。"
    if money.outstanding.value <= 0:
        return "合同款项已全部结清，本单为最终结算对账单。"
    if not last.unmet:
        since = max(one.met_on.value for one in last.conditions if one.met_on)
        return (
            f"末期款（{last.instalment.name}）的付款条件已于{show_day(since)}全部成就，"
            "本单为最终结算对账单。"
        )
    return f"末期款（{last.instalment.name}）的付款条件尚未全部成就，本单为履行期间的对账单。"


def tax_table(contract: Contract, money: Account) -> TaxTable:
    """Return the invoices and what is still to be invoiced beside the split of the contract sum.

    One that was wholly reversed adds nothing, and gives no room for differences of rounding.
    """
    rate = contract.invoicing.rate
    standing = [row for item in money.instalments for row in item.standing_invoices]
    issued = [VatSplit(row.gross, row.net, row.tax, row.rate) for row in standing]
    coming = tuple(
        (split_gross(item.uninvoiced.value, rate), item)
        for item in money.instalments
        if item.uninvoiced.value
    )
    to_invoice = sum((item.invoiceable.value for item in money.instalments), Decimal("0.00"))
    lessened = to_invoice != money.total.value
    whole = split_gross(to_invoice, rate)
    named = "合同总额减决定冲减发票的扣减" if lessened else "合同总额"
    found = reconcile([*issued, *(split for split, _ in coming)], whole)
    rows = [row for item in money.instalments for row in item.invoices]
    inputs = (money.total, money.deducted) if lessened else (money.total,)
    parts = (
        TaxLine(
            f"已开发票（{_counted(rows)}）",
            money.invoiced,
            _added("已开票不含税金额", [row.figure("net") for row in rows], (money.invoiced,)),
            _added("已开票税额", [row.figure("tax") for row in rows], (money.invoiced,)),
        ),
        *(_to_come(contract, item, split) for split, item in coming),
    )
    return TaxTable(
        parts=parts,
        sum=_line("合计", found.gross, found.net, found.tax, "各行相加", _figures(parts)),
        whole=_line(named, whole.gross, whole.net, whole.tax, _SPLIT, inputs),
        difference=_line(
            "差异",
            found.gross_difference,
            found.net_difference,
            found.tax_difference,
            f"合计−{named}",
            (*_figures(parts), *inputs),
        ),
        finding=_finding(found, named),
    )


def _counted(rows: list[Invoice]) -> str:
    red = sum(row.red for row in rows)
    return f"蓝字{len(rows) - red}张、红字{red}张" if red else f"{len(rows)}张"


_SPLIT = "不含税金额为价税合计÷（1+税率），四舍五入到分；税额为其余"


def _to_come(contract: Contract, item: InstalmentAccount, split: VatSplit) -> TaxLine:
    inputs = (item.invoiceable, item.invoiced, contract.invoicing.figure("rate"))
    label = f"待开发票（{item.instalment.name}）"
    return _line(label, split.gross, split.net, split.tax, f"应开票−已开票；{_SPLIT}", inputs)


def _line(  # noqa: PLR0917  # three amounts, then where they come from
    label: str, gross: Decimal, net: Decimal, tax: Decimal, rule: str, inputs: Inputs
) -> TaxLine:
    return TaxLine(
        label,
        yuan(f"{label}价税合计", gross, rule, "", inputs),
        yuan(f"{label}不含税金额", net, rule, "", inputs),
        yuan(f"{label}税额", tax, rule, "", inputs),
    )


def _figures(lines: Iterable[TaxLine]) -> Inputs:
    return tuple(figure for line in lines for figure in (line.gross, line.net, line.tax))


def _added(name: str, parts: list[Figure[Decimal]], otherwise: Inputs) -> Figure[Decimal]:
    total = sum((part.value for part in parts), Decimal("0.00"))
    return yuan(name, total, "逐张相加", "", tuple(parts) or otherwise)


def _finding(found: Reconciliation, whole: str) -> str:
    if found.gross_difference:
        return f"发票价税合计与{whole}不一致，须先查明原因。"
    if found.net_difference or found.tax_difference:
        within = "属逐张取整差异" if found.agrees else "超出逐张取整的范围，须先查明原因"
        return (
            f"各期价税合计与{whole}一致；不含税金额与税额同{whole}整体拆分的差异"
            f"{within}，以发票为准，不作调整。"
        )
    return f"各期价税合计、不含税金额、税额与{whole}整体拆分一致。"


def unpaid_invoices(contract: Contract, money: Account) -> UnpaidInvoices:
    """Return what was invoiced and has not come in: its tax is owed already (增值税法 28)."""
    open_ = [
        max(min(item.invoiced.value, item.payable.value) - item.received.value, Decimal(0))
        for item in money.instalments
    ]
    rate = contract.invoicing.rate
    splits = [split_gross(amount, rate) for amount in open_]
    article = contract.invoicing.article
    gross = yuan(
        "已开票未到账",
        sum(open_, Decimal("0.00")),
        "各期已开票（以扣减后应付为限）−已付",
        article,
        (money.invoiced, money.deducted, money.received),
    )
    tax = sum((split.tax for split in splits), Decimal("0.00"))
    inputs = (gross, contract.invoicing.figure("rate"))
    return UnpaidInvoices(
        gross, yuan("已开票未到账税额", tax, f"逐期拆分：{_SPLIT}", article, inputs)
    )


def late_instalments(late: LatePayments) -> tuple[LateInstalment, ...]:
    """Return the instalments that are or were late."""
    return tuple(
        LateInstalment(item.state.instalment.figure("name"), item.days, item.accrued,
                       item.claimable)
        for item in late.instalments
    )  # fmt: skip


def exit_lines(contract: Contract, leaving: Exit, due: Refund, as_of: date) -> tuple[ExitLine, ...]:
    """Return how the refund is reckoned, step by step; a permission to come is none yet."""
    days = number(
        "提前申请天数",
        (leaving.last_service_day - leaving.requested_on).days,
        "服务末日−申请日期",
        (leaving.figure("requested_on"), leaving.figure("last_service_day")),
        leaving.article,
    )
    unpaid = due.unpaid.value > 0
    return (
        ExitLine("退出申请日期", leaving.figure("requested_on"), leaving.article),
        ExitLine("服务末日", leaving.figure("last_service_day"), ""),
        ExitLine("提前申请天数", days, f"约定至少提前{contract.notices.exit_days}天"),
        _permission(leaving, as_of),
        ExitLine("服务期天数", due.term_days, "服务期首日至届满日，首尾均计入"),
        ExitLine("实际服务天数", due.served_days, "服务期首日至服务末日，首尾均计入"),
        ExitLine("对应服务费", due.earned, "合同总额×实际服务天数÷服务期天数"),
        ExitLine("已付服务费", due.paid, ""),
        ExitLine("应退服务费", due.refund, "已付服务费−对应服务费" if not unpaid else "无应退款"),
        *((ExitLine("已付不足部分", due.unpaid, "对应服务费−已付服务费"),) if unpaid else ()),
    )


def _permission(leaving: Exit, as_of: date) -> ExitLine:
    day = leaving.figure("permitted_on")
    if permitted(leaving, as_of):
        return ExitLine("甲方许可日期", day, leaving.document)
    return ExitLine("甲方许可日期", Figure(day.name, None, "—", day.origin), "尚无书面许可")


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
        you=contract.client.polite_name,
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
