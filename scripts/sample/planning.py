"""Drills, watches over important events, problems, plans and requests to the client."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from deliverables.model.operations import Drill, Issue
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


def _problem(subject: str, action: str, due: str, state: str = _UNDER_WAY) -> Issue:
    return _issue("问题", subject, action, due, state)


def _plan(subject: str, action: str, due: str) -> Issue:
    return _issue("计划", subject, action, due, _OPEN)


def _request(subject: str, action: str, due: str) -> Issue:
    return _issue("提请甲方", subject, action, due, _OPEN)


def _issue(kind: str, subject: str, action: str, due: str, state: str) -> Issue:
    return Issue(
        kind=kind,
        subject=subject,
        action=action,
        owner="甲方" if kind == "提请甲方" else "乙方",
        due=date.fromisoformat(due),
        state=state,
        evidence="问题跟踪表" if kind == "问题" else "季度例会纪要",
    )


_ISSUES = {
    1: (
        _problem("汇聚交换机双引擎切换配置不完整", "修正配置并完成切换验证", "2026-08-31"),
        _problem("同批次存储控制器电池临近寿命", "完成全部控制器电池更换", "2026-09-30"),
        _plan("互联网出口链路中断切换演练", "编制演练方案并报甲方确认", "2026-09-30"),
        _plan("虚拟化平台版本升级", "分集群实施，单次维护时间提前通知", "2026-09-30"),
        _plan("国庆节重大活动保障预案", "会同甲方修订预案和值守名单", "2026-09-20"),
        _request("确认服务期起止和四个服务季度的划分", "书面确认后作为报告依据", "2026-08-31"),
        _request("提供附件一明细清单和事件分级标准", "用于核对资源合同量和事件定级", "2026-08-31"),
    ),
    2: (
        _problem("互联网备用链路带宽不足", "完成备用链路扩容并做满载切换测试", "2026-12-31"),
        _problem("负载均衡设备软件版本缺陷", "已升级软件并调整会话表上限", "2026-08-31", _DONE),
        _problem("部分云主机长期低负载", "与业务系统服务商核对后提出缩减建议", "2026-12-31"),
        _plan("机房单路供电中断演练", "编制演练方案并报甲方确认", "2026-12-31"),
        _plan("核心交换机软件升级", "在夜间维护窗口实施并验证双机切换", "2026-12-31"),
        _plan("配合中期验收", "整理两个季度报告及佐证材料", "2026-11-16"),
        _request("组织中期验收", "确认验收程序和材料清单", "2026-11-16"),
    ),
    3: (
        _problem("平台可用性未达到合同要求", "完成供电与防火墙整改并逐月复核", "2027-04-15"),
        _problem("单电源设备缺少静态切换装置", "加装切换装置并带载验证", "2027-03-31"),
        _problem("防火墙策略变更缺少双人复核", "修订变更流程并完成培训", "2027-01-29", _DONE),
        _plan("UPS 切换装置加装后的带载验证", "在夜间维护窗口实施", "2027-03-31"),
        _plan("春节与全国两会重大活动保障", "会同甲方确认值守名单和现场到岗要求", "2027-02-04"),
        _request("就本季度可用性未达标事宜组织协商", "双方形成协商纪要", "2027-04-29"),
        _request("协调业务系统服务商安排重启窗口", "每月提供一次维护窗口", "2027-02-26"),
    ),
    4: (
        _problem("供电与防火墙整改效果复核", "整改项目已逐项复核并归档", "2027-04-15", _DONE),
        _problem("一块存储硬盘预警未更换", "备件到货后更换", "2027-05-14"),
        _plan("编制年度项目总结报告并通知验收", "汇总四个季度报告和佐证材料", "2027-05-06"),
        _plan("服务期满后的迁移或续用安排", "按甲方决定编制迁移切换方案", "2027-05-31"),
        _request("组织最终验收", "确认验收时间和参加人员", "2027-05-13"),
    ),
}  # fmt: skip


def issues(quarter: ServiceQuarter) -> tuple[Issue, ...]:
    """Return the problems, plans and requests of the quarter."""
    return _ISSUES[quarter.number]
