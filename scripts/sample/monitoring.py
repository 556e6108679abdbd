"""Alarms and tickets: many small things with believable hours, levels and waiting times."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from deliverables.model.operations_sheets import Alarm, Ticket
from scripts.sample.events import outages
from scripts.sample.quarters import ServiceQuarter, draws, is_busy
from scripts.sample.systems import SYSTEMS, hosts_on

_ALARMS = {1: 1463, 2: 1388, 3: 1627, 4: 1249}
_LEVELS = ("紧急", "主要", "次要", "警告")
_LEVEL_WEIGHTS = (0.6, 6, 34, 59.4)
_MEDIAN_MINUTES = {"紧急": 16, "主要": 34, "次要": 52, "警告": 75}
_KINDS = ("计算", "存储", "网络", "安全", "平台")
_KIND_WEIGHTS = (58, 16, 13, 8, 5)
_HOST_SIGNS = ("CPU使用率", "内存使用率", "系统盘使用率", "进程状态", "磁盘读写时延")
_DEVICES = {
    "存储": ("高性能存储一号池", "高性能存储二号池", "容量型存储一号池", "容量型存储二号池"),
    "网络": ("核心交换机A", "核心交换机B", "汇聚交换机03", "互联网出口链路", "负载均衡集群"),
    "安全": ("政务外网区防火墙", "互联网区防火墙", "入侵防御设备", "Web应用防火墙", "堡垒机"),
    "平台": ("云管平台接口服务", "镜像服务", "备份服务器", "日志服务", "动力环境监控"),
}
_BUSY_HOURS = tuple(range(24))
_HOUR_WEIGHTS = tuple(3 if 8 <= hour < 19 else 1 for hour in _BUSY_HOURS)


def alarms(quarter: ServiceQuarter) -> list[Alarm]:
    """Return the alarms of the quarter; those still standing at its end have no clearing time."""
    draw = draws("alarms", quarter.number)
    days = list(quarter.days)
    raised = [_moment(draw, draw.choice(days)) for _ in range(_ALARMS[quarter.number])]
    rows = [_alarm(draw, moment) for moment in raised] + _around_outages(draw, quarter)
    seen: Counter[date] = Counter()
    numbered = []
    for row in sorted(rows, key=lambda row: (row.raised, row.target)):
        day = row.raised.date()
        seen[day] += 1
        numbered.append(
            Alarm(
                number=f"GJ{day:%Y%m%d}{seen[day]:03d}",
                raised=row.raised,
                cleared=row.cleared and min(row.cleared, quarter.ends + timedelta(hours=9)),
                level=row.level,
                kind=row.kind,
                target=row.target,
                evidence=quarter.exported("监控平台告警记录", "09:15"),
            )
        )
    return numbered


def _moment(draw: Random, day: date) -> datetime:
    hour = draw.choices(_BUSY_HOURS, _HOUR_WEIGHTS)[0]
    return datetime.combine(day, time(hour, draw.randrange(60)))


def _alarm(draw: Random, raised: datetime) -> Alarm:
    level = draw.choices(_LEVELS, _LEVEL_WEIGHTS)[0]
    kind = draw.choices(_KINDS, _KIND_WEIGHTS)[0]
    minutes = max(2, round(_MEDIAN_MINUTES[level] * draw.lognormvariate(0, 0.7)))
    return Alarm(
        number="",
        raised=raised,
        cleared=raised + timedelta(minutes=minutes),
        level=level,
        kind=kind,
        target=draw.choice(_DEVICES[kind]) if kind in _DEVICES else _sign(draw, raised.date()),
    )


def _sign(draw: Random, day: date) -> str:
    return f"{draw.choice(hosts_on(day)).name} {draw.choice(_HOST_SIGNS)}"


def _around_outages(draw: Random, quarter: ServiceQuarter) -> list[Alarm]:
    return [
        Alarm(
            number="",
            raised=outage.started + timedelta(minutes=draw.randint(0, 4)),
            cleared=outage.ended + timedelta(minutes=draw.randint(1, 9)),
            level=draw.choice(("紧急", "紧急", "主要")),
            kind="计算",
            target=f"{host.name} 主机不可达",
        )
        for outage in outages(quarter)
        if outage.cause_kind != "计划维护"
        for host in draw.sample(hosts_on(outage.started.date()), draw.randint(6, 14))
    ]


@dataclass(frozen=True, slots=True)
class _TicketKind:
    name: str
    weight: int
    promised: int
    subjects: tuple[str, ...]


_TICKET_KINDS = (
    _TicketKind(
        "需求处理", 46, 24,
        ("开通数据库端口访问策略", "调整云主机安全组", "增加堡垒机授权", "创建云主机快照",
         "扩容数据盘", "新增对象访问白名单", "延长VPN账号有效期", "调整备份保留周期"),
    ),
    _TicketKind(
        "故障处理", 15, 8,
        ("云主机无法远程登录", "访问第三方接口超时", "磁盘空间不足处理", "VPN无法建立连接",
         "域名解析异常", "堡垒机会话中断"),
    ),
    _TicketKind(
        "咨询", 28, 8,
        ("咨询资源申请流程", "咨询备份恢复方法", "咨询等级保护测评配合材料", "核对资源台账",
         "咨询SSL证书更换步骤"),
    ),
    _TicketKind(
        "其他", 11, 24,
        ("提供运行日志", "配合业务系统版本发布值守", "配合渗透测试", "提供网络拓扑说明"),
    ),
)  # fmt: skip
_TICKETS = {1: 287, 2: 312, 3: 341, 4: 264}
_LATE = {1: 0.028, 2: 0.022, 3: 0.047, 4: 0.015}


def tickets(quarter: ServiceQuarter) -> list[Ticket]:
    """Return the tickets of the quarter, most on time: all are closed when they are exported."""
    draw, answers = draws("tickets", quarter.number), draws("answers", quarter.number)
    days = list(quarter.days)
    weights = [6 if is_busy(day) else 1 for day in days]
    exported = quarter.ends + timedelta(hours=9)
    moments = [
        _office_moment(draw, draw.choices(days, weights)[0])
        for _ in range(_TICKETS[quarter.number])
    ]
    last = datetime.combine(quarter.last, time(15, 20))
    moments = sorted(
        moment if moment < last else last - timedelta(minutes=draw.randrange(300))
        for moment in moments
    )
    seen: Counter[date] = Counter()
    rows = []
    for opened in moments:
        seen[opened.date()] += 1
        number = f"GD{opened:%Y%m%d}{seen[opened.date()]:02d}"
        kind = draw.choices(_TICKET_KINDS, [kind.weight for kind in _TICKET_KINDS])[0]
        late = draw.random() < _LATE[quarter.number]
        closed = (_closed_late if late else _closed_on_time)(draw, opened, kind.promised)
        closed = min(closed, exported - timedelta(minutes=closed.minute))
        answered = opened + timedelta(minutes=3 + round(57 * answers.betavariate(1.4, 4)))
        rows.append(
            Ticket(
                number=number,
                opened=opened,
                closed=closed,
                kind=kind.name,
                promised_hours=Decimal(kind.promised),
                system=draw.choice(SYSTEMS).name,
                subject=draw.choice(kind.subjects),
                responded=min(answered, closed),
                evidence=quarter.exported("服务台工单系统", "09:25"),
            )
        )
    return rows


def _closed_late(draw: Random, opened: datetime, promised: int) -> datetime:
    return opened + timedelta(minutes=round(promised * 60 * draw.uniform(1.1, 2.4)))


def _closed_on_time(draw: Random, opened: datetime, promised: int) -> datetime:
    """Return a time within the promise: before the service desk goes home, or next morning."""
    closed = opened + timedelta(minutes=max(6, round(promised * 60 * draw.betavariate(1.6, 3.4))))
    evening = datetime.combine(opened.date(), time(20, 30))
    if closed <= evening:
        return closed
    morning = evening + timedelta(hours=12, minutes=draw.randrange(90))
    if morning <= opened + timedelta(hours=promised):
        return morning
    return evening - timedelta(minutes=draw.randrange(60))


def _office_moment(draw: Random, day: date) -> datetime:
    return datetime.combine(day, time(8, 30)) + timedelta(minutes=draw.randrange(600))
