"""The business systems, their hosts and their addresses, and how they changed over the year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from scripts.sample.quarters import QUARTERS, draws

FAST, LARGE = "高性能存储", "容量型存储"
_START = date(2026, 4, 29)


@dataclass(frozen=True, slots=True)
class System:
    """A business system: its name, the stem of its host names, its hosts at the start."""

    name: str
    stem: str
    hosts: int
    group: str
    bandwidth: int = 0
    vpn: int = 0

    @property
    def public(self) -> bool:
        """Whether people reach it over the Internet."""
        return self.bandwidth > 0

    @property
    def bastion(self) -> int:
        """How many accounts its maintainers have on the bastion host."""
        return 2 + self.hosts // 6


APPROVAL, SUPERVISION, DATA, PUBLIC, OFFICE = (
    "审批与备案类业务",
    "监管与执法类业务",
    "数据与支撑平台",
    "门户与公众服务",
    "协同办公与管理",
)

SYSTEMS = (
    System("药品生产许可审批系统", "ypsc", 8, APPROVAL),
    System("药品经营许可审批系统", "ypjy", 8, APPROVAL),
    System("药品再注册管理系统", "ypzc", 6, APPROVAL),
    System("医疗机构制剂管理系统", "zjgl", 5, APPROVAL),
    System("医疗器械注册管理系统", "qxzc", 10, APPROVAL),
    System("医疗器械生产许可系统", "qxsc", 7, APPROVAL),
    System("医疗器械经营备案系统", "qxba", 7, APPROVAL),
    System("化妆品备案系统", "hzba", 8, APPROVAL),
    System("化妆品生产许可系统", "hzsc", 5, APPROVAL),
    System("执业药师注册系统", "zyys", 4, APPROVAL),
    System("药品零售监管系统", "ypls", 6, SUPERVISION),
    System("特殊药品监管系统", "tsyp", 6, SUPERVISION),
    System("药品追溯协同平台", "ypzs", 12, SUPERVISION, 100),
    System("药品不良反应监测系统", "adrm", 7, SUPERVISION),
    System("医疗器械不良事件监测系统", "mdae", 6, SUPERVISION),
    System("医疗器械唯一标识应用系统", "udix", 6, SUPERVISION),
    System("化妆品抽检管理系统", "hzcj", 5, SUPERVISION),
    System("网络交易监测系统", "wljc", 10, SUPERVISION, 200),
    System("移动执法系统", "ydzf", 12, SUPERVISION, 50, 120),
    System("行政处罚办案系统", "xzcf", 6, SUPERVISION),
    System("稽查案件管理系统", "jcaj", 6, SUPERVISION),
    System("检查员管理系统", "jcyg", 4, SUPERVISION, 0, 60),
    System("日常监督检查系统", "rcjc", 9, SUPERVISION),
    System("抽检监测管理系统", "cjjc", 7, SUPERVISION),
    System("检验检测信息系统", "lims", 12, SUPERVISION),
    System("投诉举报处置系统", "tsjb", 5, SUPERVISION),
    System("信用监管系统", "xyjg", 5, SUPERVISION),
    System("风险监测预警平台", "fxyj", 9, DATA),
    System("企业电子档案系统", "qyda", 6, DATA),
    System("电子证照库", "dzzz", 8, DATA),
    System("政务服务对接平台", "zwfw", 9, DATA, 100),
    System("统一身份认证平台", "tyrz", 6, DATA),
    System("数据共享交换平台", "sjjh", 14, DATA),
    System("数据治理与分析平台", "sjzl", 18, DATA),
    System("地理信息服务平台", "dlxx", 6, DATA),
    System("门户网站", "mhwz", 10, PUBLIC, 300),
    System("公众查询服务系统", "gzcx", 6, PUBLIC, 100),
    System("协同办公系统", "xtbg", 9, OFFICE, 0, 80),
    System("视频会议系统", "sphy", 6, OFFICE, 100),
    System("档案管理系统", "dagl", 5, OFFICE),
)


@dataclass(frozen=True, slots=True)
class Host:
    """A cloud host from the day it was delivered to the day it was taken back."""

    system: System
    name: str
    vcpu: int
    memory: int
    storage: int
    tier: str
    since: date
    until: date | None = None

    def stands(self, day: date) -> bool:
        """Return whether the host is in stock at the end of the day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Growth:
    """Hosts delivered to a system, or its last hosts taken back, on one day."""

    day: date
    stem: str
    hosts: int


