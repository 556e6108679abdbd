"""What the contract says of money: instalments, account, late payment, invoices."""

from __future__ import annotations

from decimal import Decimal

from deliverables.lazily import dataclass
from deliverables.model.clause import Clause
from deliverables.model.record import (
    Missing,
    block,
    declared,
    several,
    text,
)
from deliverables.model.values import (
    AMOUNT,
    DECIMAL,
    DIGITS,
    RATIO,
    WHOLE,
    YES_NO,
    choice,
)

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
class Instalment(Clause):
    """One payment of the price; the stated amount is authoritative (第六条第2款)."""

    number: int = declared("期次", WHOLE, hint="从 1 起依次编号", alike=True)
    name: str = text("款项名称", hint="如 合同首款、二期款、合同剩余款项", alike=True)
    amount: Decimal | None = declared(
        "约定金额",
        AMOUNT,
        unit="元",
        hint="照合同抄写，不按比例重算；合同只写比例、没有写金额的留空",
        optional=True,
    )
    ratio: Decimal | None = declared(
        "约定比例", RATIO, hint="合同没有写比例的留空", optional=True, alike=True
    )
    sme_ratio: Decimal | None = declared(
        "中小企业比例", RATIO, hint="合同另列了中小企业比例的才填", optional=True, alike=True
    )
    conditions: tuple[str, ...] = declared(
        "付款条件",
        choice(*CONDITIONS),
        hint="写在方括号里，用逗号分开：signing 合同签订生效；past_half_of_term 服务期过半；"
        "interim_acceptance 通过中期验收；end_of_term 服务期届满；final_acceptance 通过最终验收；"
        "如 [end_of_term, final_acceptance]",
        alike=True,
    )
    condition_text: str = text("付款条件原文", hint="照合同抄写，付款申请函引用它", alike=True)
    working_days: int | None = declared(
        "付款期限", WHOLE, unit="个工作日", hint="合同没有写期限的留空", optional=True, alike=True
    )
    deadline_from: str = declared(
        "付款期限起算",
        choice(*DEADLINE_STARTS),
        hint="signing 自合同签订；term_end_and_acceptance 自服务期届满并通过验收；"
        "none 合同没有写期限",
        alike=True,
    )
    deducts: bool = declared(
        "是否扣减违约金、赔偿金", YES_NO, hint="一般只有最后一期填 是", optional=True, alike=True
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class BankAccount(Clause):
    """Where the client pays to; the number is text from file to page."""

    holder: str = text("账户名", hint="与乙方单位全称一致")
    bank: str = text("开户银行", hint="写到支行")
    number: str = declared("账号", DIGITS, hint="逐位照抄，不分段")


@dataclass(frozen=True, kw_only=True, slots=True)
class LatePaymentTerms(Clause):
    """What a day of late payment costs the client, and the most it can come to."""

    daily_rate: Decimal = declared("每日违约金比例", DECIMAL, hint="万分之三写 0.0003", alike=True)
    cap_ratio: Decimal = declared("累计上限比例", RATIO, hint="占服务费总额", alike=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Payment(Clause):
    """The price, its instalments and the account."""

    total: Decimal = declared("合同总额", AMOUNT, unit="元")
    total_in_words: str = text("合同总额大写", hint="照合同抄写")
    plan: str = declared(
        "付款方案",
        choice(*PAYMENT_PLANS),
        hint="standard 按一般比例；sme 按中小企业比例，须有投标时提交的中小企业声明函",
    )
    sme_evidence: str | Missing = text(
        "中小企业声明函", hint="选 sme 的写声明函名称和日期；选 standard 的可写 不适用"
    )
    instalments: tuple[Instalment, ...] = several(
        Instalment,
        "付款期次",
        hint="合同约定几期就写几段，每段从“- ”起；多余的整段删去，不够的照样复制",
        alike=True,
    )
    account: BankAccount = block("收款账户")
    late: LatePaymentTerms = block("迟延付款违约金")


@dataclass(frozen=True, kw_only=True, slots=True)
class Invoicing(Clause):
    """What an invoice must carry."""

    rate: Decimal = declared("税率", RATIO, alike=True)
    type: str | Missing = text("发票种类", hint="增值税专用发票或普通发票，请甲方财务部门确认")
    item: str | Missing = text("开票项目名称", hint="请本公司财务部门确认")
    tax_code: str | Missing = declared(
        "商品和服务税收编码", DIGITS, hint="十九位，请本公司财务部门确认"
    )
    before_payment: bool = declared(
        "先票后款", YES_NO, hint="甲方付款前须先开票的填 是", alike=True
    )
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
