"""Plans, records and slips of the year: rows of letters.xlsx, with what people wrote in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from deliverables.model.letters_sheets import RECEIVED, SENT, Letter, LetterFact, LetterItem

Item = tuple[str, str, str, str, str]
"""名称、内容、日期、数量、备注 as they are written; empty where a cell is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """A letter of ours, with its facts and its list."""

    number: str
    kind: str
    day: str
    delivered: str
    subject: str
    our_number: str = ""
    about: str = ""
    answers: str = ""
    enclosures: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    items: tuple[Item, ...] = ()
    evidence: str = "项目经理确认单（示例文件）"

    def letter(self) -> Letter:
        """Return its row of 函件."""
        return Letter(
            number=self.number,
            direction=SENT,
            kind=self.kind,
            day=date.fromisoformat(self.day),
            delivered=date.fromisoformat(self.delivered) if self.delivered else None,
            subject=self.subject,
            our_number=self.our_number,
            about=self.about,
            answers=self.answers,
            enclosures=self.enclosures,
            evidence="发文登记及签收回执" if self.delivered else "",
        )

    def told(self) -> Iterator[LetterFact]:
        """Yield its rows of 函件事项."""
        for item, content in self.facts.items():
            yield LetterFact(number=self.number, item=item, content=content, evidence=self.evidence)

    def listed(self) -> Iterator[LetterItem]:
        """Yield its rows of 函件明细."""
        for order, (name, content, day, quantity, remark) in enumerate(self.items, 1):
            yield LetterItem(
                number=self.number,
                order=Decimal(order),
                name=name,
                content=content,
                day=date.fromisoformat(day) if day else None,
                quantity=Decimal(quantity) if quantity else None,
                remark=remark,
                evidence=self.evidence,
            )


_EMERGENCY_PLAN = Paper(
    number="HJ-11",
    kind="应急预案",
    day="2026-08-06",
    delivered="2026-08-10",
    subject="报送云平台应急预案",
    facts={
        "适用范围": "云平台机房、计算、存储、网络发生故障或者遭受攻击，影响甲方业务系统使用的，"
        "适用本预案。\n"
        "业务系统自身的故障按甲方的应急预案处置，我公司配合。",
        "组织和职责": "项目经理任总指挥，决定启动和解除，负责向甲方报告。\n"
        "技术负责人组织技术处置；安全运维工程师负责取证和安全判断；"
        "存储与备份工程师负责数据恢复。\n"
        "监控值守工程师全天值守，发现异常立即电话报告技术负责人。",
        "风险分析": "汇聚层网络设备和存储控制器部件失效是已经发生过的风险，影响范围大，列为重点。\n"
        "机房单路供电、互联网出口链路中断尚未演练，列入本年度演练。",
        "监测和报告": "影响甲方业务的，发现后15分钟内电话报告甲方联系人，1小时内报送书面简报，"
        "恢复后3个工作日内报送事件报告。\n"
        "疑似网络攻击、数据泄露的，同时按甲方要求配合向主管部门报告。",
        "分级处置": "单台设备故障：值守人员切换备件或者备机，通知技术负责人。\n"
        "一个集群或者存储池不可用：总指挥启动预案，技术组现场处置，每30分钟向甲方通报一次。\n"
        "出口或者机房中断：总指挥与甲方商定业务优先次序，按次序恢复。",
        "恢复和验证": "按甲方确认的业务优先次序恢复；从备份恢复的数据，"
        "由业务系统服务商核对后交付使用。\n"
        "恢复后连续观察4小时，无异常方解除应急状态。",
        "演练和修订": "每半年至少演练一次，演练方案报甲方确认。\n"
        "演练或者事件暴露问题的，10个工作日内修订本预案并重新报送。",
    },
)

