"""Drills, watches over important events, problems, plans and requests to the client."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from deliverables.model.operations_sheets import Drill, Issue
from scripts.sample.quarters import ServiceQuarter


def _exercise(  # noqa: PLR0917  # in the order of the columns
    name: str, day: date, people: int, conclusion: str, improvement: str = "", matters: str = ""
) -> Drill:
    return Drill(
        kind="应急演练",
        name=name,
        first_day=day,
        last_day=day,
        duty=Decimal(people),
        conclusion=conclusion,
        improvement=improvement,
        matters=matters,
        evidence="演练方案及总结",
    )


def _watch(  # noqa: PLR0917  # in the order of the columns
    name: str, first: date, last: date, people: int, improvement: str = "", matters: str = ""
) -> Drill:
    return Drill(
        kind="重大活动保障",
        name=name,
        first_day=first,
        last_day=last,
        duty=Decimal(people * ((last - first).days + 1)),
        conclusion="平台运行平稳，未发生需上报的事件",
        improvement=improvement,
        matters=matters,
        evidence="值守安排表及值守日志",
    )


_DRILLS = (
    _exercise("互联网出口链路中断切换演练", date(2026, 9, 16), 6,
              "切换过程符合预案，业务访问未中断", "切换通知名单缺少业务系统服务商联系人", "WT-08"),
    _watch("国庆节保障", date(2026, 10, 1), date(2026, 10, 8), 4),
    _exercise("机房单路供电中断演练", date(2026, 12, 22), 9,
              "双电源设备由 A 路接续供电，业务未中断",
              "单电源设备尚无切换装置，未纳入断电范围，加装后另行带载验证", "WT-10、JH-08"),
    _watch("元旦保障", date(2026, 12, 31), date(2027, 1, 3), 3),
    _watch("春节保障", date(2027, 2, 5), date(2027, 2, 13), 4),
    _watch("全国两会保障", date(2027, 3, 2), date(2027, 3, 12), 5,
           "夜间值守交接单没有策略变更核对项", "WT-18"),
    _exercise("存储池故障数据恢复演练", date(2027, 4, 8), 8,
              "恢复数据经业务系统服务商核对一致"),
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


_PAPERS = {"问题": "问题跟踪表", "计划": "工作计划表", "提请甲方": "提请事项登记表"}
"""Where a matter is kept while it is open."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Matter:
    """A matter over the whole term: raised in a quarter, closed on a day with an outcome.

    `proof` shows its end. `words` say of an open one, by the number of the quarter, why it still
    is.
    """

    kind: str
    subject: str
    action: str
    due: date
    article: str = ""
    closed: date | None = None
    outcome: str = ""
    proof: str = ""
    level: str | None = None
    words: Mapping[int, str] = field(default_factory=dict)


_NEVER = ("", "", "")
"""The end of a matter that is open to the last."""


def _problem(  # in the order of the columns
    subject: str,
    action: str,
    due: str,
    end: tuple[str, str, str],
    *,
    level: str | None = None,
    words: Mapping[int, str] | None = None,
) -> _Matter:
    closed, outcome, proof = end
    return _Matter(
        kind="问题", subject=subject, action=action, due=date.fromisoformat(due),
        closed=_day(closed), outcome=outcome, proof=proof, level=level, words=words or {},
    )  # fmt: skip


def _plan(subject: str, action: str, due: str, end: tuple[str, str, str]) -> _Matter:
    closed, outcome, proof = end
    return _Matter(
        kind="计划", subject=subject, action=action, due=date.fromisoformat(due),
        closed=_day(closed), outcome=outcome, proof=proof,
    )  # fmt: skip


def _request(  # noqa: PLR0917  # in the order of the columns
    subject: str,
    action: str,
    article: str,
    due: str,
    end: tuple[str, str, str],
    words: Mapping[int, str] | None = None,
) -> _Matter:
    closed, outcome, proof = end
    return _Matter(
        kind="提请甲方", subject=subject, action=action, article=article,
        due=date.fromisoformat(due), closed=_day(closed), outcome=outcome, proof=proof,
        words=words or {},
    )  # fmt: skip


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