GROWTH = (
    Growth(date(2026, 5, 21), "wljc", 2),
    Growth(date(2026, 6, 18), "hzba", 2),
    Growth(date(2026, 7, 16), "zjgl", -1),
    Growth(date(2026, 8, 13), "sjzl", 4),
    Growth(date(2026, 9, 10), "ypzs", 2),
    Growth(date(2026, 9, 17), "dagl", -1),
    Growth(date(2026, 10, 15), "zwfw", 2),
    Growth(date(2026, 11, 12), "fxyj", 3),
    Growth(date(2026, 12, 10), "jcaj", -2),
    Growth(date(2027, 1, 14), "udix", 2),
    Growth(date(2027, 3, 11), "hzcj", -1),
    Growth(date(2027, 3, 25), "mhwz", -2),
)


def system(stem: str) -> System:
    """Return the system of a stem."""
    return next(found for found in SYSTEMS if found.stem == stem)


@cache
def hosts() -> tuple[Host, ...]:
    """Return every host that stood at any time of the year."""
    return tuple(host for found in SYSTEMS for host in _hosts_of(found))


def hosts_on(day: date, of: System | None = None) -> tuple[Host, ...]:
    """Return the hosts in stock at the end of a day, of one system or of all."""
    return tuple(host for host in hosts() if host.stands(day) and of in (None, host.system))


def _hosts_of(owner: System) -> Iterator[Host]:
    draw = draws(f"hosts-{owner.stem}")
    delivered = [_START] * owner.hosts
    taken: list[date] = []
    for growth in GROWTH:
        if growth.stem == owner.stem:
            delivered += [growth.day] * growth.hosts
            taken += [growth.day] * -growth.hosts
    databases = max(1, owner.hosts // 4)
    for number, since in enumerate(delivered, 1):
        database = number <= databases
        vcpu = draw.choice((8, 16, 16, 32) if database else (4, 4, 8, 8, 16))
        position_from_end = len(delivered) - number
        yield Host(
            system=owner,
            name=f"{owner.stem}-{'db' if database else 'app'}-{number:02d}",
            vcpu=vcpu,
            memory=vcpu * (4 if database else draw.choice((2, 2, 4))),
            storage=draw.choice((500, 1000, 2000) if database else (200, 300, 500)),
            tier=FAST if database else LARGE,
            since=since,
            until=taken[position_from_end] if position_from_end < len(taken) else None,
        )


@dataclass(frozen=True, slots=True)
class Block:
    """A block of addresses from the day it was given out to the day it was taken back."""

    text: str
    zone: str
    system: System
    addresses: int
    since: date
    until: date | None = None
    reserved: bool = False

    def stands(self, day: date) -> bool:
        """Return whether the block is given out at the end of the day."""
        return self.since <= day and (self.until is None or day < self.until)


GOVERNMENT, INTERNET = "政务外网区", "互联网区"


@cache
def blocks() -> tuple[Block, ...]:
    """Return every block given out at any time of the year; none is routed on the Internet."""
    inner = [
        Block(f"10.20.{number}.0/{'27' if found.hosts > 11 else '28'}", GOVERNMENT, found,
              32 if found.hosts > 11 else 16, _START)
        for number, found in enumerate(SYSTEMS, 1)
    ]  # fmt: skip
    outer = [
        Block(f"198.51.100.{8 * number}/29", INTERNET, found, 8, _START)
        for number, found in enumerate(found for found in SYSTEMS if found.public)
    ]
    later = [
        Block("10.20.101.0/28", GOVERNMENT, system("sjzl"), 16, date(2026, 8, 13)),
        Block("10.20.102.0/28", GOVERNMENT, system("fxyj"), 16, date(2026, 11, 12)),
        Block("10.20.103.0/29", GOVERNMENT, system("sphy"), 8, _START, date(2026, 12, 10)),
        Block("203.0.113.0/29", INTERNET, system("gzcx"), 8, _START, date(2027, 3, 25)),
        Block("10.20.110.0/28", GOVERNMENT, system("zwfw"), 16, date(2026, 6, 18), reserved=True),
        Block("10.20.111.0/28", GOVERNMENT, system("sjjh"), 16, _START, reserved=True),
    ]
    return (*inner, *outer, *later)


def opening_day(number: int) -> date:
    """Return the day whose closing stock is the opening stock of a quarter."""
    return QUARTERS[number - 2].last if number > 1 else _START
