"""The settlement statement (结算对账单): all money of the contract, for the client to confirm.

The contract asks for no such paper and names no seal for it. It is sealed with 公章: it states
deductions, damages and perhaps a final balance, which go beyond what 财务专用章 stands for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Final

from deliverables.compute.account import Account, InstalmentAccount, account_of, yuan
from deliverables.compute.assumptions import about, assumptions, said, topic_of
from deliverables.compute.figures import by_the_invoice, number, told
from deliverables.compute.late_payment import (
    LatePayments,
    Refund,
    exit_known,
    late_payments,
    permitted,
    refund,
)
from deliverables.compute.statement import (
    AccountStatement,
    ClaimLine,
    claim_lines,
    payment_standing,
    statement,
)
from deliverables.kinds import Deliverable, Kind, Role, Sealing, file_stem, missing_ledger
from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract, ContractorExit, cited
from deliverables.model.ledger_sheets import Invoice
from deliverables.values.calendar import show_day
from deliverables.values.figure import Derivation, Figure, Statement
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
    standing: Statement


@dataclass(frozen=True, slots=True)
class TaxLine:
    """A gross amount with the net amount and the tax in it, in yuan."""

    label: str
    gross: Figure[Decimal]
    net: Figure[Decimal | None]
    tax: Figure[Decimal | None]


@dataclass(frozen=True, slots=True)
class TaxTable:
    """The parts, which add up; compared are the whole by the contract sum and the difference.

    Where nothing `differs`, the finding says so, and a table of zeros would say no more. Without a
    single rate nothing is compared: what is still to be invoiced is not split.
    """

    parts: tuple[TaxLine, ...]
    sum: TaxLine
    compared: tuple[TaxLine, ...]
    differs: bool
    finding: Statement
    exempt: bool

    @property
    def whole(self) -> TaxLine:
        """The contract sum as one split."""
        return self.compared[0]

    @property
    def difference(self) -> TaxLine:
        """What the parts differ by from the whole."""
        return self.compared[1]


@dataclass(frozen=True, slots=True)
class UnpaidInvoices:
    """What was invoiced and has not come in, and the tax in it, in yuan, where it is `taxed`.

    Of several rates nobody knows which part of an invoice was paid.
    """

    are_any: bool
    taxed: bool
    gross: Figure[Decimal]
    tax: Figure[Decimal | None]


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
    basis: Figure[object]


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
            payment_standing(item, money.as_of),
        )
        for item in money.instalments
    )


def payable_of(money: Account) -> Figure[Decimal]:
    """Return the contract sum less what was deducted."""
    parts = (money.total, money.deducted)
    return yuan(
        "扣减后应付合计", money.total.value - money.deducted.value, "合同总额−扣减", "", parts
    )


def conclusion(money: Account, late: LatePayments, leaving: ContractorExit | None) -> Statement:
    """Return what is settled and what is reserved, and which kind of statement this is for it.

    Nothing is called the last word while anything is in dispute, claimed or claimable, or while an
    exit that was permitted is to be settled.
    """
    reserved = _reserved(money, late)
    parts = [_settled(money, leaving), *reserved]
    if leaving is None and conditions_over(money):
        final = (
            "本单为最终结算对账单。" if not reserved else "本单不作为最终结算，上述事项另行结算。"
        )
        parts.append(Statement.of("结论", final, "", money.outstanding, *reserved))
    return Statement.joined("结论", parts)


def conditions_over(money: Account) -> bool:
    """Return whether all of the price is settled, or its last part can be asked for."""
    return money.outstanding.value <= 0 or not money.instalments[-1].unmet


def _settled(money: Account, leaving: ContractorExit | None) -> Statement:
    last = money.instalments[-1]
    if leaving:
        permission = leaving.figure("permitted_on")
        return Statement.of(
            "结论", "乙方退出已获甲方许可，款项以“退出结算”为准。", leaving.article, permission
        )
    if money.outstanding.value <= 0:
        return Statement.of("结论", "合同款项已全部结清。", "", money.outstanding)
    named = {"name": last.instalment.figure("name")}
    behind = tuple(condition.said for condition in last.conditions) or (last.outstanding,)
    met = [one.met_on for one in last.conditions if one.met_on]
    if last.lapsed:
        pattern = "服务已提前终止，末期款（{name}）的付款条件不再成就，款项由双方另行结算。"
    elif last.unmet:
        pattern = "末期款（{name}）的付款条件尚未全部成就，本单为履行期间的对账单。"
    elif last.unknown:
        pattern = "末期款（{name}）的付款条件是否全部成就，我公司尚未获知。"
    elif not met:
        pattern = "末期款（{name}）尚未付清。"
    else:
        pattern = "末期款（{name}）的付款条件已于{since}全部成就。"
        named["since"] = max(met, key=attrgetter("value"))
    return told("结论", pattern, last.instalment.article, named, *behind)


def _reserved(money: Account, late: LatePayments) -> tuple[Statement, ...]:
    """Return what is not settled, each in a sentence with its amount."""
    found = []
    if money.disputed.value:
        pattern = "另有协商中的扣减{disputed}元未计入，协商一致后另行调整。"
        found.append(Statement.of("保留事项", pattern, "", disputed=money.disputed))
    if money.overpaid.value:
        pattern = "另有多付{overpaid}元，退还或者抵作他期款项由双方书面商定。"
        found.append(Statement.of("保留事项", pattern, "", overpaid=money.overpaid))
    claims = money.claims
    if claims.open.value > 0:
        pattern = "我公司已主张的违约金、赔偿金尚有{open}元未收到"
        pattern += "，其中{disputed}元甲方有异议" if claims.disputed.value else ""
        said = {"open": claims.open} | (
            {"disputed": claims.disputed} if claims.disputed.value else {}
        )
        text = (pattern + "，权利予以保留，不计入合同款项。").format(**said)
        origin = Derivation(pattern, "", tuple(said.values()))
        found.append(Statement("保留事项", text, text, origin))
    unclaimed = unclaimed_damages(money, late)
    if unclaimed.value > 0:
        pattern = "迟延付款违约金尚有{unclaimed}元未主张，是否主张由我公司另行函告，权利予以保留。"
        found.append(Statement.of("保留事项", pattern, "", unclaimed=unclaimed))
    return tuple(found)


def unclaimed_damages(money: Account, late: LatePayments) -> Figure[Decimal]:
    """Return what of the damages for late payment no letter has claimed yet, in yuan."""
    left, inputs = Decimal("0.00"), [late.claimable]
    for item in late.instalments:
        claim = money.claims.late_payment_of(item.state.instalment.number)
        left += max(Decimal(0), item.claimable.value - (claim.claimed.value if claim else 0))
        inputs += [item.claimable, *([claim.claimed] if claim else [])]
    rule = "各期可主张违约金−已主张，不小于零"
    return yuan("尚未主张的违约金", left, rule, "", tuple(inputs))


def tax_table(contract: Contract, money: Account) -> TaxTable:
    """Return the invoices and what is still to be invoiced beside the split of the contract sum.

    One that was wholly reversed adds nothing, and gives no room for differences of rounding.
    """
    rate = contract.invoicing.one_rate
    if rate is None:
        return _of_no_single_rate(contract, money)
    standing = [row for item in money.instalments for row in item.standing_invoices]
    coming = tuple(
        (split_gross(item.uninvoiced.value, rate), item)
        for item in money.instalments
        if item.uninvoiced.value
    )
    to_invoice = sum((item.invoiceable.value for item in money.instalments), Decimal("0.00"))
    lessened = to_invoice != money.total.value
    whole = split_gross(to_invoice, rate)
    named = "合同总额减决定冲减发票的扣减" if lessened else "合同总额"
    found = reconcile([*standing, *(split for split, _ in coming)], whole)
    exempt = contract.invoicing.exempt and not found.tax
    inputs = (money.total, money.deducted) if lessened else (money.total,)
    parts = (_invoiced(money), *(_to_come(contract, item, split) for split, item in coming))
    return TaxTable(
        parts=parts,
        sum=_line("合计", found.gross, found.net, found.tax, "各行相加", _figures(parts)),
        exempt=exempt,
        differs=any((found.gross_difference, found.net_difference, found.tax_difference)),
        compared=(
            _line(f"{named}整体拆分", whole.gross, whole.net, whole.tax, _SPLIT, inputs),
            _line(
                "合计与之相差",
                found.gross_difference,
                found.net_difference,
                found.tax_difference,
                f"合计−{named}整体拆分",
                (*_figures(parts), *inputs),
            ),
        ),
        finding=Statement.of(
            "核对结果",
            _exempt_finding(found, named) if exempt else _finding(found, named),
            "",
            *_figures(parts),
            *inputs,
            contract.invoicing.figure("rate"),
            rule="各行合计与总额比较",
        ),
    )


def _invoiced(money: Account) -> TaxLine:
    rows = [row for item in money.instalments for row in item.invoices]
    return TaxLine(
        f"已开发票（{_counted(rows)}）",
        money.invoiced,
        _added("已开票不含税金额", [row.figure("net") for row in rows], (money.invoiced,)),
        _added("已开票税额", [row.figure("tax") for row in rows], (money.invoiced,)),
    )


def _of_no_single_rate(contract: Contract, money: Account) -> TaxTable:
    """Return the invoices as issued and what is still to be invoiced, which no rate splits."""
    terms = contract.invoicing
    invoiced = _invoiced(money)
    coming = tuple(
        TaxLine(
            f"待开发票（{item.instalment.name}）",
            yuan("待开价税合计", item.uninvoiced.value, "应开票−已开票", "",
                 (item.invoiceable, item.invoiced)),
            by_the_invoice("待开不含税金额", terms),
            by_the_invoice("待开税额", terms),
        )
        for item in money.instalments
        if item.uninvoiced.value
    )  # fmt: skip
    parts = (invoiced, *coming)
    gross = sum((one.gross.value for one in parts), Decimal("0.00"))
    said = "合同约定多种税率" if terms.rate else "合同未约定税率"
    return TaxTable(
        parts=parts,
        sum=TaxLine(
            "合计",
            yuan("合计价税合计", gross, "各行相加", "", tuple(one.gross for one in parts)),
            by_the_invoice("合计不含税金额", terms) if coming else invoiced.net,
            by_the_invoice("合计税额", terms) if coming else invoiced.tax,
        ),
        exempt=False,
        differs=False,
        compared=(),
        finding=Statement.of(
            "核对结果",
            f"{said}，不含税金额和税额以发票载明的为准，不按合同总额拆分核对。",
            terms.article,
            terms.figure("rate"),
            *_figures(parts),
        ),
    )  # fmt: skip


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


def _exempt_finding(found: Reconciliation, whole: str) -> str:
    if found.gross_difference:
        return _finding(found, whole)
    return f"发票税率为免税，不含税金额与价税合计相同；各期价税合计与{whole}一致。"


def unpaid_invoices(contract: Contract, money: Account) -> UnpaidInvoices:
    """Return what was invoiced and has not come in: its tax is owed already (增值税法 28)."""
    open_ = [
        max(min(item.invoiced.value, item.payable.value) - item.received.value, Decimal(0))
        for item in money.instalments
    ]
    terms = contract.invoicing
    rate, article = terms.one_rate, terms.article
    gross = yuan(
        "已开票未到账",
        sum(open_, Decimal("0.00")),
        "各期已开票（以扣减后应付为限）−已付",
        article,
        (money.invoiced, money.deducted, money.received),
    )
    if rate is None:
        unknown = by_the_invoice("已开票未到账税额", terms)
        return UnpaidInvoices(bool(gross.value), taxed=False, gross=gross, tax=unknown)
    tax = sum((split_gross(amount, rate).tax for amount in open_), Decimal("0.00"))
    inputs = (gross, terms.figure("rate"))
    return UnpaidInvoices(
        bool(gross.value),
        not terms.exempt,
        gross,
        yuan("已开票未到账税额", tax, f"逐期拆分：{_SPLIT}", article, inputs),
    )


def late_instalments(late: LatePayments) -> tuple[LateInstalment, ...]:
    """Return the instalments that are or were late."""
    return tuple(
        LateInstalment(item.state.instalment.figure("name"), item.days, item.accrued,
                       item.claimable)
        for item in late.instalments
    )  # fmt: skip


def exit_lines(
    contract: Contract, leaving: ContractorExit, due: Refund, as_of: date
) -> tuple[ExitLine, ...]:
    """Return how the refund is reckoned, step by step; a permission to come is none yet."""
    days = number(
        "提前申请天数",
        (leaving.last_service_day - leaving.requested_on).days,
        "服务末日−申请日期",
        (leaving.figure("requested_on"), leaving.figure("last_service_day")),
        leaving.article,
    )
    unpaid = due.unpaid.value > 0
    article = leaving.figure("article")

    def line(label: str, value: Figure[object], basis: str) -> ExitLine:
        return ExitLine(label, value, Statement.of("依据", basis, "", value))

    terms = contract.notices.exit
    notice = (
        Statement.of("依据", "约定至少{period}", terms.article, period=terms.figure("period"))
        if terms
        else Statement.of("依据", "服务末日减申请日期", "", days)
    )
    return (
        ExitLine("退出申请日期", leaving.figure("requested_on"), article),
        ExitLine("服务末日", leaving.figure("last_service_day"), article),
        ExitLine("提前申请天数", days, notice),
        _permission(leaving, as_of),
        line("服务期天数", due.term_days, "服务期首日至届满日，首尾均计入"),
        line("实际服务天数", due.served_days, "服务期首日至服务末日，首尾均计入"),
        line("对应服务费", due.earned, "合同总额×实际服务天数÷服务期天数"),
        line("已付服务费", due.paid, "各笔到账合计"),
        line("应退服务费", due.refund, "已付服务费−对应服务费" if not unpaid else "无应退款"),
        *((line("已付不足部分", due.unpaid, "对应服务费−已付服务费"),) if unpaid else ()),
    )


def _permission(leaving: ContractorExit, as_of: date) -> ExitLine:
    day = leaving.figure("permitted_on")
    if permitted(leaving, as_of):
        return ExitLine("甲方许可日期", day, leaving.figure("document"))
    nothing = Figure(day.name, None, "—", day.origin)
    return ExitLine("甲方许可日期", nothing, Statement.of("依据", "尚无书面许可", "", nothing))


@dataclass(frozen=True, slots=True)
class SettlementStatement:
    """Everything the settlement statement prints."""

    you: str
    client: Figure[str]
    contractor: Figure[str]
    project: Figure[str]
    contract_number: Figure[str]
    as_of: Figure[date]
    conclusion: Statement
    account: AccountStatement
    has_moves: bool
    in_parts: bool
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
    capped: bool
    late_cap: Figure[Decimal]
    exit_lines: tuple[ExitLine, ...]
    exit_permitted: bool
    exit_article: Figure[str]
    claims: tuple[ClaimLine, ...]
    claimed: Figure[Decimal]
    claims_received: Figure[Decimal]
    claims_waived: Figure[Decimal]
    claims_open: Figure[Decimal]
    notes: tuple[Statement, ...]


def plan(book: ContractBook, as_of: date) -> tuple[Deliverable, ...]:
    """Return the one statement of the contract; it needs the ledger.

    One that says it is the last word is made when somebody asks for it.
    """
    money = account_of(book, as_of)
    leaving = permitted(exit_known(book.contract, as_of), as_of)
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
            blockers=missing_ledger(book),
            sample=book.ledger is not None and book.ledger.cover.sample,
            on_demand=leaving or (money is not None and conditions_over(money)),
        ),
    )


def compose(book: ContractBook, deliverable: Deliverable, as_of: date) -> SettlementStatement:
    """Return how the money stands at the end of the day `as_of`."""
    contract, money = book.contract, account_of(book, as_of)
    if book.ledger is None or money is None:
        raise ValueError("a settlement statement needs the ledger")
    late, leaving = late_payments(contract, book.ledger, money), exit_known(contract, as_of)
    in_parts = any(_in_parts(item) for item in money.instalments)
    return SettlementStatement(
        you=contract.client.polite_name,
        client=contract.client.figure("name"),
        contractor=contract.contractor.figure("name"),
        project=contract.identity.figure("title"),
        contract_number=contract.identity.figure("number"),
        as_of=Figure("截止日期", as_of, show_day(as_of), Derivation("出具文件时指定的日期", "")),
        conclusion=conclusion(money, late, leaving if permitted(leaving, as_of) else None),
        account=statement(money),
        has_moves=in_parts or any(one.deductions or one.disputes for one in money.instalments),
        in_parts=in_parts,
        payable=payable_of(money),
        disputed=money.disputed,
        lines=settlement_lines(money),
        tax=tax_table(contract, money),
        unpaid_invoices=unpaid_invoices(contract, money),
        late=late_instalments(late),
        late_days=late.days,
        late_accrued=late.accrued,
        late_claimable=late.claimable,
        late_article=cited((contract.payment.late or contract.payment).figure("article")),
        capped=late.cap is not None,
        late_cap=late.cap or late.claimable,
        exit_lines=exit_lines(contract, leaving, refund(contract, leaving, money), as_of)
        if leaving
        else (),
        exit_permitted=permitted(leaving, as_of),
        exit_article=cited((leaving or contract.payment).figure("article")),
        claims=claim_lines(money),
        claimed=money.claims.claimed,
        claims_received=money.claims.received,
        claims_waived=money.claims.waived,
        claims_open=money.claims.open,
        notes=_notes(book, money, late, leaving, as_of),
    )


def _notes(
    book: ContractBook,
    money: Account,
    late: LatePayments,
    leaving: ContractorExit | None,
    as_of: date,
) -> tuple[Statement, ...]:
    deducting = (topic_of(item.instalment) for item in money.instalments if item.deductions)
    late_ones = (topic_of(item.state.instalment) for item in late.instalments)
    topics = ["payment", "settlement", "tax", *deducting, *late_ones]
    topics += ["late"] if late.instalments else []
    topics += ["claims"] if late.instalments or money.claims.states else []
    topics += ["exit"] if leaving else []
    left_out = set(_ELSEWHERE)
    if not any(item.invoiced_late for item in late.instalments):
        left_out.add("late-invoice")
    found = about(assumptions(book, as_of), *topics)
    return tuple(said(book, item) for item in found if item.code not in left_out)


_ELSEWHERE: Final = frozenset({"signing-day", "term-convention", "tax-before-payment"})
"""Assumptions that no amount of this statement is reckoned by: days that other papers tell, and
when the contractor owes its tax."""


def _in_parts(item: InstalmentAccount) -> bool:
    """Return whether an instalment came otherwise than whole and at once, which its row tells."""
    return len(item.payments) > 1 or (bool(item.payments) and item.paid_in_full_on is None)


KIND = Kind(
    name="settlement_statement",
    title="结算对账单",
    context=SettlementStatement,
    plan=plan,
    compose=compose,
    article="付款条款",
    role=Role.SETTLES,
    occasion=say("at any time"),
    sealing=Sealing(copies=2, personal=""),
)