_DRILL_PLAN = Paper(
    number="HJ-12",
    kind="演练方案",
    day="2026-09-08",
    delivered="2026-09-09",
    subject="报送互联网出口链路中断切换演练方案",
    facts={
        "演练名称": "互联网出口链路中断切换演练",
        "演练日期": "2026-09-16",
        "演练地点": "甲方所用政务云机房、我公司监控中心",
        "总指挥": "S001",
        "演练场景": "互联网出口流量切换至备用链路，断开主用链路，验证后回切。",
        "参演人员": "我公司网络、安全、监控值守共6人；甲方项目联系人观摩；业务系统服务商验证访问。",
        "风险控制和回退": "演练在业务低峰时段进行，演练前一日备份出口设备配置。\n"
        "切换后业务访问异常的，立即接回主用链路，终止演练。",
        "评估办法": "以业务访问是否中断、切换步骤与预案是否一致、通知是否到位三项评估。",
    },
    items=(
        ("演练启动", "总指挥宣布开始，值守记录时间", "", "", "总指挥"),
        ("切换备用链路", "调整路由，出口流量转至备用链路", "", "", "网络运维工程师"),
        ("断开主用链路", "关闭主用出口端口，监控系统告警", "", "", "网络运维工程师"),
        ("验证业务访问", "业务系统服务商逐一验证，结果报总指挥", "", "", "技术负责人"),
        ("回切和总结", "恢复主用链路，核对配置，现场讲评", "", "", "总指挥"),
    ),
)

_DRILL_RECORD = Paper(
    number="HJ-13",
    kind="演练记录",
    day="2026-09-18",
    delivered="2026-09-21",
    subject="报送互联网出口链路中断切换演练记录",
    about="互联网出口链路中断切换演练",
    facts={
        "演练地点": "甲方所用政务云机房、我公司监控中心",
        "总指挥": "S001",
        "记录人": "S008",
        "参演单位": "我公司、甲方、业务系统服务商",
    },
    items=(
        ("演练启动", "总指挥宣布开始，参演人员到位", "2026-09-16", "", "20:00"),
        ("切换备用链路", "人工调整路由，流量转至备用链路", "2026-09-16", "", "20:05"),
        ("断开主用链路", "关闭主用出口端口，监控系统即时告警", "2026-09-16", "", "20:09"),
        ("验证业务访问", "各业务系统访问正常，演练期间未中断", "2026-09-16", "", "20:21"),
        ("回切和总结", "恢复主用链路，核对配置一致，现场讲评", "2026-09-16", "", "20:50"),
    ),
    evidence="演练方案及总结",
)

_EVENT_PLAN = Paper(
    number="HJ-14",
    kind="重大活动保障方案",
    day="2026-09-18",
    delivered="2026-09-21",
    subject="报送国庆节保障方案",
    facts={
        "活动名称": "国庆节",
        "保障开始": "2026-10-01",
        "保障结束": "2026-10-08",
        "负责人": "S001",
        "保障目标和重点": "节日期间平台不发生影响甲方业务的中断和安全事件。\n"
        "重点是互联网出口、存储池和安全防护设备。",
        "活动前检查": "9月28日前完成机房、网络、存储、备份和安全设备专项巡检，问题当日整改。\n"
        "核对备件、联系人名单和备用链路。",
        "变更管控": "9月29日至10月8日不实施计划变更；紧急变更经甲方同意后实施。",
        "值守和报告": "每日四人两班，现场和监控中心各有人值守，值守安排见值守表。\n"
        "每日17时前向甲方报平安，异常情况即时报告。",
        "应急处置": "按云平台应急预案处置；项目经理、技术负责人节日期间保持电话畅通，1小时内到场。",
    },
)


def _watch() -> Iterator[Item]:
    turns = (
        ("S001", "白班 8:00—20:00"), ("S005", "白班 8:00—20:00"),
        ("S008", "夜班 20:00—8:00"), ("S010", "夜班 20:00—8:00"),
    )  # fmt: skip
    others = (
        ("S002", "白班 8:00—20:00"), ("S004", "白班 8:00—20:00"),
        ("S003", "夜班 20:00—8:00"), ("S006", "夜班 20:00—8:00"),
    )  # fmt: skip
    for number in range(8):
        day = (date(2026, 10, 1) + timedelta(days=number)).isoformat()
        for who, shift in (turns, others)[number % 2]:
            yield who, shift, day, "", ""


