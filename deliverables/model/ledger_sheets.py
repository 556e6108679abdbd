"""What was asked, invoiced, received, accepted and deducted: ledger.xlsx, declared once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from deliverables.model.fields import (
    AMOUNT,
    DAY,
    DIGITS,
    MONTH,
    VAT_RATE,
    WHOLE,
    YES_NO,
    NotOfTypeError,
    Raw,
    Record,
    Row,
    ValueType,
    choice,
    declared,
    rows_known,
    sheet,
    sheets,
    text,
)
from deliverables.status import FAILED, PASSED
from deliverables.values.chinese_numbers import WHOLE as WHOLE_NUMBER
from deliverables.values.chinese_numbers import chinese_ordinal, whole
from deliverables.values.dates import Period
from deliverables.values.figure import Source
from deliverables.values.problem import say

ACCEPTANCE_STAGES = INTERIM, FINAL = ("中期", "最终")
UNFINISHED = "未完成"
AGREED, DISPUTED, WITHDRAWN = "协商一致", "协商中", "已撤销"
KEEPS_INVOICE, REDUCES_INVOICE = "不冲减", "冲减"
REFUND_WORDS = ("退款", "退回", "退还")


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerCover(Record):
    """The 说明 sheet of the ledger."""

    sample: bool = declared("示例数据", YES_NO, hint="示例数据生成的文件每页印“示例”，不能定稿")


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentRequestSent(Row):
    """请款: one letter that asked the client to pay; a later one for the instalment replaces it."""

    sheet: ClassVar[str] = "请款"
    purpose: ClassVar[str] = "每份发出的付款申请函一行；同一期再次发函的另起一行，以最后一份为准"
    known_on: ClassVar[tuple[str, ...]] = ("sent",)

    instalment: int = declared("期次", WHOLE)
    letter: str = text("函号", optional=True)
    sent: date = declared("发函日期", DAY)
    delivered: date | None = declared(
        "送达日期",
        DAY,
        hint="以签收回执为准，未送达的留空",
        optional=True,
        known_on=("delivered",),
    )
    amount: Decimal = declared("申请金额", AMOUNT, unit="元", hint="本函请求支付的金额（本期实付）")


@dataclass(frozen=True, kw_only=True, slots=True)
class Reminder(Row):
    """催告: a letter that urged the client to pay; it comes before any claim for delay.

    Where the contract gives no days to pay, the day it names is the one from which delay can be
    reckoned (民法典第五百一十一条第四项).
    """

    sheet: ClassVar[str] = "催告"
    purpose: ClassVar[str] = (
        "每份催告付款的函一行；合同没有写付款期限的，自函中写明的付款期限次日起才计迟延"
    )
    known_on: ClassVar[tuple[str, ...]] = ("delivered",)

    instalment: int = declared("期次", WHOLE)
    letter: str = text("函号", optional=True)
    delivered: date = declared("送达日期", DAY, hint="以签收回执为准")
    pay_by: date | None = declared(
        "要求付款日期",
        DAY,
        hint="函中写明的付款期限，须留出必要的准备时间；合同没有写付款期限的必填",
        optional=True,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Invoice(Row):
    """发票: one invoice issued to the client; one that names another is a red-letter invoice."""

    sheet: ClassVar[str] = "发票"
    purpose: ClassVar[str] = "每张发票一行，红字发票也是一行；发票号码为 20 位文本"
    known_on: ClassVar[tuple[str, ...]] = ("issued",)

    instalment: int = declared("期次", WHOLE)
    number: str = declared("发票号码", DIGITS)
    issued: date = declared("开票日期", DAY)
    type: str = declared("发票种类", choice("增值税专用发票", "普通发票"))
    net: Decimal = declared("不含税金额", AMOUNT, unit="元")
    rate: Decimal | str = declared("税率", VAT_RATE, hint="一张发票有几种税率的写 多种税率")
    tax: Decimal = declared("税额", AMOUNT, unit="元")
    gross: Decimal = declared("价税合计", AMOUNT, unit="元")
    reverses: str | None = declared(
        "被红冲发票号码",
        DIGITS,
        hint="红字发票填它冲销的蓝字发票号码，三个金额填负数；蓝字发票留空",
        optional=True,
    )

    @property
    def red(self) -> bool:
        """Whether it reverses another invoice (红字)."""
        return self.reverses is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Payment(Row):
    """到账: money that arrived, or, negative and saying so in its remark, money paid back.

    One that names a claim is for that claim, damages or the like, and no part of the price.
    """

    sheet: ClassVar[str] = "到账"
    purpose: ClassVar[str] = (
        "每笔到账一行，以银行回单为准；一笔款付几张发票的，一张发票一行，银行回单号相同"
    )
    known_on: ClassVar[tuple[str, ...]] = ("received",)

    instalment: int = declared("期次", WHOLE)
    received: date = declared("到账日期", DAY)
    amount: Decimal = declared(
        "到账金额", AMOUNT, unit="元", hint="退给甲方的款填负数，并在备注写明退款"
    )
    voucher: str = text("银行回单号", optional=True)
    invoice: str | None = declared(
        "发票号码", DIGITS, hint="这笔款付的是哪张发票（蓝字）", optional=True
    )
    remark: str = text("备注", hint="退给甲方的款在此写明“退款”及原因", optional=True)
    claim: str = text(
        "主张编号", hint="违约金、赔偿金等到账填“主张”表的编号，合同款留空", optional=True
    )

    @property
    def refund(self) -> bool:
        """Whether the money was paid back to the client."""
        return self.amount < 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim(Row):
    """主张: what the contractor claims from the client beside the price, and what became of it.

    Rows with one number are one claim raised again: the latest replaces those before. What came in
    for it stands in 到账; it is never part of an instalment.
    """

    sheet: ClassVar[str] = "主张"
    purpose: ClassVar[str] = (
        "向甲方主张的违约金、赔偿金每项一行，不与合同款混记；再次发函的另起一行，编号相同，以最后一份为准"
    )
    known_on: ClassVar[tuple[str, ...]] = ("claimed",)

    number: str = text("主张编号", hint="如 ZZ-01，到账、放弃都按它核对")
    subject: str = declared("主张事项", choice("迟延付款违约金", "赔偿金", "其他"))
    instalment: int | None = declared("期次", WHOLE, hint="迟延付款违约金必填", optional=True)
    amount: Decimal = declared("主张金额", AMOUNT, unit="元")
    claimed: date = declared("主张日期", DAY, hint="函件送达甲方之日")
    letter: str = text("主张文件", hint="函件名称及函号", optional=True)
    disputed: date | None = declared(
        "异议日期", DAY, hint="甲方书面提出异议之日", optional=True, known_on=("disputed",)
    )
    dispute: str = text("异议文件", optional=True, known_on=("disputed",))
    settled: date | None = declared(
        "议定日期",
        DAY,
        hint="双方就异议议定之日；不再支付的部分填入放弃金额",
        optional=True,
        known_on=("settled",),
    )
    waived_on: date | None = declared("放弃日期", DAY, optional=True, known_on=("waived_on",))
    waived: Decimal | None = declared(
        "放弃金额", AMOUNT, unit="元", optional=True, known_on=("waived_on",)
    )
    waiver: str = text(
        "放弃文件", hint="本公司决定或双方议定的文件", optional=True, known_on=("waived_on",)
    )

    @property
    def in_dispute(self) -> bool:
        """Whether the client objects and both sides have not settled it."""
        return self.disputed is not None and self.settled is None


def numbered_interim(number: int) -> str:
    """Return the stage of one of several interim acceptances: 第二次中期."""
    return f"第{chinese_ordinal(number)}次{INTERIM}"


def of_stage(found: str, asked: str) -> bool:
    """Return whether a row is of a stage; 中期 asks for every interim acceptance."""
    return found == asked or (asked == INTERIM and found.endswith(INTERIM))


_LISTED = (*ACCEPTANCE_STAGES, *map(numbered_interim, range(1, 4)))
"""The stages of the drop-down; a contract may count more interim acceptances."""


def _stage(raw: Raw) -> str:
    said = re.sub(r"\s|验收$", "", str(raw))
    numbered = re.fullmatch(rf"第(?P<number>{WHOLE_NUMBER})次{INTERIM}", said)
    if numbered and (number := whole(numbered["number"])):
        return numbered_interim(number)
    if said not in ACCEPTANCE_STAGES:
        raise NotOfTypeError(say("one of {choices}", choices=" / ".join((*_LISTED, "…"))), raw)
    return said


STAGE = ValueType("选项", _stage, str, "General", _LISTED, closed=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Acceptance(Row):
    """验收: one acceptance; the client's receipt of the notice starts its clock (第三条第6款)."""

    sheet: ClassVar[str] = "验收"
    purpose: ClassVar[str] = (
        "每次验收一行；验收期限自甲方收到验收通知起算，通知送达日期以签收回执为准"
    )
    known_on: ClassVar[tuple[str, ...]] = ("notice_received", "accepted")

    stage: str = declared("阶段", STAGE, hint="合同约定几次中期验收的，写明第几次，如 第四次中期")
    notice_received: date | None = declared("通知送达日期", DAY, optional=True)
    accepted: date | None = declared("验收日期", DAY, optional=True, known_on=("accepted",))
    result: str = declared(
        "结论",
        choice(PASSED, FAILED, UNFINISHED),
        known_on=("accepted",),
        before=UNFINISHED,
    )
    document: str = text("验收文件", optional=True, known_on=("accepted",))