_MATTERS = {
    1: (
        _problem("汇聚交换机双引擎切换配置不完整", "修正配置并完成切换验证", "2026-08-31",
                 ("2026-08-27", "配置已修正，双引擎切换验证通过", "切换验证记录")),
        _problem("同批次存储控制器电池临近寿命", "完成全部控制器电池更换", "2026-09-30",
                 ("2026-09-24", "同批次电池全部更换", "部件更换记录")),
        _problem("机房巡检工程师一名尚未签署保密协议", "签署前不开通权限、不接触甲方信息，限期补签",
                 "2026-09-30", _NEVER,
                 words={2: "协议原件尚未寄回，10月20日书面催办",
                        3: "协议原件尚未寄回，1月20日再次书面催办",
                        4: "协议原件仍未寄回，已报公司人力资源部门督办"}),
        _plan("互联网出口链路中断切换演练", "编制演练方案并报甲方确认", "2026-09-30",
              ("2026-09-16", "演练完成，切换符合预案", "演练记录")),
        _plan("虚拟化平台版本升级", "在夜间维护窗口实施，停机时间提前通知", "2026-09-30",
              ("2026-09-12", "升级完成，停机180分钟，计入可用性", "变更记录单 BG2026091201")),
        _plan("国庆节重大活动保障预案", "会同甲方修订预案和值守名单", "2026-09-20",
              ("2026-09-18", "预案和值守名单已定", "国庆节保障方案、值守表")),
        _plan("堡垒机软件升级重新实施", "厂商解决动态口令兼容问题后再升级", "2026-10-31",
              ("2026-10-13", "以厂商修复版本升级成功", "变更记录单 BG2026101301")),
        _request("确认服务期起止和四个服务季度的划分", "书面确认后作为报告依据", "第五条",
                 "2026-08-31", _NEVER,
                 {2: "8月6日例会已再次提请，甲方尚未书面答复",
                  3: "甲方尚未书面答复，继续按合同签订日划分",
                  4: "甲方尚未书面答复，四个季度均按合同签订日划分"}),
        _request("提供附件一明细清单和事件分级标准", "用于核对资源合同量和事件定级", "第二条",
                 "2026-08-31", _NEVER,
                 {2: "8月6日例会已再次提请，甲方尚未提供",
                  3: "甲方尚未提供，事件暂不定级",
                  4: "甲方在2月3日例会上同意3月31日前提供，尚未收到"}),
    ),
    2: (
        _problem("第二季度平台可用性未达到合同要求",
                 "平台升级改为逐节点滚动迁移，不再整集群停机；维护方案写明预计计入可用性的分钟数",
                 "2026-12-15",
                 ("2026-12-11", "滚动迁移方案经测试环境验证，已列入变更管理办法", "测试验证记录"),
                 level="可用性"),
        _problem("互联网备用链路带宽不足", "完成备用链路扩容并做满载切换测试", "2026-12-31",
                 ("2026-12-22", "扩容完成，满载切换测试通过", "链路测试记录"), level="可用性"),
        _problem("负载均衡设备软件版本缺陷", "升级软件并调整会话表上限", "2026-08-31",
                 ("2026-08-19", "软件已升级，会话表上限已调整", "变更记录单 BG2026081901"),
                 level="可用性"),
        _problem("部分云主机长期低负载", "与业务系统服务商核对后提出缩减建议", "2026-12-31",
                 ("2026-12-25", "核对完毕，缩减建议已提交甲方，由使用部门决定退还", "建议签收单")),
        _problem("切换通知名单缺少业务系统服务商联系人", "国庆节保障前补齐", "2026-09-30",
                 ("2026-09-25", "名单已补齐，国庆节保障按新名单执行", "应急联系人名单")),
        _plan("机房单路供电中断演练", "编制演练方案并报甲方确认", "2026-12-31",
              ("2026-12-22", "演练完成，双电源设备切换正常", "演练方案及总结")),
        _plan("核心交换机软件升级", "在夜间维护窗口实施并验证双机切换", "2026-12-31",
              ("2026-12-20", "升级完成，停机180分钟，计入可用性", "变更记录单 BG2026121901")),
        _plan("配合中期验收", "整理两个季度报告及佐证材料", "2026-11-16",
              ("2026-11-16", "材料齐备，中期验收通过", "中期验收意见")),
        _request("组织中期验收", "确认验收程序和材料清单", "第三条第6款", "2026-11-16",
                 ("2026-11-16", "中期验收通过", "中期验收意见")),
        _request("书面明确计划维护是否计入可用性", "合同未约定免责情形，答复前全部计入",
                 "第三条第3款", "2026-12-31",
                 ("2027-05-20", "协商纪要明确：本合同内的计划维护全部计入", "协商纪要"),
                 {3: "甲方仍在研究，答复前全部计入",
                  4: "并入可用性未达标事宜一并协商，答复前全部计入"}),
    ),
    3: (
        _problem("第三季度平台可用性未达到合同要求",
                 "完成供电与防火墙整改；网络维护分段实施，缩短单次停机时间", "2027-04-15",
                 ("2027-04-14", "供电与防火墙整改完成，网络维护分段方案已列入变更管理办法",
                  "整改复核记录"),
                 level="可用性"),
        _problem("单电源设备缺少静态切换装置", "加装切换装置并带载验证", "2027-03-31",
                 ("2027-03-20", "加装完成，带载验证通过", "变更记录单 BG2027032001"),
                 level="可用性"),
        _problem("防火墙策略变更缺少双人复核", "修订变更流程并完成培训", "2027-01-29",
                 ("2027-01-21", "变更流程已修订，相关人员培训完毕", "培训签到表"),
                 level="可用性"),
        _problem("项目助理一名尚未签署保密协议", "签署前不开通权限、不接触甲方信息，限期补签",
                 "2027-02-26", _NEVER, words={4: "甲方尚未确认保密范围，确认后即签署"}),
        _problem("机房门禁记录分散保存", "归集到监控中心统一保存", "2026-12-31",
                 ("2026-12-29", "门禁记录已全部归集，统一保存", "整改记录")),
        _problem("审计日志留存空间不足", "扩容审计日志存储", "2027-02-26",
                 ("2027-02-19", "扩容设备安装完毕，已投入使用", "设备安装验收单")),
        _plan("UPS 切换装置加装后的带载验证", "在夜间维护窗口分段实施", "2027-03-31",
              ("2027-03-20", "验证完成，停机120分钟，计入可用性", "变更记录单 BG2027032001")),
        _plan("春节与全国两会重大活动保障", "会同甲方确认值守名单和现场到岗要求", "2027-03-12",
              ("2027-03-12", "两项保障完成，两会期间夜间双人值守，平台运行平稳", "值守日志")),
        _request("就第二、第三季度可用性未达标事宜组织协商", "双方形成协商纪要", "第十二条第4款",
                 "2027-05-31", ("2027-05-20", "已形成协商纪要", "协商纪要")),
        _request("协调业务系统服务商安排重启窗口", "每月提供一次维护窗口", "第七条第3款",
                 "2027-02-26",
                 ("2027-02-20", "自2027年2月起每月提供一次维护窗口", "维护窗口安排表")),
    ),
    4: (
        _problem("供电与防火墙整改效果复核", "逐项复核整改效果并归档", "2027-04-15",
                 ("2027-04-14", "切换装置、旁路开关和双人复核逐项复核通过", "整改复核记录")),
        _problem("一块存储硬盘预警未更换", "备件到货后更换", "2027-05-14",
                 ("2027-05-11", "硬盘已更换，存储池重构完成", "部件更换记录")),
        _problem("满意度调查两份问卷不满意", "逐户回访，改进工单进度告知", "2027-05-14",
                 ("2027-05-10", "两户均已回访，超过承诺时限的工单主动告知进度", "回访记录")),
        _problem("夜间值守交接单没有策略变更核对项", "修订交接单并启用", "2027-03-31",
                 ("2027-03-15", "交接单已增加核对项并启用", "值守交接单")),
        _plan("提交验收材料并通知甲方验收", "季度报告和年度项目总结报告一并提交", "2027-05-06",
              ("2027-05-06", "验收材料提交，验收通知送达", "验收通知签收回执")),
        _plan("服务期满后的迁移切换", "方案已送达，按甲方书面决定实施", "2027-05-31", _NEVER),
        _plan("防火墙策略变更提前一个工作日告知甲方", "写入变更管理办法", "2027-02-10",
              ("2027-02-09", "变更管理办法已修订，2月18日的策略变更起执行", "变更管理办法修订稿")),
        _plan("附件一取得前每月报送监控报告", "内容和格式不变", "2027-03-05",
              ("2027-03-04", "2月监控报告已报送，以后逐月报送", "监控报告签收记录")),
        _request("组织最终验收", "确认验收时间和参加人员", "第三条第6款", "2027-05-13",
                 ("2027-05-12", "最终验收通过", "最终验收意见")),
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
    return raised != quarter.number and one.closed is not None and one.closed < quarter.first


def _row(number: str, one: _Matter, quarter: ServiceQuarter) -> Issue:
    """Return what the workbook of a quarter says; its last one also what was closed after it."""
    known = quarter.last if quarter.number < _LAST else date.max
    closed = one.closed if one.closed and one.closed <= known else None
    over = closed is not None and closed <= quarter.last
    return Issue(
        number=number,
        kind=one.kind,
        subject=one.subject,
        action=one.action,
        article=one.article,
        owner="甲方" if one.kind == "提请甲方" else "乙方",
        due=one.due,
        state=_DONE if over else _OPEN if one.kind == "计划" else _UNDER_WAY,
        closed=closed,
        outcome=one.outcome if closed else one.words.get(quarter.number, ""),
        level=one.level,
        evidence=one.proof if closed else _PAPERS[one.kind],
    )
