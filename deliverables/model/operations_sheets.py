"""What happened in one service quarter: the sheets of operations/Qn.xlsx, declared once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from deliverables.model.fields import (
    DAY,
    DECIMAL,
    MOMENT,
    MONTH,
    PERCENTAGE,
    WHOLE,
    YES_NO,
    Record,
    Row,
    choice,
    declared,
    rows_known,
    sheet,
    sheets,
    text,
)
from deliverables.values.figure import Source
from deliverables.values.period_names import ALL_NAMES

RESOURCE_KINDS = ("云主机", "vCPU", "内存", "存储", "带宽", "IP地址", "VPN账号", "堡垒机账号")
ALARM_LEVELS = ("紧急", "主要", "次要", "警告")
TICKET_TYPES = ("需求处理", "故障处理", "咨询", "其他")
CAUSES = ("硬件", "软件", "网络", "电力", "人为", "计划维护", "外部")
UNGRADED = "未定级"
INCIDENT_GRADES = ("A", "B", "C", "D", UNGRADED)
SECURITY_KINDS = ("高危漏洞", "中危漏洞", "低危漏洞", "攻击拦截", "安全事件", "平台加固")
CHAPTERS = (
    "概述",
    "服务范围与资源台账",
    "资源使用情况",
    "服务质量",
    "监控与告警",
    "工单与服务请求",
    "事件与故障",
    "变更",
    "巡检",
    "备份与恢复",
    "安全",
    "IP地址分配管理",
    "应急演练与重保值守",
    "人员与保密",
    "问题与改进",
)
"""The chapters of a report, in order; a summary has others behind them."""
SUMMARY_CHAPTERS = ("各期趋势", "资源与费用使用情况", "验收自评")
"""The chapters that only a summary has, behind the others, in order."""


def listed_in(cell: str) -> tuple[str, ...]:
    """Return the names or numbers that a cell lists with 、 between them, or a comma."""
    return tuple(filter(None, (name.strip() for name in re.split("[、，,；;]", cell))))


@dataclass(frozen=True, kw_only=True, slots=True)
class Cover(Record):
    """The facts of the 说明 sheet: which quarter, whether sample data, who answers for it."""

    quarter: int = declared("服务季度", WHOLE, hint="本合同的第几期，如 2", also=ALL_NAMES)
    first_day: date = declared("起始日期", DAY)
    last_day: date = declared("截止日期", DAY)
    sample: bool = declared("示例数据", YES_NO, hint="示例数据生成的文件每页印“示例”，不能定稿")
    prepared_by: str = text("编制", optional=True)
    reviewed_by: str = text("审核", optional=True)
    approved_by: str = text("批准", optional=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Paragraph:
    """A paragraph that a person wrote for one chapter of the report."""

    chapter: str
    text: str
    source: Source


@dataclass(frozen=True, kw_only=True, slots=True)
class Resource(Row):
    """资源台账: stock of one resource of one business system over the quarter."""

    sheet: ClassVar[str] = "资源台账"
    purpose: ClassVar[str] = "每个业务系统每类资源一行；期初＋新增－回收＝期末，期初等于上期期末"

    system: str = text("业务系统")
    kind: str = declared("资源类别", choice(*RESOURCE_KINDS))
    specification: str = text("规格", hint="如 高性能存储、容量型存储；没有可不填", optional=True)
    unit: str = text("单位", hint="台、核、GB、Mb、个")
    opening: Decimal = declared("期初", DECIMAL)
    added: Decimal = declared("新增", DECIMAL)
    released: Decimal = declared("回收", DECIMAL)
    closing: Decimal = declared("期末", DECIMAL)
    contracted: Decimal | None = declared("合同量", DECIMAL, optional=True, hint="合同约定数量")


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage(Row):
    """资源使用: how one host was used in one month."""

    sheet: ClassVar[str] = "资源使用"
    purpose: ClassVar[str] = "每台云主机每月一行"

    month: date = declared("月份", MONTH)
    system: str = text("业务系统")
    host: str = text("主机名称")
    vcpu: int = declared("vCPU", WHOLE, unit="核")
    memory: Decimal = declared("内存", DECIMAL, unit="GB")
    storage: Decimal = declared("存储", DECIMAL, unit="GB")
    cpu_average: Decimal = declared("CPU平均使用率", PERCENTAGE, unit="%")
    cpu_peak: Decimal = declared("CPU峰值使用率", PERCENTAGE, unit="%")
    memory_average: Decimal = declared("内存平均使用率", PERCENTAGE, unit="%")
    memory_peak: Decimal = declared("内存峰值使用率", PERCENTAGE, unit="%")
    storage_used: Decimal = declared("存储已用", DECIMAL, unit="GB")


@dataclass(frozen=True, kw_only=True, slots=True)
class Outage(Row):
    """中断: one interruption of the platform; overlapping ones are merged, never added twice.

    All of them count (第三条第3款 excludes nothing) but those of which both sides agreed in
    writing that they do not; that the client consented to the work is another matter. Why it broke
    down and what was done is typed without a day: it is known once the service is restored.
    """

    sheet: ClassVar[str] = "中断"
    purpose: ClassVar[str] = "每次中断一行；时间按北京时间，开始时间计入、恢复时间不计入"

    number: str = text("编号")
    started: datetime = declared("开始时间", MOMENT)
    ended: datetime = declared("恢复时间", MOMENT)
    scope: str = text("影响范围")
    affected_hosts: int | None = declared("受影响主机数", WHOLE, unit="台", optional=True)
    total_hosts: int | None = declared("主机总数", WHOLE, unit="台", optional=True)
    cause_kind: str = declared("原因类别", choice(*CAUSES))
    cause: str = text("原因", known_on=("ended",))
    action: str = text("处理措施", known_on=("ended",))
    work_agreed: str = text(
        "甲方同意作业",
        hint="甲方书面同意这次作业（如计划维护）的文件名称或文号；只是同意作业，不等于同意不计入",
        optional=True,
    )
    exclusion: str = text(
        "同意不计入",
        hint="双方书面约定这次中断不计入可用性的文件名称或文号；没有书面约定的留空，一律计入",
        optional=True,
    )
    excluded_on: date | None = declared(
        "同意不计入日期", DAY, hint="该书面约定形成之日；此前出具的文件仍按计入", optional=True
    )
    systems: str = text(
        "业务系统",
        hint="受影响的业务系统，名称与资源台账一致，多个用“、”隔开；影响全部或者分不清的留空",
        optional=True,
    )

    @property
    def touched(self) -> tuple[str, ...]:
        """The business systems that it is put down to; none where it hit all, or nobody can say."""
        return listed_in(self.systems)

    def excluded_by(self, day: date) -> bool:
        """Whether both sides had agreed in writing by the day that it does not count."""
        return bool(self.exclusion) and self.excluded_on is not None and self.excluded_on <= day


@dataclass(frozen=True, kw_only=True, slots=True)
class Durability(Row):
    """数据可靠性: what was observed about stored data in one month."""

    sheet: ClassVar[str] = "数据可靠性"
    purpose: ClassVar[str] = "每月每类存储一行；只记录观测事实，不填可靠性百分比"

    month: date = declared("月份", MONTH)
    storage: str = text("存储类别")
    capacity: Decimal = declared("在用容量", DECIMAL, unit="TB")
    scheme: str = text("冗余方案", hint="如 三副本、纠删码4+2")
    design_value: str = text("设计值", hint="厂商文件载明的设计可靠性", optional=True)
    design_evidence: str = text("设计值依据", optional=True)
    loss_events: int = declared("数据丢失事件", WHOLE, unit="起")
    integrity_checks: int = declared("完整性校验", WHOLE, unit="次")
    integrity_failures: int = declared("校验未通过", WHOLE, unit="次")


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm(Row):
    """告警: one alarm of the monitoring system."""

    sheet: ClassVar[str] = "告警"
    purpose: ClassVar[str] = "每条告警一行；未恢复的恢复时间留空"

    number: str = text("编号")
    raised: datetime = declared("告警时间", MOMENT)
    cleared: datetime | None = declared("恢复时间", MOMENT, optional=True, known_on=("cleared",))
    level: str = declared("级别", choice(*ALARM_LEVELS))
    kind: str = text("类别", hint="如 计算、存储、网络、安全")
    target: str = text("告警对象")


@dataclass(frozen=True, kw_only=True, slots=True)
class Ticket(Row):
    """工单: one request of the client; on time when closed within the promised hours."""

    sheet: ClassVar[str] = "工单"
    purpose: ClassVar[str] = "每张工单一行；未办结的办结时间留空"

    number: str = text("编号")
    opened: datetime = declared("受理时间", MOMENT)
    closed: datetime | None = declared("办结时间", MOMENT, optional=True, known_on=("closed",))
    kind: str = declared("类型", choice(*TICKET_TYPES))
    promised_hours: Decimal = declared("承诺时限", DECIMAL, unit="小时")
    system: str = text("业务系统")
    subject: str = text("摘要")
    responded: datetime | None = declared(
        "响应时间",
        MOMENT,
        hint="第一次答复甲方的时间；没有记录的留空",
        optional=True,
        known_on=("responded",),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Incident(Row):
    """事件: one incident or fault and what was done about it, known once it is over."""

    sheet: ClassVar[str] = "事件"
    purpose: ClassVar[str] = "每起事件一行；合同未附分级标准时级别填“未定级”"
    known_on: ClassVar[tuple[str, ...]] = ("started",)

    number: str = text("编号")
    grade: str = declared("级别", choice(*INCIDENT_GRADES))
    started: datetime = declared("发生时间", MOMENT)
    ended: datetime | None = declared("恢复时间", MOMENT, optional=True, known_on=("ended",))
    title: str = text("事件名称")
    impact: str = text("影响")
    cause: str = text("原因", known_on=("ended",))
    action: str = text("处理及改进措施", known_on=("ended",))
    outage: str = text("关联中断编号", optional=True)
    responded: datetime | None = declared(
        "响应时间",
        MOMENT,
        hint="开始处置的时间；没有记录的留空",
        optional=True,
        known_on=("responded",),
    )
    cause_kind: str | None = declared("原因类别", choice(*CAUSES), optional=True)
    systems: str = text("涉及系统", hint="受影响的平台部件或业务系统", optional=True)
    major: bool | None = declared(
        "重大事件", YES_NO, hint="填“是”的，报告附一页事件专报", optional=True
    )
    timeline: str = text(
        "处置经过",
        hint="按时间先后，每步写明时刻，以“；”隔开；重大事件应填",
        optional=True,
        known_on=("ended",),
    )
    prevention: str = text(
        "防范措施",
        hint="防止同类事件再次发生的措施；重大事件应填",
        optional=True,
        known_on=("ended",),
    )
    matters: str = text(
        "事项编号",
        hint="尚待完成的措施在“问题与计划”的编号，多个用“、”隔开",
        optional=True,
        known_on=("ended",),
    )
    grading: str = text(
        "定级事项", hint="重大事件未定级的，填据以定级的事项在“问题与计划”的编号", optional=True
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Change(Row):
    """变更: one change to the platform."""

    sheet: ClassVar[str] = "变更"
    purpose: ClassVar[str] = "每次变更一行"

    number: str = text("编号")
    kind: str = declared("类型", choice("计划", "紧急"))
    done: datetime = declared("实施时间", MOMENT)
    subject: str = text("变更内容")
    result: str = declared("结果", choice("成功", "失败", "回退"))
    approved: str = text("甲方确认", hint="确认方式或文号", optional=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Inspection(Row):
    """巡检: inspections of one subject in one month."""

    sheet: ClassVar[str] = "巡检"
    purpose: ClassVar[str] = "每月每个巡检项目一行"

    month: date = declared("月份", MONTH)
    subject: str = text("巡检项目")
    planned: int = declared("计划次数", WHOLE, unit="次")
    done: int = declared("完成次数", WHOLE, unit="次")
    found: int = declared("发现问题", WHOLE, unit="项")
    mended: int = declared("整改完成", WHOLE, unit="项")
    matters: str = text(
        "事项编号", hint="有未整改完成的，填其在“问题与计划”的编号，多个用“、”隔开", optional=True
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Backup(Row):
    """备份: backup jobs of one system in one month; success is counted against planned jobs."""

    sheet: ClassVar[str] = "备份"
    purpose: ClassVar[str] = "每月每个备份对象一行；成功率＝成功次数÷计划次数"

    month: date = declared("月份", MONTH)
    target: str = text("备份对象")
    planned: int = declared("计划次数", WHOLE, unit="次")
    succeeded: int = declared("成功次数", WHOLE, unit="次")
    restore_tests: int = declared("恢复演练", WHOLE, unit="次")
    restore_succeeded: int = declared("演练成功", WHOLE, unit="次")


@dataclass(frozen=True, kw_only=True, slots=True)
class Security(Row):
    """漏洞与安全: findings and events of one kind in one month."""

    sheet: ClassVar[str] = "漏洞与安全"
    purpose: ClassVar[str] = "每月每个类别一行；应整改指本月到期应整改的数量"

    month: date = declared("月份", MONTH)
    kind: str = declared("类别", choice(*SECURITY_KINDS))
    found: int = declared("发现或发生", WHOLE, unit="个/次")
    due: int | None = declared("应整改", WHOLE, unit="个", optional=True)
    mended: int | None = declared("已整改", WHOLE, unit="个", optional=True)
    overdue: int | None = declared("逾期未整改", WHOLE, unit="个", optional=True)
    remark: str = text("说明", optional=True)
    cleared: date | None = declared(
        "逾期整改完成日期", DAY, hint="逾期未整改的后来全部整改完成之日，完成后补填", optional=True
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class AddressBlock(Row):
    """IP地址: one block of addresses given to a business system."""

    sheet: ClassVar[str] = "IP地址"
    purpose: ClassVar[str] = "每个地址段一行，列期末在册及本期回收的地址段"

    block: str = text("地址段", hint="如 10.20.1.0/28")
    zone: str = text("网络区域", hint="互联网区或政务外网区")
    system: str = text("业务系统")
    addresses: int = declared("地址数", WHOLE, unit="个")
    state: str = declared("状态", choice("在用", "预留", "已回收"))
    changed: date | None = declared("变动日期", DAY, optional=True, hint="本期分配或回收的日期")


DRILL, WATCH = "应急演练", "重大活动保障"


@dataclass(frozen=True, kw_only=True, slots=True)
class Drill(Row):
    """演练与重保: an emergency drill or a watch kept over an important event."""

    sheet: ClassVar[str] = "演练与重保"
    purpose: ClassVar[str] = "每次演练或重大活动保障一行"

    kind: str = declared("类别", choice(DRILL, WATCH))
    name: str = text("名称")
    first_day: date = declared("开始日期", DAY)
    last_day: date = declared("结束日期", DAY)
    duty: Decimal = declared("值守", DECIMAL, unit="人·天")
    conclusion: str = text("结论", known_on=("last_day",))
    improvement: str = text("存在问题及改进", optional=True, known_on=("last_day",))
    matters: str = text(
        "事项编号",
        hint="须改进的，填其在“问题与计划”的编号，多个用“、”隔开；期限和办理情况在那里填",
        optional=True,
        known_on=("last_day",),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffChange(Row):
    """人员: somebody joined, left, changed post or was trained."""

    sheet: ClassVar[str] = "人员"
    purpose: ClassVar[str] = "每次人员变动或培训一行；主要人员更换须提前通知甲方并取得同意"

    day: date = declared("日期", DAY)
    kind: str = declared("类别", choice("进入", "离开", "岗位调整", "培训"))
    name: str = text("姓名", hint="培训可填参加范围")
    post: str = text("岗位", optional=True)
    key_staff: bool = declared("主要人员", YES_NO)
    notified: date | None = declared("通知甲方日期", DAY, optional=True, known_on=("notified",))
    agreed: date | None = declared("甲方同意日期", DAY, optional=True, known_on=("agreed",))
    remark: str = text("说明", optional=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Issue(Row):
    """问题与计划: a problem and its remedy, an item of the next plan, or a request to the client.

    A row of the register of matters: what is open goes on under its number in the workbook of
    the next quarter. `state` is that of the quarter's end; `closed` and `outcome` say what became
    of it, `outcome` alone why it is still open.
    """

    sheet: ClassVar[str] = "问题与计划"
    purpose: ClassVar[str] = (
        "每个问题、计划或提请甲方的事项一行；未办结的以原编号列入下期，直至办结"
    )

    number: str = text("编号", hint="如 WT-2026-001；同一事项在各期用同一编号")
    kind: str = declared("类别", choice("问题", "计划", "提请甲方"))
    subject: str = text("内容")
    action: str = text("措施", optional=True)
    article: str = text(
        "合同条款", hint="提请甲方所依据的条款，如 第三条第6款；没有可不填", optional=True
    )
    owner: str = text("责任方", optional=True)
    due: date | None = declared("完成期限", DAY, optional=True)
    state: str = declared(
        "状态", choice("未开始", "进行中", "已完成"), hint="期末的状态", optional=True
    )
    closed: date | None = declared(
        "办结日期", DAY, hint="办结之日；期末以后办结的，办结后补填", optional=True
    )
    outcome: str = text(
        "办理结果",
        hint="办结的结果，与办结日期一并填写；逾期未办结的，写明原因和下一步安排",
        optional=True,
    )
    level: str | None = declared(
        "针对指标",
        choice("可用性", "数据可靠性", "安全", "其他"),
        hint="为整改哪项未达到的要求；可用性未达标的，当期须有针对它的问题，报告开头据此写明整改",
        optional=True,
    )

    def closed_by(self, day: date) -> bool:
        """Whether it is recorded as brought to an end by the day."""
        return self.closed is not None and self.closed <= day


@dataclass(frozen=True, kw_only=True, slots=True)
class Opinion(Row):
    """满意度: what the client thinks of the service: a survey, a praise, a complaint."""

    sheet: ClassVar[str] = "满意度"
    purpose: ClassVar[str] = (
        "每次满意度调查、表扬或投诉一行；本期没有调查的不填，报告写明未开展调查"
    )

    day: date = declared("日期", DAY, hint="调查收回、收到表扬或投诉之日")
    kind: str = declared("类别", choice("满意度调查", "表扬", "投诉"))
    party: str = text("来源部门", hint="甲方的哪个部门；调查写范围")
    subject: str = text("内容")
    sent: int | None = declared("发放", WHOLE, unit="份", optional=True)
    returned: int | None = declared("收回", WHOLE, unit="份", optional=True)
    satisfied: int | None = declared("满意", WHOLE, unit="份", optional=True)
    fair: int | None = declared("基本满意", WHOLE, unit="份", optional=True)
    dissatisfied: int | None = declared("不满意", WHOLE, unit="份", optional=True)
    closed: date | None = declared(
        "办结日期", DAY, hint="投诉处理完毕、答复甲方之日，办结后补填", optional=True
    )
    outcome: str = text("处理结果", hint="与办结日期一并补填", optional=True)

    def closed_by(self, day: date) -> bool:
        """Whether a complaint had been answered by the day."""
        return self.closed is not None and self.closed <= day


@dataclass(frozen=True, kw_only=True, slots=True)
class Meeting(Row):
    """服务会议: one decision of a service meeting; a meeting with several has a row for each.

    What has to be done is a matter of 问题与计划: who does it, until when and what became of it
    stand there alone.
    """

    sheet: ClassVar[str] = "服务会议"
    purpose: ClassVar[str] = "每次服务会议的每项决定一行；编号、日期、参加人各行相同"

    number: str = text("编号")
    day: date = declared("日期", DAY)
    attendees: str = text("参加人", hint="双方参加部门和人员")
    topic: str = text("议题")
    decision: str = text("决定", optional=True)
    matters: str = text(
        "事项编号",
        hint="决定须办理的，填其在“问题与计划”的编号，多个用“、”隔开；责任方、期限在那里填",
        optional=True,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Operations:
    """One quarter's workbook: the cover, what people wrote, and a tuple of rows per sheet.

    It tells of the quarter as it was at its end; what was entered later has a day of its own.
    It is told as it was known at the end of `known_to`.
    """

    file: str
    cover: Cover
    narrative: tuple[Paragraph, ...] = ()
    sheet_places: Mapping[str, Source] = field(default_factory=dict, repr=False, compare=False)
    known_to: date = field(default=date.max, compare=False)
    resources: tuple[Resource, ...] = sheet(Resource)
    usage: tuple[Usage, ...] = sheet(Usage)
    outages: tuple[Outage, ...] = sheet(Outage)
    durability: tuple[Durability, ...] = sheet(Durability)
    alarms: tuple[Alarm, ...] = sheet(Alarm)
    tickets: tuple[Ticket, ...] = sheet(Ticket)
    incidents: tuple[Incident, ...] = sheet(Incident)
    changes: tuple[Change, ...] = sheet(Change)
    inspections: tuple[Inspection, ...] = sheet(Inspection)
    backups: tuple[Backup, ...] = sheet(Backup)
    security: tuple[Security, ...] = sheet(Security)
    addresses: tuple[AddressBlock, ...] = sheet(AddressBlock)
    drills: tuple[Drill, ...] = sheet(Drill)
    staff_changes: tuple[StaffChange, ...] = sheet(StaffChange)
    issues: tuple[Issue, ...] = sheet(Issue)
    opinions: tuple[Opinion, ...] = sheet(Opinion)
    meetings: tuple[Meeting, ...] = sheet(Meeting)

    def as_known(self, day: date) -> Operations:
        """Return what it told on a day after the quarter; itself if that is all of it.

        What became of complaints, vulnerabilities and matters, and which outages were agreed not
        to count, is told by those who compute it: they look at the days themselves. The papers of
        a matter or a complaint that ended later tell of its end.
        """
        later: dict[str, Any] = {
            name: known
            for name in sheets(Operations)
            if (known := rows_known(rows := getattr(self, name), day)) is not rows
        }
        ending: tuple[tuple[str, tuple[Issue | Opinion, ...]], ...] = (
            ("issues", self.issues),
            ("opinions", self.opinions),
        )
        for name, ended in ending:
            if any(_ends_after(row, day) for row in ended):
                later[name] = tuple(
                    replace(row, evidence="") if _ends_after(row, day) else row for row in ended
                )
        is_whole = not later and day >= self.cover.last_day
        return self if is_whole else replace(self, **later, known_to=day)


def _ends_after(row: Issue | Opinion, day: date) -> bool:
    return row.closed is not None and row.closed > day
