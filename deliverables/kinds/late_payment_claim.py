"""The claim for late payment (迟延付款违约金主张函): for each instalment paid late (第十二条第7款).

There is one only while the data show an instalment that is or was late.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from deliverables.compute.account import (
    InstalmentAccount,
    account_of,
    in_words,
    period_sentence,
    surely_due,
    yuan,
)
from deliverables.compute.assumptions import about, assumptions, said
from deliverables.compute.claims import Claims, claims_on
from deliverables.compute.figures import entered
from deliverables.compute.late_payment import LateLine, Lateness, LatePayments, late_payments
from deliverables.compute.milestones import excuses_fiscal_delay
from deliverables.kinds import Deliverable, Kind, Role, Sealing, file_stem
from deliverables.model.book import ContractBook
from deliverables.model.contract import Contract, LatePaymentTerms, cited
from deliverables.model.fields import Row, show_ratio
from deliverables.model.ledger_sheets import FiscalApproval, Ledger
from deliverables.values.calendar import Provisional, show_day
from deliverables.values.chinese_numbers import chinese_ordinal
from deliverables.values.dates import Period
from deliverables.values.figure import Derivation, Figure, Statement
from deliverables.values.period_names import normal
from deliverables.values.problem import say
from deliverables.values.title import letter_title

_MOST_NUMERALS = 99


@dataclass(frozen=True, slots=True)
class EventLine:
    """Something that bears on the delay: when it was, an amount in yuan or —, and its evidence."""

    day: Figure[date]
    event: Statement
    amount: Figure[Decimal | None]
    basis: Figure[str]


@dataclass(frozen=True, slots=True)
class ReckoningLine:
    """A step from the damages of all days to the sum claimed, in yuan."""

    label: str
    amount: Figure[Decimal]
    basis: Statement


def event_lines(late: Lateness, as_of: date) -> tuple[EventLine, ...]:
    """Return what bears on the delay, in order of time; on one day the deadline comes first."""
    events = (
        *_deadline(late),
        *_dated(late.state),
        *_approvals(late, as_of),
        *_reminders(late.state),
    )
    return tuple(sorted(events, key=lambda event: event.day.value))


def _deadline(late: Lateness) -> Iterator[EventLine]:
    state, day = late.state, surely_due(late.due)
    provisional = isinstance(late.due, Provisional)
    rule = "付款期限暂定区间的最晚一日" if provisional else "约定的付款期限"
    inputs = state.set_by
    until = Figure(
        "付款期限届满日", day, show_day(day), Derivation(rule, state.instalment.article, inputs)
    )
    said = "付款期限届满（暂按最晚日期）" if provisional else "付款期限届满"
    basis = state.demand.figure("letter") if state.demand else state.instalment.figure("article")
    yield EventLine(until, Statement.of("事项", said, "", until), state.payable, basis)


def _reminders(state: InstalmentAccount) -> Iterator[EventLine]:
    for row in state.reminders:
        delivered, nothing = row.figure("delivered"), Figure("催告", None, "—", row.place(""))
        said = Statement.of("事项", "催告函送达", "", delivered)
        yield EventLine(delivered, said, nothing, row.figure("letter"))


def _dated(state: InstalmentAccount) -> Iterator[EventLine]:
    for invoice in state.invoices:
        number, issued = invoice.figure("number"), invoice.figure("issued")
        said = Statement.of("事项", "开具红字发票" if invoice.red else "开具发票", "", number)
        yield EventLine(issued, said, invoice.figure("gross"), number)
    for payment in state.payments:
        voucher, received = payment.figure("voucher"), payment.figure("received")
        said = Statement.of("事项", "退款" if payment.refund else "款项到账", "", received)
        yield EventLine(received, said, payment.figure("amount"), voucher)


def _approvals(late: Lateness, as_of: date) -> Iterator[EventLine]:
    for row in late.excused:
        nothing = Figure("财政审批", None, "—", row.place("basis"))
        if row.delay:
            days, paper = _span(row, row.delay, as_of), row.figure("basis")
            said = Statement.of("事项", "财政审批期间，不计迟延", "", days, paper)
            yield EventLine(days, said, nothing, paper)


def _span(row: FiscalApproval, delay: Period, as_of: date) -> Figure[date]:
    first = show_day(delay.first)
    last = show_day(delay.last).removeprefix(f"{delay.first.year}年")
    text = f"{first}至{last}" if delay.last <= as_of else f"{first}起"
    inputs = (row.figure("first_day"), row.figure("last_day"))
    return Figure("财政审批期间", delay.first, text, Derivation("起始日期至截止日期", "", inputs))


def reckoning_lines(
    contract: Contract, late: Lateness, every: LatePayments
) -> tuple[ReckoningLine, ...]:
    """Return how the sum claimed comes of the damages and the cap on those of all instalments.

    There is nothing to reckon where all damages of the only instalment late are claimed.
    """
    alone = len(every.instalments) == 1 or every.cap is None
    if alone and late.claimable.value == late.accrued.value:
        return ()
    return tuple(_reckoning_lines(contract, late, every))


def _reckoning_lines(
    contract: Contract, late: Lateness, every: LatePayments
) -> Iterator[ReckoningLine]:
    terms = _terms(contract)
    others = [one for one in every.instalments if one is not late] if every.cap else []
    above = Statement.of("依据", "上表", "", late.accrued)
    yield ReckoningLine("违约金（未计上限）", late.accrued, above)
    if others:
        numbers = "、".join(f"第{chinese_ordinal(_number(one))}期" for one in others)
        rest = _of_others(others, terms.article)
        yield ReckoningLine("其他各期违约金", rest, Statement.of("依据", numbers, "", rest))
    if late.cap is not None:
        basis = Statement.of(
            "依据", f"{'{article}，' if terms.article else ''}{_capped_share(terms)}{{ratio}}", "",
            article=terms.figure("article"), ratio=terms.figure("cap_ratio"),
        )  # fmt: skip
        yield ReckoningLine("累计上限", late.cap, basis)
    yield ReckoningLine("本函主张", late.claimable, _limit(late, every))


def _terms(contract: Contract) -> LatePaymentTerms:
    """Return the damages that the contract names; ValueError if it names none."""
    if contract.payment.late is None:
        raise ValueError("the contract names no damages for late payment")
    return contract.payment.late


def _capped_share(terms: LatePaymentTerms) -> str:
    return f"{terms.cap_base_called}的"


def _of_others(others: list[Lateness], article: str) -> Figure[Decimal]:
    parts = tuple(one.claimable for one in others)
    total = sum((part.value for part in parts), Decimal("0.00"))
    return yuan("其他各期可主张违约金", total, "其他各期相加", article, parts)


def _limit(late: Lateness, every: LatePayments) -> Statement:
    if late.cap is None:
        return Statement.of("依据", "合同未约定上限", "", late.accrued, late.claimable)
    inputs = (late.accrued, late.claimable, late.cap)
    if late.claimable.value == late.accrued.value:
        return Statement.of("依据", "未超过累计上限", "", *inputs)
    several = every.cap is not None and len(every.instalments) > 1
    text = "各期累计以上限为限" if several else "以累计上限为限"
    return Statement.of("依据", text, "", *inputs)


def due_sentence(late: Lateness) -> Statement:
    """Return until when the instalment had to be paid, as part of a sentence."""
    item, day = late.state.instalment, show_day(surely_due(late.due))
    rule = period_sentence(late.state)
    inputs = late.state.set_by
    if isinstance(late.due, Provisional):
        text = f"{rule}。{late.due.reason}，届满日暂按可能的最晚日期{day}计算"
    else:
        remark = f"（{late.due.remark}）" if late.due.remark else ""
        text = f"{rule}，已于{day}届满{remark}"
    return Statement("付款期限", text, text, Derivation("约定的付款期限", item.article, inputs))


def exception_sentences(ledger: Ledger, late: Lateness) -> tuple[Statement, ...]:
    """Return the clause in its own words and, where it excuses delay, what is known of that.

    Nothing where contract.yaml has no words of it.
    """
    item = late.state.instalment
    if not item.condition_text:
        return ()
    quoted = item.figure("condition_text")
    pattern = "合同{article}的原文为“{quoted}”。"
    behind: tuple[Figure[Any], ...] = ()
    if excuses_fiscal_delay(item):
        behind = tuple(row.figure("basis") for row in late.excused)
        rows = entered(ledger.file, FiscalApproval, ledger.fiscal_approvals)
        behind = behind or (rows.count("财政审批期间", "有书面依据的审批期间", (), *_OF_APPROVAL),)
        pattern += (
            "有书面依据的财政审批期间已扣除；"
            if late.excused
            else "我公司尚未收到因财政审批导致付款延迟的书面依据；"
        )
        pattern += (
            "另有依据的请提供，我公司据此核减。" if late.excused else "有的请提供，我公司据此核减。"
        )
    return (
        Statement.of(
            "合同约定的例外",
            pattern,
            item.article,
            *behind,
            article=cited(item.figure("article")),
            quoted=quoted,
        ),
    )


def _of_base(terms: LatePaymentTerms) -> Statement:
    """Return of what the daily rate is taken, where the contract says it."""
    pattern = "{base}的" if terms.base else ""
    return Statement.of("违约金计算基数", pattern, terms.article, base=terms.base_called)


_OF_APPROVAL = ("instalment", "first_day", "basis")


def standing_sentence(late: Lateness, as_of: date) -> Statement:
    """Return whether the instalment has been paid since, and what of it is still open."""
    state = late.state
    paid = state.paid_in_full_on
    whole = state.outstanding.value == state.due.value
    left = "该款仍未支付" if whole else f"尚有{state.outstanding}元未支付"
    text = f"该款已于{show_day(paid)}付清" if paid else f"截至{show_day(as_of)}，{left}"
    rule, inputs = "应付−扣减−已付", (state.payable, state.received)
    article = state.instalment.article
    return Statement("尚未支付", text, text, Derivation(rule, article, inputs))


def cap_sentences(late: Lateness, every: LatePayments) -> tuple[Statement, ...]:
    """Return what the notes do not say of the cap: that it was reached, or when it will be."""
    bites, paid = late.cap_bites_on, late.state.outstanding.value <= 0
    if late.cap is None:
        return (Statement.of("累计上限情况", "合同未约定违约金的累计上限。", "", late.accrued),)
    if bites is not None and late.capped:
        text = f"违约金自{bites}起达到累计上限，其后不再增加。"
    elif paid or bites is None:
        return ()
    else:
        text = f"违约金继续按日计算；欠付金额不变的，至{bites}达到累计上限。"
    inputs = (every.accrued if every.cap else late.accrued, late.cap)
    origin = Derivation("各期违约金与累计上限比较", "", inputs)
    return (Statement("累计上限情况", text, text, origin),)


def earlier_sentences(late: Lateness, claims: Claims, as_of: date) -> tuple[Statement, ...]:
    """Return that some of it, or all, was claimed before this letter, and when."""
    claim = claims.late_payment_of(late.state.instalment.number)
    if claim is None or claim.row.claimed >= as_of:
        return ()
    pattern = "其中{amount}元已于{day}主张"
    if claim.claimed.value >= late.claimable.value:
        pattern = "{day}已主张{amount}元，本函再次主张，不重复计算"
    return (
        Statement.of(
            "此前主张", pattern, "", amount=claim.claimed, day=claim.row.figure("claimed")
        ),
    )


def _limit_clause(terms: LatePaymentTerms) -> Statement:
    """Return what the contract says damages come to at the most; nothing if it does not."""
    ratio = terms.figure("cap_ratio")
    if terms.cap_ratio is None:
        return Statement("累计上限", "", "", ratio.origin)
    pattern = f"，累计不超过{_capped_share(terms)}{{ratio}}"
    return Statement.of("累计上限", pattern, terms.article, ratio=ratio)


def rate_in_words(contract: Contract) -> Figure[Decimal]:
    """Return the daily rate as the contract writes it: 万分之三; in percent if it is no whole."""
    rate = _terms(contract).figure("daily_rate")
    parts = rate.value * 10_000
    whole = parts == int(parts) and 1 <= parts <= _MOST_NUMERALS
    text = f"万分之{chinese_ordinal(int(parts))}" if whole else show_ratio(rate.value)
    return Figure(rate.name, rate.value, text, rate.origin)


def claim_attachments(contract: Contract, late: Lateness) -> tuple[Statement, ...]:
    """Return what goes with the letter: the contract, papers of the money, papers of the delay."""
    state = late.state
    of_money = (
        ("发票复印件", state.invoices, "number"),
        ("银行到账回单复印件", state.payments, "voucher"),
        ("扣减依据文件", state.deductions, "agreement"),
    )
    of_delay = (
        ("财政审批期间的书面依据", late.excused, "basis"),
        ("催告函及签收回执复印件", state.reminders, "letter"),
    )
    copy = Statement.of("附件", "合同复印件", "", contract.identity.figure("number"))
    return (copy, *_counted(of_money), *_counted(of_delay))


def _counted(papers: Sequence[tuple[str, Sequence[Row], str]]) -> Iterator[Statement]:
    """Yield papers of one sort with how many there are of each; nothing if there are none."""
    there = [(name, rows, by) for name, rows, by in papers if rows]
    if there:
        said = "、".join(f"{name}{len(rows)}份" for name, rows, _ in there)
        yield Statement.of(
            "附件", said, "", *(row.figure(by) for _, rows, by in there for row in rows)
        )


def _number(late: Lateness) -> int:
    return late.state.instalment.number


@dataclass(frozen=True, slots=True)
class LatePaymentClaim:
    """Everything one claim prints."""

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
    due: Figure[Decimal]
    deadline: Statement
    standing: Statement
    exceptions: tuple[Statement, ...]
    unpaid: bool
    accruing: bool
    late_article: Figure[str]
    rate: Figure[Decimal]
    of_base: Statement
    limit: Statement
    events: tuple[EventLine, ...]
    lines: tuple[LateLine, ...]
    days: Figure[Decimal]
    accrued: Figure[Decimal]
    reckoning: tuple[ReckoningLine, ...]
    cap_standing: tuple[Statement, ...]
    earlier: tuple[Statement, ...]
    claimed: Figure[Decimal]
    claimed_in_words: Figure[str]
    account_holder: Figure[str]
    account_bank: Figure[str]
    account_number: Figure[str]
    attachments: tuple[Statement, ...]
    contact: Figure[str]
    contact_phone: Figure[str]
    dated: Figure[date]
    notes: tuple[Statement, ...]


def plan(book: ContractBook, as_of: date) -> tuple[Deliverable, ...]:
    """Return a claim for each instalment that is or was late; none while nothing is."""
    late = _late(book, as_of)
    return tuple(
        _deliverable(book, item)
        for item in (late.instalments if late else ())
        if item.claimable.value > 0
    )


def _deliverable(book: ContractBook, late: Lateness) -> Deliverable:
    item = late.state.instalment
    return Deliverable(
        kind="late_payment_claim",
        contract=book.number,
        part=str(item.number),
        part_name=item.given_name,
        words=frozenset({normal(item.counted_name)}),
        title=f"关于主张{book.contract.service.name}项目"
        f"第{chinese_ordinal(item.number)}期款迟延付款违约金的函",
        article=_terms(book.contract).article,
        folder="payments",
        stem=file_stem(book.number, "迟延付款违约金主张函", f"第{item.number}期"),
        possible_from=late.counted_from,
        due=None,
        on_demand=True,
        sample=book.ledger is not None and book.ledger.cover.sample,
    )


def compose(book: ContractBook, deliverable: Deliverable, as_of: date) -> LatePaymentClaim:
    """Return what the claim for one instalment says on the day `as_of`."""
    every = _late(book, as_of)
    late = every.of(int(deliverable.part)) if every else None
    if every is None or late is None:
        raise ValueError(f"instalment {deliverable.part} is not late on {as_of}")
    contract, item, terms = book.contract, late.state.instalment, _terms(book.contract)
    ordinal = chinese_ordinal(item.number)
    return LatePaymentClaim(
        title=f"{letter_title(f'关于主张{contract.service.name}项目')}\n第{ordinal}期款迟延付款违约金的函",
        you=contract.client.polite_name,
        client=contract.client.figure("name"),
        contractor=contract.contractor.figure("name"),
        project=contract.service.figure("name"),
        contract_number=contract.identity.figure("number"),
        signed_on=contract.identity.figure("signed_on"),
        instalment=f"第{ordinal}期款",
        name=item.figure("name"),
        article=cited(item.figure("article")),
        due=late.state.due,
        deadline=due_sentence(late),
        standing=standing_sentence(late, as_of),
        exceptions=exception_sentences(_ledger(book), late),
        unpaid=late.state.outstanding.value > 0,
        accruing=late.state.outstanding.value > 0 and not late.capped,
        late_article=cited(terms.figure("article")),
        rate=rate_in_words(contract),
        of_base=_of_base(terms),
        limit=_limit_clause(terms),
        events=event_lines(late, as_of),
        lines=late.lines,
        days=late.days,
        accrued=late.accrued,
        reckoning=reckoning_lines(contract, late, every),
        cap_standing=cap_sentences(late, every),
        earlier=earlier_sentences(late, claims_on(_ledger(book), as_of), as_of),
        claimed=late.claimable,
        claimed_in_words=in_words(late.claimable),
        account_holder=contract.payment.account.figure("holder"),
        account_bank=contract.payment.account.figure("bank"),
        account_number=contract.payment.account.figure("number"),
        attachments=claim_attachments(contract, late),
        contact=contract.contractor.contact.figure("name"),
        contact_phone=contract.contractor.contact.figure("phone"),
        dated=Figure("成文日期", as_of, show_day(as_of), Derivation("出具文件时指定的日期", "")),
        notes=_notes(book, late, as_of),
    )


def _late(book: ContractBook, as_of: date) -> LatePayments | None:
    money = account_of(book, as_of)
    if book.ledger is None or money is None:
        return None
    return late_payments(book.contract, book.ledger, money)


def _ledger(book: ContractBook) -> Ledger:
    if book.ledger is None:
        raise ValueError("a claim needs the ledger")
    return book.ledger


def _notes(book: ContractBook, late: Lateness, as_of: date) -> tuple[Statement, ...]:
    found = [
        said(book, one)
        for one in about(assumptions(book, as_of), "late", "claims")
        if late.invoiced_late or one.code != "late-invoice"
    ]
    article = late.state.instalment.article
    if isinstance(late.due, Provisional):
        text = "付款期限为暂定区间，本函按其最晚一日计算；放假安排公布后，按确定的届满日另行核算。"
        rule = "期限未确定的，取最晚日期"
        found.append(Statement.of("说明", text, article, *late.state.set_by, rule=rule))
    if len(late.lines) > 1:
        text = "各段违约金按累计数取整后相减，与单段直接计算可能相差1分。"
        damages = tuple(line.damages for line in late.lines)
        rule = "各段累计后取整到分，再减前段"
        found.append(Statement.of("说明", text, article, *damages, rule=rule))
    return tuple(found)


KIND = Kind(
    name="late_payment_claim",
    title="迟延付款违约金主张函",
    context=LatePaymentClaim,
    plan=plan,
    compose=compose,
    article="迟延付款条款",
    role=Role.CLAIMS,
    occasion=say("one for each instalment, once it is paid late"),
    sealing=Sealing(personal="联系人姓名、电话", numbered=True),
)