_WATCH_ROSTER = Paper(
    number="HJ-15",
    kind="值守表",
    day="2026-09-18",
    delivered="2026-09-21",
    subject="报送国庆节值守表",
    facts={
        "活动名称": "国庆节",
        "值守地点": "政务云机房、我公司监控中心",
        "值守电话": "010-00000000",
        "负责人": "S001",
    },
    items=tuple(_watch()),
    evidence="值守安排表（示例文件）",
)

_RECTIFICATION = Paper(
    number="HJ-17",
    kind="整改报告",
    day="2026-12-14",
    delivered="2026-12-15",
    subject="报告运维管理检查整改情况",
    our_number="示例函〔2026〕21号",
    answers="HJ-16",
    enclosures="整改记录、权限复核清单",
    facts={
        "原因分析": "离岗人员账号由人工逐项注销，没有与人员变动关联；值守交接单没有固定格式。",
        "防止再次发生的措施": "人员变动由项目经理发起，账号当日注销，次月复核一次。\n"
        "值守交接单统一格式，交接双方签字。",
        "后续安排": "机房门禁记录的归集在12月底前完成，结果写入第三季度报告。",
    },
    items=(
        ("一个离岗人员账号未及时注销", "账号已注销，全部账号复核一遍", "2026-12-03", "", ""),
        ("值守交接记录不完整", "启用统一格式的交接单，补齐缺项", "2026-12-08", "", ""),
        ("门禁记录分散保存", "正在归集到监控中心统一保存", "", "", "WT-13"),
    ),
    evidence="整改记录（示例文件）",
)

_SECURITY_CHECK = Paper(
    number="HJ-18",
    kind="第三方安全检查情况说明",
    day="2027-01-20",
    delivered="2027-01-21",
    subject="说明云平台第三方安全检查情况",
    our_number="示例函〔2027〕21号",
    enclosures="云平台网络安全检查报告",
    facts={
        "检查机构": "某检测机构（示例）",
        "检查开始": "2026-12-07",
        "检查结束": "2026-12-18",
        "检查范围": "云平台物理、计算、存储、网络资源和管理平台",
        "报告名称": "云平台网络安全检查报告",
        "报告编号": "示例检〔2027〕3号",
        "报告日期": "2027-01-08",
        "检查结论": "通过，另列两项建议整改事项",
        "后续安排": "审计日志存储的扩容在2月底前完成，结果写入季度报告。",
    },
    items=(
        ("管理平台口令策略偏弱", "口令长度和更换周期已调整", "2027-01-12", "", ""),
        ("审计日志留存空间不足", "扩容设备已到货，正在安装", "", "", "WT-14"),
    ),
    evidence="云平台网络安全检查报告（示例文件）",
)

_SWITCH_OVER = Paper(
    number="HJ-19",
    kind="迁移切换方案",
    day="2027-03-15",
    delivered="2027-03-17",
    subject="报送期满迁移切换方案",
    facts={
        "切换开始": "2027-04-30",
        "切换结束": "2027-06-30",
        "接收单位": "甲方指定的云服务商（待甲方书面明确）",
        "负责人": "S002",
        "迁移步骤": "按业务系统分批迁移，先测试系统、后生产系统，每批之间观察3天。\n"
        "每批迁移前与甲方、接收单位、业务系统服务商确认时间和停机窗口。",
        "数据移交和核验": "云主机镜像、数据库和文件分别导出，移交清单逐项列明大小和校验值。\n"
        "接收方恢复后，由业务系统服务商核对，三方签字确认。",
        "风险和回退": "每批迁移保留原环境，核对不一致或者业务不能恢复的，切回原环境。",
        "数据清除和资料返还": "全部业务系统切换确认后，经甲方书面同意清除平台上的甲方数据，"
        "出具清除记录。\n"
        "保密资料按甲方书面通知返还。",
        "费用": "切换期及其费用由双方商议确定。",
    },
)

