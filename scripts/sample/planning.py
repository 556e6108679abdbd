"""Drills, watches over important events, problems, plans and requests to the client."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from deliverables.model.operations_sheets import Drill, Issue
from scripts.sample.quarters import ServiceQuarter


def _exercise(name: str, day: date, people: int, conclusion: str, improvement: str) -> Drill:
    return Drill(
        kind="应急演练",
        name=name,
        first_day=day,
        last_day=day,
        duty=Decimal(people),
        conclusion=conclusion,
        improvement=improvement,
        evidence="演练方案及总结",
    )


def _watch(name: str, first: date, last: date, people: int, improvement: str = "") -> Drill:
    return Drill(
        kind="重大活动保障",
        name=name,
        first_day=first,
        last_day=last,
        duty=Decimal(people * ((last - first).days + 1)),
        conclusion="值守期间平台运行平稳，未发生需上报的事件",
        improvement=improvement,
        evidence="值守安排表及值守日志",
    )


_DRILLS = (
    _exercise("互联网出口链路中断切换演练", date(2026, 9, 16), 6,
              "切换过程符合预案，业务访问恢复正常", "切换通知名单需补充业务系统服务商联系人"),
    _watch("国庆节保障", date(2026, 10, 1), date(2026, 10, 8), 4),
    _exercise("机房单路供电中断演练", date(2026, 12, 22), 9,
              "单电源设备切换装置动作正常", "两台老旧设备切换时间偏长，列入更换计划"),
    _watch("元旦保障", date(2026, 12, 31), date(2027, 1, 3), 3),
    _watch("春节保障", date(2027, 2, 5), date(2027, 2, 13), 4),
    _watch("全国两会保障", date(2027, 3, 2), date(2027, 3, 12), 5,
           "夜间值守交接单增加策略变更核对项"),
    _exercise("存储池故障数据恢复演练", date(2027, 4, 8), 8,
              "恢复数据经业务系统服务商核对一致", ""),
)  # fmt: skip


def on_watch(day: date) -> bool:
    """Return whether a watch is kept that day, when nothing is changed."""
    return any(row.first_day <= day <= row.last_day for row in _DRILLS)


def drills(quarter: ServiceQuarter) -> list[Drill]:
    """Return the drills and watches of the quarter."""
    return [row for row in _DRILLS if quarter.first <= row.first_day <= quarter.last]


_OPEN, _UNDER_WAY, _DONE = "未开始", "进行中", "已完成"
_LAST = 4
"""The number of the last quarter, whose workbook goes on telling what was closed after it."""
_MARKS = {"问题": "WT", "计划": "JH", "提请甲方": "TQ"}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Matter:
    """A matter over the whole term: raised in a quarter, closed on a day with an outcome.

    `word` says of an open one, from the quarter in which its day passes, why it still is.
    """

    kind: str
    subject: str
    action: str
    due: date
    article: str = ""
    closed: date | None = None
    outcome: str = ""
    at_once: bool = False
    level: str | None = None
    word: str = ""


def _problem(  # in the order of the columns
    subject: str,
    action: str,
    due: str,
    closed: str = "",
    outcome: str = "",
    *,
    at_once: bool = False,
    level: str | None = None,
    word: str = "",
) -> _Matter:
    return _Matter(
        kind="问题", subject=subject, action=action, due=date.fromisoformat(due),
        closed=_day(closed), outcome=outcome, at_once=at_once, level=level, word=word,
    )  # fmt: skip


def _plan(subject: str, action: str, due: str, closed: str = "", outcome: str = "") -> _Matter:
    return _Matter(
        kind="计划", subject=subject, action=action, due=date.fromisoformat(due),
        closed=_day(closed), outcome=outcome,
    )  # fmt: skip


def _request(  # noqa: PLR0917  # in the order of the columns
    subject: str,
    action: str,
    article: str,
    due: str,
    closed: str = "",
    outcome: str = "",
    *,
    word: str = "",
) -> _Matter:
    return _Matter(
        kind="提请甲方", subject=subject, action=action, article=article,
        due=date.fromisoformat(due), closed=_day(closed), outcome=outcome, word=word,
    )  # fmt: skip


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


_MATTERS = {
    1: (
        _problem("汇聚交换机双引擎切换配置不完整", "修正配置并完成切换验证", "2026-08-31",
                 "2026-08-27", "配置已修正，双引擎切换验证通过"),
        _problem("同批次存储控制器电池临近寿命", "完成全部控制器电池更换", "2026-09-30",
                 "2026-09-24", "同批次电池全部更换"),
        _problem("机房巡检工程师一名尚未签署保密协议", "签署前不开通权限、不接触甲方信息，限期补签",
                 "2026-09-30", word="协议原件尚未寄回，已催办"),
        _plan("互联网出口链路中断切换演练", "编制演练方案并报甲方确认", "2026-09-30",
              "2026-09-16", "演练完成，切换符合预案"),
        _plan("虚拟化平台版本升级", "分集群实施，单次维护时间提前通知", "2026-09-30",
              "2026-09-12", "升级完成，停机180分钟，计入可用性"),
        _plan("国庆节重大活动保障预案", "会同甲方修订预案和值守名单", "2026-09-20",
              "2026-09-18", "预案和值守名单已定"),
        _request("确认服务期起止和四个服务季度的划分", "书面确认后作为报告依据", "第五条",
                 "2026-08-31", word="甲方尚未书面答复"),
        _request("提供附件一明细清单和事件分级标准", "用于核对资源合同量和事件定级", "第二条",
                 "2026-08-31", word="甲方尚未提供"),
    ),
    2: (
        _problem("第二季度平台可用性未达到合同要求",
                 "平台升级改为逐节点滚动迁移，不再整集群停机；维护方案写明预计计入可用性的分钟数",
                 "2026-12-15", "2026-12-11", "滚动迁移方案经测试环境验证，已列入变更管理办法",
                 level="可用性"),
        _problem("互联网备用链路带宽不足", "完成备用链路扩容并做满载切换测试", "2026-12-31",
                 "2026-12-22", "扩容完成，满载切换测试通过", level="可用性"),
        _problem("负载均衡设备软件版本缺陷", "已升级软件并调整会话表上限", "2026-08-31",
                 at_once=True, level="可用性"),
        _problem("部分云主机长期低负载", "与业务系统服务商核对后提出缩减建议", "2026-12-31",
                 "2026-12-25", "缩减建议已提交甲方"),
        _plan("机房单路供电中断演练", "编制演练方案并报甲方确认", "2026-12-31",
              "2026-12-22", "演练完成，两台老旧设备列入更换计划"),
        _plan("核心交换机软件升级", "在夜间维护窗口实施并验证双机切换", "2026-12-31",
              "2026-12-20", "升级完成，停机180分钟，计入可用性"),
        _plan("配合中期验收", "整理两个季度报告及佐证材料", "2026-11-16",
              "2026-11-16", "中期验收通过"),
        _request("组织中期验收", "确认验收程序和材料清单", "第三条第6款",
                 "2026-11-16",
                 "2026-11-16", "中期验收通过"),
        _request("书面明确计划维护是否计入可用性", "合同未约定免责情形，答复前全部计入",
                 "第三条第3款", "2026-12-31", "2027-05-20",
                 "协商纪要明确：本合同内的计划维护全部计入",
                 word="甲方仍在研究"),
    ),
    3: (
        _problem("第三季度平台可用性未达到合同要求",
                 "完成供电与防火墙整改；网络维护分段实施，缩短单次停机时间", "2027-04-15",
                 "2027-04-14", "旁路开关更换、静态切换装置加装、双人复核均复核通过，分段方案已执行",
                 level="可用性"),
        _problem("单电源设备缺少静态切换装置", "加装切换装置并带载验证", "2027-03-31",
                 "2027-03-20", "加装完成，带载验证通过", level="可用性"),
        _problem("防火墙策略变更缺少双人复核", "修订变更流程并完成培训", "2027-01-29",
                 at_once=True, level="可用性"),
        _problem("项目助理一名尚未签署保密协议", "签署前不开通权限、不接触甲方信息，限期补签",
                 "2027-02-26", word="待甲方确认保密范围后签署"),
        _plan("UPS 切换装置加装后的带载验证", "在夜间维护窗口分段实施", "2027-03-31",
              "2027-03-20", "验证完成，停机120分钟，计入可用性"),
        _plan("春节与全国两会重大活动保障", "会同甲方确认值守名单和现场到岗要求", "2027-03-12",
              "2027-03-12", "两项保障完成，平台运行平稳"),
        _request("就第二、第三季度可用性未达标事宜组织协商", "双方形成协商纪要", "第十二条第4款",
                 "2027-05-31",
                 "2027-05-20", "已形成协商纪要"),
        _request("协调业务系统服务商安排重启窗口", "每月提供一次维护窗口", "第七条第3款",
                 "2027-02-26",
                 "2027-02-20", "自2027年2月起每月提供一次维护窗口"),
    ),
    4: (
        _problem("供电与防火墙整改效果复核", "整改项目已逐项复核并归档", "2027-04-15",
                 at_once=True),
        _problem("一块存储硬盘预警未更换", "备件到货后更换", "2027-05-14",
                 "2027-05-11", "硬盘已更换，存储池重构完成"),
        _plan("提交验收材料并通知甲方验收", "四个季度报告和年度项目总结报告一并提交", "2027-05-06",
              "2027-05-06", "验收材料提交，验收通知送达"),
        _plan("服务期满后的迁移或续用安排", "按甲方决定编制迁移切换方案", "2027-05-31"),
        _request("组织最终验收", "确认验收时间和参加人员", "第三条第6款",
                 "2027-05-13",
                 "2027-05-12", "最终验收通过"),
    ),
}  # fmt: skip


def issues(quarter: ServiceQuarter) -> tuple[Issue, ...]:
    """Return the rows of a quarter: what earlier ones left open, then what it raises itself."""
    numbered = list(_numbered())
    return tuple(
        _row(number, one, quarter)
        for raised, number, one in numbered
        if raised <= quarter.number and not _over_before(raised, one, quarter)
    )


def _numbered() -> Iterator[tuple[int, str, _Matter]]:
    """Yield every matter with the quarter that raised it and its number within its kind."""
    counts: Counter[str] = Counter()
    for raised, held in _MATTERS.items():
        for one in held:
            counts[one.kind] += 1
            yield raised, f"{_MARKS[one.kind]}-{counts[one.kind]:02d}", one


def _over_before(raised: int, one: _Matter, quarter: ServiceQuarter) -> bool:
    if raised == quarter.number:
        return False
    return one.at_once or (one.closed is not None and one.closed < quarter.first)


def _row(number: str, one: _Matter, quarter: ServiceQuarter) -> Issue:
    """Return what the workbook of a quarter says; its last one also what was closed after it."""
    known = quarter.last if quarter.number < _LAST else date.max
    closed = one.closed if one.closed and one.closed <= known else None
    over = one.at_once or (closed is not None and closed <= quarter.last)
    late = closed is None and not one.at_once and one.due <= quarter.last
    return Issue(
        number=number,
        kind=one.kind,
        subject=one.subject,
        action=one.action,
        article=one.article,
        owner="甲方" if one.kind == "提请甲方" else "乙方",
        due=one.due,
        state=_DONE if over else _UNDER_WAY if one.kind == "问题" else _OPEN,
        closed=closed,
        outcome=one.outcome if closed else one.word if late else "",
        level=one.level,
        evidence="问题跟踪表" if one.kind == "问题" else "季度例会纪要",
    )