@dataclass(frozen=True, kw_only=True, slots=True)
class Deduction(Row):
    """扣减: a penalty or damages the client demands; only what was agreed on lessens a payment.

    The tool never computes one (第十二条第4款), and an invoice is not lessened without a decision.
    What it was demanded by is one paper, what both sides agreed on another, of another day.
    """

    sheet: ClassVar[str] = "扣减"
    purpose: ClassVar[str] = (
        "每项扣减一行；只有“协商一致”的才从应付中减去，金额以双方协商一致的文件为准"
    )
    known_on: ClassVar[tuple[str, ...]] = ("raised", "agreed")

    instalment: int = declared("期次", WHOLE)
    kind: str = declared("类别", choice("违约金", "赔偿金"))
    amount: Decimal = declared("扣减金额", AMOUNT, unit="元")
    demand: str = text("提出依据", hint="甲方提出扣减的文件名称及编号", optional=True)
    raised: date | None = declared("提出日期", DAY, hint="甲方提出扣减之日", optional=True)
    status: str = declared(
        "状态", choice(AGREED, DISPUTED, WITHDRAWN), known_on=("agreed",), before=DISPUTED
    )
    agreement: str = text(
        "协商文件",
        hint="双方协商一致的文件名称及编号；协商一致的必填",
        optional=True,
        known_on=("agreed",),
    )
    agreed: date | None = declared(
        "协商一致日期", DAY, hint="协商一致的必填", optional=True, known_on=("agreed",)
    )
    on_invoice: str | None = declared(
        "发票处理",
        choice(KEEPS_INVOICE, REDUCES_INVOICE),
        hint="发票是否随扣减冲减；合同未约定，未作决定的留空，按不冲减",
        optional=True,
        known_on=("decided", "agreed"),
    )
    decision: str = text(
        "决定文件",
        hint="决定冲减发票的文件；填“冲减”的必填",
        optional=True,
        known_on=("decided", "agreed"),
    )
    decided: date | None = declared(
        "决定日期", DAY, hint="留空按协商一致日期", optional=True, known_on=("decided",)
    )

    def agreed_by(self, day: date) -> bool:
        """Whether both sides had agreed on it by the end of the day."""
        return self.status == AGREED and self.agreed is not None and self.agreed <= day

    def disputed_on(self, day: date) -> bool:
        """Whether it was demanded and not yet agreed; without its day it counts from the first.

        One agreed on since was disputed from the day it was demanded; of one withdrawn nobody
        recorded until when.
        """
        if self.status == AGREED:
            return self.raised is not None and self.raised <= day and not self.agreed_by(day)
        return self.status == DISPUTED and (self.raised is None or self.raised <= day)


