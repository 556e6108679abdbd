"""The facts of one contract, as contract.yaml states them, each block with its article."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from deliverables.model.record import Missing, Record, declared, text
from deliverables.model.values import (
    AMOUNT,
    DAY,
    DECIMAL,
    DIGITS,
    PERCENTAGE,
    RATIO,
    WHOLE,
    YES_NO,
    choice,
)

TERM_CONVENTIONS = ("civil_code", "inclusive")
PAYMENT_PLANS = ("standard", "sme")
CONDITIONS = ("signing", "past_half_of_term", "interim_acceptance", "end_of_term",
              "final_acceptance")  # fmt: skip
DEADLINE_STARTS = ("signing", "term_end_and_acceptance", "none")
SHOWN_ON_INVOICES = (
    "展示地址、电话",
    "展示开户银行、银行账号",
    "展示地址、电话、开户银行及银行账号",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Clause(Record):
    """A group of facts and the article of the contract that states them."""

    article: str = text("条款", hint="事实出自合同哪一条，如 第六条第2款")


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity(Clause):
    """What the contract calls itself."""

    number: str = text("合同号")
    title: str = text("项目名称")
    title_read_from: str = text("项目名称取自", optional=True)
    signed_on: date = declared("签订日期", DAY)
    signed_on_read_from: str = text("签订日期取自")
    signed_at: str = text("签订地点", optional=True)
    effective: str = text("生效条件", optional=True)
    copies: int | None = declared("合同份数", WHOLE, unit="份", optional=True)
    copies_each: int | None = declared("各执份数", WHOLE, unit="份", optional=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact(Clause):
    """The person a party has named for the project: personal data, kept out of every log."""

    name: str | Missing = text("联系人")
    phone: str | Missing = declared("联系电话", DIGITS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Party(Clause):
    """The client (甲方) or the contractor (乙方)."""

    name: str = text("单位全称")
    short_name: str = text("简称", optional=True)
    address: str | Missing = text("通讯地址")
    postcode: str | Missing = declared("邮政编码", DIGITS)
    credit_code: str | Missing = declared("统一社会信用代码", DIGITS)
    invoice_email: str | Missing = text("收票邮箱", optional=True)
    contact: Contact


@dataclass(frozen=True, kw_only=True, slots=True)
class Service(Clause):
    """The service: what it is, how long it runs, how often it is reported."""

    name: str = text("服务名称")
    description: str = text("服务内容", optional=True)
    catalogue: str | Missing = text("服务明细清单")
    term_months: int = declared("服务期", WHOLE, unit="个月")
    term_convention: str = declared("期间计算方法", choice(*TERM_CONVENTIONS), optional=True)
    reports: int = declared("季度报告份数", WHOLE, unit="份")
    report_name: str = text("季度报告名称", optional=True)
    annual_reports: int = declared("年度报告份数", WHOLE, unit="份")
    monitoring_frequency: str | Missing = text("监控报告频率", optional=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceLevels(Clause):
    """What the service must reach."""

    availability: Decimal = declared("云平台整体可用性", PERCENTAGE, unit="%")
    durability: Decimal = declared("数据可靠性", PERCENTAGE, unit="%")
    measurement: str | Missing = text("统计口径")
    incident_grading: str | Missing = text("事件分级标准")


@dataclass(frozen=True, kw_only=True, slots=True)
class Instalment(Clause):
    """One payment of the price; the stated amount is authoritative (第六条第2款)."""

    number: int = declared("期次", WHOLE)
    name: str = text("款项名称")
    amount: Decimal | None = declared("约定金额", AMOUNT, unit="元", optional=True)
    ratio: Decimal | None = declared("约定比例", RATIO, optional=True)
    sme_ratio: Decimal | None = declared("中小企业比例", RATIO, optional=True)
    conditions: tuple[str, ...] = declared("付款条件", choice(*CONDITIONS))
    condition_text: str = text("付款条件原文")
    working_days: int | None = declared("付款期限", WHOLE, unit="个工作日", optional=True)
    deadline_from: str = declared("付款期限起算", choice(*DEADLINE_STARTS))
    deducts: bool = declared("是否扣减违约金、赔偿金", YES_NO, optional=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class BankAccount(Clause):
    """Where the client pays to; the number is text from file to page."""

    holder: str = text("账户名")
    bank: str = text("开户银行")
    number: str = declared("账号", DIGITS)


@dataclass(frozen=True, kw_only=True, slots=True)
class LatePaymentTerms(Clause):
    """What a day of late payment costs the client, and the most it can come to."""

    daily_rate: Decimal = declared("每日违约金比例", DECIMAL)
    cap_ratio: Decimal = declared("累计上限比例", RATIO)


@dataclass(frozen=True, kw_only=True, slots=True)
class Payment(Clause):
    """The price, its instalments and the account."""

    total: Decimal = declared("合同总额", AMOUNT, unit="元")
    total_in_words: str = text("合同总额大写")
    plan: str = declared("付款方案", choice(*PAYMENT_PLANS))
    sme_evidence: str | Missing = text("中小企业声明函")
    instalments: tuple[Instalment, ...] = field(metadata={"records": Instalment})
    account: BankAccount
    late: LatePaymentTerms


@dataclass(frozen=True, kw_only=True, slots=True)
class Invoicing(Clause):
    """What an invoice must carry."""

    rate: Decimal = declared("税率", RATIO)
    type: str | Missing = text("发票种类")
    item: str | Missing = text("开票项目名称")
    tax_code: str | Missing = declared("商品和服务税收编码", DIGITS)
    before_payment: bool = declared("先票后款", YES_NO)
    category: str | Missing = text("商品和服务分类简称", optional=True)
    unit: str | Missing = text("开票单位", optional=True)
    buyer_phone: str | Missing | None = declared("购买方电话", DIGITS, optional=True)
    buyer_bank: str | Missing = text("购买方开户银行", optional=True)
    buyer_account: str | Missing | None = declared("购买方银行账号", DIGITS, optional=True)
    buyer_shown: str | None = declared(
        "票面展示购买方信息", choice(*SHOWN_ON_INVOICES), optional=True
    )
    seller_phone: str | Missing | None = declared("销售方电话", DIGITS, optional=True)
    seller_shown: str | None = declared(
        "票面展示销售方信息", choice(*SHOWN_ON_INVOICES), optional=True
    )
    drawer: str | Missing = text("开票人", optional=True)
    payee: str | Missing = text("收款人", optional=True)
    reviewer: str | Missing = text("复核人", optional=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptanceTerms(Clause):
    """How the client accepts the work."""

    working_days: int = declared("验收期限", WHOLE, unit="个工作日")
    rework_working_days: int = declared("返工期限", WHOLE, unit="个工作日")
    materials: str = text("验收材料")
    interim_procedure: str | Missing = text("中期验收办法")


@dataclass(frozen=True, kw_only=True, slots=True)
class Notices(Clause):
    """The notice periods of the contract."""

    key_staff_working_days: int = declared("主要人员更换提前通知", WHOLE, unit="个工作日")
    exit_days: int = declared("退出提前申请", WHOLE, unit="天")
    force_majeure_days: int = declared("不可抗力证明期限", WHOLE, unit="天")


@dataclass(frozen=True, kw_only=True, slots=True)
class Confidentiality(Clause):
    """The duty of confidence and how long it outlives the contract."""

    years_after_end: int = declared("协议终止后保密年限", WHOLE, unit="年")
    quoted_scope_limit: str = text("披露范围原文")


@dataclass(frozen=True, kw_only=True, slots=True)
class Cessation(Clause):
    """Leaving the platform when the term is over, and the day the contract did end."""

    switch_over_months: int = declared("切换期上限", WHOLE, unit="个月")
    ended_on: date | None = declared("协议终止日期", DAY, optional=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Exit(Clause):
    """The contractor's leaving before the term is over, with the client's permission (第十三条)."""

    requested_on: date = declared("退出申请日期", DAY)
    last_service_day: date = declared("服务末日", DAY)
    permitted_on: date | None = declared("甲方许可日期", DAY, optional=True)
    document: str = text("许可文件", hint="甲方许可退出的书面文件", optional=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Duty(Clause):
    """One article of the fulfilment table (合同履约对照表) and the chapter that shows it."""

    duty: str = text("约定内容")
    owner: str = declared("责任方", choice("甲方", "乙方", "双方"))
    shown_in: str = text("对应章节", optional=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Discrepancy(Clause):
    """A place where the contract contradicts itself or is silent, and how it is read."""

    found: str = text("合同文本情况")
    reading: str = text("本项目处理")


@dataclass(frozen=True, kw_only=True, slots=True)
class Contract(Record):
    """Everything documents need from one contract."""

    identity: Identity
    client: Party
    contractor: Party
    service: Service
    service_levels: ServiceLevels
    payment: Payment
    invoicing: Invoicing
    acceptance: AcceptanceTerms
    notices: Notices
    confidentiality: Confidentiality
    cessation: Cessation
    exit: Exit | None = None
    duties: tuple[Duty, ...] = field(default=(), metadata={"records": Duty})
    discrepancies: tuple[Discrepancy, ...] = field(default=(), metadata={"records": Discrepancy})


def gaps(record: Record, path: str = "") -> list[tuple[str, Missing, Record, str]]:
    """Return every missing fact below `record`: its path, the gap, its record and field name."""
    found: list[tuple[str, Missing, Record, str]] = []
    for name in record.__dataclass_fields__:
        value: Any = getattr(record, name)
        here = f"{path}.{name}" if path else name
        if isinstance(value, Missing):
            found.append((here, value, record, name))
        elif isinstance(value, Record):
            found.extend(gaps(value, here))
        elif isinstance(value, tuple):
            for index, item in enumerate(value, 1):
                if isinstance(item, Record):
                    found.extend(gaps(item, f"{here}[{index}]"))
    return found