_SLIP = Paper(
    number="HJ-20",
    kind="材料签收单",
    day="2026-08-12",
    delivered="2026-08-13",
    subject="提交第一季度报告和应急预案",
    items=(
        ("第一季度报告", "", "2026-08-10", "1", ""),
        ("云平台应急预案", "", "2026-08-06", "2", ""),
    ),
    evidence="发文登记",
)

_TRAINING = Paper(
    number="HJ-21",
    kind="保密教育签到表",
    day="2026-05-14",
    delivered="2026-05-15",
    subject="保密与数据安全专项培训",
    facts={
        "培训日期": "2026-05-14",
        "培训地点": "我公司会议室",
        "讲解人": "S001",
        "培训内容": "甲方保密信息的范围、合同保密义务、泄密的法律责任和数据安全要求",
    },
    items=(
        ("何𠮷祥", "技术负责人", "", "", ""),
        ("阿卜杜拉·买买提", "云平台运维工程师", "", "", ""),
        ("苏婉清", "安全运维工程师", "", "", ""),
        ("程若川", "网络运维工程师", "", "", ""),
        ("罗海宁", "存储与备份工程师", "", "", ""),
        ("韩雪梅", "服务台工程师", "", "", ""),
        ("田野", "监控值守工程师", "", "", ""),
        ("Anna Kowalska", "架构顾问", "", "", ""),
        ("冯嘉树", "监控值守工程师", "", "", ""),
        ("马向荣", "机房巡检工程师", "", "", ""),
    ),
    evidence="培训签到表",
)

_RETURN = Paper(
    number="HJ-23",
    kind="保密资料返还清单",
    day="2027-05-17",
    delivered="2027-05-18",
    subject="返还保密资料",
    answers="HJ-22",
    facts={"返还日期": "2027-05-17", "留存情况": "我公司未复制留存上述资料。"},
    items=(
        ("网络拓扑和地址规划", "纸质", "", "2", ""),
        ("业务系统部署清单", "光盘，电子表格", "", "1", ""),
        ("门禁卡和授权书", "实物", "", "6", ""),
    ),
    evidence="资料交接登记（示例文件）",
)

_CONTACT = Paper(
    number="HJ-24",
    kind="联系人变更函",
    day="2027-05-27",
    delivered="2027-05-28",
    subject="变更项目联系人",
    our_number="示例函〔2027〕22号",
    facts={"变更日期": "2027-06-01", "新联系人": "韩雪梅", "新联系电话": "010-00000000"},
)

_MONITORING = Paper(
    number="HJ-31",
    kind="监控报告",
    day="2026-09-02",
    delivered="2026-09-03",
    subject="报送2026年8月监控情况",
    facts={"起始日期": "2026-08-01", "截止日期": "2026-08-31"},
)

_MINUTES = Paper(
    number="HJ-32",
    kind="会议纪要",
    day="2027-02-03",
    delivered="2027-02-05",
    subject="第三服务季度运行例会",
    facts={
        "会议议题": "第三服务季度运行情况和下一季度安排",
        "会议日期": "2027-02-03",
        "会议地点": "甲方会议室",
        "主持人": "甲方项目联系人",
        "甲方参加人员": "甲方项目联系人、业务系统负责人共3人",
        "乙方参加人员": "乙方项目联系人、技术负责人、网络运维工程师共3人",
        "记录人": "乙方项目联系人",
    },
    items=(
        ("防火墙策略变更", "策略变更一律双人复核，先在备机验证，变更前一个工作日告知甲方",
         "2027-02-10", "", "乙方"),
        ("监控报告频率", "附件一取得前，乙方继续每月报送一次监控报告，内容和格式不变",
         "2027-03-05", "", "乙方"),
        ("附件一", "甲方提供盖章版附件一，由双方核对服务项目和数量", "2027-03-31", "", "甲方"),
    ),
    evidence="会议签到表和记录（示例文件）",
)  # fmt: skip

