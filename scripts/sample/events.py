"""Outages and incidents of the year, told once: an incident repeats the outage it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from deliverables.model.operations_sheets import Incident, Outage
from scripts.sample.quarters import ServiceQuarter
from scripts.sample.systems import hosts_on


@dataclass(frozen=True, kw_only=True, slots=True)
class _Interruption:
    """An interruption of the platform; an unplanned one is an incident with a title, too.

    The client consented in writing to planned work, and nobody agreed that it does not count.
    """

    number: str
    started: str
    ended: str
    scope: str
    hosts: int
    cause_kind: str
    cause: str
    action: str
    evidence: str
    incident: str = ""
    title: str = ""
    agreed: str = ""
    taken_up: str = ""
    timeline: str = ""
    prevention: str = ""
    matters: str = ""
    systems: str = ""

    def outage(self) -> Outage:
        began = datetime.fromisoformat(self.started)
        return Outage(
            number=self.number,
            started=began,
            ended=datetime.fromisoformat(self.ended),
            scope=self.scope,
            affected_hosts=self.hosts,
            total_hosts=len(hosts_on(began.date() - timedelta(days=1))),
            cause_kind=self.cause_kind,
            cause=self.cause,
            action=self.action,
            work_agreed=self.agreed,
            systems=self.systems,
            evidence=self.evidence,
        )

    def as_incident(self) -> Incident:
        return Incident(
            number=self.incident,
            grade="未定级",
            started=datetime.fromisoformat(self.started),
            ended=datetime.fromisoformat(self.ended),
            title=self.title,
            impact=f"{self.scope}服务中断，影响 {self.hosts} 台云主机",
            cause=self.cause,
            action=self.action,
            outage=self.number,
            responded=datetime.fromisoformat(self.taken_up),
            cause_kind=self.cause_kind,
            systems=self.scope,
            major=bool(self.timeline),
            timeline=self.timeline,
            prevention=self.prevention,
            matters=self.matters,
            grading="TQ-02" if self.timeline else "",
            evidence=self.evidence,
        )


_INTERRUPTIONS = (
    _Interruption(
        number="ZD-2026-001",
        incident="SJ-2026-001",
        taken_up="2026-06-11 23:55",
        title="汇聚交换机引擎故障",
        started="2026-06-11 23:48",
        ended="2026-06-12 00:31",
        scope="政务外网区二号计算集群",
        hosts=118,
        cause_kind="网络",
        cause="汇聚交换机主引擎板卡故障，备用引擎切换后路由收敛不完整",
        action="人工切换至备用交换机恢复，当晚更换板卡；双引擎切换配置列入整改",
        evidence="故障报告 GZ-2026-001；网络管理平台事件日志",
    ),
    _Interruption(
        number="ZD-2026-002",
        incident="SJ-2026-002",
        taken_up="2026-07-08 14:24",
        title="存储控制器写保护",
        started="2026-07-08 14:20",
        ended="2026-07-08 14:47",
        scope="高性能存储一号池",
        hosts=64,
        cause_kind="硬件",
        cause="存储控制器电池模块失效触发写保护",
        action="切换至对端控制器恢复读写，当日更换电池模块；同批次电池列入更换",
        evidence="故障报告 GZ-2026-002；存储管理平台事件日志",
    ),
    _Interruption(
        number="ZD-2026-003",
        incident="SJ-2026-004",
        taken_up="2026-08-19 09:18",
        title="互联网出口光缆中断",
        started="2026-08-19 09:12",
        ended="2026-08-19 09:58",
        scope="互联网区出口",
        systems=(
            "药品追溯协同平台、网络交易监测系统、移动执法系统、政务服务对接平台、"
            "门户网站、公众查询服务系统、视频会议系统"
        ),
        hosts=42,
        cause_kind="外部",
        cause="运营商主用链路光缆中断，备用链路带宽不足",
        action="调整出口路由并协调运营商抢修；备用链路扩容列入计划",
        evidence="故障报告 GZ-2026-003；运营商故障单",
    ),
    _Interruption(
        number="ZD-2026-004",
        incident="SJ-2026-005",
        taken_up="2026-08-19 09:46",
        title="负载均衡会话表溢出",
        started="2026-08-19 09:41",
        ended="2026-08-19 10:20",
        scope="互联网区负载均衡集群",
        systems="网络交易监测系统、政务服务对接平台、门户网站、公众查询服务系统",
        hosts=36,
        cause_kind="软件",
        cause="出口切换后会话表溢出，负载均衡设备进程重启",
        action="清理会话表并重启进程恢复；升级设备软件版本",
        evidence="故障报告 GZ-2026-004；负载均衡设备日志",
    ),
    _Interruption(
        number="ZD-2026-005",
        started="2026-09-12 00:30",
        ended="2026-09-12 03:30",
        scope="政务外网区一号计算集群",
        hosts=96,
        cause_kind="计划维护",
        cause="虚拟化平台版本升级",
        agreed="《关于同意9月12日计划维护的复函》（2026-09-08）",
        action="按变更方案 BG2026091201 实施并验证；以后的同类升级改为逐节点滚动迁移",
        evidence="变更申请单 BG2026091201（甲方确认件）",
    ),
    _Interruption(
        number="ZD-2026-006",
        incident="SJ-2026-007",
        taken_up="2026-10-14 02:41",
        title="存储元数据服务切换超时",
        started="2026-10-14 02:35",
        ended="2026-10-14 02:54",
        scope="容量型存储二号池",
        hosts=51,
        cause_kind="软件",
        cause="存储元数据服务主备切换超时",
        action="人工完成主备切换；调整心跳超时参数并验证",
        evidence="故障报告 GZ-2026-006；存储管理平台事件日志",
    ),
    _Interruption(
        number="ZD-2026-007",
        incident="SJ-2026-008",
        taken_up="2026-11-24 10:09",
        title="机房单路供电中断",
        started="2026-11-24 10:06",
        ended="2026-11-24 11:52",
        scope="政务外网区二号计算集群",
        hosts=124,
        cause_kind="电力",
        cause="机房 B 路 UPS 旁路开关故障，单电源设备掉电",
        action="转由 A 路供电并逐台恢复，当日更换旁路开关；单电源设备加装静态切换装置列入整改",
        timeline="10:06 动力环境监控告警，B 路输出中断；10:09 值班人员到场确认，通知甲方联系人；"
        "10:31 确认旁路开关故障，决定转由 A 路供电；11:05 计算节点完成上电自检；"
        "11:20 存储池进入重构保护，另行处置（SJ-2026-009）；"
        "11:52 除该存储池上的云主机外全部恢复，业务系统服务商确认可用",
        matters="WT-10",
        prevention="单电源设备加装静态切换装置；旁路开关每季度做一次切换试验；备件常备两套",
        evidence="故障报告 GZ-2026-007；动力环境监控日志",
    ),
    _Interruption(
        number="ZD-2026-008",
        incident="SJ-2026-009",
        taken_up="2026-11-24 11:24",
        title="存储池重构保护",
        started="2026-11-24 11:20",
        ended="2026-11-24 12:14",
        scope="高性能存储一号池",
        hosts=73,
        cause_kind="硬件",
        cause="掉电恢复后两块硬盘同时离线，存储池进入重构保护",
        action="更换硬盘并完成重构，逐卷校验一致性后恢复业务",
        evidence="故障报告 GZ-2026-008；存储管理平台校验报告",
    ),
    _Interruption(
        number="ZD-2026-009",
        started="2026-12-19 23:00",
        ended="2026-12-20 02:00",
        scope="核心交换区",
        hosts=88,
        cause_kind="计划维护",
        cause="核心交换机软件升级及双机切换验证",
        agreed="《关于同意12月19日计划维护的复函》（2026-12-15）",
        action="按变更方案 BG2026121901 实施并验证；以后的网络维护分段实施，缩短单次停机时间",
        evidence="变更申请单 BG2026121901（甲方确认件）",
    ),
    _Interruption(
        number="ZD-2027-001",
        incident="SJ-2027-001",
        taken_up="2027-01-09 20:21",
        title="防火墙策略下发错误",
        started="2027-01-09 20:15",
        ended="2027-01-09 20:58",
        scope="政务外网区防火墙",
        hosts=109,
        cause_kind="人为",
        cause="策略下发顺序错误，访问控制策略短时失效",
        action="回退策略恢复；策略变更改为双人复核并先在备机验证",
        evidence="故障报告 GZ-2027-001；防火墙操作审计日志",
    ),
    _Interruption(
        number="ZD-2027-002",
        started="2027-03-20 00:00",
        ended="2027-03-20 02:00",
        scope="政务外网区二号计算集群",
        hosts=92,
        cause_kind="计划维护",
        cause="UPS 切换装置加装后的带载验证",
        agreed="《关于同意3月20日计划维护的复函》（2027-03-16）",
        action="按变更方案 BG2027032001 分段实施并验证",
        evidence="变更申请单 BG2027032001（甲方确认件）",
    ),
)


def outages(quarter: ServiceQuarter) -> list[Outage]:
    """Return the outages that began in the quarter."""
    rows = [found.outage() for found in _INTERRUPTIONS]
    return [row for row in rows if quarter.first <= row.started.date() <= quarter.last]


def incidents(quarter: ServiceQuarter) -> list[Incident]:
    """Return the incidents of the quarter: one for each unplanned outage, and the lesser ones."""
    rows = [found.as_incident() for found in _INTERRUPTIONS if found.incident]
    found = [
        row for row in (*rows, *_LESSER) if quarter.first <= row.started.date() <= quarter.last
    ]
    return sorted(found, key=lambda row: row.started)


_LESSER = (
    Incident(
        number="SJ-2026-003",
        grade="未定级",
        started=datetime.fromisoformat("2026-07-21 16:05"),
        ended=datetime.fromisoformat("2026-07-21 16:32"),
        title="单台物理机内存故障",
        impact="9 台云主机由高可用机制在其他物理机上重新启动，平台未中断",
        cause="物理机内存条可纠正错误超限后宕机",
        action="更换内存条；同批次内存条纳入重点监测",
        responded=datetime.fromisoformat("2026-07-21 16:09"),
        cause_kind="硬件",
        systems="计算节点",
        major=False,
        evidence="事件报告 SJ-2026-003",
    ),
    Incident(
        number="SJ-2026-006",
        grade="未定级",
        started=datetime.fromisoformat("2026-09-24 11:18"),
        ended=datetime.fromisoformat("2026-09-24 12:06"),
        title="备份任务集中失败",
        impact="当日日间增量备份延后完成，业务未受影响",
        cause="备份服务器磁盘空间不足",
        action="清理过期副本并扩容；增加空间预警",
        responded=datetime.fromisoformat("2026-09-24 11:30"),
        cause_kind="软件",
        systems="备份服务器",
        major=False,
        evidence="事件报告 SJ-2026-006",
    ),
    Incident(
        number="SJ-2026-010",
        grade="未定级",
        started=datetime.fromisoformat("2026-12-28 08:42"),
        ended=datetime.fromisoformat("2026-12-28 09:25"),
        title="云管平台登录缓慢",
        impact="管理员登录云管平台响应变慢，业务系统未受影响",
        cause="云管平台日志表过大",
        action="归档历史日志并建立定期清理任务",
        responded=datetime.fromisoformat("2026-12-28 08:50"),
        cause_kind="软件",
        systems="云管平台",
        major=False,
        evidence="事件报告 SJ-2026-010",
    ),
)
