"""What is done every month: changes, inspections, backups, security work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time

from deliverables.model.operations_sheets import Backup, Change, Inspection, Security
from scripts.sample.events import outages
from scripts.sample.planning import on_watch
from scripts.sample.quarters import ServiceMonth, ServiceQuarter, draws, exported, is_busy
from scripts.sample.systems import APPROVAL, DATA, GROWTH, OFFICE, PUBLIC, SUPERVISION, system

_ROUTINE_CHANGES = (
    "更换互联网区SSL证书",
    "升级堡垒机软件版本",
    "调整政务外网区防火墙访问策略",
    "更新入侵防御特征库并验证",
    "更换存储池预警硬盘",
    "调整核心业务备份策略",
    "修补虚拟化平台安全漏洞",
    "清理云管平台历史日志",
    "调整负载均衡健康检查参数",
    "更新云主机标准镜像",
    "升级监控采集组件",
    "调整互联网出口带宽分配",
    "更换机房空调滤网及传感器",
    "调整网络设备时钟同步源",
)
_ROUTINE_COUNT = {1: 13, 2: 11, 3: 12, 4: 12}
_ROLLED_BACK = {1: "升级堡垒机软件版本", 3: "调整负载均衡健康检查参数"}
_URGENT = (
    ("2026-06-12 02:10", "更换汇聚交换机主引擎板卡"),
    ("2026-07-08 19:30", "更换存储控制器电池模块"),
    ("2026-08-19 13:00", "升级负载均衡设备软件并调整会话表上限"),
    ("2026-10-14 21:00", "调整存储元数据服务心跳超时参数"),
    ("2026-11-24 22:00", "更换 UPS 旁路开关"),
    ("2027-01-09 21:30", "恢复防火墙访问控制策略并核对"),
    ("2027-02-26 20:30", "修补远程管理组件漏洞"),
)


def changes(quarter: ServiceQuarter) -> list[Change]:
    """Return the changes of the quarter in the order in which they were made."""
    rows = [*_routine(quarter), *_deliveries(quarter), *_urgent(quarter), *_maintenance(quarter)]
    seen: Counter[date] = Counter()
    numbered = []
    for done, kind, subject, result in sorted(rows):
        seen[done.date()] += 1
        number = f"BG{done:%Y%m%d}{seen[done.date()]:02d}"
        numbered.append(
            Change(
                number=number,
                kind=kind,
                done=done,
                subject=subject,
                result=result,
                approved="电话确认，事后补签" if kind == "紧急" else "变更申请单签字确认",
                evidence=f"变更记录单 {number}",
            )
        )
    return numbered


_Made = tuple[datetime, str, str, str]


def _routine(quarter: ServiceQuarter) -> Iterator[_Made]:
    draw = draws("changes", quarter.number)
    evenings = [
        day
        for day in quarter.days
        if day.weekday() in (1, 3) and is_busy(day) and not on_watch(day)
    ]
    rolled_back = _ROLLED_BACK.get(quarter.number)
    subjects = draw.sample(_ROUTINE_CHANGES, _ROUTINE_COUNT[quarter.number])
    if rolled_back and rolled_back not in subjects:
        subjects[0] = rolled_back
    for day, subject in zip(draw.sample(evenings, len(subjects)), subjects, strict=True):
        done = datetime.combine(day, time(draw.choice((20, 21, 22)), draw.choice((0, 30))))
        yield done, "计划", subject, "回退" if subject == rolled_back else "成功"


def _deliveries(quarter: ServiceQuarter) -> Iterator[_Made]:
    for growth in GROWTH:
        if quarter.first <= growth.day <= quarter.last:
            verb = "新增" if growth.hosts > 0 else "回收"
            subject = f"{system(growth.stem).name}{verb}云主机 {abs(growth.hosts)} 台"
            yield datetime.combine(growth.day, time(18, 30)), "计划", subject, "成功"


def _urgent(quarter: ServiceQuarter) -> Iterator[_Made]:
    for moment, subject in _URGENT:
        done = datetime.fromisoformat(moment)
        if quarter.first <= done.date() <= quarter.last:
            yield done, "紧急", subject, "成功"


def _maintenance(quarter: ServiceQuarter) -> Iterator[_Made]:
    for outage in outages(quarter):
        if outage.cause_kind == "计划维护":
            yield outage.started, "计划", outage.cause, "成功"


_EVERY_DAY = ("机房环境与动力",)
_EVERY_WEEK = ("计算资源池", "存储系统", "网络与安全设备", "云管平台", "备份系统")
_MISSED = {(3, 0, "存储系统"): 1, (3, 0, "备份系统"): 1}
_LEFT_OVER = {
    (2, 2, "网络与安全设备"): "WT-05",
    (3, 0, "机房环境与动力"): "WT-10",
    (4, 1, "存储系统"): "WT-16",
}
"""Where one finding is not mended within its month: it goes on under this number."""


def inspections(quarter: ServiceQuarter) -> Iterator[Inspection]:
    """Return the inspections of each month; few are missed, and few findings wait."""
    draw = draws("inspections", quarter.number)
    for position, month in enumerate(quarter.months):
        for subject in (*_EVERY_DAY, *_EVERY_WEEK):
            planned = month.days if subject in _EVERY_DAY else month.days // 7
            place = (quarter.number, position, subject)
            left_over = int(place in _LEFT_OVER)
            found = left_over + draw.choice((0, 0, 1, 1, 2))
            yield Inspection(
                month=month.name,
                subject=subject,
                planned=planned,
                done=planned - _MISSED.get(place, 0),
                found=found,
                mended=found - left_over,
                matters=_LEFT_OVER.get(place, ""),
                evidence=exported("巡检记录汇总表", month, "10:00"),
            )


_DAILY_JOBS = {APPROVAL: 10, SUPERVISION: 17, DATA: 7, PUBLIC: 2, OFFICE: 3, "云管平台配置": 1}


def backups(quarter: ServiceQuarter) -> Iterator[Backup]:
    """Return the backup jobs of each group of systems; one group a month is restored in a test."""
    draw = draws("backups", quarter.number)
    tested = draw.sample(list(_DAILY_JOBS), len(quarter.months))
    for month, drilled in zip(quarter.months, tested, strict=True):
        for target, jobs in _DAILY_JOBS.items():
            planned = jobs * month.days
            failed = _backup_failures(month, target) + draw.choice((0, 0, 0, 1, 2))
            tests = 2 if target == drilled else 0
            yield Backup(
                month=month.name,
                target=target,
                planned=planned,
                succeeded=planned - min(failed, planned),
                restore_tests=tests,
                restore_succeeded=tests,
                evidence=exported("备份平台任务报表", month, "09:40"),
            )


def _backup_failures(month: ServiceMonth, target: str) -> int:
    """Return the jobs that failed because an outage or a full disk stood in their way."""
    if target == SUPERVISION and month.name == date(2026, 9, 1):
        return 6
    if target == APPROVAL and month.name == date(2026, 11, 1):
        return 4
    return 0


_FOUND = {
    "高危漏洞": (2, 1, 3, 1, 2, 1, 2, 1, 1, 0, 0, 0),
    "中危漏洞": (9, 12, 8, 11, 7, 10, 13, 9, 8, 6, 7, 5),
    "低危漏洞": (21, 18, 24, 19, 16, 22, 17, 20, 15, 14, 16, 12),
}
_MONTHS_TO_MEND = {"高危漏洞": 0, "中危漏洞": 1, "低危漏洞": 3}
_OVERDUE = {("中危漏洞", 2): 1, ("中危漏洞", 6): 2, ("低危漏洞", 8): 1}
_HARDENED = (3, 2, 4, 3, 5, 2, 3, 4, 2, 3, 2, 4)
_BLOCKED = (
    *(28_416, 31_052, 26_873),
    *(33_947, 30_218, 41_605),
    *(29_764, 35_381, 38_126),
    *(27_590, 46_233, 31_847),
)
_MENDED_LATER = "需业务系统服务商配合重启，安排在业务系统维护窗口整改"
_CLEARED = {2: date(2026, 8, 22), 6: date(2026, 12, 19), 8: date(2027, 2, 20)}


def security(quarter: ServiceQuarter) -> Iterator[Security]:
    """Return what was found, due and mended in each month, and what was fended off."""
    for position, month in enumerate(quarter.months, 3 * (quarter.number - 1)):
        for kind, found in _FOUND.items():
            earlier = position - _MONTHS_TO_MEND[kind]
            due = found[earlier] if earlier >= 0 else 0
            overdue = _OVERDUE.get((kind, position), 0)
            yield Security(
                month=month.name,
                kind=kind,
                found=found[position],
                due=due,
                mended=due - overdue,
                overdue=overdue,
                remark=_MENDED_LATER if overdue else "",
                cleared=_CLEARED[position] if overdue else None,
                evidence=exported("漏洞扫描与整改台账", month, "10:20"),
            )
        yield _event(month, "攻击拦截", _BLOCKED[position], "Web应用防火墙与入侵防御日志")
        yield _event(month, "安全事件", 0, "安全值守日报")
        yield _event(month, "平台加固", _HARDENED[position], "安全加固记录单")


def _event(month: ServiceMonth, kind: str, count: int, evidence: str) -> Security:
    return Security(
        month=month.name, kind=kind, found=count, evidence=exported(evidence, month, "10:20")
    )
