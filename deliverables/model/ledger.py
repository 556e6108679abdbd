"""What was asked, invoiced, received, accepted and deducted: ledger.xlsx, declared once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import ClassVar

from deliverables.lazily import dataclass
from deliverables.model.fields import (
    AMOUNT,
    DAY,
    DIGITS,
    RATIO,
    WHOLE,
    YES_NO,
    Record,
    Row,
    choice,
    declared,
    sheet,
    text,
)
from deliverables.values.figure import Source

ACCEPTANCE_STAGES = ("中期", "最终")
AGREED, DISPUTED, WITHDRAWN = "协商一致", "协商中", "已撤销"
KEEPS_INVOICE, REDUCES_INVOICE = "不冲减", "冲减"
REFUND_WORDS = ("退款", "退回", "退还")


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerCover(Record):
    """The 说明 sheet of the ledger."""

    sample: bool = declared("示例数据", YES_NO, hint="示例数据生成的文件每页印“示例”，不能定稿")


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentRequestSent(Row):
    """One letter that asked the client to pay; a later one for the instalment replaces it."""

    sheet: ClassVar[str] = "请款"
    purpose: ClassVar[str] = "每份发出的付款申请函一行；同一期再次发函的另起一行，以最后一份为准"

    instalment: int = declared("期次", WHOLE)
    letter: str = text("函号", optional=True)
    sent: date = declared("发函日期", DAY)
    delivered: date | None = declared(
        "送达日期", DAY, hint="以签收回执为准，未送达的留空", optional=True
    )
    amount: Decimal = declared("申请金额", AMOUNT, unit="元", hint="本函请求支付的金额（本期实付）")


@dataclass(frozen=True, kw_only=True, slots=True)
class Invoice(Row):
    """One invoice issued to the client; one that names another is a red-letter invoice."""

    sheet: ClassVar[str] = "发票"
    purpose: ClassVar[str] = "每张发票一行，红字发票也是一行；发票号码为 20 位文本"

    instalment: int = declared("期次", WHOLE)
    number: str = declared("发票号码", DIGITS)
    issued: date = declared("开票日期", DAY)
    type: str = declared("发票种类", choice("增值税专用发票", "普通发票"))
    net: Decimal = declared("不含税金额", AMOUNT, unit="元")
    rate: Decimal = declared("税率", RATIO)
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
    """Money that arrived, or, negative and saying so in its remark, money paid back."""

    sheet: ClassVar[str] = "到账"
    purpose: ClassVar[str] = (
        "每笔到账一行，以银行回单为准；一笔款付几张发票的，一张发票一行，银行回单号相同"
    )

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

    @property
    def refund(self) -> bool:
        """Whether the money was paid back to the client."""
        return self.amount < 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Acceptance(Row):
    """One acceptance; the client's receipt of the notice starts its clock (第三条第6款)."""

    sheet: ClassVar[str] = "验收"
    purpose: ClassVar[str] = "每次验收一行；通知送达日期以签收回执为准"

    stage: str = declared("阶段", choice(*ACCEPTANCE_STAGES))
    notice_received: date | None = declared("通知送达日期", DAY, optional=True)
    accepted: date | None = declared("验收日期", DAY, optional=True)
    result: str = declared("结论", choice("通过", "不通过", "未完成"))
    document: str = text("验收文件", optional=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Deduction(Row):
    """A penalty or damages the client demands; only what was agreed on lessens a payment.

    The tool never computes one (第十二条第4款), and an invoice is not lessened without a decision.
    """

    sheet: ClassVar[str] = "扣减"
    purpose: ClassVar[str] = (
        "每项扣减一行；只有“协商一致”的才从应付中减去，金额以双方协商一致的文件为准"
    )

    instalment: int = declared("期次", WHOLE)
    kind: str = declared("类别", choice("违约金", "赔偿金"))
    amount: Decimal = declared("扣减金额", AMOUNT, unit="元")
    basis: str = text("依据", hint="协商文件名称及编号；协商中的写甲方提出扣减的文件")
    raised: date | None = declared("提出日期", DAY, hint="甲方提出扣减之日", optional=True)
    status: str = declared("状态", choice(AGREED, DISPUTED, WITHDRAWN))
    agreed: date | None = declared("协商一致日期", DAY, hint="协商一致的必填", optional=True)
    on_invoice: str | None = declared(
        "发票处理",
        choice(KEEPS_INVOICE, REDUCES_INVOICE),
        hint="发票是否随扣减冲减；合同未约定，未作决定的留空，按不冲减",
        optional=True,
    )
    decision: str = text("决定文件", hint="决定冲减发票的文件；填“冲减”的必填", optional=True)

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
    """Days that fiscal approval took, which excuse the client (第六条第2款)."""

    sheet: ClassVar[str] = "财政审批"
    purpose: ClassVar[str] = "因财政审批导致付款延迟的期间，每段一行，须有书面依据"

    instalment: int = declared("期次", WHOLE)
    first_day: date = declared("起始日期", DAY)
    last_day: date = declared("截止日期", DAY)
    basis: str = text("依据")


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
    invoices: tuple[Invoice, ...] = sheet(Invoice)
    payments: tuple[Payment, ...] = sheet(Payment)
    acceptances: tuple[Acceptance, ...] = sheet(Acceptance)
    deductions: tuple[Deduction, ...] = sheet(Deduction)
    fiscal_approvals: tuple[FiscalApproval, ...] = sheet(FiscalApproval)