@dataclass(frozen=True, kw_only=True, slots=True)
class FiscalApproval(Row):
    """财政审批: the approval of public money (第六条第2款): its day, the delay it excuses.

    Both are known from the day of the paper that shows them.
    """

    sheet: ClassVar[str] = "财政审批"
    purpose: ClassVar[str] = (
        "财政资金批复的日期，以及因财政审批导致付款延迟的期间；每段一行，须有书面依据"
    )
    known_on: ClassVar[tuple[str, ...]] = ("evidenced", "first_day", "approved")

    instalment: int = declared("期次", WHOLE)
    first_day: date | None = declared(
        "起始日期", DAY, hint="没有因审批延迟的，起止日期留空", optional=True
    )
    last_day: date | None = declared("截止日期", DAY, optional=True)
    basis: str = text("依据", hint="甲方说明或者批复文件的名称")
    evidenced: date | None = declared(
        "依据日期", DAY, hint="依据文件的日期；在此之前的函件不提这段审批", optional=True
    )
    approved: date | None = declared(
        "批复日期",
        DAY,
        hint="财政资金批复之日；不知道的留空，付款申请函如实写明",
        optional=True,
        known_on=("approved",),
    )

    @property
    def delay(self) -> Period | None:
        """The days of delay that it excuses, None where it only tells of an approval."""
        if self.first_day is None or self.last_day is None or self.last_day < self.first_day:
            return None
        return Period(self.first_day, self.last_day)


