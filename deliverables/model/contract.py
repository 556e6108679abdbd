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
    PHONE,
    RATIO,
    SILENT,
    TEXT,
    TIME_LIMIT,
    VAT_RATE,
    WHOLE,
    YES_NO,
    Declaration,
    Missing,
    NotOfTypeError,
    Raw,
    Record,
    ValueType,
    as_known,
    block,
    choice,
    declared,
    several,
    text,
    texts,
)
from deliverables.model.operations_sheets import CHAPTERS, SUMMARY_CHAPTERS
from deliverables.values.chinese_numbers import chinese_ordinal
from deliverables.values.dates import Convention, Period, divide
from deliverables.values.figure import Figure, Source
from deliverables.values.money import amounts, less_withheld
from deliverables.values.period_names import PeriodNames, names_of
from deliverables.values.problem import Problem, gap, say
from deliverables.values.time_limit import EVENTS, UNSTATED, Shape, TimeLimit, Unit, event_named
from deliverables.values.time_limit import parse as parse_time_limit


@dataclass(frozen=True, kw_only=True, slots=True)
class Clause(Record):
    """A group of facts, the article of the contract that states them, and its very words."""

    article: str = text(
        "条款",
        hint="以下事实出自合同哪里，如 封面、第六条第2款；合同没有这一条的写 未约定",
        silent=True,
        alike=True,
    )
    quote: tuple[str, ...] = texts(
        "合同原文", hint="以下事实在合同中的原话，逐字照抄，可分几段；check 拿它与合同文本核对"
    )


def cited(article: Figure[str]) -> Figure[str]:
    """Return an article as sentences cite it, 合同{article}约定: nothing where none is stated."""
    return article if article.value else replace(article, text="")


PAYMENT_PLANS = ("standard", "sme")
OF_OVERDUE, OF_TOTAL = BASES = ("逾期金额", "合同总额")
"""Of what a rate or a cap of late payment is a share."""
CYCLES: Mapping[str, int] = {"月": 1, "季度": 3, "半年": 6, "年": 12}
"""What a payment that recurs is made for, and how many months that is."""


def _condition(raw: Raw) -> str:
    """Read what releases a payment: an event's code or name, a limit after events, other words.

    Words are kept in “ ”: an event of their own, whose day and evidence a person records.
    """
    text = str(raw).strip().strip("“”") if isinstance(raw, str) else ""
    if code := event_named(text):
        return code
    if not text or text.isascii():
        raise NotOfTypeError(
            say(
                "one of {choices}, or the contract's own words",
                choices=" / ".join((*EVENTS, "interim_acceptance_1 …")),
            ),
            raw,
        )
    limit = parse_time_limit(text)
    if limit is not None and limit.shape is Shape.AFTER and limit.events:
        return str(limit)
    return f"“{text}”"


CONDITION = ValueType("付款条件", _condition, str, plain=True)


def _invoice_type(raw: Raw) -> str:
    """Read the type of an invoice: whatever contracts call the ordinary one is 普通发票."""
    said: str = TEXT.parse(raw)
    return "普通发票" if said.strip("）)").endswith("普通发票") else said


INVOICE_TYPE = ValueType("发票种类", _invoice_type, str, plain=True)
SHOWN_ON_INVOICES = (
    "展示地址、电话",
    "展示开户银行、银行账号",
    "展示地址、电话、开户银行及银行账号",
)


def counted_name(number: int) -> str:
    """Return the name of an instalment that the contract only counts: 第一期款."""
    return f"第{chinese_ordinal(number)}期款"