_CORRECTION = Paper(
    number="HJ-28",
    kind="更正函",
    day="2026-09-11",
    delivered="2026-09-14",
    subject="更正2026年8月监控报告的告警数",
    about="monitor_report-HJ-31",
    items=(
        ("次要告警", "164条，已恢复164条", "", "", "162条，已恢复162条"),
        ("告警合计", "484条，已恢复483条", "", "", "482条，已恢复481条"),
    ),
    evidence="告警核对记录（示例文件）",
)
"""Printed once the register has that report withdrawn."""

_SUPPLEMENT = Paper(
    number="HJ-27",
    kind="补充协议",
    day="2027-03-05",
    delivered="2027-03-09",
    subject="商定往来文件的送达方式",
    facts={"签订事由": "原合同未约定往来文件的送达方式"},
    items=(
        ("第三条第6款", "验收通知以书面形式送达，以签收回执所载日期为收到日期。", "", "", ""),
        ("第四条第1款、第2款",
         "往来文件送交对方项目联系人签收；变更联系人的，自书面通知送达之日起送交新联系人。",
         "", "", ""),
    ),
    evidence="协议商谈记录（示例文件）",
)  # fmt: skip

_SURVEY = Paper(
    number="HJ-25",
    kind="满意度调查问卷",
    day="2027-03-29",
    delivered="2027-03-30",
    subject="发放年度满意度调查问卷",
    facts={"调查期间": "本服务期内", "收回日期": "2027-04-12"},
)

_ACCEPTANCE_PLAN = Paper(
    number="HJ-26",
    kind="履约验收方案",
    day="2027-04-14",
    delivered="2027-04-16",
    subject="建议履约验收方案",
    facts={
        "验收组织": "由甲方信息化部门牵头，业务系统使用部门和财务部门各派一人组成验收小组。",
        "时间安排": "收到验收通知后第二个工作日召开验收会，第五个工作日前出具验收书。",
        "验收方式": "审阅材料，抽查运行记录和工单，对使用部门发放满意度问卷。",
    },
)

_PAPERS = (
    _TRAINING, _EMERGENCY_PLAN, _SLIP, _DRILL_PLAN, _DRILL_RECORD, _EVENT_PLAN, _WATCH_ROSTER,
    _RECTIFICATION, _SECURITY_CHECK, _SWITCH_OVER, _RETURN, _CONTACT,
    _MONITORING, _MINUTES, _CORRECTION, _SUPPLEMENT, _SURVEY, _ACCEPTANCE_PLAN,
)  # fmt: skip


def _received(  # noqa: PLR0917  # in the order of the columns
    number: str, kind: str, day: date, subject: str, their: str, by: date | None = None
) -> Letter:
    return Letter(
        number=number,
        direction=RECEIVED,
        kind=kind,
        day=day,
        subject=subject,
        their_number=their,
        their_day=day,
        reply_by=by,
        evidence="来函原件（示例文件）",
    )


def letters() -> tuple[Letter, ...]:
    """Return the rows of 函件, with the letters that some of them answer."""
    asked = (
        _received("HJ-16", "检查整改意见", date(2026, 12, 1), "政务云运维管理检查",
                  "示例发〔2026〕34号", date(2026, 12, 15)),
        _received("HJ-22", "返还通知", date(2027, 5, 10), "返还保密资料", "示例发〔2027〕12号"),
    )  # fmt: skip
    return (*asked, *(one.letter() for one in _PAPERS))


def facts() -> tuple[LetterFact, ...]:
    """Return the rows of 函件事项."""
    return tuple(row for one in _PAPERS for row in one.told())


def items() -> tuple[LetterItem, ...]:
    """Return the rows of 函件明细."""
    return tuple(row for one in _PAPERS for row in one.listed())
