"""What was invoiced, received, accepted and deducted: ledger.xlsx, declared once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import ClassVar

from deliverables.model.record import Record, Row, declared, sheet, text
from deliverables.model.values import AMOUNT, DAY, DIGITS, RATIO, WHOLE, YES_NO, choice
from deliverables.source import Source

ACCEPTANCE_STAGES = ("中期", "最终")


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerCover(Record):
    """The 说明 sheet of the ledger."""

    sample: bool = declared("示例数据", YES_NO, hint="示例数据生成的文件每页印“示例”，不能定稿")


@dataclass(frozen=True, kw_only=True, slots=True)
class Invoice(Row):
    """One invoice issued to the client."""

    sheet: ClassVar[str] = "发票"
    purpose: ClassVar[str] = "每张发票一行；发票号码为 20 位文本"

    instalment: int = declared("期次", WHOLE)
    number: str = declared("发票号码", DIGITS)
    issued: date = declared("开票日期", DAY)
    type: str = declared("发票种类", choice("增值税专用发票", "普通发票"))
    net: Decimal = declared("不含税金额", AMOUNT, unit="元")
    rate: Decimal = declared("税率", RATIO)
    tax: Decimal = declared("税额", AMOUNT, unit="元")
    gross: Decimal = declared("价税合计", AMOUNT, unit="元")


@dataclass(frozen=True, kw_only=True, slots=True)
class Payment(Row):
    """Money that arrived."""

    sheet: ClassVar[str] = "到账"
    purpose: ClassVar[str] = "每笔到账一行，以银行回单为准"

    instalment: int = declared("期次", WHOLE)
    received: date = declared("到账日期", DAY)
    amount: Decimal = declared("到账金额", AMOUNT, unit="元")
    voucher: str = text("银行回单号", optional=True)


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
    """A penalty or damages agreed with the client; the tool never computes one (第十二条第4款)."""

    sheet: ClassVar[str] = "扣减"
    purpose: ClassVar[str] = "每项扣减一行；金额以双方协商一致的文件为准"

    instalment: int = declared("期次", WHOLE)
    kind: str = declared("类别", choice("违约金", "赔偿金"))
    amount: Decimal = declared("扣减金额", AMOUNT, unit="元")
    basis: str = text("依据", hint="协商文件名称及编号")
    agreed: date = declared("协商一致日期", DAY)


@dataclass(frozen=True, kw_only=True, slots=True)
class FiscalApproval(Row):
    """Days that fiscal approval took, which excuse the client (第六条第2款)."""

    sheet: ClassVar[str] = "财政审批"
    purpose: ClassVar[str] = "因财政审批导致付款延迟的期间，每段一行，须有书面依据"

    instalment: int = declared("期次", WHOLE)
    first_day: date = declared("起始日期", DAY)
    last_day: date = declared("截止日期", DAY)
    basis: str = text("依据")


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """The ledger's workbook."""

    file: str
    cover: LedgerCover
    sheet_places: Mapping[str, Source] = field(default_factory=dict, repr=False, compare=False)
    invoices: tuple[Invoice, ...] = sheet(Invoice)
    payments: tuple[Payment, ...] = sheet(Payment)
    acceptances: tuple[Acceptance, ...] = sheet(Acceptance)
    deductions: tuple[Deduction, ...] = sheet(Deduction)
    fiscal_approvals: tuple[FiscalApproval, ...] = sheet(FiscalApproval)