@dataclass(frozen=True, kw_only=True, slots=True)
class Instalment(Clause):
    """One payment of the price; the stated amount is authoritative (第六条第2款).

    Of one that recurs, `period` is what it pays for, `nth` which it is, and `written_name` what
    contract.yaml calls all of them.
    """

    number: int = declared("期次", WHOLE, hint="从 1 起依次编号", alike=True)
    name: str = text(
        "款项名称", hint="如 合同首款、二期款；合同没有名称的写 第一期款、第二期款", alike=True
    )
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
    up_to: Decimal | None = declared(
        "累计支付至比例",
        RATIO,
        hint="合同写“支付至合同总额的60%”的填 60%，此时不填约定比例",
        optional=True,
        alike=True,
    )
    each: str | None = declared(
        "每期周期",
        choice(*CYCLES),
        hint="按月、按季等重复支付的填；金额写一期的，工具按服务期展开成各期，期次顺延",
        optional=True,
        alike=True,
    )
    withheld: Decimal | None = declared(
        "每期暂扣比例",
        RATIO,
        hint="每期留作质量保证金、考核后再付的比例；退还的一期另写一段",
        optional=True,
        alike=True,
    )
    conditions: tuple[str, ...] = declared(
        "付款条件",
        CONDITION,
        hint="写在方括号里，用逗号分开："
        + "；".join(f"{code} {name}" for code, (name, _) in EVENTS.items())
        + "；有几次中期验收的，interim_acceptance_1 通过第一次中期验收，依次类推"
        + "；没有代码的事件照抄合同，如 [end_of_term, final_acceptance, 无质量问题]；"
        "没有条件的写 未约定",
        alike=True,
        before=(),
        silent=True,
    )
    condition_text: str = text(
        "付款条件原文", hint="照合同抄写，付款申请函引用它", silent=True, alike=True
    )
    deadline: TimeLimit = declared(
        "付款期限",
        TIME_LIMIT,
        hint="照合同写：合同签订后40个工作日内、服务期届满且通过验收后40个工作日内；"
        "合同没有写期限的写 未约定；只写及时的写 原文“及时”",
        alike=True,
    )
    deducts: bool = declared(
        "是否扣减违约金、赔偿金", YES_NO, hint="一般只有最后一期填 是", optional=True, alike=True
    )
    period: Period | None = None
    nth: int = 0
    written_name: str = ""

    @property
    def counted_name(self) -> str:
        """What one is called to which the contract gives no name: 第一期款."""
        return counted_name(self.number)

    @property
    def given_name(self) -> str:
        """What the contract calls it; empty where it gives no name but the number."""
        return "" if self.name == self.counted_name else self.name


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
    base: str | None = declared(
        "违约金计算基数",
        choice(*BASES),
        hint="每日比例乘以什么；合同没有写的写 未约定，按逾期金额计算并在说明中写明",
        silent=True,
        alike=True,
    )
    base_name: str = text(
        "计算基数名称", hint="照合同抄写，如 延迟付款金额；不填照上一项", optional=True, alike=True
    )
    cap_ratio: Decimal | None = declared(
        "累计上限比例", RATIO, hint="没有上限的写 未约定", silent=True, alike=True
    )
    cap_base: str | None = declared(
        "累计上限基数",
        choice(*BASES),
        hint="上限是合同总额还是逾期金额的百分之几；没有上限的不填",
        optional=True,
        alike=True,
    )
    cap_base_name: str = text(
        "上限基数名称", hint="照合同抄写，如 服务费总额；不填照上一项", optional=True, alike=True
    )
    grace: TimeLimit = declared(
        "宽限期",
        TIME_LIMIT,
        hint="付款期限届满后另有宽限的才填，如 10日内、5个工作日内；宽限期内不计违约金",
        optional=True,
        alike=True,
        before=UNSTATED,
    )

    @property
    def base_called(self) -> Figure[str]:
        """What the contract calls the sum of which a day's rate is a share."""
        return self.figure("base_name" if self.base_name else "base")

    @property
    def cap_base_called(self) -> str:
        """What the contract calls the sum of which the cap is a share."""
        return self.cap_base_name or self.cap_base or OF_OVERDUE


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentTerms(Clause):
    """The price, its instalments and the account."""

    total: Decimal = declared("合同总额", AMOUNT, unit="元")
    total_in_words: str = text("合同总额大写", hint="照合同抄写", silent=True)
    net: Decimal | None = declared(
        "不含税价款", AMOUNT, unit="元", hint="合同写明的才填", optional=True
    )
    tax: Decimal | None = declared(
        "增值税额", AMOUNT, unit="元", hint="合同写明的才填", optional=True
    )
    plan: str = declared(
        "付款方案",
        choice(*PAYMENT_PLANS),
        hint="standard 按一般比例；sme 按中小企业比例，须有投标时提交的中小企业声明函",
    )
    sme_evidence: str | Missing = text(
        "中小企业声明函",
        hint="选 sme 的写声明函名称和日期；已确认不是中小企业的写 不属于中小企业；"
        "合同没有中小企业付款比例的写 未约定",
        silent=True,
    )
    instalments: tuple[Instalment, ...] = several(
        Instalment,
        "付款期次",
        hint="合同约定几期就写几段，每段从“- ”起；多余的整段删去，不够的照样复制",
        alike=True,
    )
    account: BankAccount = block("收款账户")
    late: LatePaymentTerms | None = block("迟延付款违约金", silent=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Invoicing(Clause):
    """What an invoice must carry."""

    rate: Decimal | str | None = declared(
        "税率",
        VAT_RATE,
        hint="如 6%、3%；免征增值税的写 免税；按项目分别适用几种税率的写 多种税率，"
        "各税率照抄在 stated_terms；合同没有写税率的写 未约定",
        silent=True,
        alike=True,
    )
    type: str | Missing = declared(
        "发票种类", INVOICE_TYPE, hint="增值税专用发票或普通发票，请甲方财务部门确认"
    )
    item: str | Missing = text("开票项目名称", hint="请本公司财务部门确认")
    tax_code: str | Missing = declared(
        "商品和服务税收编码", DIGITS, hint="十九位，请本公司财务部门确认"
    )
    before_payment: bool | None = declared(
        "先票后款",
        YES_NO,
        hint="甲方付款前须先开票的填 是，付款后才开票的填 否；合同没有写先后的写 未约定",
        silent=True,
        alike=True,
    )
    category: str | Missing = text("商品和服务分类简称", optional=True)
    unit: str | Missing = text("开票单位", optional=True)
    buyer_phone: str | Missing | None = declared("购买方电话", PHONE, optional=True)
    buyer_bank: str | Missing = text("购买方开户银行", optional=True)
    buyer_account: str | Missing | None = declared("购买方银行账号", DIGITS, optional=True)
    buyer_shown: str | None = declared(
        "票面展示购买方信息", choice(*SHOWN_ON_INVOICES), optional=True
    )
    seller_phone: str | Missing | None = declared("销售方电话", PHONE, optional=True)
    seller_shown: str | None = declared(
        "票面展示销售方信息", choice(*SHOWN_ON_INVOICES), optional=True
    )
    drawer: str | Missing = text("开票人", optional=True)
    payee: str | Missing = text("收款人", optional=True)
    reviewer: str | Missing = text("复核人", optional=True)

    @property
    def one_rate(self) -> Decimal | None:
        """The rate by which an amount is split; None where none is agreed, or several are."""
        return self.rate if isinstance(self.rate, Decimal) else None

    @property
    def exempt(self) -> bool:
        """Whether the sale is exempt from VAT: net is gross, and the invoice shows no tax."""
        return self.rate == 0


TERM_CONVENTIONS = ("civil_code", "inclusive")
GENERAL = "通用条款"
SHOWN_BY = (
    "资源台账",
    "可用性",
    "数据可靠性",
    "安全防护",
    "数据防护",
    "监控告警",
    "咨询工单",
    "验收材料",
    "验收",
    "验收返工",
    "联系人",
    "项目人员",
    "主要人员更换",
    "服务期",
    "合同价款",
    "到账",
    "发票",
    "问题整改",
    "监督检查",
    "第三方检查",
    "归还资料",
    "IP地址",
    "重大活动保障",
    "应急演练",
    "事件定级",
    "保密培训",
    "保密协议",
    "披露范围",
    "保密期限",
    "违约金",
    "退出",
    "切换",
    "签署生效",
    "合同份数",
    GENERAL,
)
"""The kinds of record that answer a duty by themselves; 通用条款 are named in one line."""

STANDARDS = ("技术", "服务", "安全", "商务")
"""The sorts of requirement that acceptance confirms one by one (政府采购法实施条例 第四十五条)."""


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
    copies_each: int | None = declared(
        "双方各执份数", WHOLE, unit="份", hint="双方份数相同的填", optional=True, alike=True
    )
    copies_client: int | None = declared(
        "甲方执份数", WHOLE, unit="份", hint="双方份数不同的，分别填写", optional=True, alike=True
    )
    copies_contractor: int | None = declared(
        "乙方执份数", WHOLE, unit="份", optional=True, alike=True
    )
    copies_elsewhere: int | None = declared(
        "其他单位执份数",
        WHOLE,
        unit="份",
        hint="采购代理机构、主管部门等留存的，合计",
        optional=True,
        alike=True,
    )
    text_sha256: str = text(
        "合同文本校验值",
        hint="旁边 contract.txt 的 SHA-256，由 new --from-text 写入",
        optional=True,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact(Clause):
    """The person a party has named for the project: personal data, kept out of every log."""

    name: str | Missing = text("联系人", hint="合同指派的项目联系人")
    phone: str | Missing = declared("联系电话", PHONE, hint="手机或带区号的座机")
    email: str | Missing = text("电子邮箱", hint="邮件的收件地址；可以不写", optional=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Party(Clause):
    """The client (甲方) or the contractor (乙方)."""

    name: str = text("单位全称", hint="与公章、发票抬头逐字一致")
    address: str | Missing = text("通讯地址", hint="照合同首部抄写")
    postcode: str | Missing | None = declared(
        "邮政编码", DIGITS, hint="六位数字，前面的 0 照写", silent=True
    )
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
    catalogue: str | Missing = text(
        "服务明细清单",
        hint="附件名称；合同提到而没有附的先留【待补】，没有提到清单的写 未约定",
        silent=True,
    )
    term_months: int = declared("服务期", WHOLE, unit="个月", hint="多少个月，只写数字", alike=True)
    starts_on: date | None = declared(
        "服务期首日",
        DAY,
        hint="合同写明起始日期（自2027年1月1日起）的填，当日计入；自签订起算的不填",
        optional=True,
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
    every_months: int | Missing | None = declared(
        "每几个月一份",
        WHOLE,
        unit="个月",
        hint="月报 1，季报 3，半年报 6，年报 12；整个服务期只交一份的，写服务期月数；"
        "只写定期的，要向甲方问明的先留【待补】，不问的写 未约定",
        silent=True,
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
    sealed: bool = declared(
        "是否盖章",
        YES_NO,
        hint="合同要求盖章的填 是；没有写的写 未约定，按不盖章",
        silent=True,
        alike=True,
        before=False,
    )
    chapters: tuple[str, ...] = declared(
        "章节",
        choice(*CHAPTERS[1:], *SUMMARY_CHAPTERS),
        hint="合同只要求其中几章的，写在方括号里，用逗号分开，如 [服务质量, 工单与服务请求]；"
        f"{CHAPTERS[0]}必有；{'、'.join(SUMMARY_CHAPTERS)}只有总结报告有；不填的写全部各章",
        optional=True,
        alike=True,
        before=(),
    )
    due: TimeLimit = declared(
        "提交期限",
        TIME_LIMIT,
        hint="如 每月5日前、每季度结束后15日内；合同没有写的不填",
        optional=True,
        alike=True,
        before=UNSTATED,
    )

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
class AvailabilityTarget(Clause):
    """A level of availability that is judged over each window of its own (月可用率、年可用率)."""

    name: str = text("指标名称", hint="照合同抄写，如 业务专网月可用率", alike=True)
    level: Decimal = declared(
        "要求值", PERCENTAGE, unit="%", hint="写 99.9%，不写 0.999", alike=True
    )
    window: str = declared(
        "统计周期",
        choice(*CYCLES),
        hint="每个周期分别判定；月从哪一天起算，与定期报告相同",
        alike=True,
    )
    systems: tuple[str, ...] = declared(
        "业务系统",
        TEXT,
        hint="只针对个别业务系统的，照资源台账写系统名称，如 [门户网站]；"
        "中断表写明影响其他系统的中断不计；针对整个平台的不填",
        optional=True,
        before=(),
    )


_MINUTES: Mapping[Unit | None, int] = {Unit.MINUTE: 1, Unit.HOUR: 60, Unit.DAY: 1440}


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedMaintenance(Clause):
    """How much planned maintenance does not count as an outage, in each window."""

    upto: TimeLimit = declared(
        "不计入的计划维护时长",
        TIME_LIMIT,
        hint="每个周期累计不超过多久，如 4小时内、30分钟内",
        alike=True,
    )
    window: str = declared(
        "统计周期",
        choice(*CYCLES),
        hint="超过的部分计入中断；须在中断表写原因类别计划维护和甲方同意作业的文件",
        alike=True,
    )

    @property
    def minutes(self) -> int:
        """How many minutes of each window do not count."""
        return self.upto.count * _MINUTES[self.upto.unit] if self.upto.unit in _MINUTES else 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceLevels(Clause):
    """What the service must reach.

    `availability` is a level for which the contract names no window: it is judged over each report
    and the term. `targets` have their own.
    """

    availability_name: str = text(
        "可用性指标名称",
        hint="照合同抄写，如 云平台整体可用性、业务专网月可用率；不填的称 可用性",
        optional=True,
        alike=True,
    )
    availability: Decimal | None = declared(
        "可用性",
        PERCENTAGE,
        unit="%",
        hint="合同没有写统计周期的可用性，写 99.9%，不写 0.999；"
        "按月、按年统计的写在 targets；合同没有写的写 未约定",
        silent=True,
        alike=True,
    )
    targets: tuple[AvailabilityTarget, ...] = several(
        AvailabilityTarget,
        "按周期判定的可用性指标",
        hint="合同按月、季度、半年、年分别要求的，每项指标写一段；没有的不写",
        optional=True,
        alike=True,
    )
    maintenance: PlannedMaintenance | None = block(
        "不计入的计划维护",
        hint="合同写明每月、每年若干小时以内的计划维护不计入的才写",
        optional=True,
    )
    durability: Decimal | None = declared(
        "数据可靠性",
        PERCENTAGE,
        unit="%",
        hint="写 99.9999%，不写 0.999999",
        silent=True,
        alike=True,
    )
    measurement: str | Missing = text(
        "统计口径",
        hint="可用性的统计周期、范围和免责情形，要向甲方问明的先留【待补】；合同没有写的写 未约定",
        silent=True,
        alike=True,
    )
    incident_grading: str | Missing = text(
        "事件分级标准",
        hint="分级标准及其出处，要向甲方问明的先留【待补】；合同没有分级的写 未约定",
        silent=True,
        alike=True,
    )

    @property
    def levels_set(self) -> bool:
        """Whether the contract sets any level of availability."""
        return self.availability is not None or bool(self.targets)


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptanceTerms(Clause):
    """How the client accepts the work."""

    period: TimeLimit = declared(
        "验收期限", TIME_LIMIT, hint="如 收到验收通知后5个工作日内", alike=True
    )
    rework: TimeLimit = declared(
        "返工期限", TIME_LIMIT, hint="验收不合格的，如 5个工作日内", alike=True
    )
    lapse: str = text(
        "逾期未验收的后果",
        hint="照合同抄写，如 仅视为外观验收；工具一律不当作验收通过",
        optional=True,
        alike=True,
    )
    materials: str = text("验收材料", hint="照合同抄写", silent=True, alike=True)
    interim_procedure: str | Missing = text(
        "中期验收办法",
        hint="程序、材料和期限，合同没有写的先留【待补】；没有中期验收的写 未约定",
        silent=True,
        alike=True,
    )
    public_procurement: bool | None = declared(
        "政府采购",
        YES_NO,
        hint="属于政府采购的填 是，验收书和履约验收方案据此写明法规依据；不属于的不填",
        optional=True,
        alike=True,
    )
    performance_bond: str = declared(
        "履约保证金",
        TEXT,
        hint="照合同抄写金额、形式和退还条件；合同没有约定的写 未约定；不填的，文件不提",
        optional=True,
        before="",
        unsaid=SILENT,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice(Clause):
    """One notice that a party owes the other, and when."""

    period: TimeLimit = declared(
        "期限",
        TIME_LIMIT,
        hint="如 提前10个工作日、不可抗力发生后15日内；只写及时的写 原文“及时”",
        alike=True,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Notices(Record):
    """The notice periods of the contract, each with its own article."""

    key_staff: Notice | None = block("主要人员更换通知", silent=True)
    exit: Notice | None = block("退出申请", silent=True)
    force_majeure: Notice | None = block("不可抗力证明", silent=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Confidentiality(Clause):
    """The duty of confidence and how long it outlives the contract."""

    period: TimeLimit = declared(
        "保密期限",
        TIME_LIMIT,
        hint="如 自合同终止起10年；不因合同终止而终止的写 没有期限",
        alike=True,
    )
    quoted_scope_limit: str = text(
        "披露范围原文", hint="照合同抄写，保密协议引用它", silent=True, alike=True
    )
    scope_article: str = text("披露范围条款", hint="不填的按本块条款", optional=True, alike=True)
    agreement_article: str = text(
        "签署保密协议条款",
        hint="合同要求项目人员签署保密协议的才填；没有要求的，保密协议和签署情况不列入计划",
        optional=True,
        alike=True,
    )
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

    switch_over: TimeLimit = declared(
        "切换期上限",
        TIME_LIMIT,
        hint="服务期满后配合迁移、切换的最长时间，如 服务期届满后3个月内",
        alike=True,
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
class ContractorExit(Clause):
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
    standard: str = declared(
        "验收标准",
        choice(*STANDARDS),
        hint="属哪一类验收标准，验收书按此逐项列出；不填的，乙方的约定列入商务，其他不列",
        optional=True,
        alike=True,
    )
    papers: str = text(
        "应备材料",
        hint="没有运行记录可凭的约定，验收时由谁提供什么，如 乙方提供软件授权清单；"
        "印在验收方案和验收书",
        optional=True,
    )


CONCERNS = ("付款", "结算", "服务", "保密")
"""In the documents about what a term is told that nobody reckons."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StatedTerm(Clause):
    """A term that is told in the contract's words and from which nothing is reckoned.

    Members and shares of a consortium, bonds, tariffs and bands of penalties, times of response
    and recovery, several rates: no penalty is ever computed.
    """

    subject: str = text("事项", hint="如 违约金标准、履约担保、响应和恢复时限、联合体分工")
    words: str = text("合同约定", hint="照合同抄写；印在所涉文件的说明中")
    concerns: str = declared(
        "所涉文件",
        choice(*CONCERNS),
        hint="付款 付款申请、结算；结算 只印在结算对账单；服务 报告",
    )
    evidence: str = text("履行依据", hint="如 履约保函（编号、日期）；没有的不填", optional=True)


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
    service_levels: ServiceLevels = block(
        "服务等级", hint="没有可用性、可靠性等任何要求的", silent=True
    )
    payment: PaymentTerms = block("合同价款与付款")
    invoicing: Invoicing = block("发票", silent=True)
    acceptance: AcceptanceTerms = block("验收", silent=True)
    notices: Notices = block("通知期限", silent=True)
    confidentiality: Confidentiality | None = block("保密", silent=True)
    cessation: Cessation = block("服务期满与切换", silent=True)
    exit: ContractorExit | None = block("退出", hint="乙方在服务期内提前退出的才填", optional=True)
    duties: tuple[Duty, ...] = several(
        Duty,
        "合同履约对照",
        hint="逐条列出约定内容和责任方，年度总结据此印合同履约对照表；可以先空着",
        optional=True,
        alike=True,
    )
    stated_terms: tuple[StatedTerm, ...] = several(
        StatedTerm,
        "只载明、不计算的约定",
        hint="违约金标准、考核分档、履约担保、响应时限等，逐条照抄；工具不据此计算金额",
        optional=True,
    )
    discrepancies: tuple[Discrepancy, ...] = several(
        Discrepancy,
        "合同文本的出入及处理",
        hint="合同没有写明、自相矛盾或文字有误之处，逐条写；没有的空着",
        optional=True,
    )

    @property
    def owes_agreements(self) -> bool:
        """Whether everybody on the project has to sign an agreement of confidence."""
        return self.confidentiality is not None and bool(self.confidentiality.agreement_article)

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


def counted_from(contract: Contract) -> tuple[date, Convention]:
    """Return the day from which the term is counted, and whether that day is its first.

    A first day that the contract names is; the day of signing is not, unless contract.yaml says so.
    """
    service = contract.service
    if service.starts_on is not None:
        return service.starts_on, Convention.INCLUSIVE
    stated = service.term_convention or Convention.CIVIL_CODE
    return contract.identity.signed_on, Convention(stated)


def in_full(contract: Contract) -> Contract:
    """Return the contract with every instalment that recurs written out, period by period.

    Later instalments move on. What the term cannot be divided into stays as it is written.
    """
    payment = contract.payment
    if not any(item.each for item in payment.instalments):
        return contract
    written: list[Instalment] = []
    for item in payment.instalments:
        before = len(written) - item.number + 1  # how far the periods before have moved it
        parts = _periods(contract, item)
        if not parts:
            written.append(replace(item, number=item.number + before))
        for nth, period in enumerate(parts, 1):
            name = f"{_period_name(item.each or '', nth, period)}{item.name}"
            number = item.number + before + nth - 1
            written.append(
                replace(item, number=number, name=name, period=period, nth=nth,
                        written_name=item.name)
            )  # fmt: skip
    return replace(contract, payment=replace(payment, instalments=tuple(written)))


def _periods(contract: Contract, item: Instalment) -> tuple[Period, ...]:
    start, convention = counted_from(contract)
    months, cycle = contract.service.term_months, CYCLES.get(item.each or "", 0)
    if not cycle or months < 1 or months % cycle:
        return ()
    return divide(start, months, months // cycle, convention)


def _period_name(cycle: str, nth: int, period: Period) -> str:
    """Return 2026年7月 for a calendar month, else 第3月, 第2季度."""
    if cycle == "月" and period.first.day == 1:
        return f"{period.first.year}年{period.first.month}月"
    return f"第{nth}{'期' if cycle == '半年' else cycle}"


def amounts_of(payment: PaymentTerms) -> tuple[Decimal, ...]:
    """Return what each instalment comes to, in yuan (第六条第2款).

    A stated amount stands, less what is withheld of it. The plan for small enterprises states
    ratios only. Raises ValueError where an amount is not known.
    """
    sme = payment.plan == "sme"
    items = payment.instalments
    stated = [
        None if sme or item.amount is None else less_withheld(item.amount, item.withheld)
        for item in items
    ]
    ratios = [item.sme_ratio if sme else item.ratio for item in items]
    return amounts(payment.total, stated, ratios, [None if sme else item.up_to for item in items])


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
            "{path} ({label}) is missing: “{reason}”",
            path=path,
            label=declaration.label,
            reason=missing.reason,
        ),
        say("find it out and write it in place of the gap; until then documents print 【待补】"),
    )