@dataclass(frozen=True, kw_only=True, slots=True)
class Occurrence(Row):
    """履约事件: an event of which a payment or a deadline waits, and that no other sheet records.

    Also that something did not happen, where the contract asks for that (无质量问题).
    """

    sheet: ClassVar[str] = "履约事件"
    purpose: ClassVar[str] = (
        "付款条件、期限所说的事件而别的表没有的，每件一行，如 收到发票、考核合格；"
        "“无质量问题”之类，由人确认后登记，工具不推断"
    )
    known_on: ClassVar[tuple[str, ...]] = ("happened",)

    event: str = text("事件", hint="与 contract.yaml 的写法一致：收到发票、考核合格，或“”中的原话")
    instalment: int | None = declared("期次", WHOLE, hint="只关系到一期的填", optional=True)
    happened: date = declared("日期", DAY, hint="发生之日；没有发生的填确认之日")
    basis: str = text("依据", hint="签收回执、考核结果、确认单等文件的名称及编号")


@dataclass(frozen=True, kw_only=True, slots=True)
class TaxFiling(Row):
    """纳税申报: one month for which VAT was declared."""

    sheet: ClassVar[str] = "纳税申报"
    purpose: ClassVar[str] = "本合同发票所属月份的增值税申报后登记一行；未登记的月份一直列为待办"
    known_on: ClassVar[tuple[str, ...]] = ("filed",)

    month: date = declared("税款所属月份", MONTH)
    filed: date = declared("申报日期", DAY)
    receipt: str = text("申报回执", optional=True)


CONFORMS, CONFORMS_NOT, NOT_CONCERNED = CONFORMITIES = ("符合", "不符合", "未涉及")
"""How what was done stands to what the contract asks; 未涉及: the occasion did not arise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fulfilment(Row):
    """履约情况: what was done under an article of the contract, as a person records it."""

    sheet: ClassVar[str] = "履约情况"
    purpose: ClassVar[str] = (
        "合同履约对照表中没有运行记录可凭的条款，每件事一行；年度总结照此填写，没有写的印【待补】"
    )
    known_on: ClassVar[tuple[str, ...]] = ("day",)

    article: str = text("条款", hint="与 contract.yaml 合同履约对照的条款写法一致")
    duty: str = text(
        "约定内容", hint="同一条款列有几项约定的，照抄所说的那一项；只有一项的不填", optional=True
    )
    done: str = text("履行情况", hint="做了什么，或者没有发生、未到期；一行一件事")
    day: date = declared("日期", DAY, hint="完成之日；没有发生的填确认之日")
    verdict: str = declared(
        "自查结论",
        choice(*CONFORMITIES),
        hint="对照约定内容自查的结论，印在验收书；不填的、合同没有写明因而无从自查的，印【待核】",
        optional=True,
    )

    def answers(self, article: str, duty: str) -> bool:
        """Whether the row is about this duty of the article."""
        return self.article == article and self.duty in ("", duty)


def left_of_invoices(invoices: Iterable[Invoice]) -> dict[str, Decimal]:
    """Return what is left, gross, of each blue invoice by its number after its reversals."""
    rows = tuple(invoices)
    left = {row.number: row.gross for row in rows if not row.red}
    for row in rows:
        if row.reverses in left:
            left[row.reverses] += row.gross
    return left


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """The ledger's workbook."""

    file: str
    cover: LedgerCover
    sheet_places: Mapping[str, Source] = field(default_factory=dict, repr=False, compare=False)
    requests: tuple[PaymentRequestSent, ...] = sheet(PaymentRequestSent)
    reminders: tuple[Reminder, ...] = sheet(Reminder)
    invoices: tuple[Invoice, ...] = sheet(Invoice)
    payments: tuple[Payment, ...] = sheet(Payment)
    claims: tuple[Claim, ...] = sheet(Claim)
    acceptances: tuple[Acceptance, ...] = sheet(Acceptance)
    deductions: tuple[Deduction, ...] = sheet(Deduction)
    fiscal_approvals: tuple[FiscalApproval, ...] = sheet(FiscalApproval)
    occurrences: tuple[Occurrence, ...] = sheet(Occurrence)
    fulfilments: tuple[Fulfilment, ...] = sheet(Fulfilment)
    tax_filings: tuple[TaxFiling, ...] = sheet(TaxFiling)

    def as_known(self, day: date) -> Ledger:
        """Return what the ledger knew at the end of the day; itself if it knew all of it."""
        known: dict[str, Any] = {
            name: rows_known(getattr(self, name), day) for name in sheets(Ledger)
        }
        if all(rows is getattr(self, name) for name, rows in known.items()):
            return self
        return replace(self, **known)

    @property
    def for_the_price(self) -> tuple[Payment, ...]:
        """What came in for the instalments: receipts that name no claim."""
        return tuple(row for row in self.payments if not row.claim)
