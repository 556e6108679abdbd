"""The payment request (付款申请函): one for each instalment, with its invoice (第六条)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from deliverables.compute.account import (
    Account,
    InstalmentAccount,
    account_of,
    in_words,
    period_sentence,
    surely_due,
    yuan,
)
from deliverables.compute.assumptions import about, assumptions, said, topic_of
from deliverables.compute.figures import (
    BY_THE_INVOICE,
    by_the_invoice,
    instalments_added,
    tax_on_invoice,
    told,
)
from deliverables.compute.milestones import (
    ReleaseCondition,
    events_of,
    excuses_fiscal_delay,
    gives_days,
    is_sme,
)
from deliverables.compute.request import (
    DUE,
    AmountLine,
    ConditionLine,
    InstalmentInvoice,
    PaymentRequest,
)
from deliverables.compute.statement import type_of
from deliverables.kinds import Blocker, Deliverable, Kind, Role, Sealing, file_stem, missing_ledger
from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract, Instalment, Invoicing, cited
from deliverables.model.ledger_sheets import Invoice, Payment, PaymentRequestSent
from deliverables.values.calendar import Deadline, Provisional, Settled, show_day
from deliverables.values.chinese_numbers import chinese_ordinal
from deliverables.values.figure import Derivation, Figure, Statement
from deliverables.values.money import ratio_difference, split_gross
from deliverables.values.period_names import normal
from deliverables.values.problem import Message, listed, say
from deliverables.values.time_limit import Shape, Unit
from deliverables.values.title import letter_title


def conditions_sentence(state: InstalmentAccount) -> Statement:
    """Return whether what the contract asks for is met, as far as anybody here knows."""
    behind = (*(one.said for one in state.conditions), state.instalment.figure("condition_text"))
    article = state.instalment.article
    if state.unmet:
        return Statement.of("付款条件", "尚未全部成就", article, *behind)
    if state.unknown:
        names = "、".join(condition.name for condition in state.unknown)
        pattern = f"中，{names}的情况我公司尚未获知，其余已经成就"
        return Statement.of("付款条件", pattern, article, *behind)
    return Statement.of("付款条件", "已经成就", article, *behind)


def condition_lines(state: InstalmentAccount) -> tuple[ConditionLine, ...]:
    """Return the conditions of the instalment, and how each stands."""
    return tuple(
        ConditionLine(
            condition.name,
            condition.met_on or _unmet(condition, state.instalment),
            condition.said,
        )
        for condition in state.conditions
    )


def _unmet(condition: ReleaseCondition, instalment: Instalment) -> Figure[None]:
    origin = Derivation(
        "无成就依据", condition.article, (condition.said, instalment.figure("condition_text"))
    )
    return Figure(condition.name, None, "未成就" if condition.known else "未知", origin)


def amount_lines(
    contract: Contract, money: Account, state: InstalmentAccount
) -> tuple[AmountLine, ...]:
    """Return the lines of total = paid before + due now + left, and how 实付 comes of 应付.

    What was deducted from other instalments stands between the total and its parts.
    """
    return tuple(_amount_lines(contract, money, state))


def _amount_lines(
    contract: Contract, money: Account, state: InstalmentAccount
) -> Iterator[AmountLine]:
    before = tuple(item for item in money.instalments if item is not state)
    payments = tuple(payment for item in before for payment in item.payments)
    earlier = _paid_before(before)
    yield AmountLine("合同总额", money.total, Statement.written(contract.payment.figure("article")))
    yield AmountLine("此前已付", earlier, _before(payments, earlier, state))
    elsewhere = instalments_added("其他各期扣减", [item.deducted for item in before])
    if elsewhere.value:
        agreed = Statement.of("依据", "双方协商一致", "", elsewhere)
        yield AmountLine("其他各期扣减", elsewhere, agreed)
    yield AmountLine(DUE, state.due, _share(contract, state))
    if state.payments:
        yield AmountLine("本期已付", state.received, _receipts(state.payments, state.received))
    if state.instalment.deducts or state.deductions or state.disputes:
        yield AmountLine("扣减违约金、赔偿金", state.deducted, _agreements(state))
    if state.payments or state.deducted.value:
        label = "本期应补付" if state.payments else "本期实付"
        yield AmountLine(label, state.outstanding, _reckoning(state))
    left = _left(money, state)
    rest = Statement.of("依据", "合同总额减各期已付、扣减和本次申请", "", left)
    yield AmountLine("付款后未付余额", left, rest)


def _paid_before(others: tuple[InstalmentAccount, ...]) -> Figure[Decimal]:
    parts = tuple(item.received for item in others)
    total = sum((part.value for part in parts), Decimal("0.00"))
    return yuan("此前已付", total, "本期以外各期已付相加", "", parts)


def _before(
    payments: tuple[Payment, ...],
    paid: Figure[Decimal],
    state: InstalmentAccount,
) -> Statement:
    if payments:
        return _receipts(payments, paid)
    others = "，其他各期" if state.payments else ""
    return Statement.of("依据", f"截至本函成文日{others}无到账", "", paid)


def _receipts(payments: tuple[Payment, ...], paid: Figure[Decimal]) -> Statement:
    came = sorted({payment.received for payment in payments if not payment.refund})
    back = sorted({payment.received for payment in payments if payment.refund})
    text = "，".join(
        "、".join(map(show_day, days)) + what
        for days, what in ((came, "到账"), (back, "退款"))
        if days
    )
    days = tuple(payment.figure("received") for payment in payments)
    return Statement("依据", text, text, Derivation("各笔到账日期", "", (*days, paid)))


def _share(contract: Contract, state: InstalmentAccount) -> Statement:
    item, article = state.instalment, state.instalment.figure("article")
    stated = "{article}，" if article.value else ""
    exact = "，以载明金额为准" if _rounded(contract, item) else ""
    if item.withheld and item.amount is not None:
        return Statement.of(
            "依据", f"{stated or '合同'}约定{{amount}}元，暂扣{{withheld}}", "", article=article,
            amount=item.figure("amount"), withheld=item.figure("withheld"),
        )  # fmt: skip
    if state.ratio.value is None:
        return Statement.written(article)
    if state.instalment.up_to is not None:
        reached = state.instalment.figure("up_to")
        return Statement.of(
            "依据", f"{stated}支付至合同款的{{reached}}", "", article=article, reached=reached
        )
    return Statement.of(
        "依据", f"{stated}合同款的{{ratio}}{exact}", "", article=article, ratio=state.ratio
    )


def _rounded(contract: Contract, item: Instalment) -> bool:
    """Whether the amount that the contract states is a rounded share of the price."""
    if item.amount is None or item.ratio is None or is_sme(contract):
        return False
    return ratio_difference(item.amount, contract.payment.total, item.ratio) != 0


def _agreements(state: InstalmentAccount) -> Statement:
    agreed = _agreed(state)
    if not state.disputes:
        return agreed
    return Statement.of(
        "依据", "{agreed}；另有{disputed}元尚在协商，未扣减", "",
        agreed=agreed, disputed=state.disputed,
    )  # fmt: skip


def _agreed(state: InstalmentAccount) -> Statement:
    if not state.deductions:
        return Statement.of("依据", "无双方协商一致的扣减", "", state.deducted)
    kept = state.invoiceable.value == state.due.value
    as_before = [Statement.of("依据", "开票金额不变", "", state.invoiceable)] if kept else []
    if len(state.deductions) == 1:
        paper = Statement.written(state.deductions[0].figure("agreement"))
        return Statement.joined("依据", (paper, *as_before), by="；")
    return Statement.joined(
        "依据",
        [
            Statement.of(
                "依据", "{kind}{amount}元，{paper}", "",
                kind=row.figure("kind"),
                amount=row.figure("amount"),
                paper=row.figure("agreement"),
            )
            for row in state.deductions
        ] + as_before,
        by="；",
    )  # fmt: skip


def _reckoning(state: InstalmentAccount) -> Statement:
    parts = ["减本期已付"] if state.payments else []
    parts += ["减扣减"] if state.deducted.value else []
    return Statement.of("依据", f"本期应付{''.join(parts)}", "", state.outstanding)


def _left(money: Account, state: InstalmentAccount) -> Figure[Decimal]:
    return yuan(
        "付款后未付余额",
        money.outstanding.value - state.outstanding.value,
        "合同总额−各期已付−扣减−本期实付",
        state.instalment.article,
        (money.total, money.received, money.deducted, state.outstanding),
    )


def invoice_lines(terms: Invoicing, state: InstalmentAccount) -> tuple[InstalmentInvoice, ...]:
    """Return the invoices issued, then what of the amount due is still to be invoiced.

    An invoice carries the amount due: a deduction lessens it only by a recorded decision. One
    that was wholly reversed is left out, with what reversed it (第六条第2款).
    """
    issued = tuple(_issued(invoice) for invoice in state.standing_invoices)
    if not state.uninvoiced.value:
        return issued
    return (*issued, _to_be_issued(terms, state))


def _issued(invoice: Invoice) -> InstalmentInvoice:
    return InstalmentInvoice(
        type=type_of(invoice),
        rate=invoice.figure("rate"),
        net=invoice.figure("net"),
        tax=tax_on_invoice(invoice.figure("tax"), invoice.rate),
        gross=invoice.figure("gross"),
        number=invoice.figure("number"),
    )


def _to_be_issued(terms: Invoicing, state: InstalmentAccount) -> InstalmentInvoice:
    rate = terms.figure("rate")
    gross = yuan(
        "待开价税合计",
        state.uninvoiced.value,
        "本期应开票−已开票",
        terms.article,
        (state.invoiceable, state.invoiced),
    )
    text = "待开，付款前提交" if terms.before_payment else "待开"
    number: Figure[None] = Figure("发票号码", None, text, state.invoiced.origin)
    if terms.one_rate is None:
        return InstalmentInvoice(
            type=terms.figure("type"),
            rate=rate if terms.rate else replace(rate, text=BY_THE_INVOICE),
            net=by_the_invoice("待开不含税金额", terms),
            tax=by_the_invoice("待开税额", terms),
            gross=gross,
            number=number,
        )
    split = split_gross(gross.value, terms.one_rate)
    net = yuan(
        "待开不含税金额",
        split.net,
        "免税，即价税合计" if terms.exempt else "价税合计÷（1+税率），四舍五入到分",
        terms.article,
        (gross, rate),
    )
    return InstalmentInvoice(
        type=terms.figure("type"),
        rate=rate,
        net=net,
        tax=tax_on_invoice(
            yuan("待开税额", split.tax, "价税合计−不含税金额", terms.article, (gross, net)),
            terms.one_rate,
        ),
        gross=gross,
        number=number,
    )


def deadline_sentence(state: InstalmentAccount, as_of: date) -> Statement:
    """Return until when the client must pay, with the assumption it rests on.

    It stands in a row, or under a heading, that is called 付款期限 and need not say so again.
    """
    item = state.instalment
    text = (_deadline(state, as_of) + _fiscal_days(state)).removeprefix("付款期限为")
    conditions = () if state.deadline else tuple(one.said for one in state.conditions)
    excused = tuple(row.figure("basis") for row in state.fiscal_approvals)
    inputs = (*state.set_by, *conditions, *excused) or (item.figure("deadline"),)
    origin = Derivation("起算日的次日起数约定的工作日", item.article, inputs)
    return Statement("付款期限", text, text, origin)


def _deadline(state: InstalmentAccount, as_of: date) -> str:
    item, deadline = state.instalment, state.deadline
    if not gives_days(item) and not state.demand:
        return f"{_no_days(item)}。" + (
            "" if state.unmet else f"{_as_far_as_known(state)}{_IN_REASON}"
        )
    excused = _EXCUSED if excuses_fiscal_delay(item) else ""
    if deadline and surely_due(deadline) < as_of:
        please = "请安排支付" if state.pay_by else "请在收到发票后安排支付"
        return f"{period_sentence(state)}，{_expired(deadline)}{excused}。{please}。"
    rule = f"{period_sentence(state)}{'' if state.demand else _counted(item)}"
    if isinstance(deadline, Settled):
        remark = f"（{deadline.remark}）" if deadline.remark else ""
        return f"{rule}，请于{show_day(deadline.date)}（含当日）前支付{remark}{excused}。"
    if isinstance(deadline, Provisional):
        return f"{rule}，暂定为{span(deadline)}（{deadline.reason}）{excused}。"
    if not state.awaited or all(row.stage for row in state.awaited):
        return f"{rule}，验收通过后计算。"
    return f"{rule}，自{'、'.join(row.name for row in state.awaited)}的次日起计算。"


def _expired(deadline: Deadline) -> str:
    if isinstance(deadline, Provisional):
        return f"最迟已于{show_day(deadline.latest)}届满"
    remark = f"（{deadline.remark}）" if deadline.remark else ""
    return f"已于{show_day(deadline.date)}届满{remark}"


_IN_REASON: Final = "请依照《民法典》第五百一十一条第四项，在必要的准备时间后安排支付。"
_EXCUSED: Final = "，因财政审批导致的延迟除外（以书面依据为准）"


def _counted(item: Instalment) -> str:
    """Return from when the days to pay count, and which; nothing where the contract names a day."""
    if item.deadline.shape is Shape.EACH:
        return ""
    events = events_of(item.deadline)
    first = "较晚一日的次日" if len(events) > 1 else "次日"
    if item.deadline.unit is Unit.WORKING_DAY:
        return f"（自{first}起算，工作日按国务院办公厅放假安排计算，调休上班日计入）"
    return f"（自{first}起按自然日计算，末日为休息日的顺延至其后的工作日）"


def _no_days(item: Instalment) -> str:
    limit = item.deadline
    if limit.shape is Shape.VAGUE:
        return f"合同约定“{limit.said}”付款，未写明天数"
    return "合同未约定本期付款天数"


def _as_far_as_known(state: InstalmentAccount) -> str:
    if not state.conditions:
        return ""
    return "已知的付款条件均已成就，" if state.unknown else "付款条件已经成就，"


def span(deadline: Provisional) -> str:
    """Return a range of days as a letter writes it, the year once."""
    first, last = deadline.earliest, deadline.latest
    if first == last:
        return show_day(first)
    end = show_day(last).removeprefix(f"{first.year}年")
    return f"{show_day(first)}至{end}之间"


def _fiscal_days(state: InstalmentAccount) -> str:
    return "".join(
        f"{row.figure('first_day')}至{row.figure('last_day')}为财政审批期间"
        f"（{row.basis}），不计入迟延。"
        for row in state.fiscal_approvals
    )


def attachments(contract: Contract, state: InstalmentAccount) -> tuple[Statement, ...]:
    """Return what goes with the letter: invoices, acceptance, agreements, contract.

    The reports do not: the client had them with the notice of acceptance (第三条第6款), whose
    result proves it, and of a report that nobody has made no letter may say that it is enclosed.
    """
    return tuple(_attachments(contract, state))


def _attachments(contract: Contract, state: InstalmentAccount) -> Iterator[Statement]:
    for invoice in state.standing_invoices:
        pattern = f"{'红字' if invoice.red else ''}发票（号码{{number}}）"
        yield Statement.of("附件", pattern, "", number=invoice.figure("number"))
    for condition in state.conditions:
        if condition.met and condition.milestone.stage:
            yield condition.said
    papers = tuple(row.figure("agreement") for row in state.deductions)
    agreed = f"扣减依据文件{len(papers)}份、" if papers else ""
    number = contract.identity.figure("number")
    yield Statement.of("附件", f"{agreed}合同复印件", "", *papers, number)


_IN_PLACE: Final = frozenset({
    "signing-day", "term-convention", "stated-amounts", "deductions", "no-deadline",
    "deadline-start", "later-of-two", "invoice-type", "interim-acceptance",
})  # fmt: skip
"""Assumptions that the letter tells where they bear: beside a condition, an amount, the day."""


def plan(book: ContractBook, as_of: date) -> tuple[Deliverable, ...]:
    """Return one request for each instalment, with what stands in its way on the day."""
    money = account_of(book, as_of)
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
        part_name=item.given_name,
        words=frozenset({normal(item.counted_name)}),
        title=f"关于申请支付{book.contract.service.name}项目第{chinese_ordinal(item.number)}期款的函",
        article=item.article,
        folder="payments",
        stem=file_stem(book.number, "付款申请函", f"第{item.number}期"),
        possible_from=_certain_from(state) if state else None,
        due=state.deadline if state else None,
        blockers=_blockers(state) if state else missing_ledger(book),
        sample=book.ledger is not None and book.ledger.cover.sample,
        settled=state.paid_in_full_on if state else None,
    )


def _certain_from(state: InstalmentAccount) -> date | None:
    """Return the first day the calendar allows; acceptances that are still out are blockers."""
    days = [condition.certain_from for condition in state.conditions if not state.lapsed]
    return max((day for day in days if day), default=None)


def _blockers(state: InstalmentAccount) -> tuple[Blocker, ...]:
    if state.paid_in_full_on:
        paid = say("paid in full on {day}", day=state.paid_in_full_on)
        return (Blocker(paid, on_document=f"已于{show_day(state.paid_in_full_on)}付清"),)
    if state.outstanding.value <= 0:
        nothing = say("nothing is left to pay after deductions of {sum}", sum=state.deducted)
        return (Blocker(nothing, on_document="扣减后无应付款项"),)
    return tuple(
        Blocker(
            _reason(condition, state),
            waivable=not state.lapsed,
            on_document=condition.said.text,
        )
        for condition in state.unmet
        if condition.lapsed or not state.lapsed
    )


def _reason(condition: ReleaseCondition, state: InstalmentAccount) -> Message:
    """Return why the condition is not met and, beside it, which others are, and since when."""
    met = [item for item in state.conditions if item.met_on and item is not condition]
    if not met:
        return condition.reason
    since = (
        say("{name} {day}", name=item.milestone.spoken, day=item.met_on.value)
        for item in met
        if item.met_on
    )
    return say("{reason}; met already: {since}", reason=condition.reason, since=listed(since))


def compose(book: ContractBook, deliverable: Deliverable, as_of: date) -> PaymentRequest:
    """Return what the request of one instalment says on the day `as_of`.

    Raises ValueError without a ledger, and where nothing is left to pay: no letter asks for 零元整.
    """
    contract = book.contract
    money = account_of(book, as_of)
    if money is None:
        raise ValueError("a payment request needs the ledger")
    state = money.instalment(int(deliverable.part))
    item = state.instalment
    ordinal = chinese_ordinal(item.number)
    to_be_issued = ("invoice",) if state.uninvoiced.value else ()
    found = about(assumptions(book, as_of), "payment", *to_be_issued, topic_of(item))
    again = _asked_before(state, as_of) is not None
    return PaymentRequest(
        title=f"{letter_title(f'关于申请支付{contract.service.name}项目')}\n第{ordinal}期款的函",
        you=contract.client.polite_name,
        client=contract.client.figure("name"),
        contractor=contract.contractor.figure("name"),
        project=contract.identity.figure("title"),
        service=contract.service.figure("name"),
        contract_number=contract.identity.figure("number"),
        signed_on=contract.identity.figure("signed_on"),
        instalment=f"第{ordinal}期款",
        is_named=_is_named(item) and not again,
        name=item.figure("name"),
        earlier=earlier_request(state, as_of),
        again=again,
        article=cited(item.figure("article")),
        conditional=bool(state.conditions),
        standing=conditions_sentence(state),
        conditions=condition_lines(state),
        unmet=tuple(condition.said for condition in state.unmet),
        amounts=amount_lines(contract, money, state),
        requested=_requested(state),
        requested_in_words=in_words(_requested(state)),
        invoices=invoice_lines(contract.invoicing, state),
        deadline=deadline_sentence(state, as_of),
        account_holder=contract.payment.account.figure("holder"),
        account_bank=contract.payment.account.figure("bank"),
        account_number=contract.payment.account.figure("number"),
        attachments=attachments(contract, state),
        contact=contract.contractor.contact.figure("name"),
        contact_phone=contract.contractor.contact.figure("phone"),
        dated=Figure("成文日期", as_of, show_day(as_of), Derivation("出具文件时指定的日期", "")),
        notes=tuple(said(book, one) for one in found if one.code not in _IN_PLACE),
    )


def earlier_request(state: InstalmentAccount, as_of: date) -> Statement:
    """Return that payment was asked for before this letter, and when; nothing if it was not."""
    sent = _asked_before(state, as_of)
    if sent is None:
        return Statement.of("此前申请", "", "", state.asked)
    said = {"day": sent.figure("sent")}
    pattern = "继{day}函，"
    if sent.amount != state.outstanding.value:
        pattern, said["amount"] = "我公司已于{day}发函申请{amount}元，", sent.figure("amount")
    return told("此前申请", pattern, "", said, state.outstanding)


def _asked_before(state: InstalmentAccount, as_of: date) -> PaymentRequestSent | None:
    """Return the latest request before the day; one sent on the day is this letter itself."""
    return next((row for row in reversed(state.requests) if row.sent < as_of), None)


def _is_named(item: Instalment) -> bool:
    """Return whether the contract calls an instalment anything else than by its number."""
    words = re.sub("[第期笔次款项]", "", item.name)
    return words not in {chinese_ordinal(item.number), str(item.number)}


def _requested(state: InstalmentAccount) -> Figure[Decimal]:
    rule, article = "应付−扣减−已付", state.instalment.article
    return yuan("本期实付", state.outstanding.value, rule, article, (state.outstanding,))


KIND = Kind(
    name="payment_request",
    title="付款申请函",
    context=PaymentRequest,
    plan=plan,
    compose=compose,
    article="付款条款",
    role=Role.ASKS,
    occasion=say("one for each instalment, once its conditions are met"),
    sealing=Sealing(personal="联系人姓名、电话", numbered=True),
)
