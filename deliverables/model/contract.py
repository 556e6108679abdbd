"""The facts of one contract, as contract.yaml states them, each block with its article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from deliverables.model.fields import (
    AMOUNT,
    DAY,
    DECIMAL,
    DIGITS,
    PERCENTAGE,
    RATIO,
    WHOLE,
    YES_NO,
    Declaration,
    Missing,
    Record,
    as_known,
    block,
    choice,
    declared,
    several,
    text,
    texts,
)
from deliverables.values.figure import Figure, Source
from deliverables.values.period_names import PeriodNames, names_of
from deliverables.values.problem import Problem, gap, say


@dataclass(frozen=True, kw_only=True, slots=True)
class Clause(Record):
    """A group of facts, the article of the contract that states them, and its very words."""

    article: str = text("条款", hint="以下事实出自合同哪里，如 封面、第六条第2款", alike=True)
    quote: tuple[str, ...] = texts(
        "合同原文", hint="以下事实在合同中的原话，逐字照抄，可分几段；check 拿它与合同文本核对"
    )


PAYMENT_PLANS = ("standard", "sme")
CONDITIONS = {
    "signing": "合同签订",
    "effective": "合同生效",
    "fiscal_approval": "财政资金批复",
    "past_half_of_term": "服务期过半",
    "interim_acceptance": "通过中期验收",
    "end_of_term": "服务期届满",
    "final_acceptance": "通过最终验收",
}
"""The events that release a payment, by what contract.yaml calls them; compute.milestones finds how
each stands."""
DEADLINE_STARTS = {
    "signing": "自合同签订",
    "term_end_and_acceptance": "自服务期届满并通过验收",
    "none": "合同没有写期限",
}
"""From when the days to pay are counted, by what contract.yaml calls it."""
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
        hint="写在方括号里，用逗号分开："
        + "；".join(f"{code} {name}" for code, name in CONDITIONS.items())
        + "；如 [end_of_term, final_acceptance]",
        alike=True,
    )
    condition_text: str = text("付款条件原文", hint="照合同抄写，付款申请函引用它", alike=True)
    working_days: int | None = declared(
        "付款期限", WHOLE, unit="个工作日", hint="合同没有写期限的留空", optional=True, alike=True
    )
    deadline_from: str = declared(
        "付款期限起算",
        choice(*DEADLINE_STARTS),
        hint="；".join(f"{code} {name}" for code, name in DEADLINE_STARTS.items()),
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
        "中小企业声明函", hint="选 sme 的写声明函名称和日期；已确认不是中小企业的写 不属于中小企业"
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


TERM_CONVENTIONS = ("civil_code", "inclusive")
GENERAL = "通用条款"
SHOWN_BY = (
    "资源台账",
    "可用性",
    "安全防护",
    "咨询工单",
    "验收材料",
    "验收",
    "验收返工",
    "联系人",
    "主要人员更换",
    "服务期",
    "合同价款",
    "到账",
    "发票",
    "问题整改",
    "IP地址",
    "重大活动保障",
    "应急演练",
    "保密培训",
    "保密协议",
    "披露范围",
    "保密期限",
    "违约金",
    "退出",
    "切换",
    "签署生效",
    GENERAL,
)
"""The kinds of record that answer a duty by themselves; 通用条款 are named in one line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity(Clause):
    """What the contract calls itself."""

    number: str = text("合同号", hint="与所在文件夹同名")
    title: str = text("项目名称", hint="照封面抄写")
    title_read_from: str = text(
        "项目名称取自", hint="合同几处写法不一时写明取自哪里", optional=True
    )
    signed_on: date = declared(
        "签订日期", DAY, hint="服务期、服务季度、付款期限都从这一天起算，以签署页为准"
    )
    signed_on_read_from: str = text("签订日期取自", hint="如 签署页（甲、乙双方均署同一日期）")
    signed_at: str = text("签订地点", optional=True)
    effective: str = text("生效条件", hint="照合同抄写", optional=True, alike=True)
    copies: int | None = declared("合同份数", WHOLE, unit="份", optional=True, alike=True)
    copies_each: int | None = declared("各执份数", WHOLE, unit="份", optional=True, alike=True)
    text_sha256: str = text(
        "合同文本校验值",
        hint="旁边 contract.txt 的 SHA-256，由 new --from-text 写入",
        optional=True,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact(Clause):
    """The person a party has named for the project: personal data, kept out of every log."""

    name: str | Missing = text("联系人", hint="合同指派的项目联系人")
    phone: str | Missing = declared("联系电话", DIGITS, hint="手机或带区号的座机")
    email: str | Missing = text("电子邮箱", hint="邮件的收件地址；可以不写", optional=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Party(Clause):
    """The client (甲方) or the contractor (乙方)."""

    name: str = text("单位全称", hint="与公章、发票抬头逐字一致")
    address: str | Missing = text("通讯地址", hint="照合同首部抄写")
    postcode: str | Missing = declared("邮政编码", DIGITS, hint="六位数字，前面的 0 照写")
    credit_code: str | Missing = declared(
        "统一社会信用代码", DIGITS, hint="十八位，照营业执照或单位证书抄写，开票必需"
    )
    invoice_email: str | Missing = text(
        "收票邮箱", hint="接收数电发票的邮箱，只问甲方", optional=True
    )
    contact: Contact = block("项目联系人", hint="个人信息，只写在本文件中")

    @property
    def polite_name(self) -> str:
        """How a letter addresses it: 贵局 for a 局, else 贵单位."""
        endings = {"局": "贵局", "委员会": "贵委", "厅": "贵厅", "公司": "贵公司"}
        return next((name for end, name in endings.items() if self.name.endswith(end)), "贵单位")


@dataclass(frozen=True, kw_only=True, slots=True)
class Service(Clause):
    """The service: what it is and how long it runs."""

    name: str = text("服务名称", hint="照合同抄写")
    description: str = text("服务内容", optional=True)
    catalogue: str | Missing = text("服务明细清单", hint="附件名称；合同没有附的先留【待补】")
    term_months: int = declared(
        "服务期", WHOLE, unit="个月", hint="自签订起多少个月，只写数字", alike=True
    )
    term_convention: str = declared(
        "期间计算方法",
        choice(*TERM_CONVENTIONS),
        hint="civil_code 签订当日不计入（《民法典》第二百零一条、第二百零二条）；"
        "inclusive 签订当日计入；不填按 civil_code",
        optional=True,
        alike=True,
    )


MONTHS_COUNTED = {"service": "服务月，自服务期第一日起算", "calendar": "自然月"}
REPORT_FORMS = {"operations": "运行报告", "summary": "总结报告"}
"""What a report of a series is: of what happened in its period, or of the whole so far."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportSeries(Clause):
    """Reports that recur (定期报告): what they are called, how often, of what, sealed or not.

    A series whose frequency the contract leaves open is stated and owes no document yet.
    """

    name: str = text(
        "报告名称", hint="照合同抄写，如 季度报告；计划、文件名、封面都用它", alike=True
    )
    every_months: int | Missing = declared(
        "每几个月一份",
        WHOLE,
        unit="个月",
        hint="月报 1，季报 3，半年报 6，年报 12；整个服务期只交一份的，写服务期月数",
        alike=True,
    )
    months: str = declared(
        "月份算法",
        choice(*MONTHS_COUNTED),
        hint="；".join(f"{code} {name}" for code, name in MONTHS_COUNTED.items())
        + "；不填按 service",
        optional=True,
        alike=True,
    )
    count: int | None = declared(
        "份数", WHOLE, unit="份", hint="合同写明份数的照抄", optional=True, alike=True
    )
    form: str = declared(
        "报告内容",
        choice(*REPORT_FORMS),
        hint="；".join(f"{code} {name}" for code, name in REPORT_FORMS.items()),
        alike=True,
    )
    sealed: bool = declared("是否盖章", YES_NO, hint="合同要求盖章的填 是", alike=True)

    @property
    def by_calendar(self) -> bool:
        """Whether its months are the calendar's."""
        return self.months == "calendar"

    @property
    def length(self) -> int:
        """The months of one period, 0 where the contract leaves them open."""
        return self.every_months if isinstance(self.every_months, int) else 0

    @property
    def names(self) -> PeriodNames:
        """What its periods are called."""
        return names_of(self.length, calendar=self.by_calendar)


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceLevels(Clause):
    """What the service must reach."""

    availability: Decimal = declared(
        "云平台整体可用性", PERCENTAGE, unit="%", hint="写 99.9%，不写 0.999", alike=True
    )
    durability: Decimal = declared(
        "数据可靠性", PERCENTAGE, unit="%", hint="写 99.9999%，不写 0.999999", alike=True
    )
    measurement: str | Missing = text(
        "统计口径", hint="可用性的统计周期、范围和免责情形，合同没有写的先留【待补】", alike=True
    )
    incident_grading: str | Missing = text(
        "事件分级标准", hint="分级标准及其出处，没有的先留【待补】", alike=True
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptanceTerms(Clause):
    """How the client accepts the work."""

    working_days: int = declared(
        "验收期限", WHOLE, unit="个工作日", hint="自甲方收到验收通知起", alike=True
    )
    rework_working_days: int = declared(
        "返工期限", WHOLE, unit="个工作日", hint="验收不合格的", alike=True
    )
    materials: str = text("验收材料", hint="照合同抄写", alike=True)
    interim_procedure: str | Missing = text(
        "中期验收办法", hint="程序、材料和期限，合同没有写的先留【待补】", alike=True
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Notices(Clause):
    """The notice periods of the contract."""

    key_staff_working_days: int = declared(
        "主要人员更换提前通知", WHOLE, unit="个工作日", alike=True
    )
    exit_days: int = declared("退出提前申请", WHOLE, unit="天", hint="自然日", alike=True)
    force_majeure_days: int = declared(
        "不可抗力证明期限", WHOLE, unit="天", hint="自然日", alike=True
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Confidentiality(Clause):
    """The duty of confidence and how long it outlives the contract."""

    years_after_end: int = declared("协议终止后保密年限", WHOLE, unit="年", alike=True)
    quoted_scope_limit: str = text("披露范围原文", hint="照合同抄写，保密协议引用它", alike=True)
    scope_article: str = text("披露范围条款", hint="不填的按本块条款", optional=True, alike=True)
    agreement_article: str = text("签署保密协议条款", optional=True, alike=True)
    return_article: str = text("归还资料条款", optional=True, alike=True)
    liability_article: str = text("泄密责任条款", optional=True, alike=True)

    def clause(self, name: str) -> Figure[str]:
        """Return the clause of the one duty, or of confidence at large where none is stated."""
        return self.figure(name if getattr(self, name) else "article")


@dataclass(frozen=True, kw_only=True, slots=True)
class Cessation(Clause):
    """Leaving the platform when the term is over, and the day the contract did end.

    An end within the term is the end of service too; `ended_known_on` is the day it was agreed.
    """

    switch_over_months: int = declared(
        "切换期上限", WHOLE, unit="个月", hint="服务期满后配合迁移、切换的最长时间", alike=True
    )
    ended_on: date | None = declared(
        "协议终止日期", DAY, hint="提前终止或延期的才填", optional=True
    )
    ended_known_on: date | None = declared(
        "终止约定日期",
        DAY,
        hint="双方约定或通知终止之日；不填的，自终止当日起才按终止处理",
        optional=True,
    )
    ended_by: str = text("终止文件", hint="终止协议或通知的名称、文号", optional=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Exit(Clause):
    """The contractor's leaving before the term is over, with the client's permission (第十三条)."""

    requested_on: date = declared("退出申请日期", DAY)
    last_service_day: date = declared("服务末日", DAY)
    permitted_on: date | None = declared(
        "甲方许可日期", DAY, optional=True, known_on=("permitted_on",)
    )
    document: str = text(
        "许可文件", hint="甲方许可退出的书面文件", optional=True, known_on=("permitted_on",)
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Duty(Clause):
    """One article of the fulfilment table (合同履约对照表) and the records that show it."""

    duty: str = text("约定内容", hint="一条写一件事", alike=True)
    owner: str = declared("责任方", choice("甲方", "乙方", "双方"), alike=True)
    shown_by: str = declared(
        "履行依据",
        choice(*SHOWN_BY),
        hint="年度总结凭哪一类记录说明履行情况；没有这类记录的不填，由人在台账“履约情况”表逐条写；"
        "通用条款指争议解决、廉政等不单独举证的",
        optional=True,
        alike=True,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Discrepancy(Clause):
    """A place where the contract contradicts itself or is silent, and how it is read."""

    found: str = text("合同文本情况", hint="哪里没有写明、自相矛盾或有误")
    reading: str = text("本项目处理", hint="按什么理解和处理")


@dataclass(frozen=True, kw_only=True, slots=True)
class Contract(Record):
    """Everything documents need from one contract."""

    identity: Identity = block("合同身份")
    client: Party = block("甲方")
    contractor: Party = block("乙方")
    service: Service = block("服务内容与服务期")
    reports: tuple[ReportSeries, ...] = several(
        ReportSeries,
        "定期报告",
        hint="合同约定几种定期报告就写几段，每段从“- ”起，多余的整段删去；"
        "没有约定的，只写 reports: []",
        optional=True,
        alike=True,
    )
    service_levels: ServiceLevels = block("服务等级")
    payment: Payment = block("合同价款与付款")
    invoicing: Invoicing = block("发票")
    acceptance: AcceptanceTerms = block("验收")
    notices: Notices = block("通知期限")
    confidentiality: Confidentiality = block("保密")
    cessation: Cessation = block("服务期满与切换")
    exit: Exit | None = block("退出", hint="乙方在服务期内提前退出的才填", optional=True)
    duties: tuple[Duty, ...] = several(
        Duty,
        "合同履约对照",
        hint="逐条列出约定内容和责任方，年度总结据此印合同履约对照表；可以先空着",
        optional=True,
        alike=True,
    )
    discrepancies: tuple[Discrepancy, ...] = several(
        Discrepancy,
        "合同文本的出入及处理",
        hint="合同没有写明、自相矛盾或文字有误之处，逐条写；没有的空着",
        optional=True,
    )

    @property
    def series_owed(self) -> tuple[ReportSeries, ...]:
        """The series of reports whose frequency is known; those left open owe nothing yet."""
        return tuple(one for one in self.reports if isinstance(one.every_months, int))

    @property
    def data_series(self) -> ReportSeries | None:
        """The series by whose periods data are entered: the shortest; longer ones add up."""
        return min(self.series_owed, key=lambda one: one.length, default=None)

    def is_cut_by(self, series: ReportSeries) -> bool:
        """Return whether the term is a whole number of a series' periods, or the calendar's."""
        return series.by_calendar or bool(
            series.length and self.service.term_months % series.length == 0
        )

    def as_known(self, day: date) -> Contract:
        """Return the contract as it stood on the day: an exit is known from its application on."""
        leaving = self.exit
        if leaving is None:
            return self
        known = as_known(leaving, day) if leaving.requested_on <= day else None
        return self if known is leaving else replace(self, exit=known)


PRINTED_ELSEWHERE: Mapping[tuple[type[Record], str], str] = {
    (Identity, "text_sha256"): "check 据此核对合同文本是否改动，文件中不印",
    (Party, "postcode"): "寄送函件用，check 核对位数，文件中不印",
    (Party, "credit_code"): "印在开票申请单和批量开票导入表",
    (Party, "invoice_email"): "付款申请的邮件正文写明发票发往何处",
    (Contact, "phone"): "乙方的印在付款申请函；甲方的只供联络，不印入文件",
    (Contact, "email"): "付款申请的邮件以甲方的为收件地址，文件中不印",
    (Payment, "total_in_words"): "check 核对大小写；文件中的大写由金额得出",
    (Payment, "sme_evidence"): "check 据此核对付款比例；乙方内部事项，不写给甲方",
    (Invoicing, "item"): "印在开票申请单和批量开票导入表",
    (Invoicing, "tax_code"): "印在开票申请单和批量开票导入表",
    (Invoicing, "category"): "印在批量开票导入表",
    (Invoicing, "unit"): "印在开票申请单和批量开票导入表",
    (Invoicing, "buyer_phone"): "印在开票申请单和批量开票导入表",
    (Invoicing, "buyer_bank"): "印在开票申请单和批量开票导入表",
    (Invoicing, "buyer_account"): "印在开票申请单和批量开票导入表",
    (Invoicing, "seller_phone"): "印在批量开票导入表",
    (Invoicing, "drawer"): "印在批量开票导入表",
    (Invoicing, "payee"): "印在批量开票导入表",
    (Invoicing, "reviewer"): "印在批量开票导入表",
    (Discrepancy, "found"): "对照合同文本时查阅；据以采用的口径另印在文件的说明中",
    (Discrepancy, "reading"): "对照合同文本时查阅；据以采用的口径另印在文件的说明中",
}
"""Texts that no document prints, and why, or where they are answered instead."""


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


def fact_missing(path: str, declaration: Declaration, missing: Missing, place: Source) -> Problem:
    """Return the problem that a fact which may be supplied later is not there yet."""
    return gap(
        "fact-missing",
        place,
        say(
            "{path} ({label}) is missing: {reason}",
            path=path,
            label=declaration.label,
            reason=missing.reason,
        ),
        say("find it out and write it in place of the gap; until then documents print 【待补】"),
    )
